//! Shares of what a stage makes, and their concentration.

use monazite_evidence::{Confidence, ShareStage};

use crate::context::Context;
use crate::error::RiskError;
use crate::question::{Question, Subject};
use crate::score::{Missing, Score, Term};
use crate::supply::{Part, Supply, supply};

/// Holder of what nobody is known to hold.
pub const UNKNOWN: &str = "unknown";

/// The herfindahl index of shares that sum to 1: between 1/N and 1.
#[must_use]
pub fn herfindahl(shares: impl IntoIterator<Item = f64>) -> f64 {
    shares.into_iter().map(|share| share * share).sum()
}

/// The share of each holder, largest first, and what is unknown.
///
/// # Errors
/// Never today; a method may fail on a question that it cannot answer.
pub fn shares(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    let mut scores = Vec::new();
    for_each(question, |subject, stage, year| {
        match supply(context, subject, stage, year, question.by) {
            Err(missing) => scores.push(staged(Score::new("shares", subject.name(), year, Err(missing)), stage)),
            Ok(found) => {
                scores.extend(
                    found
                        .parts
                        .iter()
                        .map(|part| share_of(&found, part, subject.name(), stage, year)),
                );
                if found.unknown > 0.0 {
                    scores.push(unknown_of(&found, subject.name(), stage, year));
                }
            }
        }
    });
    Ok(scores)
}

/// Calls once per subject, stage and year.
pub(crate) fn for_each(question: &Question, mut visit: impl FnMut(&Subject, ShareStage, u16)) {
    for subject in &question.subjects {
        for stage in &question.stages {
            for year in &question.years {
                visit(subject, *stage, *year);
            }
        }
    }
}

/// With a stage.
pub(crate) fn staged(mut score: Score, stage: ShareStage) -> Score {
    score.stage = Some(stage.as_str());
    if score.value.is_err() {
        score.confidence = Confidence::C;
    }
    score
}

fn share_of(supply: &Supply, part: &Part, material: &str, stage: ShareStage, year: u16) -> Score {
    let share = supply.share(part);
    let mut score = staged(Score::new("shares", material, year, Ok(share)), stage);
    score.holder = Some(part.who.clone());
    let (low, high) = supply.share_range(part);
    score.range = (high - low > 1e-9).then_some((low, high));
    score.confidence = part.confidence;
    score.terms.push(
        Term::new(format!("quantity of {}", part.name), part.quantity, supply.unit)
            .contributing(share)
            .from(&part.sources, part.confidence),
    );
    for published in supply.published.iter().filter(|published| published.who == part.who) {
        score.terms.push(
            Term::new(format!("published share: {}", published.of), published.share, "")
                .from(&published.sources, published.confidence),
        );
    }
    score.remarks.push(supply.basis.clone());
    score.remarks.extend(conflict(supply, part, share));
    score.remarks.extend(supply.remarks.iter().cloned());
    score
}

/// Published shares that differ by more than two points from the one computed.
fn conflict(supply: &Supply, part: &Part, share: f64) -> Option<String> {
    let others: Vec<f64> = supply
        .published
        .iter()
        .filter(|published| published.exact && published.who == part.who && (published.share - share).abs() > 0.02)
        .map(|published| published.share)
        .collect();
    let low = others.iter().copied().fold(f64::INFINITY, f64::min);
    let high = others.iter().copied().fold(0.0, f64::max);
    match others.len() {
        0 => None,
        1 => Some(format!("published: {:.1} %", 100.0 * low)),
        _ => Some(format!("published: {:.1} to {:.1} %", 100.0 * low, 100.0 * high)),
    }
}

fn unknown_of(supply: &Supply, material: &str, stage: ShareStage, year: u16) -> Score {
    let share = supply.unknown / supply.total();
    let mut score = staged(Score::new("shares", material, year, Ok(share)), stage);
    score.holder = Some(UNKNOWN.to_owned());
    score.confidence = Confidence::C;
    score.remarks.push(supply.basis.clone());
    score.remarks.extend(supply.remarks.iter().cloned());
    score
}

/// Concentration: the sum of squared shares.
///
/// What is unknown counts as many small holders in the value; the range goes up to one holder of all of it, who may
/// be the largest listed one where operators are unknown.
///
/// # Errors
/// Never today; a method may fail on a question that it cannot answer.
pub fn hhi(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    let mut scores = Vec::new();
    for_each(question, |subject, stage, year| {
        let score = match supply(context, subject, stage, year, question.by) {
            Err(missing) => Score::new("hhi", subject.name(), year, Err(missing)),
            Ok(found) => hhi_of(&found, subject.name(), year),
        };
        scores.push(staged(score, stage));
    });
    Ok(scores)
}

/// The concentration of one supply.
#[must_use]
pub fn hhi_of(supply: &Supply, material: &str, year: u16) -> Score {
    if supply.parts.is_empty() {
        return Score::new("hhi", material, year, Err(Missing("no holder is named".to_owned())));
    }
    let value = herfindahl(supply.parts.iter().map(|part| supply.share(part)));
    let mut score = Score::new("hhi", material, year, Ok(value));
    for part in &supply.parts {
        let share = supply.share(part);
        score.terms.push(
            Term::new(format!("share of {}", part.name), share, "")
                .contributing(share * share)
                .from(&part.sources, part.confidence),
        );
    }
    let (low, high) = hhi_range(supply);
    score.range = (high - low > 1e-9).then_some((low.min(value), high.max(value)));
    // The confidence is that of what decides: holders of at least a twentieth.
    let deciding = supply.parts.iter().filter(|part| supply.share(part) >= 0.05);
    score.confidence = deciding.map(|part| part.confidence).max().unwrap_or(Confidence::C);
    score.remarks.push(supply.basis.clone());
    if supply.unknown > 0.0 {
        let percent = 100.0 * supply.unknown / supply.total();
        score.remarks.push(format!(
            "{percent:.0} % unknown: the value takes it as many small holders, the range as one"
        ));
    }
    score.remarks.extend(supply.remarks.iter().cloned());
    score
}

/// Lowest and highest concentration: the largest holder at its low against the others at their high, and the other
/// way round with what is unknown in one hand.
fn hhi_range(supply: &Supply) -> (f64, f64) {
    let at = |largest: fn(&Part) -> f64, others: fn(&Part) -> f64, one_hand: bool| {
        let mut quantities: Vec<f64> = supply
            .parts
            .iter()
            .enumerate()
            .map(|(n, part)| if n == 0 { largest(part) } else { others(part) })
            .collect();
        let total = quantities.iter().sum::<f64>() + supply.unknown;
        if one_hand {
            match quantities.first_mut() {
                Some(first) if supply.unknown_may_be_listed => *first += supply.unknown,
                _ => quantities.push(supply.unknown),
            }
        }
        herfindahl(quantities.iter().map(|quantity| quantity / total))
    };
    let low = at(|part| part.low, |part| part.high, false);
    let high = at(|part| part.high, |part| part.low, true);
    (low.min(high), low.max(high))
}
