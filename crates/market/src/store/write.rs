//! Writing a result folder, whole or not at all.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use monazite_evidence::Dataset;

use super::columns::Table;
use super::folder::{self, Found};
use super::manifest::{ExtraEntry, Made, Manifest, TableEntry};
use super::{FORMAT, LOCK_FILE, NOTES_FILE, RUN_FILE, SCENARIO_FILE, StoreError, notes, sha256};
use crate::explain::RecipeRow;
use crate::result::{RunResult, shortages};

/// What a run was made from.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The scenario file, letter for letter.
    pub scenario: &'a str,
    /// The evidence.
    pub dataset: &'a Dataset,
    /// What plants take in and give out, from [`crate::explain::recipes`]. Without it `explain` cannot follow a
    /// product to what it is made from.
    pub recipes: &'a [RecipeRow],
}

/// A file that goes into the folder beside the tables, such as a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// How to write.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// Replace a result that is there already, or what a stopped run left. Never removes other files.
    pub force: bool,
    /// Create the folders above, too; for a default such as `results/NAME`, not for a path that a user typed.
    pub create_parents: bool,
    /// Files that are to be in the folder from the start.
    pub extras: Vec<ExtraFile>,
    /// When the result was made; now, if missing.
    pub made_at: Option<jiff::Timestamp>,
}

/// A result that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The folder.
    pub dir: PathBuf,
    /// Identity of the result: [`Manifest::sha256`].
    pub sha256: String,
    /// The files, `run.toml` last.
    pub files: Vec<WrittenFile>,
    /// Whether an earlier result was replaced.
    pub replaced: bool,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its rows, for tables.
    pub rows: Option<usize>,
}

/// Writes a result folder. It appears whole at `dir`, or not at all.
///
/// # Errors
/// When the folder cannot be created or written, when something is there that may not be replaced,
/// or when a stopped run left a folder behind; see [`StoreError`].
pub fn write(
    dir: &Path,
    result: &RunResult,
    inputs: &Inputs<'_>,
    options: &WriteOptions,
) -> Result<Written, StoreError> {
    check_extras(&options.extras)?;
    let standing = standing(dir, options)?;
    let files = files(result, inputs)?;
    let manifest = describe(result, inputs, options, &files);
    let partial = open_partial(dir, options)?;
    let run = toml::to_string(&manifest).map_err(|e| StoreError::Encode {
        file: RUN_FILE.to_owned(),
        why: e.to_string(),
    })?;
    let written = fill(&partial, &files, &options.extras, &run).and_then(|written| {
        put_in_place(&partial, dir, standing.as_deref())?;
        Ok(written)
    });
    match written {
        Ok(files) => Ok(Written {
            dir: dir.to_path_buf(),
            sha256: manifest.sha256,
            files,
            replaced: standing.is_some(),
        }),
        Err(error) => {
            // What was written is of no use without the rest; a failure to tidy up would hide the cause.
            let _ = fs::remove_dir_all(&partial);
            Err(error)
        }
    }
}

fn check_extras(extras: &[ExtraFile]) -> Result<(), StoreError> {
    for (at, extra) in extras.iter().enumerate() {
        let name = extra.name.as_str();
        let plain = !matches!(name, "" | "." | "..") && !name.contains(['/', '\\', '\0']);
        let why = if !plain {
            "it must be a plain file name"
        } else if folder::is_ours(name) {
            "the result has a file of this name"
        } else if extras[..at].iter().any(|e| e.name == name) {
            "there are two of this name"
        } else {
            continue;
        };
        return Err(StoreError::ExtraName {
            name: name.to_owned(),
            why,
        });
    }
    Ok(())
}

/// What has to make way: nothing, or an earlier result or its remains with the names of its files.
fn standing(dir: &Path, options: &WriteOptions) -> Result<Option<Vec<String>>, StoreError> {
    let path = dir.to_path_buf();
    match folder::look(dir)? {
        Found::Missing => Ok(None),
        Found::Empty => Ok(Some(Vec::new())),
        Found::Strange(None) => Err(StoreError::FileInTheWay {
            file: path.clone(),
            path,
        }),
        Found::Strange(Some(file)) => Err(StoreError::Foreign { path, file }),
        Found::Complete(manifest) if !options.force => Err(StoreError::Exists {
            path,
            what: manifest.words(),
        }),
        Found::Half(why) if !options.force => Err(StoreError::HalfWritten { path, why }),
        Found::Complete(manifest) => Ok(Some(manifest.files().map(str::to_owned).collect())),
        Found::Half(_) => Ok(Some(options.extras.iter().map(|e| e.name.clone()).collect())),
    }
}

/// One file to write: name, rows where it is a table, content.
type NamedBytes = (String, Option<usize>, Vec<u8>);

fn files(result: &RunResult, inputs: &Inputs<'_>) -> Result<Vec<NamedBytes>, StoreError> {
    let encode = |file: &str, why: String| StoreError::Encode {
        file: file.to_owned(),
        why,
    };
    let lock = inputs
        .dataset
        .lock()
        .to_toml()
        .map_err(|e| encode(LOCK_FILE, e.to_string()))?;
    let notes = notes::encode(&result.notes).map_err(|why| encode(NOTES_FILE, why))?;
    Ok(vec![
        (SCENARIO_FILE.to_owned(), None, inputs.scenario.as_bytes().to_vec()),
        (LOCK_FILE.to_owned(), None, lock.into_bytes()),
        table(&result.prices)?,
        table(&result.flows)?,
        table(&result.uses)?,
        table(&result.stocks)?,
        table(&result.production)?,
        table(&result.capacities)?,
        table(&result.quotas)?,
        table(&result.policies)?,
        table(&shortages(result))?,
        table(inputs.recipes)?,
        (NOTES_FILE.to_owned(), Some(result.notes.len()), notes),
    ])
}

fn table<R: Table>(rows: &[R]) -> Result<NamedBytes, StoreError> {
    let bytes = R::encode(rows).map_err(|why| StoreError::Encode { file: R::file(), why })?;
    Ok((R::file(), Some(rows.len()), bytes))
}

fn describe(result: &RunResult, inputs: &Inputs<'_>, options: &WriteOptions, files: &[NamedBytes]) -> Manifest {
    let mut manifest = Manifest {
        format: FORMAT,
        program: concat!("monazite ", env!("CARGO_PKG_VERSION")).to_owned(),
        sha256: String::new(),
        scenario: result.scenario.clone(),
        title: result.title.clone(),
        view: result.view.clone(),
        base_year: result.base_year,
        quarters: result.quarters.clone(),
        dataset_sha256: inputs.dataset.fingerprint(),
        worst_kkt: result.worst_kkt,
        warnings: result.warnings.clone(),
        made: Made {
            at: options.made_at.unwrap_or_else(jiff::Timestamp::now).to_string(),
            seconds: result.timings.clone(),
        },
        tables: files
            .iter()
            .map(|(file, rows, bytes)| TableEntry {
                file: file.clone(),
                rows: *rows,
                sha256: sha256(bytes),
            })
            .collect(),
        extras: options
            .extras
            .iter()
            .map(|extra| ExtraEntry {
                file: extra.name.clone(),
                sha256: sha256(&extra.bytes),
            })
            .collect(),
    };
    manifest.sha256 = manifest.identity();
    manifest
}

/// Creates the folder that is written to first. Creating it is also what keeps two runs from writing the same result.
fn open_partial(dir: &Path, options: &WriteOptions) -> Result<PathBuf, StoreError> {
    let partial = folder::partial(dir);
    let parent = match partial.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    if options.create_parents {
        fs::create_dir_all(&parent).map_err(|e| create_error(dir, &parent, e))?;
    }
    match fs::create_dir(&partial) {
        Ok(()) => Ok(partial),
        Err(e) if e.kind() == ErrorKind::AlreadyExists && options.force => {
            let extras: Vec<&str> = options.extras.iter().map(|e| e.name.as_str()).collect();
            if !partial.is_dir() {
                return Err(StoreError::FileInTheWay {
                    path: dir.to_path_buf(),
                    file: partial,
                });
            }
            folder::remove(&partial, &extras)?;
            fs::create_dir(&partial).map_err(|e| create_error(dir, &parent, e))?;
            Ok(partial)
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Err(StoreError::HalfWritten {
            path: partial,
            why: "a run was stopped while writing it, or another run is writing it now".to_owned(),
        }),
        Err(e) => Err(create_error(dir, &parent, e)),
    }
}

/// Why a folder could not be created: the nearest thing above that exists tells.
fn create_error(dir: &Path, parent: &Path, error: std::io::Error) -> StoreError {
    let path = dir.to_path_buf();
    let lost = parent.ancestors().find(|a| a.as_os_str().is_empty() || a.exists());
    match (error.kind(), lost) {
        (_, Some(above)) if above.is_file() => StoreError::FileInTheWay {
            path,
            file: above.to_path_buf(),
        },
        (ErrorKind::NotFound, _) => StoreError::NoParent {
            path,
            parent: parent.to_path_buf(),
        },
        _ => StoreError::io(parent, error),
    }
}

fn fill(partial: &Path, files: &[NamedBytes], extras: &[ExtraFile], run: &str) -> Result<Vec<WrittenFile>, StoreError> {
    let extras = extras.iter().map(|e| (e.name.as_str(), None, e.bytes.as_slice()));
    let files = files
        .iter()
        .map(|(name, rows, bytes)| (name.as_str(), *rows, bytes.as_slice()));
    let mut written = Vec::new();
    for (name, rows, bytes) in files.chain(extras).chain([(RUN_FILE, None, run.as_bytes())]) {
        let path = partial.join(name);
        let put = || -> std::io::Result<()> {
            let mut file = File::create_new(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        put().map_err(|e| StoreError::io(&path, e))?;
        written.push(WrittenFile {
            name: name.to_owned(),
            bytes: bytes.len(),
            rows,
        });
    }
    sync_folder(partial);
    Ok(written)
}

fn put_in_place(partial: &Path, dir: &Path, standing: Option<&[String]>) -> Result<(), StoreError> {
    let Some(known) = standing else {
        return rename(partial, dir);
    };
    // A folder cannot be swapped in one step everywhere: the old one steps aside and comes back if the new one fails.
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    folder::only_ours(dir, &known)?;
    let aside = folder::beside(dir, ".replaced");
    if aside.exists() {
        folder::remove(&aside, &known)?;
    }
    fs::rename(dir, &aside).map_err(|e| StoreError::io(dir, e))?;
    if let Err(error) = rename(partial, dir) {
        let _ = fs::rename(&aside, dir);
        return Err(error);
    }
    folder::remove(&aside, &known)
}

fn rename(partial: &Path, dir: &Path) -> Result<(), StoreError> {
    fs::rename(partial, dir).map_err(|e| StoreError::io(dir, e))?;
    if let Some(parent) = dir.parent() {
        sync_folder(parent);
    }
    Ok(())
}

/// Makes names in a folder last through a power cut. Not every system can; the files themselves are safe.
fn sync_folder(path: &Path) {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    if let Ok(folder) = File::open(path) {
        let _ = folder.sync_all();
    }
}
