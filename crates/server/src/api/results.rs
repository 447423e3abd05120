//! What came of a job.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::Envelope;
use crate::asked::{Asked, Named};
use crate::desk::Desk;
use crate::jobs::{ANSWER, REPORT, RESULT, SCENARIO};
use crate::problem::Problem;
use crate::question::Question;
use crate::tables::{self, Rows, Wanted};

/// A report is a page of its own: it may show what it holds, and nothing else.
const REPORT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups";

/// What a job answers
#[utoipa::path(get, path = "/jobs/{id}/result", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn result(State(desk): State<Arc<Desk>>, Named(id): Named<u64>) -> Result<Json<Envelope>, Problem> {
    let (job, folder) = desk.jobs.done(id)?;
    let printed = folder.read(ANSWER).map_err(|_| gone())?;
    let command = job.request.question()?.command();
    Envelope::of(&desk.dataset, &desk.fingerprint, command, &printed).map(Json)
}

/// Rows of a table of a result
///
/// Of a run: prices, flows, uses, stocks, production, capacities, quotas, policies, shortages. Of an ensemble:
/// `price_bands`, `loss_bands`, shortages, inputs. Any column may be asked for by a value: `?product=oxide:Dy&place=JPN`;
/// `?sum=surplus_loss_kusd&by=end_use` gives sums instead of rows.
#[utoipa::path(get, path = "/jobs/{id}/tables/{table}", tag = "jobs",
    params(("id" = u64, Path, description = "Its number"), ("table" = String, Path, description = "The table")),
    responses((status = 200, body = Rows), (status = "4XX", body = Problem)))]
pub async fn table(
    State(desk): State<Arc<Desk>>,
    Named((id, name)): Named<(u64, String)>,
    Asked(query): Asked<BTreeMap<String, String>>,
) -> Result<Json<Rows>, Problem> {
    let (_, folder) = desk.jobs.done(id)?;
    let _turn = desk.turn().await?;
    let read =
        tokio::task::spawn_blocking(move || tables::read(&folder.path().join(RESULT), &name, &Wanted::of(query))).await;
    read.map_err(|_| Problem::failed("the server made a mistake of its own"))?
        .map(Json)
}

/// What is to be explained.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Explain {
    /// Why this product costs what it does: `oxide:Dy`.
    price: Option<String>,
    /// Why users run short of this product: `magnet:uh`.
    shortage: Option<String>,
    /// Where.
    place: String,
    /// When: `2025Q3`, or `base` [default: the quarter with the highest price].
    quarter: Option<String>,
}

/// Why a price is what it is, or why somebody runs short: which constraint, and what it would be worth to relax it
#[utoipa::path(get, path = "/jobs/{id}/explain", tag = "jobs",
    params(("id" = u64, Path, description = "Its number"), Explain),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn explain(
    State(desk): State<Arc<Desk>>,
    Named(id): Named<u64>,
    Asked(asked): Asked<Explain>,
) -> Result<Json<Envelope>, Problem> {
    let (_, folder) = desk.jobs.done(id)?;
    if asked.price.is_some() == asked.shortage.is_some() {
        return Err(Problem::input("ask for `price` or for `shortage`"));
    }
    let question = Question::of(&["explain"])
        .option("price", asked.price)?
        .option("shortage", asked.shortage)?
        .option("place", Some(asked.place))?
        .option("quarter", asked.quarter)?
        .value("result", RESULT)?;
    let _turn = desk.turn().await?;
    desk.answer_in(&question, folder.path()).await.map(Json)
}

/// The report of a result: one HTML page
#[utoipa::path(get, path = "/jobs/{id}/report", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, body = String, content_type = "text/html"), (status = "4XX", body = Problem)))]
pub async fn report(State(desk): State<Arc<Desk>>, Named(id): Named<u64>) -> Result<Response, Problem> {
    let (_, folder) = desk.jobs.done(id)?;
    let page = folder.read_result(REPORT).map_err(|_| gone())?;
    let mut response = page.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REPORT_POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    Ok(response)
}

/// The scenario of a job: TOML, as it was run
#[utoipa::path(get, path = "/jobs/{id}/scenario", tag = "jobs", params(("id" = u64, Path, description = "Its number")),
    responses((status = 200, body = String, content_type = "application/toml"), (status = "4XX", body = Problem)))]
pub async fn scenario(State(desk): State<Arc<Desk>>, Named(id): Named<u64>) -> Result<Response, Problem> {
    desk.jobs.job(id)?;
    let text = desk.jobs.folder(id).read(SCENARIO).map_err(|_| gone())?;
    let kind = [
        (header::CONTENT_TYPE, "application/toml; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"scenario.toml\""),
    ];
    Ok((kind, text).into_response())
}

fn gone() -> Problem {
    Problem::failed("the job's folder does not hold this any more").hint("run the job again")
}
