//! What a fleet needs: a technology's content times the units a region builds or buys in a year.

use std::collections::BTreeMap;

use monazite_evidence::nearest::nearest;
use monazite_evidence::table::Deployment;
use monazite_evidence::{Confidence, Dataset, Element};

use crate::technology::{Technologies, Technology};
use crate::{ExposureError, Range};

/// Outlooks in which policies stand as they are stated begin so, before those of pledges.
const STATED: &str = "STEPS";
/// What is counted, not foreseen.
const HISTORICAL: &str = "historical";

/// Need of one technology in one year.
#[derive(Clone, Debug)]
pub struct FleetRow {
    /// Technology id.
    pub technology: String,
    /// Its name.
    pub name: String,
    /// Calendar year.
    pub year: u16,
    /// Units in the year.
    pub units: f64,
    /// What is counted.
    pub unit: String,
    /// Where the figure is from: counted, an outlook, or between two years of one.
    pub basis: Basis,
    /// Tonnes of element.
    pub tonnes: BTreeMap<Element, Range>,
    /// Least trusted of deployment and content.
    pub confidence: Confidence,
}

/// Where a number of units is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Counted.
    Counted,
    /// A year of the outlook.
    Outlook,
    /// Between two years that are known.
    Between,
}

impl Basis {
    /// As a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Outlook => "outlook",
            Self::Between => "between",
        }
    }
}

/// A fleet's need over years.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Rows by technology and year.
    pub rows: Vec<FleetRow>,
    /// The outlook used.
    pub outlook: String,
    /// The edition of the outlook; empty where there is none.
    pub vintage: String,
    /// Figures of other outlooks for the same technologies, region and years, as conflicts to know of.
    pub others: Vec<Deployment>,
    /// Years asked for that nothing is known about.
    pub missing: Vec<u16>,
}

/// The fleets by name, with their technologies.
#[must_use]
pub fn fleets(technologies: &Technologies) -> BTreeMap<String, Vec<&Technology>> {
    let mut found: BTreeMap<String, Vec<&Technology>> = BTreeMap::new();
    for technology in &technologies.all {
        if let Some(fleet) = &technology.fleet {
            found.entry(fleet.clone()).or_default().push(technology);
        }
    }
    found
}

/// Need of a fleet in a region over years. Without `outlook` the latest edition that says something about these years is
/// used; of one edition that of stated policies, and the one that reaches furthest.
///
/// # Errors
/// When the fleet, region or outlook is not known; the message lists those that are.
pub fn fleet(
    dataset: &Dataset,
    technologies: &Technologies,
    name: &str,
    region: &str,
    years: (u16, u16),
    outlook: Option<&str>,
) -> Result<Fleet, ExposureError> {
    let known = fleets(technologies);
    let members = known
        .iter()
        .find(|(id, _)| id.eq_ignore_ascii_case(name))
        .map(|(_, members)| members);
    let Some(members) = members else {
        return Err(monazite_evidence::error::Unknown {
            what: "fleet",
            value: name.to_owned(),
            nearest: nearest(name, known.keys().map(String::as_str)),
            hint: Some(format!(
                "fleets: {}",
                known.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
            )),
        }
        .into());
    };
    let rows: Vec<&Deployment> = (dataset.deployment.iter())
        .filter(|row| members.iter().any(|m| row.technology.as_str() == m.id))
        .collect();
    let here: Vec<&Deployment> = rows.iter().copied().filter(|row| row.region == region).collect();
    if here.is_empty() {
        return Err(no_region(name, region, &rows));
    }
    let outlook = choose(&here, outlook, years)?;
    let mut fleet = Fleet {
        rows: Vec::new(),
        outlook: outlook.clone(),
        vintage: edition(&here, &outlook),
        others: (here.iter())
            .filter(|row| row.scenario != HISTORICAL && row.scenario != outlook)
            .filter(|row| (years.0..=years.1).contains(&row.year))
            .map(|row| (*row).clone())
            .collect(),
        missing: Vec::new(),
    };
    for year in years.0..=years.1 {
        let before = fleet.rows.len();
        for technology in members {
            fleet.rows.extend(row(&here, technology, &outlook, year));
        }
        if fleet.rows.len() == before {
            fleet.missing.push(year);
        }
    }
    if fleet.rows.is_empty() {
        return Err(no_years(name, region, &here, years));
    }
    Ok(fleet)
}

fn row(here: &[&Deployment], technology: &Technology, outlook: &str, year: u16) -> Option<FleetRow> {
    // Counted years first, then the outlook; a counted year stands before an outlook of the same year.
    let mut known: BTreeMap<u16, &Deployment> = BTreeMap::new();
    for row in here.iter().filter(|row| row.technology.as_str() == technology.id) {
        if row.scenario == outlook {
            known.entry(row.year).or_insert(row);
        } else if row.scenario == HISTORICAL {
            known.insert(row.year, row);
        }
    }
    let (units, basis, source) = if let Some(row) = known.get(&year) {
        let basis = if row.scenario == HISTORICAL {
            Basis::Counted
        } else {
            Basis::Outlook
        };
        (row.value, basis, *row)
    } else {
        let (from, a) = known.range(..year).next_back()?;
        let (to, b) = known.range(year..).next()?;
        let part = f64::from(year - from) / f64::from(to - from);
        (a.value + part * (b.value - a.value), Basis::Between, *b)
    };
    Some(FleetRow {
        technology: technology.id.clone(),
        name: technology.name.clone(),
        year,
        units,
        unit: source.unit.clone(),
        basis,
        tonnes: (technology.content.iter())
            .map(|(element, kilograms)| (*element, *kilograms * (1e-3 * units)))
            .collect(),
        confidence: technology.confidence.max(source.provenance.confidence),
    })
}

/// The latest vintage among the rows of an outlook.
fn edition(here: &[&Deployment], outlook: &str) -> String {
    let rows = here
        .iter()
        .filter(|row| row.scenario == outlook && outlook != HISTORICAL);
    rows.map(|row| row.provenance.vintage.clone()).max().unwrap_or_default()
}

/// The outlook asked for, or the latest that says something about the years.
fn choose(here: &[&Deployment], wanted: Option<&str>, years: (u16, u16)) -> Result<String, ExposureError> {
    // By outlook: whether it reaches into the years, its edition, whether of stated policies, its last year among them.
    let mut reach: BTreeMap<&str, (bool, String, bool, u16)> = BTreeMap::new();
    for row in here.iter().filter(|row| row.scenario != HISTORICAL) {
        let stated = row.scenario.starts_with(STATED);
        let entry = (reach.entry(&row.scenario)).or_insert((false, edition(here, &row.scenario), stated, 0));
        entry.0 |= row.year >= years.0;
        entry.3 = entry.3.max(row.year.min(years.1));
    }
    if let Some(wanted) = wanted {
        if let Some(name) = reach.keys().find(|name| name.eq_ignore_ascii_case(wanted)) {
            return Ok((*name).to_owned());
        }
        return Err(monazite_evidence::error::Unknown {
            what: "outlook",
            value: wanted.to_owned(),
            nearest: nearest(wanted, reach.keys().copied()),
            hint: Some(if reach.is_empty() {
                "there is none for this fleet and region: only what was counted".to_owned()
            } else {
                format!(
                    "outlooks for it: {}",
                    reach.keys().copied().collect::<Vec<_>>().join(", ")
                )
            }),
        }
        .into());
    }
    let best = reach.iter().max_by_key(|(_, key)| *key);
    Ok(best.map_or_else(|| HISTORICAL.to_owned(), |(name, _)| (*name).to_owned()))
}

fn no_region(name: &str, region: &str, rows: &[&Deployment]) -> ExposureError {
    let mut regions: Vec<&str> = rows.iter().map(|row| row.region.as_str()).collect();
    regions.sort_unstable();
    regions.dedup();
    ExposureError::NoOutlook(format!(
        "nothing is known about the fleet `{name}` in `{region}`; regions with figures: {}",
        regions.join(", ")
    ))
}

fn no_years(name: &str, region: &str, here: &[&Deployment], years: (u16, u16)) -> ExposureError {
    let known: Vec<u16> = here.iter().map(|row| row.year).collect();
    ExposureError::NoOutlook(format!(
        "nothing is known about the fleet `{name}` in `{region}` in {} to {}; years with figures: {} to {}",
        years.0,
        years.1,
        known.iter().min().copied().unwrap_or_default(),
        known.iter().max().copied().unwrap_or_default()
    ))
}
