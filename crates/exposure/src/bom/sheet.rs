//! A sheet of cells with a header, from CSV or XLSX.

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use monazite_evidence::nearest::nearest;

use super::fault::{Fault, Faults};
use crate::ExposureError;

/// A header and rows of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The file, as the user named it.
    pub name: String,
    /// The header.
    pub header: Vec<String>,
    /// The rows that hold anything: their line or row number in the file, and the cells.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl Sheet {
    /// Reads CSV, or the first sheet of a workbook when the name ends in `.xlsx`.
    ///
    /// # Errors
    /// [`ExposureError::File`] when the bytes are neither.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, ExposureError> {
        let is_xlsx = std::path::Path::new(name)
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
        let sheet = if is_xlsx {
            Self::from_xlsx(bytes, name)?
        } else {
            Self::from_csv(bytes, name)?
        };
        if sheet.header.iter().all(String::is_empty) {
            return Err(fault(name, "it is empty"));
        }
        Ok(sheet)
    }

    fn from_csv(bytes: &[u8], name: &str) -> Result<Self, ExposureError> {
        // Spreadsheets of many countries save with semicolons.
        let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| first.split(|b| *b == wanted).count();
        let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
        let text = std::str::from_utf8(bytes)
            .map_err(|_| fault(name, "it is not UTF-8 text"))?
            .trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .delimiter(delimiter)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut records = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| fault(name, &error.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            records.push((
                usize::try_from(line).unwrap_or(0),
                record.iter().map(str::to_owned).collect(),
            ));
        }
        Ok(Self::from_records(name, records))
    }

    fn from_xlsx(bytes: &[u8], name: &str) -> Result<Self, ExposureError> {
        let mut book: Xlsx<_> =
            Xlsx::new(Cursor::new(bytes.to_vec())).map_err(|error| fault(name, &error.to_string()))?;
        let range = book
            .worksheet_range_at(0)
            .ok_or_else(|| fault(name, "the workbook has no sheet"))?
            .map_err(|error| fault(name, &error.to_string()))?;
        let top = range.start().map_or(0, |(row, _)| row);
        let records = range
            .rows()
            .enumerate()
            .map(|(at, row)| {
                let line = at + usize::try_from(top).unwrap_or(0) + 1;
                (line, row.iter().map(text).collect())
            })
            .collect();
        Ok(Self::from_records(name, records))
    }

    fn from_records(name: &str, records: Vec<(usize, Vec<String>)>) -> Self {
        let mut records = records
            .into_iter()
            .filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()));
        let header = records.next().map(|(_, cells)| cells).unwrap_or_default();
        Self {
            name: name.to_owned(),
            header,
            rows: records.collect(),
        }
    }

    /// Matches the header to the known columns. Columns nobody knows are left alone unless they look mistyped.
    #[must_use]
    pub fn columns(&self, known: &[&'static str], required: &[&str], faults: &mut Faults) -> Columns {
        let mut columns = Columns::default();
        for (at, head) in self.header.iter().enumerate() {
            let folded = head.trim().to_lowercase().replace([' ', '-'], "_");
            if let Some(name) = known.iter().find(|name| **name == folded) {
                if columns.at.insert(name, at).is_some() {
                    faults.push(Fault::head(head, at + 1, "the column is there twice".into()));
                }
            } else if let Some(near) = nearest(&folded, known.iter().copied()).filter(|near| {
                // A word that only shares some letters with a known one is somebody's own column.
                !self.header.iter().any(|other| other.trim().to_lowercase() == *near)
            }) {
                faults.push(
                    Fault::head(head, at + 1, "unknown column".to_owned())
                        .nearest(Some(near))
                        .hint("rename it, or leave it out"),
                );
            } else if !head.is_empty() {
                columns.ignored.push(head.clone());
            }
        }
        for name in required {
            if !columns.at.contains_key(name) && !faults.faults.iter().any(|f| f.nearest.as_deref() == Some(name)) {
                faults.push(
                    Fault::head(name, 0, "the column is missing".into())
                        .hint(format!("known columns: {}", known.join(", "))),
                );
            }
        }
        columns
    }
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}

fn fault(name: &str, what: &str) -> ExposureError {
    ExposureError::File {
        file: name.to_owned(),
        what: what.to_owned(),
        hint: "give a CSV file or an XLSX workbook with a header row; `monazite exposure new bom.csv` writes one to \
               start from"
            .to_owned(),
    }
}

/// Where the known columns are.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    at: HashMap<&'static str, usize>,
    /// Columns that are not known and were left alone.
    pub ignored: Vec<String>,
}

impl Columns {
    /// A row seen through the columns.
    #[must_use]
    pub fn row<'a>(&'a self, sheet: &'a Sheet, at: usize) -> RowView<'a> {
        RowView {
            columns: self,
            row: sheet.rows.get(at),
        }
    }
}

/// One row, cell by column name.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'a> {
    columns: &'a Columns,
    row: Option<&'a (usize, Vec<String>)>,
}

impl<'a> RowView<'a> {
    /// Its line or row number in the file.
    #[must_use]
    pub fn line(&self) -> usize {
        self.row.map_or(0, |(line, _)| *line)
    }

    /// Position of a column from 1; 0 when the sheet lacks it.
    #[must_use]
    pub fn position(&self, column: &str) -> usize {
        self.columns.at.get(column).map_or(0, |at| at + 1)
    }

    /// The text of a cell; none when it is empty or the column is missing.
    #[must_use]
    pub fn text(&self, column: &str) -> Option<&'a str> {
        let at = *self.columns.at.get(column)?;
        let cell = self.row?.1.get(at)?.as_str();
        (!cell.is_empty()).then_some(cell)
    }

    /// A number between `least` and `most`, or `default` where the cell is empty; none after a fault, or without default.
    pub fn number(
        &self,
        column: &str,
        default: Option<f64>,
        least: f64,
        most: f64,
        faults: &mut Faults,
    ) -> Option<f64> {
        let Some(cell) = self.text(column) else {
            if default.is_none() {
                faults.push(Fault::at(self, column, "the cell is empty".into()).hint("give a number"));
            }
            return default;
        };
        let value = cell.parse::<f64>().ok().filter(|value| value.is_finite());
        let Some(value) = value else {
            let fault = Fault::at(self, column, format!("`{}` is not a number", shorten(cell)));
            faults.push(if cell.contains(',') {
                fault.hint("write 1234.5, without thousands separators and with a point")
            } else if cell.chars().any(|c| c.is_ascii_digit()) {
                fault.hint("write the number alone; units have a column of their own")
            } else {
                fault.hint("leave the cell empty where the value is not known")
            });
            return None;
        };
        if value < least || value > most {
            faults.push(Fault::at(
                self,
                column,
                format!("{value} is not between {least} and {most}"),
            ));
            return None;
        }
        Some(value)
    }

    /// A share between 0 and 1.
    pub fn share(&self, column: &str, default: Option<f64>, faults: &mut Faults) -> Option<f64> {
        self.number(column, default, 0.0, 1.0, faults)
    }
}

pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= 40 {
        return text.to_owned();
    }
    text.chars().take(39).chain(['…']).collect()
}
