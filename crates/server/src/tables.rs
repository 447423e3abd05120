//! Tables of a result, read from their Parquet files.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use crate::problem::Problem;
use arrow_array::{Array, BooleanArray, Float64Array, RecordBatch, StringArray, UInt32Array, UInt64Array};
use axum::http::StatusCode;
use monazite_evidence::error::Unknown;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The column that says how far a row can be trusted.
const CONFIDENCE: &str = "confidence";
/// Most rows of an answer.
const MOST: usize = 20_000;

/// Tables that a result may have, and their files.
const TABLES: &[(&str, &str)] = &[
    ("prices", "prices.parquet"),
    ("flows", "flows.parquet"),
    ("uses", "uses.parquet"),
    ("stocks", "stocks.parquet"),
    ("production", "production.parquet"),
    ("capacities", "capacities.parquet"),
    ("quotas", "quotas.parquet"),
    ("policies", "policies.parquet"),
    ("shortages", "shortages.parquet"),
    ("price_bands", "bands.parquet"),
    ("loss_bands", "loss_bands.parquet"),
    ("inputs", "inputs.parquet"),
];

/// Rows of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rows {
    /// The table.
    pub table: String,
    /// How many rows fit what was asked.
    pub total: usize,
    /// The rows, 20,000 at most.
    #[schema(value_type = Vec<Object>)]
    pub rows: Vec<Map<String, Value>>,
}

/// What is wanted of a table.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Columns and the value that each must have.
    pub filters: BTreeMap<String, String>,
    /// Columns to be summed, instead of the rows.
    pub sum: Vec<String>,
    /// Columns by which the sums are told apart.
    pub by: Vec<String>,
}

impl Wanted {
    /// From a query: `sum` and `by` are lists, everything else is a column.
    pub fn of(mut query: BTreeMap<String, String>) -> Self {
        let mut list = |name: &str| {
            let text = query.remove(name).unwrap_or_default();
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            items.map(str::to_owned).collect::<Vec<_>>()
        };
        Self {
            sum: list("sum"),
            by: list("by"),
            filters: query,
        }
    }
}

/// Reads the rows in which each column named has its value, or their sums.
pub fn read(folder: &Path, name: &str, wanted: &Wanted) -> Result<Rows, Problem> {
    let names = || TABLES.iter().map(|(name, _)| *name);
    let (_, file) = TABLES
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| Problem::unknown(StatusCode::NOT_FOUND, &Unknown::new("table", name, names())))?;
    let file =
        File::open(folder.join(file)).map_err(|_| Problem::missing(format!("this result has no table `{name}`")))?;
    let damaged = || Problem::failed(format!("the table `{name}` cannot be read")).hint("run the job again");
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|_| damaged())?;
    let fields: Vec<String> = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let filters = &wanted.filters;
    for column in filters.keys().chain(&wanted.sum).chain(&wanted.by) {
        if !fields.contains(column) {
            let unknown = Unknown::new("column", column, fields.iter().map(String::as_str));
            return Err(Problem::unknown(StatusCode::BAD_REQUEST, &unknown));
        }
    }
    let mut found = Rows {
        table: name.to_owned(),
        total: 0,
        rows: Vec::new(),
    };
    let mut sums = Sums::default();
    for batch in builder.build().map_err(|_| damaged())? {
        let batch = batch.map_err(|_| damaged())?;
        for row in (0..batch.num_rows()).filter(|row| fits(&batch, *row, filters)) {
            found.total += 1;
            if !wanted.sum.is_empty() {
                sums.add(&batch, row, wanted);
            } else if found.rows.len() < MOST {
                let cells = fields.iter().zip(batch.columns());
                let cells = cells.map(|(name, array)| (name.clone(), cell(array.as_ref(), row)));
                found.rows.push(cells.collect());
            }
        }
    }
    if !wanted.sum.is_empty() {
        found.rows = sums.rows(wanted);
    }
    Ok(found)
}

fn at(batch: &RecordBatch, column: &str, row: usize) -> Value {
    batch
        .column_by_name(column)
        .map_or(Value::Null, |array| cell(array.as_ref(), row))
}

fn fits(batch: &RecordBatch, row: usize, filters: &BTreeMap<String, String>) -> bool {
    filters
        .iter()
        .all(|(column, wanted)| is(&at(batch, column, row), wanted))
}

/// Sums of groups of rows, with the worst confidence of each.
#[derive(Default)]
struct Sums {
    groups: BTreeMap<Vec<String>, (Vec<f64>, Option<String>)>,
}

impl Sums {
    fn add(&mut self, batch: &RecordBatch, row: usize, wanted: &Wanted) {
        let text = |column: &String| match at(batch, column, row) {
            Value::String(text) => text,
            other => other.to_string(),
        };
        let (sums, worst) = self
            .groups
            .entry(wanted.by.iter().map(text).collect())
            .or_insert_with(|| (vec![0.0; wanted.sum.len()], None));
        for (sum, column) in sums.iter_mut().zip(&wanted.sum) {
            *sum += at(batch, column, row).as_f64().unwrap_or(0.0);
        }
        if let Value::String(letter) = at(batch, CONFIDENCE, row) {
            *worst = worst.take().max(Some(letter));
        }
    }

    fn rows(self, wanted: &Wanted) -> Vec<Map<String, Value>> {
        let row = |(by, (sums, worst)): (Vec<String>, (Vec<f64>, Option<String>))| {
            let names = wanted.by.iter().cloned().zip(by.into_iter().map(Value::from));
            let sums = wanted.sum.iter().cloned().zip(sums.into_iter().map(Value::from));
            let worst = worst.map(|letter| (CONFIDENCE.to_owned(), Value::from(letter)));
            names.chain(sums).chain(worst).collect()
        };
        self.groups.into_iter().take(MOST).map(row).collect()
    }
}

fn is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) => text == wanted,
        Value::Null => wanted.is_empty(),
        Value::Number(number) => number.to_string() == wanted,
        other => format!("{other}") == wanted,
    }
}

/// A value of the types that results are written in.
fn cell(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    let any = array.as_any();
    if let Some(texts) = any.downcast_ref::<StringArray>() {
        Value::from(texts.value(row))
    } else if let Some(numbers) = any.downcast_ref::<Float64Array>() {
        Value::from(numbers.value(row))
    } else if let Some(numbers) = any.downcast_ref::<UInt64Array>() {
        Value::from(numbers.value(row))
    } else if let Some(numbers) = any.downcast_ref::<UInt32Array>() {
        Value::from(numbers.value(row))
    } else if let Some(flags) = any.downcast_ref::<BooleanArray>() {
        Value::from(flags.value(row))
    } else {
        Value::Null
    }
}
