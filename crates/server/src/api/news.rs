//! Articles and deals.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::answer::Envelope;
use crate::asked::{Asked, Sent};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::question::Question;

/// How an article is read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct How {
    /// The day it was published, `2025-03-31` [default: the date found in it].
    date: Option<String>,
    /// Whether its scenario is run [default: true].
    run: Option<bool>,
}

/// Turn an article into events, checked claims, a scenario and numbers
///
/// `data` is the brief as `monazite brief --json` prints it. Only English is read; nothing leaves this machine.
#[utoipa::path(post, path = "/brief", tag = "money", params(How),
    request_body(content((String = "text/plain"), (String = "text/html"), (String = "text/markdown"))),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn brief(State(desk): State<Arc<Desk>>, Asked(asked): Asked<How>, sent: Sent) -> Result<Page, Problem> {
    let sent = sent.only(&["text/plain", "text/html", "text/markdown"])?;
    sent.at_most(desk.settings.limits.text_bytes)?;
    if sent.bytes.is_empty() {
        return Err(Problem::input("the article is empty"));
    }
    let question = Question::of(&["brief"])
        .option("date", asked.date)?
        .flag("no-run", asked.run == Some(false))
        .file("article.txt", sent.bytes.to_vec());
    desk.ask(question).await
}

/// Which deals.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichDeals {
    /// Part of a party's name.
    party: Option<String>,
    /// Part of the instrument: loan, equity, grant, offtake.
    instrument: Option<String>,
    /// A stage: mine, separation, metal, magnet, recycling.
    stage: Option<String>,
    /// Where it takes effect.
    place: Option<String>,
    /// Part of the status: signed, announced, LOI.
    status: Option<String>,
    /// The year it was made.
    year: Option<i16>,
    /// At least so many million USD.
    min: Option<f64>,
    /// At most so many million USD.
    max: Option<f64>,
}

/// The ledger of deals, and the money in it
#[utoipa::path(get, path = "/deals", tag = "money", params(WhichDeals),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn deals(State(desk): State<Arc<Desk>>, Asked(asked): Asked<WhichDeals>) -> Result<Page, Problem> {
    let question = Question::of(&["deals"])
        .option("party", asked.party)?
        .option("instrument", asked.instrument)?
        .option("stage", asked.stage)?
        .option("place", asked.place)?
        .option("status", asked.status)?
        .option("year", asked.year)?
        .option("min", asked.min)?
        .option("max", asked.max)?;
    desk.ask(question).await
}
