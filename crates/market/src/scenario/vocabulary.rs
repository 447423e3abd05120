//! The words a scenario may use.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::table::ViewName;
use monazite_evidence::{Dataset, Element, Stage};

/// Where a facility stands and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacilityAt {
    /// The place of the model it is counted in.
    pub place: String,
    /// Its stage.
    pub stage: Stage,
}

/// The valid ids of everything a scenario can name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Vocabulary {
    /// Places of the market model, with their names.
    pub places: BTreeMap<String, String>,
    /// Other places and spellings, with the place of the model that stands for them: countries
    /// inside a bloc, and countries by name.
    pub parts: BTreeMap<String, String>,
    /// Magnet grades, with kg of each element per kg of magnet in the order of [`Element::ALL`].
    pub grades: BTreeMap<String, [f64; Element::COUNT]>,
    /// Feeds.
    pub feeds: BTreeSet<String>,
    /// Facilities.
    pub facilities: BTreeMap<String, FacilityAt>,
    /// End uses.
    pub end_uses: BTreeSet<String>,
    /// Ids that may be given as evidence: policy events, deals, facilities, statements, parameters
    /// of behaviour and sources.
    pub evidence: BTreeSet<String>,
    /// Years for which the market is calibrated; empty means not checked.
    pub base_years: BTreeSet<i16>,
}

impl Vocabulary {
    /// The words of a dataset. The base years are those in which it has demand.
    #[must_use]
    pub fn from_dataset(dataset: &Dataset) -> Self {
        let places: BTreeMap<String, String> = dataset
            .view(ViewName::Full)
            .map(|view| (view.id.clone(), view.name.clone()))
            .collect();
        let mut parts = BTreeMap::new();
        for place in &dataset.places {
            let stands_for = place.view_place.as_str().to_owned();
            let names = std::iter::once(&place.name).chain(&place.aliases);
            for name in names.map(|name| name.to_lowercase()) {
                parts.entry(name).or_insert_with(|| stands_for.clone());
            }
            let code = place.place.as_str().to_owned();
            if !places.contains_key(&code) {
                parts.insert(code, stands_for);
            }
        }
        let grades = dataset.magnet_grades.iter().map(|grade| {
            let mut content = [0.0; Element::COUNT];
            for (element, share) in grade.contents() {
                content[element.index()] = share.0;
            }
            (grade.grade.as_str().to_owned(), content)
        });
        let facilities = dataset.facilities.iter().map(|facility| {
            let at = FacilityAt {
                place: dataset
                    .view_place(&facility.place)
                    .map_or_else(|| facility.place.as_str(), |place| place.as_str())
                    .to_owned(),
                stage: facility.stage,
            };
            (facility.facility.as_str().to_owned(), at)
        });
        let evidence = (dataset.policy_events.iter().map(|row| row.event.as_str()))
            .chain(dataset.deals.iter().map(|row| row.deal.as_str()))
            .chain(dataset.facilities.iter().map(|row| row.facility.as_str()))
            .chain(dataset.statements.iter().map(|row| row.id.as_str()))
            .chain(dataset.behaviour.iter().map(|row| row.parameter.as_str()))
            .chain(dataset.sources.iter().map(|row| row.source.as_str()))
            .map(str::to_owned)
            .collect();
        Self {
            places,
            parts,
            grades: grades.collect(),
            feeds: (dataset.feeds.iter().map(|row| row.feed.as_str().to_owned())).collect(),
            facilities: facilities.collect(),
            end_uses: (dataset.end_uses.iter())
                .map(|row| row.end_use.as_str().to_owned())
                .collect(),
            evidence,
            base_years: (dataset.demand.iter())
                .filter_map(|row| i16::try_from(row.year).ok())
                .collect(),
        }
    }
}
