//! What covers a shortfall, the cheapest first: one merit order over all products.
//!
//! Products differ a thousandfold in price, so steps are ordered by what they cost per dollar of material, at base-year
//! prices, that they cover: a step at 0.3 costs thirty cents per dollar covered. A stock costs its price, the mark-up paid
//! while buying, and storage. What it fetches when it is released is not taken off.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::{Dataset, Element};

use super::conflict::Conflict;
use super::ground::Ground;
use super::numbers::Numbers;
use super::shortfall::{Need, Shortfall, dearness};

/// Steps smaller than this are left out, in the product's unit.
const NOTHING: f64 = 1e-6;
/// Of everybody else's reliable supply, a side counts as reliable from this share of access on.
const RELIABLE: f64 = 0.5;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Keeping at home what is exported.
    KeepExports,
    /// Buying what reliable suppliers sell to others.
    ExtraBuy,
    /// Qualifying a supplier.
    Qualify,
    /// Doing without.
    Substitute,
    /// Collecting magnets at the end of their life.
    Recycle,
    /// A stock.
    Stock,
}

impl Measure {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeepExports => "keep exports",
            Self::ExtraBuy => "buy more abroad",
            Self::Qualify => "qualify a supplier",
            Self::Substitute => "substitute",
            Self::Recycle => "recycle magnets",
            Self::Stock => "stock",
        }
    }
}

/// One step of the merit order.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Step {
    /// What is done.
    pub measure: Measure,
    /// With whom or what.
    pub what: String,
    /// For which product.
    pub product: String,
    /// Unit of tonnes.
    pub unit: &'static str,
    /// What it could give over the emergency at most.
    pub available: f64,
    /// What it covers, after the steps before it.
    pub covers: f64,
    /// What it costs, USD per kilogram covered.
    pub usd_per_kg: f64,
    /// The same as a multiple of the base-year price.
    pub per_dollar: f64,
    /// What it costs in all, million USD.
    pub cost_musd: f64,
}

/// An option before it is known how much of it is needed.
struct Offer {
    measure: Measure,
    what: String,
    need: usize,
    by_year: Vec<f64>,
    per_dollar: f64,
}

/// The merit order that covers a shortfall at the best guesses of the conflict, the cheapest step first. Steps that cover
/// nothing, because what they would cover is covered by then, are left out.
#[must_use]
pub fn merit_order(dataset: &Dataset, ground: &Ground, conflict: &Conflict, shortfall: &Shortfall) -> Vec<Step> {
    let numbers = conflict.central();
    let mut offers = Vec::new();
    let left: Vec<Vec<f64>> = (0..conflict.years)
        .map(|year| ground.left(conflict, &numbers, year))
        .collect();
    for (at, need) in shortfall.needs.iter().enumerate() {
        if need.short <= NOTHING || need.price_usd_per_kg.is_none() {
            continue;
        }
        flows(ground, conflict, &numbers, &left, at, need, &mut offers);
        qualified(conflict, at, need, &mut offers);
        substitutes(dataset, ground, conflict, at, need, &mut offers);
        recycled(conflict, at, need, &mut offers);
        offers.push(Offer {
            measure: Measure::Stock,
            what: "bought beforehand".to_owned(),
            need: at,
            by_year: need.years.iter().map(super::shortfall::YearNeed::total_short).collect(),
            per_dollar: dearness(conflict, &numbers),
        });
    }
    // Equal ones in the order of what they are, so that the same thing done for several products stands together.
    offers.sort_by(|a, b| {
        (a.per_dollar.total_cmp(&b.per_dollar))
            .then(a.measure.cmp(&b.measure))
            .then_with(|| a.what.cmp(&b.what))
            .then(a.need.cmp(&b.need))
    });
    take(offers, &shortfall.needs)
}

/// Takes offers in order, each as far as something is still short in the years it can help.
fn take(offers: Vec<Offer>, needs: &[Need]) -> Vec<Step> {
    let mut missing: Vec<Vec<f64>> = (needs.iter())
        .map(|need| need.years.iter().map(super::shortfall::YearNeed::total_short).collect())
        .collect();
    let mut steps = Vec::new();
    for offer in offers {
        let (Some(need), Some(missing)) = (needs.get(offer.need), missing.get_mut(offer.need)) else {
            continue;
        };
        let mut covers = 0.0;
        for (short, gives) in missing.iter_mut().zip(&offer.by_year) {
            let taken = short.min(*gives);
            *short -= taken;
            covers += taken;
        }
        if covers <= NOTHING {
            continue;
        }
        let price = need.price_usd_per_kg.unwrap_or_default();
        steps.push(Step {
            measure: offer.measure,
            what: offer.what,
            product: need.product.clone(),
            unit: need.unit,
            available: offer.by_year.iter().sum(),
            covers,
            usd_per_kg: offer.per_dollar * price,
            per_dollar: offer.per_dollar,
            cost_musd: covers * offer.per_dollar * price / 1e3,
        });
    }
    steps
}

/// Exports kept at home, and what reliable places use themselves.
fn flows(
    ground: &Ground,
    conflict: &Conflict,
    numbers: &Numbers,
    left: &[Vec<f64>],
    at: usize,
    need: &Need,
    offers: &mut Vec<Offer>,
) {
    if let Some(keep) = &conflict.options.keep_exports {
        let by_year = (left.iter())
            .map(|left| keep.share.central * ground.network.exports(need.of, ground.place, left))
            .collect();
        offers.push(Offer {
            measure: Measure::KeepExports,
            what: "own exports".to_owned(),
            need: at,
            by_year,
            per_dollar: keep.premium.central,
        });
    }
    if let Some(extra) = &conflict.options.extra_buy {
        let by_year = (left.iter().enumerate())
            .map(|(year, left)| extra.share.central * others(ground, numbers, need.of, left, year))
            .collect();
        offers.push(Offer {
            measure: Measure::ExtraBuy,
            what: "reliable suppliers' other buyers".to_owned(),
            need: at,
            by_year,
            per_dollar: extra.premium.central,
        });
    }
}

/// What other reliable places use of a product in a year of the emergency.
fn others(ground: &Ground, numbers: &Numbers, product: Product, left: &[f64], year: usize) -> f64 {
    let mut used: BTreeMap<usize, f64> = BTreeMap::new();
    for row in ground.base.uses.iter().filter(|row| row.product == product) {
        *used.entry(row.place.index()).or_default() += row.quantity;
    }
    used.into_iter()
        .filter(|(place, _)| *place != ground.place.index())
        .filter(|(place, _)| {
            let row = ground.supplier.get(*place).copied().flatten();
            let access = row.and_then(|row| numbers.suppliers.get(row)?.access.get(year).copied());
            access.is_none_or(|access| access >= RELIABLE)
        })
        .map(|(place, used)| {
            let there = ground
                .network
                .node_at(product, place)
                .and_then(|node| left.get(node).copied());
            used * there.unwrap_or(1.0)
        })
        .sum()
}

fn qualified(conflict: &Conflict, at: usize, need: &Need, offers: &mut Vec<Offer>) {
    for row in conflict
        .options
        .qualify
        .iter()
        .filter(|row| row.product == need.product)
    {
        offers.push(Offer {
            measure: Measure::Qualify,
            what: row.what.clone(),
            need: at,
            by_year: from_year(conflict, row.lead_years, row.t_per_year.central),
            per_dollar: row.premium.central,
        });
    }
}

/// Nothing in the first years, then the same in every year.
fn from_year(conflict: &Conflict, lead: usize, tonnes: f64) -> Vec<f64> {
    (0..conflict.years)
        .map(|year| if year >= lead { tonnes } else { 0.0 })
        .collect()
}

/// Ways of doing without the product, from the evidence on substitutes. One that saves only some of the elements that make
/// a magnet leaves the magnet needed, and does not count.
fn substitutes(
    dataset: &Dataset,
    ground: &Ground,
    conflict: &Conflict,
    at: usize,
    need: &Need,
    offers: &mut Vec<Offer>,
) {
    let Some(part) = &conflict.options.substitution else {
        return;
    };
    let main: Vec<Element> = match need.of {
        Product::Magnet(_) => {
            let largest = need.content.iter().map(|(_, content)| *content).fold(0.0, f64::max);
            (need.content.iter())
                .filter(|(_, content)| *content > 0.5 * largest)
                .map(|(element, _)| *element)
                .collect()
        }
        _ => need.element.into_iter().collect(),
    };
    for row in &dataset.substitutes {
        let saves_all = main
            .iter()
            .all(|element| row.elements.iter().any(|saved| saved.elements().contains(element)));
        let used: f64 = (ground.uses.iter())
            .filter(|one| one.product == need.of && one.end_use == row.end_use)
            .map(|one| one.quantity)
            .sum();
        if main.is_empty() || !saves_all || used <= 0.0 {
            continue;
        }
        // Only civilian users change in time: arms are requalified over longer than an emergency.
        let defence = (conflict.defence.iter().find(|one| row.end_use == one.end_use.as_str()))
            .map_or(0.0, |one| one.share.central);
        let civilian = used / need.base_use * (1.0 - defence) * row.saves.0;
        let by_year = (need.years.iter().enumerate())
            .map(|(year, one)| {
                let in_use = f64::from(u16::try_from(year).unwrap_or(u16::MAX)) >= row.years;
                let [_, _, required] = one.required;
                if in_use { civilian * required } else { 0.0 }
            })
            .collect();
        offers.push(Offer {
            measure: Measure::Substitute,
            what: format!("{}: {}", row.end_use, row.substitute),
            need: at,
            by_year,
            per_dollar: (row.cost.unwrap_or_default() * part.central).max(0.0),
        });
    }
}

fn recycled(conflict: &Conflict, at: usize, need: &Need, offers: &mut Vec<Offer>) {
    let (Some(row), Some(price)) = (&conflict.options.recycling, need.price_usd_per_kg) else {
        return;
    };
    if matches!(need.of, Product::Magnet(_)) {
        offers.push(Offer {
            measure: Measure::Recycle,
            what: "magnets of old products".to_owned(),
            need: at,
            by_year: from_year(conflict, row.lead_years, row.share.central * need.base_use),
            per_dollar: row.usd_per_kg.central / price,
        });
    }
}
