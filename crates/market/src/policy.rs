//! From a scenario's dated events to the conditions of each quarter.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::{GradeId, Stage, ViewPlace};

use crate::chain::{Chain, NodeIx, Route};
use crate::quarter::{Conditions, QuotaGroup};
use crate::scenario::{Event, EventKind, Flows, Plants, ProductKind, Quarter, Scenario, Stocked};

/// Quarters a new plant takes from first product to its nameplate.
const RAMP_QUARTERS: i32 = 4;

/// A scenario bound to a chain: which routes, plants, users and nodes each event touches.
pub struct Policy<'a> {
    chain: &'a Chain,
    bound: Vec<Bound<'a>>,
}

/// One event and the positions in the chain that it touches.
struct Bound<'a> {
    event: &'a Event,
    routes: Vec<usize>,
    /// Capacities, with the share of their base limit that is concerned.
    capacities: Vec<(usize, f64)>,
    segments: Vec<usize>,
    node: Option<NodeIx>,
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
            .filter(|b| b.routes.is_empty() && b.capacities.is_empty() && b.segments.is_empty() && b.node.is_none())
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
                routes: b.routes.iter().map(|r| (*r, 1.0)).collect(),
            })
            .collect()
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
            .filter(|b| b.event.covered(quarter) > 0.0 && b.routes.contains(&route))
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
                let base: f64 = b.routes.iter().map(|r| self.chain.routes[*r].base).sum();
                let free = (1.0 - b.event.covered(quarter)) * base;
                b.event
                    .quota_tonnes(quarter)
                    .map_or(f64::INFINITY, |tonnes| tonnes + free)
            })
            .collect();
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

    fn route_caps(&self, quarter: Quarter) -> BTreeMap<usize, f64> {
        let mut caps: BTreeMap<usize, f64> = BTreeMap::new();
        for b in self
            .bound
            .iter()
            .filter(|b| matches!(b.event.kind, EventKind::Ban(_) | EventKind::Licence { .. }))
        {
            if b.event.covered(quarter) <= 0.0 {
                continue;
            }
            let open = b.event.open_share(quarter);
            // All applications granted is no limit: a rebound above the base flow is allowed.
            if open >= 1.0 {
                continue;
            }
            for r in &b.routes {
                let cap = open * self.chain.routes[*r].base;
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
                for r in &b.routes {
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

fn bind<'a>(chain: &Chain, event: &'a Event) -> Bound<'a> {
    let mut bound = Bound {
        event,
        routes: Vec::new(),
        capacities: Vec::new(),
        segments: Vec::new(),
        node: None,
    };
    if let Some(flows) = event.kind.flows() {
        bound.routes = (0..chain.routes.len())
            .filter(|r| touches(chain, flows, &chain.routes[*r]))
            .collect();
    }
    match &event.kind {
        EventKind::Outage { plants, .. } | EventKind::Capacity { plants, .. } => {
            bound.capacities = capacities_of(chain, plants, matches!(event.kind, EventKind::Capacity { .. }));
        }
        EventKind::Demand { end_uses, places, .. } => {
            bound.segments = (0..chain.segments.len())
                .filter(|s| {
                    let segment = &chain.segments[*s];
                    let place = chain.nodes[segment.node.index()].place;
                    end_uses.contains(&segment.end_use) && members(chain, place).any(|m| places.contains(&m))
                })
                .collect();
        }
        EventKind::StockRelease { place, product, .. } => {
            bound.node = released_product(chain, product)
                .and_then(|p| chain.place_of_member(place.as_str()).and_then(|at| chain.node(p, at)));
        }
        _ => {}
    }
    bound
}

fn members(chain: &Chain, place: PlaceIx) -> impl Iterator<Item = ViewPlace> + '_ {
    chain.places[place.index()]
        .members
        .iter()
        .map(|m| ViewPlace::from(m.as_str()))
}

fn touches(chain: &Chain, flows: &Flows, route: &Route) -> bool {
    let on_route =
        members(chain, route.origin).any(|o| members(chain, route.destination).any(|d| flows.has_route(&o, &d)));
    on_route
        && match route.product {
            Product::Oxide(e) => flows.has_element(ProductKind::Oxide, e),
            Product::Metal(e) => flows.has_element(ProductKind::Metal, e),
            Product::Magnet(g) => {
                let grade = chain.catalogue.grade(g);
                flows.has_grade(&GradeId::from(grade.id.as_str()), &grade.content)
            }
            Product::Concentrate(f) => flows.has_feed(ProductKind::Concentrate, &chain.catalogue.feed(f).id),
            Product::Carbonate(f) => flows.has_feed(ProductKind::Carbonate, &chain.catalogue.feed(f).id),
            Product::HeavyConcentrate(f) => flows.has_feed(ProductKind::HeavyConcentrate, &chain.catalogue.feed(f).id),
            Product::InSolution(_) | Product::Swarf(_) => false,
        }
}

/// Capacities that plants belong to, with the share of the base limit the plants make up.
fn capacities_of(chain: &Chain, plants: &Plants, for_growth: bool) -> Vec<(usize, f64)> {
    let mut found = Vec::new();
    for (c, capacity) in chain.capacities.iter().enumerate() {
        let named: f64 = capacity
            .shares
            .iter()
            .filter(|(id, _)| members(chain, capacity.place).any(|m| plants.has(id, &m, capacity.stage)))
            .map(|(_, share)| share)
            .sum();
        let coming = capacity
            .additions
            .iter()
            .any(|(id, ..)| members(chain, capacity.place).any(|m| plants.has(id, &m, capacity.stage)));
        let whole = matches!(plants, Plants::At { places, stages }
            if stages.contains(&capacity.stage) && members(chain, capacity.place).any(|m| places.contains(&m)));
        if whole {
            found.push((c, 1.0));
        } else if named > 0.0 || (for_growth && coming) {
            found.push((c, named));
        }
    }
    found
}

fn released_product(chain: &Chain, stocked: &Stocked) -> Option<Product> {
    Some(match stocked {
        Stocked::Oxide(e) => Product::Oxide(*e),
        Stocked::Metal(e) => Product::Metal(*e),
        Stocked::Magnet(grade) => Product::Magnet(chain.catalogue.grade_by_id(grade.as_str())?),
        Stocked::Feed(kind, feed) => {
            let feed = chain.catalogue.feed_by_id(feed.as_str())?;
            match kind {
                ProductKind::Concentrate => Product::Concentrate(feed),
                ProductKind::Carbonate => Product::Carbonate(feed),
                ProductKind::HeavyConcentrate => Product::HeavyConcentrate(feed),
                _ => return None,
            }
        }
    })
}
