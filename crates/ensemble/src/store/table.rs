//! Tables as Parquet, the same bytes for the same rows.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float32Array, Float64Array, RecordBatch, StringArray, UInt32Array};
use arrow_schema::{Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// A column: name, unit, meaning, values.
pub(super) type Column = (String, &'static str, String, ArrayRef);

pub(super) fn column(name: &str, unit: &'static str, about: &str, values: ArrayRef) -> Column {
    (name.to_owned(), unit, about.to_owned(), values)
}

pub(super) fn texts<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    // The array wants to know how many there will be.
    let values: Vec<&str> = values.collect();
    Arc::new(StringArray::from_iter_values(values))
}

pub(super) fn numbers(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

/// Seven figures: enough for a price, half the size.
#[allow(clippy::cast_possible_truncation, reason = "rounding to seven figures is meant")]
pub(super) fn figures(values: impl Iterator<Item = f64>) -> ArrayRef {
    Arc::new(Float32Array::from_iter_values(values.map(|v| v as f32)))
}

pub(super) fn counts(values: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(UInt32Array::from_iter_values(values))
}

/// A table's file, with units and meanings in its schema.
pub(super) fn encode(columns: Vec<Column>) -> Result<Vec<u8>, String> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, unit, about, values)| {
            let notes = HashMap::from([
                ("unit".to_owned(), (*unit).to_owned()),
                ("meaning".to_owned(), about.clone()),
            ]);
            Field::new(name, values.data_type().clone(), false).with_metadata(notes)
        })
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays = columns.into_iter().map(|(.., values)| values).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(|e| e.to_string())?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("monazite ", env!("CARGO_PKG_VERSION")).to_owned())
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties)).map_err(|e| e.to_string())?;
    writer.write(&batch).map_err(|e| e.to_string())?;
    writer.close().map_err(|e| e.to_string())?;
    Ok(bytes)
}

/// The batches of a table's file.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Vec<RecordBatch>, String> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes::Bytes::from(bytes))
        .and_then(|builder| builder.with_batch_size(1 << 16).build())
        .map_err(|e| e.to_string())?;
    reader.collect::<Result<_, _>>().map_err(|e| e.to_string())
}

/// A column of 32- or 64-bit numbers over all batches.
pub(super) fn read_numbers(batches: &[RecordBatch], name: &str) -> Result<Vec<f64>, String> {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Float32Type, Float64Type, UInt32Type};
    let mut all = Vec::new();
    for batch in batches {
        let array = batch
            .column_by_name(name)
            .ok_or_else(|| format!("it has no column `{name}`"))?;
        if let Some(values) = array.as_primitive_opt::<Float64Type>() {
            all.extend(values.values().iter().copied());
        } else if let Some(values) = array.as_primitive_opt::<Float32Type>() {
            all.extend(values.values().iter().map(|v| f64::from(*v)));
        } else if let Some(values) = array.as_primitive_opt::<UInt32Type>() {
            all.extend(values.values().iter().map(|v| f64::from(*v)));
        } else {
            return Err(format!("column `{name}` holds no numbers"));
        }
    }
    Ok(all)
}

/// A column of text over all batches.
pub(super) fn read_texts(batches: &[RecordBatch], name: &str) -> Result<Vec<String>, String> {
    use arrow_array::cast::AsArray as _;
    let mut all = Vec::new();
    for batch in batches {
        let array = batch
            .column_by_name(name)
            .ok_or_else(|| format!("it has no column `{name}`"))?;
        let values = array
            .as_string_opt::<i32>()
            .ok_or_else(|| format!("column `{name}` holds no text"))?;
        all.extend(values.iter().map(|v| v.unwrap_or_default().to_owned()));
    }
    Ok(all)
}
