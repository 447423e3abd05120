//! What only the atlas shows, taken from the libraries: pages that put several of their answers side by side.

pub mod chain;
pub mod conflicts;
pub mod countries;
pub mod elements;
mod events;
pub mod flows;
mod holders;
pub mod meta;
pub mod sites;
pub mod today;

use axum::http::StatusCode;
use monazite_evidence::error::Unknown;
use monazite_evidence::reconcile::{BaseYear, in_blocs, reconcile};
use monazite_evidence::{Element, PlaceId, SourceId};
use monazite_risk::context::BASE_YEARS;

use crate::desk::Desk;
use crate::jobs::Resolution;
use crate::problem::Problem;

/// The balanced year asked for; the latest where none is.
pub fn balanced_year(asked: Option<u16>) -> Result<u16, Problem> {
    let [latest, ..] = BASE_YEARS;
    let year = asked.unwrap_or(latest);
    if BASE_YEARS.contains(&year) {
        return Ok(year);
    }
    let known: Vec<String> = BASE_YEARS.iter().map(u16::to_string).collect();
    Err(Problem::input(format!("{year} is not balanced")).hint(format!("balanced years: {}", known.join(", "))))
}

/// The element of a symbol.
pub fn element(symbol: &str, status: StatusCode) -> Result<Element, Problem> {
    symbol
        .parse()
        .map_err(|unknown: Unknown| Problem::unknown(status, &unknown))
}

/// The country of a code.
pub fn place(desk: &Desk, code: &str, status: StatusCode) -> Result<PlaceId, Problem> {
    let id = PlaceId::from(code);
    if desk.dataset.place(&id).is_some() {
        return Ok(id);
    }
    let known = desk.dataset.places.iter().map(|place| place.place.as_str());
    Err(Problem::unknown(status, &Unknown::new("place", code, known)))
}

/// A balanced year in a view.
fn base(desk: &Desk, year: u16, view: Resolution) -> Result<BaseYear, Problem> {
    let failed = |_| Problem::failed(format!("the year {year} cannot be balanced"));
    let base = reconcile(&desk.dataset, year).map_err(failed)?;
    match view {
        Resolution::Full => Ok(base),
        Resolution::Bloc14 => in_blocs(&desk.dataset, &base).map_err(failed),
    }
}

/// Ids as text.
fn ids(sources: &[SourceId]) -> Vec<String> {
    sources.iter().map(ToString::to_string).collect()
}
