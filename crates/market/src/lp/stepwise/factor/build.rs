//! Factoring: pivots on what peels, then elimination of the nucleus that is left.

use super::super::sparse::{Lists, reset, small};
use super::{Factor, NOTHING};

/// A pivot of the nucleus is at least this share of the largest entry of its column.
const THRESHOLD: f64 = 0.1;
/// A column whose largest entry is smaller than this depends on the others.
const SINGULAR: f64 = 1e-10;

/// A column that depended on others and was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Replaced {
    /// Its pivot.
    pub pivot: usize,
    /// The row whose unit column took its place.
    pub row: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Scratch {
    by_row: Lists,
    fill: Vec<u32>,
    row_count: Vec<u32>,
    col_count: Vec<u32>,
    row_done: Vec<bool>,
    col_done: Vec<bool>,
    queue: Vec<u32>,
    nucleus: Vec<u32>,
    /// Pivots whose rows the column at hand has reached.
    reached: Vec<u64>,
    dense: Vec<f64>,
    pattern: Vec<u32>,
    matrix: Lists,
}

impl Factor {
    /// Factors the basis whose columns `each` writes. Columns that depend on others are left out: returns their positions,
    /// each with a row that nothing pivots on, whose unit column takes their place.
    pub(in super::super) fn factor(
        &mut self,
        rows: usize,
        mut each: impl FnMut(usize, &mut dyn FnMut(u32, f64)),
    ) -> Vec<Replaced> {
        self.diagonal.clear();
        self.row_of.clear();
        self.given.clear();
        reset(&mut self.pivot_of, rows, 0);
        self.lower.clear();
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
        let replaced = (replaced.into_iter())
            .map(|(position, row)| {
                self.record(row, position, 1.0);
                let pivot = self.diagonal.len() - 1;
                Replaced { pivot, row }
            })
            .collect();
        // Below a pivot are rows that had no number yet.
        self.lower.renumber(&self.pivot_of);
        self.lower.transposed(rows, &mut self.lower_rows, &mut s.fill);
        self.upper.transposed(rows, &mut self.upper_rows, &mut s.fill);
        self.scratch = s;
        replaced
    }

    /// For each pivot the position, as it was given, of its column.
    pub(in super::super) fn given(&self) -> &[u32] {
        &self.given
    }

    /// Numbers a pivot whose column above and below has been written.
    fn record(&mut self, row: usize, position: usize, diagonal: f64) {
        self.lower.end();
        self.upper.end();
        self.pivot_of[row] = small(self.diagonal.len());
        self.row_of.push(small(row));
        self.given.push(small(position));
        self.diagonal.push(diagonal);
    }

    /// Pivots on columns with one row left, then on rows with one column left, until neither is there.
    fn peel(&mut self, s: &mut Scratch) {
        let rows = self.pivot_of.len();
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
        for (r, value) in s.matrix.list(position) {
            if r == row {
                continue;
            }
            if s.row_done[r] {
                self.upper.push(self.pivot_of[r], value);
            } else {
                self.lower.push(small(r), value / diagonal);
            }
        }
        self.record(row, position, diagonal);
        s.row_done[row] = true;
        s.col_done[position] = true;
    }

    /// Eliminates what does not peel, column by column, sparse ones first. Returns the positions that depend on others.
    fn eliminate(&mut self, s: &mut Scratch) -> Vec<usize> {
        let rows = self.pivot_of.len();
        s.nucleus.clear();
        let total = small(rows);
        s.nucleus.extend((0..total).filter(|c| !s.col_done[*c as usize]));
        let (nucleus, counts) = (&mut s.nucleus, &s.col_count);
        nucleus.sort_by_key(|c| (counts[*c as usize], *c));
        reset(&mut s.dense, rows, 0.0);
        reset(&mut s.reached, rows.div_ceil(64), 0);
        let mut left_out = Vec::new();
        for at in 0..s.nucleus.len() {
            let position = s.nucleus[at] as usize;
            self.reach(s, position);
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
            for r in &s.pattern {
                let value = std::mem::take(&mut s.dense[*r as usize]);
                if *r == row || value.abs() < NOTHING {
                    continue;
                }
                if s.row_done[*r as usize] {
                    self.upper.push(self.pivot_of[*r as usize], value);
                } else {
                    self.lower.push(*r, value / diagonal);
                }
            }
            self.record(row as usize, position, diagonal);
            s.row_done[row as usize] = true;
        }
        left_out
    }

    /// Works out a column of the nucleus after the pivots so far, by row, with its pattern.
    fn reach(&self, s: &mut Scratch, position: usize) {
        s.pattern.clear();
        for (r, value) in s.matrix.list(position) {
            s.dense[r] = value;
            s.pattern.push(small(r));
            if s.row_done[r] {
                mark(&mut s.reached, self.pivot_of[r]);
            }
        }
        for word in 0..s.reached.len() {
            while s.reached[word] != 0 {
                let k = (word << 6) + s.reached[word].trailing_zeros() as usize;
                s.reached[word] &= s.reached[word] - 1;
                let t = s.dense[self.row_of[k] as usize];
                for (r, value) in self.lower.list(k) {
                    if s.dense[r] == 0.0 {
                        s.pattern.push(small(r));
                        if s.row_done[r] {
                            mark(&mut s.reached, self.pivot_of[r]);
                        }
                    }
                    s.dense[r] -= value * t;
                    if s.dense[r] == 0.0 {
                        // Kept in the pattern once: an exact zero would be pushed again.
                        s.dense[r] = f64::MIN_POSITIVE;
                    }
                }
            }
        }
    }
}

fn mark(marks: &mut [u64], pivot: u32) {
    marks[(pivot >> 6) as usize] |= 1 << (pivot & 63);
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
