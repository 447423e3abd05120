//! Reads a text sentence by sentence and keeps in mind who was spoken of.

use std::ops::Range;

use jiff::civil::Date;

use super::accept::accept;
use super::focus::{first_firm, focus, is_lead, local_dollar, marks_dollars, means_yen, names_america};
use super::matter::tell_matter;
use super::merge::{join, merged};
use super::parts::parties;
use super::reference::{goes_on, is_definite, more_about, subject};
use super::sentence::{Sentence, Told};
use super::{Event, EventKind, Party, Rules};
use crate::amount::amounts;
use crate::entity::{EntityKind, Found};
use crate::text::Text;

/// What events are looked for in.
pub struct Context<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its sentences.
    pub sentences: &'a [Range<usize>],
    /// Its entities.
    pub found: &'a Found,
    /// When it appeared.
    pub published: Option<Date>,
}

/// Most events of a text.
const MOST: usize = 400;

/// Finds the events of a text.
#[must_use]
pub fn find(context: &Context<'_>, rules: &Rules) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let mut told = Told {
        focus: focus(context.found),
        yen: means_yen(context.text.as_str(), context.found),
        dollar: local_dollar(context.text.as_str(), context.found),
        dollars_abroad: marks_dollars(context.text.as_str()) || names_america(context.found),
        sums: (context.sentences.iter())
            .flat_map(|sentence| amounts(context.text, sentence))
            .collect(),
        ..Told::default()
    };
    let first = first_firm(context.found);
    let reading = rules.learned.read(context.text, context.sentences);
    for (at, sentence) in context.sentences.iter().enumerate() {
        told.first = first.clone().filter(|_| is_lead(sentence.start));
        let Some(words) = context.text.slice(sentence) else {
            continue;
        };
        let mut actors = parties(context.text.as_str(), context.found, sentence, EventKind::Talks, false);
        if words.len() > 15 {
            let before = told.before.clone();
            let talks = events.iter().rev().find(|event| event.kind == EventKind::Talks);
            if let Some(talks) = talks.filter(|_| words.contains(" round")) {
                told.before.clone_from(&talks.parties);
            }
            let new = Sentence::new(context, sentence.clone(), &told, (&reading, at)).events(rules);
            told.before = before;
            if let Some(price) = new.iter().rev().find(|event| event.kind == EventKind::PriceMove) {
                told.moved.clone_from(&price.parties);
            }
            if new.is_empty() {
                more_about(context, sentence, &mut events);
            }
            for event in new {
                match events.last_mut() {
                    Some(last) if is_definite(words, event.kind) && goes_on(last, &event) => join(last, event),
                    _ => events.push(event),
                }
            }
        }
        if events.len() > MOST {
            events.truncate(MOST);
            break;
        }
        if let Some(subject) = subject(context, sentence) {
            told.subject = Some(subject);
        }
        if !actors.is_empty() {
            actors.truncate(3);
            told.before = actors;
            remember(context, sentence, &mut told);
        }
    }
    let mut events = merged(events, context.published);
    accept(&mut events, rules);
    tell_matter(&mut events, context);
    events
}

/// Who acted in a sentence, and which firms it named, for the sentences that follow.
fn remember(context: &Context<'_>, sentence: &Range<usize>, told: &mut Told) {
    let mut acting = parties(
        context.text.as_str(),
        context.found,
        sentence,
        EventKind::Closure,
        false,
    );
    let firms: Vec<Party> = acting
        .iter()
        .filter(|party| party.kind == EntityKind::Company)
        .take(2)
        .cloned()
        .collect();
    if !firms.is_empty() {
        told.firms = firms;
    }
    if !acting.is_empty() {
        acting.truncate(3);
        told.acting = acting;
    }
}
