//! `imports.lock`: what each table was made from, with licence and content hash.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{ImportError, Result};
use crate::folder::LOCK;
use crate::kind::Kind;

/// The version of the lock's format.
const FORMAT: u32 = 1;

/// What a folder of imports holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportsLock {
    /// The version of this format.
    pub format: u32,
    /// The imports whose rows are in the tables, in the order they were made.
    #[serde(rename = "import", default)]
    pub imports: Vec<ImportEntry>,
    /// The tables by name, with the SHA-256 of their bytes.
    #[serde(rename = "table", default)]
    pub tables: BTreeMap<String, String>,
}

impl Default for ImportsLock {
    fn default() -> Self {
        Self {
            format: FORMAT,
            imports: Vec::new(),
            tables: BTreeMap::new(),
        }
    }
}

/// One import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportEntry {
    /// The kind of files.
    pub kind: String,
    /// Title of the source.
    pub source: String,
    /// Publisher.
    pub publisher: String,
    /// Licence as the publisher states it.
    pub licence: String,
    /// What follows from it.
    pub terms: String,
    /// Edition of the source, as far as the files tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage: Option<String>,
    /// The years of it that are still in the tables.
    pub years: Vec<u16>,
    /// Which products were kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<String>,
    /// The tables it wrote.
    pub tables: Vec<String>,
    /// Rows read.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows left out on purpose.
    pub rows_left_out: u64,
    /// Rows that cannot be used, set aside.
    pub rows_quarantined: u64,
    /// The day of the import.
    pub imported: String,
    /// The program that made it.
    pub program: String,
    /// The files.
    #[serde(rename = "file")]
    pub files: Vec<SourceFile>,
}

/// A file that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name, without its folder.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl ImportsLock {
    /// The lock of a folder; an empty one when there is none.
    ///
    /// # Errors
    /// When it is there but cannot be read, or is of a newer format.
    pub fn read(dir: &Path) -> Result<Self> {
        let path = dir.join(LOCK);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(ImportError::io(&path)(error)),
        };
        let wrong = ImportError::table(&path);
        let lock: Self = toml::from_str(&text).map_err(|error| wrong(&error.message()))?;
        if lock.format > FORMAT {
            return Err(wrong(&format!(
                "format {} is newer than the {FORMAT} this program knows",
                lock.format
            )));
        }
        Ok(lock)
    }

    /// The lock as text.
    pub(crate) fn to_toml(&self, path: &Path) -> Result<String> {
        let body = toml::to_string(self).map_err(|error| ImportError::table(path)(&error))?;
        Ok(format!(
            "# What the tables in this folder were made from. Written by `monazite data import`; do not edit.\n{body}"
        ))
    }

    /// Which kind the years of a table come from.
    pub(crate) fn owners(&self, table: &str) -> BTreeMap<u16, String> {
        let entries = self
            .imports
            .iter()
            .filter(|entry| entry.tables.iter().any(|name| name == table));
        entries
            .flat_map(|entry| entry.years.iter().map(|year| (*year, entry.kind.clone())))
            .collect()
    }

    /// Takes years away from the earlier imports of a kind, because new rows replace theirs. An import without years
    /// left goes. Editions of Mineral Commodity Summaries stand side by side, and a company's table replaces the whole.
    pub(crate) fn replace(&mut self, kind: Kind, vintage: Option<&str>, years: &[u16]) {
        for entry in self.imports.iter_mut().filter(|entry| entry.kind == kind.as_str()) {
            match kind {
                Kind::Mcs if entry.vintage.as_deref() != vintage => {}
                Kind::Mcs | Kind::Company => entry.years.clear(),
                _ => entry.years.retain(|year| !years.contains(year)),
            }
        }
        self.imports
            .retain(|entry| entry.kind != kind.as_str() || !entry.years.is_empty());
    }
}
