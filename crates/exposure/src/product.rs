//! What a bill of materials is exposed to.
//!
//! For each part: kilograms of element with a range, what they are worth, where each stage of them comes from for the
//! place of purchase, and, on a scenario's path, what is not built, how late, and what inputs cost.

mod book;
mod profile;
mod risk;

use std::collections::{BTreeMap, HashMap};

use monazite_evidence::table::Substitute;
use monazite_evidence::{Confidence, Dataset, Element, EndUseId};

use crate::Range;
use crate::bom::{Content, Part};
use crate::technology::Technologies;
use crate::trace::{Origins, STAGES};

pub use book::Book;
pub use profile::Profile;
pub use risk::{PartRisk, Stop};

/// One part, assessed. Masses and money are for all its pieces.
#[derive(Clone, Debug)]
pub struct PartRow {
    /// The part as read.
    pub part: Part,
    /// End use it is taken to belong to; none where the row does not say and nothing tells.
    pub end_use: Option<EndUseId>,
    /// Grams of each element in all pieces; empty when the mass is not known.
    pub grams: BTreeMap<Element, Range>,
    /// Whether its mass is not known.
    pub unknown: bool,
    /// What the rare earths in it are worth as oxides at the place's base price, USD.
    pub value_usd: Range,
    /// The same as a share of what the pieces cost, where that is given.
    pub cost_share: Option<Range>,
    /// Least trusted evidence behind the content; none where the user gave it.
    pub confidence: Option<Confidence>,
    /// What the scenario does to it.
    pub risk: Option<PartRisk>,
    /// Why nothing can be said about origins or risk, where that is so.
    pub remark: Option<String>,
}

/// One element over all parts.
#[derive(Clone, Debug)]
pub struct ElementRow {
    /// The element.
    pub element: Element,
    /// Grams in all parts whose mass is known.
    pub grams: Range,
    /// Worth as oxide at base prices, USD.
    pub value_usd: Range,
    /// How many parts hold it, parts of unknown mass among them.
    pub parts: usize,
    /// Where each stage comes from: shares by place, weighted by mass. Empty where it cannot be traced.
    pub origins: Origins,
}

/// A place that a stage of an element hangs on.
#[derive(Clone, Debug, PartialEq)]
pub struct Chokepoint {
    /// The element.
    pub element: Element,
    /// The stage.
    pub stage: &'static str,
    /// The place.
    pub place: String,
    /// Its share of what the parts hold.
    pub share: f64,
    /// Grams of the element that come through it, best estimate.
    pub grams: f64,
    /// Parts that hold the element.
    pub parts: usize,
    /// What those parts cost, USD, where it is given.
    pub cost_usd: f64,
}

/// A bill of materials, assessed.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The parts in the order of the file.
    pub parts: Vec<PartRow>,
    /// The elements, heaviest first.
    pub elements: Vec<ElementRow>,
    /// Places that stages hang on, worst first.
    pub chokepoints: Vec<Chokepoint>,
    /// Substitutes for what the parts hold.
    pub substitutes: Vec<Substitute>,
    /// Quarters of the path, where there is one.
    pub quarters: Vec<String>,
}

impl Assessment {
    /// How many parts have no mass: totals are then lower bounds.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.parts.iter().filter(|part| part.unknown).count()
    }
}

/// A place is a chokepoint of a stage from this share on.
const CHOKES_FROM: f64 = 0.4;

/// Assesses the parts against a market.
#[must_use]
pub fn assess(dataset: &Dataset, technologies: &Technologies, book: &Book<'_>, parts: Vec<Part>) -> Assessment {
    let mut profiles: HashMap<String, Profile> = HashMap::new();
    let mut sums: BTreeMap<Element, Sum> = BTreeMap::new();
    let mut rows = Vec::with_capacity(parts.len());
    for part in parts {
        let key = profile::key(&part);
        let profile = profiles
            .entry(key)
            .or_insert_with(|| Profile::of(dataset, technologies, book, &part));
        rows.push(part_row(profile, part, &mut sums));
    }
    let mut elements: Vec<ElementRow> = sums.iter().map(|(element, sum)| sum.row(*element)).collect();
    elements.sort_by(|a, b| b.grams.central.total_cmp(&a.grams.central));
    let chokepoints = chokepoints(&elements, &sums);
    let substitutes = substitutes(dataset, &rows);
    Assessment {
        parts: rows,
        elements,
        chokepoints,
        substitutes,
        quarters: book.quarters().to_vec(),
    }
}

fn part_row(profile: &Profile, part: Part, sums: &mut BTreeMap<Element, Sum>) -> PartRow {
    let grams: BTreeMap<Element, Range> = (profile.content.iter())
        .map(|(element, kilograms)| (*element, *kilograms * (1e3 * part.quantity)))
        .collect();
    let value_usd = profile.value_usd() * part.quantity;
    let cost = part.unit_cost_usd.map(|unit| unit * part.quantity);
    for element in &profile.elements {
        let sum = sums.entry(*element).or_default();
        sum.parts += 1;
        sum.cost_usd += cost.unwrap_or(0.0);
        if let Some(grams) = grams.get(element) {
            sum.grams = sum.grams + *grams;
            let price = profile.prices.get(element).copied().unwrap_or(0.0);
            sum.value_usd = sum.value_usd + *grams * (1e-3 * price);
            sum.add_origins(grams.central, profile.origins.get(element));
        }
    }
    let risk = profile.risk.as_ref().map(|risk| risk.of(&part));
    PartRow {
        end_use: profile.end_use.clone(),
        unknown: profile.content.is_empty(),
        value_usd,
        cost_share: cost.filter(|cost| *cost > 0.0).map(|cost| value_usd * (1.0 / cost)),
        confidence: profile.confidence,
        remark: profile.remark.clone(),
        grams,
        risk,
        part,
    }
}

/// One element over parts, while they are added up.
#[derive(Default)]
struct Sum {
    grams: Range,
    value_usd: Range,
    parts: usize,
    cost_usd: f64,
    origins: Origins,
    traced: f64,
}

impl Sum {
    fn add_origins(&mut self, grams: f64, origins: Option<&Origins>) {
        let Some(origins) = origins else {
            return;
        };
        self.traced += grams;
        for (sum, shares) in self.origins.iter_mut().zip(origins) {
            for (place, share) in shares {
                *sum.entry(place.clone()).or_default() += grams * share;
            }
        }
    }

    fn row(&self, element: Element) -> ElementRow {
        let origins = std::array::from_fn(|stage| {
            let all: f64 = self.origins.get(stage).map_or(0.0, |shares| shares.values().sum());
            (self.origins.get(stage).into_iter().flatten())
                .map(|(place, grams)| (place.clone(), if all > 0.0 { grams / all } else { 0.0 }))
                .collect()
        });
        ElementRow {
            element,
            grams: self.grams,
            value_usd: self.value_usd,
            parts: self.parts,
            origins,
        }
    }
}

fn chokepoints(elements: &[ElementRow], sums: &BTreeMap<Element, Sum>) -> Vec<Chokepoint> {
    let mut found = Vec::new();
    for row in elements {
        let cost_usd = sums.get(&row.element).map_or(0.0, |sum| sum.cost_usd);
        for (stage, shares) in STAGES.into_iter().zip(&row.origins) {
            let worst = shares.iter().max_by(|a, b| a.1.total_cmp(b.1));
            if let Some((place, share)) = worst.filter(|(_, share)| **share >= CHOKES_FROM) {
                found.push(Chokepoint {
                    element: row.element,
                    stage,
                    place: place.clone(),
                    share: *share,
                    grams: share * row.grams.central,
                    parts: row.parts,
                    cost_usd: cost_usd * share,
                });
            }
        }
    }
    // What most of the bill hangs on comes first; then the tightest.
    let weight = |c: &Chokepoint| {
        if c.cost_usd > 0.0 {
            c.cost_usd
        } else {
            c.share * as_number(c.parts)
        }
    };
    found.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(b.share.total_cmp(&a.share)));
    found
}

#[allow(clippy::cast_precision_loss, reason = "a count of parts")]
fn as_number(count: usize) -> f64 {
    count as f64
}

/// The substitutes for elements that parts of each end use hold.
fn substitutes(dataset: &Dataset, rows: &[PartRow]) -> Vec<Substitute> {
    let mut held: BTreeMap<&EndUseId, std::collections::BTreeSet<Element>> = BTreeMap::new();
    for row in rows {
        if let Some(end_use) = &row.end_use {
            held.entry(end_use).or_default().extend(row.grams.keys().copied());
        }
    }
    (dataset.substitutes.iter())
        .filter(|row| {
            let elements = row.elements.iter().filter_map(monazite_evidence::Material::element);
            held.get(&row.end_use)
                .is_some_and(|held| elements.into_iter().any(|element| held.contains(&element)))
        })
        .cloned()
        .collect()
}

/// Whether a part's rare earths are those of magnets.
fn is_magnet(content: &Content) -> bool {
    matches!(content, Content::Magnet(..))
}
