//! Everything that has a name before an article is opened: the dataset's places, deposits, plants and elements, and
//! the word lists of this crate.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use monazite_evidence::{Dataset, Stage};

use super::sites::sites;
use super::{EntityKind, Reference};
use crate::error::{BriefError, Result};
use crate::text::{Folded, fold};

/// A listed thing.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub kind: EntityKind,
    pub key: String,
    pub name: String,
    pub role: Option<String>,
    pub place: Option<String>,
    /// What a plant does.
    pub stage: Option<Stage>,
    pub evidence: Vec<Reference>,
}

/// How a spelling must be written to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// Any way.
    Any,
    /// With a capital.
    Proper,
    /// In capitals, as listed.
    Exact,
}

/// When a spelling counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// Always.
    Nothing,
    /// Only when a longer name of the same thing stands in the text too.
    FullName,
    /// Only beside words about plants, or beside its operator.
    PlantWords,
    /// Only as somebody who acts: `Beijing said`, not `in Beijing`.
    Acting,
    /// Only beside another symbol or a word such as `oxide`.
    Chemistry,
    /// Never: it only keeps shorter names from being found in it.
    Blocked,
}

#[derive(Clone, Debug)]
pub(super) struct Spelling {
    pub entry: usize,
    pub case: Case,
    pub needs: Needs,
    exact: String,
}

/// The word lists, ready to be looked up.
#[derive(Debug)]
pub struct Lexicon {
    pub(super) entries: Vec<Entry>,
    spellings: Vec<Spelling>,
    automaton: AhoCorasick,
    pub(super) given_names: BTreeSet<String>,
}

/// A spelling found in a text.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub range: Range<usize>,
    pub entry: usize,
    pub needs: Needs,
    /// Others spelt the same.
    pub others: Vec<usize>,
}

const COUNTRIES: &str = include_str!("../../lexicon/countries.csv");
const INSTITUTIONS: &str = include_str!("../../lexicon/institutions.csv");
const COMPANIES: &str = include_str!("../../lexicon/companies.csv");
const PEOPLE: &str = include_str!("../../lexicon/people.csv");
const SITES: &str = include_str!("../../lexicon/sites.csv");
const MATERIALS: &str = include_str!("../../lexicon/materials.csv");
const TECHNOLOGIES: &str = include_str!("../../lexicon/technologies.csv");
const GIVEN_NAMES: &str = include_str!("../../lexicon/given_names.txt");

/// Names that hold a shorter name of something else.
const BLOCKED: &[&str] = &[
    "New Mexico",
    "New England",
    "Gulf of Mexico",
    "South China Sea",
    "East China Sea",
    "Sea of Japan",
    "Iron Range",
    "Indian Ocean",
    "Northern Ireland",
    "Washington Post",
    "Washington State",
    "Port Moresby",
    "Jordan River",
    "Turkey Creek",
    "Rare Earths Weekly",
    "Georgia Tech",
    "Rare Metals Weekly",
    "Moscow Times",
    "South China Morning Post",
    "Japan Times",
    "China Daily",
    "Kyiv Independent",
    "American Samoa",
    "Latin America",
    "South America",
    "North America",
    "Central America",
    "London Metal Exchange",
    "Russian roulette",
];

/// Builds a [`Lexicon`].
#[derive(Default)]
pub(super) struct Builder {
    pub entries: Vec<Entry>,
    spellings: Vec<Spelling>,
    patterns: Vec<String>,
    seen: BTreeSet<(String, usize)>,
}

impl Builder {
    pub(super) fn entry(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    /// Adds a spelling. A `?` at its end says that it counts only beside a longer name.
    pub(super) fn spell(&mut self, entry: usize, words: &str, needs: Needs) {
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
        self.patterns.push(folded);
        self.spellings.push(Spelling {
            entry,
            case,
            needs,
            exact: words.split([' ', '-']).collect(),
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

pub(super) fn cell<'r>(row: &'r HashMap<String, String>, column: &str) -> &'r str {
    row.get(column).map_or("", String::as_str)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

impl Lexicon {
    /// Takes the names from a dataset and from the word lists.
    ///
    /// # Errors
    /// When a word list of this crate is malformed.
    pub fn new(dataset: &Dataset) -> Result<Self> {
        let mut builder = Builder::default();
        countries(&mut builder, dataset)?;
        listed(&mut builder, dataset)?;
        materials(&mut builder, dataset)?;
        sites(&mut builder, dataset, &rows("sites.csv", SITES)?);
        let blocked = builder.entry(Entry {
            kind: EntityKind::Technology,
            key: String::new(),
            name: String::new(),
            role: None,
            place: None,
            stage: None,
            evidence: Vec::new(),
        });
        for words in BLOCKED {
            builder.spell(blocked, words, Needs::Blocked);
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&builder.patterns)
            .map_err(|error| BriefError::Rules {
                file: "lexicon".to_owned(),
                why: error.to_string(),
            })?;
        let names = GIVEN_NAMES.lines().filter(|line| !line.starts_with('#'));
        Ok(Self {
            entries: builder.entries,
            spellings: builder.spellings,
            automaton,
            given_names: names.flat_map(str::split_whitespace).map(fold).collect(),
        })
    }

    /// Every listed spelling in a text, longest first where they overlap.
    pub(super) fn hits(&self, original: &str, folded: &Folded) -> Vec<Hit> {
        let bytes = folded.text.as_bytes();
        let mut hits: Vec<Hit> = self
            .automaton
            .find_overlapping_iter(&folded.text)
            .filter(|found| {
                let edge = |at: Option<usize>| {
                    at.and_then(|at| bytes.get(at))
                        .is_none_or(|b| !(b.is_ascii_alphanumeric() || *b >= 0x80 || *b == b'$'))
                };
                edge(found.start().checked_sub(1)) && edge(Some(found.end()))
            })
            .filter_map(|found| {
                let spelling = self.spellings.get(found.pattern().as_usize())?;
                let range = folded.original(&found.range())?;
                let words = original.get(range.clone())?;
                let fits = match spelling.case {
                    Case::Any => true,
                    Case::Proper => words.starts_with(|c: char| c.is_uppercase() || c.is_numeric()),
                    Case::Exact => {
                        spelling
                            .exact
                            .chars()
                            .filter(|c| *c != '.')
                            .eq(words.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '\n')))
                            || written_as_a_word(&spelling.exact, words)
                    }
                };
                fits.then_some(Hit {
                    range,
                    entry: spelling.entry,
                    needs: spelling.needs,
                    others: Vec::new(),
                })
            })
            .collect();
        hits.sort_by(|a, b| {
            let length = |hit: &Hit| hit.range.end - hit.range.start;
            a.range
                .start
                .cmp(&b.range.start)
                .then(length(b).cmp(&length(a)))
                .then(a.entry.cmp(&b.entry))
        });
        longest(hits)
    }
}

/// `Jogmec`, `Meti`, `Opec`: an acronym of four letters or more written like a name.
fn written_as_a_word(acronym: &str, words: &str) -> bool {
    let mut letters = words.chars();
    acronym.len() >= 4
        && acronym != "LAMP"
        && acronym.bytes().all(|b| b.is_ascii_uppercase())
        && letters.next().is_some_and(char::is_uppercase)
        && letters.all(char::is_lowercase)
        && acronym.eq_ignore_ascii_case(words)
}

/// Where hits overlap, the longest stays.
fn longest(hits: Vec<Hit>) -> Vec<Hit> {
    let mut kept: Vec<Hit> = Vec::new();
    for hit in hits {
        match kept.last_mut() {
            Some(last) if hit.range.start < last.range.end => {
                if hit.range == last.range {
                    last.others.push(hit.entry);
                } else if hit.range.end - hit.range.start > last.range.end - last.range.start {
                    *last = hit;
                }
            }
            _ => kept.push(hit),
        }
    }
    kept
}

fn countries(builder: &mut Builder, dataset: &Dataset) -> Result<()> {
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
fn listed(builder: &mut Builder, dataset: &Dataset) -> Result<()> {
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
                evidence: rows_naming(dataset, &full),
            });
            for words in &variants {
                builder.spell(entry, words, Needs::Nothing);
            }
            builder.spell(entry, name, Needs::Nothing);
        }
    }
    Ok(())
}

/// Facilities whose operator, and deals whose party, is called so.
fn rows_naming(dataset: &Dataset, names: &[&str]) -> Vec<Reference> {
    let names: Vec<String> = names.iter().map(|name| format!(" {} ", fold(name))).collect();
    let mentioned = |words: &str| {
        let bare: String = fold(words)
            .chars()
            .map(|c| if c.is_alphanumeric() || c == '&' { c } else { ' ' })
            .collect();
        let padded = format!(" {bare} ");
        names.iter().any(|name| padded.contains(name.as_str()))
    };
    let facilities = dataset
        .facilities
        .iter()
        .filter(|row| row.operator.as_deref().is_some_and(mentioned));
    let deals = dataset
        .deals
        .iter()
        .filter(|row| row.parties.iter().any(|party| mentioned(party)));
    facilities
        .map(|row| Reference::new("facilities", row.facility.as_str()))
        .chain(deals.map(|row| Reference::new("deals", row.deal.as_str())))
        .collect()
}

fn materials(builder: &mut Builder, dataset: &Dataset) -> Result<()> {
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
    ] {
        for row in rows(file, text)? {
            let key = cell(&row, "key");
            let name = match kind {
                EntityKind::Group => cell(&row, "variants").split(';').next().unwrap_or(key),
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
            for variant in cell(&row, "variants").split(';') {
                builder.spell(entry, variant, Needs::Nothing);
            }
        }
    }
    Ok(())
}
