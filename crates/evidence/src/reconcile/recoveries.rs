//! Recoveries and compositions from the tables.

use std::collections::BTreeMap;

use super::{BaseYear, PlaceIx, ReconcileError, ViewPlace};
use crate::area::Area;
use crate::dataset::Dataset;
use crate::element::Element;
use crate::ids::PlaceId;
use crate::product::{Catalogue, FeedIx, FeedStream, Grade};
use crate::recipe::Activity;
use crate::stage::Stage;

/// Recovery of a step for which the dataset has no row; a missing row is reported as a warning.
const DEFAULT_RECOVERY: f64 = 0.92;

/// Recoveries by stage, place and feed.
#[derive(Clone, Debug)]
pub struct Recoveries {
    rows: Vec<(Stage, Area, Option<FeedIx>, f64)>,
    views: BTreeMap<PlaceId, PlaceIx>,
    china: Option<PlaceIx>,
}

impl Recoveries {
    /// Reads the table for the places of a view; a bloc takes the rows of any country in it.
    pub(super) fn new(dataset: &Dataset, catalogue: &Catalogue, places: &[ViewPlace]) -> Self {
        let at = |view_place: &str| {
            let at = places.iter().position(|p| p.members.iter().any(|m| m == view_place))?;
            u16::try_from(at).ok().map(PlaceIx)
        };
        Self {
            rows: dataset
                .recoveries
                .iter()
                .map(|r| {
                    let feed = r.feed.as_ref().and_then(|f| catalogue.feed_by_id(f.as_str()));
                    (r.stage, r.place.clone(), feed, r.central.0)
                })
                .collect(),
            views: dataset
                .places
                .iter()
                .filter_map(|p| Some((p.place.clone(), at(p.view_place.as_str())?)))
                .collect(),
            china: at("CHN"),
        }
    }

    /// Share of rare earths that an activity keeps in a place: the row closest to feed and place, 1 where nothing is lost.
    #[must_use]
    pub fn share(&self, activity: Activity, place: PlaceIx) -> f64 {
        let (stage, feed) = match activity {
            Activity::Crack(f) => (Stage::Cracking, Some(f)),
            Activity::SeparateLight(f) => (Stage::SeparationLight, Some(f)),
            Activity::SeparateHeavy(f) => (Stage::SeparationHeavy, Some(f)),
            Activity::MakeMetal(_) => (Stage::Metal, None),
            Activity::Recycle(_) => (Stage::Recycling, None),
            _ => return 1.0,
        };
        let outside = Some(place) != self.china;
        self.rows
            .iter()
            .filter(|(s, ..)| *s == stage)
            .filter_map(|(_, area, of, value)| {
                let by_feed = match (of, feed) {
                    (None, _) => 0,
                    (Some(a), Some(b)) if *a == b => 4,
                    _ => return None,
                };
                let by_place = match area {
                    Area::World => 0,
                    Area::Rest if outside => 1,
                    Area::Place(p) if self.views.get(p) == Some(&place) => 2,
                    _ => return None,
                };
                Some((by_feed + by_place, *value))
            })
            .max_by(|a, b| a.0.cmp(&b.0))
            .map_or(DEFAULT_RECOVERY, |(_, value)| value)
    }
}

/// Compositions and conversion factors from the tables.
///
/// # Errors
/// When a feed names no known distribution.
pub fn catalogue(dataset: &Dataset) -> Result<Catalogue, ReconcileError> {
    let mut oxide_per_element = [1.0; 16];
    for row in &dataset.elements {
        oxide_per_element[row.element.index()] = row.oxide_per_element;
    }
    let mut feeds = Vec::new();
    for feed in &dataset.feeds {
        let distribution = dataset.distribution(&feed.distribution).ok_or_else(|| {
            ReconcileError::Missing(format!("distribution `{}` of feed `{}`", feed.distribution, feed.feed))
        })?;
        let mut composition = [0.0; 16];
        for e in Element::ALL.iter().copied() {
            composition[e.index()] = distribution.share(e).0;
        }
        let total: f64 = composition.iter().sum();
        for share in &mut composition {
            *share /= total;
        }
        feeds.push(FeedStream {
            id: feed.feed.clone(),
            composition,
            concentrate: feed.concentrate,
        });
    }
    let grades = dataset
        .magnet_grades
        .iter()
        .map(|g| {
            let mut content = [0.0; 16];
            for (e, kg) in g.contents() {
                content[e.index()] = kg.0;
            }
            Grade {
                id: g.grade.clone(),
                content,
                material_yield: g.material_yield.0,
            }
        })
        .collect();
    Ok(Catalogue {
        feeds,
        grades,
        oxide_per_element,
    })
}

/// Recoveries by stage, place and feed, for activities beyond those of the base year, in the places of its view.
#[must_use]
pub fn recoveries(dataset: &Dataset, base: &BaseYear) -> Recoveries {
    Recoveries::new(dataset, &base.catalogue, &base.places)
}
