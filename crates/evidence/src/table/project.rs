//! What the economics of a project need besides the deposit itself.

use crate::area::Area;
use crate::provenance::FULL;
use crate::table::table;

table! {
    /// One term of project economics: a tax, a royalty, a cost per tonne of ore, a usual lead time. The row that names
    /// the country stands before the one of the world.
    pub struct ProjectTerm in "project_terms" key ["parameter", "place", "item"] {
        /// Which term: `tax_rate`, `royalty_share`, `ore_cost`, `life_years`.
        parameter: String,
        /// Where it holds.
        place: Area,
        /// What it holds for: a kind of ore; empty for all.
        item: Option<String>,
        /// Lowest plausible, in `unit`.
        low: f64 { unit: "unit", min: 0.0 },
        /// Best estimate, in `unit`.
        central: f64 { unit: "unit", min: 0.0 },
        /// Highest plausible, in `unit`.
        high: f64 { unit: "unit", min: 0.0 },
        /// Unit of the values.
        unit: String,
    } with FULL
}
