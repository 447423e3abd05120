//! Why a result folder could not be written or read.

use std::io::{Error as IoError, ErrorKind};
use std::path::{Path, PathBuf};

/// Failure of writing or reading a result folder. [`StoreError::hint`] says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder above does not exist.
    #[error("cannot create `{}`: there is no folder `{}`", .path.display(), .parent.display())]
    NoParent {
        /// The folder to be written.
        path: PathBuf,
        /// The folder that is missing.
        parent: PathBuf,
    },
    /// A file stands where a folder is needed.
    #[error("cannot create `{}`: `{}` is a file", .path.display(), .file.display())]
    FileInTheWay {
        /// The folder to be written.
        path: PathBuf,
        /// The file in its way.
        file: PathBuf,
    },
    /// The user may not write or read there.
    #[error("no permission to use `{}`: {source}", .path.display())]
    Denied {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: IoError,
    },
    /// No room is left.
    #[error("no space left for `{}`: {source}", .path.display())]
    DiskFull {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: IoError,
    },
    /// Any other failure of a file.
    #[error("cannot use `{}`: {source}", .path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: IoError,
    },
    /// A folder that a stopped run left behind, or that another run is writing at this moment.
    #[error("`{}` is a half-written result: {why}", .path.display())]
    HalfWritten {
        /// The folder.
        path: PathBuf,
        /// How that shows.
        why: String,
    },
    /// A complete result is there already.
    #[error("`{}` already holds a result: {what}", .path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
        /// The result it holds, in words.
        what: String,
    },
    /// The folder holds something that no run wrote, which is never removed.
    #[error("`{}` holds `{file}`, which is not part of a result", .path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// The first strange file.
        file: String,
    },
    /// There is nothing at this path.
    #[error("there is no result at `{}`", .path.display())]
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// There is something, but not a result folder.
    #[error("`{}` is not a result folder: {why}", .path.display())]
    NotAResult {
        /// The path.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// A later program wrote it.
    #[error("`{}` has format {found}; this program reads up to {known}", .path.display())]
    TooNew {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest known.
        known: u32,
    },
    /// A file of the folder is not what was written.
    #[error("`{file}` in `{}` is damaged: {why}", .path.display())]
    Corrupt {
        /// The folder.
        path: PathBuf,
        /// The file, such as `flows.parquet`.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// An extra file cannot go into the folder under its name.
    #[error("an extra file cannot be called `{name}`: {why}")]
    ExtraName {
        /// The name.
        name: String,
        /// Why not.
        why: &'static str,
    },
    /// A table could not be put into its file; no result of a run causes this.
    #[error("cannot write `{file}`: {why}")]
    Encode {
        /// The file.
        file: String,
        /// What the encoder said.
        why: String,
    },
}

impl StoreError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoParent { parent, .. } => format!("create `{}` first, or choose another folder", parent.display()),
            Self::FileInTheWay { .. } => "choose another folder, or move the file away".to_owned(),
            Self::Denied { .. } => "choose a folder that you may write to".to_owned(),
            Self::DiskFull { .. } => "free some space, or choose a folder on another disk".to_owned(),
            Self::HalfWritten { path, .. } => format!(
                "if no other run is writing to it now, delete `{}` or write with `--force`",
                path.display()
            ),
            Self::Exists { .. } => "choose another folder, or replace it with `--force`".to_owned(),
            Self::Foreign { .. } => "choose another folder, or move that file away; it is never deleted".to_owned(),
            Self::NotFound { .. } => "check the path; `monazite simulate` writes results".to_owned(),
            Self::NotAResult { .. } => format!("a result folder holds `{}`", super::RUN_FILE),
            Self::TooNew { .. } => "use a newer monazite".to_owned(),
            Self::Corrupt { .. } => {
                format!("run the scenario again: its text is in `{}`", super::SCENARIO_FILE)
            }
            Self::Io { .. } | Self::ExtraName { .. } | Self::Encode { .. } => return None,
        })
    }

    /// Sorts a failure of the system into the kinds that need different remedies.
    pub(super) fn io(path: &Path, source: IoError) -> Self {
        let path = path.to_path_buf();
        match source.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::Denied { path, source },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path, source },
            _ => Self::Io { path, source },
        }
    }
}
