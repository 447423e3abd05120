//! Who of several states acts, and who is acted on.

use std::ops::Range;

use super::sentence::Sentence;
use super::{EventKind, Party};
use crate::entity::EntityKind;

/// Bytes that count as one step of distance.
const STEP: f64 = 100.0;

impl Sentence<'_> {
    /// Of the states that take part in a measure, puts the one that takes it first: who stands before the words that tell it or in them, or
    /// behind `by`; not who stands behind `on`, `to` or `against`.
    pub(super) fn actor_first(&self, kind: EventKind, trigger: &Range<usize>, actors: &mut Vec<Party>) {
        let measure = matches!(
            kind,
            EventKind::ExportControl
                | EventKind::Tariff
                | EventKind::Quota
                | EventKind::Sanction
                | EventKind::Stockpile
        );
        if !measure {
            return;
        }
        let acts = |party: &Party| -> Option<f64> {
            let named = self.context.found.within(&self.range);
            let own = named.filter(|(_, entity)| entity.kind == party.kind && entity.key == party.key);
            own.map(|(mention, _)| self.acts(trigger, &mention.range))
                .max_by(f64::total_cmp)
        };
        let states = actors.iter().enumerate();
        let best = states
            .filter(|(_, party)| party.kind == EntityKind::Country)
            .filter_map(|(at, party)| Some((at, acts(party)?)))
            // Of equals the first stays.
            .rev()
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((at, _)) = best {
            let actor = actors.remove(at);
            actors.insert(0, actor);
        }
    }

    /// `MP Materials had stopped shipping to China`: what a firm does by itself is no measure of a state. The firm stands nearest before the
    /// words, and no state or ministry before it, nor behind `by`.
    pub(super) fn firm_acts(&self, kind: EventKind, trigger: &Range<usize>) -> bool {
        if kind != EventKind::ExportControl {
            return false;
        }
        let acting = self.context.found.within(&self.range);
        let named: Vec<_> = acting.filter(|(_, entity)| entity.kind.acts()).collect();
        let before = || named.iter().filter(|(mention, _)| mention.range.end <= trigger.start);
        let nearest = before().next_back().map(|(_, entity)| entity.kind);
        let governs = |kind: EntityKind| matches!(kind, EntityKind::Country | EntityKind::Institution);
        let by_state = named.iter().any(|(mention, entity)| {
            let ahead = self.slice(&(self.range.start..mention.range.start)).to_lowercase();
            governs(entity.kind) && (ahead.ends_with("by ") || ahead.ends_with("by the "))
        });
        nearest == Some(EntityKind::Company) && !before().any(|(_, entity)| governs(entity.kind)) && !by_state
    }

    #[allow(clippy::cast_precision_loss, reason = "a sentence has some hundred bytes")]
    fn acts(&self, trigger: &Range<usize>, name: &Range<usize>) -> f64 {
        let before = self.slice(&(self.range.start..name.start)).to_lowercase();
        let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
        if ends(&["by ", "by the "]) {
            return 3.0;
        }
        let hit = ["on ", "to ", "against ", "for ", "at ", "into ", "of "];
        let hit = hit.iter().any(|word| ends(&[word, &format!("{word}the ")]));
        let place = if name.start >= trigger.start && name.end <= trigger.end {
            2.5
        } else if name.end <= trigger.start {
            2.0 - (trigger.start - name.end) as f64 / STEP
        } else {
            -(name.start.saturating_sub(trigger.end) as f64) / STEP
        };
        place - if hit { 3.0 } else { 0.0 }
    }
}
