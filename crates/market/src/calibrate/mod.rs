//! Calibration: prices and costs under which the reconciled base year is an equilibrium.
//!
//! Oxide prices of the two zones come from the evidence. All other prices follow from them and from
//! cost priors, stage by stage: forward to metals, magnets and scrap, backward to elements in
//! solution, heavy concentrate, carbonate and concentrate. The cost of every activity and route that
//! the base year uses is then what its prices leave (a zero-profit residual, as in positive
//! mathematical programming); where that differs from the evidence's prior it is listed. Mines keep
//! the rest as rent of their capacity or quota.

mod costs;
mod quotes;
mod values;

pub use costs::{behaviour, stage_cost};
pub use quotes::{Quote, ZonePrices, quote, zone_prices};
pub use values::{Values, values};
