//! Which evidence drives an outcome of a scenario.
//!
//! Three steps, each for what the one before left: elementary effects of whole parameters (all their rows high or low
//! together), elementary effects of the single rows of the strongest parameters, and Sobol indices of the strongest
//! rows with everything else as one group. Correlation within groups is left out here: an index splits the variance
//! among inputs that are drawn one by one.

use std::collections::BTreeMap;

use monazite_evidence::{Confidence, SourceId};
use monazite_market::scenario::Scenario;
use rayon::prelude::*;

use super::morris::{Effect, morris};
use super::outcome::Outcome;
use super::sobol::{Index, Indices, sobol};
use crate::EnsembleError;
use crate::frame::Frame;
use crate::inputs::Inputs;
use crate::world::World;

/// Evaluations that share balanced base years in memory.
const CHUNK: usize = 256;

/// How much work to spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Walks of the screening.
    pub trajectories: usize,
    /// Parameters whose rows are screened one by one.
    pub parameters: usize,
    /// Rows that get Sobol indices.
    pub drivers: usize,
    /// Base points of the Sobol indices.
    pub rows: u32,
    /// Seed of all of it.
    pub seed: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            trajectories: 8,
            parameters: 6,
            drivers: 8,
            rows: 128,
            seed: 0,
        }
    }
}

/// A parameter or row as the screening saw it.
#[derive(Clone, Debug, PartialEq)]
pub struct Screened {
    /// Parameter, or input.
    pub id: String,
    /// What it stands for.
    pub meaning: String,
    /// Its effect.
    pub effect: Effect,
    /// Worst confidence of its rows.
    pub confidence: Confidence,
}

/// A row that drives the outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Driver {
    /// The input.
    pub id: String,
    /// What it stands for.
    pub meaning: String,
    /// Its indices.
    pub index: Index,
    /// Its direction: the mean elementary effect, per whole range.
    pub direction: f64,
    /// Confidence of its row.
    pub confidence: Confidence,
    /// Its sources.
    pub sources: Vec<SourceId>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Parameters by strength.
    pub parameters: Vec<Screened>,
    /// Rows of the strongest parameters by strength.
    pub rows: Vec<Screened>,
    /// Rows by total index.
    pub drivers: Vec<Driver>,
    /// Everything else, taken together.
    pub rest: Index,
    /// The outcome at best estimates.
    pub best: f64,
    /// Its mean.
    pub mean: f64,
    /// Its standard deviation.
    pub deviation: f64,
    /// Evaluations in all.
    pub evaluations: usize,
}

/// Ranks what drives an outcome. `tell` hears evaluations done and the name of the step.
///
/// # Errors
/// When a market cannot be built or solved.
pub fn rank(
    world: &World,
    scenario: &Scenario,
    frame: &Frame,
    outcome: &Outcome,
    budget: Budget,
    tell: &mut (dyn FnMut(usize, &'static str) + Send),
) -> Result<Ranking, EnsembleError> {
    let inputs = world.inputs();
    let mut evaluations = 0;
    let study = Study {
        world,
        scenario,
        frame,
        outcome,
    };
    let best = study
        .values(&[vec![None; inputs.list.len()]])?
        .first()
        .copied()
        .unwrap_or(0.0);

    let parameters = Factors::parameters(inputs);
    let mut evaluate = |points: &[Vec<f64>]| {
        study.evaluate(
            points,
            &mut |p| parameters.quantiles(p),
            "screening parameters",
            &mut evaluations,
            tell,
        )
    };
    let effects = morris(
        parameters.members.len(),
        budget.trajectories,
        budget.seed,
        &mut evaluate,
    )?;
    let by_parameter = strongest(effects);

    let rows: Vec<usize> = by_parameter
        .iter()
        .take(budget.parameters)
        .filter(|(_, effect)| effect.strength > 0.0)
        .flat_map(|(factor, _)| parameters.members[*factor].iter().copied())
        .collect();
    let single = Factors::rows(inputs.list.len(), &rows);
    let mut evaluate = |points: &[Vec<f64>]| {
        study.evaluate(
            points,
            &mut |p| single.quantiles(p),
            "screening rows",
            &mut evaluations,
            tell,
        )
    };
    let effects = morris(rows.len(), budget.trajectories, budget.seed ^ 1, &mut evaluate)?;
    let by_row = strongest(effects);

    let chosen: Vec<usize> = by_row.iter().take(budget.drivers).map(|(at, _)| rows[*at]).collect();
    let others: Vec<usize> = (0..inputs.list.len()).filter(|d| !chosen.contains(d)).collect();
    let order: Vec<usize> = chosen.iter().chain(&others).copied().collect();
    let mut widths = vec![1; chosen.len()];
    widths.push(others.len());
    let mut placed = |p: &[f64]| {
        let mut quantiles = vec![None; inputs.list.len()];
        for (input, u) in order.iter().zip(p) {
            quantiles[*input] = Some(*u);
        }
        quantiles
    };
    let mut evaluate =
        |points: &[Vec<f64>]| study.evaluate(points, &mut placed, "splitting the variance", &mut evaluations, tell);
    let indices = sobol(&widths, budget.rows, budget.seed, &mut evaluate)?;

    let screened = |id: &str, meaning: &str, confidence, effect| Screened {
        id: id.to_owned(),
        meaning: meaning.to_owned(),
        effect,
        confidence,
    };
    Ok(Ranking {
        parameters: by_parameter
            .iter()
            .filter_map(|(factor, effect)| {
                let members = &parameters.members[*factor];
                let first = &inputs.list[*members.first()?];
                let worst = members.iter().map(|d| inputs.list[*d].confidence).max()?;
                Some(screened(&first.parameter, &first.meaning, worst, *effect))
            })
            .collect(),
        rows: by_row
            .iter()
            .map(|(at, effect)| {
                let input = &inputs.list[rows[*at]];
                screened(&input.id, &input.meaning, input.confidence, *effect)
            })
            .collect(),
        drivers: drivers(inputs, &chosen, &by_row, &rows, &indices),
        rest: indices.list.last().copied().unwrap_or_default(),
        best,
        mean: indices.mean,
        deviation: indices.variance.sqrt(),
        evaluations: evaluations + 1,
    })
}

fn drivers(
    inputs: &Inputs,
    chosen: &[usize],
    by_row: &[(usize, Effect)],
    rows: &[usize],
    indices: &Indices,
) -> Vec<Driver> {
    let mut drivers: Vec<Driver> = chosen
        .iter()
        .zip(&indices.list)
        .map(|(at, index)| {
            let input = &inputs.list[*at];
            let effect = by_row.iter().find(|(row, _)| rows[*row] == *at);
            Driver {
                id: input.id.clone(),
                meaning: input.meaning.clone(),
                index: *index,
                direction: effect.map_or(0.0, |(_, effect)| effect.mean),
                confidence: input.confidence,
                sources: input.sources.clone(),
            }
        })
        .collect();
    drivers.sort_by(|a, b| b.index.total.total_cmp(&a.index.total));
    drivers
}

/// Factors and the inputs that each moves.
struct Factors {
    members: Vec<Vec<usize>>,
    inputs: usize,
}

impl Factors {
    /// One factor per parameter.
    fn parameters(inputs: &Inputs) -> Self {
        let mut at: BTreeMap<&str, usize> = BTreeMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        for (d, input) in inputs.list.iter().enumerate() {
            let factor = *at.entry(&input.parameter).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[factor].push(d);
        }
        Self {
            members,
            inputs: inputs.list.len(),
        }
    }

    /// One factor per chosen input; the others stay at their best estimates.
    fn rows(inputs: usize, rows: &[usize]) -> Self {
        Self {
            members: rows.iter().map(|d| vec![*d]).collect(),
            inputs,
        }
    }

    fn quantiles(&self, point: &[f64]) -> Vec<Option<f64>> {
        let mut quantiles = vec![None; self.inputs];
        for (members, u) in self.members.iter().zip(point) {
            for d in members {
                quantiles[*d] = Some(*u);
            }
        }
        quantiles
    }
}

fn strongest(effects: Vec<Effect>) -> Vec<(usize, Effect)> {
    let mut order: Vec<(usize, Effect)> = effects.into_iter().enumerate().collect();
    order.sort_by(|a, b| b.1.strength.total_cmp(&a.1.strength).then(a.0.cmp(&b.0)));
    order
}

/// A scenario whose outcome is evaluated at quantiles.
struct Study<'a> {
    world: &'a World,
    scenario: &'a Scenario,
    frame: &'a Frame,
    outcome: &'a Outcome,
}

impl Study<'_> {
    fn evaluate(
        &self,
        points: &[Vec<f64>],
        quantiles: &mut dyn FnMut(&[f64]) -> Vec<Option<f64>>,
        step: &'static str,
        done: &mut usize,
        tell: &mut (dyn FnMut(usize, &'static str) + Send),
    ) -> Result<Vec<f64>, EnsembleError> {
        let mut values = Vec::with_capacity(points.len());
        for chunk in points.chunks(CHUNK) {
            let chunk: Vec<Vec<Option<f64>>> = chunk.iter().map(|p| quantiles(p)).collect();
            values.extend(self.values(&chunk)?);
            *done += chunk.len();
            tell(*done, step);
        }
        Ok(values)
    }

    /// Values at points; base years that several points share are balanced once.
    fn values(&self, points: &[Vec<Option<f64>>]) -> Result<Vec<f64>, EnsembleError> {
        let keys: Vec<Vec<u64>> = points.iter().map(|p| self.world.base_key(p)).collect();
        let mut distinct: BTreeMap<&[u64], usize> = BTreeMap::new();
        for (at, key) in keys.iter().enumerate() {
            distinct.entry(key.as_slice()).or_insert(at);
        }
        let balanced: BTreeMap<&[u64], _> = distinct
            .into_par_iter()
            .map_init(
                || self.world.desk(),
                |desk, (key, at)| Ok((key, self.world.balanced_for(&points[at], desk)?)),
            )
            .collect::<Result<_, EnsembleError>>()?;
        points
            .par_iter()
            .zip(&keys)
            .map_init(
                || self.world.desk(),
                |desk, (point, key)| {
                    let draw = self.world.on(&balanced[key.as_slice()], point, self.scenario, desk)?;
                    let path = self.world.simulate(&draw)?;
                    Ok(self
                        .outcome
                        .of(&self.frame.record(0, &draw.chain, &path, &draw.multiples), self.frame))
                },
            )
            .collect()
    }
}
