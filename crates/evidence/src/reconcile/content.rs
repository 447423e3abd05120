//! One element through a balanced base year: which tonnes of it go from which step in which place to which next one.
//!
//! Every product in a place is a mix of what is made there and what arrives. What leaves a place, and what is used in
//! it, has the mix of what is in it. So the tonnes that a step takes in can be told apart by the step and place that
//! made them, and all of them are accounted for: what goes into a step comes out of it or is lost in it.

use std::collections::BTreeMap;

use super::{BaseYear, PlaceIx};
use crate::element::Element;
use crate::product::Product;
use crate::recipe::Activity;
use crate::words::words;

/// Rounds of mixing among places that trade one product; loops of trade fade quickly.
const ROUNDS: usize = 200;
/// Shares that move less than this have settled.
const SETTLED: f64 = 1e-12;
/// Links below this many tonnes a year are left out.
const NOTHING: f64 = 1e-6;

words! {
    /// A step of the chain as the way of an element is drawn.
    "step"
    pub enum Step {
        /// Mining and beneficiation.
        Mine = "mine",
        /// Cracking and leaching of concentrate.
        Cracking = "cracking",
        /// Separation of the light elements.
        SeparationLight = "separation_light",
        /// Separation of the heavy elements.
        SeparationHeavy = "separation_heavy",
        /// Process scrap back into solution.
        Recycling = "recycling",
        /// The finished oxide.
        Oxide = "oxide",
        /// The metal.
        Metal = "metal",
        /// Magnets.
        Magnet = "magnet",
        /// Use.
        Use = "use",
        /// Left unsold: in stock or discarded.
        Unsold = "unsold",
    }
}

/// A step in a place.
pub type Node = (Step, PlaceIx);

/// Tonnes of the element's oxide that go from one step in a place to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// From.
    pub from: Node,
    /// To.
    pub to: Node,
    /// Content, t of the element's oxide in the year.
    pub tonnes: f64,
}

/// The way of one element.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// What goes from step to step, in order of steps and places.
    pub links: Vec<Link>,
    /// What a step loses, t of the element's oxide in the year; process scrap of magnets is in it.
    pub losses: BTreeMap<Node, f64>,
}

/// The step of an activity.
const fn step(activity: Activity) -> Step {
    match activity {
        Activity::Mine(_) => Step::Mine,
        Activity::Crack(_) => Step::Cracking,
        Activity::SeparateLight(_) => Step::SeparationLight,
        Activity::SeparateHeavy(_) => Step::SeparationHeavy,
        Activity::Recycle(_) => Step::Recycling,
        Activity::Finish(_) | Activity::Scandium => Step::Oxide,
        Activity::MakeMetal(_) => Step::Metal,
        Activity::MakeMagnet(_) | Activity::FallBack(..) | Activity::Diffuse(..) => Step::Magnet,
        Activity::Discard(_) => Step::Unsold,
    }
}

/// What is made, taken and traded of one product, in tonnes of the element.
#[derive(Default)]
struct Balance {
    made: BTreeMap<Node, f64>,
    taken: BTreeMap<Node, f64>,
    traded: BTreeMap<(PlaceIx, PlaceIx), f64>,
}

/// Follows an element through a base year.
#[must_use]
pub fn content(base: &BaseYear, element: Element) -> Content {
    let mut balances: BTreeMap<Product, Balance> = BTreeMap::new();
    let mut losses: BTreeMap<Node, f64> = BTreeMap::new();
    let content = |product: Product| base.catalogue.element_content(product, element);
    for activity in &base.activities {
        let node = (step(activity.activity), activity.place);
        let recipe = base.recipe_of(activity);
        let tonnes = |(product, amount): &(Product, f64)| (*product, amount * activity.level * content(*product));
        let mut lost = 0.0;
        for (product, tonnes) in recipe.inputs.iter().map(tonnes) {
            lost += tonnes;
            // Scrap is the start of a way of its own: followed on, the way of an element would run in a circle.
            if tonnes > 0.0 && !matches!(product, Product::Swarf(_)) {
                *balances.entry(product).or_default().taken.entry(node).or_default() += tonnes;
            }
        }
        for (product, tonnes) in recipe.outputs.iter().map(tonnes) {
            if matches!(product, Product::Swarf(_)) {
                continue;
            }
            lost -= tonnes;
            if tonnes > 0.0 {
                *balances.entry(product).or_default().made.entry(node).or_default() += tonnes;
            }
        }
        if lost > NOTHING && !matches!(activity.activity, Activity::Discard(_)) {
            *losses.entry(node).or_default() += lost;
        }
    }
    for flow in &base.flows {
        let tonnes = flow.quantity * content(flow.product);
        if tonnes > 0.0 && !matches!(flow.product, Product::Swarf(_)) {
            let traded = &mut balances.entry(flow.product).or_default().traded;
            *traded.entry((flow.origin, flow.destination)).or_default() += tonnes;
        }
    }
    for taken in &base.uses {
        let tonnes = taken.quantity * content(taken.product);
        if tonnes > 0.0 {
            let uses = &mut balances.entry(taken.product).or_default().taken;
            *uses.entry((Step::Use, taken.place)).or_default() += tonnes;
        }
    }
    let mut links: BTreeMap<(Node, Node), f64> = BTreeMap::new();
    for balance in balances.values() {
        let mixes = balance.mixes();
        for (to, tonnes) in &balance.taken {
            for (from, share) in mixes.get(&to.1).into_iter().flatten() {
                *links.entry((*from, *to)).or_default() += share * tonnes;
            }
        }
    }
    let links = links
        .into_iter()
        .filter(|((from, to), tonnes)| from != to && *tonnes > NOTHING);
    Content {
        links: links.map(|((from, to), tonnes)| Link { from, to, tonnes }).collect(),
        losses,
    }
}

impl Balance {
    /// Who made what is in each place, in shares that sum to one.
    fn mixes(&self) -> BTreeMap<PlaceIx, BTreeMap<Node, f64>> {
        let mut own: BTreeMap<PlaceIx, BTreeMap<Node, f64>> = BTreeMap::new();
        let mut supply: BTreeMap<PlaceIx, f64> = BTreeMap::new();
        for (node, tonnes) in &self.made {
            *own.entry(node.1).or_default().entry(*node).or_default() += tonnes;
            *supply.entry(node.1).or_default() += tonnes;
        }
        for ((_, to), tonnes) in &self.traded {
            own.entry(*to).or_default();
            *supply.entry(*to).or_default() += tonnes;
        }
        let share = |mix: &BTreeMap<Node, f64>, place: &PlaceIx| -> BTreeMap<Node, f64> {
            let all = supply.get(place).copied().unwrap_or(1.0);
            mix.iter().map(|(node, tonnes)| (*node, tonnes / all)).collect()
        };
        let mut mixes: BTreeMap<PlaceIx, BTreeMap<Node, f64>> =
            own.iter().map(|(place, mix)| (*place, share(mix, place))).collect();
        for _ in 0..ROUNDS {
            let mut next = own.clone();
            for ((from, to), tonnes) in &self.traded {
                let (Some(mix), Some(sums)) = (mixes.get(from), next.get_mut(to)) else {
                    continue;
                };
                for (node, share) in mix {
                    *sums.entry(*node).or_default() += share * tonnes;
                }
            }
            let next: BTreeMap<_, _> = next.iter().map(|(place, mix)| (*place, share(mix, place))).collect();
            let moved = next.iter().flat_map(|(place, mix)| {
                let old = mixes.get(place);
                mix.iter()
                    .map(move |(node, share)| (share - old.and_then(|old| old.get(node)).unwrap_or(&0.0)).abs())
            });
            let moved = moved.fold(0.0, f64::max);
            mixes = next;
            if moved < SETTLED {
                break;
            }
        }
        mixes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dataset;
    use crate::reconcile::reconcile;

    #[test]
    fn what_leaves_a_place_has_the_mix_of_what_is_in_it() {
        let [a, b, c] = [0, 1, 2].map(PlaceIx);
        let balance = Balance {
            made: BTreeMap::from([((Step::Mine, a), 60.0), ((Step::Mine, b), 40.0)]),
            taken: BTreeMap::new(),
            traded: BTreeMap::from([((a, b), 60.0), ((b, c), 50.0)]),
        };
        let mixes = balance.mixes();
        assert!((mixes[&c][&(Step::Mine, a)] - 0.6).abs() < 1e-12);
        assert!((mixes[&c][&(Step::Mine, b)] - 0.4).abs() < 1e-12);
        assert_eq!(mixes[&b], mixes[&c]);
    }

    /// Nothing appears and nothing is lost unsaid: what flows into each step of each place flows out or is a loss.
    #[test]
    fn every_tonne_is_accounted_for() -> Result<(), Box<dyn std::error::Error>> {
        let dataset = Dataset::bundled()?;
        let base = reconcile(&dataset, 2024)?;
        for element in [Element::Nd, Element::Dy, Element::La, Element::Y] {
            let content = content(&base, element);
            let mut sums: BTreeMap<Node, (f64, f64)> = BTreeMap::new();
            for link in &content.links {
                assert!(link.from.0 < link.to.0, "{element}: a link runs back: {link:?}");
                sums.entry(link.from).or_default().1 += link.tonnes;
                sums.entry(link.to).or_default().0 += link.tonnes;
            }
            for (node, (into, out)) in &sums {
                let lost = content.losses.get(node).copied().unwrap_or(0.0);
                if matches!(node.0, Step::Mine | Step::Recycling | Step::Use | Step::Unsold) {
                    continue;
                }
                assert!(
                    (into - out - lost).abs() <= 1e-6 * into.max(1.0),
                    "{element} {node:?}: {into} in, {out} out, {lost} lost"
                );
            }
            let mined: f64 = base
                .activities
                .iter()
                .filter(|a| matches!(a.activity, Activity::Mine(_)))
                .flat_map(|a| {
                    base.recipe_of(a)
                        .outputs
                        .into_iter()
                        .map(move |(p, x)| (p, x * a.level))
                })
                .map(|(p, quantity)| quantity * base.catalogue.element_content(p, element))
                .sum();
            let out: f64 = content
                .links
                .iter()
                .filter(|l| l.from.0 == Step::Mine)
                .map(|l| l.tonnes)
                .sum();
            assert!(
                (mined - out).abs() <= 1e-6 * mined,
                "{element}: {mined} mined, {out} sent on"
            );
        }
        Ok(())
    }
}
