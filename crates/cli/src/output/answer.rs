//! An answer for the atlas: what `--json` prints, with the titles, labels and remarks that people read.

use serde::Serialize;

use super::document::{Block, Document};
use super::table::Table;

/// The whole.
#[derive(Serialize)]
pub struct Answer<'d, 'a> {
    title: Option<&'d str>,
    data: &'d Document<'a>,
    tables: Vec<Labels<'d>>,
    notes: Vec<&'d str>,
    warnings: Vec<&'d str>,
}

/// Title and labels of a table in `data`.
#[derive(Serialize)]
struct Labels<'d> {
    name: &'static str,
    title: &'d str,
    columns: Vec<Heading>,
}

#[derive(Serialize)]
struct Heading {
    key: &'static str,
    label: String,
    number: bool,
}

/// The answer that a document holds.
pub fn answer<'d, 'a>(document: &'d Document<'a>) -> Answer<'d, 'a> {
    let mut answer = Answer {
        title: None,
        data: document,
        tables: document.tables().map(labels).collect(),
        notes: Vec::new(),
        warnings: Vec::new(),
    };
    for block in &document.blocks {
        match block {
            Block::Title(text) if answer.title.is_none() => answer.title = Some(text),
            Block::Title(text) | Block::Text(text) | Block::Lines(text) | Block::Remark(text) => {
                answer.notes.push(text);
            }
            Block::Warning(text) => answer.warnings.push(text),
            Block::Verbatim(_) | Block::Table(_) | Block::Picture(_) | Block::Data(_) | Block::Next(_) => {}
        }
    }
    answer
}

/// A column without a heading for people is labelled by its name.
fn labels(table: &Table) -> Labels<'_> {
    let columns = table.program_columns().into_iter().filter_map(|(at, key)| {
        let column = table.columns.get(at)?;
        let label = if column.head.is_empty() {
            key.replace('_', " ")
        } else {
            column.head.replace('\n', " ")
        };
        Some(Heading {
            key,
            label,
            number: column.is_number(),
        })
    });
    Labels {
        name: table.name,
        title: &table.title,
        columns: columns.collect(),
    }
}
