//! Checks of a scenario as a whole: events that contradict each other or fall outside its time.

use jiff::civil::Date;
use monazite_evidence::{Element, FacilityId, FeedId, GradeId, Stage, ViewPlace};

use super::Scenario;
use super::event::{Event, EventKind, Flows, Plants, ProductKind, Selection};
use super::page::Page;
use super::read::Place;
use super::vocabulary::Vocabulary;

/// Reports what is wrong between events; `places` runs parallel to the scenario's events.
pub(super) fn across_events(page: &Page<'_>, scenario: &Scenario, places: &[Place], words: &Vocabulary) {
    let entries: Vec<(&Event, &Place)> = scenario.events.iter().zip(places).collect();
    for (n, (event, place)) in entries.iter().enumerate() {
        if !place.included {
            check_horizon(page, scenario, event, place);
        }
        for (earlier, at) in entries.iter().take(n) {
            let Some(shared) = overlap(earlier, event, words) else {
                continue;
            };
            let line = page.position(at.heading.start).0;
            let message = format!(
                "{shared} is already under the {} of event `{}` (line {line}) on the same days",
                event.kind.word(),
                earlier.id
            );
            let fault = page.error(&place.heading, message).event(Some(&event.id));
            page.report(fault.hint("end one before the other begins, or split them by element, place or plant"));
        }
    }
}

fn check_horizon(page: &Page<'_>, scenario: &Scenario, event: &Event, place: &Place) {
    let (first, last) = (scenario.start.first_day(), scenario.last().last_day());
    let outside = if event.from > last {
        Some(format!(
            "begins {}, after the last quarter {}",
            event.from,
            scenario.last()
        ))
    } else {
        let until = event.until.filter(|until| *until < first);
        until.map(|until| format!("ends {until}, before the first quarter {}", scenario.start))
    };
    if let Some(outside) = outside {
        let message = format!("{outside}; it has no effect");
        page.report(page.warning(&place.from, message).event(Some(&event.id)));
    }
}

/// What two events of one kind both govern on some day, in words; none when they may stand side
/// by side. Quotas may be nested; additions of capacity, stocks, delays and promised flows add up.
fn overlap(a: &Event, b: &Event, words: &Vocabulary) -> Option<String> {
    if a.kind.word() != b.kind.word() || !days_meet(a, b) {
        return None;
    }
    match (&a.kind, &b.kind) {
        (EventKind::PriceFloor { .. }, EventKind::PriceFloor { .. }) => shared_floor(&a.kind, &b.kind, words),
        (EventKind::Quota { flows: x, .. }, EventKind::Quota { flows: y, .. }) => {
            (x == y).then(|| "the same group of routes".to_owned())
        }
        (EventKind::Outage { plants: x, .. }, EventKind::Outage { plants: y, .. }) => shared_plant(x, y, words),
        (
            EventKind::Demand {
                end_uses: uses_x,
                places: places_x,
                ..
            },
            EventKind::Demand {
                end_uses: uses_y,
                places: places_y,
                ..
            },
        ) => {
            let use_ = words
                .end_uses
                .iter()
                .find(|id| uses_x.contains::<str>(id.as_str()) && uses_y.contains::<str>(id.as_str()))?;
            let place = shared_place(places_x, places_y, words)?;
            Some(format!("demand for {use_} in {place}"))
        }
        _ => shared_flow(a.kind.flows()?, b.kind.flows()?, words),
    }
}

fn shared_floor(one: &EventKind, other: &EventKind, words: &Vocabulary) -> Option<String> {
    let floor = |kind: &EventKind| match kind {
        EventKind::PriceFloor { places, products, .. } => Some((places.clone(), products.clone())),
        _ => None,
    };
    let ((places, products), (other_places, other_products)) = (floor(one)?, floor(other)?);
    let place = shared_place(&places, &other_places, words)?;
    let shared = products.iter().any(|product| other_products.contains(product));
    shared.then(|| format!("the same product in {place}"))
}

fn days_meet(a: &Event, b: &Event) -> bool {
    let last = |event: &Event| event.until.unwrap_or(Date::MAX);
    a.from <= last(b) && b.from <= last(a)
}

fn shared_place<'w>(x: &Selection<ViewPlace>, y: &Selection<ViewPlace>, words: &'w Vocabulary) -> Option<&'w str> {
    let both = |id: &&String| x.contains::<str>(id.as_str()) && y.contains::<str>(id.as_str());
    words.places.keys().find(both).map(String::as_str)
}

fn shared_flow(x: &Flows, y: &Flows, words: &Vocabulary) -> Option<String> {
    // A carve-out of some end uses stands beside the regime for all.
    if x.end_uses.is_all() != y.end_uses.is_all() {
        return None;
    }
    let shared_use = |id: &String| x.end_uses.contains::<str>(id.as_str()) && y.end_uses.contains::<str>(id.as_str());
    if !x.end_uses.is_all() && !words.end_uses.iter().any(shared_use) {
        return None;
    }
    let product = ProductKind::ALL
        .iter()
        .find_map(|kind| shared_product(*kind, x, y, words))?;
    // A route needs two different places; look for the first pair that both events govern.
    let places: Vec<ViewPlace> = words.places.keys().map(|id| ViewPlace::from(id.as_str())).collect();
    let route = places.iter().find_map(|origin| {
        let both = |to: &&ViewPlace| x.has_route(origin, to) && y.has_route(origin, to);
        places.iter().find(both).map(|to| (origin, to))
    });
    let (origin, destination) = route?;
    Some(format!("{product} from {origin} to {destination}"))
}

fn shared_product(kind: ProductKind, x: &Flows, y: &Flows, words: &Vocabulary) -> Option<String> {
    match kind {
        ProductKind::Oxide | ProductKind::Metal => Element::ALL
            .iter()
            .find(|e| x.has_element(kind, **e) && y.has_element(kind, **e))
            .map(|element| format!("{element} {kind}")),
        ProductKind::Magnet => words
            .grades
            .iter()
            .find(|(id, content)| {
                let grade = GradeId::from(id.as_str());
                x.has_grade(&grade, content) && y.has_grade(&grade, content)
            })
            .map(|(id, _)| format!("magnet grade {id}")),
        _ => words
            .feeds
            .iter()
            .find(|id| {
                let feed = FeedId::from(id.as_str());
                x.has_feed(kind, &feed) && y.has_feed(kind, &feed)
            })
            .map(|id| format!("{id} {kind}")),
    }
}

fn shared_plant(x: &Plants, y: &Plants, words: &Vocabulary) -> Option<String> {
    if let (Plants::At { places, stages }, Plants::At { places: p, stages: s }) = (x, y) {
        // Also where the dataset has no plant of its own.
        let stage: &Stage = stages.iter().find(|stage| s.contains(stage))?;
        let place = shared_place(places, p, words)?;
        return Some(format!("{stage} in {place}"));
    }
    words
        .facilities
        .iter()
        .find(|(id, at)| {
            let facility = FacilityId::from(id.as_str());
            let place = ViewPlace::from(at.place.as_str());
            x.has(&facility, &place, at.stage) && y.has(&facility, &place, at.stage)
        })
        .map(|(id, _)| format!("facility {id}"))
}
