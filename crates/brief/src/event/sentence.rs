//! Applies the rules to a sentence: what sets them off, and which of several holds.

use std::ops::Range;

use super::parts::{clauses, without_conversions};
use super::{Event, EventKind, Party, Rule, Rules};
use crate::amount::{Amount, amounts};
use crate::date::{When, expressions};
use crate::entity::EntityKind;
use crate::event::Context;
use crate::learned::{self, Reading};

/// Who was spoken of before.
#[derive(Default)]
pub(super) struct Told {
    /// Those of the sentence before.
    pub(super) before: Vec<Party>,
    /// The same without countries that only adjectives name: for what firms and plants do.
    pub(super) acting: Vec<Party>,
    /// The firms spoken of last.
    pub(super) firms: Vec<Party>,
    /// The firm that was the subject last: `it`, `the company`.
    pub(super) subject: Option<Party>,
    /// The firm the text is about.
    pub(super) focus: Option<Party>,
    /// In headline and lead, the first firm that the text names.
    pub(super) first: Option<Party>,
    /// The elements whose prices moved last.
    pub(super) moved: Vec<Party>,
    /// Every sum of the text.
    pub(super) sums: Vec<Amount>,
    /// Whether a bare `¥` means yen.
    pub(super) yen: bool,
    /// The currency of a bare `$`, where it is not the American.
    pub(super) dollar: Option<&'static str>,
    /// Whether the text writes other dollars with their letter or names America, so that a bare `$` is American whoever gives it.
    pub(super) dollars_abroad: bool,
}

/// A rule set off in a clause.
pub(super) struct Set<'r> {
    pub(super) rule: &'r Rule,
    pub(super) trigger: Range<usize>,
    pub(super) clause: usize,
    /// The clause, and the next ones where the trigger reaches into them.
    pub(super) range: Range<usize>,
}

/// A sentence with what was told before it.
pub(super) struct Sentence<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) range: Range<usize>,
    /// Its words, with spaces for line ends: a rule goes over them.
    pub(super) words: String,
    pub(super) clauses: Vec<Range<usize>>,
    pub(super) amounts: Vec<Amount>,
    pub(super) dates: Vec<When>,
    pub(super) told: &'a Told,
    /// What the second reader makes of the text.
    pub(super) reading: &'a Reading<'a>,
    /// What it makes of the sentence.
    pub(super) read: &'a [learned::Told],
}

/// How often a rule may be set off in a sentence.
const OFTEN: usize = 8;

/// By so much another reading must be likelier than that of a rule to stand in its place.
const CLEARLY: f32 = 0.15;

/// A sum that stands nearer than this to a word is its own.
const CLOSE: usize = 40;

impl<'a> Sentence<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        range: Range<usize>,
        told: &'a Told,
        (reading, at): (&'a Reading<'a>, usize),
    ) -> Self {
        Self {
            words: context
                .text
                .slice(&range)
                .unwrap_or_default()
                .replace(['\n', '\r', '\t'], " "),
            clauses: clauses(context.text.as_str(), &range),
            amounts: Vec::new(),
            dates: Vec::new(),
            context,
            range,
            told,
            read: reading.told(at),
            reading,
        }
    }

    /// Its events.
    pub(super) fn events(mut self, rules: &Rules) -> Vec<Event> {
        let set = self.set_off(rules);
        let text = self.context.text.as_str();
        self.amounts = amounts(self.context.text, &self.range);
        if self.told.yen {
            let bare = |amount: &&mut Amount| amount.unit == "CNY" && amount.span.text().contains('¥');
            for amount in self.amounts.iter_mut().filter(bare) {
                "JPY".clone_into(&mut amount.unit);
            }
        }
        if let Some(dollar) = self.dollar() {
            let bare = |amount: &&mut Amount| amount.is_money() && is_bare_dollar(amount.span.text());
            for amount in self.amounts.iter_mut().filter(bare) {
                dollar.clone_into(&mut amount.unit);
            }
        }
        self.amounts = without_conversions(text, std::mem::take(&mut self.amounts));
        self.dates = expressions(self.context.text, &self.range, self.context.published);
        let mut kept: Vec<(usize, EventKind, Event)> = Vec::new();
        for set in &set {
            let other = self.other_sum(&kept, set);
            let beaten = kept.iter().any(|(clause, kind, event)| {
                let same = *kind == set.rule.kind && !other;
                *clause == set.clause && (same || beats(rules, &event.rule, set.rule.kind))
            });
            if beaten {
                continue;
            }
            if let Some(event) = self.event(set, rules) {
                kept.retain(|(clause, kind, _)| *clause != set.clause || !set.rule.beats.contains(kind));
                kept.push((set.clause, set.rule.kind, event));
            }
        }
        self.weigh(&mut kept, rules);
        let single = |clause: usize, kind: EventKind| {
            let same = |(at, own, _): &&(usize, EventKind, Event)| *at == clause && *own == kind;
            kept.iter().filter(same).count() == 1
        };
        let alone: Vec<bool> = kept.iter().map(|(clause, kind, _)| single(*clause, *kind)).collect();
        let told = kept.into_iter().zip(alone).flat_map(|((clause, _, event), alone)| {
            match self.clauses.get(clause).filter(|_| alone) {
                Some(range) => self.spread(event, range),
                None => vec![event],
            }
        });
        told.collect()
    }

    /// Whose a bare `$` is: a sum of an American ministry or bank is in its own dollars, wherever the text is from; one of a
    /// Canadian or Australian body alone in its, where the text marks none.
    fn dollar(&self) -> Option<&'static str> {
        let mut places: Vec<&str> = Vec::new();
        for (_, entity) in self.context.found.within(&self.range) {
            match (entity.kind, &entity.place) {
                (EntityKind::Institution, Some(place)) => places.push(place),
                (EntityKind::Country, _) if entity.key == "USA" => places.push("USA"),
                _ => {}
            }
        }
        if places.contains(&"USA") {
            return None;
        }
        let own = match places.split_first() {
            Some((first, rest)) if rest.iter().all(|place| place == first) => match *first {
                "AUS" => Some("AUD"),
                "CAN" => Some("CAD"),
                _ => None,
            },
            _ => None,
        };
        self.told.dollar.or(own.filter(|_| !self.told.dollars_abroad))
    }

    /// Adds what no rule found and the sentence, as the second reader has it, tells all the same.
    fn weigh(&self, kept: &mut Vec<(usize, EventKind, Event)>, rules: &Rules) {
        for told in self.read {
            let Some(learned) = rules.may_add.iter().find(|one| one.rule.kind == told.kind) else {
                continue;
            };
            if told.margin < learned.margin {
                continue;
            }
            for words in told.words.iter().filter(|words| words.margin >= learned.word) {
                self.add(kept, rules, &learned.rule, &words.range);
            }
        }
    }

    /// Adds an event that words tell, unless one of its kind is told there already.
    fn add(&self, kept: &mut Vec<(usize, EventKind, Event)>, rules: &Rules, rule: &Rule, words: &Range<usize>) {
        let at = self.clauses.partition_point(|clause| clause.end <= words.start);
        let clause = at.min(self.clauses.len().saturating_sub(1));
        let Some(range) = self.clauses.get(clause).cloned() else {
            return;
        };
        let set = Set {
            rule,
            trigger: words.clone(),
            clause,
            range,
        };
        let told = kept.iter().any(|(at, kind, event)| {
            let near = *at == clause
                || (event.trigger.start() < words.end + CLOSE && words.start < event.trigger.end() + CLOSE);
            (*kind == rule.kind && near) || (*at == clause && beats(rules, &event.rule, rule.kind))
        });
        if told {
            return;
        }
        let Some(event) = self.event(&set, rules) else {
            return;
        };
        // The same words tell one thing: what a rule says, unless the other is clearly likelier.
        let same = |other: &Event| other.trigger.start() < words.end && words.start < other.trigger.end();
        let likely = |event: &Event| rules.weights.probability(&event.signs, event.is_learned());
        let own = likely(&event);
        let ahead = |other: &Event| if other.is_learned() { 0.0 } else { CLEARLY };
        if kept
            .iter()
            .all(|(_, _, other)| !same(other) || likely(other) + ahead(other) < own)
        {
            kept.retain(|(_, _, other)| !same(other));
            kept.push((clause, rule.kind, event));
        }
    }

    /// `a $400 million equity investment and a $150 million loan`: two instruments with an amount each. A word is set off once
    /// more where its own sum is none that an event of its kind already has.
    fn other_sum(&self, kept: &[(usize, EventKind, Event)], set: &Set<'_>) -> bool {
        if !has_own_sums(set.rule.kind) {
            return false;
        }
        let Some(own) = self
            .suitable(set.rule.kind, &set.trigger, &set.range)
            .into_iter()
            .next()
        else {
            return false;
        };
        let gap = if own.span.end() <= set.trigger.start {
            set.trigger.start - own.span.end()
        } else {
            own.span.start().saturating_sub(set.trigger.end)
        };
        let mut rivals = kept.iter().filter(|(_, kind, _)| *kind == set.rule.kind).peekable();
        gap < CLOSE
            && rivals.peek().is_some()
            && rivals.all(|(_, _, event)| {
                let first = event.amounts.first();
                first.is_some_and(|first| {
                    let comparable = first.unit == own.unit || first.is_money() && own.is_money();
                    let same = first.unit == own.unit && (first.value - own.value).abs() <= 0.02 * first.value.abs();
                    comparable && !same && first.span != own.span
                })
            })
    }

    fn set_off<'r>(&self, rules: &'r Rules) -> Vec<Set<'r>> {
        let mut found = Vec::new();
        for rule in &rules.events {
            let triggers = self.triggers(rule);
            if triggers.is_empty() || rule.unless.as_ref().is_some_and(|unless| unless.is_match(&self.words)) {
                continue;
            }
            let mut last = usize::MAX;
            for (trigger, clause, range) in triggers {
                let words = self.slice(&range);
                let with = rule
                    .with
                    .as_ref()
                    .is_none_or(|with| with.is_match(words) || with.is_match(&self.words));
                let not = rule.unless_clause.as_ref().is_some_and(|unless| unless.is_match(words));
                if (clause != last || has_own_sums(rule.kind)) && with && !not {
                    last = clause;
                    found.push(Set {
                        rule,
                        trigger,
                        clause,
                        range,
                    });
                }
            }
        }
        found
    }

    /// Where a rule is set off: in clauses by themselves, and across them.
    fn triggers(&self, rule: &Rule) -> Vec<(Range<usize>, usize, Range<usize>)> {
        let mut found = Vec::new();
        for (at, clause) in self.clauses.iter().enumerate() {
            let matches = rule.trigger.find_iter(self.slice(clause)).take(OFTEN);
            found.extend(matches.map(|trigger| {
                let trigger = clause.start + trigger.start()..clause.start + trigger.end();
                (trigger, at, clause.clone())
            }));
        }
        if self.clauses.len() > 1 {
            let inside: Vec<Range<usize>> = found.iter().map(|(trigger, _, _)| trigger.clone()).collect();
            let last = self.clauses.len() - 1;
            let of = |at: usize| self.clauses.partition_point(|clause| clause.end <= at).min(last);
            let matches = rule.trigger.find_iter(&self.words).take(OFTEN);
            found.extend(matches.filter_map(|trigger| {
                let trigger = self.range.start + trigger.start()..self.range.start + trigger.end();
                let at = of(trigger.start);
                let end = self.clauses.get(of(trigger.end.saturating_sub(1)))?.end;
                let known = inside
                    .iter()
                    .any(|own| own.start < trigger.end && trigger.start < own.end);
                (!known).then_some(())?;
                Some((trigger, at, self.clauses.get(at)?.start..end))
            }));
        }
        found
    }

    /// Words of the sentence, by their place in the text.
    pub(super) fn slice(&self, range: &Range<usize>) -> &str {
        let start = range.start.saturating_sub(self.range.start);
        self.words
            .get(start..range.end.saturating_sub(self.range.start))
            .unwrap_or_default()
    }

    /// Whether a clause goes on with the subject of its sentence: `Lynas, which …, is`, `China is …, but halted …`.
    pub(super) fn keeps_subject(&self, clause: &Range<usize>) -> bool {
        const JOINTS: &[&str] = &[
            ", which ",
            ", but ",
            ", is ",
            ", was ",
            ", has ",
            ", adding ",
            ", becoming ",
            ", and ",
        ];
        let words = self.slice(clause);
        let Some(rest) = JOINTS.iter().find_map(|joint| words.strip_prefix(joint)) else {
            return false;
        };
        // `, and the firm`, `, but Lynas`: another subject.
        let first = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let another = [
            "the", "a", "an", "it", "they", "he", "she", "its", "their", "we", "prices", "some",
        ];
        first.starts_with(char::is_lowercase) && !another.contains(&first)
    }
}

/// Kinds of which a clause may tell several, each with a sum.
const fn has_own_sums(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Investment | EventKind::PriceMove | EventKind::Quota | EventKind::Opening
    )
}

/// `$5 million`, `5 million dollars`: without a country's letter.
pub(super) fn is_bare_dollar(words: &str) -> bool {
    if words.contains("$US") {
        return false;
    }
    let start = words.find('$');
    let lettered = start.is_some_and(|at| {
        words
            .get(..at)
            .unwrap_or_default()
            .trim_end()
            .ends_with(|c: char| c.is_ascii_uppercase() || c == 's')
    });
    start.is_some() && !lettered || words.ends_with(" dollars") && !words.contains("US") && !words.contains("U.S.")
}

fn beats(rules: &Rules, rule: &str, kind: EventKind) -> bool {
    rules
        .events
        .iter()
        .any(|known| known.id == rule && known.beats.contains(&kind))
}
