//! Ensembles: many paths over uncertain evidence, their bands, and what drives them.
//!
//! What is uncertain, and how, is evidence itself: the table `uncertainty.csv` ([`inputs`]). A [`sample::Sampler`]
//! gives every path a point of the unit cube; [`world::World`] turns the point into a calibrated chain, a scenario and
//! a behaviour; [`run`] simulates the paths on all cores. A point depends on seed, number and dimension only, so two
//! scenarios of one seed see the same draws, and the same path is the same on any thread.

#![warn(missing_docs)]
#![deny(unsafe_code)]

pub mod backtest;
pub mod bands;
pub mod distribution;
mod error;
pub mod frame;
pub mod inputs;
pub mod run;
pub mod sample;
pub mod sensitivity;
pub mod store;
pub mod world;

pub use error::EnsembleError;
