//! What a run says, as tables with names and units instead of positions.
//!
//! A [`RunResult`] is what faces print and what a result folder holds. Every row names its quarter,
//! place and product; quantities are per quarter in the product's unit (t REO for oxides and streams,
//! t for metals and magnets), prices in USD/kg of the base year.

mod policies;
mod rows;
mod summary;
mod tabulate;

pub use rows::{CapacityRow, FlowRow, PolicyRow, PriceRow, ProductionRow, QuotaRow, StockRow, UseRow};
pub use summary::{Headline, SHORT_FROM, Shortage, shortages};
pub use tabulate::tabulate;

use crate::chain::CalibrationNote;

/// Everything a run found.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// Scenario id.
    pub scenario: String,
    /// Scenario title.
    pub title: String,
    /// View of the world: `full` or `bloc14`.
    pub view: String,
    /// Base year; its money is the money of all prices.
    pub base_year: u16,
    /// Quarters in order, such as `2025Q1`; the table rows of quarter `base` hold the base quarter.
    pub quarters: Vec<String>,
    /// Prices at every traded product and place.
    pub prices: Vec<PriceRow>,
    /// Shipments, with what limits them.
    pub flows: Vec<FlowRow>,
    /// Use and shortage by end use.
    pub uses: Vec<UseRow>,
    /// Commercial stocks.
    pub stocks: Vec<StockRow>,
    /// What plants and mines did.
    pub production: Vec<ProductionRow>,
    /// Capacities and their rents.
    pub capacities: Vec<CapacityRow>,
    /// Quotas and their rents, in the quarters they are in force.
    pub quotas: Vec<QuotaRow>,
    /// What policies do in money.
    pub policies: Vec<PolicyRow>,
    /// What calibration had to bend.
    pub notes: Vec<CalibrationNote>,
    /// Warnings of the run, in words.
    pub warnings: Vec<String>,
    /// Worst scaled violation of the optimality conditions over all quarters.
    pub worst_kkt: f64,
    /// Seconds by phase, in order of running.
    pub timings: Vec<(String, f64)>,
}
