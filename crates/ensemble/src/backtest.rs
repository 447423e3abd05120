//! The hindcast: the market simulated over quarters that are past, with everything frozen before them, and scored.
//!
//! Three experiments. **A** stands on the base year 2009 and runs 2010 to 2013 under China's export quotas. **B** stands
//! on 2024 and runs from 2025 under the controls of April 2025. **C** is A with one element left out at a time: what is
//! known of its own users is replaced by what is known of all others'.
//!
//! Every run is an ensemble over the priors of `behaviour.csv`, which were committed before the first score. Truth is
//! the prices and trade of the dataset itself. Scores are proper: the continuous ranked probability score of
//! logarithms of prices, in the unit of relative error.

mod leave_out;
mod members;
mod priors;
mod rivals;
mod score;
mod truth;

pub use leave_out::LeftOut;
pub use members::{Ensemble, Item, SeriesKey, Zone};
pub use score::{Band, Card, Gap, Peak, PointScore, Score, Volume};
pub use truth::{Point, Truth};

use monazite_evidence::Dataset;
use monazite_market::scenario::{Quarter, Scenario};

use crate::EnsembleError;

/// Draws of an experiment unless asked otherwise.
pub const DRAWS: usize = 96;
/// Draws for each element left out.
pub const DRAWS_LEFT_OUT: usize = 12;
/// The seed of the published scores.
pub const SEED: u64 = 20_090_101;

/// An experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Experiment {
    /// 2010 to 2013 on what was known of 2009.
    A,
    /// 2025 and 2026 on what was known in March 2025.
    B,
}

impl Experiment {
    /// The base year.
    #[must_use]
    pub const fn base_year(self) -> u16 {
        match self {
            Self::A => 2009,
            Self::B => 2024,
        }
    }

    /// The scenario, by name.
    #[must_use]
    pub const fn scenario(self) -> &'static str {
        match self {
            Self::A => "hindcast-2010",
            Self::B => "china-2025-04",
        }
    }

    /// Quarters simulated.
    #[must_use]
    pub const fn quarters(self) -> usize {
        match self {
            Self::A => 16,
            Self::B => 6,
        }
    }

    /// Plants that start after this year are not part of the chain: nobody knew of them.
    #[must_use]
    pub const fn horizon(self) -> i16 {
        match self {
            Self::A => 2009,
            Self::B => 2025,
        }
    }

    /// Quarters that may be scored: those after the freeze.
    fn scored(self, quarters: &[Quarter]) -> Vec<Quarter> {
        // The first quarter of 2025 had passed when experiment B was frozen.
        let frozen = usize::from(self == Self::B);
        quarters.iter().skip(frozen).copied().collect()
    }

    /// Its letter.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// Runs an experiment and scores it.
///
/// # Errors
/// When the base year cannot be balanced or a path cannot be solved.
pub fn run(
    dataset: &Dataset,
    experiment: Experiment,
    scenario: &Scenario,
    draws: usize,
) -> Result<Card, EnsembleError> {
    let ensemble = Ensemble::simulate(dataset, experiment, scenario, draws, None)?;
    let truth = Truth::of(dataset, &experiment.scored(&ensemble.quarters));
    score::card(dataset, experiment, scenario, &ensemble, &truth)
}

/// Runs experiment C: A with each element that has enough quotes left out in turn.
///
/// # Errors
/// As [`run`].
pub fn leave_one_out(dataset: &Dataset, scenario: &Scenario, draws: usize) -> Result<Vec<LeftOut>, EnsembleError> {
    leave_out::run(dataset, scenario, draws)
}
