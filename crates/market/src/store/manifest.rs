//! `run.toml`: what a result is and what its files must hash to.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::sha256;

/// The content of `run.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the folder's format.
    pub format: u32,
    /// Program and version that made it, such as `monazite 0.1.0`.
    pub program: String,
    /// SHA-256 over everything that the run depends on and found: the same for the same result,
    /// whenever and wherever it was made. Leaves out `made` and the extra files.
    pub sha256: String,
    /// Scenario id.
    pub scenario: String,
    /// Scenario title.
    pub title: String,
    /// View of the world: `full` or `bloc14`.
    pub view: String,
    /// Base year; its money is the money of all prices.
    pub base_year: u16,
    /// Simulated quarters in order.
    pub quarters: Vec<String>,
    /// Fingerprint of the dataset.
    pub dataset_sha256: String,
    /// Worst scaled violation of the optimality conditions over all quarters.
    pub worst_kkt: f64,
    /// Warnings of the run.
    pub warnings: Vec<String>,
    /// When and how fast; not part of [`Manifest::sha256`].
    pub made: Made,
    /// The files that make up the result.
    #[serde(rename = "table", default)]
    pub tables: Vec<TableEntry>,
    /// Files for people, such as a report; not part of [`Manifest::sha256`].
    #[serde(rename = "extra", default, skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<ExtraEntry>,
}

/// What differs from run to run of the same scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// Seconds by phase, in order of running.
    pub seconds: Vec<(String, f64)>,
}

/// One file of a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// File name.
    pub file: String,
    /// Rows, for tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// One extra file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraEntry {
    /// File name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

impl Manifest {
    /// The identity of the result: a hash of every field that does not depend on when it was made.
    pub(super) fn identity(&self) -> String {
        let mut text = String::new();
        // Debug quotes texts, so that no two fields can run into each other; writing to a string cannot fail.
        let _ = write!(
            text,
            "{:?}",
            (
                (
                    self.format,
                    &self.program,
                    &self.scenario,
                    &self.title,
                    &self.view,
                    self.base_year
                ),
                (
                    &self.quarters,
                    &self.dataset_sha256,
                    self.worst_kkt.to_bits(),
                    &self.warnings
                ),
            )
        );
        for table in &self.tables {
            let _ = write!(text, "{:?}", (&table.file, table.rows, &table.sha256));
        }
        sha256(text.as_bytes())
    }

    /// The hash that a file must have, with its rows.
    pub(super) fn entry(&self, file: &str) -> Option<&TableEntry> {
        self.tables.iter().find(|t| t.file == file)
    }

    /// The result in a few words, for messages.
    pub(super) fn words(&self) -> String {
        format!("`{}` ({}), made {}", self.scenario, self.view, self.made.at)
    }
}
