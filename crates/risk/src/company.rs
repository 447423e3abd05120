//! A company's purchases scored, beside the score of the country it buys for.

use std::collections::BTreeMap;
use std::path::Path;

use monazite_evidence::{Confidence, Dataset, Problem, Problems, Purchase, ShareStage, SourceId, ThousandUsd, Tonnes};

use crate::columns::{Cells, ColumnsError};
use crate::error::RiskError;
use crate::geopolrisk::compat::{CompatScore, Imports, Instability};
use crate::geopolrisk::corrected::{Answer, Model};
use crate::geopolrisk::target::{Target, targets};
use crate::question::{Importer, Subject};
use crate::score::{Missing, Score, Term};

/// What stands as the source of a figure from a company's table.
const OWN_PURCHASES: &str = "your table of purchases";

const NEEDED: &str = "material, origin, quantity with unit (`quantity_t`, `quantity_kg`, or `quantity` and `unit`), year; \
                      value (`value_usd` or `value_kusd`) if known";

/// Reads a company's table from CSV or Parquet: the columns named in the user guide, or those of the template of
/// geopolrisk-py (`Metal`, `Country of Origin`, `Quantity (kg)`, `Value (USD)`, `Year`).
///
/// # Errors
/// When the file cannot be read, lacks a column, or a cell is wrong; each problem names row and column.
pub fn read(path: &Path, dataset: &Dataset) -> Result<Vec<Purchase>, ColumnsError> {
    let cells = Cells::read(path)?;
    let columns = Columns::find(&cells)?;
    let mut purchases = Vec::new();
    let mut problems = Problems::default();
    for row in 0..cells.rows() {
        match columns.purchase(&cells, row, dataset) {
            Ok(Some(purchase)) => purchases.push(purchase),
            // An empty line at the end of a spreadsheet.
            Ok(None) => {}
            Err(problem) => problems.push(*problem),
        }
    }
    problems.into_result()?;
    Ok(purchases)
}

/// Where the columns are.
struct Columns {
    material: usize,
    origin: usize,
    year: usize,
    quantity: usize,
    /// Tonnes in the unit that the heading of the quantity names.
    tonnes: Option<f64>,
    unit: Option<usize>,
    /// Column of the value, and kUSD in its unit.
    value: Option<(usize, f64)>,
    note: Option<usize>,
}

impl Columns {
    fn find(cells: &Cells) -> Result<Self, ColumnsError> {
        let named = [
            (cells.find(&["quantity_t", "quantity (t)"]), Some(1.0)),
            (cells.find(&["quantity_kg", "quantity (kg)"]), Some(1e-3)),
            (cells.find(&["quantity"]), None),
        ];
        let found = named.into_iter().find_map(|(column, tonnes)| Some((column?, tonnes)));
        let (quantity, tonnes) = match found {
            Some(found) => found,
            None => (cells.need(&["quantity"], NEEDED)?, None),
        };
        let unit = match tonnes {
            None => Some(cells.need(&["unit"], NEEDED)?),
            Some(_) => None,
        };
        let values = [
            (cells.find(&["value_kusd", "value (1000 usd)"]), 1.0),
            (cells.find(&["value_usd", "value (usd)"]), 1e-3),
        ];
        Ok(Self {
            material: cells.need(&["material", "metal", "raw material"], NEEDED)?,
            origin: cells.need(&["origin", "country of origin"], NEEDED)?,
            year: cells.need(&["year"], NEEDED)?,
            quantity,
            tonnes,
            unit,
            value: values.into_iter().find_map(|(column, kusd)| Some((column?, kusd))),
            note: cells.find(&["note", "notes", "additional notes"]),
        })
    }

    fn purchase(&self, cells: &Cells, row: usize, dataset: &Dataset) -> Result<Option<Purchase>, Box<Problem>> {
        let (Some(material), Some(origin)) = (cells.text(self.material, row), cells.text(self.origin, row)) else {
            let empty = [self.material, self.origin, self.year, self.quantity];
            if empty.iter().all(|column| cells.text(*column, row).is_none()) {
                return Ok(None);
            }
            return Err(cells.problem(self.material, row, "the material or its origin is missing".to_owned()));
        };
        let place = dataset
            .resolve_place(&origin)
            .map_err(|error| cells.problem(self.origin, row, error.to_string()))?;
        let amount = |column: usize, what: &str| match cells.number(column, row)? {
            Some(amount) if amount.is_finite() && amount >= 0.0 => Ok(Some(amount)),
            Some(amount) => Err(cells.problem(column, row, format!("`{amount}` cannot be a {what}"))),
            None => Ok(None),
        };
        let quantity = amount(self.quantity, "quantity")?
            .ok_or_else(|| cells.problem(self.quantity, row, "the quantity is missing".to_owned()))?;
        let tonnes = match (self.tonnes, self.unit) {
            (Some(tonnes), _) => tonnes,
            (None, Some(column)) => {
                let unit = cells.text(column, row).unwrap_or_default();
                tonnes_of(&unit)
                    .ok_or_else(|| cells.problem(column, row, format!("`{unit}` is not one of kg, t, kt, g, lb")))?
            }
            (None, None) => 1.0,
        };
        let value = match self.value {
            Some((column, kusd)) => amount(column, "value")?.map(|value| ThousandUsd(value * kusd)),
            None => None,
        };
        Ok(Some(Purchase {
            material: material.to_string(),
            origin: place.place.clone(),
            year: cells.year(self.year, row)?,
            quantity_t: Tonnes(quantity * tonnes),
            value_kusd: value,
            note: self
                .note
                .and_then(|column| cells.text(column, row))
                .unwrap_or_default()
                .to_string(),
        }))
    }
}

fn tonnes_of(unit: &str) -> Option<f64> {
    match unit.to_ascii_lowercase().as_str() {
        "t" | "tonne" | "tonnes" => Some(1.0),
        "kg" => Some(1e-3),
        "g" => Some(1e-6),
        "kt" => Some(1e3),
        "lb" => Some(4.535_923_7e-4),
        _ => None,
    }
}

/// Purchases of one material in one year, and the score of the country.
#[derive(Debug, Clone)]
pub struct CompanyScore {
    /// The company's score.
    pub score: Score,
    /// Tonnes bought.
    pub quantity_t: f64,
    /// Part of the purchases at risk.
    pub import_risk: Option<f64>,
    /// What was paid per kg; none when a value is missing.
    pub price: Option<f64>,
    /// The country's answer to the same question.
    pub benchmark: Answer,
}

/// Purchases by material and year, in order.
fn grouped(purchases: &[Purchase]) -> BTreeMap<(&str, u16), Vec<&Purchase>> {
    let mut groups: BTreeMap<(&str, u16), Vec<&Purchase>> = BTreeMap::new();
    for purchase in purchases {
        groups
            .entry((purchase.material.as_str(), purchase.year))
            .or_default()
            .push(purchase);
    }
    groups
}

/// The targets of a company's materials: rare earths at the stage given.
///
/// # Errors
/// When a material is neither a rare earth nor in the table of materials; the message names the nearest.
pub fn targets_of(
    dataset: &Dataset,
    purchases: &[Purchase],
    stage: ShareStage,
) -> Result<BTreeMap<String, Target>, RiskError> {
    let mut out = BTreeMap::new();
    for purchase in purchases {
        let name = &purchase.material;
        if out.contains_key(name) {
            continue;
        }
        let other = Subject::Other(name.clone());
        let subject = match dataset.resolve_material(name) {
            Ok(_) => other,
            Err(error) => Subject::rare_earths(dataset, name).map_err(|_| error)?,
        };
        if let Some(target) = targets(dataset, &[subject], &[stage])?.pop() {
            out.insert(name.clone(), target);
        }
    }
    Ok(out)
}

/// Scores a company's purchases by material and year against the country it buys for.
#[must_use]
pub fn scores(
    model: &Model<'_>,
    purchases: &[Purchase],
    targets: &BTreeMap<String, Target>,
    country: &Importer,
) -> Vec<CompanyScore> {
    let mut out = Vec::new();
    for ((name, year), bought) in grouped(purchases) {
        let Some(target) = targets.get(name) else { continue };
        let importers = std::slice::from_ref(country);
        let answers = model.answers(std::slice::from_ref(target), importers, &[year]);
        if let Some(benchmark) = answers.into_iter().next() {
            out.push(company_score(model, year, &bought, benchmark));
        }
    }
    out
}

fn company_score(model: &Model<'_>, year: u16, bought: &[&Purchase], benchmark: Answer) -> CompanyScore {
    let mut score = Score::new(
        "geopolrisk",
        benchmark.score.material.clone(),
        year,
        Err(Missing(String::new())),
    );
    score.stage = benchmark.score.stage;
    score.importer.clone_from(&benchmark.score.importer);
    score.holder = Some("company".to_owned());
    score.confidence = benchmark.score.confidence;
    let total: f64 = bought.iter().map(|purchase| purchase.quantity_t.0).sum();
    let (mut at_risk, mut unknown) = (0.0, Vec::new());
    let mut by_origin: BTreeMap<&str, f64> = BTreeMap::new();
    for purchase in bought {
        *by_origin.entry(purchase.origin.as_str()).or_default() += purchase.quantity_t.0;
    }
    let source = [SourceId::from(OWN_PURCHASES)];
    for (place, tonnes) in by_origin {
        let name = model.place_name(place);
        let mut term = Term::new(format!("bought from {name}"), tonnes, "t").from(&source, Confidence::B);
        let Some(instability) = model.instability(place, year) else {
            score.terms.push(term);
            unknown.push(name);
            continue;
        };
        at_risk += tonnes * instability;
        if let Some(hhi) = benchmark.hhi {
            term = term.contributing(hhi * tonnes * instability / total);
        }
        let stability = Term::new(format!("political instability of {name}"), instability, "");
        score.terms.extend([term, stability]);
    }
    let import_risk = if !unknown.is_empty() {
        Err(Missing(format!(
            "no estimate of political stability of {}",
            unknown.join(", ")
        )))
    } else if total > 0.0 {
        Ok(at_risk / total)
    } else {
        Err(Missing("nothing was bought".to_owned()))
    };
    let hhi = benchmark.hhi.ok_or_else(|| match &benchmark.score.value {
        Err(missing) => missing.clone(),
        Ok(_) => Missing("concentration is not known".to_owned()),
    });
    let value: Option<f64> = bought.iter().map(|purchase| Some(purchase.value_kusd?.0)).sum();
    score.value = import_risk.clone().and_then(|risk| Ok(hhi? * risk));
    CompanyScore {
        score,
        quantity_t: total,
        import_risk: import_risk.ok(),
        price: value.filter(|_| total > 0.0).map(|value| value / total),
        benchmark,
    }
}

/// As geopolrisk-py means to score a company's template: quantities and values a thousandfold, no domestic output.
/// (Release 2.0.1 itself fails on its own template; the numbers are those of its parts.)
///
/// None where concentration is not known.
#[must_use]
pub fn compat(
    purchases: &[&Purchase],
    instability: &Instability,
    code_of: impl Fn(&Purchase) -> Option<u16>,
    hhi: Option<f64>,
) -> Option<CompatScore> {
    let flows = purchases.iter().map(|purchase| {
        // The library multiplies what stands under `kg` by a thousand, and dollars too.
        let quantity = purchase.quantity_t.0 * 1e6;
        let value = purchase.value_kusd.map_or(0.0, |value| value.0 * 1e6);
        let risk = code_of(purchase).map_or(0.5, |code| instability.of(code, purchase.year));
        (quantity, risk, value)
    });
    Some(CompatScore::new(Imports::of(flows), 0.0, hhi?))
}
