//! Deposits and plants.

use axum::http::StatusCode;
use monazite_evidence::error::Unknown;
use monazite_evidence::table::{Deposit, Facility, FacilityStatus, Precision};
use monazite_evidence::{PlaceId, Stage};
use serde::Serialize;
use utoipa::ToSchema;

use super::place;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::rows::{Object, object, with_place_name};

/// Deposits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deposits {
    /// Rows of `deposits`, with `place_name`.
    #[schema(value_type = Vec<Object>)]
    deposits: Vec<Object>,
}

/// Mines and plants.
#[derive(Debug, Serialize, ToSchema)]
pub struct Facilities {
    /// Rows of `facilities`, with `place_name`. Where the row has no coordinates they come from `positions`, or from the
    /// deposit of the same name; `position` then holds `precision` (`site` or `town`), `confidence`, `sources` and `note`.
    #[schema(value_type = Vec<Object>)]
    facilities: Vec<Object>,
}

fn country(desk: &Desk, code: Option<&str>) -> Result<Option<PlaceId>, Problem> {
    let code = code.filter(|code| !code.is_empty());
    code.map(|code| place(desk, code, StatusCode::BAD_REQUEST)).transpose()
}

/// A word of a closed list, if one was given.
fn word<T: std::str::FromStr<Err = Unknown>>(text: Option<&str>) -> Result<Option<T>, Problem> {
    let text = text.filter(|text| !text.is_empty());
    let read = text.map(str::parse::<T>).transpose();
    read.map_err(|unknown| Problem::unknown(StatusCode::BAD_REQUEST, &unknown))
}

/// Deposits of a country, or all.
pub fn deposits(desk: &Desk, code: Option<&str>) -> Result<Deposits, Problem> {
    let only = country(desk, code)?;
    let rows = desk
        .dataset
        .deposits
        .iter()
        .filter(|row| only.as_ref().is_none_or(|only| row.place == *only));
    Ok(Deposits {
        deposits: rows
            .map(|row| with_place_name(object(row), "place", |id| desk.place_name(id)))
            .collect(),
    })
}

/// Plants of a country, a stage, a status, or all.
pub fn facilities(
    desk: &Desk,
    code: Option<&str>,
    stage: Option<&str>,
    status: Option<&str>,
) -> Result<Facilities, Problem> {
    let only = country(desk, code)?;
    let (stage, status) = (word::<Stage>(stage)?, word::<FacilityStatus>(status)?);
    let rows = desk.dataset.facilities.iter().filter(|row| {
        only.as_ref().is_none_or(|only| row.place == *only)
            && stage.is_none_or(|stage| row.stage == stage)
            && status.is_none_or(|status| row.status == status)
    });
    Ok(Facilities {
        facilities: rows
            .map(|row| with_place_name(placed(desk, row), "place", |id| desk.place_name(id)))
            .collect(),
    })
}

/// A plant with coordinates, if they are known from anywhere, and where they are from.
fn placed(desk: &Desk, row: &Facility) -> Object {
    let mut plant = object(row);
    if row.lat.is_some() {
        return plant;
    }
    let position = desk
        .dataset
        .positions
        .iter()
        .find(|known| known.facility == row.facility);
    let deposit = || {
        let named = |known: &&Deposit| known.deposit.as_str() == row.facility.as_str();
        desk.dataset.deposits.iter().find(named)
    };
    let mut from = match (position, deposit()) {
        (Some(position), _) => object(position),
        (None, Some(deposit)) => {
            let mut from = object(deposit);
            from.insert("precision".to_owned(), Precision::Site.as_str().into());
            from.insert("note".to_owned(), "where the deposit lies".into());
            from
        }
        (None, None) => return plant,
    };
    for axis in ["lat", "lon"] {
        plant.insert(axis.to_owned(), from.remove(axis).unwrap_or_default());
    }
    from.retain(|key, _| ["precision", "confidence", "sources", "vintage", "note"].contains(&key.as_str()));
    plant.insert("position".to_owned(), from.into());
    plant
}
