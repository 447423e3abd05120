//! Net import reliance, and risk in the style of the United States Geological Survey, which builds on it.

use monazite_evidence::{Confidence, ShareStage};

use crate::context::Context;
use crate::error::RiskError;
use crate::eu::formula;
use crate::question::{By, Importer, Question, Subject};
use crate::score::{Missing, Score, Term};
use crate::shares::{for_each, staged};
use crate::sourcing::{Sourcing, sourcing};
use crate::supply::supply;

/// Apparent use below this part of what is made and imported is what is left of rounding, not use.
const LEAST_USED: f64 = 0.01;

/// (imports − exports) / (production + imports − exports). Below 0 for a net exporter; the European Union's method
/// takes such a value as 0.
///
/// # Errors
/// [`Missing`] where hardly anything is used, so that reliance has no meaning: apparent use is a small difference of
/// large numbers, and dividing by it gives any number.
pub fn net_reliance(production: f64, imports: f64, exports: f64) -> Result<f64, Missing> {
    let used = production + imports - exports;
    if used <= 0.0 {
        return Err(Missing(
            "apparent use is not above zero: exports exceed production and imports".to_owned(),
        ));
    }
    if used <= LEAST_USED * (production + imports) {
        return Err(Missing(
            "apparent use is about zero: nearly all that is made or imported is exported, so reliance has no meaning"
                .to_owned(),
        ));
    }
    Ok((imports - exports) / used)
}

/// Net import reliance of each importer.
///
/// # Errors
/// When no importer is named.
pub fn reliance(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    importers_of(question, "reliance")?;
    let mut scores = Vec::new();
    for_each(question, |subject, stage, year| {
        for importer in &question.importers {
            scores.push(of_importer(context, subject, stage, year, importer));
        }
    });
    Ok(scores)
}

fn importers_of(question: &Question, method: &str) -> Result<(), RiskError> {
    if question.importers.is_empty() {
        return Err(RiskError::question(
            format!("`{method}` is of an importer"),
            "name one or more: `--importer USA,JPN,EU`",
        ));
    }
    Ok(())
}

fn of_importer(context: &Context<'_>, subject: &Subject, stage: ShareStage, year: u16, importer: &Importer) -> Score {
    let mut score = match sourcing(context, subject, stage, year, importer) {
        Err(missing) => Score::new("reliance", subject.name(), year, Err(missing)),
        Ok(found) => of_sourcing(&found, subject.name(), year),
    };
    score.importer = Some(importer.id.clone());
    staged(score, stage)
}

fn of_sourcing(found: &Sourcing, material: &str, year: u16) -> Score {
    let sum = |flows: &[crate::sourcing::Flow]| flows.iter().map(|flow| flow.quantity).sum::<f64>();
    let (imports, exports) = (sum(&found.imports), sum(&found.exports));
    let production = match &found.production {
        Ok(production) => *production,
        Err(missing) => {
            let mut score = Score::new("reliance", material, year, Err(missing.clone()));
            score.terms.push(Term::new("imports", imports, found.unit));
            score.terms.push(Term::new("exports", exports, found.unit));
            score.remarks.clone_from(&found.remarks);
            score.remarks.push(if imports > exports {
                "net importer; 100 % where nothing is made at home".to_owned()
            } else {
                "net exporter".to_owned()
            });
            return score;
        }
    };
    let value = net_reliance(production, imports, exports);
    let used = production + imports - exports;
    let mut score = Score::new("reliance", material, year, value.clone());
    let explained = value.is_ok();
    for (flows, word, sign) in [
        (&found.imports, "imports from", 1.0),
        (&found.exports, "exports to", -1.0),
    ] {
        for flow in flows {
            let mut term = Term::new(format!("{word} {}", flow.name), flow.quantity, found.unit)
                .from(&flow.sources, flow.confidence);
            if explained {
                term = term.contributing(sign * flow.quantity / used);
            }
            score.terms.push(term);
        }
    }
    score
        .terms
        .push(Term::new("own production", production, found.unit).from(&[], found.confidence));
    score.confidence = found.confidence;
    score.remarks.clone_from(&found.remarks);
    if value.is_ok_and(|value| value < 0.0) {
        score
            .remarks
            .push("net exporter; the European Union's method takes it as 0".to_owned());
    }
    score
}

/// Risk in the style of the United States Geological Survey (Nassar and others, 2020): the cube root of disruption
/// potential, trade exposure and economic vulnerability.
///
/// Willingness to supply and economic vulnerability are not in the evidence, so the value is missing; the range goes
/// up to what it is with both at their worst, and the known parts are its terms.
///
/// # Errors
/// When no importer is named.
pub fn usgs(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    importers_of(question, "usgs")?;
    let mut scores = Vec::new();
    for_each(question, |subject, stage, year| {
        for importer in &question.importers {
            let exposure = of_importer(context, subject, stage, year, importer);
            let mut score = usgs_of(context, subject, stage, year, &exposure);
            score.importer = Some(importer.id.clone());
            scores.push(staged(score, stage));
        }
    });
    Ok(scores)
}

const NO_VULNERABILITY: &str = "economic vulnerability (expenditure against profit by industry) is not in the evidence";
const NO_WILLINGNESS: &str = "willingness to supply (trade ties, shared values, alliance) is not in the evidence";

fn usgs_of(context: &Context<'_>, subject: &Subject, stage: ShareStage, year: u16, exposure: &Score) -> Score {
    let why = format!("{NO_VULNERABILITY}; {NO_WILLINGNESS}");
    let mut score = Score::new("usgs", subject.name(), year, Err(Missing(why)));
    let found = match supply(context, subject, stage, year, By::Country) {
        Ok(found) => found,
        Err(missing) => {
            score.value = Err(missing);
            return score;
        }
    };
    let mut potential = 0.0;
    let mut unknown = 0.0;
    for part in &found.parts {
        let share = found.share(part);
        let Some(governed) = context.governance(&part.who, year) else {
            unknown += share * share;
            continue;
        };
        // Inability to supply: governance from 0 (good) to 1 (bad) stands in for the survey of mining companies.
        let inability = formula::governance(governed.estimate) / 10.0;
        potential += share * share * inability;
        let mut sources = part.sources.clone();
        sources.extend(governed.sources.iter().cloned());
        score.terms.push(
            Term::new(
                format!("disruption potential of {} at the least willingness", part.name),
                share * share * inability,
                "",
            )
            .from(&sources, Confidence::C),
        );
    }
    score.terms.push(Term::new(
        "disruption potential at the least willingness (governance stands in for ability)",
        potential + unknown,
        "",
    ));
    score.terms.push(Term::missing("willingness to supply", NO_WILLINGNESS));
    score
        .terms
        .push(Term::missing("economic vulnerability", NO_VULNERABILITY));
    match &exposure.value {
        Ok(reliance) => {
            let exposed = reliance.clamp(0.0, 1.0);
            score
                .terms
                .push(Term::new("trade exposure (net import reliance)", exposed, "").from(&[], exposure.confidence));
            score.range = Some((0.0, ((potential + unknown) * exposed).cbrt()));
            score
                .remarks
                .push("range: up to willingness and vulnerability at their worst".to_owned());
        }
        Err(missing) => score.terms.push(Term::missing("trade exposure", missing.to_string())),
    }
    score.confidence = Confidence::C;
    score
}
