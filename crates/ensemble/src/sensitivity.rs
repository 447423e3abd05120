//! What drives an outcome: screening by elementary effects, then Sobol indices.
//!
//! [`morris`] walks through the cube changing one factor at a time and finds, for few evaluations, which factors matter
//! at all. [`sobol`] splits the variance of the outcome among factors, with bootstrap intervals. Both know nothing of
//! markets; [`rank`] puts them on an outcome of a scenario, first by parameter, then by row.

mod morris;
mod outcome;
mod rank;
mod sobol;

/// Answers points of the cube, in their order.
pub type Evaluate<'a, E> = dyn FnMut(&[Vec<f64>]) -> Result<Vec<f64>, E> + 'a;

pub use morris::{Effect, morris};
pub use outcome::{Outcome, When};
pub use rank::{Budget, Driver, Ranking, Screened, rank};
pub use sobol::{Index, Indices, Interval, sobol};
