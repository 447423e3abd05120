//! A problem loaded into the simplex solver, changed in place and solved again.

use std::time::Instant;

use super::error::LpError;
use super::highs::Highs;
use super::kkt::{self, Residuals};
use super::problem::{self, ColId, Problem, RowId};
use super::solution::{Basis, Solution};
use super::stepwise::Stepwise;

/// Whether the solver simplifies a problem before a solve without a starting basis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Presolve {
    /// The solver decides: the default. A solve from a basis never presolves.
    #[default]
    Choose,
    /// Always simplify first.
    On,
    /// Never.
    Off,
}

/// Which simplex method solves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// `HiGHS`: any programme, and what the other is compared with.
    #[default]
    Reference,
    /// Ours, for programmes whose columns are steps of curves, as a quarter's are: several times faster there. What it
    /// cannot do goes to the reference.
    Stepwise,
}

/// Settings of a [`Solver`].
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Which method solves.
    pub method: Method,
    /// Presolve for solves without a starting basis.
    pub presolve: Presolve,
    /// How far a row or bound may be missed, in the problem's units.
    ///
    /// The default of 1e-9 is a hundred times tighter than the usual one. Routes of a few
    /// kilograms of terbium stand next to thousands of tonnes of cerium, and prices are published:
    /// the looser setting leaves errors that can be seen in both. It costs a few pivots at most.
    pub primal_tolerance: f64,
    /// How far a reduced cost may be on the wrong side, in objective units per unit of column.
    pub dual_tolerance: f64,
    /// Seed of the solver's own tie breaking.
    pub seed: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            method: Method::Reference,
            presolve: Presolve::Choose,
            primal_tolerance: 1e-9,
            dual_tolerance: 1e-9,
            seed: 0,
        }
    }
}

/// A [`Problem`] loaded into the dual simplex method, ready to be changed and solved again.
///
/// The solver keeps its own copy of the problem in step with every change, so that residuals can
/// be checked against what was solved ([`Solver::problem`]) and a changed solver can be compared
/// with one built anew. It runs on one thread; keep one per worker.
#[derive(Debug)]
pub struct Solver {
    engine: Engine,
    problem: Problem,
    options: Options,
    /// Coefficients or rows differ from those loaded, so a solve that must not depend on the past has
    /// to load anew. Changed bounds and costs leave no trace, because the problem is not scaled.
    reshaped: bool,
    referred: u32,
}

/// What a solver works with.
#[derive(Debug)]
enum Engine {
    Reference(Highs),
    /// The method, and the basis of the last solve or the one set since.
    Stepwise {
        method: Box<Stepwise>,
        basis: Option<Basis>,
    },
}

impl Solver {
    /// Checks and loads a problem.
    ///
    /// # Errors
    /// The faults of [`Problem::validate`].
    pub fn new(problem: Problem) -> Result<Self, LpError> {
        Self::with_options(problem, &Options::default())
    }

    /// Checks and loads a problem with settings of one's own.
    ///
    /// # Errors
    /// The faults of [`Problem::validate`], or a setting out of range.
    pub fn with_options(problem: Problem, options: &Options) -> Result<Self, LpError> {
        problem.validate()?;
        let engine = match options.method {
            Method::Reference => {
                let mut highs = Highs::create(options)?;
                highs.load(&problem)?;
                Engine::Reference(highs)
            }
            Method::Stepwise => Engine::Stepwise {
                method: Box::new(Stepwise::new(&problem, tolerances(options))),
                basis: None,
            },
        };
        Ok(Self {
            engine,
            problem,
            options: options.clone(),
            reshaped: false,
            referred: 0,
        })
    }

    /// Solves that [`Method::Stepwise`] left to the reference so far.
    #[must_use]
    pub fn referred(&self) -> u32 {
        self.referred
    }

    /// The problem as it now stands, with every change so far.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// How far a solution is from the optimality conditions of the problem as it now stands.
    #[must_use]
    pub fn residuals(&self, solution: &Solution) -> Residuals {
        // Every change has been checked.
        kkt::of_valid(&self.problem, solution)
    }

    /// Changes the objective coefficient of a column.
    ///
    /// # Errors
    /// An unknown column or a cost that is not finite; the problem is then unchanged.
    pub fn change_cost(&mut self, col: ColId, cost: f64) -> Result<(), LpError> {
        self.change_costs(&[(col, cost)])
    }

    /// Changes many objective coefficients at once; the last change of a column counts.
    ///
    /// # Errors
    /// As [`Solver::change_cost`]; all changes are checked before any is made.
    pub fn change_costs(&mut self, changes: &[(ColId, f64)]) -> Result<(), LpError> {
        for &(col, cost) in changes {
            self.problem.check_col(col)?;
            problem::check_cost(col, cost)?;
        }
        let changes = last_of_each(changes, |c| c.0);
        let set: Vec<i32> = changes.iter().map(|c| to_i32(c.0.0)).collect();
        let costs: Vec<f64> = changes.iter().map(|c| c.1).collect();
        match &mut self.engine {
            Engine::Reference(highs) => highs.change_costs(&set, &costs)?,
            Engine::Stepwise { method, .. } => changes.iter().for_each(|c| method.touch_column(c.0.index())),
        }
        for (col, cost) in changes {
            self.problem.put_cost(col, cost);
        }
        Ok(())
    }

    /// Changes the bounds of a column.
    ///
    /// # Errors
    /// An unknown column or bounds that admit no value; the problem is then unchanged.
    pub fn change_col_bounds(&mut self, col: ColId, lower: f64, upper: f64) -> Result<(), LpError> {
        self.change_cols_bounds(&[(col, lower, upper)])
    }

    /// Changes the bounds of many columns at once; the last change of a column counts.
    ///
    /// # Errors
    /// As [`Solver::change_col_bounds`]; all changes are checked before any is made.
    pub fn change_cols_bounds(&mut self, changes: &[(ColId, f64, f64)]) -> Result<(), LpError> {
        for &(col, lower, upper) in changes {
            self.problem.check_col(col)?;
            problem::check_col_bounds(col, lower, upper)?;
        }
        let changes = last_of_each(changes, |c| c.0);
        let set: Vec<i32> = changes.iter().map(|c| to_i32(c.0.0)).collect();
        let lower: Vec<f64> = changes.iter().map(|c| c.1).collect();
        let upper: Vec<f64> = changes.iter().map(|c| c.2).collect();
        match &mut self.engine {
            Engine::Reference(highs) => highs.change_cols_bounds(&set, &lower, &upper)?,
            Engine::Stepwise { method, .. } => changes.iter().for_each(|c| method.touch_column(c.0.index())),
        }
        for (col, lower, upper) in changes {
            self.problem.put_col_bounds(col, lower, upper);
        }
        Ok(())
    }

    /// Changes the bounds of a row: a capacity, a quota, an opening stock.
    ///
    /// # Errors
    /// An unknown row or bounds that admit no value; the problem is then unchanged.
    pub fn change_row_bounds(&mut self, row: RowId, lower: f64, upper: f64) -> Result<(), LpError> {
        self.change_rows_bounds(&[(row, lower, upper)])
    }

    /// Changes the bounds of many rows at once; the last change of a row counts.
    ///
    /// # Errors
    /// As [`Solver::change_row_bounds`]; all changes are checked before any is made.
    pub fn change_rows_bounds(&mut self, changes: &[(RowId, f64, f64)]) -> Result<(), LpError> {
        for &(row, lower, upper) in changes {
            self.problem.check_row(row)?;
            problem::check_row_bounds(row, lower, upper)?;
        }
        let changes = last_of_each(changes, |c| c.0);
        let set: Vec<i32> = changes.iter().map(|c| to_i32(c.0.0)).collect();
        let lower: Vec<f64> = changes.iter().map(|c| c.1).collect();
        let upper: Vec<f64> = changes.iter().map(|c| c.2).collect();
        match &mut self.engine {
            Engine::Reference(highs) => highs.change_rows_bounds(&set, &lower, &upper)?,
            Engine::Stepwise { method, .. } => changes.iter().for_each(|c| method.touch_row(c.0.index())),
        }
        for (row, lower, upper) in changes {
            self.problem.put_row_bounds(row, lower, upper);
        }
        Ok(())
    }

    /// Adds a row, for instance a quota over a group of routes. A basis taken earlier fits again
    /// after [`Basis::with_added_rows`].
    ///
    /// # Errors
    /// Bounds or coefficients that cannot be solved with, or an unknown column; the problem is
    /// then unchanged.
    pub fn add_row(&mut self, lower: f64, upper: f64, entries: &[(ColId, f64)]) -> Result<RowId, LpError> {
        let row = RowId(u32::try_from(self.problem.dims().1).unwrap_or(u32::MAX));
        problem::check_row_bounds(row, lower, upper)?;
        let mut merged: Vec<(ColId, f64)> = Vec::with_capacity(entries.len());
        let mut sorted = entries.to_vec();
        sorted.sort_by_key(|e| e.0);
        for (col, value) in sorted {
            self.problem.check_col(col)?;
            match merged.last_mut() {
                Some(last) if last.0 == col => last.1 += value,
                _ => merged.push((col, value)),
            }
        }
        for &(col, value) in &merged {
            problem::check_coefficient(row, col, value)?;
        }
        merged.retain(|e| e.1 != 0.0);
        let index: Vec<i32> = merged.iter().map(|e| to_i32(e.0.0)).collect();
        let value: Vec<f64> = merged.iter().map(|e| e.1).collect();
        if let Engine::Reference(highs) = &mut self.engine {
            highs.add_row(lower, upper, &index, &value)?;
        }
        self.reshaped = true;
        let row = self.problem.add_row(lower, upper);
        for (col, value) in merged {
            self.problem.add_entry(row, col, value);
        }
        Ok(row)
    }

    /// Sets the coefficient of a column in a row.
    ///
    /// # Errors
    /// An unknown id or a value the solver would drop or refuse; the problem is then unchanged.
    pub fn change_coeff(&mut self, row: RowId, col: ColId, value: f64) -> Result<(), LpError> {
        self.problem.check_row(row)?;
        self.problem.check_col(col)?;
        problem::check_coefficient(row, col, value)?;
        if let Engine::Reference(highs) = &mut self.engine {
            highs.change_coeff(to_i32(row.0), to_i32(col.0), value)?;
        }
        self.reshaped = true;
        self.problem.put_coeff(row, col, value);
        Ok(())
    }

    /// Solves from wherever the solver stands: cold the first time, from the last basis after.
    ///
    /// Fast, but which of several optimal price vectors comes out depends on what was solved
    /// before. Use [`Solver::solve_from`] for results that are kept.
    ///
    /// # Errors
    /// [`LpError::Infeasible`], [`LpError::Unbounded`], or the solver gave up.
    pub fn solve(&mut self) -> Result<Solution, LpError> {
        let started = Instant::now();
        let mut solution = match &mut self.engine {
            Engine::Reference(highs) => reference(highs, &self.problem, &mut self.reshaped)?,
            Engine::Stepwise { method, basis } => {
                if std::mem::take(&mut self.reshaped) {
                    **method = Stepwise::new(&self.problem, tolerances(&self.options));
                }
                let fits = basis.take().filter(|b| size_of(b) == self.problem.dims());
                let (solution, found) = if let Some(solved) = method.solve(&self.problem, fits.as_ref()) {
                    solved
                } else {
                    self.referred += 1;
                    refer(&self.options, &self.problem, fits.as_ref())?
                };
                *basis = Some(found);
                solution
            }
        };
        solution.seconds = started.elapsed().as_secs_f64();
        Ok(solution)
    }

    /// Solves from a given basis, forgetting all earlier solves: the same problem and basis give
    /// the same answer to the last bit, whatever this solver did before.
    ///
    /// # Errors
    /// As [`Solver::solve`], or a basis of the wrong size.
    pub fn solve_from(&mut self, basis: &Basis) -> Result<Solution, LpError> {
        self.clear_solver()?;
        self.set_basis(basis)?;
        self.solve()
    }

    /// Solves cold, forgetting all earlier solves.
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_cold(&mut self) -> Result<Solution, LpError> {
        self.clear_solver()?;
        self.solve()
    }

    /// The basis of the last solve.
    ///
    /// # Errors
    /// [`LpError::NoBasis`] before the first solve.
    pub fn basis(&self) -> Result<Basis, LpError> {
        match &self.engine {
            Engine::Reference(highs) => highs.basis(),
            Engine::Stepwise { basis, .. } => basis.clone().ok_or(LpError::NoBasis),
        }
    }

    /// Sets the basis the next [`Solver::solve`] starts from.
    ///
    /// # Errors
    /// A basis of the wrong size, or one the solver refuses.
    pub fn set_basis(&mut self, basis: &Basis) -> Result<(), LpError> {
        let (problem_cols, problem_rows) = self.problem.dims();
        let (cols, rows) = (basis.cols.len(), basis.rows.len());
        if (cols, rows) != (problem_cols, problem_rows) {
            return Err(LpError::BasisSize {
                cols,
                rows,
                problem_cols,
                problem_rows,
            });
        }
        match &mut self.engine {
            Engine::Reference(highs) => highs.set_basis(basis),
            Engine::Stepwise { basis: kept, .. } => {
                *kept = Some(basis.clone());
                Ok(())
            }
        }
    }

    /// Forgets the last solution, basis and factorisation; the problem, with all its changes, stays.
    ///
    /// After changes of bounds and costs only this is almost free; after a change of coefficients or
    /// rows it copies the problem into `HiGHS` again (about 2 ms for 45,000 columns).
    ///
    /// # Errors
    /// Only if the solver library itself fails.
    pub fn clear_solver(&mut self) -> Result<(), LpError> {
        match &mut self.engine {
            Engine::Reference(highs) => forget(highs, &self.problem, &mut self.reshaped),
            Engine::Stepwise { basis, .. } => {
                *basis = None;
                Ok(())
            }
        }
    }
}

fn tolerances(options: &Options) -> (f64, f64) {
    (options.primal_tolerance, options.dual_tolerance)
}

fn size_of(basis: &Basis) -> (usize, usize) {
    (basis.cols.len(), basis.rows.len())
}

fn forget(highs: &mut Highs, problem: &Problem, reshaped: &mut bool) -> Result<(), LpError> {
    if std::mem::take(reshaped) {
        return highs.load(problem);
    }
    highs.clear_solver()
}

fn reference(highs: &mut Highs, problem: &Problem, reshaped: &mut bool) -> Result<Solution, LpError> {
    match highs.run() {
        // Once in a while a warm start ends within tolerance of an optimum but not on it.
        // A fresh start settles it, and is as deterministic as the first attempt.
        Err(LpError::NotOptimal { .. }) => {
            forget(highs, problem, reshaped)?;
            highs.run()?;
        }
        other => other?,
    }
    highs.solution(problem.sense(), problem.offset())
}

/// Solves with the reference what the method in use could not.
fn refer(options: &Options, problem: &Problem, start: Option<&Basis>) -> Result<(Solution, Basis), LpError> {
    let mut highs = Highs::create(options)?;
    highs.load(problem)?;
    if let Some(basis) = start {
        highs.set_basis(basis)?;
    }
    let solution = reference(&mut highs, problem, &mut false)?;
    Ok((solution, highs.basis()?))
}

/// Sorts changes by id and keeps the last of each: the solver wants increasing ids.
fn last_of_each<T: Copy, K: Ord>(changes: &[T], id: impl Fn(&T) -> K) -> Vec<T> {
    let mut sorted = changes.to_vec();
    sorted.sort_by_key(|c| id(c)); // stable: changes of one id keep their order
    let mut kept: Vec<T> = Vec::with_capacity(sorted.len());
    for change in sorted {
        match kept.last_mut() {
            Some(last) if id(last) == id(&change) => *last = change,
            _ => kept.push(change),
        }
    }
    kept
}

/// Ids are checked against the problem first, whose size `validate` keeps within range.
fn to_i32(id: u32) -> i32 {
    i32::try_from(id).unwrap_or(i32::MAX)
}
