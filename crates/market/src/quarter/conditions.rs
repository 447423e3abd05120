//! What holds in a quarter: capacities, caps, duties, quotas, stocks and the state of demand.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::recipe::Activity;

use super::structure::Terms;
use crate::chain::{Chain, NodeIx};

/// Conditions of one quarter. Vectors are parallel to the chain's.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditions {
    /// Limit of each capacity.
    pub capacity: Vec<f64>,
    /// Largest level of a process, where the path sets one: what has been adopted of a new technique.
    pub process_caps: BTreeMap<usize, f64>,
    /// Largest flow of a route, where one is set.
    pub route_caps: BTreeMap<usize, f64>,
    /// Ad-valorem duty of a route on the price at its origin, where one is set.
    pub duty_rate: BTreeMap<usize, f64>,
    /// Mark-up of an exporter that restricts, ad valorem on the price at the route's origin.
    pub markup_rate: BTreeMap<usize, f64>,
    /// Duty and mark-up in USD/kg on the prices last seen.
    pub duty_paid: BTreeMap<usize, f64>,
    /// Scale of each segment's demand curve.
    pub demand_scale: Vec<f64>,
    /// Stock at each store at the start of the quarter.
    pub opening_stock: Vec<f64>,
    /// Price that holders of each store expect, USD/kg.
    pub expected_price: Vec<f64>,
    /// Scale of each store's target.
    pub cover_scale: Vec<f64>,
    /// Tonnes released into a node from strategic stocks.
    pub released: BTreeMap<NodeIx, f64>,
    /// Limit of each quota group.
    pub quotas: Vec<f64>,
    /// Largest use of a segment, where one is set.
    pub use_caps: BTreeMap<usize, f64>,
    /// Scale of the cost steps of processes whose capacity was extended.
    pub supply_scale: BTreeMap<usize, f64>,
    /// Price that the output of a process is topped up to, USD/kg, and the share of the quarter it is paid for.
    pub floors: BTreeMap<usize, (f64, f64)>,
    /// What is paid on top, USD/kg of level, on the prices last seen.
    pub top_up: BTreeMap<usize, f64>,
    /// Terms of each deal; missing ones are off.
    pub deals: Vec<Terms>,
}

impl Conditions {
    /// The base quarter: stocks at target, base prices expected, nothing restricted.
    #[must_use]
    pub fn base(chain: &Chain, quotas: usize) -> Self {
        Self {
            capacity: chain.capacities.iter().map(|c| c.base_limit).collect(),
            process_caps: untried(chain),
            route_caps: BTreeMap::new(),
            duty_rate: BTreeMap::new(),
            markup_rate: BTreeMap::new(),
            duty_paid: BTreeMap::new(),
            demand_scale: vec![1.0; chain.segments.len()],
            opening_stock: chain.stores.iter().map(|s| s.target).collect(),
            expected_price: chain
                .stores
                .iter()
                .map(|s| chain.nodes[s.node.index()].base_price)
                .collect(),
            cover_scale: vec![1.0; chain.stores.len()],
            released: BTreeMap::new(),
            quotas: vec![f64::INFINITY; quotas],
            use_caps: BTreeMap::new(),
            supply_scale: BTreeMap::new(),
            floors: BTreeMap::new(),
            top_up: BTreeMap::new(),
            deals: Vec::new(),
        }
    }

    /// Takes over what was paid on each route in a solved quarter, USD/kg.
    pub(crate) fn settle(&mut self, paid: &[f64]) {
        for (route, amount) in &mut self.duty_paid {
            *amount = paid[*route];
        }
        let rated = self.duty_rate.keys().chain(self.markup_rate.keys());
        let new: Vec<(usize, f64)> = rated.map(|r| (*r, paid[*r])).collect();
        self.duty_paid.extend(new);
    }

    /// Ad-valorem rate on a route: its duty and its exporter's mark-up.
    fn rate(&self, route: usize) -> f64 {
        let of = |rates: &BTreeMap<usize, f64>| rates.get(&route).copied().unwrap_or(0.0);
        of(&self.duty_rate) + of(&self.markup_rate)
    }

    /// Recomputes duties, mark-ups and top-ups on the prices of nodes, USD/kg; whether any changed by more than
    /// `tolerance`, relatively. `weight` is how far they move towards what the prices ask for.
    pub(super) fn follow_prices(
        &mut self,
        chain: &Chain,
        price: impl Fn(NodeIx) -> f64,
        weight: f64,
        tolerance: f64,
    ) -> bool {
        let mut changed = false;
        let mut settle = |paid: &mut f64, wanted: f64| {
            let gap = wanted - *paid;
            changed |= gap.abs() > tolerance * wanted.abs().max(1e-3);
            *paid += weight * gap;
        };
        let taxed: BTreeSet<usize> = self.duty_rate.keys().chain(self.markup_rate.keys()).copied().collect();
        for route in taxed {
            let wanted = self.rate(route) * price(chain.routes[route].from);
            settle(self.duty_paid.entry(route).or_default(), wanted);
        }
        for (process, (floor, covered)) in &self.floors {
            let paid = self.top_up.entry(*process).or_default();
            let outputs = chain.processes[*process].outputs.iter();
            let lacking = outputs.map(|(node, amount)| amount * (floor - price(*node)).max(0.0));
            settle(paid, covered * lacking.sum::<f64>());
        }
        changed
    }
}

/// Techniques that nobody uses yet: no level until the path adopts them.
fn untried(chain: &Chain) -> BTreeMap<usize, f64> {
    let processes = chain.processes.iter().enumerate();
    processes
        .filter(|(_, p)| matches!(p.activity, Activity::Diffuse(..)))
        .map(|(at, _)| (at, 0.0))
        .collect()
}
