//! The evidence that methods share, computed once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use monazite_evidence::reconcile::{BaseYear, reconcile};
use monazite_evidence::{Confidence, Dataset, PlaceId, SourceId};

use crate::columns::Production;
use crate::supply::mix::Mixes;

/// Years for which the evidence is balanced into one consistent chain, latest first.
pub const BASE_YEARS: [u16; 2] = [2024, 2009];

const MEAN_OF_SIX: &str = "mean_of_six";
const POLITICAL_STABILITY: &str = "political_stability";

/// A governance estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Governed {
    /// About -2.5 (weak) to 2.5 (strong).
    pub estimate: f64,
    /// The year it is of.
    pub year: u16,
    /// Whether it is the mean of all six estimates, and not political stability alone.
    pub all_six: bool,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// The evidence, and what several methods compute from it.
#[derive(Debug)]
pub struct Context<'a> {
    /// The bundled tables, or the user's.
    pub dataset: &'a Dataset,
    /// The user's production of other materials.
    pub production: Option<Production>,
    bases: Mutex<BTreeMap<u16, Option<Arc<BaseYear>>>>,
    mixes: Mutex<BTreeMap<u16, Arc<Mixes>>>,
}

impl<'a> Context<'a> {
    /// Over a dataset.
    #[must_use]
    pub fn new(dataset: &'a Dataset) -> Self {
        Self {
            dataset,
            production: None,
            bases: Mutex::default(),
            mixes: Mutex::default(),
        }
    }

    /// With the user's production of other materials.
    #[must_use]
    pub fn with_production(mut self, production: Production) -> Self {
        self.production = Some(production);
        self
    }

    /// The balanced year, where the evidence has one.
    #[must_use]
    pub fn base(&self, year: u16) -> Option<Arc<BaseYear>> {
        let mut bases = self.bases.lock().unwrap_or_else(PoisonError::into_inner);
        bases
            .entry(year)
            .or_insert_with(|| {
                let known = BASE_YEARS.contains(&year);
                known
                    .then(|| reconcile(self.dataset, year).ok().map(Arc::new))
                    .flatten()
            })
            .clone()
    }

    /// What each place mines in a year: its mix of feeds.
    #[must_use]
    pub fn mixes(&self, year: u16) -> Arc<Mixes> {
        let known = {
            let mixes = self.mixes.lock().unwrap_or_else(PoisonError::into_inner);
            mixes.get(&year).cloned()
        };
        if let Some(known) = known {
            return known;
        }
        let made = Arc::new(Mixes::new(self, year));
        let mut mixes = self.mixes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(mixes.entry(year).or_insert(made))
    }

    /// The governance of a place in a year, the mean of all six estimates where there is one: of the nearest year before
    /// or, failing that, the first one after.
    #[must_use]
    pub fn governance(&self, place: &str, year: u16) -> Option<Governed> {
        for (indicator, all_six) in [(MEAN_OF_SIX, true), (POLITICAL_STABILITY, false)] {
            let rows = || {
                let rows = self.dataset.governance.iter();
                rows.filter(|row| row.place == *place && row.indicator == indicator)
            };
            let before = rows().filter(|row| row.year <= year).max_by_key(|row| row.year);
            if let Some(row) = before.or_else(|| rows().min_by_key(|row| row.year)) {
                return Some(Governed {
                    estimate: row.estimate,
                    year: row.year,
                    all_six,
                    sources: row.provenance.sources.clone(),
                    confidence: row.provenance.confidence,
                });
            }
        }
        None
    }

    /// The name of a place: `Japan`; its code where the tables have none.
    #[must_use]
    pub fn place_name(&self, id: &str) -> String {
        if let Some(row) = self.dataset.place(&PlaceId::from(id)) {
            return row.name.clone();
        }
        let view = self.dataset.views.iter().find(|view| view.id == id);
        view.map_or_else(|| id.to_owned(), |view| view.name.clone())
    }

    /// Years of which production, published shares or a balanced chain speak, oldest first; without outlooks.
    #[must_use]
    pub fn evidence_years(&self) -> Vec<u16> {
        let produced: Vec<u16> = self.dataset.production.iter().map(|row| row.year).collect();
        let last = produced.iter().copied().max().unwrap_or_default();
        let shares = self.dataset.stage_shares.iter().map(|row| row.year);
        let mut years: Vec<u16> = shares
            .filter(|year| *year <= last)
            .chain(produced)
            .chain(BASE_YEARS)
            .collect();
        years.sort_unstable();
        years.dedup();
        years
    }
}
