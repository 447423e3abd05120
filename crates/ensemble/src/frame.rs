//! What is kept of every path: prices by zone, losses by place, shortages by product, place and quarter.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::reconcile::PlaceIx;
use monazite_market::chain::{Chain, NodeIx};
use monazite_market::path::Path;
use monazite_market::quarter::Outcome;
use monazite_market::result::SHORT_FROM;
use monazite_market::scenario::{Flows, Scenario};

/// Where prices count as inside when a scenario restricts no trade.
const QUOTED_ZONE: &str = "CHN";

/// One side of a restriction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// In the places that restrict.
    Inside,
    /// Everywhere else.
    Outside,
}

impl Zone {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
        }
    }
}

/// A price that is kept: of a product in a zone, weighted by what was needed there in the base quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Product.
    pub product: Product,
    /// Its name, such as `oxide:Dy`.
    pub name: String,
    /// Zone.
    pub zone: Zone,
    /// Places with their weights, which sum to 1.
    pub weights: Vec<(PlaceIx, f64)>,
}

/// Users of a product in a place.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Product.
    pub product: Product,
    /// Place.
    pub place: PlaceIx,
    /// Name of the product.
    pub name: String,
    /// Id of the place.
    pub place_id: String,
}

/// What of every path is kept. It is made once, from the best estimate, and is the same for all paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Names of the quarters.
    pub quarters: Vec<String>,
    /// Prices.
    pub series: Vec<Series>,
    /// Ids of the places, in the order of losses.
    pub places: Vec<String>,
    /// Users that may run short.
    pub users: Vec<User>,
    /// Ids of the places inside.
    pub inside: Vec<String>,
}

/// What is kept of one path.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Number of the path.
    pub path: u32,
    /// Spot price of every series, quarter by quarter: series times quarters, USD/kg.
    pub spot: Vec<f64>,
    /// The same for prices averaged with contracts.
    pub average: Vec<f64>,
    /// Base price of every series in this path's chain.
    pub base: Vec<f64>,
    /// Users' loss of surplus over the run by place, thousand USD.
    pub loss: Vec<f64>,
    /// Shortfall of every user, quarter by quarter: users times quarters, share of what is wanted.
    pub shortfall: Vec<f64>,
    /// Worst violation of the optimality conditions.
    pub worst_kkt: f64,
    /// Pivots of all quarters.
    pub pivots: u32,
    /// The multiple of every input.
    pub multiples: Vec<f64>,
}

impl Frame {
    /// What to keep of paths of a scenario on a chain like this one.
    #[must_use]
    pub fn new(chain: &Chain, base: &Outcome, scenario: &Scenario) -> Self {
        let inside = inside(chain, scenario);
        let need = need(chain, base);
        let mut series: BTreeMap<(Product, Zone), Vec<(PlaceIx, f64)>> = BTreeMap::new();
        for (node, quantity) in need.iter().filter(|(_, quantity)| **quantity > 0.0) {
            let node = &chain.nodes[node.index()];
            if matches!(node.product, Product::Oxide(_) | Product::Metal(_) | Product::Magnet(_)) {
                let zone = if inside.iter().any(|id| id == chain.place_id(node.place)) {
                    Zone::Inside
                } else {
                    Zone::Outside
                };
                series
                    .entry((node.product, zone))
                    .or_default()
                    .push((node.place, *quantity));
            }
        }
        let series = series.into_iter().map(|((product, zone), mut weights)| {
            let sum: f64 = weights.iter().map(|w| w.1).sum();
            for w in &mut weights {
                w.1 /= sum;
            }
            Series {
                product,
                name: chain.catalogue.name(product),
                zone,
                weights,
            }
        });
        let mut users: Vec<(Product, PlaceIx)> = chain
            .segments
            .iter()
            .map(|s| (chain.nodes[s.node.index()].product, chain.nodes[s.node.index()].place))
            .collect();
        users.sort_unstable();
        users.dedup();
        Self {
            quarters: scenario.timeline().map(|q| q.to_string()).collect(),
            series: series.collect(),
            places: chain.places.iter().map(|p| p.id.clone()).collect(),
            users: users
                .into_iter()
                .map(|(product, place)| User {
                    product,
                    place,
                    name: chain.catalogue.name(product),
                    place_id: chain.place_id(place).to_owned(),
                })
                .collect(),
            inside,
        }
    }

    /// Takes from a path what is kept of it.
    #[must_use]
    pub fn record(&self, path: u32, chain: &Chain, run: &Path, multiples: &[f64]) -> Record {
        let quarters = run.steps.len();
        let price = |series: &Series, prices: &[f64]| -> f64 {
            let at = |place| {
                chain
                    .node(series.product, place)
                    .and_then(|n| prices.get(n.index()).copied())
            };
            series
                .weights
                .iter()
                .filter_map(|(place, w)| Some(w * at(*place)?))
                .sum()
        };
        let mut spot = Vec::with_capacity(self.series.len() * quarters);
        let mut average = Vec::with_capacity(spot.capacity());
        for series in &self.series {
            spot.extend(run.steps.iter().map(|s| price(series, &s.outcome.price)));
            average.extend(run.steps.iter().map(|s| price(series, &s.average_price)));
        }
        Record {
            path,
            spot,
            average,
            base: self.series.iter().map(|s| price(s, &run.base.price)).collect(),
            loss: self.losses(chain, run),
            shortfall: self.shortfalls(chain, run),
            worst_kkt: run
                .steps
                .iter()
                .map(|s| s.outcome.report.kkt)
                .fold(run.base.report.kkt, f64::max),
            pivots: run.steps.iter().map(|s| s.outcome.report.iterations).sum(),
            multiples: multiples.to_vec(),
        }
    }

    fn losses(&self, chain: &Chain, run: &Path) -> Vec<f64> {
        let mut by_place = vec![0.0; self.places.len()];
        let surplus = |s: usize, o: &Outcome| o.users_value[s] - o.price[chain.segments[s].node.index()] * o.used[s];
        for (s, segment) in chain.segments.iter().enumerate() {
            let base = surplus(s, &run.base);
            let lost: f64 = run
                .steps
                .iter()
                .map(|q| base * q.reference[s] - surplus(s, &q.outcome))
                .sum();
            if let Some(sum) = by_place.get_mut(chain.nodes[segment.node.index()].place.index()) {
                *sum += lost;
            }
        }
        by_place
    }

    fn shortfalls(&self, chain: &Chain, run: &Path) -> Vec<f64> {
        let quarters = run.steps.len();
        let at: BTreeMap<(Product, PlaceIx), usize> = self
            .users
            .iter()
            .enumerate()
            .map(|(u, user)| ((user.product, user.place), u))
            .collect();
        let mut sums = vec![(0.0, 0.0); self.users.len() * quarters];
        for (s, segment) in chain.segments.iter().enumerate() {
            let node = &chain.nodes[segment.node.index()];
            // A user that only this draw has does not count; the frame is that of the best estimate.
            let Some(u) = at.get(&(node.product, node.place)) else {
                continue;
            };
            for (q, step) in run.steps.iter().enumerate() {
                let sum = &mut sums[u * quarters + q];
                sum.0 += segment.base * step.reference[s];
                sum.1 += step.outcome.used[s];
            }
        }
        sums.into_iter()
            .map(|(wanted, used)| if wanted > 0.0 { 1.0 - used / wanted } else { 0.0 })
            .collect()
    }

    /// Whether a shortfall counts as a shortage.
    #[must_use]
    pub fn is_short(shortfall: f64) -> bool {
        shortfall >= SHORT_FROM
    }
}

/// Places that restrict trade in a scenario, or the place that prices are quoted in.
fn inside(chain: &Chain, scenario: &Scenario) -> Vec<String> {
    let flows: Vec<&Flows> = scenario.events.iter().filter_map(|event| event.kind.flows()).collect();
    let mut inside: Vec<String> = Vec::new();
    for place in flows.iter().filter_map(|flows| flows.origin.only.as_ref()).flatten() {
        let id = chain
            .place_of_member(place.as_str())
            .map(|at| chain.place_id(at).to_owned());
        inside.extend(id.filter(|id| !inside.contains(id)));
    }
    if inside.is_empty() {
        inside.push(QUOTED_ZONE.to_owned());
    }
    inside
}

/// What users and plants take of every node in the base quarter.
fn need(chain: &Chain, base: &Outcome) -> BTreeMap<NodeIx, f64> {
    let mut need: BTreeMap<NodeIx, f64> = BTreeMap::new();
    for (segment, used) in chain.segments.iter().zip(&base.used) {
        *need.entry(segment.node).or_default() += used;
    }
    for (process, level) in chain.processes.iter().zip(&base.level) {
        for (node, amount) in &process.inputs {
            *need.entry(*node).or_default() += amount * level;
        }
    }
    need
}
