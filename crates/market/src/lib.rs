//! The market of the rare-earth chain: prices and flows of a quarter, scenarios, and paths of quarters.
//!
//! One quarter is one linear programme in the tradition of Samuelson, Takayama and Judge: maximise
//! the benefit of users less the cost of mining, processing, shipping, storing and not having. The
//! duals of the product balances are prices; those of capacities, quotas and licences are rents.

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod calibrate;
pub mod chain;
mod error;
pub mod explain;
pub mod lp;
pub mod path;
pub mod policy;
pub mod quarter;
pub mod result;
pub mod scenario;
pub mod store;

pub use error::MarketError;
