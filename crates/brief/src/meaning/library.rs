//! The scenario of the library that an article is about.

use monazite_evidence::{Dataset, Element, PlaceId, ViewPlace};
use monazite_market::scenario::{Event as Shock, EventKind as Kind, Plants, Scenario};

use super::{Chosen, Library, Origin};
use crate::entity::EntityKind;
use crate::event::{Event, EventKind, Status};

/// What agreement must reach for a scenario to be about the article.
const ENOUGH: f64 = 5.0;

/// The scenario that agrees best with one of the events, when it agrees well enough.
pub(super) fn matching(dataset: &Dataset, library: &Library, events: &[Event]) -> Option<Chosen> {
    let mut best: Option<(f64, Chosen)> = None;
    for (scenario, text) in &library.scenarios {
        for event in events
            .iter()
            .filter(|event| !matches!(event.status, Status::Denied | Status::Ended))
        {
            let agreement = scenario
                .events
                .iter()
                .map(|shock| agreement(dataset, event, shock))
                .fold(0.0, f64::max);
            if agreement >= ENOUGH && best.as_ref().is_none_or(|(known, _)| agreement > *known) {
                best = Some((agreement, chosen(scenario, text, event)));
            }
        }
    }
    best.map(|(_, chosen)| chosen)
}

fn chosen(scenario: &Scenario, text: &str, event: &Event) -> Chosen {
    let assumed = scenario.events.iter().any(Shock::is_assumed);
    Chosen {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        origin: Origin::Library,
        why: format!(
            "It is about the same {}{}.",
            event.kind.as_str().replace('_', " "),
            if assumed {
                "; some of its figures are assumptions, named in the file"
            } else {
                ""
            }
        ),
        file: text.to_owned(),
        spans: event.spans.clone(),
    }
}

/// How well a shock of a scenario agrees with an event of the article.
fn agreement(dataset: &Dataset, event: &Event, shock: &Shock) -> f64 {
    let fits = match shock.kind {
        Kind::Ban(_) | Kind::Licence { .. } | Kind::ContentRule { .. } => {
            matches!(event.kind, EventKind::ExportControl)
        }
        Kind::Quota { .. } => matches!(event.kind, EventKind::Quota),
        Kind::Tariff { .. } | Kind::ExportTax { .. } => matches!(event.kind, EventKind::Tariff),
        Kind::Outage { .. } => matches!(event.kind, EventKind::Closure | EventKind::Accident),
        Kind::Capacity { .. } => super::sites::SLOW.contains(&event.kind),
        Kind::StockRelease { .. } | Kind::StockPurchase { .. } => matches!(event.kind, EventKind::Stockpile),
        Kind::Offtake { .. } => matches!(event.kind, EventKind::Offtake),
        Kind::Delay { .. } => matches!(event.kind, EventKind::Sanction | EventKind::ExportControl),
        Kind::PriceFloor { .. } => matches!(event.kind, EventKind::Investment | EventKind::Agreement),
        Kind::Demand { .. } => false,
    };
    if !fits {
        return 0.0;
    }
    let places: Vec<ViewPlace> = event
        .parties
        .iter()
        .filter(|party| party.kind == EntityKind::Country)
        .map(|party| party.key.as_str())
        .chain(event.place.as_deref())
        .filter_map(|code| dataset.view_place(&PlaceId::from(code)).cloned())
        .collect();
    let mut score = 1.0;
    if let Some(flows) = shock.kind.flows() {
        let from = flows
            .origin
            .only
            .as_ref()
            .is_some_and(|only| only.iter().any(|place| places.contains(place)));
        let to = flows
            .destination
            .only
            .as_ref()
            .is_some_and(|only| only.iter().any(|place| places.contains(place)));
        score += if from { 2.0 } else { -3.0 };
        score += if to { 1.0 } else { 0.0 };
        score += 2.0 * alike(event, flows.elements.only.as_deref());
    }
    score += match &shock.kind {
        Kind::Outage { plants, .. } | Kind::Capacity { plants, .. } | Kind::Delay { plants, .. } => {
            sites(event, plants, &places)
        }
        Kind::StockRelease { place, .. } | Kind::StockPurchase { place, .. } => {
            if places.contains(place) {
                3.0
            } else {
                -3.0
            }
        }
        _ => 0.0,
    };
    if let Some(when) = &event.when {
        let days = (shock.from - when.from).get_days().abs();
        score += if days <= 45 {
            2.0
        } else if days <= 200 {
            0.5
        } else {
            -1.0
        };
    }
    score
}

/// Shared elements over all; a little where the article names none.
fn alike(event: &Event, wanted: Option<&[Element]>) -> f64 {
    let named: Vec<Element> = event
        .objects
        .iter()
        .filter(|object| object.kind == EntityKind::Element)
        .filter_map(|object| object.key.parse().ok())
        .collect();
    match wanted {
        _ if named.is_empty() => 0.25,
        None => 0.25,
        Some(wanted) => {
            let shared = named.iter().filter(|element| wanted.contains(element)).count();
            let all = named.len() + wanted.len() - shared;
            let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
            let share = number(shared) / number(all.max(1));
            if shared == 0 { -2.0 } else { share }
        }
    }
}

fn sites(event: &Event, plants: &Plants, places: &[ViewPlace]) -> f64 {
    match plants {
        Plants::Facilities(named) => {
            let shared = event
                .parties
                .iter()
                .chain(&event.objects)
                .any(|thing| named.iter().any(|id| id.as_str() == thing.key));
            if shared { 4.0 } else { -1.0 }
        }
        Plants::At { places: wanted, .. } => {
            if wanted
                .only
                .as_ref()
                .is_some_and(|only| only.iter().any(|place| places.contains(place)))
            {
                2.5
            } else {
                -2.0
            }
        }
    }
}
