//! One step of the method: the row of the variable that leaves, the walk along it, and the exchange.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::curves::Curves;
use super::super::sparse::{small, smallest};
use super::{Dual, Gap, GaveUp, NONE, STILL, gap};

/// Entries of a row of the inverse below this are rounding.
const ROUNDED: f64 = 1e-13;
/// Entries of a pivot row below this are rounding.
const NO_ENTRY: f64 = 1e-10;
/// Pivots smaller than this are avoided while there is another.
const SOUND: f64 = 1e-5;
/// Pivots smaller than this are refused.
const TINY: f64 = 1e-8;
/// Breakpoints this close count as one when a pivot is chosen.
const TOGETHER: f64 = 1e-10;
/// Relative rounding of a sum of widths.
const ROUNDING: f64 = 1e-12;
/// How far the two ways to compute a pivot may differ before the basis is factored anew.
const DRIFT: f64 = 1e-7;

/// A breakpoint that a price meets.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event {
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
    /// The heap gives the shortest step first, of equals the first variable.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.step.total_cmp(&self.step)).then(other.variable.cmp(&self.variable))
    }
}

/// The breakpoints ahead. Most walks end after a few of some hundred, so that those are looked for one by one, in steps that
/// lie side by side, before all are put in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Ahead {
    steps: Vec<f64>,
    /// Variable and size of the entry, in the order of the steps.
    whose: Vec<(u32, f64)>,
    heap: BinaryHeap<Event>,
    looked: usize,
}

impl Ahead {
    /// Looks through the whole list, before it is ordered.
    const LOOKS: usize = 12;

    fn clear(&mut self) {
        self.steps.clear();
        self.whose.clear();
        self.heap.clear();
        self.looked = 0;
    }

    #[inline]
    fn push(&mut self, event: Event) {
        if self.looked > Self::LOOKS {
            self.heap.push(event);
        } else {
            self.steps.push(event.step);
            self.whose.push((event.variable, event.size));
        }
    }

    /// Takes the nearest.
    fn pop(&mut self) -> Option<Event> {
        self.looked += 1;
        if self.looked <= Self::LOOKS {
            return self.take_least();
        }
        if !self.steps.is_empty() {
            let mut spare = std::mem::take(&mut self.heap).into_vec();
            let events = self.steps.drain(..).zip(self.whose.drain(..));
            spare.extend(events.map(|(step, (variable, size))| Event { step, variable, size }));
            self.heap = BinaryHeap::from(spare);
        }
        self.heap.pop()
    }

    fn take_least(&mut self) -> Option<Event> {
        let least = smallest(&self.steps);
        let first = self.steps.iter().position(|step| *step <= least)?;
        let mut best = first;
        for (at, step) in self.steps.iter().enumerate().skip(first + 1) {
            if *step <= least && self.whose[at].0 < self.whose[best].0 {
                best = at;
            }
        }
        let (step, (variable, size)) = (self.steps.swap_remove(best), self.whose.swap_remove(best));
        Some(Event { step, variable, size })
    }
}

/// A breakpoint that was passed or stopped at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
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

impl Dual {
    /// One step from the position that leaves: whether the basis changed.
    pub(super) fn pivot(&mut self, curves: &Curves, p: usize) -> Result<bool, GaveUp> {
        let (level, low, high) = (self.level[p], self.low[p], self.high[p]);
        let (up, off) = if level > high {
            (1.0, level - high)
        } else {
            (-1.0, low - level)
        };
        self.row_of(p);
        if !self.walk(curves, p, up, off) {
            return if self.start_over(curves) {
                Ok(false)
            } else {
                Err(GaveUp)
            };
        }
        let end = self.choose();
        let own = end.variable == self.basic[p];
        if end.size <= TINY || (!own && !self.column_fits(curves, p, &end)) {
            if !self.start_over(curves) {
                self.barred.push(small(p));
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
        Ok(true)
    }

    /// Row `p` of the inverse, and of the matrix in terms of the basis.
    fn row_of(&mut self, p: usize) {
        self.rho.clear();
        self.rho.set(p, 1.0);
        self.factor.backward(&mut self.rho);
        self.alpha.clear();
        let (alpha, live, factor) = (&mut self.alpha, &self.live, &self.factor);
        self.rho.each(|k, r| {
            if r.abs() >= ROUNDED {
                for (v, value) in live.row(factor.row_of(k)) {
                    alpha.add(*v, r * value);
                }
            }
        });
    }

    #[inline]
    fn alpha_of(&self, curves: &Curves, v: usize) -> f64 {
        match v.checked_sub(curves.joint()) {
            None => self.alpha.get(v),
            Some(row) => self.rho.get(self.factor.pivot_of(row)),
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
    #[inline]
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
        let mut ahead = std::mem::take(&mut self.ahead);
        ahead.clear();
        let mut meet = |variable: u32, gap: Gap, rate: f64| {
            let distance = if rate > 0.0 { gap.up } else { gap.down };
            let size = rate.abs();
            if size > NO_ENTRY && distance < f64::INFINITY {
                let step = distance.max(0.0) / size;
                ahead.push(Event { step, variable, size });
            }
        };
        let gaps = self.gap.as_slice();
        self.alpha.each(|v, alpha| meet(small(v), gaps[v], up * alpha));
        let joint = curves.joint();
        self.rho.each(|k, rho| {
            let v = joint + self.factor.row_of(k);
            meet(small(v), gaps[v], up * rho);
        });
        let out = self.basic[p] as usize;
        // The leaving variable stands at the end of its segment now: its own next one is a breakpoint too.
        let own_point = |segment: u32| if up > 0.0 { segment + 1 } else { segment };
        let mut own = own_point(self.at[out]);
        let own_price = curves.slope(out, self.at[out]);
        if let Some(step) = Self::next(curves, out, up, own, own_price) {
            ahead.push(Event {
                step,
                variable: small(out),
                size: 1.0,
            });
        }
        self.passed.clear();
        let mut left = off;
        let mut stopped = false;
        // What is left within this is taken up: the sum of widths is rounded.
        let settled = self.level_tolerance.max(ROUNDING * off);
        while let Some(event) = ahead.pop() {
            let v = event.variable as usize;
            let (rate, from, price) = if v == out {
                (up, own, own_price)
            } else {
                (up * self.alpha_of(curves, v), self.at[v], self.price_now(curves, v))
            };
            self.passed.push(Passed { event, from });
            left -= event.size * Self::width(curves, v, rate, from);
            if left <= settled {
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
                ahead.push(Event {
                    step: step.max(event.step),
                    ..event
                });
            }
        }
        self.ahead = ahead;
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
        let (entering, factor) = (&mut self.entering, &self.factor);
        entering.clear();
        curves.entries(v, |row, value| entering.set(factor.pivot_of(row), value));
        factor.forward(entering);
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
                let (shift, factor) = (&mut self.shift, &self.factor);
                curves.entries(v, |row, a| shift.add(factor.pivot_of(row), a * change));
            }
        }
        self.passed = passed;
        if moved {
            let mut shift = std::mem::take(&mut self.shift);
            self.factor.forward(&mut shift);
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
        let gaps = self.gap.as_mut_slice();
        self.alpha.each(|v, alpha| gaps[v].moved(step * alpha));
        let joint = curves.joint();
        self.rho
            .each(|k, rho| gaps[joint + self.factor.row_of(k)].moved(step * rho));
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
        self.gap[out] = if curves.fixed(out) {
            STILL
        } else {
            self.live.free(curves, out);
            gap(curves, out, self.at[out], price)
        };
        self.live.settle(curves, v);
        self.position[v] = small(p);
        self.basic[p] = small(v);
        self.gap[v] = STILL;
        self.set_ends(curves, p);
    }
}
