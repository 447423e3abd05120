//! The range of prices that an optimum supports.
//!
//! Where several price vectors are optimal, a single number hides a choice the solver made. The
//! range has a plain meaning: its low end is what one more unit arriving would be worth (the next
//! buyer's value), its high end what one unit less would cost (the last buyer's value).

use super::error::LpError;
use super::problem::{Problem, RowId};
use super::solution::{Basis, Solution};
use super::solver::Solver;

/// The prices that one optimum supports at one row, in the sense of [`Solution::price`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceInterval {
    /// Worth of a unit more.
    pub low: f64,
    /// Cost of a unit less. Infinite when the row could not do with less at all.
    pub high: f64,
}

impl PriceInterval {
    /// Width of the interval; zero where the price is unique.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.high - self.low
    }

    /// Whether the interval is wider than `tolerance`, relative to its size.
    #[must_use]
    pub fn is_degenerate(&self, tolerance: f64) -> bool {
        self.width() > tolerance * (1.0 + self.low.abs().max(self.high.abs()).min(f64::MAX))
    }
}

/// How the ends of a price interval are found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntervalOptions {
    /// First step by which the row is moved, in the row's units. It should be far below the
    /// smallest flow that matters and far above the solver's tolerance.
    pub step: f64,
    /// How often a step that turns out to be too long is cut to a sixteenth.
    pub cuts: u8,
}

impl Default for IntervalOptions {
    fn default() -> Self {
        Self { step: 1e-4, cuts: 2 }
    }
}

/// The price interval at one row, by moving the row up and down a little and solving again.
///
/// Costs two warm solves, from `basis`: the basis of the optimum. The objective is concave in the
/// row's bound, so its slopes to the left and to the right are the two ends. A slope is read from
/// the dual after the step, which is far more exact than a difference of objectives; if the two
/// disagree, a kink lies inside the step, and a shorter one is tried. The problem is as it was
/// when this returns.
///
/// # Errors
/// An unknown row, a step that is not positive, or a failure of the solver. A row that cannot be
/// moved because the problem would become infeasible is no error: that end is infinite.
pub fn price_interval(
    solver: &mut Solver,
    row: RowId,
    basis: &Basis,
    options: &IntervalOptions,
) -> Result<PriceInterval, LpError> {
    let base = solver.solve_from(basis)?;
    interval_at(solver, row, basis, &base, options)
}

/// As [`price_interval`] for many rows of one optimum.
///
/// # Errors
/// As [`price_interval`].
pub fn price_intervals(
    solver: &mut Solver,
    rows: &[RowId],
    basis: &Basis,
    options: &IntervalOptions,
) -> Result<Vec<PriceInterval>, LpError> {
    let base = solver.solve_from(basis)?;
    rows.iter()
        .map(|&row| interval_at(solver, row, basis, &base, options))
        .collect()
}

fn interval_at(
    solver: &mut Solver,
    row: RowId,
    basis: &Basis,
    base: &Solution,
    options: &IntervalOptions,
) -> Result<PriceInterval, LpError> {
    solver.problem().check_row(row)?;
    let step = options.step;
    if !(step.is_finite() && step > 0.0) {
        return Err(LpError::BadStep { step });
    }
    // Bounds moved down: the row is given a unit. Moved up: one is taken away.
    let low = end(solver, row, basis, base, options, -1.0)?;
    let high = end(solver, row, basis, base, options, 1.0)?;
    // The solver's own price lies between the two up to tolerance; keep that true to the last bit.
    let price = base.price(row);
    Ok(PriceInterval {
        low: low.min(price),
        high: high.max(price),
    })
}

/// One end of the interval: the price after the row's bounds moved in one direction.
fn end(
    solver: &mut Solver,
    row: RowId,
    basis: &Basis,
    base: &Solution,
    options: &IntervalOptions,
    direction: f64,
) -> Result<f64, LpError> {
    let mut step = options.step;
    let mut price = base.price(row);
    for _ in 0..=options.cuts {
        let moved = match solve_moved(solver, row, basis, direction * step) {
            Ok(moved) => moved,
            // Taking a unit away may leave no solution: then no price is too high. Giving one may
            // too, where a row must be met exactly: then it would have to be paid to be taken.
            Err(LpError::Infeasible) => return Ok(direction * f64::INFINITY),
            Err(other) => return Err(other),
        };
        price = moved.price(row);
        let slope = (moved.objective - base.objective) / (direction * step);
        let slope_price = solver.problem().sense().to_minimise() * slope;
        // Rounding of the two objectives, seen through the division by the step.
        let noise = 1e-12 * (1.0 + base.objective.abs()) / step;
        let agreed = 1e-6 * (1.0 + price.abs()) + noise;
        if (slope_price - price).abs() <= agreed {
            break;
        }
        step /= 16.0;
    }
    Ok(price)
}

/// Solves with a row moved by `shift`, and moves it back whatever the outcome.
fn solve_moved(solver: &mut Solver, row: RowId, basis: &Basis, shift: f64) -> Result<Solution, LpError> {
    let (lower, upper) = bounds(solver.problem(), row);
    solver.change_row_bounds(row, lower + shift, upper + shift)?;
    let moved = solver.solve_from(basis);
    solver.change_row_bounds(row, lower, upper)?;
    moved
}

fn bounds(problem: &Problem, row: RowId) -> (f64, f64) {
    let at = |bounds: &[f64]| bounds.get(row.index()).copied().unwrap_or(f64::NAN);
    (at(problem.row_lower()), at(problem.row_upper()))
}
