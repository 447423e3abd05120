//! What a restricting exporter changes besides volumes: its mark-up, thin quotes outside, and what holders inside watch.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::product::Product;
use monazite_evidence::reconcile::PlaceIx;

use crate::chain::Chain;
use crate::quarter::{Conditions, Outcome, QuotaGroup};

/// A group's limit below this share of its base flow restricts it.
const RESTRICTS: f64 = 0.999;

/// The routes that an exporter holds below their base flow in a quarter, and who restricts what.
#[derive(Clone, Debug, Default)]
pub(super) struct Restriction {
    routes: Vec<usize>,
    /// Products that each restricting exporter holds back.
    inside: BTreeSet<(Product, PlaceIx)>,
    exporters: BTreeSet<PlaceIx>,
}

impl Restriction {
    /// Restrictions in force: capped routes, and all routes of quota groups that cannot carry their base flow.
    pub fn new(chain: &Chain, groups: &[QuotaGroup], conditions: &Conditions) -> Self {
        let mut routes: BTreeSet<usize> = (conditions.route_caps.iter())
            .filter(|(r, cap)| **cap < RESTRICTS * chain.routes[**r].base)
            .map(|(r, _)| *r)
            .collect();
        for (group, limit) in groups.iter().zip(&conditions.quotas) {
            let base: f64 = group
                .routes
                .iter()
                .map(|(r, weight)| weight * chain.routes[*r].base)
                .sum();
            if *limit < RESTRICTS * base {
                routes.extend(group.routes.iter().map(|(r, _)| *r));
            }
        }
        let routes: Vec<usize> = routes.into_iter().filter(|r| chain.routes[*r].base > 0.0).collect();
        let inside: BTreeSet<_> = routes
            .iter()
            .map(|r| (chain.routes[*r].product, chain.routes[*r].origin))
            .collect();
        let exporters = inside.iter().map(|(_, place)| *place).collect();
        Self {
            routes,
            inside,
            exporters,
        }
    }

    /// Whether a place restricts any of its exports.
    pub fn is_exporter(&self, place: PlaceIx) -> bool {
        self.exporters.contains(&place)
    }

    /// Mark-ups on the restricted routes: conduct times the exporter's share of what is used outside it.
    pub fn markups(
        &self,
        chain: &Chain,
        conduct: f64,
        shares: &BTreeMap<(Product, PlaceIx), f64>,
    ) -> BTreeMap<usize, f64> {
        if conduct <= 0.0 {
            return BTreeMap::new();
        }
        let of = |r: &usize| {
            let route = &chain.routes[*r];
            let share = shares.get(&(route.product, route.origin)).copied().unwrap_or(0.0);
            (*r, conduct * share)
        };
        self.routes.iter().map(of).collect()
    }

    /// How thin the trade of each restricted product is outside its exporter: one less arrivals over base arrivals.
    pub fn thinness(&self, chain: &Chain, outcome: &Outcome) -> BTreeMap<Product, f64> {
        let mut arrivals: BTreeMap<Product, (f64, f64)> = BTreeMap::new();
        for r in &self.routes {
            let entry = arrivals.entry(chain.routes[*r].product).or_default();
            entry.0 += outcome.flow[*r];
            entry.1 += chain.routes[*r].base;
        }
        arrivals
            .into_iter()
            .map(|(product, (flow, base))| (product, (1.0 - flow / base).clamp(0.0, 1.0)))
            .collect()
    }

    /// What is quoted outside: spot, and a premium where little of a restricted product is traded.
    pub fn quotes(&self, chain: &Chain, outcome: &Outcome, premium: f64) -> Vec<f64> {
        let thin = self.thinness(chain, outcome);
        let quote = |(node, price): (&crate::chain::Node, &f64)| {
            if self.is_exporter(node.place) {
                return *price;
            }
            price * (1.0 + premium * thin.get(&node.product).copied().unwrap_or(0.0))
        };
        chain.nodes.iter().zip(&outcome.price).map(quote).collect()
    }

    /// The price that holders at a node watch: their own, and inside an exporter that holds the product back also what
    /// its exports fetch, since stock kept today can leave tomorrow.
    pub fn watched(&self, chain: &Chain, outcome: &Outcome, node: crate::chain::NodeIx, weight: f64) -> f64 {
        let own = outcome.price[node.index()].max(LEAST_PRICE);
        let at = &chain.nodes[node.index()];
        if weight <= 0.0 || !self.inside.contains(&(at.product, at.place)) {
            return own;
        }
        let (mut value, mut volume) = (0.0, 0.0);
        for r in &self.routes {
            let route = &chain.routes[*r];
            if route.from == node {
                value += route.base * outcome.price[route.to.index()];
                volume += route.base;
            }
        }
        let outside = value / volume;
        if outside > own {
            own.powf(1.0 - weight) * outside.powf(weight)
        } else {
            own
        }
    }
}

/// Prices are followed in logs; below this, USD/kg, there is nothing to follow.
const LEAST_PRICE: f64 = 1e-3;

/// Share of each exporter in what is used of a product outside it in the base quarter, 0 to 1.
pub(super) fn export_shares(chain: &Chain) -> BTreeMap<(Product, PlaceIx), f64> {
    let mut exports: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
    for route in &chain.routes {
        *exports.entry((route.product, route.origin)).or_default() += route.base;
    }
    let mut used: BTreeMap<Product, BTreeMap<PlaceIx, f64>> = BTreeMap::new();
    let mut take = |node: crate::chain::NodeIx, amount: f64| {
        let node = &chain.nodes[node.index()];
        *used.entry(node.product).or_default().entry(node.place).or_default() += amount;
    };
    for segment in &chain.segments {
        take(segment.node, segment.base);
    }
    for process in &chain.processes {
        for (node, amount) in &process.inputs {
            take(*node, amount * process.base);
        }
    }
    exports
        .into_iter()
        .map(|((product, place), exported)| {
            let outside: f64 = used.get(&product).map_or(0.0, |at| {
                at.iter().filter(|(p, _)| **p != place).map(|(_, amount)| amount).sum()
            });
            let share = if outside > 0.0 {
                (exported / outside).min(1.0)
            } else {
                0.0
            };
            ((product, place), share)
        })
        .collect()
}
