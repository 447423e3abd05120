//! What is wrong in a sheet, and where.

use std::fmt;

use super::sheet::RowView;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of a CSV file or row of a sheet, from 1.
    pub row: usize,
    /// Column: name and position from 1; position 0 when the sheet has no such column.
    pub column: Option<(String, usize)>,
    /// What is wrong, naming the value.
    pub message: String,
    /// The nearest valid word.
    pub nearest: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault in the header or of the whole sheet.
    #[must_use]
    pub fn head(column: &str, position: usize, message: String) -> Self {
        Self {
            row: 1,
            column: Some((column.to_owned(), position)),
            message,
            nearest: None,
            hint: None,
        }
    }

    /// A fault in a cell.
    #[must_use]
    pub fn at(row: &RowView<'_>, column: &str, message: String) -> Self {
        Self {
            row: row.line(),
            column: Some((column.to_owned(), row.position(column))),
            message,
            nearest: None,
            hint: None,
        }
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

/// The faults of a sheet, the first [`Faults::LIMIT`] in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    /// The sheet, as the user named it.
    pub file: String,
    /// The faults kept, in order of rows.
    pub faults: Vec<Fault>,
    /// How many more there were.
    pub more: usize,
}

impl Faults {
    /// How many faults are kept in full.
    pub const LIMIT: usize = 20;

    /// None yet.
    #[must_use]
    pub fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            faults: Vec::new(),
            more: 0,
        }
    }

    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        if self.faults.len() < Self::LIMIT {
            self.faults.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.faults.len() + self.more
    }

    /// `Ok` when there are none.
    ///
    /// # Errors
    /// The faults, when there are any.
    pub fn into_result(self) -> Result<(), crate::ExposureError> {
        if self.count() == 0 {
            Ok(())
        } else {
            Err(crate::ExposureError::Parts(self))
        }
    }

    /// The faults as lines for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = (self.faults.iter())
            .map(|fault| format!("{}:{fault}", self.file))
            .collect();
        if self.more > 0 {
            lines.push(format!("… and {} more", self.more));
        }
        lines
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.row)?;
        if let Some((_, position)) = self.column.as_ref().filter(|(_, position)| *position > 0) {
            write!(f, ":{position}")?;
        }
        f.write_str(": error: ")?;
        if let Some((name, _)) = &self.column {
            write!(f, "column `{name}`: ")?;
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

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}
