//! Indicators, the balanced year, and the evidence behind a number.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::list;
use crate::answer::Envelope;
use crate::asked::Asked;
use crate::content::Page;
use crate::desk::Desk;
use crate::jobs::Resolution;
use crate::problem::Problem;
use crate::question::Question;

/// In which form scores are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A row each.
    #[default]
    Table,
    /// Over the years.
    History,
    /// In order, with intervals.
    Rank,
}

/// Of what, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Risk {
    /// Methods, joined by `,`: shares, hhi, n-1, chokepoints, reliance, eu, usgs, geopolrisk.
    method: Option<String>,
    /// Elements or groups of them, joined by `,` [default: all].
    element: Option<String>,
    /// Stages, joined by `,`: mine, separation, metal, magnet [default: all].
    stage: Option<String>,
    /// Importing countries or groups, joined by `,`.
    importer: Option<String>,
    /// `2024`, `2018..2022`, `2009,2024`.
    years: Option<String>,
    /// Whose shares: `country` or `company`.
    by: Option<String>,
    /// For `chokepoints`: the share from which a holder counts.
    threshold: Option<f64>,
    /// For `eu`: the printed inputs of an assessment: 2017, 2023.
    assessment: Option<u16>,
    /// Take each score apart.
    #[serde(default)]
    explain: bool,
    /// In which form.
    #[serde(default)]
    #[param(inline)]
    form: Form,
    /// For `rank`: how many draws, at most 10,000.
    draws: Option<u32>,
    /// For `rank`: the seed.
    seed: Option<u64>,
    /// For `rank`: count how often each is among so many highest.
    top: Option<usize>,
}

/// Indicators: shares, concentration, import reliance, criticality
///
/// Tables `scores` (and `terms` with `explain`), `history` or `ranking`, as `monazite risk` gives them.
#[utoipa::path(get, path = "/risk", tag = "chain", params(Risk),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn risk(State(desk): State<Arc<Desk>>, Asked(asked): Asked<Risk>) -> Result<Page, Problem> {
    let verb = match asked.form {
        Form::Table => "table",
        Form::History => "history",
        Form::Rank => "rank",
    };
    let methods = list(asked.method.as_deref());
    let methods = match (asked.form, methods.is_empty()) {
        (Form::Rank, true) => None,
        (_, true) => Some("shares".to_owned()),
        (_, false) => Some(methods.join(",")),
    };
    let mut question = Question::of(&["risk", verb])
        .option("method", methods)?
        .option("element", Some(list(asked.element.as_deref()).join(",")))?
        .option("stage", Some(list(asked.stage.as_deref()).join(",")))?
        .option("importer", Some(list(asked.importer.as_deref()).join(",")))?
        .option("years", asked.years)?
        .option("by", asked.by)?
        .option("threshold", asked.threshold)?
        .option("assessment", asked.assessment)?;
    if asked.form == Form::Table {
        question = question.flag("explain", asked.explain);
    }
    if asked.form == Form::Rank {
        question = question
            .option("draws", asked.draws.map(|draws| draws.min(10_000)))?
            .option("seed", asked.seed)?
            .option("top", asked.top)?;
    }
    desk.ask(question).await
}

/// Which balanced year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct BaseYear {
    /// 2024 or 2009 [default: 2024].
    year: Option<u16>,
    /// How finely the world is divided.
    #[serde(default)]
    #[param(inline)]
    view: Resolution,
}

/// The balanced base year: totals by stage and place, targets, adjustments
#[utoipa::path(get, path = "/base-year", tag = "chain", params(BaseYear),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn base_year(State(desk): State<Arc<Desk>>, Asked(asked): Asked<BaseYear>) -> Result<Page, Problem> {
    let question = Question::of(&["data", "base-year"])
        .option("view", Some(asked.view.word()))?
        .value("year", asked.year.unwrap_or(2024).to_string())?;
    desk.ask(question).await
}

/// Which number.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Why {
    /// Where: `MMR`, `Myanmar`.
    place: String,
    /// Which element: `Dy`.
    element: String,
    /// Which stage: mine, cracking, `separation_light`, `separation_heavy`, metal, magnet, recycling, scandium.
    stage: String,
    /// Only this year [default: the latest of each table].
    year: Option<u16>,
}

/// The evidence behind a number, conflicts side by side
#[utoipa::path(get, path = "/why", tag = "evidence", params(Why),
    responses((status = 200, body = Envelope), (status = "4XX", body = Problem)))]
pub async fn why(State(desk): State<Arc<Desk>>, Asked(asked): Asked<Why>) -> Result<Page, Problem> {
    let question = Question::of(&["data", "why"])
        .option("year", asked.year)?
        .value("place", asked.place)?
        .value("element", asked.element)?
        .value("stage", asked.stage)?;
    desk.ask(question).await
}
