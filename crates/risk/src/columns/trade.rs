//! Trade in columns, from a Parquet or CSV file in BACI's own columns, or from the bundled table.

use std::collections::BTreeMap;
use std::fs::File;
use std::ops::Range;
use std::path::Path;

use monazite_evidence::{Confidence, Dataset, Problem, Problems, SourceId};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::statistics::Statistics;
use rayon::prelude::*;

use super::cells::{Cells, is_parquet};
use super::chunks::{numbers, stretches, whole};
use super::error::ColumnsError;
use super::places::BaciCodes;

/// BACI's columns: year, exporter, importer, product, value in kUSD, quantity in t.
const COLUMNS: [&str; 6] = ["t", "i", "j", "k", "v", "q"];
const NEEDED: &str = "t, i, j, k, v, q, as BACI names them";

/// Which rows of a trade table are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    years: Vec<u16>,
    /// A flag per six-digit heading.
    headings: Vec<bool>,
}

impl Wanted {
    /// The trade of some headings in some years.
    #[must_use]
    pub fn new(years: &[u16], headings: impl IntoIterator<Item = u32>) -> Self {
        let mut wanted = Self {
            years: years.to_vec(),
            headings: Vec::new(),
        };
        for heading in headings {
            let at = usize::try_from(heading).unwrap_or(usize::MAX).min(999_999);
            if wanted.headings.len() <= at {
                wanted.headings.resize(at + 1, false);
            }
            if let Some(flag) = wanted.headings.get_mut(at) {
                *flag = true;
            }
        }
        wanted
    }

    fn year(&self, year: u16) -> bool {
        self.years.contains(&year)
    }

    fn heading(&self, heading: u32) -> bool {
        usize::try_from(heading)
            .ok()
            .and_then(|at| self.headings.get(at))
            .is_some_and(|wanted| *wanted)
    }
}

/// Trade in columns of equal length; a row is a flow of one heading between two countries in one year.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trade {
    /// Calendar year.
    pub year: Vec<u16>,
    /// BACI code of the exporter.
    pub exporter: Vec<u16>,
    /// BACI code of the importer.
    pub importer: Vec<u16>,
    /// Heading, six digits.
    pub heading: Vec<u32>,
    /// Value, kUSD.
    pub value: Vec<f64>,
    /// Quantity, t; NaN where the table has none.
    pub quantity: Vec<f64>,
    /// Years that the whole table has, first and last.
    pub span: Option<(u16, u16)>,
    /// Whether the flows are the user's own.
    pub own: bool,
    /// Sources of bundled flows by heading, and the least confidence among them.
    pub origin: BTreeMap<u32, (Vec<SourceId>, Confidence)>,
}

/// What stands as the source of a figure from a trade table of the user's.
pub const OWN_TRADE: &str = "your trade table";

impl Trade {
    /// Where the flows of a heading come from, and how far they can be trusted.
    #[must_use]
    pub fn origin_of(&self, heading: u32) -> (Vec<SourceId>, Confidence) {
        let own = || (vec![SourceId::from(OWN_TRADE)], Confidence::B);
        self.origin.get(&heading).cloned().unwrap_or_else(own)
    }

    /// How many flows there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.year.len()
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.year.is_empty()
    }

    /// The wanted rows of a file.
    ///
    /// # Errors
    /// When the file cannot be read, lacks a column, or holds a code, value or quantity that cannot be.
    pub fn read(path: &Path, wanted: &Wanted) -> Result<Self, ColumnsError> {
        let mut trade = if is_parquet(path)? {
            Self::parquet(path, wanted)?
        } else {
            Self::csv(path, wanted)?
        };
        trade.own = true;
        Ok(trade)
    }

    /// The wanted rows of the bundled table.
    ///
    /// # Errors
    /// When the bundled table is malformed.
    pub fn bundled(dataset: &Dataset, codes: &BaciCodes, wanted: &Wanted) -> Result<Self, ColumnsError> {
        let mut trade = Self::default();
        for row in dataset.trade_in(&wanted.years)? {
            let Ok(heading) = row.hs.as_str().parse() else { continue };
            let ends = codes.code(&row.exporter).zip(codes.code(&row.importer));
            if let Some((exporter, importer)) = ends
                && wanted.heading(heading)
            {
                let quantity = row.quantity_t.map_or(f64::NAN, |q| q.0);
                trade.push(row.year, exporter, importer, heading, row.value_kusd.0, quantity);
                let known = trade.origin.entry(heading);
                let (sources, confidence) = known.or_insert_with(|| (Vec::new(), row.provenance.confidence));
                *confidence = (*confidence).max(row.provenance.confidence);
                for source in &row.provenance.sources {
                    if !sources.contains(source) {
                        sources.push(source.clone());
                    }
                }
            }
        }
        trade.span = span(trade.year.iter().copied());
        Ok(trade)
    }

    fn push(&mut self, year: u16, exporter: u16, importer: u16, heading: u32, value: f64, quantity: f64) {
        self.year.push(year);
        self.exporter.push(exporter);
        self.importer.push(importer);
        self.heading.push(heading);
        self.value.push(value);
        self.quantity.push(quantity);
    }

    fn append(&mut self, mut more: Self) {
        self.year.append(&mut more.year);
        self.exporter.append(&mut more.exporter);
        self.importer.append(&mut more.importer);
        self.heading.append(&mut more.heading);
        self.value.append(&mut more.value);
        self.quantity.append(&mut more.quantity);
        let ends = |span: Option<(u16, u16)>| span.into_iter().flat_map(|(first, last)| [first, last]);
        self.span = span(ends(self.span).chain(ends(more.span)));
    }

    fn csv(path: &Path, wanted: &Wanted) -> Result<Self, ColumnsError> {
        let cells = Cells::read(path)?;
        let mut at = [0; 6];
        for (at, name) in at.iter_mut().zip(COLUMNS) {
            *at = cells.need(&[name], NEEDED)?;
        }
        let mut trade = Self::default();
        let mut problems = Problems::default();
        let mut years = Vec::new();
        for row in 0..cells.rows() {
            let mut readable = true;
            let mut take = |column: usize| match cells.number(column, row) {
                Ok(number) => number,
                Err(problem) => {
                    problems.push(*problem);
                    readable = false;
                    None
                }
            };
            match Flow::new(at.map(&mut take)) {
                // What is wrong with the row has been said.
                _ if !readable => {}
                Ok(flow) => {
                    years.push(flow.year);
                    if wanted.year(flow.year) && wanted.heading(flow.heading) {
                        trade.push(
                            flow.year,
                            flow.exporter,
                            flow.importer,
                            flow.heading,
                            flow.value,
                            flow.quantity,
                        );
                    }
                }
                Err(fault) => {
                    let column = at.get(fault.column).copied().unwrap_or_default();
                    problems.push(*cells.problem(column, row, fault.message()));
                }
            }
        }
        problems.into_result()?;
        trade.span = span(years.into_iter());
        Ok(trade)
    }

    fn parquet(path: &Path, wanted: &Wanted) -> Result<Self, ColumnsError> {
        let reader = open(path)?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let names: Vec<String> = schema.columns().iter().map(|c| c.name().to_owned()).collect();
        let mut at = [0; 6];
        for (at, name) in at.iter_mut().zip(COLUMNS) {
            let found = names.iter().position(|found| found.eq_ignore_ascii_case(name));
            *at = found.ok_or_else(|| ColumnsError::no_column(path, name, &names, NEEDED))?;
        }
        let groups: Vec<usize> = (0..reader.metadata().num_row_groups()).collect();
        let mut first_row = 0;
        let starts: Vec<u64> = groups
            .iter()
            .map(|group| {
                let start = first_row;
                first_row += u64::try_from(reader.metadata().row_group(*group).num_rows()).unwrap_or(0);
                start
            })
            .collect();
        let parts: Vec<Result<Self, ColumnsError>> = groups
            .par_iter()
            .zip(&starts)
            .map(|(group, start)| {
                let group = RowGroup {
                    path,
                    at: &at,
                    group: *group,
                    first_row: *start,
                };
                group.read(&reader, wanted)
            })
            .collect();
        let mut trade = Self::default();
        for part in parts {
            trade.append(part?);
        }
        Ok(trade)
    }
}

/// The first and last of some years.
fn span(years: impl Iterator<Item = u16> + Clone) -> Option<(u16, u16)> {
    Some((years.clone().min()?, years.max()?))
}

fn open(path: &Path) -> Result<SerializedFileReader<File>, ColumnsError> {
    let file = File::open(path).map_err(|error| ColumnsError::io(path, error))?;
    SerializedFileReader::new(file).map_err(|error| ColumnsError::parquet(path, &error))
}

/// One row of the file, checked.
struct Flow {
    year: u16,
    exporter: u16,
    importer: u16,
    heading: u32,
    value: f64,
    quantity: f64,
}

/// What is wrong with a row: which of the six columns, and its value.
struct Fault {
    column: usize,
    value: Option<f64>,
}

impl Fault {
    fn message(&self) -> String {
        let what = match self.column {
            0 => "is not a calendar year",
            1 | 2 => "is not a country code of BACI",
            3 => "is not a six-digit heading",
            4 => "is not a value in kUSD",
            _ => "is not a quantity in t",
        };
        match self.value {
            None => format!("an empty cell {what}"),
            Some(value) => format!("`{value}` {what}"),
        }
    }
}

impl Flow {
    fn new(cells: [Option<f64>; 6]) -> Result<Self, Fault> {
        let [year, exporter, importer, heading, value, amount] = cells;
        let code = |column: usize, value: Option<f64>| {
            let code = value.and_then(whole).and_then(|code| u16::try_from(code).ok());
            code.ok_or(Fault { column, value })
        };
        Ok(Self {
            year: code(0, year)?,
            exporter: code(1, exporter)?,
            importer: code(2, importer)?,
            heading: heading
                .and_then(whole)
                .filter(|heading| *heading <= 999_999)
                .ok_or(Fault {
                    column: 3,
                    value: heading,
                })?,
            value: value
                .filter(|value| value.is_finite() && *value >= 0.0)
                .ok_or(Fault { column: 4, value })?,
            quantity: quantity(amount).ok_or(Fault {
                column: 5,
                value: amount,
            })?,
        })
    }
}

/// A quantity; NaN where there is none; none where it cannot be.
fn quantity(q: Option<f64>) -> Option<f64> {
    match q {
        None => Some(f64::NAN),
        Some(q) if q.is_nan() || (q.is_finite() && q >= 0.0) => Some(q),
        Some(_) => None,
    }
}

/// A part of a Parquet file.
struct RowGroup<'a> {
    path: &'a Path,
    at: &'a [usize; 6],
    group: usize,
    first_row: u64,
}

impl RowGroup<'_> {
    fn read(&self, file: &SerializedFileReader<File>, wanted: &Wanted) -> Result<Trade, ColumnsError> {
        let metadata = file.metadata().row_group(self.group);
        let years = year_span(metadata, self.at[0]);
        if let Some((first, last)) = years
            && !wanted.years.iter().any(|year| (first..=last).contains(year))
        {
            return Ok(Trade {
                span: years,
                ..Trade::default()
            });
        }
        let rows = usize::try_from(metadata.num_rows()).unwrap_or(0);
        let whole_group = 0..rows;
        let mut years_of_rows = Vec::with_capacity(rows);
        let mut keep = Vec::with_capacity(rows);
        let mut seen = (u16::MAX, 0);
        self.column(0, std::slice::from_ref(&whole_group), |row, value| {
            let code = value.and_then(whole).and_then(|code| u16::try_from(code).ok());
            let known = code.ok_or_else(|| self.fault(row, &Fault { column: 0, value }))?;
            seen = (seen.0.min(known), seen.1.max(known));
            years_of_rows.push(known);
            keep.push(wanted.year(known));
            Ok(())
        })?;
        let ranges = stretches(&keep);
        // Within the stretches, the rows whose year and heading are wanted.
        let mut kept = Vec::new();
        let (mut year, mut heading) = (Vec::new(), Vec::new());
        self.column(3, &ranges, |row, value| {
            let known = value.and_then(whole).filter(|k| *k <= 999_999);
            let known = known.ok_or_else(|| self.fault(row, &Fault { column: 3, value }))?;
            let wanted_row = keep.get(row).is_some_and(|keep| *keep) && wanted.heading(known);
            kept.push(wanted_row);
            if wanted_row {
                heading.push(known);
                year.extend(years_of_rows.get(row));
            }
            Ok(())
        })?;
        drop((keep, years_of_rows));
        let ((exporter, importer), (value, quantity)) = rayon::join(
            || rayon::join(|| self.codes(1, &ranges, &kept), || self.codes(2, &ranges, &kept)),
            || {
                let value = |v: Option<f64>| v.filter(|v| v.is_finite() && *v >= 0.0);
                rayon::join(
                    || self.doubles(4, &ranges, &kept, value),
                    || self.doubles(5, &ranges, &kept, quantity),
                )
            },
        );
        Ok(Trade {
            exporter: exporter?,
            importer: importer?,
            value: value?,
            quantity: quantity?,
            year,
            heading,
            span: years.or_else(|| (seen.0 <= seen.1).then_some(seen)),
            own: false,
            origin: BTreeMap::new(),
        })
    }

    fn codes(&self, column: usize, ranges: &[Range<usize>], kept: &[bool]) -> Result<Vec<u16>, ColumnsError> {
        let mut out = Vec::new();
        let mut flags = kept.iter();
        self.column(column, ranges, |row, value| {
            if flags.next().is_some_and(|kept| *kept) {
                let code = value.and_then(whole).and_then(|code| u16::try_from(code).ok());
                out.push(code.ok_or_else(|| self.fault(row, &Fault { column, value }))?);
            }
            Ok(())
        })?;
        Ok(out)
    }

    fn doubles(
        &self,
        column: usize,
        ranges: &[Range<usize>],
        kept: &[bool],
        check: impl Fn(Option<f64>) -> Option<f64>,
    ) -> Result<Vec<f64>, ColumnsError> {
        let mut out = Vec::new();
        let mut flags = kept.iter();
        self.column(column, ranges, |row, value| {
            if flags.next().is_some_and(|kept| *kept) {
                out.push(check(value).ok_or_else(|| self.fault(row, &Fault { column, value }))?);
            }
            Ok(())
        })?;
        Ok(out)
    }

    /// Calls `each` with the row in the group and the value, for the rows of the ranges. Each call opens the file for
    /// itself, because readers of one file share its position.
    fn column(
        &self,
        column: usize,
        ranges: &[Range<usize>],
        mut each: impl FnMut(usize, Option<f64>) -> Result<(), Box<Problem>>,
    ) -> Result<(), ColumnsError> {
        let damaged = |error: parquet::errors::ParquetError| ColumnsError::parquet(self.path, &error);
        let file = open(self.path)?;
        let at = self.at.get(column).copied().unwrap_or_default();
        let descriptor = file.metadata().file_metadata().schema_descr().column(at);
        if descriptor.max_rep_level() > 0 || descriptor.max_def_level() > 1 {
            return Err(ColumnsError::parquet(
                self.path,
                &format!("column `{}` is nested", descriptor.name()),
            ));
        }
        let nullable = descriptor.max_def_level() > 0;
        let group = file.get_row_group(self.group).map_err(damaged)?;
        let reader = group.get_column_reader(at).map_err(damaged)?;
        let mut rows = ranges.iter().cloned().flatten();
        let mut problems = Problems::default();
        numbers(reader, nullable, ranges, |value| {
            let row = rows.next().unwrap_or_default();
            if let Err(problem) = each(row, value) {
                problems.push(*problem);
            }
        })
        .map_err(damaged)?;
        Ok(problems.into_result()?)
    }

    fn fault(&self, row: usize, fault: &Fault) -> Box<Problem> {
        let name = COLUMNS.get(fault.column).copied().unwrap_or_default();
        let row = u64::try_from(row).unwrap_or(0) + self.first_row + 1;
        let number = self.at.get(fault.column).map_or(0, |at| at + 1);
        let problem = Problem::error(&self.path.display().to_string(), fault.message());
        Box::new(problem.line(row).column(name, number))
    }
}

/// First and last year of a row group, from the statistics that most writers leave.
fn year_span(metadata: &RowGroupMetaData, column: usize) -> Option<(u16, u16)> {
    let year = |number: i64| u16::try_from(number).ok();
    match metadata.column(column).statistics()? {
        Statistics::Int32(s) => Some((year((*s.min_opt()?).into())?, year((*s.max_opt()?).into())?)),
        Statistics::Int64(s) => Some((year(*s.min_opt()?)?, year(*s.max_opt()?)?)),
        _ => None,
    }
}
