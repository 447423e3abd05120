//! What is exposed to the rare-earth chain: products, platforms, fleets, industries, GDP.
//!
//! * [`bom`] reads a bill of materials, [`technology`] says what known technologies contain, [`trace`] where each stage
//!   comes from, [`product`] puts them together: grams per element, cost, origins, what is at risk.
//! * [`fleet`] scales a technology to what a country builds in a year.
//! * [`paths`] answers on every path of an ensemble, as bands.
//! * [`industry`] turns shortages into lost value added on input-output tables.
//!
//! Every answer is a range over stated assumptions; a mass that nobody gave stays unknown.

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod bom;
mod error;
pub mod fleet;
pub mod industry;
pub mod paths;
pub mod product;
mod range;
pub mod technology;
pub mod trace;

pub use error::ExposureError;
pub use range::Range;
