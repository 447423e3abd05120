//! What can go wrong with a stockpile question.

use monazite_evidence::reconcile::ReconcileError;
use monazite_market::MarketError;

use crate::project::Fault;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum StockpileError {
    /// The file has faults.
    #[error("{}", .0.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
    File(Vec<Fault>),
    /// A word that nothing stands for, or that the base year does not have.
    #[error("{0}")]
    Unknown(#[from] monazite_evidence::error::Unknown),
    /// The base year cannot be balanced.
    #[error(transparent)]
    Base(#[from] ReconcileError),
    /// The market cannot be calibrated or solved.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The market scenario made of the conflict is refused: a mistake of ours.
    #[error("the market scenario made of the conflict has errors: {0}")]
    Scenario(String),
}
