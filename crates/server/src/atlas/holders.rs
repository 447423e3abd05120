//! Who holds a stage.

use monazite_evidence::ShareStage;
use monazite_risk::shares::hhi_of;
use monazite_risk::supply::{Supply, supply};
use monazite_risk::{By, Context, Subject};
use serde::Serialize;
use utoipa::ToSchema;

use super::ids;

/// Who holds a stage of a material.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stage {
    /// The material: `Dy`, or `TREO` for all rare earths together.
    pub material: String,
    /// The stage.
    pub stage: &'static str,
    /// The year.
    pub year: u16,
    /// All of it, in `unit`.
    pub total: Option<f64>,
    /// Unit of quantities.
    pub unit: Option<&'static str>,
    /// Concentration of the shares, 0 to 1.
    pub hhi: Option<f64>,
    /// Whoever makes it, the largest first.
    pub holders: Vec<Holder>,
    /// Part of the world whose maker is not known.
    pub unknown_share: Option<f64>,
    /// What the quantities are.
    pub basis: Option<String>,
    /// What a reader should know.
    pub remarks: Vec<String>,
    /// Why there is nothing.
    pub missing: Option<String>,
}

/// Who makes something.
#[derive(Debug, Serialize, ToSchema)]
pub struct Holder {
    /// Code of the place.
    pub holder: String,
    /// Its name.
    pub name: String,
    /// Part of the world.
    pub share: f64,
    /// Lowest part that sources state.
    pub low: f64,
    /// Highest part that sources state.
    pub high: f64,
    /// Quantity, in the unit of the stage.
    pub quantity: f64,
    /// How far it can be trusted.
    pub confidence: &'static str,
    /// Where it comes from.
    pub sources: Vec<String>,
}

/// Who holds a stage of a subject in a year.
pub fn stage(context: &Context<'_>, subject: &Subject, stage: ShareStage, year: u16) -> Stage {
    match supply(context, subject, stage, year, By::Country) {
        Ok(found) => known(&found, subject, year),
        Err(missing) => Stage {
            material: subject.name().to_owned(),
            stage: stage.as_str(),
            year,
            total: None,
            unit: None,
            hhi: None,
            holders: Vec::new(),
            unknown_share: None,
            basis: None,
            remarks: Vec::new(),
            missing: Some(missing.to_string()),
        },
    }
}

fn known(found: &Supply, subject: &Subject, year: u16) -> Stage {
    let holders = found.parts.iter().map(|part| {
        let (low, high) = found.share_range(part);
        Holder {
            holder: part.who.clone(),
            name: part.name.clone(),
            share: found.share(part),
            low,
            high,
            quantity: part.quantity,
            confidence: part.confidence.as_str(),
            sources: ids(&part.sources),
        }
    });
    let total = found.total();
    Stage {
        material: subject.name().to_owned(),
        stage: found.stage.as_str(),
        year,
        total: Some(total),
        unit: Some(found.unit),
        hhi: hhi_of(found, subject.name(), year).value.ok(),
        holders: holders.collect(),
        unknown_share: (total > 0.0).then(|| found.unknown / total),
        basis: Some(found.basis.clone()),
        remarks: found.remarks.clone(),
        missing: None,
    }
}
