//! What is scored: a material or element at a stage, with the headings it is traded under.

use monazite_evidence::table::{MaterialCode, MaterialStage};
use monazite_evidence::{Confidence, Dataset, Element, MaterialId, ShareStage};

use crate::error::RiskError;
use crate::question::Subject;

/// The material that all rare earths are in the table of materials.
const RARE_EARTHS: &str = "Rare earths";

/// A heading and what its product holds.
#[derive(Debug, Clone, PartialEq)]
pub struct TradedAs {
    /// Heading, six digits.
    pub heading: u32,
    /// What is traded, in words.
    pub form: String,
    /// What a tonne of the product is in the terms of the production table; none when no source says.
    pub content: Option<f64>,
    /// How far the row can be trusted.
    pub confidence: Confidence,
}

/// What is scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name: `Dy`, `Nickel`.
    pub name: String,
    /// The material in the table of materials.
    pub material: MaterialId,
    /// The elements, when it is rare earths.
    pub rare_earths: Option<Subject>,
    /// The stage of what is traded.
    pub stage: MaterialStage,
    /// The headings it is traded under; empty when there is none that can be used.
    pub headings: Vec<TradedAs>,
    /// Why there is no heading.
    pub without: Option<String>,
    /// Whether the headings hold other elements too, so that their unit value is no price of it.
    pub mixed: bool,
}

/// The stage of the chain of rare earths.
#[must_use]
pub const fn share_stage(stage: MaterialStage) -> Option<ShareStage> {
    match stage {
        MaterialStage::Mine => Some(ShareStage::Mine),
        MaterialStage::Separation => Some(ShareStage::Separation),
        MaterialStage::Metal => Some(ShareStage::Metal),
        MaterialStage::Magnet => Some(ShareStage::Magnet),
        MaterialStage::Processing => None,
    }
}

const fn material_stage(stage: ShareStage) -> MaterialStage {
    match stage {
        ShareStage::Mine => MaterialStage::Mine,
        ShareStage::Separation => MaterialStage::Separation,
        ShareStage::Metal => MaterialStage::Metal,
        ShareStage::Magnet => MaterialStage::Magnet,
    }
}

/// What a question asks for. Stages are of rare earths; another material is scored at the stage it is traded at.
///
/// # Errors
/// When a material is not known; the message names the nearest.
pub fn targets(dataset: &Dataset, subjects: &[Subject], stages: &[ShareStage]) -> Result<Vec<Target>, RiskError> {
    let mut out = Vec::new();
    for subject in subjects {
        match subject {
            Subject::RareEarths { .. } => {
                out.extend(
                    stages
                        .iter()
                        .map(|stage| rare_earths(dataset, subject, material_stage(*stage))),
                );
            }
            Subject::Other(name) => {
                let row = dataset.resolve_material(name)?;
                if row.material == RARE_EARTHS {
                    let total = Subject::total();
                    out.extend(
                        stages
                            .iter()
                            .map(|stage| rare_earths(dataset, &total, material_stage(*stage))),
                    );
                } else {
                    out.push(of_material(dataset, &row.material));
                }
            }
        }
    }
    Ok(out)
}

/// Every material of the table, rare earths at every stage.
#[must_use]
pub fn all_materials(dataset: &Dataset) -> Vec<Subject> {
    dataset
        .materials
        .iter()
        .map(|row| Subject::Other(row.material.to_string()))
        .collect()
}

/// A material at the stage of its default headings.
#[must_use]
pub fn of_material(dataset: &Dataset, material: &MaterialId) -> Target {
    let used: Vec<&MaterialCode> = dataset.codes_of(material).filter(|code| code.use_by_default).collect();
    // A material is traded at one stage here: that of most of its headings, the earlier one when even.
    let stage = used.iter().map(|code| code.stage).min_by_key(|stage| {
        let count = used.iter().filter(|code| code.stage == *stage).count();
        (std::cmp::Reverse(count), *stage)
    });
    let stage_of_table = dataset
        .materials
        .iter()
        .find(|row| &row.material == material)
        .map(|r| r.production_stage);
    let stage = stage.or(stage_of_table).unwrap_or(MaterialStage::Mine);
    let headings: Vec<TradedAs> = used
        .iter()
        .filter(|code| code.stage == stage)
        .map(|code| traded_as(code))
        .collect();
    let without = headings.is_empty().then(|| {
        let others: Vec<String> = dataset
            .codes_of(material)
            .map(|code| format!("{} ({})", code.hs, code.form))
            .collect();
        if others.is_empty() {
            "no customs heading is known for it".to_owned()
        } else {
            format!("no customs heading holds it alone: {}", others.join(", "))
        }
    });
    Target {
        name: material.to_string(),
        material: material.clone(),
        rare_earths: None,
        stage,
        headings,
        without,
        mixed: false,
    }
}

fn traded_as(code: &MaterialCode) -> TradedAs {
    TradedAs {
        heading: code.hs,
        form: code.form.clone(),
        content: code.content,
        confidence: code.provenance.confidence,
    }
}

/// Rare earths at a stage. Cerium has a heading of its own among compounds; the others share one.
fn rare_earths(dataset: &Dataset, subject: &Subject, stage: MaterialStage) -> Target {
    const CERIUM: u32 = 284_610;
    let material = MaterialId::from(RARE_EARTHS);
    let elements = match subject {
        Subject::RareEarths { elements, .. } => elements.as_slice(),
        Subject::Other(_) => &[],
    };
    let held = |heading: u32| {
        let cerium = elements.is_empty() || elements.contains(&Element::Ce);
        let others = elements.is_empty() || elements.iter().any(|element| *element != Element::Ce);
        stage != MaterialStage::Separation || if heading == CERIUM { cerium } else { others }
    };
    let headings: Vec<TradedAs> = dataset
        .codes_of(&material)
        .filter(|code| code.stage == stage && held(code.hs))
        .map(traded_as)
        .collect();
    let without = headings
        .is_empty()
        .then(|| "concentrates of rare earths have no customs heading of their own".to_owned());
    Target {
        name: subject.name().to_owned(),
        material,
        rare_earths: Some(subject.clone()),
        stage,
        mixed: !(elements.is_empty() || stage == MaterialStage::Separation && elements == [Element::Ce]),
        headings,
        without,
    }
}
