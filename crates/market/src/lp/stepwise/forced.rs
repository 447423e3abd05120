//! What cannot move: rows that can only just be met, and all that touches them.
//!
//! Two kinds. A stage without capacity: a row whose smallest possible activity is all it may have, so that whatever touches
//! it has one value (a *forcing constraint*, Andersen and Andersen 1995). And a product that nothing can give: no stock, no
//! plant whose inputs are there, no shipment but from places that lack it too. Left in, such parts cost a third of the
//! work, because every move of prices elsewhere runs through them. They are taken out before a solve; after it they get
//! the prices that their best use would pay, with which the solution is optimal for the whole programme.

use std::ops::Range;

use super::curves::{Curves, FAR};
use super::dual::GaveUp;
use super::sparse::{reset, small};

/// Activities closer than this to what a row needs are what it needs.
const ROUNDING: f64 = 1e-12;

/// Sweeps after which prices of what was taken out have settled, unless a circle of shipments pays.
const SWEEPS: usize = 200;

/// Nobody pays for a row: its price is that of its own curve.
const NOBODY: u32 = u32::MAX;

/// The end of its curve at which a variable is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Where its value is least.
    Left,
    /// Where its value is largest.
    Right,
}

/// Variables held at an end of their curves.
#[derive(Debug, Clone, Default)]
pub(super) struct Forced {
    held: Vec<Option<End>>,
    /// Range of each variable.
    low: Vec<f64>,
    high: Vec<f64>,
    /// Rows found, first to last, and the variables of several rows that each holds.
    rows: Vec<(u32, End)>,
    start: Vec<u32>,
    columns: Vec<u32>,
    /// Those of the rows that nothing supplies.
    starved: Range<usize>,
    /// For each row the variable whose use of it sets its price after a solve, if one does.
    payer: Vec<u32>,
    pays: Vec<bool>,
    queue: Vec<u32>,
    waits: Vec<bool>,
}

impl Forced {
    /// Finds all rows that can only just be met and, where asked for, what nothing supplies.
    pub(super) fn find(&mut self, curves: &Curves, starve: bool) -> Result<(), GaveUp> {
        let variables = curves.variables();
        reset(&mut self.held, variables, None);
        self.low.clear();
        self.high.clear();
        for v in 0..variables {
            self.low.push(open(curves.breakpoint(v, 0)));
            self.high.push(open(curves.breakpoint(v, curves.segments(v))));
        }
        self.rows.clear();
        self.columns.clear();
        self.start.clear();
        self.start.push(0);
        self.queue.clear();
        self.queue.extend(0..small(curves.rows()));
        reset(&mut self.waits, curves.rows(), true);
        self.starved = 0..0;
        self.force(curves)?;
        if starve && self.starve(curves) {
            self.force(curves)?;
        }
        Ok(())
    }

    /// Whether anything was taken out because nothing supplies it.
    pub(super) fn starves(&self) -> bool {
        !self.starved.is_empty()
    }

    /// Holds rows that can only just be met, until there are no more.
    fn force(&mut self, curves: &Curves) -> Result<(), GaveUp> {
        while let Some(row) = self.queue.pop() {
            let row = row as usize;
            self.waits[row] = false;
            if let Some(end) = self.meets_just(curves, row)? {
                self.hold(curves, row, end, false);
            }
        }
        Ok(())
    }

    /// Holds what nothing can supply: whether there was any.
    fn starve(&mut self, curves: &Curves) -> bool {
        let joint = curves.joint();
        // Inputs that each variable still lacks, and what can run.
        let mut lacks = vec![0_u32; joint];
        let mut supplied: Vec<bool> = (0..curves.rows()).map(|r| self.high[joint + r] > ROUNDING).collect();
        let mut ready = Vec::new();
        for (v, lacks) in lacks.iter_mut().enumerate() {
            if self.low[v] < 0.0 {
                return false;
            }
            *lacks = small(curves.column(v).filter(|(r, a)| *a < 0.0 && !supplied[*r]).count());
            if *lacks == 0 {
                ready.push(v);
            }
        }
        while let Some(v) = ready.pop() {
            if self.high[v] <= 0.0 {
                continue;
            }
            for (row, a) in curves.column(v) {
                if a > 0.0 && !std::mem::replace(&mut supplied[row], true) {
                    for (user, _) in curves.row(row).filter(|(_, a)| *a < 0.0) {
                        lacks[user] -= 1;
                        if lacks[user] == 0 {
                            ready.push(user);
                        }
                    }
                }
            }
        }
        let from = self.rows.len();
        for (row, supplied) in supplied.into_iter().enumerate() {
            if !supplied && self.held[joint + row].is_none() && self.high[joint + row] >= -ROUNDING {
                self.hold(curves, row, End::Right, true);
            }
        }
        self.starved = from..self.rows.len();
        !self.starved.is_empty()
    }

    /// The end at which a row's own curve must stand for the row to be met, if only one will do.
    fn meets_just(&self, curves: &Curves, row: usize) -> Result<Option<End>, GaveUp> {
        let own = curves.joint() + row;
        if self.held[own].is_some() {
            return Ok(None);
        }
        let (mut least, mut most) = (0.0, 0.0);
        for (v, a) in curves.row(row) {
            let (one, other) = (a * self.low[v], a * self.high[v]);
            least += one.min(other);
            most += one.max(other);
        }
        // Activity plus own curve is zero.
        let (need_least, need_most) = (-self.high[own], -self.low[own]);
        let slack = (most - need_least).min(need_most - least);
        if slack < -1e-7 {
            return Err(GaveUp);
        }
        Ok(if most - need_least <= ROUNDING {
            Some(End::Right)
        } else if need_most - least <= ROUNDING {
            Some(End::Left)
        } else {
            None
        })
    }

    /// Holds a row's own curve at an end, and with it all that touches the row. Where nothing supplies the row, that are its
    /// users: what would supply it lacks an input, and is held by the row of that.
    fn hold(&mut self, curves: &Curves, row: usize, end: End, starved: bool) {
        self.held[curves.joint() + row] = Some(end);
        for (v, a) in curves.row(row) {
            if self.held[v].is_some() || (starved && a > 0.0) {
                continue;
            }
            let at = if (a > 0.0) == (end == End::Right) {
                self.low[v] = self.high[v];
                End::Right
            } else {
                self.high[v] = self.low[v];
                End::Left
            };
            self.held[v] = Some(at);
            self.columns.push(small(v));
            for (other, _) in curves.column(v) {
                if other != row && !std::mem::replace(&mut self.waits[other], true) {
                    self.queue.push(small(other));
                }
            }
        }
        self.rows.push((small(row), end));
        self.start.push(small(self.columns.len()));
    }

    /// The end at which a variable is held: of a row's own curve, that of a row which is only just met.
    #[inline]
    pub(super) fn end(&self, v: usize) -> Option<End> {
        self.held[v]
    }

    /// Gives each row that was taken out the least price at which nothing it holds would want to move: what its best use
    /// would pay. Last found first, since what a row holds may use only rows found later; products that nothing supplies
    /// are shipped to and fro, and need several sweeps.
    pub(super) fn price(&mut self, curves: &Curves, price: &mut [f64]) -> Result<(), GaveUp> {
        reset(&mut self.payer, curves.rows(), NOBODY);
        let starved = self.starved.clone();
        self.sweep(curves, price, starved.end..self.rows.len());
        let mut sweeps = 0;
        while self.sweep(curves, price, starved.clone()) {
            sweeps += 1;
            if sweeps > SWEEPS {
                return Err(GaveUp);
            }
        }
        self.sweep(curves, price, 0..starved.start);
        for v in &self.columns {
            price[*v as usize] = price_of(curves, price, *v as usize);
        }
        reset(&mut self.pays, curves.joint(), false);
        for v in self.payer.iter().filter(|v| **v != NOBODY) {
            self.pays[*v as usize] = true;
        }
        Ok(())
    }

    /// Raises prices of some of the rows to what their users want: whether any changed.
    fn sweep(&mut self, curves: &Curves, price: &mut [f64], rows: Range<usize>) -> bool {
        let mut changed = false;
        for k in rows.rev() {
            let (row, end) = self.rows[k];
            let columns = &self.columns[self.start[k] as usize..self.start[k + 1] as usize];
            let wanted = columns
                .iter()
                .map(|v| (*v, self.wanted(curves, price, *v as usize, row as usize)));
            let (payer, change) = wanted.fold((NOBODY, 0.0), |best, one| match end {
                End::Right if one.1 > best.1 => one,
                End::Left if one.1 < best.1 => one,
                _ => best,
            });
            let slot = &mut price[curves.joint() + row as usize];
            if change.abs() > ROUNDING * (1.0 + slot.abs()) {
                *slot += change;
                self.payer[row as usize] = payer;
                changed = true;
            }
        }
        changed
    }

    /// The segment on which a variable stands in an optimal basis of the whole programme, if it is basic there: the users
    /// that set prices stand in for the rows' own curves. Of a variable that is not held, what the solve says.
    pub(super) fn segment(&self, curves: &Curves, v: usize, solved: Option<u32>) -> Option<u32> {
        let Some(end) = self.held[v] else { return solved };
        let is_basic = match v.checked_sub(curves.joint()) {
            Some(row) => self.payer[row] == NOBODY,
            None => self.pays[v],
        };
        let at = if end == End::Right { curves.segments(v) - 1 } else { 0 };
        is_basic.then_some(at)
    }

    /// By how much the price of a row has to move before a variable that it holds is content at its end.
    fn wanted(&self, curves: &Curves, price: &[f64], v: usize, row: usize) -> f64 {
        if curves.fixed(v) {
            return 0.0;
        }
        let slopes = curves.slopes(v);
        let edge = match self.held[v] {
            Some(End::Right) => slopes.last(),
            _ => slopes.first(),
        };
        let entry = curves.column(v).find(|(r, _)| *r == row);
        match (edge, entry) {
            (Some(edge), Some((_, a))) => (edge - price_of(curves, price, v)) / a,
            _ => 0.0,
        }
    }
}

/// Price of a variable of several rows, from those of the rows.
#[inline]
pub(super) fn price_of(curves: &Curves, price: &[f64], v: usize) -> f64 {
    curves.column(v).map(|(r, a)| a * price[curves.joint() + r]).sum()
}

/// A bound that stands for none is none.
fn open(bound: f64) -> f64 {
    if bound.abs() >= 0.5 * FAR {
        f64::INFINITY.copysign(bound)
    } else {
        bound
    }
}
