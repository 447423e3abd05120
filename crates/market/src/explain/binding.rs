//! Which constraints bind on a product in a place, and what one more kilogram through them is worth.

use std::collections::BTreeSet;

use serde::Serialize;

use super::supply::Supply;
use super::tables::{At, NOTHING};

/// A rent below this share of the price is not worth a sentence.
const WORTH_TELLING: f64 = 0.005;
/// A rent of a plant from this on is, USD/kg: a plant that separates a scarce element works on all the others, too, and its
/// rent per kilogram of them looks small against the price of the one.
const DEAR_PLANT: f64 = 1.0;

/// What limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Limit {
    /// A licence or ban on shipments from one place.
    Route {
        /// Origin place id.
        origin: String,
    },
    /// A quota over the shipments of several routes.
    Quota {
        /// Origin place id of the route into this place.
        origin: String,
    },
    /// The capacity of a stage here.
    Plant {
        /// Stage word.
        stage: String,
        /// The mine, where it is a single facility.
        facility: Option<String>,
    },
}

/// A constraint that binds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Binding {
    /// What limits.
    pub limit: Limit,
    /// Product whose price it holds up.
    pub product: String,
    /// Place where it holds it up.
    pub place: String,
    /// Events behind it.
    pub events: Vec<String>,
    /// Most that it lets through in the quarter; not known for a quota, whose tonnage covers several routes.
    pub allowed: Option<f64>,
    /// What goes through.
    pub used: f64,
    /// What went through in the base quarter; for routes.
    pub base: Option<f64>,
    /// What one more kilogram through it would be worth, USD/kg.
    pub rent_usd_per_kg: f64,
}

/// The binding constraints, the dearest first; routes before plants.
pub(super) fn bindings<'a>(at: At<'a>, product: &'a str, place: &'a str, supply: &Supply) -> Vec<Binding> {
    let spot = at.spot(product, place).unwrap_or_default();
    let mut routes = routes(at, product, place, supply, WORTH_TELLING * spot);
    let mut plants = plants(at, product, place, DEAR_PLANT.min(WORTH_TELLING * spot));
    for part in [&mut routes, &mut plants] {
        part.sort_by(|a, b| b.rent_usd_per_kg.total_cmp(&a.rent_usd_per_kg));
    }
    routes.extend(plants);
    routes
}

fn routes(at: At<'_>, product: &str, place: &str, supply: &Supply, worth_telling: f64) -> Vec<Binding> {
    let mut found = Vec::new();
    for arrival in &supply.arrivals {
        let rent = arrival.licence_rent_usd_per_kg;
        let origin = arrival.origin.clone();
        let closed = arrival.cap.is_some_and(|cap| cap <= NOTHING) && arrival.base_quantity > NOTHING;
        // A duty on the same route is no limit.
        let of_kinds = |kinds: &[&str]| -> Vec<String> {
            let kind = |id: &String| at.kinds.get(id).is_none_or(|kind| kinds.contains(&kind.as_str()));
            arrival.events.iter().filter(|id| kind(id)).cloned().collect()
        };
        let (limit, allowed, rent, events) = if rent > worth_telling || closed {
            (
                Limit::Route { origin },
                arrival.cap,
                rent,
                of_kinds(&["ban", "licence", "content_rule"]),
            )
        } else if arrival.quota_rent_usd_per_kg > worth_telling {
            (
                Limit::Quota { origin },
                None,
                arrival.quota_rent_usd_per_kg,
                of_kinds(&["quota"]),
            )
        } else {
            continue;
        };
        found.push(Binding {
            limit,
            product: product.to_owned(),
            place: place.to_owned(),
            events,
            allowed,
            used: arrival.quantity,
            base: Some(arrival.base_quantity),
            rent_usd_per_kg: rent,
        });
    }
    found
}

/// Full plants among those that the product passes through here, from the mine on.
fn plants(at: At<'_>, product: &str, place: &str, worth_telling: f64) -> Vec<Binding> {
    let mut found = Vec::new();
    for stage in stages_behind(at, product, place) {
        for capacity in at
            .capacities(&stage, place)
            .into_iter()
            .filter(|c| c.rent_usd_per_kg > worth_telling)
        {
            found.push(Binding {
                limit: Limit::Plant {
                    stage: stage.clone(),
                    facility: capacity.facility.clone(),
                },
                product: product.to_owned(),
                place: place.to_owned(),
                events: Vec::new(),
                allowed: Some(capacity.limit),
                used: capacity.used,
                base: None,
                rent_usd_per_kg: capacity.rent_usd_per_kg,
            });
        }
    }
    found
}

/// Stages that a product passes through in a place, as far back as streams without a trade of their own go: separated
/// oxide back to the plants that separate it, metal and magnets only to their own plants.
fn stages_behind(at: At<'_>, product: &str, place: &str) -> BTreeSet<String> {
    let running = at.running(place);
    let mut stages = BTreeSet::new();
    let mut open = vec![product.to_owned()];
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    while let Some(name) = open.pop() {
        for process in running.iter().filter(|r| r.amount(&name) > 0.0) {
            stages.extend(process.stage.map(str::to_owned));
            let untraded = process
                .amounts
                .iter()
                .filter(|(p, a)| *a < 0.0 && p.starts_with("in_solution:"));
            for (input, _) in untraded {
                if seen.insert((*input).to_owned()) {
                    open.push((*input).to_owned());
                }
            }
        }
    }
    stages
}
