//! Evidence ids turned into what they say, where it was found and how far it can be trusted.

use monazite_evidence::{Confidence, Dataset, Provenance};
use monazite_market::scenario::Event;
use serde::Serialize;

use super::names::sentence;
use super::numbers::{THIN, exact, percent};

/// One piece of evidence.
#[derive(Debug, Serialize)]
pub struct Piece {
    /// Its id in the dataset.
    id: String,
    /// What it says.
    title: String,
    /// Where it was found.
    sources: Vec<SourceWords>,
    /// A, B or C; empty for the author's own assumption and for a source cited as such.
    confidence: &'static str,
    /// Whether it is the author's own assumption.
    pub assumed: bool,
    /// Whether it is unverified background.
    pub unverified: bool,
}

/// A source in words.
#[derive(Debug, Serialize)]
struct SourceWords {
    title: String,
    publisher: Option<String>,
    year: Option<String>,
    url: Option<String>,
}

/// Looks up one id.
pub fn piece(dataset: &Dataset, id: &str) -> Piece {
    if id == Event::ASSUMPTION {
        return Piece {
            id: id.to_owned(),
            title: "The scenario author's own assumption".to_owned(),
            sources: Vec::new(),
            confidence: "",
            assumed: true,
            unverified: false,
        };
    }
    match find(dataset, id) {
        Some((title, provenance)) => Piece {
            id: id.to_owned(),
            title,
            sources: provenance
                .sources
                .iter()
                .map(|source| source_words(dataset, source.as_str()))
                .collect(),
            confidence: provenance.confidence.as_str(),
            assumed: false,
            unverified: provenance.confidence == Confidence::C,
        },
        None => Piece {
            id: id.to_owned(),
            title: "Source".to_owned(),
            sources: vec![source_words(dataset, id)],
            confidence: "",
            assumed: false,
            unverified: false,
        },
    }
}

/// The row of an id in the tables that scenarios may cite, in the order in which ids are looked up.
fn find<'a>(dataset: &'a Dataset, id: &str) -> Option<(String, &'a Provenance)> {
    let events = dataset.policy_events.iter().find(|row| row.event.as_str() == id);
    let deals = dataset.deals.iter().find(|row| row.deal.as_str() == id);
    let facilities = dataset.facilities.iter().find(|row| row.facility.as_str() == id);
    let statements = dataset.statements.iter().find(|row| row.id.as_str() == id);
    let behaviour = dataset.behaviour.iter().find(|row| row.parameter.as_str() == id);
    events
        .map(|row| (row.title.clone(), &row.provenance))
        .or_else(|| deals.map(|row| (row.title.clone(), &row.provenance)))
        .or_else(|| facilities.map(|row| (format!("Facility: {}", row.name), &row.provenance)))
        .or_else(|| statements.map(|row| (stated(&row.statement, row.value, row.unit.as_deref()), &row.provenance)))
        .or_else(|| {
            behaviour.map(|row| {
                (
                    stated(&row.meaning, Some(row.value), row.unit.as_deref()),
                    &row.provenance,
                )
            })
        })
}

fn stated(words: &str, value: Option<f64>, unit: Option<&str>) -> String {
    let words = sentence(words);
    let unit = unit.unwrap_or_default();
    match (value.filter(|value| value.is_finite()), unit) {
        (None, _) => words,
        (Some(value), "share") => format!("{words}: {}", percent(value)),
        (Some(value), "percent") => format!("{words}: {}{THIN}%", exact(value)),
        (Some(value), _) => format!("{words}: {}{THIN}{unit}", exact(value)),
    }
}

fn source_words(dataset: &Dataset, id: &str) -> SourceWords {
    match dataset.sources.iter().find(|row| row.source.as_str() == id) {
        Some(row) => SourceWords {
            title: row.title.clone(),
            publisher: row.publisher.clone(),
            year: row.year.clone(),
            // Only addresses that a browser opens as pages become links.
            url: row
                .url
                .clone()
                .filter(|url| url.starts_with("https://") || url.starts_with("http://")),
        },
        None => SourceWords {
            title: id.to_owned(),
            publisher: None,
            year: None,
            url: None,
        },
    }
}
