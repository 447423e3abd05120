//! Bring your own data: the releases of BACI, UN Comtrade, USGS, World Mining Data and the World Bank in their original
//! layouts, and a company's own table.
//!
//! An import reads the files as they were downloaded, says what it read, kept, left out and could not use, and writes
//! Parquet tables that the indicators read, with `imports.lock` beside them: source, licence and content hash.
//!
//! ```no_run
//! use std::path::Path;
//! use monazite_evidence::Dataset;
//! use monazite_import::{Kind, Options, import};
//!
//! let dataset = Dataset::bundled()?;
//! let files = ["BACI_HS92_Y2022_V202401b.csv".into()];
//! let report = import(Kind::Baci, &files, Path::new("mine"), &dataset, &Options::default())?;
//! assert!(report.rows.kept > 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod baci;
mod cells;
mod columns;
mod company;
mod comtrade;
mod error;
mod folder;
mod grid;
mod kind;
mod lock;
mod log;
mod mcs;
mod minerals;
mod run;
mod store;
mod text;
mod trade;
mod wgi;
mod wmd;

pub use columns::{Value, read_columns};
pub use error::{ImportError, Result};
pub use folder::{COMPANY, COMTRADE, GOVERNANCE, LOCK, MINERALS, PRODUCTION, TRADE};
pub use kind::Kind;
pub use lock::{ImportEntry, ImportsLock, SourceFile};
pub use log::{FileReport, Reason, Report, RowCounts, TableReport, YearReport};
pub use run::{Codes, Options, import};
pub use store::{purchases, trade_rows};
pub use trade::TradeRow;
