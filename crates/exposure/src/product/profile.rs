//! What is the same for every part of one kind: content, prices, origins and risk per piece.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use monazite_evidence::product::Product;
use monazite_evidence::table::EndUseKind;
use monazite_evidence::{Confidence, Dataset, Element, EndUseId};

use super::book::Book;
use super::risk::Exposure;
use crate::Range;
use crate::bom::{Content, Part};
use crate::technology::Technologies;
use crate::trace::Origins;

/// One kind of part, per piece.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its end use.
    pub end_use: Option<EndUseId>,
    /// Kilograms of element in a piece; empty when the mass is not known.
    pub content: BTreeMap<Element, Range>,
    /// The elements in it, whether or not their mass is known.
    pub elements: BTreeSet<Element>,
    /// USD per kilogram of element, as oxide at the place's base price.
    pub prices: BTreeMap<Element, f64>,
    /// Where each element's stages come from.
    pub origins: BTreeMap<Element, Origins>,
    /// Least trusted evidence behind the content.
    pub confidence: Option<Confidence>,
    /// What the scenario does to it.
    pub risk: Option<Exposure>,
    /// Why something cannot be said.
    pub remark: Option<String>,
}

/// Parts with the same key have the same profile.
pub(super) fn key(part: &Part) -> String {
    let mut key = format!(
        "{}|{}|{}|",
        part.place,
        part.end_use.as_deref().unwrap_or_default(),
        part.supplier_place.as_deref().unwrap_or_default()
    );
    // Writing to a string cannot fail.
    let _ = write!(key, "{:?}", part.content);
    key
}

/// A product bought, with its part of the pieces (grades) or none where every piece needs it (elements).
#[derive(Clone, Debug)]
pub(super) struct Bought {
    pub product: Product,
    pub share: f64,
    /// Kilograms of the product in a piece, where known.
    pub kilograms: Option<f64>,
}

impl Profile {
    /// Works out one kind of part.
    #[must_use]
    pub fn of(dataset: &Dataset, technologies: &Technologies, book: &Book<'_>, part: &Part) -> Self {
        let place = book.place(&part.place);
        let supplier = part.supplier_place.as_deref().and_then(|id| book.place(id));
        let mut profile = Self {
            end_use: part.end_use.as_deref().map(EndUseId::from),
            content: BTreeMap::new(),
            elements: BTreeSet::new(),
            prices: BTreeMap::new(),
            origins: BTreeMap::new(),
            confidence: None,
            risk: None,
            remark: None,
        };
        let bought = profile.fill(dataset, technologies, book, part);
        for element in &profile.elements {
            let oxide = oxide_factor(dataset, *element);
            if let Some(price) = book.base_price(Product::Oxide(*element), place) {
                profile.prices.insert(*element, price * oxide);
            }
            let traced =
                place.and_then(|place| {
                    let mixes = bought.iter().filter_map(|b| {
                        let holds = book.base.catalogue.element_content(b.product, *element) * b.share;
                        (holds > 0.0).then_some((b.product, holds))
                    });
                    mixed(mixes.filter_map(|(product, weight)| {
                        Some((book.origins(*element, product, place, supplier)?, weight))
                    }))
                });
            if let Some(origins) = traced {
                profile.origins.insert(*element, origins);
            }
        }
        if place.is_none() {
            profile.remark = Some(format!("the market has no place `{}`", part.place));
        } else if !book.quarters().is_empty() {
            match Exposure::new(dataset, book, part, profile.end_use.as_ref(), &bought, &profile.content) {
                Some(risk) => profile.risk = Some(risk),
                None => profile.remark = Some(format!("nobody in {} uses it in the model", part.place)),
            }
        }
        profile
    }

    /// What the rare earths in a piece are worth, USD.
    #[must_use]
    pub fn value_usd(&self) -> Range {
        (self.content.iter())
            .map(|(element, kilograms)| *kilograms * self.prices.get(element).copied().unwrap_or(0.0))
            .sum()
    }

    /// Fills in content and elements; gives what has to be bought for a piece.
    fn fill(&mut self, dataset: &Dataset, technologies: &Technologies, book: &Book<'_>, part: &Part) -> Vec<Bought> {
        let catalogue = &book.base.catalogue;
        match &part.content {
            Content::Magnet(grade, mass) => {
                let Some(ix) = catalogue.grade_by_id(grade.as_str()) else {
                    return Vec::new();
                };
                for (at, content) in catalogue.grade(ix).content.iter().enumerate() {
                    let Some(element) = Element::ALL.get(at).copied().filter(|_| *content > 0.0) else {
                        continue;
                    };
                    self.elements.insert(element);
                    if let Some(mass) = mass {
                        self.content.insert(element, *mass * *content);
                    }
                }
                vec![Bought {
                    product: Product::Magnet(ix),
                    share: 1.0,
                    kilograms: mass.map(|mass| mass.central),
                }]
            }
            Content::Element(element, mass) => {
                self.elements.insert(*element);
                if let Some(mass) = mass {
                    self.content.insert(*element, *mass);
                }
                vec![self.pure(dataset, *element, mass.map(|mass| mass.central))]
            }
            Content::Technology(at) => {
                let Some(technology) = technologies.all.get(*at) else {
                    return Vec::new();
                };
                self.end_use.get_or_insert_with(|| technology.end_use.clone());
                self.confidence = Some(technology.confidence);
                self.content.clone_from(&technology.content);
                self.elements = technology.content.keys().copied().collect();
                if technology.grades.is_empty() {
                    return (self.content.clone().iter())
                        .map(|(element, mass)| self.pure(dataset, *element, Some(mass.central)))
                        .collect();
                }
                // Samarium comes in magnets of its own.
                let mut bought: Vec<Bought> = (technology.grades.iter())
                    .filter_map(|(grade, share)| {
                        Some(Bought {
                            product: Product::Magnet(catalogue.grade_by_id(grade)?),
                            share: *share,
                            kilograms: technology.magnets.map(|mass| mass.central * share),
                        })
                    })
                    .collect();
                if self.elements.contains(&Element::Sm) {
                    bought.extend(catalogue.grade_by_id("smco").map(|grade| Bought {
                        product: Product::Magnet(grade),
                        share: 1.0,
                        kilograms: None,
                    }));
                }
                bought
            }
        }
    }

    /// An element bought as what its end use buys: metal or oxide.
    fn pure(&self, dataset: &Dataset, element: Element, kilograms: Option<f64>) -> Bought {
        let kind = (self.end_use.as_ref())
            .and_then(|id| dataset.end_use(id))
            .map(|row| row.kind);
        let oxide = oxide_factor(dataset, element);
        let (product, factor) = match kind {
            Some(EndUseKind::Metal | EndUseKind::Magnet) => (Product::Metal(element), 1.0),
            _ => (Product::Oxide(element), oxide),
        };
        Bought {
            product,
            share: 1.0,
            kilograms: kilograms.map(|kilograms| kilograms * factor),
        }
    }
}

fn oxide_factor(dataset: &Dataset, element: Element) -> f64 {
    (dataset.elements.iter())
        .find(|row| row.element == element)
        .map_or(1.0, |row| row.oxide_per_element)
}

/// The weighted mean of origins.
fn mixed(parts: impl Iterator<Item = (Origins, f64)>) -> Option<Origins> {
    let mut sum = Origins::default();
    let mut all = 0.0;
    for (origins, weight) in parts {
        all += weight;
        for (to, from) in sum.iter_mut().zip(origins) {
            for (place, share) in from {
                *to.entry(place).or_default() += weight * share;
            }
        }
    }
    if all <= 0.0 {
        return None;
    }
    for stage in &mut sum {
        for share in stage.values_mut() {
            *share /= all;
        }
    }
    Some(sum)
}
