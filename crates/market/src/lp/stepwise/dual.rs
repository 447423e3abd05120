//! The dual simplex method on step curves.
//!
//! Prices are always such that every variable off the basis rests at a breakpoint that its price supports. A basic
//! variable that has left its segment is driven back: prices move along its row until the amount it is off by is taken
//! up by others that move on along *their* curves (the long-step rule). One such move may pass hundreds of steps, and
//! often ends on the next step of the variable itself, with the basis unchanged.

mod live;
mod step;

use super::curves::{Curves, Stand};
use super::factor::{Factor, Replaced};
use super::forced::{End, Forced, price_of};
use super::sparse::{Marked, Sums, largest, small};
use live::Live;
use step::{Ahead, Passed};

/// Not in the basis.
const NONE: u32 = u32::MAX;
/// Exchanges after which the basis is factored anew.
const UPDATES: usize = 64;
/// Exchanges within which the factors are as good as new.
const FEW_UPDATES: usize = 16;

/// A solve stopped short of an optimum: no sound pivot, too many iterations, no bound, or no solution as far as this
/// method can tell. Left to the reference, which says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GaveUp;

/// How far a price may rise and fall before its variable moves; infinite for those that do not.
#[derive(Debug, Clone, Copy)]
struct Gap {
    up: f64,
    down: f64,
}

const STILL: Gap = Gap {
    up: f64::INFINITY,
    down: f64::INFINITY,
};

/// The state of a solve.
#[derive(Debug, Clone, Default)]
pub(super) struct Dual {
    basic: Vec<u32>,
    position: Vec<u32>,
    /// Segment of a basic variable, breakpoint of another.
    at: Vec<u32>,
    value: Vec<f64>,
    /// Prices as of the last time everything was worked out.
    price: Vec<f64>,
    /// How far the price of a variable off the basis is from its next breakpoints.
    gap: Vec<Gap>,
    low: Vec<f64>,
    high: Vec<f64>,
    level: Vec<f64>,
    weight: Vec<f64>,
    /// How much a position is worth driving back: zero where it is on its segment.
    merit: Vec<f64>,
    factor: Factor,
    forced: Forced,
    /// Where the variables of several rows that may move stand in the matrix.
    live: Live,
    may_move: Vec<bool>,
    /// Variables that can have more than one value, and those that cannot.
    free: Vec<u32>,
    still: Vec<u32>,
    /// A row of the inverse, by pivot; the same times the matrix, for variables of several rows.
    rho: Marked,
    alpha: Sums,
    shift: Marked,
    entering: Marked,
    ahead: Ahead,
    passed: Vec<Passed>,
    barred: Vec<u32>,
    /// Nothing has moved since everything was last worked out from the basis.
    fresh: bool,
    level_tolerance: f64,
    price_tolerance: f64,
}

impl Dual {
    /// Solves from where each variable stands, if that is known; a basis with too few is completed by rows' own curves.
    /// Returns the pivots taken.
    pub(super) fn solve(
        &mut self,
        curves: &Curves,
        start: impl Fn(usize) -> Option<Stand>,
        tolerances: (f64, f64),
    ) -> Result<u32, GaveUp> {
        (self.level_tolerance, self.price_tolerance) = tolerances;
        self.forced.find(curves, true)?;
        let solved = self.solve_rest(curves, &start);
        if solved.is_ok() || !self.forced.starves() {
            return solved;
        }
        // What nothing supplies may still be worth shipping in a circle, where a promise is paid for: then it stays in.
        self.forced.find(curves, false)?;
        self.solve_rest(curves, &start)
    }

    fn solve_rest(&mut self, curves: &Curves, start: &impl Fn(usize) -> Option<Stand>) -> Result<u32, GaveUp> {
        self.begin(curves, start);
        self.factor(curves);
        self.rest_still(curves);
        self.enliven(curves);
        self.work_out(curves);
        self.improve(curves)
    }

    /// Solves again after some costs have changed, and nothing else, from where the last solve ended.
    pub(super) fn go_on(&mut self, curves: &Curves) -> Result<u32, GaveUp> {
        for v in &self.basic {
            let v = *v as usize;
            self.at[v] = self.at[v].min(curves.segments(v) - 1);
        }
        self.work_out(curves);
        self.improve(curves)
    }

    fn improve(&mut self, curves: &Curves) -> Result<u32, GaveUp> {
        let limit = 40 * curves.rows() + 20_000;
        let mut pivots = 0_u32;
        for _ in 0..limit {
            let Some(leaving) = self.leaving() else {
                if !self.fresh {
                    self.freshen(curves);
                    continue;
                }
                if !self.barred.is_empty() || self.rests_far(curves) {
                    return Err(GaveUp);
                }
                self.price_still(curves);
                self.forced.price(curves, &mut self.price)?;
                return Ok(pivots);
            };
            if self.pivot(curves, leaving)? {
                pivots += 1;
            }
            if self.factor.updates() >= UPDATES {
                self.factor(curves);
            }
        }
        Err(GaveUp)
    }

    /// Works everything out anew, from the basis factored anew unless little has happened to it since.
    fn freshen(&mut self, curves: &Curves) {
        if self.factor.updates() > FEW_UPDATES {
            self.factor(curves);
        }
        self.work_out(curves);
    }

    /// Factors the basis and works everything out anew: what to do where a pivot fails. False where that has been done.
    fn start_over(&mut self, curves: &Curves) -> bool {
        if self.fresh && self.factor.updates() == 0 {
            return false;
        }
        self.factor(curves);
        self.work_out(curves);
        true
    }

    /// Segment that a variable stands on, when it is basic.
    pub(super) fn segment(&self, curves: &Curves, v: usize) -> Option<u32> {
        let solved = (self.position[v] != NONE).then(|| self.at[v]);
        self.forced.segment(curves, v, solved)
    }

    /// Value of a variable.
    pub(super) fn value(&self, v: usize) -> f64 {
        match self.position[v] {
            NONE => self.value[v],
            p => self.level[p as usize],
        }
    }

    /// Price of a variable: for a row's own curve the dual of the row, in the sense "minimise".
    pub(super) fn price(&self, v: usize) -> f64 {
        self.price[v]
    }

    fn begin(&mut self, curves: &Curves, start: impl Fn(usize) -> Option<Stand>) {
        let (variables, rows) = (curves.variables(), curves.rows());
        fill(&mut self.position, variables, NONE);
        fill(&mut self.at, variables, 0);
        fill(&mut self.value, variables, 0.0);
        fill(&mut self.price, variables, 0.0);
        self.rho.reset(rows);
        self.alpha.reset(curves.joint());
        fill(&mut self.gap, variables, STILL);
        fill(&mut self.merit, rows, 0.0);
        self.entering.reset(rows);
        self.shift.reset(rows);
        fill(&mut self.low, rows, 0.0);
        fill(&mut self.high, rows, 0.0);
        fill(&mut self.level, rows, 0.0);
        fill(&mut self.weight, rows, 1.0);
        self.barred.clear();
        self.basic.clear();
        for row in 0..rows {
            let own = curves.joint() + row;
            if let Some(end) = self.forced.end(own) {
                let last = curves.segments(own) - 1;
                self.take_in(own, if end == End::Right { last } else { 0 });
            }
        }
        for v in 0..variables {
            if self.forced.end(v).is_some() {
                continue;
            }
            let Some(stand) = start(v) else { break };
            self.at[v] = stand.point;
            if let Some(segment) = stand.basic.filter(|_| self.basic.len() < rows) {
                self.take_in(v, segment.min(curves.segments(v) - 1));
            }
        }
        for v in curves.joint()..variables {
            if self.basic.len() < rows && self.position[v] == NONE {
                self.take_in(v, 0);
            }
        }
    }

    /// Puts a variable into the next free position, on a segment.
    fn take_in(&mut self, v: usize, segment: u32) {
        self.position[v] = small(self.basic.len());
        self.basic.push(small(v));
        self.at[v] = segment;
    }

    /// Whether a variable has one value, whatever its price.
    fn is_still(&self, curves: &Curves, v: usize) -> bool {
        curves.fixed(v) || self.forced.end(v).is_some()
    }

    /// Tells what can move from what cannot, and puts the latter where it is.
    fn rest_still(&mut self, curves: &Curves) {
        self.free.clear();
        self.still.clear();
        for v in 0..curves.variables() {
            if self.is_still(curves, v) {
                let last = self.forced.end(v) == Some(End::Right);
                self.still.push(small(v));
                if self.position[v] == NONE {
                    self.at[v] = if last { curves.segments(v) } else { 0 };
                }
                self.value[v] = curves.breakpoint(v, if last { curves.segments(v) } else { 0 });
            } else {
                self.free.push(small(v));
            }
        }
    }

    /// Prices of what cannot move, which no solve asks for.
    fn price_still(&mut self, curves: &Curves) {
        let joint = curves.joint();
        for v in &self.still {
            let v = *v as usize;
            if v < joint && self.position[v] == NONE {
                self.price[v] = price_of(curves, &self.price, v);
            }
        }
    }

    fn enliven(&mut self, curves: &Curves) {
        let mut may_move = std::mem::take(&mut self.may_move);
        may_move.clear();
        may_move.extend((0..curves.joint()).map(|v| self.position[v] == NONE && !self.is_still(curves, v)));
        self.live.reset(curves, &may_move);
        self.may_move = may_move;
    }

    /// Factors the basis. Positions are taken in the order of the pivots.
    fn factor(&mut self, curves: &Curves) {
        let basic = &self.basic;
        let replaced = self.factor.factor(curves.rows(), |position, push| {
            curves.entries(basic[position] as usize, |row, value| push(small(row), value));
        });
        let given = self.factor.given();
        self.basic = given.iter().map(|p| self.basic[*p as usize]).collect();
        for list in [
            &mut self.weight,
            &mut self.level,
            &mut self.low,
            &mut self.high,
            &mut self.merit,
        ] {
            *list = given.iter().map(|p| list[*p as usize]).collect();
        }
        for (pivot, v) in self.basic.iter().enumerate() {
            self.position[*v as usize] = small(pivot);
        }
        self.barred.clear();
        if replaced.is_empty() {
            return;
        }
        for Replaced { pivot, row } in replaced {
            let (out, v) = (self.basic[pivot] as usize, curves.joint() + row);
            self.position[out] = NONE;
            self.position[v] = small(pivot);
            self.basic[pivot] = small(v);
            self.at[v] = self.at[v].min(curves.segments(v) - 1);
            self.weight[pivot] = 1.0;
        }
        self.enliven(curves);
        self.work_out(curves);
    }

    /// Works out prices, resting points and levels from the basis.
    fn work_out(&mut self, curves: &Curves) {
        self.find_prices(curves);
        self.find_levels(curves);
        self.fresh = true;
    }

    fn find_prices(&mut self, curves: &Curves) {
        let joint = curves.joint();
        self.rho.clear();
        for (position, v) in self.basic.iter().enumerate() {
            let slope = curves.slope(*v as usize, self.at[*v as usize]);
            if slope != 0.0 {
                self.rho.set(position, slope);
            }
        }
        self.factor.backward(&mut self.rho);
        self.price[joint..].fill(0.0);
        let (price, factor) = (&mut self.price, &self.factor);
        self.rho.drain(|k, value| price[joint + factor.row_of(k)] = value);
        let free = std::mem::take(&mut self.free);
        for v in &free {
            let v = *v as usize;
            if self.position[v] != NONE {
                continue;
            }
            if v < joint {
                self.price[v] = price_of(curves, &self.price, v);
            }
            self.rest(curves, v);
        }
        self.free = free;
        for v in &self.basic {
            let v = *v as usize;
            self.price[v] = curves.slope(v, self.at[v]);
            self.gap[v] = STILL;
        }
    }

    /// Puts a variable off the basis at the breakpoint its price supports.
    fn rest(&mut self, curves: &Curves, v: usize) {
        let (slopes, price) = (curves.slopes(v), self.price[v]);
        let mut point = (self.at[v] as usize).min(slopes.len());
        while point < slopes.len() && slopes[point] < price - self.price_tolerance {
            point += 1;
        }
        while point > 0 && slopes[point - 1] > price + self.price_tolerance {
            point -= 1;
        }
        self.at[v] = small(point);
        self.value[v] = curves.breakpoint(v, self.at[v]);
        self.gap[v] = gap(curves, v, self.at[v], price);
    }

    fn find_levels(&mut self, curves: &Curves) {
        let (rhs, factor) = (&mut self.shift, &self.factor);
        for v in 0..curves.variables() {
            let value = self.value[v];
            if self.position[v] == NONE && value != 0.0 {
                curves.entries(v, |row, a| rhs.add(factor.pivot_of(row), -a * value));
            }
        }
        factor.forward(rhs);
        self.level.fill(0.0);
        let level = &mut self.level;
        self.shift.drain(|p, value| level[p] = value);
        for p in 0..self.basic.len() {
            self.set_ends(curves, p);
        }
    }

    fn set_ends(&mut self, curves: &Curves, p: usize) {
        let v = self.basic[p] as usize;
        (self.low[p], self.high[p]) = curves.ends(v, self.at[v]);
        self.judge(p);
    }

    /// Squared distance from the segment over the root of Devex's weight: measured best between that rule and Dantzig's.
    fn judge(&mut self, p: usize) {
        let off = (self.low[p] - self.level[p]).max(self.level[p] - self.high[p]);
        self.merit[p] = if off > self.level_tolerance {
            off * off / self.weight[p].sqrt()
        } else {
            0.0
        };
    }

    /// The position that is most worth driving back and not barred.
    fn leaving(&self) -> Option<usize> {
        if self.barred.is_empty() {
            let most = largest(&self.merit);
            return if most > 0.0 {
                self.merit.iter().rposition(|merit| *merit >= most)
            } else {
                None
            };
        }
        let open = (0..self.merit.len()).filter(|p| self.merit[*p] > 0.0 && !self.barred.contains(&small(*p)));
        open.max_by(|p, q| self.merit[*p].total_cmp(&self.merit[*q]))
    }

    /// Whether anything rests where there is no bound.
    fn rests_far(&self, curves: &Curves) -> bool {
        (0..curves.variables()).any(|v| self.position[v] == NONE && self.value[v].abs() >= super::curves::FAR)
    }
}

/// The distances of a price from the breakpoints next to a resting point, of a variable that can move.
#[inline]
fn gap(curves: &Curves, v: usize, point: u32, price: f64) -> Gap {
    let slopes = curves.slopes(v);
    let point = point as usize;
    Gap {
        up: slopes.get(point).map_or(f64::INFINITY, |slope| slope - price),
        down: point
            .checked_sub(1)
            .map_or(f64::INFINITY, |below| price - slopes[below]),
    }
}

impl Gap {
    /// The same after the price has moved.
    fn moved(&mut self, change: f64) {
        self.up -= change;
        self.down += change;
    }
}

fn fill<T: Copy>(list: &mut Vec<T>, count: usize, value: T) {
    list.clear();
    list.resize(count, value);
}
