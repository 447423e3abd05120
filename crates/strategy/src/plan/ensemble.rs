//! Paths of disruptions, drawn from their probabilities.

use std::collections::BTreeSet;

use monazite_evidence::table::Disruption;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How many, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// Paths.
    pub paths: usize,
    /// The same seed gives the same paths.
    pub seed: u64,
}

/// When measures come, against their best estimate; of all measures of a path alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timing {
    /// At their earliest.
    Early,
    /// At their best estimate.
    Central,
    /// At their latest.
    Late,
}

/// One path: what is disturbed in each year, and how late measures come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Future {
    /// Disruptions under way in each year, by position.
    pub years: Vec<BTreeSet<usize>>,
    /// How late measures come.
    pub timing: Timing,
}

/// Equally likely paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ensemble {
    /// The paths.
    pub futures: Vec<Future>,
}

/// Shares of paths in which measures come early, and late.
const EARLY: f64 = 0.25;
const LATE: f64 = 0.25;

/// Draws paths over so many years.
///
/// Each disruption begins in a year with its probability, unless it is under way, and lasts its years. The probability
/// itself is uncertain: a path draws it from the triangle of its range. Beginnings are stratified over the paths (a Latin
/// hypercube), so that even a rare disruption begins about as often as it should.
#[must_use]
pub fn draw(disruptions: &[Disruption], years: usize, draws: Draws) -> Ensemble {
    let n = draws.paths.max(1);
    let mut random = ChaCha8Rng::seed_from_u64(draws.seed);
    let mut futures: Vec<Future> = stratified(&mut random, n)
        .into_iter()
        .map(|u| Future {
            years: vec![BTreeSet::new(); years],
            timing: if u < EARLY {
                Timing::Early
            } else if u < 1.0 - LATE {
                Timing::Central
            } else {
                Timing::Late
            },
        })
        .collect();
    for (at, disruption) in disruptions.iter().enumerate() {
        let chance: Vec<f64> = stratified(&mut random, n)
            .into_iter()
            .map(|u| triangular(disruption, u))
            .collect();
        let mut until = vec![0_usize; n];
        for year in 0..years {
            for (path, u) in stratified(&mut random, n).into_iter().enumerate() {
                if until[path] <= year && u < chance[path] {
                    until[path] = year + usize::from(disruption.years);
                }
                if until[path] > year {
                    futures[path].years[year].insert(at);
                }
            }
        }
    }
    Ensemble { futures }
}

/// One number in each of `n` equal parts of 0 to 1, in random order.
fn stratified(random: &mut ChaCha8Rng, n: usize) -> Vec<f64> {
    #[allow(clippy::cast_precision_loss, reason = "a few thousand paths")]
    let mut numbers: Vec<f64> = (0..n).map(|i| (i as f64 + random.random::<f64>()) / n as f64).collect();
    numbers.shuffle(random);
    numbers
}

/// The probability of a year at a quantile of its triangle.
fn triangular(d: &Disruption, u: f64) -> f64 {
    let (low, mode, high) = (d.per_year_low, d.per_year, d.per_year_high);
    let width = high - low;
    if width <= 0.0 {
        return mode;
    }
    let turn = (mode - low) / width;
    if u < turn {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}
