//! Why an ensemble could not be stored or read.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::EnsembleError;

/// Failure of the run store.
#[derive(Debug, thiserror::Error)]
pub enum RunStoreError {
    /// The disk is full. What is finished stays readable.
    #[error(
        "the disk is full: cannot write `{}`; {finished} of {parts} parts are finished and readable",
        path.display()
    )]
    DiskFull {
        /// The file that did not fit.
        path: PathBuf,
        /// Parts that are whole.
        finished: usize,
        /// Parts in all.
        parts: usize,
    },
    /// A file or folder could not be used.
    #[error("cannot use `{}`: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The folder holds another ensemble, or something else.
    #[error("`{}` holds {what}", path.display())]
    Taken {
        /// The folder.
        path: PathBuf,
        /// What is in it.
        what: String,
    },
    /// There is no ensemble there.
    #[error("`{}` is no ensemble: {why}", path.display())]
    NotARun {
        /// The folder.
        path: PathBuf,
        /// What is missing.
        why: String,
    },
    /// A file does not hash to what was written.
    #[error("`{}` is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// How it shows.
        why: String,
    },
    /// A table could not be encoded.
    #[error("cannot encode table `{table}`: {why}")]
    Encode {
        /// The table.
        table: String,
        /// Why not.
        why: String,
    },
    /// Two ensembles cannot be compared path by path.
    #[error("the two ensembles do not share their draws: {why}")]
    NotPaired {
        /// What differs.
        why: String,
    },
    /// A path could not be simulated.
    #[error(transparent)]
    Ensemble(#[from] EnsembleError),
}

impl RunStoreError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        if matches!(
            source.kind(),
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
        ) {
            return Self::DiskFull {
                path: path.to_path_buf(),
                finished: 0,
                parts: 0,
            };
        }
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }

    /// Says how much of the ensemble is there.
    pub(crate) fn with_parts(self, done: usize, all: usize) -> Self {
        match self {
            Self::DiskFull { path, .. } => Self::DiskFull {
                path,
                finished: done,
                parts: all,
            },
            other => other,
        }
    }
}
