//! Names nobody has listed, told by their form: titles before people, suffixes of firms, heads of institutions.

mod firms;
mod people;
mod tokens;

use std::collections::BTreeSet;
use std::ops::Range;

use super::EntityKind;

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

/// The names of a sentence.
pub(super) fn candidates(line: &Line<'_>, given_names: &BTreeSet<String>) -> Vec<Candidate> {
    let mut found = Vec::new();
    firms::institutions(line, &mut found);
    let heading = line.is_heading();
    firms::companies(line, heading, &mut found);
    if !heading {
        firms::sites(line, &mut found);
    }
    people::people(line, given_names, &mut found);
    found
}
