//! How a plan stands when inputs that no source supports are moved to the ends of their ranges.
//!
//! Costs, delays and probabilities of confidence C are moved one kind at a time, all of the kind together, and the plan is
//! sought again. Planes learnt of the markets hold whatever measures cost and however likely disruptions are, so a new
//! search is short. A measure that stays in every plan is robust against what is only guessed.

use std::collections::BTreeSet;

use monazite_evidence::{Confidence, Dataset};

use super::decompose::{Best, Effort, Round, decompose};
use super::error::PlanError;
use super::oracle::Oracle;
use super::world::{Candidate, World};

/// What is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// Measures cost the most that is thought possible.
    Dear,
    /// They cost the least.
    Cheap,
    /// They take the longest.
    Late,
    /// Disruptions are as unlikely as thought possible.
    Rare,
    /// They are as likely.
    Often,
}

impl Move {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Dear, Self::Cheap, Self::Late, Self::Rare, Self::Often];

    /// Its word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dear => "dear",
            Self::Cheap => "cheap",
            Self::Late => "late",
            Self::Rare => "rare",
            Self::Often => "often",
        }
    }

    /// What it means.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Dear => "costs at the high end",
            Self::Cheap => "costs at the low end",
            Self::Late => "lead times at the high end",
            Self::Rare => "probabilities at the low end",
            Self::Often => "probabilities at the high end",
        }
    }
}

/// What a plan becomes under one move.
#[derive(Clone, Debug, PartialEq)]
pub struct Stressed {
    /// What was moved.
    pub by: Move,
    /// How many inputs that is.
    pub inputs: usize,
    /// Measures of the best plan there, by position among the candidates.
    pub measures: BTreeSet<usize>,
    /// What the best plan there costs, discounted, million USD.
    pub cost: f64,
    /// Objective of the best plan there, and what no plan there can be better than, million USD.
    pub best: (f64, f64),
    /// Objective there of the plan that was made without the move, million USD; none where it breaks budget or rules.
    pub kept: Option<f64>,
}

impl Stressed {
    /// What keeping to the plan costs at most against the best plan there, as a share of the latter's objective.
    #[must_use]
    pub fn regret(&self) -> Option<f64> {
        let kept = self.kept?;
        Some((kept - self.best.1).max(0.0) / self.best.0.abs().max(1e-9))
    }
}

/// Measures of a choice, by position among the candidates.
#[must_use]
pub fn chosen(world: &World, x: &[f64]) -> BTreeSet<usize> {
    let taken = world.instance.choices.iter().zip(x).filter(|(_, x)| **x > 0.5);
    taken.map(|(choice, _)| choice.measure).collect()
}

/// Moves what is only guessed and seeks the plan again, once for every [`Move`].
///
/// # Errors
/// As [`decompose`].
pub fn stress(
    world: &World,
    dataset: &Dataset,
    oracle: &mut Oracle,
    plan: &Best,
    effort: &Effort,
    watch: &mut dyn FnMut(Move, &Round) -> bool,
) -> Result<Vec<Stressed>, PlanError> {
    let mut found = Vec::new();
    for by in Move::ALL {
        let (moved, inputs) = moved(world, dataset, by)?;
        let best = decompose(&moved.instance, oracle, effort, &mut |round| watch(by, round))?;
        let own = carried(world, &moved, &plan.x);
        let kept = if moved.instance.allows(&own) {
            Some(moved.instance.objective(&oracle.losses(&moved.instance, &own)?, &own))
        } else {
            None
        };
        // What is better than the best plan found is the best plan found.
        let (x, objective) = match kept {
            Some(kept) if kept <= best.objective => (own, kept),
            _ => (best.x.clone(), best.objective),
        };
        found.push(Stressed {
            by,
            inputs,
            measures: chosen(&moved, &x),
            cost: moved.instance.cost(&x),
            best: (objective, best.bound.min(objective)),
            kept,
        });
    }
    Ok(found)
}

/// The same question with inputs moved, and how many of them.
fn moved(world: &World, dataset: &Dataset, by: Move) -> Result<(World, usize), PlanError> {
    let (mut candidates, mut disruptions) = (world.candidates.clone(), world.disruptions.clone());
    let mut inputs = 0;
    if matches!(by, Move::Dear | Move::Cheap | Move::Late) {
        for Candidate { measure, .. } in &mut candidates {
            if measure.provenance.confidence != Confidence::C {
                continue;
            }
            inputs += 1;
            match by {
                Move::Dear => measure.cost_musd = measure.cost_musd_high,
                Move::Cheap => measure.cost_musd = measure.cost_musd_low,
                _ => measure.lead_years = measure.lead_years_high,
            }
        }
    } else {
        for disruption in &mut disruptions {
            if disruption.provenance.confidence != Confidence::C {
                continue;
            }
            inputs += 1;
            disruption.per_year = match by {
                Move::Rare => disruption.per_year_low,
                _ => disruption.per_year_high,
            };
            (disruption.per_year_low, disruption.per_year_high) = (disruption.per_year, disruption.per_year);
        }
    }
    Ok((world.with(dataset, candidates, disruptions)?, inputs))
}

/// A plan in the choices of another world: the same measures, begun in the same years where that is still possible.
fn carried(from: &World, to: &World, x: &[f64]) -> Vec<f64> {
    let mut own = vec![0.0; to.instance.choices.len()];
    for (choice, _) in from.instance.choices.iter().zip(x).filter(|(_, x)| **x > 0.5) {
        let of = (to.instance.choices.iter()).position(|c| c.measure == choice.measure && c.start == choice.start);
        if let Some(slot) = of.and_then(|at| own.get_mut(at)) {
            *slot = 1.0;
        }
    }
    own
}
