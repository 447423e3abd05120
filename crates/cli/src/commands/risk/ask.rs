//! From what is typed to a question.

use monazite_evidence::ShareStage;
use monazite_risk::context::BASE_YEARS;
use monazite_risk::question::years;
use monazite_risk::{By, Context, Importer, Question, Subject};

use crate::args::risk::{ByArg, Slice, StageArg};
use crate::failure::Failure;

/// The question of a slice.
pub fn question(context: &Context<'_>, slice: &Slice) -> Result<Question, Failure> {
    let years = match &slice.years {
        Some(text) => years(text)?,
        None => BASE_YEARS.first().copied().into_iter().collect(),
    };
    let subjects = if !slice.material.is_empty() {
        slice.material.iter().map(|name| Subject::Other(name.clone())).collect()
    } else if slice.element.is_empty() {
        Subject::all()
    } else {
        let of = |text: &String| Subject::rare_earths(context.dataset, text);
        slice.element.iter().map(of).collect::<Result<_, _>>()?
    };
    let stages = if slice.stage.is_empty() {
        ShareStage::ALL.to_vec()
    } else {
        slice.stage.iter().map(|stage| stage_of(*stage)).collect()
    };
    let importers = slice.importer.iter().map(|text| importer(context, text, &years));
    Ok(Question {
        subjects,
        stages,
        importers: importers.collect::<Result<_, _>>()?,
        by: match slice.by {
            ByArg::Country => By::Country,
            ByArg::Company => By::Company,
        },
        threshold: None,
        years,
    })
}

const fn stage_of(stage: StageArg) -> ShareStage {
    match stage {
        StageArg::Mine => ShareStage::Mine,
        StageArg::Separation => ShareStage::Separation,
        StageArg::Metal => ShareStage::Metal,
        StageArg::Magnet => ShareStage::Magnet,
    }
}

fn importer(context: &Context<'_>, text: &str, years: &[u16]) -> Result<Importer, Failure> {
    let place = context.dataset.resolve_place(text)?;
    Ok(Importer {
        id: place.place.to_string(),
        name: place.name.clone(),
        members: years.iter().map(|year| (*year, vec![place.place.clone()])).collect(),
    })
}
