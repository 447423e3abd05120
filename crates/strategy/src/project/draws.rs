//! The value of a project whose inputs are not known exactly.

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::breakeven::break_even_multiple;
use super::case::Case;
use super::value::value;

/// How far each input may lie from its stated value, as low and high multiples of it. The default is our prior for a study
/// at feasibility level, confidence C.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spread {
    /// All prices together.
    pub prices: (f64, f64),
    /// Capital cost.
    pub capex: (f64, f64),
    /// Operating and separation cost.
    pub opex: (f64, f64),
    /// What is sold a year: grade and recovery.
    pub output: (f64, f64),
}

impl Default for Spread {
    fn default() -> Self {
        Self {
            prices: (0.6, 1.6),
            // Mines cost more than studies say far more often than less.
            capex: (0.9, 1.5),
            opex: (0.85, 1.3),
            output: (0.8, 1.05),
        }
    }
}

impl Spread {
    /// The inputs with their ranges.
    #[must_use]
    pub fn inputs(&self) -> Vec<(&'static str, (f64, f64))> {
        vec![
            ("prices", self.prices),
            ("capital cost", self.capex),
            ("operating cost", self.opex),
            ("output", self.output),
        ]
    }

    /// The case with one input multiplied; unknown inputs change nothing.
    #[must_use]
    pub fn at(case: &Case, input: &str, factor: f64) -> Case {
        let mut changed = case.clone();
        match input {
            "prices" => return case.with_prices(factor),
            "capital cost" => changed.costs.capex_m *= factor,
            "operating cost" => {
                changed.costs.opex_m_per_year *= factor;
                changed.costs.opex_per_kg *= factor;
                changed.costs.separation_per_kg *= factor;
            }
            "output" => {
                // Less from the same ore: what is spent does not fall with it.
                let per_kg = changed.costs.opex_per_kg * changed.kg_per_year() / 1e6;
                for line in &mut changed.lines {
                    line.kg_per_year *= factor;
                }
                changed.costs.opex_per_kg = per_kg * 1e6 / changed.kg_per_year();
            }
            _ => {}
        }
        changed
    }
}

/// What draws say. Each range is the 5 % quantile, the median and the 95 % quantile.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Bands {
    /// How many draws.
    pub draws: usize,
    /// Net present value after tax, millions.
    pub npv_m: [f64; 3],
    /// Multiple of the deck's prices at which the project is worth nothing; infinite where no price is enough.
    pub break_even_multiple: [f64; 3],
    /// Share of draws in which the project is worth something.
    pub probability_positive: f64,
}

/// Values a case `draws` times with inputs varied from triangular distributions over `spread`, whose peak is the stated
/// value. The same seed gives the same bands.
#[must_use]
pub fn bands(case: &Case, spread: &Spread, draws: usize, seed: u64) -> Bands {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut worth = Vec::with_capacity(draws);
    let mut break_even = Vec::with_capacity(draws);
    for _ in 0..draws {
        let (varied, price) = drawn(case, spread, &mut random);
        worth.push(value(&varied.with_prices(price)).npv_m);
        break_even.push(break_even_multiple(&varied).unwrap_or(f64::INFINITY));
    }
    let positive = worth.iter().filter(|npv| **npv > 0.0).count();
    Bands {
        draws,
        npv_m: quantiles(worth),
        break_even_multiple: quantiles(break_even),
        probability_positive: float(positive) / float(draws.max(1)),
    }
}

/// Net present values after tax of the same draws as [`bands`], millions, from the lowest to the highest.
#[must_use]
pub fn npv_draws(case: &Case, spread: &Spread, draws: usize, seed: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut worth: Vec<f64> = (0..draws)
        .map(|_| {
            let (varied, price) = drawn(case, spread, &mut random);
            value(&varied.with_prices(price)).npv_m
        })
        .collect();
    worth.sort_by(f64::total_cmp);
    worth
}

/// One draw: the case with all inputs but prices varied, and the multiple of prices.
fn drawn(case: &Case, spread: &Spread, random: &mut ChaCha8Rng) -> (Case, f64) {
    let mut varied = case.clone();
    let mut price = 1.0;
    for (input, range) in spread.inputs() {
        let factor = triangular(random.random::<f64>(), range);
        if input == "prices" {
            price = factor;
        } else {
            varied = Spread::at(&varied, input, factor);
        }
    }
    (varied, price)
}

/// The `u`-quantile of a triangular distribution that peaks at 1.
fn triangular(u: f64, (low, high): (f64, f64)) -> f64 {
    let width = high - low;
    if width <= 0.0 {
        return low;
    }
    let peak = 1.0_f64.clamp(low, high);
    let left = (peak - low) / width;
    if u < left {
        low + (u * width * (peak - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - peak)).sqrt()
    }
}

fn quantiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|share| quantile(&values, share))
}

/// The value below which this share of sorted values lies; not a number where there are none.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position within the list"
    )]
    let at = (share * float(sorted.len().saturating_sub(1))).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

#[allow(clippy::cast_precision_loss, reason = "draws stay far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}
