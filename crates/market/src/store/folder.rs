//! What is at a path already: nothing, a result, the rest of a stopped run, or someone else's files.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::columns::Table as _;
use super::manifest::Manifest;
use super::{LOCK_FILE, NOTES_FILE, PARTIAL, RUN_FILE, SCENARIO_FILE, StoreError};
use crate::explain::RecipeRow;
use crate::result::{CapacityRow, FlowRow, PolicyRow, PriceRow, ProductionRow, QuotaRow, Shortage, StockRow, UseRow};

/// What a path holds.
pub(super) enum Found {
    /// Nothing.
    Missing,
    /// An empty folder.
    Empty,
    /// A folder with a readable `run.toml` and every file that it lists.
    Complete(Box<Manifest>),
    /// Files of a result without a `run.toml` that fits them.
    Half(String),
    /// A file, or a folder of something else: the first strange file's name, or nothing for a file.
    Strange(Option<String>),
}

/// Looks at a path. Does not read the tables.
pub(super) fn look(path: &Path) -> Result<Found, StoreError> {
    match fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Found::Missing),
        // A part of the path above is a file; writing will say which.
        Err(e) if e.kind() == ErrorKind::NotADirectory => return Ok(Found::Missing),
        Err(e) => return Err(StoreError::io(path, e)),
        Ok(meta) if !meta.is_dir() => return Ok(Found::Strange(None)),
        Ok(_) => {}
    }
    let names = names(path)?;
    if names.is_empty() {
        return Ok(Found::Empty);
    }
    if !names.iter().any(|n| n == RUN_FILE) {
        let ours = names.iter().any(|n| is_ours(n));
        let strange = names.into_iter().find(|n| !is_ours(n));
        return Ok(match (ours, strange) {
            (false, strange) => Found::Strange(strange),
            (true, _) => Found::Half(format!("it has no `{RUN_FILE}`")),
        });
    }
    let text = fs::read_to_string(path.join(RUN_FILE));
    let manifest: Manifest = match text
        .map_err(|e| e.to_string())
        .and_then(|t| toml::from_str(&t).map_err(|e| e.message().to_owned()))
    {
        Ok(manifest) => manifest,
        Err(why) => return Ok(Found::Half(format!("its `{RUN_FILE}` cannot be read: {why}"))),
    };
    if let Some(lost) = manifest.files().find(|f| !names.iter().any(|n| n == f)) {
        return Ok(Found::Half(format!("`{lost}` is missing")));
    }
    Ok(Found::Complete(Box::new(manifest)))
}

/// Fails if a folder holds a file that no run wrote: `known` names what may be there besides our own.
pub(super) fn only_ours(path: &Path, known: &[&str]) -> Result<(), StoreError> {
    match names(path)?
        .into_iter()
        .find(|n| !is_ours(n) && !known.contains(&n.as_str()))
    {
        Some(file) => Err(StoreError::Foreign {
            path: path.to_path_buf(),
            file,
        }),
        None => Ok(()),
    }
}

/// Removes a folder, unless it holds a file that no run wrote.
pub(super) fn remove(path: &Path, known: &[&str]) -> Result<(), StoreError> {
    only_ours(path, known)?;
    fs::remove_dir_all(path).map_err(|e| StoreError::io(path, e))
}

/// Names in a folder, in order.
fn names(path: &Path) -> Result<Vec<String>, StoreError> {
    let entries = fs::read_dir(path).map_err(|e| StoreError::io(path, e))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|e| StoreError::io(path, e))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Whether every result has a file of this name.
pub(super) fn is_ours(name: &str) -> bool {
    let tables = [
        PriceRow::file(),
        FlowRow::file(),
        UseRow::file(),
        StockRow::file(),
        ProductionRow::file(),
        CapacityRow::file(),
        QuotaRow::file(),
        PolicyRow::file(),
        Shortage::file(),
        RecipeRow::file(),
    ];
    [RUN_FILE, SCENARIO_FILE, LOCK_FILE, NOTES_FILE].contains(&name) || tables.iter().any(|t| t == name)
}

/// The path with an ending added to its last part: `results/a` and `.partial` give `results/a.partial`.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path
        .file_name()
        .map_or_else(|| OsString::from("result"), OsString::from);
    name.push(ending);
    path.with_file_name(name)
}

/// Where a result is written before it is renamed.
pub(super) fn partial(path: &Path) -> PathBuf {
    beside(path, PARTIAL)
}

impl Manifest {
    /// Every file that the folder must have besides `run.toml`.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.tables
            .iter()
            .map(|t| t.file.as_str())
            .chain(self.extras.iter().map(|e| e.file.as_str()))
    }
}
