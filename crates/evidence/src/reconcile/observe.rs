//! Evidence as weighted equations over the variables of the base year.
//!
//! Standard deviations follow confidence: an official figure (A) is held to about one per cent, a
//! retrieved secondary source (B) to ten to fifteen, background (C) to thirty-five. Allocated trade
//! and unsold stocks, which nobody observed, are held loosely.

use std::collections::BTreeMap;

use super::PlaceIx;
use super::lookup::{Lookup, StageTarget};
use super::network::{Network, Variable};
use super::priors::Priors;
use super::solve::Form;
use crate::element::Element;
use crate::ids::SourceId;
use crate::product::Product;
use crate::provenance::Confidence;
use crate::recipe::Activity;
use crate::stage::Stage;

/// Elements that published stage shares count: the magnet rare earths.
pub(super) const MAGNET_ELEMENTS: [Element; 4] = [Element::Pr, Element::Nd, Element::Tb, Element::Dy];
/// Mine tonnage of a country in an official table: held to a third of a per cent.
const OFFICIAL_TONNAGE: f64 = 0.003;
/// Published shares are rounded and depend on scope; percentage points as shares.
const SEPARATION_SHARE_SIGMA: f64 = 0.003;
const MAGNET_SHARE_SIGMA: f64 = 0.004;
const METAL_SHARE_SIGMA: f64 = 0.03;
/// Mine shares of magnet elements conflict with the official tonnages (they count unreported Myanmar output),
/// so they only lean on what tonnages leave open.
const MINE_SHARE_SIGMA: f64 = 0.04;
/// Nobody observes how customs flows split by element: allocated trade is loose.
const ALLOCATED_FLOW_SIGMA: f64 = 0.6;
pub(super) struct Observation {
    pub what: String,
    pub stage: &'static str,
    pub place: Option<PlaceIx>,
    pub form: Form,
    pub value: f64,
    /// Where the form is a distance from a published share: that share, in the unit.
    pub stated: Option<f64>,
    pub sigma: f64,
    pub unit: &'static str,
    pub sources: Vec<SourceId>,
    pub confidence: Confidence,
    /// Whether it is evidence to report, or only a loose prior.
    pub reported: bool,
}

fn relative_sigma(confidence: Confidence) -> f64 {
    match confidence {
        Confidence::A => 0.02,
        Confidence::B => 0.12,
        Confidence::C => 0.35,
    }
}

pub(super) fn observations(lookup: &Lookup<'_>, priors: &Priors, net: &Network) -> Vec<Observation> {
    let mut all = Vec::new();
    mine_tonnage(lookup, priors, net, &mut all);
    plant_output(lookup, net, &mut all);
    stage_shares(lookup, priors, net, &mut all);
    activity_priors(priors, net, &mut all);
    flows(lookup, priors, net, &mut all);
    uses(lookup, priors, net, &mut all);
    unsold(lookup, net, &mut all);
    all
}

fn mine_tonnage(lookup: &Lookup<'_>, priors: &Priors, net: &Network, all: &mut Vec<Observation>) {
    for measured in lookup.production.iter().filter(|m| m.value > 0.0) {
        let form: Form = priors
            .mines
            .iter()
            .enumerate()
            .filter(|(_, m)| m.place == measured.place)
            .filter_map(|(i, _)| net.find(Variable::Mine(i)))
            .map(|v| (v, 1.0))
            .collect();
        if form.is_empty() {
            continue;
        }
        let relative = if measured.confidence == Confidence::A {
            OFFICIAL_TONNAGE
        } else {
            relative_sigma(measured.confidence)
        };
        all.push(Observation {
            what: "mine production".into(),
            stage: "mine",
            place: Some(measured.place),
            form,
            value: measured.value,
            stated: None,
            sigma: relative * measured.value,
            unit: "t REO",
            sources: measured.sources.clone(),
            confidence: measured.confidence,
            reported: true,
        });
    }
    for (i, mine) in priors.mines.iter().enumerate() {
        let plant = lookup.plants.iter().find(|p| p.id == mine.facility);
        if let (Some(v), Some(plant)) = (net.find(Variable::Mine(i)), plant) {
            all.push(Observation {
                what: format!("output of {}", mine.facility),
                stage: "mine",
                place: Some(mine.place),
                form: vec![(v, 1.0)],
                value: mine.t_reo,
                stated: None,
                sigma: relative_sigma(plant.confidence).max(0.05) * mine.t_reo,
                unit: "t REO",
                sources: plant.sources.clone(),
                confidence: plant.confidence,
                reported: plant.output.is_some(),
            });
        }
    }
}

/// Outputs reported by separation and later plants, summed over a place when every plant there reports.
fn plant_output(lookup: &Lookup<'_>, net: &Network, all: &mut Vec<Observation>) {
    for (place, stage, output, unit_is_ndpr, confidence, sources) in lookup.stage_outputs() {
        let wanted = |a: Activity| {
            if unit_is_ndpr {
                matches!(a, Activity::Finish(Element::Nd | Element::Pr))
            } else {
                a.stage() == Some(stage)
            }
        };
        let form: Form = (0..net.variables.len())
            .filter(|v| matches!(net.variables[*v], Variable::Activity(a, p) if p == place && wanted(a)))
            .map(|v| (v, 1.0))
            .collect();
        if form.is_empty() || output <= 0.0 {
            continue;
        }
        all.push(Observation {
            what: format!(
                "output of {} plants{}",
                stage.as_str(),
                if unit_is_ndpr { ", NdPr oxide" } else { "" }
            ),
            stage: stage.as_str(),
            place: Some(place),
            form,
            value: output,
            stated: None,
            sigma: relative_sigma(confidence).max(0.04) * output,
            unit: if matches!(stage, Stage::Metal | Stage::Magnet) {
                "t"
            } else {
                "t REO"
            },
            sources,
            confidence,
            reported: true,
        });
    }
}

/// Weight of a variable in the total a stage share speaks of, and its place.
fn stage_weight(lookup: &Lookup<'_>, priors: &Priors, stage: Stage, variable: Variable) -> Option<(PlaceIx, f64)> {
    let element_t = |e: Element| 1.0 / lookup.catalogue.oxide_per_element[e.index()];
    match (stage, variable) {
        (Stage::Mine, Variable::Mine(m)) => {
            let mine = &priors.mines[m];
            let feed = lookup.catalogue.feed(mine.feed);
            Some((
                mine.place,
                MAGNET_ELEMENTS
                    .iter()
                    .map(|e| feed.composition[e.index()] * element_t(*e))
                    .sum(),
            ))
        }
        (Stage::SeparationLight, Variable::Activity(Activity::Finish(e), place)) if MAGNET_ELEMENTS.contains(&e) => {
            Some((place, element_t(e)))
        }
        (Stage::Metal, Variable::Activity(Activity::MakeMetal(e), place)) if MAGNET_ELEMENTS.contains(&e) => {
            Some((place, 1.0))
        }
        (Stage::Magnet, Variable::Activity(Activity::MakeMagnet(_), place)) => Some((place, 1.0)),
        _ => None,
    }
}

fn stage_shares(lookup: &Lookup<'_>, priors: &Priors, net: &Network, all: &mut Vec<Observation>) {
    for target in &lookup.stage_targets {
        let StageTarget {
            stage,
            place,
            named,
            share,
            ..
        } = target;
        let (sigma, name) = match stage {
            Stage::Mine => (MINE_SHARE_SIGMA, "mine"),
            Stage::Metal => (METAL_SHARE_SIGMA, "metal"),
            Stage::Magnet => (MAGNET_SHARE_SIGMA, "magnet"),
            _ => (SEPARATION_SHARE_SIGMA, "separation"),
        };
        let mut form = Form::new();
        let mut world = 0.0;
        for (v, quantity) in net.variables.iter().enumerate() {
            let Some((at, weight)) = stage_weight(lookup, priors, *stage, *quantity) else {
                continue;
            };
            let counted = place.map_or(!named.contains(&at), |p| p == at);
            form.push((v, weight * (f64::from(u8::from(counted)) - share)));
            world += weight * net.prior[v];
        }
        if world <= 0.0 {
            continue;
        }
        // In shares of the world total: the form is homogeneous, so its target is zero.
        let form = form.into_iter().map(|(v, a)| (v, 100.0 * a / world)).collect();
        all.push(Observation {
            what: format!("share of {name} stage, {} (%)", target.what),
            stage: name,
            place: *place,
            form,
            value: 0.0,
            stated: Some(100.0 * share),
            sigma: 100.0 * sigma,
            unit: "%",
            sources: target.sources.clone(),
            confidence: target.confidence,
            reported: true,
        });
    }
}

/// Levels nobody reported: held loosely to the first estimate.
fn activity_priors(priors: &Priors, net: &Network, all: &mut Vec<Observation>) {
    for ((activity, place), level) in &priors.activities {
        let sigma = match activity {
            Activity::MakeMagnet(_) | Activity::MakeMetal(_) => 0.3,
            Activity::Recycle(_) => 0.25,
            Activity::Scandium => 0.35,
            _ => continue,
        };
        let Some(v) = net.find(Variable::Activity(*activity, *place)) else {
            continue;
        };
        all.push(Observation {
            what: format!("{} first estimate", activity.word()),
            stage: activity.stage().map_or("", Stage::as_str),
            place: Some(*place),
            form: vec![(v, 1.0)],
            value: *level,
            stated: None,
            sigma: sigma * level.max(1e-3),
            unit: "t",
            sources: vec![],
            confidence: Confidence::C,
            reported: false,
        });
    }
}

fn flows(lookup: &Lookup<'_>, priors: &Priors, net: &Network, all: &mut Vec<Observation>) {
    let mut need: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
    for ((product, _, destination), flow) in &priors.flows {
        *need.entry((*product, *destination)).or_default() += flow.quantity;
    }
    for ((product, origin, destination), flow) in &priors.flows {
        let Some(v) = net.find(Variable::Flow(*product, *origin, *destination)) else {
            continue;
        };
        let floor = 0.02 * need[&(*product, *destination)] + 1e-3;
        let (sigma, confidence, sources, reported) = match &flow.evidence {
            Some((confidence, sources)) => (
                relative_sigma(*confidence) * flow.quantity,
                *confidence,
                sources.clone(),
                true,
            ),
            None => (
                ALLOCATED_FLOW_SIGMA * flow.quantity + floor,
                Confidence::C,
                vec![],
                false,
            ),
        };
        all.push(Observation {
            what: format!(
                "{} to {}",
                lookup.catalogue.name(*product),
                lookup.places[destination.index()].id
            ),
            stage: "trade",
            place: Some(*origin),
            form: vec![(v, 1.0)],
            value: flow.quantity,
            stated: None,
            sigma: sigma.max(1e-3),
            unit: product.unit(),
            sources,
            confidence,
            reported,
        });
    }
}

fn uses(lookup: &Lookup<'_>, priors: &Priors, net: &Network, all: &mut Vec<Observation>) {
    let mut by_place: BTreeMap<(Product, PlaceIx), (f64, Confidence, Vec<SourceId>)> = BTreeMap::new();
    for u in &priors.uses {
        let entry = by_place
            .entry((u.product, u.place))
            .or_insert((0.0, u.confidence, Vec::new()));
        entry.0 += u.quantity;
        entry.1 = entry.1.max(u.confidence);
        for s in &u.sources {
            if !entry.2.contains(s) {
                entry.2.push(s.clone());
            }
        }
    }
    for ((product, place), (quantity, confidence, sources)) in by_place {
        let Some(v) = net.find(Variable::Use(product, place)) else {
            continue;
        };
        all.push(Observation {
            what: format!("use of {}", lookup.catalogue.name(product)),
            stage: "use",
            place: Some(place),
            form: vec![(v, 1.0)],
            value: quantity,
            stated: None,
            sigma: relative_sigma(confidence).max(0.15) * quantity,
            unit: product.unit(),
            sources,
            confidence,
            reported: true,
        });
    }
}

/// What stays unsold: the first estimates' own excess of supply over use, held loosely where it is
/// large (surplus elements) and tightly where there is none (scarce ones).
fn unsold(lookup: &Lookup<'_>, net: &Network, all: &mut Vec<Observation>) {
    let excess = net.excess(&lookup.catalogue);
    for (v, variable) in net.variables.iter().enumerate() {
        let Variable::Activity(Activity::Discard(product), place) = *variable else {
            continue;
        };
        let (here, left) = excess.get(&(product, place)).copied().unwrap_or_default();
        // Magnet rare earths are what the industry runs for: none is left unfinished for long.
        let wanted = matches!(product, Product::InSolution(e) if MAGNET_ELEMENTS.contains(&e));
        let left = if wanted { 0.0 } else { left.max(0.0) };
        let floor = match product {
            Product::InSolution(_) => 0.01,
            Product::HeavyConcentrate(_) => 0.5,
            _ => 0.1,
        };
        all.push(Observation {
            what: format!("{} left unsold", lookup.catalogue.name(product)),
            stage: "unsold",
            place: Some(place),
            form: vec![(v, 1.0)],
            value: left,
            stated: None,
            sigma: (0.4 * left + floor * here).max(1e-3),
            unit: product.unit(),
            sources: vec![],
            confidence: Confidence::C,
            reported: false,
        });
    }
}
