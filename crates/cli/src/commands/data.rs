//! `monazite data`: what tables there are, what they hold and whether they are sound.

use std::path::Path;

use monazite_evidence::check::{CheckReport, check};
use monazite_evidence::describe::Filter;
use monazite_evidence::field::{FieldKind, FieldSpec};
use monazite_evidence::lock::Lock;
use monazite_evidence::{Dataset, Files};

use super::dataset;
use crate::args::{DataCommand, Global};
use crate::failure::{Failure, counted};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Rows of a table that people are shown unless they ask for more.
const ROWS: usize = 20;
/// Where the right words are found.
const NAMES: &str = "`monazite data list` shows the tables, `monazite data describe TABLE` its columns";
/// So few rows are shown in full, a column a line.
const RECORDS: usize = 3;

/// Does what a `monazite data` verb asks.
pub fn data(command: &DataCommand, global: &Global, printer: &Printer) -> Result<(), Failure> {
    match command {
        DataCommand::List => list(&dataset(global)?, printer),
        DataCommand::Show { table, filters, limit } => show(&dataset(global)?, table, filters, *limit, printer),
        DataCommand::Describe { table } => describe(&dataset(global)?, table, printer),
        DataCommand::Check { dir } => checked(dir.as_deref().or(global.dataset.as_deref()), printer),
        DataCommand::Lock { write } => lock(write.as_deref(), global, printer),
        // The other verbs have files of their own.
        DataCommand::Sources { .. }
        | DataCommand::Why { .. }
        | DataCommand::Groups { .. }
        | DataCommand::Place { .. }
        | DataCommand::Import(_)
        | DataCommand::BaseYear { .. } => Ok(()),
    }
}

fn list(dataset: &Dataset, printer: &Printer) -> Result<(), Failure> {
    let mut table = Table::new(
        "tables",
        "Tables of the dataset",
        vec![
            Column::text("table", "table"),
            Column::number("rows", "rows"),
            Column::number("official", "A"),
            Column::number("secondary", "B"),
            Column::number("unverified", "C"),
            Column::number("sources", "sources"),
            Column::text("description", "what a row is"),
            Column::text("vintage_first", "").for_programs(),
            Column::text("vintage_last", "").for_programs(),
        ],
    );
    for summary in dataset.summaries() {
        let of = |at: usize| {
            summary
                .confidence
                .map_or_else(Cell::empty, |counts| Cell::count(counts[at]))
        };
        let (first, last) = summary.vintages.unzip();
        let text = |text: Option<String>| text.map_or_else(Cell::empty, Cell::text);
        table.push(vec![
            Cell::text(summary.name),
            summary.rows.map_or_else(|| Cell::text("missing"), Cell::count),
            of(0),
            of(1),
            of(2),
            Cell::count(summary.sources),
            Cell::text(summary.description),
            text(first),
            text(last),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    document.remark("Confidence: A official or filing, B retrieved secondary, C unverified background.");
    document.next(vec![
        "monazite data describe prices".to_owned(),
        "monazite data show prices --where element=Dy --where zone=outside".to_owned(),
    ]);
    printer.print(&document)
}

fn show(
    dataset: &Dataset,
    name: &str,
    filters: &[String],
    limit: Option<usize>,
    printer: &Printer,
) -> Result<(), Failure> {
    let filters: Vec<Filter> = filters.iter().map(|text| filter(text)).collect::<Result<_, _>>()?;
    let limit = match limit {
        Some(0) => None,
        Some(limit) => Some(limit),
        None => printer.is_human().then_some(ROWS),
    };
    let found = dataset
        .show(name, &filters, limit)
        .map_err(|error| Failure::from(error).hint(NAMES))?;
    let fields = dataset.describe(name)?.columns();
    let is_number = |at: usize| {
        fields
            .get(at)
            .is_some_and(|f| !f.list && matches!(f.kind, FieldKind::Number | FieldKind::Integer))
    };
    // People see the columns that say something and fit; CSV and JSON have them all.
    let speaks = |at: usize| {
        found
            .rows
            .iter()
            .any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()))
    };
    let columns = found.columns.iter().enumerate().map(|(at, column)| {
        let head = column.replace('_', " ");
        let shown = if is_number(at) {
            Column::number(column, head)
        } else {
            Column::text(column, head)
        };
        if speaks(at) { shown } else { shown.for_programs() }
    });
    let line = Column::number("line", "").for_programs();
    let title = format!("{}: {}", dataset.describe(name)?.file, counted(found.matched, "row"));
    let mut table = Table::new("rows", title, columns.chain([line]).collect()).if_empty("no row meets the conditions");
    for (row, line) in found.rows.iter().zip(&found.lines) {
        let cells = row.iter().enumerate().map(|(at, cell)| match cell.parse::<f64>() {
            Ok(value) if is_number(at) => Cell::shown(value, cell),
            _ if is_number(at) && cell.is_empty() => Cell::empty(),
            _ => Cell::named(cell, short(cell)),
        });
        table.push(cells.chain([Cell::ordinal(*line)]).collect());
    }
    let mut document = Document::new();
    let left = found.matched - found.rows.len();
    if (1..=RECORDS).contains(&found.matched) {
        document.title(table.title.clone());
        for row in &found.rows {
            document.picture(record(row, &fields));
        }
        document.data(table);
        return printer.print(&document);
    }
    let dropped = table.drop_columns_beyond(printer.width());
    document.table(table);
    if left > 0 {
        document.remark(format!("… and {}; `--limit 0` shows all", counted(left, "more row")));
    }
    if !dropped.is_empty() {
        document.remark(format!(
            "Not shown for want of room: {}; `--csv` and `--json` have all columns.",
            dropped.join(", ")
        ));
    }
    printer.print(&document)
}

/// A row on its own: a column a line.
fn record(row: &[String], fields: &[FieldSpec]) -> Table {
    let columns = vec![
        Column::text("", "column"),
        Column::text("", "value"),
        Column::text("", "unit"),
    ];
    let mut table = Table::new("record", row.first().map_or("", String::as_str), columns);
    for (cell, field) in row.iter().zip(fields).filter(|(cell, _)| !cell.is_empty()) {
        table.push(vec![
            Cell::text(field.name),
            Cell::text(cell),
            Cell::text(field.unit.unwrap_or_default()),
        ]);
    }
    table
}

/// Long cells are cut for people.
fn short(cell: &str) -> String {
    const LONGEST: usize = 32;
    if cell.chars().count() <= LONGEST {
        return cell.to_owned();
    }
    let kept: String = cell.chars().take(LONGEST).collect();
    format!("{}…", kept.trim_end())
}

fn filter(text: &str) -> Result<Filter, Failure> {
    let (column, value) = text.split_once('=').ok_or_else(|| {
        Failure::input(format!("`--where {text}` has no `=`")).hint("write it as `--where element=Dy`")
    })?;
    Ok(Filter {
        column: column.trim().to_owned(),
        value: value.trim().to_owned(),
    })
}

fn describe(dataset: &Dataset, name: &str, printer: &Printer) -> Result<(), Failure> {
    let spec = dataset
        .describe(name)
        .map_err(|error| Failure::from(error).hint(NAMES))?;
    let mut table = Table::new(
        "columns",
        "Columns",
        vec![
            Column::text("column", "column"),
            Column::text("kind", "kind"),
            Column::text("unit", "unit"),
            Column::text("required", "needed"),
            Column::text("values", "values"),
            Column::text("description", "meaning"),
        ],
    );
    for field in spec.columns() {
        let kind = format!("{:?}", field.kind).to_lowercase();
        let kind = if field.list { format!("{kind} list") } else { kind };
        let values = match &field.references {
            Some(other) => format!("{}.{}", other.table, other.column),
            None => field.values.join(", "),
        };
        table.push(vec![
            Cell::text(field.name),
            Cell::text(kind),
            field.unit.map_or_else(Cell::empty, Cell::text),
            Cell::flag(field.required, "yes", ""),
            Cell::text(values),
            Cell::text(field.description),
        ]);
    }
    let mut document = Document::new();
    document.title(spec.file);
    document.text(spec.description);
    if !spec.key.is_empty() {
        document.text(format!("A row is identified by {}.", spec.key.join(", ")));
    }
    document.table(table);
    printer.print(&document)
}

fn checked(dir: Option<&Path>, printer: &Printer) -> Result<(), Failure> {
    let files = dir.map_or_else(|| Ok(Files::bundled()), Files::from_dir)?;
    let report = check(&files);
    printer.print(&check_document(&report))?;
    if report.is_sound() {
        Ok(())
    } else {
        Err(Failure::found())
    }
}

fn check_document<'a>(report: &CheckReport) -> Document<'a> {
    let mut problems = Table::new(
        "problems",
        "Problems",
        vec![
            Column::text("severity", "severity"),
            Column::text("file", "file"),
            Column::number("line", "line"),
            Column::text("column", "column"),
            Column::text("message", "message"),
            Column::text("nearest", "nearest"),
            Column::text("hint", "hint"),
        ],
    );
    let text = |text: &Option<String>| text.clone().map_or_else(Cell::empty, Cell::text);
    for problem in &report.problems {
        problems.push(vec![
            Cell::text(format!("{:?}", problem.severity).to_lowercase()),
            Cell::text(&problem.file),
            problem.line.map_or_else(Cell::empty, Cell::ordinal),
            problem
                .column
                .as_ref()
                .map_or_else(Cell::empty, |column| Cell::text(&column.name)),
            Cell::text(&problem.message),
            text(&problem.nearest),
            text(&problem.hint),
        ]);
    }
    let (errors, warnings) = (report.errors().count(), report.warnings().count());
    let rows: usize = report.tables.iter().filter_map(|table| table.rows).sum();
    let mut document = Document::new();
    document.fact("sound", report.is_sound());
    document.fact("errors", errors);
    document.fact("warnings", warnings);
    if !report.problems.is_empty() {
        let lines: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        document.verbatim(lines.join("\n") + "\n");
    }
    if report.more > 0 {
        document.remark(format!("… and {} more of the same kinds", report.more));
    }
    document.data(problems);
    document.text(format!(
        "{} in {} checked: {}, {}",
        counted(rows, "row"),
        counted(report.tables.len(), "table"),
        counted(errors, "error"),
        counted(warnings, "warning")
    ));
    document
}

fn lock(write: Option<&Path>, global: &Global, printer: &Printer) -> Result<(), Failure> {
    if let Some(dir) = write {
        let changed = Dataset::from_dir(dir)?.write_generated(dir)?;
        let mut document = Document::new();
        let mut table =
            Table::new("written", "Written", vec![Column::text("file", "file")]).if_empty("both files were up to date");
        for path in changed {
            table.push(vec![Cell::text(path.display().to_string())]);
        }
        document.table(table);
        return printer.print(&document);
    }
    let dataset = dataset(global)?;
    let lock = dataset.lock();
    let mut table = Table::new(
        "tables",
        format!("Dataset {}", lock.short()),
        vec![
            Column::text("file", "file"),
            Column::number("rows", "rows"),
            Column::text("vintage_first", "from"),
            Column::text("vintage_last", "to"),
            Column::text("sha256", "SHA-256"),
        ],
    );
    for entry in &lock.tables {
        let text = |text: &Option<String>| text.clone().map_or_else(Cell::empty, Cell::text);
        table.push(vec![
            Cell::text(&entry.file),
            Cell::count(entry.rows),
            text(&entry.vintage_first),
            text(&entry.vintage_last),
            Cell::named(&entry.sha256, entry.sha256.get(..16).unwrap_or_default()),
        ]);
    }
    let mut document = Document::new();
    document.fact("sha256", lock.sha256.clone());
    document.fact("licence", lock.licence.clone());
    document.table(table);
    document.remark(format!(
        "Our selection and arrangement: {}; each source keeps its own terms.",
        lock.licence
    ));
    let stale = match Lock::of(dataset.files())? {
        Some(kept) => kept.verify(&lock).err(),
        None => None,
    };
    document.fact("stale", stale.is_some());
    if let Some(problems) = &stale {
        for problem in &problems.problems {
            document.warning(problem.to_string());
        }
    }
    printer.print(&document)?;
    if stale.is_some() { Err(Failure::found()) } else { Ok(()) }
}
