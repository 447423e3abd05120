//! The folder that imports write into: names of its files, and writing that happens whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{ImportError, Result};

/// Trade in BACI's columns.
pub const TRADE: &str = "trade.parquet";
/// Production by material, country and year.
pub const PRODUCTION: &str = "production.parquet";
/// Governance indicators.
pub const GOVERNANCE: &str = "governance.parquet";
/// A company's purchases.
pub const COMPANY: &str = "company.parquet";
/// Every row of Mineral Commodity Summaries: production, capacity and reserves, as published.
pub const MINERALS: &str = "minerals.parquet";
/// Every row of UN Comtrade: flow, reporter, partner, units.
pub const COMTRADE: &str = "comtrade.parquet";
/// What was imported from where.
pub const LOCK: &str = "imports.lock";
/// The folder of rows that cannot be used.
pub const QUARANTINE: &str = "quarantine";

/// Files to be written together.
#[derive(Debug, Default)]
pub struct Batch {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Batch {
    /// A path beside the final one, to be written first.
    pub fn beside(&mut self, path: &Path) -> PathBuf {
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let partial = path.with_file_name(format!(".{name}.partial"));
        self.files.push((partial.clone(), path.to_owned()));
        partial
    }

    /// Writes a file beside its final path.
    pub fn write(&mut self, path: &Path, bytes: &[u8]) -> Result<()> {
        let partial = self.beside(path);
        fs::write(&partial, bytes).map_err(ImportError::io(&partial))
    }

    /// Puts every file in its place, in the order in which they were written.
    pub fn commit(mut self) -> Result<()> {
        for (partial, path) in std::mem::take(&mut self.files) {
            fs::rename(&partial, &path).map_err(ImportError::io(&path))?;
        }
        Ok(())
    }
}

impl Drop for Batch {
    /// What was not put in its place is of no use.
    fn drop(&mut self) {
        for (partial, _) in &self.files {
            // It may never have been written; and an error here would hide the one that led here.
            let _ = fs::remove_file(partial);
        }
    }
}
