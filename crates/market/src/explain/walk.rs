//! What stands behind a price, towards the mine, and who bears it, towards the user.

use std::collections::BTreeSet;

use serde::Serialize;

use super::supply::{Input, Supply};
use super::tables::At;
use super::use_side::{Demand, SinkKind};

/// Longest walk in either direction: oxide, metal, magnet and a shipment.
const LONGEST: usize = 4;
/// A source that brings less than this share of what nothing caps does not stand for the price.
const SOURCE_SHARE: f64 = 0.2;
/// A price is followed as risen from this share above the base on.
const ROSE: f64 = 0.02;
/// An input drives a rise when it makes up at least this share of it.
const DRIVES: f64 = 0.2;

/// How a step of a walk hangs together with the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same product in another place.
    Ships,
    /// Another product in the same place.
    Makes,
}

/// A step towards the mine: what the price before rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Up {
    /// How it feeds the step before.
    pub relation: Relation,
    /// Product name.
    pub product: String,
    /// Place id.
    pub place: String,
    /// Price there, USD/kg.
    pub spot_usd_per_kg: f64,
    /// Its price in the base quarter, USD/kg.
    pub base_usd_per_kg: f64,
    /// Part of the price before that it makes up.
    pub share_of_price: f64,
    /// Part of the rise of the price before since the base quarter, where that rose.
    pub share_of_rise: Option<f64>,
}

/// A step towards the user: where most of the product goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Down {
    /// How it takes from the step before.
    pub relation: Relation,
    /// Product name.
    pub product: String,
    /// Place id.
    pub place: String,
    /// Part of what is taken from the step before that goes this way.
    pub share_of_use: f64,
    /// Price there, USD/kg.
    pub spot_usd_per_kg: f64,
    /// Its price in the base quarter, USD/kg.
    pub base_usd_per_kg: f64,
    /// Part of that price that the step before makes up.
    pub share_of_price: f64,
}

/// Follows the price to the source that nothing caps, and to the input that drives its cost.
pub(super) fn up<'a>(at: At<'a>, product: &'a str, place: &'a str, supply: &Supply) -> Vec<Up> {
    let mut steps: Vec<Up> = Vec::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::from([(product.to_owned(), place.to_owned())]);
    let mut next = up_step(at, product, place, supply);
    while let Some(step) = next {
        if steps.len() >= LONGEST || !seen.insert((step.product.clone(), step.place.clone())) {
            break;
        }
        next = at
            .price(&step.product, &step.place)
            .and_then(|p| up_step(at, &p.product, &p.place, &Supply::of(at, &p.product, &p.place)));
        steps.push(step);
    }
    steps
}

/// A source that nothing caps, or a process with priced inputs: what it rests on, and how that moved.
struct Candidate<'a> {
    relation: Relation,
    product: &'a str,
    place: &'a str,
    quantity: f64,
    cost: f64,
    base_cost: f64,
    /// Users making do with another product follow a price more than they set it.
    makeshift: bool,
}

fn up_step<'a>(at: At<'a>, product: &'a str, place: &'a str, supply: &Supply) -> Option<Up> {
    let here = at.price(product, place)?;
    let rise = here.spot_usd_per_kg - here.base_usd_per_kg;
    let risen = rise > ROSE * here.base_usd_per_kg;
    let share_of_rise = |c: &Candidate<'_>| (c.cost - c.base_cost) / rise;
    let mut all = candidates(at, product, place, supply, risen);
    all.sort_by(|a, b| a.makeshift.cmp(&b.makeshift).then(b.quantity.total_cmp(&a.quantity)));
    let next = if risen {
        all.iter().find(|c| share_of_rise(c) >= DRIVES)?
    } else {
        all.first()?
    };
    let there = at.price(next.product, next.place)?;
    Some(Up {
        relation: next.relation,
        product: next.product.to_owned(),
        place: next.place.to_owned(),
        spot_usd_per_kg: there.spot_usd_per_kg,
        base_usd_per_kg: there.base_usd_per_kg,
        share_of_price: if here.spot_usd_per_kg > 0.0 {
            next.cost / here.spot_usd_per_kg
        } else {
            0.0
        },
        share_of_rise: risen.then(|| share_of_rise(next)),
    })
}

/// What the price could rest on: of each process the input that rose most, or that costs most where the price did not rise.
fn candidates<'a>(at: At<'a>, product: &'a str, place: &'a str, supply: &Supply, risen: bool) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for arrival in supply.arrivals.iter().filter(|a| a.is_free()) {
        let Some(there) = at.price(product, &arrival.origin) else {
            continue;
        };
        found.push(Candidate {
            relation: Relation::Ships,
            product,
            place: &there.place,
            quantity: arrival.quantity,
            cost: there.spot_usd_per_kg,
            base_cost: there.base_usd_per_kg,
            makeshift: false,
        });
    }
    for made in supply.made.iter().filter(|m| m.is_priced()) {
        let cost = |i: &Input| i.cost_usd_per_kg.unwrap_or_default();
        let base_cost = |i: &Input| i.base_cost_usd_per_kg.unwrap_or_default();
        let weight = |i: &Input| if risen { cost(i) - base_cost(i) } else { cost(i) };
        let Some(driver) = made.inputs.iter().max_by(|a, b| weight(a).total_cmp(&weight(b))) else {
            continue;
        };
        let Some(there) = at.price(&driver.product, place) else {
            continue;
        };
        found.push(Candidate {
            relation: Relation::Makes,
            product: &there.product,
            place: &there.place,
            quantity: made.quantity,
            cost: cost(driver),
            base_cost: base_cost(driver),
            makeshift: made.activity == "fall_back",
        });
    }
    let enough = SOURCE_SHARE * found.iter().map(|c| c.quantity).sum::<f64>();
    found.retain(|c| c.quantity >= enough);
    found
}

/// Follows most of the product to where it is used up.
pub(super) fn down<'a>(at: At<'a>, product: &'a str, place: &'a str, demand: &Demand) -> Vec<Down> {
    let mut steps: Vec<Down> = Vec::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::from([(product.to_owned(), place.to_owned())]);
    let mut next = down_step(at, product, place, demand);
    while let Some(step) = next {
        if steps.len() >= LONGEST || !seen.insert((step.product.clone(), step.place.clone())) {
            break;
        }
        next = at
            .price(&step.product, &step.place)
            .and_then(|p| down_step(at, &p.product, &p.place, &Demand::of(at, &p.product, &p.place)));
        steps.push(step);
    }
    steps
}

fn down_step<'a>(at: At<'a>, product: &'a str, place: &'a str, demand: &Demand) -> Option<Down> {
    let taken = demand.taken();
    let shipped: f64 = demand
        .sinks
        .iter()
        .filter(|s| s.kind == SinkKind::Shipped)
        .map(|s| s.quantity)
        .sum();
    let made: f64 = demand
        .sinks
        .iter()
        .filter(|s| s.kind == SinkKind::Made)
        .map(|s| s.quantity)
        .sum();
    let kind = if made >= shipped {
        SinkKind::Made
    } else {
        SinkKind::Shipped
    };
    let sink = demand.sinks.iter().find(|s| s.kind == kind)?;
    // Where users here are the largest taker, the way to the users ends.
    if demand.used >= sink.quantity {
        return None;
    }
    let (relation, to, at_place) = match kind {
        SinkKind::Made => (Relation::Makes, sink.to.as_str(), place),
        _ => (Relation::Ships, product, sink.to.as_str()),
    };
    let there = at.price(to, at_place)?;
    let here = at.spot(product, place)?;
    let amount = match relation {
        Relation::Ships => 1.0,
        Relation::Makes => at
            .running(place)
            .iter()
            .filter(|r| r.level > 0.0 && r.output() == Some(to))
            .map(|r| -r.amount(product) / r.amount(to))
            .fold(0.0, f64::max),
    };
    Some(Down {
        relation,
        product: there.product.clone(),
        place: there.place.clone(),
        share_of_use: if taken > 0.0 { sink.quantity / taken } else { 0.0 },
        spot_usd_per_kg: there.spot_usd_per_kg,
        base_usd_per_kg: there.base_usd_per_kg,
        share_of_price: if there.spot_usd_per_kg > 0.0 {
            amount * here / there.spot_usd_per_kg
        } else {
            0.0
        },
    })
}
