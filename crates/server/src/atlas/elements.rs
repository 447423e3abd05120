//! Everything about an element on one page.

use monazite_evidence::material::Material;
use monazite_evidence::{Element, ShareStage};
use monazite_risk::context::BASE_YEARS;
use monazite_risk::{By, Context, Question, Score, Subject, method};
use serde::Serialize;
use utoipa::ToSchema;

use super::{events, holders, ids};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::rows::{Object, object, with_place_name};

/// Indicators that need no importer.
const METHODS: [&str; 2] = ["hhi", "n-1"];

/// Everything about an element.
#[derive(Debug, Serialize, ToSchema)]
pub struct ElementPage {
    /// Its row of `elements`: symbol, name, atomic number, class, oxide.
    #[schema(value_type = Object)]
    element: Object,
    /// Who holds each stage, by balanced year.
    stages: Vec<holders::Stage>,
    /// Rows of `prices`, inside China (`zone` china) and outside, without value-added tax in `price_ex_vat_usd_per_kg`.
    #[schema(value_type = Vec<Object>)]
    prices: Vec<Object>,
    /// Rows of `demand`.
    #[schema(value_type = Vec<Object>)]
    demand: Vec<Object>,
    /// Indicators by stage and balanced year.
    indicators: Vec<Indicator>,
    /// Rows of `policy_events` that name it, oldest first.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Object>,
    /// Rows of `stage_shares` that others have published.
    #[schema(value_type = Vec<Object>)]
    published_shares: Vec<Object>,
}

/// An indicator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Indicator {
    /// Which.
    method: &'static str,
    /// Of which stage.
    stage: Option<&'static str>,
    /// Of which year.
    year: u16,
    /// The value.
    value: Option<f64>,
    /// Lowest that the evidence allows.
    low: Option<f64>,
    /// Highest that the evidence allows.
    high: Option<f64>,
    /// Why there is none.
    missing: Option<String>,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// Everything about an element.
pub fn page(desk: &Desk, element: Element) -> Result<ElementPage, Problem> {
    let dataset = &desk.dataset;
    let row = dataset.elements.iter().find(|row| row.element == element);
    let row = row.ok_or_else(|| Problem::missing(format!("the evidence has no row for {element}")))?;
    let context = Context::new(dataset);
    let subject = Subject::element(element);
    let concerns = |material: &Material| material.elements().contains(&element);
    let mut rows: Vec<_> = dataset
        .policy_events
        .iter()
        .filter(|row| names(&row.elements, element))
        .collect();
    rows.sort_by_key(|row| row.start.to_string());
    let stages = BASE_YEARS
        .iter()
        .flat_map(|year| ShareStage::ALL.iter().map(|stage| (*year, *stage)))
        .map(|(year, stage)| holders::stage(&context, &subject, stage, year));
    Ok(ElementPage {
        element: object(row),
        stages: stages.collect(),
        prices: dataset
            .prices
            .iter()
            .filter(|row| concerns(&row.element))
            .map(object)
            .collect(),
        demand: dataset
            .demand
            .iter()
            .filter(|row| row.element.as_ref().is_some_and(concerns))
            .map(object)
            .collect(),
        indicators: indicators(&context, &subject)?,
        events: rows.into_iter().map(|row| events::event(desk, row)).collect(),
        published_shares: dataset
            .stage_shares
            .iter()
            .filter(|row| concerns(&row.material))
            .map(|row| with_place_name(object(row), "place", |id| desk.place_name(id)))
            .collect(),
    })
}

fn names(elements: &[String], element: Element) -> bool {
    elements.iter().any(|named| named == element.symbol())
}

fn indicators(context: &Context<'_>, subject: &Subject) -> Result<Vec<Indicator>, Problem> {
    let failed = |_| Problem::failed("the indicators cannot be computed");
    let question = Question {
        subjects: vec![subject.clone()],
        stages: ShareStage::ALL.to_vec(),
        years: BASE_YEARS.to_vec(),
        importers: Vec::new(),
        by: By::Country,
        threshold: None,
        assessment: None,
        inputs: None,
    };
    let mut found = Vec::new();
    for name in METHODS {
        let method = method(name).map_err(failed)?;
        let scores = (method.scores)(context, &question).map_err(failed)?;
        found.extend(scores.iter().map(indicator));
    }
    Ok(found)
}

/// A score as a row.
pub fn indicator(score: &Score) -> Indicator {
    let (low, high) = score.range.unzip();
    Indicator {
        method: score.method,
        stage: score.stage,
        year: score.year,
        value: score.value.as_ref().ok().copied(),
        low,
        high,
        missing: score.value.as_ref().err().map(ToString::to_string),
        confidence: score.confidence.as_str(),
        sources: ids(&score.sources()),
    }
}
