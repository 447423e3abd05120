//! Random programmes: optimality conditions hold, and a changed solver equals a rebuilt one.

use monazite_market::lp::{Basis, ColId, LpError, Method, Options, Problem, RowId, Sense, Solution, Solver, residuals};
use proptest::prelude::*;

/// A programme that has a solution by construction: a point inside the box is drawn, and every
/// row's bounds are put around its activity.
#[derive(Debug, Clone)]
struct Drawn {
    problem: Problem,
    point: Vec<f64>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    // Costs of a thousandth make the solver scale a programme differently.
    let unit = prop_oneof![Just(1.0), Just(0.001)];
    (2usize..14, 1usize..10, any::<bool>(), unit).prop_flat_map(|(cols, rows, maximise, unit)| {
        let col = (-50i32..50, 0.1f64..100.0, 0.0f64..1.0);
        let row = (0.0f64..20.0, 0.0f64..20.0, 0u8..4);
        let entry = (0..rows, 0..cols, -4i32..5);
        (
            Just((maximise, unit)),
            prop::collection::vec(col, cols),
            prop::collection::vec(row, rows),
            prop::collection::vec(entry, 1..(cols * rows).max(2)),
        )
            .prop_map(|((maximise, unit), cols, rows, entries)| {
                let sense = if maximise { Sense::Maximise } else { Sense::Minimise };
                let mut problem = Problem::new(sense);
                let point: Vec<f64> = cols.iter().map(|c| c.1 * c.2).collect();
                for &(cost, upper, _) in &cols {
                    problem.add_col(unit * f64::from(cost), 0.0, upper);
                }
                let mut activity = vec![0.0; rows.len()];
                for &(i, j, a) in &entries {
                    activity[i] += f64::from(a) * point[j];
                }
                for (&(below, above, kind), &value) in rows.iter().zip(&activity) {
                    let (lower, upper) = match kind {
                        0 => (value - below, f64::INFINITY),
                        1 => (f64::NEG_INFINITY, value + above),
                        2 => (value, value),
                        _ => (value - below, value + above),
                    };
                    problem.add_row(lower, upper);
                }
                for &(i, j, a) in &entries {
                    problem.add_entry(row_id(i), col_id(j), f64::from(a));
                }
                Drawn { problem, point }
            })
    })
}

fn col_id(j: usize) -> ColId {
    ColId(u32::try_from(j).unwrap_or(u32::MAX))
}

fn row_id(i: usize) -> RowId {
    RowId(u32::try_from(i).unwrap_or(u32::MAX))
}

/// A scenario: new costs, wider column bounds, wider row bounds and one more row.
fn patch(solver: &mut Solver, drawn: &Drawn, changes: &[(u8, f64)]) -> Result<(), LpError> {
    let (cols, rows) = solver.problem().dims();
    for (k, &(what, size)) in changes.iter().enumerate() {
        let (j, i) = (k * 7 % cols, k * 5 % rows);
        let problem = solver.problem();
        match what {
            0 => solver.change_cost(col_id(j), problem.costs()[j] + size)?,
            // Down to the point that is known to work, so that the programme stays feasible.
            1 => solver.change_col_bounds(col_id(j), 0.0, drawn.point[j])?,
            2 => {
                let (lower, upper) = (problem.row_lower()[i] - size, problem.row_upper()[i] + size);
                solver.change_row_bounds(row_id(i), lower, upper)?;
            }
            _ => {
                let limit = drawn.point[j] + size;
                solver.add_row(f64::NEG_INFINITY, limit, &[(col_id(j), 1.0)])?;
            }
        }
    }
    Ok(())
}

/// The bits of everything a solution says.
fn bits(solution: &Solution) -> Vec<u64> {
    std::iter::once(&solution.objective)
        .chain(&solution.col_values)
        .chain(&solution.reduced_costs)
        .chain(&solution.row_values)
        .chain(&solution.row_duals)
        .map(|x| x.to_bits())
        .collect()
}

fn fit(basis: &Basis, solver: &Solver) -> Basis {
    basis.with_added_rows(solver.problem().dims().1 - basis.rows.len())
}

#[allow(clippy::needless_pass_by_value)] // the shape that `map_err` wants
fn fail(error: LpError) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

fn stepwise(problem: &Problem) -> Result<Solver, LpError> {
    let options = Options {
        method: Method::Stepwise,
        ..Options::default()
    };
    Solver::with_options(problem.clone(), &options)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * (1.0 + a.abs().max(b.abs()))
}

/// The same programme with every column cut into steps of the same coefficients, some of them missing, some wide open.
fn in_steps(drawn: &Drawn, steps: &[(f64, f64)]) -> Problem {
    let given = &drawn.problem;
    let mut problem = Problem::new(given.sense());
    let (cols, rows) = given.dims();
    let columns: Vec<Vec<ColId>> = (0..cols)
        .map(|j| {
            let upper = given.col_upper()[j];
            (steps.iter().enumerate())
                .map(|(k, (dearer, share))| {
                    // The first step alone reaches the point that is known to work.
                    let width = if k == 0 { upper } else { upper * share };
                    problem.add_col(given.costs()[j] + dearer, 0.0, width)
                })
                .collect()
        })
        .collect();
    for i in 0..rows {
        problem.add_row(given.row_lower()[i], given.row_upper()[i]);
    }
    for (j, steps) in columns.iter().enumerate() {
        for step in steps {
            for (row, value) in given.column(col_id(j)) {
                problem.add_entry(row, *step, value);
            }
        }
    }
    problem
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn optimality_conditions_hold(drawn in drawn()) {
        let solution = Solver::new(drawn.problem.clone()).and_then(|mut s| s.solve()).map_err(fail)?;
        let residuals = residuals(&drawn.problem, &solution);
        prop_assert!(residuals.max() <= 1e-7, "{residuals:?}");
    }

    #[test]
    fn patched_equals_rebuilt(
        drawn in drawn(),
        first in prop::collection::vec((0u8..4, 0.0f64..30.0), 1..6),
        second in prop::collection::vec((0u8..4, 0.0f64..30.0), 1..6),
    ) {
        let mut live = Solver::new(drawn.problem.clone()).map_err(fail)?;
        live.solve().map_err(fail)?;
        let base = live.basis().map_err(fail)?;
        // One scenario is solved in between, so that the live solver has a past to forget.
        patch(&mut live, &drawn, &first).map_err(fail)?;
        live.solve().map_err(fail)?;
        patch(&mut live, &drawn, &second).map_err(fail)?;
        let start = fit(&base, &live);
        let patched = live.solve_from(&start).map_err(fail)?;

        let mut fresh = Solver::new(live.problem().clone()).map_err(fail)?;
        let rebuilt = fresh.solve_from(&start).map_err(fail)?;
        prop_assert_eq!(bits(&patched), bits(&rebuilt));
        let residuals = residuals(live.problem(), &patched);
        prop_assert!(residuals.max() <= 1e-7, "{residuals:?}");
    }

    #[test]
    fn our_method_finds_what_the_reference_finds(
        drawn in drawn(),
        steps in prop::collection::vec((-20.0f64..20.0, 0.0f64..1.0), 1..6),
        changes in prop::collection::vec((0u8..4, 0.0f64..30.0), 1..6),
    ) {
        let problem = in_steps(&drawn, &steps);
        let mut ours = stepwise(&problem).map_err(fail)?;
        let mut reference = Solver::new(problem).map_err(fail)?;
        for round in 0..2 {
            let (a, b) = (ours.solve().map_err(fail)?, reference.solve_cold().map_err(fail)?);
            prop_assert!(near(a.objective, b.objective), "{} against {}", a.objective, b.objective);
            let residuals = residuals(ours.problem(), &a);
            prop_assert!(residuals.max() <= 1e-7, "{residuals:?}");
            // The basis it gives is one that the reference takes, and finds nothing left to do with.
            let basis = ours.basis().map_err(fail)?;
            let again = reference.solve_from(&basis).map_err(fail)?;
            prop_assert!(again.iterations == 0, "{} pivots from an optimal basis", again.iterations);
            if round == 0 {
                let widened = Drawn { problem: ours.problem().clone(), point: vec![1e3; ours.problem().dims().0] };
                patch(&mut ours, &widened, &changes).map_err(fail)?;
                patch(&mut reference, &widened, &changes).map_err(fail)?;
            }
        }
        prop_assert_eq!(ours.referred(), 0);
    }

    #[test]
    fn our_method_forgets_the_past(
        drawn in drawn(),
        first in prop::collection::vec((0u8..4, 0.0f64..30.0), 1..6),
        second in prop::collection::vec((0u8..4, 0.0f64..30.0), 1..6),
    ) {
        let mut live = stepwise(&drawn.problem).map_err(fail)?;
        live.solve().map_err(fail)?;
        let base = live.basis().map_err(fail)?;
        patch(&mut live, &drawn, &first).map_err(fail)?;
        live.solve().map_err(fail)?;
        patch(&mut live, &drawn, &second).map_err(fail)?;
        let start = fit(&base, &live);
        let patched = live.solve_from(&start).map_err(fail)?;
        let mut fresh = stepwise(live.problem()).map_err(fail)?;
        prop_assert_eq!(bits(&patched), bits(&fresh.solve_from(&start).map_err(fail)?));
    }
}
