//! Capacities of stages in places, from facilities and from what the base year shows they ran at.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::product::{Catalogue, FeedIx, Product};
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{BaseYear, PlaceIx};
use monazite_evidence::table::{CapacityUnit, Facility, FacilityStatus};
use monazite_evidence::{Dataset, Element, FacilityId, Period, Stage};

use super::build::{QUARTERS, Settings, place_of};
use super::{Capacity, Line};

/// Products of light separation that are sold unseparated.
const MIXED: [&str; 2] = ["SEG", "SEG+"];
/// NdPr share of a typical light feed, to turn nameplates in NdPr oxide into feed.
const NDPR_OF_FEED: f64 = 0.2;

/// A plant that ran in the base year: id, stage, place, lines, capacity per quarter.
type Running = (FacilityId, Stage, PlaceIx, Line, f64);
/// A plant to come: id, stage, place, lines, first quarter, capacity per quarter.
type Future = (FacilityId, Stage, PlaceIx, Line, (i16, i8), f64);

pub(super) struct Plants {
    pub running: Vec<Running>,
    pub future: Vec<Future>,
    pub new_mines: Vec<(FacilityId, PlaceIx, FeedIx)>,
    /// Elements that the separation plants of a place finish; all of them where a plant does not say.
    finished: BTreeMap<PlaceIx, BTreeSet<Element>>,
    /// Stages present in places: whether only future plants provide them, and elements they are limited to.
    pub stages: Vec<(Stage, PlaceIx, bool, Vec<Element>)>,
}

impl Plants {
    pub fn new(dataset: &Dataset, base: &BaseYear, settings: &Settings) -> Self {
        let mut plants = Self {
            running: Vec::new(),
            future: Vec::new(),
            new_mines: Vec::new(),
            finished: BTreeMap::new(),
            stages: Vec::new(),
        };
        let mut stages: BTreeMap<(Stage, PlaceIx), (bool, Vec<Element>, bool)> = BTreeMap::new();
        let base_year = i16::try_from(base.year).unwrap_or(i16::MAX);
        for f in &dataset.facilities {
            let Some(place) = view_place(dataset, base, f) else {
                continue;
            };
            let capacity = f.capacity.unwrap_or(0.0) * unit_factor(f);
            let start = f.start;
            let started = start.is_none_or(|s| s.year() <= base_year);
            let ended = f.end.is_some_and(|e| e.year() < base_year);
            let runs = matches!(f.status, FacilityStatus::Operating | FacilityStatus::RampUp) && started && !ended;
            let comes = !matches!(
                f.status,
                FacilityStatus::Planned | FacilityStatus::Halted | FacilityStatus::Closed
            ) && start.is_some_and(|s| s.year() > base_year && s.year() <= settings.horizon);
            let mut made = f.made();
            if f.stage == Stage::Magnet && made.is_empty() {
                // What a magnet plant makes is NdFeB unless it says otherwise.
                made.push(Element::Nd);
            }
            let lines = lines(f.stage, &made, capacity / QUARTERS);
            if runs {
                let plant = |(line, capacity)| (f.facility.clone(), f.stage, place, line, capacity);
                plants.running.extend(lines.into_iter().map(plant));
            } else if let Some(start) = start.filter(|_| comes).or_else(|| project(f, settings)) {
                let quarter = (start.year(), start.quarter().unwrap_or(3));
                // A project gets its capacity from the event that builds it.
                let share = if comes { 1.0 } else { 0.0 };
                let plant = |(line, capacity)| (f.facility.clone(), f.stage, place, line, quarter, share * capacity);
                plants.future.extend(lines.into_iter().map(plant));
                let feed = f.feed.as_ref().and_then(|id| base.catalogue.feed_by_id(id.as_str()));
                if let (Stage::Mine, Some(feed)) = (f.stage, feed) {
                    plants.new_mines.push((f.facility.clone(), place, feed));
                }
            } else {
                continue;
            }
            if matches!(f.stage, Stage::SeparationLight | Stage::SeparationHeavy) {
                plants.finished.entry(place).or_default().extend(finished(f));
            }
            let entry = stages.entry((f.stage, place)).or_insert((true, Vec::new(), false));
            entry.0 &= !runs;
            entry.2 |= made.is_empty();
            entry.1.extend(made);
        }
        plants.stages = stages
            .into_iter()
            .map(|((stage, place), (only_future, elements, any))| {
                (stage, place, only_future, if any { Vec::new() } else { elements })
            })
            .collect();
        plants
    }

    /// Whether a separation plant of the place, there or to come, finishes an element.
    pub fn finish(&self, place: PlaceIx, element: Element) -> bool {
        self.finished
            .get(&place)
            .is_some_and(|elements| elements.contains(&element))
    }
}

/// What a separation plant finishes. Samarium and heavier that it lists together leave it as a mixed concentrate.
fn finished(f: &Facility) -> Vec<Element> {
    if f.elements.is_empty() {
        return Element::ALL.to_vec();
    }
    let single = f.elements.iter().filter(|m| !MIXED.contains(&m.as_str()));
    single
        .flat_map(monazite_evidence::Material::elements)
        .copied()
        .collect()
}

/// The lines of a plant with their capacity. A plant that makes both kinds of magnets counts with its NdFeB: how much of it
/// is for samarium-cobalt nobody says, so that part is what the base year shows.
fn lines(stage: Stage, made: &[Element], capacity: f64) -> Vec<(Line, f64)> {
    let samarium = stage == Stage::Magnet && made.contains(&Element::Sm);
    let other = !samarium || made.iter().any(|e| *e != Element::Sm);
    let mut found = Vec::new();
    if other {
        found.push((Line::Main, capacity));
    }
    if samarium {
        found.push((Line::SamariumCobalt, if other { 0.0 } else { capacity }));
    }
    found
}

/// The line an activity runs on.
pub(super) fn line_of(catalogue: &Catalogue, activity: Activity) -> Line {
    match activity {
        Activity::MakeMagnet(grade) if catalogue.element_content(Product::Magnet(grade), Element::Sm) > 0.0 => {
            Line::SamariumCobalt
        }
        _ => Line::Main,
    }
}

/// When a project that a scenario builds was meant to start; long ago where nobody said.
fn project(f: &Facility, settings: &Settings) -> Option<Period> {
    settings
        .projects
        .contains(&f.facility)
        .then(|| f.start.unwrap_or(Period::Year(1900)))
}

/// Nameplates in NdPr oxide as tonnes of feed.
fn unit_factor(f: &Facility) -> f64 {
    if f.capacity_unit == Some(CapacityUnit::TonnesNdPrOxidePerYear) {
        1.0 / NDPR_OF_FEED
    } else {
        1.0
    }
}

fn view_place(dataset: &Dataset, base: &BaseYear, f: &Facility) -> Option<PlaceIx> {
    let full = dataset.view_place(&f.place)?;
    place_of(base, full.as_str()).or_else(|| place_of(base, dataset.bloc(&f.place)?.as_str()))
}

/// What a capacity belongs to.
type Key = (Stage, PlaceIx, Option<FacilityId>, Line);

/// Limits of every stage in every place: what its plants can do, and at least `spare` above what it ran at.
pub(super) fn capacities(plants: &Plants, base: &BaseYear, spare: f64) -> Vec<Capacity> {
    let mut ran: BTreeMap<Key, f64> = BTreeMap::new();
    for a in &base.activities {
        if let Some(stage) = a.activity.stage() {
            let key = (stage, a.place, a.facility.clone(), line_of(&base.catalogue, a.activity));
            *ran.entry(key).or_default() += a.level / QUARTERS;
        }
    }
    let mut keys: Vec<Key> = ran.keys().cloned().collect();
    for (facility, stage, place, line, ..) in &plants.future {
        keys.push((*stage, *place, (*stage == Stage::Mine).then(|| facility.clone()), *line));
    }
    for (facility, stage, place, line, _) in &plants.running {
        keys.push((*stage, *place, (*stage == Stage::Mine).then(|| facility.clone()), *line));
    }
    keys.sort();
    keys.dedup();
    keys.into_iter()
        .map(|(stage, place, facility, line)| {
            let mine = |id: &FacilityId| facility.as_ref().is_none_or(|f| f == id);
            let here: Vec<_> = plants
                .running
                .iter()
                .filter(|(id, s, p, l, _)| *s == stage && *p == place && *l == line && mine(id))
                .collect();
            let named: f64 = here.iter().map(|(.., c)| c).sum();
            let level = ran.get(&(stage, place, facility.clone(), line)).copied().unwrap_or(0.0);
            // Mines ran at capacity or quota; plants keep a little room.
            let base_limit = named.max(if stage == Stage::Mine {
                level
            } else {
                level * (1.0 + spare)
            });
            let shares = here
                .iter()
                .map(|(id, .., c)| {
                    (
                        id.clone(),
                        if named > 0.0 {
                            c / named
                        } else {
                            1.0 / f64::from(u32::try_from(here.len()).unwrap_or(1))
                        },
                    )
                })
                .collect();
            let additions = plants
                .future
                .iter()
                .filter(|(id, s, p, l, ..)| *s == stage && *p == place && *l == line && mine(id))
                .map(|(id, .., quarter, c)| (id.clone(), *quarter, *c))
                .collect();
            Capacity {
                stage,
                place,
                facility,
                line,
                base_limit,
                base_level: level,
                shares,
                additions,
            }
        })
        .collect()
}
