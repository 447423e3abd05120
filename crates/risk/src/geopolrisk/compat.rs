//! The numbers of geopolrisk-py 2.0.1, defects included.
//!
//! Rules that a reader would not expect, all deliberate here: production is cut to whole units before concentration is
//! computed; an economy's production is the first row of its code; a missing quantity counts as 0 t while its value
//! stays in the price; a partner without an estimate has instability 0.5, one whose estimate is missing 0, one whose
//! estimate is the text `nan` makes the score NaN; a partner inside the region has 0 and stays in the denominator;
//! exports are never subtracted; the European Union has its twenty-seven members of 2020 in every year; natural gas
//! stays in million cubic metres; no supply at all is a score of 0.

use std::collections::HashMap;

use monazite_evidence::table::{GeopolriskRole, MaterialRow};
use monazite_evidence::{Dataset, MaterialId};
use rayon::prelude::*;

use crate::columns::{Estimate, Governance, Production, ProductionRow, Tables, Trade, WORLD};

/// Midpoint of copper to which characterisation factors refer, USD/kg: written into the library as the mean of the
/// OECD in 2017 to 2021. It cannot be reproduced from the library's own data.
pub const COPPER_REFERENCE: f64 = 0.409_412_948;

/// Instability of a partner without an estimate.
const UNKNOWN_INSTABILITY: f64 = 0.5;

/// BACI codes of the European Union's members since February 2020.
pub const EU27: [u16; 27] = [
    40, 56, 100, 191, 196, 203, 208, 233, 246, 251, 276, 300, 348, 372, 380, 428, 440, 442, 470, 528, 616, 620, 642,
    703, 705, 724, 752,
];

/// An economy that the library scores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompatEconomy {
    /// BACI's code, or the name of a region: `EU`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// BACI codes of its members; one for a country.
    pub members: Vec<u16>,
}

impl CompatEconomy {
    /// A country.
    #[must_use]
    pub fn country(code: u16, name: impl Into<String>) -> Self {
        Self {
            code: code.to_string(),
            name: name.into(),
            members: vec![code],
        }
    }

    /// The European Union as the library has it.
    #[must_use]
    pub fn eu() -> Self {
        Self {
            code: "EU".to_owned(),
            name: "European Union".to_owned(),
            members: EU27.to_vec(),
        }
    }

    /// All economies of the library: the countries of BACI and the European Union.
    #[must_use]
    pub fn all(tables: &Tables) -> Vec<Self> {
        let countries = tables.codes.economies().iter();
        countries
            .map(|economy| Self::country(economy.code, economy.name.clone()))
            .chain([Self::eu()])
            .collect()
    }
}

/// A material as the library knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompatMaterial {
    /// Our id.
    pub id: MaterialId,
    /// The library's name.
    pub name: String,
    /// Its production table.
    pub table: String,
    /// Its headings.
    pub headings: Vec<u32>,
}

impl CompatMaterial {
    /// The material of a row; none when the library cannot score it.
    #[must_use]
    pub fn of(dataset: &Dataset, row: &MaterialRow) -> Option<Self> {
        let mut codes: Vec<_> = dataset
            .codes_of(&row.material)
            .filter_map(|code| Some((code.geopolrisk_role?, code.hs)))
            .collect();
        codes.sort_by_key(|(role, hs)| (*role != GeopolriskRole::Primary, *hs));
        Some(Self {
            id: row.material.clone(),
            name: row.geopolrisk_name.clone()?,
            table: row.production_table.clone(),
            headings: codes.into_iter().map(|(_, hs)| hs).collect(),
        })
    }

    /// The 53 materials of the library, by name.
    #[must_use]
    pub fn all(dataset: &Dataset) -> Vec<Self> {
        let mut all: Vec<Self> = dataset
            .materials
            .iter()
            .filter_map(|row| Self::of(dataset, row))
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

/// What an economy imports of a material in a year.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Imports {
    /// Quantity times instability, t.
    pub numerator: f64,
    /// Quantity, t.
    pub quantity: f64,
    /// Value, kUSD.
    pub value: f64,
}

impl Imports {
    /// Adds a flow.
    pub fn add(&mut self, quantity: f64, instability: f64, value: f64) {
        self.numerator += quantity * instability;
        self.quantity += quantity;
        self.value += value;
    }

    /// Import unit value, kUSD/t; 0 without a quantity.
    #[must_use]
    pub fn price(self) -> f64 {
        if self.quantity == 0.0 {
            0.0
        } else {
            self.value / self.quantity
        }
    }

    /// Flows given one by one: quantity in t, instability, value in kUSD.
    #[must_use]
    pub fn of(flows: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let mut imports = Self::default();
        for (quantity, instability, value) in flows {
            imports.add(quantity, instability, value);
        }
        imports
    }
}

/// The result for one material, economy and year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompatScore {
    /// What is imported.
    pub imports: Imports,
    /// Import unit value, USD/kg.
    pub price: f64,
    /// Domestic production, t.
    pub production: f64,
    /// Concentration of world production.
    pub hhi: f64,
    /// Part of the supply at risk.
    pub import_risk: f64,
    /// The score.
    pub score: f64,
    /// Characterisation factor, kg of copper equivalent per kg.
    pub factor: f64,
}

impl CompatScore {
    /// From its inputs.
    #[must_use]
    pub fn new(imports: Imports, production: f64, hhi: f64) -> Self {
        let price = imports.price();
        let supply = imports.quantity + production;
        let import_risk = if supply == 0.0 { 0.0 } else { imports.numerator / supply };
        let score = hhi * import_risk;
        Self {
            imports,
            price,
            production,
            hhi,
            import_risk,
            score,
            factor: score * price / COPPER_REFERENCE,
        }
    }
}

/// Concentration of world production: the sum of squared shares of the countries, each cut to whole units.
///
/// None when nobody produces, where the library fails.
#[must_use]
pub fn concentration<'a>(rows: impl IntoIterator<Item = &'a ProductionRow>) -> Option<f64> {
    let (mut squares, mut sum) = (0.0, 0.0);
    for row in rows {
        if &*row.code == WORLD {
            continue;
        }
        let quantity = row.quantity.unwrap_or(0.0).trunc();
        squares += quantity * quantity;
        sum += quantity;
    }
    (sum > 0.0).then(|| squares / (sum * sum))
}

/// Production of an economy in t: of the first row of its code, with kilograms converted and nothing else.
#[must_use]
pub fn domestic(rows: &[&ProductionRow], code: u16) -> f64 {
    let code = code.to_string();
    let Some(row) = rows.iter().find(|row| *row.code == *code) else {
        return 0.0;
    };
    let quantity = row.quantity.unwrap_or(0.0);
    if &*row.unit == "kg" {
        quantity / 1000.0
    } else {
        quantity
    }
}

/// Instability of partners by BACI code and year; the first row of a code and year counts.
#[derive(Debug, Clone, Default)]
pub struct Instability {
    known: HashMap<(u16, u16), f64>,
}

impl Instability {
    /// From a governance table.
    #[must_use]
    pub fn new(governance: &Governance) -> Self {
        let mut known = HashMap::new();
        for row in &governance.rows {
            let Some(code) = row.compat_code else { continue };
            known.entry((code, row.year)).or_insert(match row.estimate {
                Estimate::Is(estimate) => ((2.5 - estimate) / 5.0).clamp(0.0, 1.0),
                Estimate::Missing => 0.0,
                Estimate::NotANumber => f64::NAN,
            });
        }
        Self { known }
    }

    /// Instability of a partner, 0 to 1.
    #[must_use]
    pub fn of(&self, code: u16, year: u16) -> f64 {
        self.known.get(&(code, year)).copied().unwrap_or(UNKNOWN_INSTABILITY)
    }
}

/// The whole table: for each year and material, each economy.
#[derive(Debug, Clone)]
pub struct CompatTable {
    /// Years.
    pub years: Vec<u16>,
    /// Materials.
    pub materials: Vec<CompatMaterial>,
    /// Economies.
    pub economies: Vec<CompatEconomy>,
    /// Scores, by year, material and economy; none where the library fails.
    pub scores: Vec<Option<CompatScore>>,
}

impl CompatTable {
    /// Every row: year, material, economy and score.
    pub fn rows(&self) -> impl Iterator<Item = (u16, &CompatMaterial, &CompatEconomy, Option<&CompatScore>)> {
        let cells = self.years.iter().flat_map(move |year| {
            let materials = self.materials.iter();
            materials.flat_map(move |material| self.economies.iter().map(move |economy| (*year, material, economy)))
        });
        cells
            .zip(&self.scores)
            .map(|((year, material, economy), score)| (year, material, economy, score.as_ref()))
    }
}

/// Scores materials, economies and years.
#[must_use]
pub fn table(
    tables: &Tables,
    production: &Production,
    materials: Vec<CompatMaterial>,
    economies: Vec<CompatEconomy>,
    years: Vec<u16>,
) -> CompatTable {
    let instability = Instability::new(&tables.governance);
    let imports = ImportsOf::new(&tables.trade, &instability, &materials, &economies, &years);
    let cells: Vec<(usize, usize)> = (0..years.len())
        .flat_map(|y| (0..materials.len()).map(move |m| (y, m)))
        .collect();
    let scores = cells
        .par_iter()
        .flat_map_iter(|(y, m)| {
            let year = years.get(*y).copied().unwrap_or_default();
            let rows: Vec<&ProductionRow> = materials
                .get(*m)
                .map(|material| production.rows(&material.table, year).collect())
                .unwrap_or_default();
            let hhi = concentration(rows.iter().copied());
            let imports = &imports;
            economies.iter().enumerate().map(move |(e, economy)| {
                let produced = economy.members.iter().map(|code| domestic(&rows, *code)).sum();
                Some(CompatScore::new(imports.of(*y, *m, e), produced, hhi?))
            })
        })
        .collect();
    CompatTable {
        years,
        materials,
        economies,
        scores,
    }
}

/// Imports by year, material and economy.
struct ImportsOf {
    cells: Vec<Imports>,
    materials: usize,
    economies: usize,
}

/// No economy.
const NOBODY: u16 = u16::MAX;

impl ImportsOf {
    fn new(
        trade: &Trade,
        instability: &Instability,
        materials: &[CompatMaterial],
        economies: &[CompatEconomy],
        years: &[u16],
    ) -> Self {
        let mut imports = Self {
            cells: vec![Imports::default(); years.len() * materials.len() * economies.len()],
            materials: materials.len(),
            economies: economies.len(),
        };
        // An importer counts for itself and for the regions it belongs to.
        let mut of_code: Vec<Vec<u16>> = vec![Vec::new(); usize::from(NOBODY)];
        for (e, economy) in economies.iter().enumerate() {
            for code in &economy.members {
                if let (Some(list), Ok(e)) = (of_code.get_mut(usize::from(*code)), u16::try_from(e)) {
                    list.push(e);
                }
            }
        }
        let mut of_heading: HashMap<u32, Vec<usize>> = HashMap::new();
        for (m, material) in materials.iter().enumerate() {
            for heading in &material.headings {
                of_heading.entry(*heading).or_default().push(m);
            }
        }
        let mut last_year = (0, None);
        let mut stability: Vec<f64> = Vec::new();
        for row in 0..trade.len() {
            let (Some(flow), Some(quantity)) = (flow(trade, row), trade.quantity.get(row)) else {
                continue;
            };
            if last_year.0 != flow.year || stability.is_empty() {
                last_year = (flow.year, years.iter().position(|year| *year == flow.year));
                stability = (0..NOBODY).map(|code| instability.of(code, flow.year)).collect();
            }
            let Some(y) = last_year.1 else { continue };
            let quantity = if quantity.is_nan() { 0.0 } else { *quantity };
            let of_partner = stability
                .get(usize::from(flow.exporter))
                .copied()
                .unwrap_or(UNKNOWN_INSTABILITY);
            for m in of_heading.get(&flow.heading).into_iter().flatten() {
                for e in of_code.get(usize::from(flow.importer)).into_iter().flatten() {
                    let e = usize::from(*e);
                    let region = economies
                        .get(e)
                        .map(|economy| economy.members.as_slice())
                        .unwrap_or_default();
                    let inner = region.len() > 1 && region.contains(&flow.exporter);
                    let risk = if inner { 0.0 } else { of_partner };
                    let at = imports.at(y, *m, e);
                    if let Some(cell) = imports.cells.get_mut(at) {
                        cell.add(quantity, risk, flow.value);
                    }
                }
            }
        }
        imports
    }

    const fn at(&self, year: usize, material: usize, economy: usize) -> usize {
        (year * self.materials + material) * self.economies + economy
    }

    fn of(&self, year: usize, material: usize, economy: usize) -> Imports {
        self.cells
            .get(self.at(year, material, economy))
            .copied()
            .unwrap_or_default()
    }
}

struct Flow {
    year: u16,
    exporter: u16,
    importer: u16,
    heading: u32,
    value: f64,
}

fn flow(trade: &Trade, row: usize) -> Option<Flow> {
    Some(Flow {
        year: *trade.year.get(row)?,
        exporter: *trade.exporter.get(row)?,
        importer: *trade.importer.get(row)?,
        heading: *trade.heading.get(row)?,
        value: *trade.value.get(row)?,
    })
}
