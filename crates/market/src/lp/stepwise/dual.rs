//! The dual simplex method on step curves.
//!
//! Prices are always such that every variable off the basis rests at a breakpoint that its price supports. A basic
//! variable that has left its segment is driven back: prices move along its row until the amount it is off by is taken
//! up by others that move on along *their* curves (the long-step rule). One such move may pass hundreds of steps, and
//! often ends on the next step of the variable itself, with the basis unchanged.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::curves::{Curves, Stand};
use super::factor::{Factor, Sparse};

/// Not in the basis.
const NONE: u32 = u32::MAX;
/// Entries of a pivot row below this are rounding.
const NO_ENTRY: f64 = 1e-10;
/// Pivots smaller than this are avoided while there is another.
const SOUND: f64 = 1e-5;
/// Pivots smaller than this are refused.
const TINY: f64 = 1e-8;
/// Breakpoints this close count as one when a pivot is chosen.
const TOGETHER: f64 = 1e-10;
/// How far the two ways to compute a pivot may differ before the basis is factored anew.
const DRIFT: f64 = 1e-7;
/// Pivots after which the basis is factored anew.
const UPDATES: usize = 48;

/// Why a solve stopped short of an optimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A row that nothing can satisfy, as far as this method can tell.
    NoWay,
    /// No sound pivot, too many iterations, or a solution without bound: left to the reference.
    GaveUp,
}

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

/// A breakpoint that a price meets.
#[derive(Debug, Clone, Copy)]
struct Event {
    step: f64,
    variable: u32,
    size: f64,
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Event {}
impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Event {
    /// The heap gives the shortest step first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.step.total_cmp(&self.step)).then(other.variable.cmp(&self.variable))
    }
}

/// A breakpoint that was passed or stopped at.
#[derive(Debug, Clone, Copy)]
struct Passed {
    event: Event,
    /// Where its variable rested before: a breakpoint, or a segment for the variable that leaves.
    from: u32,
}

/// Where the walk along a row ended.
struct End {
    step: f64,
    variable: u32,
    /// Size of its entry in the row.
    size: f64,
    /// Position in the list of breakpoints passed; those before it are crossed.
    at: usize,
}

/// The state of a solve.
#[derive(Debug, Clone, Default)]
pub(super) struct Dual {
    basic: Vec<u32>,
    position: Vec<u32>,
    /// Segment of a basic variable, breakpoint of another.
    at: Vec<u32>,
    value: Vec<f64>,
    /// Prices as of the last time the basis was factored.
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
    rho: Vec<f64>,
    alpha: Vec<f64>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
    by_position: Vec<f64>,
    by_row: Vec<f64>,
    shift: Sparse,
    entering: Sparse,
    heap: Vec<Event>,
    passed: Vec<Passed>,
    barred: Vec<u32>,
    /// Nothing has moved since everything was last worked out from the factored basis.
    fresh: bool,
    primal_tolerance: f64,
    dual_tolerance: f64,
}

impl Dual {
    /// Solves from where each variable stands, if that is known; a basis with too few is completed by rows' own curves.
    /// Returns the pivots taken.
    pub(super) fn solve(
        &mut self,
        curves: &Curves,
        start: impl Fn(usize) -> Option<Stand>,
        tolerances: (f64, f64),
    ) -> Result<u32, Stop> {
        (self.primal_tolerance, self.dual_tolerance) = tolerances;
        self.begin(curves, start);
        self.refactor(curves);
        let limit = 40 * curves.rows() + 20_000;
        let mut pivots = 0_u32;
        for _ in 0..limit {
            let Some(leaving) = self.leaving() else {
                if !self.fresh {
                    self.refactor(curves);
                    continue;
                }
                let sound = self.barred.is_empty() && !self.rests_far(curves);
                return if sound { Ok(pivots) } else { Err(Stop::GaveUp) };
            };
            if self.pivot(curves, leaving)? {
                pivots += 1;
            }
            if self.factor.updates() >= UPDATES {
                self.refactor(curves);
            }
        }
        Err(Stop::GaveUp)
    }

    /// Segment that a variable stands on, when it is basic.
    pub(super) fn segment(&self, v: usize) -> Option<u32> {
        (self.position[v] != NONE).then(|| self.at[v])
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
        fill(&mut self.rho, rows, 0.0);
        fill(&mut self.alpha, curves.joint(), 0.0);
        fill(&mut self.is_touched, curves.joint(), false);
        self.touched.clear();
        fill(&mut self.by_position, rows, 0.0);
        fill(&mut self.by_row, rows, 0.0);
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
        for v in 0..variables {
            let Some(stand) = start(v) else { break };
            self.at[v] = stand.point;
            if let Some(segment) = stand.basic.filter(|_| self.basic.len() < rows) {
                self.position[v] = small(self.basic.len());
                self.basic.push(small(v));
                self.at[v] = segment.min(curves.segments(v) - 1);
            }
        }
        for row in 0..rows {
            let v = curves.joint() + row;
            if self.basic.len() < rows && self.position[v] == NONE {
                self.position[v] = small(self.basic.len());
                self.basic.push(small(v));
                self.at[v] = 0;
            }
        }
    }

    /// Factors the basis and works everything out anew.
    fn refactor(&mut self, curves: &Curves) {
        let basic = &self.basic;
        let replaced = self.factor.factor(curves.rows(), |position, push| {
            curves.entries(basic[position] as usize, |row, value| push(small(row), value));
        });
        for (position, row) in replaced {
            let (out, v) = (self.basic[position] as usize, curves.joint() + row);
            self.position[out] = NONE;
            self.position[v] = small(position);
            self.basic[position] = small(v);
            self.at[v] = self.at[v].min(curves.segments(v) - 1);
            self.weight[position] = 1.0;
        }
        self.barred.clear();
        self.find_prices(curves);
        self.find_levels(curves);
        self.fresh = true;
    }

    fn find_prices(&mut self, curves: &Curves) {
        let joint = curves.joint();
        for (slot, v) in self.by_position.iter_mut().zip(&self.basic) {
            *slot = curves.slope(*v as usize, self.at[*v as usize]);
        }
        self.factor.backward(&mut self.by_position, &mut self.rho);
        for v in 0..joint {
            self.price[v] = curves.column(v).map(|(row, value)| value * self.rho[row]).sum();
        }
        self.price[joint..].copy_from_slice(&self.rho);
        for v in &self.basic {
            let v = *v as usize;
            self.price[v] = curves.slope(v, self.at[v]);
            self.gap[v] = STILL;
        }
        for v in 0..curves.variables() {
            if self.position[v] == NONE {
                self.rest(curves, v);
            }
        }
    }

    /// Puts a variable off the basis at the breakpoint its price supports.
    fn rest(&mut self, curves: &Curves, v: usize) {
        let (slopes, price) = (curves.slopes(v), self.price[v]);
        let mut point = (self.at[v] as usize).min(slopes.len());
        while point < slopes.len() && slopes[point] < price - self.dual_tolerance {
            point += 1;
        }
        while point > 0 && slopes[point - 1] > price + self.dual_tolerance {
            point -= 1;
        }
        self.at[v] = small(point);
        self.value[v] = curves.breakpoint(v, self.at[v]);
        self.gap[v] = gap(curves, v, self.at[v], price);
    }

    fn find_levels(&mut self, curves: &Curves) {
        let rhs = &mut self.by_row;
        rhs.fill(0.0);
        for v in 0..curves.variables() {
            let value = self.value[v];
            if self.position[v] == NONE && value != 0.0 {
                curves.entries(v, |row, a| rhs[row] -= a * value);
            }
        }
        self.factor.forward(rhs, &mut self.shift);
        self.level.fill(0.0);
        self.shift.drain(|p, level| self.level[p] = level);
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
        self.merit[p] = if off > self.primal_tolerance {
            off * off / self.weight[p].sqrt()
        } else {
            0.0
        };
    }

    /// The position that is most worth driving back and not barred.
    fn leaving(&self) -> Option<usize> {
        let most = self.merit.iter().copied().fold(0.0, f64::max);
        if most > 0.0 && self.barred.is_empty() {
            return self.merit.iter().position(|merit| *merit >= most);
        }
        let open = (0..self.merit.len()).filter(|p| self.merit[*p] > 0.0 && !self.barred.contains(&small(*p)));
        open.max_by(|p, q| self.merit[*p].total_cmp(&self.merit[*q]))
    }

    /// One step from the position that leaves: whether the basis changed.
    fn pivot(&mut self, curves: &Curves, p: usize) -> Result<bool, Stop> {
        let (level, low, high) = (self.level[p], self.low[p], self.high[p]);
        let (up, off) = if level > high {
            (1.0, level - high)
        } else {
            (-1.0, low - level)
        };
        self.row_of(curves, p);
        if !self.walk(curves, p, up, off) {
            self.clear_row();
            if self.fresh {
                return Err(Stop::NoWay);
            }
            self.refactor(curves);
            return Ok(false);
        }
        let end = self.choose();
        let own = end.variable == self.basic[p];
        if end.size <= TINY || (!own && !self.column_fits(curves, p, &end)) {
            self.clear_row();
            if self.fresh {
                self.barred.push(small(p));
            } else {
                self.refactor(curves);
            }
            return Ok(false);
        }
        self.fresh = false;
        let out = self.basic[p] as usize;
        let price = curves.slope(out, self.at[out]) + up * end.step;
        self.cross(curves, p, up, &end);
        self.move_prices(curves, up * end.step);
        if own {
            self.set_ends(curves, p);
        } else {
            self.exchange(curves, p, end.variable as usize, price);
        }
        self.clear_row();
        Ok(true)
    }

    /// Row `p` of the inverse, and of the matrix in terms of the basis.
    fn row_of(&mut self, curves: &Curves, p: usize) {
        self.by_position.fill(0.0);
        self.by_position[p] = 1.0;
        self.factor.backward(&mut self.by_position, &mut self.rho);
        for (row, r) in self.rho.iter_mut().enumerate() {
            if r.abs() < 1e-13 {
                *r = 0.0;
                continue;
            }
            for (v, value) in curves.row(row) {
                if !self.is_touched[v] {
                    self.is_touched[v] = true;
                    self.touched.push(small(v));
                }
                self.alpha[v] += *r * value;
            }
        }
    }

    fn clear_row(&mut self) {
        for v in self.touched.drain(..) {
            self.alpha[v as usize] = 0.0;
            self.is_touched[v as usize] = false;
        }
    }

    fn alpha_of(&self, curves: &Curves, v: usize) -> f64 {
        if v < curves.joint() {
            self.alpha[v]
        } else {
            self.rho[v - curves.joint()]
        }
    }

    /// The next breakpoint that a variable meets as its price moves: the step to it.
    fn next(curves: &Curves, v: usize, rate: f64, point: u32, price: f64) -> Option<f64> {
        if rate > 0.0 {
            (point < curves.segments(v)).then(|| ((curves.slope(v, point) - price) / rate).max(0.0))
        } else {
            (point > 0).then(|| ((curves.slope(v, point - 1) - price) / rate).max(0.0))
        }
    }

    /// Price of a variable off the basis that can move.
    fn price_now(&self, curves: &Curves, v: usize) -> f64 {
        let (gap, at) = (self.gap[v], self.at[v]);
        if gap.up.is_finite() {
            curves.slope(v, at) - gap.up
        } else if at > 0 {
            curves.slope(v, at - 1) + gap.down
        } else {
            self.price[v]
        }
    }

    /// Width of what a variable moves over when it passes a breakpoint.
    fn width(curves: &Curves, v: usize, rate: f64, point: u32) -> f64 {
        let (left, right) = curves.ends(v, if rate > 0.0 { point } else { point - 1 });
        right - left
    }

    /// Moves prices along the row until what the variable is off by is taken up, if it ever is. Fills `passed`.
    fn walk(&mut self, curves: &Curves, p: usize, up: f64, off: f64) -> bool {
        let mut heap = std::mem::take(&mut self.heap);
        heap.clear();
        let mut meet = |variable: u32, gap: Gap, rate: f64| {
            let distance = if rate > 0.0 { gap.up } else { gap.down };
            let size = rate.abs();
            if size > NO_ENTRY && distance < f64::INFINITY {
                let step = distance.max(0.0) / size;
                heap.push(Event { step, variable, size });
            }
        };
        for v in &self.touched {
            meet(*v, self.gap[*v as usize], up * self.alpha[*v as usize]);
        }
        let joint = curves.joint();
        for (row, rho) in self.rho.iter().enumerate() {
            if *rho != 0.0 {
                meet(small(joint + row), self.gap[joint + row], up * rho);
            }
        }
        let out = self.basic[p] as usize;
        // The leaving variable stands at the end of its segment now: its own next one is a breakpoint too.
        let own_point = |segment: u32| if up > 0.0 { segment + 1 } else { segment };
        let mut own = own_point(self.at[out]);
        let own_price = curves.slope(out, self.at[out]);
        if let Some(step) = Self::next(curves, out, up, own, own_price) {
            heap.push(Event {
                step,
                variable: small(out),
                size: 1.0,
            });
        }
        let mut heap = BinaryHeap::from(heap);
        self.passed.clear();
        let mut left = off;
        let mut stopped = false;
        while let Some(event) = heap.pop() {
            let v = event.variable as usize;
            let (rate, from, price) = if v == out {
                (up, own, own_price)
            } else {
                (up * self.alpha_of(curves, v), self.at[v], self.price_now(curves, v))
            };
            self.passed.push(Passed { event, from });
            left -= event.size * Self::width(curves, v, rate, from);
            if left <= 0.0 {
                stopped = true;
                break;
            }
            let point = if rate > 0.0 { from + 1 } else { from - 1 };
            if v == out {
                own = point;
            } else {
                self.at[v] = point;
                self.gap[v] = gap(curves, v, point, price);
            }
            if let Some(step) = Self::next(curves, v, rate, point, price) {
                heap.push(Event {
                    step: step.max(event.step),
                    ..event
                });
            }
        }
        self.heap = heap.into_vec();
        // Resting points are given back; `cross` sets those of what is really crossed.
        for passed in self.passed.iter().rev() {
            let v = passed.event.variable as usize;
            if v != out {
                let price = self.price_now(curves, v);
                self.at[v] = passed.from;
                self.gap[v] = gap(curves, v, passed.from, price);
            }
        }
        stopped
    }

    /// The breakpoint to stop at: the last one, or one as near with a sounder pivot, or an earlier one.
    fn choose(&self) -> End {
        let last = self.passed.len().saturating_sub(1);
        let edge = self.passed[last].event.step - TOGETHER;
        let mut best = last;
        for at in (0..last).rev() {
            let event = self.passed[at].event;
            if event.step < edge && self.passed[best].event.size >= SOUND {
                break;
            }
            if event.size > self.passed[best].event.size {
                best = at;
            }
        }
        let event = self.passed[best].event;
        End {
            step: event.step,
            variable: event.variable,
            size: event.size,
            at: best,
        }
    }

    /// Solves for the entering column; whether its pivot is what the row said.
    fn column_fits(&mut self, curves: &Curves, p: usize, end: &End) -> bool {
        let v = end.variable as usize;
        let by_row = &mut self.by_row;
        curves.entries(v, |row, value| by_row[row] = value);
        self.entering.clear();
        self.factor.forward(by_row, &mut self.entering);
        let (pivot, told) = (self.entering.get(p), self.alpha_of(curves, v));
        (pivot - told).abs() <= DRIFT * (1.0 + pivot.abs()) && pivot.abs() > TINY
    }

    /// Moves what is crossed along its curve, and the basis with it.
    fn cross(&mut self, curves: &Curves, p: usize, up: f64, end: &End) {
        let out = self.basic[p] as usize;
        // Where the leaving variable will stand: a breakpoint, or on a segment when it stays.
        let mut own = if up > 0.0 { self.at[out] + 1 } else { self.at[out] };
        let mut moved = false;
        let passed = std::mem::take(&mut self.passed);
        for one in &passed[..end.at] {
            let v = one.event.variable as usize;
            let rate = if v == out { up } else { up * self.alpha_of(curves, v) };
            let point = if rate > 0.0 { one.from + 1 } else { one.from - 1 };
            if v == out {
                own = point;
                continue;
            }
            let price = self.price_now(curves, v);
            self.at[v] = point;
            self.gap[v] = gap(curves, v, point, price);
            let value = curves.breakpoint(v, point);
            let change = value - self.value[v];
            self.value[v] = value;
            if change != 0.0 {
                moved = true;
                let by_row = &mut self.by_row;
                curves.entries(v, |row, a| by_row[row] += a * change);
            }
        }
        self.passed = passed;
        if moved {
            let mut shift = std::mem::take(&mut self.shift);
            self.factor.forward(&mut self.by_row, &mut shift);
            shift.drain(|p, change| {
                self.level[p] -= change;
                self.judge(p);
            });
            self.shift = shift;
        }
        if end.variable as usize == out {
            // It goes on along its own curve.
            self.at[out] = if up > 0.0 { own } else { own - 1 };
        } else {
            self.at[out] = own;
            let v = end.variable as usize;
            let rate = up * self.alpha_of(curves, v);
            self.at[v] = if rate > 0.0 { self.at[v] } else { self.at[v] - 1 };
        }
    }

    fn move_prices(&mut self, curves: &Curves, step: f64) {
        if step == 0.0 {
            return;
        }
        for v in &self.touched {
            let v = *v as usize;
            self.gap[v].moved(step * self.alpha[v]);
        }
        let joint = curves.joint();
        for (gap, rho) in self.gap[joint..].iter_mut().zip(&self.rho) {
            if *rho != 0.0 {
                gap.moved(step * rho);
            }
        }
    }

    /// Takes the leaving variable, whose price is given, out and the entering one in.
    fn exchange(&mut self, curves: &Curves, p: usize, v: usize, price: f64) {
        let out = self.basic[p] as usize;
        let rest = curves.breakpoint(out, self.at[out]);
        let entering = std::mem::take(&mut self.entering);
        let pivot = entering.get(p);
        let step = (self.level[p] - rest) / pivot;
        let weight = self.weight[p];
        self.factor.update(p, &entering);
        entering.each(|i, change| {
            self.level[i] -= step * change;
            let ratio = change / pivot;
            self.weight[i] = self.weight[i].max(ratio * ratio * weight);
            self.judge(i);
        });
        self.entering = entering;
        self.weight[p] = (weight / (pivot * pivot)).max(1.0);
        self.level[p] = self.value[v] + step;
        self.value[out] = rest;
        self.position[out] = NONE;
        self.gap[out] = gap(curves, out, self.at[out], price);
        self.position[v] = small(p);
        self.basic[p] = small(v);
        self.gap[v] = STILL;
        self.set_ends(curves, p);
    }

    /// Whether anything rests where there is no bound.
    fn rests_far(&self, curves: &Curves) -> bool {
        (0..curves.variables()).any(|v| self.position[v] == NONE && self.value[v].abs() >= super::curves::FAR)
    }
}

/// The distances of a price from the breakpoints next to a resting point.
fn gap(curves: &Curves, v: usize, point: u32, price: f64) -> Gap {
    if curves.fixed(v) {
        return STILL;
    }
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

/// Sizes are kept within `i32` by the problem's own check.
fn small(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}
