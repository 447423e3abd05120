//! Who could make how much, by company: capacities of plants, because outputs by company are mostly not known.

use std::collections::BTreeMap;

use monazite_evidence::table::{CapacityUnit, Facility, FacilityStatus, Level};
use monazite_evidence::{Confidence, Element, ShareStage, Stage};

use super::{Part, Supply};
use crate::context::Context;
use crate::question::Subject;
use crate::score::Missing;

/// Whether a plant could run in a year.
pub(crate) fn runs_in(row: &Facility, year: u16) -> bool {
    let year = i16::try_from(year).unwrap_or(i16::MAX);
    let begun = row.start.is_none_or(|start| start.first_day().year() <= year);
    let ended = row.end.is_some_and(|end| end.last_day().year() < year);
    let ran = match row.status {
        FacilityStatus::Operating | FacilityStatus::RampUp => true,
        // What is closed today ran until its end.
        FacilityStatus::Halted | FacilityStatus::Closed => row.end.is_some(),
        FacilityStatus::Commissioning | FacilityStatus::Construction | FacilityStatus::Planned => false,
    };
    begun && !ended && ran
}

/// Whether a plant belongs to a stage, as far as the elements go.
pub(crate) fn belongs(row: &Facility, stage: ShareStage, elements: &[Element]) -> bool {
    let made = row.made();
    let makes = elements.is_empty() || made.is_empty() || made.iter().any(|element| elements.contains(element));
    let fits = match (stage, row.stage) {
        (ShareStage::Mine, Stage::Mine) | (ShareStage::Metal, Stage::Metal) | (ShareStage::Magnet, Stage::Magnet) => {
            true
        }
        // All rare earths pass light separation first; heavy plants take what it leaves and would count twice.
        (ShareStage::Separation, Stage::SeparationLight) => elements.is_empty() || elements.iter().any(|e| light(*e)),
        (ShareStage::Separation, Stage::SeparationHeavy) => !elements.is_empty() && !elements.iter().any(|e| light(*e)),
        (ShareStage::Mine | ShareStage::Separation, Stage::Scandium) => return elements == [Element::Sc],
        _ => false,
    };
    fits && makes && elements != [Element::Sc]
}

/// Taken out by light separation: La, Ce, Pr, Nd.
pub(super) fn light(element: Element) -> bool {
    matches!(element, Element::La | Element::Ce | Element::Pr | Element::Nd)
}

/// A plant's capacity for the elements, in tonnes of what its stage counts; none where it is not known or counts
/// something else.
pub(crate) fn capacity(context: &Context<'_>, row: &Facility, elements: &[Element]) -> Option<f64> {
    // A capacity stated in NdPr oxide cannot be set beside those stated in all oxides.
    let comparable = row.capacity_unit != Some(CapacityUnit::TonnesNdPrOxidePerYear);
    let mut capacity = row.capacity.filter(|capacity| *capacity > 0.0 && comparable)?;
    if row.stage == Stage::Mine && !elements.is_empty() {
        let feed = context.dataset.feed(row.feed.as_ref()?)?;
        let distribution = context.dataset.distribution(&feed.distribution)?;
        capacity *= elements
            .iter()
            .map(|element| distribution.share(*element).0)
            .sum::<f64>();
    }
    Some(capacity)
}

/// Who could make a material at a stage in a year.
pub(super) fn supply(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
) -> Result<Supply, Missing> {
    let Subject::RareEarths { name, elements } = subject else {
        return Err(Missing(format!(
            "the evidence has no plants of {}: shares by company are known for rare earths only",
            subject.name()
        )));
    };
    let plants = || {
        let rows = context.dataset.facilities.iter();
        rows.filter(|row| belongs(row, stage, elements) && runs_in(row, year))
    };
    let mut by_company: BTreeMap<&str, Part> = BTreeMap::new();
    let mut unknown = 0.0;
    let mut rest: Vec<String> = Vec::new();
    let mut silent: Vec<&str> = Vec::new();
    for row in plants() {
        let Some(capacity) = capacity(context, row, elements) else {
            silent.push(row.name.as_str());
            continue;
        };
        let (Some(operator), Level::Plant) = (&row.operator, row.level) else {
            unknown += capacity;
            rest.push(context.place_name(row.place.as_str()));
            continue;
        };
        let part = by_company.entry(operator.as_str()).or_insert_with(|| Part {
            who: operator.clone(),
            name: operator.clone(),
            quantity: 0.0,
            low: 0.0,
            high: 0.0,
            sources: Vec::new(),
            confidence: Confidence::A,
        });
        part.quantity += capacity;
        part.low += capacity;
        part.high += capacity;
        part.confidence = part.confidence.max(row.provenance.confidence);
        for source in &row.provenance.sources {
            if !part.sources.contains(source) {
                part.sources.push(source.clone());
            }
        }
    }
    let mut remarks = vec!["by capacity of plants, because output by company is mostly not known".to_owned()];
    if stage != ShareStage::Mine && !elements.is_empty() && elements.as_slice() != [Element::Sc] {
        remarks.push(format!("capacity of plants that make {name}, for all that they make"));
    }
    if !rest.is_empty() {
        rest.sort();
        rest.dedup();
        remarks.push(format!("operators not known one by one: plants in {}", rest.join(", ")));
    }
    if !silent.is_empty() {
        remarks.push(format!(
            "capacity not known or not comparable, left out: {}",
            silent.join(", ")
        ));
    }
    let supply = Supply {
        stage,
        year,
        parts: by_company.into_values().collect(),
        unknown,
        unknown_may_be_listed: true,
        unit: if matches!(stage, ShareStage::Mine | ShareStage::Separation) {
            "t REO per year"
        } else {
            "t per year"
        },
        basis: "capacity of plants that run".to_owned(),
        remarks,
        published: Vec::new(),
    };
    supply.sorted(&format!("{name} at the stage {stage} in {year}"))
}
