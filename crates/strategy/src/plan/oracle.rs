//! The second stage: clears the market of every cell under given choices.

use std::collections::BTreeMap;

use monazite_market::lp::{Basis, Method, Options, Presolve, Solution, Solver};
use rayon::prelude::*;

use super::error::PlanError;
use super::instance::Instance;

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
}

type Key = (usize, Vec<u64>);

impl Oracle {
    /// One that knows nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
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
        if self.first.is_none()
            && let Some((key, capacity)) = jobs.first()
        {
            let (_, basis) = clear(instance, &mut None, key.0, capacity, None)?;
            self.first = Some(basis);
        }
        let start = |patch: usize| self.bases.get(&patch).or(self.first.as_ref());
        let solved: Vec<Result<(Seen, Basis), PlanError>> = (jobs.par_iter())
            .map_init(
                || None,
                |worker: &mut Option<Solver>, (key, capacity)| {
                    let (solution, basis) = clear(instance, worker, key.0, capacity, start(key.0))?;
                    let rents = instance
                        .capacity
                        .iter()
                        .map(|row| solution.rent(*row).max(0.0))
                        .collect();
                    let seen = Seen {
                        patch: key.0,
                        welfare: solution.objective,
                        capacity: (*capacity).clone(),
                        rents,
                    };
                    Ok((seen, basis))
                },
            )
            .collect();
        for ((key, _), solved) in jobs.into_iter().zip(solved) {
            let (seen, basis) = solved?;
            self.bases.insert(key.0, basis);
            self.known.insert(key.clone(), self.seen.len());
            self.by_patch.entry(key.0).or_default().push(self.seen.len());
            self.seen.push(seen);
            self.solves += 1;
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
        cells
            .par_iter()
            .map_init(
                || None,
                |worker: &mut Option<Solver>, c| {
                    let cell = &instance.cells[*c];
                    let capacity = instance.capacity_in(cell, x);
                    let (solution, _) = clear(
                        instance,
                        worker,
                        cell.patch,
                        &capacity,
                        self.bases.get(&cell.patch).or(self.first.as_ref()),
                    )?;
                    Ok(view(*c, &solution))
                },
            )
            .collect()
    }
}

/// Clears one market. A worker keeps its solver; what a patch changed is put back before the next.
fn clear(
    instance: &Instance,
    worker: &mut Option<Solver>,
    patch: usize,
    capacity: &[f64],
    start: Option<&Basis>,
) -> Result<(Solution, Basis), PlanError> {
    if worker.is_none() {
        *worker = Some(Solver::with_options(
            instance.recourse.clone(),
            &Options {
                method: Method::Stepwise,
                presolve: Presolve::Off,
                ..Options::default()
            },
        )?);
    }
    let Some(solver) = worker.as_mut() else {
        return Err(PlanError::Internal("a worker without a solver"));
    };
    let patch = instance
        .patches
        .get(patch)
        .ok_or(PlanError::Internal("a cell without a patch"))?;
    let mut rows = patch.rows.clone();
    rows.extend(
        instance
            .capacity
            .iter()
            .zip(capacity)
            .map(|(row, k)| (*row, f64::NEG_INFINITY, *k)),
    );
    solver.change_cols_bounds(&patch.cols)?;
    solver.change_rows_bounds(&rows)?;
    let solution = match start {
        Some(basis) => solver.solve_from(basis)?,
        None => solver.solve_cold()?,
    };
    let basis = solver.basis()?;
    let base = &instance.recourse;
    let cols: Vec<_> = (patch.cols.iter())
        .map(|(col, ..)| (*col, base.col_lower()[col.index()], base.col_upper()[col.index()]))
        .collect();
    let rows: Vec<_> = (patch.rows.iter())
        .map(|(row, ..)| (*row, base.row_lower()[row.index()], base.row_upper()[row.index()]))
        .collect();
    solver.change_cols_bounds(&cols)?;
    solver.change_rows_bounds(&rows)?;
    Ok((solution, basis))
}
