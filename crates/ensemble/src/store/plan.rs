//! What an ensemble is, and what its folder holds.

use serde::{Deserialize, Serialize};

use super::{FORMAT, PART, sha256};

/// Everything that an ensemble's tables are a function of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of the layout.
    pub format: u32,
    /// Program and version that made it.
    pub program: String,
    /// Scenario id.
    pub scenario: String,
    /// Scenario title.
    pub title: String,
    /// Hash of the scenario file.
    pub scenario_sha256: String,
    /// Hash of the evidence.
    pub dataset_sha256: String,
    /// View of the world.
    pub view: String,
    /// Base year; its money is the money of all prices.
    pub base_year: i16,
    /// Quarters in order.
    pub quarters: Vec<String>,
    /// How many paths.
    pub paths: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// How points are spread: `sobol` or `lhs`.
    pub sampler: String,
    /// How many base years were balanced.
    pub variants: u32,
    /// Paths of one part.
    pub part_paths: u32,
}

impl Plan {
    /// Number of parts.
    #[must_use]
    pub fn parts(&self) -> u32 {
        self.paths.div_ceil(self.part_paths.max(1))
    }

    /// Paths of a part.
    #[must_use]
    pub fn range(&self, part: u32) -> std::ops::Range<u32> {
        let from = part * self.part_paths;
        from..(from + self.part_paths).min(self.paths)
    }

    /// Version of the layout, paths of a part, and program of this build.
    #[must_use]
    pub fn of_this_build(mut self) -> Self {
        self.format = FORMAT;
        self.part_paths = PART;
        concat!("monazite ", env!("CARGO_PKG_VERSION")).clone_into(&mut self.program);
        self
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        format!(
            "an ensemble of `{}`, {} paths, view {}, seed {}, {}",
            self.scenario, self.paths, self.view, self.seed, self.sampler
        )
    }

    /// Identity: the hash of all of it.
    #[must_use]
    pub fn identity(&self) -> String {
        toml::to_string(self).map_or_else(|_| String::new(), |text| sha256(text.as_bytes()))
    }
}

/// One file of an ensemble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path inside the folder.
    pub file: String,
    /// Its rows, for tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<usize>,
    /// Its content hash.
    pub sha256: String,
}

/// The files of a part (`parts/00000.toml`), or of the whole (`run.toml`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunFile {
    /// What made them: an ensemble and nothing else.
    pub kind: String,
    /// Identity of the plan.
    pub plan_sha256: String,
    /// The files.
    #[serde(default)]
    pub file: Vec<Entry>,
}
