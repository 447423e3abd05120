//! One quarter of the market as a linear programme.
//!
//! maximise  Σ users' value − Σ plants' cost − Σ freight, margins and duties + Σ value of stocks carried
//! subject to, for every product in every place (dual = price, USD/kg = thousand USD per tonne)
//!
//! ```text
//! opening stock + made + arriving + released  ≥  used up + shipped + used + closing stock
//! ```
//!
//! and, for every stage in every place (dual = rent), level ≤ capacity; for every quota group, Σ flows ≤ quota.
//! The structure is built once per chain and set of quotas; a quarter only changes bounds, costs and
//! right-hand sides, and starts from the basis of the quarter solved before it, from the base quarter on: a path
//! is always solved in the same order, so the same inputs give the same bytes.

mod conditions;
mod layout;
mod outcome;
mod rebuilt;
mod start;
mod structure;

use crate::MarketError;
use crate::chain::{Chain, NodeIx};
use crate::lp::{
    Basis, ColId, IntervalOptions, Method, Presolve, PriceInterval, Problem, Residuals, RowId, Solution, Solver,
    price_intervals,
};

pub use conditions::Conditions;
pub use layout::Layout;
pub use outcome::Outcome;
pub use rebuilt::{solve_rebuilt, solve_rebuilt_with};
pub use start::Start;
pub use structure::{Deal, DealKind, QuotaGroup, Structure, Terms};

/// How often duties and top-ups are recomputed on new prices within a quarter.
const DUTY_ROUNDS: usize = 8;
/// Relative change of duties and top-ups below which they are settled.
const DUTY_TOLERANCE: f64 = 1e-4;
/// Rounds that follow prices all the way. Where a top-up brings the output that lowers the price it is paid on, the
/// rounds after them go half the way.
const FULL_ROUNDS: usize = 3;

/// A live quarter: the chain, its programme loaded in the solver, and the basis of the base quarter.
pub struct QuarterModel<'a> {
    /// The chain it stands for.
    pub chain: &'a Chain,
    layout: Layout,
    solver: Solver,
    /// Basis of the base quarter, then of each quarter solved: where the next solve starts.
    start: Basis,
    base: Outcome,
}

/// Work and quality of one solve.
#[derive(Clone, Copy, Debug, Default)]
pub struct SolveReport {
    /// Simplex iterations, all rounds together.
    pub iterations: u32,
    /// Wall seconds in the solver, all rounds together.
    pub seconds: f64,
    /// Worst scaled violation of the optimality conditions.
    pub kkt: f64,
    /// Rounds that duties on prices took to settle.
    pub duty_rounds: usize,
}

impl<'a> QuarterModel<'a> {
    /// Builds the programme for a chain and the quota groups of a scenario, and solves the base quarter.
    ///
    /// # Errors
    /// When the solver fails.
    pub fn new(chain: &'a Chain, quotas: &[QuotaGroup]) -> Result<Self, MarketError> {
        Self::with(chain, &Structure::from(quotas))
    }

    /// The same with all that a scenario adds to the structure.
    ///
    /// # Errors
    /// When the solver fails.
    pub fn with(chain: &'a Chain, structure: &Structure) -> Result<Self, MarketError> {
        Self::started(chain, structure, None)
    }

    /// As [`QuarterModel::with`], solving the base quarter from the basis of a like chain; answers may differ from those
    /// of [`QuarterModel::with`] where prices are not unique, and depend on nothing but the arguments.
    ///
    /// # Errors
    /// When the solver fails.
    pub fn from_start(chain: &'a Chain, structure: &Structure, start: &Start) -> Result<Self, MarketError> {
        Self::started(chain, structure, Some(start))
    }

    fn started(chain: &'a Chain, structure: &Structure, start: Option<&Start>) -> Result<Self, MarketError> {
        let layout = Layout::new(chain, structure);
        let conditions = Conditions::base(chain, structure.quotas.len());
        let mut solver = Solver::with_options(
            layout.problem(chain, &conditions),
            &crate::lp::Options {
                method: Method::Stepwise,
                presolve: Presolve::Off,
                ..crate::lp::Options::default()
            },
        )?;
        let solution = match start {
            Some(start) => {
                let rows = solver.problem().dims().1;
                solver.solve_from(&start.basis(chain, &layout, rows))?
            }
            None => solver.solve_cold()?,
        };
        let start = solver.basis()?;
        let report = report(&solver, &solution, 0);
        let base = Outcome::new(chain, &layout, &conditions, &solution, report);
        Ok(Self {
            chain,
            layout,
            solver,
            start,
            base,
        })
    }

    /// The basis of the quarter last solved (the base quarter, at first), by names.
    #[must_use]
    pub fn start(&self) -> Start {
        Start::new(self.chain, &self.layout, &self.start)
    }

    /// The base quarter.
    #[must_use]
    pub fn base(&self) -> &Outcome {
        &self.base
    }

    /// Columns and rows of the programme.
    #[must_use]
    pub fn dims(&self) -> (usize, usize) {
        self.solver.problem().dims()
    }

    /// Solves that were left to the reference solver so far: none, as a rule.
    #[must_use]
    pub fn referred(&self) -> u32 {
        self.solver.referred()
    }

    /// The programme as it stands, for checks against another solver.
    #[must_use]
    pub fn programme(&self) -> &Problem {
        self.solver.problem()
    }

    /// The programme that holds under given conditions, built anew: what a planner adds plants of its own to.
    #[must_use]
    pub fn programme_under(&self, conditions: &Conditions) -> Problem {
        self.layout.problem(self.chain, conditions)
    }

    /// Where things lie in the programme.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Solves a quarter under given conditions.
    ///
    /// # Errors
    /// When the solver fails; a shortage is not a failure.
    pub fn solve(&mut self, conditions: &Conditions) -> Result<Outcome, MarketError> {
        let mut conditions = conditions.clone();
        self.patch(&conditions)?;
        let mut iterations = self.solver.find_from(&self.start)?;
        let mut seconds = self.solver.seconds();
        let mut rounds = 0;
        loop {
            let paid = (conditions.duty_paid.clone(), conditions.top_up.clone());
            let weight = if rounds < FULL_ROUNDS { 1.0 } else { 0.5 };
            let price = |node: NodeIx| self.solver.price(Layout::balance_row(node)).max(0.0);
            let settled = !conditions.follow_prices(self.chain, price, weight, DUTY_TOLERANCE);
            if settled || rounds >= DUTY_ROUNDS {
                // What this solution was found with, not what its prices would ask for next.
                (conditions.duty_paid, conditions.top_up) = paid;
                break;
            }
            rounds += 1;
            self.patch_payments(&conditions)?;
            iterations += self.solver.find_on()?;
            seconds += self.solver.seconds();
        }
        let solution = self.solver.found()?;
        self.start = self.solver.basis()?;
        let report = SolveReport {
            iterations,
            seconds,
            ..report(&self.solver, &solution, rounds)
        };
        Ok(Outcome::new(self.chain, &self.layout, &conditions, &solution, report))
    }

    /// The range of prices that the quarter last solved supports at each node: what one more unit would be worth there,
    /// and what one less would cost. A single number hides this range where demand or supply has a step. Two solves a
    /// node; the quarters that follow are not touched by it.
    ///
    /// # Errors
    /// When the solver fails.
    pub fn price_intervals(&mut self, nodes: &[NodeIx]) -> Result<Vec<PriceInterval>, MarketError> {
        let rows: Vec<RowId> = nodes.iter().map(|node| Layout::balance_row(*node)).collect();
        let options = IntervalOptions::default();
        Ok(price_intervals(&mut self.solver, &rows, &self.start, &options)?)
    }

    /// Brings duties, mark-ups and top-ups of the loaded programme to those of the given conditions.
    fn patch_payments(&mut self, conditions: &Conditions) -> Result<(), MarketError> {
        let wanted = self.layout.payments(self.chain, conditions);
        let known = self.solver.problem().costs();
        let changed: Vec<(ColId, f64)> = wanted
            .into_iter()
            .filter(|(col, cost)| !same(known[col.index()], *cost))
            .collect();
        self.solver.change_costs(&changed)?;
        Ok(())
    }

    /// Brings the loaded programme to the given conditions by changing only what differs.
    fn patch(&mut self, conditions: &Conditions) -> Result<(), MarketError> {
        let wanted = self.layout.numbers(self.chain, conditions);
        let problem = self.solver.problem();
        let index = |i: usize| u32::try_from(i).unwrap_or(u32::MAX);
        let (mut costs, mut bounds, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        for (i, column) in wanted.columns.iter().enumerate() {
            let col = ColId(index(i));
            if !same(problem.costs()[i], column.cost) {
                costs.push((col, column.cost));
            }
            if !same(problem.col_lower()[i], 0.0) || !same(problem.col_upper()[i], column.upper) {
                bounds.push((col, 0.0, column.upper));
            }
        }
        for (i, (lower, upper)) in wanted.rows.iter().enumerate() {
            if !same(problem.row_lower()[i], *lower) || !same(problem.row_upper()[i], *upper) {
                rows.push((RowId(index(i)), *lower, *upper));
            }
        }
        self.solver.change_costs(&costs)?;
        self.solver.change_cols_bounds(&bounds)?;
        self.solver.change_rows_bounds(&rows)?;
        Ok(())
    }
}

/// Exact equality that also holds for infinities: the same number was computed the same way.
fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

fn report(solver: &Solver, solution: &Solution, duty_rounds: usize) -> SolveReport {
    let kkt: Residuals = solver.residuals(solution);
    SolveReport {
        iterations: solution.iterations,
        seconds: solution.seconds,
        kkt: kkt.max(),
        duty_rounds,
    }
}
