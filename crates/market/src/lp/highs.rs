//! The one place that calls the `HiGHS` C library.
//!
//! Everything unsafe of this crate is here. Each method checks the lengths of what it passes
//! against the dimensions the instance reports, so its callers cannot cause undefined behaviour.

// Foreign calls need it; the rest of the crate denies it.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

use highs_sys as ffi;

use super::error::LpError;
use super::problem::{Problem, SMALLEST_COEFFICIENT, Sense};
use super::solution::{Basis, BasisStatus, Solution};
use super::solver::{Options, Presolve};

/// An owned `HiGHS` instance.
#[derive(Debug)]
pub(super) struct Highs {
    ptr: NonNull<c_void>,
}

// SAFETY: an instance holds no reference to the thread that made it, and `&mut self` on every
// changing call keeps two threads from using it at once. With one thread configured it starts no
// workers of its own. It is not `Sync`: reading calls are not promised to be reentrant.
unsafe impl Send for Highs {}

impl Drop for Highs {
    fn drop(&mut self) {
        // SAFETY: `ptr` came from `Highs_create`, is owned by `self` and not used again.
        unsafe { ffi::Highs_destroy(self.ptr.as_ptr()) }
    }
}

impl Highs {
    pub(super) fn create(options: &Options) -> Result<Self, LpError> {
        // SAFETY: takes no arguments; a null result is handled.
        let ptr = unsafe { ffi::Highs_create() };
        let ptr = NonNull::new(ptr).ok_or(LpError::Call { call: "Highs_create" })?;
        let mut highs = Self { ptr };
        highs.set_bool(c"output_flag", false)?;
        // One thread, before anything else runs: the count cannot change once HiGHS has started
        // its scheduler in a thread, and destroying an instance while others share worker threads
        // is a known hazard of release 1.15.
        highs.set_int(c"threads", 1)?;
        highs.set_str(c"parallel", c"off")?;
        highs.set_str(c"solver", c"simplex")?;
        highs.set_int(c"simplex_strategy", 1)?; // dual simplex
        // No scaling: the market's coefficients are near one, and a scaling worked out at the first solve would
        // make later answers depend on what was loaded first.
        highs.set_int(c"simplex_scale_strategy", 0)?;
        highs.set_int(c"simplex_dual_edge_weight_strategy", 1)?; // Devex: cheapest to start from a given basis
        highs.set_int(c"random_seed", i32::from(options.seed))?;
        let presolve = match options.presolve {
            Presolve::Choose => c"choose",
            Presolve::On => c"on",
            Presolve::Off => c"off",
        };
        highs.set_str(c"presolve", presolve)?;
        highs.set_float(c"primal_feasibility_tolerance", options.primal_tolerance)?;
        highs.set_float(c"dual_feasibility_tolerance", options.dual_tolerance)?;
        highs.set_float(c"small_matrix_value", SMALLEST_COEFFICIENT)?;
        Ok(highs)
    }

    /// Loads a problem that `validate` has passed.
    pub(super) fn load(&mut self, problem: &Problem) -> Result<(), LpError> {
        let (cols, rows) = problem.dims();
        let matrix = problem.compressed();
        let sense = match problem.sense() {
            Sense::Maximise => ffi::OBJECTIVE_SENSE_MAXIMIZE,
            Sense::Minimise => ffi::OBJECTIVE_SENSE_MINIMIZE,
        };
        // SAFETY: the vectors of the problem have one value per column or per row, `start` has one
        // value per column, `index` and `value` one per coefficient, and `validate` has checked
        // that every row index exists. HiGHS copies them before it returns.
        let status = unsafe {
            ffi::Highs_passLp(
                self.ptr.as_ptr(),
                to_int(cols)?,
                to_int(rows)?,
                to_int(matrix.value.len())?,
                ffi::MATRIX_FORMAT_COLUMN_WISE,
                sense,
                problem.offset(),
                problem.costs().as_ptr(),
                problem.col_lower().as_ptr(),
                problem.col_upper().as_ptr(),
                problem.row_lower().as_ptr(),
                problem.row_upper().as_ptr(),
                matrix.start.as_ptr(),
                matrix.index.as_ptr(),
                matrix.value.as_ptr(),
            )
        };
        check(status, "Highs_passLp")
    }

    /// Changes costs of columns given in increasing order.
    pub(super) fn change_costs(&mut self, set: &[i32], cost: &[f64]) -> Result<(), LpError> {
        check_set(set, self.num_cols(), &[cost.len()])?;
        // SAFETY: `cost` has as many values as `set`, and `set` increases within range.
        let status = unsafe {
            ffi::Highs_changeColsCostBySet(self.ptr.as_ptr(), to_int(set.len())?, set.as_ptr(), cost.as_ptr())
        };
        check(status, "Highs_changeColsCostBySet")
    }

    /// Changes bounds of columns given in increasing order.
    pub(super) fn change_cols_bounds(&mut self, set: &[i32], lower: &[f64], upper: &[f64]) -> Result<(), LpError> {
        check_set(set, self.num_cols(), &[lower.len(), upper.len()])?;
        // SAFETY: the bounds have as many values as `set`, and `set` increases within range.
        let status = unsafe {
            ffi::Highs_changeColsBoundsBySet(
                self.ptr.as_ptr(),
                to_int(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        check(status, "Highs_changeColsBoundsBySet")
    }

    /// Changes bounds of rows given in increasing order.
    pub(super) fn change_rows_bounds(&mut self, set: &[i32], lower: &[f64], upper: &[f64]) -> Result<(), LpError> {
        check_set(set, self.num_rows(), &[lower.len(), upper.len()])?;
        // SAFETY: the bounds have as many values as `set`, and `set` increases within range.
        let status = unsafe {
            ffi::Highs_changeRowsBoundsBySet(
                self.ptr.as_ptr(),
                to_int(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        check(status, "Highs_changeRowsBoundsBySet")
    }

    /// Adds a row with entries in increasing order of column.
    pub(super) fn add_row(&mut self, lower: f64, upper: f64, index: &[i32], value: &[f64]) -> Result<(), LpError> {
        check_set(index, self.num_cols(), &[value.len()])?;
        // SAFETY: `index` and `value` have the same length and every column exists.
        let status = unsafe {
            ffi::Highs_addRow(
                self.ptr.as_ptr(),
                lower,
                upper,
                to_int(index.len())?,
                index.as_ptr(),
                value.as_ptr(),
            )
        };
        check(status, "Highs_addRow")
    }

    pub(super) fn change_coeff(&mut self, row: i32, col: i32, value: f64) -> Result<(), LpError> {
        // SAFETY: plain numbers; HiGHS refuses ids out of range itself.
        let status = unsafe { ffi::Highs_changeCoeff(self.ptr.as_ptr(), row, col, value) };
        check(status, "Highs_changeCoeff")
    }

    /// Runs the solver; anything but an optimum is an error.
    pub(super) fn run(&mut self) -> Result<(), LpError> {
        // SAFETY: the instance is valid and borrowed mutably.
        let status = unsafe { ffi::Highs_run(self.ptr.as_ptr()) };
        // SAFETY: the instance is valid.
        let model = unsafe { ffi::Highs_getModelStatus(self.ptr.as_ptr()) };
        match model {
            ffi::MODEL_STATUS_OPTIMAL | ffi::MODEL_STATUS_MODEL_EMPTY => Ok(()),
            ffi::MODEL_STATUS_INFEASIBLE => Err(LpError::Infeasible),
            ffi::MODEL_STATUS_UNBOUNDED => Err(LpError::Unbounded),
            _ if status == ffi::STATUS_ERROR && model == ffi::MODEL_STATUS_NOTSET => {
                Err(LpError::Call { call: "Highs_run" })
            }
            other => Err(LpError::NotOptimal {
                status: status_text(other),
            }),
        }
    }

    /// Makes columns, given in increasing order, whole numbers.
    pub(super) fn make_whole(&mut self, set: &[i32]) -> Result<(), LpError> {
        check_set(set, self.num_cols(), &[])?;
        let kinds = vec![ffi::kHighsVarTypeInteger; set.len()];
        // SAFETY: `kinds` has as many values as `set`, and `set` increases within range.
        let status = unsafe {
            ffi::Highs_changeColsIntegralityBySet(self.ptr.as_ptr(), to_int(set.len())?, set.as_ptr(), kinds.as_ptr())
        };
        check(status, "Highs_changeColsIntegralityBySet")
    }

    /// When a run over whole numbers stops: at a relative gap between best answer and bound, or after so many seconds.
    pub(super) fn stop_at(&mut self, relative_gap: f64, seconds: f64) -> Result<(), LpError> {
        self.set_float(c"mip_rel_gap", relative_gap)?;
        self.set_float(c"time_limit", seconds)
    }

    /// Gives a run over whole numbers an answer to start from; columns left out are completed by the solver.
    pub(super) fn start_at(&mut self, set: &[i32], values: &[f64]) -> Result<(), LpError> {
        check_set(set, self.num_cols(), &[values.len()])?;
        // SAFETY: `values` has as many values as `set`, and every column exists.
        let status = unsafe {
            ffi::Highs_setSparseSolution(self.ptr.as_ptr(), to_int(set.len())?, set.as_ptr(), values.as_ptr())
        };
        check(status, "Highs_setSparseSolution")
    }

    /// Runs over whole numbers: the best objective, the proven bound, and the columns; none without any answer.
    pub(super) fn run_whole(&mut self) -> Result<Option<(f64, f64, Vec<f64>)>, LpError> {
        // SAFETY: the instance is valid and borrowed mutably.
        let status = unsafe { ffi::Highs_run(self.ptr.as_ptr()) };
        // SAFETY: the instance is valid.
        let model = unsafe { ffi::Highs_getModelStatus(self.ptr.as_ptr()) };
        match model {
            ffi::MODEL_STATUS_INFEASIBLE => return Err(LpError::Infeasible),
            ffi::MODEL_STATUS_UNBOUNDED => return Err(LpError::Unbounded),
            _ if status == ffi::STATUS_ERROR => return Err(LpError::Call { call: "Highs_run" }),
            _ => {}
        }
        if self.int_info(c"primal_solution_status")? != ffi::kHighsSolutionStatusFeasible {
            return Ok(None);
        }
        let (objective, bound) = (
            self.float_info(c"objective_function_value")?,
            self.float_info(c"mip_dual_bound")?,
        );
        let (cols, rows) = (self.num_cols(), self.num_rows());
        let (mut values, mut reduced) = (vec![0.0; cols], vec![0.0; cols]);
        let (mut row_values, mut duals) = (vec![0.0; rows], vec![0.0; rows]);
        // SAFETY: the vectors have one value per column or per row of this instance.
        let status = unsafe {
            ffi::Highs_getSolution(
                self.ptr.as_ptr(),
                values.as_mut_ptr(),
                reduced.as_mut_ptr(),
                row_values.as_mut_ptr(),
                duals.as_mut_ptr(),
            )
        };
        check(status, "Highs_getSolution")?;
        Ok(Some((objective, bound, values)))
    }

    /// Reads the solution of a run that ended at an optimum.
    pub(super) fn solution(&self, sense: Sense, offset: f64) -> Result<Solution, LpError> {
        let (cols, rows) = (self.num_cols(), self.num_rows());
        let mut solution = Solution {
            objective: self.float_info(c"objective_function_value")?,
            col_values: vec![0.0; cols],
            reduced_costs: vec![0.0; cols],
            row_values: vec![0.0; rows],
            row_duals: vec![0.0; rows],
            iterations: u32::try_from(self.int_info(c"simplex_iteration_count")?).unwrap_or(0),
            seconds: 0.0,
            sense,
        };
        // SAFETY: the vectors have one value per column or per row of this instance.
        let status = unsafe {
            ffi::Highs_getSolution(
                self.ptr.as_ptr(),
                solution.col_values.as_mut_ptr(),
                solution.reduced_costs.as_mut_ptr(),
                solution.row_values.as_mut_ptr(),
                solution.row_duals.as_mut_ptr(),
            )
        };
        check(status, "Highs_getSolution")?;
        if cols == 0 {
            solution.objective = offset; // HiGHS reports zero for a problem without columns
        }
        Ok(solution)
    }

    pub(super) fn basis(&self) -> Result<Basis, LpError> {
        if self.int_info(c"basis_validity")? != ffi::kHighsBasisValidityValid {
            return Err(LpError::NoBasis);
        }
        let mut cols = vec![0; self.num_cols()];
        let mut rows = vec![0; self.num_rows()];
        // SAFETY: the vectors have one value per column or per row of this instance.
        let status = unsafe { ffi::Highs_getBasis(self.ptr.as_ptr(), cols.as_mut_ptr(), rows.as_mut_ptr()) };
        check(status, "Highs_getBasis")?;
        Ok(Basis {
            cols: cols.into_iter().map(status_from_int).collect(),
            rows: rows.into_iter().map(status_from_int).collect(),
        })
    }

    pub(super) fn set_basis(&mut self, basis: &Basis) -> Result<(), LpError> {
        let (problem_cols, problem_rows) = (self.num_cols(), self.num_rows());
        let (cols, rows) = (basis.cols.len(), basis.rows.len());
        if (cols, rows) != (problem_cols, problem_rows) {
            return Err(LpError::BasisSize {
                cols,
                rows,
                problem_cols,
                problem_rows,
            });
        }
        let cols: Vec<i32> = basis.cols.iter().map(|&s| status_to_int(s)).collect();
        let rows: Vec<i32> = basis.rows.iter().map(|&s| status_to_int(s)).collect();
        // SAFETY: the vectors have one value per column or per row, checked above.
        let status = unsafe { ffi::Highs_setBasis(self.ptr.as_ptr(), cols.as_ptr(), rows.as_ptr()) };
        check(status, "Highs_setBasis")
    }

    pub(super) fn clear_solver(&mut self) -> Result<(), LpError> {
        // SAFETY: the instance is valid and borrowed mutably.
        let status = unsafe { ffi::Highs_clearSolver(self.ptr.as_ptr()) };
        check(status, "Highs_clearSolver")
    }

    fn num_cols(&self) -> usize {
        // SAFETY: the instance is valid.
        let count = unsafe { ffi::Highs_getNumCol(self.ptr.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    fn num_rows(&self) -> usize {
        // SAFETY: the instance is valid.
        let count = unsafe { ffi::Highs_getNumRow(self.ptr.as_ptr()) };
        usize::try_from(count).unwrap_or(0)
    }

    fn set_bool(&mut self, name: &CStr, value: bool) -> Result<(), LpError> {
        let value = i32::from(value);
        // SAFETY: `name` ends in a nul byte and is read only.
        let status = unsafe { ffi::Highs_setBoolOptionValue(self.ptr.as_ptr(), name.as_ptr(), value) };
        check(status, "Highs_setBoolOptionValue")
    }

    fn set_int(&mut self, name: &CStr, value: i32) -> Result<(), LpError> {
        // SAFETY: `name` ends in a nul byte and is read only.
        let status = unsafe { ffi::Highs_setIntOptionValue(self.ptr.as_ptr(), name.as_ptr(), value) };
        check(status, "Highs_setIntOptionValue")
    }

    fn set_float(&mut self, name: &CStr, value: f64) -> Result<(), LpError> {
        // SAFETY: `name` ends in a nul byte and is read only.
        let status = unsafe { ffi::Highs_setDoubleOptionValue(self.ptr.as_ptr(), name.as_ptr(), value) };
        check(status, "Highs_setDoubleOptionValue")
    }

    fn set_str(&mut self, name: &CStr, value: &CStr) -> Result<(), LpError> {
        // SAFETY: both strings end in a nul byte and are read only.
        let status = unsafe { ffi::Highs_setStringOptionValue(self.ptr.as_ptr(), name.as_ptr(), value.as_ptr()) };
        check(status, "Highs_setStringOptionValue")
    }

    fn int_info(&self, name: &CStr) -> Result<i32, LpError> {
        let mut value = 0;
        // SAFETY: `name` ends in a nul byte; `value` is written before the call returns.
        let status = unsafe { ffi::Highs_getIntInfoValue(self.ptr.as_ptr(), name.as_ptr(), &raw mut value) };
        check(status, "Highs_getIntInfoValue")?;
        Ok(value)
    }

    fn float_info(&self, name: &CStr) -> Result<f64, LpError> {
        let mut value = 0.0;
        // SAFETY: `name` ends in a nul byte; `value` is written before the call returns.
        let status = unsafe { ffi::Highs_getDoubleInfoValue(self.ptr.as_ptr(), name.as_ptr(), &raw mut value) };
        check(status, "Highs_getDoubleInfoValue")?;
        Ok(value)
    }
}

/// A warning (for instance "matrix entry ignored") cannot occur for checked input, and is not
/// treated as success either way: only a refusal is an error.
fn check(status: i32, call: &'static str) -> Result<(), LpError> {
    if status == ffi::STATUS_ERROR {
        Err(LpError::Call { call })
    } else {
        Ok(())
    }
}

/// Ids must increase, exist, and come with one value each.
fn check_set(set: &[i32], count: usize, lengths: &[usize]) -> Result<(), LpError> {
    let increases = set.windows(2).all(|pair| pair[0] < pair[1]);
    let exists = set.iter().all(|&id| usize::try_from(id).is_ok_and(|id| id < count));
    if increases && exists && lengths.iter().all(|&n| n == set.len()) {
        Ok(())
    } else {
        Err(LpError::Call {
            call: "a change by a set of ids",
        })
    }
}

fn to_int(count: usize) -> Result<i32, LpError> {
    i32::try_from(count).map_err(|_| LpError::TooLarge {
        what: "a dimension",
        count,
        limit: i32::MAX as usize,
    })
}

const fn status_from_int(status: i32) -> BasisStatus {
    match status {
        ffi::kHighsBasisStatusLower => BasisStatus::Lower,
        ffi::kHighsBasisStatusBasic => BasisStatus::Basic,
        ffi::kHighsBasisStatusUpper => BasisStatus::Upper,
        ffi::kHighsBasisStatusZero => BasisStatus::Zero,
        _ => BasisStatus::Nonbasic,
    }
}

const fn status_to_int(status: BasisStatus) -> i32 {
    match status {
        BasisStatus::Lower => ffi::kHighsBasisStatusLower,
        BasisStatus::Basic => ffi::kHighsBasisStatusBasic,
        BasisStatus::Upper => ffi::kHighsBasisStatusUpper,
        BasisStatus::Zero => ffi::kHighsBasisStatusZero,
        BasisStatus::Nonbasic => ffi::kHighsBasisStatusNonbasic,
    }
}

const fn status_text(status: i32) -> &'static str {
    match status {
        ffi::MODEL_STATUS_LOAD_ERROR => "the problem could not be loaded",
        ffi::MODEL_STATUS_MODEL_ERROR => "the problem has a fault",
        ffi::MODEL_STATUS_PRESOLVE_ERROR => "presolve failed",
        ffi::MODEL_STATUS_SOLVE_ERROR => "the simplex method failed",
        ffi::MODEL_STATUS_POSTSOLVE_ERROR => "postsolve failed",
        ffi::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE => "unbounded or infeasible",
        ffi::MODEL_STATUS_REACHED_TIME_LIMIT => "time limit reached",
        ffi::MODEL_STATUS_REACHED_ITERATION_LIMIT => "iteration limit reached",
        ffi::MODEL_STATUS_REACHED_INTERRUPT => "interrupted",
        ffi::MODEL_STATUS_REACHED_MEMORY_LIMIT => "memory limit reached",
        _ => "status unknown",
    }
}
