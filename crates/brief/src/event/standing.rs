//! When an event is, where it stands, and what weakens it.

use std::ops::Range;

use super::parts::is_headline_ahead;
use super::sentence::{Sentence, Set};
use super::{EventKind, Rules, Status};
use crate::date::{Bearing, When};
use crate::text::Span;

/// Words farther than this from those that set a rule off tell of something else.
const NEAR: usize = 60;

impl Sentence<'_> {
    pub(super) fn when(&self, trigger: &Range<usize>, clause: &Range<usize>) -> (Option<When>, Option<When>) {
        let mut dates: Vec<&When> = self.dates.iter().filter(|when| when.span.touches(clause)).collect();
        if dates.is_empty() {
            dates = self.dates.iter().collect();
        }
        let until = dates
            .iter()
            .find(|when| when.bearing == Bearing::Until)
            .copied()
            .cloned();
        let nearest = dates
            .iter()
            .filter(|when| when.bearing != Bearing::Until)
            .min_by_key(|when| {
                let at = when.span.start();
                // A date after the trigger is likelier to be its own.
                if at >= trigger.start {
                    at - trigger.start
                } else {
                    (trigger.start - at) * 3 / 2
                }
            })
            .copied()
            .cloned();
        (nearest, until)
    }

    pub(super) fn status(&self, set: &Set<'_>, clause: &Range<usize>, rules: &Rules) -> Status {
        let words = self.slice(clause);
        let kind = set.rule.kind;
        let own = rules
            .statuses
            .iter()
            .find(|rule| rule.fits(kind, words))
            .map(|rule| rule.status);
        // What is denied or said by unnamed sources is so for the whole sentence.
        let whole = rules
            .statuses
            .iter()
            .filter(|rule| {
                matches!(rule.status, Status::Denied | Status::Rumoured)
                    || rule.status == Status::Suspended && self.clauses.len() == 1
            })
            .find(|rule| {
                rule.fits(kind, &self.words)
                    && (rule.id == "denied" || rule.id == "rumoured-sources" || rule.status == Status::Suspended)
            });
        let headline = || is_headline_ahead(&self.words).then_some(Status::Planned);
        // A rule for what ended or was denied says so by itself.
        let read = self.read_status(set).filter(|_| !tells_the_end(set.rule.status));
        let sure = read.filter(|(_, sure)| *sure >= rules.part.status);
        // `Lifted its ban` says of a measure that it is over, whatever else is read in the sentence.
        let over = own.filter(|own| tells_the_end(*own) && *own != Status::Rumoured && is_measure(kind));
        whole
            .map(|rule| rule.status)
            .or(over)
            .or(sure.map(|(status, _)| status))
            .or(own)
            .or_else(headline)
            .or(read.map(|(status, _)| status))
            .unwrap_or(set.rule.status)
    }

    /// The status that the second reader reads off the words nearest to those that set a rule off.
    fn read_status(&self, set: &Set<'_>) -> Option<(Status, f32)> {
        let told = self.read.iter().find(|told| told.kind == set.rule.kind)?;
        let gap = |words: &Range<usize>| {
            let before = set.trigger.start.saturating_sub(words.end);
            before.max(words.start.saturating_sub(set.trigger.end))
        };
        let near = told.words.iter().min_by_key(|words| gap(&words.range))?;
        near.status.filter(|_| gap(&near.range) < NEAR)
    }

    pub(super) fn hedges(&self, clause: &Range<usize>, rules: &Rules) -> Vec<Span> {
        let words = self.slice(clause);
        let found = rules.hedges.iter().flat_map(|pattern| pattern.find_iter(words));
        let spans = found.filter_map(|hedge| {
            self.context
                .text
                .span(clause.start + hedge.start()..clause.start + hedge.end())
        });
        spans.take(6).collect()
    }
}

const fn is_measure(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExportControl | EventKind::Tariff | EventKind::Sanction | EventKind::Quota
    )
}

const fn tells_the_end(status: Status) -> bool {
    matches!(
        status,
        Status::Ended | Status::Suspended | Status::Denied | Status::Rumoured
    )
}
