//! An answer for the atlas: what `--json` prints, with the titles, labels and remarks that people read.

use serde::Serialize;

use super::document::{Block, Document};
use super::table::{Cell, Table};

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
    /// Whether its numbers are parts of 1, which people read as per cent.
    share: bool,
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
            share: column.is_number() && is_share(table, at),
        })
    });
    Labels {
        name: table.name,
        title: &table.title,
        columns: columns.collect(),
    }
}

/// Whether the cells of a column are parts of 1 that people read as per cent: a hundred times the value stands in the text.
fn is_share(table: &Table, at: usize) -> bool {
    let shown = |cell: &Cell| {
        let value = cell.value.as_f64().filter(|value| *value != 0.0)?;
        let text = cell
            .text
            .strip_suffix('%')?
            .trim()
            .replace('−', "-")
            .replace([',', '+'], "");
        let read: f64 = text.trim_start_matches(['<', '>', '~', ' ']).parse().ok()?;
        Some((read - 100.0 * value).abs() < (read - value).abs())
    };
    let mut cells = table.rows.iter().filter_map(|row| row.get(at));
    cells.find_map(shown).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::Column;

    #[test]
    fn shares_are_known_by_what_people_read() {
        let columns = vec![
            Column::number("share", ""),
            Column::number("percent", ""),
            Column::number("tonnes", ""),
        ];
        let mut table = Table::new("t", "T", columns);
        table.push(vec![
            Cell::shown(0.0, "0 %"),
            Cell::shown(0.0, "0 %"),
            Cell::number(1.0),
        ]);
        table.push(vec![
            Cell::shown(-0.489, "−48.9 %"),
            Cell::shown(-48.9, "−48.9 %"),
            Cell::number(0.489),
        ]);
        assert_eq!([0, 1, 2].map(|at| is_share(&table, at)), [true, false, false]);
    }
}
