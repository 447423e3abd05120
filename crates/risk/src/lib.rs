//! Who controls a supply chain: indicators for every stage, material, importer and year.
//!
//! Every method answers with [`Score`]s: a value or the reason why there is none, and the terms it is made of,
//! each with the evidence behind it. A missing value is never a zero.
//!
//! A [`Question`] says which materials, stages, years and importers; a [`Context`] holds the evidence and, once each,
//! the balanced base years; [`METHODS`] lists what can be computed.

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod columns;
pub mod company;
pub mod context;
mod error;
pub mod eu;
pub mod factors;
pub mod geopolrisk;
pub mod loss;
pub mod method;
pub mod question;
pub mod rank;
pub mod reliance;
mod score;
pub mod shares;
pub mod sourcing;
pub mod supply;

pub use context::Context;
pub use error::RiskError;
pub use method::{METHODS, Method, method};
pub use question::{By, Importer, Question, Subject};
pub use score::{Missing, Score, Term};
