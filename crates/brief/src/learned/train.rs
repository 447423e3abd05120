//! Learns weights from sentences.
//!
//! Linear support vector machines with squared hinge loss, by dual coordinate descent (Hsieh, Chang, Lin, Keerthi and
//! Sundararajan 2008), one kind of event against all others. Everything is done in a fixed order, so that the same
//! sentences give the same weights.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::features::{of_sentence, of_word};
use super::tokens;
use crate::entity::{Found, Lexicon, find};
use crate::error::{BriefError, Result};
use crate::event::{self, EventKind, Rules};
use crate::score::truth;
use crate::sentence::sentences;
use crate::text::Text;

/// What errors on sentences and on words cost, against large weights.
const COST: [f32; 2] = [0.3, 0.1];
/// Rounds through all examples.
const ROUNDS: usize = 12;
/// Examples that share a feature, at least.
const COMMON: u32 = 3;
/// Smaller weights are left out of the table.
const SMALLEST: f32 = 0.08;

/// A sentence with what it tells.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The sentence.
    pub text: String,
    /// Kinds of event, each with the words that tell it.
    pub told: Vec<(EventKind, Range<usize>)>,
    /// Whether rules were mended on it, so that what they find in it says nothing of what they find elsewhere.
    pub known_to_rules: bool,
}

/// Reads a table of sentences: kinds separated by commas or `-`, the words that tell them separated by ` ; `, and the
/// sentence, between tabs.
///
/// # Errors
/// When a line is malformed; the error names file and line.
pub fn lessons(file: &str, table: &str) -> Result<Vec<Lesson>> {
    let lesson = |at: usize, line: &str| {
        let bad = |why: &str| BriefError::Rules {
            file: file.to_owned(),
            why: format!("line {}: {why}", at + 1),
        };
        let parts: Vec<&str> = line.split('\t').collect();
        let [kinds, words, text] = parts.as_slice() else {
            return Err(bad("not three fields between tabs: kinds, words, sentence"));
        };
        let mut told = Vec::new();
        if *kinds != "-" {
            let mut words = words.split(" ; ");
            for kind in kinds.split(',') {
                let known = EventKind::ALL.iter().find(|known| known.as_str() == kind);
                let kind = known.ok_or_else(|| bad(&format!("`{kind}` is no kind of event")))?;
                let words = words.next().ok_or_else(|| bad("a kind without words"))?;
                let start = text
                    .find(words)
                    .ok_or_else(|| bad(&format!("`{words}` is not in the sentence")))?;
                told.push((*kind, start..start + words.len()));
            }
        }
        Ok(Lesson {
            text: (*text).to_owned(),
            told,
            known_to_rules: false,
        })
    };
    table.lines().enumerate().map(|(at, line)| lesson(at, line)).collect()
}

/// The sentences in the tables of a folder, in the order of their names.
///
/// # Errors
/// When a file cannot be read or is malformed.
pub fn of_tables(folder: &Path) -> Result<Vec<Lesson>> {
    let mut all = Vec::new();
    for file in files(folder, "tsv")? {
        all.extend(lessons(&file.display().to_string(), &text_of(&file)?)?);
    }
    Ok(all)
}

/// The sentences of the articles of a folder, told by the `words` of their truth; rules were mended on them.
///
/// # Errors
/// When a file cannot be read, or a truth is malformed or quotes words that its article does not have.
pub fn of_articles(folder: &Path) -> Result<Vec<Lesson>> {
    let mut all = Vec::new();
    for file in files(folder, "txt")? {
        let bad = |why: String| BriefError::Rules {
            file: file.display().to_string(),
            why,
        };
        let article = text_of(&file)?;
        let truth = truth(&text_of(&file.with_extension("toml"))?).map_err(|error| bad(error.to_string()))?;
        let mut told = Vec::new();
        for event in &truth.events {
            let kind = EventKind::ALL.iter().find(|kind| kind.as_str() == event.kind);
            let kind = kind.ok_or_else(|| bad(format!("`{}` is no kind of event", event.kind)))?;
            let words = event.words.as_deref().unwrap_or_default();
            let start = article
                .find(words)
                .ok_or_else(|| bad(format!("`{words}` is not in the article")))?;
            told.push((*kind, start..start + words.len()));
        }
        all.extend(
            sentences(&article)
                .into_iter()
                .map(|range| lesson_of(&article, &range, &told)),
        );
    }
    Ok(all)
}

/// A sentence of an article, with the events whose words begin in it.
fn lesson_of(article: &str, range: &Range<usize>, told: &[(EventKind, Range<usize>)]) -> Lesson {
    let here = told.iter().filter(|(_, words)| range.contains(&words.start));
    Lesson {
        text: article.get(range.clone()).unwrap_or_default().to_owned(),
        told: here
            .map(|(kind, words)| (*kind, words.start - range.start..words.end.min(range.end) - range.start))
            .collect(),
        known_to_rules: true,
    }
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let unread = |error| unread(folder, &error);
    let mut files: Vec<PathBuf> = (std::fs::read_dir(folder).map_err(unread)?)
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()
        .map_err(unread)?;
    files.retain(|file| file.extension().is_some_and(|own| own == ending));
    files.sort();
    Ok(files)
}

fn text_of(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| unread(file, &error))
}

fn unread(path: &Path, error: &std::io::Error) -> BriefError {
    BriefError::Rules {
        file: path.display().to_string(),
        why: error.to_string(),
    }
}

/// Examples: the features of each, by number.
#[derive(Default)]
struct Examples {
    names: Vec<String>,
    known: HashMap<String, u32>,
    features: Vec<Vec<u32>>,
    /// The kinds that each tells, as bits.
    kinds: Vec<u32>,
}

impl Examples {
    fn add(&mut self, kinds: u32, write: impl FnOnce(&mut dyn FnMut(&[&str]))) {
        let mut list = Vec::new();
        write(&mut |parts| {
            let name = parts.concat();
            let next = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let number = *self.known.entry(name).or_insert_with_key(|name| {
                self.names.push(name.clone());
                next
            });
            list.push(number);
        });
        list.sort_unstable();
        list.dedup();
        self.features.push(list);
        self.kinds.push(kinds);
    }

    /// Leaves out features that one example alone has: nothing can be told from them.
    fn without_rare(mut self) -> Self {
        let mut counts = vec![0_u32; self.names.len()];
        for feature in self.features.iter().flatten() {
            counts[*feature as usize] += 1;
        }
        for list in &mut self.features {
            list.retain(|feature| counts[*feature as usize] >= COMMON);
        }
        self
    }

    /// The weights of one kind against all others.
    #[allow(clippy::cast_precision_loss, reason = "sentences have few features")]
    fn weights(&self, kind: usize, cost: f32) -> Vec<f32> {
        let mut weights = vec![0.0_f32; self.names.len()];
        let mut pull = vec![0.0_f32; self.features.len()];
        let slack = 1.0 / (2.0 * cost);
        let mut order: Vec<usize> = (0..self.features.len()).collect();
        let mut state = 1_u64;
        for _ in 0..ROUNDS {
            shuffle(&mut order, &mut state);
            for at in &order {
                let list = &self.features[*at];
                let side = if self.kinds[*at] >> kind & 1 == 1 { 1.0 } else { -1.0 };
                let sum: f32 = list.iter().map(|f| weights[*f as usize]).sum();
                let slope = side * sum - 1.0 + slack * pull[*at];
                let before = pull[*at];
                let after = (before - slope / (list.len() as f32 + slack)).max(0.0);
                if (after - before).abs() > 1e-9 {
                    pull[*at] = after;
                    for f in list {
                        weights[*f as usize] += side * (after - before);
                    }
                }
            }
        }
        weights
    }
}

/// The same order every time (a linear congruential generator, Fisher and Yates).
fn shuffle(order: &mut [usize], state: &mut u64) {
    for last in (1..order.len()).rev() {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let draw = usize::try_from(*state >> 33).unwrap_or_default() % (last + 1);
        order.swap(last, draw);
    }
}

/// Learns from sentences: the table of weights. What rules find in a sentence is weighed too, by rules that learnt nothing.
#[must_use]
pub fn learn(lessons: &[Lesson], lexicon: &Lexicon, rules: &Rules) -> String {
    let rules = rules.without_learned();
    let mut sentences = Examples::default();
    let mut words = Examples::default();
    for lesson in lessons {
        let text = Text::new(lesson.text.as_str());
        let whole = 0..lesson.text.len();
        let found = find(&text, std::slice::from_ref(&whole), lexicon);
        let list = tokens(&text, &whole, &found);
        let by_rules = if lesson.known_to_rules {
            Vec::new()
        } else {
            found_by_rules(&text, &whole, &found, &rules)
        };
        let bits = |at: Option<&Range<usize>>| {
            let told = lesson
                .told
                .iter()
                .filter(|(_, range)| at.is_none_or(|at| range.start < at.end && at.start < range.end));
            told.fold(0_u32, |bits, (kind, _)| bits | bit(*kind))
        };
        sentences.add(bits(None), |each| of_sentence(&list, &by_rules, each));
        for (at, token) in list.iter().enumerate() {
            words.add(bits(Some(&token.range)), |each| of_word(&list, at, each));
        }
    }
    let mut table = String::new();
    for (name, examples, cost) in [("s", sentences, COST[0]), ("w", words, COST[1])] {
        write_out(name, &all_weights(&examples.without_rare(), cost), &mut table);
    }
    table
}

fn bit(kind: EventKind) -> u32 {
    EventKind::ALL
        .iter()
        .position(|known| *known == kind)
        .map_or(0, |at| 1 << at)
}

/// The kinds that rules find in a sentence.
fn found_by_rules(text: &Text, whole: &Range<usize>, found: &Found, rules: &Rules) -> Vec<EventKind> {
    let context = event::Context {
        text,
        sentences: std::slice::from_ref(whole),
        found,
        published: None,
    };
    let mut kinds: Vec<EventKind> = (event::find(&context, rules).iter()).map(|event| event.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The weights of all kinds, by feature: those that count.
fn all_weights(examples: &Examples, cost: f32) -> BTreeMap<&str, Vec<(EventKind, f32)>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kinds: Vec<(usize, EventKind)> = EventKind::ALL.iter().copied().enumerate().collect();
    let mut found: BTreeMap<&str, Vec<(EventKind, f32)>> = BTreeMap::new();
    for some in kinds.chunks(cores) {
        let learnt: Vec<(EventKind, Vec<f32>)> = std::thread::scope(|scope| {
            let running: Vec<_> = (some.iter())
                .map(|(at, kind)| (*kind, scope.spawn(move || examples.weights(*at, cost))))
                .collect();
            let done = running.into_iter();
            done.map(|(kind, thread)| (kind, thread.join().unwrap_or_default()))
                .collect()
        });
        for (kind, weights) in learnt {
            for (name, weight) in examples.names.iter().zip(weights) {
                if weight.abs() >= SMALLEST {
                    found.entry(name).or_default().push((kind, weight));
                }
            }
        }
    }
    found
}

fn write_out(which: &str, weights: &BTreeMap<&str, Vec<(EventKind, f32)>>, table: &mut String) {
    for (name, list) in weights {
        let _ = write!(table, "{which}\t{name}");
        for (kind, weight) in list {
            let _ = write!(table, "\t{kind}:{weight:.2}");
        }
        table.push('\n');
    }
}
