//! Who holds the chain, what is restricted, and what would break most.

use monazite_evidence::ShareStage;
use monazite_risk::{By, Context, Question, Subject, method};
use serde::Serialize;
use utoipa::ToSchema;

use super::{events, holders, ids};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::rows::Object;

/// A holder of this part of the world or more could break a chain.
const WEAK_FROM: f64 = 0.5;

/// The state of the chain.
#[derive(Debug, Serialize, ToSchema)]
pub struct Today {
    /// The year that it rests on.
    year: u16,
    /// Who holds each stage of each element, all rare earths first.
    stages: Vec<holders::Stage>,
    /// Restrictions in force, or suspended, newest first: rows of `policy_events`.
    #[schema(value_type = Vec<Object>)]
    restrictions: Vec<Object>,
    /// Countries, companies and single plants that hold half of the world or more, the most first.
    weakest: Vec<Weak>,
}

/// A single point of failure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Weak {
    /// The material.
    material: String,
    /// The stage.
    stage: Option<&'static str>,
    /// Country code, company or plant.
    holder: String,
    /// Its name.
    name: String,
    /// `country`, `company` or `plant`.
    kind: String,
    /// Part of the world that it makes.
    share: f64,
    /// Part that would remain without it.
    remains: f64,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// The state of the chain in a balanced year.
pub fn today(desk: &Desk, year: u16) -> Result<Today, Problem> {
    let context = Context::new(&desk.dataset);
    let stages = Subject::all()
        .iter()
        .flat_map(|subject| ShareStage::ALL.iter().map(|stage| (subject.clone(), *stage)))
        .map(|(subject, stage)| holders::stage(&context, &subject, stage, year))
        .collect();
    let mut rows: Vec<_> = desk
        .dataset
        .policy_events
        .iter()
        .filter(|row| events::restricts(row) && events::stands(row))
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.start.to_string()));
    Ok(Today {
        year,
        stages,
        restrictions: rows.into_iter().map(|row| events::event(desk, row)).collect(),
        weakest: weakest(desk, &context, year)?,
    })
}

fn weakest(desk: &Desk, context: &Context<'_>, year: u16) -> Result<Vec<Weak>, Problem> {
    let failed = |_| Problem::failed("the points of failure cannot be computed");
    let question = Question {
        subjects: Subject::all(),
        stages: ShareStage::ALL.to_vec(),
        years: vec![year],
        importers: Vec::new(),
        by: By::Country,
        threshold: Some(WEAK_FROM),
        assessment: None,
        inputs: None,
    };
    let chokepoints = method("chokepoints").map_err(failed)?;
    let scores = (chokepoints.scores)(context, &question).map_err(failed)?;
    let mut weak: Vec<Weak> = scores
        .into_iter()
        .filter_map(|score| {
            let share = *score.value.as_ref().ok()?;
            let sources = ids(&score.sources());
            let holder = score.holder?;
            Some(Weak {
                material: score.material,
                stage: score.stage,
                name: desk.place_name(&holder),
                holder,
                kind: score.remarks.into_iter().next().unwrap_or_default(),
                share,
                remains: 1.0 - share,
                confidence: score.confidence.as_str(),
                sources,
            })
        })
        .collect();
    weak.sort_by(|a, b| b.share.total_cmp(&a.share));
    Ok(weak)
}
