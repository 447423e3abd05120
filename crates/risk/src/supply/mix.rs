//! What each place mines: the composition of its output, from the feeds of its mines.

use std::collections::BTreeMap;

use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::{Confidence, Dataset, Element, FeedId, PlaceId, SourceId, Stage};

use crate::context::{BASE_YEARS, Context};

/// The composition of what one place mines.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// Share of each oxide in all rare-earth oxide, by [`Element::index`].
    pub composition: [f64; Element::COUNT],
    /// Sources of the compositions.
    pub sources: Vec<SourceId>,
    /// Least trusted of them.
    pub confidence: Confidence,
}

/// The compositions of one year.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixes {
    by_place: BTreeMap<String, Mix>,
    /// How they were found, in words.
    pub basis: String,
}

impl Mixes {
    /// Feeds in the proportions of the balanced years; between two of them the proportions change in a straight line.
    pub(crate) fn new(context: &Context<'_>, year: u16) -> Self {
        let [late, early] = BASE_YEARS;
        let feeds_of = |year: u16| context.base(year).map(|base| feeds(&base)).unwrap_or_default();
        let toward_late = ((f64::from(year) - f64::from(early)) / f64::from(late - early)).clamp(0.0, 1.0);
        let (before, after) = (feeds_of(early), feeds_of(late));
        let mut places: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
        places.extend(context.dataset.production.iter().map(|row| row.place.to_string()));
        places.sort();
        places.dedup();
        let mut by_place = BTreeMap::new();
        for place in places {
            let shares = match (before.get(&place), after.get(&place)) {
                (Some(a), Some(b)) => blend(a, b, toward_late),
                (Some(only), None) | (None, Some(only)) => only.clone(),
                (None, None) => by_capacity(context.dataset, &place),
            };
            if let Some(mix) = compose(context.dataset, &shares) {
                by_place.insert(place, mix);
            }
        }
        let basis = if year == early || year == late {
            format!("feeds of each country as in the balanced year {year}")
        } else if (early..late).contains(&year) {
            format!("feeds of each country between the balanced years {early} and {late}")
        } else {
            let nearest = if year < early { early } else { late };
            format!("feeds of each country as in the balanced year {nearest}")
        };
        Self { by_place, basis }
    }

    /// What a place mines; none where the tables tell neither its feeds nor its mines.
    #[must_use]
    pub fn of(&self, place: &str) -> Option<&Mix> {
        self.by_place.get(place)
    }
}

type Shares = BTreeMap<FeedId, f64>;

/// Each place's mine output by feed, as shares that sum to 1.
fn feeds(base: &BaseYear) -> BTreeMap<String, Shares> {
    let mut found: BTreeMap<String, Shares> = BTreeMap::new();
    for activity in &base.activities {
        let (Activity::Mine(feed), Some(place)) = (activity.activity, base.places.get(activity.place.index())) else {
            continue;
        };
        let id = base.catalogue.feed(feed).id.clone();
        *found.entry(place.id.clone()).or_default().entry(id).or_default() += activity.level;
    }
    found.values_mut().for_each(normalise);
    found.retain(|_, shares| !shares.is_empty());
    found
}

fn normalise(shares: &mut Shares) {
    let total: f64 = shares.values().sum();
    if total > 0.0 {
        for share in shares.values_mut() {
            *share /= total;
        }
    } else {
        shares.clear();
    }
}

fn blend(a: &Shares, b: &Shares, toward_b: f64) -> Shares {
    let mut out = Shares::new();
    for (shares, weight) in [(a, 1.0 - toward_b), (b, toward_b)] {
        for (feed, share) in shares {
            *out.entry(feed.clone()).or_default() += weight * share;
        }
    }
    out
}

/// The feeds of a place's mines, whether they run or not, by capacity.
fn by_capacity(dataset: &Dataset, place: &str) -> Shares {
    let mut shares = Shares::new();
    let mines = dataset.facilities.iter();
    for row in mines.filter(|row| row.stage == Stage::Mine && row.place == *place) {
        if let (Some(feed), Some(capacity)) = (&row.feed, row.capacity) {
            *shares.entry(feed.clone()).or_default() += capacity;
        }
    }
    normalise(&mut shares);
    shares
}

fn compose(dataset: &Dataset, shares: &Shares) -> Option<Mix> {
    let mut mix = Mix {
        composition: [0.0; Element::COUNT],
        sources: Vec::new(),
        confidence: Confidence::A,
    };
    for (feed, share) in shares.iter().filter(|(_, share)| **share > 0.0) {
        let row = dataset.feed(feed)?;
        let distribution = dataset.distribution(&row.distribution)?;
        for element in Element::ALL {
            if let Some(sum) = mix.composition.get_mut(element.index()) {
                *sum += share * distribution.share(*element).0;
            }
        }
        mix.confidence = mix.confidence.max(distribution.provenance.confidence);
        for source in &distribution.provenance.sources {
            if !mix.sources.contains(source) {
                mix.sources.push(source.clone());
            }
        }
    }
    let total: f64 = mix.composition.iter().sum();
    if total <= 0.0 {
        return None;
    }
    for share in &mut mix.composition {
        *share /= total;
    }
    Some(mix)
}

impl Mix {
    /// Share of some elements together; all of it when none is named.
    #[must_use]
    pub fn share(&self, elements: &[Element]) -> f64 {
        if elements.is_empty() {
            return 1.0;
        }
        elements
            .iter()
            .filter_map(|element| self.composition.get(element.index()))
            .sum()
    }
}

/// The place of the market's view that stands for a country.
pub(crate) fn view_of(dataset: &Dataset, place: &PlaceId) -> String {
    dataset
        .view_place(place)
        .map_or_else(|| place.to_string(), ToString::to_string)
}
