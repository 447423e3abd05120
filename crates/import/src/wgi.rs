//! Worldwide Governance Indicators: the long table, and the older workbook with a sheet per indicator and two rows of
//! headings.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::{Dataset, Named, PlaceId};

use crate::cells;
use crate::columns::{Holds, Shape, Value};
use crate::error::{ImportError, Result};
use crate::folder::GOVERNANCE;
use crate::grid::{Grid, Header, plain};
use crate::kind::Kind;
use crate::log::{Log, Reason, Wrong, YearReport, shown};
use crate::run::{Gathered, Options, distinct};
use crate::store::Fresh;

/// The columns of `governance.parquet`.
pub const SHAPE: Shape = &[
    ("place", Holds::Text),
    ("wgi_code", Holds::Text),
    ("year", Holds::Int),
    ("indicator", Holds::Text),
    ("estimate", Holds::Float),
    ("std_error", Holds::Float),
];

fn fresh() -> Fresh {
    Fresh {
        file: GOVERNANCE,
        shape: SHAPE,
        scope: &[3, 2],
        order: &[3, 2, 0],
        rows: Vec::new(),
    }
}

/// The six indicators, from their code or the name of their sheet.
fn indicator(text: &str) -> Option<&'static str> {
    let text = plain(text);
    let long = [
        ("voice", "va"),
        ("stab", "pv"),
        ("effective", "ge"),
        ("regulatory", "rq"),
        ("ruleoflaw", "rl"),
        ("corruption", "cc"),
    ];
    let short = ["va", "pv", "ge", "rq", "rl", "cc"];
    short
        .into_iter()
        .find(|code| text == *code || text == format!("{code}est"))
        .or_else(|| {
            long.into_iter()
                .find(|(word, _)| text.contains(word))
                .map(|(_, code)| code)
        })
}

/// Reads a file.
pub fn read(grids: &[Grid], dataset: &Dataset, options: &Options, log: &mut Log, out: &mut Gathered) -> Result<()> {
    let mut reader = Reader {
        dataset,
        options,
        rows: Vec::new(),
        seen: BTreeMap::new(),
    };
    let mut found = false;
    for grid in grids {
        log.encoding = grid.encoding;
        let mut part = Log::new(
            grid.sheet
                .as_ref()
                .map_or_else(|| log.file.clone(), |sheet| format!("{} [{sheet}]", log.file)),
        );
        found |= reader.long(grid, &mut part) || reader.wide(grid, &mut part);
        log.append(part);
    }
    if !found {
        let message = "has neither the columns code, year, indicator, estimate, nor sheets with Country, Code and Estimate under years";
        return Err(ImportError::layout(&log.file, message, Kind::Wgi.layout()));
    }
    let mut table = fresh();
    table.rows = reader.rows;
    out.tables.push(table);
    Ok(())
}

struct Reader<'a> {
    dataset: &'a Dataset,
    options: &'a Options,
    rows: Vec<Vec<Value>>,
    /// Line, estimate and name of what was read, to find second rows.
    seen: BTreeMap<(PlaceId, u16, &'static str), (u64, Option<f64>)>,
}

/// A figure as it stands in the file.
struct Found<'c> {
    line: u64,
    code: (usize, &'c str),
    name: (usize, &'c str),
    year: u16,
    indicator: &'static str,
    estimate: (usize, &'c str),
    error: (usize, &'c str),
}

impl Reader<'_> {
    /// The long table.
    fn long(&mut self, grid: &Grid, log: &mut Log) -> bool {
        let Some((_, headings)) = grid.rows.first() else {
            return false;
        };
        let header = Header::new(headings);
        let columns = (
            header.find(&["code", "wgi_code", "countrycode", "country code"]),
            header.find(&["year"]),
            header.find(&["indicator", "indicator code"]),
            header.find(&["estimate", "est"]),
        );
        let (Some(code), Some(year), Some(which), Some(estimate)) = columns else {
            return false;
        };
        let name = header
            .find(&["countryname", "country name", "country", "economy"])
            .unwrap_or(code);
        let error = header
            .find(&["stddev", "stderr", "std_error", "standard error", "se"])
            .unwrap_or(usize::MAX);
        for (line, cells) in grid.rows.iter().skip(1) {
            log.read += 1;
            let cell = |at: usize| (at, cells.get(at).map_or("", String::as_str));
            if cells.len() < header.width().min(estimate + 1) {
                let message = format!("the line has {} columns instead of {}", cells.len(), header.width());
                log.wrong(
                    *line,
                    &header,
                    cells,
                    Wrong::row(Reason::Columns, message).hint("a line that was cut off"),
                );
                continue;
            }
            let kind = indicator(cell(which).1).ok_or_else(|| {
                let message = format!("`{}` is none of va, pv, ge, rq, rl, cc", shown(cell(which).1));
                Wrong::new(which, Reason::Word, message)
            });
            let head = kind.and_then(|kind| Ok((kind, cells::year(cell(year).1).map_err(Wrong::cell(year))?)));
            match head {
                Ok((indicator, year)) => {
                    let found = Found {
                        line: *line,
                        code: cell(code),
                        name: cell(name),
                        year,
                        indicator,
                        estimate: cell(estimate),
                        error: cell(error),
                    };
                    self.keep(&found, &header, cells, log);
                }
                Err(wrong) => log.wrong(*line, &header, cells, wrong),
            }
        }
        true
    }

    /// A sheet of the older workbook: years over the columns of each year.
    fn wide(&mut self, grid: &Grid, log: &mut Log) -> bool {
        let Some(kind) = grid.sheet.as_deref().and_then(indicator) else {
            return false;
        };
        let at = grid.rows.iter().take(40).position(|(_, cells)| {
            let header = Header::new(cells);
            header.find(&["code"]).is_some() && header.find(&["estimate"]).is_some()
        });
        let Some(at) = at.filter(|at| *at > 0) else {
            return false;
        };
        let (Some((_, years)), Some((_, headings))) = (grid.rows.get(at - 1), grid.rows.get(at)) else {
            return false;
        };
        let header = Header::new(headings);
        let Some(code) = header.find(&["code"]) else {
            return false;
        };
        let name = header
            .find(&["country/territory", "country", "economy", "countryname"])
            .unwrap_or(0);
        // A year may stand over each of its columns, or over the first of them only.
        let mut year = None;
        let mut groups: Vec<(u16, usize, usize)> = Vec::new();
        for (column, heading) in headings.iter().enumerate() {
            year = years.get(column).and_then(|cell| cells::year(cell).ok()).or(year);
            let Some(year) = year else { continue };
            match plain(heading).as_str() {
                "estimate" => groups.push((year, column, usize::MAX)),
                "stderr" | "standarderror" | "stddev" => {
                    if let Some(group) = groups
                        .last_mut()
                        .filter(|(of, _, error)| *of == year && *error == usize::MAX)
                    {
                        group.2 = column;
                    }
                }
                _ => {}
            }
        }
        for (line, cells) in grid.rows.iter().skip(at + 1) {
            let cell = |at: usize| (at, cells.get(at).map_or("", String::as_str));
            if cell(code).1.is_empty() {
                continue;
            }
            for (year, estimate, error) in &groups {
                log.read += 1;
                let found = Found {
                    line: *line,
                    code: cell(code),
                    name: cell(name),
                    year: *year,
                    indicator: kind,
                    estimate: cell(*estimate),
                    error: cell(*error),
                };
                self.keep(&found, &header, cells, log);
            }
        }
        !groups.is_empty()
    }

    fn keep(&mut self, found: &Found<'_>, header: &Header, cells: &[String], log: &mut Log) {
        if self
            .options
            .years
            .is_some_and(|(first, last)| !(first..=last).contains(&found.year))
        {
            return log.leave_out("other years");
        }
        match self.judge(found) {
            Ok(None) => log.leave_out("the same row twice"),
            Ok(Some(row)) => {
                log.kept += 1;
                self.rows.push(row);
            }
            Err(wrong) => log.wrong(found.line, header, cells, wrong),
        }
    }

    /// The row of the table; none when the same one was read before.
    fn judge(&mut self, found: &Found<'_>) -> Result<Option<Vec<Value>>, Wrong> {
        let place = self.place(found)?;
        let figure = |cell: &str| {
            if cells::is_missing(cell) {
                Ok(None)
            } else {
                cells::plain_number(cell).map(Some)
            }
        };
        let estimate = figure(found.estimate.1)
            .map_err(Wrong::cell(found.estimate.0))
            .map_err(|wrong| wrong.hint("the World Bank writes .. or #N/A for missing"))?;
        if let Some(value) = estimate.filter(|value| value.abs() > 5.0) {
            let message = format!("`{value}` is no estimate between -5 and 5");
            return Err(Wrong::new(found.estimate.0, Reason::Number, message)
                .hint("take the column of estimates, not that of ranks or scores"));
        }
        let error = figure(found.error.1).ok().flatten().filter(|error| *error >= 0.0);
        let key = (place.clone(), found.year, found.indicator);
        if let Some((first, other)) = self.seen.get(&key) {
            // The same figure twice takes nothing away; two figures for one place leave it open which is meant.
            if *other == estimate {
                return Ok(None);
            }
            let other = other.map_or_else(|| "missing".to_owned(), |other| other.to_string());
            let (name, year, indicator) = (shown(found.name.1), found.year, found.indicator);
            let message =
                format!("{name} {year} {indicator} is already on line {first} with another estimate ({other})");
            return Err(Wrong::new(found.code.0, Reason::Duplicate, message)
                .hint("--lenient keeps the first and sets the second aside"));
        }
        self.seen.insert(key, (found.line, estimate));
        Ok(Some(vec![
            Value::text(place.as_str()),
            Value::text(found.code.1),
            Value::from(found.year),
            Value::text(found.indicator),
            Value::from(estimate),
            Value::from(error),
        ]))
    }

    /// The place by its code, or else by its name.
    fn place(&self, found: &Found<'_>) -> Result<PlaceId, Wrong> {
        let (at, code) = found.code;
        // Three letters are a code of the World Bank; `NA` and its kind stand for none.
        if code.len() == 3
            && let Ok(place) = self.dataset.resolve_place(code)
        {
            return Ok(place.place.clone());
        }
        match self.dataset.resolve_name(found.name.1).map(|resolved| resolved.named) {
            Ok(Named::Place(place)) => Ok(place),
            Ok(_) => {
                let message = format!("`{}` is not one economy", shown(found.name.1));
                Err(Wrong::new(at, Reason::Country, message))
            }
            Err(error) => Err(Wrong::unknown(
                found.name.0,
                Reason::Country,
                "economy",
                found.name.1,
                &error,
            )),
        }
    }
}

/// Puts the tables of several files together.
pub fn finish(gathered: &mut Gathered) {
    let mut whole = fresh();
    whole.rows = std::mem::take(&mut gathered.tables)
        .into_iter()
        .flat_map(|table| table.rows)
        .collect();
    let mut years: BTreeMap<u16, YearReport> = BTreeMap::new();
    for row in &whole.rows {
        let Some(year) = row
            .get(2)
            .and_then(Value::as_int)
            .and_then(|year| u16::try_from(year).ok())
        else {
            continue;
        };
        let report = years.entry(year).or_insert_with(|| YearReport {
            year,
            ..YearReport::default()
        });
        report.rows += 1;
        report.missing += u64::from(row.get(4).is_none_or(|value| *value == Value::Null));
    }
    gathered.years = years.into_values().collect();
    gathered.countries = distinct(&whole.rows, 0);
    gathered.products = distinct(&whole.rows, 3);
    let found: BTreeSet<&str> = whole
        .rows
        .iter()
        .filter_map(|row| row.get(3))
        .map(Value::as_str)
        .collect();
    if !found.is_empty() && !found.contains("pv") {
        gathered
            .warnings
            .push("there is no political stability (pv) in it, which GeoPolRisk needs".to_owned());
    }
    gathered.vintage = gathered.logs.iter().find_map(|log| crate::wmd::year_in(&log.file));
    gathered.tables = vec![whole];
}
