//! One column of one row group of a Parquet file, read as plain numbers: only the rows asked for are decoded.

use std::ops::Range;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{DataType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::errors::{ParquetError, Result};

/// Values decoded at a time: large enough to be quick, small enough to stay in the cache.
const BATCH: usize = 16 * 1024;

/// A number as it is stored.
pub(crate) trait Plain: Copy {
    /// The same as a double. Whole numbers here are codes, years and the like; one beyond 32 bits is none of them and
    /// becomes NaN, which no reader accepts.
    fn plain(self) -> f64;
}

impl Plain for i32 {
    fn plain(self) -> f64 {
        f64::from(self)
    }
}
impl Plain for i64 {
    fn plain(self) -> f64 {
        i32::try_from(self).map_or(f64::NAN, f64::from)
    }
}
impl Plain for f32 {
    fn plain(self) -> f64 {
        f64::from(self)
    }
}
impl Plain for f64 {
    fn plain(self) -> f64 {
        self
    }
}

/// A double that is a whole number of 32 bits.
pub(crate) fn whole(number: f64) -> Option<u32> {
    // The range makes the cast exact.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked in the line before"
    )]
    (number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0).then_some(number as u32)
}

/// Calls `each` with every value of the ranges, in order; none is a null.
///
/// # Errors
/// When the column holds no numbers or the file is damaged.
pub fn numbers(
    reader: ColumnReader,
    nullable: bool,
    ranges: &[Range<usize>],
    each: impl FnMut(Option<f64>),
) -> Result<()> {
    match reader {
        ColumnReader::Int32ColumnReader(reader) => decode::<Int32Type>(reader, nullable, ranges, each),
        ColumnReader::Int64ColumnReader(reader) => decode::<Int64Type>(reader, nullable, ranges, each),
        ColumnReader::FloatColumnReader(reader) => decode::<FloatType>(reader, nullable, ranges, each),
        ColumnReader::DoubleColumnReader(reader) => decode::<DoubleType>(reader, nullable, ranges, each),
        _ => Err(ParquetError::General("the column does not hold numbers".to_owned())),
    }
}

fn decode<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    nullable: bool,
    ranges: &[Range<usize>],
    mut each: impl FnMut(Option<f64>),
) -> Result<()>
where
    T::T: Plain,
{
    let mut values: Vec<T::T> = Vec::with_capacity(BATCH);
    let mut levels: Vec<i16> = Vec::with_capacity(BATCH);
    let mut at = 0;
    for range in ranges {
        if range.start > at {
            reader.skip_records(range.start - at)?;
        }
        let mut left = range.len();
        while left > 0 {
            values.clear();
            levels.clear();
            let levels_out = nullable.then_some(&mut levels);
            let (records, _, _) = reader.read_records(left.min(BATCH), levels_out, None, &mut values)?;
            if records == 0 {
                return Err(ParquetError::EOF("a column is shorter than the others".to_owned()));
            }
            if nullable && values.len() < records {
                let mut present = values.iter();
                for level in &levels {
                    each(if *level == 0 {
                        None
                    } else {
                        present.next().map(|v| v.plain())
                    });
                }
            } else {
                for value in &values {
                    each(Some(value.plain()));
                }
            }
            left -= records;
        }
        at = range.end;
    }
    Ok(())
}

/// The stretches of rows that are wanted. More than a few thousand stretches are joined into one: skipping would cost
/// more than it saves; the caller then filters by row.
pub fn stretches(wanted: &[bool]) -> Vec<Range<usize>> {
    const MOST: usize = 4096;
    let mut out: Vec<Range<usize>> = Vec::new();
    for (row, _) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted) {
        match out.last_mut() {
            Some(last) if last.end == row => last.end = row + 1,
            _ => out.push(row..row + 1),
        }
    }
    if let (Some(first), Some(last)) = (out.first(), out.last())
        && out.len() > MOST
    {
        // One stretch over all.
        return std::iter::once(first.start..last.end).collect();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_what_is_wanted() {
        assert_eq!(stretches(&[false, true, true, false, true]), [1..3, 4..5]);
        assert!(stretches(&[false; 3]).is_empty());
        let every_other: Vec<bool> = (0..20_000).map(|n| n % 2 == 1).collect();
        assert_eq!(stretches(&every_other).first(), Some(&(1..20_000)));
    }

    #[test]
    fn whole_numbers_only() {
        assert_eq!(whole(842.0), Some(842));
        for wrong in [-1.0, 0.5, f64::NAN, f64::INFINITY, 1e12] {
            assert_eq!(whole(wrong), None);
        }
        assert!(Plain::plain(i64::MAX).is_nan());
    }
}
