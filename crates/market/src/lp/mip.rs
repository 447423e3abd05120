//! Programmes with whole-number columns: which plants to build, which measures to take.

use super::error::LpError;
use super::highs::Highs;
use super::problem::{ColId, Problem};
use super::solver::Options;

/// When to stop, and where to start.
#[derive(Debug, Clone, PartialEq)]
pub struct MipOptions {
    /// Relative gap between best answer and bound that is good enough.
    pub relative_gap: f64,
    /// Wall seconds after which the best answer so far is returned.
    pub seconds: f64,
    /// An answer to start from, if one is known; columns left out are completed.
    pub start: Vec<(ColId, f64)>,
}

impl Default for MipOptions {
    fn default() -> Self {
        Self {
            relative_gap: 1e-6,
            seconds: f64::INFINITY,
            start: Vec::new(),
        }
    }
}

/// The best answer found.
#[derive(Debug, Clone, PartialEq)]
pub struct MipSolution {
    /// Objective, the offset included.
    pub objective: f64,
    /// What no answer can be better than.
    pub bound: f64,
    /// Value of every column.
    pub col_values: Vec<f64>,
}

/// Solves a problem in which some columns are whole numbers, by branch and cut.
///
/// # Errors
/// A fault of the problem, no answer at all within the bounds, or none found in time.
pub fn solve_mip(problem: &Problem, whole: &[ColId], options: &MipOptions) -> Result<MipSolution, LpError> {
    problem.validate()?;
    let mut set: Vec<i32> = Vec::with_capacity(whole.len());
    for col in whole {
        problem.check_col(*col)?;
        set.push(i32::try_from(col.0).unwrap_or(i32::MAX));
    }
    set.sort_unstable();
    set.dedup();
    let mut highs = Highs::create(&Options {
        // Whole numbers are found to 1e-6; tighter rows would only cost time.
        primal_tolerance: 1e-7,
        dual_tolerance: 1e-7,
        ..Options::default()
    })?;
    highs.load(problem)?;
    highs.make_whole(&set)?;
    highs.stop_at(options.relative_gap, options.seconds)?;
    if !options.start.is_empty() {
        let mut start = options.start.clone();
        start.sort_by_key(|(col, _)| *col);
        start.dedup_by_key(|(col, _)| *col);
        let ids: Vec<i32> = start
            .iter()
            .map(|(col, _)| i32::try_from(col.0).unwrap_or(i32::MAX))
            .collect();
        let values: Vec<f64> = start.iter().map(|(_, value)| *value).collect();
        highs.start_at(&ids, &values)?;
    }
    let (objective, bound, col_values) = highs.run_whole()?.ok_or(LpError::NotOptimal {
        status: "time limit reached without any answer",
    })?;
    Ok(MipSolution {
        objective,
        bound,
        col_values,
    })
}
