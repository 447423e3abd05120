//! The basis matrix, factored: triangular where it peels, a small nucleus eliminated, pivots since as a product form.
//!
//! Vectors over *rows* are indexed by the row of the matrix, vectors over *positions* by the place of a variable in the
//! basis. [`Factor::forward`] turns the first into the second, [`Factor::backward`] the second into the first.

use super::sparse::{Lists, Sparse, reset, small};

/// Entries smaller than this are rounding.
const NOTHING: f64 = 1e-14;
/// A pivot of the nucleus is at least this share of the largest entry of its column.
const THRESHOLD: f64 = 0.1;
/// A column whose largest entry is smaller than this depends on the others.
const SINGULAR: f64 = 1e-10;

/// One pivot of the factorisation.
#[derive(Debug, Clone, Copy)]
struct Pivot {
    row: u32,
    position: u32,
    diagonal: f64,
}

/// A factored basis of as many positions as rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    rows: usize,
    pivots: Vec<Pivot>,
    /// Below each pivot, by row; most are empty, so those that are not are listed with their row.
    lower: Lists,
    lower_row: Vec<u32>,
    /// Above each pivot, by row of an earlier pivot.
    upper: Lists,
    /// The same by row: for each row, later pivots by their number.
    upper_rows: Lists,
    /// Pivots since: the position, its entry, and the rest of the column by position.
    eta: Lists,
    eta_at: Vec<(u32, f64)>,
    work: Vec<f64>,
    scratch: Scratch,
}

#[derive(Debug, Clone, Default)]
struct Scratch {
    by_row: Lists,
    fill: Vec<u32>,
    row_count: Vec<u32>,
    col_count: Vec<u32>,
    row_done: Vec<bool>,
    col_done: Vec<bool>,
    queue: Vec<u32>,
    nucleus: Vec<u32>,
    dense: Vec<f64>,
    pattern: Vec<u32>,
    matrix: Lists,
}

impl Factor {
    /// Factors the basis whose columns `each` writes. Columns that depend on others are left out: returns their positions,
    /// each with a row that nothing pivots on, whose unit column takes its place.
    pub(super) fn factor(
        &mut self,
        rows: usize,
        mut each: impl FnMut(usize, &mut dyn FnMut(u32, f64)),
    ) -> Vec<(usize, usize)> {
        self.rows = rows;
        self.pivots.clear();
        self.lower.clear();
        self.lower_row.clear();
        self.upper.clear();
        self.forget_updates();
        let mut s = std::mem::take(&mut self.scratch);
        s.matrix.clear();
        for position in 0..rows {
            each(position, &mut |row, value| s.matrix.push(row, value));
            s.matrix.end();
        }
        s.matrix.transposed(rows, &mut s.by_row, &mut s.fill);
        self.peel(&mut s);
        let left_out = self.eliminate(&mut s);
        // Unit columns in place of those left out.
        let free = (0..rows).filter(|r| !s.row_done[*r]);
        let replaced: Vec<(usize, usize)> = left_out.into_iter().zip(free).collect();
        for (position, row) in &replaced {
            self.pivots.push(Pivot {
                row: small(*row),
                position: small(*position),
                diagonal: 1.0,
            });
            self.upper.end();
        }
        self.scratch = s;
        self.transpose_upper();
        replaced
    }

    fn transpose_upper(&mut self) {
        let mut fill = std::mem::take(&mut self.scratch.fill);
        let upper = std::mem::take(&mut self.upper);
        upper.transposed(self.rows, &mut self.upper_rows, &mut fill);
        self.upper = upper;
        self.scratch.fill = fill;
    }

    /// Pivots on columns with one row left, then on rows with one column left, until neither is there.
    fn peel(&mut self, s: &mut Scratch) {
        let rows = self.rows;
        reset(&mut s.row_done, rows, false);
        reset(&mut s.col_done, rows, false);
        s.row_count.clear();
        s.col_count.clear();
        s.row_count
            .extend((0..rows).map(|r| s.by_row.start[r + 1] - s.by_row.start[r]));
        s.col_count
            .extend((0..rows).map(|c| s.matrix.start[c + 1] - s.matrix.start[c]));
        // Positions below `rows`, rows above.
        s.queue.clear();
        let total = small(rows);
        s.queue.extend((0..total).filter(|c| s.col_count[*c as usize] == 1));
        s.queue
            .extend((0..total).filter(|r| s.row_count[*r as usize] == 1).map(|r| r + total));
        let mut next = 0;
        while let Some(item) = s.queue.get(next).copied() {
            next += 1;
            let found = if item < total {
                column_singleton(s, item as usize)
            } else {
                row_singleton(s, (item - total) as usize)
            };
            let Some((row, position, diagonal)) = found else {
                continue;
            };
            self.pivot(s, row, position, diagonal);
            for (r, _) in s.matrix.list(position) {
                s.row_count[r] -= 1;
                if !s.row_done[r] && s.row_count[r] == 1 {
                    s.queue.push(small(r) + total);
                }
            }
            for (c, _) in s.by_row.list(row) {
                s.col_count[c] -= 1;
                if !s.col_done[c] && s.col_count[c] == 1 {
                    s.queue.push(small(c));
                }
            }
        }
    }

    /// Records a pivot of a column that no elimination has touched.
    fn pivot(&mut self, s: &mut Scratch, row: usize, position: usize, diagonal: f64) {
        let mut below = false;
        for (r, value) in s.matrix.list(position) {
            if r == row {
                continue;
            }
            if s.row_done[r] {
                self.upper.push(small(r), value);
            } else {
                self.lower.push(small(r), value / diagonal);
                below = true;
            }
        }
        self.upper.end();
        if below {
            self.lower.end();
            self.lower_row.push(small(row));
        }
        self.pivots.push(Pivot {
            row: small(row),
            position: small(position),
            diagonal,
        });
        s.row_done[row] = true;
        s.col_done[position] = true;
    }

    /// Eliminates what does not peel, column by column, sparse ones first. Returns the positions that depend on others.
    fn eliminate(&mut self, s: &mut Scratch) -> Vec<usize> {
        let rows = self.rows;
        s.nucleus.clear();
        let total = small(rows);
        s.nucleus.extend((0..total).filter(|c| !s.col_done[*c as usize]));
        let (nucleus, counts) = (&mut s.nucleus, &s.col_count);
        nucleus.sort_by_key(|c| (counts[*c as usize], *c));
        reset(&mut s.dense, rows, 0.0);
        let mut left_out = Vec::new();
        for at in 0..s.nucleus.len() {
            let position = s.nucleus[at] as usize;
            s.pattern.clear();
            for (r, value) in s.matrix.list(position) {
                s.dense[r] = value;
                s.pattern.push(small(r));
            }
            for k in 0..self.lower.len() {
                let t = s.dense[self.lower_row[k] as usize];
                if t == 0.0 {
                    continue;
                }
                for (r, value) in self.lower.list(k) {
                    if s.dense[r] == 0.0 {
                        s.pattern.push(small(r));
                    }
                    s.dense[r] -= value * t;
                    if s.dense[r] == 0.0 {
                        // Kept in the pattern once: an exact zero would be pushed again.
                        s.dense[r] = f64::MIN_POSITIVE;
                    }
                }
            }
            let open = |r: &u32| !s.row_done[*r as usize];
            let largest = (s.pattern.iter().filter(|r| open(r)))
                .map(|r| s.dense[*r as usize].abs())
                .fold(0.0, f64::max);
            let row = (s.pattern.iter().copied())
                .filter(|r| open(r) && s.dense[*r as usize].abs() >= THRESHOLD * largest)
                .min_by_key(|r| (s.row_count[*r as usize], *r));
            let Some(row) = row.filter(|_| largest > SINGULAR) else {
                for r in &s.pattern {
                    s.dense[*r as usize] = 0.0;
                }
                left_out.push(position);
                continue;
            };
            let diagonal = s.dense[row as usize];
            let mut below = false;
            for r in &s.pattern {
                let value = std::mem::take(&mut s.dense[*r as usize]);
                if *r == row || value.abs() < NOTHING {
                    continue;
                }
                if s.row_done[*r as usize] {
                    self.upper.push(*r, value);
                } else {
                    self.lower.push(*r, value / diagonal);
                    below = true;
                }
            }
            self.upper.end();
            if below {
                self.lower.end();
                self.lower_row.push(row);
            }
            self.pivots.push(Pivot {
                row,
                position: small(position),
                diagonal,
            });
            s.row_done[row as usize] = true;
        }
        left_out
    }

    /// Solves `B y = x`: `x` by row, emptied; `y` by position, all zeros before.
    pub(super) fn forward(&self, x: &mut [f64], y: &mut Sparse) {
        for (k, row) in self.lower_row.iter().enumerate() {
            let t = x[*row as usize];
            if t != 0.0 {
                for (r, value) in self.lower.list(k) {
                    x[r] -= value * t;
                }
            }
        }
        for (k, pivot) in self.pivots.iter().enumerate().rev() {
            let slot = &mut x[pivot.row as usize];
            if *slot == 0.0 {
                continue;
            }
            let t = std::mem::take(slot);
            if t.abs() > NOTHING {
                let t = t / pivot.diagonal;
                for (r, value) in self.upper.list(k) {
                    x[r] -= value * t;
                }
                y.put(pivot.position, t);
            }
        }
        for (k, (position, diagonal)) in self.eta_at.iter().enumerate() {
            let t = y.get(*position as usize);
            if t != 0.0 {
                let t = t / diagonal;
                for (i, value) in self.eta.list(k) {
                    y.add(i, -value * t);
                }
                y.replace(*position as usize, t);
            }
        }
    }

    /// Solves `Bᵀ x = y`: `y` by position, overwritten; `x` by row.
    pub(super) fn backward(&mut self, y: &mut [f64], x: &mut [f64]) {
        for (k, (position, diagonal)) in self.eta_at.iter().enumerate().rev() {
            let mut t = y[*position as usize];
            for (i, value) in self.eta.list(k) {
                t -= value * y[i];
            }
            y[*position as usize] = t / diagonal;
        }
        // By number of pivot, so that rows of the factor can push.
        let work = &mut self.work;
        work.clear();
        work.extend(self.pivots.iter().map(|p| y[p.position as usize]));
        for (k, pivot) in self.pivots.iter().enumerate() {
            let t = work[k];
            if t.abs() > NOTHING {
                let t = t / pivot.diagonal;
                for (later, value) in self.upper_rows.list(pivot.row as usize) {
                    work[later] -= value * t;
                }
                x[pivot.row as usize] = t;
            } else {
                x[pivot.row as usize] = 0.0;
            }
        }
        for (k, row) in self.lower_row.iter().enumerate().rev() {
            let mut t = x[*row as usize];
            for (r, value) in self.lower.list(k) {
                t -= value * x[r];
            }
            x[*row as usize] = t;
        }
    }

    /// Puts a column, already solved for, into a position.
    pub(super) fn update(&mut self, position: usize, column: &Sparse) {
        column.each(|i, value| {
            if i != position && value.abs() > NOTHING {
                self.eta.push(small(i), value);
            }
        });
        self.eta.end();
        self.eta_at.push((small(position), column.get(position)));
    }

    fn forget_updates(&mut self) {
        self.eta.clear();
        self.eta_at.clear();
    }

    /// Pivots since the basis was factored.
    pub(super) fn updates(&self) -> usize {
        self.eta_at.len()
    }
}

/// A column with one open row, if it still is one.
fn column_singleton(s: &Scratch, position: usize) -> Option<(usize, usize, f64)> {
    if s.col_done[position] {
        return None;
    }
    let (row, value) = s.matrix.list(position).find(|(r, _)| !s.row_done[*r])?;
    (value.abs() > SINGULAR).then_some((row, position, value))
}

/// A row with one open column, if it still is one and its entry is not tiny beside the column's.
fn row_singleton(s: &Scratch, row: usize) -> Option<(usize, usize, f64)> {
    if s.row_done[row] {
        return None;
    }
    let (position, value) = s.by_row.list(row).find(|(c, _)| !s.col_done[*c])?;
    let open = s.matrix.list(position).filter(|(r, _)| !s.row_done[*r]);
    let largest = open.map(|(_, v)| v.abs()).fold(0.0, f64::max);
    (value.abs() > SINGULAR && value.abs() >= THRESHOLD * 0.1 * largest).then_some((row, position, value))
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

    fn factored(columns: &Matrix) -> (Factor, Vec<(usize, usize)>) {
        let mut factor = Factor::default();
        let replaced = factor.factor(columns.len(), |position, push| {
            for (row, value) in columns[position].iter().enumerate() {
                if *value != 0.0 {
                    push(small(row), *value);
                }
            }
        });
        (factor, replaced)
    }

    fn forward(factor: &Factor, x: &[f64]) -> Sparse {
        let mut y = Sparse::default();
        y.reset(x.len());
        factor.forward(&mut x.to_vec(), &mut y);
        y
    }

    /// Whether `B y = x` for the `y` that forward finds, and `Bᵀ z = x` for the `z` that backward finds.
    fn solves(factor: &mut Factor, columns: &Matrix, x: &[f64]) -> bool {
        let n = columns.len();
        let y = forward(factor, x);
        let ahead = (0..n).all(|row| {
            let sum: f64 = (0..n).map(|column| columns[column][row] * y.get(column)).sum();
            (sum - x[row]).abs() < 1e-9
        });
        let mut z = vec![0.0; n];
        factor.backward(&mut x.to_vec(), &mut z);
        let back = (0..n).all(|column| {
            let sum: f64 = (0..n).map(|row| columns[column][row] * z[row]).sum();
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
            let (mut factor, replaced) = factored(&columns);
            prop_assert!(replaced.is_empty());
            prop_assert!(solves(&mut factor, &columns, x));
            for (position, row, value) in changes {
                let (position, row) = (position % n, row % n);
                let mut entering = columns[position].clone();
                entering[row] += value;
                let column = forward(&factor, &entering);
                prop_assume!(column.get(position).abs() > 0.05);
                factor.update(position, &column);
                columns[position] = entering;
                prop_assert!(solves(&mut factor, &columns, x));
            }
        }
    }

    #[test]
    fn a_column_that_depends_on_others_is_replaced() {
        // The third column is the sum of the first two; none of them peels.
        let columns = vec![vec![1.0, 2.0, 1.0], vec![1.0, -1.0, 3.0], vec![2.0, 1.0, 4.0]];
        let (mut factor, replaced) = factored(&columns);
        assert_eq!(replaced.len(), 1);
        let (position, row) = replaced[0];
        let mut mended = columns;
        mended[position] = (0..3).map(|r| if r == row { 1.0 } else { 0.0 }).collect();
        assert!(solves(&mut factor, &mended, &[1.0, 2.0, 3.0]));
    }
}
