//! Where a solve of a chain built anew may start: the basis of a like chain, by what its columns and rows stand for.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::{EndUseId, FacilityId, Stage};

use super::layout::Layout;
use crate::chain::{Chain, Line};
use crate::lp::{Basis, BasisStatus};

type Steps<K> = BTreeMap<K, Vec<BasisStatus>>;
type ProcessKey = (Activity, PlaceIx, Option<FacilityId>);
type RouteKey = (Product, PlaceIx, PlaceIx);
type NodeKey = (Product, PlaceIx);

/// A basis by names. Draws of an ensemble differ in numbers and in a few columns; started from the basis of the best
/// estimate they need few pivots, and what they start from does not depend on which draw was solved before.
#[derive(Clone, Debug, Default)]
pub struct Start {
    processes: Steps<ProcessKey>,
    routes: Steps<RouteKey>,
    segments: Steps<(EndUseId, NodeKey)>,
    stores: Steps<NodeKey>,
    nodes: BTreeMap<NodeKey, BasisStatus>,
    capacities: BTreeMap<(Stage, PlaceIx, Option<FacilityId>, Line), BasisStatus>,
}

fn process_key(chain: &Chain, p: usize) -> ProcessKey {
    let process = &chain.processes[p];
    (process.activity, process.place, process.facility.clone())
}

fn route_key(chain: &Chain, r: usize) -> RouteKey {
    let route = &chain.routes[r];
    (route.product, route.origin, route.destination)
}

fn node_key(chain: &Chain, n: usize) -> NodeKey {
    (chain.nodes[n].product, chain.nodes[n].place)
}

impl Start {
    /// Names a basis of a chain's programme.
    pub(super) fn new(chain: &Chain, layout: &Layout, basis: &Basis) -> Self {
        let steps = |range: &std::ops::Range<usize>| basis.cols.get(range.clone()).unwrap_or_default().to_vec();
        let row = |at: usize| basis.rows.get(at).copied().unwrap_or(BasisStatus::Basic);
        let nodes = chain.nodes.len();
        Self {
            processes: (layout.processes.iter().enumerate())
                .map(|(p, range)| (process_key(chain, p), steps(range)))
                .collect(),
            routes: (layout.routes.iter().enumerate())
                .map(|(r, range)| (route_key(chain, r), steps(range)))
                .collect(),
            segments: (layout.segments.iter().zip(&chain.segments))
                .map(|(range, s)| ((s.end_use.clone(), node_key(chain, s.node.index())), steps(range)))
                .collect(),
            stores: (layout.stores.iter().zip(&chain.stores))
                .map(|(range, s)| (node_key(chain, s.node.index()), steps(range)))
                .collect(),
            nodes: (0..nodes).map(|n| (node_key(chain, n), row(n))).collect(),
            capacities: (chain.capacities.iter().enumerate())
                .map(|(c, capacity)| {
                    (
                        (capacity.stage, capacity.place, capacity.facility.clone(), capacity.line),
                        row(nodes + c),
                    )
                })
                .collect(),
        }
    }

    /// The same for another chain's programme. What only it has starts idle; the solver completes the rest.
    pub(super) fn basis(&self, chain: &Chain, layout: &Layout, rows: usize) -> Basis {
        let mut cols: Vec<BasisStatus> = Vec::new();
        for (p, range) in layout.processes.iter().enumerate() {
            extend(
                &mut cols,
                self.processes.get(&process_key(chain, p)),
                range.len(),
                BasisStatus::Lower,
            );
        }
        for (r, range) in layout.routes.iter().enumerate() {
            extend(
                &mut cols,
                self.routes.get(&route_key(chain, r)),
                range.len(),
                BasisStatus::Lower,
            );
        }
        for (range, s) in layout.segments.iter().zip(&chain.segments) {
            let key = (s.end_use.clone(), node_key(chain, s.node.index()));
            extend(&mut cols, self.segments.get(&key), range.len(), BasisStatus::Upper);
        }
        for (range, s) in layout.stores.iter().zip(&chain.stores) {
            let key = node_key(chain, s.node.index());
            extend(&mut cols, self.stores.get(&key), range.len(), BasisStatus::Upper);
        }
        let mut found: Vec<BasisStatus> = (0..chain.nodes.len())
            .map(|n| {
                self.nodes
                    .get(&node_key(chain, n))
                    .copied()
                    .unwrap_or(BasisStatus::Basic)
            })
            .collect();
        found.extend(chain.capacities.iter().map(|c| {
            let key = (c.stage, c.place, c.facility.clone(), c.line);
            self.capacities.get(&key).copied().unwrap_or(BasisStatus::Basic)
        }));
        found.resize(rows, BasisStatus::Basic);
        Basis { cols, rows: found }
    }
}

/// Appends the statuses of a step curve. A demand curve of another number of steps differs in its dear middle: its
/// cheap end is lined up with the known one, and what is new is served.
fn extend(cols: &mut Vec<BasisStatus>, known: Option<&Vec<BasisStatus>>, count: usize, idle: BasisStatus) {
    match known {
        Some(known) if known.len() == count => cols.extend(known),
        Some(known) if idle == BasisStatus::Upper => {
            let missing = count.saturating_sub(known.len());
            cols.extend(std::iter::repeat_n(BasisStatus::Upper, missing));
            cols.extend(&known[known.len().saturating_sub(count)..]);
        }
        _ => cols.extend(std::iter::repeat_n(idle, count)),
    }
}
