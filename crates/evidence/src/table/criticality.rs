//! What the European Union's criticality assessments state: inputs, supply, uses and sectors.

use crate::ids::PlaceId;
use crate::material::Material;
use crate::provenance::FULL;
use crate::table::table;
use crate::units::Share;
use crate::words::words;

words! {
    /// The stage at which a criticality assessment counts supply.
    "stage of an assessment"
    pub enum AssessmentStage {
        /// Ores and concentrates.
        Extraction = "extraction",
        /// Refined material.
        Processing = "processing",
    }
}

words! {
    /// The supply that a criticality assessment rests on.
    "supply of an assessment"
    pub enum SupplyUsed {
        /// Global supply and sourcing of the Union, weighed by import reliance.
        Both = "both",
        /// Global supply only, because sourcing of the Union is not known.
        Global = "global",
        /// Sourcing of the Union only, because global supply is not known.
        Union = "union",
    }
}

words! {
    /// Whose supply a share is of.
    "scope of supply"
    pub enum SupplyScope {
        /// The world.
        Global = "global",
        /// The European Union: its own production and its imports.
        Union = "union",
    }
}

table! {
    /// One material in one criticality assessment of the European Union, as printed: inputs and results.
    pub struct EuAssessment in "eu_assessments" key ["material", "year"] {
        /// Element symbol, or the name of another material.
        material: Material,
        /// Year of the assessment.
        year: u16 { min: 2010.0, max: 2100.0 },
        /// The stage reported.
        stage: AssessmentStage,
        /// Import reliance of the Union.
        import_reliance: Option<Share>,
        /// Part of input that is recycled from products at the end of their life.
        eol_rir: Option<Share>,
        /// Substitution index of economic importance.
        substitution_ei: Option<f64> { min: 0.0, max: 1.0 },
        /// Substitution index of supply risk.
        substitution_sr: Option<f64> { min: 0.0, max: 1.0 },
        /// Concentration of global supply, weighed by governance and trade.
        hhi_global: Option<f64> { min: 0.0 },
        /// Concentration of the Union's sourcing, weighed by governance and trade.
        hhi_union: Option<f64> { min: 0.0 },
        /// The supply used.
        supply_used: SupplyUsed,
        /// Supply risk as printed.
        supply_risk: Option<f64> { min: 0.0 },
        /// Economic importance as printed.
        economic_importance: Option<f64> { min: 0.0 },
    } with FULL
}

table! {
    /// A country's share of supply in one criticality assessment. Shares are printed rounded and may not sum to 1.
    pub struct EuSupplyShare in "eu_supply_shares" key ["material", "year", "stage", "scope", "place"] {
        /// Element symbol, or the name of another material.
        material: Material,
        /// Year of the assessment.
        year: u16 { min: 2010.0, max: 2100.0 },
        /// The stage.
        stage: AssessmentStage,
        /// Of the world, or of the Union.
        scope: SupplyScope,
        /// Country.
        place: PlaceId,
        /// Fraction of supply.
        share: Share,
        /// Trade parameter: below 1 where trade is free by agreement, above 1 where exports are restricted.
        trade_parameter: Option<f64> { min: 0.0, max: 3.0 },
    } with FULL
}

table! {
    /// The value added of one sector of manufacturing in the European Union, as an assessment uses it.
    pub struct EuSector in "eu_sectors" key ["sector", "year"] {
        /// NACE revision 2 code: `C28`.
        sector: String,
        /// Year of the assessment.
        year: u16 { min: 2010.0, max: 2100.0 },
        /// English name.
        name: String,
        /// Value added.
        value_added_meur: f64 { unit: "MEUR", min: 0.0 },
    } with FULL
}

table! {
    /// The part of a material that goes to one application, in one criticality assessment.
    pub struct EuUseShare in "eu_use_shares" key ["material", "year", "application", "sector"] {
        /// Element symbol, or the name of another material.
        material: Material,
        /// Year of the assessment.
        year: u16 { min: 2010.0, max: 2100.0 },
        /// Application.
        application: String,
        /// The sector that uses it; empty where the assessment names none.
        sector: Option<String>,
        /// Fraction of use.
        share: Share,
    } with FULL
}
