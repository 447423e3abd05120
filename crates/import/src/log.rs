//! What an import read, kept, left out and could not use.

use std::collections::BTreeMap;

use monazite_evidence::error::shorten;
use monazite_evidence::{EvidenceError, Problem, Problems};

use crate::grid::Header;
use crate::kind::Kind;

/// More bad rows than this are no accident: the file is of another kind.
pub const MOST_BAD: usize = 1_000_000;

/// Why a row cannot be used; the words that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The line has another number of columns than the header.
    Columns,
    /// A year that is none, or out of range.
    Year,
    /// A country that is not known.
    Country,
    /// A product code that is none.
    Code,
    /// A number that is none.
    Number,
    /// A number below zero where there can be none.
    Negative,
    /// A unit that is not known or does not fit.
    Unit,
    /// A cell that must not be empty.
    Empty,
    /// A second row for the same thing.
    Duplicate,
    /// A material that is not known.
    Material,
    /// Any other word that is not one of those that can stand there.
    Word,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Columns => "wrong number of columns",
            Self::Year => "not a year",
            Self::Country => "unknown country",
            Self::Code => "not a product code",
            Self::Number => "not a number",
            Self::Negative => "negative",
            Self::Unit => "unknown unit",
            Self::Empty => "empty",
            Self::Duplicate => "duplicate",
            Self::Material => "unknown material",
            Self::Word => "unknown word",
        }
    }
}

/// A row that cannot be used.
#[derive(Debug, Clone)]
pub struct Bad {
    /// Why, for counting.
    pub reason: Reason,
    /// Where and why, for reading.
    pub problem: Problem,
    /// The row as it stands in the file.
    pub raw: String,
}

/// Why a row cannot be used, before it is known where it stands.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// The column, by position; none when it is the whole row.
    pub at: Option<usize>,
    /// For counting.
    pub reason: Reason,
    /// For reading.
    pub message: String,
    /// The nearest right word.
    pub nearest: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Wrong {
    /// A wrong cell.
    pub const fn new(at: usize, reason: Reason, message: String) -> Self {
        Self {
            at: Some(at),
            reason,
            message,
            nearest: None,
            hint: None,
        }
    }

    /// A row that is wrong as a whole.
    pub const fn row(reason: Reason, message: String) -> Self {
        Self {
            at: None,
            reason,
            message,
            nearest: None,
            hint: None,
        }
    }

    /// What a reader of cells says of the cell of a column.
    pub fn cell(at: usize) -> impl Fn((Reason, String)) -> Self {
        move |(reason, message)| Self::new(at, reason, message)
    }

    /// A word that is not known, with the nearest.
    pub fn unknown(at: usize, reason: Reason, what: &str, text: &str, error: &EvidenceError) -> Self {
        let nearest = match error {
            EvidenceError::Unknown(unknown) => unknown.nearest.clone(),
            _ => None,
        };
        Self {
            nearest,
            ..Self::new(at, reason, format!("unknown {what} `{}`", shown(text)))
        }
    }

    /// With a hint.
    pub fn hint(self, hint: &str) -> Self {
        Self {
            hint: Some(hint.to_owned()),
            ..self
        }
    }
}

/// What happens while one file is read.
#[derive(Debug, Default)]
pub struct Log {
    /// The file's name, with the sheet where there are several.
    pub file: String,
    /// How the text was encoded, when it was text.
    pub encoding: Option<&'static str>,
    /// Rows read, without headers and empty lines.
    pub read: u64,
    /// Rows kept.
    pub kept: u64,
    /// Rows left out on purpose, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Rows that cannot be used.
    pub bad: Vec<Bad>,
    /// What a person should look at.
    pub warnings: Vec<String>,
}

impl Log {
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            ..Self::default()
        }
    }

    /// Notes a row that is left out on purpose.
    pub fn leave_out(&mut self, why: &'static str) {
        *self.left_out.entry(why).or_default() += 1;
    }

    /// Notes a row that cannot be used.
    pub fn bad(&mut self, reason: Reason, problem: Problem, raw: String) {
        if self.bad.len() < MOST_BAD {
            self.bad.push(Bad { reason, problem, raw });
        }
    }

    /// Notes a row that cannot be used, as a reader of cells found it.
    pub fn wrong(&mut self, line: u64, header: &Header, cells: &[String], wrong: Wrong) {
        let mut problem = self.at(line, wrong.message).nearest(wrong.nearest);
        if let Some(at) = wrong.at {
            problem = problem.column(header.name(at), at + 1);
        }
        problem.hint = wrong.hint;
        self.bad(wrong.reason, problem, cells.join(","));
    }

    /// A problem at a line of this file.
    pub fn at(&self, line: u64, message: impl Into<String>) -> Problem {
        Problem::error(&self.file, message).line(line)
    }

    /// Warns once of each thing.
    pub fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.warnings.contains(&text) {
            self.warnings.push(text);
        }
    }

    /// Adds what happened in a part of the same file.
    pub fn append(&mut self, other: Self) {
        self.read += other.read;
        self.kept += other.kept;
        for (why, count) in other.left_out {
            *self.left_out.entry(why).or_default() += count;
        }
        let room = MOST_BAD.saturating_sub(self.bad.len());
        self.bad.extend(other.bad.into_iter().take(room));
        for warning in other.warnings {
            self.warn(warning);
        }
    }
}

/// Counts of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct RowCounts {
    /// Read, without headers and empty lines.
    pub read: u64,
    /// Kept.
    pub kept: u64,
    /// Left out on purpose.
    pub left_out: u64,
    /// Not usable, and set aside.
    pub quarantined: u64,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// How its text was encoded.
    pub encoding: Option<&'static str>,
    /// Its rows.
    pub rows: RowCounts,
}

/// One year of what was kept.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct YearReport {
    /// The year.
    pub year: u16,
    /// Rows.
    pub rows: u64,
    /// Sum of the values, kUSD, where there are values.
    pub value_kusd: Option<f64>,
    /// Sum of the quantities, t, where they are tonnes.
    pub quantity_t: Option<f64>,
    /// Rows without a quantity or an estimate.
    pub missing: u64,
}

/// A table that was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableReport {
    /// The file in the folder.
    pub file: String,
    /// Its rows now.
    pub rows: u64,
    /// Rows of an earlier import that the new ones replaced.
    pub replaced: u64,
    /// Rows of other imports that stay.
    pub stayed: u64,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Report {
    /// The kind of files.
    pub kind: Kind,
    /// The edition of the source, as far as the files tell.
    pub vintage: Option<String>,
    /// All rows together.
    pub rows: RowCounts,
    /// The files.
    pub files: Vec<FileReport>,
    /// Rows left out on purpose, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
    /// Rows that cannot be used, by reason.
    pub bad: BTreeMap<&'static str, u64>,
    /// The first of them.
    pub problems: Problems,
    /// What was kept, by year.
    pub years: Vec<YearReport>,
    /// Distinct products or materials kept.
    pub products: usize,
    /// Distinct countries kept.
    pub countries: usize,
    /// What a person should look at.
    pub warnings: Vec<String>,
    /// The tables written; empty when nothing was.
    pub tables: Vec<TableReport>,
    /// Where the rows that cannot be used were set aside.
    pub quarantine: Option<String>,
}

/// Adds up logs into the parts of a report.
pub fn counts(log: &Log) -> RowCounts {
    RowCounts {
        read: log.read,
        kept: log.kept,
        left_out: log.left_out.values().sum(),
        quarantined: log.bad.len() as u64,
    }
}

/// The reasons of bad rows, and the first of them in full.
pub fn bad_rows(logs: &[Log]) -> (BTreeMap<&'static str, u64>, Problems) {
    let mut reasons = BTreeMap::new();
    let mut problems = Problems::default();
    for bad in logs.iter().flat_map(|log| &log.bad) {
        *reasons.entry(bad.reason.as_str()).or_default() += 1;
        problems.push(bad.problem.clone());
    }
    (reasons, problems)
}

/// A cell for a message.
pub fn shown(cell: &str) -> String {
    shorten(cell.trim())
}
