//! What is left without the largest supplier, and who holds so much that nobody can do without.

use std::collections::BTreeMap;

use monazite_evidence::table::{Facility, FacilityStatus};
use monazite_evidence::{Confidence, ShareStage, SourceId};

use crate::context::Context;
use crate::error::RiskError;
use crate::question::{By, Importer, Question, Subject};
use crate::score::{Missing, Score, Term};
use crate::shares::{for_each, staged};
use crate::sourcing::sourcing;
use crate::supply::companies::{belongs, capacity, runs_in};
use crate::supply::{Supply, supply};

/// The year that the column of outputs of the plants speaks of.
const OUTPUT_YEAR: u16 = 2024;

/// The part of supply that remains without its largest supplier: of the world, or of an importer's use.
///
/// The range goes up to what idle capacity elsewhere could add, as far as plants state capacity and output.
///
/// # Errors
/// Never today: what is not known is a missing value.
pub fn without_largest(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    let mut scores = Vec::new();
    for_each(question, |subject, stage, year| {
        if question.importers.is_empty() {
            let found = supply(context, subject, stage, year, question.by);
            let score = match found {
                Err(missing) => Score::new("n-1", subject.name(), year, Err(missing)),
                Ok(found) => of_world(context, &found, subject, question.by, year),
            };
            scores.push(staged(score, stage));
            return;
        }
        for importer in &question.importers {
            let score = of_importer(context, subject, stage, year, importer);
            let mut score = score.unwrap_or_else(|missing| Score::new("n-1", subject.name(), year, Err(missing)));
            score.importer = Some(importer.id.clone());
            scores.push(staged(score, stage));
        }
    });
    Ok(scores)
}

fn of_world(context: &Context<'_>, found: &Supply, subject: &Subject, by: By, year: u16) -> Score {
    let total = found.total();
    let Some(largest) = found.parts.first() else {
        return Score::new(
            "n-1",
            subject.name(),
            year,
            Err(Missing("no holder is named".to_owned())),
        );
    };
    let left = 1.0 - found.share(largest);
    let mut score = Score::new("n-1", subject.name(), year, Ok(left));
    for part in found.parts.iter().skip(1) {
        let share = found.share(part);
        score.terms.push(
            Term::new(format!("remains: {}", part.name), part.quantity, found.unit)
                .contributing(share)
                .from(&part.sources, part.confidence),
        );
    }
    if found.unknown > 0.0 {
        let share = found.unknown / total;
        score.terms.push(
            Term::new("remains: holders not known", found.unknown, found.unit)
                .contributing(share)
                .from(&[], Confidence::C),
        );
    }
    score.terms.push(
        Term::new(format!("without {}", largest.name), largest.quantity, found.unit)
            .from(&largest.sources, largest.confidence),
    );
    score.confidence = largest.confidence;
    score.remarks.push(format!("without {}", largest.name));
    let (low_share, high_share) = found.share_range(largest);
    let mut high = 1.0 - low_share;
    if by == By::Country && year == OUTPUT_YEAR {
        let (idle, plants, sources) = idle(context, found.stage, subject, &largest.who);
        if idle > 0.0 {
            let share = idle / total;
            high += share;
            score.terms.push(
                Term::new(
                    format!("idle capacity elsewhere ({})", plants.join(", ")),
                    idle,
                    found.unit,
                )
                .from(&sources, Confidence::C),
            );
            score.remarks.push(format!(
                "idle capacity elsewhere could add {:.1} % of supply, as far as plants state it",
                100.0 * share
            ));
        }
    }
    let low = (1.0 - high_share).min(left);
    let high = high.clamp(left, 1.0);
    score.range = (high - low > 1e-9).then_some((low, high));
    score
}

/// Idle capacity outside a country: plants that state both capacity and output.
fn idle(
    context: &Context<'_>,
    stage: ShareStage,
    subject: &Subject,
    without: &str,
) -> (f64, Vec<String>, Vec<SourceId>) {
    let Subject::RareEarths { elements, .. } = subject else {
        return (0.0, Vec::new(), Vec::new());
    };
    // Beyond the mine capacities are stated for all elements together; they say nothing about a single one.
    if stage != ShareStage::Mine && !elements.is_empty() {
        return (0.0, Vec::new(), Vec::new());
    }
    let mut sum = 0.0;
    let (mut plants, mut sources) = (Vec::new(), Vec::new());
    let runs = |row: &&Facility| runs_in(row, OUTPUT_YEAR) && row.status != FacilityStatus::RampUp;
    let rows = context.dataset.facilities.iter().filter(runs);
    for row in rows.filter(|row| row.place != *without && belongs(row, stage, elements)) {
        let (Some(output), Some(full), Some(able)) = (row.output_2024, row.capacity, capacity(context, row, elements))
        else {
            continue;
        };
        let idle = able * (1.0 - output / full);
        if full > 0.0 && idle > 0.0 {
            sum += idle;
            plants.push(row.name.clone());
            let fresh = row
                .provenance
                .sources
                .iter()
                .filter(|source| !sources.contains(*source));
            let fresh: Vec<SourceId> = fresh.cloned().collect();
            sources.extend(fresh);
        }
    }
    (sum, plants, sources)
}

/// What remains of an importer's supply without the largest origin of its imports.
fn of_importer(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
    importer: &Importer,
) -> Result<Score, Missing> {
    let found = sourcing(context, subject, stage, year, importer)?;
    let production = found.production.clone()?;
    let supply = production + found.imports.iter().map(|flow| flow.quantity).sum::<f64>();
    if supply <= 0.0 {
        return Err(Missing(format!("{} neither makes nor imports it", importer.name)));
    }
    let Some(largest) = found.imports.first() else {
        let mut score = Score::new("n-1", subject.name(), year, Ok(1.0));
        score
            .terms
            .push(Term::new("own production", production, found.unit).contributing(1.0));
        score.remarks.push("imports nothing".to_owned());
        score.confidence = found.confidence;
        return Ok(score);
    };
    let mut score = Score::new("n-1", subject.name(), year, Ok(1.0 - largest.quantity / supply));
    score
        .terms
        .push(Term::new("remains: own production", production, found.unit).contributing(production / supply));
    for flow in found.imports.iter().skip(1) {
        score.terms.push(
            Term::new(
                format!("remains: imports from {}", flow.name),
                flow.quantity,
                found.unit,
            )
            .contributing(flow.quantity / supply)
            .from(&flow.sources, flow.confidence),
        );
    }
    score.terms.push(
        Term::new(
            format!("without imports from {}", largest.name),
            largest.quantity,
            found.unit,
        )
        .from(&largest.sources, largest.confidence),
    );
    score.confidence = found.confidence;
    score.remarks.push(format!("without imports from {}", largest.name));
    score.remarks.extend(found.remarks);
    Ok(score)
}

/// Share of the world above which a holder is a choke point, unless the question says otherwise.
pub const THRESHOLD: f64 = 0.25;

/// Holders of more than a share of the world's supply, and single plants of more than that of its capacity.
///
/// # Errors
/// Never today: what is not known is a missing value.
pub fn chokepoints(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    let threshold = question.threshold.unwrap_or(THRESHOLD);
    let mut scores = Vec::new();
    for_each(question, |subject, stage, year| {
        match supply(context, subject, stage, year, question.by) {
            Err(missing) => scores.push(staged(
                Score::new("chokepoints", subject.name(), year, Err(missing)),
                stage,
            )),
            Ok(found) => {
                for part in found.parts.iter().filter(|part| found.share(part) > threshold) {
                    let share = found.share(part);
                    let mut score = staged(Score::new("chokepoints", subject.name(), year, Ok(share)), stage);
                    score.holder = Some(part.who.clone());
                    let (low, high) = found.share_range(part);
                    score.range = (high - low > 1e-9).then_some((low, high));
                    score.confidence = part.confidence;
                    score.terms.push(
                        Term::new(format!("quantity of {}", part.name), part.quantity, found.unit)
                            .contributing(share)
                            .from(&part.sources, part.confidence),
                    );
                    score.remarks.push(match question.by {
                        By::Country => "country".to_owned(),
                        By::Company => "company, by capacity".to_owned(),
                    });
                    scores.push(score);
                }
            }
        }
        scores.extend(plants(context, subject, stage, year, threshold));
    });
    Ok(scores)
}

/// Single plants above a share of the capacity of all that run.
fn plants(context: &Context<'_>, subject: &Subject, stage: ShareStage, year: u16, threshold: f64) -> Vec<Score> {
    let Subject::RareEarths { elements, .. } = subject else {
        return Vec::new();
    };
    let rows = context.dataset.facilities.iter();
    let running: Vec<(&Facility, f64)> = rows
        .filter(|row| belongs(row, stage, elements) && runs_in(row, year))
        .filter_map(|row| Some((row, capacity(context, row, elements)?)))
        .collect();
    let total: f64 = running.iter().map(|(_, capacity)| capacity).sum();
    let mut found: BTreeMap<&str, Score> = BTreeMap::new();
    let single = |row: &Facility| row.level == monazite_evidence::table::Level::Plant;
    for (row, capacity) in running
        .iter()
        .filter(|(row, capacity)| single(row) && *capacity > threshold * total)
    {
        let share = capacity / total;
        let mut score = staged(Score::new("chokepoints", subject.name(), year, Ok(share)), stage);
        score.holder = Some(row.name.clone());
        score.confidence = row.provenance.confidence;
        score.terms.push(
            Term::new(format!("capacity of {}", row.name), *capacity, "t per year")
                .contributing(share)
                .from(&row.provenance.sources, row.provenance.confidence),
        );
        score.remarks.push(format!(
            "single plant in {}, by capacity",
            context.place_name(row.place.as_str())
        ));
        found.insert(row.facility.as_str(), score);
    }
    found.into_values().collect()
}
