//! The run store: an ensemble as a folder that explains itself, is written part by part, and can be stopped anywhere.
//!
//! ```text
//! plan.toml            what the ensemble is: scenario, view, paths, seed, sampler, variants, hashes, version
//! scenario.toml        the scenario, letter for letter
//! dataset.lock         which evidence
//! inputs.parquet       the uncertain inputs: distribution, group, confidence, sources
//! prices/part-00000.parquet, …     spot and average price by product, zone, quarter and path
//! losses/part-…        users' loss by place and path
//! shortages/part-…     paths that run short, by product, place and quarter
//! draws/part-…         the multiple of every input by path
//! paths/part-…         sums and quality of every path
//! parts/00000.toml     hashes of the files of a part: a part without it does not count
//! bands.parquet, loss_bands.parquet, shortages.parquet     the answer over all paths
//! run.toml             hashes of everything, written last: with it the ensemble is complete
//! made.toml            when, and in how many seconds; the only file that differs between equal ensembles
//! ```
//!
//! A part holds a fixed range of paths. Its files are written beside their place, flushed, and renamed; its hashes
//! come last. So whatever stops an ensemble, what is there is whole, and running it again computes the rest.

mod error;
mod index;
mod part;
mod plan;
mod read;
mod table;
mod whole;

pub use error::RunStoreError;
pub use index::{Kind, Listed, list, remove};
pub use plan::{Entry, Plan, RunFile};
pub use read::{Difference, LossBand, Matrix, PriceBand, ShortageRow, Stored, open};
pub use whole::{Finished, Order, Progress, Repair, complete};

/// Version of this layout.
pub const FORMAT: u32 = 1;
/// Paths of one part.
pub const PART: u32 = 250;

pub(crate) const PLAN_FILE: &str = "plan.toml";
pub(crate) const RUN_FILE: &str = "run.toml";
pub(crate) const MADE_FILE: &str = "made.toml";
/// The scenario in a run's folder, letter for letter.
pub const SCENARIO_FILE: &str = "scenario.toml";
pub(crate) const LOCK_FILE: &str = "dataset.lock";
pub(crate) const INPUTS_FILE: &str = "inputs.parquet";
pub(crate) const BANDS_FILE: &str = "bands.parquet";
pub(crate) const LOSSES_FILE: &str = "loss_bands.parquet";
pub(crate) const SHORT_FILE: &str = "shortages.parquet";
/// Tables that come in parts.
pub(crate) const PARTED: [&str; 5] = ["prices", "losses", "shortages", "draws", "paths"];

/// Content hash in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in sha2::Sha256::digest(bytes) {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
