//! Who is short of a product in a place, since when and why.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::result::shortages;

use super::numbers::{amount, counted, list, money, percent};
use super::price::PriceExplanation;
use super::tables::{At, unit};
use super::use_side::SinkKind;
use super::{ExplainError, Tables, ask, sentences};

/// Most products that a shortage is followed through.
const THROUGH: usize = 3;

/// A shortage explained. [`ShortageExplanation::to_text`] puts it in sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShortageExplanation {
    /// Product name.
    pub product: String,
    /// Place id.
    pub place: String,
    /// First and last quarter short; `None` where users here are never short of it.
    pub span: Option<(String, String)>,
    /// Whether the last simulated quarter is still short.
    pub lasting: bool,
    /// Every quarter from the first short one to the last.
    pub quarters: Vec<QuarterShort>,
    /// Shortfall summed over the run, in the product's unit.
    pub tonnes_short: f64,
    /// Loss of users' surplus over the run, thousand USD.
    pub surplus_loss_kusd: f64,
    /// End uses, the hardest hit first.
    pub end_uses: Vec<EndUseShortage>,
    /// The price in the deepest quarter; in the dearest one where nobody here uses the product itself.
    pub price: PriceExplanation,
    /// Products made from it here whose users here are short.
    pub through: Vec<ThroughProduct>,
    /// What changed when it ended, in words.
    pub ended_by: Option<String>,
}

/// A quarter of a shortage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuarterShort {
    /// Quarter.
    pub quarter: String,
    /// Share of what was wanted that users do without.
    pub shortfall: f64,
    /// Price, USD/kg.
    pub spot_usd_per_kg: f64,
}

/// An end use over the whole run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EndUseShortage {
    /// End use id.
    pub end_use: String,
    /// Wanted and not used, in the product's unit.
    pub tonnes_short: f64,
    /// The same as a share of what was wanted.
    pub share: f64,
    /// Loss of surplus, thousand USD.
    pub surplus_loss_kusd: f64,
}

/// A shortage of something that is made from the product.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ThroughProduct {
    /// Product name.
    pub product: String,
    /// First and last quarter short.
    pub span: (String, String),
    /// Deepest shortfall, share.
    pub deepest: f64,
}

impl ShortageExplanation {
    /// The explanation in lines of plain English, without a line break at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines of [`ShortageExplanation::to_text`].
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.headline()];
        if let Some(deepest) = self.deepest() {
            lines.push(format!(
                "In all {} {} wanted were not used; users lose {}. The price in {} is {} USD/kg, {}.",
                amount(self.tonnes_short),
                unit(&self.product),
                money(self.surplus_loss_kusd),
                deepest.quarter,
                amount(deepest.spot_usd_per_kg),
                super::numbers::against_base(deepest.spot_usd_per_kg, self.price.base_usd_per_kg),
            ));
            if self.quarters.len() > 1 {
                let course: Vec<String> = self
                    .quarters
                    .iter()
                    .map(|q| format!("{} −{}", q.quarter, percent(q.shortfall)))
                    .collect();
                lines.push(format!("Course: {}.", course.join(", ")));
            }
        }
        let hit: Vec<String> = self
            .end_uses
            .iter()
            .filter(|u| u.share >= 0.005)
            .take(4)
            .map(|u| format!("{} −{} ({})", u.end_use, percent(u.share), money(u.surplus_loss_kusd)))
            .collect();
        if !hit.is_empty() && self.span.is_some() {
            lines.push(format!("Over the run: {}.", list(&hit)));
        }
        lines.extend(self.through.iter().map(|t| {
            format!(
                "{}, made from it here, is short from {} to {}, by up to {}.",
                t.product,
                t.span.0,
                t.span.1,
                percent(t.deepest)
            )
        }));
        lines.extend(sentences::cause(&self.price));
        lines.extend(self.ended_by.clone());
        lines
    }

    fn deepest(&self) -> Option<&QuarterShort> {
        self.quarters.iter().max_by(|a, b| a.shortfall.total_cmp(&b.shortfall))
    }

    fn headline(&self) -> String {
        let (product, place) = (&self.product, &self.place);
        match (&self.span, self.deepest()) {
            (Some((quarter, _)), Some(deepest)) if self.quarters.len() == 1 => {
                let end = if self.lasting { ", the last of the run" } else { "" };
                format!(
                    "{place} is short of {product} in {quarter}{end}: {} less than wanted.",
                    percent(deepest.shortfall)
                )
            }
            (Some((from, until)), Some(deepest)) => {
                let how_long = counted(self.quarters.len(), "quarter", "quarters");
                let end = if self.lasting {
                    "and not over at the end of the run".to_owned()
                } else {
                    format!("to {until}")
                };
                format!(
                    "{place} is short of {product} from {from} {end} ({how_long}), most in {}: {} less than wanted.",
                    deepest.quarter,
                    percent(deepest.shortfall)
                )
            }
            _ if self.end_uses.is_empty() => format!("Nobody in {place} uses {product} as it is."),
            _ => format!(
                "Users of {product} in {place} are never short of it: they always get at least 95 % of what they want."
            ),
        }
    }
}

/// Explains the shortage of a product (`Dy` means `oxide:Dy`) in a place over the whole run.
///
/// # Errors
/// When the run knows no such product or place; the error suggests the nearest.
pub fn shortage<'a>(
    run: impl Into<Tables<'a>>,
    product: &str,
    place: &str,
) -> Result<ShortageExplanation, ExplainError> {
    let tables = run.into();
    let product = ask::product(&tables, product)?;
    let place = ask::place(&tables, place)?;
    let all = shortages(tables.run);
    let found = all.iter().find(|s| s.product == product && s.place == place);
    let quarters = quarters(
        &tables,
        product,
        place,
        found.map(|s| (s.from.as_str(), s.until.as_str())),
    );
    let worst = found
        .map(|s| s.deepest_quarter.clone())
        .or_else(|| dearest(&tables, product, place));
    let Some(worst) = worst else {
        return Err(ask::no_market(&tables, product, place));
    };
    let price = super::price(tables, product, place, &worst)?;
    let through = through(tables, &price, &all);
    let end_uses = end_uses(&tables, product, place);
    Ok(ShortageExplanation {
        product: product.to_owned(),
        place: place.to_owned(),
        span: found.map(|s| (s.from.clone(), s.until.clone())),
        lasting: found.is_some_and(|s| s.lasting),
        quarters,
        tonnes_short: found.map_or(0.0, |s| s.tonnes_short),
        surplus_loss_kusd: found.map_or(0.0, |s| s.surplus_loss_kusd),
        ended_by: found
            .filter(|s| !s.lasting)
            .and_then(|s| ended_by(tables, &price, &s.until)),
        end_uses,
        price,
        through,
    })
}

fn quarters(tables: &Tables<'_>, product: &str, place: &str, span: Option<(&str, &str)>) -> Vec<QuarterShort> {
    let Some((from, until)) = span else { return Vec::new() };
    let kinds = BTreeMap::new();
    let names = tables.run.quarters.iter().skip_while(|q| *q != from);
    let mut found = Vec::new();
    for quarter in names {
        let at = At {
            tables: *tables,
            kinds: &kinds,
            quarter,
        };
        let rows = at.uses(product, place);
        let wanted: f64 = rows.iter().map(|u| u.wanted).sum();
        let taken: f64 = rows.iter().map(|u| u.used).sum();
        found.push(QuarterShort {
            quarter: quarter.clone(),
            shortfall: if wanted > 0.0 {
                (1.0 - taken / wanted).max(0.0)
            } else {
                0.0
            },
            spot_usd_per_kg: at.spot(product, place).unwrap_or_default(),
        });
        if quarter == until {
            break;
        }
    }
    found
}

/// The simulated quarter in which the product costs most.
fn dearest(tables: &Tables<'_>, product: &str, place: &str) -> Option<String> {
    let here = tables
        .run
        .prices
        .iter()
        .filter(|p| p.product == product && p.place == place);
    let dearest = here.max_by(|a, b| {
        // The base quarter only where nothing was simulated.
        let key = |p: &crate::result::PriceRow| {
            if p.quarter == "base" {
                f64::NEG_INFINITY
            } else {
                p.spot_usd_per_kg
            }
        };
        key(a).total_cmp(&key(b))
    });
    dearest.map(|p| p.quarter.clone())
}

fn end_uses(tables: &Tables<'_>, product: &str, place: &str) -> Vec<EndUseShortage> {
    let mut sums: BTreeMap<&str, (f64, f64, f64)> = BTreeMap::new();
    let simulated = tables.run.uses.iter().filter(|u| u.quarter != "base");
    for row in simulated.filter(|u| u.product == product && u.place == place) {
        let sum = sums.entry(&row.end_use).or_default();
        sum.0 += row.wanted;
        sum.1 += (row.wanted - row.used).max(0.0);
        sum.2 += row.surplus_loss_kusd;
    }
    let mut found: Vec<EndUseShortage> = sums
        .into_iter()
        .map(|(end_use, (wanted, missing, loss))| EndUseShortage {
            end_use: end_use.to_owned(),
            tonnes_short: missing,
            share: if wanted > 0.0 { missing / wanted } else { 0.0 },
            surplus_loss_kusd: loss,
        })
        .collect();
    found.sort_by(|a, b| b.surplus_loss_kusd.total_cmp(&a.surplus_loss_kusd));
    found
}

/// Shortages here of what the product is made into, and of what that is made into.
fn through(tables: Tables<'_>, price: &PriceExplanation, all: &[crate::result::Shortage]) -> Vec<ThroughProduct> {
    let kinds = BTreeMap::new();
    let at = At {
        tables,
        kinds: &kinds,
        quarter: &price.quarter,
    };
    let running = at.running(&price.place);
    let mut reached: Vec<String> = price
        .demand
        .sinks
        .iter()
        .filter(|s| s.kind == SinkKind::Made)
        .map(|s| s.to.clone())
        .collect();
    let mut next = 0;
    while let Some(name) = reached.get(next).cloned() {
        for output in running
            .iter()
            .filter(|r| r.level > 0.0 && r.amount(&name) < 0.0)
            .filter_map(|r| r.output())
        {
            if !reached.iter().any(|r| r == output) {
                reached.push(output.to_owned());
            }
        }
        next += 1;
    }
    all.iter()
        .filter(|s| s.place == price.place && reached.contains(&s.product))
        .take(THROUGH)
        .map(|s| ThroughProduct {
            product: s.product.clone(),
            span: (s.from.clone(), s.until.clone()),
            deepest: s.deepest,
        })
        .collect()
}

/// What became of the constraints of the worst quarter in the first quarter that is no longer short.
fn ended_by(tables: Tables<'_>, worst: &PriceExplanation, until: &str) -> Option<String> {
    let quarters = &tables.run.quarters;
    let after = quarters.get(quarters.iter().position(|q| q == until)? + 1)?;
    let then = super::price(tables, &worst.product, &worst.place, after).ok()?;
    let price = format!("the price is {} USD/kg", amount(then.spot_usd_per_kg));
    let mut causes: Vec<String> = Vec::new();
    for held in &worst.bindings {
        let (super::Limit::Route { origin } | super::Limit::Quota { origin }) = &held.limit else {
            continue;
        };
        let arrival = then.supply.arrivals.iter().find(|a| a.origin == *origin);
        match arrival {
            Some(a) if a.cap.is_none() => causes.push(format!("{origin} is no longer held back")),
            Some(a) if a.is_free() => causes.push(format!("the limit on {origin} has room again")),
            Some(a) if a.quantity > held.used * 1.02 => {
                causes.push(format!(
                    "{origin} may send {} instead of {}",
                    amount(a.quantity),
                    amount(held.used)
                ));
            }
            _ => {}
        }
    }
    let fresh = then.supply.fresh();
    for arrival in then
        .supply
        .arrivals
        .iter()
        .filter(|a| a.is_free() && a.quantity > 0.1 * fresh)
    {
        let before = worst
            .supply
            .arrivals
            .iter()
            .find(|a| a.origin == arrival.origin)
            .map_or(0.0, |a| a.quantity);
        let held = worst
            .bindings
            .iter()
            .any(|b| matches!(&b.limit, super::Limit::Route { origin } if *origin == arrival.origin));
        if !held && before < 0.5 * arrival.quantity {
            causes.push(format!(
                "{} {} come from {}",
                amount(arrival.quantity),
                then.unit,
                arrival.origin
            ));
        }
    }
    let given_up: f64 = then.demand.end_uses.iter().map(|c| c.substituted).sum();
    if given_up > 0.02 * then.demand.wanted {
        causes.push(format!(
            "users have given up {} for good",
            percent(given_up / then.demand.wanted)
        ));
    }
    Some(if causes.is_empty() {
        format!("It ends in {after}: {price}.")
    } else {
        format!("It ends in {after}: {}; {price}.", list(&causes))
    })
}
