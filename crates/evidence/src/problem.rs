//! A problem in the tables, said so that the reader can find and mend it.

use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The data can be used, but a person should look.
    Warning,
    /// The data must not be used.
    Error,
}

/// The column a problem is in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Column {
    /// The column's name.
    pub name: String,
    /// Its position in the file, from 1; 0 when the file does not have the column.
    pub number: usize,
}

/// One problem: where it is, what is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Error or warning.
    pub severity: Severity,
    /// The file, relative to the dataset folder.
    pub file: String,
    /// The line, from 1; the header is line 1.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<Column>,
    /// What is wrong, naming the offending value.
    pub message: String,
    /// The nearest valid word.
    pub nearest: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    /// An error in a file.
    #[must_use]
    pub fn error(file: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            nearest: None,
            hint: None,
        }
    }

    /// A warning about a file.
    #[must_use]
    pub fn warning(file: &str, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(file, message)
        }
    }

    /// At a line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// At a column.
    #[must_use]
    pub fn column(mut self, name: &str, number: usize) -> Self {
        self.column = Some(Column {
            name: name.to_owned(),
            number,
        });
        self
    }

    /// With the nearest valid word.
    #[must_use]
    pub fn nearest(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
            if let Some(column) = self.column.as_ref().filter(|c| c.number > 0) {
                write!(f, ":{}", column.number)?;
            }
        }
        f.write_str(match self.severity {
            Severity::Error => ": error: ",
            Severity::Warning => ": warning: ",
        })?;
        if let Some(column) = &self.column {
            write!(f, "column `{}`: ", column.name)?;
        }
        f.write_str(&self.message)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; did you mean `{nearest}`?")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// Several problems, the first [`Problems::LIMIT`] of them in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Problems {
    /// The problems kept.
    pub problems: Vec<Problem>,
    /// How many more there were.
    pub more: usize,
}

impl Problems {
    /// How many problems are kept in full.
    pub const LIMIT: usize = 20;

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        if self.problems.len() < Self::LIMIT {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Self) {
        self.more += other.more;
        for problem in other.problems {
            self.push(problem);
        }
    }

    /// `Ok` when there are none.
    ///
    /// # Errors
    /// The problems themselves, when there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, problem) in self.problems.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        if self.more > 0 {
            write!(f, "\n… and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
