//! What can go wrong, in words a user can act on.

use monazite_evidence::error::Unknown;
use monazite_evidence::reconcile::ReconcileError;
use monazite_evidence::{EvidenceError, Problems};

/// Any failure of this crate. What the evidence does not know is no failure: it is a [`crate::Missing`] value.
#[derive(Debug, thiserror::Error)]
pub enum RiskError {
    /// The evidence cannot be used.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A word that is not one of the known ones.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// The balanced base year cannot be built.
    #[error(transparent)]
    Reconcile(#[from] ReconcileError),
    /// A table of the user's has faults; each names file, line and column.
    #[error("{0}")]
    Table(#[from] Problems),
    /// The question cannot be answered as it is asked.
    #[error("{what}")]
    Question {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl From<crate::columns::ColumnsError> for RiskError {
    fn from(error: crate::columns::ColumnsError) -> Self {
        use crate::columns::ColumnsError;
        match error {
            ColumnsError::Cells(problems) => Self::Table(problems),
            ColumnsError::Evidence(error) => Self::Evidence(error),
            other => Self::Question {
                what: other.to_string(),
                hint: None,
            },
        }
    }
}

impl RiskError {
    /// A question that cannot be answered, with what to do.
    pub fn question(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Question {
            what: what.into(),
            hint: Some(hint.into()),
        }
    }
}
