//! How wide the evidence is: what an ensemble varies, and how.

use crate::ids::UncertaintyId;
use crate::provenance::FULL;
use crate::table::table;
use crate::words::words;

words! {
    /// The shape of a distribution.
    "shape"
    pub enum Shape {
        /// Rises in a straight line from the lowest value to the best estimate and falls to the highest.
        Triangular = "triangular",
        /// Smooth between the lowest and the highest value, most at the best estimate.
        Pert = "pert",
        /// The logarithm is normal; the lowest and the highest value are the 5 % and 95 % points.
        Lognormal = "lognormal",
        /// Every value between the lowest and the highest is as likely.
        Uniform = "uniform",
    }
}

words! {
    /// Whether rows vary one by one.
    "scope"
    pub enum Scope {
        /// Each row has its own draw.
        Each = "each",
        /// One draw for all rows: they are all high or all low.
        Together = "together",
    }
}

table! {
    /// What is uncertain in the other tables and how it is distributed. The parameters `default_A`, `default_B` and
    /// `default_C` state how wide a row of that confidence is where nothing better is known.
    pub struct Uncertainty in "uncertainty" key ["parameter"] {
        /// Short id.
        parameter: UncertaintyId,
        /// The table whose rows vary; `scenario` and `chain` stand for what a scenario says and for plants to come.
        table: String,
        /// Which rows: `column=value` joined by `;`, or `*` for all.
        rows: Vec<String>,
        /// The column that varies.
        column: String,
        /// Whether rows vary one by one.
        scope: Scope,
        /// The shape of the distribution.
        shape: Shape,
        /// Lowest value, as a multiple of the best estimate; empty where each row has a range of its own or takes the default of its confidence.
        low: Option<f64> { unit: "× central", min: 0.0 },
        /// Highest value, as a multiple of the best estimate; empty as for `low`.
        high: Option<f64> { unit: "× central", min: 0.0 },
        /// Parameters of one group move together.
        group: Option<String>,
        /// Rank correlation with the others of its group.
        correlation: Option<f64> { min: 0.0, max: 1.0 },
        /// What it stands for.
        meaning: String,
    } with FULL
}
