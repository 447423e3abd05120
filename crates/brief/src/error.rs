//! What can go wrong.

use monazite_ensemble::EnsembleError;
use monazite_evidence::EvidenceError;
use monazite_market::MarketError;
use monazite_market::scenario::ScenarioErrors;

/// Why there is no brief.
#[derive(Debug, thiserror::Error)]
pub enum BriefError {
    /// A word list or rule file cannot be read; for those that come with the program the tests of this crate rule it out.
    #[error("the file of words or rules `{file}` cannot be read: {why}")]
    Rules {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// The input is no text.
    #[error("{what}")]
    NotText {
        /// What it is instead.
        what: String,
        /// What to do.
        hint: String,
    },
    /// An unknown name of an encoding.
    #[error("unknown encoding `{0}`")]
    Encoding(String),
    /// The evidence cannot be used.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The market cannot be solved.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The paths of the bands cannot be simulated.
    #[error(transparent)]
    Ensemble(#[from] EnsembleError),
    /// The scenario has faults.
    #[error("the scenario `{file}` has faults")]
    Scenario {
        /// Its name.
        file: String,
        /// The faults.
        faults: ScenarioErrors,
    },
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, BriefError>;
