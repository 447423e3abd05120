//! From solved variables to the base year and its list of adjustments.

use std::collections::BTreeMap;

use super::lookup::Lookup;
use super::network::{Network, Variable};
use super::observe::Observation;
use super::priors::Priors;
use super::{Adjustment, BaseActivity, BaseFlow, BaseUse, BaseYear, PlaceIx};
use crate::product::Product;
use crate::recipe::Activity;

/// Quantities below one gram a year are rounding.
const NOTHING: f64 = 1e-6;

pub(super) fn base_year(
    lookup: &Lookup<'_>,
    priors: &Priors,
    net: &Network,
    observations: &[Observation],
    x: &[f64],
) -> BaseYear {
    let mut year = BaseYear {
        year: lookup.year,
        places: lookup.places.clone(),
        catalogue: lookup.catalogue.clone(),
        activities: Vec::new(),
        flows: Vec::new(),
        uses: Vec::new(),
        adjustments: adjustments(lookup, observations, x),
        warnings: lookup.warnings.clone(),
    };
    for (v, variable) in net.variables.iter().enumerate() {
        let quantity = x[v];
        if quantity < NOTHING {
            continue;
        }
        match *variable {
            Variable::Mine(m) => {
                let mine = &priors.mines[m];
                year.activities.push(BaseActivity {
                    activity: Activity::Mine(mine.feed),
                    place: mine.place,
                    facility: Some(mine.facility.clone()),
                    recovery: 1.0,
                    level: quantity,
                });
            }
            Variable::Activity(activity, place) => year.activities.push(BaseActivity {
                activity,
                place,
                facility: None,
                recovery: net.recovery[v],
                level: quantity,
            }),
            Variable::Flow(product, origin, destination) => {
                year.flows.push(BaseFlow {
                    product,
                    origin,
                    destination,
                    quantity,
                });
            }
            Variable::Use(..) => {}
        }
    }
    year.uses = uses(priors, net, x);
    year
}

/// Splits each place's reconciled use of a product over its end uses as the evidence did.
fn uses(priors: &Priors, net: &Network, x: &[f64]) -> Vec<BaseUse> {
    let mut before: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
    for u in &priors.uses {
        *before.entry((u.product, u.place)).or_default() += u.quantity;
    }
    priors
        .uses
        .iter()
        .filter_map(|u| {
            let after = x[net.find(Variable::Use(u.product, u.place))?];
            let quantity = u.quantity / before[&(u.product, u.place)] * after;
            (quantity >= NOTHING).then(|| BaseUse {
                product: u.product,
                end_use: u.end_use.clone(),
                place: u.place,
                quantity,
                confidence: u.confidence,
            })
        })
        .collect()
}

fn adjustments(lookup: &Lookup<'_>, observations: &[Observation], x: &[f64]) -> Vec<Adjustment> {
    let mut found: Vec<Adjustment> = observations
        .iter()
        .filter(|o| o.reported)
        .map(|o| Adjustment {
            what: o.what.clone(),
            stage: o.stage,
            place: o
                .place
                .map_or_else(|| "ROW".to_owned(), |p| lookup.places[p.index()].id.clone()),
            evidence: o.value,
            stated: o.stated,
            reconciled: o.form.iter().map(|(v, a)| a * x[*v]).sum(),
            unit: o.unit,
            sigma: o.sigma,
            sources: o.sources.clone(),
            confidence: o.confidence,
        })
        .collect();
    found.sort_by(|a, b| b.z().abs().total_cmp(&a.z().abs()).then_with(|| a.what.cmp(&b.what)));
    found
}
