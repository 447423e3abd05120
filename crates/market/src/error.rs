//! Why a market could not be built or solved.

use monazite_evidence::reconcile::ReconcileError;

use crate::lp::LpError;

/// Failure of a market.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// A value that the model needs is in no table.
    #[error("the dataset lacks {0}")]
    MissingEvidence(String),
    /// The base year could not be reconciled.
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
    /// A quarter could not be solved.
    #[error("quarter {quarter}: {source}")]
    Quarter {
        /// The quarter, such as `2025Q3`.
        quarter: String,
        /// What the solver said.
        source: LpError,
    },
    /// The linear programme could not be built or solved.
    #[error(transparent)]
    Lp(#[from] LpError),
}
