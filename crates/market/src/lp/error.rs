//! What can go wrong with a linear programme.

use super::problem::{ColId, RowId};

/// Why a linear programme was refused or could not be solved.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LpError {
    /// A column id that the problem does not have.
    #[error("column {} does not exist: the problem has {count} columns", .col.0)]
    UnknownColumn {
        /// The id asked for.
        col: ColId,
        /// How many columns there are.
        count: usize,
    },
    /// A row id that the problem does not have.
    #[error("row {} does not exist: the problem has {count} rows", .row.0)]
    UnknownRow {
        /// The id asked for.
        row: RowId,
        /// How many rows there are.
        count: usize,
    },
    /// The cost of a column is not a finite number.
    #[error("the cost of column {} is {value:?}; a cost must be a finite number", .col.0)]
    BadCost {
        /// The column.
        col: ColId,
        /// The value given.
        value: f64,
    },
    /// The objective offset is not a finite number.
    #[error("the objective offset is {value:?}; it must be a finite number")]
    BadOffset {
        /// The value given.
        value: f64,
    },
    /// The bounds of a column cross, are not numbers, or exclude every value.
    #[error("the bounds of column {} are [{lower:?}, {upper:?}]; {why}", .col.0)]
    BadColumnBounds {
        /// The column.
        col: ColId,
        /// Lower bound given.
        lower: f64,
        /// Upper bound given.
        upper: f64,
        /// What is wrong with them.
        why: &'static str,
    },
    /// The bounds of a row cross, are not numbers, or exclude every value.
    #[error("the bounds of row {} are [{lower:?}, {upper:?}]; {why}", .row.0)]
    BadRowBounds {
        /// The row.
        row: RowId,
        /// Lower bound given.
        lower: f64,
        /// Upper bound given.
        upper: f64,
        /// What is wrong with them.
        why: &'static str,
    },
    /// A matrix coefficient the solver would refuse, or silently drop.
    #[error(
        "the coefficient in row {}, column {} is {value:?}; it must be zero or between 1e-12 and 1e15 in size",
        .row.0, .col.0
    )]
    BadCoefficient {
        /// The row.
        row: RowId,
        /// The column.
        col: ColId,
        /// The value given.
        value: f64,
    },
    /// The problem is too large for the solver's 32-bit indices.
    #[error("the problem is too large: {what} is {count}, the solver takes at most {limit}")]
    TooLarge {
        /// What is too many.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// A basis of another size, for instance one taken before rows were added.
    #[error("the basis has {cols} columns and {rows} rows, the problem has {problem_cols} and {problem_rows}")]
    BasisSize {
        /// Columns in the basis.
        cols: usize,
        /// Rows in the basis.
        rows: usize,
        /// Columns in the problem.
        problem_cols: usize,
        /// Rows in the problem.
        problem_rows: usize,
    },
    /// A basis was asked for before any solve, or after the solver was cleared.
    #[error("there is no basis to read: solve the problem first")]
    NoBasis,
    /// A step of a derivative that is not a positive finite number.
    #[error("the step of a price interval is {step:?}; it must be positive and finite")]
    BadStep {
        /// The step given.
        step: f64,
    },
    /// No assignment satisfies all rows and bounds.
    #[error("the problem is infeasible: no assignment satisfies all rows and bounds")]
    Infeasible,
    /// The objective can improve without limit.
    #[error("the problem is unbounded: the objective can improve without limit")]
    Unbounded,
    /// The solver ended without an optimal solution.
    #[error("the solver ended without an optimal solution: {status}")]
    NotOptimal {
        /// What the solver said.
        status: &'static str,
    },
    /// A call into the solver library failed.
    #[error("the solver refused `{call}`")]
    Call {
        /// Name of the call.
        call: &'static str,
    },
}
