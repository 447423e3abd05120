//! Checks across tables: does everything referred to exist, do shares sum, are ranges in order, is every fact sourced.

mod order;
mod origin;
mod references;
mod sums;

use crate::dataset::{Dataset, TABLES};
use crate::files::Files;
use crate::ids::Interner;
use crate::problem::{Problem, Problems, Severity};
use crate::read::{Rows, read};
use crate::table::Row;

/// The outcome of [`check`].
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct CheckReport {
    /// How many rows each table has.
    pub tables: Vec<TableCount>,
    /// The problems by file and line; errors and warnings together.
    pub problems: Vec<Problem>,
    /// Problems of a kind already listed twenty times for a table.
    pub more: usize,
}

/// One line of the summary of a check.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableCount {
    /// The file.
    pub file: String,
    /// Its rows; none when it is not there.
    pub rows: Option<usize>,
    /// Problems that forbid its use.
    pub errors: usize,
    /// Things a person should look at.
    pub warnings: usize,
}

impl CheckReport {
    /// The problems that forbid the use of the dataset.
    pub fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|p| p.severity == Severity::Error)
    }

    /// The things a person should look at.
    pub fn warnings(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter().filter(|p| p.severity == Severity::Warning)
    }

    /// Whether there is no error.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.errors().next().is_none()
    }
}

/// What the checks work on: the files, and one interner for all readings.
pub(crate) struct Checker<'a> {
    files: &'a Files,
    interner: Interner,
    problems: Vec<Problem>,
    more: usize,
}

impl Checker<'_> {
    /// The rows of a table with their lines. Malformed rows are left out; they have their own problems.
    fn rows<T: Row>(&mut self) -> Rows<T> {
        let bytes = self.files.get(T::SPEC.file);
        let mut ignored = Problems::default();
        bytes.map_or_else(Rows::empty, |bytes| read(bytes, &mut self.interner, &mut ignored))
    }

    fn note(&mut self, problems: Problems) {
        self.more += problems.more;
        self.problems.extend(problems.problems);
    }
}

/// Checks the files of a dataset, also when they cannot be loaded.
#[must_use]
pub fn check(files: &Files) -> CheckReport {
    let mut checker = Checker {
        files,
        interner: Interner::default(),
        problems: Vec::new(),
        more: 0,
    };
    let (counts, cited) = references::check(&mut checker);
    sums::check(&mut checker);
    order::check(&mut checker);
    origin::licences(&mut checker, &cited);

    let mut problems = checker.problems;
    problems.sort_by(|a, b| (&a.file, a.line, a.severity, &a.message).cmp(&(&b.file, b.line, b.severity, &b.message)));
    let count = |file: &str, severity: Severity| {
        let of_file = problems.iter().filter(|p| p.file == file);
        of_file.filter(|p| p.severity == severity).count()
    };
    let tables = TABLES
        .iter()
        .map(|spec| TableCount {
            file: spec.file.to_owned(),
            rows: counts.get(spec.name).copied(),
            errors: count(spec.file, Severity::Error),
            warnings: count(spec.file, Severity::Warning),
        })
        .collect();
    CheckReport {
        tables,
        problems,
        more: checker.more,
    }
}

impl Dataset {
    /// Checks the files the dataset was read from, see [`check`].
    #[must_use]
    pub fn check(&self) -> CheckReport {
        check(self.files())
    }
}
