//! From a scenario's dated events to the conditions of each quarter.

use std::collections::BTreeMap;

use monazite_evidence::Stage;

use crate::chain::Chain;
use crate::quarter::{Conditions, Deal, QuotaGroup, Structure};
use crate::scenario::{EventKind, Quarter, Scenario};

use bind::{Bound, bind};

mod bind;
mod content;

/// Quarters a new plant takes from first product to its nameplate.
const RAMP_QUARTERS: i32 = 4;

/// A scenario bound to a chain: which routes, plants, users and nodes each event touches.
pub struct Policy<'a> {
    chain: &'a Chain,
    bound: Vec<Bound<'a>>,
}

impl<'a> Policy<'a> {
    /// Binds a scenario's events to a chain.
    #[must_use]
    pub fn new(chain: &'a Chain, scenario: &'a Scenario) -> Self {
        let bound = scenario.events.iter().map(|event| bind(chain, event)).collect();
        Self { chain, bound }
    }

    /// Events that touch nothing in this chain, with the reason: shown as warnings.
    #[must_use]
    pub fn idle_events(&self) -> Vec<String> {
        self.bound
            .iter()
            .filter(|b| b.is_idle())
            .map(|b| {
                format!(
                    "event `{}` ({}) touches no route, plant, user or stock of this chain",
                    b.event.id,
                    b.event.kind.word()
                )
            })
            .collect()
    }

    /// The quota groups of the scenario, in event order.
    #[must_use]
    pub fn quota_groups(&self) -> Vec<QuotaGroup> {
        self.quotas()
            .map(|b| QuotaGroup {
                event: b.event.id.clone(),
                routes: b.routes.clone(),
            })
            .collect()
    }

    /// All that the scenario adds to the structure of the chain's programme.
    #[must_use]
    pub fn structure(&self) -> Structure {
        let deal = |b: &Bound<'_>| {
            b.deal.map(|kind| Deal {
                event: b.event.id.clone(),
                kind,
            })
        };
        Structure {
            quotas: self.quota_groups(),
            deals: self.bound.iter().filter_map(deal).collect(),
        }
    }

    /// The price floors in force in a quarter: event and the process whose output is topped up.
    pub fn floors(&self, quarter: Quarter) -> impl Iterator<Item = (&str, usize)> {
        let in_force = self.bound.iter().filter(move |b| b.event.covered(quarter) > 0.0);
        in_force.flat_map(|b| b.floors.iter().map(|p| (b.event.id.as_str(), *p)))
    }

    /// The tariffs and export taxes in force in a quarter: event, its rate, and its routes.
    pub fn taxes(&self, quarter: Quarter) -> impl Iterator<Item = (&str, f64, &[(usize, f64)])> {
        let rated = self.bound.iter().map(move |b| (b, b.event.rate(quarter)));
        rated
            .filter(|(_, rate)| *rate != 0.0)
            .map(|(b, rate)| (b.event.id.as_str(), rate, b.routes.as_slice()))
    }

    fn quotas(&self) -> impl Iterator<Item = &Bound<'a>> {
        self.bound
            .iter()
            .filter(|b| matches!(b.event.kind, EventKind::Quota { .. }))
    }

    /// Ids of the events that cap or tax a route in a quarter.
    #[must_use]
    pub fn events_on_route(&self, route: usize, quarter: Quarter) -> Vec<&str> {
        self.bound
            .iter()
            .filter(|b| b.event.covered(quarter) > 0.0 && b.routes.iter().any(|(r, _)| *r == route))
            .map(|b| b.event.id.as_str())
            .collect()
    }

    /// Reference demand of every segment in a quarter, as a multiple of the base: demand events only.
    #[must_use]
    pub fn demand(&self, quarter: Quarter) -> Vec<f64> {
        let mut scale = vec![1.0; self.chain.segments.len()];
        for b in &self.bound {
            let factor = b.event.demand_factor(quarter);
            for s in &b.segments {
                scale[*s] *= factor;
            }
        }
        scale
    }

    /// Brings conditions to a quarter: capacities, caps, duties, quotas, releases. Stocks and demand are the path's.
    pub fn apply(&self, quarter: Quarter, conditions: &mut Conditions) {
        conditions.capacity = self.capacities(quarter);
        conditions.route_caps = self.route_caps(quarter);
        conditions.duty_rate = self.duties(quarter);
        conditions
            .duty_paid
            .retain(|route, _| conditions.duty_rate.contains_key(route));
        conditions.quotas = self
            .quotas()
            .map(|b| {
                // Days before and after the quota carry the base flow.
                let base: f64 = b.routes.iter().map(|(r, w)| w * self.chain.routes[*r].base).sum();
                let free = (1.0 - b.event.covered(quarter)) * base;
                b.event
                    .quota_tonnes(quarter)
                    .map_or(f64::INFINITY, |tonnes| tonnes + free)
            })
            .collect();
        conditions.use_caps = self.use_caps(quarter);
        conditions.supply_scale = self.supply_scale(quarter);
        conditions.floors = self.floors_by_process(quarter);
        conditions
            .top_up
            .retain(|process, _| conditions.floors.contains_key(process));
        conditions.deals = self.bound.iter().filter_map(|b| b.terms(quarter)).collect();
        conditions.released = BTreeMap::new();
        for b in &self.bound {
            let tonnes = b.event.released_tonnes(quarter);
            if let (Some(node), true) = (b.node, tonnes > 0.0) {
                *conditions.released.entry(node).or_default() += tonnes;
            }
        }
    }

    fn capacities(&self, quarter: Quarter) -> Vec<f64> {
        let mut limits: Vec<f64> = self
            .chain
            .capacities
            .iter()
            .map(|c| {
                c.base_limit
                    + c.additions
                        .iter()
                        .map(|(_, start, full)| full * ramp(*start, quarter))
                        .sum::<f64>()
            })
            .collect();
        self.delay(quarter, &mut limits);
        for b in &self.bound {
            let available = b.event.available_share(quarter);
            let extra = b.event.extra_tonnes(quarter);
            for (c, share) in &b.capacities {
                let capacity = &self.chain.capacities[*c];
                // Of a plant, a share of what it could do; of a mine, a share of what it did: a mine at two thirds of
                // its nameplate that loses half its working does not make it up overnight.
                let whole = if capacity.stage == Stage::Mine && available < 1.0 {
                    capacity.base_level.min(limits[*c])
                } else {
                    limits[*c]
                };
                limits[*c] = (1.0 - share) * limits[*c] + share * available * whole;
            }
            for (c, _) in &b.capacities {
                limits[*c] += extra;
            }
        }
        limits
    }

    /// Takes back what plants would have added that come late.
    fn delay(&self, quarter: Quarter, limits: &mut [f64]) {
        let mut late: BTreeMap<(usize, usize), i32> = BTreeMap::new();
        for b in &self.bound {
            let quarters = i32::try_from(b.event.delay_quarters()).unwrap_or(0);
            for (c, addition) in &b.late {
                *late.entry((*c, *addition)).or_default() += quarters;
            }
        }
        for ((c, addition), quarters) in late {
            let (_, start, full) = &self.chain.capacities[c].additions[addition];
            limits[c] -= full * (ramp(*start, quarter) - ramp(*start, quarter - quarters));
        }
    }

    /// How much wider the cost steps of processes are whose capacity was extended: the new part costs what the old does.
    fn supply_scale(&self, quarter: Quarter) -> BTreeMap<usize, f64> {
        let mut extra: BTreeMap<usize, f64> = BTreeMap::new();
        for b in &self.bound {
            let tonnes = b.event.extra_tonnes(quarter);
            for (c, _) in b.capacities.iter().filter(|_| tonnes > 0.0) {
                *extra.entry(*c).or_default() += tonnes;
            }
        }
        let mut scale = BTreeMap::new();
        for (p, process) in self.chain.processes.iter().enumerate() {
            let Some((c, _)) = process.capacity else { continue };
            let ran = self.chain.capacities[c.index()].base_level;
            if let Some(tonnes) = extra.get(&c.index()).filter(|_| process.base > 0.0 && ran > 0.0) {
                scale.insert(p, 1.0 + tonnes / ran);
            }
        }
        scale
    }

    /// What users may take at most where a regime shuts out end uses: the part that never came from under it.
    fn use_caps(&self, quarter: Quarter) -> BTreeMap<usize, f64> {
        let mut caps: BTreeMap<usize, f64> = BTreeMap::new();
        if self.bound.iter().all(|b| b.users.is_empty()) {
            return caps;
        }
        let demand = self.demand(quarter);
        for b in &self.bound {
            let shut = 1.0 - b.event.open_share(quarter);
            for (s, share) in b.users.iter().filter(|_| shut > 0.0) {
                let cap = self.chain.segments[*s].base * demand[*s] * (1.0 - share * shut).max(0.0);
                caps.entry(*s).and_modify(|c| *c = c.min(cap)).or_insert(cap);
            }
        }
        caps
    }

    /// The floor of each process in a quarter and the share of the quarter it is paid for.
    fn floors_by_process(&self, quarter: Quarter) -> BTreeMap<usize, (f64, f64)> {
        let mut floors: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for b in &self.bound {
            let EventKind::PriceFloor { usd_per_kg, .. } = b.event.kind else {
                continue;
            };
            let covered = b.event.covered(quarter);
            for p in b.floors.iter().filter(|_| covered > 0.0) {
                let higher = floors.get(p).is_none_or(|(floor, _)| usd_per_kg > *floor);
                if higher {
                    floors.insert(*p, (usd_per_kg, covered));
                }
            }
        }
        floors
    }

    fn route_caps(&self, quarter: Quarter) -> BTreeMap<usize, f64> {
        let mut caps: BTreeMap<usize, f64> = BTreeMap::new();
        for b in self.bound.iter().filter(|b| {
            matches!(
                b.event.kind,
                EventKind::Ban(_) | EventKind::Licence { .. } | EventKind::ContentRule { .. }
            )
        }) {
            if b.event.covered(quarter) <= 0.0 {
                continue;
            }
            let open = b.event.open_share(quarter);
            // All applications granted is no limit: a rebound above the base flow is allowed.
            if open >= 1.0 {
                continue;
            }
            for (r, concerned) in &b.routes {
                let cap = (1.0 - concerned * (1.0 - open)).max(0.0) * self.chain.routes[*r].base;
                caps.entry(*r).and_modify(|c| *c = c.min(cap)).or_insert(cap);
            }
        }
        caps
    }

    fn duties(&self, quarter: Quarter) -> BTreeMap<usize, f64> {
        let mut rates: BTreeMap<usize, f64> = BTreeMap::new();
        for b in &self.bound {
            let rate = b.event.rate(quarter);
            if rate != 0.0 {
                for (r, _) in &b.routes {
                    *rates.entry(*r).or_default() += rate;
                }
            }
        }
        rates
    }
}

/// Share of nameplate that a plant starting in a quarter has reached.
fn ramp(start: (i16, i8), now: Quarter) -> f64 {
    let age = (i32::from(now.year()) - i32::from(start.0)) * 4 + i32::from(now.q()) - i32::from(start.1);
    if age < 0 {
        0.0
    } else {
        f64::from((age + 1).min(RAMP_QUARTERS)) / f64::from(RAMP_QUARTERS)
    }
}
