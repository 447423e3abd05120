//! A number that changes from quarter to quarter.

use super::quarter::Quarter;

/// A step function of time: each value holds from its quarter until the next one is given, and the
/// last for good.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    first: f64,
    steps: Vec<(Quarter, f64)>,
}

impl Schedule {
    /// The same value always.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        Self {
            first: value,
            steps: Vec::new(),
        }
    }

    /// One value from each quarter on. Before the first step its value holds too; none without any
    /// step, or when the quarters do not increase.
    #[must_use]
    pub fn steps(steps: Vec<(Quarter, f64)>) -> Option<Self> {
        let first = steps.first()?.1;
        let increases = steps.windows(2).all(|pair| pair[0].0 < pair[1].0);
        increases.then_some(Self { first, steps })
    }

    /// The value in a quarter.
    #[must_use]
    pub fn at(&self, quarter: Quarter) -> f64 {
        let past = self.steps.partition_point(|step| step.0 <= quarter);
        past.checked_sub(1)
            .and_then(|at| self.steps.get(at))
            .map_or(self.first, |step| step.1)
    }

    /// The steps as written; empty for a constant.
    #[must_use]
    pub fn as_steps(&self) -> &[(Quarter, f64)] {
        &self.steps
    }

    /// The constant, unless the value has steps.
    #[must_use]
    pub fn as_constant(&self) -> Option<f64> {
        self.steps.is_empty().then_some(self.first)
    }
}
