//! The matrix by row, with what may move first.

use super::super::curves::Curves;
use super::super::sparse::small;

/// For each row the variables of several rows that touch it: first those off the basis that can move, then the others,
/// whose price nobody asks for.
#[derive(Debug, Clone, Default)]
pub(super) struct Live {
    start: Vec<u32>,
    end: Vec<u32>,
    entries: Vec<(u32, f64)>,
}

impl Live {
    /// Sorts the rows of a programme.
    pub(super) fn reset(&mut self, curves: &Curves, may_move: &[bool]) {
        self.start.clear();
        self.end.clear();
        self.entries.clear();
        for row in 0..curves.rows() {
            self.start.push(small(self.entries.len()));
            let alive = curves.row(row).filter(|(v, _)| may_move[*v]);
            self.entries.extend(alive.map(|(v, value)| (small(v), value)));
            self.end.push(small(self.entries.len()));
            let still = curves.row(row).filter(|(v, _)| !may_move[*v]);
            self.entries.extend(still.map(|(v, value)| (small(v), value)));
        }
        self.start.push(small(self.entries.len()));
    }

    /// The variables of a row that may move.
    #[inline]
    pub(super) fn row(&self, row: usize) -> &[(u32, f64)] {
        &self.entries[self.start[row] as usize..self.end[row] as usize]
    }

    /// A variable has entered the basis.
    pub(super) fn settle(&mut self, curves: &Curves, v: usize) {
        if v >= curves.joint() {
            return;
        }
        for (row, _) in curves.column(v) {
            let (from, to) = (self.start[row] as usize, self.end[row] as usize);
            if let Some(at) = self.entries[from..to].iter().position(|e| e.0 as usize == v) {
                self.entries.swap(from + at, to - 1);
                self.end[row] -= 1;
            }
        }
    }

    /// A variable that can move has left the basis.
    pub(super) fn free(&mut self, curves: &Curves, v: usize) {
        if v >= curves.joint() {
            return;
        }
        for (row, _) in curves.column(v) {
            let (from, to) = (self.end[row] as usize, self.start[row + 1] as usize);
            if let Some(at) = self.entries[from..to].iter().position(|e| e.0 as usize == v) {
                self.entries.swap(from + at, from);
                self.end[row] += 1;
            }
        }
    }
}
