//! Criticality as the European Union assesses it: supply risk and economic importance (guidelines of 2017).

pub mod assess;
pub mod bundled;
pub mod formula;
pub mod inputs;

use monazite_evidence::Confidence;

use crate::context::Context;
use crate::error::RiskError;
use crate::question::{Question, Subject};
use crate::score::{Missing, Score, Term};
use assess::Assessment;

/// Supply risk (`eu_sr`) and economic importance (`eu_ei`) of each material and year.
///
/// With the user's inputs, of their materials; with the year of an assessment, from its printed inputs; otherwise from
/// production, the balanced chain and trade of each year.
///
/// # Errors
/// Never today: what is not known is a missing value.
pub fn eu(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    let mut scores = Vec::new();
    if let Some(inputs) = &question.inputs {
        for year in &question.years {
            for name in &inputs.materials {
                let assessment = bundled::from_inputs(context, inputs, name, *year);
                if inputs.summaries.contains_key(name) || inputs.shares.contains_key(name) {
                    scores.push(assessment.supply_risk());
                }
                if inputs.uses.contains_key(name) {
                    scores.push(assessment.importance());
                }
            }
        }
        return Ok(scores);
    }
    let years = match question.assessment {
        Some(assessment) => vec![assessment],
        None => question.years.clone(),
    };
    for subject in &question.subjects {
        for year in &years {
            scores.extend(of_subject(context, question, subject, *year));
        }
    }
    Ok(scores)
}

fn both(assessment: &Assessment) -> [Score; 2] {
    [assessment.supply_risk(), assessment.importance()]
}

fn of_subject(context: &Context<'_>, question: &Question, subject: &Subject, year: u16) -> [Score; 2] {
    let printed = |material: &str| bundled::as_assessed(context, material, year);
    match subject {
        Subject::Other(name) if question.assessment.is_some() => both(&printed(name)),
        Subject::Other(name) => {
            let why = Missing(format!(
                "the bundled evidence has no supply of {name} by year; give `--assessment 2017`, or your inputs with `--inputs`"
            ));
            ["eu_sr", "eu_ei"].map(|method| without(method, name, year, why.clone()))
        }
        Subject::RareEarths { name, elements } => match elements.as_slice() {
            [] => {
                let why = Missing("assessed element by element; LREE and HREE are means of their members".to_owned());
                ["eu_sr", "eu_ei"].map(|method| without(method, name, year, why.clone()))
            }
            [element] if question.assessment.is_some() => both(&printed(element.symbol())),
            [element] => both(&bundled::from_evidence(context, subject, *element, year)),
            several => {
                let of_each: Vec<[Score; 2]> = several
                    .iter()
                    .map(|element| of_subject(context, question, &Subject::element(*element), year))
                    .collect();
                [0, 1].map(|at| mean(name, year, of_each.iter().filter_map(|pair| pair.get(at))))
            }
        },
    }
}

fn without(method: &'static str, material: &str, year: u16, why: Missing) -> Score {
    let mut score = Score::new(method, material, year, Err(why));
    score.confidence = Confidence::C;
    score
}

/// A group scores the mean of its members.
fn mean<'s>(name: &str, year: u16, members: impl Iterator<Item = &'s Score>) -> Score {
    let members: Vec<&Score> = members.collect();
    let method = members.first().map_or("eu_sr", |score| score.method);
    let lacking: Vec<&str> = members
        .iter()
        .filter(|score| score.value.is_err())
        .map(|score| score.material.as_str())
        .collect();
    if !lacking.is_empty() {
        return without(
            method,
            name,
            year,
            Missing(format!(
                "mean of members, of which {} have no score",
                lacking.join(", ")
            )),
        );
    }
    #[allow(clippy::cast_precision_loss, reason = "a group has sixteen members at most")]
    let count = members.len() as f64;
    let mut score = Score::new(method, name, year, Ok(0.0));
    let mut sums = [0.0; 3];
    for member in &members {
        let value = member.value.as_ref().copied().unwrap_or_default();
        let (low, high) = member.range.unwrap_or((value, value));
        for (sum, add) in sums.iter_mut().zip([value, low, high]) {
            *sum += add / count;
        }
        score.terms.push(
            Term::new(format!("score of {}", member.material), value, "")
                .contributing(value / count)
                .from(&member.sources(), member.confidence),
        );
    }
    let [value, low, high] = sums;
    score.value = Ok(value);
    score.range = (high - low > 1e-9).then_some((low, high));
    score.remarks.push("mean of the members".to_owned());
    score.trusted_as_terms()
}
