//! Who holds the chain today.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::asked::Asked;
use crate::atlas::today::{self, Today};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Year {
    /// A balanced year: 2024 or 2009 [default: the latest].
    year: Option<u16>,
}

/// Who holds each stage, what is restricted now, and what would break most
#[utoipa::path(get, path = "/today", tag = "chain", params(Year),
    responses((status = 200, body = Today), (status = "4XX", body = Problem)))]
pub async fn today(State(desk): State<Arc<Desk>>, Asked(asked): Asked<Year>) -> Result<Page, Problem> {
    let year = crate::atlas::balanced_year(asked.year)?;
    desk.page(format!("today {year}"), move |desk| today::today(desk, year))
        .await
}
