//! Names nobody has listed, told by their form: titles before people, suffixes of firms, heads of institutions.

mod firms;
mod form;
mod institutions;
mod people;
mod sites;
mod tokens;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;

use super::EntityKind;

pub(super) use form::alias;
pub(super) use tokens::{Line, STARTS};

/// A name told by its form.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub range: Range<usize>,
    pub kind: EntityKind,
    pub name: String,
    pub role: Option<String>,
    /// A short form that the text sets for it, such as `("RDIF")` or a ticker.
    pub alias: Option<String>,
}

/// Whether a word, in small letters, is a legal suffix such as `ltd`.
pub(super) fn is_legal(word: &str) -> bool {
    words::LEGAL.contains(&word)
}

/// The names of a sentence.
pub(super) fn candidates(line: &Line<'_>, given_names: &BTreeSet<String>) -> Vec<Candidate> {
    let mut found = Vec::new();
    if line.is_boilerplate() {
        return found;
    }
    institutions::institutions(line, &mut found);
    let heading = line.is_heading();
    firms::companies(line, heading, &mut found);
    if !heading {
        sites::sites(line, &mut found);
    }
    people::people(line, given_names, &mut found);
    found
}
