//! Scenarios: those that come with the program, and the check of one's own.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Json, http::header};
use monazite_market::scenario::{self, Scenario, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::answer::Envelope;
use crate::asked::{Asked, Named, Sent};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::question::Question;

/// The scenarios that come with the program
#[utoipa::path(get, path = "/scenarios", tag = "scenarios", responses((status = 200, body = Envelope)))]
pub async fn list(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.ask(Question::of(&["scenario", "list"])).await
}

/// One scenario: what happens when, on which evidence; its file in `data.toml`
#[utoipa::path(get, path = "/scenarios/{name}", tag = "scenarios",
    params(("name" = String, Path, description = "`china-2025-04`")),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn show(State(desk): State<Arc<Desk>>, Named(name): Named<String>) -> Result<Json<Envelope>, Problem> {
    let found = scenario::find(&name).map_err(|unknown| Problem::unknown(StatusCode::NOT_FOUND, &unknown))?;
    let question = Question::of(&["scenario", "show"]).value("scenario", found.name)?;
    let _turn = desk.turn().await?;
    let mut envelope = desk.fresh(&question).await?;
    if let Some(data) = envelope.answer.data.as_object_mut() {
        data.insert("toml".to_owned(), Value::from(found.text));
    }
    Ok(Json(envelope))
}

/// How it is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Called {
    /// Name of the new scenario.
    name: Option<String>,
}

/// A file to start a scenario from
#[utoipa::path(get, path = "/scenarios/template", tag = "scenarios", params(Called),
    responses((status = 200, body = String, content_type = "text/plain")))]
pub async fn template(Asked(asked): Asked<Called>) -> ([(header::HeaderName, &'static str); 1], String) {
    let text = scenario::template(asked.name.as_deref().unwrap_or("my-scenario"));
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// What is right or wrong with a scenario.
#[derive(Debug, Serialize, ToSchema)]
pub struct Checked {
    /// Whether it can be run.
    ok: bool,
    /// How many errors it has, those not listed included.
    errors: usize,
    /// Errors and warnings in the order of the file.
    faults: Vec<Fault>,
    /// What it says, where it can be run.
    scenario: Option<Outline>,
}

/// A fault of a scenario.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fault {
    /// `error` or `warning`.
    severity: &'static str,
    /// Line, from 1.
    line: usize,
    /// Column in characters, from 1.
    column: usize,
    /// The event it is in.
    event: Option<String>,
    /// What is wrong.
    message: String,
    /// The nearest valid word.
    nearest: Option<String>,
    /// What to do.
    hint: Option<String>,
}

/// A scenario in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct Outline {
    /// Short id.
    name: String,
    /// What happens, in a line.
    title: String,
    /// More about it.
    description: String,
    /// The year that "as before" refers to.
    base_year: i16,
    /// First quarter.
    start: String,
    /// Last quarter.
    last: String,
    /// How many quarters.
    quarters: u32,
    /// What happens.
    events: Vec<EventOutline>,
}

/// An event in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventOutline {
    /// Its id.
    event: String,
    /// What kind it is.
    kind: &'static str,
    /// From when.
    from: String,
    /// Until when, if it ends.
    until: Option<String>,
    /// What it is, in a line.
    title: Option<String>,
    /// The evidence it names.
    evidence: Vec<String>,
}

/// Check the text of a scenario: TOML
///
/// 200 for any text that could be looked at, with faults by line and column.
#[utoipa::path(post, path = "/scenarios/check", tag = "scenarios",
    request_body(content = String, content_type = "application/toml"),
    responses((status = 200, body = Checked), (status = "4XX", body = Problem)))]
pub async fn check(State(desk): State<Arc<Desk>>, sent: Sent) -> Result<Json<Checked>, Problem> {
    let sent = sent.only(&["application/toml", "text/plain"])?;
    sent.at_most(desk.settings.limits.text_bytes)?;
    let text = sent.text()?;
    Ok(Json(match Scenario::read(text, "scenario.toml", &desk.vocabulary) {
        Ok(read) => Checked {
            ok: true,
            errors: 0,
            faults: read.warnings.iter().map(fault).collect(),
            scenario: Some(outline(&read.scenario)),
        },
        Err(found) => {
            let wrong = found
                .faults
                .iter()
                .filter(|fault| fault.severity == Severity::Error)
                .count();
            Checked {
                ok: false,
                errors: wrong + found.more,
                faults: found.faults.iter().map(fault).collect(),
                scenario: None,
            }
        }
    }))
}

fn fault(found: &scenario::ScenarioFault) -> Fault {
    Fault {
        severity: match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        line: found.line,
        column: found.column,
        event: found.event.clone(),
        message: found.message.clone(),
        nearest: found.nearest.clone(),
        hint: found.hint.clone(),
    }
}

fn outline(scenario: &Scenario) -> Outline {
    let events = scenario.events.iter().map(|event| EventOutline {
        event: event.id.clone(),
        kind: event.kind.word(),
        from: event.from.to_string(),
        until: event.until.map(|until| until.to_string()),
        title: event.title.clone(),
        evidence: event.evidence.clone(),
    });
    Outline {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        description: scenario.description.clone(),
        base_year: scenario.base_year,
        start: scenario.start.to_string(),
        last: scenario.last().to_string(),
        quarters: scenario.quarters,
        events: events.collect(),
    }
}
