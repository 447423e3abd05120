//! Why an ensemble could not be run.

use monazite_evidence::EvidenceError;
use monazite_evidence::reconcile::ReconcileError;
use monazite_market::MarketError;

/// Failure of an ensemble.
#[derive(Debug, thiserror::Error)]
pub enum EnsembleError {
    /// A row of `uncertainty.csv` asks for something that cannot vary.
    #[error("uncertainty.csv: parameter `{parameter}`: {why}")]
    Parameter {
        /// The parameter.
        parameter: String,
        /// What is wrong with it.
        why: String,
    },
    /// More paths or dimensions than the sampler can give.
    #[error("{what}: {asked} is more than {limit}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How many were asked for.
        asked: usize,
        /// How many there can be.
        limit: usize,
    },
    /// One path failed; its number makes it repeatable.
    #[error("path {path}: {source}")]
    Path {
        /// Its number, from 0.
        path: u32,
        /// What the market said.
        source: MarketError,
    },
    /// The market could not be built.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The base year could not be balanced.
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
    /// The evidence could not be read.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The worker threads could not be started.
    #[error("cannot start {threads} threads: {why}")]
    Threads {
        /// How many.
        threads: usize,
        /// Why not.
        why: String,
    },
}
