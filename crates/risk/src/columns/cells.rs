//! A small table, from Parquet, CSV or a workbook, as columns of text and numbers.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float32Type, Float64Type, Int32Type, Int64Type};
use arrow_array::{Array, LargeStringArray, RecordBatch, StringArray};
use arrow_schema::DataType;
use calamine::{Data, Reader as _};
use monazite_evidence::Problem;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::error::ColumnsError;

/// One column. An empty cell is none.
#[derive(Debug, Clone)]
enum Column {
    Text(Vec<Option<Arc<str>>>),
    Number(Vec<Option<f64>>),
}

/// A table in memory.
#[derive(Debug, Clone)]
pub struct Cells {
    path: PathBuf,
    names: Vec<String>,
    columns: Vec<Column>,
    rows: usize,
    /// Row number of the first row of data, as the user counts them.
    first: u64,
}

impl Cells {
    /// Reads a file: Parquet or a workbook if its first bytes say so, CSV otherwise.
    ///
    /// # Errors
    /// When the file cannot be opened, or is none of them.
    pub fn read(path: &Path) -> Result<Self, ColumnsError> {
        match &start_of(path)? {
            b"PAR1" => Self::parquet(path),
            // XLSX and ODS are zips, XLS is OLE.
            b"PK\x03\x04" | [0xd0, 0xcf, 0x11, 0xe0] => Self::workbook(path),
            _ => Self::csv(path),
        }
    }

    /// The first sheet of a workbook that has cells; its first row with cells has the headings.
    fn workbook(path: &Path) -> Result<Self, ColumnsError> {
        let damaged = |error: calamine::Error| ColumnsError::workbook(path, &error);
        let mut book = calamine::open_workbook_auto(path).map_err(damaged)?;
        let sheets = book.sheet_names();
        let mut ranges = sheets.iter().filter_map(|sheet| book.worksheet_range(sheet).ok());
        let range = ranges
            .find(|range| !range.is_empty())
            .ok_or_else(|| ColumnsError::workbook(path, &"no sheet has cells"))?;
        let (top, _) = range.start().unwrap_or_default();
        let mut rows = range.rows();
        let names: Vec<String> = rows.next().map_or_else(Vec::new, |row| {
            row.iter().map(|cell| text_of(cell).unwrap_or_default()).collect()
        });
        let mut columns = vec![Vec::new(); names.len()];
        let mut count = 0;
        for row in rows {
            count += 1;
            for (column, cell) in columns.iter_mut().zip(row) {
                column.push(text_of(cell).map(Arc::from));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            names,
            columns: columns.into_iter().map(Column::Text).collect(),
            rows: count,
            first: u64::from(top) + 2,
        })
    }

    fn parquet(path: &Path) -> Result<Self, ColumnsError> {
        let damaged = |error: parquet::errors::ParquetError| ColumnsError::parquet(path, &error);
        let file = File::open(path).map_err(|error| ColumnsError::io(path, error))?;
        // The writer's own schema may ask for dictionaries; plain text and numbers are all that is needed.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(damaged)?;
        let names: Vec<String> = builder.schema().fields().iter().map(|f| f.name().clone()).collect();
        let mut table = Self {
            path: path.to_owned(),
            columns: Vec::new(),
            names,
            rows: 0,
            first: 1,
        };
        for batch in builder.build().map_err(damaged)? {
            table.append(&batch.map_err(|error| ColumnsError::parquet(path, &error))?);
        }
        Ok(table)
    }

    fn append(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        for (at, array) in batch.columns().iter().enumerate() {
            let column = column_of(array.as_ref());
            match (self.columns.get_mut(at), column) {
                (Some(Column::Text(all)), Column::Text(more)) => all.extend(more),
                (Some(Column::Number(all)), Column::Number(more)) => all.extend(more),
                (_, column) => self.columns.push(column),
            }
        }
    }

    fn csv(path: &Path) -> Result<Self, ColumnsError> {
        let damaged = |error: csv::Error| ColumnsError::csv(path, &error);
        let bytes = std::fs::read(path).map_err(|error| ColumnsError::io(path, error))?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
        let names: Vec<String> = reader
            .headers()
            .map_err(damaged)?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let mut columns = vec![Vec::new(); names.len()];
        let mut rows = 0;
        let mut record = csv::StringRecord::new();
        while reader.read_record(&mut record).map_err(damaged)? {
            rows += 1;
            for (column, cell) in columns.iter_mut().zip(&record) {
                let cell = cell.trim();
                column.push((!cell.is_empty()).then(|| Arc::from(cell)));
            }
        }
        Ok(Self {
            path: path.to_owned(),
            names,
            columns: columns.into_iter().map(Column::Text).collect(),
            rows,
            first: 2,
        })
    }

    /// How many rows there are.
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The position of a column, by one of its names; case does not matter.
    pub fn find(&self, names: &[&str]) -> Option<usize> {
        let fits = |found: &String| names.iter().any(|name| found.eq_ignore_ascii_case(name));
        self.names.iter().position(fits)
    }

    /// The position of a column that must be there.
    ///
    /// # Errors
    /// When it is not; the message lists what is needed and what was found.
    pub fn need(&self, names: &[&str], needed: &str) -> Result<usize, ColumnsError> {
        let wanted = names.first().copied().unwrap_or_default();
        self.find(names)
            .ok_or_else(|| ColumnsError::no_column(&self.path, wanted, &self.names, needed))
    }

    /// A cell as text.
    pub fn text(&self, column: usize, row: usize) -> Option<Arc<str>> {
        match self.columns.get(column)? {
            Column::Text(cells) => cells.get(row).cloned().flatten(),
            Column::Number(cells) => cells.get(row).copied().flatten().map(|n| Arc::from(n.to_string())),
        }
    }

    /// A cell as a number; none when it is empty. The words `nan` and `NA` are not a number but not an error either:
    /// they are NaN, and the caller decides.
    ///
    /// # Errors
    /// When the cell holds other text.
    pub fn number(&self, column: usize, row: usize) -> Result<Option<f64>, Box<Problem>> {
        match self.columns.get(column) {
            Some(Column::Number(cells)) => Ok(cells.get(row).copied().flatten()),
            Some(Column::Text(cells)) => {
                let Some(text) = cells.get(row).cloned().flatten() else {
                    return Ok(None);
                };
                if ["nan", "na"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
                    return Ok(Some(f64::NAN));
                }
                text.parse().map(Some).map_err(|_| {
                    let shown = monazite_evidence::error::shorten(&text);
                    self.problem(column, row, format!("`{shown}` is not a number"))
                })
            }
            None => Ok(None),
        }
    }

    /// A cell as a calendar year.
    ///
    /// # Errors
    /// When it is empty or not a year.
    pub fn year(&self, column: usize, row: usize) -> Result<u16, Box<Problem>> {
        let number = self.number(column, row)?;
        let year = number
            .and_then(super::chunks::whole)
            .filter(|year| (1800..=2200).contains(year));
        year.and_then(|year| u16::try_from(year).ok())
            .ok_or_else(|| self.problem(column, row, "the year is missing or not a calendar year".to_owned()))
    }

    /// A problem at a cell.
    pub fn problem(&self, column: usize, row: usize, message: String) -> Box<Problem> {
        let name = self.names.get(column).map_or("", String::as_str);
        let line = u64::try_from(row).unwrap_or(u64::MAX).saturating_add(self.first);
        let problem = Problem::error(&self.path.display().to_string(), message);
        Box::new(problem.line(line).column(name, column + 1))
    }
}

/// Whether a file is Parquet, by its first bytes.
pub fn is_parquet(path: &Path) -> Result<bool, ColumnsError> {
    Ok(&start_of(path)? == b"PAR1")
}

/// The first four bytes of a file; zeros where it is shorter.
fn start_of(path: &Path) -> Result<[u8; 4], ColumnsError> {
    use std::io::Read as _;
    let io = |error| ColumnsError::io(path, error);
    let mut start = Vec::with_capacity(4);
    File::open(path)
        .map_err(io)?
        .take(4)
        .read_to_end(&mut start)
        .map_err(io)?;
    let mut bytes = [0; 4];
    bytes.iter_mut().zip(start).for_each(|(to, from)| *to = from);
    Ok(bytes)
}

/// The text of a cell; none where it is empty.
fn text_of(cell: &Data) -> Option<String> {
    let text = match cell {
        Data::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

fn column_of(array: &dyn Array) -> Column {
    match array.data_type() {
        DataType::Utf8 => Column::Text(strings(array.as_string::<i32>())),
        DataType::LargeUtf8 => Column::Text(large_strings(array.as_string::<i64>())),
        DataType::Int32 => Column::Number(
            array
                .as_primitive::<Int32Type>()
                .iter()
                .map(|n| n.map(f64::from))
                .collect(),
        ),
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>().iter();
            Column::Number(numbers.map(|n| n.map(super::chunks::Plain::plain)).collect())
        }
        DataType::Float32 => Column::Number(
            array
                .as_primitive::<Float32Type>()
                .iter()
                .map(|n| n.map(f64::from))
                .collect(),
        ),
        DataType::Float64 => Column::Number(array.as_primitive::<Float64Type>().iter().collect()),
        // Columns of other kinds are not read by anybody.
        _ => Column::Text(vec![None; array.len()]),
    }
}

/// Neighbouring cells mostly repeat, so a cell shares its text with the one above.
fn share<'a>(cells: impl Iterator<Item = Option<&'a str>>) -> Vec<Option<Arc<str>>> {
    let mut last: Option<Arc<str>> = None;
    cells
        .map(|cell| {
            let cell = cell.map(str::trim).filter(|cell| !cell.is_empty())?;
            if last.as_deref() != Some(cell) {
                last = Some(Arc::from(cell));
            }
            last.clone()
        })
        .collect()
}

fn strings(array: &StringArray) -> Vec<Option<Arc<str>>> {
    share(array.iter())
}

fn large_strings(array: &LargeStringArray) -> Vec<Option<Arc<str>>> {
    share(array.iter())
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::Workbook;

    use super::Cells;

    #[test]
    fn a_workbook_reads_as_a_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ours.xlsx");
        let mut book = Workbook::new();
        book.add_worksheet().set_name("Empty").unwrap();
        let sheet = book.add_worksheet();
        // The table starts in the third row.
        sheet.write(2, 0, "Metal").unwrap();
        sheet.write(2, 1, "Year").unwrap();
        sheet.write(3, 0, " Nickel ").unwrap();
        sheet.write(3, 1, 2022).unwrap();
        sheet.write(4, 1, "soon").unwrap();
        book.save(&path).unwrap();
        let cells = Cells::read(&path).unwrap();
        assert_eq!((cells.rows(), cells.find(&["metal"])), (2, Some(0)));
        assert_eq!(cells.text(0, 0).as_deref(), Some("Nickel"));
        assert_eq!(cells.text(0, 1), None);
        assert_eq!(cells.year(1, 0).unwrap(), 2022);
        let problem = cells.year(1, 1).unwrap_err().to_string();
        assert!(problem.contains(":5"), "{problem}");
    }

    #[test]
    fn a_damaged_workbook_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ours.xlsx");
        std::fs::write(&path, b"PK\x03\x04 this is none").unwrap();
        let message = Cells::read(&path).unwrap_err().to_string();
        assert!(
            message.contains("ours.xlsx") && message.contains("workbook"),
            "{message}"
        );
    }
}
