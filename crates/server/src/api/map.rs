//! What the map shows: deposits, plants, and what goes from where to where.

use std::sync::Arc;

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::asked::Asked;
use crate::atlas::flows::{self, Flows};
use crate::atlas::sites::{self, Deposits, Facilities};
use crate::content::Page;
use crate::desk::Desk;
use crate::jobs::Resolution;
use crate::problem::Problem;

/// Which deposits.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichDeposits {
    /// Only of this country: `BRA`.
    place: Option<String>,
}

/// Deposits, with coordinates where the evidence has them
#[utoipa::path(get, path = "/deposits", tag = "chain", params(WhichDeposits),
    responses((status = 200, body = Deposits), (status = "4XX", body = Problem)))]
pub async fn deposits(State(desk): State<Arc<Desk>>, Asked(asked): Asked<WhichDeposits>) -> Result<Page, Problem> {
    let key = format!("deposits {:?}", asked.place);
    desk.page(key, move |desk| sites::deposits(desk, asked.place.as_deref()))
        .await
}

/// Which plants.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichFacilities {
    /// Only in this country: `MYS`.
    place: Option<String>,
    /// Only at this stage: `separation_heavy`.
    stage: Option<String>,
    /// Only of this status: `operating`.
    status: Option<String>,
}

/// Mines and plants by stage and status, with coordinates where the evidence has them
#[utoipa::path(get, path = "/facilities", tag = "chain", params(WhichFacilities),
    responses((status = 200, body = Facilities), (status = "4XX", body = Problem)))]
pub async fn facilities(State(desk): State<Arc<Desk>>, Asked(asked): Asked<WhichFacilities>) -> Result<Page, Problem> {
    let key = format!("facilities {asked:?}");
    desk.page(key, move |desk| {
        sites::facilities(
            desk,
            asked.place.as_deref(),
            asked.stage.as_deref(),
            asked.status.as_deref(),
        )
    })
    .await
}

/// Which flows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichFlows {
    /// `oxide:Dy`, `metal:Nd`, `magnet:uh`, `oxide`, `magnet`, `concentrate`, `carbonate`, `heavy_concentrate`, or a
    /// customs heading: `hs:850511`.
    product: String,
    /// The year [default: the latest].
    year: Option<u16>,
    /// How finely the world is divided.
    #[serde(default)]
    #[param(inline)]
    view: Resolution,
}

/// What goes from where to where in a year
///
/// Products are of a balanced year; customs headings of any year that customs report.
#[utoipa::path(get, path = "/flows", tag = "chain", params(WhichFlows),
    responses((status = 200, body = Flows), (status = "4XX", body = Problem)))]
pub async fn flows(State(desk): State<Arc<Desk>>, Asked(asked): Asked<WhichFlows>) -> Result<Page, Problem> {
    let key = format!("flows {asked:?}");
    desk.page(key, move |desk| {
        flows::flows(desk, &asked.product, asked.year, asked.view)
    })
    .await
}
