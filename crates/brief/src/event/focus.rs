//! What a text as a whole is about: its firm, and whose dollars it counts in.

use super::sentence::is_bare_dollar;
use super::{Event, Party};
use crate::entity::{EntityKind, Found};

/// What stands in the first bytes of a text, its headline and lead, weighs double.
const LEAD: usize = 400;

/// The firm a text is about: the one it names most, or the only one. `The company`, `it` and, in a release, `we` are that firm
/// where nothing nearer is.
pub(super) fn focus(found: &Found) -> Option<Party> {
    let mut weights = vec![0_usize; found.entities.len()];
    for mention in &found.mentions {
        if let Some(weight) = weights.get_mut(mention.entity) {
            *weight += if mention.range.start < LEAD { 2 } else { 1 };
        }
    }
    let firms = || {
        found
            .entities
            .iter()
            .zip(&weights)
            .filter(|(entity, weight)| entity.kind == EntityKind::Company && **weight > 0)
    };
    let only = firms().count() == 1;
    let most = firms().map(|(_, weight)| *weight).max()?;
    let first = firms().find(|(_, weight)| **weight == most)?.0;
    // A text on a mine that names some firm in passing is about the mine.
    let site = found
        .entities
        .iter()
        .zip(&weights)
        .filter(|(entity, _)| matches!(entity.kind, EntityKind::Deposit | EntityKind::Plant))
        .max_by_key(|(_, weight)| **weight);
    let lead = found.mentions.iter().any(|mention| {
        let own = found.entities.get(mention.entity);
        is_lead(mention.range.start) && own.is_some_and(|own| own.key == first.key)
    });
    if let Some((site, weight)) = site
        && *weight >= 2 * most
        && !lead
    {
        return Some(Party {
            key: site.key.clone(),
            name: site.name.clone(),
            kind: site.kind,
        });
    }
    (most >= 2 || only).then(|| Party {
        key: first.key.clone(),
        name: first.name.clone(),
        kind: EntityKind::Company,
    })
}

/// The first firm of a text, for a headline that says only `Recycling company to open plant`.
pub(super) fn first_firm(found: &Found) -> Option<Party> {
    found.mentions.iter().find_map(|mention| {
        let entity = found.entities.get(mention.entity)?;
        let near = entity.kind == EntityKind::Company && mention.range.start < 2 * LEAD;
        near.then(|| Party {
            key: entity.key.clone(),
            name: entity.name.clone(),
            kind: EntityKind::Company,
        })
    })
}

/// Whether a place is in the headline or lead.
pub(super) const fn is_lead(at: usize) -> bool {
    at < LEAD
}

/// The currency, other than the American, in which a bare `$` of these events was read.
pub(crate) fn read_as_local(events: &[Event]) -> Option<&str> {
    let amounts = events.iter().flat_map(|event| &event.amounts);
    let mut local =
        amounts.filter(|amount| matches!(&*amount.unit, "AUD" | "CAD") && is_bare_dollar(amount.span.text()));
    local.next().map(|amount| &*amount.unit)
}

/// Whether a text writes the dollars of Australia or Canada with their letter, or is an agency's for the world.
pub(super) fn marks_dollars(text: &str) -> bool {
    let marks = ["A$", "AU$", "AUD", "C$", "CAD", "Aus$", "Reuters", "Bloomberg"];
    marks.iter().any(|mark| text.contains(mark))
}

/// Whether the United States or anybody of them is named.
pub(super) fn names_america(found: &Found) -> bool {
    let of_america = |entity: &crate::entity::Entity| entity.key == "USA" || entity.place.as_deref() == Some("USA");
    found.entities.iter().any(of_america)
}

/// Whether a bare `¥` means yen: the text writes yen, or names Japan and not China.
pub(super) fn means_yen(text: &str, found: &Found) -> bool {
    let names =
        |code: &str| (found.entities.iter()).any(|entity| entity.kind == EntityKind::Country && entity.key == code);
    let chinese = ["yuan", "renminbi", "RMB", "CNY"]
        .iter()
        .any(|word| text.contains(word));
    !chinese && (text.contains(" yen") || names("JPN") && !names("CHN"))
}

/// Whose dollars a bare `$` means: those of Australia or Canada in a text from there that writes US dollars otherwise, or
/// that names hardly anybody of the United States.
pub(super) fn local_dollar(text: &str, found: &Found) -> Option<&'static str> {
    if marks_dollars(text) {
        return None;
    }
    // Listed in Toronto and not in New York.
    if text.contains("TSX")
        && !["NYSE", "Nasdaq", "NASDAQ", "US$"]
            .iter()
            .any(|mark| text.contains(mark))
    {
        return Some("CAD");
    }
    let of = |code: &str| {
        let own = |mention: &&crate::entity::Mention| {
            found.entities.get(mention.entity).is_some_and(|entity| {
                entity.kind == EntityKind::Country && entity.key == code || entity.place.as_deref() == Some(code)
            })
        };
        found.mentions.iter().filter(own).count()
    };
    let all = found
        .mentions
        .iter()
        .filter(|mention| {
            found.entities.get(mention.entity).is_some_and(|entity| {
                entity.key != "CHN" && (entity.kind == EntityKind::Country || entity.place.is_some())
            })
        })
        .count();
    let (home, code) = [(of("AUS"), "AUD"), (of("CAN"), "CAD")]
        .into_iter()
        .max_by_key(|(count, _)| *count)?;
    // Of what has a country at all, China aside, most is at home.
    let local = home >= 2 && home * 10 >= all * 7;
    (local && (text.contains("US$") || of("USA") == 0)).then_some(code)
}
