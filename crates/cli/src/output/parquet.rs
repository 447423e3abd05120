//! Tables as Parquet files, for DuckDB, polars and Spark.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use serde_json::Value;

use super::document::Document;
use super::table::Table;
use crate::failure::Failure;

/// Writes the main table into a file, or every table into a folder where the name has no ending.
pub fn write(document: &Document<'_>, path: &Path) -> Result<(), Failure> {
    if path.extension().is_some() && !path.is_dir() {
        let Some(table) = document.tables().next() else {
            return Err(Failure::input("this answer has no table; use `--json`"));
        };
        return write_table(table, path);
    }
    std::fs::create_dir_all(path).map_err(|error| Failure::io("write into", path, &error))?;
    let citations = document.citations();
    for table in document.tables().chain(&citations) {
        write_table(table, &path.join(format!("{}.parquet", table.name)))?;
    }
    Ok(())
}

fn write_table(table: &Table, path: &Path) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::failed(format!("cannot write `{}`: {error}", path.display()));
    let columns = table.program_columns();
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (at, key) in &columns {
        let values: Vec<&Value> = table
            .rows
            .iter()
            .map(|row| row.get(*at).map_or(&Value::Null, |cell| &cell.value))
            .collect();
        let (kind, array) = column(&values);
        fields.push(Field::new(*key, kind, true));
        arrays.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(|error| failed(&error))?;
    let file = File::create(path).map_err(|error| Failure::io("write", path, &error))?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(|error| failed(&error))?;
    writer.write(&batch).map_err(|error| failed(&error))?;
    writer.close().map_err(|error| failed(&error))?;
    Ok(())
}

/// A column of the narrowest type that holds all its values; a column of nothing is text.
fn column(values: &[&Value]) -> (DataType, ArrayRef) {
    let all = |fits: fn(&Value) -> bool| {
        values.iter().all(|value| value.is_null() || fits(value)) && values.iter().any(|value| !value.is_null())
    };
    if all(Value::is_i64) {
        let array: Int64Array = values.iter().map(|value| value.as_i64()).collect();
        (DataType::Int64, Arc::new(array))
    } else if all(Value::is_number) {
        let array: Float64Array = values.iter().map(|value| value.as_f64()).collect();
        (DataType::Float64, Arc::new(array))
    } else if all(Value::is_boolean) {
        let array: BooleanArray = values.iter().map(|value| value.as_bool()).collect();
        (DataType::Boolean, Arc::new(array))
    } else {
        let text = |value: &Value| match value {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let array: StringArray = values.iter().map(|value| text(value)).collect();
        (DataType::Utf8, Arc::new(array))
    }
}
