//! Which runs a folder holds.

use std::fs;
use std::path::{Path, PathBuf};

use super::part::{check, put};
use super::{
    BANDS_FILE, INPUTS_FILE, LOCK_FILE, LOSSES_FILE, MADE_FILE, PARTED, PLAN_FILE, RUN_FILE, RunStoreError,
    SCENARIO_FILE, SHORT_FILE, read,
};

/// Name of the index.
const INDEX_FILE: &str = "runs.csv";

/// Kind of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One path at best estimates.
    Single,
    /// An ensemble.
    Ensemble,
}

impl Kind {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Ensemble => "ensemble",
        }
    }
}

/// A run that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its folder.
    pub dir: PathBuf,
    /// Its kind.
    pub kind: Kind,
    /// Scenario id.
    pub scenario: String,
    /// View of the world.
    pub view: String,
    /// Paths that are there.
    pub paths: u32,
    /// Paths that were asked for.
    pub wanted: u32,
    /// Seed, for ensembles.
    pub seed: Option<u64>,
    /// Whether it is complete.
    pub complete: bool,
    /// Hash of the evidence.
    pub dataset_sha256: String,
}

/// Lists the runs in a folder, in order of their names, and writes the index `runs.csv` beside them. A folder that
/// cannot be written to keeps the index it has.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(root: &Path) -> Result<Vec<Listed>, RunStoreError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).map_err(|e| RunStoreError::io(root, e))? {
        let dir = entry.map_err(|e| RunStoreError::io(root, e))?.path();
        found.extend(look(&dir));
    }
    found.sort_by(|a, b| a.dir.cmp(&b.dir));
    let mut text = "run,kind,scenario,view,paths,paths_wanted,seed,complete,dataset_sha256\n".to_owned();
    for run in &found {
        use std::fmt::Write as _;
        let name = run
            .dir
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "\"{}\",{},{},{},{},{},{},{},{}",
            name.replace('"', "\"\""),
            run.kind.as_str(),
            run.scenario,
            run.view,
            run.paths,
            run.wanted,
            run.seed.map(|seed| seed.to_string()).unwrap_or_default(),
            run.complete,
            run.dataset_sha256
        );
    }
    let stale = fs::read_to_string(root.join(INDEX_FILE)).map_or(true, |standing| standing != text);
    if stale && !found.is_empty() {
        let _ = put(root, INDEX_FILE, text.as_bytes());
    }
    Ok(found)
}

/// What a folder holds, if it is a run.
fn look(dir: &Path) -> Option<Listed> {
    if let Ok(plan) = read::plan(dir) {
        let complete = dir.join(RUN_FILE).is_file();
        let whole = |part: u32| complete || check(dir, &plan, part).is_ok();
        let paths = (0..plan.parts())
            .filter(|part| whole(*part))
            .map(|part| plan.range(part).len())
            .sum::<usize>();
        return Some(Listed {
            dir: dir.to_path_buf(),
            kind: Kind::Ensemble,
            paths: u32::try_from(paths).unwrap_or(u32::MAX),
            wanted: plan.paths,
            seed: Some(plan.seed),
            complete,
            scenario: plan.scenario,
            view: plan.view,
            dataset_sha256: plan.dataset_sha256,
        });
    }
    let manifest = monazite_market::store::manifest(dir).ok()?;
    Some(Listed {
        dir: dir.to_path_buf(),
        kind: Kind::Single,
        scenario: manifest.scenario,
        view: manifest.view,
        paths: 1,
        wanted: 1,
        seed: None,
        complete: true,
        dataset_sha256: manifest.dataset_sha256,
    })
}

/// Removes an ensemble, complete or not. A folder that holds a file which no ensemble wrote is left as it is.
///
/// # Errors
/// When it is no ensemble, holds something else, or cannot be removed.
pub fn remove(dir: &Path) -> Result<(), RunStoreError> {
    read::plan(dir)?;
    let known = [
        PLAN_FILE,
        RUN_FILE,
        MADE_FILE,
        SCENARIO_FILE,
        LOCK_FILE,
        INPUTS_FILE,
        BANDS_FILE,
        LOSSES_FILE,
        SHORT_FILE,
        "parts",
        "report.html",
    ];
    for entry in fs::read_dir(dir).map_err(|e| RunStoreError::io(dir, e))? {
        let name = entry
            .map_err(|e| RunStoreError::io(dir, e))?
            .file_name()
            .to_string_lossy()
            .into_owned();
        let plain = name.strip_suffix(".partial").unwrap_or(&name);
        if !known.contains(&plain) && !PARTED.contains(&plain) {
            return Err(RunStoreError::Taken {
                path: dir.to_path_buf(),
                what: format!("`{name}`, which no ensemble wrote"),
            });
        }
    }
    // The plan goes first: a removal that is stopped leaves nothing that looks like a run.
    fs::remove_file(dir.join(PLAN_FILE)).map_err(|e| RunStoreError::io(dir, e))?;
    fs::remove_dir_all(dir).map_err(|e| RunStoreError::io(dir, e))
}
