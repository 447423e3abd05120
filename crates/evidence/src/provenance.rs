//! Where a fact comes from and how far it can be trusted.

use crate::field::FieldSpec;
use crate::ids::SourceId;
use crate::read::Cells;
use crate::words::words;

words! {
    /// How far a fact can be trusted. A is the best.
    "confidence"
    pub enum Confidence {
        /// An official publication or a company filing.
        A = "A",
        /// A secondary source that was retrieved and read.
        B = "B",
        /// Background that no retrieved source supports; shown as unverified wherever it surfaces.
        C = "C",
    }
}

/// The origin of one row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Provenance {
    /// The sources, in the order the row names them. Never empty in a table that was read.
    pub sources: Vec<SourceId>,
    /// How far the row can be trusted.
    pub confidence: Confidence,
    /// The date the source speaks of or was published: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; empty if not known.
    pub vintage: String,
    /// A remark in our own words; may be empty.
    pub note: String,
}

/// The provenance columns of most tables.
pub const FULL: &[FieldSpec] = &[
    FieldSpec::of::<Vec<SourceId>>("source", "One or more ids of `sources.csv`, joined by `;`.").required(),
    FieldSpec::of::<Confidence>(
        "confidence",
        "A official or filing, B retrieved secondary, C unverified background.",
    ),
    FieldSpec::of::<Option<String>>(
        "vintage",
        "Date the source speaks of or was published: YYYY, YYYY-MM or YYYY-MM-DD.",
    ),
    FieldSpec::of::<Option<String>>("note", "Remark in our own words."),
];

/// The provenance columns of large tables: source and confidence only.
pub const SHORT: &[FieldSpec] = &[FULL[0], FULL[1]];

impl Provenance {
    /// Takes the provenance columns of the row being read.
    pub(crate) fn take(cells: &mut Cells<'_>) -> Option<Self> {
        let sources = cells.take_sources();
        let confidence = cells.take::<Confidence>();
        let vintage = cells.take_or_absent::<Option<String>>();
        let note = cells.take_or_absent::<Option<String>>();
        Some(Self {
            sources: sources?,
            confidence: confidence?,
            vintage: vintage?.unwrap_or_default(),
            note: note?.unwrap_or_default(),
        })
    }

    /// Writes the first `columns` provenance columns.
    pub(crate) fn write(&self, columns: usize, out: &mut Vec<String>) {
        let sources: Vec<&str> = self.sources.iter().map(SourceId::as_str).collect();
        let cells = [
            sources.join(";"),
            self.confidence.to_string(),
            self.vintage.clone(),
            self.note.clone(),
        ];
        out.extend(cells.into_iter().take(columns));
    }
}
