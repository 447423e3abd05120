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
//! | `ban` | *flows* | nothing passes |
//! | `licence` | *flows*, `approved_share` schedule of shares (required), `processing_delay_days` (0) | the share of the base year's flow that passes; nothing in the first days of a delay |
//! | `quota` | *flows*, `tonnes_per_year` (required) | all the routes together carry at most so much |
//! | `tariff` | *flows*, `rate` (required) | ad valorem on arrival; 25 % is 0.25 |
//! | `export_tax` | *flows*, `rate` (required) | ad valorem on leaving |
//! | `outage` | *plants*, `available_share` schedule of shares (required) | share left: of capacity for plants, of base output for mines |
//! | `demand` | `end_uses`, `places`, `except_places`, `factor` schedule (required) | multiple of demand |
//! | `capacity` | *plants*, `extra_tonnes_per_year` (required), `ramp_quarters` (0) | added in equal steps |
//! | `stock_release` | `place`, `product`, one of `element`, `grade`, `feed`, `tonnes` (all required) | released evenly from `from` to `until`, or to the end of the quarter |
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

mod checks;
mod event;
mod fault;
mod fields;
mod kinds;
mod library;
mod page;
mod quarter;
mod read;
mod schedule;
mod vocabulary;
mod words;
mod write;

pub use event::{Event, EventKind, Flows, Plants, ProductKind, Selection, Stocked};
pub use fault::{ScenarioErrors, ScenarioFault, Severity};
pub use library::{Bundled, find, library, template};
pub use quarter::{NotAQuarter, Quarter};
pub use schedule::Schedule;
pub use vocabulary::{FacilityAt, Vocabulary};

/// Dated shocks and policies on top of a base year.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Short id.
    pub name: String,
    /// One line that says what happens.
    pub title: String,
    /// More about it; may be empty.
    pub description: String,
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

    /// The event of an id.
    #[must_use]
    pub fn event(&self, id: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.id == id)
    }
}
