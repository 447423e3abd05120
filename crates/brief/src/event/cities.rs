//! Towns, to know the country something happens in.

use std::collections::HashMap;
use std::ops::Range;

use regex::Regex;
use serde::Deserialize;

use crate::error::{BriefError, Result};
use crate::text::fold;

const FILE: &str = "lexicon/cities.csv";
const TEXT: &str = include_str!("../../lexicon/cities.csv");

#[derive(Deserialize)]
struct Row {
    city: String,
    place: String,
}

/// Capitals and main towns with their countries.
#[derive(Clone, Debug)]
pub struct Cities {
    places: HashMap<String, String>,
    named: Regex,
}

impl Cities {
    pub(super) fn new() -> Result<Self> {
        let fail = |why: String| BriefError::Rules {
            file: FILE.to_owned(),
            why,
        };
        let mut places = HashMap::new();
        for row in csv::Reader::from_reader(TEXT.as_bytes()).deserialize::<Row>() {
            let row = row.map_err(|error| fail(error.to_string()))?;
            for name in row.city.split(';') {
                places.insert(fold(name), row.place.clone());
            }
        }
        let named = Regex::new(r"\b(?:[Ii]n|[Aa]t|near|to|visit(?:ing|ed)?|outside) (\p{Lu}[\p{L}.\u{2019}'-]*(?: (?:de |do |la )?\p{Lu}[\p{L}.\u{2019}'-]*){0,2})")
            .map_err(|error| fail(error.to_string()))?;
        Ok(Self { places, named })
    }

    /// The first town named after `in`, `at`, `near`, and its country; where it stands.
    pub(super) fn first_in(&self, text: &str, range: &Range<usize>) -> Option<(usize, String)> {
        let words = text.get(range.clone())?;
        self.named.captures_iter(words).find_map(|captures| {
            let name = captures.get(1)?;
            let mut folded = fold(name.as_str());
            loop {
                let bare = folded.trim_end_matches(['.', '\'', 's']);
                if let Some(place) = self.places.get(&folded).or_else(|| self.places.get(bare)) {
                    return Some((range.start + name.start(), place.clone()));
                }
                folded.truncate(folded.rfind(' ')?);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_have_countries_and_datelines_are_none() {
        let cities = Cities::new().unwrap();
        let of = |words: &str| cities.first_in(words, &(0..words.len())).map(|(_, place)| place);
        assert_eq!(of("talks next week in Riyadh, he said").as_deref(), Some("SAU"));
        assert_eq!(of("met in Kuala Lumpur on Sunday").as_deref(), Some("MYS"));
        assert_eq!(of("signed in São Paulo").as_deref(), Some("BRA"));
        assert_eq!(of("MOSCOW, Nov 20 (Agency) - Talks"), None);
        assert_eq!(of("in October"), None);
    }
}
