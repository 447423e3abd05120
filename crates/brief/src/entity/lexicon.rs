//! Everything that has a name before an article is opened: the dataset's places, deposits, plants and elements, and
//! the word lists of this crate.

mod build;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use monazite_evidence::{Dataset, Stage};

use super::sites::sites;
use super::{EntityKind, Reference};
use crate::error::{BriefError, Result};
use crate::text::{Folded, fold};

pub(super) use self::build::{Builder, cell};
use self::build::{countries, listed, materials, rows};
pub(crate) use self::build::{is_mineral, names, people_names};

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
    /// Only as a common noun: with a capital it counts only where no neighbour has one, since it may be part of a name (`Base Copper Ltd`).
    Common,
    /// Only where the text names who runs it: `its Malaysian plant`.
    Operator,
    /// A state or province: it tells the country, but is no mention of it.
    Region,
    /// Never: it only keeps shorter names from being found in it.
    Blocked,
}

#[derive(Clone, Debug)]
pub(super) struct Spelling {
    pub entry: usize,
    pub case: Case,
    pub needs: Needs,
    exact: String,
    /// The name of an actor of several words, the last with a capital: `Brazilian Rare Earths`.
    capital_end: bool,
}

/// The word lists, ready to be looked up.
#[derive(Debug)]
pub struct Lexicon {
    pub(super) entries: Vec<Entry>,
    spellings: Vec<Spelling>,
    automaton: AhoCorasick,
    /// Spellings of firms and institutions, folded.
    actors: HashMap<String, usize>,
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

const SITES: &str = include_str!("../../lexicon/sites.csv");
const REGIONS: &str = include_str!("../../lexicon/regions.csv");
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
    "North American",
    "South American",
    "Latin American",
    "Central American",
    "London Metal Exchange",
    "Russian roulette",
    "the Amazon",
    "Amazon rainforest",
    "Amazon basin",
    "Amazon region",
    "Prince of Wales",
    "US dollar",
    "US dollars",
    "U.S. dollar",
    "U.S. dollars",
    "Canadian dollar",
    "Canadian dollars",
    "Australian dollar",
    "Australian dollars",
];

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
        for row in rows("regions.csv", REGIONS)? {
            let country = |entry: &Entry| entry.kind == EntityKind::Country && entry.key == cell(&row, "place");
            if let Some(entry) = builder.entries.iter().position(country) {
                for region in cell(&row, "regions").split(';') {
                    builder.spell(entry, region, Needs::Region);
                }
            }
        }
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
        let mut actors = HashMap::new();
        for (folded, spelling) in builder.patterns.iter().zip(&builder.spellings) {
            let kind = builder.entries.get(spelling.entry).map(|entry| entry.kind);
            if matches!(kind, Some(EntityKind::Company | EntityKind::Institution)) {
                actors.entry(folded.clone()).or_insert(spelling.entry);
            }
        }
        let names = GIVEN_NAMES.lines().filter(|line| !line.starts_with('#'));
        Ok(Self {
            entries: builder.entries,
            spellings: builder.spellings,
            automaton,
            actors,
            given_names: names.flat_map(str::split_whitespace).map(fold).collect(),
        })
    }

    /// The listed firm or institution of exactly this name or variant.
    pub(super) fn actor(&self, name: &str) -> Option<usize> {
        self.actors.get(&fold(name)).copied()
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
                // Of `Malaysian plant`, `plant in Malaysia` only the plant is meant: the country is named too.
                let range = match spelling.needs {
                    Needs::Operator if words.starts_with(char::is_lowercase) => {
                        range.start..range.start + words.find([' ', '\n']).unwrap_or(words.len())
                    }
                    Needs::Operator => range.start + words.rfind([' ', '\n']).map_or(0, |at| at + 1)..range.end,
                    _ => range,
                };
                let fits = match spelling.case {
                    Case::Any => true,
                    Case::Proper => {
                        words.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
                            && (!spelling.capital_end || ends_with_a_capital(words))
                    }
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
                .then((a.needs == Needs::FullName).cmp(&(b.needs == Needs::FullName)))
                .then(a.entry.cmp(&b.entry))
        });
        longest(hits)
    }
}

/// Whether the last word has a capital: `Brazilian Rare Earths` is a firm, `Brazilian rare earths` are goods.
fn ends_with_a_capital(words: &str) -> bool {
    let last = words.rsplit([' ', '\n', '-']).next().unwrap_or_default();
    !last.starts_with(char::is_lowercase)
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
