//! World Mining Data: a workbook with one sheet per mineral, or the same as a tidy table.

use std::collections::BTreeMap;
use std::path::Path;

use monazite_evidence::{Dataset, Named};

use crate::cells;
use crate::columns::{Holds, Shape, Value, read_columns};
use crate::error::{ImportError, Result};
use crate::folder::PRODUCTION;
use crate::grid::{Grid, Header, plain};
use crate::kind::Kind;
use crate::log::{Log, Reason, Wrong, YearReport, shown};
use crate::run::{Gathered, Options, distinct};
use crate::store::Fresh;

/// The columns of `production.parquet`.
pub const SHAPE: Shape = &[
    ("material", Holds::Text),
    ("country", Holds::Text),
    ("baci_code", Holds::Text),
    ("iso3", Holds::Text),
    ("year", Holds::Int),
    ("production", Holds::Float),
    ("unit", Holds::Text),
    ("flag", Holds::Text),
    ("source", Holds::Text),
    ("basis", Holds::Text),
];

/// The name of the world in `production.parquet`.
pub const TOTAL: &str = "Total";

/// An empty table of production.
pub fn fresh() -> Fresh {
    Fresh {
        file: PRODUCTION,
        shape: SHAPE,
        scope: &[0, 4],
        order: &[0, 4, 1],
        rows: Vec::new(),
    }
}

/// Units as World Mining Data writes them, by their plain form.
fn unit(text: &str) -> Option<&'static str> {
    Some(match plain(text).as_str() {
        "metrt" | "t" | "tonnes" | "tonne" | "metrictons" | "metricton" => "metr. t",
        "kg" | "kilograms" => "kg",
        "ct" | "carat" | "carats" => "ct",
        "miom3" | "millionm3" | "mm3" | "miocum" | "millioncubicmeters" => "Mio m3",
        _ => return None,
    })
}

/// Reads a workbook or a tidy table.
pub fn read(grids: &[Grid], dataset: &Dataset, options: &Options, log: &mut Log, out: &mut Gathered) -> Result<()> {
    let mut fresh = fresh();
    let mut found = false;
    for grid in grids {
        let Some(layout) = Layout::of(grid) else { continue };
        found = true;
        log.encoding = grid.encoding;
        let mut part = Log::new(
            grid.sheet
                .as_ref()
                .map_or_else(|| log.file.clone(), |sheet| format!("{} [{sheet}]", log.file)),
        );
        layout.read(grid, dataset, options, &mut part, &mut fresh.rows);
        log.append(part);
    }
    if !found {
        let message = "has no table with a column `Country` and columns of years, nor one with material, country, year and production";
        return Err(ImportError::layout(&log.file, message, Kind::Wmd.layout()));
    }
    out.tables.push(fresh);
    Ok(())
}

/// Reads a tidy table in Parquet.
pub fn read_parquet(
    path: &Path,
    dataset: &Dataset,
    options: &Options,
    log: &mut Log,
    out: &mut Gathered,
) -> Result<()> {
    let (names, rows) = read_columns(path)?;
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) if value.is_nan() => String::new(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => text.clone(),
    };
    let mut grid = Grid {
        rows: vec![(1, names)],
        ..Grid::default()
    };
    let body = rows
        .iter()
        .enumerate()
        .map(|(at, row)| (at as u64 + 2, row.iter().map(text).collect()));
    grid.rows.extend(body);
    read(&[grid], dataset, options, log, out)
}

/// Where things stand in a table.
struct Layout {
    /// The row of headings, by position.
    heading: usize,
    /// What the sheet is about; none for a tidy table, which has a column for it.
    material: Option<String>,
    material_column: Option<usize>,
    country: usize,
    unit: Option<usize>,
    flag: Option<usize>,
    /// Columns of years; for a tidy table the column of the year and that of the figure.
    years: Vec<(u16, usize)>,
    tidy: Option<(usize, usize)>,
}

impl Layout {
    fn of(grid: &Grid) -> Option<Self> {
        for (heading, (_, cells)) in grid.rows.iter().take(20).enumerate() {
            let header = Header::new(cells);
            let Some(country) = header.find(&["country", "countries", "producer country"]) else {
                continue;
            };
            let unit = header.find(&["unit", "units"]);
            let flag = header.find(&["data source", "datasource", "source", "flag", "quality", "data quality"]);
            let material_column = header.find(&["material", "mineral", "commodity", "raw material"]);
            let tidy = header
                .find(&["year"])
                .zip(header.find(&["production", "value", "quantity"]));
            let years: Vec<(u16, usize)> = cells
                .iter()
                .enumerate()
                .filter_map(|(at, cell)| Some((cells::year(cell).ok()?, at)))
                .collect();
            if years.is_empty() && (tidy.is_none() || material_column.is_none()) {
                continue;
            }
            // The sheet is named after the mineral; a CSV of one sheet has it in the line above.
            let mut above = grid
                .rows
                .iter()
                .take(heading)
                .filter_map(|(_, cells)| cells.iter().find(|cell| !cell.is_empty()));
            let material = grid.sheet.clone().or_else(|| above.next_back().cloned());
            return Some(Self {
                heading,
                material,
                material_column,
                country,
                unit,
                flag,
                years,
                tidy,
            });
        }
        None
    }

    fn read(&self, grid: &Grid, dataset: &Dataset, options: &Options, log: &mut Log, rows: &mut Vec<Vec<Value>>) {
        let headings = grid
            .rows
            .get(self.heading)
            .map_or_else(Vec::new, |(_, cells)| cells.clone());
        let header = Header::new(&headings);
        let sheet_material = self.material.as_deref().map(|name| material(name, dataset, log));
        let mut seen: BTreeMap<(String, String, u16), u64> = BTreeMap::new();
        for (line, cells) in grid.rows.iter().skip(self.heading + 1) {
            let cell = |at: usize| cells.get(at).map_or("", String::as_str);
            if self.is_footnote(cells) {
                continue;
            }
            let head = self.head(cells, dataset);
            for (year, at) in self.figures(cells) {
                log.read += 1;
                let year = year.map_err(Wrong::cell(self.year_column(at)));
                let figure = head.as_ref().map_err(Wrong::clone).and_then(|head| Ok((head, year?)));
                let ((named, unit), year) = match figure {
                    Ok(figure) => figure,
                    Err(wrong) => {
                        log.wrong(*line, &header, cells, wrong);
                        continue;
                    }
                };
                if options
                    .years
                    .is_some_and(|(first, last)| !(first..=last).contains(&year))
                {
                    log.leave_out("other years");
                    continue;
                }
                let material = match self.material_column {
                    Some(at) => material(cell(at), dataset, log),
                    None => sheet_material.clone().unwrap_or_default(),
                };
                let key = (material, format!("{named:?}"), year);
                let judged = cells::amount(cell(at))
                    .map_err(Wrong::cell(at))
                    .and_then(|amount| match seen.get(&key) {
                        Some(first) => {
                            let message = format!(
                                "{} {year} of {} is already on line {first}",
                                shown(cell(self.country)),
                                shown(&key.0)
                            );
                            Err(Wrong::new(self.country, Reason::Duplicate, message))
                        }
                        None => Ok(amount),
                    });
                match judged {
                    Ok(amount) => {
                        log.kept += 1;
                        let flag = self.flag.map_or("", cell);
                        rows.push(row(
                            &key.0,
                            cell(self.country),
                            named,
                            year,
                            amount,
                            unit,
                            flag,
                            dataset,
                        ));
                        seen.insert(key, *line);
                    }
                    Err(wrong) => log.wrong(*line, &header, cells, wrong),
                }
            }
        }
    }

    /// Footnotes stand under the table: a line without a country, or in a wide table without unit and figures.
    fn is_footnote(&self, cells: &[String]) -> bool {
        let empty = |at: usize| cells.get(at).is_none_or(String::is_empty);
        let bare = self.years.len() > 1 && self.years.iter().all(|(_, at)| empty(*at)) && self.unit.is_none_or(empty);
        empty(self.country) || bare
    }

    /// Year and column of each figure of a line.
    fn figures(&self, cells: &[String]) -> Vec<Figure> {
        match self.tidy {
            Some((year, figure)) if self.years.is_empty() => {
                vec![(cells::year(cells.get(year).map_or("", String::as_str)), figure)]
            }
            _ => self.years.iter().map(|(year, at)| (Ok(*year), *at)).collect(),
        }
    }

    fn year_column(&self, figure: usize) -> usize {
        self.tidy.map_or(figure, |(year, _)| year)
    }

    /// What country and unit of a line mean.
    fn head(&self, cells: &[String], dataset: &Dataset) -> Result<(Named, &'static str), Wrong> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let country = cell(self.country);
        let named = dataset.resolve_name(country).map(|resolved| resolved.named);
        let named = named.map_err(|error| Wrong::unknown(self.country, Reason::Country, "country", country, &error))?;
        let unit = match self.unit {
            None => "metr. t",
            Some(at) => unit(cell(at)).ok_or_else(|| {
                let message = format!("`{}` is not a unit of World Mining Data", shown(cell(at)));
                Wrong::new(at, Reason::Unit, message).hint("use `metr. t`, `kg`, `ct` or `Mio m3`")
            })?,
        };
        Ok((named, unit))
    }
}

/// The year of a figure, or what is wrong with it, and the column of the figure.
type Figure = (Result<u16, (Reason, String)>, usize);

#[allow(clippy::too_many_arguments)] // the columns of the table
fn row(
    material: &str,
    country: &str,
    named: &Named,
    year: u16,
    amount: Option<f64>,
    unit: &str,
    flag: &str,
    dataset: &Dataset,
) -> Vec<Value> {
    let (iso3, code) = codes(named, dataset);
    let country = if *named == Named::World { TOTAL } else { country };
    vec![
        Value::text(material),
        Value::text(country),
        code,
        iso3,
        Value::from(year),
        Value::from(amount),
        Value::text(unit),
        Value::or_null(flag),
        Value::text(Kind::Wmd.as_str()),
        Value::Null,
    ]
}

/// ISO code and BACI code of what a name means.
pub fn codes(named: &Named, dataset: &Dataset) -> (Value, Value) {
    match named {
        Named::Place(place) => {
            let code = dataset.place(place).and_then(|place| place.baci_code);
            (
                Value::text(place.as_str()),
                code.map_or(Value::Null, |code| Value::text(code.to_string())),
            )
        }
        Named::World => (Value::text("WLD"), Value::Null),
        Named::Rest => (Value::text("ROW"), Value::Null),
        Named::Several(places) => {
            let places: Vec<&str> = places.iter().map(monazite_evidence::PlaceId::as_str).collect();
            (Value::text(places.join("+")), Value::Null)
        }
        Named::Group(group) => (Value::text(group), Value::Null),
    }
}

/// The name under which the dataset knows a production table; the name itself, with a warning, when it does not.
fn material(name: &str, dataset: &Dataset, log: &mut Log) -> String {
    if let Ok(row) = dataset.resolve_material(name) {
        row.production_table.clone()
    } else {
        log.warn(format!(
            "`{}` is none of the dataset's materials; it is kept under this name",
            shown(name)
        ));
        name.trim().to_owned()
    }
}

/// Puts the tables of several files together, and compares the countries with the totals.
pub fn finish(gathered: &mut Gathered) {
    let mut whole = fresh();
    whole.rows = std::mem::take(&mut gathered.tables)
        .into_iter()
        .flat_map(|table| table.rows)
        .collect();
    gathered.years = by_year(&whole.rows);
    gathered.products = distinct(&whole.rows, 0);
    gathered.countries = distinct(&whole.rows, 3);
    gathered.warnings.extend(totals(&whole.rows));
    let files: Vec<&str> = gathered.logs.iter().map(|log| log.file.as_str()).collect();
    gathered.vintage = files.iter().find_map(|file| year_in(file));
    gathered.tables = vec![whole];
}

/// A year in a file's name, as the edition.
pub fn year_in(name: &str) -> Option<String> {
    let digits: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
    digits
        .into_iter()
        .find(|part| part.len() == 4 && (part.starts_with("20") || part.starts_with("19")))
        .map(str::to_owned)
}

/// Totals that the countries do not add up to, within half a percent.
fn totals(rows: &[Vec<Value>]) -> Vec<String> {
    let mut sums: BTreeMap<(&str, i32), (f64, Option<f64>)> = BTreeMap::new();
    for row in rows {
        let (Some(material), Some(year)) = (row.first(), row.get(4).and_then(Value::as_int)) else {
            continue;
        };
        let (sum, total) = sums.entry((material.as_str(), year)).or_default();
        let amount = row.get(5).and_then(Value::as_f64);
        if row.get(1).is_some_and(|country| country.as_str() == TOTAL) {
            *total = amount;
        } else {
            *sum += amount.unwrap_or(0.0);
        }
    }
    let mut out = Vec::new();
    let mut more = 0;
    for ((material, year), (sum, total)) in sums {
        let Some(total) = total.filter(|total| (total - sum).abs() > 0.005 * total.max(sum)) else {
            continue;
        };
        if out.len() < 5 {
            out.push(format!(
                "{material} {year}: the countries add up to {sum:.0}, the table's total is {total:.0}"
            ));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        out.push(format!("… and {more} more totals that differ by over half a percent"));
    }
    out
}

/// Rows by year; quantities of different materials are not added.
pub fn by_year(rows: &[Vec<Value>]) -> Vec<YearReport> {
    let mut years: BTreeMap<u16, YearReport> = BTreeMap::new();
    for row in rows {
        let Some(year) = row
            .get(4)
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
        report.missing += u64::from(row.get(5).is_none_or(|value| *value == Value::Null));
    }
    years.into_values().collect()
}
