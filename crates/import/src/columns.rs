//! Small tables in columns, to and from Parquet.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array as _, ArrayRef, Float64Array, Int32Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

use crate::error::{ImportError, Result};

/// One value of a table.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i32),
    /// A number.
    Float(f64),
    /// Text.
    Text(String),
}

impl Value {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Text, or nothing when it is empty.
    #[must_use]
    pub fn or_null(text: &str) -> Self {
        if text.is_empty() { Self::Null } else { Self::text(text) }
    }

    /// The text; empty when it is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }

    /// The whole number, when it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i32> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, when it is one.
    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            Self::Int(value) => Some(f64::from(*value)),
            _ => None,
        }
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Self::Int(i32::from(value))
    }
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Null, Self::Float)
    }
}

impl From<Option<&str>> for Value {
    fn from(value: Option<&str>) -> Self {
        value.map_or(Self::Null, Self::text)
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Int,
    Float,
    Text,
}

/// The columns of a table in the folder: name and what it holds.
pub type Shape = &'static [(&'static str, Holds)];

/// A row, a value per column of its shape.
pub type Row = Vec<Value>;

/// Rows as the bytes of a Parquet file.
pub fn to_parquet(path: &Path, shape: Shape, rows: &[Row]) -> Result<Vec<u8>> {
    let wrong = ImportError::table(path);
    let fields: Vec<Field> = shape
        .iter()
        .map(|(name, holds)| Field::new(*name, data_type(*holds), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let arrays: Vec<ArrayRef> = shape
        .iter()
        .enumerate()
        .map(|(at, (_, holds))| array(*holds, rows, at))
        .collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(|error| wrong(&error))?;
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, schema, Some(properties())).map_err(|error| wrong(&error))?;
    writer.write(&batch).map_err(|error| wrong(&error))?;
    writer.close().map_err(|error| wrong(&error))?;
    Ok(bytes)
}

pub fn properties() -> WriterProperties {
    // Small row groups, so that a reader of some years and products can skip the rest.
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("monazite".to_owned())
        .set_max_row_group_row_count(Some(131_072))
        .build()
}

const fn data_type(holds: Holds) -> DataType {
    match holds {
        Holds::Int => DataType::Int32,
        Holds::Float => DataType::Float64,
        Holds::Text => DataType::Utf8,
    }
}

fn array(holds: Holds, rows: &[Row], at: usize) -> ArrayRef {
    let cells = rows.iter().map(|row| row.get(at));
    match holds {
        Holds::Int => Arc::new(cells.map(|cell| cell.and_then(Value::as_int)).collect::<Int32Array>()),
        Holds::Float => Arc::new(cells.map(|cell| cell.and_then(Value::as_f64)).collect::<Float64Array>()),
        Holds::Text => {
            let text = |cell: Option<&Value>| match cell {
                Some(Value::Text(text)) => Some(text.clone()),
                _ => None,
            };
            Arc::new(cells.map(text).collect::<StringArray>())
        }
    }
}

/// The rows of a table in the folder, in the columns of its shape; none when it is not there.
pub fn from_parquet(path: &Path, shape: Shape) -> Result<Option<Vec<Row>>> {
    if !path.exists() {
        return Ok(None);
    }
    let names: Vec<&str> = shape.iter().map(|(name, _)| *name).collect();
    let (found, rows) = read_columns(path)?;
    let mut places = Vec::new();
    for name in &names {
        let at = found.iter().position(|column| column == name);
        places.push(at.ok_or_else(|| ImportError::Table {
            file: path.to_string_lossy().into_owned(),
            why: format!("has no column `{name}`: it was not written by `monazite data import`"),
        })?);
    }
    let pick = |row: Row| {
        places
            .iter()
            .map(|at| row.get(*at).cloned().unwrap_or(Value::Null))
            .collect()
    };
    Ok(Some(rows.into_iter().map(pick).collect()))
}

/// Any Parquet table of numbers and text: the names of its columns, and its rows.
///
/// # Errors
/// When the file cannot be read, or a column holds something else.
pub fn read_columns(path: &Path) -> Result<(Vec<String>, Vec<Row>)> {
    let wrong = ImportError::table(path);
    let file = File::open(path).map_err(ImportError::io(path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| wrong(&error))?;
    let names: Vec<String> = builder
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let mut rows: Vec<Row> = Vec::new();
    for batch in builder.build().map_err(|error| wrong(&error))? {
        let batch = batch.map_err(|error| wrong(&error))?;
        let start = rows.len();
        rows.resize_with(start + batch.num_rows(), || Vec::with_capacity(names.len()));
        for column in batch.columns() {
            let values = values(column).ok_or_else(|| wrong(&format!("a column holds {}", column.data_type())))?;
            for (row, value) in rows.iter_mut().skip(start).zip(values) {
                row.push(value);
            }
        }
    }
    Ok((names, rows))
}

fn values(array: &ArrayRef) -> Option<Vec<Value>> {
    let text = |value: Option<&str>| value.map_or(Value::Null, Value::text);
    Some(match array.data_type() {
        DataType::Int32 => array
            .as_primitive::<Int32Type>()
            .iter()
            .map(|v| v.map_or(Value::Null, Value::Int))
            .collect(),
        DataType::Int64 => {
            let array = array.as_primitive::<arrow_array::types::Int64Type>();
            array
                .iter()
                .map(|v| v.and_then(|v| i32::try_from(v).ok()).map_or(Value::Null, Value::Int))
                .collect()
        }
        DataType::Float64 => array
            .as_primitive::<Float64Type>()
            .iter()
            .map(|v| v.map_or(Value::Null, Value::Float))
            .collect(),
        DataType::Utf8 => array.as_string::<i32>().iter().map(text).collect(),
        DataType::LargeUtf8 => array.as_string::<i64>().iter().map(text).collect(),
        DataType::Utf8View => array.as_string_view().iter().map(text).collect(),
        DataType::Null => vec![Value::Null; array.len()],
        _ => return None,
    })
}
