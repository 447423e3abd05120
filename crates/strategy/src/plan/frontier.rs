//! The frontier: the best plan at each budget and each weight of bad outcomes.

use super::decompose::{Best, Effort, Round, decompose};
use super::error::PlanError;
use super::instance::{Aversion, Instance};
use super::oracle::Oracle;
use super::tail::{cvar, mean};

/// One point.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Budget, million USD.
    pub budget: f64,
    /// Weight of bad outcomes.
    pub weight: f64,
    /// What the plan costs, million USD.
    pub cost: f64,
    /// Mean loss, million USD.
    pub mean: f64,
    /// Mean over the worst outcomes, million USD.
    pub tail: f64,
    /// The plan.
    pub best: Best,
}

/// Solves a programme at every budget and weight. What was learnt of the markets at one point serves all others.
///
/// # Errors
/// As [`decompose`].
pub fn frontier(
    instance: &Instance,
    oracle: &mut Oracle,
    budgets: &[f64],
    weights: &[f64],
    effort: &Effort,
    watch: &mut dyn FnMut(&Round) -> bool,
) -> Result<Vec<Point>, PlanError> {
    let mut points: Vec<Point> = Vec::new();
    for weight in weights {
        for budget in budgets {
            let asked = Instance {
                budget: *budget,
                aversion: Aversion {
                    weight: *weight,
                    ..instance.aversion
                },
                ..instance.clone()
            };
            let best = decompose(&asked, oracle, effort, watch)?;
            let (losses, p) = (asked.path_losses(&best.cells), asked.probabilities());
            points.push(Point {
                budget: *budget,
                weight: *weight,
                cost: asked.cost(&best.x),
                mean: mean(&losses, &p),
                tail: cvar(&losses, &p, asked.aversion.level),
                best,
            });
        }
    }
    Ok(points)
}
