//! `monazite exposure technologies` and `new`.

use std::io::Write as _;
use std::path::Path;

use monazite_evidence::Dataset;
use monazite_evidence::error::Unknown;
use monazite_exposure::bom::TEMPLATE;
use monazite_exposure::technology::{Technologies, Technology};

use super::ranges::{Keys, cells, columns, mass, range};
use crate::failure::Failure;
use crate::output::words::{confidence, flag};
use crate::output::{Cell, Column, Document, Printer, Table};

/// The form of a figure whose source does not say what it counts.
const AS_STATED: &str = "as stated";

/// Lists technologies, or shows one.
pub fn technologies(name: Option<&str>, dataset: &Dataset, printer: &Printer) -> Result<(), Failure> {
    let technologies = Technologies::of(dataset);
    match name {
        None => printer.print(&list(&technologies)),
        Some(name) => {
            let found = (technologies.all.iter()).find(|t| t.words().any(|word| word.eq_ignore_ascii_case(name)));
            let found = found.ok_or_else(|| {
                // An id first: it is what the other verbs take.
                let by_id = Unknown::new("technology", name, technologies.all.iter().map(|t| t.id.as_str()));
                let words = technologies.all.iter().flat_map(Technology::words);
                let unknown = match by_id.nearest {
                    Some(_) => by_id,
                    None => Unknown::new("technology", name, words),
                };
                Failure::unknown(&unknown).hint("`monazite exposure technologies` lists those known")
            })?;
            printer.print(&one(found))
        }
    }
}

fn list(technologies: &Technologies) -> Document<'_> {
    let mut table_columns = vec![
        Column::text("technology", "id"),
        Column::text("name", "what"),
        Column::text("family", "family").for_programs(),
        Column::text("unit", "unit"),
    ];
    let keys = Keys("total_kg_low", "total_kg", "total_kg_high");
    table_columns.extend(columns("rare earths per unit", "total", &keys));
    table_columns.push(Column::text("elements", "mostly"));
    table_columns.push(Column::text("end_use", "end use").for_programs());
    table_columns.push(Column::text("fleet", "fleet").for_programs());
    table_columns.push(Column::text("confidence", ""));
    let title = "Technologies and platforms, and the rare earths they contain";
    let mut table = Table::new("technologies", title, table_columns);
    for technology in &technologies.all {
        let total = technology.total();
        let mut row = vec![
            Cell::text(&technology.id),
            Cell::text(&technology.name),
            Cell::text(&technology.family),
            Cell::text(technology.unit.replace('_', " of ")),
        ];
        row.extend(cells(total, mass(total * 1e3)));
        row.push(Cell::text(heaviest(technology)));
        row.push(Cell::text(technology.end_use.as_str()));
        row.push(Cell::text(technology.fleet.as_deref().unwrap_or_default()));
        let letter = technology.confidence.to_string();
        row.push(Cell::named(&letter, flag(&letter)));
        table.push(row);
    }
    let mut document = Document::new();
    document.table(table);
    document.remark(
        "Best estimate and range per unit, as elements. A range spans all published figures and the magnet grades it \
         may be built with.",
    );
    document.next(vec![
        "monazite exposure technologies f35".to_owned(),
        "monazite exposure new bom.csv".to_owned(),
    ]);
    document
}

fn heaviest(technology: &Technology) -> String {
    let mut content: Vec<_> = technology.content.iter().collect();
    content.sort_by(|a, b| b.1.central.total_cmp(&a.1.central));
    let symbols: Vec<&str> = content.iter().take(4).map(|(element, _)| element.symbol()).collect();
    symbols.join(" ")
}

fn one(technology: &Technology) -> Document<'_> {
    let mut document = Document::new();
    let unit = technology.unit.replace('_', " of ");
    document.title(format!(
        "{}: {} of rare earths per {unit}",
        technology.name,
        mass(technology.total() * 1e3)
    ));
    if !technology.note.is_empty() {
        document.text(sentence(&technology.note));
    }
    let mut of_elements = vec![Column::text("element", "element")];
    of_elements.extend(columns(
        "contained per unit",
        "contained",
        &Keys("kg_per_unit_low", "kg_per_unit", "kg_per_unit_high"),
    ));
    let mut content = Table::new("content", format!("Contained, per {unit}"), of_elements)
        .if_empty("no figure says what is contained");
    for (element, kilograms) in &technology.content {
        let mut row = vec![Cell::text(element.symbol())];
        row.extend(cells(*kilograms, mass(*kilograms * 1e3)));
        content.push(row);
    }
    document.table(content);
    document.table(published(technology));
    for figure in technology
        .published
        .iter()
        .filter(|figure| !figure.used && !figure.note.is_empty())
    {
        document.remark(format!(
            "Not counted: {} {} of {}{}: {}.",
            range(figure.value),
            figure.unit,
            figure.product,
            if figure.form == AS_STATED {
                String::new()
            } else {
                format!(", counted as {}", figure.form)
            },
            figure.note
        ));
    }
    if !technology.grades.is_empty() {
        let grades: Vec<String> = (technology.grades.iter())
            .map(|(grade, share)| format!("{grade} {:.0} %", 100.0 * share))
            .collect();
        document.remark(format!(
            "Magnets are opened into elements by grade: {}; the ends by the leanest and richest of these.",
            grades.join(", ")
        ));
    }
    document
}

/// A remark of the tables as a sentence.
fn sentence(note: &str) -> String {
    let mut letters = note.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn published(technology: &Technology) -> Table {
    let mut figures = vec![
        Column::text("product", "figure on"),
        Column::text("material", "of"),
        Column::text("form", "counted as"),
    ];
    figures.extend(columns("value", "figure", &Keys("low", "value", "high")));
    figures.push(Column::text("unit", "unit"));
    figures.push(Column::text("used", "used"));
    figures.push(Column::text("confidence", "evidence"));
    figures.push(Column::text("sources", "sources"));
    figures.push(Column::text("note", "note").for_programs());
    let mut table = Table::new("published", "What is published, conflicts side by side", figures);
    for figure in &technology.published {
        let mut row = vec![
            Cell::text(&figure.product),
            Cell::text(&figure.material),
            Cell::text(&figure.form),
        ];
        row.extend(cells(figure.value, range(figure.value)));
        row.push(Cell::text(&figure.unit));
        row.push(Cell::flag(figure.used, "yes", "shown only"));
        let letter = figure.confidence.to_string();
        row.push(Cell::named(&letter, confidence(&letter)));
        let sources: Vec<&str> = figure.sources.iter().map(monazite_evidence::SourceId::as_str).collect();
        row.push(Cell::text(sources.join(";")));
        row.push(Cell::text(&figure.note));
        table.push(row);
    }
    table
}

/// Writes a bill of materials to start from.
pub fn new(file: &Path, printer: &Printer) -> Result<(), Failure> {
    let fail = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::input(format!("`{}` is there already", file.display()))
            .hint("choose another name, or remove it first"),
        _ => Failure::io("write", file, &error),
    };
    let mut out = (std::fs::OpenOptions::new().write(true).create_new(true))
        .open(file)
        .map_err(fail)?;
    out.write_all(TEMPLATE.as_bytes()).map_err(fail)?;
    let mut document = Document::new();
    document.text(format!(
        "`{}` holds six parts of every kind; replace them by yours.",
        file.display()
    ));
    document.fact("file", file.display().to_string());
    document.next(vec![
        format!("monazite exposure {} --for USA", file.display()),
        format!(
            "monazite exposure {} --for USA --scenario china-2025-04",
            file.display()
        ),
        "monazite exposure technologies".to_owned(),
    ]);
    printer.print(&document)
}
