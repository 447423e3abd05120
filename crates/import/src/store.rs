//! Putting rows into the tables of a folder, beside those of earlier imports.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type};
use arrow_array::{Array as _, Float64Array, Int32Array, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use monazite_evidence::{PlaceId, Purchase, ThousandUsd, Tonnes};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::columns::{Row, Shape, Value, from_parquet, properties, to_parquet};
use crate::company::SHAPE as COMPANY_SHAPE;
use crate::error::{ImportError, Result};
use crate::folder::{Batch, COMPANY, TRADE};
use crate::log::TableReport;
use crate::trade::TradeRow;

/// Rows for one of the small tables.
#[derive(Debug, Clone)]
pub struct Fresh {
    /// The file.
    pub file: &'static str,
    /// Its columns.
    pub shape: Shape,
    /// The columns of which a new row replaces every old row with the same values.
    pub scope: &'static [usize],
    /// The columns by which rows are sorted.
    pub order: &'static [usize],
    /// The rows.
    pub rows: Vec<Row>,
}

/// A part of a row, for comparing.
pub fn key(row: &Row, columns: &[usize]) -> Vec<(i32, String)> {
    let part = |at: &usize| match row.get(*at) {
        Some(Value::Int(value)) => (*value, String::new()),
        Some(Value::Text(text)) => (0, text.clone()),
        _ => (0, String::new()),
    };
    columns.iter().map(part).collect()
}

/// Writes a small table beside its place: new rows, and old ones that they do not replace.
pub fn put(dir: &Path, mut fresh: Fresh, batch: &mut Batch) -> Result<TableReport> {
    let path = dir.join(fresh.file);
    let old = from_parquet(&path, fresh.shape)?.unwrap_or_default();
    let scopes: BTreeSet<_> = fresh.rows.iter().map(|row| key(row, fresh.scope)).collect();
    let before = old.len() as u64;
    let mut rows: Vec<Row> = old
        .into_iter()
        .filter(|row| !scopes.contains(&key(row, fresh.scope)))
        .collect();
    let stayed = rows.len() as u64;
    rows.append(&mut fresh.rows);
    rows.sort_by_cached_key(|row| key(row, fresh.order));
    batch.write(&path, &to_parquet(&path, fresh.shape, &rows)?)?;
    Ok(TableReport {
        file: fresh.file.to_owned(),
        rows: rows.len() as u64,
        replaced: before - stayed,
        stayed,
    })
}

/// Writes `trade.parquet` beside its place: new rows, sorted, and the old rows of other years. The old table is copied
/// as a stream, so that a folder of thirty whole years needs no more memory than one.
pub fn put_trade(dir: &Path, rows: &[TradeRow], batch: &mut Batch) -> Result<TableReport> {
    let path = dir.join(TRADE);
    let years: BTreeSet<u16> = rows.iter().map(|row| row.year).collect();
    let mut writer = TradeWriter::new(&batch.beside(&path))?;
    let mut fresh = rows.iter().peekable();
    let (mut replaced, mut stayed) = (0, 0);
    if path.exists() {
        each_batch(&path, |old| {
            for row in old {
                if years.contains(&row.year) {
                    replaced += 1;
                    continue;
                }
                while let Some(row) = fresh.next_if(|new| new.year < row.year) {
                    writer.push(*row)?;
                }
                stayed += 1;
                writer.push(row)?;
            }
            Ok(())
        })?;
    }
    for row in fresh {
        writer.push(*row)?;
    }
    Ok(TableReport {
        file: TRADE.to_owned(),
        rows: writer.close()?,
        replaced,
        stayed,
    })
}

/// The years of an existing `trade.parquet`.
pub fn trade_years(dir: &Path) -> Result<BTreeSet<u16>> {
    let path = dir.join(TRADE);
    let mut years = BTreeSet::new();
    if path.exists() {
        each_batch(&path, |rows| {
            years.extend(rows.iter().map(|row| row.year));
            Ok(())
        })?;
    }
    Ok(years)
}

struct TradeWriter {
    path: std::path::PathBuf,
    writer: ArrowWriter<File>,
    pending: Vec<TradeRow>,
    count: u64,
}

/// Rows that are handed to the Parquet writer together.
const TOGETHER: usize = 131_072;

fn trade_schema() -> Arc<Schema> {
    let int = |name: &str| Field::new(name, DataType::Int32, false);
    Arc::new(Schema::new(vec![
        int("t"),
        int("i"),
        int("j"),
        int("k"),
        Field::new("v", DataType::Float64, false),
        Field::new("q", DataType::Float64, true),
    ]))
}

impl TradeWriter {
    fn new(path: &Path) -> Result<Self> {
        let file = File::create(path).map_err(ImportError::io(path))?;
        let writer = ArrowWriter::try_new(file, trade_schema(), Some(properties()));
        let writer = writer.map_err(|error| ImportError::table(path)(&error))?;
        Ok(Self {
            path: path.to_owned(),
            writer,
            pending: Vec::with_capacity(TOGETHER),
            count: 0,
        })
    }

    fn push(&mut self, row: TradeRow) -> Result<()> {
        self.pending.push(row);
        if self.pending.len() < TOGETHER {
            Ok(())
        } else {
            self.flush()
        }
    }

    fn flush(&mut self) -> Result<()> {
        let int = |get: fn(&TradeRow) -> i32| Arc::new(self.pending.iter().map(get).collect::<Int32Array>());
        let quantity = |row: &TradeRow| Some(row.quantity_t).filter(|quantity| !quantity.is_nan());
        let batch = RecordBatch::try_new(
            trade_schema(),
            vec![
                int(|row| i32::from(row.year)),
                int(|row| i32::from(row.exporter)),
                int(|row| i32::from(row.importer)),
                // Six digits always fit.
                int(|row| i32::try_from(row.product).unwrap_or(0)),
                Arc::new(
                    self.pending
                        .iter()
                        .map(|row| Some(row.value_kusd))
                        .collect::<Float64Array>(),
                ),
                Arc::new(self.pending.iter().map(quantity).collect::<Float64Array>()),
            ],
        );
        let wrong = ImportError::table(&self.path);
        let batch = batch.map_err(|error| wrong(&error))?;
        self.writer.write(&batch).map_err(|error| wrong(&error))?;
        self.count += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    fn close(mut self) -> Result<u64> {
        self.flush()?;
        self.writer
            .close()
            .map_err(|error| ImportError::table(&self.path)(&error))?;
        Ok(self.count)
    }
}

/// Calls for every stretch of rows of a trade table in BACI's columns.
pub fn each_batch(path: &Path, mut then: impl FnMut(Vec<TradeRow>) -> Result<()>) -> Result<()> {
    let wrong = ImportError::table(path);
    let file = File::open(path).map_err(ImportError::io(path))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| wrong(&error))?;
    let reader = builder
        .with_batch_size(TOGETHER)
        .build()
        .map_err(|error| wrong(&error))?;
    let mut line = 1_u32;
    for batch in reader {
        let batch = batch.map_err(|error| wrong(&error))?;
        let rows =
            trade_batch(&batch, line).ok_or_else(|| wrong(&"is no table in the columns of BACI: t, i, j, k, v, q"))?;
        line = line.saturating_add(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        then(rows)?;
    }
    Ok(())
}

fn trade_batch(batch: &RecordBatch, first: u32) -> Option<Vec<TradeRow>> {
    let int = |name: &str| -> Option<Vec<i64>> {
        let column = batch.column_by_name(name)?;
        match column.data_type() {
            DataType::Int32 => Some(
                column
                    .as_primitive::<Int32Type>()
                    .iter()
                    .map(|v| v.map_or(-1, i64::from))
                    .collect(),
            ),
            DataType::Int64 => {
                let column = column.as_primitive::<arrow_array::types::Int64Type>();
                Some(column.iter().map(|v| v.unwrap_or(-1)).collect())
            }
            _ => None,
        }
    };
    let float = |name: &str| -> Option<Vec<f64>> {
        let column = batch.column_by_name(name)?;
        let is_float = *column.data_type() == DataType::Float64;
        is_float.then(|| {
            column
                .as_primitive::<Float64Type>()
                .iter()
                .map(|v| v.unwrap_or(f64::NAN))
                .collect()
        })
    };
    let (years, exporters, importers) = (int("t")?, int("i")?, int("j")?);
    let (products, values, quantities) = (int("k")?, float("v")?, float("q")?);
    let mut rows = Vec::with_capacity(years.len());
    let countries = exporters.iter().zip(&importers);
    let amounts = values.iter().zip(&quantities);
    for (at, (((year, (exporter, importer)), product), (value, quantity))) in
        years.iter().zip(countries).zip(&products).zip(amounts).enumerate()
    {
        rows.push(TradeRow {
            year: u16::try_from(*year).ok()?,
            exporter: u16::try_from(*exporter).ok()?,
            importer: u16::try_from(*importer).ok()?,
            file: 0,
            product: u32::try_from(*product).ok().filter(|code| *code < 1_000_000)?,
            line: first.saturating_add(u32::try_from(at).ok()?),
            value_kusd: *value,
            quantity_t: *quantity,
        });
    }
    Some(rows)
}

/// The rows of a folder's `trade.parquet`, in its order.
///
/// # Errors
/// When it is not there or damaged.
pub fn trade_rows(dir: &Path) -> Result<Vec<TradeRow>> {
    let mut rows = Vec::new();
    each_batch(&dir.join(TRADE), |batch| {
        rows.extend(batch);
        Ok(())
    })?;
    Ok(rows)
}

/// The purchases in a folder's `company.parquet`, for scoring.
///
/// # Errors
/// When the table is not there or damaged.
pub fn purchases(dir: &Path) -> Result<Vec<Purchase>> {
    let path = dir.join(COMPANY);
    let Some(rows) = from_parquet(&path, COMPANY_SHAPE)? else {
        let source = std::io::Error::new(
            std::io::ErrorKind::NotFound,
            "no company table was imported into this folder",
        );
        return Err(ImportError::Io { path, source });
    };
    let purchase = |row: &Row| {
        let text = |at: usize| row.get(at).map_or("", Value::as_str);
        Some(Purchase {
            material: text(0).to_owned(),
            origin: PlaceId::from(text(1)),
            year: u16::try_from(row.get(3)?.as_int()?).ok()?,
            quantity_t: Tonnes(row.get(4)?.as_f64()?),
            value_kusd: row.get(5).and_then(Value::as_f64).map(ThousandUsd),
            note: text(6).to_owned(),
        })
    };
    let all: Option<Vec<Purchase>> = rows.iter().map(purchase).collect();
    all.ok_or_else(|| ImportError::table(&path)(&"has a row without a year or quantity"))
}
