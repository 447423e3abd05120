//! Writes an answer to standard output in the form asked for.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use monazite_evidence::error::Unknown;

use super::answer::answer;
use super::document::{Block, Document};
use super::style::Style;
use super::table::Table;
use super::{parquet, workbook};
use crate::args::Global;
use crate::failure::Failure;

/// The form of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human,
    /// One JSON document.
    Json,
    /// One JSON document with titles and remarks besides: for the atlas.
    Answer,
    /// One table as CSV; the main one when no name is given.
    Csv(Option<String>),
}

/// Width of lines when the output is no terminal, so that the same command gives the same text everywhere.
const WIDTH: u16 = 100;
/// Narrower than this, tables cannot be laid out.
const NARROWEST: u16 = 60;

/// Writes answers.
pub struct Printer {
    /// The form asked for.
    pub format: Format,
    /// Colours of standard output.
    pub style: Style,
    width: u16,
    parquet: Option<PathBuf>,
    xlsx: Option<PathBuf>,
}

impl Printer {
    /// As the arguments ask.
    pub fn new(global: &Global) -> Self {
        let format = match &global.csv {
            Some(name) => Format::Csv((!name.is_empty()).then(|| name.clone())),
            None if global.json => Format::Json,
            None if global.answer => Format::Answer,
            None => Format::Human,
        };
        let terminal = comfy_table::Table::new().width();
        Self {
            format,
            style: Style::of_stdout(global.color),
            width: terminal.unwrap_or(WIDTH).max(NARROWEST),
            parquet: global.parquet.clone(),
            xlsx: global.xlsx.clone(),
        }
    }

    /// The same without files beside: for answers that wrote their own.
    pub fn without_files(&self) -> Self {
        Self {
            format: self.format.clone(),
            style: self.style,
            width: self.width,
            parquet: None,
            xlsx: None,
        }
    }

    /// How wide lines may be.
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Whether a person reads the answer.
    pub fn is_human(&self) -> bool {
        self.format == Format::Human
    }

    /// Prints an answer, and writes it into the files asked for. A reader who has left, as `head` does, is no failure.
    pub fn print(&self, document: &Document<'_>) -> Result<(), Failure> {
        if let Some(path) = &self.parquet {
            parquet::write(document, path)?;
        }
        if let Some(path) = &self.xlsx {
            workbook::write(document, path)?;
        }
        let bytes = match &self.format {
            Format::Human => self.human(document).into_bytes(),
            Format::Json => json(serde_json::to_string_pretty(document))?,
            Format::Answer => json(serde_json::to_string(&answer(document)))?,
            Format::Csv(name) => csv(document, name.as_deref())?,
        };
        let mut out = std::io::stdout().lock();
        match out.write_all(&bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::failed(format!("cannot write to standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    fn human(&self, document: &Document<'_>) -> String {
        let style = self.style;
        let mut text = String::new();
        // Paragraphs stand apart; what belongs to a title, and warnings, stay together.
        let mut joins = false;
        for block in &document.blocks {
            let new = match block {
                Block::Title(title) => format!("{}\n", style.title(title)),
                Block::Text(words) => wrap(words, "", self.width),
                Block::Lines(lines) => wrap(lines, "  ", self.width),
                Block::Remark(words) => paint_lines(&wrap(words, "", self.width), |line| style.faint(line)),
                Block::Verbatim(lines) => lines.clone(),
                Block::Warning(words) => {
                    let note = wrap(&format!("note: {words}"), "  ", self.width);
                    note.replacen("note:", &style.warning("note:"), 1)
                }
                Block::Data(_) => continue,
                Block::Table(table) | Block::Picture(table) => {
                    format!("{}\n{}", style.title(&table.title), table.to_text(self.width, style))
                }
                Block::Next(commands) => {
                    let lines: Vec<String> = commands
                        .iter()
                        .map(|command| format!("  {}", style.hint(command)))
                        .collect();
                    format!("{}\n{}\n", style.title("Next"), lines.join("\n"))
                }
            };
            let words = matches!(block, Block::Text(_) | Block::Remark(_) | Block::Warning(_));
            if !(text.is_empty() || joins && words) {
                text.push('\n');
            }
            text.push_str(&new);
            joins = matches!(block, Block::Title(_) | Block::Warning(_));
        }
        text
    }
}

fn json(text: serde_json::Result<String>) -> Result<Vec<u8>, Failure> {
    let text = text.map_err(|error| Failure::failed(format!("cannot write JSON: {error}")))?;
    Ok(format!("{text}\n").into_bytes())
}

fn paint_lines(text: &str, paint: impl Fn(&str) -> String) -> String {
    let lines: Vec<String> = text.lines().map(paint).collect();
    lines.join("\n") + "\n"
}

/// Breaks a paragraph between words; lines after the first are indented.
fn wrap(text: &str, indent: &str, width: u16) -> String {
    let width = usize::from(width);
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut used = 0;
        for word in paragraph.split_whitespace() {
            let length = word.chars().count();
            if used > 0 && used + 1 + length > width {
                out.push('\n');
                out.push_str(indent);
                used = indent.len();
            } else if used > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += length;
        }
        out.push('\n');
    }
    out
}

fn csv(document: &Document<'_>, name: Option<&str>) -> Result<Vec<u8>, Failure> {
    let Some(name) = name else {
        let table = document.tables().next();
        return table.map_or_else(
            || Err(Failure::input("this answer has no table; use `--json`")),
            write_csv,
        );
    };
    if let Some(table) = document.tables().find(|table| table.name == name) {
        return write_csv(table);
    }
    if let Some((_, make)) = document.further.iter().find(|(known, _)| *known == name) {
        return write_csv(&make());
    }
    let names = document.table_names();
    let unknown = Unknown::new("table", name, names.iter().copied());
    Err(Failure::unknown(&unknown).hint(format!("tables of this answer: {}", names.join(", "))))
}

/// A table as CSV, with the columns that programs see.
///
/// # Errors
/// When a row cannot be written, which no table of ours brings about.
pub fn write_csv(table: &Table) -> Result<Vec<u8>, Failure> {
    let failed = |error: csv::Error| Failure::failed(format!("cannot write CSV: {error}"));
    let columns = table.program_columns();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(columns.iter().map(|(_, key)| *key))
        .map_err(failed)?;
    for row in &table.rows {
        let cells = columns
            .iter()
            .map(|(at, _)| row.get(*at).map(super::table::Cell::csv).unwrap_or_default());
        writer.write_record(cells).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| Failure::failed(format!("cannot write CSV: {error}")))
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn paragraphs_are_broken_between_words() {
        assert_eq!(wrap("one two three", "", 8), "one two\nthree\n");
        assert_eq!(wrap("one two three", "  ", 9), "one two\n  three\n");
        assert_eq!(wrap("one\ntwo", "", 80), "one\ntwo\n");
    }
}
