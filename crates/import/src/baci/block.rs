//! The stream of lines, in blocks that all processors read at once.

use std::io::Read;
use std::path::Path;

use monazite_evidence::Problem;
use rayon::prelude::*;

use super::layout;
use super::line::{self, Layout, Values};
use crate::error::{ImportError, Result};
use crate::log::{Log, MOST_BAD, Reason, shown};
use crate::trade::TradeRow;

/// Bytes read at a time: large enough to keep every processor busy, small beside a year of 300 MB.
const BLOCK: usize = 16 << 20;

/// A line longer than this is no line of a table.
const LONGEST_LINE: usize = 1 << 20;

/// Which rows are wanted, and which country codes exist.
#[derive(Debug, Clone)]
pub struct Wanted {
    products: Option<Vec<bool>>,
    years: Option<(u16, u16)>,
    countries: Vec<bool>,
}

impl Wanted {
    /// Rows of these products (all, when none are named) and years, between countries with these codes.
    pub fn new(
        products: Option<&std::collections::BTreeSet<u32>>,
        years: Option<(u16, u16)>,
        countries: impl Iterator<Item = u16>,
    ) -> Self {
        let products = products.map(|codes| {
            let mut flags = vec![false; 1_000_000];
            for code in codes {
                if let Some(flag) = flags.get_mut(*code as usize) {
                    *flag = true;
                }
            }
            flags
        });
        let mut flags = vec![false; 65_536];
        for code in countries {
            if let Some(flag) = flags.get_mut(usize::from(code)) {
                *flag = true;
            }
        }
        Self {
            products,
            years,
            countries: flags,
        }
    }

    pub fn product(&self, code: u32) -> bool {
        self.products
            .as_ref()
            .is_none_or(|flags| flags.get(code as usize).copied().unwrap_or(false))
    }

    pub fn year(&self, year: u16) -> bool {
        self.years.is_none_or(|(first, last)| (first..=last).contains(&year))
    }

    pub fn country(&self, code: u16) -> bool {
        self.countries.get(usize::from(code)).copied().unwrap_or(false)
    }
}

/// Reads a stream to its end: the next block is fetched while one is read.
pub fn read_rows(
    path: &Path,
    source: &mut (impl Read + Send),
    at: u16,
    wanted: &Wanted,
    log: &mut Log,
) -> Result<Vec<TradeRow>> {
    let mut current = Vec::new();
    let mut more = fill(path, source, &mut current)?;
    let heading = memchr::memchr(b'\n', &current).unwrap_or(current.len());
    let layout = layout(&log.file, current.get(..heading).unwrap_or_default())?;
    current.drain(..current.len().min(heading + 1));
    let mut line = 2;
    let mut rows = Vec::new();
    loop {
        // The last line of a block is whole only when the file ends with it.
        let end = if more {
            memchr::memrchr(b'\n', &current).map_or(0, |at| at + 1)
        } else {
            current.len()
        };
        let rest = current.get(end..).unwrap_or_default().to_vec();
        if rest.len() > LONGEST_LINE {
            return Err(ImportError::layout(
                &log.file,
                format!("line {line} has no end"),
                "this is no CSV file",
            ));
        }
        let block = current.get(..end).unwrap_or_default();
        let mut next = rest;
        let (parts, fetched) = rayon::join(
            || parse(block, at, &layout, wanted, &log.file),
            || if more { fill(path, source, &mut next) } else { Ok(false) },
        );
        for part in parts {
            join(part, &mut line, &mut rows, log);
        }
        if log.bad.len() >= MOST_BAD {
            return Err(ImportError::layout(
                &log.file,
                "has more than a million rows that cannot be used",
                "is it a file of BACI?",
            ));
        }
        if !more {
            return Ok(rows);
        }
        more = fetched?;
        current = next;
    }
}

/// Reads until the buffer has a block more; false at the end of the file.
fn fill(path: &Path, source: &mut impl Read, buffer: &mut Vec<u8>) -> Result<bool> {
    let wanted = BLOCK as u64;
    let read = source.take(wanted).read_to_end(buffer).map_err(ImportError::io(path))?;
    Ok(read as u64 == wanted)
}

/// Line, column, reason, message, and the line itself.
type BadLine = (u32, Option<(&'static str, usize)>, Reason, String, String);

/// What a part of a block holds. Lines count from 0.
#[derive(Default)]
struct Part {
    rows: Vec<TradeRow>,
    lines: u32,
    read: u64,
    other_product: u64,
    other_year: u64,
    bad: Vec<BadLine>,
}

fn parse(block: &[u8], at: u16, layout: &Layout, wanted: &Wanted, _file: &str) -> Vec<Part> {
    let pieces = rayon::current_num_threads() * 4;
    cut(block, pieces)
        .into_par_iter()
        .map(|piece| Part::read(piece, at, layout, wanted))
        .collect()
}

/// Cuts at ends of lines into about so many pieces.
fn cut(block: &[u8], pieces: usize) -> Vec<&[u8]> {
    let size = block.len() / pieces.max(1) + 1;
    let mut out = Vec::with_capacity(pieces);
    let mut rest = block;
    while rest.len() > size {
        let (_, after) = rest.split_at(size);
        let Some(end) = memchr::memchr(b'\n', after) else { break };
        let (piece, left) = rest.split_at(size + end + 1);
        out.push(piece);
        rest = left;
    }
    out.push(rest);
    out
}

impl Part {
    fn read(bytes: &[u8], at: u16, layout: &Layout, wanted: &Wanted) -> Self {
        let mut part = Self::default();
        let mut start = 0;
        while start < bytes.len() {
            let rest = bytes.get(start..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let text = rest.get(..end).unwrap_or_default();
            start += end + 1;
            part.line(text, at, layout, wanted);
            part.lines = part.lines.saturating_add(1);
        }
        part
    }

    fn line(&mut self, text: &[u8], at: u16, layout: &Layout, wanted: &Wanted) {
        let Some(cells) = line::fields(text, layout) else {
            if !text.trim_ascii().is_empty() {
                self.read += 1;
                let count = text.split(|byte| *byte == b',').count();
                let message = format!("the line has {count} columns instead of {}", layout.width());
                self.wrong(text, None, Reason::Columns, message);
            }
            return;
        };
        self.read += 1;
        let Some(product) = line::code(cells[3]) else {
            let message = format!(
                "`{}` is not a product code of six digits",
                shown(&String::from_utf8_lossy(cells[3]))
            );
            return self.wrong(text, Some(layout.column(3)), Reason::Code, message);
        };
        if !wanted.product(product) {
            self.other_product += 1;
            return;
        }
        let values = match line::quick(&cells, product).map_or_else(|| line::careful(&cells, product), Ok) {
            Ok(values) => values,
            Err((field, reason, message)) => {
                return self.wrong(text, field.map(|field| layout.column(field)), reason, message);
            }
        };
        if !wanted.year(values.year) {
            self.other_year += 1;
            return;
        }
        for (field, code) in [(1, values.exporter), (2, values.importer)] {
            if !wanted.country(code) {
                let message = format!("`{code}` is not a country code of BACI");
                return self.wrong(text, Some(layout.column(field)), Reason::Country, message);
            }
        }
        self.rows.push(row(&values, at, self.lines));
    }

    fn wrong(&mut self, text: &[u8], column: Option<(&'static str, usize)>, reason: Reason, message: String) {
        if self.bad.len() < MOST_BAD {
            let raw = String::from_utf8_lossy(text).trim_end_matches('\r').to_owned();
            self.bad.push((self.lines, column, reason, message, raw));
        }
    }
}

fn row(values: &Values, file: u16, line: u32) -> TradeRow {
    TradeRow {
        year: values.year,
        exporter: values.exporter,
        importer: values.importer,
        file,
        product: values.product,
        line,
        value_kusd: values.value,
        quantity_t: values.quantity,
    }
}

/// Adds a part to the whole, with its lines counted from the start of the file.
fn join(part: Part, line: &mut u32, rows: &mut Vec<TradeRow>, log: &mut Log) {
    let base = *line;
    log.read += part.read;
    log.kept += part.rows.len() as u64;
    for (why, count) in [("other products", part.other_product), ("other years", part.other_year)] {
        if count > 0 {
            *log.left_out.entry(why).or_default() += count;
        }
    }
    rows.reserve(part.rows.len());
    rows.extend(part.rows.into_iter().map(|mut row| {
        row.line = row.line.saturating_add(base);
        row
    }));
    for (line, column, reason, message, raw) in part.bad {
        let mut problem: Problem = log.at(u64::from(line.saturating_add(base)), message);
        if let Some((name, number)) = column {
            problem = problem.column(name, number);
        }
        if let Some(hint) = hint(reason) {
            problem = problem.hint(hint);
        }
        log.bad(reason, problem, raw);
    }
    *line = line.saturating_add(part.lines);
}

fn hint(reason: Reason) -> Option<&'static str> {
    match reason {
        Reason::Columns => {
            Some("a line that was cut off, a file that was not downloaded whole, or a comma in a number")
        }
        Reason::Number => Some("BACI writes NA where a quantity is not known"),
        Reason::Country => Some("`monazite data place CODE` says what a code means"),
        _ => None,
    }
}
