//! Everything about a country.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::asked::Named;
use crate::atlas::countries::{self, CountryPage};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;

/// Everything about a country: production, reserves, shares, plants, trade, demand, events, deals
#[utoipa::path(get, path = "/countries/{place}", tag = "chain",
    params(("place" = String, Path, description = "ISO 3166 code: `AUS`")),
    responses((status = 200, body = CountryPage), (status = "4XX", body = Problem)))]
pub async fn country(State(desk): State<Arc<Desk>>, Named(name): Named<String>) -> Result<Page, Problem> {
    let place = crate::atlas::place(&desk, &name, StatusCode::NOT_FOUND)?;
    desk.page(format!("country {place}"), move |desk| countries::page(desk, &place))
        .await
}
