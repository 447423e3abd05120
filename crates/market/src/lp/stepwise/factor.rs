//! The basis matrix, factored: triangular where it peels, a small nucleus eliminated, pivots since as a product form.
//!
//! Rows and positions are numbered by *pivot* here: the k-th pivot of the factorisation is row k and position k. A basis
//! of a market is nearly triangular and its columns are short, so most solves touch a twentieth of the pivots. Both
//! solves therefore sweep over marks, not over all pivots.

mod build;

use super::sparse::{Lists, Marked, small};

pub(super) use build::Replaced;

/// Entries smaller than this are rounding.
const NOTHING: f64 = 1e-14;

/// A factored basis of as many positions as rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    /// Row of the matrix of each pivot, and the other way round.
    row_of: Vec<u32>,
    pivot_of: Vec<u32>,
    /// Position, as it was given, of each pivot.
    given: Vec<u32>,
    diagonal: Vec<f64>,
    /// Below each pivot, and the same by row.
    lower: Lists,
    lower_rows: Lists,
    /// Above each pivot, and the same by row.
    upper: Lists,
    upper_rows: Lists,
    /// Exchanges since: the position, its entry, the rest of the column, and marks of where that is.
    eta: Lists,
    eta_at: Vec<(u32, f64)>,
    eta_marks: Vec<u64>,
    scratch: build::Scratch,
}

impl Factor {
    /// The pivot of a row of the matrix.
    #[inline]
    pub(super) fn pivot_of(&self, row: usize) -> usize {
        self.pivot_of[row] as usize
    }

    /// The row of the matrix of a pivot.
    #[inline]
    pub(super) fn row_of(&self, pivot: usize) -> usize {
        self.row_of[pivot] as usize
    }

    /// Solves `B y = x` in place: `x` by row, `y` by position.
    pub(super) fn forward(&self, x: &mut Marked) {
        x.rise(|x, k| {
            let t = x.get(k);
            for (i, value) in self.lower.list(k) {
                x.add(i, -value * t);
            }
        });
        x.fall(|x, k| {
            let t = x.get(k);
            if t.abs() <= NOTHING {
                x.erase(k);
                return;
            }
            let t = t / self.diagonal[k];
            x.set(k, t);
            for (i, value) in self.upper.list(k) {
                x.add(i, -value * t);
            }
        });
        for (k, (position, diagonal)) in self.eta_at.iter().enumerate() {
            let t = x.get(*position as usize);
            if t != 0.0 {
                let t = t / diagonal;
                for (i, value) in self.eta.list(k) {
                    x.add(i, -value * t);
                }
                x.set(*position as usize, t);
            }
        }
    }

    /// Solves `Bᵀ x = y` in place: `y` by position, `x` by row.
    pub(super) fn backward(&self, y: &mut Marked) {
        let words = y.marks().len();
        for (k, (position, diagonal)) in self.eta_at.iter().enumerate().rev() {
            let at = *position as usize;
            let before = y.get(at);
            let mut t = before;
            if y.meets(&self.eta_marks[k * words..(k + 1) * words]) {
                for (i, value) in self.eta.list(k) {
                    t -= value * y.get(i);
                }
            }
            if t != 0.0 || before != 0.0 {
                y.set(at, t / diagonal);
            }
        }
        y.rise(|y, k| {
            let t = y.get(k);
            if t.abs() <= NOTHING {
                y.erase(k);
                return;
            }
            let t = t / self.diagonal[k];
            y.set(k, t);
            for (later, value) in self.upper_rows.list(k) {
                y.add(later, -value * t);
            }
        });
        y.fall(|y, k| {
            let t = y.get(k);
            for (earlier, value) in self.lower_rows.list(k) {
                y.add(earlier, -value * t);
            }
        });
    }

    /// Puts a column, already solved for, into a position.
    pub(super) fn update(&mut self, position: usize, column: &Marked) {
        let from = self.eta_marks.len();
        self.eta_marks.resize(from + column.marks().len(), 0);
        let (eta, marks) = (&mut self.eta, &mut self.eta_marks[from..]);
        column.each(|i, value| {
            if i != position && value.abs() > NOTHING {
                eta.push(small(i), value);
                marks[i >> 6] |= 1 << (i & 63);
            }
        });
        self.eta.end();
        self.eta_at.push((small(position), column.get(position)));
    }

    fn forget_updates(&mut self) {
        self.eta.clear();
        self.eta_at.clear();
        self.eta_marks.clear();
    }

    /// Exchanges since the basis was factored.
    pub(super) fn updates(&self) -> usize {
        self.eta_at.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Matrix = Vec<Vec<f64>>;

    /// A square matrix by columns with few entries, most of it triangular after a shuffle, as bases are.
    fn matrices() -> impl Strategy<Value = Matrix> {
        (1_usize..24).prop_flat_map(|n| {
            let entry = (0..n, 0..n, -3.0_f64..3.0);
            let order = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
            (prop::collection::vec(entry, 0..3 * n), order).prop_map(move |(entries, order)| {
                let mut columns = vec![vec![0.0; n]; n];
                for (row, column, value) in entries {
                    columns[column][row] = value;
                }
                // Heavy where a shuffled diagonal runs, so that no drawn matrix is near to singular.
                for (column, row) in order.into_iter().enumerate() {
                    columns[column][row] = 12.0;
                }
                columns
            })
        })
    }

    /// Factors a matrix and puts its columns in the order of the pivots.
    fn factored(columns: &mut Matrix) -> (Factor, Vec<Replaced>) {
        let mut factor = Factor::default();
        let replaced = factor.factor(columns.len(), |position, push| {
            for (row, value) in columns[position].iter().enumerate() {
                if *value != 0.0 {
                    push(small(row), *value);
                }
            }
        });
        *columns = factor.given().iter().map(|p| columns[*p as usize].clone()).collect();
        (factor, replaced)
    }

    fn forward(factor: &Factor, x: &[f64]) -> Marked {
        let mut y = Marked::default();
        y.reset(x.len());
        for (row, value) in x.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            y.add(factor.pivot_of(row), *value);
        }
        factor.forward(&mut y);
        y
    }

    /// Whether `B y = x` for the `y` that forward finds, and `Bᵀ z = x` for the `z` that backward finds.
    fn solves(factor: &Factor, columns: &Matrix, x: &[f64]) -> bool {
        let n = columns.len();
        let y = forward(factor, x);
        let ahead = (0..n).all(|row| {
            let sum: f64 = (0..n).map(|column| columns[column][row] * y.get(column)).sum();
            (sum - x[row]).abs() < 1e-9
        });
        let mut z = Marked::default();
        z.reset(n);
        for (position, value) in x.iter().enumerate() {
            z.add(position, *value);
        }
        factor.backward(&mut z);
        let back = (0..n).all(|column| {
            let sum: f64 = (0..n).map(|k| columns[column][factor.row_of(k)] * z.get(k)).sum();
            (sum - x[column]).abs() < 1e-9
        });
        ahead && back
    }

    proptest! {
        #[test]
        fn a_factored_basis_solves_both_ways_and_goes_on_after_updates(
            mut columns in matrices(),
            changes in prop::collection::vec((0_usize..24, 0_usize..24, 1.0_f64..3.0), 0..6),
            x in prop::collection::vec(-5.0_f64..5.0, 24),
        ) {
            let n = columns.len();
            let x = &x[..n];
            let (mut factor, replaced) = factored(&mut columns);
            prop_assert!(replaced.is_empty());
            prop_assert!(solves(&factor, &columns, x));
            for (position, row, value) in changes {
                let (position, row) = (position % n, row % n);
                let mut entering = columns[position].clone();
                entering[row] += value;
                let column = forward(&factor, &entering);
                prop_assume!(column.get(position).abs() > 0.05);
                factor.update(position, &column);
                columns[position] = entering;
                prop_assert!(solves(&factor, &columns, x));
            }
        }
    }

    #[test]
    fn a_column_that_depends_on_others_is_replaced() {
        // The third column is the sum of the first two; none of them peels.
        let mut columns = vec![vec![1.0, 2.0, 1.0], vec![1.0, -1.0, 3.0], vec![2.0, 1.0, 4.0]];
        let (factor, replaced) = factored(&mut columns);
        assert_eq!(replaced.len(), 1);
        let Replaced { pivot, row } = replaced[0];
        columns[pivot] = (0..3).map(|r| if r == row { 1.0 } else { 0.0 }).collect();
        assert!(solves(&factor, &columns, &[1.0, 2.0, 3.0]));
    }
}
