//! The economics of deposits and projects.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use monazite_evidence::error::Unknown;
use monazite_strategy::project::{studies as published, template as start};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::answer::Envelope;
use crate::asked::{Asked, Sent};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::question::Question;

/// Draws that are made at most.
const MOST_DRAWS: u32 = 10_000;
/// The file of one's own project.
const FILE: &str = "project.toml";

/// Prices and draws.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Terms {
    /// Prices outside China of this year [default: 2024].
    prices: Option<u16>,
    /// Multiply all prices.
    times: Option<f64>,
    /// A floor under the prices of Nd and Pr, USD/kg of oxide.
    floor: Option<f64>,
    /// Draws of uncertain inputs [default: 500].
    draws: Option<u32>,
    /// Seed of the draws.
    seed: Option<u64>,
    /// Only deposits of this country.
    place: Option<String>,
}

/// Every deposit of the evidence: is it viable, and at which price?
#[utoipa::path(get, path = "/projects", tag = "money", params(Terms),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn list(State(desk): State<Arc<Desk>>, Asked(terms): Asked<Terms>) -> Result<Page, Problem> {
    desk.ask(all(terms)?).await
}

/// Values all deposits as the page asks for them first.
pub async fn prepare(desk: &Desk) {
    if let Ok(question) = all(Terms::default()) {
        // Who asks for it is told what is wrong.
        let _ = desk.ask(question).await;
    }
}

fn all(terms: Terms) -> Result<Question, Problem> {
    Question::of(&["project", "list"])
        .option("prices", terms.prices)?
        .option("times", terms.times)?
        .option("floor", terms.floor)?
        .option("draws", terms.draws.map(|draws| draws.min(MOST_DRAWS)))?
        .option("seed", terms.seed)?
        .option("place", terms.place)
}

/// The published studies that come with the program
#[utoipa::path(get, path = "/projects/studies", tag = "money", responses((status = 200, body = Envelope)))]
pub async fn studies(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.ask(Question::of(&["project", "studies"])).await
}

/// A file to start a project from, every key explained
#[utoipa::path(get, path = "/projects/template", tag = "money",
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn template() -> ([(header::HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], start())
}

/// Which project, at which prices.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// A published study, or a deposit of the evidence.
    project: Option<String>,
    /// One's own project, TOML.
    toml: Option<String>,
    /// Discount rate a year instead of the project's: 0.08.
    rate: Option<f64>,
    /// Prices outside China of this year.
    #[serde(default, deserialize_with = "year")]
    #[schema(value_type = Option<u16>)]
    prices: Option<u16>,
    /// Multiply all prices.
    times: Option<f64>,
    /// A floor under the prices of Nd and Pr, USD/kg of oxide.
    floor: Option<f64>,
    /// Draws of uncertain inputs.
    draws: Option<u32>,
    /// Seed of the draws.
    seed: Option<u64>,
}

/// A year, written as a number or as text.
fn year<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u16),
        Text(String),
    }
    match Option::<Either>::deserialize(from)? {
        None => Ok(None),
        Some(Either::Number(year)) => Ok(Some(year)),
        Some(Either::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
    }
}

/// Value a project: NPV, IRR, payback, break-even, tornado, cash flow
#[utoipa::path(post, path = "/projects/value", tag = "money", request_body = Value,
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn value(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Page, Problem> {
    let asked: Value = sent.json(desk.settings.limits.text_bytes)?;
    let question = Question::of(&["project", "value"])
        .option("rate", asked.rate)?
        .option("prices", asked.prices)?
        .option("times", asked.times)?
        .option("floor", asked.floor)?
        .option("draws", asked.draws.map(|draws| draws.min(MOST_DRAWS)))?
        .option("seed", asked.seed)?;
    let question = subject(&desk, question, asked.project, asked.toml)?;
    desk.ask(question).await
}

/// Which project, and which return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// A published study, or a deposit of the evidence.
    project: Option<String>,
    /// One's own project, TOML.
    toml: Option<String>,
    /// Rate of return after tax to reach: 0.12.
    irr: f64,
    /// What the floor is under [default: Nd and Pr].
    #[serde(default)]
    under: Vec<String>,
    /// Prices outside China of this year.
    #[serde(default, deserialize_with = "year")]
    #[schema(value_type = Option<u16>)]
    prices: Option<u16>,
    /// Multiply all prices.
    times: Option<f64>,
}

/// The price floor, or the grant, that gives a project a rate of return
#[utoipa::path(post, path = "/projects/floor", tag = "money", request_body = Floor,
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn floor(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Page, Problem> {
    let asked: Floor = sent.json(desk.settings.limits.text_bytes)?;
    let question = Question::of(&["project", "floor"])
        .option("irr", Some(asked.irr))?
        .option("under", Some(asked.under.join(",")))?
        .option("prices", asked.prices)?
        .option("times", asked.times)?;
    let question = subject(&desk, question, asked.project, asked.toml)?;
    desk.ask(question).await
}

/// One's own file, or a name that is known: no other word, which the program would take for a file.
fn subject(desk: &Desk, question: Question, name: Option<String>, toml: Option<String>) -> Result<Question, Problem> {
    match (name, toml) {
        (_, Some(text)) => Ok(question.file(FILE, text.into_bytes())),
        (Some(name), None) => {
            let studies = published();
            let deposits = desk.dataset.deposits.iter().map(|row| row.deposit.as_str());
            let known: Vec<&str> = studies.iter().map(|(name, _)| *name).chain(deposits).collect();
            if known.contains(&name.as_str()) {
                return question.value("project", name);
            }
            let unknown = Unknown::new("study or deposit", &name, known.iter().copied());
            Err(Problem::unknown(StatusCode::BAD_REQUEST, &unknown))
        }
        (None, None) => Err(Problem::input("the request names no project").hint("`project`, or `toml`")),
    }
}
