//! A path: quarters in sequence, with stocks, expectations and demand carried between them.
//!
//! Nobody on the path foresees the next event. Stocks are held against the price people have come to
//! expect, which follows spot with a lag and draws trends on; when prices rise, more cover is sought.
//! Users move towards their long-run demand at a limited speed; contract prices follow spot. Plants
//! outside a restricting exporter that earn rents grow after their lead time, and diffusion spreads
//! where it pays. An exporter that restricts may add a mark-up, and quotes outside it carry a premium
//! where trade is thin.

mod behaviour;
mod diffusion;
mod growth;
mod restriction;
mod state;

use std::time::Instant;

use crate::MarketError;
use crate::chain::{Chain, NodeIx};
use crate::lp::PriceInterval;
use crate::policy::Policy;
use crate::quarter::{Conditions, Outcome, QuarterModel, Start};
use crate::scenario::{Quarter, Scenario};

pub use behaviour::{Behaviour, Diffusion, Growth, Hoarding};
use state::State;

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
    /// What is quoted at each node: spot, and outside a restricting exporter a premium where trade is thin, USD/kg.
    pub quote: Vec<f64>,
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
    /// In each quarter, the prices that its optimum supports at each of the nodes that were watched.
    pub intervals: Vec<Vec<PriceInterval>>,
}

/// Runs a scenario on a chain.
///
/// # Errors
/// When a quarter cannot be solved.
pub fn simulate(chain: &Chain, scenario: &Scenario, behaviour: Behaviour) -> Result<Path, MarketError> {
    run(chain, scenario, behaviour, None, &[])
}

/// As [`simulate`], asking in every quarter which prices the optimum supports at some nodes. The path is the same.
///
/// # Errors
/// When a quarter cannot be solved.
pub fn simulate_watching(
    chain: &Chain,
    scenario: &Scenario,
    behaviour: Behaviour,
    nodes: &[NodeIx],
) -> Result<Path, MarketError> {
    run(chain, scenario, behaviour, None, nodes)
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
    run(chain, scenario, behaviour, start, &[])
}

fn run(
    chain: &Chain,
    scenario: &Scenario,
    behaviour: Behaviour,
    start: Option<&Start>,
    watched: &[NodeIx],
) -> Result<Path, MarketError> {
    let started = Instant::now();
    let policy = Policy::new(chain, scenario);
    let structure = policy.structure();
    let groups = &structure.quotas;
    let mut model = match start {
        Some(start) => QuarterModel::from_start(chain, &structure, start)?,
        None => QuarterModel::with(chain, &structure)?,
    };
    let base = model.base().clone();
    let built = started.elapsed().as_secs_f64();
    let mut state = State::new(chain, &base, groups.len());
    let (mut steps, mut intervals) = (Vec::new(), Vec::new());
    let mut quarter = scenario.start;
    for _ in 0..scenario.quarters {
        policy.apply(quarter, &mut state.conditions);
        let reference = grown(chain, quarter, policy.demand(quarter));
        state.enter(chain, groups, &reference, &behaviour);
        let outcome = model.solve(&state.conditions).map_err(|e| during(quarter, e))?;
        if !watched.is_empty() {
            intervals.push(model.price_intervals(watched).map_err(|e| during(quarter, e))?);
        }
        // As they settled: duties and mark-ups on this quarter's prices.
        state.conditions.settle(&outcome.duty);
        let conditions = state.conditions.clone();
        state.advance(chain, &outcome, &base, &behaviour);
        steps.push(Step {
            quarter,
            conditions,
            outcome,
            reference,
            average_price: state.average_price.clone(),
            quote: state.quote.clone(),
        });
        quarter = quarter.next();
    }
    Ok(Path {
        base,
        steps,
        warnings: policy.idle_events(),
        seconds: (built, started.elapsed().as_secs_f64() - built),
        intervals,
    })
}

fn during(quarter: Quarter, error: MarketError) -> MarketError {
    match error {
        MarketError::Lp(source) => MarketError::Quarter {
            quarter: quarter.to_string(),
            source,
        },
        other => other,
    }
}

/// Reference demand with the trends of its segments, from the middle of the base year to the middle of the quarter.
fn grown(chain: &Chain, quarter: Quarter, mut reference: Vec<f64>) -> Vec<f64> {
    let years = f64::from(quarter.year()) - f64::from(chain.year) + (f64::from(quarter.q()) - 0.5) / 4.0 - 0.5;
    for (scale, segment) in reference.iter_mut().zip(&chain.segments) {
        if segment.trend != 0.0 {
            *scale *= (segment.trend * years).exp();
        }
    }
    reference
}
