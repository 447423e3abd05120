//! Reading a result folder back, believing nothing that does not hash to what was written.

use std::fs;
use std::path::{Path, PathBuf};

use monazite_evidence::lock::Lock;

use super::columns::Table;
use super::folder::{self, Found};
use super::manifest::Manifest;
use super::{FORMAT, LOCK_FILE, NOTES_FILE, RUN_FILE, SCENARIO_FILE, StoreError, notes, sha256};
use crate::explain::RecipeRow;
use crate::result::RunResult;

/// A result read from its folder.
#[derive(Clone, Debug)]
pub struct StoredRun {
    /// The folder.
    pub dir: PathBuf,
    /// What the folder says about the run.
    pub manifest: Manifest,
    /// The run.
    pub result: RunResult,
    /// The scenario file, letter for letter.
    pub scenario: String,
    /// Which evidence it was made from.
    pub lock: Lock,
    /// What plants take in and give out.
    pub recipes: Vec<RecipeRow>,
}

/// Reads only `run.toml`: quick, and without a look at the tables.
///
/// # Errors
/// When the folder is missing, half written, not a result or too new.
pub fn manifest(dir: &Path) -> Result<Manifest, StoreError> {
    let path = dir.to_path_buf();
    match folder::look(dir)? {
        Found::Missing | Found::Empty => {
            let partial = folder::partial(dir);
            if partial.is_dir() {
                return Err(StoreError::HalfWritten {
                    path: partial,
                    why: "a run was stopped while writing it, or is writing it now".to_owned(),
                });
            }
            Err(StoreError::NotFound { path })
        }
        Found::Strange(None) => Err(StoreError::NotAResult {
            path,
            why: "it is a file".to_owned(),
        }),
        Found::Strange(Some(file)) => Err(StoreError::NotAResult {
            path,
            why: format!("it has no `{RUN_FILE}`, but `{file}`"),
        }),
        Found::Half(why) => Err(StoreError::HalfWritten { path, why }),
        Found::Complete(manifest) if manifest.format > FORMAT => Err(StoreError::TooNew {
            path,
            found: manifest.format,
            known: FORMAT,
        }),
        Found::Complete(manifest) if manifest.sha256 != manifest.identity() => Err(StoreError::Corrupt {
            path,
            file: RUN_FILE.to_owned(),
            why: "its content does not fit its own hash".to_owned(),
        }),
        Found::Complete(manifest) => Ok(*manifest),
    }
}

/// Reads a result folder and checks every file against its hash.
///
/// # Errors
/// When the folder is missing, half written, not a result or too new, or when a file is damaged: the error names it.
pub fn read(dir: &Path) -> Result<StoredRun, StoreError> {
    let manifest = manifest(dir)?;
    let files = Files {
        dir,
        manifest: &manifest,
    };
    for file in manifest.files() {
        files.bytes(file)?;
    }
    let scenario = files.text(SCENARIO_FILE)?;
    let lock = Lock::from_toml(&files.text(LOCK_FILE)?).map_err(|e| files.corrupt(LOCK_FILE, e.to_string()))?;
    if lock.sha256 != manifest.dataset_sha256 {
        return Err(files.corrupt(LOCK_FILE, format!("it locks another dataset than `{RUN_FILE}` names")));
    }
    let result = RunResult {
        scenario: manifest.scenario.clone(),
        title: manifest.title.clone(),
        view: manifest.view.clone(),
        base_year: manifest.base_year,
        quarters: manifest.quarters.clone(),
        prices: files.table()?,
        flows: files.table()?,
        uses: files.table()?,
        stocks: files.table()?,
        production: files.table()?,
        capacities: files.table()?,
        quotas: files.table()?,
        policies: files.table()?,
        notes: notes::decode(&files.bytes(NOTES_FILE)?).map_err(|why| files.corrupt(NOTES_FILE, why))?,
        warnings: manifest.warnings.clone(),
        worst_kkt: manifest.worst_kkt,
        timings: manifest.made.seconds.clone(),
    };
    let recipes = files.table()?;
    Ok(StoredRun {
        dir: dir.to_path_buf(),
        result,
        scenario,
        lock,
        recipes,
        manifest,
    })
}

struct Files<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
}

impl Files<'_> {
    fn corrupt(&self, file: &str, why: impl Into<String>) -> StoreError {
        StoreError::Corrupt {
            path: self.dir.to_path_buf(),
            file: file.to_owned(),
            why: why.into(),
        }
    }

    /// The bytes of a file that hash to what the manifest says.
    fn bytes(&self, file: &str) -> Result<Vec<u8>, StoreError> {
        let extra = || self.manifest.extras.iter().find(|e| e.file == file).map(|e| &e.sha256);
        let Some(expected) = self.manifest.entry(file).map(|t| &t.sha256).or_else(extra) else {
            return Err(self.corrupt(RUN_FILE, format!("it does not list `{file}`")));
        };
        // A name with a folder in it would lead out of the result.
        if file.contains(['/', '\\']) {
            return Err(self.corrupt(RUN_FILE, format!("`{file}` is not a plain file name")));
        }
        let path = self.dir.join(file);
        let bytes = fs::read(&path).map_err(|e| StoreError::io(&path, e))?;
        if sha256(&bytes) == *expected {
            Ok(bytes)
        } else {
            Err(self.corrupt(file, "its bytes are not those that were written"))
        }
    }

    fn text(&self, file: &str) -> Result<String, StoreError> {
        String::from_utf8(self.bytes(file)?).map_err(|_| self.corrupt(file, "it is not UTF-8 text"))
    }

    fn table<R: Table>(&self) -> Result<Vec<R>, StoreError> {
        let file = R::file();
        let rows = R::decode(self.bytes(&file)?).map_err(|why| self.corrupt(&file, why))?;
        match self.manifest.entry(&file).and_then(|t| t.rows) {
            Some(expected) if expected != rows.len() => {
                Err(self.corrupt(&file, format!("it has {} rows, not {expected}", rows.len())))
            }
            _ => Ok(rows),
        }
    }
}
