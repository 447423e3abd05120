//! What the market model has to beat: the last price, a random walk, and one market with one elasticity.

use std::collections::BTreeMap;

use monazite_evidence::{Dataset, Element};
use monazite_market::calibrate::behaviour;
use monazite_market::scenario::{Quarter, Scenario};

use super::Experiment;
use super::members::{Ensemble, Item, SeriesKey, Zone};
use super::truth::annual;
use crate::EnsembleError;
use crate::distribution::normal_quantile;

/// A forecast that needs no model of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rival {
    /// The base year's price for good.
    Last,
    /// The base year's price, with the spread of a random walk without drift.
    Walk,
    /// One world market of everything, with one elasticity.
    OneMarket,
}

impl Rival {
    /// All, in the order of scores.
    pub const ALL: [Self; 3] = [Self::Last, Self::Walk, Self::OneMarket];
}

/// Points of a forecast's sample.
const POINTS: u32 = 64;
/// Short-run elasticity of the one market: lowest, usual and highest of the end uses' priors.
const ELASTICITY: [f64; 3] = [0.1, 0.2, 0.4];
/// Averaging a random walk over a year takes a third off the variance of its change.
const ANNUAL_VARIANCE: f64 = 4.0 * 2.0 / 3.0;
/// Spread of a quarter's change where a base year has no year before it.
const USUAL_SPREAD: f64 = 0.2;

/// Forecasts of the rivals.
#[derive(Clone, Debug)]
pub(super) struct Rivals {
    last: BTreeMap<SeriesKey, f64>,
    start: Quarter,
    /// Spread of a quarter's log change before the window.
    spread: f64,
    /// Spread of quotes of one price.
    noise: f64,
    /// By quarter: what comes to the outside market against what it would take at base prices, median over members.
    supply: BTreeMap<Quarter, f64>,
}

impl Rivals {
    pub fn new(
        dataset: &Dataset,
        experiment: Experiment,
        scenario: &Scenario,
        ensemble: &Ensemble,
    ) -> Result<Self, EnsembleError> {
        let base = i16::try_from(experiment.base_year()).unwrap_or(i16::MAX);
        let last = (ensemble.series().into_iter())
            .filter_map(|key| {
                let own = annual(dataset, key, base);
                // A zone without quotes of its own stood at the model's base price, which took the other zone's.
                let model = ensemble.members.first().and_then(|m| Some(m.quotes.get(&key)?.0));
                Some((key, own.or(model)?))
            })
            .collect();
        let changes: Vec<f64> = (Element::ALL.iter())
            .filter_map(|e| {
                let key = SeriesKey {
                    item: Item::Oxide(*e),
                    zone: Zone::Outside,
                };
                Some((annual(dataset, key, base)? / annual(dataset, key, base - 1)?).ln())
            })
            .collect();
        #[allow(clippy::cast_precision_loss, reason = "a handful of elements")]
        let spread = if changes.len() >= 3 {
            (changes.iter().map(|c| c * c).sum::<f64>() / changes.len() as f64 / ANNUAL_VARIANCE).sqrt()
        } else {
            USUAL_SPREAD
        };
        let growth = if experiment == Experiment::B {
            0.0
        } else {
            behaviour(dataset, "demand_growth_after_2009_per_year")?
        };
        let supply = (ensemble.quarters.iter())
            .map(|q| (*q, supply(ensemble, *q, scenario.start, growth)))
            .collect();
        Ok(Self {
            last,
            start: scenario.start,
            spread,
            noise: behaviour(dataset, "quote_noise_log")?,
            supply,
        })
    }

    /// A sorted sample of log prices.
    pub fn predictive(&self, rival: Rival, key: SeriesKey, quarter: Quarter) -> Vec<f64> {
        let last = self.last.get(&key).copied().unwrap_or(1.0).ln();
        let normal = |k: u32| normal_quantile((f64::from(k) + 0.5) / f64::from(POINTS));
        let ahead = f64::from(quarter.since(self.start) + 1);
        let mut sample: Vec<f64> = match rival {
            Rival::Last => vec![last],
            Rival::Walk => {
                let spread = (self.spread.powi(2) * ahead + self.noise.powi(2)).sqrt();
                (0..POINTS).map(|k| last + spread * normal(k)).collect()
            }
            Rival::OneMarket => {
                let short = if key.zone == Zone::Outside {
                    self.supply.get(&quarter).copied().unwrap_or(1.0).ln()
                } else {
                    0.0
                };
                let [low, usual, high] = ELASTICITY;
                let elasticity = |u: f64| {
                    if u < 0.5 {
                        low + 2.0 * u * (usual - low)
                    } else {
                        usual + (2.0 * u - 1.0) * (high - usual)
                    }
                };
                (0..POINTS)
                    .flat_map(|k| {
                        let mid = last - short / elasticity((f64::from(k) + 0.5) / f64::from(POINTS));
                        (0..8).map(move |j| mid + self.noise * normal_quantile((f64::from(j) + 0.5) / 8.0))
                    })
                    .collect()
            }
        };
        sample.sort_unstable_by(f64::total_cmp);
        sample
    }
}

/// China's exports over what they would have been at base prices with demand growing: the one market sees no more.
fn supply(ensemble: &Ensemble, quarter: Quarter, start: Quarter, growth: f64) -> f64 {
    let Some(t) = ensemble.quarters.iter().position(|q| *q == quarter) else {
        return 1.0;
    };
    let mut ratios: Vec<f64> = (ensemble.members.iter())
        .filter_map(|m| {
            let base: f64 = m.exports.iter().map(|e| e.0.tonnes).sum();
            let now: f64 = m.exports.iter().filter_map(|e| e.1.get(t)).map(|s| s.tonnes).sum();
            (base > 0.0 && now > 0.0).then(|| now / base)
        })
        .collect();
    ratios.sort_unstable_by(f64::total_cmp);
    let years = f64::from(quarter.since(start) + 1) / 4.0;
    crate::bands::quantile(&ratios, 0.5).max(1e-3) / (1.0 + growth).powf(years)
}
