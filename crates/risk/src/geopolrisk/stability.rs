//! Political instability of partners, joined by place, with every gap known as a gap.

use std::collections::HashMap;

use monazite_evidence::{Dataset, PlaceId};

use crate::columns::{BaciCodes, Estimate, Governance, is_political_stability};

/// An estimate of an earlier year may stand in, if it is no older than so many years.
const OLDEST: u16 = 2;

/// Instability by place and year.
#[derive(Debug, Clone, Default)]
pub struct Stability {
    known: HashMap<(u16, u16), f64>,
    /// Places and years for which the table contradicts itself, and the bundled table does not help.
    contradicted: Vec<(PlaceId, u16)>,
}

/// From an estimate of about -2.5 to 2.5 to an instability of 0 to 1.
#[must_use]
pub fn instability(estimate: f64) -> f64 {
    ((2.5 - estimate) / 5.0).clamp(0.0, 1.0)
}

impl Stability {
    /// From a governance table. A missing estimate stays missing; where a place has two estimates for a year, the
    /// bundled one decides if it is one of them.
    #[must_use]
    pub fn new(governance: &Governance, dataset: &Dataset, codes: &BaciCodes) -> Self {
        let mut found: HashMap<(u16, u16), (f64, bool)> = HashMap::new();
        let mut doubtful: Vec<(PlaceId, u16, Vec<f64>)> = Vec::new();
        for row in &governance.rows {
            let (Some(place), Estimate::Is(estimate)) = (&row.place, row.estimate) else {
                continue;
            };
            let Some(code) = codes.code(place) else { continue };
            let (first, sound) = found.entry((code, row.year)).or_insert((estimate, true));
            if (*first - estimate).abs() > 1e-6 {
                *sound = false;
                doubtful.push((place.clone(), row.year, vec![*first, estimate]));
            }
        }
        let mut contradicted = Vec::new();
        for (place, year, choices) in doubtful {
            let kept = dataset
                .governance
                .iter()
                .find(|row| row.place == place && row.year == year && is_political_stability(&row.indicator))
                .and_then(|row| {
                    choices
                        .iter()
                        .copied()
                        .find(|choice| (choice - row.estimate).abs() < 1e-5)
                });
            match (kept, codes.code(&place)) {
                (Some(kept), Some(code)) => {
                    found.insert((code, year), (kept, true));
                }
                _ => contradicted.push((place, year)),
            }
        }
        let known = found
            .into_iter()
            .filter(|(_, (_, sound))| *sound)
            .map(|(key, (estimate, _))| (key, instability(estimate)))
            .collect();
        Self { known, contradicted }
    }

    /// Instability of a place in a year, and the year that the estimate is of: this one, or up to two years earlier.
    #[must_use]
    pub fn of(&self, code: u16, year: u16) -> Option<(f64, u16)> {
        (0..=OLDEST).find_map(|back| {
            let of = year.checked_sub(back)?;
            self.known.get(&(code, of)).map(|g| (*g, of))
        })
    }

    /// Places and years with two different estimates.
    #[must_use]
    pub fn contradicted(&self) -> &[(PlaceId, u16)] {
        &self.contradicted
    }
}
