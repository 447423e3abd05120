//! Fills the word lists: rows of the CSV files and of the dataset become entries with their spellings.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use monazite_evidence::Dataset;

use super::{Case, Entry, Needs, Spelling};
use crate::entity::{EntityKind, Reference};
use crate::error::{BriefError, Result};
use crate::text::fold;

const COUNTRIES: &str = include_str!("../../../lexicon/countries.csv");
const INSTITUTIONS: &str = include_str!("../../../lexicon/institutions.csv");
const COMPANIES: &str = include_str!("../../../lexicon/companies.csv");
const PEOPLE: &str = include_str!("../../../lexicon/people.csv");
const MATERIALS: &str = include_str!("../../../lexicon/materials.csv");
const MINERALS: &str = include_str!("../../../lexicon/minerals.csv");
const TECHNOLOGIES: &str = include_str!("../../../lexicon/technologies.csv");

/// Builds a [`Lexicon`].
#[derive(Default)]
pub(crate) struct Builder {
    pub(crate) entries: Vec<Entry>,
    pub(super) spellings: Vec<Spelling>,
    pub(super) patterns: Vec<String>,
    seen: BTreeSet<(String, usize)>,
}

impl Builder {
    pub(crate) fn entry(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    /// Adds a spelling. A `?` at its end says that it counts only beside a longer name.
    pub(crate) fn spell(&mut self, entry: usize, words: &str, needs: Needs) {
        let words = words.trim();
        let (words, needs) = match words.strip_suffix('?') {
            Some(words) => (words, Needs::FullName),
            None => (words, needs),
        };
        let folded = fold(words);
        if folded.is_empty() || !self.seen.insert((folded.clone(), entry)) {
            return;
        }
        let letters = words.chars().filter(|c| c.is_alphabetic());
        let (mut capitals, mut count) = (0, 0);
        for letter in letters {
            count += 1;
            capitals += usize::from(letter.is_uppercase());
        }
        let case = if capitals == count && count <= 6 || count <= 4 && capitals > 1 {
            Case::Exact
        } else if words.starts_with(char::is_uppercase) {
            Case::Proper
        } else {
            Case::Any
        };
        let actor = self
            .entries
            .get(entry)
            .is_some_and(|entry| matches!(entry.kind, EntityKind::Company | EntityKind::Institution));
        // `Finance ministry`, `Defense department` are written so in the middle of a sentence.
        let last = words.rsplit([' ', '-']).next().unwrap_or_default();
        let office = matches!(
            last,
            "Ministry"
                | "Department"
                | "Agency"
                | "Government"
                | "Commission"
                | "Council"
                | "Army"
                | "Exchange"
                | "Bank"
                | "Representative"
        );
        self.patterns.push(folded);
        self.spellings.push(Spelling {
            entry,
            case,
            needs,
            exact: words.split([' ', '-']).collect(),
            capital_end: actor && !office && words.contains([' ', '-']) && last.starts_with(char::is_uppercase),
        });
    }
}

/// Names and variants of institutions and firms, folded, with the name each stands for.
pub(crate) fn names() -> HashMap<String, String> {
    let mut names = HashMap::new();
    for (file, text) in [("institutions.csv", INSTITUTIONS), ("companies.csv", COMPANIES)] {
        for row in rows(file, text).unwrap_or_default() {
            let name = cell(&row, "name");
            for variant in std::iter::once(name).chain(cell(&row, "variants").split(';')) {
                names.insert(fold(variant.trim_end_matches('?')), name.to_owned());
            }
        }
    }
    names
}

/// Whether a key is that of a mineral that is no rare earth.
pub(crate) fn is_mineral(key: &str) -> bool {
    static KEYS: OnceLock<BTreeSet<String>> = OnceLock::new();
    let keys = KEYS.get_or_init(|| {
        let rows = rows("minerals.csv", MINERALS).unwrap_or_default();
        rows.iter().map(|row| cell(row, "key").to_owned()).collect()
    });
    keys.contains(key)
}

/// Names and variants of people, with the name each stands for.
pub(crate) fn people_names() -> HashMap<String, String> {
    let mut names = HashMap::new();
    for row in rows("people.csv", PEOPLE).unwrap_or_default() {
        for variant in cell(&row, "variants").split(';').filter(|variant| !variant.is_empty()) {
            names.insert(fold(variant), cell(&row, "name").to_owned());
        }
    }
    names
}

/// A name as it is also written: `&` for `and`, `U.S.` for `US`.
fn also_written(words: &str) -> Vec<String> {
    let mut all = vec![words.to_owned()];
    if words.contains(" & ") {
        all.push(words.replace(" & ", " and "));
    } else if words.contains(" and ") {
        all.push(words.replace(" and ", " & "));
    }
    for (short, long) in [("US ", ["U.S. ", "United States "]), ("UK ", ["U.K. ", "British "])] {
        if let Some(rest) = words.strip_prefix(short) {
            all.extend(long.iter().map(|long| format!("{long}{rest}")));
        }
    }
    all
}

/// The rows of a word list.
pub(super) fn rows(file: &str, text: &str) -> Result<Vec<HashMap<String, String>>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let fail = |error: csv::Error| BriefError::Rules {
        file: file.to_owned(),
        why: error.to_string(),
    };
    reader
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(fail)
}

pub(crate) fn cell<'r>(row: &'r HashMap<String, String>, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn countries(builder: &mut Builder, dataset: &Dataset) -> Result<()> {
    let words = rows("countries.csv", COUNTRIES)?;
    let mut add = |code: &str, name: &str, variants: &mut dyn Iterator<Item = &str>, known: bool| {
        let entry = builder.entry(Entry {
            kind: EntityKind::Country,
            key: code.to_owned(),
            name: name.to_owned(),
            role: None,
            place: Some(code.to_owned()),
            stage: None,
            evidence: if known {
                vec![Reference::new("places", code)]
            } else {
                Vec::new()
            },
        });
        builder.spell(entry, name, Needs::Nothing);
        for variant in variants {
            builder.spell(entry, variant, Needs::Nothing);
        }
        if let Some(row) = words.iter().find(|row| cell(row, "place") == code) {
            for adjective in cell(row, "adjectives").split(';') {
                builder.spell(entry, adjective, Needs::Nothing);
            }
            for seat in cell(row, "seats").split(';') {
                builder.spell(entry, seat, Needs::Acting);
            }
        }
    };
    let gone = ["CSK", "DDR", "SUN", "SCG", "ANT"];
    for place in &dataset.places {
        let code = place.place.as_str();
        let real = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) && place.iso2.is_some();
        if real && !gone.contains(&code) {
            let aliases = place.aliases.iter().map(|alias| &**alias);
            let mut aliases = aliases.filter(|alias| {
                !alias.contains(':') && alias.len() > 1 && !alias.starts_with(|c: char| c.is_ascii_digit())
            });
            add(code, &place.name, &mut aliases, true);
        }
    }
    add("EUU", "European Union", &mut std::iter::empty(), false);
    Ok(())
}

/// People, firms and institutions of the word lists, linked to what the dataset says of them.
pub(super) fn listed(builder: &mut Builder, dataset: &Dataset) -> Result<()> {
    for row in rows("people.csv", PEOPLE)? {
        let entry = builder.entry(Entry {
            kind: EntityKind::Person,
            key: cell(&row, "name").to_owned(),
            name: cell(&row, "name").to_owned(),
            role: some(cell(&row, "role")),
            place: some(cell(&row, "place")),
            stage: None,
            evidence: Vec::new(),
        });
        for words in std::iter::once(cell(&row, "name")).chain(cell(&row, "variants").split(';')) {
            builder.spell(entry, words, Needs::Nothing);
            if cell(&row, "alone") == "yes" {
                let surname = words.rsplit(' ').next().unwrap_or_default();
                let chinese = matches!(
                    cell(&row, "name"),
                    "Xi Jinping" | "He Lifeng" | "Wang Wentao" | "Recep Tayyip Erdogan"
                );
                if surname.len() > 3 && !chinese {
                    builder.spell(entry, surname, Needs::Nothing);
                }
            }
        }
    }
    let named = Named::new(dataset);
    for (kind, file, text) in [
        (EntityKind::Institution, "institutions.csv", INSTITUTIONS),
        (EntityKind::Company, "companies.csv", COMPANIES),
    ] {
        for row in rows(file, text)? {
            let name = cell(&row, "name");
            let variants: Vec<&str> = cell(&row, "variants").split(';').filter(|v| !v.is_empty()).collect();
            let full: Vec<&str> = std::iter::once(name)
                .chain(variants.iter().copied().filter(|v| !v.ends_with('?')))
                .collect();
            let entry = builder.entry(Entry {
                kind,
                key: name.to_owned(),
                name: name.to_owned(),
                role: None,
                place: some(cell(&row, "place")),
                stage: None,
                evidence: named.rows(&full),
            });
            for words in variants.into_iter().chain(std::iter::once(name)) {
                for words in also_written(words) {
                    builder.spell(entry, &words, Needs::Nothing);
                }
            }
        }
    }
    Ok(())
}

/// Facilities and deals by the words of their operators and parties: some thousand names ask for them.
struct Named {
    /// Words as they are compared, and the row they stand in.
    rows: Vec<(String, Reference)>,
    /// For each word the rows that have it, in their order.
    with: HashMap<String, Vec<usize>>,
}

impl Named {
    fn new(dataset: &Dataset) -> Self {
        let facilities = dataset.facilities.iter().filter_map(|row| {
            let operator = row.operator.as_deref()?;
            Some((compared(operator), Reference::new("facilities", row.facility.as_str())))
        });
        let deals = dataset.deals.iter().flat_map(|row| {
            let of_deal = move |party: &String| (compared(party), Reference::new("deals", row.deal.as_str()));
            row.parties.iter().map(of_deal)
        });
        let rows: Vec<(String, Reference)> = facilities.chain(deals).collect();
        let mut with: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (words, _)) in rows.iter().enumerate() {
            for word in words.split_whitespace() {
                let list = with.entry(word.to_owned()).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
            }
        }
        Self { rows, with }
    }

    /// Facilities whose operator, and deals whose party, is called by one of some names.
    fn rows(&self, names: &[&str]) -> Vec<Reference> {
        let mut found = BTreeSet::new();
        for name in names {
            let name = format!(" {} ", fold(name));
            let first = name.split_whitespace().next().unwrap_or_default();
            let rows = self.with.get(first).into_iter().flatten();
            found.extend(rows.filter(|at| self.rows[**at].0.contains(&name)));
        }
        let mut references: Vec<Reference> = found.into_iter().map(|at: &usize| self.rows[*at].1.clone()).collect();
        references.dedup();
        references
    }
}

/// Words between single spaces, folded, without signs.
fn compared(words: &str) -> String {
    let bare = fold(words);
    let bare = bare
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '&' { c } else { ' ' });
    format!(" {} ", bare.collect::<String>())
}

pub(super) fn materials(builder: &mut Builder, dataset: &Dataset) -> Result<()> {
    for row in &dataset.elements {
        let symbol = row.element.symbol();
        let entry = builder.entry(Entry {
            kind: EntityKind::Element,
            key: symbol.to_owned(),
            name: row.name.clone(),
            role: None,
            place: None,
            stage: None,
            evidence: vec![Reference::new("elements", symbol)],
        });
        builder.spell(entry, &row.name, Needs::Nothing);
        builder.spell(entry, symbol, Needs::Chemistry);
        builder.spell(entry, &row.oxide, Needs::Nothing);
        if row.name.starts_with("lutetium") {
            builder.spell(entry, "lutecium", Needs::Nothing);
        }
        if row.name == "yttrium" {
            builder.spell(entry, "yttria", Needs::Nothing);
        }
    }
    for (file, text, kind) in [
        ("materials.csv", MATERIALS, EntityKind::Group),
        ("technologies.csv", TECHNOLOGIES, EntityKind::Technology),
        ("minerals.csv", MINERALS, EntityKind::Mineral),
    ] {
        for row in rows(file, text)? {
            let key = cell(&row, "key");
            let name = match kind {
                EntityKind::Group | EntityKind::Mineral => cell(&row, "variants").split(';').next().unwrap_or(key),
                _ => cell(&row, "name"),
            };
            let use_of = cell(&row, "end_use");
            let known = dataset.end_uses.iter().any(|row| row.end_use == *use_of);
            let entry = builder.entry(Entry {
                kind,
                key: key.to_owned(),
                name: name.to_owned(),
                role: None,
                place: None,
                stage: None,
                evidence: if known {
                    vec![Reference::new("end_uses", use_of)]
                } else {
                    Vec::new()
                },
            });
            let needs = if kind == EntityKind::Mineral {
                Needs::Common
            } else {
                Needs::Nothing
            };
            for variant in cell(&row, "variants").split(';') {
                builder.spell(entry, variant, needs);
            }
        }
    }
    Ok(())
}
