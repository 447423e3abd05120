//! Measures in a file of the user's own: CSV, an Excel workbook or TOML, brought to the form of the table.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use monazite_evidence::nearest::nearest;
use monazite_evidence::table::{Measure, Row as _};
use monazite_evidence::{Problem, Problems};

/// The table as CSV, and where its rows stand in the file.
pub(super) struct Sheet {
    pub csv: Vec<u8>,
    /// Line in the file of each row of the table; none where both are the same.
    lines: Option<Vec<u64>>,
}

impl Sheet {
    /// Reads what the ending of the name says.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, Problems> {
        let ending = std::path::Path::new(file)
            .extension()
            .map(std::ffi::OsStr::to_ascii_lowercase);
        match ending.as_deref().and_then(std::ffi::OsStr::to_str) {
            Some("toml") => toml(bytes, file),
            Some("xlsx") => xlsx(bytes, file),
            _ => Ok(Self {
                csv: bytes.to_vec(),
                lines: None,
            }),
        }
    }

    /// Line in the file of a line of the table.
    pub fn line(&self, line: u64) -> u64 {
        let row = usize::try_from(line).ok().and_then(|line| line.checked_sub(2));
        let own = self.lines.as_ref().zip(row).and_then(|(lines, row)| lines.get(row));
        own.copied().unwrap_or(line)
    }

    /// A problem of the table as one of the file.
    pub fn place(&self, problem: &mut Problem, file: &str) {
        file.clone_into(&mut problem.file);
        problem.line = problem.line.map(|line| self.line(line));
        if is_toml(file)
            && let Some(column) = &mut problem.column
        {
            // What stands in a table of TOML has a name, not a column.
            column.number = 0;
        }
    }
}

/// Whether a file is TOML by its name.
pub(super) fn is_toml(file: &str) -> bool {
    std::path::Path::new(file)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}

fn names() -> Vec<&'static str> {
    Measure::SPEC.columns().iter().map(|column| column.name).collect()
}

fn one(problem: Problem) -> Problems {
    let mut problems = Problems::default();
    problems.push(problem);
    problems
}

/// `[[measure]]` tables, whose keys are the columns of the table.
fn toml(bytes: &[u8], file: &str) -> Result<Sheet, Problems> {
    let text = std::str::from_utf8(bytes).map_err(|_| one(Problem::error(file, "it is not UTF-8 text")))?;
    let table: toml::Table = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_at(text, span.start));
        one(Problem::error(file, error.message().to_owned()).line(line))
    })?;
    let names = names();
    let heads: Vec<u64> = (text.lines().zip(1_u64..))
        .filter(|(line, _)| line.trim_start().starts_with("[[measure]]"))
        .map(|(_, number)| number)
        .collect();
    let entries = match table.get("measure") {
        Some(toml::Value::Array(entries)) if table.len() == 1 => entries,
        _ => {
            let found = table.keys().find(|key| *key != "measure");
            let message = found.map_or_else(
                || "it has no `[[measure]]`".to_owned(),
                |key| format!("`{key}` is no measure"),
            );
            return Err(one(Problem::error(file, message).hint(
                "write each measure as a `[[measure]]` with the columns of `measures.csv`",
            )));
        }
    };
    let mut problems = Problems::default();
    let mut rows = vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    for (at, entry) in entries.iter().enumerate() {
        let line = heads.get(at).copied().unwrap_or(1);
        let Some(entry) = entry.as_table() else { continue };
        for key in entry.keys().filter(|key| !names.contains(&key.as_str())) {
            let near = nearest(key, names.iter().copied());
            problems.push(
                Problem::error(file, format!("unknown key `{key}`"))
                    .line(line)
                    .nearest(near),
            );
        }
        let cell = |name: &&str| entry.get(*name).map_or_else(String::new, cell);
        rows.push(names.iter().map(cell).collect());
    }
    problems.into_result()?;
    Ok(Sheet {
        csv: csv(&rows, file)?,
        lines: Some(heads),
    })
}

/// A value as the table writes it: lists are joined by semicolons.
fn cell(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    }
}

fn line_at(text: &str, byte: usize) -> u64 {
    let breaks = text.get(..byte).map_or(0, |before| before.matches('\n').count());
    u64::try_from(breaks).unwrap_or(0) + 1
}

/// The first sheet of a workbook.
fn xlsx(bytes: &[u8], file: &str) -> Result<Sheet, Problems> {
    let wrong = |what: String| one(Problem::error(file, what));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).map_err(|error| wrong(error.to_string()))?;
    let range = book
        .worksheet_range_at(0)
        .ok_or_else(|| wrong("the workbook has no sheet".to_owned()))?
        .map_err(|error| wrong(error.to_string()))?;
    let top = range.start().map_or(0, |(row, _)| u64::from(row));
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for (row, at) in range.rows().zip(top + 1..) {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Data::Empty => String::new(),
                other => other.to_string().trim().to_owned(),
            })
            .collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            rows.push(cells);
            lines.push(at);
        }
    }
    let lines = lines.into_iter().skip(1).collect();
    Ok(Sheet {
        csv: csv(&rows, file)?,
        lines: Some(lines),
    })
}

fn csv(rows: &[Vec<String>], file: &str) -> Result<Vec<u8>, Problems> {
    let wrong = |what: String| one(Problem::error(file, what));
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|error| wrong(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| wrong(error.to_string()))
}
