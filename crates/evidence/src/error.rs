//! What can go wrong, in words a user can act on.

use std::path::PathBuf;

use crate::problem::Problems;

/// Shorthand for results of this crate.
pub type Result<T, E = EvidenceError> = std::result::Result<T, E>;

/// Any failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The tables have problems; each names file, line and column.
    #[error("{0}")]
    Tables(#[from] Problems),
    /// A file or folder could not be read or written.
    #[error("cannot use `{path}`: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A name given by the user is not in the dataset.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// Something that was typed cannot be used.
    #[error("{message}; {hint}")]
    Unusable {
        /// What is wrong, naming the text.
        message: String,
        /// What to write instead.
        hint: String,
    },
    /// The lock file cannot be understood.
    #[error("dataset.lock: {0}")]
    Lock(String),
}

/// A word that is not one of the known ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{value}`{}", suggestion(.nearest.as_deref(), .hint.as_deref()))]
pub struct Unknown {
    /// What was looked for: `place`, `element`, `table`.
    pub what: &'static str,
    /// The word as given, shortened when very long.
    pub value: String,
    /// The nearest known word.
    pub nearest: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Unknown {
    /// An unknown `what`, with the nearest of `candidates`.
    pub fn new<'a>(what: &'static str, value: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            what,
            value: shorten(value),
            nearest: crate::nearest::nearest(value, candidates),
            hint: None,
        }
    }

    /// An unknown word of a closed list, with the nearest, or the whole list when it is short.
    #[must_use]
    pub fn of_words(what: &'static str, value: &str, words: &[&'static str]) -> Self {
        let unknown = Self::new(what, value, words.iter().copied());
        if unknown.nearest.is_none() && words.len() <= 16 {
            return unknown.hint(format!("use one of {}", words.join(", ")));
        }
        unknown
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

fn suggestion(nearest: Option<&str>, hint: Option<&str>) -> String {
    let mut text = String::new();
    if let Some(nearest) = nearest {
        text.push_str("; did you mean `");
        text.push_str(nearest);
        text.push_str("`?");
    }
    if let Some(hint) = hint {
        text.push_str(if nearest.is_some() { " " } else { "; " });
        text.push_str(hint);
    }
    text
}

/// At most 60 characters of a value, on one line, so that a message stays readable whatever was in the cell.
#[must_use]
pub fn shorten(value: &str) -> String {
    let mut out = String::new();
    for (n, c) in value.chars().enumerate() {
        if n == 60 {
            out.push('…');
            break;
        }
        out.push(if c.is_control() { '\u{fffd}' } else { c });
    }
    out
}
