//! What can be wrong with a plan.

use monazite_market::MarketError;
use monazite_market::lp::LpError;

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// A question that cannot be answered as asked.
    #[error("{what}")]
    Asked {
        /// What is wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// The measures or disruptions have faults.
    #[error("{0}")]
    Data(#[from] monazite_evidence::Problems),
    /// The market cannot be built.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The base year cannot be balanced.
    #[error(transparent)]
    Base(#[from] monazite_evidence::reconcile::ReconcileError),
    /// The solver refused.
    #[error("a programme of the plan could not be solved: {0}")]
    Solver(#[from] LpError),
    /// The search was ended before there was any plan to give.
    #[error("stopped before any plan was valued")]
    Stopped,
    /// A fault of the program.
    #[error("this should not happen: {0}")]
    Internal(&'static str),
}
