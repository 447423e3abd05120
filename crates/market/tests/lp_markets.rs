//! Small markets whose answer can be worked out by hand.

use monazite_market::lp::{
    ColId, IntervalOptions, LpError, Problem, RowId, Sense, Solver, price_interval, price_intervals, residuals,
};

const NONE: f64 = f64::INFINITY;

fn close(got: f64, want: f64) {
    assert!(
        (got - want).abs() <= 1e-9 * (1.0 + want.abs()),
        "got {got}, expected {want}"
    );
}

/// A region with a supply curve, stepped demand and a balance of one product.
struct Region {
    balance: RowId,
    supply: ColId,
}

fn region(market: &mut Problem, cost: f64, capacity: f64, steps: &[(f64, f64)]) -> Region {
    let balance = market.add_row(0.0, NONE);
    let supply = market.add_col(-cost, 0.0, capacity);
    market.add_entry(balance, supply, 1.0);
    for &(value, width) in steps {
        let step = market.add_col(value, 0.0, width);
        market.add_entry(balance, step, -1.0);
    }
    Region { balance, supply }
}

fn route(market: &mut Problem, from: &Region, to: &Region, cost: f64) -> ColId {
    let flow = market.add_col(-cost, 0.0, NONE);
    market.add_entry(from.balance, flow, -1.0);
    market.add_entry(to.balance, flow, 1.0);
    flow
}

/// Cheap supply at home, dear supply abroad, freight of 3 between them.
struct TwoRegions {
    problem: Problem,
    home: Region,
    abroad: Region,
    flow: ColId,
}

fn two_regions() -> TwoRegions {
    let mut problem = Problem::new(Sense::Maximise);
    let home = region(&mut problem, 2.0, 100.0, &[(20.0, 30.0)]);
    let steps = [(20.0, 10.0), (15.0, 10.0), (12.0, 10.0), (8.0, 10.0), (6.0, 10.0)];
    let abroad = region(&mut problem, 10.0, 100.0, &steps);
    let flow = route(&mut problem, &home, &abroad, 3.0);
    TwoRegions {
        problem,
        home,
        abroad,
        flow,
    }
}

#[test]
fn trade_closes_the_price_gap_to_freight() -> Result<(), LpError> {
    let market = two_regions();
    let solution = Solver::new(market.problem.clone())?.solve()?;
    close(solution.price(market.home.balance), 2.0);
    close(solution.price(market.abroad.balance), 5.0);
    close(solution.value(market.flow), 50.0);
    // The dear plant is 5 short of paying for itself.
    close(solution.value(market.abroad.supply), 0.0);
    close(solution.gain(market.abroad.supply), -5.0);
    // Welfare: 30 x (20 - 2) at home, and each step abroad less 5.
    close(solution.objective, 540.0 + 150.0 + 100.0 + 70.0 + 30.0 + 10.0);
    assert!(residuals(&market.problem, &solution).max() <= 1e-9);
    Ok(())
}

#[test]
fn a_wrong_answer_is_noticed() -> Result<(), LpError> {
    let market = two_regions();
    let right = Solver::new(market.problem.clone())?.solve()?;

    let mut oversold = right.clone();
    oversold.col_values[market.flow.index()] += 1.0;
    assert!(residuals(&market.problem, &oversold).primal > 1e-3);

    let mut subsidised = right.clone();
    subsidised.row_duals[market.home.balance.index()] = 1.0; // a price below zero
    assert!(residuals(&market.problem, &subsidised).dual > 1e-3);

    let mut mispriced = right.clone();
    mispriced.row_duals[market.abroad.balance.index()] -= 3.0;
    let found = residuals(&market.problem, &mispriced);
    assert!(found.complementarity > 1e-3 || found.dual > 1e-3);
    assert!(found.gap > 1e-3);

    let mut short = right;
    short.col_values.pop();
    assert!(residuals(&market.problem, &short).max().is_nan());
    Ok(())
}

#[test]
fn a_ban_costs_the_rectangle_and_the_triangle() -> Result<(), LpError> {
    let market = two_regions();
    let mut solver = Solver::new(market.problem)?;
    let open = solver.solve()?;
    solver.change_col_bounds(market.flow, 0.0, 0.0)?;
    let banned = solver.solve()?;
    close(banned.price(market.home.balance), 2.0);
    close(banned.price(market.abroad.balance), 10.0);
    // 30 t go on being used and cost 5 more each; the buyers of 20 t, who valued them at 8 and 6,
    // go without.
    close(open.objective - banned.objective, 30.0 * 5.0 + 10.0 * 3.0 + 10.0 * 1.0);
    // What one tonne through the ban would be worth: the price gap less freight.
    close(banned.gain(market.flow), 10.0 - 2.0 - 3.0);
    Ok(())
}

#[test]
fn the_quota_rent_is_the_price_gap_less_freight_and_tax() -> Result<(), LpError> {
    let tax = 1.0;
    let market = two_regions();
    let mut solver = Solver::new(market.problem)?;
    solver.change_cost(market.flow, -3.0 - tax)?;
    let quota = solver.add_row(f64::NEG_INFINITY, 20.0, &[(market.flow, 1.0)])?;
    let solution = solver.solve()?;
    let gap = solution.price(market.abroad.balance) - solution.price(market.home.balance);
    close(gap, 8.0);
    close(solution.rent(quota), gap - 3.0 - tax);
    assert!(solution.rent(quota) > 0.0);
    // A wide quota is worth nothing.
    solver.change_row_bounds(quota, f64::NEG_INFINITY, 500.0)?;
    close(solver.solve()?.rent(quota), 0.0);
    Ok(())
}

#[test]
fn a_full_plant_earns_a_rent() -> Result<(), LpError> {
    let mut market = two_regions();
    let room = market.problem.add_row(f64::NEG_INFINITY, 55.0);
    market.problem.add_entry(room, market.home.supply, 1.0);
    let solution = Solver::new(market.problem)?.solve()?;
    // 55 t serve home and half of what is wanted abroad at 12; the dear plant sets the price.
    close(solution.price(market.abroad.balance), 10.0);
    close(solution.price(market.home.balance), 7.0);
    close(solution.rent(room), 7.0 - 2.0);
    Ok(())
}

/// A plant that dissolves a feed of 60 % La and 40 % Nd and finishes each or leaves it.
#[test]
fn a_surplus_element_clears_at_finishing_cost_less_disposal() -> Result<(), LpError> {
    let (feed_cost, finishing, disposal) = (1.0, 2.0, 0.5);
    let mut market = Problem::new(Sense::Maximise);
    let feed = market.add_col(-feed_cost, 0.0, NONE);
    let mut element = |share: f64, value: f64, wanted: f64| {
        let in_solution = market.add_row(0.0, 0.0);
        let balance = market.add_row(0.0, NONE);
        let finished = market.add_col(-finishing, 0.0, NONE);
        let left = market.add_col(-disposal, 0.0, NONE);
        let used = market.add_col(value, 0.0, wanted);
        market.add_entry(in_solution, feed, share);
        market.add_entry(in_solution, finished, -1.0);
        market.add_entry(in_solution, left, -1.0);
        market.add_entry(balance, finished, 1.0);
        market.add_entry(balance, used, -1.0);
        (in_solution, balance, left)
    };
    let (la_solution, la, la_left) = element(0.6, 8.0, 5.0);
    let (nd_solution, nd, nd_left) = element(0.4, 30.0, 20.0);
    let solution = Solver::new(market.clone())?.solve()?;

    close(solution.value(feed), 50.0);
    close(solution.value(la_left), 25.0);
    close(solution.value(nd_left), 0.0);
    // One more tonne of La in solution only adds to what must be disposed of.
    close(solution.price(la_solution), -disposal);
    close(solution.price(la), finishing - disposal);
    // Nd carries the whole feed, and pays for getting rid of its La too.
    let nd_in_solution = (feed_cost + 0.6 * disposal) / 0.4;
    close(solution.price(nd_solution), nd_in_solution);
    close(solution.price(nd), nd_in_solution + finishing);
    assert!(residuals(&market, &solution).max() <= 1e-9);
    Ok(())
}

#[test]
fn minimising_cost_gives_the_same_prices() -> Result<(), LpError> {
    // 15 t must be supplied: 10 t at 5 and the rest at 9.
    let mut plan = Problem::new(Sense::Minimise);
    let cheap = plan.add_col(5.0, 0.0, 10.0);
    let dear = plan.add_col(9.0, 0.0, NONE);
    let balance = plan.add_row(15.0, NONE);
    let room = plan.add_row(f64::NEG_INFINITY, 10.0);
    plan.add_entry(balance, cheap, 1.0);
    plan.add_entry(balance, dear, 1.0);
    plan.add_entry(room, cheap, 1.0);
    plan.set_offset(100.0);
    let mut solver = Solver::new(plan)?;
    solver.change_col_bounds(cheap, 0.0, NONE)?;
    let solution = solver.solve()?;
    close(solution.objective, 100.0 + 50.0 + 45.0);
    close(solution.price(balance), 9.0);
    close(solution.rent(room), 4.0);
    Ok(())
}

#[test]
fn a_degenerate_price_is_an_interval() -> Result<(), LpError> {
    // Supply of 10 at 5 meets demand of 10 at 8 exactly: any price from 5 to 8 clears.
    let mut market = Problem::new(Sense::Maximise);
    let spot = region(&mut market, 5.0, 10.0, &[(8.0, 10.0), (3.0, 10.0)]);
    let mut solver = Solver::new(market)?;
    solver.solve()?;
    let basis = solver.basis()?;
    let range = price_interval(&mut solver, spot.balance, &basis, &IntervalOptions::default())?;
    close(range.low, 5.0);
    close(range.high, 8.0);
    assert!(range.is_degenerate(1e-6));
    Ok(())
}

#[test]
fn a_unique_price_is_a_point_and_the_problem_is_left_as_it_was() -> Result<(), LpError> {
    let market = two_regions();
    let rows = [market.home.balance, market.abroad.balance];
    let mut solver = Solver::new(market.problem)?;
    solver.solve()?;
    let basis = solver.basis()?;
    let before = solver.problem().clone();
    let ranges = price_intervals(&mut solver, &rows, &basis, &IntervalOptions::default())?;
    assert_eq!(solver.problem(), &before);
    close(ranges[0].low, 2.0);
    close(ranges[0].high, 2.0);
    assert!(!ranges[1].is_degenerate(1e-6));
    Ok(())
}

#[test]
fn a_step_across_a_kink_is_cut() -> Result<(), LpError> {
    // Half a kilogram of a second buyer's demand (value 6) stands between the first buyer (8) and
    // the third (1): with a step of a tonne the kink is jumped over, and found by cutting.
    let mut market = Problem::new(Sense::Maximise);
    let spot = region(&mut market, 0.0, 10.0, &[(8.0, 10.0), (6.0, 0.5), (1.0, 10.0)]);
    let mut solver = Solver::new(market)?;
    solver.solve()?;
    let basis = solver.basis()?;
    let options = IntervalOptions { step: 1.0, cuts: 2 };
    let range = price_interval(&mut solver, spot.balance, &basis, &options)?;
    close(range.low, 6.0);
    close(range.high, 8.0);
    Ok(())
}

#[test]
fn a_row_that_cannot_spare_a_unit_has_no_highest_price() -> Result<(), LpError> {
    let mut market = Problem::new(Sense::Maximise);
    let supply = market.add_col(-5.0, 0.0, 10.0);
    let must = market.add_row(10.0, NONE); // all of the supply is committed
    market.add_entry(must, supply, 1.0);
    let mut solver = Solver::new(market)?;
    solver.solve()?;
    let basis = solver.basis()?;
    let range = price_interval(&mut solver, must, &basis, &IntervalOptions::default())?;
    close(range.low, 5.0);
    assert!(range.high.is_infinite() && range.is_degenerate(1e-6));
    Ok(())
}
