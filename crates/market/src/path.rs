//! A path: quarters in sequence, with stocks, expectations and demand carried between them.
//!
//! Nobody on the path foresees the next event. Stocks are held against the price people have come to
//! expect, which follows the spot price with a lag; users move towards their long-run demand at a
//! limited speed; contract prices follow spot by a quarter.

use std::time::Instant;

use monazite_evidence::Dataset;

use crate::MarketError;
use crate::calibrate::behaviour;
use crate::chain::Chain;
use crate::policy::Policy;
use crate::quarter::{Conditions, Outcome, QuarterModel, Start};
use crate::scenario::{Quarter, Scenario};

/// Price changes below this, in logs, change neither expectations nor habits: they are within the noise of quotes.
const NOTICED: f64 = 0.05;

/// How the market behaves between quarters; each from a row of `behaviour.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behaviour {
    /// Weight of the latest price in the expected price, per quarter.
    pub expectation_weight: f64,
    /// Part of the gap to long-run demand closed in a quarter.
    pub demand_adjustment: f64,
    /// Most that substitution can remove of demand in a year.
    pub substitution_cap_per_year: f64,
    /// Share of volume at contract prices.
    pub contract_share: f64,
}

impl Behaviour {
    /// Central values of the dataset.
    ///
    /// # Errors
    /// When a parameter is missing.
    pub fn from_dataset(dataset: &Dataset) -> Result<Self, MarketError> {
        Ok(Self {
            expectation_weight: behaviour(dataset, "expectation_adaptive_weight")?,
            demand_adjustment: behaviour(dataset, "demand_adjustment_lambda")?,
            substitution_cap_per_year: behaviour(dataset, "substitution_cap_per_year")?,
            contract_share: behaviour(dataset, "contract_share")?,
        })
    }
}

/// One simulated quarter.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub quarter: Quarter,
    /// What held.
    pub conditions: Conditions,
    /// What came of it.
    pub outcome: Outcome,
    /// Reference demand of each segment, as a multiple of the base, before any substitution.
    pub reference: Vec<f64>,
    /// Volume-weighted price at each node: contracts at last quarter's price, the rest at spot, USD/kg.
    pub average_price: Vec<f64>,
}

/// A simulated path.
#[derive(Clone, Debug)]
pub struct Path {
    /// The base quarter.
    pub base: Outcome,
    /// The quarters in order.
    pub steps: Vec<Step>,
    /// Events that touched nothing.
    pub warnings: Vec<String>,
    /// Wall seconds for building and solving the base quarter, and for the quarters together.
    pub seconds: (f64, f64),
}

/// Runs a scenario on a chain.
///
/// # Errors
/// When a quarter cannot be solved.
pub fn simulate(chain: &Chain, scenario: &Scenario, behaviour: Behaviour) -> Result<Path, MarketError> {
    simulate_from(chain, scenario, behaviour, None)
}

/// As [`simulate`], with the base quarter started from the basis of a like chain: for the many paths of an ensemble.
///
/// # Errors
/// When a quarter cannot be solved.
pub fn simulate_from(
    chain: &Chain,
    scenario: &Scenario,
    behaviour: Behaviour,
    start: Option<&Start>,
) -> Result<Path, MarketError> {
    let started = Instant::now();
    let policy = Policy::new(chain, scenario);
    let quotas = policy.quota_groups();
    let mut model = match start {
        Some(start) => QuarterModel::from_start(chain, &quotas, start)?,
        None => QuarterModel::new(chain, &quotas)?,
    };
    let built = started.elapsed().as_secs_f64();
    let mut state = State::new(chain, model.base(), policy.quota_groups().len());
    let mut steps = Vec::new();
    let mut quarter = scenario.start;
    for _ in 0..scenario.quarters {
        policy.apply(quarter, &mut state.conditions);
        let reference = policy.demand(quarter);
        state.set_demand(&reference);
        let outcome = model.solve(&state.conditions).map_err(|e| match e {
            MarketError::Lp(source) => MarketError::Quarter {
                quarter: quarter.to_string(),
                source,
            },
            other => other,
        })?;
        let conditions = state.conditions.clone();
        state.advance(chain, &outcome, behaviour);
        steps.push(Step {
            quarter,
            conditions,
            outcome,
            reference,
            average_price: state.average_price.clone(),
        });
        quarter = quarter.next();
    }
    let base = model.base().clone();
    Ok(Path {
        base,
        steps,
        warnings: policy.idle_events(),
        seconds: (built, started.elapsed().as_secs_f64() - built),
    })
}

/// What one quarter hands to the next.
struct State {
    conditions: Conditions,
    /// Demand left after lasting substitution, as a multiple of the reference.
    habit: Vec<f64>,
    /// Contract price at each node.
    contract: Vec<f64>,
    average_price: Vec<f64>,
}

impl State {
    fn new(chain: &Chain, base: &Outcome, quotas: usize) -> Self {
        Self {
            conditions: Conditions::base(chain, quotas),
            habit: vec![1.0; chain.segments.len()],
            contract: base.price.clone(),
            average_price: base.price.clone(),
        }
    }

    fn set_demand(&mut self, reference: &[f64]) {
        self.conditions.demand_scale = self.habit.iter().zip(reference).map(|(h, r)| h * r).collect();
    }

    fn advance(&mut self, chain: &Chain, outcome: &Outcome, behaviour: Behaviour) {
        self.conditions.opening_stock.clone_from(&outcome.stock);
        for (store, expected) in chain.stores.iter().zip(&mut self.conditions.expected_price) {
            // In logs: a price that doubles and one that halves are equally surprising.
            let surprise = outcome.price[store.node.index()].max(1e-3) / *expected;
            if surprise.ln().abs() > NOTICED {
                *expected *= surprise.powf(behaviour.expectation_weight);
            }
        }
        // Contracts follow spot by a quarter.
        self.average_price = self
            .contract
            .iter()
            .zip(&outcome.price)
            .map(|(contract, spot)| behaviour.contract_share * contract + (1.0 - behaviour.contract_share) * spot)
            .collect();
        self.contract.clone_from(&outcome.price);
        let cap = behaviour.substitution_cap_per_year / 4.0;
        for (segment, habit) in chain.segments.iter().zip(&mut self.habit) {
            let n = segment.node.index();
            let relative = (self.average_price[n] / chain.nodes[n].base_price).max(1.0);
            let target = if relative.ln() > NOTICED {
                relative.powf(-segment.long_run_elasticity)
            } else {
                1.0
            };
            let wanted = behaviour.demand_adjustment * (target.ln() - habit.ln());
            // The last hundredth of a way back is not worth a change of plans.
            *habit = if wanted > 0.0 && *habit > 0.995 {
                1.0
            } else {
                *habit * wanted.clamp(-cap, cap).exp()
            };
        }
    }
}
