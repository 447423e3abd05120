//! Reads a table from CSV bytes. Whatever the bytes are, the answer is rows or a list of problems.

use std::collections::HashMap;

use csv::ByteRecord;

use crate::error::shorten;
use crate::field::{Fault, Field, FieldSpec, parse_sources};
use crate::ids::{Interner, SourceId};
use crate::nearest::nearest;
use crate::problem::{Problem, Problems};
use crate::table::{Row, TableSpec};

/// A cell larger than this is refused: no fact needs it, and a missing quote can make one.
const LARGEST_CELL: usize = 64 * 1024;

/// The header of a file, matched to the declared columns.
struct Header {
    /// Position in the file of each declared column.
    positions: Vec<Option<usize>>,
    /// How many cells each row must have.
    width: usize,
}

/// One row while it is read. Columns are taken in the order of their declaration.
pub struct Cells<'a> {
    record: &'a ByteRecord,
    header: &'a Header,
    fields: &'a [FieldSpec],
    next: usize,
    file: &'static str,
    line: u64,
    intern: &'a mut Interner,
    problems: &'a mut Problems,
}

impl Cells<'_> {
    /// Takes the next declared column. `None` when the cell is wrong; the problem has then been noted.
    pub fn take<T: Field>(&mut self) -> Option<T> {
        let spec = self.fields.get(self.next)?;
        self.take_with(|cell, intern| {
            if cell.is_empty() && spec.required {
                return Err(Fault::new("the cell is empty".to_owned())
                    .hint("this value is required; see the table's description"));
            }
            let value = T::parse(cell, intern)?;
            range(spec, &value)?;
            Ok(value)
        })
    }

    /// As [`Self::take`], but a table may lack the column.
    pub(crate) fn take_or_absent<T: Field + Default>(&mut self) -> Option<T> {
        let present = self.header.positions.get(self.next).is_some_and(Option::is_some);
        if present {
            return self.take();
        }
        self.next += 1;
        Some(T::default())
    }

    /// Takes the sources of the row.
    pub(crate) fn take_sources(&mut self) -> Option<Vec<SourceId>> {
        self.take_with(parse_sources)
    }

    fn take_with<T>(&mut self, parse: impl FnOnce(&str, &mut Interner) -> Result<T, Fault>) -> Option<T> {
        let spec = self.fields.get(self.next)?;
        let position = self.header.positions.get(self.next).copied().flatten();
        self.next += 1;
        let number = position?;
        let bytes = self.record.get(number)?;
        let result = if bytes.len() > LARGEST_CELL {
            Err(Fault::new(format!("the cell holds {} bytes", bytes.len()))
                .hint("a quotation mark is probably missing"))
        } else {
            match std::str::from_utf8(bytes) {
                Ok(cell) => parse(cell.trim(), self.intern),
                Err(_) => Err(Fault::new(format!(
                    "`{}` is not UTF-8 text",
                    shorten(&String::from_utf8_lossy(bytes))
                ))
                .hint("save the file as UTF-8")),
            }
        };
        match result {
            Ok(value) => Some(value),
            Err(fault) => {
                let mut problem = Problem::error(self.file, fault.message)
                    .line(self.line)
                    .column(spec.name, number + 1)
                    .nearest(fault.nearest);
                problem.hint = fault.hint;
                self.problems.push(problem);
                None
            }
        }
    }
}

fn range<T: Field>(spec: &FieldSpec, value: &T) -> Result<(), Fault> {
    let Some(number) = value.number() else {
        return Ok(());
    };
    // `unit` and the like only name the column that says the unit.
    let unit = spec
        .unit
        .filter(|unit| !matches!(*unit, "share" | "unit" | "capacity_unit"));
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    if let Some(minimum) = spec.minimum.filter(|&minimum| number < minimum) {
        let fault = Fault::new(format!("{number}{unit} is below {minimum}"));
        return Err(if minimum == 0.0 {
            fault.hint("this quantity cannot be negative; leave the cell empty when it is not known")
        } else {
            fault
        });
    }
    if let Some(maximum) = spec.maximum.filter(|&maximum| number > maximum) {
        let fault = Fault::new(format!("{number}{unit} is above {maximum}"));
        return Err(if spec.unit == Some("share") {
            fault.hint("a share is a fraction between 0 and 1, not a percentage")
        } else {
            fault
        });
    }
    Ok(())
}

/// The rows of a table with the line each came from.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    /// The rows, in the order of the file.
    pub rows: Vec<T>,
    /// The line of each row, from 1.
    pub lines: Vec<u64>,
}

impl<T> Rows<T> {
    /// No rows.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            rows: Vec::new(),
            lines: Vec::new(),
        }
    }

    /// Each row with its line.
    pub fn iter(&self) -> impl Iterator<Item = (&T, u64)> {
        self.rows.iter().zip(self.lines.iter().copied())
    }
}

/// One row as text, its cells in the order of the declared columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// The line, from 1.
    pub line: u64,
    /// One cell per declared column; empty where the file lacks the column.
    pub cells: Vec<String>,
}

/// A table as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawTable {
    /// The position in the file of each declared column, from 1; 0 where the file lacks it.
    pub numbers: Vec<usize>,
    /// The rows of the right shape.
    pub rows: Vec<RawRow>,
}

/// A table as text. Rows of the wrong shape are left out; a table without a sound header has no rows.
#[must_use]
pub fn raw(bytes: &[u8], spec: &TableSpec) -> RawTable {
    let columns = spec.columns();
    let Some((header, mut reader)) = open(bytes, spec.file, &columns, &mut Problems::default()) else {
        return RawTable::default();
    };
    let mut rows = Vec::new();
    let mut record = ByteRecord::new();
    while let Ok(true) = reader.read_byte_record(&mut record) {
        if record.len() != header.width {
            continue;
        }
        let cell = |position: &Option<usize>| {
            let bytes = position.and_then(|at| record.get(at)).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        rows.push(RawRow {
            line: record.position().map_or(0, csv::Position::line),
            cells: header.positions.iter().map(cell).collect(),
        });
    }
    let numbers = header.positions.iter().map(|at| at.map_or(0, |at| at + 1));
    RawTable {
        numbers: numbers.collect(),
        rows,
    }
}

/// Reads all rows of a table. Wrong rows are left out and their problems noted.
pub fn read<T: Row>(bytes: &[u8], intern: &mut Interner, problems: &mut Problems) -> Rows<T> {
    read_where(bytes, intern, problems, None)
}

/// Reads the rows whose `column` holds one of `values`, without parsing the others.
pub fn read_where<T: Row>(
    bytes: &[u8],
    intern: &mut Interner,
    problems: &mut Problems,
    only: Option<(&str, &[String])>,
) -> Rows<T> {
    let mut out = Rows::empty();
    let fields = T::SPEC.columns();
    let file = T::SPEC.file;
    let Some((header, mut reader)) = open(bytes, file, &fields, problems) else {
        return out;
    };
    let filter = only.and_then(|(column, values)| {
        let at = fields.iter().position(|f| f.name == column)?;
        Some((header.positions.get(at).copied().flatten()?, values))
    });
    let mut record = ByteRecord::new();
    let mut keys = Keys::new::<T>(&header, &fields);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                problems.push(Problem::error(file, format!("cannot be read as CSV: {error}")));
                break;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != header.width {
            problems.push(
                Problem::error(
                    file,
                    format!("the row has {} cells, the header {}", record.len(), header.width),
                )
                .line(line)
                .hint("quote a cell that contains a comma, and close every quotation mark"),
            );
            continue;
        }
        if let Some((position, values)) = filter {
            let cell = record.get(position).unwrap_or_default();
            if !values.iter().any(|v| v.as_bytes() == cell) {
                continue;
            }
        }
        keys.note(&record, line, problems);
        let mut cells = Cells {
            record: &record,
            header: &header,
            fields: &fields,
            next: 0,
            file,
            line,
            intern,
            problems,
        };
        if let Some(row) = T::take(&mut cells) {
            out.rows.push(row);
            out.lines.push(line);
        }
    }
    out
}

/// Opens a file and matches its header to the declared columns.
fn open<'b>(
    bytes: &'b [u8],
    file: &'static str,
    fields: &[FieldSpec],
    problems: &mut Problems,
) -> Option<(Header, csv::Reader<&'b [u8]>)> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = match reader.byte_headers() {
        Ok(header) if !header.is_empty() => header.clone(),
        Ok(_) => {
            problems.push(Problem::error(file, "the file is empty").hint("a header row is required"));
            return None;
        }
        Err(error) => {
            problems.push(Problem::error(file, format!("cannot be read as CSV: {error}")));
            return None;
        }
    };
    let names: Vec<String> = header
        .iter()
        .map(|name| String::from_utf8_lossy(name).trim().to_owned())
        .collect();
    let mut sound = true;
    for (at, name) in names.iter().enumerate() {
        let problem = if !fields.iter().any(|f| f.name == name) {
            let known = fields.iter().map(|f| f.name);
            Some(Problem::error(file, format!("unknown column `{}`", shorten(name))).nearest(nearest(name, known)))
        } else if names.iter().take(at).any(|earlier| earlier == name) {
            Some(Problem::error(file, format!("column `{name}` appears twice")))
        } else {
            None
        };
        if let Some(mut problem) = problem {
            problem.line = Some(1);
            problems.push(problem);
            sound = false;
        }
    }
    let positions: Vec<Option<usize>> = fields
        .iter()
        .map(|field| names.iter().position(|name| name == field.name))
        .collect();
    for (field, position) in fields.iter().zip(&positions) {
        // A remark or a vintage may be left out as a whole column; anything that carries a value may not.
        let optional = matches!(field.name, "note" | "vintage");
        if position.is_none() && !optional {
            problems.push(
                Problem::error(file, format!("column `{}` is missing", field.name))
                    .line(1)
                    .hint(field.description),
            );
            sound = false;
        }
    }
    sound.then_some((
        Header {
            positions,
            width: names.len(),
        },
        reader,
    ))
}

/// Finds rows with the same key.
struct Keys {
    file: &'static str,
    columns: Vec<(&'static str, usize)>,
    seen: HashMap<Vec<u8>, u64>,
    buffer: Vec<u8>,
}

impl Keys {
    fn new<T: Row>(header: &Header, fields: &[FieldSpec]) -> Self {
        let columns = T::SPEC
            .key
            .iter()
            .filter_map(|&key| {
                let at = fields.iter().position(|f| f.name == key)?;
                Some((key, header.positions.get(at).copied().flatten()?))
            })
            .collect();
        Self {
            file: T::SPEC.file,
            columns,
            seen: HashMap::new(),
            buffer: Vec::new(),
        }
    }

    fn note(&mut self, record: &ByteRecord, line: u64, problems: &mut Problems) {
        let Some((name, number)) = self.columns.first().copied() else {
            return;
        };
        self.buffer.clear();
        for (_, position) in &self.columns {
            self.buffer
                .extend_from_slice(record.get(*position).unwrap_or_default().trim_ascii());
            self.buffer.push(0x1f);
        }
        if let Some(first) = self.seen.get(&self.buffer) {
            let key = String::from_utf8_lossy(&self.buffer)
                .trim_end_matches('\u{1f}')
                .replace('\u{1f}', ", ");
            problems.push(
                Problem::error(self.file, format!("`{}` is already on line {first}", shorten(&key)))
                    .line(line)
                    .column(name, number + 1)
                    .hint("keep one row per key; a conflicting figure needs its own series or id"),
            );
        } else {
            self.seen.insert(self.buffer.clone(), line);
        }
    }
}
