//! Who takes part and which sum is meant, as the second reader has it.

use std::collections::BTreeMap;
use std::ops::Range;

use super::sentence::{Sentence, Set, is_bare_dollar};
use super::sums::suits;
use super::{Compiled, Direction, EventKind, Party, Read, Rules, Signs, is_learned};
use crate::amount::Amount;
use crate::entity::EntityKind;
use crate::learned::Role;

/// Bytes before and behind the words that tell an event within which names are looked at.
const FAR: usize = 2_000;

/// Bytes within which a sum of another sentence may be an event's.
const NEAR: usize = 500;
/// Bytes from the words that tell an event within which a word says which way it goes.
const WAY: usize = 50;

impl Sentence<'_> {
    /// Adds who surely takes part and leaves out who surely does not; gives the logit of the likeliest that is left.
    pub(super) fn settle(&self, set: &Set<'_>, kind: EventKind, actors: &mut Vec<Party>, rules: &Rules) -> Option<f32> {
        let found = self.context.found;
        let near = set.trigger.start.saturating_sub(FAR)..set.trigger.end + FAR;
        let mentions: Vec<_> = found.within(&near).collect();
        let named: Vec<(Range<usize>, Role)> = (mentions.iter())
            .map(|(mention, entity)| (mention.range.clone(), Role::of_entity(entity.kind)))
            .collect();
        let mut best: BTreeMap<usize, f32> = BTreeMap::new();
        for ((mention, _), logit) in mentions.iter().zip(self.reading.parts(&set.trigger, kind, &named)) {
            if let Some(logit) = logit {
                let own = best.entry(mention.entity).or_insert(f32::MIN);
                *own = own.max(logit);
            }
        }
        if best.is_empty() {
            return None;
        }
        let of = |party: &Party| {
            let own = (found.entities.iter()).position(|entity| entity.kind == party.kind && entity.key == party.key);
            own.and_then(|own| best.get(&own)).copied()
        };
        let mut kept = actors.clone();
        kept.retain(|party| of(party).is_none_or(|logit| logit >= rules.part.drop));
        if kept.is_empty() {
            // Somebody does; the likeliest stays.
            let likeliest = actors
                .iter()
                .max_by(|a, b| of(a).unwrap_or(f32::MIN).total_cmp(&of(b).unwrap_or(f32::MIN)));
            kept.extend(likeliest.cloned());
        }
        let mut more: Vec<(f32, Party)> = Vec::new();
        for (entity, logit) in &best {
            let Some(entity) = found.entities.get(*entity) else {
                continue;
            };
            if *logit >= rules.part.add && may_take_part(kind, entity.kind) {
                let party = Party::of(entity);
                if !kept.iter().any(|own| own.key == party.key) {
                    more.push((*logit, party));
                }
            }
        }
        more.sort_by(|a, b| b.0.total_cmp(&a.0));
        kept.extend(more.into_iter().map(|(_, party)| party));
        *actors = kept;
        actors.iter().filter_map(of).max_by(f32::total_cmp)
    }

    /// What speaks for an event that was set off.
    pub(super) fn signs(&self, set: &Set<'_>, kind: EventKind, party: Option<f32>, rules: &Rules) -> Signs {
        let told = self.read.iter().find(|told| told.kind == kind);
        let words = self.reading.say(&set.trigger, kind);
        Signs {
            record: if is_learned(&set.rule.id) {
                0.0
            } else {
                rules.record.of(&set.rule.id)
            },
            read: told.zip(words).map(|(told, words)| Read {
                sentence: told.sentence,
                words,
                party: party.unwrap_or_default(),
            }),
            again: 0.0,
            direction: self.direction(&set.trigger, kind, rules),
        }
    }

    /// Which way an event goes, by the nearest word that says so.
    fn direction(&self, trigger: &Range<usize>, kind: EventKind, rules: &Rules) -> Option<Direction> {
        let (up, down) = match kind {
            EventKind::PriceMove => (&rules.ways.rises, &rules.ways.falls),
            EventKind::ExportControl => (&rules.ways.bars, &rules.ways.loosens),
            _ => return None,
        };
        let near = trigger.start.saturating_sub(WAY).max(self.range.start)..(trigger.end + WAY).min(self.range.end);
        let gap = |words: &Compiled| {
            let gaps = words.find_iter(&self.words).filter_map(|found| {
                let own = self.range.start + found.start()..self.range.start + found.end();
                let inside = near.start <= own.start && own.end <= near.end;
                let gap = trigger
                    .start
                    .saturating_sub(own.end)
                    .max(own.start.saturating_sub(trigger.end));
                inside.then_some(gap)
            });
            gaps.min()
        };
        match (gap(up), gap(down)) {
            // `The ban was lifted`: what loosens a control names it.
            (_, Some(_)) if kind == EventKind::ExportControl => Some(Direction::Down),
            (Some(up), Some(down)) if up == down => None,
            (Some(up), Some(down)) if up > down => Some(Direction::Down),
            (Some(_), _) => Some(Direction::Up),
            (None, Some(_)) => Some(Direction::Down),
            (None, None) => None,
        }
    }

    /// The sums of an event, the likeliest first. One that stands in another sentence must be surer than one of its own.
    pub(super) fn sums(&self, set: &Set<'_>, kind: EventKind, clause: &Range<usize>, rules: &Rules) -> Vec<Amount> {
        let mut sums = self.suitable(kind, &set.trigger, clause);
        let own = self.likeliest(set, kind, &self.amounts);
        if let Some((amount, logit)) = own
            && logit >= rules.part.sum
        {
            sums.retain(|own| own.span != amount.span);
            sums.insert(0, amount.clone());
        }
        if sums.is_empty() {
            let near = set.trigger.start.saturating_sub(NEAR)..set.trigger.end + NEAR;
            let others: Vec<Amount> = (self.told.sums.iter())
                .filter(|amount| amount.span.touches(&near) && !amount.span.touches(&self.range))
                .filter(|amount| suits(kind, amount))
                .cloned()
                .collect();
            if let Some((amount, logit)) = self.likeliest(set, kind, &others)
                && logit >= rules.part.far_sum
            {
                let mut amount = amount.clone();
                if let Some(dollar) = self
                    .told
                    .dollar
                    .filter(|_| amount.is_money() && is_bare_dollar(amount.span.text()))
                {
                    dollar.clone_into(&mut amount.unit);
                }
                sums.push(amount);
            }
        }
        sums
    }

    /// The sum that likeliest is an event's, with its logit.
    fn likeliest<'s>(&self, set: &Set<'_>, kind: EventKind, sums: &'s [Amount]) -> Option<(&'s Amount, f32)> {
        let named: Vec<(Range<usize>, Role)> = (sums.iter())
            .map(|amount| (amount.span.range(), Role::of_amount(amount)))
            .collect();
        let logits = self.reading.parts(&set.trigger, kind, &named);
        (sums.iter().zip(logits))
            .filter_map(|(amount, logit)| Some((amount, logit?)))
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// Whether somebody or something of a kind may be a party to an event of a kind.
const fn may_take_part(kind: EventKind, entity: EntityKind) -> bool {
    match entity {
        EntityKind::Element | EntityKind::Group | EntityKind::Mineral => matches!(kind, EventKind::PriceMove),
        EntityKind::Person | EntityKind::Technology => false,
        EntityKind::Country => !matches!(kind, EventKind::PriceMove),
        _ => true,
    }
}
