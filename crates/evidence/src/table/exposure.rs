//! Technologies, what replaces rare earths in them, which industries need them, and how many are built.

use crate::ids::{EndUseId, GradeId, TechnologyId};
use crate::material::Material;
use crate::provenance::FULL;
use crate::table::table;
use crate::units::Share;

table! {
    /// One product or platform that contains rare earths, and which rows of `intensities` say how much.
    pub struct Technology in "technologies" key ["technology"] {
        /// Short id.
        technology: TechnologyId,
        /// English name.
        name: String,
        /// Family, such as `vehicles`.
        family: String,
        /// What one unit is: a vehicle, a megawatt.
        unit: String,
        /// The end use it belongs to.
        end_use: EndUseId,
        /// Products of `intensities` that its content is computed from; the first gives the best estimate, all the range.
        contained: Vec<String>,
        /// Products of `intensities` shown beside it: other wordings, totals, upper bounds.
        also_published: Vec<String>,
        /// Magnet grades it is built with; empty when not known, then those of its end use.
        grades: Vec<GradeId>,
        /// Other words for it.
        aliases: Vec<String>,
        /// The fleet it is counted in.
        fleet: Option<String>,
    } with FULL
}

table! {
    /// One way to do with less of some elements in an end use, and what it costs.
    pub struct Substitute in "substitutes" key ["end_use", "elements", "substitute"] {
        /// End use.
        end_use: EndUseId,
        /// The elements it saves.
        elements: Vec<Material>,
        /// What is done instead.
        substitute: String,
        /// Part of these elements saved.
        saves: Share,
        /// Least saved.
        saves_low: Share,
        /// Most saved.
        saves_high: Share,
        /// What gets worse.
        penalty: String,
        /// Lowest change of the part's unit cost.
        cost_low: Option<f64> { unit: "share" },
        /// Change of the part's unit cost.
        cost: Option<f64> { unit: "share" },
        /// Highest change.
        cost_high: Option<f64> { unit: "share" },
        /// Years until it is qualified and in use.
        years: f64 { unit: "years", min: 0.0 },
    } with FULL
}

table! {
    /// The part of an industry's output that cannot be made without the products of an end use.
    pub struct IndustryUse in "industry_uses" key ["tables", "end_use", "industry"] {
        /// Which input-output tables: `bea402` or `oecd45`.
        tables: String,
        /// End use.
        end_use: EndUseId,
        /// Code of the industry in those tables.
        industry: String,
        /// Lowest plausible part.
        low: Share,
        /// Part of output.
        share: Share,
        /// Highest plausible part.
        high: Share,
    } with FULL
}

table! {
    /// How many units of a technology are sold or built in a year, as counted or as an outlook has it.
    pub struct Deployment in "deployment" key ["technology", "region", "scenario", "year"] {
        /// Technology.
        technology: TechnologyId,
        /// A place, or `WLD`, `EUR` (Europe), `ROW` (not named otherwise in this scenario).
        region: String,
        /// `historical`, or the name of the outlook.
        scenario: String,
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// Units in the year.
        value: f64 { unit: "unit", min: 0.0 },
        /// What is counted.
        unit: String,
    } with FULL
}
