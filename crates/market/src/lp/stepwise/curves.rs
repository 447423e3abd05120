//! A programme as step curves: columns with the same coefficients are one variable with a piecewise linear cost.
//!
//! A column that touches one row only, such as a user or a store, is a piece of that row's *own* curve, next to the slack
//! of the row. What is left of the matrix are processes and routes, a quarter of the columns.
//!
//! ```text
//! minimise  Σ f_j(x_j) + Σ g_i(w_i)      subject to   A x + w = 0
//! ```
//!
//! `f` and `g` are convex, because a cheaper step is always filled before a dearer one.

use std::collections::HashMap;

use super::super::problem::{ColId, Problem};
use super::super::solution::{Basis, BasisStatus};
use super::sparse::small;

/// What stands in for "no bound" while solving. A solution that rests there is refused.
pub(super) const FAR: f64 = 1e9;
/// The piece of a row's own curve that is the row's activity, not a column.
const ACTIVITY: u32 = u32::MAX;

/// How much of a piece is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is a segment of the curve: the slot.
    Segment(u32),
    /// At its low end, whatever the curve's value.
    Low,
    /// At its high end.
    High,
}

/// What a column has of its variable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// The column's value.
    pub column: f64,
    /// Units of the variable per unit of the column.
    pub scale: f64,
}

/// Where a variable starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand {
    /// Breakpoint it rests at off the basis, where its price leaves that open.
    pub point: u32,
    /// Segment it is on in the basis.
    pub basic: Option<u32>,
}

/// The variables: those of several rows (or none) first, then one for every row.
#[derive(Debug, Clone, Default)]
pub(super) struct Curves {
    rows: usize,
    joint: usize,
    column_start: Vec<u32>,
    column_row: Vec<u32>,
    column_value: Vec<f64>,
    row_start: Vec<u32>,
    row_joint: Vec<u32>,
    row_value: Vec<f64>,
    /// Slots of each variable; the same slots hold its pieces and its segments.
    slots: Vec<u32>,
    piece_column: Vec<u32>,
    piece_scale: Vec<f64>,
    usage: Vec<Use>,
    count: Vec<u32>,
    slope: Vec<f64>,
    left: Vec<f64>,
    right: Vec<f64>,
    segment_piece: Vec<u32>,
    variable_of: Vec<u32>,
    stale: Vec<u32>,
    is_stale: Vec<bool>,
    /// Variables whose cost has no bound; a problem with one is left to the reference.
    unbounded: usize,
    is_unbounded: Vec<bool>,
    order: Vec<(f64, f64, f64, u32)>,
}

/// Whether two columns have the same coefficients.
fn same(a: &[(u32, f64)], b: &[(u32, f64)]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(x, y)| x.0 == y.0 && x.1.to_bits() == y.1.to_bits())
}

impl Curves {
    /// Groups the columns of a problem.
    pub(super) fn new(problem: &Problem) -> Self {
        let (columns, rows) = problem.dims();
        let mut groups: HashMap<Vec<(u32, u64)>, usize> = HashMap::new();
        let mut members: Vec<Vec<(u32, f64)>> = Vec::new();
        let mut own: Vec<Vec<(u32, f64)>> = vec![vec![(ACTIVITY, -1.0)]; rows];
        let mut curves = Self {
            rows,
            column_start: vec![0],
            variable_of: vec![0; columns],
            ..Self::default()
        };
        let mut single = Vec::new();
        let mut entries: Vec<(u32, f64)> = Vec::new();
        // Steps of one curve stand next to each other as a rule: only the first is looked up.
        let (mut last, mut before): (Option<usize>, Vec<(u32, f64)>) = (None, Vec::new());
        for j in 0..small(columns) {
            entries.clear();
            entries.extend(problem.column(ColId(j)).map(|(r, v)| (r.0, v)).filter(|e| e.1 != 0.0));
            if let [(row, scale)] = entries.as_slice() {
                own[*row as usize].push((j, *scale));
                single.push((j, *row));
                continue;
            }
            entries.sort_by_key(|e| e.0);
            let variable = if let Some(variable) = last.filter(|_| same(&entries, &before)) {
                variable
            } else {
                let key = entries.iter().map(|(r, v)| (*r, v.to_bits())).collect();
                *groups.entry(key).or_insert_with(|| {
                    curves.column_row.extend(entries.iter().map(|e| e.0));
                    curves.column_value.extend(entries.iter().map(|e| e.1));
                    curves.column_start.push(small(curves.column_row.len()));
                    members.push(Vec::new());
                    members.len() - 1
                })
            };
            std::mem::swap(&mut entries, &mut before);
            last = Some(variable);
            members[variable].push((j, 1.0));
            curves.variable_of[j as usize] = small(variable);
        }
        curves.joint = members.len();
        for (j, row) in single {
            curves.variable_of[j as usize] = small(curves.joint) + row;
        }
        curves.take_members(members.into_iter().chain(own));
        curves.by_row();
        curves
    }

    fn take_members(&mut self, members: impl Iterator<Item = Vec<(u32, f64)>>) {
        self.slots.push(0);
        for list in members {
            for (column, scale) in list {
                self.piece_column.push(column);
                self.piece_scale.push(scale);
            }
            self.slots.push(small(self.piece_column.len()));
        }
        let (variables, slots) = (self.slots.len() - 1, self.piece_column.len());
        self.usage = vec![Use::Low; slots];
        self.slope = vec![0.0; slots];
        self.left = vec![0.0; slots];
        self.right = vec![0.0; slots];
        self.segment_piece = vec![0; slots];
        self.count = vec![0; variables];
        self.is_unbounded = vec![false; variables];
        self.is_stale = vec![true; variables];
        self.stale = (0..small(variables)).collect();
    }

    fn by_row(&mut self) {
        let mut lists: Vec<Vec<(u32, f64)>> = vec![Vec::new(); self.rows];
        for v in 0..self.joint {
            for (row, value) in self.column(v) {
                lists[row].push((small(v), value));
            }
        }
        self.row_start = vec![0];
        for list in lists {
            self.row_joint.extend(list.iter().map(|e| e.0));
            self.row_value.extend(list.iter().map(|e| e.1));
            self.row_start.push(small(self.row_joint.len()));
        }
    }

    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    pub(super) const fn joint(&self) -> usize {
        self.joint
    }

    pub(super) fn variables(&self) -> usize {
        self.joint + self.rows
    }

    /// Entries of a variable of several rows.
    #[inline]
    pub(super) fn column(&self, v: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.column_start[v] as usize..self.column_start[v + 1] as usize;
        let rows = self.column_row[range.clone()].iter().map(|r| *r as usize);
        rows.zip(self.column_value[range].iter().copied())
    }

    /// Variables of several rows that touch a row.
    #[inline]
    pub(super) fn row(&self, r: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let range = self.row_start[r] as usize..self.row_start[r + 1] as usize;
        let joint = self.row_joint[range.clone()].iter().map(|v| *v as usize);
        joint.zip(self.row_value[range].iter().copied())
    }

    /// Calls with each entry of any variable.
    #[inline]
    pub(super) fn entries(&self, v: usize, mut each: impl FnMut(usize, f64)) {
        if v < self.joint {
            self.column(v).for_each(|(row, value)| each(row, value));
        } else {
            each(v - self.joint, 1.0);
        }
    }

    /// Number of segments of a variable: at least one.
    #[inline]
    pub(super) fn segments(&self, v: usize) -> u32 {
        self.count[v]
    }

    /// Cost per unit on a segment.
    #[inline]
    pub(super) fn slope(&self, v: usize, segment: u32) -> f64 {
        self.slope[(self.slots[v] + segment) as usize]
    }

    /// Slopes of all segments, rising.
    #[inline]
    pub(super) fn slopes(&self, v: usize) -> &[f64] {
        let from = self.slots[v] as usize;
        &self.slope[from..from + self.count[v] as usize]
    }

    /// Ends of a segment.
    #[inline]
    pub(super) fn ends(&self, v: usize, segment: u32) -> (f64, f64) {
        let slot = (self.slots[v] + segment) as usize;
        (self.left[slot], self.right[slot])
    }

    /// Value at a breakpoint: 0 is the left end of the curve.
    #[inline]
    pub(super) fn breakpoint(&self, v: usize, point: u32) -> f64 {
        let slot = self.slots[v] as usize;
        match point {
            0 => self.left[slot],
            k => self.right[slot + k as usize - 1],
        }
    }

    /// Whether a variable has one value only.
    #[inline]
    pub(super) fn fixed(&self, v: usize) -> bool {
        self.count[v] == 1 && {
            let slot = self.slots[v] as usize;
            self.left[slot] >= self.right[slot]
        }
    }

    /// Whether some cost falls without end, or a column has no bound on either side: left to the reference.
    pub(super) const fn is_unbounded(&self) -> bool {
        self.unbounded > 0
    }

    /// A column's cost or bounds have changed.
    pub(super) fn touch_column(&mut self, column: usize) {
        self.touch(self.variable_of[column] as usize);
    }

    /// A row's bounds have changed.
    pub(super) fn touch_row(&mut self, row: usize) {
        self.touch(self.joint + row);
    }

    fn touch(&mut self, v: usize) {
        if !std::mem::replace(&mut self.is_stale[v], true) {
            self.stale.push(small(v));
        }
    }

    /// Brings the curves that were touched up to date with the problem.
    pub(super) fn refresh(&mut self, problem: &Problem) {
        for v in std::mem::take(&mut self.stale) {
            let v = v as usize;
            self.is_stale[v] = false;
            self.build(problem, v);
        }
    }

    fn build(&mut self, problem: &Problem, v: usize) {
        let slots = self.slots[v] as usize..self.slots[v + 1] as usize;
        let sign = problem.sense().to_minimise();
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        for slot in slots.clone() {
            let scale = self.piece_scale[slot];
            let slope = match self.piece_column[slot] {
                ACTIVITY => 0.0,
                column => sign * problem.costs()[column as usize] / scale,
            };
            let (low, high) = self.piece_ends(problem, v, slot);
            order.push((slope, low, high, small(slot)));
        }
        // Nearly in order already; equal slopes stay in the order of the columns.
        order.sort_by(|p, q| p.0.total_cmp(&q.0));
        let first = order.iter().rposition(|p| p.1 == f64::NEG_INFINITY);
        let last = order.iter().position(|p| p.2 == f64::INFINITY);
        let free = |p: &(f64, f64, f64, u32)| {
            self.piece_column[p.3 as usize] != ACTIVITY && p.1 == f64::NEG_INFINITY && p.2 == f64::INFINITY
        };
        let unbounded = matches!((first, last), (Some(f), Some(l)) if f > l) || order.iter().any(free);
        self.mark_unbounded(v, unbounded);
        if unbounded {
            self.order = order;
            self.count[v] = 1;
            return;
        }
        let (from, to) = (first.unwrap_or(0), last.unwrap_or(order.len() - 1));
        // Everything before the first segment is full, everything after the last empty.
        let mut at: f64 =
            order[..from].iter().map(|p| p.2).sum::<f64>() + order[from + 1..].iter().map(|p| p.1).sum::<f64>();
        let mut count = 0;
        for (k, (slope, low, high, slot)) in order.iter().enumerate() {
            let slot = *slot as usize;
            if k < from || k > to || high <= low {
                self.usage[slot] = if k < from { Use::High } else { Use::Low };
                if k == from {
                    at += low;
                }
                continue;
            }
            let segment = slots.start + count;
            self.usage[slot] = Use::Segment(small(segment));
            self.segment_piece[segment] = small(slot);
            self.slope[segment] = *slope;
            if k == from {
                at += if low.is_finite() {
                    *low
                } else if high.is_finite() {
                    *high
                } else {
                    0.0
                };
            }
            let low_open = low.is_infinite();
            self.left[segment] = if low_open { (-FAR).min(at - 1.0) } else { at };
            if high.is_infinite() {
                self.right[segment] = FAR.max(self.left[segment] + 1.0);
            } else if low_open {
                self.right[segment] = at;
            } else {
                at += high - low;
                self.right[segment] = at;
            }
            count += 1;
        }
        if count == 0 {
            // One value only: a segment of no width, so that every variable has one.
            let (slope, .., slot) = order[0];
            let segment = slots.start;
            (self.slope[segment], self.left[segment], self.right[segment]) = (slope, at, at);
            self.segment_piece[segment] = slot;
            count = 1;
        }
        self.count[v] = small(count);
        self.order = order;
    }

    /// Ends of a piece, in units of its variable.
    fn piece_ends(&self, problem: &Problem, v: usize, slot: usize) -> (f64, f64) {
        let scale = self.piece_scale[slot];
        let (a, b) = match self.piece_column[slot] {
            ACTIVITY => {
                let row = v - self.joint;
                (-problem.row_lower()[row], -problem.row_upper()[row])
            }
            column => {
                let c = column as usize;
                (scale * problem.col_lower()[c], scale * problem.col_upper()[c])
            }
        };
        (a.min(b), a.max(b))
    }

    fn mark_unbounded(&mut self, v: usize, unbounded: bool) {
        match (self.is_unbounded[v], unbounded) {
            (false, true) => self.unbounded += 1,
            (true, false) => self.unbounded -= 1,
            _ => {}
        }
        self.is_unbounded[v] = unbounded;
    }

    /// Calls with each column of a variable (or nothing for the row's activity), its value when the curve stands at `x`,
    /// and whether it rests at its upper bound: `None` on the segment `on`.
    pub(super) fn spread(
        &self,
        problem: &Problem,
        v: usize,
        x: f64,
        on: Option<u32>,
        mut each: impl FnMut(Option<usize>, Part, Option<bool>),
    ) {
        let basic = on.map(|segment| self.segment_piece[(self.slots[v] + segment) as usize]);
        for slot in self.slots[v]..self.slots[v + 1] {
            let scale = self.piece_scale[slot as usize];
            let column = self.piece_column[slot as usize];
            let (low, high) = self.piece_ends(problem, v, slot as usize);
            let (value, is_high) = match self.usage[slot as usize] {
                Use::Low => (low, false),
                Use::High => (high, true),
                Use::Segment(s) => {
                    let (left, right) = (self.left[s as usize], self.right[s as usize]);
                    if low.is_finite() && x <= left {
                        (low, false)
                    } else if high.is_finite() && x >= right {
                        (high, true)
                    } else if low.is_finite() {
                        (low + (x - left), false)
                    } else if high.is_finite() {
                        (high - (right - x), true)
                    } else {
                        (x, false)
                    }
                }
            };
            let rests = if basic == Some(slot) {
                None
            } else {
                Some(is_high == (scale > 0.0))
            };
            let part = Part {
                column: value / scale,
                scale,
            };
            each((column != ACTIVITY).then_some(column as usize), part, rests);
        }
    }

    /// Where a basis puts a variable.
    pub(super) fn stand(&self, v: usize, basis: &Basis) -> Stand {
        let mut stand = Stand { point: 0, basic: None };
        for slot in self.slots[v]..self.slots[v + 1] {
            let status = match self.piece_column[slot as usize] {
                ACTIVITY => basis.rows[v - self.joint],
                column => basis.cols[column as usize],
            };
            let full = if self.piece_scale[slot as usize] > 0.0 {
                BasisStatus::Upper
            } else {
                BasisStatus::Lower
            };
            if status == BasisStatus::Basic && stand.basic.is_none() {
                stand.basic = Some(self.segment_of(v, slot));
            } else if status == full && matches!(self.usage[slot as usize], Use::Segment(_)) {
                stand.point += 1;
            }
        }
        stand
    }

    /// The segment of a piece; one that is no segment gives the nearest.
    fn segment_of(&self, v: usize, slot: u32) -> u32 {
        match self.usage[slot as usize] {
            Use::Segment(s) => s - self.slots[v],
            Use::High => 0,
            Use::Low => self.count[v] - 1,
        }
    }
}
