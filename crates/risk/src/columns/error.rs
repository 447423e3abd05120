//! What can be wrong with a table of the user's.

use std::path::{Path, PathBuf};

use monazite_evidence::{EvidenceError, Problem, Problems};

/// Why a table could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// The file could not be opened or read.
    #[error("cannot use `{path}`: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is not what its name says, or is damaged.
    #[error("cannot read `{path}` as {kind}: {why}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Parquet or CSV.
        kind: &'static str,
        /// What the reader said.
        why: String,
    },
    /// Cells are wrong; each problem names file, row and column.
    #[error("{0}")]
    Cells(#[from] Problems),
    /// The bundled evidence could not be read.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

impl ColumnsError {
    /// From what the Parquet reader says.
    pub(crate) fn parquet(path: &Path, error: &impl std::fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            kind: "Parquet",
            why: error.to_string(),
        }
    }

    /// From what the CSV reader says.
    pub(crate) fn csv(path: &Path, error: &impl std::fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            kind: "CSV",
            why: error.to_string(),
        }
    }

    /// From what the reader of workbooks says.
    pub(crate) fn workbook(path: &Path, error: &impl std::fmt::Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            kind: "a workbook",
            why: error.to_string(),
        }
    }

    /// From the operating system.
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    /// One problem.
    pub(crate) fn problem(problem: Problem) -> Self {
        let mut problems = Problems::default();
        problems.push(problem);
        Self::Cells(problems)
    }

    /// A file without a column that is needed.
    pub(crate) fn no_column(path: &Path, column: &str, found: &[String], needed: &str) -> Self {
        let nearest = monazite_evidence::nearest::nearest(column, found.iter().map(String::as_str));
        let problem = Problem::error(&path.display().to_string(), "the column is not there").column(column, 0);
        Self::problem(
            problem
                .nearest(nearest)
                .hint(format!("needed: {needed}; found: {}", found.join(", "))),
        )
    }
}
