//! Who makes how much, by country.

use std::collections::BTreeMap;

use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::table::StageShare;
use monazite_evidence::{Area, Confidence, Element, ShareStage, SourceId, Stage};

use super::companies::light;
use super::mix::view_of;
use super::{Part, Published, Supply};
use crate::context::{BASE_YEARS, Context};
use crate::question::Subject;
use crate::score::Missing;

/// Who makes a material at a stage in a year.
pub(super) fn supply(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
) -> Result<Supply, Missing> {
    let (name, elements) = match subject {
        Subject::RareEarths { name, elements } => (name, elements),
        Subject::Other(name) => return super::other::supply(context, name, stage, year),
    };
    let what = format!("{name} at the stage {stage} in {year}");
    let published = published(context, elements, stage, year);
    let mut found = if stage == ShareStage::Mine && elements.as_slice() != [Element::Sc] {
        mined(context, elements, year)
    } else {
        balanced(context, elements, stage, year)
    };
    if found.is_none() {
        found = from_published(context, elements, stage, year);
    }
    let Some(mut supply) = found else {
        return Err(Missing(why_none(stage, elements)));
    };
    supply.published = published;
    supply.sorted(&what)
}

fn why_none(stage: ShareStage, elements: &[Element]) -> String {
    let years: Vec<String> = BASE_YEARS.iter().map(u16::to_string).collect();
    if elements == [Element::Sc] && stage != ShareStage::Mine && stage != ShareStage::Separation {
        return format!("scandium is not followed to the stage {stage}");
    }
    if stage == ShareStage::Mine && elements != [Element::Sc] {
        return "no mine production is in the evidence for the year".to_owned();
    }
    format!(
        "output by country at the stage {stage} is balanced for {} only, and no share is in the evidence for the year",
        years.join(" and ")
    )
}

/// Mine production by country, times what part of it the elements are.
fn mined(context: &Context<'_>, elements: &[Element], year: u16) -> Option<Supply> {
    let rows: Vec<_> = (context.dataset.production.iter())
        .filter(|row| row.year == year)
        .collect();
    if rows.iter().all(|row| !row.preferred) {
        return None;
    }
    let mixes = context.mixes(year);
    let mut parts = Vec::new();
    let mut remarks = Vec::new();
    let mut without: Vec<(String, f64)> = Vec::new();
    for row in rows.iter().filter(|row| row.preferred && row.production_t_reo.0 > 0.0) {
        let same = || rows.iter().filter(|other| other.place == row.place);
        let tonnes = || same().map(|other| other.production_t_reo.0);
        let name = context.place_name(row.place.as_str());
        let mut part = Part {
            who: row.place.to_string(),
            quantity: row.production_t_reo.0,
            low: tonnes().fold(f64::INFINITY, f64::min),
            high: tonnes().fold(0.0, f64::max),
            sources: row.provenance.sources.clone(),
            confidence: row.provenance.confidence,
            name,
        };
        if !elements.is_empty() {
            let view = view_of(context.dataset, &row.place);
            let Some(mix) = mixes.of(row.place.as_str()).or_else(|| mixes.of(&view)) else {
                without.push((part.name, part.quantity));
                continue;
            };
            let share = mix.share(elements);
            part.quantity *= share;
            part.low *= share;
            part.high *= share;
            part.confidence = part.confidence.max(mix.confidence);
            let fresh = mix.sources.iter().filter(|source| !part.sources.contains(source));
            let fresh: Vec<SourceId> = fresh.cloned().collect();
            part.sources.extend(fresh);
        }
        parts.push(part);
    }
    let unknown = without_composition(&without, &parts, rows_total(&rows, &without), &mut remarks);
    let basis = if elements.is_empty() {
        "mine production as reported".to_owned()
    } else {
        format!("mine production times composition; {}", mixes.basis)
    };
    Some(Supply {
        stage: ShareStage::Mine,
        year,
        parts,
        unknown,
        unknown_may_be_listed: false,
        unit: "t REO",
        basis,
        remarks,
        published: Vec::new(),
    })
}

/// Production of the places whose composition is known.
fn rows_total(rows: &[&monazite_evidence::table::Production], without: &[(String, f64)]) -> f64 {
    let all: f64 = (rows.iter().filter(|row| row.preferred))
        .map(|row| row.production_t_reo.0)
        .sum();
    all - without.iter().map(|(_, tonnes)| tonnes).sum::<f64>()
}

/// Places that mine something of unknown composition: counted as unknown, at the mean of the others.
fn without_composition(without: &[(String, f64)], parts: &[Part], known: f64, remarks: &mut Vec<String>) -> f64 {
    if without.is_empty() || known <= 0.0 {
        return 0.0;
    }
    let names: Vec<&str> = without.iter().map(|(name, _)| name.as_str()).collect();
    remarks.push(format!(
        "composition not known of what {} mines; counted as unknown, at the mean of the others",
        names.join(", ")
    ));
    let mean = parts.iter().map(|part| part.quantity).sum::<f64>() / known;
    mean * without.iter().map(|(_, tonnes)| tonnes).sum::<f64>()
}

/// What an activity of the chain makes of the elements at a stage.
fn made(base: &BaseYear, stage: ShareStage, elements: &[Element], activity: Activity) -> Option<f64> {
    let asked = |element: Element| elements.is_empty() || elements.contains(&element);
    match (stage, activity) {
        (ShareStage::Separation, Activity::Finish(element)) | (ShareStage::Metal, Activity::MakeMetal(element)) => {
            asked(element).then_some(1.0)
        }
        (ShareStage::Mine | ShareStage::Separation, Activity::Scandium) => (elements == [Element::Sc]).then_some(1.0),
        (ShareStage::Magnet, Activity::MakeMagnet(grade)) => {
            let content = base.catalogue.grade(grade).content;
            let held: f64 = elements.iter().filter_map(|element| content.get(element.index())).sum();
            if elements.is_empty() {
                Some(1.0)
            } else {
                (held > 0.0).then_some(held)
            }
        }
        _ => None,
    }
}

/// Output of the balanced year.
fn balanced(context: &Context<'_>, elements: &[Element], stage: ShareStage, year: u16) -> Option<Supply> {
    let base = context.base(year)?;
    let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
    for activity in &base.activities {
        let place = base.places.get(activity.place.index())?;
        if let Some(weight) = made(&base, stage, elements, activity.activity) {
            *sums.entry(place.id.as_str()).or_default() += weight * activity.level;
        }
    }
    sums.retain(|_, sum| *sum > 0.0);
    if sums.is_empty() {
        return None;
    }
    let parts = sums.into_iter().map(|(id, quantity)| {
        let (sources, confidence) = evidence_of_plants(context, id, stage, elements);
        Part {
            who: id.to_owned(),
            name: context.place_name(id),
            quantity,
            low: quantity,
            high: quantity,
            sources,
            confidence,
        }
    });
    let unit = match stage {
        ShareStage::Mine | ShareStage::Separation => "t REO",
        ShareStage::Metal => "t",
        ShareStage::Magnet if elements.is_empty() => "t magnets",
        ShareStage::Magnet => "t element in magnets",
    };
    Some(Supply {
        stage,
        year,
        parts: parts.collect(),
        unknown: 0.0,
        unknown_may_be_listed: false,
        unit,
        basis: format!("balanced year {year}"),
        remarks: Vec::new(),
        published: Vec::new(),
    })
}

/// The plants and published shares that a balanced figure rests on. Without any it is our estimate.
fn evidence_of_plants(
    context: &Context<'_>,
    view: &str,
    stage: ShareStage,
    elements: &[Element],
) -> (Vec<SourceId>, Confidence) {
    let mut sources: Vec<SourceId> = Vec::new();
    let mut confidence = None;
    for row in &context.dataset.facilities {
        let made = row.made();
        let asked = elements.is_empty() || made.is_empty() || made.iter().any(|element| elements.contains(element));
        let scandium = row.stage == Stage::Scandium && elements == [Element::Sc];
        let here = view_of(context.dataset, &row.place) == view;
        if !(here && asked && (row.stage.share_stage() == Some(stage) || scandium)) || row.capacity.is_none() {
            continue;
        }
        confidence = confidence.max(Some(row.provenance.confidence));
        let fresh = row.provenance.sources.iter().filter(|source| !sources.contains(source));
        let fresh: Vec<SourceId> = fresh.cloned().collect();
        sources.extend(fresh);
    }
    (sources, confidence.unwrap_or(Confidence::C))
}

/// Whether a published share speaks of these elements, and whether of just these.
fn speaks_of(row: &StageShare, elements: &[Element]) -> Option<bool> {
    let of = row.material.elements();
    let name = row.material.as_str();
    // Shares of a feed, of capacities or of a mixed basket are not shares of what a stage makes.
    if name.contains("feed") || name == "capacity" {
        return None;
    }
    if elements.is_empty() {
        let magnets = matches!(row.stage, ShareStage::Magnet | ShareStage::Metal);
        return (magnets || of.len() >= 15).then_some(true);
    }
    let within = of.len() < 15 && elements.iter().all(|element| of.contains(element));
    // Of light and heavy elements together nearly all tonnes are light: that says nothing about the heavy ones.
    let apt = elements.iter().all(|element| light(*element)) || !of.iter().any(|element| light(*element));
    let exact = of.len() == elements.len();
    (within && (exact || apt)).then_some(exact)
}

fn rows<'a>(
    context: &'a Context<'_>,
    elements: &'a [Element],
    stage: ShareStage,
    year: u16,
) -> impl Iterator<Item = &'a StageShare> {
    let rows = context.dataset.stage_shares.iter();
    // Outlooks reach into years that have not been; they are scenarios, not shares.
    rows.filter(move |row| row.stage == stage && row.year == year && speaks_of(row, elements).is_some())
        .filter(|row| !row.basis.as_deref().unwrap_or_default().contains("projection") && row.year <= LAST_REPORTED)
}

/// The last year for which published shares are reports and not projections.
const LAST_REPORTED: u16 = 2025;

fn published(context: &Context<'_>, elements: &[Element], stage: ShareStage, year: u16) -> Vec<Published> {
    rows(context, elements, stage, year)
        .filter_map(|row| {
            Some(Published {
                who: row.place.place()?.to_string(),
                share: row.share_pct.share().0,
                exact: speaks_of(row, elements) == Some(true),
                of: match &row.basis {
                    Some(basis) => format!("{}, {basis}", row.material),
                    None => row.material.to_string(),
                },
                sources: row.provenance.sources.clone(),
                confidence: row.provenance.confidence,
            })
        })
        .collect()
}

/// Shares as published, where nothing else is known of a year: the most complete statement of the best confidence.
fn from_published(context: &Context<'_>, elements: &[Element], stage: ShareStage, year: u16) -> Option<Supply> {
    let mut sets: BTreeMap<(Confidence, String), Vec<&StageShare>> = BTreeMap::new();
    for row in rows(context, elements, stage, year) {
        let of = format!(
            "{}, {}",
            row.material,
            row.basis.as_deref().unwrap_or("basis not stated")
        );
        sets.entry((row.provenance.confidence, of)).or_default().push(row);
    }
    let best = sets.keys().map(|(confidence, _)| *confidence).min()?;
    let ((_, of), set) = sets
        .iter()
        .filter(|((confidence, _), _)| *confidence == best)
        .max_by_key(|(_, set)| set.len())?;
    let mut parts = Vec::new();
    let mut left = 1.0;
    let exact = set.iter().all(|row| speaks_of(row, elements) == Some(true));
    for row in set {
        let share = row.share_pct.share().0;
        if let Area::Place(place) = &row.place {
            left -= share;
            parts.push(Part {
                who: place.to_string(),
                name: context.place_name(place.as_str()),
                quantity: share,
                low: share,
                high: share,
                sources: row.provenance.sources.clone(),
                // What is published of several elements together supports no single one of them.
                confidence: if exact {
                    row.provenance.confidence
                } else {
                    Confidence::C
                },
            });
        }
    }
    let mut remarks = Vec::new();
    if left > 0.0 {
        remarks.push("other countries are not named one by one: their share counts as unknown".to_owned());
    }
    if !exact {
        remarks.push("published for several elements together".to_owned());
    }
    Some(Supply {
        stage,
        year,
        parts,
        unknown: f64::max(left, 0.0),
        unknown_may_be_listed: false,
        unit: "share of the world",
        basis: format!("published shares ({of})"),
        remarks,
        published: Vec::new(),
    })
}
