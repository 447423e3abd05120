//! Proper scores of a hindcast, series by series, and what they add up to.

use std::collections::BTreeMap;

use monazite_evidence::table::Hs;
use monazite_evidence::{Dataset, SourceId};
use monazite_market::calibrate::behaviour;
use monazite_market::scenario::{Quarter, Scenario};

use super::Experiment;
use super::members::{Ensemble, Item, SeriesKey, Zone};
use super::rivals::{Rival, Rivals};
use super::truth::{Truth, exports};
use crate::EnsembleError;
use crate::bands::quantile;
use crate::distribution::normal_quantile;

/// Normal offsets that stand for what lies between a member and a quote.
const OFFSETS: u32 = 8;

/// A band of predictions, USD/kg.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// When.
    pub quarter: Quarter,
    /// 10, 25, 50, 75 and 90 % of predictions lie below.
    pub quantiles: [f64; 5],
}

/// One observed price against what was predicted.
#[derive(Clone, Debug, PartialEq)]
pub struct PointScore {
    /// When.
    pub quarter: Quarter,
    /// What was observed, USD/kg.
    pub observed: f64,
    /// Middle of the predictions, USD/kg.
    pub median: f64,
    /// Continuous ranked probability score of log prices: the market model, then each rival in the order of `Rival::ALL`.
    pub crps: [f64; 4],
    /// Whether it lies in the middle 80 % of predictions.
    pub covered: bool,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
}

/// Scores of one series.
#[derive(Clone, Debug)]
pub struct Score {
    /// Which.
    pub key: SeriesKey,
    /// Base price, USD/kg.
    pub base: f64,
    /// Predicted bands, every quarter.
    pub bands: Vec<Band>,
    /// Observed quarters.
    pub points: Vec<PointScore>,
    /// The peak, where there are quotes enough to speak of one.
    pub peak: Option<Peak>,
}

/// A peak observed and predicted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peak {
    /// Highest quote, USD/kg, and its quarter.
    pub observed: (f64, Quarter),
    /// Median over members of their highest price, and of its quarter.
    pub predicted: (f64, Quarter),
    /// Quarters from the peak until the price has halved, observed (between quotes in a straight line of logs).
    pub half_life: Option<f64>,
    /// The same, median over members that halve in the window.
    pub predicted_half_life: Option<f64>,
}

impl Peak {
    /// How far the predicted peak is off, as a factor above 1.
    #[must_use]
    pub fn factor(&self) -> f64 {
        (self.predicted.0 / self.observed.0).ln().abs().exp()
    }

    /// By how many quarters the predicted peak is late; negative when early.
    #[must_use]
    pub fn late(&self) -> i32 {
        self.predicted.1.since(self.observed.1)
    }
}

/// The gap between the two zones at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// What.
    pub item: Item,
    /// When.
    pub quarter: Quarter,
    /// Outside and inside as observed, USD/kg.
    pub observed: (f64, f64),
    /// The ratio, 10, 50 and 90 % of predictions.
    pub predicted: [f64; 3],
}

/// China's exports in a year against what was predicted, as multiples of the base year.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Which goods.
    pub what: &'static str,
    /// The year.
    pub year: u16,
    /// Whether it is a mean price rather than a quantity.
    pub is_price: bool,
    /// As observed.
    pub observed: f64,
    /// 10, 50 and 90 % of predictions.
    pub predicted: [f64; 3],
}

/// All scores of an experiment.
#[derive(Clone, Debug)]
pub struct Card {
    /// Which.
    pub experiment: Experiment,
    /// Draws.
    pub draws: usize,
    /// Series by series.
    pub scores: Vec<Score>,
    /// Gaps between the zones.
    pub gaps: Vec<Gap>,
    /// Export volumes and volume-weighted prices.
    pub volumes: Vec<Volume>,
    /// Rank correlation between elements of peak multiples outside, observed and predicted.
    pub rank_of_peaks: Option<f64>,
}

impl Card {
    /// Points of a zone, or of all.
    pub fn points(&self, zone: Option<Zone>) -> impl Iterator<Item = &PointScore> {
        let of = move |s: &&Score| zone.is_none_or(|z| s.key.zone == z);
        self.scores.iter().filter(of).flat_map(|s| &s.points)
    }

    /// Mean score over points of a zone: the market model (0) or a rival (1 to 3).
    #[must_use]
    pub fn crps(&self, zone: Option<Zone>, which: usize) -> Option<f64> {
        mean(self.points(zone).filter_map(|p| p.crps.get(which).copied()))
    }

    /// Share of points in the middle 80 %.
    #[must_use]
    pub fn coverage(&self, zone: Option<Zone>) -> Option<f64> {
        mean(self.points(zone).map(|p| f64::from(u8::from(p.covered))))
    }

    /// Peaks outside, or inside.
    pub fn peaks(&self, zone: Zone) -> impl Iterator<Item = (&Score, &Peak)> {
        self.scores
            .iter()
            .filter(move |s| s.key.zone == zone)
            .filter_map(|s| Some((s, s.peak.as_ref()?)))
    }

    /// Median factor by which peaks of a zone are off.
    #[must_use]
    pub fn peak_factor(&self, zone: Zone) -> Option<f64> {
        median(self.peaks(zone).map(|(_, p)| p.factor()).collect())
    }

    /// Share of peaks of a zone within one quarter.
    #[must_use]
    pub fn peaks_in_time(&self, zone: Zone) -> Option<f64> {
        mean(self.peaks(zone).map(|(_, p)| f64::from(u8::from(p.late().abs() <= 1))))
    }
}

/// A predictive sample of log prices: every member, widened by what the model leaves out and by how quotes differ.
pub(super) fn predictive(members: &[f64], spread: f64) -> Vec<f64> {
    let offset = |k: u32| normal_quantile((f64::from(k) + 0.5) / f64::from(OFFSETS)) * spread;
    let mut sample: Vec<f64> = (members.iter())
        .filter(|m| **m > 0.0)
        .flat_map(|m| (0..OFFSETS).map(move |k| m.ln() + offset(k)))
        .collect();
    sample.sort_unstable_by(f64::total_cmp);
    sample
}

/// Continuous ranked probability score of a sorted sample: E|X − y| − ½ E|X − X′|.
#[must_use]
pub fn crps(sorted: &[f64], observed: f64) -> f64 {
    let n = count(sorted.len());
    let near: f64 = sorted.iter().map(|x| (x - observed).abs()).sum::<f64>() / n;
    // Σ over pairs |xi − xj| of a sorted sample = 2 Σ (2i − n + 1) xi.
    let apart: f64 = sorted
        .iter()
        .enumerate()
        .map(|(i, x)| (2.0 * count(i) - n + 1.0) * x)
        .sum();
    near - apart / (n * n)
}

/// Spearman's rank correlation; ties take their mean rank.
#[must_use]
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let ranks = |of: &dyn Fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let all: Vec<f64> = pairs.iter().map(of).collect();
        all.iter()
            .map(|x| {
                let below = all.iter().filter(|y| *y < x).count();
                let same = all.iter().filter(|y| (*y - x).abs() < 1e-12).count();
                count(below) + f64::midpoint(count(same), 1.0)
            })
            .collect()
    };
    let (a, b) = (ranks(&|p| p.0), ranks(&|p| p.1));
    let middle = |v: &[f64]| v.iter().sum::<f64>() / count(v.len());
    let (ma, mb) = (middle(&a), middle(&b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(&b) {
        ab += (x - ma) * (y - mb);
        aa += (x - ma).powi(2);
        bb += (y - mb).powi(2);
    }
    (aa * bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

/// Scores an ensemble against what happened.
pub(super) fn card(
    dataset: &Dataset,
    experiment: Experiment,
    scenario: &Scenario,
    ensemble: &Ensemble,
    truth: &Truth,
) -> Result<Card, EnsembleError> {
    let spread = behaviour(dataset, "model_discrepancy_log")?.hypot(behaviour(dataset, "quote_noise_log")?);
    let rivals = Rivals::new(dataset, experiment, scenario, ensemble)?;
    let mut scores: Vec<Score> = Vec::new();
    for key in ensemble.series() {
        let points = (truth.points.iter().filter(|p| p.key == key))
            .map(|p| {
                let sample = predictive(&ensemble.quotes(key, p.quarter), spread);
                let observed = p.usd_per_kg.ln();
                let mut all = [crps(&sample, observed); 4];
                for (slot, rival) in all.iter_mut().skip(1).zip(Rival::ALL) {
                    *slot = crps(&rivals.predictive(rival, key, p.quarter), observed);
                }
                PointScore {
                    quarter: p.quarter,
                    observed: p.usd_per_kg,
                    median: quantile(&sample, 0.5).exp(),
                    crps: all,
                    covered: (quantile(&sample, 0.1)..=quantile(&sample, 0.9)).contains(&observed),
                    sources: p.sources.clone(),
                }
            })
            .collect::<Vec<_>>();
        let bands = (ensemble.quarters.iter())
            .map(|quarter| {
                let sample = predictive(&ensemble.quotes(key, *quarter), spread);
                Band {
                    quarter: *quarter,
                    quantiles: [0.1, 0.25, 0.5, 0.75, 0.9].map(|q| quantile(&sample, q).exp()),
                }
            })
            .collect();
        let base = median(
            ensemble
                .members
                .iter()
                .filter_map(|m| Some(m.quotes.get(&key)?.0))
                .collect(),
        );
        scores.push(Score {
            key,
            base: base.unwrap_or(0.0),
            bands,
            peak: peak(ensemble, key, &points),
            points,
        });
    }
    Ok(Card {
        experiment,
        draws: ensemble.members.len(),
        gaps: gaps(ensemble, &scores),
        volumes: volumes(dataset, experiment, ensemble)?,
        rank_of_peaks: rank_of_peaks(&scores),
        scores,
    })
}

/// A peak needs this many quotes, spread over a rise and a fall.
const PEAK_POINTS: usize = 4;

fn peak(ensemble: &Ensemble, key: SeriesKey, points: &[PointScore]) -> Option<Peak> {
    let highest = points.iter().max_by(|a, b| a.observed.total_cmp(&b.observed))?;
    let inside = points.first()?.quarter < highest.quarter && highest.quarter < points.last()?.quarter;
    if points.len() < PEAK_POINTS || !inside {
        return None;
    }
    let (mut sizes, mut times, mut halves) = (Vec::new(), Vec::new(), Vec::new());
    for member in &ensemble.members {
        let quotes = &member.quotes.get(&key)?.1;
        let (at, top) = quotes.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        sizes.push(top);
        times.push(count(at));
        if let Some(after) = quotes.iter().skip(at).position(|q| *q <= 0.5 * top) {
            halves.push(count(after));
        }
    }
    let at = median(times)?.round();
    let when = ensemble.quarters.iter().enumerate().find(|(i, _)| count(*i) >= at)?.1;
    Some(Peak {
        observed: (highest.observed, highest.quarter),
        predicted: (median(sizes)?, *when),
        half_life: observed_half_life(points, highest),
        predicted_half_life: median(halves),
    })
}

/// Quarters from the highest quote until half of it, between quotes in a straight line of logarithms.
fn observed_half_life(points: &[PointScore], highest: &PointScore) -> Option<f64> {
    let half = (0.5 * highest.observed).ln();
    let after: Vec<(f64, f64)> = (points.iter())
        .filter(|p| p.quarter >= highest.quarter)
        .map(|p| (f64::from(p.quarter.since(highest.quarter)), p.observed.ln()))
        .collect();
    after.windows(2).find(|w| w[1].1 <= half).map(|w| {
        let ((t0, p0), (t1, p1)) = (w[0], w[1]);
        if (p0 - p1).abs() < 1e-12 {
            t1
        } else {
            t0 + (t1 - t0) * (p0 - half) / (p0 - p1)
        }
    })
}

fn gaps(ensemble: &Ensemble, scores: &[Score]) -> Vec<Gap> {
    let mut found = Vec::new();
    for outside in scores.iter().filter(|s| s.key.zone == Zone::Outside) {
        let key = SeriesKey {
            zone: Zone::Inside,
            ..outside.key
        };
        let Some(inside) = scores.iter().find(|s| s.key == key) else {
            continue;
        };
        for p in &outside.points {
            let Some(other) = inside.points.iter().find(|q| q.quarter == p.quarter) else {
                continue;
            };
            let mut ratios: Vec<f64> = (ensemble.quotes(outside.key, p.quarter).iter())
                .zip(ensemble.quotes(key, p.quarter))
                .map(|(o, i)| o / i.max(1e-3))
                .collect();
            ratios.sort_unstable_by(f64::total_cmp);
            found.push(Gap {
                item: outside.key.item,
                quarter: p.quarter,
                observed: (p.observed, other.observed),
                predicted: [0.1, 0.5, 0.9].map(|q| quantile(&ratios, q)),
            });
        }
    }
    found
}

/// Customs classes: heading, position among a member's exports, and words.
const CLASSES: [(Hs, usize, &str); 3] = [
    (Hs::CeriumCompounds, 0, "cerium compounds"),
    (Hs::RareEarthCompounds, 1, "other compounds"),
    (Hs::RareEarthMetals, 2, "metals"),
];

/// Volumes and volume-weighted prices of China's exports, as multiples of the base year's: customs weigh goods, the
/// model oxides, so levels do not compare.
fn volumes(dataset: &Dataset, experiment: Experiment, ensemble: &Ensemble) -> Result<Vec<Volume>, EnsembleError> {
    let mut found = Vec::new();
    let mut years: Vec<i16> = ensemble.quarters.iter().map(|q| q.year()).collect();
    years.dedup();
    for (hs, class, what) in CLASSES {
        let base = exports(dataset, hs, experiment.base_year())?;
        for year in &years {
            let Ok(calendar) = u16::try_from(*year) else { continue };
            let now = exports(dataset, hs, calendar)?;
            if now.tonnes <= 0.0 || base.tonnes <= 0.0 {
                continue;
            }
            let at: Vec<usize> = (0..ensemble.quarters.len())
                .filter(|t| ensemble.quarters[*t].year() == *year)
                .collect();
            if at.len() < 4 {
                continue;
            }
            let (mut tonnes, mut prices) = (Vec::new(), Vec::new());
            for member in &ensemble.members {
                let (before, quarters) = &member.exports[class];
                let sum = at
                    .iter()
                    .filter_map(|t| quarters.get(*t))
                    .fold((0.0, 0.0), |s, q| (s.0 + q.tonnes, s.1 + q.kusd));
                if before.tonnes > 0.0 && sum.0 > 0.0 {
                    tonnes.push(sum.0 / (4.0 * before.tonnes));
                    prices.push((sum.1 / sum.0) / (before.kusd / before.tonnes));
                }
            }
            for (is_price, mut values, observed) in [
                (false, tonnes, now.tonnes / base.tonnes),
                (true, prices, (now.kusd / now.tonnes) / (base.kusd / base.tonnes)),
            ] {
                values.sort_unstable_by(f64::total_cmp);
                found.push(Volume {
                    what,
                    year: calendar,
                    is_price,
                    observed,
                    predicted: [0.1, 0.5, 0.9].map(|q| quantile(&values, q)),
                });
            }
        }
    }
    Ok(found)
}

fn rank_of_peaks(scores: &[Score]) -> Option<f64> {
    let outside = scores
        .iter()
        .filter(|s| s.key.zone == Zone::Outside && matches!(s.key.item, Item::Oxide(_)));
    let pairs: BTreeMap<SeriesKey, (f64, f64)> = outside
        .filter_map(|s| {
            let peak = s.peak.as_ref()?;
            Some((s.key, (peak.observed.0 / s.base, peak.predicted.0 / s.base)))
        })
        .collect();
    rank_correlation(&pairs.into_values().collect::<Vec<_>>())
}

/// Median of values in any order.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    (!values.is_empty()).then(|| quantile(&values, 0.5))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
    (n > 0.0).then(|| sum / n)
}

#[allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A normal forecast has a closed form: σ [ z(2Φ(z)−1) + 2φ(z) − 1/√π ].
    #[test]
    fn crps_of_a_normal_forecast_is_the_closed_form() {
        let sample: Vec<f64> = (0..4000)
            .map(|k| normal_quantile((f64::from(k) + 0.5) / 4000.0))
            .collect();
        for (y, want) in [(0.0, 0.233_695), (1.0, 0.602_44), (3.0, 2.436_2)] {
            assert!((crps(&sample, y) - want).abs() < 2e-3, "{y}: {}", crps(&sample, y));
        }
    }

    #[test]
    fn crps_of_a_point_is_its_error() {
        assert!((crps(&[2.0], 3.5) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn ranks_correlate_by_order_alone() {
        let up: Vec<(f64, f64)> = (1..6).map(|i| (f64::from(i), f64::from(i * i))).collect();
        assert!((rank_correlation(&up).unwrap_or(0.0) - 1.0).abs() < 1e-12);
        let down: Vec<(f64, f64)> = (1..6).map(|i| (f64::from(i), -f64::from(i))).collect();
        assert!((rank_correlation(&down).unwrap_or(0.0) + 1.0).abs() < 1e-12);
        assert_eq!(rank_correlation(&up[..2]), None);
    }

    #[test]
    fn a_predictive_sample_is_as_wide_as_what_it_stands_for() {
        let sample = predictive(&[10.0], 0.3);
        assert!((quantile(&sample, 0.5).exp() - 10.0).abs() < 1e-6);
        let variance = sample.iter().map(|x| (x - 10.0_f64.ln()).powi(2)).sum::<f64>() / count(sample.len());
        assert!((variance.sqrt() - 0.3).abs() < 0.03, "{}", variance.sqrt());
    }
}
