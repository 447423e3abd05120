//! The second stage: clears the market of every cell under given choices.

mod screen;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use monazite_market::lp::{Basis, ColId, Method, Options, Presolve, Problem, Solution, Solver};
use rayon::prelude::*;

use super::error::PlanError;
use super::instance::{Instance, Patch};
use screen::{Screen, mark};

/// What a solved market says about a plan's capacity: a plane above welfare that touches it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The patch it was solved under.
    pub patch: usize,
    /// Welfare, in the programme's unit.
    pub welfare: f64,
    /// Capacity of each measure.
    pub capacity: Vec<f64>,
    /// What one more unit of each measure's capacity would add.
    pub rents: Vec<f64>,
}

impl Seen {
    /// Welfare that the plane allows at another capacity under the same patch; never less than the truth.
    #[must_use]
    pub fn at(&self, capacity: &[f64]) -> f64 {
        let moved = self.rents.iter().zip(capacity.iter().zip(&self.capacity));
        self.welfare + moved.map(|(rent, (new, old))| rent * (new - old)).sum::<f64>()
    }
}

/// Solves cells, in parallel, and remembers what it has solved.
#[derive(Debug, Default)]
pub struct Oracle {
    /// Where the next solve of each patch starts: at its last one.
    bases: BTreeMap<usize, Basis>,
    /// Where a patch starts that has not been solved yet.
    first: Option<Basis>,
    /// Position in `seen` by patch and capacity.
    known: BTreeMap<(usize, Vec<u64>), usize>,
    seen: Vec<Seen>,
    by_patch: BTreeMap<usize, Vec<usize>>,
    /// Programmes solved.
    pub solves: usize,
    /// Programmes solved without the columns that nothing had used, found to be no worse for it.
    pub screened: usize,
    /// Columns that a solution has used; empty before the first.
    used: Vec<bool>,
    /// The programme with these columns only, once enough is known.
    screen: Option<Screen>,
    /// Whether the search is to end.
    stop: Option<Arc<AtomicBool>>,
}

/// Programmes solved whole before columns are left out, as a multiple of the patches: once with every measure and once
/// with none.
const WHOLE_FIRST: usize = 2;

type Key = (usize, Vec<u64>);

impl Oracle {
    /// One that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends a solve with [`PlanError::Stopped`] as soon as the flag is set; with none it is never ended.
    pub fn stop_on(&mut self, flag: Option<Arc<AtomicBool>>) {
        self.stop = flag;
    }

    /// Columns left out and columns of the whole programme; none before anything is left out.
    #[must_use]
    pub fn left_out(&self) -> Option<(usize, usize)> {
        let screen = self.screen.as_ref()?;
        Some((self.used.len() - screen.problem.dims().0, self.used.len()))
    }

    /// Everything solved so far.
    #[must_use]
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// Of all planes found under a patch, the one that allows least welfare at a capacity; its position.
    #[must_use]
    pub fn tightest(&self, patch: usize, capacity: &[f64]) -> Option<(usize, f64)> {
        let planes = self.by_patch.get(&patch)?.iter();
        let valued = planes.filter_map(|at| self.seen.get(*at).map(|seen| (*at, seen.at(capacity))));
        valued.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// Solves every cell under choices; positions in [`Oracle::seen`] by cell.
    ///
    /// # Errors
    /// When a market cannot be solved, which no bound of a market should bring about.
    pub fn solve(&mut self, instance: &Instance, x: &[f64]) -> Result<Vec<usize>, PlanError> {
        let keys: Vec<(Key, Vec<f64>)> = (instance.cells.iter())
            .map(|cell| {
                let capacity = instance.capacity_in(cell, x);
                let bits = capacity.iter().map(|k| k.to_bits()).collect();
                ((cell.patch, bits), capacity)
            })
            .collect();
        let mut jobs: BTreeMap<&Key, &Vec<f64>> = BTreeMap::new();
        for (key, capacity) in &keys {
            if !self.known.contains_key(key) {
                jobs.insert(key, capacity);
            }
        }
        let jobs: Vec<(&Key, &Vec<f64>)> = jobs.into_iter().collect();
        let desk = Desk {
            instance,
            screen: self.screen.as_ref(),
        };
        if self.first.is_none()
            && let Some((key, capacity)) = jobs.first()
        {
            self.first = Some(desk.clear(&mut Worker::default(), key.0, capacity, None)?.basis);
        }
        let start = |patch: usize| self.bases.get(&patch).or(self.first.as_ref());
        let stopped = || self.stop.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed));
        let solved: Vec<Result<(Seen, Cleared), PlanError>> = (jobs.par_iter())
            .map_init(Worker::default, |worker, (key, capacity)| {
                if stopped() {
                    return Err(PlanError::Stopped);
                }
                let cleared = desk.clear(worker, key.0, capacity, start(key.0))?;
                let rent = |row| cleared.solution.rent(row).max(0.0);
                let seen = Seen {
                    patch: key.0,
                    welfare: cleared.solution.objective,
                    capacity: (*capacity).clone(),
                    rents: instance.capacity.iter().map(|row| rent(*row)).collect(),
                };
                Ok((seen, cleared))
            })
            .collect();
        if self.used.is_empty() {
            self.used = vec![false; instance.recourse.dims().0];
        }
        let (mut new, mut end) = (false, None);
        for ((key, _), solved) in jobs.into_iter().zip(solved) {
            let (seen, cleared) = match solved {
                Ok(solved) => solved,
                // What was solved before the end stays known.
                Err(error) => {
                    end = end.or(Some(error));
                    continue;
                }
            };
            if cleared.screened {
                self.screened += 1;
            } else {
                new |= mark(&mut self.used, &cleared.solution.col_values, &cleared.basis);
            }
            self.bases.insert(key.0, cleared.basis);
            self.known.insert(key.clone(), self.seen.len());
            self.by_patch.entry(key.0).or_default().push(self.seen.len());
            self.seen.push(seen);
            self.solves += 1;
        }
        if let Some(error) = end {
            return Err(error);
        }
        if new && self.solves >= WHOLE_FIRST * instance.patches.len() {
            self.screen = Some(Screen::new(&instance.recourse, &instance.patches, &self.used));
        }
        Ok(keys
            .iter()
            .map(|(key, _)| self.known.get(key).copied().unwrap_or(0))
            .collect())
    }

    /// Loss of every cell under choices, million USD a year.
    ///
    /// # Errors
    /// As [`Oracle::solve`].
    pub fn losses(&mut self, instance: &Instance, x: &[f64]) -> Result<Vec<f64>, PlanError> {
        let at = self.solve(instance, x)?;
        let loss = |(cell, at): (&super::Cell, &usize)| cell.scale * (cell.undisturbed - self.seen[*at].welfare);
        Ok(instance.cells.iter().zip(&at).map(loss).collect())
    }

    /// Looks at the whole solution of every cell under choices.
    ///
    /// # Errors
    /// As [`Oracle::solve`].
    pub fn look<T: Send>(
        &self,
        instance: &Instance,
        x: &[f64],
        view: impl Fn(usize, &Solution) -> T + Sync,
    ) -> Result<Vec<T>, PlanError> {
        let cells: Vec<usize> = (0..instance.cells.len()).collect();
        let desk = Desk {
            instance,
            screen: self.screen.as_ref(),
        };
        cells
            .par_iter()
            .map_init(Worker::default, |worker, c| {
                let cell = &instance.cells[*c];
                let capacity = instance.capacity_in(cell, x);
                let start = self.bases.get(&cell.patch).or(self.first.as_ref());
                let cleared = desk.clear(worker, cell.patch, &capacity, start)?;
                let solution = match desk.screen.filter(|_| cleared.screened) {
                    Some(screen) => screen.whole(&instance.recourse, cleared.solution),
                    None => cleared.solution,
                };
                Ok(view(*c, &solution))
            })
            .collect()
    }
}

/// A market cleared.
struct Cleared {
    /// Its solution, with the columns of the programme it was solved by.
    solution: Solution,
    /// Its basis, with the columns of the whole programme.
    basis: Basis,
    /// Whether columns were left out of that programme.
    screened: bool,
}

/// A worker's solvers, of the whole programme and of that with fewer columns.
#[derive(Default)]
struct Worker {
    whole: Option<Solver>,
    narrow: Option<Solver>,
}

/// What markets are cleared with.
#[derive(Clone, Copy)]
struct Desk<'a> {
    instance: &'a Instance,
    screen: Option<&'a Screen>,
}

impl Desk<'_> {
    /// Clears one market: without the columns that nothing has used where that is known to be no worse.
    fn clear(
        self,
        worker: &mut Worker,
        patch: usize,
        capacity: &[f64],
        start: Option<&Basis>,
    ) -> Result<Cleared, PlanError> {
        let patch = (self.instance.patches.get(patch)).ok_or(PlanError::Internal("a cell without a patch"))?;
        let mut start = start.cloned();
        if let Some(screen) = self.screen
            && let Some(narrow) = start.as_ref().and_then(|start| screen.narrow(start))
            && let Some(cols) = screen.cols(patch)
        {
            let solver = loaded(&mut worker.narrow, &screen.problem)?;
            let (solution, basis) = self.solve(solver, &screen.problem, patch, &cols, capacity, Some(&narrow))?;
            let basis = screen.widen(&basis);
            if screen.holds(&self.instance.recourse, patch, &solution) {
                return Ok(Cleared {
                    solution,
                    basis,
                    screened: true,
                });
            }
            start = Some(basis);
        }
        let whole = &self.instance.recourse;
        let solver = loaded(&mut worker.whole, whole)?;
        let (solution, basis) = self.solve(solver, whole, patch, &patch.cols, capacity, start.as_ref())?;
        Ok(Cleared {
            solution,
            basis,
            screened: false,
        })
    }

    /// Solves a programme under a patch and capacities; what these changed is put back for the next.
    fn solve(
        self,
        solver: &mut Solver,
        base: &Problem,
        patch: &Patch,
        cols: &[(ColId, f64, f64)],
        capacity: &[f64],
        start: Option<&Basis>,
    ) -> Result<(Solution, Basis), PlanError> {
        let mut rows = patch.rows.clone();
        let rooms = self.instance.capacity.iter().zip(capacity);
        rows.extend(rooms.map(|(row, k)| (*row, f64::NEG_INFINITY, *k)));
        solver.change_cols_bounds(cols)?;
        solver.change_rows_bounds(&rows)?;
        let solution = match start {
            Some(basis) => solver.solve_from(basis)?,
            None => solver.solve_cold()?,
        };
        let basis = solver.basis()?;
        let cols: Vec<_> = (cols.iter())
            .map(|(col, ..)| (*col, base.col_lower()[col.index()], base.col_upper()[col.index()]))
            .collect();
        let rows: Vec<_> = (patch.rows.iter())
            .map(|(row, ..)| (*row, base.row_lower()[row.index()], base.row_upper()[row.index()]))
            .collect();
        solver.change_cols_bounds(&cols)?;
        solver.change_rows_bounds(&rows)?;
        Ok((solution, basis))
    }
}

/// A worker keeps its solver.
fn loaded<'s>(worker: &'s mut Option<Solver>, problem: &Problem) -> Result<&'s mut Solver, PlanError> {
    if worker.is_none() {
        *worker = Some(Solver::with_options(
            problem.clone(),
            &Options {
                method: Method::Stepwise,
                presolve: Presolve::Off,
                ..Options::default()
            },
        )?);
    }
    worker.as_mut().ok_or(PlanError::Internal("a worker without a solver"))
}
