//! Uses of rare earths: how much, by whom, in what form.

use crate::area::Area;
use crate::element::Element;
use crate::ids::{EndUseId, GradeId, ViewPlace};
use crate::material::Material;
use crate::provenance::FULL;
use crate::table::table;
use crate::units::{KgPerKg, Share, UsdPerKg};
use crate::words::words;

words! {
    /// The form in which an end use buys.
    "kind of end use"
    pub enum EndUseKind {
        /// Permanent magnets.
        Magnet = "magnet",
        /// Oxides and other compounds.
        Oxide = "oxide",
        /// Metals and alloys other than for magnets.
        Metal = "metal",
    }
}

table! {
    /// One end use and how its buyers answer to price and shortage.
    pub struct EndUse in "end_uses" key ["end_use"] {
        /// Short id.
        end_use: EndUseId,
        /// English name.
        name: String,
        /// The form it buys.
        kind: EndUseKind,
        /// Part of demand that cannot be cut within a year.
        essential: Share,
        /// Lowest plausible own-price elasticity within a year, as a positive number.
        elasticity_low: f64 { min: 0.0 },
        /// Own-price elasticity within a year, as a positive number.
        elasticity: f64 { min: 0.0 },
        /// Highest plausible own-price elasticity within a year, as a positive number.
        elasticity_high: f64 { min: 0.0 },
        /// Own-price elasticity once designs have changed, as a positive number.
        long_run_elasticity: f64 { min: 0.0 },
        /// Multiple of the base price at which the last user stops buying.
        ceiling_multiple: f64 { unit: "× base price", min: 1.0 },
        /// Days of use that users outside China hold in commercial stocks.
        stock_days: f64 { unit: "days", min: 0.0 },
    } with FULL
}

words! {
    /// What a demand quantity counts.
    "demand unit"
    pub enum DemandUnit {
        /// Tonnes of rare-earth oxide.
        TonnesReo = "t_reo",
        /// Tonnes of finished magnet.
        TonnesMagnet = "t_magnet",
    }
}

table! {
    /// Use of one element, or of magnets, by one end use in one year.
    pub struct Demand in "demand" key ["year", "end_use", "element", "grade", "place"] {
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// End use.
        end_use: EndUseId,
        /// Element; empty where a magnet grade is given instead.
        element: Option<Material>,
        /// Magnet grade, for magnets.
        grade: Option<GradeId>,
        /// The world or one place.
        place: Area,
        /// Quantity in the year, in `unit`.
        quantity_t: f64 { unit: "unit", min: 0.0 },
        /// What the quantity counts.
        unit: DemandUnit,
    } with FULL
}

table! {
    /// A place's share of the world's use of one end use; sums to 1 per year and end use.
    pub struct DemandShare in "demand_shares" key ["year", "end_use", "place"] {
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// End use.
        end_use: EndUseId,
        /// Place of the `full` view.
        place: ViewPlace,
        /// Fraction of world use.
        share: Share,
        /// What the share was estimated from.
        basis: Option<String>,
    } with FULL
}

words! {
    /// The family of a magnet grade.
    "kind of magnet"
    pub enum MagnetKind {
        /// Sintered neodymium-iron-boron.
        Sintered = "sintered",
        /// Bonded neodymium-iron-boron.
        Bonded = "bonded",
        /// Hot-deformed neodymium-iron-boron.
        HotDeformed = "hot_deformed",
        /// Samarium-cobalt.
        SmCo = "smco",
    }
}

table! {
    /// One magnet grade: what is in it, and what making it costs.
    pub struct MagnetGrade in "magnet_grades" key ["grade"] {
        /// Short id.
        grade: GradeId,
        /// English name.
        name: String,
        /// Family.
        kind: MagnetKind,
        /// Neodymium per kilogram of finished magnet.
        nd: KgPerKg { max: 1.0 },
        /// Praseodymium per kilogram of finished magnet.
        pr: KgPerKg { max: 1.0 },
        /// Dysprosium per kilogram of finished magnet.
        dy: KgPerKg { max: 1.0 },
        /// Terbium per kilogram of finished magnet.
        tb: KgPerKg { max: 1.0 },
        /// Gadolinium per kilogram of finished magnet.
        gd: KgPerKg { max: 1.0 },
        /// Cerium per kilogram of finished magnet.
        ce: KgPerKg { max: 1.0 },
        /// Samarium per kilogram of finished magnet.
        sm: KgPerKg { max: 1.0 },
        /// Rare earths in finished magnets over rare earths in the metal consumed.
        material_yield: Share,
        /// Lowest plausible yield.
        yield_low: Share,
        /// Highest plausible yield.
        yield_high: Share,
        /// Cost of making a kilogram of magnet from metal, without the rare earths.
        conversion_usd_per_kg: UsdPerKg,
    } with FULL
}

impl MagnetGrade {
    /// Kilograms of `element` per kilogram of finished magnet.
    #[must_use]
    pub const fn content(&self, element: Element) -> KgPerKg {
        match element {
            Element::Nd => self.nd,
            Element::Pr => self.pr,
            Element::Dy => self.dy,
            Element::Tb => self.tb,
            Element::Gd => self.gd,
            Element::Ce => self.ce,
            Element::Sm => self.sm,
            _ => KgPerKg(0.0),
        }
    }

    /// The elements it contains, with kilograms per kilogram of finished magnet.
    pub fn contents(&self) -> impl Iterator<Item = (Element, KgPerKg)> + '_ {
        Element::ALL
            .iter()
            .map(|&element| (element, self.content(element)))
            .filter(|(_, content)| content.0 > 0.0)
    }
}

table! {
    /// The part of an end use's magnets that is of one grade; sums to 1 per end use.
    pub struct GradeMix in "grade_mix" key ["end_use", "grade"] {
        /// End use.
        end_use: EndUseId,
        /// Grade.
        grade: GradeId,
        /// Fraction by weight.
        share: Share,
    } with FULL
}

table! {
    /// Rare earths in one unit of a technology or product.
    pub struct Intensity in "intensities" key [] {
        /// Technology or product.
        product: String,
        /// What one unit is: a car, a megawatt.
        unit_of_product: String,
        /// Element, group or magnet.
        element: Material,
        /// Whether element, oxide or magnet is counted.
        form: String,
        /// Best estimate, in `unit`.
        value: f64 { unit: "unit", min: 0.0 },
        /// Lowest plausible.
        low: Option<f64> { unit: "unit", min: 0.0 },
        /// Highest plausible.
        high: Option<f64> { unit: "unit", min: 0.0 },
        /// Unit of the value.
        unit: String,
        /// The year it holds for.
        year: Option<u16> { min: 1950.0, max: 2100.0 },
    } with FULL
}
