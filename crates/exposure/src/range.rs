//! A value with its range of assumptions.

use std::iter::Sum;
use std::ops::{Add, Mul};

/// Lowest plausible, best and highest plausible value, in one unit. `low <= central <= high`.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Range {
    /// Lowest plausible.
    pub low: f64,
    /// Best estimate.
    pub central: f64,
    /// Highest plausible.
    pub high: f64,
}

impl Range {
    /// A value that is known.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self {
            low: value,
            central: value,
            high: value,
        }
    }

    /// A best estimate with its ends; an end on the wrong side is moved to the estimate.
    #[must_use]
    pub fn new(low: f64, central: f64, high: f64) -> Self {
        Self {
            low: low.min(central),
            central,
            high: high.max(central),
        }
    }

    /// Whether there is nothing between the ends.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.high - self.low <= 1e-9 * self.high.abs()
    }

    /// The same estimate with ends that hold those of `other` too.
    #[must_use]
    pub fn widened(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            central: self.central,
            high: self.high.max(other.high),
        }
    }

    /// The three values, each changed by a rising function.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self {
            low: f(self.low),
            central: f(self.central),
            high: f(self.high),
        }
    }
}

impl Add for Range {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            central: self.central + other.central,
            high: self.high + other.high,
        }
    }
}

impl Mul<f64> for Range {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        self.map(|value| value * factor)
    }
}

/// The product of two independent ranges of non-negative values.
impl Mul for Range {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self {
            low: self.low * other.low,
            central: self.central * other.central,
            high: self.high * other.high,
        }
    }
}

impl Sum for Range {
    fn sum<I: Iterator<Item = Self>>(values: I) -> Self {
        values.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ends_stay_around_the_estimate() {
        let range = Range::new(5.0, 3.0, 2.0);
        assert_eq!(range, Range::exact(3.0));
        assert_eq!(range.widened(Range::new(1.0, 2.0, 9.0)), Range::new(1.0, 3.0, 9.0));
        assert!(Range::exact(0.0).is_exact());
    }

    #[test]
    fn sums_and_products_go_end_by_end() {
        let range = Range::new(1.0, 2.0, 4.0);
        assert_eq!(range + range, Range::new(2.0, 4.0, 8.0));
        assert_eq!(range * range, Range::new(1.0, 4.0, 16.0));
        assert_eq!(range * 0.5, Range::new(0.5, 1.0, 2.0));
    }
}
