//! `minerals.parquet`: every row of Mineral Commodity Summaries as published, with its figure in tonnes where it has one.

use monazite_evidence::{Dataset, Named};

use crate::cells::Number;
use crate::columns::{Holds, Shape, Value};
use crate::folder::MINERALS;
use crate::store::Fresh;
use crate::wmd::codes;

/// The columns of `minerals.parquet`.
pub const SHAPE: Shape = &[
    ("edition", Holds::Text),
    ("commodity", Holds::Text),
    ("material", Holds::Text),
    ("country", Holds::Text),
    ("iso3", Holds::Text),
    ("year", Holds::Int),
    ("measure", Holds::Text),
    ("detail", Holds::Text),
    ("unit", Holds::Text),
    ("text", Holds::Text),
    ("value", Holds::Float),
    ("low", Holds::Float),
    ("high", Holds::Float),
    ("quantity_t", Holds::Float),
    ("estimated", Holds::Int),
    ("note", Holds::Text),
];

/// An empty table of minerals. A new edition stands beside the older ones: their conflicts are evidence too.
pub fn fresh() -> Fresh {
    Fresh {
        file: MINERALS,
        shape: SHAPE,
        scope: &[0],
        order: &[0, 1, 6, 7, 5, 3],
        rows: Vec::new(),
    }
}

/// One figure of one edition.
#[derive(Debug, Clone)]
pub struct Mineral<'t> {
    pub edition: &'t str,
    pub commodity: &'t str,
    pub country: &'t str,
    pub named: &'t Named,
    pub year: u16,
    pub measure: &'static str,
    pub detail: &'t str,
    pub unit: &'t str,
    pub text: &'t str,
    pub number: &'t Number,
    pub tonnes_per_unit: Option<f64>,
    pub estimated: bool,
    pub note: &'t str,
}

impl Mineral<'_> {
    /// The figure, where there is exactly one.
    pub const fn value(&self) -> Option<f64> {
        match self.number {
            Number::Is(value) => Some(*value),
            _ => None,
        }
    }

    /// The figure in tonnes.
    pub fn tonnes(&self) -> Option<f64> {
        self.value()
            .zip(self.tonnes_per_unit)
            .map(|(value, factor)| value * factor)
    }

    /// The row of the table.
    pub fn row(&self, material: Option<&str>, dataset: &Dataset) -> Vec<Value> {
        let (low, high) = match self.number {
            Number::MoreThan(low) => (Some(*low), None),
            Number::LessThan(high) => (None, Some(*high)),
            Number::Between(low, high) => (Some(*low), Some(*high)),
            _ => (None, None),
        };
        vec![
            Value::text(self.edition),
            Value::text(self.commodity),
            Value::from(material),
            Value::text(self.country),
            codes(self.named, dataset).0,
            Value::from(self.year),
            Value::text(self.measure),
            Value::or_null(self.detail),
            Value::or_null(self.unit),
            Value::text(self.text),
            Value::from(self.value()),
            Value::from(low),
            Value::from(high),
            Value::from(self.tonnes()),
            Value::Int(i32::from(self.estimated)),
            Value::or_null(self.note),
        ]
    }
}
