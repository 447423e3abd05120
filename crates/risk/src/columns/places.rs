//! BACI's country codes, which are not those of ISO 3166: 842 is the United States, 490 is Taiwan.

use std::collections::HashMap;

use monazite_evidence::{Dataset, PlaceId};

/// A country as BACI numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Economy {
    /// BACI's code.
    pub code: u16,
    /// The place it is.
    pub place: PlaceId,
    /// Its name.
    pub name: String,
    /// Whether the code is of a former state of the place, such as Belgium with Luxembourg until 1998.
    pub former: bool,
}

/// Codes given to places that BACI has none for, so that bundled trade of theirs is not lost.
const OWN: u16 = 60_000;

/// The codes of all places.
#[derive(Debug, Clone, Default)]
pub struct BaciCodes {
    economies: Vec<Economy>,
    by_code: HashMap<u16, usize>,
    by_place: HashMap<PlaceId, u16>,
}

impl BaciCodes {
    /// Of the places of a dataset. A former code stands among the aliases of a place as `baci:58`.
    #[must_use]
    pub fn new(dataset: &Dataset) -> Self {
        let mut economies = Vec::new();
        let mut by_place = HashMap::new();
        for (own, row) in (OWN..).zip(&dataset.places) {
            by_place.insert(row.place.clone(), row.baci_code.unwrap_or(own));
            let former = row.aliases.iter().filter_map(|alias| {
                let code = alias.strip_prefix("baci:")?.parse().ok()?;
                Some((code, true))
            });
            let codes = row.baci_code.map(|code| (code, false)).into_iter().chain(former);
            economies.extend(codes.map(|(code, former)| Economy {
                code,
                place: row.place.clone(),
                name: row.name.clone(),
                former,
            }));
        }
        economies.sort_by_key(|economy| economy.code);
        let by_code = economies.iter().enumerate().map(|(at, e)| (e.code, at)).collect();
        Self {
            economies,
            by_code,
            by_place,
        }
    }

    /// All economies by code.
    #[must_use]
    pub fn economies(&self) -> &[Economy] {
        &self.economies
    }

    /// The economy of a code.
    #[must_use]
    pub fn economy(&self, code: u16) -> Option<&Economy> {
        self.by_code.get(&code).and_then(|at| self.economies.get(*at))
    }

    /// The code of a place: BACI's, or one of our own where BACI has none.
    #[must_use]
    pub fn code(&self, place: &PlaceId) -> Option<u16> {
        self.by_place.get(place).copied()
    }
}
