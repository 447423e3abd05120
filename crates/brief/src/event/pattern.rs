//! Patterns that are compiled when they are first asked for.

use std::sync::OnceLock;

use regex_automata::util::syntax;

use crate::error::{BriefError, Result};

/// Letters and digits of English text, names from Latin alphabets included. The class of all alphabets takes most of the time that patterns
/// take to compile, and only English is read.
const LATIN: &str = r"[0-9A-Za-z_\u{C0}-\u{24F}]";

/// A pattern as rules have it.
pub type Compiled = regex_automata::meta::Regex;

/// Compiles a pattern of a rule file, capitals ignored; `\w` and `\d` are those of Latin alphabets.
///
/// Literals are not looked for ahead of a search: sentences are short, and finding the literals of a pattern takes longer than all searches for it.
pub(crate) fn compiled(file: &str, pattern: &str) -> Result<Compiled> {
    let pattern = pattern.replace(r"\w", LATIN).replace(r"\d", "[0-9]");
    Compiled::builder()
        .configure(Compiled::config().auto_prefilter(false))
        .syntax(syntax::Config::new().case_insensitive(true))
        .build(&pattern)
        .map_err(|error| BriefError::Rules {
            file: file.to_owned(),
            why: error
                .syntax_error()
                .map_or_else(|| error.to_string(), ToString::to_string),
        })
}

/// A condition of a rule. An article sets off a tenth of the rules, and compiling a pattern over Unicode takes longer
/// than matching it: the others are never compiled.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    text: String,
    regex: OnceLock<Option<Compiled>>,
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
