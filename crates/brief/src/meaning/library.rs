//! The scenario of the library that an article is about.

use jiff::civil::Date;
use monazite_evidence::{Dataset, Element, PlaceId, ViewPlace};
use monazite_market::scenario::{Event as Shock, EventKind as Kind, Plants, Scenario};

use super::{Alternative, Chosen, Library, Origin, Relation, news};
use crate::entity::EntityKind;
use crate::event::{Event, EventKind, Status};

/// What agreement must reach for a scenario to be about the article.
const ENOUGH: f64 = 5.0;

/// Days between an event and a shock beyond which the scenario is of another time.
const FAR: i32 = 730;

/// A further scenario is offered when it is at most so much worse than the best.
const CLOSE: f64 = 4.0;

/// The scenarios that agree with the news, the best first, and those that agree with what the article only recalls.
#[derive(Default)]
pub(super) struct Matches {
    /// Of the news.
    pub best: Option<Chosen>,
    /// The next ones.
    pub others: Vec<Alternative>,
}

/// Compares every scenario with every event; news counts by how new it is, background only as an offer.
pub(super) fn matching(dataset: &Dataset, library: &Library, events: &[Event], published: Option<Date>) -> Matches {
    let mut found: Vec<(Relation, f64, Chosen)> = Vec::new();
    for (scenario, text) in &library.scenarios {
        let mut best: Option<(Relation, f64, &Event)> = None;
        for event in events
            .iter()
            .filter(|event| news::is_sure(event) && !matches!(event.status, Status::Denied | Status::Ended))
        {
            let shocks = scenario
                .events
                .iter()
                .map(|shock| (agreement(dataset, event, shock), shock));
            let Some((best_shock, shock)) = shocks.max_by(|a, b| a.0.total_cmp(&b.0)) else {
                continue;
            };
            let agrees = best_shock + named_in_title(event, scenario);
            if agrees < ENOUGH {
                continue;
            }
            let role = Relation::of(event, shock, published);
            // Of two that agree as well, the one that assumes less.
            let shocks = u8::try_from(scenario.events.len()).unwrap_or(u8::MAX);
            let score = agrees - 0.05 * f64::from(shocks) + news::weight(event, published);
            if best.is_none_or(|(known_role, known, _)| (known_role, -known) > (role, -score)) {
                best = Some((role, score, event));
            }
        }
        if let Some((role, score, event)) = best {
            found.push((role, score, chosen(scenario, text, event, role)));
        }
    }
    found.sort_by(|a, b| {
        a.0.cmp(&b.0)
            .then(b.1.total_cmp(&a.1))
            .then_with(|| a.2.name.cmp(&b.2.name))
    });
    let any_news = events.iter().any(|event| news::is_news(event, published));
    let mut found = found.into_iter();
    let first = found.next();
    let (best, top, rest): (Option<Chosen>, f64, Vec<_>) = match first {
        Some((role, score, chosen)) if role == Relation::News || role == Relation::Background && !any_news => {
            (Some(chosen), score, found.collect())
        }
        Some(background) => (None, background.1, std::iter::once(background).chain(found).collect()),
        None => (None, 0.0, Vec::new()),
    };
    let others = rest
        .into_iter()
        .filter(|(_, score, _)| top - score <= CLOSE)
        .take(2)
        .map(|(role, _, chosen)| Alternative {
            name: chosen.name,
            title: chosen.title,
            relation: role,
            why: chosen.why,
            spans: chosen.spans,
        })
        .collect();
    Matches { best, others }
}

impl Relation {
    pub(super) fn of(event: &Event, shock: &Shock, published: Option<Date>) -> Self {
        let at = event.when.as_ref().map(|when| when.from).or(published);
        // What takes years to build may lie as far ahead.
        let at_once = !super::sites::SLOW.contains(&event.kind);
        let far = at_once && at.is_some_and(|at| (shock.from - at).get_days().abs() > FAR);
        if news::eases(event) {
            Self::Eased
        } else if far {
            Self::Analogue
        } else if news::is_background(event, published) {
            Self::Background
        } else {
            Self::News
        }
    }
}

/// A little where two states of an event both stand in the title of a scenario: `Russia and the US agree …`; less where the one that acts
/// does.
fn named_in_title(event: &Event, scenario: &Scenario) -> f64 {
    let title = format!(" {} ", scenario.title.replace([',', ':', ';', '\''], " "));
    let named = |party: &&crate::event::Party| {
        let own: &[&str] = match party.key.as_str() {
            "USA" => &["US", "United States", "American"],
            "CHN" => &["China", "Chinese"],
            "RUS" => &["Russia", "Russian"],
            _ => &[],
        };
        own.iter().any(|name| title.contains(&format!(" {name} "))) || title.contains(&format!(" {} ", party.name))
    };
    let states = event.parties.iter().filter(|party| party.kind == EntityKind::Country);
    let states: Vec<_> = states.collect();
    if states.iter().filter(|party| named(party)).count() >= 2 {
        2.5
    } else if states
        .first()
        .is_some_and(|party| !matches!(&*party.key, "CHN" | "USA") && named(party))
    {
        // `Malaysia lets no raw ore out`: few scenarios are about Malaysia.
        1.5
    } else {
        0.0
    }
}

fn chosen(scenario: &Scenario, text: &str, event: &Event, role: Relation) -> Chosen {
    let kind = event.kind.as_str().replace('_', " ");
    let about = match role {
        Relation::News | Relation::Background => format!("It is about the same {kind}"),
        Relation::Analogue => format!("It is about such a {kind} in another time, an analogue and no forecast"),
        Relation::Eased => {
            format!("It has the {kind} in force that the article tells is loosened: what no longer happens")
        }
    };
    let assumed = scenario.events.iter().any(Shock::is_assumed);
    Chosen {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        origin: Origin::Library,
        why: format!(
            "{about}{}.",
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
        let named = |only: Option<&Vec<ViewPlace>>, places: &[ViewPlace]| {
            only.is_some_and(|only| only.iter().any(|place| places.contains(place)))
        };
        // Who takes a measure comes first among the parties: a duty is the destination's, a control the origin's.
        let (taker, other) = places.split_at(places.len().min(1));
        let by_destination = matches!(shock.kind, Kind::Tariff { .. });
        let (own, whose) = if by_destination {
            (flows.destination.only.as_ref(), flows.origin.only.as_ref())
        } else {
            (flows.origin.only.as_ref(), flows.destination.only.as_ref())
        };
        score += if named(own, taker) { 2.0 } else { -3.0 };
        score += if named(whose, other) {
            1.0
        } else if by_destination && whose.is_some() {
            -3.0
        } else {
            0.0
        };
        score += 2.0 * alike(event, flows.elements.only.as_deref());
    }
    score += match &shock.kind {
        Kind::Outage { plants, .. } | Kind::Capacity { plants, .. } | Kind::Delay { plants, .. } => {
            sites(dataset, event, plants, &places)
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

fn sites(dataset: &Dataset, event: &Event, plants: &Plants, places: &[ViewPlace]) -> f64 {
    match plants {
        Plants::Facilities(named) => {
            let shared = event
                .parties
                .iter()
                .chain(&event.objects)
                .any(|thing| named.iter().any(|id| id.as_str() == thing.key));
            // Two states that speak of no plant speak of the country's.
            let speaks = matches!(event.kind, EventKind::Talks | EventKind::Agreement);
            let there = || {
                dataset.facilities.iter().any(|row| {
                    named.contains(&row.facility) && event.parties.iter().any(|party| row.place == *party.key.as_str())
                })
            };
            if shared {
                4.0
            } else if speaks && there() {
                2.5
            } else {
                -1.0
            }
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
