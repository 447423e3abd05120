//! What every method answers with.

use monazite_evidence::{Confidence, SourceId};

/// One indicator of one material, stage, importer and year.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Score {
    /// The method: `hhi`, `eu`, `geopolrisk`.
    pub method: &'static str,
    /// What it is of: an element symbol (`Dy`) or the name of a material (`Nickel`).
    pub material: String,
    /// The stage of the chain, where the method tells stages apart.
    pub stage: Option<&'static str>,
    /// The importing place or group; none where the score is of the world.
    pub importer: Option<String>,
    /// Calendar year.
    pub year: u16,
    /// The value, or why there is none.
    pub value: Result<f64, Missing>,
    /// Unit of the value; empty for a pure number.
    pub unit: &'static str,
    /// Least trusted evidence that the value rests on.
    pub confidence: Confidence,
    /// What the value is made of, in the order of the formula.
    pub terms: Vec<Term>,
    /// What a reader should know: outliers left out, assumptions taken, in words.
    pub remarks: Vec<String>,
}

/// An input or a part of a score.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Term {
    /// What it is: `share of China`, `political instability of Myanmar`.
    pub what: String,
    /// Its value, or why there is none.
    pub value: Result<f64, Missing>,
    /// Unit of the value; empty for a pure number.
    pub unit: &'static str,
    /// How much of the score comes from it, in the unit of the score; none for inputs that act on the whole.
    pub contribution: Option<f64>,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// Why there is no value. Never replaced by a zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[serde(transparent)]
#[error("{0}")]
pub struct Missing(pub String);
