//! Scenarios: dated shocks and policies, in files made for people.
//!
//! A scenario file is TOML. It names a base year, the quarters to simulate, and events. Everything
//! is checked before anything runs: a fault is told with file, line and column, the nearest valid
//! word, and what to do. All faults of a file are found in one pass.
//!
//! ```toml
//! name = "dysprosium-cut"
//! title = "A third of dysprosium and terbium leaves China"
//! base_year = 2024
//! start = "2025-Q1"
//! quarters = 12
//!
//! [[event]]
//! id = "licences"
//! kind = "licence"
//! evidence = ["P0034"]
//! from = "2025-04-04"
//! products = ["oxide", "metal", "magnet"]
//! elements = ["Dy", "Tb"]
//! origin = ["CHN"]
//! approved_share = [{ quarter = "2025-Q2", share = 0.1 }, { quarter = "2025-Q3", share = 0.33 }]
//! ```
//!
//! # The file
//!
//! | key | type | | meaning |
//! |---|---|---|---|
//! | `name` | id | required | small letters, digits, `-`, `_` |
//! | `title` | text | required | one line |
//! | `description` | text | | |
//! | `topic` | text | | heading in lists |
//! | `include` | names | | scenarios that come with the program, whose events join these; same `base_year` |
//! | `base_year` | year | required | what "base flow" refers to; the dataset must have it |
//! | `start` | quarter | required | first simulated quarter, `"2025-Q1"` |
//! | `quarters` | 1..200 | required | how many |
//! | `event` | tables | | each under `[[event]]` |
//!
//! # Every event
//!
//! | key | type | | meaning |
//! |---|---|---|---|
//! | `id` | id | required | unique in the file |
//! | `kind` | word | required | one of the kinds below |
//! | `title`, `note` | text | | travel into reports |
//! | `evidence` | ids | required | policy events, deals, facilities, statements, behaviour parameters or sources of the dataset; `"assumption"` for a supposition of one's own |
//! | `from` | date | required | first day, `"2025-04-04"` |
//! | `until` | date | | last day, counted; missing means for good |
//!
//! # Kinds and their keys
//!
//! A list may be written as a single text; `"*"` or a missing optional list means all.
//! A *schedule* is a number, or steps `[{ quarter = "2025-Q2", share = 0.1 }, …]` that each hold
//! until the next; the last holds for good.
//!
//! | kind | keys of its own | effect |
//! |---|---|---|
//! | `ban` | *flows*, `end_uses` | nothing passes; with `end_uses`, nothing for those users |
//! | `licence` | *flows*, `end_uses`, `approved_share` schedule of shares (required), `processing_delay_days` (0) | the share of the base year's flow that passes; nothing in the first days of a delay; with `end_uses`, of what those users take |
//! | `content_rule` | *flows* between third countries, `content_origin` (required), `approved_share` and `processing_delay_days` as above | the same for the share of a route's goods that the base year made from material of `content_origin` |
//! | `quota` | *flows*, `tonnes_per_year` or `batches` `[{ from = "2010-Q1", until = "2010-Q2", tonnes = 22282 }, …]` (required), `counted_in` `"product"` or `"reo"` | all the routes together carry at most so much; a quarter without a batch is free |
//! | `tariff` | *flows*, `rate` (required) | ad valorem on arrival; 25 % is 0.25 |
//! | `export_tax` | *flows*, `rate` (required) | ad valorem on leaving |
//! | `outage` | *plants*, `available_share` schedule of shares (required) | share left: of capacity for plants, of base output for mines |
//! | `demand` | `end_uses`, `places`, `except_places`, `factor` schedule (required) | multiple of demand |
//! | `capacity` | *plants*, `extra_tonnes_per_year` (required), `ramp_quarters` (0), `slip_quarters` (0) with `slip_quarters_low` and `slip_quarters_high` | added in equal steps, so many quarters late; low and high are for ensembles. A facility that is only planned can be named: this event builds it |
//! | `delay` | *plants*, `quarters` (required) | plants to come start so many quarters later |
//! | `stock_release` | `place`, `product`, one of `element`, `grade`, `feed`, `tonnes` (all required) | released evenly from `from` to `until`, or to the end of the quarter |
//! | `stock_purchase` | as above, `most_usd_per_kg` (required) | a state buys up to so much, evenly, while the price is not above the most it pays |
//! | `price_floor` | `places`, `product`, `elements` or `grades`, `usd_per_kg` (all required) | makers get the floor: the state pays what the price lacks, on what they make |
//! | `offtake` | `origin`, `destination` (one place each), product as above, `tonnes_per_year`, `penalty_usd_per_kg` (all required) | a promised flow: shipped first, unless breaking the promise pays more than the penalty |
//!
//! | *flows* | | |
//! |---|---|---|
//! | `products` | required | `concentrate`, `carbonate`, `heavy_concentrate`, `oxide`, `metal`, `magnet` |
//! | `elements` | | of oxides and metals; of magnets, grades that contain any of them |
//! | `grades` | | of magnets; with `elements`, grades must meet both |
//! | `feeds` | | of concentrates and carbonate |
//! | `content_threshold` | 0 | kg per kg of magnet above which a grade contains an element |
//! | `origin`, `except_origin` | required | places; trade within a place is never concerned |
//! | `destination`, `except_destination` | | places |
//! | `end_uses` | | of `ban` and `licence`: only what these users take at the destination |
//!
//! | *plants* | | |
//! |---|---|---|
//! | `facilities` | either | ids |
//! | `places`, `except_places`, `stages` | or | all plants of these stages in these places |
//!
//! # What is refused
//!
//! Unknown keys and ids, wrong types, days and quarters that do not exist, an end before the start,
//! shares outside 0 to 1, tonnes at or below 0, an event without evidence, and two events of one
//! kind that govern the same thing on the same day (quotas may be nested; capacity and stocks add
//! up). An event wholly outside the simulated quarters is a warning.

mod batches;
mod checks;
mod deals;
mod event;
mod fault;
mod fields;
mod kinds;
mod library;
mod page;
mod quarter;
mod read;
mod schedule;
mod strength;
mod vocabulary;
mod words;
mod write;

pub use event::{Allowed, Batch, Counted, Event, EventKind, Flows, Plants, ProductKind, Selection, Slip, Stocked};
pub use fault::{ScenarioErrors, ScenarioFault, Severity};
pub use library::{Bundled, find, library, template};
pub use quarter::{NotAQuarter, Quarter};
pub use schedule::Schedule;
pub use vocabulary::{FacilityAt, Vocabulary};

use monazite_evidence::FacilityId;

/// Dated shocks and policies on top of a base year.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Short id.
    pub name: String,
    /// One line that says what happens.
    pub title: String,
    /// More about it; may be empty.
    pub description: String,
    /// What it is about, for lists; may be empty.
    pub topic: String,
    /// The year that "as before" refers to.
    pub base_year: i16,
    /// First simulated quarter.
    pub start: Quarter,
    /// How many quarters are simulated.
    pub quarters: u32,
    /// What happens, in the order of the file.
    pub events: Vec<Event>,
}

/// A scenario read without errors, and what its author should still look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The scenario.
    pub scenario: Scenario,
    /// Warnings, in the order of the file.
    pub warnings: Vec<ScenarioFault>,
}

impl Scenario {
    /// Reads a scenario file. `file` names it in messages.
    ///
    /// # Errors
    /// Everything that is wrong with the file, in the order of its lines.
    pub fn parse(text: &str, file: &str, vocabulary: &Vocabulary) -> Result<Self, ScenarioErrors> {
        Self::read(text, file, vocabulary).map(|read| read.scenario)
    }

    /// Reads a scenario file and keeps the warnings.
    ///
    /// # Errors
    /// Everything that is wrong with the file, warnings among it, in the order of its lines.
    pub fn read(text: &str, file: &str, vocabulary: &Vocabulary) -> Result<Read, ScenarioErrors> {
        read::read(text, file, vocabulary)
    }

    /// The last simulated quarter.
    #[must_use]
    pub fn last(&self) -> Quarter {
        self.start + i32::try_from(self.quarters.saturating_sub(1)).unwrap_or(i32::MAX)
    }

    /// The simulated quarters in order.
    pub fn timeline(&self) -> impl Iterator<Item = Quarter> + use<> {
        let start = self.start;
        (0..i32::try_from(self.quarters).unwrap_or(i32::MAX)).map(move |n| start + n)
    }

    /// Facilities that its events of kind `capacity` name: plants that nobody has decided to build may be among
    /// them, which a chain holds only when it is told to.
    #[must_use]
    pub fn projects(&self) -> Vec<FacilityId> {
        let named = self.events.iter().filter_map(|event| match &event.kind {
            EventKind::Capacity {
                plants: Plants::Facilities(ids),
                ..
            } => Some(ids.iter().cloned()),
            _ => None,
        });
        let mut ids: Vec<FacilityId> = named.flatten().collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The event of an id.
    #[must_use]
    pub fn event(&self, id: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }
}
