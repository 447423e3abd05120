//! What one quarter hands to the next: stocks, expectations, habits, contracts, orders.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::reconcile::PlaceIx;

use crate::chain::Chain;
use crate::quarter::{Conditions, Outcome, QuotaGroup};

use super::behaviour::{Behaviour, Hoarding};
use super::diffusion::Adoption;
use super::growth::Orders;
use super::restriction::{Restriction, export_shares};

/// The path between two quarters.
pub(super) struct State {
    pub conditions: Conditions,
    pub average_price: Vec<f64>,
    pub quote: Vec<f64>,
    /// Demand left after lasting substitution, as a multiple of the reference.
    habit: Vec<f64>,
    /// Spot prices of the last two quarters at each node, latest first.
    spot: [Vec<f64>; 2],
    /// Watched prices of the last two quarters at each store, latest first.
    watched: [Vec<f64>; 2],
    /// Price that each store has come to expect before any trend is drawn on.
    adapted: Vec<f64>,
    /// Days of panic cover at each store.
    panic: Vec<f64>,
    restriction: Restriction,
    shares: BTreeMap<(Product, PlaceIx), f64>,
    orders: Orders,
    adoption: Adoption,
    quarter: usize,
}

impl State {
    pub fn new(chain: &Chain, base: &Outcome, quotas: usize) -> Self {
        let conditions = Conditions::base(chain, quotas);
        let at_stores: Vec<f64> = chain
            .stores
            .iter()
            .map(|s| base.price[s.node.index()].max(1e-3))
            .collect();
        Self {
            average_price: base.price.clone(),
            quote: base.price.clone(),
            habit: vec![1.0; chain.segments.len()],
            spot: [base.price.clone(), base.price.clone()],
            watched: [at_stores.clone(), at_stores],
            adapted: conditions.expected_price.clone(),
            panic: vec![0.0; chain.stores.len()],
            restriction: Restriction::default(),
            shares: export_shares(chain),
            orders: Orders::new(chain),
            adoption: Adoption::new(chain),
            quarter: 0,
            conditions,
        }
    }

    /// Completes the conditions of a quarter that a policy has set: demand left, plants added, techniques adopted,
    /// mark-ups of exporters that restrict.
    pub fn enter(&mut self, chain: &Chain, groups: &[QuotaGroup], reference: &[f64], behaviour: &Behaviour) {
        self.conditions.demand_scale = self.habit.iter().zip(reference).map(|(h, r)| h * r).collect();
        for (limit, added) in self
            .conditions
            .capacity
            .iter_mut()
            .zip(self.orders.arrive(self.quarter))
        {
            *limit += added;
        }
        for limit in &mut self.conditions.quotas {
            *limit *= 1.0 + behaviour.quota_leakage;
        }
        self.conditions.process_caps = self.adoption.arrive(chain, self.quarter);
        self.restriction = Restriction::new(chain, groups, &self.conditions);
        self.conditions.markup_rate = self.restriction.markups(chain, behaviour.conduct, &self.shares);
    }

    /// Draws on a solved quarter.
    pub fn advance(&mut self, chain: &Chain, outcome: &Outcome, base: &Outcome, behaviour: &Behaviour) {
        self.conditions.opening_stock.clone_from(&outcome.stock);
        self.quote = self.restriction.quotes(chain, outcome, behaviour.thin_market_premium);
        self.expect(chain, outcome, behaviour);
        self.contract(outcome, behaviour);
        self.substitute(chain, behaviour);
        self.orders
            .place(chain, self.quarter, outcome, base, &behaviour.growth, &self.restriction);
        self.adoption.decide(chain, self.quarter, outcome, &behaviour.diffusion);
        self.quarter += 1;
    }

    /// Expected prices and panic cover from the prices that each store watches.
    fn expect(&mut self, chain: &Chain, outcome: &Outcome, behaviour: &Behaviour) {
        let watched: Vec<f64> = (chain.stores.iter())
            .map(|s| {
                self.restriction
                    .watched(chain, outcome, s.node, behaviour.outside_weight)
            })
            .collect();
        for (i, store) in chain.stores.iter().enumerate() {
            let now = watched[i];
            let adapted = &mut self.adapted[i];
            // In logs: a price that doubles and one that halves are equally surprising.
            let surprise = (now / *adapted).ln();
            if surprise.abs() > behaviour.noticed {
                *adapted *= (behaviour.expectation_weight * surprise).exp();
            }
            let rise = (now / self.watched[1][i]).ln();
            let trend = if rise.abs() > behaviour.noticed {
                rise / 2.0
            } else {
                0.0
            };
            self.conditions.expected_price[i] = *adapted * (behaviour.extrapolation * trend).exp();
            let place = chain.nodes[store.node.index()].place;
            let multiple = if self.restriction.is_exporter(place) {
                behaviour.hoarding.inside_multiple
            } else {
                1.0
            };
            let panic = &mut self.panic[i];
            *panic = panic_cover(rise, &behaviour.hoarding, multiple).max(*panic * (1.0 - behaviour.hoarding.decay));
            // Less than half a day is nobody's plan.
            if *panic < 0.5 {
                *panic = 0.0;
            }
            self.conditions.cover_scale[i] = if store.days > 0.0 {
                1.0 + *panic / store.days
            } else {
                1.0
            };
        }
        let last = std::mem::replace(&mut self.watched[0], watched);
        self.watched[1] = last;
    }

    /// Contracts follow spot by one to two quarters; most volume moves at their prices.
    fn contract(&mut self, outcome: &Outcome, behaviour: &Behaviour) {
        let late = (behaviour.contract_lag - 1.0).clamp(0.0, 1.0);
        self.average_price = (outcome.price.iter().zip(self.spot[0].iter().zip(&self.spot[1])))
            .map(|(spot, (last, before))| {
                let contract = (1.0 - late) * last + late * before;
                behaviour.contract_share * contract + (1.0 - behaviour.contract_share) * spot
            })
            .collect();
        let last = std::mem::replace(&mut self.spot[0], outcome.price.clone());
        self.spot[1] = last;
    }

    /// Users move towards their long-run demand, at a limited speed.
    fn substitute(&mut self, chain: &Chain, behaviour: &Behaviour) {
        let cap = behaviour.substitution_cap_per_year / 4.0;
        for (segment, habit) in chain.segments.iter().zip(&mut self.habit) {
            let n = segment.node.index();
            let relative = (self.average_price[n] / chain.nodes[n].base_price).max(1.0);
            let target = if relative.ln() > behaviour.noticed {
                relative.powf(-segment.long_run_elasticity)
            } else {
                1.0
            };
            let wanted = behaviour.demand_adjustment * (target.ln() - habit.ln());
            // The last hundredth of a way back is not worth a change of plans.
            *habit = if wanted > 0.0 && *habit > 0.995 {
                1.0
            } else {
                *habit * wanted.clamp(-cap, cap).exp()
            };
        }
    }
}

/// Days of cover sought beyond the usual when a price has risen by `rise` (log) in half a year.
fn panic_cover(rise: f64, hoarding: &Hoarding, multiple: f64) -> f64 {
    let width = (hoarding.full - hoarding.start).max(1e-6);
    hoarding.most_days * multiple * ((rise - hoarding.start) / width).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_cover_grows_with_the_rise_and_is_bounded() {
        let hoarding = Hoarding {
            most_days: 60.0,
            inside_multiple: 0.5,
            start: 0.1,
            full: 0.7,
            decay: 0.4,
        };
        assert!(panic_cover(0.05, &hoarding, 1.0).abs() < 1e-12);
        assert!((panic_cover(0.4, &hoarding, 1.0) - 30.0).abs() < 1e-9);
        assert!((panic_cover(3.0, &hoarding, 1.0) - 60.0).abs() < 1e-9);
        assert!((panic_cover(3.0, &hoarding, 0.5) - 30.0).abs() < 1e-9);
    }
}
