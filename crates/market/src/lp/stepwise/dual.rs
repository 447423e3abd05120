//! The dual simplex method on step curves.
//!
//! Prices are always such that every variable off the basis rests at a breakpoint that its price supports. A basic
//! variable that has left its segment is driven back: prices move along its row until the amount it is off by is taken
//! up by others that move on along *their* curves (the long-step rule). One such move may pass hundreds of steps, and
//! often ends on the next step of the variable itself, with the basis unchanged.

mod step;

use super::curves::{Curves, Stand};
use super::factor::Factor;
use super::sparse::{Sparse, small};
use step::{Event, Passed};

/// Not in the basis.
const NONE: u32 = u32::MAX;
/// Pivots after which the basis is factored anew.
const UPDATES: usize = 64;

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
    /// A row of the inverse; the same times the matrix, for variables of several rows.
    rho: Vec<f64>,
    alpha: Sparse,
    by_position: Vec<f64>,
    by_row: Vec<f64>,
    shift: Sparse,
    entering: Sparse,
    heap: Vec<Event>,
    passed: Vec<Passed>,
    barred: Vec<u32>,
    /// Nothing has moved since everything was last worked out from the factored basis.
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
                return if sound { Ok(pivots) } else { Err(GaveUp) };
            };
            if self.pivot(curves, leaving)? {
                pivots += 1;
            }
            if self.factor.updates() >= UPDATES {
                self.refactor(curves);
            }
        }
        Err(GaveUp)
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
        self.alpha.reset(curves.joint());
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
        self.merit[p] = if off > self.level_tolerance {
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
