//! Result folders: everything a run found and was made from, in one folder that stands on its own.
//!
//! | file | holds |
//! |---|---|
//! | `run.toml` | what the run is, and the SHA-256 of every other file |
//! | `scenario.toml` | the scenario, letter for letter |
//! | `dataset.lock` | which evidence, by content |
//! | `prices.parquet`, `flows.parquet`, `uses.parquet`, `stocks.parquet`, `production.parquet`, `capacities.parquet`, `quotas.parquet` | the tables of [`RunResult`](crate::result::RunResult) |
//! | `shortages.parquet` | [`shortages`](crate::result::shortages) of the run |
//! | `recipes.parquet` | what plants take in and give out, for [`explain`](crate::explain) |
//! | `notes.csv` | what calibration had to bend |
//!
//! Columns carry their unit and meaning as field metadata (`unit`, `about`). The same run gives the
//! same bytes: only the `[made]` part of `run.toml` says when and how fast it was made.
//!
//! A folder appears whole or not at all. It is written as `NAME.partial` beside its final place and
//! renamed at the end, so that a run that is stopped leaves nothing but `NAME.partial`.

mod columns;
mod error;
mod folder;
mod manifest;
mod notes;
mod read;
mod tables;
mod write;

pub use error::StoreError;
pub use manifest::{ExtraEntry, Made, Manifest, TableEntry};
pub use read::{StoredRun, manifest, read};
pub use write::{ExtraFile, Inputs, WriteOptions, Written, WrittenFile, write};

/// Version of the folder's format that this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// Name of the file that makes a folder a result.
pub const RUN_FILE: &str = "run.toml";

/// Name of the scenario's text.
pub const SCENARIO_FILE: &str = "scenario.toml";

/// Name of the lock of the evidence.
pub const LOCK_FILE: &str = monazite_evidence::lock::FILE;

/// Name of the calibration notes.
pub const NOTES_FILE: &str = "notes.csv";

/// What a folder that is still being written is called: the final name and this.
pub const PARTIAL: &str = ".partial";

/// SHA-256 of bytes, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write as _;
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
