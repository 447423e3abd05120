//! A linear programme as data, independent of any solver.

use super::error::LpError;

/// Identifies a column (a variable) of a [`Problem`], counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColId(pub u32);

/// Identifies a row (a constraint) of a [`Problem`], counted from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u32);

impl ColId {
    /// Position in a per-column vector.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl RowId {
    /// Position in a per-row vector.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether the objective is made as large or as small as possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sense {
    /// Maximise: the market's welfare.
    #[default]
    Maximise,
    /// Minimise: a plan's cost.
    Minimise,
}

impl Sense {
    /// `+1` when minimising, `-1` when maximising: multiplies an objective into "smaller is better".
    pub(super) const fn to_minimise(self) -> f64 {
        match self {
            Self::Maximise => -1.0,
            Self::Minimise => 1.0,
        }
    }
}

/// Coefficients at or below this size are dropped by the solver; anything but an exact zero there
/// is refused, so that the problem solved is the problem stated.
pub(super) const SMALLEST_COEFFICIENT: f64 = 1e-12;
const LARGEST_COEFFICIENT: f64 = 1e15;
/// The solver takes any bound of this size or more for "no bound".
const INFINITE: f64 = 1e20;

/// A sparse linear programme that can grow.
///
/// ```text
/// maximise or minimise   offset + sum_j cost_j x_j
/// subject to             row_lower_i <= sum_j a_ij x_j <= row_upper_i
///                        col_lower_j <= x_j <= col_upper_j
/// ```
///
/// A missing bound is `f64::INFINITY` or `f64::NEG_INFINITY`. Building never fails; a slip such as
/// an unknown id or a coefficient that is not a number is reported by [`Problem::validate`], which
/// every solver calls first.
///
/// ```
/// use monazite_market::lp::{Problem, Sense, Solver};
///
/// // 10 t of supply at 5 USD/kg meet buyers who pay up to 8.
/// let mut market = Problem::new(Sense::Maximise);
/// let supply = market.add_col(-5.0, 0.0, 10.0);
/// let demand = market.add_col(8.0, 0.0, 40.0);
/// let balance = market.add_row(0.0, f64::INFINITY); // supply - use >= 0
/// market.add_entry(balance, supply, 1.0);
/// market.add_entry(balance, demand, -1.0);
///
/// let solution = Solver::new(market)?.solve()?;
/// assert_eq!(solution.price(balance), 8.0);
/// # Ok::<(), monazite_market::lp::LpError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Problem {
    sense: Sense,
    offset: f64,
    cost: Vec<f64>,
    col_lower: Vec<f64>,
    col_upper: Vec<f64>,
    row_lower: Vec<f64>,
    row_upper: Vec<f64>,
    /// Entries of each column, in the order in which they were added. Columns of a market are
    /// short (a route touches two balances and a few policy rows), so a linear search is enough.
    columns: Vec<Vec<(u32, f64)>>,
    /// Entries given for columns that did not exist, kept for `validate` to report.
    stray: Vec<ColId>,
}

/// The matrix in compressed columns, as solvers take it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Compressed {
    pub start: Vec<i32>,
    pub index: Vec<i32>,
    pub value: Vec<f64>,
}

impl Problem {
    /// An empty problem.
    #[must_use]
    pub fn new(sense: Sense) -> Self {
        Self {
            sense,
            ..Self::default()
        }
    }

    /// Adds a column with its objective coefficient and bounds.
    pub fn add_col(&mut self, cost: f64, lower: f64, upper: f64) -> ColId {
        let id = ColId(to_u32(self.cost.len()));
        self.cost.push(cost);
        self.col_lower.push(lower);
        self.col_upper.push(upper);
        self.columns.push(Vec::new());
        id
    }

    /// Adds a row with its bounds; entries follow by [`Problem::add_entry`].
    pub fn add_row(&mut self, lower: f64, upper: f64) -> RowId {
        let id = RowId(to_u32(self.row_lower.len()));
        self.row_lower.push(lower);
        self.row_upper.push(upper);
        id
    }

    /// Adds a row with its entries, each column at most once: what a plan's cuts are, of which there are many, so that
    /// columns are long and must not be searched.
    pub fn add_row_of(&mut self, lower: f64, upper: f64, entries: &[(ColId, f64)]) -> RowId {
        let id = self.add_row(lower, upper);
        for (col, value) in entries {
            match self.columns.get_mut(col.index()) {
                Some(column) => column.push((id.0, *value)),
                None => self.stray.push(*col),
            }
        }
        id
    }

    /// Adds `value` to the coefficient of `col` in `row`; repeated calls accumulate.
    pub fn add_entry(&mut self, row: RowId, col: ColId, value: f64) {
        let Some(column) = self.columns.get_mut(col.index()) else {
            self.stray.push(col);
            return;
        };
        match column.iter_mut().find(|(r, _)| *r == row.0) {
            Some((_, present)) => *present += value,
            None => column.push((row.0, value)),
        }
    }

    /// Sets the constant term of the objective.
    pub fn set_offset(&mut self, offset: f64) {
        self.offset = offset;
    }

    /// Number of columns and rows.
    #[must_use]
    pub fn dims(&self) -> (usize, usize) {
        (self.cost.len(), self.row_lower.len())
    }

    /// Number of coefficients that are not zero.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.columns.iter().flatten().filter(|e| e.1 != 0.0).count()
    }

    /// Whether the objective is maximised or minimised.
    #[must_use]
    pub fn sense(&self) -> Sense {
        self.sense
    }

    /// The constant term of the objective.
    #[must_use]
    pub fn offset(&self) -> f64 {
        self.offset
    }

    /// Objective coefficient of every column.
    #[must_use]
    pub fn costs(&self) -> &[f64] {
        &self.cost
    }

    /// Lower bound of every column.
    #[must_use]
    pub fn col_lower(&self) -> &[f64] {
        &self.col_lower
    }

    /// Upper bound of every column.
    #[must_use]
    pub fn col_upper(&self) -> &[f64] {
        &self.col_upper
    }

    /// Lower bound of every row.
    #[must_use]
    pub fn row_lower(&self) -> &[f64] {
        &self.row_lower
    }

    /// Upper bound of every row.
    #[must_use]
    pub fn row_upper(&self) -> &[f64] {
        &self.row_upper
    }

    /// The entries of one column: row and coefficient. Empty for an unknown column.
    pub fn column(&self, col: ColId) -> impl Iterator<Item = (RowId, f64)> + '_ {
        self.columns
            .get(col.index())
            .into_iter()
            .flatten()
            .map(|&(row, value)| (RowId(row), value))
    }

    /// Checks that every id exists and every number can be solved with.
    ///
    /// # Errors
    /// The first fault found: an unknown id, a value that is not finite, crossed bounds, or a
    /// coefficient so small that the solver would drop it.
    pub fn validate(&self) -> Result<(), LpError> {
        let (cols, rows) = self.dims();
        if let Some(&col) = self.stray.first() {
            return Err(LpError::UnknownColumn { col, count: cols });
        }
        if !self.offset.is_finite() {
            return Err(LpError::BadOffset { value: self.offset });
        }
        for (j, ((&cost, &lower), &upper)) in (0u32..).zip(self.cost.iter().zip(&self.col_lower).zip(&self.col_upper)) {
            check_cost(ColId(j), cost)?;
            check_col_bounds(ColId(j), lower, upper)?;
        }
        for (i, (&lower, &upper)) in (0u32..).zip(self.row_lower.iter().zip(&self.row_upper)) {
            check_row_bounds(RowId(i), lower, upper)?;
        }
        for (j, column) in (0u32..).zip(&self.columns) {
            for &(row, value) in column {
                if row as usize >= rows {
                    return Err(LpError::UnknownRow {
                        row: RowId(row),
                        count: rows,
                    });
                }
                check_coefficient(RowId(row), ColId(j), value)?;
            }
        }
        let limit = i32::MAX as usize;
        for (what, count) in [
            ("the number of columns", cols),
            ("the number of rows", rows),
            ("the number of coefficients", self.nonzeros()),
        ] {
            if count > limit {
                return Err(LpError::TooLarge { what, count, limit });
            }
        }
        Ok(())
    }

    /// The matrix in compressed columns. Entry order is kept, so a problem changed entry by entry
    /// and one rebuilt from scratch reach the solver alike.
    pub(super) fn compressed(&self) -> Compressed {
        let nonzeros = self.nonzeros();
        let mut start = Vec::with_capacity(self.columns.len());
        let mut index = Vec::with_capacity(nonzeros);
        let mut value = Vec::with_capacity(nonzeros);
        for column in &self.columns {
            start.push(to_i32(index.len()));
            for &(row, coefficient) in column.iter().filter(|e| e.1 != 0.0) {
                index.push(to_i32(row as usize));
                value.push(coefficient);
            }
        }
        Compressed { start, index, value }
    }

    pub(super) fn check_col(&self, col: ColId) -> Result<(), LpError> {
        let count = self.cost.len();
        if col.index() < count {
            Ok(())
        } else {
            Err(LpError::UnknownColumn { col, count })
        }
    }

    pub(super) fn check_row(&self, row: RowId) -> Result<(), LpError> {
        let count = self.row_lower.len();
        if row.index() < count {
            Ok(())
        } else {
            Err(LpError::UnknownRow { row, count })
        }
    }

    /// Replaces a cost; the caller has checked the id.
    pub(super) fn put_cost(&mut self, col: ColId, cost: f64) {
        if let Some(slot) = self.cost.get_mut(col.index()) {
            *slot = cost;
        }
    }

    /// Replaces the bounds of a column; the caller has checked the id.
    pub(super) fn put_col_bounds(&mut self, col: ColId, lower: f64, upper: f64) {
        if let Some(slot) = self.col_lower.get_mut(col.index()) {
            *slot = lower;
        }
        if let Some(slot) = self.col_upper.get_mut(col.index()) {
            *slot = upper;
        }
    }

    /// Replaces the bounds of a row; the caller has checked the id.
    pub(super) fn put_row_bounds(&mut self, row: RowId, lower: f64, upper: f64) {
        if let Some(slot) = self.row_lower.get_mut(row.index()) {
            *slot = lower;
        }
        if let Some(slot) = self.row_upper.get_mut(row.index()) {
            *slot = upper;
        }
    }

    /// Replaces a coefficient the way the solver does: a zero removes the entry, a new one goes
    /// last in its column.
    pub(super) fn put_coeff(&mut self, row: RowId, col: ColId, value: f64) {
        let Some(column) = self.columns.get_mut(col.index()) else {
            return;
        };
        match column.iter().position(|e| e.0 == row.0) {
            Some(at) if value == 0.0 => {
                column.remove(at);
            }
            Some(at) => column[at].1 = value,
            None if value != 0.0 => column.push((row.0, value)),
            None => {}
        }
    }
}

pub(super) fn check_cost(col: ColId, value: f64) -> Result<(), LpError> {
    if value.is_finite() && value.abs() < INFINITE {
        Ok(())
    } else {
        Err(LpError::BadCost { col, value })
    }
}

pub(super) fn check_col_bounds(col: ColId, lower: f64, upper: f64) -> Result<(), LpError> {
    bounds_fault(lower, upper).map_or(Ok(()), |why| Err(LpError::BadColumnBounds { col, lower, upper, why }))
}

pub(super) fn check_row_bounds(row: RowId, lower: f64, upper: f64) -> Result<(), LpError> {
    bounds_fault(lower, upper).map_or(Ok(()), |why| Err(LpError::BadRowBounds { row, lower, upper, why }))
}

pub(super) fn check_coefficient(row: RowId, col: ColId, value: f64) -> Result<(), LpError> {
    let size = value.abs();
    if value == 0.0 || (size > SMALLEST_COEFFICIENT && size < LARGEST_COEFFICIENT) {
        Ok(())
    } else {
        Err(LpError::BadCoefficient { row, col, value })
    }
}

fn bounds_fault(lower: f64, upper: f64) -> Option<&'static str> {
    let vast = |x: f64| x.is_finite() && x.abs() >= INFINITE;
    if lower.is_nan() || upper.is_nan() {
        Some("a bound must be a number")
    } else if lower > upper {
        Some("the lower bound is above the upper bound")
    } else if lower == f64::INFINITY || upper == f64::NEG_INFINITY {
        Some("no value lies between them")
    } else if vast(lower) || vast(upper) {
        Some("a bound of 1e20 or more would be taken for no bound; use infinity for that")
    } else {
        None
    }
}

/// Saturates rather than wraps; `validate` refuses a problem of that size.
fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn to_i32(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
