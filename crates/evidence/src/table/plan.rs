//! What a decision-maker can do, and what may go wrong.

use crate::ids::{FeedId, PlaceId};
use crate::provenance::FULL;
use crate::stage::Stage;
use crate::table::table;
use crate::units::MillionUsd;
use crate::words::words;

words! {
    /// What kind of thing a measure is.
    "kind of measure"
    pub enum MeasureKind {
        /// A mine or plant, paid for by the planner.
        Project = "project",
        /// An agreement with a partner that other measures need.
        Agreement = "agreement",
        /// Old products taken back.
        Recycling = "recycling",
        /// Less of an element for the same service.
        Thrifting = "thrifting",
        /// A stock of the state, released in a disruption.
        Stockpile = "stockpile",
        /// A plant carried by a price floor.
        Floor = "floor",
        /// A plant carried by a grant.
        Subsidy = "subsidy",
        /// A plant carried by a duty on foreign goods.
        Tariff = "tariff",
        /// A plant carried by a promise to buy.
        Offtake = "offtake",
    }
}

words! {
    /// What the size of a measure counts.
    "unit of size"
    pub enum MeasureUnit {
        /// Share of what the planner's users use of each output.
        ShareOfUse = "share_of_use",
        /// Tonnes of rare-earth oxide per year, in the unit of the stage.
        TonnesReoPerYear = "t_reo_per_year",
        /// Tonnes of metal or magnet per year.
        TonnesPerYear = "t_per_year",
        /// Tonnes kept in stock.
        Tonnes = "t",
    }
}

table! {
    /// One measure: what it does, what it costs, when it works, what it needs.
    pub struct Measure in "measures" key ["measure"] {
        /// Short id.
        measure: String,
        /// What it is, in a line.
        title: String,
        /// What kind of thing it is.
        kind: MeasureKind,
        /// Where; empty for the country that plans.
        place: Option<PlaceId>,
        /// Stage of a plant.
        stage: Option<Stage>,
        /// What a mine mines.
        feed: Option<FeedId>,
        /// What it supplies where it is no plant of a stage: products with their shares, such as `oxide:Dy=1`.
        outputs: Vec<String>,
        /// Capacity, supply or stock.
        size: Option<f64> { unit: "size_unit", min: 0.0 },
        /// Unit of the size.
        size_unit: Option<MeasureUnit>,
        /// Paid once, best estimate.
        cost_musd: MillionUsd { min: 0.0 },
        /// Paid once, at least.
        cost_musd_low: MillionUsd { min: 0.0 },
        /// Paid once, at most.
        cost_musd_high: MillionUsd { min: 0.0 },
        /// Paid every year from its start on.
        yearly_musd: MillionUsd { min: 0.0 },
        /// Cost of running, USD/kg of what the size counts; empty for the prior of stage and place.
        running_usd_per_kg: Option<f64> { unit: "USD/kg", min: 0.0 },
        /// Currency of the amounts; `USD`.
        currency: String,
        /// Year of the money.
        money_year: u16 { min: 1990.0, max: 2060.0 },
        /// Years from decision to first output, best estimate.
        lead_years: f64 { unit: "years", min: 0.0, max: 40.0 },
        /// Years from decision to first output, at least.
        lead_years_low: f64 { unit: "years", min: 0.0, max: 40.0 },
        /// Years from decision to first output, at most.
        lead_years_high: f64 { unit: "years", min: 0.0, max: 40.0 },
        /// Measures it needs.
        requires: Vec<String>,
        /// Measures it rules out.
        excludes: Vec<String>,
        /// Ids of facilities, deposits, deals and events behind it.
        evidence: Vec<String>,
    } with FULL
}

words! {
    /// What a disruption does.
    "kind of disruption"
    pub enum DisruptionKind {
        /// Goods from its places leave to its destinations only in part.
        Export = "export",
        /// Mines or plants in its places stand still, wholly or in part.
        Outage = "outage",
        /// Measures in its places give nothing: sanctions, expropriation, war.
        Partner = "partner",
    }
}

table! {
    /// One disruption with its probability.
    pub struct Disruption in "disruptions" key ["disruption"] {
        /// Short id.
        disruption: String,
        /// What happens, in a line.
        title: String,
        /// What it does.
        kind: DisruptionKind,
        /// Where it starts from.
        places: Vec<PlaceId>,
        /// Whom it hits; empty for all. The word `planner` stands for the country that plans.
        destinations: Vec<String>,
        /// Kinds of product concerned, of export disruptions.
        products: Vec<String>,
        /// Elements concerned; empty for all.
        elements: Vec<String>,
        /// Stages concerned, of outages.
        stages: Vec<Stage>,
        /// Share of what passed or ran that is left.
        share_left: f64 { unit: "share", min: 0.0, max: 1.0 },
        /// Probability that it begins in a year, best estimate.
        per_year: f64 { unit: "share per year", min: 0.0, max: 1.0 },
        /// At least.
        per_year_low: f64 { unit: "share per year", min: 0.0, max: 1.0 },
        /// At most.
        per_year_high: f64 { unit: "share per year", min: 0.0, max: 1.0 },
        /// Whole years it lasts.
        years: u16 { unit: "years", min: 1.0, max: 40.0 },
        /// Ids of events and statements behind it.
        evidence: Vec<String>,
    } with FULL
}
