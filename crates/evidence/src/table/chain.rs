//! Plants, recoveries, costs and who does what at each stage.

use crate::area::Area;
use crate::element::Element;
use crate::ids::{FacilityId, FeedId, PlaceId};
use crate::material::Material;
use crate::period::Period;
use crate::provenance::FULL;
use crate::stage::{CostStage, ShareStage, Stage};
use crate::table::table;
use crate::units::{Percent, Share, Tonnes};
use crate::words::words;

words! {
    /// What a capacity counts.
    "capacity unit"
    pub enum CapacityUnit {
        /// Tonnes of rare-earth oxide per year, by feed or output as the stage says.
        TonnesReoPerYear = "t_reo_per_year",
        /// Tonnes of metal, alloy or magnet per year.
        TonnesPerYear = "t_per_year",
        /// Tonnes of neodymium-praseodymium oxide per year.
        TonnesNdPrOxidePerYear = "t_ndpr_oxide_per_year",
    }
}

words! {
    /// Where a facility stands.
    "status"
    pub enum FacilityStatus {
        /// Runs.
        Operating = "operating",
        /// Runs and is growing to its capacity.
        RampUp = "ramp_up",
        /// Is being started.
        Commissioning = "commissioning",
        /// Is being built.
        Construction = "construction",
        /// Is announced.
        Planned = "planned",
        /// Stopped, may restart.
        Halted = "halted",
        /// Closed for good.
        Closed = "closed",
    }
}

words! {
    /// Whether a row is one plant or the rest of a country.
    "level"
    pub enum Level {
        /// One plant.
        Plant = "plant",
        /// All plants of the country at this stage not listed on their own.
        CountryRest = "country_rest",
    }
}

table! {
    /// One mine or plant at one stage, or the rest of a country's plants at that stage.
    pub struct Facility in "facilities" key ["facility"] {
        /// Short id.
        facility: FacilityId,
        /// English name.
        name: String,
        /// Operator.
        operator: Option<String>,
        /// Country.
        place: PlaceId,
        /// Latitude.
        lat: Option<f64> { unit: "degrees north", min: -90.0, max: 90.0 },
        /// Longitude.
        lon: Option<f64> { unit: "degrees east", min: -180.0, max: 180.0 },
        /// Stage.
        stage: Stage,
        /// What it mines or takes in; every mine has one.
        feed: Option<FeedId>,
        /// Elements or groups it makes.
        elements: Vec<Material>,
        /// Capacity, in `capacity_unit`.
        capacity: Option<f64> { unit: "capacity_unit", min: 0.0 },
        /// What the capacity counts.
        capacity_unit: Option<CapacityUnit>,
        /// Output in 2024, in `capacity_unit`.
        output_2024: Option<f64> { unit: "capacity_unit", min: 0.0 },
        /// When it began or will begin.
        start: Option<Period>,
        /// When it ended or will end.
        end: Option<Period>,
        /// Where it stands.
        status: FacilityStatus,
        /// One plant or the rest of the country.
        level: Level,
    } with FULL
}

words! {
    /// How close a position is to what stands there.
    "precision"
    pub enum Precision {
        /// The site itself, within a few kilometres.
        Site = "site",
        /// The town it is in or near: it may stand tens of kilometres away.
        Town = "town",
    }
}

table! {
    /// Where a plant stands whose row in `facilities` has no coordinates, with what says so.
    pub struct Position in "positions" key ["facility"] {
        /// The plant.
        facility: FacilityId,
        /// Latitude.
        lat: f64 { unit: "degrees north", min: -90.0, max: 90.0 },
        /// Longitude.
        lon: f64 { unit: "degrees east", min: -180.0, max: 180.0 },
        /// How close that is.
        precision: Precision,
    } with FULL
}

impl Facility {
    /// The elements it makes, each once, in the order of [`Element::ALL`]; empty when the row does not say.
    #[must_use]
    pub fn made(&self) -> Vec<Element> {
        let mut made: Vec<Element> = self.elements.iter().flat_map(Material::elements).copied().collect();
        made.sort_unstable();
        made.dedup();
        made
    }
}

table! {
    /// What part of the rare earths entering a stage leaves it in the product.
    pub struct Recovery in "recoveries" key [] {
        /// Stage.
        stage: Stage,
        /// Where it holds.
        place: Area,
        /// The feed it holds for; empty for any.
        feed: Option<FeedId>,
        /// Lowest plausible.
        low: Share,
        /// Best estimate.
        central: Share,
        /// Highest plausible.
        high: Share,
        /// Plant, process or study it speaks of.
        scope: Option<String>,
    } with FULL
}

words! {
    /// What a cost is divided by.
    "cost unit"
    pub enum CostUnit {
        /// US dollars per kilogram of rare-earth oxide.
        UsdPerKgReo = "usd_per_kg_reo",
        /// US dollars per kilogram of metal.
        UsdPerKgMetal = "usd_per_kg_metal",
        /// US dollars per kilogram of magnet.
        UsdPerKgMagnet = "usd_per_kg_magnet",
        /// US dollars per kilogram of the product moved.
        UsdPerKg = "usd_per_kg",
    }
}

table! {
    /// The cost of one stage in one place.
    pub struct StageCost in "stage_costs" key [] {
        /// Stage, or a cost between stages.
        stage: CostStage,
        /// Where it holds.
        place: Area,
        /// What the cost is for.
        item: Option<String>,
        /// Lowest plausible.
        low: f64 { unit: "unit", min: 0.0 },
        /// Best estimate.
        central: f64 { unit: "unit", min: 0.0 },
        /// Highest plausible.
        high: f64 { unit: "unit", min: 0.0 },
        /// What the cost is divided by.
        unit: CostUnit,
        /// The year of the money.
        year: u16 { min: 1950.0, max: 2100.0 },
    } with FULL
}

table! {
    /// A place's published share of one stage. Conflicting statements are kept.
    pub struct StageShare in "stage_shares" key [] {
        /// Coarse stage.
        stage: ShareStage,
        /// What the share is of.
        material: Material,
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// Country, or the rest of the world.
        place: Area,
        /// Share of the world, percent.
        share_pct: Percent,
        /// Quantity behind the share.
        value_t: Option<Tonnes>,
        /// What the statement counts, and which outlook it comes from.
        basis: Option<String>,
    } with FULL
}

table! {
    /// What part of a place's mine production came from one kind of ore in a year, where that differs from what its
    /// mines of today would say.
    pub struct FeedShare in "feed_shares" key ["place", "feed", "year"] {
        /// Country.
        place: PlaceId,
        /// Stream that the mines give.
        feed: FeedId,
        /// Calendar year.
        year: u16 { min: 1950.0, max: 2100.0 },
        /// Share of what the place mined, percent.
        share_pct: Percent,
    } with FULL
}
