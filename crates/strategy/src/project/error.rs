//! What can be wrong with a project.

use std::fmt;

/// Everything that is wrong with a project.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ProjectError {
    /// The file has faults.
    #[error("{}", list(.0))]
    File(Vec<Fault>),
    /// The evidence lacks something the project needs.
    #[error("{0}")]
    Evidence(String),
}

/// One fault of a project file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// Sheet and cell, in a workbook, instead of line and column; empty where the whole file is meant.
    pub cell: Option<String>,
    /// What is wrong.
    pub message: String,
    /// The nearest right word, or what to do.
    pub hint: Option<String>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cell {
            Some(cell) if cell.is_empty() => write!(f, "{}: error: {}", self.file, self.message)?,
            Some(cell) => write!(f, "{}, {cell}: error: {}", self.file, self.message)?,
            None => write!(
                f,
                "{}:{}:{}: error: {}",
                self.file, self.line, self.column, self.message
            )?,
        }
        match &self.hint {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

fn list(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
    lines.join("\n")
}
