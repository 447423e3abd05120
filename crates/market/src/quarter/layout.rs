//! Where each process, route, segment and store lies in the programme, and the programme's numbers.

use std::ops::Range;

use crate::chain::{Chain, Step, Store};
use crate::lp::{ColId, Problem, RowId, Sense};

use super::conditions::Conditions;
use super::structure::{Deal, DealKind, Structure, Terms};

/// Stock steps: width as a share of the target, and how far (1 to 0) the value lies from the expected
/// price to its convenience value at an empty store; beyond the target, widths only: what holding costs take off
/// stands with the store.
///
/// The first tonnes of cover are given up only in need; at the target the value crosses the expected
/// price; what lies beyond it is worth less by capital and storage.
const COVER: [(f64, f64); 4] = [(0.25, 1.0), (0.25, 0.6), (0.25, 0.3), (0.25, 0.06)];
const BEYOND: [f64; 3] = [0.5, 1.0, f64::INFINITY];
/// The same, coarser, for stores that hold little of the world's stock.
const SMALL_COVER: [(f64, f64); 2] = [(0.5, 0.6), (0.5, 0.06)];

fn cover(store: &Store) -> &'static [(f64, f64)] {
    if store.fine { &COVER } else { &SMALL_COVER }
}

fn beyond(store: &Store) -> impl Iterator<Item = (f64, f64)> + '_ {
    // Small stores keep the last step only: whatever is offered far below what they expect.
    let skipped = if store.fine { 0 } else { BEYOND.len() - 1 };
    BEYOND.iter().copied().zip(store.beyond).skip(skipped)
}

/// Columns and rows of a chain's programme.
#[derive(Clone, Debug)]
pub struct Layout {
    pub(super) processes: Vec<Range<usize>>,
    pub(super) routes: Vec<Range<usize>>,
    pub(super) segments: Vec<Range<usize>>,
    pub(super) stores: Vec<Range<usize>>,
    pub(super) deals: Range<usize>,
    columns: usize,
    structure: Structure,
}

/// One column's numbers.
pub(super) struct Column {
    pub cost: f64,
    pub upper: f64,
}

/// All numbers that conditions may change.
pub(super) struct Numbers {
    pub columns: Vec<Column>,
    pub rows: Vec<(f64, f64)>,
}

impl Layout {
    pub(super) fn new(chain: &Chain, structure: &Structure) -> Self {
        let mut at = 0;
        let mut take = |count: usize| {
            let range = at..at + count;
            at += count;
            range
        };
        let processes = chain.processes.iter().map(|p| take(p.steps.len())).collect();
        let routes = chain.routes.iter().map(|r| take(r.steps.len())).collect();
        let segments = chain.segments.iter().map(|s| take(s.steps.len())).collect();
        let stores = chain
            .stores
            .iter()
            .map(|s| take(cover(s).len() + beyond(s).count()))
            .collect();
        let deals = take(structure.deals.len());
        Self {
            processes,
            routes,
            segments,
            stores,
            deals,
            columns: at,
            structure: structure.clone(),
        }
    }

    /// The deals, in the order of their columns.
    #[must_use]
    pub fn deals(&self) -> &[Deal] {
        &self.structure.deals
    }

    /// Tonnes that a route carries under promises, at most.
    fn promised(&self, route: usize, terms: &[Terms]) -> f64 {
        let deals = self.structure.deals.iter().zip(terms);
        let here = deals.filter(|(deal, _)| deal.kind == DealKind::Promise(route));
        here.map(|(_, terms)| terms.tonnes).sum()
    }

    /// Row of a node's balance.
    #[must_use]
    pub fn balance_row(node: crate::chain::NodeIx) -> RowId {
        RowId(node.0)
    }

    /// Columns of a segment's demand curve, dearest step first.
    #[must_use]
    pub fn segment_columns(&self, segment: usize) -> Range<usize> {
        self.segments.get(segment).cloned().unwrap_or(0..0)
    }

    /// Columns of a route, cheapest step first.
    #[must_use]
    pub fn route_columns(&self, route: usize) -> Range<usize> {
        self.routes.get(route).cloned().unwrap_or(0..0)
    }

    /// Columns of a process, cheapest step first.
    #[must_use]
    pub fn process_columns(&self, process: usize) -> Range<usize> {
        self.processes.get(process).cloned().unwrap_or(0..0)
    }

    /// Row of a capacity.
    #[must_use]
    pub fn capacity_row(chain: &Chain, capacity: usize) -> RowId {
        RowId(row_id(chain.nodes.len() + capacity))
    }

    /// Row of a quota group.
    #[must_use]
    pub fn quota_row(chain: &Chain, group: usize) -> RowId {
        RowId(row_id(chain.nodes.len() + chain.capacities.len() + group))
    }

    /// The whole programme under given conditions, built anew.
    pub(super) fn problem(&self, chain: &Chain, conditions: &Conditions) -> Problem {
        let numbers = self.numbers(chain, conditions);
        let mut problem = Problem::new(Sense::Maximise);
        for column in &numbers.columns {
            problem.add_col(column.cost, 0.0, column.upper);
        }
        for (lower, upper) in &numbers.rows {
            problem.add_row(*lower, *upper);
        }
        self.entries(chain, &mut problem);
        problem
    }

    fn entries(&self, chain: &Chain, problem: &mut Problem) {
        let col = |i: usize| ColId(row_id(i));
        for (process, columns) in chain.processes.iter().zip(&self.processes) {
            for c in columns.clone() {
                for (node, amount) in &process.outputs {
                    problem.add_entry(Self::balance_row(*node), col(c), *amount);
                }
                for (node, amount) in &process.inputs {
                    problem.add_entry(Self::balance_row(*node), col(c), -amount);
                }
                if let Some((capacity, use_per_level)) = process.capacity {
                    problem.add_entry(Self::capacity_row(chain, capacity.index()), col(c), use_per_level);
                }
            }
        }
        for (route, columns) in chain.routes.iter().zip(&self.routes) {
            for c in columns.clone() {
                problem.add_entry(Self::balance_row(route.from), col(c), -1.0);
                problem.add_entry(Self::balance_row(route.to), col(c), 1.0);
            }
        }
        for (segment, columns) in chain.segments.iter().zip(&self.segments) {
            for c in columns.clone() {
                problem.add_entry(Self::balance_row(segment.node), col(c), -1.0);
            }
        }
        for (store, columns) in chain.stores.iter().zip(&self.stores) {
            for c in columns.clone() {
                problem.add_entry(Self::balance_row(store.node), col(c), -1.0);
            }
        }
        for (c, deal) in self.deals.clone().zip(&self.structure.deals) {
            match deal.kind {
                DealKind::Purchase(node) => problem.add_entry(Self::balance_row(node), col(c), -1.0),
                DealKind::Promise(route) => {
                    let route = &chain.routes[route];
                    problem.add_entry(Self::balance_row(route.from), col(c), -1.0);
                    problem.add_entry(Self::balance_row(route.to), col(c), 1.0);
                }
            }
        }
        for (group, quota) in self.structure.quotas.iter().enumerate() {
            let row = Self::quota_row(chain, group);
            for (route, weight) in &quota.routes {
                for c in self.routes[*route].clone() {
                    problem.add_entry(row, col(c), *weight);
                }
                // A promise is no way round a quota.
                for (c, deal) in self.deals.clone().zip(&self.structure.deals) {
                    if deal.kind == DealKind::Promise(*route) {
                        problem.add_entry(row, col(c), *weight);
                    }
                }
            }
        }
    }

    pub(super) fn numbers(&self, chain: &Chain, conditions: &Conditions) -> Numbers {
        let mut columns: Vec<Column> = Vec::with_capacity(self.columns);
        for (p, process) in chain.processes.iter().enumerate() {
            let scale = conditions.supply_scale.get(&p).copied().unwrap_or(1.0);
            let top_up = conditions.top_up.get(&p).copied().unwrap_or(0.0);
            let cap = conditions.process_caps.get(&p).copied().unwrap_or(f64::INFINITY);
            // The cap is on what is made, the steps are before the scale.
            capped(&process.steps, cap / scale, &mut |step, width| {
                columns.push(Column {
                    cost: top_up - step.value,
                    upper: width * scale,
                });
            });
        }
        for (r, route) in chain.routes.iter().enumerate() {
            let cap = conditions.route_caps.get(&r).copied().unwrap_or(f64::INFINITY);
            let cap = (cap - self.promised(r, &conditions.deals)).max(0.0);
            let surcharge = conditions.duty_paid.get(&r).copied().unwrap_or(0.0);
            capped(&route.steps, cap, &mut |step, width| {
                columns.push(Column {
                    cost: -(step.value + surcharge),
                    upper: width,
                });
            });
        }
        for (s, segment) in chain.segments.iter().enumerate() {
            let scale = conditions.demand_scale[s];
            let mut left = conditions.use_caps.get(&s).copied().unwrap_or(f64::INFINITY);
            columns.extend(segment.steps.iter().map(|step| {
                let upper = (step.width * scale).min(left);
                left -= upper;
                Column {
                    cost: step.value,
                    upper,
                }
            }));
        }
        for (i, store) in chain.stores.iter().enumerate() {
            let expected = conditions.expected_price[i];
            let width = store.target * conditions.cover_scale[i];
            let cover = cover(store)
                .iter()
                .map(|(share, height)| (*share, 1.0 + height * (store.convenience - 1.0)));
            columns.extend(cover.chain(beyond(store)).map(|(share, multiple)| Column {
                cost: expected * multiple,
                upper: width * share,
            }));
        }
        for (d, deal) in self.structure.deals.iter().enumerate() {
            let terms = conditions.deals.get(d).copied().unwrap_or_default();
            columns.push(match deal.kind {
                DealKind::Purchase(_) => Column {
                    cost: terms.usd_per_kg,
                    upper: terms.tonnes,
                },
                DealKind::Promise(route) => {
                    let duty = conditions.duty_paid.get(&route).copied().unwrap_or(0.0);
                    let cap = conditions.route_caps.get(&route).copied().unwrap_or(f64::INFINITY);
                    Column {
                        cost: promise_cost(chain, route, &terms, duty),
                        upper: terms.tonnes.min(cap),
                    }
                }
            });
        }
        Numbers {
            columns,
            rows: self.rows(chain, conditions),
        }
    }

    /// Costs of the columns that pay a duty or a mark-up, or whose output is topped up.
    pub(super) fn payments(&self, chain: &Chain, conditions: &Conditions) -> Vec<(ColId, f64)> {
        let col = |i: usize| ColId(row_id(i));
        let mut costs = Vec::new();
        for (p, top_up) in &conditions.top_up {
            let columns = self.processes[*p].clone().zip(&chain.processes[*p].steps);
            costs.extend(columns.map(|(c, step)| (col(c), top_up - step.value)));
        }
        for (r, paid) in &conditions.duty_paid {
            let columns = self.routes[*r].clone().zip(&chain.routes[*r].steps);
            costs.extend(columns.map(|(c, step)| (col(c), -(step.value + paid))));
        }
        for (d, deal) in self.structure.deals.iter().enumerate() {
            if let DealKind::Promise(route) = deal.kind
                && let Some(paid) = conditions.duty_paid.get(&route)
            {
                let terms = conditions.deals.get(d).copied().unwrap_or_default();
                let cost = promise_cost(chain, route, &terms, *paid);
                costs.push((col(self.deals.start + d), cost));
            }
        }
        costs
    }

    fn rows(&self, chain: &Chain, conditions: &Conditions) -> Vec<(f64, f64)> {
        let mut rows: Vec<(f64, f64)> = chain
            .nodes
            .iter()
            .map(|n| (0.0, if n.exact { 0.0 } else { f64::INFINITY }))
            .collect();
        for (store, opening) in chain.stores.iter().zip(&conditions.opening_stock) {
            rows[store.node.index()].0 -= opening;
        }
        for (node, tonnes) in &conditions.released {
            rows[node.index()].0 -= tonnes;
        }
        for (row, node) in rows.iter_mut().zip(&chain.nodes) {
            if node.exact {
                row.1 = row.0;
            }
        }
        rows.extend(conditions.capacity.iter().map(|limit| (f64::NEG_INFINITY, *limit)));
        rows.extend(conditions.quotas.iter().map(|limit| (f64::NEG_INFINITY, *limit)));
        debug_assert_eq!(conditions.quotas.len(), self.structure.quotas.len());
        rows
    }
}

/// What a promised delivery is worth, less freight and duty, USD/kg.
fn promise_cost(chain: &Chain, route: usize, terms: &Terms, duty: f64) -> f64 {
    let freight = chain.routes[route].steps.first().map_or(0.0, |step| step.value);
    terms.usd_per_kg - freight - duty
}

/// Cuts a step curve off at a total width.
fn capped(steps: &[Step], cap: f64, push: &mut dyn FnMut(&Step, f64)) {
    let mut left = cap;
    for step in steps {
        let width = step.width.min(left).max(0.0);
        left -= width;
        push(step, width);
    }
}

fn row_id(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}
