//! `dataset.lock`: which data a result was made from, by content.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::dataset::{Dataset, TABLES};
use crate::describe::origins;
use crate::error::{EvidenceError, Result};
use crate::files::Files;
use crate::licence::Terms;
use crate::problem::{Problem, Problems};

/// The name of the lock file in a dataset folder.
pub const FILE: &str = "dataset.lock";

/// The version of the lock's format.
pub const FORMAT: u32 = 1;

/// The content of a dataset, table by table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The version of this format.
    pub format: u32,
    /// The licence of our selection and arrangement; each source keeps its own terms.
    pub licence: String,
    /// One hash over all tables: the identity of the dataset.
    pub sha256: String,
    /// The tables by name.
    #[serde(rename = "table")]
    pub tables: Vec<LockedTable>,
}

/// One table of a [`Lock`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedTable {
    /// The file.
    pub file: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
    /// How many rows it has.
    pub rows: usize,
    /// The earliest vintage of its rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage_first: Option<String>,
    /// The latest vintage of its rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage_last: Option<String>,
    /// The distinct licences of the sources it cites, each with what it allows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<String>,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Dataset {
    /// One SHA-256 over all tables, the same as [`Lock::sha256`]: what a result says it was made from. Much quicker than
    /// the whole lock.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut whole = Sha256::new();
        for spec in TABLES {
            if let Some(bytes) = self.files().get(spec.file) {
                // The name keeps two tables from being swapped, the length from running into each other.
                whole.update(format!("{} {}\n", spec.file, bytes.len()));
                whole.update(bytes);
            }
        }
        hex(&whole.finalize())
    }

    /// The lock of the files this dataset was read from. It is computed, not read from [`FILE`].
    #[must_use]
    pub fn lock(&self) -> Lock {
        let mut tables = Vec::new();
        for spec in TABLES {
            let Some(bytes) = self.files().get(spec.file) else {
                continue;
            };
            let sha256 = hex(&Sha256::digest(bytes));
            let origins = origins(bytes, spec);
            let mut licences: Vec<String> = self
                .sources
                .iter()
                .filter(|source| origins.sources.contains_key(source.source.as_str()))
                .map(|source| format!("{}: {}", Terms::of(&source.licence), source.licence))
                .collect();
            licences.sort_unstable();
            licences.dedup();
            let (vintage_first, vintage_last) = origins.vintages.unzip();
            tables.push(LockedTable {
                file: spec.file.to_owned(),
                sha256,
                rows: origins.rows,
                vintage_first,
                vintage_last,
                licences,
            });
        }
        tables.sort_by(|a, b| a.file.cmp(&b.file));
        Lock {
            format: FORMAT,
            licence: crate::datapackage::LICENCE.to_owned(),
            sha256: self.fingerprint(),
            tables,
        }
    }
}

impl Dataset {
    /// Writes [`FILE`] and [`crate::datapackage::FILE`] into a folder, for `monazite data lock --write`. Returns the
    /// files that were changed.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_generated(&self, dir: &Path) -> Result<Vec<PathBuf>> {
        let generated = [
            (crate::datapackage::FILE, self.datapackage()),
            (FILE, self.lock().to_toml()?),
        ];
        let mut changed = Vec::new();
        for (name, text) in generated {
            let path = dir.join(name);
            if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
                continue;
            }
            match std::fs::write(&path, text) {
                Ok(()) => changed.push(path),
                Err(source) => return Err(EvidenceError::Io { path, source }),
            }
        }
        Ok(changed)
    }
}

impl Lock {
    /// The lock as the text of [`FILE`].
    ///
    /// # Errors
    /// When it cannot be written as TOML, which no lock made by [`Dataset::lock`] causes.
    pub fn to_toml(&self) -> Result<String> {
        let body = toml::to_string(self).map_err(|error| EvidenceError::Lock(error.to_string()))?;
        Ok(format!(
            "# Which data this is, by content. Written by `monazite data lock --write`; do not edit.\n{body}"
        ))
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// When the text is not a lock, or its format is newer than this program knows.
    pub fn from_toml(text: &str) -> Result<Self> {
        let lock: Self = toml::from_str(text).map_err(|error| EvidenceError::Lock(error.to_string()))?;
        if lock.format > FORMAT {
            return Err(EvidenceError::Lock(format!(
                "format {} is newer than the {FORMAT} this program knows; use a newer monazite",
                lock.format
            )));
        }
        Ok(lock)
    }

    /// The lock file among the files of a dataset, when there is one.
    ///
    /// # Errors
    /// When the file is there but is not a lock.
    pub fn of(files: &Files) -> Result<Option<Self>> {
        let Some(bytes) = files.get(FILE) else {
            return Ok(None);
        };
        let text =
            std::str::from_utf8(bytes).map_err(|_| EvidenceError::Lock("the file is not UTF-8 text".to_owned()))?;
        Self::from_toml(text).map(Some)
    }

    /// The first twelve characters of the hash: short enough for a report's footer.
    #[must_use]
    pub fn short(&self) -> &str {
        self.sha256.get(..12).unwrap_or(&self.sha256)
    }

    /// Compares with another lock and names every table that differs.
    ///
    /// # Errors
    /// One problem per table that was changed, added or removed.
    pub fn verify(&self, now: &Self) -> std::result::Result<(), Problems> {
        let mut problems = Problems::default();
        let find = |lock: &Self, file: &str| lock.tables.iter().find(|t| t.file == file).cloned();
        for table in &self.tables {
            match find(now, &table.file) {
                None => problems.push(Problem::error(&table.file, "is in the lock but not in the dataset")),
                Some(other) if other.sha256 != table.sha256 => problems.push(
                    Problem::error(
                        &table.file,
                        format!(
                            "has changed since the lock (rows: {} then, {} now)",
                            table.rows, other.rows
                        ),
                    )
                    .hint("run `monazite data lock --write` if the change is meant"),
                ),
                Some(_) => {}
            }
        }
        for table in &now.tables {
            if find(self, &table.file).is_none() {
                problems.push(Problem::error(&table.file, "is in the dataset but not in the lock"));
            }
        }
        problems.into_result()
    }
}
