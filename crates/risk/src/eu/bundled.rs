//! Assessments from the evidence: as the Union assessed, or for any year from production and trade.

use std::collections::BTreeMap;

use monazite_evidence::table::{AssessmentStage, EuAssessment, Hs, SupplyScope};
use monazite_evidence::{Confidence, Element, PlaceId, ShareStage, SourceId};

use super::assess::{Assessment, Concentration, Country, Input, Stage, Use};
use super::formula::{self, Band};
use super::inputs::{Inputs, Summary};
use crate::context::Context;
use crate::question::{By, Subject};
use crate::score::Missing;
use crate::supply::supply;

/// The year of governance that goes with the shares of an assessment: the shares of 2023 are means of 2016 to 2020,
/// and governance of 2019 gives back the concentrations behind the printed results.
fn governance_year(assessment: u16) -> u16 {
    assessment.saturating_sub(4)
}

/// Printed precision of concentrations and substitution indices.
const TENTH: f64 = 0.1;
/// Printed precision of import reliance and recycling.
const PERCENT: f64 = 0.01;

fn country(
    context: &Context<'_>,
    place: &str,
    share: f64,
    t: f64,
    year: u16,
    sources: &[SourceId],
    confidence: Confidence,
) -> Country {
    let governed = context.governance(place, year);
    let mut all = sources.to_vec();
    let mut worst = confidence;
    if let Some(governed) = &governed {
        let fresh = governed.sources.iter().filter(|source| !sources.contains(source));
        all.extend(fresh.cloned());
        worst = worst.max(governed.confidence);
    }
    let name = context.place_name(place);
    Country {
        share,
        governance: governed
            .map(|governed| formula::governance(governed.estimate))
            .ok_or_else(|| Missing(format!("no governance estimate of {name}"))),
        name,
        trade_parameter: t,
        sources: all,
        confidence: worst,
    }
}

/// The latest assessment of a material up to a year, or the first one after it.
fn assessed<'a>(context: &'a Context<'_>, material: &str, year: u16) -> Option<&'a EuAssessment> {
    let rows = || {
        let rows = context.dataset.eu_assessments.iter();
        rows.filter(|row| row.material == *material)
    };
    let before = rows().filter(|row| row.year <= year).max_by_key(|row| row.year);
    before.or_else(|| rows().min_by_key(|row| row.year))
}

fn stated(row: &EuAssessment, value: Option<f64>, unit: f64, most: f64) -> Option<Input> {
    Some(Input {
        band: Band::rounded(value?, unit, 0.0, most),
        sources: row.provenance.sources.clone(),
        confidence: row.provenance.confidence,
    })
}

/// The inputs that production and trade do not give, from the nearest assessment.
fn begin(context: &Context<'_>, material: &str, year: u16) -> Assessment {
    let row = assessed(context, material, year);
    let input = |what: &str, of: fn(&EuAssessment) -> Option<f64>, unit: f64| {
        row.and_then(|row| stated(row, of(row), unit, 1.0))
            .ok_or_else(|| Missing(format!("no assessment in the evidence states the {what} of {material}")))
    };
    let mut remarks = Vec::new();
    if let Some(row) = row.filter(|row| row.year != year) {
        remarks.push(format!(
            "import reliance, recycling and substitution as assessed in {}",
            row.year
        ));
    }
    let (uses, largest_sector) = uses(context, material, year, &mut remarks);
    Assessment {
        material: material.to_owned(),
        year,
        stages: Err(Missing("supply is not known".to_owned())),
        used: None,
        import_reliance: input("import reliance", |row| row.import_reliance.map(|s| s.0), PERCENT),
        eol_rir: input("recycling input rate", |row| row.eol_rir.map(|s| s.0), PERCENT),
        substitution_sr: input("substitution index", |row| row.substitution_sr, TENTH),
        substitution_ei: input("substitution index", |row| row.substitution_ei, TENTH),
        uses,
        largest_sector,
        remarks,
    }
}

/// The uses of the latest assessment that states them.
fn uses(
    context: &Context<'_>,
    material: &str,
    year: u16,
    remarks: &mut Vec<String>,
) -> (Result<Vec<Use>, Missing>, f64) {
    let rows = || {
        let rows = context.dataset.eu_use_shares.iter();
        rows.filter(|row| row.material == *material)
    };
    let Some(of) = rows().map(|row| row.year).max() else {
        let why = format!("no assessment in the evidence states the uses of {material}");
        return (Err(Missing(why)), f64::NAN);
    };
    if of != year {
        remarks.push(format!("uses and value added as assessed in {of}"));
    }
    let sectors = || context.dataset.eu_sectors.iter().filter(|sector| sector.year == of);
    let largest = sectors().map(|sector| sector.value_added_meur).fold(0.0, f64::max);
    let found = rows().filter(|row| row.year == of).map(|row| {
        let sector = row
            .sector
            .as_ref()
            .and_then(|code| sectors().find(|sector| &sector.sector == code));
        Use {
            what: match sector {
                Some(sector) => format!("{} ({} {})", row.application, sector.sector, sector.name),
                None => row.application.clone(),
            },
            share: row.share.0,
            value_added: sector.map(|sector| sector.value_added_meur),
            sources: row.provenance.sources.clone(),
            confidence: row.provenance.confidence,
        }
    });
    (Ok(found.collect()), largest)
}

/// As the Union assessed: printed summary inputs, or printed shares of supply.
pub fn as_assessed(context: &Context<'_>, material: &str, assessment: u16) -> Assessment {
    let mut found = begin(context, material, assessment);
    let row = (context.dataset.eu_assessments.iter()).find(|row| row.material == *material && row.year == assessment);
    let mut stages = Vec::new();
    for stage in [AssessmentStage::Extraction, AssessmentStage::Processing] {
        let of = |scope| printed_shares(context, material, assessment, stage, scope);
        let (global, union) = (of(SupplyScope::Global), of(SupplyScope::Union));
        if global.is_some() || union.is_some() {
            stages.push(Stage {
                stage,
                global,
                union,
                remarks: vec![format!("printed shares, governance of {}", governance_year(assessment))],
            });
        }
    }
    if let (Some(row), true) = (row, stages.is_empty()) {
        found.used = Some(row.supply_used);
        let figure = |value| stated(row, value, TENTH, f64::INFINITY).map(Concentration::Figure);
        stages.push(Stage {
            stage: row.stage,
            global: figure(row.hhi_global),
            union: figure(row.hhi_union),
            remarks: vec!["from the printed, rounded inputs".to_owned()],
        });
    }
    found.stages = if stages.is_empty() {
        let years = assessments(context);
        Err(Missing(format!(
            "the assessment of {assessment} is not in the evidence for {material}; assessments: {years}"
        )))
    } else {
        Ok(stages)
    };
    found
}

/// The years of assessments in the evidence, in words.
pub fn assessments(context: &Context<'_>) -> String {
    let tables = context.dataset.eu_assessments.iter().map(|row| row.year);
    let mut years: Vec<u16> = tables
        .chain(context.dataset.eu_supply_shares.iter().map(|row| row.year))
        .collect();
    years.sort_unstable();
    years.dedup();
    let years: Vec<String> = years.iter().map(u16::to_string).collect();
    years.join(", ")
}

fn printed_shares(
    context: &Context<'_>,
    material: &str,
    assessment: u16,
    stage: AssessmentStage,
    scope: SupplyScope,
) -> Option<Concentration> {
    let rows =
        context.dataset.eu_supply_shares.iter().filter(|row| {
            row.material == *material && row.year == assessment && row.stage == stage && row.scope == scope
        });
    let countries: Vec<Country> = rows
        .map(|row| {
            country(
                context,
                row.place.as_str(),
                row.share.0,
                row.trade_parameter.unwrap_or(1.0),
                governance_year(assessment),
                &row.provenance.sources,
                row.provenance.confidence,
            )
        })
        .collect();
    (!countries.is_empty()).then_some(Concentration::Countries(countries))
}

/// Trade parameter inside the Union.
const INSIDE: f64 = 0.8;

/// From production, the balanced chain and trade of a year.
pub fn from_evidence(context: &Context<'_>, subject: &Subject, element: Element, year: u16) -> Assessment {
    let material = element.symbol();
    let mut found = begin(context, material, year);
    let union = context.dataset.members(&monazite_evidence::GroupId::from("EU"), year);
    let mut stages = Vec::new();
    for (stage, of) in [
        (AssessmentStage::Extraction, ShareStage::Mine),
        (AssessmentStage::Processing, ShareStage::Separation),
    ] {
        let Ok(supply) = supply(context, subject, of, year, By::Country) else {
            continue;
        };
        let countries = supply.parts.iter().map(|part| {
            let inside = union.iter().any(|member| member == part.who.as_str());
            let t = if inside {
                INSIDE
            } else {
                trade_parameter(context, material, &part.who)
            };
            country(
                context,
                &part.who,
                supply.share(part),
                t,
                year,
                &part.sources,
                part.confidence,
            )
        });
        let mut remarks = vec![supply.basis.clone()];
        let global = Some(Concentration::Countries(countries.collect()));
        let sourcing = if stage == AssessmentStage::Processing {
            sourcing(context, element, year, &union)
        } else {
            remarks.push("customs headings do not show what is mined: sourcing of the Union is not known".to_owned());
            None
        };
        stages.push(Stage {
            stage,
            global,
            union: sourcing,
            remarks,
        });
    }
    found
        .remarks
        .push("trade parameters as assessed in 2023, before the export controls of 2025".to_owned());
    if stages.is_empty() {
        found.stages = Err(Missing(
            "neither mining nor separation is known for the year".to_owned(),
        ));
    } else {
        found.stages = Ok(stages);
    }
    found
}

/// The latest printed trade parameter of a country for a material; 1 where none is printed.
fn trade_parameter(context: &Context<'_>, material: &str, place: &str) -> f64 {
    let rows = context.dataset.eu_supply_shares.iter();
    let of_both = rows.filter(|row| row.material == *material && row.place == *place);
    let latest = of_both
        .filter(|row| row.trade_parameter.is_some())
        .max_by_key(|row| row.year);
    latest.and_then(|row| row.trade_parameter).unwrap_or(1.0)
}

/// Where the Union's compounds come from, by gross weight under the heading: cerium has its own, the light elements
/// dominate the other. Nothing shows where the heavy elements come from.
fn sourcing(context: &Context<'_>, element: Element, year: u16, union: &[PlaceId]) -> Option<Concentration> {
    let heading = match element {
        Element::Ce => Hs::CeriumCompounds,
        Element::La | Element::Pr | Element::Nd | Element::Sm => Hs::RareEarthCompounds,
        _ => return None,
    };
    let rows = context.dataset.trade_in(&[year]).ok()?;
    let mut sums: BTreeMap<&str, (f64, Vec<SourceId>, Confidence)> = BTreeMap::new();
    for row in &rows {
        let inward = union.contains(&row.importer) && !union.contains(&row.exporter);
        if let (true, Some(quantity)) = (inward && row.hs == heading, row.quantity_t) {
            let entry = sums.entry(row.exporter.as_str());
            let sum = entry.or_insert_with(|| (0.0, row.provenance.sources.clone(), row.provenance.confidence));
            sum.0 += quantity.0;
        }
    }
    let total: f64 = sums.values().map(|(quantity, ..)| quantity).sum();
    if total <= 0.0 {
        return None;
    }
    let countries = sums.into_iter().map(|(place, (quantity, sources, confidence))| {
        country(context, place, quantity / total, 1.0, year, &sources, confidence)
    });
    Some(Concentration::Countries(countries.collect()))
}

/// From the user's files.
pub fn from_inputs(context: &Context<'_>, inputs: &Inputs, name: &str, year: u16) -> Assessment {
    let material =
        Subject::rare_earths(context.dataset, name).map_or_else(|_| name.to_owned(), |s| s.name().to_owned());
    let mut found = begin(context, &material, year);
    name.clone_into(&mut found.material);
    let own = |summary: &Summary, figure: &str| {
        summary.figures.get(figure).map(|figure| Input {
            band: figure.band,
            sources: Vec::new(),
            confidence: Confidence::B,
        })
    };
    let mut stages: BTreeMap<AssessmentStage, Stage> = BTreeMap::new();
    let blank = |stage| Stage {
        stage,
        global: None,
        union: None,
        remarks: vec!["your inputs".to_owned()],
    };
    let summaries = inputs.summaries.get(name).map(Vec::as_slice).unwrap_or_default();
    for summary in summaries {
        let stage = summary.stage.unwrap_or(AssessmentStage::Processing);
        let entry = stages.entry(stage).or_insert_with(|| blank(stage));
        entry.global = own(summary, "hhi_global").map(Concentration::Figure);
        entry.union = own(summary, "hhi_union").map(Concentration::Figure);
        found.used = summary.used.or(found.used);
        // What the table has a row for is the user's, also where the cell is empty.
        let given = |figure| own(summary, figure).ok_or_else(|| Missing(format!("`{figure}` is empty in your table")));
        found.import_reliance = given("import_reliance");
        found.eol_rir = given("eol_rir");
        found.substitution_sr = given("substitution_sr");
        found.substitution_ei = given("substitution_ei").or_else(|missing| {
            let bundled = found.substitution_ei.clone();
            bundled.map_err(|_| missing)
        });
    }
    for row in inputs.shares.get(name).map(Vec::as_slice).unwrap_or_default() {
        let place = context
            .dataset
            .resolve_place(&row.country)
            .map(|place| place.place.clone());
        let t = row.trade_parameter.unwrap_or(1.0);
        let mut part = match &place {
            Ok(place) => country(context, place.as_str(), row.share, t, year, &[], Confidence::B),
            Err(error) => Country {
                name: row.country.clone(),
                share: row.share,
                governance: Err(Missing(error.to_string())),
                trade_parameter: t,
                sources: Vec::new(),
                confidence: Confidence::B,
            },
        };
        if let Some(own) = row.governance {
            part.governance = Ok(own);
        }
        let entry = stages.entry(row.stage).or_insert_with(|| blank(row.stage));
        let of = match row.scope {
            SupplyScope::Global => &mut entry.global,
            SupplyScope::Union => &mut entry.union,
        };
        match of {
            Some(Concentration::Countries(countries)) => countries.push(part),
            _ => *of = Some(Concentration::Countries(vec![part])),
        }
    }
    if !stages.is_empty() {
        found.stages = Ok(stages.into_values().collect());
    }
    if let Some(rows) = inputs.uses.get(name) {
        found.uses = Ok(rows
            .iter()
            .map(|row| Use {
                what: row.what.clone(),
                share: row.share,
                value_added: row.value_added,
                sources: Vec::new(),
                confidence: Confidence::B,
            })
            .collect());
    }
    let sectors = context.dataset.eu_sectors.iter().map(|sector| sector.value_added_meur);
    found.largest_sector = inputs.largest_sector.unwrap_or_else(|| sectors.fold(0.0, f64::max));
    found
}
