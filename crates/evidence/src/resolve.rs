//! From what a person or a data set writes (`China`, `CN`, `156`, `Türkiye`, `World total (rounded)`) to a place, or to
//! what it is instead of one.

mod fold;
mod named;

use std::collections::{BTreeMap, HashMap};

use crate::dataset::Dataset;
use crate::error::{Result, Unknown};
use crate::ids::PlaceId;
use crate::nearest::nearest;
use crate::table::Place;

pub(crate) use fold::{fold, mended};
pub use named::{Named, Resolved};

/// What stands before a code of the BACI country list among the aliases of a place.
const BACI: &str = "baci:";

/// Every spelling of every place, folded. Built on first use.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spellings {
    places: HashMap<String, PlaceId>,
}

impl Spellings {
    /// Codes win over names, and names over aliases, so that an alias can never take another place's code.
    pub(crate) fn new(places: &[Place]) -> Self {
        let mut spellings = Self::default();
        let mut add = |text: &str, place: &Place| {
            let folded = fold(text);
            if !folded.is_empty() {
                let entry = spellings.places.entry(folded);
                entry.or_insert_with(|| place.place.clone());
            }
        };
        for place in places {
            add(place.place.as_str(), place);
        }
        for place in places {
            if let Some(iso2) = &place.iso2 {
                add(iso2, place);
            }
        }
        for place in places {
            // M49 is written with leading zeros (`076`) as often as without.
            if let Some(code) = place.m49 {
                add(&code.to_string(), place);
                add(&format!("{code:03}"), place);
            }
        }
        for place in places {
            if let Some(code) = place.baci_code {
                add(&code.to_string(), place);
            }
            add(&place.name, place);
        }
        for place in places {
            for alias in &place.aliases {
                // `baci:58` is a further code of that list, for a country that was counted differently then.
                add(alias.strip_prefix(BACI).unwrap_or(alias), place);
            }
        }
        spellings
    }

    /// Every spelling, folded.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }
}

impl Dataset {
    /// The place a person means by an ISO 3166 code (alpha-2, alpha-3, numeric), a BACI code, a name or an alias.
    /// Case, accents and punctuation do not matter.
    ///
    /// # Errors
    /// When nothing fits; the message names the nearest place.
    pub fn resolve_place(&self, text: &str) -> Result<&Place> {
        // Longer than any place name: do not fold a whole pasted page.
        let spellings = self.spellings();
        let find = |text: &str| spellings.places.get(&fold(text));
        let found = if text.len() <= 256 {
            find(text).or_else(|| find(&mended(text)?))
        } else {
            None
        };
        if let Some(place) = found.and_then(|id| self.place(id)) {
            return Ok(place);
        }
        let mut unknown = Unknown::new("place", text, std::iter::empty());
        // The nearest number is no likelier than any other.
        let is_code = text.trim().bytes().all(|byte| byte.is_ascii_digit());
        if text.len() <= 256 && !is_code {
            let near = nearest(&fold(text), spellings.places.keys().map(String::as_str));
            let place = near.and_then(|near| self.place(spellings.places.get(&near)?));
            unknown.nearest = place.map(|place| format!("{} ({})", place.name, place.place));
        }
        if unknown.nearest.is_none() {
            unknown.hint = Some("use an ISO 3166 code such as CHN, or an English name".to_owned());
        }
        Err(unknown.into())
    }

    /// The places by their codes in CEPII BACI, historical codes included: Belgium-Luxembourg (58) is Belgium, West
    /// Germany (280) is Germany. Sorted by code.
    #[must_use]
    pub fn baci_codes(&self) -> BTreeMap<u16, PlaceId> {
        let mut codes = BTreeMap::new();
        for place in &self.places {
            let former = place
                .aliases
                .iter()
                .filter_map(|alias| alias.strip_prefix(BACI)?.parse().ok());
            for code in place.baci_code.into_iter().chain(former) {
                codes.entry(code).or_insert_with(|| place.place.clone());
            }
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::fold::fold;
    use crate::dataset::Dataset;
    use crate::files::Files;

    const PLACES: &str = "\
place,name,iso2,m49,baci_code,view_place,bloc,aliases
BRA,Brazil,BR,76,76,BRA,BRA,Brasil
CHN,China,CN,156,156,CHN,CHN,People's Republic of China;PRC;Mainland China
CIV,Côte d'Ivoire,CI,384,384,ROW_AFR,ROW,Ivory Coast
TUR,Türkiye,TR,792,792,TUR,EUR,Turkey
";

    #[test]
    fn every_way_of_writing_a_place() {
        let dataset = Dataset::from_files(Files::from_texts([("places.csv", PLACES)])).unwrap();
        for (text, place) in [
            ("chn", "CHN"),
            ("cn", "CHN"),
            ("156", "CHN"),
            ("076", "BRA"),
            ("PEOPLES REPUBLIC OF CHINA", "CHN"),
            ("cote d’ivoire", "CIV"),
            ("turkiye", "TUR"),
            ("Turkey", "TUR"),
            ("T\u{75}\u{308}rkiye", "TUR"),
        ] {
            assert_eq!(dataset.resolve_place(text).unwrap().place, place, "{text}");
        }
    }

    #[test]
    fn an_unknown_place_gets_the_nearest() {
        let dataset = Dataset::from_files(Files::from_texts([("places.csv", PLACES)])).unwrap();
        let message = |text: &str| dataset.resolve_place(text).unwrap_err().to_string();
        insta::assert_snapshot!(message("Chian"), @"unknown place `Chian`; did you mean `China (CHN)`?");
        insta::assert_snapshot!(message("Atlantis"), @"unknown place `Atlantis`; use an ISO 3166 code such as CHN, or an English name");
        assert!(message(&"x".repeat(100_000)).len() < 300);
        assert!(dataset.resolve_place("").is_err());
    }

    #[test]
    fn folding_is_stable() {
        for text in ["Côte d'Ivoire", "  São Tomé  &  Príncipe ", "Lao People's Dem. Rep."] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }
}
