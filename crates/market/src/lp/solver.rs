//! A problem loaded into the simplex solver, changed in place and solved again.

mod changes;

use std::time::Instant;

use super::error::LpError;
use super::highs::Highs;
use super::kkt::{self, Residuals};
use super::problem::{Problem, RowId};
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
    /// The solution of the last solve where the reference found it, until it is read.
    kept: Option<Solution>,
    /// Wall seconds of the last solve.
    seconds: f64,
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
            kept: None,
            seconds: 0.0,
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

    /// Solves from wherever the solver stands: cold the first time, from the last basis after.
    ///
    /// Fast, but which of several optimal price vectors comes out depends on what was solved
    /// before. Use [`Solver::solve_from`] for results that are kept.
    ///
    /// # Errors
    /// [`LpError::Infeasible`], [`LpError::Unbounded`], or the solver gave up.
    pub fn solve(&mut self) -> Result<Solution, LpError> {
        self.find()?;
        self.found()
    }

    /// As [`Solver::solve`], without reading the solution: pivots taken.
    fn find(&mut self) -> Result<u32, LpError> {
        let started = Instant::now();
        self.kept = None;
        let pivots = match &mut self.engine {
            Engine::Reference(highs) => {
                let solution = reference(highs, &self.problem, &mut self.reshaped)?;
                self.kept.insert(solution).iterations
            }
            Engine::Stepwise { method, basis } => {
                if std::mem::take(&mut self.reshaped) {
                    **method = Stepwise::new(&self.problem, tolerances(&self.options));
                }
                let fits = basis.take().filter(|b| size_of(b) == self.problem.dims());
                if let Some(pivots) = method.solve(&self.problem, fits.as_ref()) {
                    pivots
                } else {
                    self.referred += 1;
                    let (solution, found) = refer(&self.options, &self.problem, fits.as_ref())?;
                    *basis = Some(found);
                    self.kept.insert(solution).iterations
                }
            }
        };
        self.seconds = started.elapsed().as_secs_f64();
        Ok(pivots)
    }

    /// Solves as [`Solver::solve_from`] does, for somebody who looks at a few prices ([`Solver::price`]) before the
    /// solution is read ([`Solver::found`]). Returns the pivots taken.
    ///
    /// # Errors
    /// As [`Solver::solve_from`].
    pub fn find_from(&mut self, basis: &Basis) -> Result<u32, LpError> {
        self.clear_solver()?;
        self.set_basis(basis)?;
        self.find()
    }

    /// Solves on from where the last solve ended, after changes of costs. The same solves in the same order give the same
    /// answers to the last bit. Returns the pivots taken.
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn find_on(&mut self) -> Result<u32, LpError> {
        let started = Instant::now();
        if let Engine::Stepwise { method, .. } = &mut self.engine
            && !self.reshaped
            && self.kept.is_none()
            && let Some(pivots) = method.go_on(&self.problem)
        {
            self.seconds = started.elapsed().as_secs_f64();
            return Ok(pivots);
        }
        self.find()
    }

    /// The price of what a row balances in the last solve, as [`Solution::price`]; NaN where there is none, or where the
    /// reference solved and its solution has been read.
    #[must_use]
    pub fn price(&self, row: RowId) -> f64 {
        match (&self.kept, &self.engine) {
            (Some(solution), _) => solution.price(row),
            (None, Engine::Stepwise { method, .. }) => method.price(row.index()).unwrap_or(f64::NAN),
            (None, Engine::Reference(_)) => f64::NAN,
        }
    }

    /// Wall seconds of the last solve.
    #[must_use]
    pub const fn seconds(&self) -> f64 {
        self.seconds
    }

    /// The solution of the last solve, to be read once.
    ///
    /// # Errors
    /// [`LpError::NoBasis`] before the first solve, or where the reference solved and its solution has been read.
    pub fn found(&mut self) -> Result<Solution, LpError> {
        let mut solution = match (self.kept.take(), &mut self.engine) {
            (Some(solution), _) => solution,
            (None, Engine::Stepwise { method, basis }) => {
                let (solution, found) = method.read(&self.problem).ok_or(LpError::NoBasis)?;
                *basis = Some(found);
                solution
            }
            (None, Engine::Reference(_)) => return Err(LpError::NoBasis),
        };
        solution.seconds = self.seconds;
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
