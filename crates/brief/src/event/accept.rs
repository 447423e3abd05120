//! How likely an event was read rightly, and which are kept.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Event, Rules, Signs};
use crate::error::{BriefError, Result};

/// What each sign weighs in the log-odds of an event having been read rightly: fitted by `learned/weigh.py` on articles that rules and
/// network had not seen.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// The least probability with which an event that a rule found is kept. Most F1 is reached at half of the F1 reached (Lipton, Elkan and
    /// Narayanaswamy 2014); what is kept is less of the network's and more of the rules', at little cost.
    keep: f32,
    /// The same of one that no rule found.
    keep_learned: f32,
    start: f32,
    sentence: f32,
    words: f32,
    party: f32,
    again: f32,
    learned: f32,
}

/// Events that a rule is held to have found besides those counted, in the proportion of all rules together: one right find proves little.
const BESIDES: f32 = 5.0;

/// How often each rule was right and wrong on articles it was not written for.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    odds: BTreeMap<String, f32>,
    of_all: f32,
}

impl Record {
    /// Reads a table of rule, right, wrong.
    pub(super) fn new(file: &str, table: &str) -> Result<Self> {
        let bad = |why: String| BriefError::Rules {
            file: file.to_owned(),
            why,
        };
        let mut rows: Vec<(String, f32, f32)> = Vec::new();
        for row in csv::Reader::from_reader(table.as_bytes()).deserialize() {
            rows.push(row.map_err(|error| bad(error.to_string()))?);
        }
        let (right, wrong) = rows
            .iter()
            .fold((1.0, 1.0), |(right, wrong), row| (right + row.1, wrong + row.2));
        let share = right / (right + wrong);
        let odds = |right: f32, wrong: f32| ((right + BESIDES * share) / (wrong + BESIDES * (1.0 - share))).ln();
        Ok(Self {
            odds: rows
                .into_iter()
                .map(|(rule, right, wrong)| (rule, odds(right, wrong)))
                .collect(),
            of_all: odds(0.0, 0.0),
        })
    }

    /// The log-odds that what a rule finds is right; those of all together where it found nothing.
    pub(super) fn of(&self, rule: &str) -> f32 {
        self.odds.get(rule).copied().unwrap_or(self.of_all)
    }
}

impl Weights {
    pub(super) fn probability(&self, signs: &Signs, learned: bool) -> f32 {
        let odds = match signs.read {
            // Where the second reader has not read, the record is all there is; where it has, the record adds nothing to it.
            None => signs.record,
            Some(read) => {
                self.start
                    + self.sentence * read.sentence
                    + self.words * read.words
                    + self.party * read.party
                    + self.again * signs.again
                    + if learned { self.learned } else { 0.0 }
            }
        };
        1.0 / (1.0 + (-odds).exp())
    }
}

/// Gives events their probability and keeps those that are likely enough.
pub(super) fn accept(events: &mut Vec<Event>, rules: &Rules) {
    for event in events.iter_mut() {
        event.probability = rules.weights.probability(&event.signs, event.is_learned());
    }
    let least = |event: &Event| {
        if event.is_learned() {
            rules.weights.keep_learned
        } else {
            rules.weights.keep
        }
    };
    events.retain(|event| event.signs.read.is_none() || event.probability >= least(event));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

    use super::super::Read;
    use super::*;

    #[test]
    fn a_record_is_drawn_towards_that_of_all() {
        // 60 of 80 right in all, and one more of each: 61 of 82.
        let record = Record::new("record.csv", "rule,right,wrong\ngood,58,12\nonce,1,0\nbad,1,8\n").unwrap();
        let (good, once, bad) = (record.of("good"), record.of("once"), record.of("bad"));
        assert!((record.of("never") - (61.0_f32 / 21.0).ln()).abs() < 1e-5);
        assert!(good > record.of("never") && bad < 0.0);
        // One right find proves little.
        assert!((once - ((1.0 + 5.0 * 61.0 / 82.0) / (5.0 * 21.0 / 82.0_f32)).ln()).abs() < 1e-5);
        assert!(Record::new("record.csv", "rule,right,wrong\ngood,many,12\n").is_err());
    }

    #[test]
    fn signs_add_up_in_log_odds() {
        let weights = Weights {
            keep: 0.3,
            keep_learned: 0.5,
            start: -1.0,
            sentence: 0.25,
            words: 0.0,
            party: 0.1,
            again: 1.0,
            learned: -0.5,
        };
        let mut signs = Signs {
            record: 2.0,
            ..Signs::default()
        };
        // Not read: the record alone.
        assert!((weights.probability(&signs, false) - 1.0 / (1.0 + (-2.0_f32).exp())).abs() < 1e-6);
        signs.read = Some(Read {
            sentence: 4.0,
            words: 9.0,
            party: -5.0,
        });
        signs.again = 1.0;
        let odds: f32 = -1.0 + 1.0 - 0.5 + 1.0;
        assert!((weights.probability(&signs, false) - 1.0 / (1.0 + (-odds).exp())).abs() < 1e-6);
        assert!(weights.probability(&signs, true) < weights.probability(&signs, false));
    }
}
