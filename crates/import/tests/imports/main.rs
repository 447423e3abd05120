//! Imports of files in their original layouts, made by hand here: what is kept, what is said, what is written.

#![allow(clippy::unwrap_used, clippy::print_stderr, clippy::panic, clippy::indexing_slicing)] // helpers of tests
#![allow(clippy::float_cmp)] // figures that pass through unchanged

mod any_bytes;
mod baci;
mod company;
mod comtrade;
mod folder;
mod mcs;
mod wgi;
mod wmd;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use monazite_evidence::Dataset;
use monazite_import::{ImportError, Kind, Options, Report, import};

fn dataset() -> &'static Dataset {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    DATASET.get_or_init(|| Dataset::bundled().unwrap())
}

/// A folder of files to import, and one to import into.
struct Desk {
    dir: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn mine(&self) -> PathBuf {
        self.dir.path().join("mine")
    }

    fn import(&self, kind: Kind, files: &[PathBuf], options: &Options) -> Result<Report, ImportError> {
        import(kind, files, &self.mine(), dataset(), options)
    }

    fn rows(&self, table: &str) -> Vec<Vec<monazite_import::Value>> {
        monazite_import::read_columns(&self.mine().join(table)).unwrap().1
    }
}

fn lenient() -> Options {
    Options {
        lenient: true,
        imported: Some("2026-11-25".parse().unwrap()),
        ..Options::default()
    }
}

fn strict() -> Options {
    Options {
        lenient: false,
        ..lenient()
    }
}

/// The error of an import as a user reads it.
fn message(result: Result<Report, ImportError>) -> String {
    match result.unwrap_err() {
        ImportError::Refused {
            problems,
            bad,
            read,
            reasons,
        } => format!("{problems}\n{bad} of {read} rows: {reasons:?}"),
        ImportError::Layout { file, message, hint } => format!("{file}: {message}\n  hint: {hint}"),
        ImportError::Unfit { message, hint } => format!("{message}\n  hint: {hint}"),
        error => error.to_string(),
    }
}

/// What a report says, without hashes and paths.
fn said(report: &Report) -> String {
    let mut lines = vec![format!("{:?}", report.rows)];
    lines.push(format!("left out: {:?}", report.left_out));
    lines.push(format!("bad: {:?}", report.bad));
    lines.extend(report.years.iter().map(|year| format!("{year:?}")));
    lines.push(format!("{} products, {} countries", report.products, report.countries));
    lines.extend(report.warnings.iter().map(|warning| format!("warning: {warning}")));
    lines.extend(report.tables.iter().map(|table| format!("{table:?}")));
    lines.join("\n")
}

/// A large file beside the repository, when it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: ../shared/{name} is not here");
    None
}
