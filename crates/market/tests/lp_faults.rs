//! What is refused, and in which words.

use monazite_market::lp::{Basis, BasisStatus, ColId, LpError, Options, Problem, RowId, Sense, Solver};

const NONE: f64 = f64::INFINITY;

fn one_by_one() -> (Problem, RowId, ColId) {
    let mut problem = Problem::new(Sense::Maximise);
    let col = problem.add_col(1.0, 0.0, NONE);
    let row = problem.add_row(f64::NEG_INFINITY, 4.0);
    problem.add_entry(row, col, 1.0);
    (problem, row, col)
}

fn message<T: std::fmt::Debug>(outcome: Result<T, LpError>) -> String {
    match outcome {
        Ok(value) => format!("accepted: {value:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn infeasible_is_an_error() {
    let (mut problem, row, col) = one_by_one();
    let more = problem.add_row(5.0, NONE);
    problem.add_entry(more, col, 1.0);
    let outcome = Solver::new(problem).and_then(|mut s| s.solve());
    assert_eq!(outcome.err(), Some(LpError::Infeasible));
    let _ = row;
}

#[test]
fn unbounded_is_an_error() -> Result<(), LpError> {
    let (problem, row, _) = one_by_one();
    let mut solver = Solver::new(problem)?;
    solver.change_row_bounds(row, f64::NEG_INFINITY, NONE)?;
    assert_eq!(solver.solve().err(), Some(LpError::Unbounded));
    // And the solver is still of use.
    solver.change_row_bounds(row, f64::NEG_INFINITY, 2.0)?;
    assert!((solver.solve()?.objective - 2.0).abs() < 1e-12);
    Ok(())
}

#[test]
fn the_empty_problem_has_the_offset_as_optimum() -> Result<(), LpError> {
    let mut problem = Problem::new(Sense::Maximise);
    problem.set_offset(3.0);
    assert!((Solver::new(problem)?.solve()?.objective - 3.0).abs() < 1e-12);
    let mut no_rows = Problem::new(Sense::Maximise);
    let col = no_rows.add_col(2.0, 0.0, 7.0);
    let solution = Solver::new(no_rows)?.solve()?;
    assert!((solution.value(col) - 7.0).abs() < 1e-12);
    assert!(solution.price(RowId(0)).is_nan());
    Ok(())
}

#[test]
fn faults_of_a_problem_are_named() {
    let fault = |spoil: fn(&mut Problem, RowId, ColId)| {
        let (mut problem, row, col) = one_by_one();
        spoil(&mut problem, row, col);
        message(Solver::new(problem).map(|_| ()))
    };
    let cases = [
        fault(|p, r, _| p.add_entry(r, ColId(7), 1.0)),
        fault(|p, _, c| p.add_entry(RowId(9), c, 1.0)),
        fault(|p, r, c| p.add_entry(r, c, f64::NAN)),
        fault(|p, r, _| {
            let c = p.add_col(0.0, 0.0, 1.0);
            p.add_entry(r, c, 1e-13);
        }),
        fault(|p, _, _| {
            p.add_col(f64::NAN, 0.0, 1.0);
        }),
        fault(|p, _, _| {
            p.add_col(0.0, 2.0, 1.0);
        }),
        fault(|p, _, _| {
            p.add_row(f64::NAN, 1.0);
        }),
        fault(|p, _, _| {
            p.add_row(0.0, 1e25);
        }),
        fault(|p, _, _| {
            p.add_row(f64::INFINITY, f64::INFINITY);
        }),
        fault(|p, _, _| p.set_offset(f64::INFINITY)),
    ];
    insta::assert_snapshot!(cases.join("\n"), @r#"
    column 7 does not exist: the problem has 1 columns
    row 9 does not exist: the problem has 1 rows
    the coefficient in row 0, column 0 is NaN; it must be zero or between 1e-12 and 1e15 in size
    the coefficient in row 0, column 1 is 1e-13; it must be zero or between 1e-12 and 1e15 in size
    the cost of column 1 is NaN; a cost must be a finite number
    the bounds of column 1 are [2.0, 1.0]; the lower bound is above the upper bound
    the bounds of row 1 are [NaN, 1.0]; a bound must be a number
    the bounds of row 1 are [0.0, 1e25]; a bound of 1e20 or more would be taken for no bound; use infinity for that
    the bounds of row 1 are [inf, inf]; no value lies between them
    the objective offset is inf; it must be a finite number
    "#);
}

#[test]
fn a_refused_change_leaves_the_problem_alone() -> Result<(), LpError> {
    let (problem, row, col) = one_by_one();
    let mut solver = Solver::new(problem.clone())?;
    let messages = [
        message(solver.change_cost(col, f64::NAN)),
        message(solver.change_cost(ColId(3), 1.0)),
        message(solver.change_cols_bounds(&[(col, 0.0, 1.0), (col, 3.0, 1.0)])),
        message(solver.change_row_bounds(RowId(1), 0.0, 1.0)),
        message(solver.change_coeff(row, col, f64::INFINITY)),
        message(solver.add_row(0.0, 1.0, &[(ColId(1), 1.0)])),
        message(solver.basis()),
        message(solver.set_basis(&Basis {
            cols: vec![BasisStatus::Lower],
            rows: vec![],
        })),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r#"
    the cost of column 0 is NaN; a cost must be a finite number
    column 3 does not exist: the problem has 1 columns
    the bounds of column 0 are [3.0, 1.0]; the lower bound is above the upper bound
    row 1 does not exist: the problem has 1 rows
    the coefficient in row 0, column 0 is inf; it must be zero or between 1e-12 and 1e15 in size
    column 1 does not exist: the problem has 1 columns
    there is no basis to read: solve the problem first
    the basis has 1 columns and 0 rows, the problem has 1 and 1
    "#);
    assert_eq!(solver.problem(), &problem);
    assert!((solver.solve()?.objective - 4.0).abs() < 1e-12);
    Ok(())
}

#[test]
fn a_basis_with_too_many_basic_variables_is_mended() -> Result<(), LpError> {
    let (problem, _, _) = one_by_one();
    let mut solver = Solver::new(problem)?;
    let both_basic = Basis {
        cols: vec![BasisStatus::Basic],
        rows: vec![BasisStatus::Basic],
    };
    assert!((solver.solve_from(&both_basic)?.objective - 4.0).abs() < 1e-12);
    Ok(())
}

#[test]
fn a_tolerance_out_of_range_is_refused() {
    let (problem, _, _) = one_by_one();
    let options = Options {
        primal_tolerance: -1.0,
        ..Options::default()
    };
    assert!(Solver::with_options(problem, &options).is_err());
}

#[test]
fn repeated_entries_accumulate_and_repeated_changes_keep_the_last() -> Result<(), LpError> {
    let (mut problem, row, col) = one_by_one();
    problem.add_entry(row, col, 1.0);
    assert_eq!(problem.nonzeros(), 1);
    assert_eq!(problem.dims(), (1, 1));
    let mut solver = Solver::new(problem)?;
    assert!((solver.solve()?.objective - 2.0).abs() < 1e-12);
    solver.change_cols_bounds(&[(col, 0.0, 0.5), (col, 0.0, 1.5)])?;
    assert!((solver.solve()?.objective - 1.5).abs() < 1e-12);
    solver.change_coeff(row, col, 4.0)?;
    assert!((solver.solve()?.objective - 1.0).abs() < 1e-12);
    solver.change_coeff(row, col, 0.0)?;
    assert_eq!(solver.problem().nonzeros(), 0);
    assert!((solver.solve()?.objective - 1.5).abs() < 1e-12);
    let cap = solver.add_row(f64::NEG_INFINITY, 3.0, &[(col, 2.0), (col, 2.0)])?;
    assert!((solver.solve()?.rent(cap) - 0.25).abs() < 1e-12);
    Ok(())
}

#[test]
fn a_basis_fits_again_after_rows_are_added() -> Result<(), LpError> {
    let (problem, _, col) = one_by_one();
    let mut solver = Solver::new(problem)?;
    solver.solve()?;
    let basis = solver.basis()?;
    solver.add_row(f64::NEG_INFINITY, 3.0, &[(col, 1.0)])?;
    assert!(matches!(
        solver.solve_from(&basis).err(),
        Some(LpError::BasisSize {
            rows: 1,
            problem_rows: 2,
            ..
        })
    ));
    let solution = solver.solve_from(&basis.with_added_rows(1))?;
    assert!((solution.objective - 3.0).abs() < 1e-12);
    Ok(())
}

#[test]
fn a_solver_moves_between_threads() -> Result<(), LpError> {
    let (problem, _, _) = one_by_one();
    let mut solver = Solver::new(problem)?;
    let here = solver.solve()?.objective;
    let there = std::thread::spawn(move || solver.solve_cold().map(|s| s.objective))
        .join()
        .unwrap_or(Err(LpError::Infeasible))?;
    assert_eq!(here.to_bits(), there.to_bits());
    Ok(())
}
