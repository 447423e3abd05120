//! What a solve returns.

use super::problem::{ColId, RowId, Sense};

/// An optimal solution of a [`Problem`](super::Problem).
///
/// Values are in the problem's own units. See the [module page](super) for the signs of duals.
#[derive(Debug, Clone)]
pub struct Solution {
    /// Objective at the optimum, the offset included.
    pub objective: f64,
    /// Value of every column.
    pub col_values: Vec<f64>,
    /// Change of the objective when a column at its bound is moved up by one unit, other
    /// non-basic columns held: its cost less the duals of the rows it uses.
    pub reduced_costs: Vec<f64>,
    /// Value of every row: the sum of its coefficients times the columns.
    pub row_values: Vec<f64>,
    /// Change of the objective when both bounds of a row move up by one unit.
    pub row_duals: Vec<f64>,
    /// Simplex iterations taken.
    pub iterations: u32,
    /// Wall seconds in the solver. Not part of the answer: it differs from run to run.
    pub seconds: f64,
    pub(super) sense: Sense,
}

impl Solution {
    /// What one more unit *arriving* at a row is worth: the price of a balance row written
    /// `supply - use >= 0`. NaN for an unknown row.
    ///
    /// Equal to the gain when the row's bounds move *down* by one unit.
    #[must_use]
    pub fn price(&self, row: RowId) -> f64 {
        // `0.0 +` turns a negative zero into a plain one, so that tables never show "-0".
        0.0 + self.sense.to_minimise() * self.dual(row)
    }

    /// What one more unit of *room* in a row is worth: the rent of a capacity or quota row written
    /// `use <= limit`. NaN for an unknown row.
    ///
    /// Equal to the gain when the row's bounds move *up* by one unit.
    #[must_use]
    pub fn rent(&self, row: RowId) -> f64 {
        0.0 - self.sense.to_minimise() * self.dual(row)
    }

    /// Value of a column; NaN for an unknown column.
    #[must_use]
    pub fn value(&self, col: ColId) -> f64 {
        self.col_values.get(col.index()).copied().unwrap_or(f64::NAN)
    }

    /// What moving a column up by one unit would gain (positive) or lose (negative): how far an
    /// unused route or plant is from paying, or the rent of a column at its upper bound. NaN for
    /// an unknown column.
    #[must_use]
    pub fn gain(&self, col: ColId) -> f64 {
        let reduced = self.reduced_costs.get(col.index()).copied();
        0.0 - self.sense.to_minimise() * reduced.unwrap_or(f64::NAN)
    }

    fn dual(&self, row: RowId) -> f64 {
        self.row_duals.get(row.index()).copied().unwrap_or(f64::NAN)
    }
}

/// Where a variable rests in a [`Basis`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BasisStatus {
    /// At its lower bound.
    Lower,
    /// Between its bounds, set by the equations.
    Basic,
    /// At its upper bound.
    Upper,
    /// Free and resting at zero.
    Zero,
    /// At a bound that the solver may choose.
    Nonbasic,
}

/// A starting point for the simplex method: the status of every column and row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Status of every column.
    pub cols: Vec<BasisStatus>,
    /// Status of every row.
    pub rows: Vec<BasisStatus>,
}

impl Basis {
    /// The same basis for a problem to which `count` rows were added since: the new rows start
    /// out not binding.
    #[must_use]
    pub fn with_added_rows(&self, count: usize) -> Self {
        let mut wider = self.clone();
        wider.rows.extend(std::iter::repeat_n(BasisStatus::Basic, count));
        wider
    }
}
