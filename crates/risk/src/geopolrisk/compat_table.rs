//! The compatible table as Parquet, in the columns by which results of the library are usually kept.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use super::compat::{CompatScore, CompatTable};
use crate::columns::ColumnsError;

/// The numbers of a row, in the order of their columns.
pub const NUMBERS: [&str; 8] = [
    "numerator_t_x_wgi",
    "imports_t",
    "price_usd_per_kg",
    "domestic_production_t",
    "hhi",
    "import_risk_wta",
    "geopolrisk_score",
    "cf_kg_cu_eq_per_kg",
];

impl CompatScore {
    /// The numbers, in the order of [`NUMBERS`].
    #[must_use]
    pub const fn numbers(&self) -> [f64; 8] {
        [
            self.imports.numerator,
            self.imports.quantity,
            self.price,
            self.production,
            self.hhi,
            self.import_risk,
            self.score,
            self.factor,
        ]
    }
}

impl CompatTable {
    /// The table in columns.
    ///
    /// # Errors
    /// Never for a table of this crate; Arrow checks that columns are of one length.
    pub fn to_batch(&self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let count = self.scores.len();
        let (m, e) = (self.materials.len().max(1), self.economies.len().max(1));
        let index = |at: usize| i32::try_from(at).unwrap_or(i32::MAX);
        let words = |keys: Vec<i32>, values: Vec<&str>| -> Result<ArrayRef, arrow_schema::ArrowError> {
            let values: ArrayRef = Arc::new(StringArray::from(values));
            Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys.into(), values)?))
        };
        let year = (0..count).map(|at| self.years.get(at / (m * e)).map_or(0, |year| i64::from(*year)));
        let materials: Vec<i32> = (0..count).map(|at| index(at / e % m)).collect();
        let economies: Vec<i32> = (0..count).map(|at| index(at % e)).collect();
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values(year)),
            words(materials, self.materials.iter().map(|m| m.name.as_str()).collect())?,
            words(
                economies.clone(),
                self.economies.iter().map(|e| e.code.as_str()).collect(),
            )?,
            words(economies, self.economies.iter().map(|e| e.name.as_str()).collect())?,
        ];
        for at in 0..NUMBERS.len() {
            let column = self
                .scores
                .iter()
                .map(|score| score.as_ref()?.numbers().get(at).copied());
            arrays.push(Arc::new(column.collect::<Float64Array>()));
        }
        let text = || DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let mut fields = vec![
            Field::new("year", DataType::Int64, false),
            Field::new("raw_material", text(), false),
            Field::new("economy_code", text(), false),
            Field::new("economy", text(), false),
        ];
        fields.extend(NUMBERS.map(|name| Field::new(name, DataType::Float64, true)));
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}

/// Writes the table to a Parquet file.
///
/// # Errors
/// When the file cannot be written.
pub fn write_parquet(table: &CompatTable, path: &Path) -> Result<(), ColumnsError> {
    let wrong = |error: &dyn std::fmt::Display| ColumnsError::parquet(path, &error.to_string());
    let batch = table.to_batch().map_err(|error| wrong(&error))?;
    let file = File::create(path).map_err(|error| ColumnsError::io(path, error))?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let writer = ArrowWriter::try_new(file, batch.schema(), Some(properties));
    let mut writer = writer.map_err(|error| wrong(&error))?;
    writer.write(&batch).map_err(|error| wrong(&error))?;
    writer.close().map_err(|error| wrong(&error))?;
    Ok(())
}
