//! Claims that can be checked, and what the evidence says of them.

mod abundance;
mod find;
mod plants;
mod prices;
mod reserves;
mod shares;

use schemars::JsonSchema;
use serde::Serialize;

use crate::text::Span;

pub use find::{ClaimRules, Context, find};

/// What the evidence says of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It agrees.
    Supported,
    /// The direction is right, the size is not.
    Exaggerated,
    /// It disagrees.
    Contradicted,
    /// It has nothing to set against it.
    Unverifiable,
}

impl Verdict {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Exaggerated => "exaggerated",
            Self::Contradicted => "contradicted",
            Self::Unverifiable => "unverifiable",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A number of the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Figure {
    /// What it is.
    pub what: String,
    /// The value, in `unit`.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// The year or period it holds for.
    pub period: String,
    /// The table it comes from.
    pub table: String,
    /// Its sources.
    pub sources: Vec<String>,
    /// A, B or C; C is unverified.
    pub confidence: String,
}

/// A claim and what holds of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Claim {
    /// The rule that found it.
    pub rule: String,
    /// The sentence.
    pub span: Span,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence or two.
    pub why: String,
    /// The numbers it rests on, conflicting ones side by side.
    pub figures: Vec<Figure>,
}

/// What a check answers.
pub(crate) struct Answer {
    pub verdict: Verdict,
    pub why: String,
    pub figures: Vec<Figure>,
}

impl Answer {
    pub(crate) fn new(verdict: Verdict, why: impl Into<String>, figures: Vec<Figure>) -> Self {
        Self {
            verdict,
            why: why.into(),
            figures,
        }
    }

    pub(crate) fn unverifiable(why: impl Into<String>) -> Self {
        Self::new(Verdict::Unverifiable, why, Vec::new())
    }
}
