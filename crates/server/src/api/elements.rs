//! Everything about an element.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::asked::Named;
use crate::atlas::elements::{self, ElementPage};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;

/// Everything about an element: holders, prices by zone, demand, events, indicators
#[utoipa::path(get, path = "/elements/{element}", tag = "chain",
    params(("element" = String, Path, description = "Symbol: `Dy`")),
    responses((status = 200, body = ElementPage), (status = "4XX", body = Problem)))]
pub async fn element(State(desk): State<Arc<Desk>>, Named(name): Named<String>) -> Result<Page, Problem> {
    let element = crate::atlas::element(&name, StatusCode::NOT_FOUND)?;
    desk.page(format!("element {element}"), move |desk| elements::page(desk, element))
        .await
}
