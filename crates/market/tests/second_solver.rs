//! The quarter solved a second time, by an interior-point method of another library.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use clarabel::algebra::CscMatrix;
use clarabel::solver::{DefaultSettingsBuilder, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, ZeroConeT};
use common::{BLOCS, DATASET, bundled};
use monazite_market::lp::{ColId, Problem};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::quarter::QuarterModel;

/// Optimum of a maximisation in the form of `lp::Problem`.
fn optimum(problem: &Problem) -> f64 {
    let (columns, rows) = problem.dims();
    let (mut at_row, mut at_col, mut values, mut rhs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (lower, upper) = (problem.row_lower(), problem.row_upper());
    // Equalities first, then upper sides, lower sides and bounds: A x + s = b with s in a cone.
    let is_equal = |r: usize| lower[r].to_bits() == upper[r].to_bits();
    let mut index = vec![(None, None); rows];
    let mut count = 0;
    for (r, entry) in index.iter_mut().enumerate().filter(|(r, _)| is_equal(*r)) {
        entry.0 = Some((count, 1.0));
        rhs.push(upper[r]);
        count += 1;
    }
    let equalities = count;
    for (r, entry) in index.iter_mut().enumerate().filter(|(r, _)| !is_equal(*r)) {
        if upper[r].is_finite() {
            entry.0 = Some((count, 1.0));
            rhs.push(upper[r]);
            count += 1;
        }
        if lower[r].is_finite() {
            entry.1 = Some((count, -1.0));
            rhs.push(-lower[r]);
            count += 1;
        }
    }
    let mut put = |r: usize, c: usize, v: f64| {
        at_row.push(r);
        at_col.push(c);
        values.push(v);
    };
    for c in 0..columns {
        for (row, value) in problem.column(ColId(u32::try_from(c).unwrap())) {
            for (r, sign) in [index[row.index()].0, index[row.index()].1].into_iter().flatten() {
                put(r, c, sign * value);
            }
        }
        put(count, c, -1.0);
        rhs.push(-problem.col_lower()[c]);
        count += 1;
        if problem.col_upper()[c].is_finite() {
            put(count, c, 1.0);
            rhs.push(problem.col_upper()[c]);
            count += 1;
        }
    }
    let matrix = CscMatrix::new_from_triplets(count, columns, at_row, at_col, values);
    let quadratic = CscMatrix::zeros((columns, columns));
    let linear: Vec<f64> = problem.costs().iter().map(|c| -c).collect();
    let cones = [ZeroConeT(equalities), NonnegativeConeT(count - equalities)];
    let settings = DefaultSettingsBuilder::default().verbose(false).build().unwrap();
    let mut solver = DefaultSolver::new(&quadratic, &linear, &matrix, &rhs, &cones, settings).unwrap();
    solver.solve();
    assert!(matches!(
        solver.solution.status,
        SolverStatus::Solved | SolverStatus::AlmostSolved
    ));
    problem.offset() - solver.solution.obj_val
}

#[test]
fn an_interior_point_method_finds_the_same_welfare() {
    let mut model = QuarterModel::new(&BLOCS, &[]).unwrap();
    let welfare = optimum(model.programme());
    let simplex = model.base().welfare;
    assert!(
        (welfare / simplex - 1.0).abs() < 1e-6,
        "base: {welfare} against {simplex}"
    );

    let behaviour = Behaviour::from_dataset(&DATASET).unwrap();
    let path = simulate(&BLOCS, &bundled("china-2025-04"), behaviour).unwrap();
    let step = &path.steps[2];
    let outcome = model.solve(&step.conditions).unwrap();
    let welfare = optimum(model.programme());
    assert!(
        (welfare / outcome.welfare - 1.0).abs() < 1e-6,
        "shock: {welfare} against {}",
        outcome.welfare
    );
}
