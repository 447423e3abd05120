//! Who controls a supply chain: indicators for every stage, material, importer and year.
//!
//! Every method answers with [`Score`]s: a value or the reason why there is none, and the terms it is made of,
//! each with the evidence behind it. A missing value is never a zero.

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod columns;
pub mod geopolrisk;
mod score;

pub use score::{Missing, Score, Term};
