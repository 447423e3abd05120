//! The same quarter built anew: what the patched programme is checked against.

use super::conditions::Conditions;
use super::layout::Layout;
use super::outcome::Outcome;
use super::report;
use super::structure::{QuotaGroup, Structure};
use crate::MarketError;
use crate::chain::Chain;
use crate::lp::Solver;

/// Solves a quarter from a programme built for exactly these conditions, with no basis to start from.
///
/// Duties are taken as they stand in `conditions`, so pass those of a settled [`Outcome`].
///
/// # Errors
/// When the solver fails.
pub fn solve_rebuilt(chain: &Chain, quotas: &[QuotaGroup], conditions: &Conditions) -> Result<Outcome, MarketError> {
    solve_rebuilt_with(chain, &Structure::from(quotas), conditions)
}

/// The same with all that a scenario adds to the structure.
///
/// # Errors
/// When the solver fails.
pub fn solve_rebuilt_with(
    chain: &Chain,
    structure: &Structure,
    conditions: &Conditions,
) -> Result<Outcome, MarketError> {
    let layout = Layout::new(chain, structure);
    let mut solver = Solver::new(layout.problem(chain, conditions))?;
    let solution = solver.solve_cold()?;
    let report = report(&solver, &solution, 0);
    Ok(Outcome::new(chain, &layout, conditions, &solution, report))
}
