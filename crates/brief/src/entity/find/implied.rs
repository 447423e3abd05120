//! What a text says without naming it: the country of a province or an agency, rare earths where heavy ones are told of.

use std::ops::Range;

use super::Book;
use crate::entity::lexicon::Entry;
use crate::entity::{Entity, EntityKind};
use crate::text::{Spans, fold};

impl Book<'_> {
    /// Somebody or something the words imply without naming it: it is found, but takes part in nothing.
    pub(super) fn implied(&mut self, entry: usize, ranges: &[Range<usize>]) {
        let Some(listed) = self.lexicon.entries.get(entry) else {
            return;
        };
        let key = (listed.kind, fold(&listed.key));
        let mut spans = ranges.iter().filter_map(|range| self.text.span(range.clone()));
        if self.by_key.contains_key(&key) {
            return;
        }
        let Some(first) = spans.next() else { return };
        let mut mentions = Spans::one(first);
        spans.for_each(|span| mentions.add(span));
        self.by_key.insert(key, self.entities.len());
        self.entities.push(Entity {
            kind: listed.kind,
            key: listed.key.clone(),
            name: listed.name.clone(),
            role: None,
            place: listed.place.clone(),
            listed: true,
            evidence: listed.evidence.clone(),
            mentions,
        });
    }

    /// Heavy rare earths are rare earths.
    pub(super) fn groups(&mut self) {
        let part = |entity: &Entity| {
            entity.kind == EntityKind::Group && matches!(entity.key.as_str(), "HREE" | "LREE" | "MREO")
        };
        let parts: Vec<usize> = (0..self.entities.len())
            .filter(|at| self.entities.get(*at).is_some_and(part))
            .collect();
        let ranges: Vec<Range<usize>> = self
            .mentions
            .iter()
            .filter(|mention| parts.contains(&mention.entity))
            .map(|mention| mention.range.clone())
            .collect();
        let whole = |entry: &Entry| entry.kind == EntityKind::Group && entry.key == "REE";
        if let Some(entry) = self.lexicon.entries.iter().position(whole) {
            self.implied(entry, &ranges);
        }
    }
}
