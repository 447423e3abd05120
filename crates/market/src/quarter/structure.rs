//! What a scenario adds to the structure of a chain's programme: quota groups, and deals.

use crate::chain::NodeIx;

/// A quota over a group of routes.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaGroup {
    /// The event that sets it.
    pub event: String,
    /// Routes by their position in the chain, with the quota's tonnes per unit shipped.
    pub routes: Vec<(usize, f64)>,
}

/// A deal: a column of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Deal {
    /// The event that makes it.
    pub event: String,
    /// What is done.
    pub kind: DealKind,
}

/// What a deal does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DealKind {
    /// A state takes from a node for its stock.
    Purchase(NodeIx),
    /// A promised flow on a route, by its position in the chain.
    Promise(usize),
}

/// Terms of a deal in a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Terms {
    /// Of a purchase, the most that is paid; of a promise, what breaking it costs; USD/kg.
    pub usd_per_kg: f64,
    /// At most so much.
    pub tonnes: f64,
}

/// Rows and columns that a scenario adds to a chain's programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Structure {
    /// A row each.
    pub quotas: Vec<QuotaGroup>,
    /// A column each.
    pub deals: Vec<Deal>,
}

impl From<&[QuotaGroup]> for Structure {
    fn from(quotas: &[QuotaGroup]) -> Self {
        Self {
            quotas: quotas.to_vec(),
            deals: Vec::new(),
        }
    }
}
