//! What a cell of a country column stands for: a place, the world, a remainder, or several places in one figure.

use super::fold;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::ids::PlaceId;

/// What a name in a country column means.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// One place.
    Place(PlaceId),
    /// Several places in one figure, sorted: `United States and Canada`.
    Several(Vec<PlaceId>),
    /// The whole world.
    World,
    /// Places not named one by one, everywhere or in a region: `Other countries`, `Areas, nes`.
    Rest,
    /// A group that reports as one, such as the European Union.
    Group(String),
}

/// A name and the remark that stood behind it in brackets.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Resolved {
    /// What is meant.
    pub named: Named,
    /// What stood in brackets or behind a comma: `beneficiated`, `rounded`.
    pub qualifier: Option<String>,
}

/// Names of the whole world, folded.
const WORLD: &[&str] = &[
    "world",
    "wld",
    "world total",
    "total",
    "grand total",
    "all countries",
    "world production",
    "0",
];

/// Names of remainders, folded. The numbers are codes of UN Comtrade.
const REST: &[&str] = &[
    "row",
    "rest of world",
    "rest of the world",
    "other countries",
    "other",
    "others",
    "other country",
    "areas nes",
    "area nes",
    "areas not elsewhere specified",
    "special categories",
    "bunkers",
    "free zones",
    "neutral zone",
    "unspecified",
    "other africa nes",
    "northern africa nes",
    "other europe nes",
    "eastern europe nes",
    "western asia nes",
    "oceania nes",
    "rest of america nes",
    "north america and central america nes",
    "laia nes",
    "cacm nes",
    "caribbean nes",
    "africa camb region nes",
    "br antarctic terr",
    "899",
    "839",
    "837",
    "838",
    "536",
    "577",
    "290",
    "568",
    "221",
    "879",
    "527",
    "636",
    "637",
    "473",
    "471",
    "129",
    "472",
];

impl Dataset {
    /// What a name in the country column of a statistic means. Every name gets an answer or an error: totals and
    /// remainders are recognised, so that they are never taken for a country and never dropped unseen.
    ///
    /// A remark in brackets is taken off only when the name is not known with it: `Congo (Kinshasa)` is a place,
    /// `Brazil (beneficiated)` is Brazil with a remark.
    ///
    /// # Errors
    /// When the name is none of these; the message names the nearest place.
    pub fn resolve_name(&self, text: &str) -> Result<Resolved> {
        let plain = |named| Ok(Resolved { named, qualifier: None });
        let error = match self.resolve_place(text) {
            Ok(place) => return plain(Named::Place(place.place.clone())),
            Err(error) => error,
        };
        let (bare, qualifier) = without_qualifier(text);
        let folded = fold(&bare);
        let resolved = |named| {
            Ok(Resolved {
                named,
                qualifier: qualifier.clone(),
            })
        };
        if WORLD.contains(&folded.as_str()) {
            return resolved(Named::World);
        }
        if REST.contains(&folded.as_str()) {
            return resolved(Named::Rest);
        }
        if let Ok(place) = self.resolve_place(&bare) {
            return resolved(Named::Place(place.place.clone()));
        }
        if let Ok(group) = self.group(&bare) {
            return resolved(Named::Group(group.group.as_str().to_owned()));
        }
        // Comtrade writes the union with the number of its members.
        if folded.starts_with("eu 2") || folded.starts_with("eu2") || folded == "97" || folded == "492" {
            return resolved(Named::Group("EU".to_owned()));
        }
        match self.several(&bare) {
            Some(places) => resolved(Named::Several(places)),
            None => Err(error),
        }
    }

    /// `China, Germany, and Russia` as places, when every part is one.
    fn several(&self, text: &str) -> Option<Vec<PlaceId>> {
        if text.len() > 256 {
            return None;
        }
        let spaced = text.replace('\u{a0}', " ");
        let joined = spaced.replace(", and ", ",").replace(" and ", ",").replace(" & ", ",");
        let parts: Vec<&str> = joined
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .collect();
        if parts.len() < 2 {
            return None;
        }
        let places: Option<Vec<PlaceId>> = parts
            .into_iter()
            .map(|part| self.resolve_place(part).ok().map(|place| place.place.clone()))
            .collect();
        let mut places = places?;
        places.sort_unstable();
        places.dedup();
        Some(places)
    }
}

/// A name without what stands in brackets at its end, without a footnote number, and without what follows
/// `(rounded)`.
fn without_qualifier(text: &str) -> (String, Option<String>) {
    let text = text.trim();
    if let Some((name, rest)) = text.split_once('(') {
        let qualifier: String = rest.chars().filter(|c| !matches!(c, '(' | ')')).collect();
        let qualifier = qualifier.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
        let qualifier = qualifier.trim().to_owned();
        return (name.trim().to_owned(), Some(qualifier).filter(|q| !q.is_empty()));
    }
    let name = text.trim_end_matches(|c: char| c.is_ascii_digit());
    // A number alone is a code, and a name keeps a number that is joined to it.
    if name.ends_with(char::is_whitespace) && !name.trim().is_empty() {
        return (name.trim().to_owned(), None);
    }
    (text.to_owned(), None)
}
