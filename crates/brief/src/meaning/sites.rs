//! When the plants an article speaks of can start: before that, nothing material changes.

use jiff::civil::Date;
use monazite_evidence::Dataset;
use monazite_evidence::table::{Facility, FacilityStatus};
use schemars::JsonSchema;
use serde::Serialize;

use crate::claim::Figure;
use crate::entity::{Entity, EntityKind};
use crate::event::{Event, EventKind};

/// A plant or mine that is to start.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Coming {
    /// Id of the facility.
    pub facility: String,
    /// Its name.
    pub name: String,
    /// What it does.
    pub stage: String,
    /// When it is to start.
    pub start: String,
    /// The year.
    pub year: i16,
    /// Capacity, where known.
    pub capacity: Option<Figure>,
}

/// That nothing changes before a year.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Delay {
    /// The first year in which something can change.
    pub year: i16,
    /// In a sentence.
    pub says: String,
    /// The plants concerned, the earliest first.
    pub sites: Vec<Coming>,
}

/// Kinds of event that change supply only once something is built.
pub(super) const SLOW: &[EventKind] = &[
    EventKind::Talks,
    EventKind::Agreement,
    EventKind::Investment,
    EventKind::Acquisition,
    EventKind::Offtake,
    EventKind::Opening,
    EventKind::Licence,
];

/// The plants concerned by slow events that start after the article, and the year nothing changes before.
pub(super) fn delay(
    dataset: &Dataset,
    entities: &[Entity],
    events: &[Event],
    published: Option<Date>,
) -> Option<Delay> {
    let live: Vec<&Event> = events
        .iter()
        .filter(|event| super::news::is_news(event, published))
        .collect();
    // What the headline and the lead are about, where they are about anything.
    let lead: Vec<&Event> = live.iter().copied().filter(|event| super::news::leads(event)).collect();
    let live = if lead.is_empty() { live } else { lead };
    if live.is_empty() || !live.iter().all(|event| SLOW.contains(&event.kind)) {
        return None;
    }
    let this_year = published?.year();
    let mut sites = named(dataset, entities, &live, this_year);
    if sites.is_empty() {
        sites = in_places(dataset, &live, this_year);
    }
    sites.sort_by(|a, b| a.year.cmp(&b.year).then(a.facility.cmp(&b.facility)));
    sites.dedup_by(|a, b| a.facility == b.facility);
    sites.truncate(6);
    let year = sites.first()?.year;
    let list: Vec<String> = sites
        .iter()
        .take(4)
        .map(|site| {
            let capacity = site
                .capacity
                .as_ref()
                .map_or_else(String::new, |figure| format!(", {:.0} {}", figure.value, figure.unit));
            format!(
                "{} ({}{capacity}) in {}",
                site.name,
                site.stage.replace('_', " "),
                site.start
            )
        })
        .collect();
    Some(Delay {
        year,
        says: format!(
            "Nothing material changes before {year}: of the sites concerned, {} {} to start.",
            list.join(", "),
            if list.len() == 1 { "is" } else { "are" }
        ),
        sites,
    })
}

fn coming(row: &Facility, this_year: i16) -> Option<Coming> {
    let start = row.start.filter(|start| start.year() > this_year)?;
    let open = !matches!(row.status, FacilityStatus::Operating | FacilityStatus::Closed);
    open.then(|| Coming {
        facility: row.facility.to_string(),
        name: row.name.clone(),
        stage: row.stage.to_string(),
        start: start.to_string(),
        year: start.year(),
        capacity: row.capacity.map(|capacity| Figure {
            what: format!("capacity of {}", row.name),
            value: capacity,
            unit: row
                .capacity_unit
                .map_or("t/yr", |unit| {
                    if unit.as_str().contains("reo") {
                        "t REO/yr"
                    } else {
                        "t/yr"
                    }
                })
                .to_owned(),
            period: start.to_string(),
            table: "facilities".to_owned(),
            sources: row.provenance.sources.iter().map(ToString::to_string).collect(),
            confidence: row.provenance.confidence.as_str().to_owned(),
        }),
    })
}

/// Plants and deposits the article names.
fn named(dataset: &Dataset, entities: &[Entity], events: &[&Event], this_year: i16) -> Vec<Coming> {
    let concerned = |entity: &&Entity| {
        let things = events
            .iter()
            .flat_map(|event| event.parties.iter().chain(&event.objects));
        things
            .into_iter()
            .any(|thing| thing.kind == entity.kind && thing.key == entity.key)
    };
    let sites = entities
        .iter()
        .filter(|entity| matches!(entity.kind, EntityKind::Deposit | EntityKind::Plant))
        .filter(concerned);
    let ids: Vec<&str> = sites
        .flat_map(|entity| &entity.evidence)
        .map(|row| row.id.as_str())
        .collect();
    let rows = dataset
        .facilities
        .iter()
        .filter(|row| ids.iter().any(|id| is_of(row.facility.as_str(), id)));
    rows.filter_map(|row| coming(row, this_year)).collect()
}

/// Whether a facility is a site or a step beside it: `nolans_cracking` of `nolans`.
pub(super) fn is_of(facility: &str, site: &str) -> bool {
    facility == site || facility.strip_prefix(site).is_some_and(|rest| rest.starts_with('_'))
}

/// States in which so much is built that talks with them are about none of it in particular.
const HAVE_MUCH: &[&str] = &["USA", "CHN"];

/// Plants to come in the countries things are to happen in, by talks and agreements that name none: the place named,
/// else the party that has any.
fn in_places(dataset: &Dataset, events: &[&Event], this_year: i16) -> Vec<Coming> {
    let of_place = |place: &str| -> Vec<Coming> {
        let rows = dataset.facilities.iter().filter(|row| row.place == *place);
        rows.filter_map(|row| coming(row, this_year)).collect()
    };
    let states = events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Talks | EventKind::Agreement));
    let mut found = Vec::new();
    for event in states {
        // Where they meet is not where things happen, unless it is one of them.
        let place = event
            .place
            .as_deref()
            .filter(|place| event.parties.iter().any(|party| party.key == **place))
            .filter(|place| !HAVE_MUCH.contains(place) && !of_place(place).is_empty());
        let party = || {
            event.parties.iter().find(|party| {
                party.kind == EntityKind::Country
                    && !HAVE_MUCH.contains(&&*party.key)
                    && !of_place(&party.key).is_empty()
            })
        };
        if let Some(place) = place.or_else(|| party().map(|party| party.key.as_str())) {
            found.extend(of_place(place));
        }
    }
    found
}
