//! Sourced facts of the rare-earth supply chain.
//!
//! A *dataset* is a folder of CSV tables. Each table is declared once, in [`mod@table`]; the row types, the
//! reader, the checks, `datapackage.json` and the reference pages all come from that declaration. Every fact
//! carries its [`Provenance`]: source, confidence and vintage.
//!
//! ```
//! use monazite_evidence::Dataset;
//!
//! let dataset = Dataset::bundled()?;
//! for feed in &dataset.feeds {
//!     let _composition = dataset.distribution(&feed.distribution);
//! }
//! # Ok::<(), monazite_evidence::EvidenceError>(())
//! ```

pub mod area;
pub mod check;
pub mod contained;
pub mod datapackage;
pub mod dataset;
pub mod describe;
pub mod element;
pub mod error;
pub mod field;
pub mod files;
pub mod group;
pub mod ids;
pub mod licence;
pub mod lock;
pub mod material;
mod materials;
pub mod nearest;
pub mod period;
pub mod problem;
pub mod product;
pub mod provenance;
pub mod purchase;
pub mod read;
pub mod recipe;
pub mod reconcile;
pub mod resolve;
pub mod stage;
pub mod table;
pub mod units;
pub mod why;
mod words;

pub use area::Area;
pub use dataset::Dataset;
pub use element::Element;
pub use error::{EvidenceError, Result, Unknown};
pub use files::Files;
pub use group::{Region, Regions};
pub use ids::{
    BehaviourId, Bloc, DealId, DepositId, DistributionId, EndUseId, EventId, FacilityId, FeedId, GradeId, GroupId,
    MaterialId, PlaceId, SourceId, StatementId, TechnologyId, UncertaintyId, ViewPlace,
};
pub use material::Material;
pub use period::Period;
pub use problem::{Problem, Problems, Severity};
pub use provenance::{Confidence, Provenance};
pub use purchase::Purchase;
pub use resolve::{Named, Resolved};
pub use stage::{CostStage, ShareStage, Stage};
pub use units::{KgPerKg, MillionTonnes, MillionUsd, Percent, Share, ThousandUsd, Tonnes, TonnesReo, UsdPerKg};
