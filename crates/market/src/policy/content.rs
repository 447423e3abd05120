//! How much of what a place has was made from material of an origin, in the base quarter.

use monazite_evidence::recipe::Activity;
use monazite_evidence::{Element, ViewPlace};

use super::bind::members;
use crate::chain::{Chain, Process};
use crate::scenario::Selection;

/// Rounds after which shares have travelled from the mine to the magnet and through trade in circles.
const ROUNDS: usize = 40;

/// What comes to every node in the base quarter: made there and shipped there.
pub(super) fn arriving(chain: &Chain) -> Vec<f64> {
    let mut all = vec![0.0; chain.nodes.len()];
    for process in &chain.processes {
        for (node, amount) in &process.outputs {
            all[node.index()] += amount * process.base;
        }
    }
    for route in &chain.routes {
        all[route.to.index()] += route.base;
    }
    all
}

/// Share of what comes to every node in the base quarter that is of an origin.
///
/// Goods of one kind in one place are alike: what leaves is mixed as what came. A magnet is of the origin as far as the
/// controlled element in it that most of comes from there; of other products each input counts by its tonnes.
pub(super) fn share_from(chain: &Chain, origin: &Selection<ViewPlace>, elements: &Selection<Element>) -> Vec<f64> {
    let at_origin: Vec<bool> = chain
        .nodes
        .iter()
        .map(|n| members(chain, n.place).any(|m| origin.contains(&m)))
        .collect();
    let all = arriving(chain);
    let mut share: Vec<f64> = at_origin.iter().map(|at| if *at { 1.0 } else { 0.0 }).collect();
    for _ in 0..ROUNDS {
        let mut of_origin = vec![0.0; chain.nodes.len()];
        for process in chain.processes.iter().filter(|p| p.base > 0.0) {
            let content = made_of(chain, process, elements, &share);
            for (node, amount) in &process.outputs {
                of_origin[node.index()] += content * amount * process.base;
            }
        }
        for route in &chain.routes {
            of_origin[route.to.index()] += share[route.from.index()] * route.base;
        }
        for (n, share) in share.iter_mut().enumerate() {
            if !at_origin[n] {
                *share = if all[n] > 0.0 {
                    (of_origin[n] / all[n]).min(1.0)
                } else {
                    0.0
                };
            }
        }
    }
    share
}

fn made_of(chain: &Chain, process: &Process, elements: &Selection<Element>, share: &[f64]) -> f64 {
    if matches!(process.activity, Activity::MakeMagnet(_)) {
        let controlled = process.inputs.iter().filter(|(node, _)| {
            let product = chain.nodes[node.index()].product;
            let holds = |e: &&Element| chain.catalogue.element_content(product, **e) > 0.0 && elements.contains(*e);
            Element::ALL.iter().any(|e| holds(&e))
        });
        return controlled.map(|(node, _)| share[node.index()]).fold(0.0, f64::max);
    }
    let all: f64 = process.inputs.iter().map(|(_, amount)| amount).sum();
    let of_origin: f64 = process
        .inputs
        .iter()
        .map(|(node, amount)| share[node.index()] * amount)
        .sum();
    if all > 0.0 { of_origin / all } else { 0.0 }
}
