//! GeoPolRisk: concentration of production times what part of an economy's supply comes from unstable partners.
//!
//! Two modes. [`compat`] gives the numbers of geopolrisk-py 2.0.1, defects included, so that published results can be
//! reproduced. The default mode ([`corrected`]) mends them: it answers every question or says why it cannot.

pub mod compat;
mod compat_table;
pub mod corrected;
pub mod makers;
pub mod outliers;
pub mod stability;
pub mod target;

pub use compat_table::{NUMBERS, write_parquet};
