//! What happens in the scenario: dates, what each event does, and the evidence for it.

use monazite_market::scenario::{Event, EventKind, Flows, Plants, ProductKind, Quarter, Selection, Stocked};
use serde::Serialize;

use super::evidence::{Piece, piece};
use super::names::{counted, list, sentence};
use super::numbers::{figure, multiple, percent, with_unit};
use super::run::Run;

/// Most names written out in a list.
const MOST_NAMES: usize = 10;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// One event.
#[derive(Debug, Serialize)]
pub struct EventWords {
    number: usize,
    title: String,
    kind: String,
    what: String,
    from: String,
    until: String,
    steps_name: &'static str,
    steps: Vec<StepWords>,
    assumed: bool,
    unverified: usize,
    evidence: Vec<Piece>,
    pieces: String,
    note: Option<String>,
}

/// How strong an event is over some quarters.
#[derive(Debug, Serialize)]
struct StepWords {
    quarters: String,
    value: String,
}

/// All events of the scenario.
pub fn events(run: &Run<'_>) -> Vec<EventWords> {
    run.events().map(|(number, event)| words(run, number, event)).collect()
}

fn words(run: &Run<'_>, number: usize, event: &Event) -> EventWords {
    let evidence: Vec<Piece> = event.evidence.iter().map(|id| piece(run.inputs.dataset, id)).collect();
    let found = evidence.iter().filter(|piece| !piece.assumed).count();
    let (steps_name, value) = strength(event);
    EventWords {
        number,
        title: event.title.clone().unwrap_or_else(|| event.id.clone()),
        kind: sentence(&event.kind.word().replace('_', " ")),
        what: what(run, event),
        from: day(event.from.year(), event.from.month(), event.from.day()),
        until: event
            .until
            .map_or_else(|| "no end date".to_owned(), |d| day(d.year(), d.month(), d.day())),
        steps_name,
        steps: steps(run, event, value.as_ref()),
        assumed: event.is_assumed(),
        unverified: evidence.iter().filter(|piece| piece.unverified).count(),
        pieces: counted(found, "piece"),
        evidence,
        note: event.note.clone(),
    }
}

fn day(year: i16, month: i8, day: i8) -> String {
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .copied()
        .unwrap_or("");
    format!("{day} {name} {year}")
}

type Strength<'a> = Box<dyn Fn(Quarter) -> String + 'a>;

/// What is told quarter by quarter, and how.
fn strength(event: &Event) -> (&'static str, Strength<'_>) {
    match &event.kind {
        EventKind::Ban(_) | EventKind::Licence { .. } | EventKind::ContentRule { .. } => (
            "Let through, share of base flow",
            Box::new(|q| percent(event.open_share(q))),
        ),
        EventKind::Quota { .. } => (
            "Allowed in the quarter, all routes together",
            Box::new(|q| {
                event
                    .quota_tonnes(q)
                    .map_or_else(|| "–".to_owned(), |t| with_unit(t, "t"))
            }),
        ),
        EventKind::Tariff { .. } | EventKind::ExportTax { .. } => {
            ("Rate, share of price", Box::new(|q| percent(event.rate(q))))
        }
        EventKind::Outage { .. } => ("Capacity left", Box::new(|q| percent(event.available_share(q)))),
        EventKind::Demand { .. } => (
            "Demand, multiple of base",
            Box::new(|q| multiple(event.demand_factor(q))),
        ),
        EventKind::Capacity { .. } => (
            "Added in the quarter",
            Box::new(|q| with_unit(event.extra_tonnes(q), "t")),
        ),
        EventKind::PriceFloor { usd_per_kg, .. } => ("Floor, USD/kg", Box::new(move |_| figure(*usd_per_kg))),
        EventKind::StockPurchase { .. } => (
            "Bought in the quarter, at most",
            Box::new(|q| with_unit(event.committed_tonnes(q), "t")),
        ),
        EventKind::Offtake { .. } => (
            "Promised in the quarter",
            Box::new(|q| with_unit(event.committed_tonnes(q), "t")),
        ),
        EventKind::Delay { quarters, .. } => ("Quarters late", Box::new(move |_| figure(f64::from(*quarters)))),
        EventKind::StockRelease { .. } => (
            "Released in the quarter",
            Box::new(|q| with_unit(event.released_tonnes(q), "t")),
        ),
    }
}

/// The quarters in force, neighbours of one strength together.
fn steps(run: &Run<'_>, event: &Event, value: &dyn Fn(Quarter) -> String) -> Vec<StepWords> {
    let mut runs: Vec<(Quarter, Quarter, String)> = Vec::new();
    for quarter in run.quarters.iter().filter(|quarter| event.covered(**quarter) > 0.0) {
        let value = value(*quarter);
        match runs.last_mut() {
            Some((_, last, same)) if *same == value => *last = *quarter,
            _ => runs.push((*quarter, *quarter, value)),
        }
    }
    runs.into_iter()
        .map(|(first, last, value)| StepWords {
            quarters: if first == last {
                first.to_string()
            } else {
                format!("{first}–{last}")
            },
            value,
        })
        .collect()
}

fn what(run: &Run<'_>, event: &Event) -> String {
    match &event.kind {
        EventKind::Ban(f)
        | EventKind::Licence { flows: f, .. }
        | EventKind::Quota { flows: f, .. }
        | EventKind::Tariff { flows: f, .. }
        | EventKind::ExportTax { flows: f, .. } => flows(run, f),
        EventKind::ContentRule {
            flows: f,
            content_origin,
            ..
        } => format!(
            "{}, as far as made from material of {}",
            flows(run, f),
            chosen(content_origin, "any place", |id| run.names.the_place(id.as_str()))
        ),
        EventKind::Outage { plants, .. } | EventKind::Capacity { plants, .. } | EventKind::Delay { plants, .. } => {
            at_plants(run, plants)
        }
        EventKind::PriceFloor { places, products, .. } => {
            let names: Vec<String> = products.iter().map(|p| stocked(run, p)).collect();
            format!(
                "{}, made in {}",
                short_list(names),
                chosen(places, "all places", |id| run.names.the_place(id.as_str()))
            )
        }
        EventKind::Offtake {
            origin,
            destination,
            product,
            ..
        } => format!(
            "{}, from {} to {}",
            stocked(run, product),
            run.names.the_place(origin.as_str()),
            run.names.the_place(destination.as_str())
        ),
        EventKind::Demand { end_uses, places, .. } => {
            let uses = chosen(end_uses, "all end uses", |id| run.names.end_use(id.as_str()));
            format!(
                "{uses}, in {}",
                chosen(places, "all places", |id| run.names.the_place(id.as_str()))
            )
        }
        EventKind::StockRelease { place, product, .. } | EventKind::StockPurchase { place, product, .. } => {
            format!("{}, in {}", stocked(run, product), run.names.the_place(place.as_str()))
        }
    }
}

fn flows(run: &Run<'_>, flows: &Flows) -> String {
    let kinds: Vec<String> = flows.products.iter().map(|kind| plural(*kind).to_owned()).collect();
    let mut text = list(&kinds);
    if !flows.elements.is_all() {
        let elements = chosen(&flows.elements, "all", |e| run.names.element(e.symbol()).to_owned());
        text = format!("{text} with {elements}");
    }
    if !flows.grades.is_all() {
        let grades = chosen(&flows.grades, "all", |grade| {
            let name = run.names.product_short(&format!("magnet:{grade}"));
            let bare = name
                .trim_start_matches("NdFeB magnets ")
                .trim_end_matches(" magnets")
                .trim_end_matches(" NdFeB");
            if bare.starts_with("Bonded") {
                bare.to_lowercase()
            } else {
                bare.to_owned()
            }
        });
        text = format!("{text}, grades {grades}");
    }
    if !flows.feeds.is_all() {
        let feeds = chosen(&flows.feeds, "all", |feed| feed.as_str().replace('_', " "));
        text = format!("{text}, from {feeds}");
    }
    if !flows.end_uses.is_all() {
        let uses = chosen(&flows.end_uses, "all", |id| run.names.end_use(id.as_str()));
        text = format!("{text}, for {uses}");
    }
    let origin = chosen(&flows.origin, "all places", |id| run.names.the_place(id.as_str()));
    let destination = chosen(&flows.destination, "all places", |id| run.names.the_place(id.as_str()));
    sentence(&format!("{text}; from {origin} to {destination}"))
}

fn plural(kind: ProductKind) -> &'static str {
    match kind {
        ProductKind::Concentrate => "concentrates",
        ProductKind::Carbonate => "mixed carbonates",
        ProductKind::HeavyConcentrate => "heavy concentrates",
        ProductKind::Oxide => "oxides",
        ProductKind::Metal => "metals",
        ProductKind::Magnet => "magnets",
    }
}

fn at_plants(run: &Run<'_>, plants: &Plants) -> String {
    match plants {
        Plants::Facilities(ids) => {
            let names: Vec<String> = ids
                .iter()
                .map(|id| {
                    let row = run.inputs.dataset.facilities.iter().find(|row| row.facility == *id);
                    row.map_or_else(|| id.as_str().to_owned(), |row| row.name.clone())
                })
                .collect();
            short_list(names)
        }
        Plants::At { places, stages } => {
            let stages: Vec<String> = stages.iter().map(|stage| stage.as_str().replace('_', " ")).collect();
            let places = chosen(places, "all places", |id| run.names.the_place(id.as_str()));
            sentence(&format!("{} in {places}", list(&stages)))
        }
    }
}

fn stocked(run: &Run<'_>, product: &Stocked) -> String {
    match product {
        Stocked::Oxide(e) => run.names.product_title(&format!("oxide:{e}")),
        Stocked::Metal(e) => run.names.product_title(&format!("metal:{e}")),
        Stocked::Magnet(grade) => run.names.product_title(&format!("magnet:{grade}")),
        Stocked::Feed(kind, feed) => run.names.product_title(&format!("{}:{feed}", kind.as_str())),
    }
}

/// A choice in words.
fn chosen<T>(selection: &Selection<T>, all: &str, name: impl Fn(&T) -> String) -> String {
    let only = match &selection.only {
        None => all.to_owned(),
        Some(ids) => short_list(ids.iter().map(&name).collect()),
    };
    if selection.except.is_empty() {
        only
    } else {
        format!(
            "{only} except {}",
            short_list(selection.except.iter().map(&name).collect())
        )
    }
}

fn short_list(mut names: Vec<String>) -> String {
    if names.len() > MOST_NAMES {
        let more = names.len() - MOST_NAMES + 1;
        names.truncate(MOST_NAMES - 1);
        names.push(format!(
            "{} more",
            figure(f64::from(u32::try_from(more).unwrap_or(u32::MAX)))
        ));
    }
    list(&names)
}
