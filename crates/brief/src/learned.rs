//! What a sentence tells of, by what has been learnt from sentences: a second reader beside the rules.
//!
//! Rules know the turns of phrase that somebody thought of. This reader weighs words instead: each word, pair of words
//! and neighbourhood counts for or against each kind of event, and the sum decides. Two such sums are added: one of all words of the
//! sentence, and the best of those of each word with what stands around it, which also says where the event is told.
//!
//! ```text
//! margin(kind) = Σ weight(kind, words of the sentence, kinds that rules found) + max over words Σ weight(kind, word and its neighbours)
//! ```
//!
//! The weights are those of linear support vector machines (squared hinge loss, one kind against all others) trained by
//! [`train`] on sentences written for this project: those in `learned/sentences`, and those of the retold articles in
//! `tests/articles/retold/mended`. They are a table of words and numbers, `rules/weights.tsv`: no network, no service, and the
//! same on every machine.

mod features;
mod masked;
pub mod train;

use std::collections::HashMap;
use std::ops::Range;

use crate::error::{BriefError, Result};
use crate::event::EventKind;

pub use masked::{Token, tokens};

use features::{Code, of_sentence, of_word};

/// How much a feature counts for each kind that it counts for.
type Weights = HashMap<Code, Vec<(u8, f32)>>;

/// The reader.
#[derive(Clone, Debug, Default)]
pub struct Learned {
    sentence: Weights,
    word: Weights,
}

/// What a sentence seems to tell of.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The kind of event.
    pub kind: EventKind,
    /// How clearly: the sum of both readings.
    pub margin: f32,
    /// How clearly its best word alone says so.
    pub word: f32,
    /// The words that say so most.
    pub trigger: Range<usize>,
}

/// Words around the best one are part of what tells an event while they reach this share of its margin.
const BESIDE: f32 = 0.5;
/// The most words that tell an event.
const WIDEST: usize = 5;

impl Learned {
    /// Reads a table of weights: `s` (of a sentence) or `w` (of a word), the feature, and `kind:weight` for each kind, between tabs.
    ///
    /// # Errors
    /// When a line is malformed; the error says which.
    pub fn read(table: &str) -> Result<Self> {
        let mut learned = Self::default();
        for (at, line) in table.lines().enumerate() {
            let bad = || BriefError::Rules {
                file: "weights.tsv".to_owned(),
                why: format!("line {} is not `s` or `w`, a feature and weights by kind", at + 1),
            };
            let mut parts = line.split('\t');
            let (Some(which), Some(feature)) = (parts.next(), parts.next()) else {
                return Err(bad());
            };
            let weights = parts.map(|part| {
                let (kind, weight) = part.split_once(':')?;
                let kind = EventKind::ALL.iter().position(|known| known.as_str() == kind)?;
                let weight = weight.parse().ok().filter(|weight: &f32| weight.is_finite())?;
                Some((u8::try_from(kind).ok()?, weight))
            });
            let weights: Vec<(u8, f32)> = weights.collect::<Option<_>>().ok_or_else(bad)?;
            let table = match which {
                "s" => &mut learned.sentence,
                "w" => &mut learned.word,
                _ => return Err(bad()),
            };
            table.insert(features::code(&[feature]), weights);
        }
        Ok(learned)
    }

    /// What a sentence seems to tell of, given the kinds that rules found in it: each kind, in the order of [`EventKind::ALL`].
    #[must_use]
    pub fn told(&self, words: &[Token], ruled: &[EventKind]) -> Vec<Told> {
        let kinds = EventKind::ALL.len();
        if words.is_empty() {
            return Vec::new();
        }
        let mut whole = vec![0.0_f32; kinds];
        of_sentence(words, ruled, &mut |parts| add(&self.sentence, parts, &mut whole));
        let mut single = vec![0.0_f32; kinds * words.len()];
        for (at, sums) in single.chunks_exact_mut(kinds).enumerate() {
            of_word(words, at, &mut |parts| add(&self.word, parts, sums));
        }
        let told = (EventKind::ALL.iter().enumerate()).filter_map(|(kind, name)| {
            let of = |at: usize| single.get(at * kinds + kind).copied().unwrap_or(f32::MIN);
            let best = (0..words.len()).fold(0, |best, at| if of(at) > of(best) { at } else { best });
            let (first, last) = around(best, words.len(), |at| of(best) > 0.0 && of(at) >= BESIDE * of(best));
            Some(Told {
                kind: *name,
                margin: whole.get(kind)? + of(best),
                word: of(best),
                trigger: words.get(first)?.range.start..words.get(last)?.range.end,
            })
        });
        told.collect()
    }
}

/// The stretch around a word of those that belong to it.
fn around(best: usize, count: usize, belongs: impl Fn(usize) -> bool) -> (usize, usize) {
    let (mut first, mut last) = (best, best);
    while last - first + 1 < WIDEST {
        if first > 0 && belongs(first - 1) {
            first -= 1;
        } else if last + 1 < count && belongs(last + 1) {
            last += 1;
        } else {
            break;
        }
    }
    (first, last)
}

fn add(weights: &Weights, parts: &[&str], sums: &mut [f32]) {
    if let Some(list) = weights.get(&features::code(parts)) {
        for (kind, weight) in list {
            if let Some(sum) = sums.get_mut(usize::from(*kind)) {
                *sum += weight;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<Token> {
        let mut at = 0;
        let token = |word: &&str| {
            let range = at..at + word.len();
            at = range.end + 1;
            Token {
                word: (*word).to_owned(),
                range,
            }
        };
        list.iter().map(token).collect()
    }

    fn of(told: &[Told], kind: EventKind) -> &Told {
        told.iter().find(|one| one.kind == kind).expect("every kind is told of")
    }

    #[test]
    fn a_margin_is_the_sum_of_both_readings() {
        let table = "s\tbias\tinvestment:-0.5\ns\tu lend\tinvestment:1\ns\tb _company lend\tinvestment:0.25\ns\trule investment\tinvestment:2\n\
                     w\t0 lend\tinvestment:0.75\tofftake:-1\nw\tR0 lend_money\tinvestment:0.5\n";
        let learned = Learned::read(table).unwrap();
        let sentence = words(&["_company", "lend", "the", "miner", "_money"]);
        let told = learned.told(&sentence, &[]);
        let investment = of(&told, EventKind::Investment);
        assert!((investment.margin - (-0.5 + 1.0 + 0.25 + 0.75 + 0.5)).abs() < 1e-6);
        assert_eq!(investment.trigger, sentence[1].range);
        // The best word of a kind that only has weights against it is another one.
        assert!(of(&told, EventKind::Offtake).margin.abs() < 1e-6);
        let ruled = learned.told(&sentence, &[EventKind::Investment]);
        assert!((of(&ruled, EventKind::Investment).margin - investment.margin - 2.0).abs() < 1e-6);
    }

    #[test]
    fn a_malformed_line_is_named() {
        for (table, line) in [
            ("s\tbias\tinvestment:-0.5\nx\tbias", "line 2"),
            ("s\tbias\tdividend:1", "line 1"),
            ("w\t0 lend\tinvestment", "line 1"),
            ("s\tbias\tinvestment:NaN", "line 1"),
            ("s", "line 1"),
        ] {
            let error = Learned::read(table).unwrap_err().to_string();
            assert!(error.contains(line), "{error}");
        }
    }

    #[test]
    fn nothing_is_told_of_no_words() {
        assert!(Learned::default().told(&[], &[]).is_empty());
    }
}
