//! Why the server cannot start.

use std::path::PathBuf;

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// Others could ask.
    #[error("at `{host}` others than this machine can ask, so a token is needed")]
    NeedsToken {
        /// The address.
        host: String,
    },
    /// The token could be guessed, or cannot be part of an address.
    #[error("the token must have at least 16 characters, all of them letters, digits, `-`, `_`, `.` or `~`")]
    WeakToken,
    /// The address cannot be listened on.
    #[error("cannot listen on {host}, port {port}: {source}")]
    Address {
        /// The address.
        host: String,
        /// The port.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// The folder of the jobs cannot be used.
    #[error("cannot use `{}` for runs: {source}", path.display())]
    Results {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another server works in the folder.
    #[error("another atlas works in `{}`", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The evidence cannot be used.
    #[error(transparent)]
    Evidence(#[from] monazite_evidence::EvidenceError),
    /// Something that should work did not.
    #[error("the server did not start: {0}")]
    Start(String),
}
