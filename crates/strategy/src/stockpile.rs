//! What a country would run short of in an emergency, and which stock would cover it.
//!
//! The structure is that of the public descriptions of the United States' own method (RAMF-SM, Institute for Defense
//! Analyses): requirements of defence, of emergency investment and of essential civilian users, year by year, against
//! supply that can be relied on. What is left is the shortfall; ways to cover it stand on one merit order, of which a stock
//! is the last. Supply follows the balanced base year from the mine to the magnet, so that a friendly magnet made of a
//! hostile oxide is not counted as friendly.
//!
//! * [`Conflict`]: the emergency, as a file with ranges and sources.
//! * [`shortfall`]: what is short, by product, year and sector.
//! * [`uncertain`]: the same over the ranges of the file.
//! * [`merit_order`]: what covers it, the cheapest first.
//! * [`rule`]: the stock that minimises expected loss in the market model, for comparison.

mod conflict;
mod draws;
mod error;
mod estimate;
mod ground;
mod numbers;
mod options;
mod read;
mod rule;
mod shortfall;
mod supply;

pub use conflict::{
    Added, Civilian, Conflict, Cost, DefenceUse, Held, Investment, Market, Options, Premium, Qualified, Recycling,
    Supplier, bundled, template,
};
pub use draws::{Swing, Uncertain, uncertain};
pub use error::StockpileError;
pub use estimate::{Estimate, Yearly};
pub use ground::Ground;
pub use options::{Measure, Step, merit_order};
pub use rule::{Rule, RuleRow, market_scenario, rule};
pub use shortfall::{ElementNeed, Need, Origin, Sector, Shortfall, YearNeed, shortfall};
