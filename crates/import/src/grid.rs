//! A table as cells of text, from CSV or a workbook: where an importer looks for its columns.

use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

use crate::error::{ImportError, Result};
use crate::text::decode;

/// Rows of cells. The numbers of rows are those a spreadsheet or an editor shows.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The sheet, in a workbook.
    pub sheet: Option<String>,
    /// How the text was encoded.
    pub encoding: Option<&'static str>,
    /// Line and cells; empty lines are left out.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// The tables of a file: one for CSV, one per sheet for a workbook.
pub fn grids(file: &str, bytes: &[u8]) -> Result<Vec<Grid>> {
    // A workbook is a zip (xlsx, ods) or an OLE file (xls), whatever its name.
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        workbook(file, bytes)
    } else {
        Ok(vec![csv(bytes)])
    }
}

fn csv(bytes: &[u8]) -> Grid {
    let (text, encoding) = decode(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut grid = Grid {
        encoding: Some(encoding),
        ..Grid::default()
    };
    let mut record = csv::StringRecord::new();
    // The text is UTF-8 and rows may have any length: there is nothing left that reading could fail at.
    while reader.read_record(&mut record).unwrap_or(false) {
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            grid.rows.push((line, cells));
        }
    }
    grid
}

/// What stands between the cells of the first line: the most frequent of comma, semicolon and tab.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |c: char| line.matches(c).count();
    let found = [(count(','), b','), (count(';'), b';'), (count('\t'), b'\t')];
    // The first of equals: a comma.
    found
        .into_iter()
        .rev()
        .max_by_key(|(count, _)| *count)
        .map_or(b',', |(_, delimiter)| delimiter)
}

fn workbook(file: &str, bytes: &[u8]) -> Result<Vec<Grid>> {
    let damaged = |error: &dyn std::fmt::Display| {
        ImportError::layout(
            file,
            format!("is no workbook that can be read: {error}"),
            "open it and save it as XLSX or CSV",
        )
    };
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    let mut grids = Vec::new();
    for sheet in book.sheet_names() {
        // A chart sheet has no cells.
        let Ok(range) = book.worksheet_range(&sheet) else {
            continue;
        };
        let (top, left) = range.start().unwrap_or_default();
        let mut grid = Grid {
            sheet: Some(sheet),
            ..Grid::default()
        };
        for (at, row) in range.rows().enumerate() {
            let mut cells = vec![String::new(); left as usize];
            cells.extend(row.iter().map(cell));
            if cells.iter().any(|cell| !cell.is_empty()) {
                grid.rows.push((u64::from(top) + at as u64 + 1, cells));
            }
        }
        grids.push(grid);
    }
    Ok(grids)
}

fn cell(data: &Data) -> String {
    match data {
        Data::Int(value) => value.to_string(),
        Data::Float(value) => value.to_string(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Bool(value) => value.to_string(),
        Data::DateTime(value) => value.as_f64().to_string(),
        // What a formula could not compute: `#N/A` and its kind.
        Data::Error(error) => error.to_string(),
        Data::Empty => String::new(),
    }
}

/// A heading without case, spaces and marks: `Trade Value (US$)` is `tradevalueus`.
pub fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The headings of a table and where they stand.
#[derive(Debug, Clone)]
pub struct Header {
    names: Vec<String>,
    plain: Vec<String>,
}

impl Header {
    pub fn new(names: &[String]) -> Self {
        Self {
            names: names.to_vec(),
            plain: names.iter().map(|name| plain(name)).collect(),
        }
    }

    /// How many columns there are, without empty ones at the end.
    pub fn width(&self) -> usize {
        self.plain
            .iter()
            .rposition(|name| !name.is_empty())
            .map_or(0, |last| last + 1)
    }

    /// The first column with one of these headings, in the order of the headings.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| {
            let wanted = plain(name);
            self.plain.iter().position(|found| *found == wanted)
        })
    }

    /// The same, or an error that names what is there.
    pub fn need(&self, file: &str, what: &str, names: &[&str], hint: &str) -> Result<usize> {
        self.find(names).ok_or_else(|| {
            let there: Vec<&str> = self
                .names
                .iter()
                .map(String::as_str)
                .filter(|name| !name.is_empty())
                .take(12)
                .collect();
            ImportError::layout(
                file,
                format!(
                    "has no column for {what} (`{}`); it has {}",
                    names.join("`, `"),
                    list(&there)
                ),
                hint,
            )
        })
    }

    /// A heading as it stands in the file.
    pub fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    pub fn names(&self) -> &[String] {
        &self.names
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() {
        return "no headings".to_owned();
    }
    let shown: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", crate::log::shown(name)))
        .collect();
    shown.join(", ")
}
