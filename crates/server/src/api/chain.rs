//! One element from ore to use.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::asked::Asked;
use crate::atlas::chain::{self, Chain};
use crate::content::Page;
use crate::desk::Desk;
use crate::jobs::Resolution;
use crate::problem::Problem;

/// Which chain.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichChain {
    /// The element: `Dy`.
    element: String,
    /// A balanced year: 2024 or 2009 [default: the latest].
    year: Option<u16>,
    /// How finely the world is divided.
    #[serde(default)]
    #[param(inline)]
    view: Resolution,
}

/// One element from ore to use, by country; what reconciliation moved, and what the evidence disagrees on
#[utoipa::path(get, path = "/chain", tag = "chain", params(WhichChain),
    responses((status = 200, body = Chain), (status = "4XX", body = Problem)))]
pub async fn chain(State(desk): State<Arc<Desk>>, Asked(asked): Asked<WhichChain>) -> Result<Page, Problem> {
    let element = crate::atlas::element(&asked.element, axum::http::StatusCode::BAD_REQUEST)?;
    let year = crate::atlas::balanced_year(asked.year)?;
    let key = format!("chain {element} {year} {}", asked.view.word());
    desk.page(key, move |desk| chain::chain(desk, element, year, asked.view))
        .await
}
