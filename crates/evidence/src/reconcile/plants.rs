//! Plants of the base year: which ran, how large they are, and how a stage's output splits over places.

use std::collections::BTreeMap;

use super::PlaceIx;
use super::lookup::Lookup;
use crate::element::Element;
use crate::ids::{FacilityId, SourceId};
use crate::product::FeedIx;
use crate::provenance::Confidence;
use crate::stage::Stage;
use crate::table::{Facility, FacilityStatus};

/// Plants whose output is unknown are taken to run at this share of their capacity.
const TYPICAL_UTILISATION: f64 = 0.65;

pub(super) struct Plant {
    pub id: FacilityId,
    pub stage: Stage,
    pub place: PlaceIx,
    pub feed: Option<FeedIx>,
    pub elements: Vec<Element>,
    pub capacity: Option<f64>,
    pub in_ndpr: bool,
    pub output: Option<f64>,
    pub confidence: Confidence,
    pub sources: Vec<SourceId>,
}

impl Lookup<'_> {
    fn sizes(&self, stage: Stage, makes: Option<Element>) -> BTreeMap<PlaceIx, f64> {
        let mut sizes = BTreeMap::new();
        for p in self.plants.iter().filter(|p| p.stage == stage) {
            if makes.is_some_and(|e| !p.elements.is_empty() && !p.elements.contains(&e)) {
                continue;
            }
            let size = p.output.or(p.capacity.map(|c| c * TYPICAL_UTILISATION)).unwrap_or(0.0);
            *sizes.entry(p.place).or_insert(0.0) += size;
        }
        sizes.retain(|_, s| *s > 0.0);
        sizes
    }

    /// How a stage's world output splits over places: plant sizes, with China at its published share.
    fn split(&self, stage: Stage, makes: Option<Element>) -> Vec<(PlaceIx, f64)> {
        let sizes = self.sizes(stage, makes);
        let china = self.place(super::priors::DEFAULT_ORIGIN);
        let published = self
            .stage_targets
            .iter()
            .find(|t| t.stage == stage && t.place.is_some() && t.place == china)
            .map(|t| t.share);
        let all: f64 = sizes.values().sum();
        let others: f64 = sizes.iter().filter(|(p, _)| Some(**p) != china).map(|(_, s)| s).sum();
        sizes
            .iter()
            .map(|(place, size)| {
                let share = match published {
                    Some(share) if Some(*place) == china => {
                        if others > 0.0 {
                            share
                        } else {
                            1.0
                        }
                    }
                    Some(share) if others > 0.0 && china.is_some_and(|c| sizes.contains_key(&c)) => {
                        (1.0 - share) * size / others
                    }
                    _ => size / all,
                };
                (*place, share)
            })
            .collect()
    }

    pub fn stage_split(&self, stage: Stage) -> Vec<(PlaceIx, f64)> {
        self.split(stage, None)
    }

    /// As [`Self::stage_split`] for plants that list the element; a metal no plant lists is made in China.
    pub fn metal_split(&self, element: Element) -> Vec<(PlaceIx, f64)> {
        let split = self.split(Stage::Metal, Some(element));
        if !split.is_empty() {
            return split;
        }
        self.place(super::priors::DEFAULT_ORIGIN)
            .map(|china| (china, 1.0))
            .into_iter()
            .collect()
    }

    pub fn scandium_split(&self) -> Vec<(PlaceIx, f64)> {
        self.split(Stage::Scandium, None)
    }

    /// Outputs of a stage in a place where every active plant reports one.
    pub fn stage_outputs(&self) -> Vec<(PlaceIx, Stage, f64, bool, Confidence, Vec<SourceId>)> {
        let mut groups: BTreeMap<(PlaceIx, Stage), Vec<&Plant>> = BTreeMap::new();
        for p in &self.plants {
            if matches!(
                p.stage,
                Stage::SeparationLight | Stage::SeparationHeavy | Stage::Magnet | Stage::Metal
            ) {
                groups.entry((p.place, p.stage)).or_default().push(p);
            }
        }
        let china = self.place(super::priors::DEFAULT_ORIGIN);
        groups
            .into_iter()
            .filter(|((place, _), plants)| {
                Some(*place) != china
                    && plants
                        .iter()
                        .all(|p| p.output.is_some() && p.in_ndpr == plants[0].in_ndpr)
            })
            .map(|((place, stage), plants)| {
                let output = plants.iter().filter_map(|p| p.output).sum();
                let confidence = plants.iter().map(|p| p.confidence).max().unwrap_or(Confidence::C);
                let mut sources: Vec<SourceId> = plants.iter().flat_map(|p| p.sources.clone()).collect();
                sources.sort();
                sources.dedup();
                (place, stage, output, plants[0].in_ndpr, confidence, sources)
            })
            .collect()
    }
}

/// Whether a facility ran in a year, as far as the tables say.
pub(super) fn active(facility: &Facility, year: u16) -> bool {
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let started = facility.start.is_none_or(|s| s.year() <= year);
    let not_ended = facility.end.is_none_or(|e| e.year() >= year);
    let runs = match facility.status {
        FacilityStatus::Operating | FacilityStatus::RampUp => true,
        // Commissioned after the year it is asked for, or closed since: only its dates can say.
        FacilityStatus::Halted | FacilityStatus::Closed => facility.end.is_some(),
        FacilityStatus::Commissioning | FacilityStatus::Construction | FacilityStatus::Planned => false,
    };
    started && not_ended && runs
}
