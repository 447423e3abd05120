//! `monazite brief`: an article turned into events, checked claims, a scenario and numbers.

mod answer;
mod means;
mod score;
mod watch;

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;

use monazite_brief::event::Rules;
use monazite_brief::learned::NET;
use monazite_brief::{Brief, BriefError, Reader, read, render, schema};
use monazite_evidence::Dataset;

use super::dataset;
use crate::args::Global;
use crate::args::brief::{BriefArgs, BriefFormat};
use crate::failure::Failure;
use crate::output::printer::Format;
use crate::output::{Document, Printer};

/// Files larger than this are no articles.
const LARGEST: u64 = 32 * 1024 * 1024;

/// Briefs an article, a folder of them, or compares with the truth.
pub fn brief(args: &BriefArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    if args.schema {
        let document = Document {
            whole: Some(schema()),
            ..Document::new()
        };
        let text = serde_json::to_string_pretty(&schema()).unwrap_or_default();
        let mut verbatim = Document::new();
        verbatim.verbatim(format!("{text}\n"));
        return printer.print(if printer.is_human() { &verbatim } else { &document });
    }
    let dataset = dataset(global)?;
    let reader = match &args.rules {
        Some(dir) => Reader::with_rules(&dataset, own_rules(dir)?),
        None => Reader::new(&dataset),
    };
    let reader = reader.map_err(|error| failed(&error))?;
    if let Some(dir) = &args.score {
        return score::score(dir, &reader, printer);
    }
    if let Some(dir) = &args.watch {
        return watch::watch(dir, args, &dataset, &reader, printer);
    }
    let path = args.article.as_deref().unwrap_or(Path::new("-"));
    let brief = one(&bytes(path)?, args, &reader)?;
    let written = scenario_out(&brief, args)?;
    if let (Some(path), Format::Csv(_)) = (&args.out, &printer.format) {
        let wrong = Failure::input(format!(
            "`--csv` prints one table and does not write `{}`",
            path.display()
        ));
        return Err(wrong.hint("send it into a file: `monazite brief … --csv=events > events.csv`"));
    }
    let Some(text) = formatted(&brief, args, printer) else {
        let mut document = answer::answer(&brief, &dataset, written.as_deref(), printer.is_human());
        if printer.format == Format::Answer {
            document.whole = serde_json::to_value(&brief).ok();
        }
        return printer.print(&document);
    };
    match &args.out {
        Some(path) => {
            std::fs::write(path, text).map_err(|error| Failure::io("write", path, &error))?;
            let mut document = Document::new();
            document.fact("written", path.display().to_string());
            document.text(format!("Wrote `{}`.", path.display()));
            printer.print(&document)
        }
        None => print(&text),
    }
}

/// The rules of a folder; a file that is not there is the program's own.
fn own_rules(dir: &Path) -> Result<Rules, Failure> {
    let mut own = BTreeMap::new();
    let names = || Rules::FILES.iter().map(|(name, _)| *name).chain([NET]);
    for name in names() {
        let path = dir.join(name);
        if path.is_file() {
            let bytes = std::fs::read(&path).map_err(|error| Failure::io("read the rules", &path, &error))?;
            own.insert(name.to_owned(), bytes);
        }
    }
    if own.is_empty() {
        let names: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        return Err(
            Failure::input(format!("`{}` holds no rules", dir.display())).hint(format!(
                "it needs one of {}; begin with those in crates/brief/rules",
                names.join(", ")
            )),
        );
    }
    Rules::with(&own).map_err(|error| match &error {
        BriefError::Rules { file, why } => {
            Failure::input(format!("the rules in `{}`: {why}", dir.join(file).display()))
        }
        _ => failed(&error),
    })
}

/// The brief of an article's bytes, with its scenario run unless that is not wanted.
fn one(bytes: &[u8], args: &BriefArgs, reader: &Reader<'_>) -> Result<Brief, Failure> {
    let date = match &args.date {
        Some(text) => Some(
            text.parse()
                .map_err(|_| Failure::input(format!("`{text}` is no day")).hint("a day is written `2025-03-31`"))?,
        ),
        None => None,
    };
    let article = read(bytes, args.encoding.as_deref()).map_err(|error| failed(&error))?;
    let mut brief = reader.brief(&article, date);
    if !args.no_run {
        reader.run(&mut brief, args.paths).map_err(|error| failed(&error))?;
    }
    Ok(brief)
}

fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        let read = std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes);
        read.map_err(|error| Failure::io("read", Path::new("standard input"), &error))?;
        return Ok(bytes);
    }
    let file = std::fs::File::open(path).map_err(|error| Failure::io("read the article", path, &error))?;
    let read = file.take(LARGEST).read_to_end(&mut bytes);
    read.map_err(|error| Failure::io("read the article", path, &error))?;
    Ok(bytes)
}

fn scenario_out(brief: &Brief, args: &BriefArgs) -> Result<Option<String>, Failure> {
    let Some(path) = &args.scenario_out else {
        return Ok(None);
    };
    let Some(chosen) = &brief.meaning.scenario else {
        let why = if brief.article.language.read {
            "nothing in the article changes the market"
        } else {
            "the article is not in English, and nothing of it was read"
        };
        return Err(Failure::input(format!("there is no scenario to write: {why}"))
            .hint("`monazite scenario new NAME` begins one by hand"));
    };
    let created = std::fs::File::create_new(path);
    let written = created.and_then(|mut file| file.write_all(chosen.file.as_bytes()));
    written.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Failure::input(format!("`{}` is there already", path.display()))
                .hint("files are never overwritten; choose another name")
        } else {
            Failure::io("write", path, &error)
        }
    })?;
    Ok(Some(path.display().to_string()))
}

/// The brief as text in the format asked for; none for tables on a terminal, `--json` without `--out` and `--csv`.
fn formatted(brief: &Brief, args: &BriefArgs, printer: &Printer) -> Option<String> {
    match (&printer.format, args.format) {
        (Format::Csv(_) | Format::Answer, _) => None,
        (Format::Json, _) | (_, BriefFormat::Json) => {
            serde_json::to_string_pretty(brief).ok().map(|text| format!("{text}\n"))
        }
        (_, BriefFormat::Markdown) => Some(render::markdown(brief)),
        (_, BriefFormat::Html) => Some(render::html(brief)),
        // `--out brief.html` says what it is to be.
        (_, BriefFormat::Terminal) => args.out.as_ref().map(|path| {
            let ending = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default();
            match ending.to_lowercase().as_str() {
                "html" | "htm" => render::html(brief),
                "json" => serde_json::to_string_pretty(brief).unwrap_or_default() + "\n",
                _ => render::markdown(brief),
            }
        }),
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// What went wrong, with what to do.
fn failed(error: &BriefError) -> Failure {
    match error {
        BriefError::NotText { hint, .. } => Failure::input(error.to_string()).hint(hint.clone()),
        BriefError::Encoding(_) => {
            Failure::input(error.to_string()).hint("names such as `utf-8`, `utf-16le`, `windows-1251`, `windows-1252`")
        }
        BriefError::Scenario { file, faults } => Failure::scenario(file, faults),
        BriefError::Evidence(_) | BriefError::Market(_) | BriefError::Ensemble(_) | BriefError::Rules { .. } => {
            Failure::failed(error.to_string())
        }
    }
}

/// Words of a place for people.
fn country(dataset: &Dataset, code: &str) -> String {
    let id = monazite_evidence::PlaceId::from(code);
    dataset
        .place(&id)
        .map_or_else(|| code.to_owned(), |place| place.name.clone())
}
