//! `monazite data import`: the user's own copies of data sets into a folder of tables.

use std::collections::BTreeSet;

use monazite_import::{Codes, ImportError, Kind, Options, Report, YearReport, import as read};

use super::dataset;
use crate::args::{Global, ImportArgs};
use crate::failure::{Failure, counted};
use crate::output::progress::Progress;
use crate::output::{Cell, Column, Document, Printer, Table};

/// How many rows that cannot be used people are shown.
const SHOWN: usize = 5;

/// Imports, and says what became of the rows.
pub fn import(args: &ImportArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let kind: Kind = args.kind.parse()?;
    let options = Options {
        codes: codes(args)?,
        years: args.years.as_deref().map(years).transpose()?,
        lenient: args.lenient,
        dry_run: args.dry_run,
        imported: None,
    };
    let dataset = dataset(global)?;
    let progress = Progress::start("reading");
    let report = read(kind, &args.files, &args.into, &dataset, &options);
    drop(progress);
    let report = report.map_err(|error| failure(kind, error))?;
    printer.print(&document(args, &report)?)
}

/// `2022`, or `2018..2022`.
fn years(text: &str) -> Result<(u16, u16), Failure> {
    let year = |text: &str| {
        text.trim()
            .parse::<u16>()
            .ok()
            .filter(|year| (1900..=2100).contains(year))
    };
    let range = match text.split_once("..") {
        Some((first, last)) => year(first).zip(year(last.trim_start_matches('='))),
        None => year(text).map(|year| (year, year)),
    };
    range.filter(|(first, last)| first <= last).ok_or_else(|| {
        Failure::input(format!("`--years {text}` is no year and no range of years"))
            .hint("write 2022, or 2018..2022 with both years in it")
    })
}

fn codes(args: &ImportArgs) -> Result<Codes, Failure> {
    if args.all_codes {
        return Ok(Codes::All);
    }
    if args.codes.is_empty() {
        return Ok(Codes::Materials);
    }
    let code = |text: &String| {
        let text = text.trim();
        let fits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| fits).ok_or_else(|| {
            Failure::input(format!("`{text}` is not a product code"))
                .hint("write the six digits of the Harmonised System: 280530")
        })
    };
    Ok(Codes::Only(
        args.codes
            .iter()
            .map(code)
            .collect::<Result<BTreeSet<u32>, Failure>>()?,
    ))
}

fn failure(kind: Kind, error: ImportError) -> Failure {
    match error {
        ImportError::Io { path, source } => Failure::io("use", &path, &source),
        ImportError::Evidence(error) => error.into(),
        ImportError::Layout { file, message, hint } => {
            let failure = Failure::input(format!("{file}: {message}"));
            let wants = kind.layout();
            if hint == wants { failure } else { failure.hint(hint) }.hint(format!("{kind}: {wants}"))
        }
        ImportError::Unfit { message, hint } => Failure::input(message).hint(hint),
        ImportError::Table { .. } => Failure::failed(error.to_string()),
        ImportError::Refused {
            problems,
            bad,
            read,
            reasons,
        } => {
            let reasons: Vec<String> = reasons.iter().map(|(why, n)| format!("{n} {why}")).collect();
            let what = format!(
                "{bad} of {read} rows cannot be used ({}); nothing was written",
                reasons.join(", ")
            );
            let mut failure = Failure::input(what);
            failure.places = problems.problems.iter().map(ToString::to_string).collect();
            let more = bad.saturating_sub(problems.problems.len() as u64);
            if more > 0 {
                failure.places.push(format!("… and {more} more"));
            }
            failure.hint("--lenient sets them aside in quarantine/ and imports the others")
        }
    }
}

fn document<'a>(args: &ImportArgs, report: &Report) -> Result<Document<'a>, Failure> {
    let mut document = Document::new();
    let kind = report.kind;
    let vintage = report
        .vintage
        .as_ref()
        .map_or_else(String::new, |vintage| format!(", {vintage}"));
    document.title(format!("{}{vintage}", kind.title()));
    document.table(files(report));
    if report.files.len() > 1 {
        document.remark(format!("All files: {}.", rows_of(report)));
    }
    if !report.left_out.is_empty() {
        let words: Vec<String> = report
            .left_out
            .iter()
            .map(|(why, n)| format!("{} {why}", grouped(*n)))
            .collect();
        document.lines(format!("Left out: {}.", words.join("; ")));
    }
    document.table(by_year(report));
    document.remark(breadth(report));
    if report.rows.quarantined > 0 {
        document.table(bad(report));
        for problem in report.problems.problems.iter().take(SHOWN) {
            document.verbatim(format!("{problem}\n"));
        }
        let aside = report.quarantine.as_ref().map_or_else(String::new, |file| {
            format!("; they are in {}/{file}", args.into.display())
        });
        let all = report.rows.quarantined <= SHOWN as u64;
        let first = if all {
            "These".to_owned()
        } else {
            format!("The first of {}", grouped(report.rows.quarantined))
        };
        document.remark(format!("{first} rows cannot be used{aside}."));
    }
    for warning in &report.warnings {
        document.warning(warning.clone());
    }
    if report.tables.is_empty() {
        document.remark("Nothing was written (--dry-run).");
    } else {
        document.table(tables(args, report));
        document.remark(format!("{}: {}; {}.", kind.publisher(), kind.licence(), kind.terms()));
    }
    document.whole =
        Some(serde_json::to_value(report).map_err(|error| Failure::failed(format!("cannot write JSON: {error}")))?);
    Ok(document)
}

fn grouped(count: u64) -> String {
    crate::output::number::count(usize::try_from(count).unwrap_or(usize::MAX))
}

fn rows_of(report: &Report) -> String {
    let rows = &report.rows;
    format!(
        "{} rows read, {} kept, {} left out, {} not usable",
        grouped(rows.read),
        grouped(rows.kept),
        grouped(rows.left_out),
        grouped(rows.quarantined)
    )
}

fn count(count: u64) -> Cell {
    Cell::count(usize::try_from(count).unwrap_or(usize::MAX))
}

fn files(report: &Report) -> Table {
    let mut table = Table::new(
        "files",
        counted(report.files.len(), "file"),
        vec![
            Column::text("file", "file"),
            Column::number("read", "rows read"),
            Column::number("kept", "kept"),
            Column::number("left_out", "left out"),
            Column::number("quarantined", "not usable"),
            Column::text("encoding", "").for_programs(),
            Column::text("sha256", "SHA-256"),
        ],
    );
    for file in &report.files {
        let hash: String = file.sha256.chars().take(12).collect();
        table.push(vec![
            Cell::text(&file.file),
            count(file.rows.read),
            count(file.rows.kept),
            count(file.rows.left_out),
            count(file.rows.quarantined),
            file.encoding.map_or_else(Cell::empty, Cell::text),
            Cell::named(&file.sha256, format!("{hash}…")),
        ]);
    }
    table
}

fn by_year(report: &Report) -> Table {
    let with = |get: fn(&YearReport) -> Option<f64>| report.years.iter().any(|year| get(year).is_some());
    let mut columns = vec![Column::number("year", "year"), Column::number("rows", "rows")];
    let (values, quantities) = (with(|year| year.value_kusd), with(|year| year.quantity_t));
    let hidden = |shown: bool, column: Column| if shown { column } else { column.for_programs() };
    columns.push(hidden(values, Column::number("value_kusd", "value, M USD")));
    columns.push(hidden(quantities, Column::number("quantity_t", "quantity, t")));
    let missing = match report.kind {
        Kind::Baci | Kind::Comtrade => "without quantity",
        Kind::Company => "without value",
        Kind::Wgi => "without estimate",
        Kind::Mcs | Kind::Wmd => "without figure",
    };
    columns.push(Column::number("missing", missing));
    let mut table = Table::new("years", "Kept, by year", columns);
    for year in &report.years {
        let number = |value: Option<f64>, scale: f64| {
            value.map_or_else(Cell::empty, |value| {
                Cell::shown(value, crate::output::number::thousands(value * scale))
            })
        };
        table.push(vec![
            Cell::ordinal(year.year),
            count(year.rows),
            number(year.value_kusd, 1e-3),
            number(year.quantity_t, 1.0),
            count(year.missing),
        ]);
    }
    table
}

fn breadth(report: &Report) -> String {
    let products = match report.kind {
        Kind::Baci | Kind::Comtrade => "product",
        Kind::Wgi => "indicator",
        Kind::Mcs => "commoditie",
        Kind::Wmd | Kind::Company => "material",
    };
    let countries = if report.countries == 1 { "country" } else { "countries" };
    let products = counted(report.products, products).replace(
        "commoditie",
        if report.products == 1 {
            "commodity"
        } else {
            "commoditie"
        },
    );
    format!(
        "{products}, {} {countries}.",
        crate::output::number::count(report.countries)
    )
}

fn bad(report: &Report) -> Table {
    let columns = vec![Column::text("reason", "reason"), Column::number("rows", "rows")];
    let mut table = Table::new("quarantined", "Rows that cannot be used", columns);
    for (reason, rows) in &report.bad {
        table.push(vec![Cell::text(*reason), count(*rows)]);
    }
    table
}

fn tables(args: &ImportArgs, report: &Report) -> Table {
    let mut table = Table::new(
        "tables",
        format!("Written to {}", args.into.display()),
        vec![
            Column::text("table", "table"),
            Column::number("rows", "rows"),
            Column::number("replaced", "replaced"),
            Column::number("stayed", "of earlier imports"),
        ],
    );
    for written in &report.tables {
        table.push(vec![
            Cell::text(&written.file),
            count(written.rows),
            count(written.replaced),
            count(written.stayed),
        ]);
    }
    table
}
