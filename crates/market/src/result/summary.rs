//! Who runs short of what, at which price, for how long.

use std::collections::BTreeMap;

use super::RunResult;

/// A place is short of a product in a quarter when it gets at least this share less than wanted.
pub const SHORT_FROM: f64 = 0.05;

/// One shortage: a product in a place over the quarters it lasts.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// Place id.
    pub place: String,
    /// Product name.
    pub product: String,
    /// First quarter short.
    pub from: String,
    /// Last quarter short.
    pub until: String,
    /// Quarters short within the run.
    pub quarters: usize,
    /// Whether the last simulated quarter is still short.
    pub lasting: bool,
    /// Deepest shortfall against what users wanted, share.
    pub deepest: f64,
    /// Quarter of the deepest shortfall.
    pub deepest_quarter: String,
    /// Shortfall summed over the run, in the product's unit.
    pub tonnes_short: f64,
    /// Highest spot price, USD/kg.
    pub peak_usd_per_kg: f64,
    /// Quarter of the highest spot price.
    pub peak_quarter: String,
    /// Highest spot price over the base price.
    pub peak_multiple: f64,
    /// Loss of users' surplus over the run, thousand USD.
    pub surplus_loss_kusd: f64,
    /// Worst confidence behind the demand.
    pub confidence: String,
}

/// Sums over the whole run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Headline {
    /// Loss of users' surplus, thousand USD.
    pub surplus_loss_kusd: f64,
    /// The same by place, largest first.
    pub by_place: Vec<(String, f64)>,
}

/// All shortages of a run, the dearest for its users first.
#[must_use]
pub fn shortages(result: &RunResult) -> Vec<Shortage> {
    let mut groups: BTreeMap<(String, String), BTreeMap<usize, Sum>> = BTreeMap::new();
    for row in &result.uses {
        let Some(q) = result.quarters.iter().position(|q| *q == row.quarter) else {
            continue;
        };
        let sum = groups
            .entry((row.place.clone(), row.product.clone()))
            .or_default()
            .entry(q)
            .or_default();
        sum.wanted += row.wanted;
        sum.used += row.used;
        sum.loss += row.surplus_loss_kusd;
        sum.price = row.spot_usd_per_kg;
        if row.confidence > sum.confidence {
            sum.confidence.clone_from(&row.confidence);
        }
    }
    let base: BTreeMap<(&str, &str), f64> = result
        .prices
        .iter()
        .map(|p| ((p.place.as_str(), p.product.as_str()), p.base_usd_per_kg))
        .collect();
    let mut found: Vec<Shortage> = groups
        .into_iter()
        .filter_map(|((place, product), quarters)| {
            let base_price = base.get(&(place.as_str(), product.as_str())).copied()?;
            shortage(result, place, product, &quarters, base_price)
        })
        .collect();
    found.sort_by(|a, b| b.surplus_loss_kusd.total_cmp(&a.surplus_loss_kusd));
    found
}

#[derive(Default)]
struct Sum {
    wanted: f64,
    used: f64,
    loss: f64,
    price: f64,
    confidence: String,
}

impl Sum {
    fn shortfall(&self) -> f64 {
        if self.wanted > 0.0 {
            1.0 - self.used / self.wanted
        } else {
            0.0
        }
    }
}

fn shortage(
    result: &RunResult,
    place: String,
    product: String,
    quarters: &BTreeMap<usize, Sum>,
    base_price: f64,
) -> Option<Shortage> {
    let short: Vec<usize> = quarters
        .iter()
        .filter(|(_, s)| s.shortfall() >= SHORT_FROM)
        .map(|(q, _)| *q)
        .collect();
    let (first, last) = (*short.first()?, *short.last()?);
    let name = |q: usize| result.quarters[q].clone();
    let by = |value: fn(&Sum) -> f64| quarters.iter().max_by(|a, b| value(a.1).total_cmp(&value(b.1)));
    let (deepest_at, deepest) = by(Sum::shortfall)?;
    let (peak_at, peak) = by(|s| s.price)?;
    Some(Shortage {
        from: name(first),
        until: name(last),
        quarters: short.len(),
        lasting: last + 1 == result.quarters.len(),
        deepest: deepest.shortfall(),
        deepest_quarter: name(*deepest_at),
        tonnes_short: quarters.values().map(|s| (s.wanted - s.used).max(0.0)).sum(),
        peak_usd_per_kg: peak.price,
        peak_quarter: name(*peak_at),
        peak_multiple: peak.price / base_price,
        surplus_loss_kusd: quarters.values().map(|s| s.loss).sum(),
        confidence: quarters
            .values()
            .map(|s| s.confidence.clone())
            .max()
            .unwrap_or_default(),
        place,
        product,
    })
}

impl Headline {
    /// Sums the users' losses of a run.
    #[must_use]
    pub fn of(result: &RunResult) -> Self {
        let mut by_place: BTreeMap<&str, f64> = BTreeMap::new();
        for row in result.uses.iter().filter(|r| r.quarter != "base") {
            *by_place.entry(&row.place).or_default() += row.surplus_loss_kusd;
        }
        let mut by_place: Vec<(String, f64)> = by_place.into_iter().map(|(p, l)| (p.to_owned(), l)).collect();
        by_place.sort_by(|a, b| b.1.total_cmp(&a.1));
        Self {
            surplus_loss_kusd: by_place.iter().map(|(_, l)| l).sum(),
            by_place,
        }
    }
}
