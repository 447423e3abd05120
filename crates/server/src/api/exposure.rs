//! What is exposed: products, countries, fleets.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use monazite_exposure::bom::TEMPLATE;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::Envelope;
use crate::asked::{Asked, Named, Sent};
use crate::content::Page;
use crate::desk::Desk;
use crate::jobs::bundled;
use crate::problem::Problem;
use crate::question::Question;

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Where, and under what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Where {
    /// Where parts are bought whose row does not say.
    #[serde(rename = "for")]
    place: Option<String>,
    /// What this scenario does: one that comes with the program.
    scenario: Option<String>,
}

/// What a bill of materials is exposed to
///
/// CSV, or XLSX (its first sheet). Tables parts, elements, origins, chokepoints, substitutes.
#[utoipa::path(post, path = "/exposure", tag = "money", params(Where),
    request_body(content((String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn bill(State(desk): State<Arc<Desk>>, Asked(asked): Asked<Where>, sent: Sent) -> Result<Page, Problem> {
    let sent = sent.only(&[CSV, XLSX])?;
    sent.at_most(desk.settings.limits.file_bytes)?;
    if sent.bytes.is_empty() {
        return Err(
            Problem::input("the bill of materials is empty").hint("/api/v1/exposure/template is one to start from")
        );
    }
    let name = if sent.kind == CSV { "bill.csv" } else { "bill.xlsx" };
    let question = Question::of(&["exposure"])
        .option("for", asked.place)?
        .option("scenario", known(asked.scenario)?)?
        .file(name, sent.bytes.to_vec());
    desk.ask(question).await
}

/// A bill of materials to start from
#[utoipa::path(get, path = "/exposure/template", tag = "money",
    responses((status = 200, body = String, content_type = "text/csv")))]
pub async fn template() -> ([(header::HeaderName, &'static str); 2], &'static str) {
    let kind = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"bill-of-materials.csv\"",
        ),
    ];
    (kind, TEMPLATE)
}

/// Under what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Under {
    /// A scenario that comes with the program.
    scenario: Option<String>,
}

/// What a country's industries lose
#[utoipa::path(get, path = "/exposure/country/{place}", tag = "money",
    params(("place" = String, Path, description = "`USA`"), Under),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn country(
    State(desk): State<Arc<Desk>>,
    Named(place): Named<String>,
    Asked(asked): Asked<Under>,
) -> Result<Page, Problem> {
    let question = Question::of(&["exposure"])
        .option("country", Some(place))?
        .option("scenario", known(asked.scenario)?)?;
    desk.ask(question).await
}

/// Which fleet.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Fleet {
    /// `EV`, `wind`.
    fleet: String,
    /// Where it is.
    #[serde(rename = "for")]
    place: String,
    /// `2025..2035`.
    years: Option<String>,
    /// Which outlook.
    outlook: Option<String>,
}

/// What a fleet needs, year by year
#[utoipa::path(get, path = "/exposure/fleet", tag = "money", params(Fleet),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn fleet(State(desk): State<Arc<Desk>>, Asked(asked): Asked<Fleet>) -> Result<Page, Problem> {
    let question = Question::of(&["exposure"])
        .option("fleet", Some(asked.fleet))?
        .option("for", Some(asked.place))?
        .option("years", asked.years)?
        .option("outlook", asked.outlook)?;
    desk.ask(question).await
}

/// Technologies and platforms, and what they contain
#[utoipa::path(get, path = "/technologies", tag = "money", responses((status = 200, body = Envelope)))]
pub async fn technologies(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.ask(Question::of(&["exposure", "technologies"])).await
}

/// The evidence on what one technology contains
#[utoipa::path(get, path = "/technologies/{name}", tag = "money",
    params(("name" = String, Path, description = "`f35`, `EV`")),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn technology(State(desk): State<Arc<Desk>>, Named(name): Named<String>) -> Result<Page, Problem> {
    desk.ask(Question::of(&["exposure", "technologies"]).value("technology", name)?)
        .await
}

/// A scenario that comes with the program: no other word, which the program would take for a file.
fn known(scenario: Option<String>) -> Result<Option<String>, Problem> {
    let scenario = scenario.filter(|name| !name.is_empty());
    if let Some(name) = &scenario {
        bundled(name)?;
    }
    Ok(scenario)
}
