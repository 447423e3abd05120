//! Parameters of behaviour, and published statements kept as checks.

use crate::area::Area;
use crate::ids::{BehaviourId, StatementId};
use crate::provenance::FULL;
use crate::table::table;

table! {
    /// One parameter of how firms and states behave, with its plausible range.
    pub struct Behaviour in "behaviour" key ["parameter"] {
        /// Short id.
        parameter: BehaviourId,
        /// Best estimate, in `unit`.
        value: f64 { unit: "unit" },
        /// Lowest plausible.
        low: f64 { unit: "unit" },
        /// Highest plausible.
        high: f64 { unit: "unit" },
        /// Unit of the values.
        unit: Option<String>,
        /// What it means.
        meaning: String,
    } with FULL
}

table! {
    /// A published statement about demand, supply or elasticity, kept to test the model against.
    pub struct Statement in "statements" key ["id"] {
        /// Short id.
        id: StatementId,
        /// What it is about.
        subject: String,
        /// Where it holds.
        place: Option<Area>,
        /// The year it holds for.
        year: Option<u16> { min: 1950.0, max: 2100.0 },
        /// The value stated, in `unit`.
        value: Option<f64> { unit: "unit" },
        /// Lowest value stated.
        low: Option<f64> { unit: "unit" },
        /// Highest value stated.
        high: Option<f64> { unit: "unit" },
        /// Unit of the values.
        unit: Option<String>,
        /// What was said, in our own words.
        statement: String,
    } with FULL
}
