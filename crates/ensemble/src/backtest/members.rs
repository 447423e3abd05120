//! The members of a hindcast: one path per draw of the priors, and what is kept of each.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::reconcile::{PlaceIx, in_blocs, reconcile, recoveries};
use monazite_evidence::{Dataset, Element};
use monazite_market::chain::{Chain, NodeIx, Settings, chain};
use monazite_market::path::{Behaviour, Path, Step, simulate};
use monazite_market::scenario::{Quarter, Scenario};
use rayon::prelude::*;

use super::priors::{Drift, Priors};
use super::{Experiment, SEED};
use crate::EnsembleError;
use crate::sample::{Method, Sampler};
use crate::world::licence_odds;

/// The place whose market is inside.
const CHINA: &str = "CHN";

/// What is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A separated oxide.
    Oxide(Element),
    /// A metal.
    Metal(Element),
}

impl Item {
    /// Its element.
    #[must_use]
    pub const fn element(self) -> Element {
        match self {
            Self::Oxide(e) | Self::Metal(e) => e,
        }
    }

    /// Its name, such as `Dy oxide`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Oxide(e) => format!("{} oxide", e.symbol()),
            Self::Metal(e) => format!("{} metal", e.symbol()),
        }
    }
}

/// Where a price is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// In China, ex works, without value-added tax.
    Inside,
    /// Outside China: free on board China, or international spot.
    Outside,
}

impl Zone {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
        }
    }
}

/// A price series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// What.
    pub item: Item,
    /// Where.
    pub zone: Zone,
}

/// China's exports of separated products in one quarter, tonnes and thousand USD at average prices.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shipped {
    pub tonnes: f64,
    pub kusd: f64,
}

/// What is kept of one path.
#[derive(Clone, Debug, Default)]
pub(super) struct Member {
    /// Base price of each series, and its quotes by quarter.
    pub quotes: BTreeMap<SeriesKey, (f64, Vec<f64>)>,
    /// Exports of cerium oxide, of other oxides, and of metals: base quarter, then quarters.
    pub exports: [(Shipped, Vec<Shipped>); 3],
}

/// All members.
#[derive(Clone, Debug)]
pub struct Ensemble {
    /// Quarters simulated.
    pub quarters: Vec<Quarter>,
    pub(super) members: Vec<Member>,
}

impl Ensemble {
    /// Simulates the draws of an experiment, on all cores, in the order of their numbers. `left_out` has what is known
    /// of one element's own users replaced by what is known of all others'.
    ///
    /// # Errors
    /// When the base year cannot be balanced or a path cannot be solved.
    pub fn simulate(
        dataset: &Dataset,
        experiment: Experiment,
        scenario: &Scenario,
        draws: usize,
        left_out: Option<Element>,
    ) -> Result<Self, EnsembleError> {
        let base = in_blocs(dataset, &reconcile(dataset, experiment.base_year())?)?;
        let recoveries = recoveries(dataset, &base);
        let priors = Priors::of(dataset);
        let sampler = Sampler::new(Method::Lhs, SEED, draws, priors.dimensions())?;
        let settings = Settings {
            horizon: experiment.horizon(),
            projects: scenario.projects(),
        };
        let mut scenario = scenario.clone();
        scenario.quarters = u32::try_from(experiment.quarters()).unwrap_or(scenario.quarters);
        let members: Vec<Result<Member, EnsembleError>> = (0..u32::try_from(draws).unwrap_or(u32::MAX))
            .into_par_iter()
            .map_init(
                || dataset.clone(),
                |desk, i| {
                    let drift = priors.write(&sampler.point(i), dataset, desk, experiment == Experiment::A);
                    let mut market = chain(desk, &base, &recoveries, settings.clone())?;
                    if let Some(element) = left_out {
                        market.pool_demand(desk, element)?;
                    }
                    apply_drift(&mut market, &drift);
                    let mut behaviour = Behaviour::from_dataset(desk)?;
                    behaviour.quota_leakage = drift.leakage;
                    let mut scenario = scenario.clone();
                    if experiment == Experiment::B {
                        licence_odds(&mut scenario, drift.odds);
                    }
                    Ok(member(&market, &simulate(&market, &scenario, behaviour)?))
                },
            )
            .collect();
        let members = members.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut quarters = Vec::new();
        let mut quarter = scenario.start;
        for _ in 0..experiment.quarters() {
            quarters.push(quarter);
            quarter = quarter.next();
        }
        Ok(Self { quarters, members })
    }

    /// Quotes of a series in a quarter, one per member.
    pub(super) fn quotes(&self, key: SeriesKey, quarter: Quarter) -> Vec<f64> {
        let Some(t) = self.quarters.iter().position(|q| *q == quarter) else {
            return Vec::new();
        };
        (self.members.iter())
            .filter_map(|m| m.quotes.get(&key)?.1.get(t).copied())
            .collect()
    }

    /// Every series the members have.
    pub(super) fn series(&self) -> Vec<SeriesKey> {
        self.members
            .first()
            .map(|m| m.quotes.keys().copied().collect())
            .unwrap_or_default()
    }
}

/// Growth of reference demand, by element of oxides and metals, and of magnets.
fn apply_drift(chain: &mut Chain, drift: &Drift) {
    let nodes: Vec<Product> = chain.nodes.iter().map(|n| n.product).collect();
    for segment in &mut chain.segments {
        let at = match nodes.get(segment.node.index()) {
            Some(Product::Oxide(e) | Product::Metal(e)) => e.index(),
            _ => Element::COUNT,
        };
        segment.trend = drift.demand.get(at).copied().unwrap_or(0.0);
    }
}

fn member(chain: &Chain, path: &Path) -> Member {
    let china = chain.place(CHINA);
    let mut member = Member::default();
    for (key, weights) in zones(chain, china) {
        let mean = |prices: &[f64]| -> f64 {
            weights
                .iter()
                .map(|(n, w)| w * prices.get(n.index()).copied().unwrap_or(0.0))
                .sum()
        };
        let quotes = path.steps.iter().map(|s| mean(&s.quote)).collect();
        member.quotes.insert(key, (mean(&path.base.price), quotes));
    }
    for (class, entry) in member.exports.iter_mut().enumerate() {
        let of = |flow: &[f64], price: &[f64]| shipped(chain, china, class, flow, price);
        entry.0 = of(&path.base.flow, &path.base.price);
        entry.1 = path
            .steps
            .iter()
            .map(|s: &Step| of(&s.outcome.flow, &s.average_price))
            .collect();
    }
    member
}

/// The nodes of each series with their weights: what users need there in the base quarter.
fn zones(chain: &Chain, china: Option<PlaceIx>) -> BTreeMap<SeriesKey, Vec<(NodeIx, f64)>> {
    let mut need: BTreeMap<NodeIx, f64> = BTreeMap::new();
    for segment in &chain.segments {
        *need.entry(segment.node).or_default() += segment.base;
    }
    for process in &chain.processes {
        for (node, amount) in &process.inputs {
            *need.entry(*node).or_default() += amount * process.base;
        }
    }
    let mut found: BTreeMap<SeriesKey, Vec<(NodeIx, f64)>> = BTreeMap::new();
    for (node, amount) in need.into_iter().filter(|(_, amount)| *amount > 0.0) {
        let at = &chain.nodes[node.index()];
        let item = match at.product {
            Product::Oxide(e) => Item::Oxide(e),
            Product::Metal(e) => Item::Metal(e),
            _ => continue,
        };
        let zone = if Some(at.place) == china {
            Zone::Inside
        } else {
            Zone::Outside
        };
        found.entry(SeriesKey { item, zone }).or_default().push((node, amount));
    }
    for weights in found.values_mut() {
        let sum: f64 = weights.iter().map(|(_, w)| w).sum();
        for (_, weight) in weights.iter_mut() {
            *weight /= sum;
        }
    }
    found
}

/// Exports of China by customs class: 0 cerium oxide, 1 other oxides, 2 metals. Values at what users pay on average
/// where the goods arrive.
fn shipped(chain: &Chain, china: Option<PlaceIx>, class: usize, flow: &[f64], price: &[f64]) -> Shipped {
    let mut sum = Shipped::default();
    for (route, quantity) in chain.routes.iter().zip(flow) {
        let of = match route.product {
            Product::Oxide(Element::Ce) => 0,
            Product::Oxide(_) => 1,
            Product::Metal(_) => 2,
            _ => continue,
        };
        if of == class && Some(route.origin) == china {
            sum.tonnes += quantity;
            sum.kusd += quantity * price.get(route.to.index()).copied().unwrap_or(0.0);
        }
    }
    sum
}
