//! Political stability by place and year: the World Bank's estimate, from the user's file or the bundled table.

use std::path::Path;

use monazite_evidence::{Dataset, PlaceId, Problem, Problems};

use super::cells::Cells;
use super::error::ColumnsError;
use super::places::BaciCodes;

const NEEDED: &str = "place, year, indicator, estimate, as `monazite data import` writes them";

/// The words by which tables name political stability.
const POLITICAL_STABILITY: [&str; 3] = ["pv", "political_stability", "PV.EST"];

/// Whether an indicator is political stability and absence of violence.
#[must_use]
pub fn is_political_stability(indicator: &str) -> bool {
    POLITICAL_STABILITY
        .iter()
        .any(|known| indicator.eq_ignore_ascii_case(known))
}

/// One estimate, about -2.5 (weak) to 2.5 (strong).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Estimate {
    /// A number.
    Is(f64),
    /// The source has none.
    Missing,
    /// The file says `nan`, which geopolrisk-py takes for a number.
    NotANumber,
}

/// The estimate of one place in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct GovernanceRow {
    /// The place; none when no place has the code.
    pub place: Option<PlaceId>,
    /// BACI code under which geopolrisk-py finds the row; none for places that it cannot find.
    pub compat_code: Option<u16>,
    /// Calendar year.
    pub year: u16,
    /// The estimate.
    pub estimate: Estimate,
}

/// Estimates of political stability, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Governance {
    /// The rows.
    pub rows: Vec<GovernanceRow>,
    /// Whether they are the user's own.
    pub own: bool,
}

/// Places whose row geopolrisk-py 2.0.1 stores under the code `NA`, so that it never finds them.
const NOT_FOUND_BY_THE_LIBRARY: [&str; 7] = ["JEY", "LIE", "MTQ", "MCO", "PRI", "REU", "TWN"];

impl Governance {
    /// Reads a Parquet or CSV file: the tidy table of an import, or a table by country with BACI codes and the column
    /// `pv_estimate`.
    ///
    /// # Errors
    /// When the file cannot be read, lacks a column, or an estimate is out of range.
    pub fn read(path: &Path, dataset: &Dataset, codes: &BaciCodes) -> Result<Self, ColumnsError> {
        let cells = Cells::read(path)?;
        match cells.find(&["pv_estimate"]) {
            Some(estimate) => by_country(&cells, estimate, dataset),
            None => tidy(&cells, dataset, codes),
        }
    }

    /// The bundled table.
    #[must_use]
    pub fn bundled(dataset: &Dataset, codes: &BaciCodes) -> Self {
        let rows = dataset
            .governance
            .iter()
            .filter(|row| is_political_stability(&row.indicator))
            .map(|row| GovernanceRow {
                compat_code: compat_code(&row.place, codes),
                place: Some(row.place.clone()),
                year: row.year,
                estimate: Estimate::Is(row.estimate),
            });
        Self {
            rows: rows.collect(),
            own: false,
        }
    }
}

fn compat_code(place: &PlaceId, codes: &BaciCodes) -> Option<u16> {
    let code = codes.code(place).filter(|code| codes.economy(*code).is_some())?;
    (!NOT_FOUND_BY_THE_LIBRARY.contains(&place.as_str())).then_some(code)
}

fn place_of(text: &str, dataset: &Dataset) -> Option<PlaceId> {
    let id = PlaceId::from(text);
    if dataset.place(&id).is_some() {
        return Some(id);
    }
    dataset.resolve_place(text).ok().map(|row| row.place.clone())
}

/// An estimate, checked.
fn estimate(cells: &Cells, column: usize, row: usize) -> Result<Estimate, Box<Problem>> {
    match cells.number(column, row)? {
        None => Ok(Estimate::Missing),
        Some(value) if value.is_nan() => Ok(Estimate::NotANumber),
        Some(value) if value.abs() <= 5.0 => Ok(Estimate::Is(value)),
        Some(value) => {
            let problem = cells.problem(column, row, format!("`{value}` is not an estimate of governance"));
            let hint = "estimates lie between about -2.5 and 2.5; percentile ranks are another column";
            Err(Box::new(problem.hint(hint)))
        }
    }
}

fn tidy(cells: &Cells, dataset: &Dataset, codes: &BaciCodes) -> Result<Governance, ColumnsError> {
    let place = cells.need(&["place", "iso3"], NEEDED)?;
    let year = cells.need(&["year"], NEEDED)?;
    let indicator = cells.need(&["indicator"], NEEDED)?;
    let value = cells.need(&["estimate"], NEEDED)?;
    let mut rows = Vec::new();
    let mut problems = Problems::default();
    for row in 0..cells.rows() {
        let word = cells.text(indicator, row).unwrap_or_default();
        if !is_political_stability(&word) {
            continue;
        }
        match (cells.year(year, row), estimate(cells, value, row)) {
            (Ok(year), Ok(estimate)) => {
                let place = cells.text(place, row).and_then(|text| place_of(&text, dataset));
                rows.push(GovernanceRow {
                    compat_code: place.as_ref().and_then(|place| compat_code(place, codes)),
                    place,
                    year,
                    estimate,
                });
            }
            (Err(problem), _) | (_, Err(problem)) => problems.push(*problem),
        }
    }
    problems.into_result()?;
    Ok(Governance { rows, own: true })
}

fn by_country(cells: &Cells, value: usize, dataset: &Dataset) -> Result<Governance, ColumnsError> {
    let needed = "wgi_code, baci_code_as_mapped, year, pv_estimate";
    let wgi = cells.need(&["wgi_code", "iso3"], needed)?;
    let baci = cells.need(&["baci_code_as_mapped", "baci_code"], needed)?;
    let year = cells.need(&["year"], needed)?;
    // Of the cells without an estimate, those that the library stores as 0; it takes the others for text.
    let stored_as_zero = cells.find(&["missing_estimate_stored_as_zero"]);
    let mut rows = Vec::new();
    let mut problems = Problems::default();
    for row in 0..cells.rows() {
        match (cells.year(year, row), estimate(cells, value, row)) {
            (Ok(year), Ok(mut estimate)) => {
                let stored = stored_as_zero.and_then(|column| cells.text(column, row));
                if estimate == Estimate::Missing && stored.as_deref() == Some("0") {
                    estimate = Estimate::NotANumber;
                }
                rows.push(GovernanceRow {
                    place: cells.text(wgi, row).and_then(|text| place_of(&text, dataset)),
                    compat_code: cells.text(baci, row).and_then(|code| code.parse().ok()),
                    year,
                    estimate,
                });
            }
            (Err(problem), _) | (_, Err(problem)) => problems.push(*problem),
        }
    }
    problems.into_result()?;
    Ok(Governance { rows, own: true })
}
