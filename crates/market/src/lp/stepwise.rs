//! A simplex method for programmes whose columns are steps of curves, as a market's are.
//!
//! A quarter has fifteen thousand columns in blocs, but most of them are steps of a few curves: the users and stores of a node, the
//! steps of a route or a process. Taken as one variable each, with the long-step rule of the dual simplex method (Maros
//! 2003; for piecewise linear costs Fourer 1985), a change of price passes them in one go.
//!
//! What it cannot do, a problem without bound or a basis that turns out unsound, is left to the reference solver. Every
//! solution is exact to the same tolerances; where prices are not unique the two may publish different ones.

mod curves;
mod dual;
mod factor;
mod forced;
mod sparse;

use super::problem::Problem;
use super::solution::{Basis, BasisStatus, Solution};
use curves::Curves;
use dual::Dual;

/// The curves of a problem and the state of the last solve.
#[derive(Debug)]
pub(super) struct Stepwise {
    curves: Curves,
    dual: Dual,
    tolerances: (f64, f64),
    /// Pivots of the last solve, if it reached an optimum.
    solved: Option<u32>,
    /// Bounds have changed since.
    moved: bool,
}

impl Stepwise {
    /// Groups a valid problem's columns. Tolerances: primal, dual.
    pub(super) fn new(problem: &Problem, tolerances: (f64, f64)) -> Self {
        Self {
            curves: Curves::new(problem),
            dual: Dual::default(),
            tolerances,
            solved: None,
            moved: false,
        }
    }

    /// A column's cost has changed.
    pub(super) fn touch_cost(&mut self, column: usize) {
        self.curves.touch_column(column);
    }

    /// A column's bounds have changed.
    pub(super) fn touch_column(&mut self, column: usize) {
        self.moved = true;
        self.curves.touch_column(column);
    }

    /// A row's bounds have changed.
    pub(super) fn touch_row(&mut self, row: usize) {
        self.moved = true;
        self.curves.touch_row(row);
    }

    /// Solves the problem from a basis, or from the rows' own curves; pivots taken, `None` when the reference has to.
    pub(super) fn solve(&mut self, problem: &Problem, start: Option<&Basis>) -> Option<u32> {
        self.curves.refresh(problem);
        self.moved = false;
        self.solved = None;
        if !self.curves.is_unbounded() {
            let stand = |v| start.map(|basis| self.curves.stand(v, basis));
            self.solved = self.dual.solve(&self.curves, stand, self.tolerances).ok();
        }
        self.solved
    }

    /// Solves the problem from where the last solve ended, when nothing but costs has changed: `None` when something has,
    /// or when it fails.
    pub(super) fn go_on(&mut self, problem: &Problem) -> Option<u32> {
        self.solved.filter(|_| !self.moved)?;
        self.curves.refresh(problem);
        self.solved = None;
        if !self.curves.is_unbounded() {
            self.solved = self.dual.go_on(&self.curves).ok();
        }
        self.solved
    }

    /// The price of what a row balances in the last solve, if it reached an optimum and there is such a row. Prices of the
    /// form "minimise" are those of what is balanced, whatever the problem's own sense.
    pub(super) fn price(&self, row: usize) -> Option<f64> {
        self.solved.filter(|_| row < self.curves.rows())?;
        // `0.0 +` turns a negative zero into a plain one, as in a solution.
        Some(0.0 + self.dual.price(self.curves.joint() + row))
    }

    /// Solution and basis of the last solve, if it reached an optimum.
    pub(super) fn read(&self, problem: &Problem) -> Option<(Solution, Basis)> {
        let pivots = self.solved?;
        let (columns, rows) = problem.dims();
        let sign = problem.sense().to_minimise();
        let mut basis = Basis {
            cols: vec![BasisStatus::Lower; columns],
            rows: vec![BasisStatus::Lower; rows],
        };
        let mut solution = Solution {
            objective: problem.offset(),
            col_values: vec![0.0; columns],
            reduced_costs: vec![0.0; columns],
            row_values: vec![0.0; rows],
            row_duals: (0..rows)
                .map(|r| sign * self.dual.price(self.curves.joint() + r))
                .collect(),
            iterations: pivots,
            seconds: 0.0,
            sense: problem.sense(),
        };
        for v in 0..self.curves.variables() {
            let row = v.checked_sub(self.curves.joint());
            let price = sign * self.dual.price(v);
            let on = self.dual.segment(&self.curves, v);
            self.curves
                .spread(problem, v, self.dual.value(v), on, |piece, value, high| {
                    let status = match high {
                        None => BasisStatus::Basic,
                        Some(true) => BasisStatus::Upper,
                        Some(false) => BasisStatus::Lower,
                    };
                    match (piece, row) {
                        (Some(c), row) => {
                            basis.cols[c] = status;
                            solution.col_values[c] = value.column;
                            solution.reduced_costs[c] = problem.costs()[c] - price * value.scale;
                            solution.objective += problem.costs()[c] * value.column;
                            if let Some(row) = row {
                                solution.row_values[row] += value.column * value.scale;
                            }
                        }
                        (None, Some(row)) => basis.rows[row] = status,
                        (None, None) => {}
                    }
                });
        }
        for v in 0..self.curves.joint() {
            let value = self.dual.value(v);
            for (row, a) in self.curves.column(v) {
                solution.row_values[row] += a * value;
            }
        }
        Some((solution, basis))
    }
}
