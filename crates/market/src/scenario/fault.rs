//! What is wrong with a scenario file, said so that the author can mend it.

use std::fmt;

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The scenario runs, but a person should look.
    Warning,
    /// The scenario does not run.
    Error,
}

/// One fault: where, what, the nearest valid word, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ScenarioFault {
    /// Error or warning.
    pub severity: Severity,
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The event it is in.
    pub event: Option<String>,
    /// What is wrong, naming the key and the value.
    pub message: String,
    /// The nearest valid word.
    pub nearest: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl fmt::Display for ScenarioFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)?;
        f.write_str(match self.severity {
            Severity::Error => ": error: ",
            Severity::Warning => ": warning: ",
        })?;
        if let Some(event) = &self.event {
            write!(f, "event `{event}`: ")?;
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

/// All errors of a scenario file, in the order of its lines, with its warnings between them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ScenarioErrors {
    /// The faults kept in full.
    pub faults: Vec<ScenarioFault>,
    /// How many more there were.
    pub more: usize,
}

impl ScenarioErrors {
    /// How many faults are kept in full.
    pub const LIMIT: usize = 20;

    /// Sorts faults into the order of the file and keeps the first of them.
    pub(super) fn new(mut faults: Vec<ScenarioFault>) -> Self {
        faults.sort_by_key(|fault| (fault.line, fault.column));
        let more = faults.len().saturating_sub(Self::LIMIT);
        faults.truncate(Self::LIMIT);
        Self { faults, more }
    }
}

impl fmt::Display for ScenarioErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.faults.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        if self.more > 0 {
            write!(f, "\n… and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for ScenarioErrors {}
