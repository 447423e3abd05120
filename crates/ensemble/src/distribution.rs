//! Distributions around a best estimate, as multiples of it.

use monazite_evidence::table::Shape;
use statrs::distribution::{Beta, ContinuousCDF as _, Normal};

/// The standard normal 95 % point.
const Z95: f64 = 1.644_853_626_951_472_6;
/// Weight of the best estimate in a PERT distribution; four is the usual one.
const PERT_WEIGHT: f64 = 4.0;

/// A distribution of a multiple of the best estimate, which is 1 unless the shape is uniform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distribution {
    /// Its shape.
    pub shape: Shape,
    /// Lowest value, or the 5 % point of a lognormal one.
    pub low: f64,
    /// Highest value, or the 95 % point of a lognormal one.
    pub high: f64,
}

impl Distribution {
    /// Whether every draw is the same.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.high - self.low <= 1e-9
    }

    /// Whether low, best estimate and high are in order and finite; lognormal ones must be above zero.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let central = if self.shape == Shape::Uniform { self.low } else { 1.0 };
        let positive = self.shape != Shape::Lognormal || self.low > 0.0;
        self.low.is_finite() && self.high.is_finite() && self.low <= central && central <= self.high && positive
    }

    /// The value below which a share `u` of draws lies; `u` between 0 and 1.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        if self.is_fixed() {
            return f64::midpoint(self.low, self.high);
        }
        let u = u.clamp(1e-12, 1.0 - 1e-12);
        let (low, high) = (self.low, self.high);
        match self.shape {
            Shape::Uniform => low + u * (high - low),
            Shape::Triangular => {
                let (left, right, width) = (1.0 - low, high - 1.0, high - low);
                if u < left / width {
                    low + (u * width * left).sqrt()
                } else {
                    high - ((1.0 - u) * width * right).sqrt()
                }
            }
            Shape::Pert => {
                let alpha = 1.0 + PERT_WEIGHT * (1.0 - low) / (high - low);
                let beta = 1.0 + PERT_WEIGHT * (high - 1.0) / (high - low);
                // Both are at least 1 by construction.
                Beta::new(alpha, beta).map_or(1.0, |d| low + d.inverse_cdf(u) * (high - low))
            }
            // Each side has its own width, so that both ends are met and the median is the best estimate.
            Shape::Lognormal => {
                let z = normal_quantile(u);
                let end = if z < 0.0 { -low.ln() } else { high.ln() };
                (end / Z95 * z).exp()
            }
        }
    }
}

/// Quantile of the standard normal distribution.
#[must_use]
pub fn normal_quantile(u: f64) -> f64 {
    Normal::standard().inverse_cdf(u.clamp(1e-12, 1.0 - 1e-12))
}

/// Distribution function of the standard normal distribution.
#[must_use]
pub fn normal_share(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(shape: Shape, low: f64, high: f64) -> Distribution {
        Distribution { shape, low, high }
    }

    fn mean(d: &Distribution) -> f64 {
        (0..20_000)
            .map(|i| d.quantile((f64::from(i) + 0.5) / 20_000.0))
            .sum::<f64>()
            / 20_000.0
    }

    #[test]
    fn means_are_those_of_the_textbook() {
        let near = |d: Distribution, want: f64| assert!((mean(&d) - want).abs() < 2e-4, "{d:?}: {}", mean(&d));
        near(of(Shape::Uniform, 0.5, 2.0), 1.25);
        near(of(Shape::Triangular, 0.5, 2.0), (0.5 + 1.0 + 2.0) / 3.0);
        near(of(Shape::Pert, 0.5, 2.0), (0.5 + 4.0 + 2.0) / 6.0);
    }

    #[test]
    fn a_lognormal_meets_both_ends_and_the_middle() {
        let d = of(Shape::Lognormal, 0.6, 1.9);
        for (u, want) in [(0.05, 0.6), (0.5, 1.0), (0.95, 1.9)] {
            assert!((d.quantile(u) - want).abs() < 1e-6, "{u}: {}", d.quantile(u));
        }
    }

    #[test]
    fn quantiles_rise_and_stay_inside() {
        for shape in Shape::ALL.iter().copied() {
            let d = of(shape, 0.4, 3.0);
            let values: Vec<f64> = (1..200).map(|i| d.quantile(f64::from(i) / 200.0)).collect();
            assert!(values.windows(2).all(|w| w[0] < w[1]), "{shape}");
            if shape != Shape::Lognormal {
                assert!(values.iter().all(|v| *v > 0.4 && *v < 3.0), "{shape}");
            }
        }
    }

    #[test]
    fn a_range_of_nothing_is_fixed() {
        assert!((of(Shape::Triangular, 1.0, 1.0).quantile(0.3) - 1.0).abs() < 1e-12);
        assert!(!of(Shape::Triangular, 1.1, 2.0).is_sound());
        assert!(!of(Shape::Lognormal, 0.0, 2.0).is_sound());
    }
}
