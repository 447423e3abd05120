//! From what is typed to a question.

use std::collections::BTreeMap;
use std::sync::Arc;

use monazite_evidence::group::Regions;
use monazite_evidence::{Dataset, EvidenceError, ShareStage};
use monazite_risk::context::BASE_YEARS;
use monazite_risk::eu::inputs::Inputs;
use monazite_risk::question::years;
use monazite_risk::{By, Context, Importer, Question, Subject};

use crate::args::risk::{ByArg, Slice, StageArg};
use crate::failure::Failure;

/// The question of a slice.
pub fn question(context: &Context<'_>, slice: &Slice) -> Result<Question, Failure> {
    // The year of an assessment is the year of its scores.
    let latest = slice.assessment.or(BASE_YEARS.first().copied());
    question_of(context, slice, latest.into_iter().collect())
}

/// The materials named, one by one or with commas between them; some have commas in their own name
/// (`Salt (rock, brines, marine)`), so a text that is a name as a whole is not parted.
fn materials(dataset: &Dataset, texts: &[String]) -> Result<Vec<Subject>, Failure> {
    let mut found = Vec::new();
    for text in texts {
        if dataset.resolve_material(text).is_ok() {
            found.push(Subject::Other(text.clone()));
            continue;
        }
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            dataset.resolve_material(name)?;
            found.push(Subject::Other(name.to_owned()));
        }
    }
    Ok(found)
}

/// The question of a slice, of these years where it names none.
pub fn question_of(context: &Context<'_>, slice: &Slice, otherwise: Vec<u16>) -> Result<Question, Failure> {
    let years = match &slice.years {
        Some(text) => years(text)?,
        None => otherwise,
    };
    let subjects = if !slice.material.is_empty() {
        materials(context.dataset, &slice.material)?
    } else if slice.element.is_empty() {
        Subject::all()
    } else {
        let of = |text: &String| Subject::rare_earths(context.dataset, text);
        slice.element.iter().map(of).collect::<Result<_, _>>()?
    };
    let stages = if slice.stage.is_empty() && !slice.material.is_empty() {
        // Production tables of other materials count one stage only.
        vec![ShareStage::Mine]
    } else if slice.stage.is_empty() {
        ShareStage::ALL.to_vec()
    } else {
        slice.stage.iter().map(|stage| stage_of(*stage)).collect()
    };
    let regions = regions(context, slice)?;
    let importers = slice.importer.iter().map(|text| importer(&regions, text, &years));
    Ok(Question {
        subjects,
        stages,
        importers: importers.collect::<Result<_, _>>()?,
        by: match slice.by {
            ByArg::Country => By::Country,
            ByArg::Company => By::Company,
        },
        threshold: slice.threshold,
        assessment: slice.assessment,
        inputs: inputs(slice)?,
        years,
    })
}

fn inputs(slice: &Slice) -> Result<Option<Arc<Inputs>>, Failure> {
    if slice.inputs.is_empty() {
        return Ok(None);
    }
    let mut inputs = Inputs::default();
    for path in &slice.inputs {
        inputs.add(path).map_err(|error| match error {
            EvidenceError::Tables(problems) => Failure::of_file(&problems),
            other => other.into(),
        })?;
    }
    Ok(Some(Arc::new(inputs)))
}

const fn stage_of(stage: StageArg) -> ShareStage {
    match stage {
        StageArg::Mine => ShareStage::Mine,
        StageArg::Separation => ShareStage::Separation,
        StageArg::Metal => ShareStage::Metal,
        StageArg::Magnet => ShareStage::Magnet,
    }
}

/// Places, groups, and the groups that the user made.
fn regions<'c>(context: &'c Context<'_>, slice: &Slice) -> Result<Regions<'c>, Failure> {
    let mut regions = Regions::new(context.dataset);
    if let Some(file) = &slice.groups {
        regions = regions.with_file(file)?;
    }
    for text in &slice.group {
        regions = regions.with(text)?;
    }
    Ok(regions)
}

/// An importer with its members in each year; a group without members in one of the years is refused.
fn importer(regions: &Regions<'_>, text: &str, years: &[u16]) -> Result<Importer, Failure> {
    let mut members = BTreeMap::new();
    let mut name = text.to_owned();
    let mut id = text.to_owned();
    for year in years {
        let region = regions.resolve(text, *year)?;
        name.clone_from(&region.name);
        id = match (&region.group, region.members.as_slice()) {
            (Some(group), _) => group.to_string(),
            (None, [only]) => only.to_string(),
            (None, _) => region.name.clone(),
        };
        members.insert(*year, region.members);
    }
    Ok(Importer { id, name, members })
}
