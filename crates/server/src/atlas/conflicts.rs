//! Where the evidence contradicts itself: several values of the same thing, kept side by side.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::ids;
use crate::desk::Desk;

/// Values that differ by less than this share agree.
const AGREE: f64 = 0.01;

/// All contradictions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conflicts {
    /// The widest first.
    conflicts: Vec<Conflict>,
}

/// Several values of one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct Conflict {
    /// The table.
    table: &'static str,
    /// What they are of.
    what: String,
    /// Code of the place.
    place: String,
    /// Its name.
    name: String,
    /// The year.
    year: u16,
    /// Unit.
    unit: &'static str,
    /// The lowest.
    low: f64,
    /// The highest.
    high: f64,
    /// All of them.
    values: Vec<Claim>,
}

/// One of several values.
#[derive(Debug, Serialize, ToSchema)]
pub struct Claim {
    /// The value.
    value: f64,
    /// The series, edition or basis it is of.
    of: String,
    /// Whether the model uses it; not known where it does not choose.
    preferred: Option<bool>,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
    /// The date it speaks of.
    vintage: String,
    /// The remark of the row.
    note: String,
}

/// What is claimed: table, what, place, year, unit.
type Key = (&'static str, String, String, u16, &'static str);

/// All contradictions.
pub fn all(desk: &Desk) -> Conflicts {
    Conflicts {
        conflicts: collected(desk, None),
    }
}

/// Those of one year.
pub fn of_year(desk: &Desk, year: u16) -> Vec<Conflict> {
    collected(desk, Some(year))
}

fn collected(desk: &Desk, only: Option<u16>) -> Vec<Conflict> {
    let mut claims: BTreeMap<Key, Vec<Claim>> = BTreeMap::new();
    for row in &desk.dataset.production {
        let key = (
            "production",
            "mine production".to_owned(),
            row.place.to_string(),
            row.year,
            "t REO",
        );
        claims.entry(key).or_default().push(Claim {
            value: row.production_t_reo.0,
            of: row.series.clone(),
            preferred: Some(row.preferred),
            confidence: row.provenance.confidence.as_str(),
            sources: ids(&row.provenance.sources),
            vintage: row.provenance.vintage.clone(),
            note: row.provenance.note.clone(),
        });
    }
    for row in &desk.dataset.reserves {
        let kind = row.kind.as_str().replace('_', " ");
        let key = ("reserves", kind, row.place.to_string(), row.edition_year, "t REO");
        claims.entry(key).or_default().push(Claim {
            value: row.value_t_reo.0,
            of: format!("edition {}", row.edition_year),
            preferred: None,
            confidence: row.provenance.confidence.as_str(),
            sources: ids(&row.provenance.sources),
            vintage: row.provenance.vintage.clone(),
            note: row.provenance.note.clone(),
        });
    }
    for row in &desk.dataset.stage_shares {
        let what = format!("share of {} at {}", row.material, row.stage);
        let key = ("stage_shares", what, row.place.to_string(), row.year, "%");
        claims.entry(key).or_default().push(Claim {
            value: row.share_pct.0,
            of: row.basis.clone().unwrap_or_default(),
            preferred: None,
            confidence: row.provenance.confidence.as_str(),
            sources: ids(&row.provenance.sources),
            vintage: row.provenance.vintage.clone(),
            note: row.provenance.note.clone(),
        });
    }
    let mut found: Vec<Conflict> = claims
        .into_iter()
        .filter(|((_, _, _, year, _), _)| only.is_none_or(|only| *year == only))
        .filter_map(|(key, values)| conflict(desk, key, values))
        .collect();
    let ratio = |one: &Conflict| one.high / one.low.max(1e-9 * one.high.max(1e-9));
    found.sort_by(|a, b| ratio(b).total_cmp(&ratio(a)));
    found
}

fn conflict(desk: &Desk, (table, what, place, year, unit): Key, values: Vec<Claim>) -> Option<Conflict> {
    let low = values.iter().map(|claim| claim.value).fold(f64::INFINITY, f64::min);
    let high = values.iter().map(|claim| claim.value).fold(f64::NEG_INFINITY, f64::max);
    (values.len() > 1 && high - low > AGREE * high.abs()).then(|| Conflict {
        table,
        what,
        name: desk.place_name(&place),
        place,
        year,
        unit,
        low,
        high,
        values,
    })
}
