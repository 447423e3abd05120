//! What governments do: governance, events and deals.

use crate::ids::{DealId, EventId, PlaceId};
use crate::period::Period;
use crate::provenance::FULL;
use crate::table::table;
use crate::units::MillionUsd;
use crate::words::words;

table! {
    /// A governance indicator of one place in one year.
    pub struct Governance in "governance" key ["place", "year", "indicator"] {
        /// Country.
        place: PlaceId,
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// The indicator: `political_stability`, or `mean_of_six`, the mean of all six governance indicators.
        indicator: String,
        /// Estimate in standard normal units, about -2.5 (weak) to 2.5 (strong).
        estimate: f64 { min: -5.0, max: 5.0 },
        /// Standard error of the estimate.
        std_error: Option<f64> { min: 0.0 },
    } with FULL
}

words! {
    /// How precisely an event is dated.
    "date precision"
    pub enum DatePrecision {
        /// To the day.
        Day = "day",
        /// To the week.
        Week = "week",
        /// To the month.
        Month = "month",
        /// To the year.
        Year = "year",
    }
}

table! {
    /// One policy event: an export control, a tariff, a quota, a subsidy, a stockpile.
    pub struct PolicyEvent in "policy_events" key ["event"] {
        /// Short id.
        event: EventId,
        /// First day in force.
        start: Period,
        /// Last day in force; empty while it lasts.
        end: Option<Period>,
        /// How precisely it is dated.
        precision: DatePrecision,
        /// Who acts: place codes or names of groups.
        actors: Vec<String>,
        /// Who is meant: place codes or names of groups; `WLD` for all.
        targets: Vec<String>,
        /// What kind of measure it is.
        instrument: String,
        /// Stages concerned.
        stages: Vec<String>,
        /// Elements concerned.
        elements: Vec<String>,
        /// What happened, in a line.
        title: String,
        /// Its size, in `quantity_unit`.
        quantity: Option<f64> { unit: "quantity_unit" },
        /// Unit of the size.
        quantity_unit: Option<String>,
        /// In force, ended, announced.
        status: Option<String>,
    } with FULL
}

table! {
    /// One deal between states or firms.
    pub struct Deal in "deals" key ["deal"] {
        /// Short id.
        deal: DealId,
        /// When it was made.
        date: Period,
        /// The parties.
        parties: Vec<String>,
        /// Where it takes effect.
        place: Option<PlaceId>,
        /// Stage concerned.
        stage: Option<String>,
        /// What was agreed, in a line.
        title: String,
        /// Loan, offtake, equity, price floor.
        instrument: Option<String>,
        /// Amount.
        amount_musd: Option<MillionUsd>,
        /// Volume, tonnes per year of the product named.
        volume_t_per_year: Option<f64> { unit: "t/year", min: 0.0 },
        /// In force, announced, superseded.
        status: Option<String>,
    } with FULL
}
