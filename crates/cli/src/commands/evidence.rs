//! `monazite data sources` and `monazite data why`: where facts come from.

use monazite_evidence::describe::SourceUse;
use monazite_evidence::error::Unknown;
use monazite_evidence::why::{FactGroup, WhyReport, why as explain};
use monazite_evidence::{Element, Stage};

use super::dataset;
use crate::args::Global;
use crate::failure::{Failure, counted};
use crate::output::number::figures;
use crate::output::words::{confidence, plain};
use crate::output::{Cell, Column, Document, Printer, Table};

/// All sources, or one.
pub fn sources(id: Option<&str>, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let uses = dataset(global)?.source_uses();
    let Some(id) = id else {
        return printer.print(&all_sources(&uses));
    };
    let found = uses.iter().find(|uses| uses.source.source == id).ok_or_else(|| {
        Failure::unknown(&Unknown::new(
            "source",
            id,
            uses.iter().map(|uses| uses.source.source.as_str()),
        ))
        .hint("`monazite data sources` lists all")
    })?;
    printer.print(&one_source(found)?)
}

fn rows_citing(uses: &SourceUse) -> usize {
    uses.cited_by.iter().map(|(_, rows)| rows).sum()
}

fn all_sources<'a>(uses: &[SourceUse]) -> Document<'a> {
    let mut table = Table::new(
        "sources",
        counted(uses.len(), "source"),
        vec![
            Column::text("source", "source"),
            Column::text("title", "title"),
            Column::text("publisher", "").for_programs(),
            Column::text("year", "year"),
            Column::text("terms", "terms"),
            Column::text("licence", "").for_programs(),
            Column::text("url", "").for_programs(),
            Column::number("rows", "rows"),
        ],
    );
    let text = |text: &Option<String>| text.clone().map_or_else(Cell::empty, Cell::text);
    for item in uses {
        let source = &item.source;
        table.push(vec![
            Cell::text(source.source.as_str()),
            Cell::text(&source.title),
            text(&source.publisher),
            text(&source.year),
            Cell::named(item.terms.as_str(), plain(item.terms.as_str())),
            Cell::text(&source.licence),
            text(&source.url),
            Cell::count(rows_citing(item)),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    document.remark("rows: how many rows of the dataset cite the source.");
    document
}

fn one_source<'a>(uses: &SourceUse) -> Result<Document<'a>, Failure> {
    let source = &uses.source;
    let mut table = Table::new(
        "cited_by",
        "Cited by",
        vec![Column::text("table", "table"), Column::number("rows", "rows")],
    );
    for (name, rows) in &uses.cited_by {
        table.push(vec![Cell::text(*name), Cell::count(*rows)]);
    }
    let mut document = Document::new();
    document.title(&source.title);
    let facts = [
        ("publisher", source.publisher.clone()),
        ("year", source.year.clone()),
        ("found at", source.url.clone()),
        (
            "terms",
            Some(format!("{} ({})", plain(uses.terms.as_str()), source.licence)),
        ),
        ("retrieved", source.retrieved.clone()),
        ("note", source.note.clone()),
    ];
    let lines = facts
        .into_iter()
        .filter_map(|(what, value)| Some(format!("{what:>10}  {}\n", value?)));
    document.verbatim(lines.collect::<String>());
    document.table(table);
    document.whole = Some(json(uses)?);
    Ok(document)
}

fn json(value: &impl serde::Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::failed(format!("cannot write JSON: {error}")))
}

/// The evidence on one place, element and stage.
pub fn why(
    place: &str,
    element: &str,
    stage: &str,
    year: Option<u16>,
    global: &Global,
    printer: &Printer,
) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let place = dataset.resolve_place(place)?.place.clone();
    let element: Element = element.parse::<Element>()?;
    let stage: Stage = stage.parse::<Stage>()?;
    let report = explain(&dataset, &place, element, stage, year)?;
    printer.print(&why_document(&report)?)
}

fn why_document<'a>(report: &WhyReport) -> Result<Document<'a>, Failure> {
    let mut document = Document::new();
    let year = report
        .year
        .map_or_else(|| "latest year of each table".to_owned(), |year| year.to_string());
    document.title(format!(
        "{}, {}, {} ({year})",
        report.place_name,
        report.element,
        plain(report.stage.as_str())
    ));
    if report.groups.is_empty() {
        document.text("The dataset holds nothing on this.");
    }
    for group in &report.groups {
        document.picture(group_table(group));
        if let Some((low, high)) = group.conflict {
            document.warning(format!(
                "sources contradict each other: {} to {}",
                figures(low),
                figures(high)
            ));
        }
        if group.more > 0 {
            document.remark(format!("… and {} smaller ones", group.more));
        }
    }
    document.data(facts(report));
    document.whole = Some(json(report)?);
    Ok(document)
}

fn group_table(group: &FactGroup) -> Table {
    let mut table = Table::new(
        "facts",
        &group.subject,
        vec![
            Column::text("", "used"),
            Column::number("", "value"),
            Column::text("", "unit"),
            Column::text("", "what"),
            Column::text("", "evidence"),
            Column::text("", "where"),
        ],
    );
    for fact in &group.facts {
        let mut titles: Vec<&str> = fact.sources.iter().map(|source| source.title.as_str()).collect();
        titles.retain(|title| !title.is_empty());
        let trust = confidence(fact.confidence.as_str());
        let vintage = if fact.vintage.is_empty() {
            String::new()
        } else {
            format!(" {}", fact.vintage)
        };
        table.push(vec![
            Cell::text(if fact.preferred == Some(true) { "*" } else { "" }),
            fact.value.map_or_else(Cell::empty, Cell::number),
            Cell::text(plain(&fact.unit)),
            Cell::text(&fact.what),
            Cell::text(format!("{trust}{vintage}: {}", first(&titles))).marked(trust == "unverified"),
            Cell::text(format!("{}:{}", fact.file, fact.line)),
        ]);
    }
    table
}

/// The first of several titles, and how many more there are.
fn first(titles: &[&str]) -> String {
    match titles {
        [] => "source not described".to_owned(),
        [only] => (*only).to_owned(),
        [first, more @ ..] => format!("{first} (and {} more)", more.len()),
    }
}

fn facts(report: &WhyReport) -> Table {
    let mut table = Table::new(
        "facts",
        "",
        vec![
            Column::text("subject", ""),
            Column::text("what", ""),
            Column::number("value", ""),
            Column::text("unit", ""),
            Column::text("preferred", ""),
            Column::text("confidence", ""),
            Column::text("vintage", ""),
            Column::text("sources", ""),
            Column::text("file", ""),
            Column::number("line", ""),
            Column::text("note", ""),
        ],
    );
    for group in &report.groups {
        for fact in &group.facts {
            let sources: Vec<&str> = fact.sources.iter().map(|source| source.id.as_str()).collect();
            table.push(vec![
                Cell::text(&group.subject),
                Cell::text(&fact.what),
                fact.value.map_or_else(Cell::empty, Cell::number),
                Cell::text(&fact.unit),
                fact.preferred
                    .map_or_else(Cell::empty, |used| Cell::flag(used, "yes", "no")),
                Cell::text(fact.confidence.as_str()),
                Cell::text(&fact.vintage),
                Cell::text(sources.join(";")),
                Cell::text(fact.file),
                Cell::ordinal(fact.line),
                Cell::text(&fact.note),
            ]);
        }
    }
    table
}
