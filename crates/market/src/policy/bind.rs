//! Which routes, plants, users and nodes of a chain an event touches.

use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::{Element, GradeId, ViewPlace};

use super::content;
use crate::chain::{Chain, NodeIx, Process, Route};
use crate::quarter::{DealKind, Terms};
use crate::scenario::{Counted, Event, EventKind, Flows, Plants, ProductKind, Quarter, Stocked};

/// One event and the positions in the chain that it touches.
pub(super) struct Bound<'a> {
    pub event: &'a Event,
    /// Routes, with the share of their goods that is concerned; of a quota, what a unit counts.
    pub routes: Vec<(usize, f64)>,
    /// Segments that a regime shuts out, with the share of their supply that came under it.
    pub users: Vec<(usize, f64)>,
    /// Capacities, with the share of their base limit that is concerned.
    pub capacities: Vec<(usize, f64)>,
    /// Plants to come that are late: capacity and position among its additions.
    pub late: Vec<(usize, usize)>,
    pub segments: Vec<usize>,
    pub node: Option<NodeIx>,
    /// Processes whose output is topped up to a floor.
    pub floors: Vec<usize>,
    pub deal: Option<DealKind>,
}

pub(super) fn bind<'a>(chain: &Chain, event: &'a Event) -> Bound<'a> {
    let mut bound = Bound {
        event,
        routes: Vec::new(),
        users: Vec::new(),
        capacities: Vec::new(),
        late: Vec::new(),
        segments: Vec::new(),
        node: None,
        floors: Vec::new(),
        deal: None,
    };
    if let Some(flows) = event.kind.flows() {
        bound.routes = routes(chain, event, flows);
        if !flows.end_uses.is_all() {
            bound.users = users(chain, flows, &bound.routes);
        }
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
        EventKind::StockRelease { place, product, .. } => bound.node = node_of(chain, product, place),
        EventKind::StockPurchase { place, product, .. } => {
            bound.deal = node_of(chain, product, place).map(DealKind::Purchase);
        }
        EventKind::Offtake {
            origin,
            destination,
            product,
            ..
        } => bound.deal = route_of(chain, product, origin, destination).map(DealKind::Promise),
        EventKind::PriceFloor { places, products, .. } => {
            let products: Vec<Product> = products.iter().filter_map(|p| product_of(chain, p)).collect();
            let makes = |p: &Process| {
                !matches!(p.activity, Activity::FallBack(..))
                    && members(chain, p.place).any(|m| places.contains(&m))
                    && p.outputs
                        .iter()
                        .any(|(n, _)| products.contains(&chain.nodes[n.index()].product))
            };
            bound.floors = (0..chain.processes.len())
                .filter(|p| makes(&chain.processes[*p]))
                .collect();
        }
        EventKind::Delay { plants, .. } => bound.late = late(chain, plants, event),
        _ => {}
    }
    bound
}

impl Bound<'_> {
    /// Whether the event touches nothing.
    pub(super) fn is_idle(&self) -> bool {
        self.routes.is_empty()
            && self.capacities.is_empty()
            && self.segments.is_empty()
            && self.floors.is_empty()
            && self.late.is_empty()
            && self.node.is_none()
            && self.deal.is_none()
    }

    /// Terms of its deal in a quarter; none where it makes no deal.
    pub(super) fn terms(&self, quarter: Quarter) -> Option<Terms> {
        self.deal?;
        let usd_per_kg = match self.event.kind {
            EventKind::StockPurchase { most_usd_per_kg, .. } => most_usd_per_kg,
            EventKind::Offtake { penalty_usd_per_kg, .. } => penalty_usd_per_kg,
            _ => 0.0,
        };
        Some(Terms {
            usd_per_kg,
            tonnes: self.event.committed_tonnes(quarter),
        })
    }
}

/// Routes that an event on trade concerns, with the share of their goods: of a quota, what a unit counts.
fn routes(chain: &Chain, event: &Event, flows: &Flows) -> Vec<(usize, f64)> {
    let lanes = lanes(chain, flows);
    let on_lane = |r: &Route| lanes[r.origin.index()][r.destination.index()];
    let touched = (0..chain.routes.len())
        .filter(|r| on_lane(&chain.routes[*r]) && has_product(chain, flows, chain.routes[*r].product));
    match &event.kind {
        EventKind::Quota {
            counted: Counted::Reo, ..
        } => touched
            .map(|r| {
                let product = chain.routes[r].product;
                let content = |e: &Element| chain.catalogue.element_content(product, *e);
                (r, Element::ALL.iter().map(content).sum())
            })
            .collect(),
        EventKind::ContentRule { content_origin, .. } => {
            let share = content::share_from(chain, content_origin, &flows.elements);
            let abroad = |r: &usize| !members(chain, chain.routes[*r].origin).any(|m| content_origin.contains(&m));
            let concerned = touched.filter(abroad).map(|r| (r, share[chain.routes[r].from.index()]));
            concerned.filter(|(_, share)| *share > 0.0).collect()
        }
        _ if !flows.end_uses.is_all() => {
            let share = |r: usize| end_use_share(chain, flows, chain.routes[r].to);
            touched
                .map(|r| (r, share(r)))
                .filter(|(_, share)| *share > 0.0)
                .collect()
        }
        _ => touched.map(|r| (r, 1.0)).collect(),
    }
}

/// Share of what is taken at a node in the base quarter that goes to the end uses concerned.
fn end_use_share(chain: &Chain, flows: &Flows, node: NodeIx) -> f64 {
    let (mut concerned, mut all) = (0.0, 0.0);
    for segment in chain.segments.iter().filter(|s| s.node == node) {
        all += segment.base;
        if flows.end_uses.contains(&segment.end_use) {
            concerned += segment.base;
        }
    }
    for process in &chain.processes {
        let inputs = process.inputs.iter().filter(|(n, _)| *n == node);
        all += inputs.map(|(_, amount)| amount * process.base).sum::<f64>();
    }
    if all > 0.0 { concerned / all } else { 0.0 }
}

/// Segments of the end uses concerned, with the share of their supply that came over the routes concerned.
fn users(chain: &Chain, flows: &Flows, routes: &[(usize, f64)]) -> Vec<(usize, f64)> {
    let mut found = Vec::new();
    for (s, segment) in chain.segments.iter().enumerate() {
        if !flows.end_uses.contains(&segment.end_use) {
            continue;
        }
        let arriving = routes.iter().filter(|(r, _)| chain.routes[*r].to == segment.node);
        let concerned: f64 = arriving.map(|(r, _)| chain.routes[*r].base).sum();
        let all = content::arriving(chain)[segment.node.index()];
        if concerned > 0.0 && all > 0.0 {
            found.push((s, (concerned / all).min(1.0)));
        }
    }
    found
}

/// Plants to come that an event makes late: capacity and position among its additions.
fn late(chain: &Chain, plants: &Plants, event: &Event) -> Vec<(usize, usize)> {
    let first = Quarter::of(event.from);
    let last = event.until.map(Quarter::of);
    let mut found = Vec::new();
    for (c, capacity) in chain.capacities.iter().enumerate() {
        for (a, (id, (year, q), _)) in capacity.additions.iter().enumerate() {
            let start = u8::try_from(*q).ok().and_then(|q| Quarter::new(*year, q));
            let in_time = start.is_some_and(|start| start >= first && last.is_none_or(|last| start <= last));
            if in_time && members(chain, capacity.place).any(|m| plants.has(id, &m, capacity.stage)) {
                found.push((c, a));
            }
        }
    }
    found
}

fn node_of(chain: &Chain, product: &Stocked, place: &ViewPlace) -> Option<NodeIx> {
    chain.node(product_of(chain, product)?, chain.place_of_member(place.as_str())?)
}

fn route_of(chain: &Chain, product: &Stocked, origin: &ViewPlace, destination: &ViewPlace) -> Option<usize> {
    let product = product_of(chain, product)?;
    let (from, to) = (
        chain.place_of_member(origin.as_str())?,
        chain.place_of_member(destination.as_str())?,
    );
    let is = |r: &crate::chain::Route| r.product == product && r.origin == from && r.destination == to;
    chain.routes.iter().position(is)
}

pub(super) fn members(chain: &Chain, place: PlaceIx) -> impl Iterator<Item = ViewPlace> + '_ {
    chain.places[place.index()]
        .members
        .iter()
        .map(|m| ViewPlace::from(m.as_str()))
}

/// Between which places, from origin to destination, an event concerns trade.
fn lanes(chain: &Chain, flows: &Flows) -> Vec<Vec<bool>> {
    let all: Vec<Vec<ViewPlace>> = (0..chain.places.len())
        .map(|place| members(chain, PlaceIx(u16::try_from(place).unwrap_or(u16::MAX))).collect())
        .collect();
    let concerned = |from: &Vec<ViewPlace>, to: &Vec<ViewPlace>| {
        from.iter()
            .any(|origin| to.iter().any(|destination| flows.has_route(origin, destination)))
    };
    all.iter()
        .map(|from| all.iter().map(|to| concerned(from, to)).collect())
        .collect()
}

fn has_product(chain: &Chain, flows: &Flows, product: Product) -> bool {
    match product {
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

fn product_of(chain: &Chain, stocked: &Stocked) -> Option<Product> {
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
