//! What can stop an import, in words a user can act on.

use std::path::{Path, PathBuf};

use monazite_evidence::{EvidenceError, Problems};

/// Shorthand for results of this crate.
pub type Result<T, E = ImportError> = std::result::Result<T, E>;

/// Any failure of an import. Nothing is written when there is one.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file or folder could not be read or written.
    #[error("cannot use `{path}`: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The dataset could not answer.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A file is not of the kind it was given as.
    #[error("{file}: {message}")]
    Layout {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// Rows cannot be used, and leaving them out was not asked for.
    #[error("{problems}")]
    Refused {
        /// The first of them.
        problems: Problems,
        /// How many there are.
        bad: u64,
        /// How many rows were read.
        read: u64,
        /// How many there are by reason, most frequent first.
        reasons: Vec<(String, u64)>,
    },
    /// The import does not fit what is in the folder, or leaves nothing.
    #[error("{message}")]
    Unfit {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A table or the lock in the folder is damaged or cannot be written.
    #[error("{file}: {why}")]
    Table {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
}

impl ImportError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn table(path: &Path) -> impl Fn(&dyn std::fmt::Display) -> Self + '_ {
        move |why| Self::Table {
            file: path.to_string_lossy().into_owned(),
            why: why.to_string(),
        }
    }

    pub(crate) fn layout(file: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Layout {
            file: file.to_owned(),
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(crate) fn unfit(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unfit {
            message: message.into(),
            hint: hint.into(),
        }
    }
}
