//! From published figures to kilograms of element per unit.

use std::collections::BTreeMap;

use monazite_evidence::table::{Intensity, MagnetGrade, Technology as Row};
use monazite_evidence::{Confidence, Dataset, Element};

use super::{Published, Technology};
use crate::Range;

/// Forms that say what is contained; other wordings are only shown.
const COUNTED: [&str; 3] = ["element", "oxide", "magnet"];

pub(super) fn technology(dataset: &Dataset, row: &Row) -> Technology {
    let mix = grade_mix(dataset, row);
    let split = Split::new(dataset, row, &mix);
    let mut content: BTreeMap<Element, Range> = BTreeMap::new();
    let mut published = Vec::new();
    let mut magnets: Option<Range> = None;
    let mut confidence = Confidence::A;
    for product in &row.contained {
        let found = figures(dataset, product, &split);
        for (element, range) in found.content {
            content
                .entry(element)
                .and_modify(|known| *known = known.widened(range))
                .or_insert(range);
        }
        if magnets.is_none() {
            magnets = found.magnets;
        }
        for figure in &found.published {
            if figure.used {
                confidence = confidence.max(figure.confidence);
            }
        }
        published.extend(found.published);
    }
    for product in &row.also_published {
        published.extend(rows(dataset, product).map(|row| shown(row, false)));
    }
    published.sort_by_key(|figure| !figure.used);
    content.retain(|_, range| range.high > 0.0);
    let uses_magnets = published.iter().any(|p| p.used && p.form == "magnet") || split.by_magnets;
    Technology {
        id: row.technology.to_string(),
        name: row.name.clone(),
        family: row.family.clone(),
        unit: row.unit.clone(),
        end_use: row.end_use.clone(),
        fleet: row.fleet.clone(),
        aliases: row.aliases.clone(),
        content,
        published,
        grades: if uses_magnets {
            mix.iter()
                .map(|(grade, share)| (grade.grade.to_string(), *share))
                .collect()
        } else {
            Vec::new()
        },
        magnets,
        confidence,
        note: row.provenance.note.clone(),
    }
}

/// The NdFeB grades a technology is built with, with their shares: its own, or those of its end use.
fn grade_mix<'d>(dataset: &'d Dataset, row: &Row) -> Vec<(&'d MagnetGrade, f64)> {
    let weight = |grade: &MagnetGrade| {
        let mix = dataset.grade_mix.iter();
        mix.filter(|m| m.end_use == row.end_use && m.grade == grade.grade)
            .map(|m| m.share.0)
            .sum::<f64>()
    };
    let mut mix: Vec<(&MagnetGrade, f64)> = if row.grades.is_empty() {
        (dataset.magnet_grades.iter())
            .filter(|grade| grade.grade != "smco")
            .map(|grade| (grade, weight(grade)))
            .filter(|(_, share)| *share > 0.0)
            .collect()
    } else {
        (row.grades.iter())
            .filter_map(|id| dataset.magnet_grade(id))
            .map(|grade| (grade, weight(grade).max(1e-9)))
            .collect()
    };
    let total: f64 = mix.iter().map(|(_, share)| share).sum();
    for (_, share) in &mut mix {
        *share /= total;
    }
    mix
}

/// How groups and magnets open into elements for one technology.
struct Split<'d> {
    /// Kilograms of element per kilogram of magnet: leanest grade, mix, richest grade.
    magnet: BTreeMap<Element, Range>,
    /// Samarium in samarium-cobalt.
    smco: BTreeMap<Element, Range>,
    /// Weights of elements within a group, by mass of element.
    weights: BTreeMap<Element, f64>,
    /// Whether the weights are those of magnets.
    by_magnets: bool,
    dataset: &'d Dataset,
}

impl<'d> Split<'d> {
    fn new(dataset: &'d Dataset, row: &Row, mix: &[(&MagnetGrade, f64)]) -> Self {
        let mut magnet = BTreeMap::new();
        for element in Element::ALL.iter().copied() {
            let contents = || mix.iter().map(|(grade, share)| (grade.content(element).0, *share));
            let mean: f64 = contents().map(|(content, share)| content * share).sum();
            let low = contents().map(|(content, _)| content).fold(f64::INFINITY, f64::min);
            let high = contents().map(|(content, _)| content).fold(0.0, f64::max);
            if high > 0.0 {
                magnet.insert(element, Range::new(low, mean, high));
            }
        }
        let smco = (dataset.magnet_grades.iter().filter(|grade| grade.grade == "smco"))
            .flat_map(MagnetGrade::contents)
            .map(|(element, content)| (element, Range::exact(content.0)))
            .collect();
        let by_magnets = !magnet.is_empty();
        let weights = if by_magnets {
            magnet
                .iter()
                .map(|(element, range)| (*element, range.central))
                .collect()
        } else {
            world_use(dataset, row)
        };
        Self {
            magnet,
            smco,
            weights,
            by_magnets,
            dataset,
        }
    }

    fn oxide_factor(&self, element: Element) -> f64 {
        (self.dataset.elements.iter())
            .find(|row| row.element == element)
            .map_or(1.0, |row| row.oxide_per_element)
    }
}

/// Tonnes of each element that the world's end use takes, in its latest year with figures by element.
fn world_use(dataset: &Dataset, row: &Row) -> BTreeMap<Element, f64> {
    let rows = || {
        (dataset.demand.iter())
            .filter(|demand| demand.end_use == row.end_use && demand.grade.is_none())
            .filter_map(|demand| Some((demand.year, demand.element.as_ref()?.element()?, demand.quantity_t)))
    };
    let latest = rows().map(|(year, ..)| year).max();
    let mut weights = BTreeMap::new();
    for (_, element, tonnes) in rows().filter(|(year, ..)| Some(*year) == latest) {
        let factor = (dataset.elements.iter())
            .find(|e| e.element == element)
            .map_or(1.0, |e| e.oxide_per_element);
        *weights.entry(element).or_insert(0.0) += tonnes / factor;
    }
    weights
}

/// What one product of `intensities.csv` says.
struct Figures {
    content: BTreeMap<Element, Range>,
    magnets: Option<Range>,
    published: Vec<Published>,
}

fn rows<'d>(dataset: &'d Dataset, product: &str) -> impl Iterator<Item = &'d Intensity> {
    let product = product.to_owned();
    dataset.intensities.iter().filter(move |row| row.product == product)
}

fn figures(dataset: &Dataset, product: &str, split: &Split<'_>) -> Figures {
    // The figures by what they are of; rows on the same thing are rival estimates.
    let mut groups: BTreeMap<(String, String), Vec<&Intensity>> = BTreeMap::new();
    for row in rows(dataset, product).filter(|row| COUNTED.contains(&row.form.as_str())) {
        groups
            .entry((row.element.as_str().to_owned(), row.form.clone()))
            .or_default()
            .push(row);
    }
    let is_specific = |rows: &[&Intensity]| {
        rows.first()
            .is_some_and(|row| row.element.element().is_some() || row.form == "magnet")
    };
    let any_specific = groups.values().any(|rows| is_specific(rows));
    let mut content: BTreeMap<Element, Range> = BTreeMap::new();
    let mut magnets: Option<Range> = None;
    let mut used_groups: Vec<(String, String)> = Vec::new();
    // Single elements and magnets first; groups fill in what they leave open.
    let mut order: Vec<_> = groups.iter().collect();
    order.sort_by_key(|(_, rows)| !is_specific(rows));
    for (key, rivals) in order {
        let Some(first) = rivals.first() else {
            continue;
        };
        let kilograms = estimate(rivals);
        let opened = if first.form == "magnet" {
            let of = if first.element == "SmCo" {
                &split.smco
            } else {
                &split.magnet
            };
            magnets = Some(magnets.map_or(kilograms, |known| known + kilograms));
            of.iter()
                .map(|(element, share)| (*element, *share * kilograms))
                .collect()
        } else if let Some(element) = first.element.element() {
            vec![(element, as_element(kilograms, &first.form, split, element))]
        } else if any_specific && first.element.elements().len() > 4 {
            // A total over all rare earths beside figures on its parts.
            continue;
        } else {
            open_group(first, kilograms, split)
        };
        let is_group = !is_specific(rivals);
        let mut used = false;
        for (element, range) in opened {
            if is_group && content.contains_key(&element) {
                continue;
            }
            let sum = content.entry(element).or_default();
            *sum = *sum + range;
            used = true;
        }
        if used {
            used_groups.push(key.clone());
        }
    }
    let published = rows(dataset, product)
        .map(|row| {
            let key = (row.element.as_str().to_owned(), row.form.clone());
            shown(row, used_groups.contains(&key))
        })
        .collect();
    Figures {
        content,
        magnets,
        published,
    }
}

fn as_element(kilograms: Range, form: &str, split: &Split<'_>, element: Element) -> Range {
    if form == "oxide" {
        kilograms * (1.0 / split.oxide_factor(element))
    } else {
        kilograms
    }
}

/// A group's mass spread over its elements.
fn open_group(row: &Intensity, kilograms: Range, split: &Split<'_>) -> Vec<(Element, Range)> {
    let members: Vec<(Element, f64)> = (split.weights.iter())
        .filter(|(element, weight)| **weight > 0.0 && group_holds(row, **element))
        .map(|(element, weight)| (*element, *weight))
        .collect();
    // Weights are by mass of element; the group may be counted as oxide.
    let mass = |(element, weight): &(Element, f64)| {
        weight
            * if row.form == "oxide" {
                split.oxide_factor(*element)
            } else {
                1.0
            }
    };
    let total: f64 = members.iter().map(mass).sum();
    members
        .iter()
        .map(|member| {
            let part = kilograms * (mass(member) / total);
            (member.0, as_element(part, &row.form, split, member.0))
        })
        .collect()
}

fn group_holds(row: &Intensity, element: Element) -> bool {
    row.element.elements().contains(&element)
}

/// One estimate from rival rows: the most trusted and latest, with a range over all.
fn estimate(rivals: &[&Intensity]) -> Range {
    let best = rivals.iter().min_by_key(|row| {
        (
            row.provenance.confidence,
            std::cmp::Reverse(row.provenance.vintage.clone()),
        )
    });
    let central = best.map_or(0.0, |row| kilograms(row, row.value));
    rivals.iter().fold(Range::exact(central), |range, row| {
        let low = kilograms(row, row.low.unwrap_or(row.value));
        let high = kilograms(row, row.high.unwrap_or(row.value));
        range.widened(Range::new(low, kilograms(row, row.value), high))
    })
}

fn kilograms(row: &Intensity, value: f64) -> f64 {
    if row.unit.starts_with("g/") {
        value * 1e-3
    } else {
        value
    }
}

fn shown(row: &Intensity, used: bool) -> Published {
    Published {
        product: row.product.clone(),
        material: row.element.as_str().to_owned(),
        form: row.form.clone(),
        value: Range::new(row.low.unwrap_or(row.value), row.value, row.high.unwrap_or(row.value)),
        unit: row.unit.clone(),
        used,
        sources: row.provenance.sources.clone(),
        confidence: row.provenance.confidence,
        note: row.provenance.note.clone(),
    }
}
