//! Patterns that are compiled when they are first asked for.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use crate::error::{BriefError, Result};

/// Compiles a pattern of a rule file, capitals ignored.
pub(super) fn compiled(file: &str, pattern: &str) -> Result<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .map_err(|error| BriefError::Rules {
            file: file.to_owned(),
            why: error.to_string(),
        })
}

/// A condition of a rule. An article sets off a tenth of the rules, and compiling a pattern over Unicode takes longer
/// than matching it: the others are never compiled.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            regex: OnceLock::new(),
        }
    }

    /// Compiles it now; the error names the file and the fault.
    pub(super) fn check(&self, file: &str) -> Result<()> {
        let regex = compiled(file, &self.text)?;
        // Where it has been compiled before, the same stands there.
        let _ = self.regex.set(Some(regex));
        Ok(())
    }

    /// Whether it is found in some words. A pattern that does not compile is found nowhere: those of the program are checked by a
    /// test, others when they are read.
    pub(super) fn is_match(&self, words: &str) -> bool {
        let regex = self.regex.get_or_init(|| compiled("", &self.text).ok());
        regex.as_ref().is_some_and(|regex| regex.is_match(words))
    }
}
