//! Why an exposure could not be computed.

use monazite_evidence::EvidenceError;
use monazite_evidence::error::Unknown;

use crate::bom::Faults;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum ExposureError {
    /// The file of parts has faults.
    #[error("{0}")]
    Parts(Faults),
    /// A word is not known.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// A file could not be read as what it should be.
    #[error("{file}: {what}")]
    File {
        /// The file, as the user named it.
        file: String,
        /// What is wrong with it.
        what: String,
        /// What to do.
        hint: String,
    },
    /// There is no table for a country.
    #[error("no input-output table of {country} is bundled")]
    NoTable {
        /// Its name.
        country: String,
        /// Countries with a bundled table.
        bundled: &'static str,
    },
    /// Bundled or read tables contradict themselves.
    #[error("the input-output tables do not close: {0}")]
    Tables(String),
    /// There is no outlook for what was asked.
    #[error("{0}")]
    NoOutlook(String),
    /// The evidence cannot be used.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A path of the ensemble cannot be drawn.
    #[error(transparent)]
    Ensemble(#[from] monazite_ensemble::EnsembleError),
    /// The scenario's result lacks the place.
    #[error("the market has no users in {0}")]
    NoUsers(String),
}
