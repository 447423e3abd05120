//! Columns of tables: how a field of a row becomes an Arrow array and comes back.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;

/// What one column is.
pub(super) struct Column {
    /// Name of the column, the same as the row's field.
    pub name: &'static str,
    /// Unit, or `1` for shares and `-` for texts.
    pub unit: &'static str,
    /// Meaning in a few words.
    pub about: &'static str,
}

/// A row type that is stored as a Parquet file.
pub(super) trait Table: Sized {
    /// Name of the table; the file is called `NAME.parquet`.
    const NAME: &'static str;

    /// The columns in order.
    fn columns() -> Vec<(Column, DataType, bool)>;

    /// One array per column.
    fn arrays(rows: &[Self]) -> Vec<ArrayRef>;

    /// Appends the rows of a batch; otherwise says what is wrong.
    fn rows(batch: &RecordBatch, into: &mut Vec<Self>) -> Result<(), String>;

    /// Name of its file.
    fn file() -> String {
        format!("{}.parquet", Self::NAME)
    }

    /// Schema with the units and meanings of the columns.
    fn schema() -> Schema {
        let fields: Vec<Field> = Self::columns()
            .into_iter()
            .map(|(column, kind, nullable)| {
                let about = [("unit", column.unit), ("about", column.about)];
                Field::new(column.name, kind, nullable)
                    .with_metadata(about.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter().collect())
            })
            .collect();
        Schema::new_with_metadata(fields, HashMap::from([("table".to_owned(), Self::NAME.to_owned())]))
    }

    /// The bytes of the file.
    fn encode(rows: &[Self]) -> Result<Vec<u8>, String> {
        let schema = Arc::new(Self::schema());
        let batch = RecordBatch::try_new(schema.clone(), Self::arrays(rows)).map_err(|e| e.to_string())?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties)).map_err(|e| e.to_string())?;
        writer.write(&batch).map_err(|e| e.to_string())?;
        writer.into_inner().map_err(|e| e.to_string())
    }

    /// The rows of a file's bytes; otherwise says what is wrong.
    fn decode(bytes: Vec<u8>) -> Result<Vec<Self>, String> {
        // The reader of the format panics on some bytes that no writer makes. A file that was damaged by chance never gets
        // here, because its hash is wrong; one that was made up does.
        let read = std::panic::AssertUnwindSafe(|| decode(bytes));
        std::panic::catch_unwind(read).unwrap_or_else(|_| Err("it is not a Parquet file that a run writes".to_owned()))
    }
}

fn decode<R: Table>(bytes: Vec<u8>) -> Result<Vec<R>, String> {
    // The column types of the file itself say enough; the copy of the schema beside them is for others.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(bytes::Bytes::from(bytes), options)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|e| e.to_string())?;
    let mut rows = Vec::new();
    for batch in reader {
        R::rows(&batch.map_err(|e| e.to_string())?, &mut rows)?;
    }
    Ok(rows)
}

/// A type of field.
pub(super) trait Cell: Sized {
    /// Its Arrow type.
    const KIND: DataType;
    /// Whether it may be missing.
    const NULLABLE: bool = false;
    /// An array of cells.
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef
    where
        Self: 'a;
    /// The cells of an array of the right type, without regard to nulls.
    fn cells(array: &dyn Array) -> Option<Vec<Self>>;
}

impl Cell for String {
    const KIND: DataType = DataType::Utf8;
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(cells))
    }
    fn cells(array: &dyn Array) -> Option<Vec<Self>> {
        Some(
            array
                .as_string_opt::<i32>()?
                .iter()
                .map(|t| t.unwrap_or_default().to_owned())
                .collect(),
        )
    }
}

impl Cell for Option<String> {
    const KIND: DataType = DataType::Utf8;
    const NULLABLE: bool = true;
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(cells.map(Option::as_deref).collect::<StringArray>())
    }
    fn cells(array: &dyn Array) -> Option<Vec<Self>> {
        Some(
            array
                .as_string_opt::<i32>()?
                .iter()
                .map(|t| t.map(str::to_owned))
                .collect(),
        )
    }
}

impl Cell for f64 {
    const KIND: DataType = DataType::Float64;
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(Float64Array::from_iter_values(cells.copied()))
    }
    fn cells(array: &dyn Array) -> Option<Vec<Self>> {
        Some(array.as_primitive_opt::<Float64Type>()?.values().to_vec())
    }
}

impl Cell for Option<f64> {
    const KIND: DataType = DataType::Float64;
    const NULLABLE: bool = true;
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(cells.copied().collect::<Float64Array>())
    }
    fn cells(array: &dyn Array) -> Option<Vec<Self>> {
        Some(array.as_primitive_opt::<Float64Type>()?.iter().collect())
    }
}

impl Cell for usize {
    const KIND: DataType = DataType::UInt64;
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(UInt64Array::from_iter_values(
            cells.map(|n| u64::try_from(*n).unwrap_or(u64::MAX)),
        ))
    }
    fn cells(array: &dyn Array) -> Option<Vec<Self>> {
        array
            .as_primitive_opt::<UInt64Type>()?
            .values()
            .iter()
            .map(|n| usize::try_from(*n).ok())
            .collect()
    }
}

impl Cell for bool {
    const KIND: DataType = DataType::Boolean;
    fn array<'a>(cells: impl Iterator<Item = &'a Self>) -> ArrayRef {
        Arc::new(cells.map(|b| Some(*b)).collect::<BooleanArray>())
    }
    fn cells(array: &dyn Array) -> Option<Vec<Self>> {
        Some(array.as_boolean_opt()?.iter().map(Option::unwrap_or_default).collect())
    }
}

/// Type and nullability of the column that a field accessor gives.
pub(super) fn kind_of<R, T: Cell>(_: impl Fn(&R) -> &T) -> (DataType, bool) {
    (T::KIND, T::NULLABLE)
}

/// The array of a field over all rows.
pub(super) fn array_of<'a, R: 'a, T: Cell + 'a>(rows: &'a [R], field: impl Fn(&'a R) -> &'a T) -> ArrayRef {
    T::array(rows.iter().map(field))
}

/// The cells of a named column of a batch.
pub(super) fn cells_of<T: Cell>(batch: &RecordBatch, name: &str) -> Result<std::vec::IntoIter<T>, String> {
    let array = batch
        .column_by_name(name)
        .ok_or_else(|| format!("it has no column `{name}`"))?;
    if !T::NULLABLE && array.null_count() > 0 {
        return Err(format!("column `{name}` has empty cells"));
    }
    let cells =
        T::cells(array.as_ref()).ok_or_else(|| format!("column `{name}` is {}, not {}", array.data_type(), T::KIND))?;
    Ok(cells.into_iter())
}

/// Describes a row type's columns once: name, unit and meaning, in the order of the file.
macro_rules! table {
    ($row:ty as $name:literal { $($field:ident [$unit:literal] $about:literal,)+ }) => {
        impl $crate::store::columns::Table for $row {
            const NAME: &'static str = $name;

            fn columns() -> Vec<($crate::store::columns::Column, arrow_schema::DataType, bool)> {
                vec![$({
                    let (kind, nullable) = $crate::store::columns::kind_of(|row: &$row| &row.$field);
                    let column = $crate::store::columns::Column { name: stringify!($field), unit: $unit, about: $about };
                    (column, kind, nullable)
                }),+]
            }

            fn arrays(rows: &[Self]) -> Vec<arrow_array::ArrayRef> {
                vec![$($crate::store::columns::array_of(rows, |row| &row.$field)),+]
            }

            fn rows(batch: &arrow_array::RecordBatch, into: &mut Vec<Self>) -> Result<(), String> {
                $(let mut $field = $crate::store::columns::cells_of(batch, stringify!($field))?;)+
                into.reserve(batch.num_rows());
                for _ in 0..batch.num_rows() {
                    into.push(Self {
                        $($field: $field.next().ok_or_else(|| format!("column `{}` is short", stringify!($field)))?,)+
                    });
                }
                Ok(())
            }
        }
    };
}
pub(super) use table;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Table;
    use crate::result::StockRow;

    fn rows() -> Vec<StockRow> {
        let row = |n: u32| StockRow {
            quarter: format!("2025Q{}", n % 4 + 1),
            place: "JPN".into(),
            product: "oxide:Dy".into(),
            stock: f64::from(n),
            target: 1.0 / f64::from(n + 1),
            expected_usd_per_kg: 257.0,
        };
        (0..50).map(row).collect()
    }

    #[test]
    fn a_table_of_another_kind_is_refused_by_column() {
        let bytes = StockRow::encode(&rows()).unwrap();
        let error = crate::result::PriceRow::decode(bytes).unwrap_err();
        assert_eq!(error, "it has no column `spot_usd_per_kg`");
    }

    proptest! {
        /// Files are hashed before they are decoded; even a file that hashes right must not make a reader panic.
        #[test]
        fn decoding_never_panics(at in any::<prop::sample::Index>(), bits in 1..=255_u8, cut in any::<bool>()) {
            let mut bytes = StockRow::encode(&rows()).unwrap();
            let at = at.index(bytes.len());
            if cut { bytes.truncate(at) } else { bytes[at] ^= bits }
            let _ = StockRow::decode(bytes);
        }
    }
}
