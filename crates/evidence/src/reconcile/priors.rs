//! First estimates of every quantity, from the mine forward and from use backward.
//!
//! These are the values reconciliation starts from where nothing was observed directly; they carry
//! wide standard deviations, so any direct evidence moves them.

use std::collections::{BTreeMap, BTreeSet};

use super::lookup::{Lookup, TradeGroup};
use super::{PlaceIx, ReconcileError};
use crate::element::Element;
use crate::ids::{EndUseId, FacilityId, SourceId};
use crate::product::{FeedIx, GradeIx, Product};
use crate::provenance::Confidence;
use crate::recipe::{Activity, mined_product, recipe};
use crate::stage::Stage;

/// Routes carrying less than this share of a destination's need are left out.
const SMALLEST_ROUTE_SHARE: f64 = 0.03;
/// Uses below this share of a product's world use are left out and the rest scaled up to the total.
const SMALLEST_USE_SHARE: f64 = 5e-4;
/// China refines, reduces and uses most of everything: the place assumed where evidence names none.
pub(super) const DEFAULT_ORIGIN: &str = "CHN";

pub(super) struct MinePrior {
    pub facility: FacilityId,
    pub feed: FeedIx,
    pub place: PlaceIx,
    pub t_reo: f64,
}

pub(super) struct UsePrior {
    pub product: Product,
    pub end_use: EndUseId,
    pub place: PlaceIx,
    pub quantity: f64,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

pub(super) struct FlowPrior {
    pub quantity: f64,
    /// Set when a row of `routes.csv` says so; otherwise the flow is allocated.
    pub evidence: Option<(Confidence, Vec<SourceId>)>,
}

pub(super) type FlowKey = (Product, PlaceIx, PlaceIx);

pub(super) struct Priors {
    pub mines: Vec<MinePrior>,
    pub activities: BTreeMap<(Activity, PlaceIx), f64>,
    pub uses: Vec<UsePrior>,
    pub flows: BTreeMap<FlowKey, FlowPrior>,
}

pub(super) fn priors(lookup: &Lookup<'_>) -> Result<Priors, ReconcileError> {
    let mut priors = Priors {
        mines: mines(lookup)?,
        activities: BTreeMap::new(),
        uses: uses(lookup)?,
        flows: BTreeMap::new(),
    };
    upstream(lookup, &mut priors);
    magnets(lookup, &mut priors);
    recycling(lookup, &mut priors);
    metals(lookup, &mut priors);
    oxides(lookup, &mut priors);
    Ok(priors)
}

fn mines(lookup: &Lookup<'_>) -> Result<Vec<MinePrior>, ReconcileError> {
    let mut found = Vec::new();
    for production in &lookup.production {
        if production.value <= 0.0 {
            continue;
        }
        let here: Vec<_> = lookup
            .plants
            .iter()
            .filter(|p| p.stage == Stage::Mine && p.place == production.place)
            .collect();
        let size = |p: &super::plants::Plant| p.output.or(p.capacity).unwrap_or(production.value);
        let feeds = lookup.feed_shares(production.place);
        let known = |p: &super::plants::Plant| p.feed.and_then(|feed| feeds.get(&feed)).copied();
        let left = (1.0
            - here
                .iter()
                .filter_map(|p| p.feed)
                .collect::<BTreeSet<_>>()
                .iter()
                .filter_map(|feed| feeds.get(feed))
                .sum::<f64>())
        .max(0.0);
        for plant in &here {
            let Some(feed) = plant.feed else { continue };
            // Plants of one kind of ore share what is known of it; the others share the rest.
            let share = known(plant);
            let alike = here.iter().filter(|p| {
                if share.is_some() {
                    p.feed == plant.feed
                } else {
                    known(p).is_none()
                }
            });
            let total: f64 = alike.map(|p| size(p)).sum();
            found.push(MinePrior {
                facility: plant.id.clone(),
                feed,
                place: plant.place,
                t_reo: production.value * share.unwrap_or(left) * size(plant) / total,
            });
        }
    }
    // Mines in places that no production table covers stand on their own output.
    for plant in lookup.plants.iter().filter(|p| p.stage == Stage::Mine) {
        let covered = lookup.production.iter().any(|p| p.place == plant.place);
        if let (false, Some(feed), Some(output)) = (covered, plant.feed, plant.output)
            && output > 0.0
        {
            found.push(MinePrior {
                facility: plant.id.clone(),
                feed,
                place: plant.place,
                t_reo: output,
            });
        }
    }
    if found.is_empty() {
        return Err(lookup.no_evidence("mine production"));
    }
    Ok(found)
}

fn uses(lookup: &Lookup<'_>) -> Result<Vec<UsePrior>, ReconcileError> {
    let mut found: Vec<UsePrior> = Vec::new();
    for row in &lookup.demand {
        let products: Vec<(Product, f64)> = match row.element {
            Some(e) if lookup.is_metal_use(&row.end_use) => {
                vec![(Product::Metal(e), 1.0 / lookup.catalogue.oxide_per_element[e.index()])]
            }
            Some(e) => vec![(Product::Oxide(e), 1.0)],
            None => lookup
                .grade_mix(&row.end_use)
                .into_iter()
                .map(|(g, s)| (Product::Magnet(g), s))
                .collect(),
        };
        for (product, factor) in products {
            for (place, share) in lookup.demand_places(&row.end_use) {
                found.push(UsePrior {
                    product,
                    end_use: row.end_use.clone(),
                    place,
                    quantity: row.quantity * factor * share,
                    confidence: row.confidence,
                    sources: row.sources.clone(),
                });
            }
        }
    }
    if found.is_empty() {
        return Err(lookup.no_evidence("demand"));
    }
    let mut world: BTreeMap<Product, f64> = BTreeMap::new();
    for u in &found {
        *world.entry(u.product).or_default() += u.quantity;
    }
    found.retain(|u| u.quantity > SMALLEST_USE_SHARE * world[&u.product]);
    let mut kept: BTreeMap<Product, f64> = BTreeMap::new();
    for u in &found {
        *kept.entry(u.product).or_default() += u.quantity;
    }
    for u in &mut found {
        u.quantity *= world[&u.product] / kept[&u.product];
    }
    Ok(found)
}

/// Mined streams through cracking and separation, along the routes evidence names.
fn upstream(lookup: &Lookup<'_>, priors: &mut Priors) {
    let home = lookup.place(DEFAULT_ORIGIN);
    for feed in lookup.catalogue.feed_indices() {
        let mut at: BTreeMap<PlaceIx, f64> = BTreeMap::new();
        for mine in priors.mines.iter().filter(|m| m.feed == feed) {
            *at.entry(mine.place).or_default() += mine.t_reo;
        }
        if at.is_empty() {
            continue;
        }
        if mined_product(&lookup.catalogue, feed) == Product::Concentrate(feed) {
            ship(lookup, priors, Product::Concentrate(feed), &mut at, home, |p| {
                lookup.has(Stage::Cracking, p)
            });
            at = run(lookup, priors, &at, Activity::Crack(feed), Product::Carbonate(feed));
        }
        ship(lookup, priors, Product::Carbonate(feed), &mut at, home, |p| {
            lookup.has(Stage::SeparationLight, p)
        });
        let mut heavy = run(
            lookup,
            priors,
            &at,
            Activity::SeparateLight(feed),
            Product::HeavyConcentrate(feed),
        );
        ship(
            lookup,
            priors,
            Product::HeavyConcentrate(feed),
            &mut heavy,
            None,
            |_| true,
        );
        heavy.retain(|p, _| lookup.has(Stage::SeparationHeavy, *p));
        run(
            lookup,
            priors,
            &heavy,
            Activity::SeparateHeavy(feed),
            Product::HeavyConcentrate(feed),
        );
    }
}

/// Moves a stream along evidenced routes; what stays where it cannot be processed goes to `fallback`.
fn ship(
    lookup: &Lookup<'_>,
    priors: &mut Priors,
    product: Product,
    at: &mut BTreeMap<PlaceIx, f64>,
    fallback: Option<PlaceIx>,
    can_process: impl Fn(PlaceIx) -> bool,
) {
    let origins: Vec<PlaceIx> = at.keys().copied().collect();
    for origin in origins {
        let available = at[&origin];
        let routes: Vec<_> = lookup
            .routes
            .iter()
            .filter(|r| r.product == product && r.origin == origin)
            .collect();
        let shipped: f64 = routes.iter().map(|r| r.quantity).sum();
        // Routes may name more than was mined: scale them to what there is.
        let scale = if shipped > available { available / shipped } else { 1.0 };
        for route in routes {
            let quantity = route.quantity * scale;
            *at.entry(route.destination).or_default() += quantity;
            priors.flows.insert(
                (product, origin, route.destination),
                FlowPrior {
                    quantity,
                    evidence: Some((route.confidence, route.sources.clone())),
                },
            );
        }
        let left = available - shipped * scale;
        at.insert(origin, left);
        if let (true, false, Some(fallback)) = (left > 1e-9, can_process(origin), fallback)
            && fallback != origin
        {
            let flow = priors.flows.entry((product, origin, fallback)).or_insert(FlowPrior {
                quantity: 0.0,
                evidence: None,
            });
            flow.quantity += left;
            at.insert(origin, 0.0);
            *at.entry(fallback).or_default() += left;
        }
    }
}

/// Runs an activity on what lies at each place; returns the amount of its `follow` output there.
fn run(
    lookup: &Lookup<'_>,
    priors: &mut Priors,
    at: &BTreeMap<PlaceIx, f64>,
    activity: Activity,
    follow: Product,
) -> BTreeMap<PlaceIx, f64> {
    let mut next = BTreeMap::new();
    for (place, amount) in at.iter().filter(|(_, a)| **a > 1e-9) {
        priors.activities.insert((activity, *place), *amount);
        let made = recipe(&lookup.catalogue, activity, lookup.recovery(activity, *place));
        let out: f64 = made.outputs.iter().filter(|(p, _)| *p == follow).map(|(_, a)| a).sum();
        next.insert(*place, amount * out);
    }
    next
}

fn magnets(lookup: &Lookup<'_>, priors: &mut Priors) {
    let shares = lookup.stage_split(Stage::Magnet);
    for grade in lookup.catalogue.grade_indices() {
        let product = Product::Magnet(grade);
        let world: f64 = priors
            .uses
            .iter()
            .filter(|u| u.product == product)
            .map(|u| u.quantity)
            .sum();
        for (place, share) in &shares {
            priors
                .activities
                .insert((Activity::MakeMagnet(grade), *place), world * share);
        }
        trade(lookup, priors, product, TradeGroup::Magnets);
    }
}

/// Swarf is returned where plants take it; the rest is left, as stocks or discarded scrap.
fn recycling(lookup: &Lookup<'_>, priors: &mut Priors) {
    let mut returned = Vec::new();
    for ((activity, place), level) in &priors.activities {
        if let Activity::MakeMagnet(grade) = activity
            && lookup.has(Stage::Recycling, *place)
        {
            let swarf = swarf_per_magnet(lookup, *grade);
            returned.push(((Activity::Recycle(*grade), *place), level * swarf));
        }
    }
    priors.activities.extend(returned);
}

fn swarf_per_magnet(lookup: &Lookup<'_>, grade: GradeIx) -> f64 {
    let made = recipe(&lookup.catalogue, Activity::MakeMagnet(grade), 1.0);
    made.outputs
        .iter()
        .filter(|(p, _)| matches!(p, Product::Swarf(_)))
        .map(|(_, a)| a)
        .sum()
}

fn metals(lookup: &Lookup<'_>, priors: &mut Priors) {
    for element in Element::ALL.iter().copied() {
        let product = Product::Metal(element);
        let need: f64 = needs(lookup, priors, product).values().sum();
        if need <= 0.0 {
            continue;
        }
        for (place, share) in lookup.metal_split(element) {
            priors
                .activities
                .insert((Activity::MakeMetal(element), place), need * share);
        }
        trade(lookup, priors, product, TradeGroup::Metals);
    }
}

fn oxides(lookup: &Lookup<'_>, priors: &mut Priors) {
    if let Some(need) =
        Some(needs(lookup, priors, Product::Oxide(Element::Sc)).values().sum::<f64>()).filter(|n| *n > 0.0)
    {
        for (place, share) in lookup.scandium_split() {
            priors.activities.insert((Activity::Scandium, place), need * share);
        }
    }
    let mut finished: BTreeMap<(Element, PlaceIx), f64> = BTreeMap::new();
    for ((activity, place), level) in &priors.activities {
        for (product, amount) in recipe(&lookup.catalogue, *activity, lookup.recovery(*activity, *place)).outputs {
            if let Product::InSolution(e) = product {
                *finished.entry((e, *place)).or_default() += amount * level;
            }
        }
    }
    for ((element, place), amount) in finished {
        priors.activities.insert((Activity::Finish(element), place), amount);
    }
    for element in Element::ALL.iter().copied() {
        trade(lookup, priors, Product::Oxide(element), TradeGroup::Oxides(element));
    }
}

/// What each place takes in of a product, by its uses and its own plants.
pub(super) fn needs(lookup: &Lookup<'_>, priors: &Priors, product: Product) -> BTreeMap<PlaceIx, f64> {
    let mut need: BTreeMap<PlaceIx, f64> = BTreeMap::new();
    for u in priors.uses.iter().filter(|u| u.product == product) {
        *need.entry(u.place).or_default() += u.quantity;
    }
    for ((activity, place), level) in &priors.activities {
        if !matches!(activity, Activity::MakeMagnet(_) | Activity::MakeMetal(_)) {
            continue;
        }
        for (input, amount) in recipe(&lookup.catalogue, *activity, lookup.recovery(*activity, *place)).inputs {
            if input == product {
                *need.entry(*place).or_default() += amount * level;
            }
        }
    }
    need
}

/// What each place gives out of a product.
pub(super) fn supplies(lookup: &Lookup<'_>, priors: &Priors, product: Product) -> BTreeMap<PlaceIx, f64> {
    let mut supply: BTreeMap<PlaceIx, f64> = BTreeMap::new();
    for ((activity, place), level) in &priors.activities {
        for (output, amount) in recipe(&lookup.catalogue, *activity, lookup.recovery(*activity, *place)).outputs {
            if output == product {
                *supply.entry(*place).or_default() += amount * level;
            }
        }
    }
    supply
}

/// Allocates what a place lacks to the origins that have it, in proportion to the value customs saw.
fn trade(lookup: &Lookup<'_>, priors: &mut Priors, product: Product, group: TradeGroup) {
    let need = needs(lookup, priors, product);
    let supply = supplies(lookup, priors, product);
    let default = lookup.place(DEFAULT_ORIGIN);
    let surplus: BTreeMap<PlaceIx, f64> = supply
        .iter()
        .map(|(p, s)| (*p, s - need.get(p).copied().unwrap_or(0.0)))
        .filter(|(_, s)| *s > 0.0)
        .collect();
    for (place, wanted) in &need {
        let lacking = wanted - supply.get(place).copied().unwrap_or(0.0);
        if lacking <= 1e-9 {
            continue;
        }
        let seen: Vec<(PlaceIx, f64)> = surplus
            .keys()
            .filter(|o| *o != place)
            .map(|o| (*o, lookup.trade_value(group, *o, *place)))
            .filter(|(_, v)| *v > 0.0)
            .collect();
        let total: f64 = seen.iter().map(|(_, v)| v).sum();
        let kept: Vec<(PlaceIx, f64)> = seen
            .into_iter()
            .filter(|(_, v)| *v > SMALLEST_ROUTE_SHARE * total)
            .collect();
        let kept_total: f64 = kept.iter().map(|(_, v)| v).sum();
        let mut shares: Vec<(PlaceIx, f64)> = kept.into_iter().map(|(o, v)| (o, v / kept_total)).collect();
        if let (true, Some(default)) = (shares.is_empty(), default)
            && default != *place
            && supply.contains_key(&default)
        {
            shares.push((default, 1.0));
        }
        for (origin, share) in shares {
            priors.flows.insert(
                (product, origin, *place),
                FlowPrior {
                    quantity: lacking * share,
                    evidence: None,
                },
            );
        }
    }
    // What a producer has left over goes to the largest user, so that no output is stranded by thin customs data.
    if let Some(default) = default {
        for (origin, _) in surplus.iter().filter(|(o, _)| **o != default) {
            if need.contains_key(&default) {
                priors
                    .flows
                    .entry((product, *origin, default))
                    .or_insert_with(|| FlowPrior {
                        quantity: export_to_default(lookup, group, &supply, *origin, default),
                        evidence: None,
                    });
            }
        }
    }
}

fn export_to_default(
    lookup: &Lookup<'_>,
    group: TradeGroup,
    supply: &BTreeMap<PlaceIx, f64>,
    origin: PlaceIx,
    default: PlaceIx,
) -> f64 {
    let all = lookup.export_value(group, origin);
    if all <= 0.0 {
        return 0.0;
    }
    supply.get(&origin).copied().unwrap_or(0.0) * lookup.trade_value(group, origin, default) / all
}
