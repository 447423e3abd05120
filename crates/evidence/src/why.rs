//! Why: every row of evidence that bears on one place, one element and one stage, conflicts side by side.

mod market;
mod supply;

use crate::dataset::Dataset;
use crate::element::Element;
use crate::error::{Result, Unknown};
use crate::ids::{PlaceId, SourceId};
use crate::licence::Terms;
use crate::provenance::{Confidence, Provenance};
use crate::read::{Rows, read};
use crate::stage::Stage;
use crate::table::Row;

/// The evidence on one place, element and stage.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct WhyReport {
    /// The place.
    pub place: PlaceId,
    /// The place's name.
    pub place_name: String,
    /// The element.
    pub element: Element,
    /// The stage.
    pub stage: Stage,
    /// The year asked for; none means the latest of each table.
    pub year: Option<u16>,
    /// The facts by subject, in the order of the chain.
    pub groups: Vec<FactGroup>,
}

/// Facts on one subject.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FactGroup {
    /// What they are about: `mine production in 2024`.
    pub subject: String,
    /// The facts.
    pub facts: Vec<Fact>,
    /// Facts left out because they are small; they are in the table.
    pub more: usize,
    /// The lowest and highest value, when sources contradict each other by more than a hundredth.
    pub conflict: Option<(f64, f64)>,
}

/// One row of evidence, said in a line.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Fact {
    /// The file the row is in.
    pub file: &'static str,
    /// Its line, from 1.
    pub line: u64,
    /// What it says.
    pub what: String,
    /// The value, in `unit`.
    pub value: Option<f64>,
    /// The unit.
    pub unit: String,
    /// Whether the model uses this one where sources contradict each other; none where it does not choose.
    pub preferred: Option<bool>,
    /// The sources.
    pub sources: Vec<CitedSource>,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// The date the source speaks of.
    pub vintage: String,
    /// The remark of the row.
    pub note: String,
}

/// A source as a fact cites it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CitedSource {
    /// Its id.
    pub id: SourceId,
    /// Its title; empty when `sources.csv` does not have it.
    pub title: String,
    /// Its licence in its own words.
    pub licence: String,
    /// What the licence allows.
    pub terms: Terms,
    /// Where it was found.
    pub url: Option<String>,
}

/// A question with what is needed to answer it.
struct Asked<'a> {
    dataset: &'a Dataset,
    place: &'a PlaceId,
    element: Element,
    stage: Stage,
    year: Option<u16>,
}

impl Asked<'_> {
    /// The rows of a table with their lines, from the files the dataset was read from.
    fn rows<T: Row>(&self) -> Rows<T> {
        let bytes = self.dataset.files().get(T::SPEC.file);
        bytes.map_or_else(Rows::empty, |bytes| {
            read(
                bytes,
                &mut crate::ids::Interner::default(),
                &mut crate::Problems::default(),
            )
        })
    }

    /// The year asked for, or the latest in a table.
    fn year_of(&self, years: impl Iterator<Item = u16>) -> Option<u16> {
        self.year.or_else(|| years.max())
    }

    fn fact<T: Row>(&self, line: u64, provenance: &Provenance, what: String, value: Option<f64>, unit: &str) -> Fact {
        let cite = |id: &SourceId| {
            let source = self.dataset.source(id);
            let licence = source.map(|s| s.licence.clone()).unwrap_or_default();
            CitedSource {
                id: id.clone(),
                title: source.map(|s| s.title.clone()).unwrap_or_default(),
                terms: Terms::of(&licence),
                licence,
                url: source.and_then(|s| s.url.clone()),
            }
        };
        Fact {
            file: T::SPEC.file,
            line,
            what,
            value,
            unit: unit.to_owned(),
            preferred: None,
            sources: provenance.sources.iter().map(cite).collect(),
            confidence: provenance.confidence,
            vintage: provenance.vintage.clone(),
            note: provenance.note.clone(),
        }
    }
}

/// How many facts of a long list are shown.
const SHOWN: usize = 10;

impl FactGroup {
    /// Facts that stand side by side, such as several plants.
    fn list(subject: String, mut facts: Vec<Fact>) -> Self {
        let more = facts.len().saturating_sub(SHOWN);
        if more > 0 {
            facts.sort_by(|a, b| {
                let (a, b) = (a.value.unwrap_or(0.0), b.value.unwrap_or(0.0));
                b.total_cmp(&a)
            });
            facts.truncate(SHOWN);
        }
        Self {
            subject,
            facts,
            more,
            conflict: None,
        }
    }

    /// Facts that each claim to be the value of the same thing.
    fn claims(subject: String, facts: Vec<Fact>) -> Self {
        let values = || facts.iter().filter_map(|fact| fact.value);
        let low = values().fold(f64::INFINITY, f64::min);
        let high = values().fold(f64::NEG_INFINITY, f64::max);
        let conflict = (high - low > 0.01 * high.abs()).then_some((low, high));
        Self {
            subject,
            facts,
            more: 0,
            conflict,
        }
    }
}

/// Every row of evidence that bears on `element` at `stage` in `place`.
///
/// With a year, rows of other years are left out; without one, each table answers for its own latest year.
///
/// # Errors
/// When the dataset does not know the place, or the trade table is malformed.
pub fn why(dataset: &Dataset, place: &PlaceId, element: Element, stage: Stage, year: Option<u16>) -> Result<WhyReport> {
    let Some(row) = dataset.place(place) else {
        let known = dataset.places.iter().map(|p| p.place.as_str());
        return Err(Unknown::new("place", place.as_str(), known).into());
    };
    let asked = Asked {
        dataset,
        place,
        element,
        stage,
        year,
    };
    let mut groups = supply::groups(&asked);
    groups.extend(market::groups(&asked)?);
    groups.retain(|group| !group.facts.is_empty());
    Ok(WhyReport {
        place: place.clone(),
        place_name: row.name.clone(),
        element,
        stage,
        year,
        groups,
    })
}
