//! Benders' decomposition: planes from the second stage until bound and best plan meet.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use monazite_market::lp::{ColId, LpError, MipOptions, Solver, solve_mip};

use super::error::PlanError;
use super::instance::Instance;
use super::master::Master;
use super::oracle::Oracle;

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Relative gap between best plan and bound that is good enough.
    pub gap: f64,
    /// Wall time after which the best plan so far is given.
    pub time: Duration,
    /// Rounds at most.
    pub rounds: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            gap: 1e-3,
            time: Duration::from_mins(5),
            rounds: 200,
        }
    }
}

/// How things stand after a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Round {
    /// Which, from 1.
    pub number: usize,
    /// Whether choices were still allowed to be fractional.
    pub relaxed: bool,
    /// Objective of the best plan found, million USD.
    pub best: f64,
    /// What no plan can be better than.
    pub bound: f64,
    /// Planes found so far.
    pub planes: usize,
    /// Markets cleared so far.
    pub solves: usize,
}

impl Round {
    /// Relative gap.
    #[must_use]
    pub fn gap(&self) -> f64 {
        gap(self.best, self.bound)
    }
}

fn gap(best: f64, bound: f64) -> f64 {
    if best.is_finite() && bound.is_finite() {
        (best - bound).max(0.0) / best.abs().max(1e-9)
    } else {
        f64::INFINITY
    }
}

/// The best plan found.
#[derive(Clone, Debug, PartialEq)]
pub struct Best {
    /// Value of each choice, 0 or 1.
    pub x: Vec<f64>,
    /// Loss of each cell, million USD a year.
    pub cells: Vec<f64>,
    /// Objective, million USD.
    pub objective: f64,
    /// What no plan can be better than.
    pub bound: f64,
    /// Every round, in order.
    pub rounds: Vec<Round>,
    /// Whether the wanted gap was reached.
    pub proven: bool,
}

impl Best {
    /// Relative gap between the plan and the bound.
    #[must_use]
    pub fn gap(&self) -> f64 {
        gap(self.objective, self.bound)
    }
}

/// Rounds of the relaxation at most, and the relative gap at which it has done its work.
const RELAXED_ROUNDS: usize = 12;
const RELAXED_GAP: f64 = 2e-3;
/// Relative gap of the relaxation from which a plan is made of its fractions.
const EARLY_GAP: f64 = 0.02;
/// How far the point of separation lies from the master's answer towards the best fractional point.
const INWARD: f64 = 0.5;
/// Times that known planes are looked through before new ones are sought.
const RECALLS: usize = 8;
/// Planes that have been slack for so many rounds of the relaxation are left out of the whole-number master.
const SLACK: f64 = 1e-6;

/// Solves a programme. `watch` hears of every round and may end the search by answering `false`; the best plan so far is
/// then given, with its gap.
///
/// # Errors
/// When a market cannot be cleared, or the rules allow no choice at all; [`PlanError::Stopped`] when the oracle was stopped
/// before there was anything to give.
pub fn decompose(
    instance: &Instance,
    oracle: &mut Oracle,
    effort: &Effort,
    watch: &mut dyn FnMut(&Round) -> bool,
) -> Result<Best, PlanError> {
    let mut search = match Search::new(instance, &mut *oracle, effort, watch) {
        Ok(search) => search,
        Err(PlanError::Stopped) => return nothing(instance, oracle),
        Err(error) => return Err(error),
    };
    let found = search
        .relax()
        .and_then(|goes_on| if goes_on { search.whole() } else { Ok(()) });
    match found {
        // The best plan so far, and the bound so far, are what they are.
        Ok(()) | Err(PlanError::Stopped) => Ok(search.done()),
        Err(error) => Err(error),
    }
}

/// The plan of a search that was stopped before its first round: none, where that much is known.
fn nothing(instance: &Instance, oracle: &mut Oracle) -> Result<Best, PlanError> {
    let none = vec![0.0; instance.choices.len()];
    let cells = oracle.losses(instance, &none)?;
    if !instance.allows(&none) {
        return Err(PlanError::Stopped);
    }
    Ok(Best {
        objective: instance.objective(&cells, &none),
        bound: f64::NEG_INFINITY,
        x: none,
        cells,
        rounds: Vec::new(),
        proven: false,
    })
}

struct Search<'a> {
    instance: &'a Instance,
    oracle: &'a mut Oracle,
    effort: &'a Effort,
    watch: &'a mut dyn FnMut(&Round) -> bool,
    began: Instant,
    master: Master,
    /// Planes in the master by cell and position in what the oracle has seen, with lower bound and entries.
    planes: Vec<(f64, Vec<(ColId, f64)>)>,
    have: BTreeSet<(usize, usize)>,
    best: Best,
}

impl<'a> Search<'a> {
    fn new(
        instance: &'a Instance,
        oracle: &'a mut Oracle,
        effort: &'a Effort,
        watch: &'a mut dyn FnMut(&Round) -> bool,
    ) -> Result<Self, PlanError> {
        // First of all, so that there is an answer when somebody stops the search: no plan at all.
        let none = vec![0.0; instance.choices.len()];
        let cells = oracle.losses(instance, &none)?;
        // With all measures at once in every cell, no plan loses less: welfare only grows with capacity.
        let mut all = vec![0.0; instance.choices.len()];
        for of in instance.starts() {
            for c in of {
                all[c] = 1.0;
            }
        }
        let floor: Vec<f64> = oracle
            .losses(instance, &all)?
            .into_iter()
            .map(|l| l - 1e-6 * (1.0 + l.abs()))
            .collect();
        let best = Best {
            objective: if instance.allows(&none) {
                instance.objective(&cells, &none)
            } else {
                f64::INFINITY
            },
            bound: f64::NEG_INFINITY,
            x: none.clone(),
            cells,
            rounds: Vec::new(),
            proven: false,
        };
        let mut search = Self {
            instance,
            effort,
            watch,
            began: Instant::now(),
            master: Master::new(instance, &floor),
            planes: Vec::new(),
            have: BTreeSet::new(),
            best,
            oracle,
        };
        search.learn(&all, &[])?;
        search.learn(&none, &[])?;
        Ok(search)
    }

    /// Solves all cells at a point, adds the planes that cut off `losses` (all when empty), and returns true losses.
    fn learn(&mut self, x: &[f64], losses: &[f64]) -> Result<Vec<f64>, PlanError> {
        let at = self.oracle.solve(self.instance, x)?;
        let mut truth = Vec::with_capacity(at.len());
        for (c, (cell, at)) in self.instance.cells.iter().zip(&at).enumerate() {
            let seen = &self.oracle.seen()[*at];
            let loss = cell.scale * (cell.undisturbed - seen.welfare);
            truth.push(loss);
            let cut_off = losses
                .get(c)
                .is_none_or(|held| *held < loss - 1e-7 * (1.0 + loss.abs()));
            if cut_off && self.have.insert((c, *at)) {
                self.planes.push(self.master.cut(self.instance, c, seen));
            }
        }
        Ok(truth)
    }

    /// Adds planes that are known from elsewhere (another year of the same state, another budget) and cut off what the
    /// master believes at a point; how many.
    fn recall(&mut self, x: &[f64], held: &[f64]) -> usize {
        let before = self.planes.len();
        for (c, (cell, held)) in self.instance.cells.iter().zip(held).enumerate() {
            let capacity = self.instance.capacity_in(cell, x);
            let Some((at, welfare)) = self.oracle.tightest(cell.patch, &capacity) else {
                continue;
            };
            let loss = cell.scale * (cell.undisturbed - welfare);
            if *held < loss - 1e-6 * (1.0 + loss.abs()) && self.have.insert((c, at)) {
                let plane = self.master.cut(self.instance, c, &self.oracle.seen()[at]);
                self.planes.push(plane);
            }
        }
        self.planes.len() - before
    }

    /// Takes a plan as the best if it is.
    fn consider(&mut self, x: &[f64], cells: &[f64]) {
        let objective = self.instance.objective(cells, x);
        if objective < self.best.objective && self.instance.allows(x) {
            self.best.objective = objective;
            self.best.x = x.to_vec();
            self.best.cells = cells.to_vec();
        }
    }

    /// Notes a round; false when the search ends here.
    fn round(&mut self, relaxed: bool) -> bool {
        let round = Round {
            number: self.best.rounds.len() + 1,
            relaxed,
            best: self.best.objective,
            bound: self.best.bound,
            planes: self.planes.len(),
            solves: self.oracle.solves,
        };
        self.best.rounds.push(round);
        self.best.proven = round.gap() <= self.effort.gap;
        let goes_on = (self.watch)(&round);
        goes_on && !self.best.proven && self.left() > Duration::ZERO && round.number < self.effort.rounds
    }

    fn left(&self) -> Duration {
        self.effort.time.saturating_sub(self.began.elapsed())
    }

    /// Cuts with fractional choices: cheap rounds that bring most of the planes. False when the search ended.
    fn relax(&mut self) -> Result<bool, PlanError> {
        let mut solver = Solver::new(self.master.problem.clone())?;
        let mut added = 0;
        let mut inner: Option<(f64, Vec<f64>)> = None;
        for _ in 0..RELAXED_ROUNDS {
            let n = self.instance.choices.len();
            let mut recalls = 0;
            let answer = loop {
                for (lower, entries) in &self.planes[added..] {
                    solver.add_row(*lower, f64::INFINITY, entries)?;
                }
                added = self.planes.len();
                let answer = match solver.solve() {
                    Err(LpError::Infeasible) => return Err(infeasible()),
                    other => other?,
                };
                recalls += 1;
                let held = &answer.col_values[n..n + self.instance.cells.len()];
                if recalls > RECALLS || self.recall(&answer.col_values[..n], held) == 0 {
                    break answer;
                }
            };
            let x = &answer.col_values[..n];
            self.best.bound = self.best.bound.max(answer.objective);
            let point: Vec<f64> = match &inner {
                Some((_, best)) => x
                    .iter()
                    .zip(best)
                    .map(|(x, b)| (1.0 - INWARD) * x + INWARD * b)
                    .collect(),
                None => x.to_vec(),
            };
            let truth = self.learn(&point, &[])?;
            let value = self.instance.objective(&truth, &point);
            if inner.as_ref().is_none_or(|(best, _)| value < *best) {
                inner = Some((value, point));
            }
            let reached = inner
                .as_ref()
                .map_or(f64::INFINITY, |(best, _)| gap(*best, self.best.bound));
            let last = reached < RELAXED_GAP.max(self.effort.gap);
            if last || reached < EARLY_GAP {
                // A plan near the fractional one: an early answer to give when interrupted.
                let rounded = self.rounded(x);
                let cells = self.oracle.losses(self.instance, &rounded)?;
                self.consider(&rounded, &cells);
            }
            if !self.round(true) {
                return Ok(false);
            }
            if last {
                break;
            }
        }
        self.tidy(&mut solver, added)?;
        Ok(true)
    }

    /// Leaves planes out of the master that do not hold it at the last answer of the relaxation.
    fn tidy(&mut self, solver: &mut Solver, added: usize) -> Result<(), PlanError> {
        let answer = solver.solve()?;
        let first = answer.row_values.len() - added;
        let slack: Vec<bool> = (answer.row_values[first..].iter().zip(&self.planes))
            .map(|(value, (lower, _))| value - lower > SLACK.max(0.05 * lower.abs()))
            .collect();
        let mut at = 0;
        self.planes.retain(|_| {
            let keep = slack.get(at).is_none_or(|slack| !slack);
            at += 1;
            keep
        });
        Ok(())
    }

    /// Takes the choices with the largest fractions that budget and rules allow.
    fn rounded(&self, x: &[f64]) -> Vec<f64> {
        let mut order: Vec<usize> = (0..x.len()).filter(|c| x[*c] > 0.05).collect();
        order.sort_by(|a, b| x[*b].total_cmp(&x[*a]).then(a.cmp(b)));
        let mut plan = vec![0.0; x.len()];
        // Twice, because a prerequisite may come after what needs it.
        for _ in 0..3 {
            for c in &order {
                if plan[*c] == 0.0 {
                    plan[*c] = 1.0;
                    if !self.instance.allows(&plan) {
                        plan[*c] = 0.0;
                    }
                }
            }
        }
        plan
    }

    /// Cuts with whole choices until the gap is closed.
    fn whole(&mut self) -> Result<(), PlanError> {
        let mut problem = self.master.problem.clone();
        let whole = self.master.choice_cols();
        let mut added = 0;
        loop {
            for (lower, entries) in &self.planes[added..] {
                problem.add_row_of(*lower, f64::INFINITY, entries);
            }
            added = self.planes.len();
            let options = MipOptions {
                relative_gap: (0.3 * self.effort.gap).max(1e-9),
                seconds: self.left().as_secs_f64().max(0.1),
                start: whole.iter().map(|col| (*col, self.best.x[col.index()])).collect(),
            };
            let answer = match solve_mip(&problem, &whole, &options) {
                Ok(answer) => answer,
                Err(LpError::Infeasible) => return Err(infeasible()),
                Err(LpError::NotOptimal { .. }) => return Ok(()),
                Err(other) => return Err(other.into()),
            };
            self.best.bound = self.best.bound.max(answer.bound.min(self.best.objective));
            let n = self.instance.choices.len();
            let x: Vec<f64> = answer.col_values[..n].iter().map(|x| x.round()).collect();
            let held = &answer.col_values[n..n + self.instance.cells.len()];
            let truth = self.learn(&x, held)?;
            self.consider(&x, &truth);
            if !self.round(false) {
                return Ok(());
            }
            if self.planes.len() == added {
                // The master knows the truth at its own answer, so its answer is the best.
                self.best.proven = self.best.gap() <= self.effort.gap;
                return Ok(());
            }
        }
    }

    fn done(self) -> Best {
        self.best
    }
}

fn infeasible() -> PlanError {
    PlanError::Asked {
        what: "no choice of measures keeps budget and rules".to_owned(),
        hint: "raise the budget, or look at what the measures require".to_owned(),
    }
}
