//! `monazite brief --watch DIR`: a brief beside each new file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use monazite_brief::{Reader, render};
use monazite_evidence::Dataset;

use super::{bytes, one};
use crate::args::brief::{BriefArgs, BriefFormat};
use crate::failure::Failure;
use crate::output::{Document, Printer};

/// How often the folder is looked at.
const PAUSE: Duration = Duration::from_millis(500);
/// Files briefed in one look at the folder; more wait for the next.
const AT_ONCE: usize = 100;
/// Endings that are read.
const READ: &[&str] = &["txt", "md", "html", "htm", "text"];

/// Briefs what is there and, unless `--once`, what comes. Ctrl-C ends it: each brief is written whole under another
/// name and then renamed, so that none is left half-way.
pub fn watch(
    dir: &Path,
    args: &BriefArgs,
    _dataset: &Dataset,
    reader: &Reader<'_>,
    printer: &Printer,
) -> Result<(), Failure> {
    let mut seen: BTreeMap<PathBuf, SystemTime> = BTreeMap::new();
    loop {
        let mut done = 0;
        for (path, changed) in files(dir)? {
            if done >= AT_ONCE {
                break;
            }
            if seen.get(&path) == Some(&changed) {
                continue;
            }
            done += 1;
            let said = match beside(&path, args, reader) {
                Ok(written) => format!("{} → {}", path.display(), written.display()),
                Err(failure) => format!("{}: {}", path.display(), failure.what),
            };
            seen.insert(path, changed);
            let mut document = Document::new();
            document.fact("briefed", said.clone());
            document.verbatim(format!("{said}\n"));
            printer.print(&document)?;
        }
        if args.once && done < AT_ONCE {
            return Ok(());
        }
        if !args.once {
            std::thread::sleep(PAUSE);
        }
    }
}

/// The readable files of the folder, briefs left out.
fn files(dir: &Path) -> Result<Vec<(PathBuf, SystemTime)>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|error| Failure::io("watch", dir, &error))?;
    let mut found: Vec<(PathBuf, SystemTime)> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let name = path.file_name()?.to_str()?.to_owned();
            let ending = path.extension()?.to_str()?.to_lowercase();
            let readable = READ.contains(&ending.as_str()) && !name.contains(".brief.") && !name.starts_with('.');
            let about = entry.metadata().ok()?;
            (readable && about.is_file()).then_some(())?;
            Some((path, about.modified().ok()?))
        })
        .collect();
    found.sort();
    Ok(found)
}

fn beside(path: &Path, args: &BriefArgs, reader: &Reader<'_>) -> Result<PathBuf, Failure> {
    let brief = one(&bytes(path)?, args, reader)?;
    let text = match args.format {
        BriefFormat::Html => render::html(&brief),
        BriefFormat::Json => serde_json::to_string_pretty(&brief).unwrap_or_default() + "\n",
        BriefFormat::Markdown | BriefFormat::Terminal => render::markdown(&brief),
    };
    // `talks.txt` and `talks.html` beside each other have a brief each.
    let twin = READ.iter().any(|ending| {
        let other = path.with_extension(ending);
        other != path && other.is_file()
    });
    let named = |ending: &str| {
        let own = path.extension().and_then(std::ffi::OsStr::to_str).filter(|_| twin);
        path.with_extension(own.map_or_else(|| ending.to_owned(), |own| format!("{own}.{ending}")))
    };
    let target = named(&format!("brief.{}", args.format.ending()));
    let partial = named("brief.partial");
    std::fs::write(&partial, text).map_err(|error| Failure::io("write", &partial, &error))?;
    std::fs::rename(&partial, &target).map_err(|error| Failure::io("write", &target, &error))?;
    Ok(target)
}
