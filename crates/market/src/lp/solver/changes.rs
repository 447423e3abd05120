//! Changes to a loaded problem: costs, bounds, rows, coefficients.

use super::super::error::LpError;
use super::super::problem::{self, ColId, RowId};
use super::{Engine, Solver};

impl Solver {
    /// Changes the objective coefficient of a column.
    ///
    /// # Errors
    /// An unknown column or a cost that is not finite; the problem is then unchanged.
    pub fn change_cost(&mut self, col: ColId, cost: f64) -> Result<(), LpError> {
        self.change_costs(&[(col, cost)])
    }

    /// Changes many objective coefficients at once; the last change of a column counts.
    ///
    /// # Errors
    /// As [`Solver::change_cost`]; all changes are checked before any is made.
    pub fn change_costs(&mut self, changes: &[(ColId, f64)]) -> Result<(), LpError> {
        for &(col, cost) in changes {
            self.problem.check_col(col)?;
            problem::check_cost(col, cost)?;
        }
        let changes = last_of_each(changes, |c| c.0);
        let set: Vec<i32> = changes.iter().map(|c| to_i32(c.0.0)).collect();
        let costs: Vec<f64> = changes.iter().map(|c| c.1).collect();
        match &mut self.engine {
            Engine::Reference(highs) => highs.change_costs(&set, &costs)?,
            Engine::Stepwise { method, .. } => changes.iter().for_each(|c| method.touch_cost(c.0.index())),
        }
        for (col, cost) in changes {
            self.problem.put_cost(col, cost);
        }
        Ok(())
    }

    /// Changes the bounds of a column.
    ///
    /// # Errors
    /// An unknown column or bounds that admit no value; the problem is then unchanged.
    pub fn change_col_bounds(&mut self, col: ColId, lower: f64, upper: f64) -> Result<(), LpError> {
        self.change_cols_bounds(&[(col, lower, upper)])
    }

    /// Changes the bounds of many columns at once; the last change of a column counts.
    ///
    /// # Errors
    /// As [`Solver::change_col_bounds`]; all changes are checked before any is made.
    pub fn change_cols_bounds(&mut self, changes: &[(ColId, f64, f64)]) -> Result<(), LpError> {
        for &(col, lower, upper) in changes {
            self.problem.check_col(col)?;
            problem::check_col_bounds(col, lower, upper)?;
        }
        let changes = last_of_each(changes, |c| c.0);
        let set: Vec<i32> = changes.iter().map(|c| to_i32(c.0.0)).collect();
        let lower: Vec<f64> = changes.iter().map(|c| c.1).collect();
        let upper: Vec<f64> = changes.iter().map(|c| c.2).collect();
        match &mut self.engine {
            Engine::Reference(highs) => highs.change_cols_bounds(&set, &lower, &upper)?,
            Engine::Stepwise { method, .. } => changes.iter().for_each(|c| method.touch_column(c.0.index())),
        }
        for (col, lower, upper) in changes {
            self.problem.put_col_bounds(col, lower, upper);
        }
        Ok(())
    }

    /// Changes the bounds of a row: a capacity, a quota, an opening stock.
    ///
    /// # Errors
    /// An unknown row or bounds that admit no value; the problem is then unchanged.
    pub fn change_row_bounds(&mut self, row: RowId, lower: f64, upper: f64) -> Result<(), LpError> {
        self.change_rows_bounds(&[(row, lower, upper)])
    }

    /// Changes the bounds of many rows at once; the last change of a row counts.
    ///
    /// # Errors
    /// As [`Solver::change_row_bounds`]; all changes are checked before any is made.
    pub fn change_rows_bounds(&mut self, changes: &[(RowId, f64, f64)]) -> Result<(), LpError> {
        for &(row, lower, upper) in changes {
            self.problem.check_row(row)?;
            problem::check_row_bounds(row, lower, upper)?;
        }
        let changes = last_of_each(changes, |c| c.0);
        let set: Vec<i32> = changes.iter().map(|c| to_i32(c.0.0)).collect();
        let lower: Vec<f64> = changes.iter().map(|c| c.1).collect();
        let upper: Vec<f64> = changes.iter().map(|c| c.2).collect();
        match &mut self.engine {
            Engine::Reference(highs) => highs.change_rows_bounds(&set, &lower, &upper)?,
            Engine::Stepwise { method, .. } => changes.iter().for_each(|c| method.touch_row(c.0.index())),
        }
        for (row, lower, upper) in changes {
            self.problem.put_row_bounds(row, lower, upper);
        }
        Ok(())
    }

    /// Adds a row, for instance a quota over a group of routes. A basis taken earlier fits again
    /// after [`Basis::with_added_rows`](crate::lp::Basis::with_added_rows).
    ///
    /// # Errors
    /// Bounds or coefficients that cannot be solved with, or an unknown column; the problem is
    /// then unchanged.
    pub fn add_row(&mut self, lower: f64, upper: f64, entries: &[(ColId, f64)]) -> Result<RowId, LpError> {
        let row = RowId(u32::try_from(self.problem.dims().1).unwrap_or(u32::MAX));
        problem::check_row_bounds(row, lower, upper)?;
        let mut merged: Vec<(ColId, f64)> = Vec::with_capacity(entries.len());
        let mut sorted = entries.to_vec();
        sorted.sort_by_key(|e| e.0);
        for (col, value) in sorted {
            self.problem.check_col(col)?;
            match merged.last_mut() {
                Some(last) if last.0 == col => last.1 += value,
                _ => merged.push((col, value)),
            }
        }
        for &(col, value) in &merged {
            problem::check_coefficient(row, col, value)?;
        }
        merged.retain(|e| e.1 != 0.0);
        let index: Vec<i32> = merged.iter().map(|e| to_i32(e.0.0)).collect();
        let value: Vec<f64> = merged.iter().map(|e| e.1).collect();
        if let Engine::Reference(highs) = &mut self.engine {
            highs.add_row(lower, upper, &index, &value)?;
        }
        self.reshaped = true;
        let row = self.problem.add_row(lower, upper);
        for (col, value) in merged {
            self.problem.add_entry(row, col, value);
        }
        Ok(row)
    }

    /// Sets the coefficient of a column in a row.
    ///
    /// # Errors
    /// An unknown id or a value the solver would drop or refuse; the problem is then unchanged.
    pub fn change_coeff(&mut self, row: RowId, col: ColId, value: f64) -> Result<(), LpError> {
        self.problem.check_row(row)?;
        self.problem.check_col(col)?;
        problem::check_coefficient(row, col, value)?;
        if let Engine::Reference(highs) = &mut self.engine {
            highs.change_coeff(to_i32(row.0), to_i32(col.0), value)?;
        }
        self.reshaped = true;
        self.problem.put_coeff(row, col, value);
        Ok(())
    }
}

/// Sorts changes by id and keeps the last of each: the solver wants increasing ids.
fn last_of_each<T: Copy, K: Ord>(changes: &[T], id: impl Fn(&T) -> K) -> Vec<T> {
    let mut sorted = changes.to_vec();
    sorted.sort_by_key(|c| id(c)); // stable: changes of one id keep their order
    let mut kept: Vec<T> = Vec::with_capacity(sorted.len());
    for change in sorted {
        match kept.last_mut() {
            Some(last) if id(last) == id(&change) => *last = change,
            _ => kept.push(change),
        }
    }
    kept
}

/// Ids are checked against the problem first, whose size `validate` keeps within range.
fn to_i32(id: u32) -> i32 {
    i32::try_from(id).unwrap_or(i32::MAX)
}
