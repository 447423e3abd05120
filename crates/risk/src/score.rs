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
    /// Whose score it is, where it is of one producer: a place or a company.
    pub holder: Option<String>,
    /// Calendar year.
    pub year: u16,
    /// The value, or why there is none.
    pub value: Result<f64, Missing>,
    /// Lowest and highest value that the evidence allows, where the method can tell.
    pub range: Option<(f64, f64)>,
    /// Unit of the value; empty for a pure number.
    pub unit: &'static str,
    /// Least trusted evidence that the value rests on.
    pub confidence: Confidence,
    /// What the value is made of, in the order of the formula.
    pub terms: Vec<Term>,
    /// What a reader should know: outliers left out, assumptions taken, in words.
    pub remarks: Vec<String>,
}

impl Score {
    /// A pure number of the world, without terms; the rest is filled in by the method.
    #[must_use]
    pub fn new(method: &'static str, material: impl Into<String>, year: u16, value: Result<f64, Missing>) -> Self {
        Self {
            method,
            material: material.into(),
            stage: None,
            importer: None,
            holder: None,
            year,
            value,
            range: None,
            unit: "",
            confidence: Confidence::A,
            terms: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// The sources of all terms, each once, in order of first mention.
    #[must_use]
    pub fn sources(&self) -> Vec<SourceId> {
        let mut found: Vec<SourceId> = Vec::new();
        for source in self.terms.iter().flat_map(|term| &term.sources) {
            if !found.contains(source) {
                found.push(source.clone());
            }
        }
        found
    }

    /// Takes the worst confidence of its terms.
    #[must_use]
    pub fn trusted_as_terms(mut self) -> Self {
        let worst = self.terms.iter().map(|term| term.confidence).max();
        self.confidence = worst.unwrap_or(Confidence::C);
        self
    }
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

impl Term {
    /// An input that acts on the whole score, without a source yet.
    #[must_use]
    pub fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            what: what.into(),
            value: Ok(value),
            unit,
            contribution: None,
            sources: Vec::new(),
            confidence: Confidence::A,
        }
    }

    /// An input that is not known.
    #[must_use]
    pub fn missing(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            value: Err(Missing(why.into())),
            ..Self::new(what, 0.0, "")
        }
    }

    /// With the part of the score that comes from it.
    #[must_use]
    pub const fn contributing(mut self, contribution: f64) -> Self {
        self.contribution = Some(contribution);
        self
    }

    /// With where it comes from.
    #[must_use]
    pub fn from(mut self, sources: &[SourceId], confidence: Confidence) -> Self {
        self.sources = sources.to_vec();
        self.confidence = confidence;
        self
    }
}

/// Why there is no value. Never replaced by a zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[serde(transparent)]
#[error("{0}")]
pub struct Missing(pub String);
