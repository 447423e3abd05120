//! Checks a solution against the problem, without asking the solver.

use super::problem::{ColId, Problem};
use super::solution::Solution;

/// How far a solution is from satisfying the optimality conditions. All are relative: each miss
/// is divided by one plus the size of the numbers that went into it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Residuals {
    /// Worst miss of a row or column bound.
    pub primal: f64,
    /// Worst dual of the wrong sign: a reduced cost or row dual that pushes against a bound that
    /// does not exist.
    pub dual: f64,
    /// Worst product condition: a dual that is not zero on a bound that does not bind.
    pub complementarity: f64,
    /// Difference between the objective of the solution and of its duals.
    pub gap: f64,
}

impl Residuals {
    /// The worst of all; NaN if any is not a number.
    #[must_use]
    pub fn max(&self) -> f64 {
        [self.primal, self.dual, self.complementarity, self.gap]
            .into_iter()
            .fold(0.0, worse)
    }
}

/// Like `max`, but keeps a NaN instead of dropping it.
fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// Computes the [`Residuals`] of a solution from the problem's own data.
///
/// Only the column values and row duals are taken from the solution; activities and reduced costs
/// are worked out anew. A solution of another size, or a problem that
/// [`Problem::validate`] refuses, gives NaN.
#[must_use]
pub fn residuals(problem: &Problem, solution: &Solution) -> Residuals {
    if problem.validate().is_err() {
        return UNKNOWN;
    }
    of_valid(problem, solution)
}

const UNKNOWN: Residuals = Residuals {
    primal: f64::NAN,
    dual: f64::NAN,
    complementarity: f64::NAN,
    gap: f64::NAN,
};

/// As [`residuals`], of a problem that is known to be valid.
pub(super) fn of_valid(problem: &Problem, solution: &Solution) -> Residuals {
    let (cols, rows) = problem.dims();
    if solution.col_values.len() != cols || solution.row_duals.len() != rows {
        return UNKNOWN;
    }
    let sign = problem.sense().to_minimise();
    let mut worst = Residuals::default();
    let mut activity = vec![0.0_f64; rows];
    let mut activity_size = vec![0.0_f64; rows];
    let mut primal_objective = sign * problem.offset();
    let mut dual_objective = sign * problem.offset();

    for (j, (&x, &cost)) in (0u32..).zip(solution.col_values.iter().zip(problem.costs())) {
        let mut reduced = sign * cost;
        let mut size = cost.abs();
        for (row, a) in problem.column(ColId(j)) {
            let i = row.index();
            activity[i] += a * x;
            activity_size[i] = activity_size[i].max((a * x).abs());
            let pull = a * sign * solution.row_duals[i];
            reduced -= pull;
            size = size.max(pull.abs());
        }
        primal_objective += sign * cost * x;
        let bounds = (problem.col_lower()[j as usize], problem.col_upper()[j as usize]);
        worst.add(x, x.abs(), reduced, size, bounds, &mut dual_objective);
    }
    for (i, (&value, &size)) in activity.iter().zip(&activity_size).enumerate() {
        let dual = sign * solution.row_duals[i];
        let bounds = (problem.row_lower()[i], problem.row_upper()[i]);
        worst.add(value, size, dual, dual.abs(), bounds, &mut dual_objective);
    }
    worst.gap = worse(
        worst.gap,
        (primal_objective - dual_objective).abs() / (1.0 + primal_objective.abs()),
    );
    worst
}

impl Residuals {
    /// Adds one variable (a column, or a row's activity) with its multiplier, in the form
    /// "minimise": a positive multiplier pushes down on the lower bound, a negative one up on the
    /// upper bound.
    fn add(
        &mut self,
        value: f64,
        value_size: f64,
        multiplier: f64,
        multiplier_size: f64,
        (lower, upper): (f64, f64),
        dual_objective: &mut f64,
    ) {
        if value.is_nan() || multiplier.is_nan() {
            self.primal = f64::NAN;
            return;
        }
        // Most variables rest at a bound to the bit, where there is nothing to divide.
        let miss = (lower - value).max(value - upper);
        if miss > 0.0 {
            self.primal = worse(self.primal, miss / (1.0 + value_size));
        }
        let bound = if multiplier > 0.0 { lower } else { upper };
        if bound.is_finite() {
            *dual_objective += multiplier * bound;
        }
        if value.to_bits() == bound.to_bits() {
            return;
        }
        let push = multiplier.abs() / (1.0 + multiplier_size);
        if bound.is_finite() {
            let slack = (value - bound).abs() / (1.0 + value_size.max(bound.abs()));
            self.complementarity = worse(self.complementarity, push.min(slack));
        } else {
            self.dual = worse(self.dual, push);
        }
    }
}
