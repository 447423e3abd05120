//! One country's input-output table.

use nalgebra::DMatrix;

use crate::ExposureError;

/// One industry of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Industry {
    /// Its code in the table.
    pub code: String,
    /// Its English name.
    pub name: String,
}

/// A published total beside ours.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Check {
    /// What is compared.
    pub what: String,
    /// As published, million USD.
    pub published_musd: f64,
    /// In the table as used, million USD.
    pub ours_musd: f64,
}

impl Check {
    /// Relative difference.
    #[must_use]
    pub fn difference(&self) -> f64 {
        (self.ours_musd - self.published_musd).abs() / self.published_musd.abs().max(1.0)
    }
}

/// Who buys how much from whom in one country in one year, million USD, industry by industry.
#[derive(Clone, Debug)]
pub struct Economy {
    /// Which mapping of end uses fits its industries: `bea402` or `oecd45`.
    pub tables: &'static str,
    /// Where the table comes from, in words.
    pub title: String,
    /// Year of the money and totals, where the file says it.
    pub year: Option<u16>,
    /// The industries.
    pub industries: Vec<Industry>,
    /// Gross output of each.
    pub output: Vec<f64>,
    /// Value added of each.
    pub value_added: Vec<f64>,
    /// Domestic deliveries of the row's industry to the column's.
    pub domestic: DMatrix<f64>,
    /// Imported inputs of each industry, with taxes on products where the table has them apart.
    pub imported: Vec<f64>,
    /// Domestic deliveries to final use: households, state, investment, exports.
    pub final_use: Vec<f64>,
    /// Published totals beside ours.
    pub checks: Vec<Check>,
}

/// How far a balance may be off, relative to output.
const CLOSES: f64 = 1e-6;

impl Economy {
    /// Refuses a table whose rows or columns do not add up to output.
    ///
    /// # Errors
    /// [`ExposureError::Tables`] that names the industry.
    pub fn checked(self) -> Result<Self, ExposureError> {
        for (j, industry) in self.industries.iter().enumerate() {
            let output = self.output[j];
            let named = |what: &str, sum: f64| {
                ExposureError::Tables(format!(
                    "{what} of {} ({}) add up to {sum:.3}, its output is {output:.3}",
                    industry.name, industry.code
                ))
            };
            if !(output.is_finite() && output > 0.0) {
                return Err(ExposureError::Tables(format!(
                    "the output of {} ({}) is {output}",
                    industry.name, industry.code
                )));
            }
            let column = self.domestic.column(j).sum() + self.imported[j] + self.value_added[j];
            if (column - output).abs() > CLOSES * output {
                return Err(named("the inputs", column));
            }
            let row = self.domestic.row(j).sum() + self.final_use[j];
            if (row - output).abs() > CLOSES * output {
                return Err(named("the deliveries", row));
            }
        }
        Ok(self)
    }

    /// Domestic input coefficients: what a column's industry buys from a row's per unit of its output.
    #[must_use]
    pub fn coefficients(&self) -> DMatrix<f64> {
        let mut a = self.domestic.clone();
        for (mut column, output) in a.column_iter_mut().zip(&self.output) {
            column /= *output;
        }
        a
    }

    /// Position of an industry.
    #[must_use]
    pub fn position(&self, code: &str) -> Option<usize> {
        self.industries.iter().position(|industry| industry.code == code)
    }

    /// Sum of value added, million USD.
    #[must_use]
    pub fn gdp(&self) -> f64 {
        self.value_added.iter().sum()
    }
}
