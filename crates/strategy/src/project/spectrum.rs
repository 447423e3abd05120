//! How the values of the draws are spread: a histogram with round edges, and percentiles.

use super::case::Case;
use super::draws::{Spread, npv_draws, quantile};

/// About so many bars are drawn.
const BARS: f64 = 20.0;
/// Percentiles that are told, as shares.
const PERCENTILES: [f64; 7] = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95];

/// One bar of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Bin {
    /// From this value on, millions.
    pub from_m: f64,
    /// Up to, but not with, this value, millions.
    pub to_m: f64,
    /// Draws that lie there.
    pub draws: usize,
}

/// How the net present values of the draws are spread.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Spectrum {
    /// Bars from the lowest to the highest value, none left out between. Zero is an edge wherever it lies within.
    pub bins: Vec<Bin>,
    /// Share of draws, and the value below which they lie, millions.
    pub percentiles: Vec<(f64, f64)>,
}

/// Spreads the draws of [`super::bands`] out.
#[must_use]
pub fn spectrum(case: &Case, spread: &Spread, draws: usize, seed: u64) -> Spectrum {
    of_values(&npv_draws(case, spread, draws, seed))
}

fn of_values(sorted: &[f64]) -> Spectrum {
    Spectrum {
        bins: bins(sorted),
        percentiles: PERCENTILES.map(|share| (share, quantile(sorted, share))).to_vec(),
    }
}

fn bins(sorted: &[f64]) -> Vec<Bin> {
    let (Some(low), Some(high)) = (sorted.first(), sorted.last()) else {
        return Vec::new();
    };
    if !low.is_finite() || !high.is_finite() {
        return Vec::new();
    }
    let step = round_step((high - low) / BARS);
    let mut found = Vec::new();
    let mut edge = (low / step).floor();
    let mut at = 0;
    while edge * step <= *high {
        let to_m = (edge + 1.0) * step;
        let upto = sorted.partition_point(|value| *value < to_m);
        found.push(Bin {
            from_m: edge * step,
            to_m,
            draws: upto - at,
        });
        at = upto;
        edge += 1.0;
    }
    found
}

/// The next of 1, 2, 5, 10, 20, 50 … and their parts that is not smaller; 1 where there is no width.
fn round_step(width: f64) -> f64 {
    if !(width.is_finite() && width > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(width.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|step| step * power)
        .find(|step| *step >= width * (1.0 - 1e-9))
        .unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draw_is_in_one_bar_and_zero_is_an_edge() {
        let values: Vec<f64> = (-30..70).map(|i| f64::from(i) * 1.7).collect();
        let found = of_values(&values);
        assert_eq!(found.bins.iter().map(|bin| bin.draws).sum::<usize>(), values.len());
        assert!(found.bins.iter().any(|bin| bin.from_m == 0.0));
        assert!(
            found
                .bins
                .windows(2)
                .all(|pair| (pair[0].to_m - pair[1].from_m).abs() < 1e-9)
        );
        assert!((10..=25).contains(&found.bins.len()), "{}", found.bins.len());
        for bin in &found.bins {
            let inside = values.iter().filter(|v| **v >= bin.from_m && **v < bin.to_m).count();
            assert_eq!(inside, bin.draws);
        }
        assert_eq!(found.percentiles[3], (0.5, quantile(&values, 0.5)));
    }

    #[test]
    fn no_draws_and_equal_draws_are_told_too() {
        assert!(of_values(&[]).bins.is_empty());
        let same = of_values(&[7.5; 12]);
        assert_eq!(same.bins.iter().map(|bin| bin.draws).collect::<Vec<_>>(), [12]);
        for (width, step) in [(0.3, 0.5), (7.0, 10.0), (200.0, 200.0)] {
            assert!((round_step(width) - step).abs() < 1e-9, "{width}");
        }
    }
}
