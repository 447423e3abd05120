//! Bands: quantiles over paths.

/// The middle and the ends of a band.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    /// 5 % of paths lie below.
    pub p5: f64,
    /// 25 % of paths lie below.
    pub p25: f64,
    /// Half of the paths lie below.
    pub median: f64,
    /// 75 % of paths lie below.
    pub p75: f64,
    /// 95 % of paths lie below.
    pub p95: f64,
    /// Mean.
    pub mean: f64,
}

impl Band {
    /// The band of values in any order; they are sorted. All zero for no values.
    #[must_use]
    pub fn of(values: &mut [f64]) -> Self {
        values.sort_unstable_by(f64::total_cmp);
        let at = |share| quantile(values, share);
        #[allow(clippy::cast_precision_loss, reason = "path counts are far below 2^52")]
        let mean = values.iter().sum::<f64>() / (values.len().max(1) as f64);
        Self {
            p5: at(0.05),
            p25: at(0.25),
            median: at(0.5),
            p75: at(0.75),
            p95: at(0.95),
            mean,
        }
    }
}

/// Quantile of sorted values, between neighbours in a straight line; 0 for none.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    #[allow(clippy::cast_precision_loss, reason = "path counts are far below 2^52")]
    let at = share.clamp(0.0, 1.0) * last as f64;
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the length"
    )]
    let below = at.floor() as usize;
    let (a, b) = (sorted[below], sorted[(below + 1).min(last)]);
    a + (b - a) * at.fract()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_of_the_first_hundred_numbers() {
        let mut values: Vec<f64> = (0..=100).rev().map(f64::from).collect();
        let band = Band::of(&mut values);
        assert!((band.p5 - 5.0).abs() < 1e-12 && (band.median - 50.0).abs() < 1e-12 && (band.p95 - 95.0).abs() < 1e-12);
        assert!((band.mean - 50.0).abs() < 1e-12);
    }

    #[test]
    fn few_values_are_no_trouble() {
        assert_eq!(Band::of(&mut []), Band::default());
        assert!((Band::of(&mut [3.0]).p95 - 3.0).abs() < 1e-12);
    }
}
