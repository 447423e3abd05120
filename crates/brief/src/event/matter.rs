//! What an event is about: rare earths, or minerals of which the model knows nothing.

use std::ops::Range;

use super::find::Context;
use super::{Event, EventKind, Party};
use crate::entity::{Entity, EntityKind};

/// Adds to each event the minerals it is about: those of its clauses; where these name no material, of its sentence; else, in a text that
/// speaks of minerals more than of rare earths, what was spoken of last: `Gallium is scarce. The ban takes effect on Monday.`
pub(super) fn tell_matter(events: &mut [Event], context: &Context<'_>) {
    let mentions = (context.found.mentions.iter()).filter_map(|mention| context.found.entities.get(mention.entity));
    let (mut minerals, mut rare_earths) = (0, 0);
    for entity in mentions.filter(|entity| is_matter(entity)) {
        if entity.kind == EntityKind::Mineral {
            minerals += 1;
        } else {
            rare_earths += 1;
        }
    }
    for event in events {
        let clauses: Vec<Range<usize>> = event.spans.all().iter().map(|span| span.start()..span.end()).collect();
        let mut matter = materials(context, &clauses);
        if matter.is_empty() {
            let at = event.trigger.start();
            let own = context.sentences.iter().filter(|sentence| sentence.contains(&at));
            matter = materials(context, &own.cloned().collect::<Vec<_>>());
        }
        if matter.is_empty() && minerals > rare_earths && of_goods(event.kind) {
            let before = 0..event.trigger.start();
            let before = context.found.within(&before).map(|(_, entity)| entity);
            matter.extend(before.filter(|entity| is_matter(entity)).last());
        }
        for entity in matter.into_iter().filter(|entity| entity.kind == EntityKind::Mineral) {
            if !event.objects.iter().any(|own| own.key == entity.key) {
                event.objects.push(Party::of(entity));
            }
        }
    }
}

fn materials<'a>(context: &Context<'a>, ranges: &[Range<usize>]) -> Vec<&'a Entity> {
    let found = context.found;
    let all = ranges.iter().flat_map(|range| found.within(range));
    all.map(|(_, entity)| entity)
        .filter(|entity| is_matter(entity))
        .collect()
}

/// Magnets are made of rare earths.
fn is_matter(entity: &Entity) -> bool {
    entity.kind.is_material() || entity.kind == EntityKind::Technology && entity.key == MAGNETS
}

const MAGNETS: &str = "permanent_magnets";

impl Event {
    /// The minerals it is about where it is about no rare earth: nothing the model could simulate.
    #[must_use]
    pub fn other_minerals(&self) -> Vec<&Party> {
        let all = || self.parties.iter().chain(&self.objects);
        // Sites of the dataset have ids, others the names of the text.
        let known = |party: &Party| party.kind.is_site() && party.key.starts_with(char::is_lowercase);
        let ours = |party: &Party| party.kind.is_rare_earth() || party.key == MAGNETS || known(party);
        if all().any(ours) {
            return Vec::new();
        }
        let mut minerals: Vec<&Party> = Vec::new();
        for party in all().filter(|party| party.kind == EntityKind::Mineral) {
            if !minerals.iter().any(|own| own.key == party.key) {
                minerals.push(party);
            }
        }
        minerals
    }
}

/// Whether events of a kind are about goods, not about a site or a firm.
pub(super) const fn of_goods(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::ExportControl | EventKind::Quota | EventKind::Tariff | EventKind::Stockpile | EventKind::PriceMove
    )
}

/// Whether two events are about different materials: a ban on gallium is none on dysprosium.
pub(super) fn other_matter(a: &Event, b: &Event) -> bool {
    let matter = |event: &Event| -> Vec<String> {
        let materials = event.objects.iter().filter(|object| object.kind.is_material());
        let key = |object: &Party| match object.kind {
            EntityKind::Mineral => object.key.clone(),
            _ => "rare earths".to_owned(),
        };
        materials.map(key).collect()
    };
    let (own, other) = (matter(a), matter(b));
    !own.is_empty() && !other.is_empty() && !own.iter().any(|key| other.contains(key))
}
