//! Parts of a market that nothing can reach: taken out before a solve, priced at what their best use would pay after it.

use monazite_market::lp::{ColId, LpError, Method, Options, Problem, RowId, Sense, Solver, residuals};
use proptest::prelude::*;

const NONE: f64 = f64::INFINITY;

fn stepwise(problem: &Problem) -> Result<Solver, LpError> {
    let options = Options {
        method: Method::Stepwise,
        ..Options::default()
    };
    Solver::with_options(problem.clone(), &options)
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9, "got {got}, expected {want}");
}

/// A process or a shipment: what it takes, what it gives, its cost and its room.
fn column(problem: &mut Problem, takes: &[RowId], gives: &[RowId], cost: f64, room: f64) -> ColId {
    let column = problem.add_col(-cost, 0.0, room);
    for row in takes {
        problem.add_entry(*row, column, -1.0);
    }
    for row in gives {
        problem.add_entry(*row, column, 1.0);
    }
    column
}

#[test]
fn what_nobody_has_is_worth_what_its_best_user_would_pay() -> Result<(), LpError> {
    let mut market = Problem::new(Sense::Maximise);
    // A stream at a mine and at a plant, shipped to and fro for 1; a product with a dear source of its own.
    let (mine, plant, product) = (
        market.add_row(0.0, 0.0),
        market.add_row(0.0, 0.0),
        market.add_row(0.0, NONE),
    );
    let room = market.add_row(f64::NEG_INFINITY, 0.0);
    let mined = column(&mut market, &[], &[mine], 2.0, NONE);
    market.add_entry(room, mined, 1.0);
    column(&mut market, &[mine], &[plant], 1.0, NONE);
    column(&mut market, &[plant], &[mine], 1.0, NONE);
    let separated = column(&mut market, &[plant], &[product], 4.0, NONE);
    column(&mut market, &[], &[product], 10.0, NONE);
    let used = market.add_col(20.0, 0.0, 30.0);
    market.add_entry(product, used, -1.0);

    let mut solver = stepwise(&market)?;
    let solution = solver.solve()?;
    close(solution.objective, 300.0);
    close(solution.price(product), 10.0);
    close(solution.price(plant), 6.0);
    close(solution.price(mine), 5.0);
    close(solution.rent(room), 3.0);
    close(solution.value(mined), 0.0);
    close(solution.value(separated), 0.0);
    assert!(residuals(&market, &solution).max() <= 1e-12);
    // The basis is one of the whole programme, and optimal for it.
    let again = Solver::new(market.clone())?.solve_from(&solver.basis()?)?;
    assert_eq!(again.iterations, 0);
    assert_eq!(solver.referred(), 0);

    // Once the mine may run, its stream displaces the dear source.
    solver.change_row_bounds(room, f64::NEG_INFINITY, 12.0)?;
    let running = solver.solve()?;
    close(running.value(mined), 12.0);
    close(running.objective, 300.0 + 12.0 * 3.0);
    Ok(())
}

/// Layers of goods in places; processes up the layers, shipments within one. Some sources have no room.
fn chain() -> impl Strategy<Value = (Problem, Vec<f64>)> {
    let source = prop::collection::vec(prop_oneof![Just(0.0), 1.0_f64..20.0], 3);
    let costs = prop::collection::vec(0.1_f64..6.0, 64);
    let rooms = prop::collection::vec(prop_oneof![Just(0.0), Just(NONE), 1.0_f64..15.0], 9);
    let demand = prop::collection::vec(prop_oneof![Just(0.0), 1.0_f64..30.0], 9);
    (source, costs, rooms, demand).prop_map(|(source, costs, rooms, demand)| {
        let mut next = costs.iter().copied().cycle();
        let mut cost = || next.next().unwrap_or(1.0);
        let mut problem = Problem::new(Sense::Maximise);
        let nodes: Vec<RowId> = (0..9)
            .map(|n| problem.add_row(0.0, if n < 6 { 0.0 } else { NONE }))
            .collect();
        for (place, room) in source.iter().enumerate() {
            column(&mut problem, &[], &[nodes[place]], cost(), *room);
        }
        for n in 0..6 {
            let process = column(&mut problem, &[nodes[n]], &[nodes[n + 3]], cost(), NONE);
            let capacity = problem.add_row(f64::NEG_INFINITY, rooms[n]);
            problem.add_entry(capacity, process, 1.0);
        }
        for (from, to) in (0..9).flat_map(|n| (0..9).map(move |m| (n, m))) {
            if from != to && from / 3 == to / 3 {
                column(&mut problem, &[nodes[from]], &[nodes[to]], cost(), NONE);
            }
        }
        for (n, node) in nodes.iter().enumerate() {
            for step in 0..3 {
                let value = 4.0 + 9.0 * f64::from(step) + cost();
                let used = problem.add_col(value, 0.0, demand[n]);
                problem.add_entry(*node, used, -1.0);
            }
        }
        (problem, rooms)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn chains_with_idle_parts_agree_with_the_reference((problem, rooms) in chain(), rise in 0.0_f64..5.0) {
        let fail = |error: LpError| TestCaseError::fail(error.to_string());
        let mut ours = stepwise(&problem).map_err(fail)?;
        let mut reference = Solver::new(problem.clone()).map_err(fail)?;
        for round in 0..3 {
            match round {
                // Costs only: go on from where the last solve ended.
                1 => {
                    let first = ColId(0);
                    let cost = problem.costs()[0] - rise;
                    ours.change_cost(first, cost).map_err(fail)?;
                    reference.change_cost(first, cost).map_err(fail)?;
                    ours.find_on().map_err(fail)?;
                }
                // What had no room gets some: parts come to life.
                2 => {
                    for (n, _) in rooms.iter().take(6).enumerate().filter(|(_, room)| **room == 0.0) {
                        let row = RowId(u32::try_from(9 + n).unwrap_or(0));
                        ours.change_row_bounds(row, f64::NEG_INFINITY, 4.0).map_err(fail)?;
                        reference.change_row_bounds(row, f64::NEG_INFINITY, 4.0).map_err(fail)?;
                    }
                    ours.find_on().map_err(fail)?;
                }
                _ => { ours.find_on().map_err(fail)?; }
            }
            let price = ours.price(RowId(0));
            let (a, b) = (ours.found().map_err(fail)?, reference.solve_cold().map_err(fail)?);
            prop_assert!((a.objective - b.objective).abs() <= 1e-7 * (1.0 + b.objective.abs()));
            prop_assert_eq!(price.to_bits(), a.price(RowId(0)).to_bits());
            let residuals = residuals(ours.problem(), &a);
            prop_assert!(residuals.max() <= 1e-7, "{residuals:?}");
            let again = reference.solve_from(&ours.basis().map_err(fail)?).map_err(fail)?;
            prop_assert!(again.iterations == 0, "{} pivots from an optimal basis", again.iterations);
        }
        prop_assert_eq!(ours.referred(), 0);
    }
}
