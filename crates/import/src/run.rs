//! The steps of an import: find the files, read them, refuse or set aside what cannot be used, put the rows in their
//! tables, write the lock.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use monazite_evidence::Dataset;

use crate::baci::{self, BaciWanted};
use crate::columns::Value;
use crate::error::{ImportError, Result};
use crate::folder::{Batch, COMTRADE, LOCK, QUARANTINE, TRADE};
use crate::grid::grids;
use crate::kind::Kind;
use crate::lock::{ImportEntry, ImportsLock, SourceFile};
use crate::log::{FileReport, Log, Report, TableReport, YearReport, bad_rows, counts};
use crate::store::{self, Fresh};
use crate::trade::{self, TradeRow};
use crate::{company, comtrade, mcs, text, wgi, wmd};

/// Which products of a trade table are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Codes {
    /// Those under which the dataset's materials are traded.
    #[default]
    Materials,
    /// These codes, six digits of the Harmonised System.
    Only(BTreeSet<u32>),
    /// All products.
    All,
}

impl Codes {
    fn of(&self, dataset: &Dataset) -> Option<BTreeSet<u32>> {
        match self {
            Self::All => None,
            Self::Only(codes) => Some(codes.clone()),
            Self::Materials => {
                let own = monazite_evidence::table::Hs::WORDS
                    .iter()
                    .filter_map(|code| code.parse().ok());
                Some(dataset.material_codes.iter().map(|row| row.hs).chain(own).collect())
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Materials => "the headings of the dataset's materials".to_owned(),
            Self::All => "all products".to_owned(),
            Self::Only(codes) => {
                let codes: Vec<String> = codes.iter().map(|code| format!("{code:06}")).collect();
                codes.join(" ")
            }
        }
    }
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which products of a trade table are kept.
    pub codes: Codes,
    /// Only these years, first and last.
    pub years: Option<(u16, u16)>,
    /// Set rows that cannot be used aside instead of refusing the import.
    pub lenient: bool,
    /// Read and report, but write nothing.
    pub dry_run: bool,
    /// The day to write into the lock; today, if missing.
    pub imported: Option<jiff::civil::Date>,
}

/// What the files of one kind hold.
#[derive(Default)]
pub struct Gathered {
    pub trade: Vec<TradeRow>,
    pub tables: Vec<Fresh>,
    pub logs: Vec<Log>,
    pub years: Vec<YearReport>,
    pub products: usize,
    pub countries: usize,
    pub vintage: Option<String>,
    pub warnings: Vec<String>,
}

/// Imports files of one kind into a folder, which is made when it is not there.
///
/// # Errors
/// When a file is not of that kind, rows cannot be used and [`Options::lenient`] is off, nothing is left, or the folder
/// cannot be written. In each case the folder stays as it was.
pub fn import(kind: Kind, files: &[PathBuf], into: &Path, dataset: &Dataset, options: &Options) -> Result<Report> {
    let files = find(kind, files)?;
    let (mut gathered, sources) = gather(kind, &files, dataset, options)?;
    let (bad, problems) = bad_rows(&gathered.logs);
    let all: u64 = bad.values().sum();
    let read: u64 = gathered.logs.iter().map(|log| log.read).sum();
    if all > 0 && !options.lenient {
        let mut reasons: Vec<(String, u64)> = bad.iter().map(|(why, count)| ((*why).to_owned(), *count)).collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        return Err(ImportError::Refused {
            problems,
            bad: all,
            read,
            reasons,
        });
    }
    let mut report = describe(kind, &mut gathered, &sources, bad, problems);
    if report.rows.kept == 0 {
        return Err(nothing_left(&report, options));
    }
    if !options.dry_run {
        write(kind, into, gathered, &sources, options, &mut report)?;
    }
    Ok(report)
}

/// The files, with folders opened.
fn find(kind: Kind, given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in given {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(ImportError::io(path))? {
            let path = entry.map_err(ImportError::io(path))?.path();
            let ending = path
                .extension()
                .map(|e| e.to_string_lossy().to_lowercase())
                .unwrap_or_default();
            let name = text::name(&path);
            let fits = match kind {
                Kind::Baci => baci::is_a_year(&name),
                Kind::Comtrade => matches!(ending.as_str(), "csv" | "json"),
                _ => matches!(ending.as_str(), "csv" | "xlsx" | "xls" | "ods"),
            };
            if fits && path.is_file() {
                inside.push(path);
            }
        }
        if inside.is_empty() {
            let message = format!("`{}` has no file of this kind", path.display());
            return Err(ImportError::unfit(message, format!("{kind}: {}", kind.layout())));
        }
        inside.sort();
        files.extend(inside);
    }
    if files.is_empty() {
        return Err(ImportError::unfit(
            "no file was given",
            format!("{kind}: {}", kind.layout()),
        ));
    }
    Ok(files)
}

fn gather(kind: Kind, files: &[PathBuf], dataset: &Dataset, options: &Options) -> Result<(Gathered, Vec<SourceFile>)> {
    if kind == Kind::Baci {
        return gather_baci(files, dataset, options);
    }
    let mut gathered = Gathered::default();
    let mut sources = Vec::new();
    for path in files {
        let name = text::name(path);
        let whole = text::read(path)?;
        sources.push(SourceFile {
            name: name.clone(),
            sha256: whole.sha256,
            bytes: whole.bytes.len() as u64,
        });
        let mut log = Log::new(&name);
        match kind {
            Kind::Comtrade => comtrade::read(
                &whole.bytes,
                dataset,
                options,
                options.codes.of(dataset).as_ref(),
                &mut log,
                &mut gathered,
            )?,
            Kind::Mcs => mcs::read(&grids(&name, &whole.bytes)?, dataset, options, &mut log, &mut gathered)?,
            Kind::Wmd if whole.bytes.starts_with(b"PAR1") => {
                wmd::read_parquet(path, dataset, options, &mut log, &mut gathered)?;
            }
            Kind::Wmd => wmd::read(&grids(&name, &whole.bytes)?, dataset, options, &mut log, &mut gathered)?,
            Kind::Wgi => wgi::read(&grids(&name, &whole.bytes)?, dataset, options, &mut log, &mut gathered)?,
            Kind::Company | Kind::Baci => {
                let fresh = company::read(&grids(&name, &whole.bytes)?, dataset, options.years, &mut log)?;
                gathered.tables.push(fresh);
            }
        }
        gathered.logs.push(log);
    }
    match kind {
        Kind::Comtrade => comtrade::finish(&mut gathered),
        Kind::Company => company::finish(&mut gathered),
        Kind::Mcs => mcs::finish(&mut gathered),
        Kind::Wmd => wmd::finish(&mut gathered),
        Kind::Wgi => wgi::finish(&mut gathered),
        Kind::Baci => {}
    }
    Ok((gathered, sources))
}

fn gather_baci(files: &[PathBuf], dataset: &Dataset, options: &Options) -> Result<(Gathered, Vec<SourceFile>)> {
    let codes = options.codes.of(dataset);
    let wanted = BaciWanted::new(codes.as_ref(), options.years, dataset.baci_codes().into_keys());
    let mut gathered = Gathered::default();
    let mut sources = Vec::new();
    for (at, path) in files.iter().enumerate() {
        let name = text::name(path);
        let at = u16::try_from(at)
            .map_err(|_| ImportError::unfit("too many files at once", "give the folder year by year"))?;
        let mut log = Log::new(&name);
        // Hashing is as slow as reading; both run at once.
        let (sha256, rows) = rayon::join(
            || text::hash(path),
            || {
                if path.extension().is_some_and(|ending| ending == "parquet") {
                    baci_parquet(path, at, &wanted, &mut log)
                } else {
                    baci::read(path, at, &wanted, &mut log)
                }
            },
        );
        let rows = rows?;
        let bytes = path.metadata().map_err(ImportError::io(path))?.len();
        sources.push(SourceFile {
            name: name.clone(),
            sha256: sha256?,
            bytes,
        });
        if let Some(revision) = baci::revision(&name).filter(|revision| revision != "HS92") {
            log.warn(format!(
                "{name} is in {revision}; the headings of materials are those of HS92, and some codes differ"
            ));
        }
        gathered.vintage = gathered.vintage.or_else(|| baci::vintage(&name));
        if gathered.trade.is_empty() {
            gathered.trade = rows;
        } else {
            gathered.trade.extend(rows);
        }
        gathered.logs.push(log);
    }
    trade::sort_and_part(&mut gathered.trade, &mut gathered.logs);
    gathered.years = trade::by_year(&gathered.trade);
    (gathered.products, gathered.countries) = trade::breadth(&gathered.trade);
    gathered.warnings.extend(trade::unit_warning(&gathered.trade));
    Ok((gathered, sources))
}

fn baci_parquet(path: &Path, at: u16, wanted: &BaciWanted, log: &mut Log) -> Result<Vec<TradeRow>> {
    let mut kept = Vec::new();
    store::each_batch(path, |rows| {
        for mut row in rows {
            log.read += 1;
            if !wanted.product(row.product) {
                log.leave_out("other products");
            } else if !wanted.year(row.year) {
                log.leave_out("other years");
            } else if let Some((name, code)) = [("i", row.exporter), ("j", row.importer)]
                .into_iter()
                .find(|(_, code)| !wanted.country(*code))
            {
                let problem = log
                    .at(u64::from(row.line), format!("`{code}` is not a country code of BACI"))
                    .column(name, 0);
                log.bad(crate::log::Reason::Country, problem, String::new());
            } else if row.value_kusd < 0.0 || row.quantity_t < 0.0 || !row.value_kusd.is_finite() {
                let problem = log.at(u64::from(row.line), "a value or quantity is negative or not a number");
                log.bad(crate::log::Reason::Negative, problem, String::new());
            } else {
                row.file = at;
                log.kept += 1;
                kept.push(row);
            }
        }
        Ok(())
    })?;
    Ok(kept)
}

fn describe(
    kind: Kind,
    gathered: &mut Gathered,
    sources: &[SourceFile],
    bad: BTreeMap<&'static str, u64>,
    problems: monazite_evidence::Problems,
) -> Report {
    let mut whole = Log::default();
    let mut files = Vec::new();
    for (log, source) in gathered.logs.iter().zip(sources) {
        files.push(FileReport {
            file: source.name.clone(),
            sha256: source.sha256.clone(),
            bytes: source.bytes,
            encoding: log.encoding,
            rows: counts(log),
        });
        if log.encoding.is_some_and(|encoding| encoding != "UTF-8") {
            whole.warn(format!("{} is read as {}", log.file, log.encoding.unwrap_or_default()));
        }
    }
    let mut left_out = BTreeMap::new();
    let mut rows = crate::log::RowCounts::default();
    for log in &gathered.logs {
        let counts = counts(log);
        rows.read += counts.read;
        rows.kept += counts.kept;
        rows.left_out += counts.left_out;
        rows.quarantined += counts.quarantined;
        for (why, count) in &log.left_out {
            *left_out.entry(*why).or_default() += count;
        }
        for warning in &log.warnings {
            whole.warn(warning.clone());
        }
    }
    for warning in std::mem::take(&mut gathered.warnings) {
        whole.warn(warning);
    }
    Report {
        kind,
        vintage: gathered.vintage.clone(),
        rows,
        files,
        left_out,
        bad,
        problems,
        years: std::mem::take(&mut gathered.years),
        products: gathered.products,
        countries: gathered.countries,
        warnings: whole.warnings,
        tables: Vec::new(),
        quarantine: None,
    }
}

fn nothing_left(report: &Report, options: &Options) -> ImportError {
    let reasons: Vec<String> = report
        .left_out
        .iter()
        .map(|(why, count)| format!("{count} {why}"))
        .collect();
    let because = if reasons.is_empty() {
        String::new()
    } else {
        format!(": {}", reasons.join(", "))
    };
    let hint = match (&options.years, report.kind) {
        (Some(_), _) => "are these the years of --years?",
        (None, Kind::Baci | Kind::Comtrade) => "other products are kept with --all-codes or --codes",
        _ => "is the file of this kind?",
    };
    ImportError::unfit(
        format!("of {} rows read, none is left{because}", report.rows.read),
        hint,
    )
}

/// Writes every table beside its place, then puts all in place, the lock last.
fn write(
    kind: Kind,
    into: &Path,
    mut gathered: Gathered,
    sources: &[SourceFile],
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    fs::create_dir_all(into).map_err(ImportError::io(into))?;
    let mut lock = ImportsLock::read(into)?;
    let mut batch = Batch::default();
    let mut tables: Vec<TableReport> = Vec::new();
    give_way(kind, into, &lock, &mut gathered, report)?;
    let years: Vec<u16> = report.years.iter().map(|year| year.year).collect();
    if !gathered.trade.is_empty() {
        tables.push(store::put_trade(into, &gathered.trade, &mut batch)?);
    }
    for fresh in std::mem::take(&mut gathered.tables) {
        if !fresh.rows.is_empty() {
            tables.push(store::put(into, fresh, &mut batch)?);
        }
    }
    report.quarantine = set_aside(kind, into, &gathered.logs, &mut batch)?;
    if kind == Kind::Baci {
        // The years are BACI's now.
        for entry in lock
            .imports
            .iter_mut()
            .filter(|entry| entry.kind == Kind::Comtrade.as_str())
        {
            if entry.years.iter().all(|year| years.contains(year)) {
                entry.tables.retain(|table| table != TRADE);
            }
        }
    }
    lock.replace(kind, report.vintage.as_deref(), &years);
    lock.imports.push(entry(kind, report, sources, &tables, years, options));
    for table in &tables {
        let partial = into.join(format!(".{}.partial", table.file));
        lock.tables.insert(table.file.clone(), text::hash(&partial)?);
    }
    let path = into.join(LOCK);
    batch.write(&path, lock.to_toml(&path)?.as_bytes())?;
    batch.commit()?;
    report.tables = tables;
    Ok(())
}

/// Two sources of the same figures in one table would count twice. BACI is made from Comtrade and reconciled, so it
/// comes first in `trade.parquet`; World Mining Data is the fuller one in `production.parquet`. What gives way stays in
/// a table of its own.
fn give_way(kind: Kind, into: &Path, lock: &ImportsLock, gathered: &mut Gathered, report: &mut Report) -> Result<()> {
    if matches!(kind, Kind::Baci | Kind::Comtrade) {
        let owners = lock.owners(TRADE);
        let there = store::trade_years(into)?;
        if let Some(year) = there.iter().find(|year| !owners.contains_key(year)) {
            let message = format!(
                "`{TRADE}` in `{}` has {year} from a source that `{LOCK}` does not name",
                into.display()
            );
            return Err(ImportError::unfit(message, "import into another folder"));
        }
        let of = |wanted: &str| -> BTreeSet<u16> {
            let new: BTreeSet<u16> = gathered.trade.iter().map(|row| row.year).collect();
            owners
                .iter()
                .filter(|(year, owner)| *owner == wanted && new.contains(year))
                .map(|(year, _)| *year)
                .collect()
        };
        if kind == Kind::Comtrade {
            let taken = of("baci");
            if !taken.is_empty() {
                gathered.trade.retain(|row| !taken.contains(&row.year));
                let years = list(&taken);
                report.warnings.push(format!(
                    "{TRADE} keeps {years} from BACI; the rows of Comtrade are in {COMTRADE}"
                ));
            }
        } else {
            let replaced = of("comtrade");
            if !replaced.is_empty() {
                let years = list(&replaced);
                report.warnings.push(format!(
                    "{TRADE} now has {years} from BACI instead of Comtrade, whose rows stay in {COMTRADE}"
                ));
            }
        }
    }
    if kind == Kind::Mcs {
        mcs::give_way(into, gathered, report)?;
    }
    Ok(())
}

/// Years or other numbers in a list.
pub fn list(numbers: &BTreeSet<u16>) -> String {
    let words: Vec<String> = numbers.iter().map(u16::to_string).collect();
    words.join(", ")
}

/// Writes the rows that cannot be used beside their place in `quarantine/`, and removes those of an earlier import.
fn set_aside(kind: Kind, into: &Path, logs: &[Log], batch: &mut Batch) -> Result<Option<String>> {
    let dir = into.join(QUARANTINE);
    let name = format!("{kind}.csv");
    let path = dir.join(&name);
    if logs.iter().all(|log| log.bad.is_empty()) {
        if path.exists() {
            fs::remove_file(&path).map_err(ImportError::io(&path))?;
        }
        return Ok(None);
    }
    fs::create_dir_all(&dir).map_err(ImportError::io(&dir))?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    let wrong = ImportError::table(&path);
    writer
        .write_record(["file", "line", "column", "reason", "message", "row"])
        .map_err(|error| wrong(&error))?;
    for bad in logs.iter().flat_map(|log| &log.bad) {
        let line = bad.problem.line.map_or_else(String::new, |line| line.to_string());
        let column = bad.problem.column.as_ref().map_or("", |column| column.name.as_str());
        let record = [
            bad.problem.file.as_str(),
            &line,
            column,
            bad.reason.as_str(),
            &bad.problem.message,
            &bad.raw,
        ];
        writer.write_record(record).map_err(|error| wrong(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| wrong(&error))?;
    batch.write(&path, &bytes)?;
    Ok(Some(format!("{QUARANTINE}/{name}")))
}

fn entry(
    kind: Kind,
    report: &Report,
    sources: &[SourceFile],
    tables: &[TableReport],
    years: Vec<u16>,
    options: &Options,
) -> ImportEntry {
    let day = options.imported.unwrap_or_else(|| jiff::Zoned::now().date());
    ImportEntry {
        kind: kind.as_str().to_owned(),
        source: kind.title().to_owned(),
        publisher: kind.publisher().to_owned(),
        licence: kind.licence().to_owned(),
        terms: kind.terms().to_owned(),
        vintage: report.vintage.clone(),
        years,
        products: matches!(kind, Kind::Baci | Kind::Comtrade).then(|| options.codes.words()),
        tables: tables.iter().map(|table| table.file.clone()).collect(),
        rows_read: report.rows.read,
        rows_kept: report.rows.kept,
        rows_left_out: report.rows.left_out,
        rows_quarantined: report.rows.quarantined,
        imported: day.to_string(),
        program: concat!("monazite ", env!("CARGO_PKG_VERSION")).to_owned(),
        files: sources.to_vec(),
    }
}

/// Distinct values of a column.
pub fn distinct(rows: &[Vec<Value>], at: usize) -> usize {
    let values: BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row.get(at))
        .map(Value::as_str)
        .filter(|v| !v.is_empty())
        .collect();
    values.len()
}
