//! Who makes what is traded: concentration and domestic output at the stage of the traded product.

use std::collections::BTreeMap;

use monazite_evidence::table::{MaterialRow, MaterialStage};
use monazite_evidence::{Confidence, Element, PlaceId, ShareStage, SourceId};

use crate::columns::{Production, ProductionRow};
use crate::context::Context;
use crate::question::{By, Subject};
use crate::score::Missing;
use crate::shares::herfindahl;
use crate::supply::{Supply, supply};

/// What stands as the source of a figure from a production table of the user's.
pub const OWN_PRODUCTION: &str = "your production table";

/// Shares of a stage are taken from a year at most so many years away.
const NEAREST: u16 = 4;

/// How concentration is taken when a product is made at a later stage than the production table counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Concentration {
    /// Of the stage that the traded product is made at; missing where that is not known.
    #[default]
    Stage,
    /// Of the stage that the production table counts, even if it is another.
    Reported,
}

/// Who makes a product.
#[derive(Debug, Clone, PartialEq)]
pub struct Makers {
    /// Sum of squared shares, 0 to 1.
    pub hhi: f64,
    /// Share of each maker by code, with the name; largest first.
    pub shares: Vec<(String, String, f64)>,
    /// Output by place in t of the production basis; none when only shares are known, or another stage is counted.
    pub output: Option<BTreeMap<String, f64>>,
    /// What one tonne traded holds of the subject, from the make-up of world output; 1 for a whole product.
    pub part: f64,
    /// Sources.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// What is counted.
    pub basis: String,
    /// What a reader should know.
    pub remarks: Vec<String>,
}

/// Makers of a material, from a production table.
///
/// # Errors
/// [`Missing`] when the table does not have the material or the year, or counts another stage than is traded.
pub fn of_material(
    context: &Context<'_>,
    production: Option<&Production>,
    material: &MaterialRow,
    stage: MaterialStage,
    year: u16,
    concentration: Concentration,
) -> Result<Makers, Missing> {
    let name = &material.material;
    let table = &material.production_table;
    let Some(production) = production else {
        return Err(Missing(format!(
            "no production of {name}: the bundled evidence has rare earths only; give World Mining Data by --production"
        )));
    };
    let other_stage = stage != material.production_stage;
    if other_stage && concentration == Concentration::Stage {
        return Err(Missing(format!(
            "traded {name} is made at the stage {stage}, and the production table counts the stage {}: who makes it is \
             not known",
            material.production_stage
        )));
    }
    let rows: Vec<&ProductionRow> = production.rows(table, year).collect();
    if rows.is_empty() {
        let why = if production.has(table) {
            format!("no row of {year}")
        } else {
            format!("no table `{table}`")
        };
        return Err(Missing(format!("the production table has {why} for {name}")));
    }
    let mut makers = counted(context, &rows, material)?;
    if other_stage {
        makers.output = None;
        makers.remarks.push(format!(
            "concentration of the stage {}, not of the stage {stage} that is traded; its output is not counted as supply",
            material.production_stage
        ));
    }
    makers.confidence = makers.confidence.max(material.provenance.confidence);
    Ok(makers)
}

/// Output by place from the rows of a year.
fn counted(context: &Context<'_>, rows: &[&ProductionRow], material: &MaterialRow) -> Result<Makers, Missing> {
    let mut output: BTreeMap<String, f64> = BTreeMap::new();
    let mut remarks = Vec::new();
    let (mut unknown, mut copied) = (0_usize, Vec::new());
    let mut by_code: BTreeMap<&str, (&str, f64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_world()) {
        let Some(quantity) = row.quantity else {
            unknown += 1;
            continue;
        };
        let tonnes = quantity * tonnes_per(&row.unit, material)?;
        // Two countries under one code with one figure: the second is a copy of the first.
        match by_code.get(&*row.code) {
            Some((other, same)) if *other != &*row.country && same.total_cmp(&tonnes).is_eq() && tonnes > 0.0 => {
                copied.push(format!("{} has the figure of {other}", row.country));
                continue;
            }
            _ => {
                by_code.insert(&row.code, (&row.country, tonnes));
            }
        }
        *output.entry(place_of(context, row)).or_default() += tonnes;
    }
    let total: f64 = output.values().sum();
    if total <= 0.0 {
        return Err(Missing(format!(
            "the production table counts no {} in the year",
            material.material
        )));
    }
    if unknown > 0 {
        let countries = if unknown == 1 { "country" } else { "countries" };
        remarks.push(format!(
            "{unknown} {countries} without a figure left out of concentration"
        ));
    }
    remarks.extend(
        copied
            .into_iter()
            .map(|copy| format!("{copy} and is not counted twice")),
    );
    if let Some(stated) = stated_total(rows, material)
        && (stated - total).abs() > 0.01 * total
    {
        let off = 100.0 * (total / stated - 1.0);
        remarks.push(format!(
            "countries add up to {off:+.1} % of the stated world total; countries count"
        ));
    }
    let mut shares: Vec<(String, String, f64)> = output
        .iter()
        .map(|(place, tonnes)| (place.clone(), context.place_name(place), tonnes / total))
        .collect();
    shares.sort_by(|a, b| b.2.total_cmp(&a.2));
    Ok(Makers {
        hhi: herfindahl(shares.iter().map(|share| share.2)),
        shares,
        output: Some(output),
        part: 1.0,
        sources: vec![SourceId::from(OWN_PRODUCTION)],
        confidence: Confidence::B,
        basis: format!("{}, stage {}", material.production_basis, material.production_stage),
        remarks,
    })
}

/// The world's total as the table states it, t.
fn stated_total(rows: &[&ProductionRow], material: &MaterialRow) -> Option<f64> {
    let row = rows.iter().find(|row| row.is_world())?;
    Some(row.quantity? * tonnes_per(&row.unit, material).ok()?).filter(|total| *total > 0.0)
}

/// Tonnes in a unit of the table.
fn tonnes_per(unit: &str, material: &MaterialRow) -> Result<f64, Missing> {
    match unit.trim() {
        "metr. t" | "t" | "metric t" => Ok(1.0),
        "kg" => Ok(1e-3),
        "ct" => Ok(2e-7),
        "Mio m3" | "Mio. m3" | "mio_m3" => Ok(material.tonnes_per_unit),
        other => Err(Missing(format!(
            "the production table counts in `{other}`, a unit that is not known"
        ))),
    }
}

/// The place of a row: by its name, because a code may be another country's; then by its code.
fn place_of(context: &Context<'_>, row: &ProductionRow) -> String {
    let by_name = context
        .dataset
        .resolve_place(&row.country)
        .ok()
        .map(|place| place.place.to_string());
    let by_code = || {
        let id = PlaceId::from(row.iso3.as_deref()?);
        context.dataset.place(&id).map(|place| place.place.to_string())
    };
    by_name.or_else(by_code).unwrap_or_else(|| row.country.to_string())
}

/// Makers of rare earths at a stage, from the bundled evidence.
///
/// # Errors
/// [`Missing`] where the evidence does not say, of this year or any near it.
pub fn of_rare_earths(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
) -> Result<Makers, Missing> {
    let (found, of) = nearest(context, subject, stage, year)?;
    let mut makers = Makers {
        hhi: herfindahl(found.parts.iter().map(|part| found.share(part))),
        shares: found
            .parts
            .iter()
            .map(|part| (part.who.clone(), part.name.clone(), found.share(part)))
            .collect(),
        output: in_tonnes(&found).then(|| found.parts.iter().map(|p| (p.who.clone(), p.quantity)).collect()),
        part: 1.0,
        sources: Vec::new(),
        confidence: Confidence::A,
        basis: found.basis.clone(),
        remarks: Vec::new(),
    };
    for part in &found.parts {
        for source in part
            .sources
            .iter()
            .filter(|source| !makers.sources.contains(source))
            .cloned()
            .collect::<Vec<_>>()
        {
            makers.sources.push(source);
        }
        if found.share(part) >= 0.05 {
            makers.confidence = makers.confidence.max(part.confidence);
        }
    }
    if of != year {
        makers.confidence = Confidence::C;
        makers.output = None;
        makers.remarks.push(format!(
            "shares of the stage are of {of}, the nearest year that the evidence has"
        ));
    }
    if found.unknown > 0.0 {
        let percent = 100.0 * found.unknown / found.total();
        makers.remarks.push(format!(
            "{percent:.0} % of output is of unknown makers, counted as many small ones"
        ));
    }
    match part_of_heading(context, subject, stage, of, &found) {
        Ok(part) => {
            makers.part = part;
            if part < 1.0 {
                makers.remarks.push(
                    "the heading holds other rare earths too: the element's part of its trade is taken as its part of \
                     world output"
                        .to_owned(),
                );
            }
        }
        Err(_) => makers.output = None,
    }
    Ok(makers)
}

fn in_tonnes(supply: &Supply) -> bool {
    supply.unit == "t" || supply.unit.starts_with("t ")
}

/// The evidence of the year, or of the nearest one, earlier before later.
fn nearest(context: &Context<'_>, subject: &Subject, stage: ShareStage, year: u16) -> Result<(Supply, u16), Missing> {
    let mut reason = None;
    for away in 0..=NEAREST {
        let years = [year.checked_sub(away), (away > 0).then(|| year.saturating_add(away))];
        for of in years.into_iter().flatten() {
            match supply(context, subject, stage, of, By::Country) {
                Ok(found) => return Ok((found, of)),
                Err(missing) => {
                    reason.get_or_insert(missing);
                }
            }
        }
    }
    Err(reason.unwrap_or_else(|| Missing("nothing is known of the stage".to_owned())))
}

/// What part of the tonnes under a heading is the subject: its world output over that of all the heading holds.
fn part_of_heading(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
    found: &Supply,
) -> Result<f64, Missing> {
    let Subject::RareEarths { elements, .. } = subject else {
        return Ok(1.0);
    };
    let cerium_alone = stage == ShareStage::Separation && elements.as_slice() == [Element::Ce];
    if elements.is_empty() || cerium_alone {
        return Ok(1.0);
    }
    let all = if stage == ShareStage::Separation && !elements.contains(&Element::Ce) {
        Subject::RareEarths {
            name: "rare earths but cerium".to_owned(),
            elements: Element::ALL
                .iter()
                .copied()
                .filter(|element| *element != Element::Ce)
                .collect(),
        }
    } else {
        Subject::total()
    };
    let whole = supply(context, &all, stage, year, By::Country)?;
    if !(in_tonnes(&whole) && in_tonnes(found)) || whole.total() <= 0.0 {
        return Err(Missing("tonnes of the stage are not known".to_owned()));
    }
    Ok((found.total() / whole.total()).min(1.0))
}
