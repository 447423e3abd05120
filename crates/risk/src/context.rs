//! The evidence that methods share, computed once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use monazite_evidence::reconcile::{BaseYear, reconcile};
use monazite_evidence::{Dataset, PlaceId};

use crate::question::Subject;
use crate::supply::mix::Mixes;

/// Years for which the evidence is balanced into one consistent chain, latest first.
pub const BASE_YEARS: [u16; 2] = [2024, 2009];

/// The evidence, and what several methods compute from it.
#[derive(Debug)]
pub struct Context<'a> {
    /// The bundled tables, or the user's.
    pub dataset: &'a Dataset,
    bases: Mutex<BTreeMap<u16, Option<Arc<BaseYear>>>>,
    mixes: Mutex<BTreeMap<u16, Arc<Mixes>>>,
}

impl<'a> Context<'a> {
    /// Over a dataset.
    #[must_use]
    pub fn new(dataset: &'a Dataset) -> Self {
        Self {
            dataset,
            bases: Mutex::default(),
            mixes: Mutex::default(),
        }
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

    /// The name of a place: `Japan`; its code where the tables have none.
    #[must_use]
    pub fn place_name(&self, id: &str) -> String {
        if let Some(row) = self.dataset.place(&PlaceId::from(id)) {
            return row.name.clone();
        }
        let view = self.dataset.views.iter().find(|view| view.id == id);
        view.map_or_else(|| id.to_owned(), |view| view.name.clone())
    }

    /// Years in which any production is reported, oldest first.
    #[must_use]
    pub fn production_years(&self, _subject: &Subject) -> Vec<u16> {
        let mut years: Vec<u16> = self.dataset.production.iter().map(|row| row.year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }
}
