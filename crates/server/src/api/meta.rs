//! What there is: elements, stages, places, products, years.

use std::sync::Arc;

use axum::extract::State;

use crate::atlas::meta::{self, Meta};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;

/// What there is to ask about
///
/// Elements, stages, places, products, end uses, years, methods; which evidence; how much may be asked.
#[utoipa::path(get, path = "/meta", tag = "evidence",
    responses((status = 200, body = Meta), (status = "5XX", body = Problem)))]
pub async fn meta(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.page("meta".to_owned(), |desk| Ok(meta::meta(desk))).await
}
