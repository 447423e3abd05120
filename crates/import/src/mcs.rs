//! USGS Mineral Commodity Summaries: the wide table of 2025 and the long one of 2026.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use monazite_evidence::table::{MaterialRow, MaterialStage};
use monazite_evidence::{Dataset, Named, Resolved};

use crate::cells::{self, Number};
use crate::columns::{Value, from_parquet};
use crate::error::{ImportError, Result};
use crate::folder::PRODUCTION;
use crate::grid::{Grid, Header, plain};
use crate::kind::Kind;
use crate::log::{Log, Reason, Report, Wrong, shown};
use crate::minerals::{self, Mineral};
use crate::run::{Gathered, Options, distinct};
use crate::wmd;

/// Tonnes in a unit of the release; none for volumes, and for units that are not stated.
fn tonnes(unit: &str) -> Result<Option<f64>, ()> {
    Ok(match plain(unit).as_str() {
        "metrictons" | "metricton" | "tons" | "metricdrytons" => Some(1.0),
        "thousandmetrictons" | "thousandmetricdrytons" | "thousandtons" => Some(1e3),
        "millionmetrictons" | "milliontons" => Some(1e6),
        "kilograms" => Some(1e-3),
        // A carat is a fifth of a gram.
        "thousandcarats" | "thousandsofcarats" => Some(2e-4),
        "millioncarats" => Some(0.2),
        "millioncubicmeters" | "millionliters" | "thousandcubicmeters" | "number" | "" => None,
        _ => return Err(()),
    })
}

/// A unit that a remark or heading states for reserves alone, beside the unit of the row.
fn own_unit(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let has = |unit: &str| text.contains(unit);
    if has("million metric tons") {
        Some("million metric tons")
    } else if has("thousand metric tons") {
        Some("thousand metric tons")
    } else {
        None
    }
}

/// Reads a release.
pub fn read(grids: &[Grid], dataset: &Dataset, options: &Options, log: &mut Log, out: &mut Gathered) -> Result<()> {
    let mut reader = Reader {
        dataset,
        options,
        rows: Vec::new(),
        production: Vec::new(),
        edition: String::new(),
    };
    let mut found = false;
    for grid in grids {
        log.encoding = grid.encoding;
        let Some((_, headings)) = grid.rows.first() else {
            continue;
        };
        let header = Header::new(headings);
        if header.find(&["SOURCE"]).is_some() && header.find(&["UNIT_MEAS"]).is_some() {
            reader.wide(grid, &header, log)?;
        } else if header.find(&["MCS chapter"]).is_some() && header.find(&["Statistics"]).is_some() {
            reader.long(grid, &header, log)?;
        } else {
            continue;
        }
        found = true;
    }
    if !found {
        let message = "is neither the wide release (SOURCE, COMMODITY, COUNTRY, TYPE, UNIT_MEAS, PROD_…) nor the long one (MCS chapter, Section, Commodity, …)";
        return Err(ImportError::layout(&log.file, message, Kind::Mcs.layout()));
    }
    out.vintage = Some(reader.edition.clone()).filter(|edition| !edition.is_empty());
    let mut table = minerals::fresh();
    table.rows = reader.rows;
    out.tables.push(table);
    let mut production = wmd::fresh();
    production.rows = reader.production;
    out.tables.push(production);
    Ok(())
}

struct Reader<'a> {
    dataset: &'a Dataset,
    options: &'a Options,
    rows: Vec<Vec<Value>>,
    production: Vec<Vec<Value>>,
    edition: String,
}

/// A column of figures in the wide release.
struct Figures {
    at: usize,
    year: u16,
    measure: &'static str,
    estimated: bool,
    note: Option<usize>,
}

impl Reader<'_> {
    fn wide(&mut self, grid: &Grid, header: &Header, log: &mut Log) -> Result<()> {
        let hint = Kind::Mcs.layout();
        let need = |name: &str| header.need(&log.file, name, &[name], hint);
        let (source, commodity, country) = (need("SOURCE")?, need("COMMODITY")?, need("COUNTRY")?);
        let (detail, unit) = (need("TYPE")?, need("UNIT_MEAS")?);
        let figures = figures(header);
        if figures.is_empty() {
            return Err(ImportError::layout(
                &log.file,
                "has no column PROD_…, CAP_… or RESERVES_… with a year",
                hint,
            ));
        }
        for (line, cells) in grid.rows.iter().skip(1) {
            let cell = |at: usize| cells.get(at).map_or("", String::as_str);
            if self.edition.is_empty() {
                cell(source).clone_into(&mut self.edition);
            }
            for figure in &figures {
                let note = figure.note.map_or("", cell);
                if cell(figure.at).is_empty() && !says_something(note) {
                    continue;
                }
                log.read += 1;
                // Reserves without a figure have a word in the remark: `Large`, `NA`.
                let text = if cell(figure.at).is_empty() {
                    note
                } else {
                    cell(figure.at)
                };
                let raw = Raw {
                    line: *line,
                    at: figure.at,
                    commodity: cell(commodity),
                    country: (country, cell(country)),
                    year: figure.year,
                    measure: figure.measure,
                    detail: cell(detail),
                    unit: (
                        unit,
                        if figure.measure == "reserves" {
                            own_unit(note).unwrap_or(cell(unit))
                        } else {
                            cell(unit)
                        },
                    ),
                    text: if text.len() > 60 { "" } else { text },
                    estimated: figure.estimated || note.to_lowercase().contains("estimat"),
                    note,
                };
                self.keep(&raw, header, cells, log);
            }
        }
        Ok(())
    }

    fn long(&mut self, grid: &Grid, header: &Header, log: &mut Log) -> Result<()> {
        let hint = Kind::Mcs.layout();
        let need = |name: &str| header.need(&log.file, name, &[name], hint);
        let (section, commodity, country) = (need("Section")?, need("Commodity")?, need("Country")?);
        let (statistics, detail, unit) = (need("Statistics")?, need("Statistics_detail")?, need("Unit")?);
        let (year, value, notes) = (need("Year")?, need("Value")?, header.find(&["Notes"]));
        let years = grid
            .rows
            .iter()
            .skip(1)
            .filter_map(|(_, cells)| cells.get(year)?.parse::<u16>().ok());
        // An edition has estimates for the year before it.
        self.edition = years.max().map_or_else(String::new, |last| format!("MCS{}", last + 1));
        for (line, cells) in grid.rows.iter().skip(1) {
            let cell = |at: usize| cells.get(at).map_or("", String::as_str);
            log.read += 1;
            if cells.len() < header.width().min(value + 1) {
                let problem = log.at(
                    *line,
                    format!("the line has {} columns instead of {}", cells.len(), header.width()),
                );
                log.bad(
                    Reason::Columns,
                    problem.hint("a line that was cut off"),
                    cells.join(","),
                );
                continue;
            }
            if !cell(section).to_lowercase().starts_with("world") {
                log.leave_out("statistics of the United States alone");
                continue;
            }
            let measure = match cell(statistics) {
                "Production" => "production",
                "Capacity" => "capacity",
                "Reserves" => "reserves",
                _ => {
                    log.leave_out("other statistics");
                    continue;
                }
            };
            let number = match cells::year(cell(year)) {
                Ok(number) => number,
                Err((reason, message)) => {
                    let problem = log.at(*line, message).column("Year", year + 1);
                    log.bad(reason, problem, cells.join(","));
                    continue;
                }
            };
            let note = notes.map_or("", cell);
            let own = if measure == "reserves" {
                own_unit(cell(detail))
            } else {
                None
            };
            let raw = Raw {
                line: *line,
                at: value,
                commodity: cell(commodity),
                country: (country, cell(country)),
                year: number,
                measure,
                detail: cell(detail),
                unit: (unit, own.unwrap_or(cell(unit))),
                text: cell(value),
                estimated: note.starts_with("Estimated") || cell(value) == "E",
                note,
            };
            self.keep(&raw, header, cells, log);
        }
        Ok(())
    }

    fn keep(&mut self, raw: &Raw<'_>, header: &Header, cells: &[String], log: &mut Log) {
        if self
            .options
            .years
            .is_some_and(|(first, last)| !(first..=last).contains(&raw.year))
        {
            return log.leave_out("other years");
        }
        let read = match raw.read(self.dataset) {
            Ok(read) => read,
            Err(wrong) => return log.wrong(raw.line, header, cells, wrong),
        };
        let (resolved, factor, number) = read;
        if raw.unit.1.is_empty() {
            log.warn(format!(
                "line {}: {} of {} has no unit; its tonnes are not known",
                raw.line,
                shown(raw.commodity),
                shown(raw.country.1)
            ));
        }
        let material = material(raw.commodity, raw.detail, self.dataset);
        let detail = resolved
            .qualifier
            .as_ref()
            .filter(|q| !q.contains("rounded"))
            .map_or_else(|| raw.detail.to_owned(), |q| format!("{} ({q})", raw.detail));
        let mineral = Mineral {
            edition: &self.edition,
            commodity: raw.commodity,
            country: raw.country.1,
            named: &resolved.named,
            year: raw.year,
            measure: raw.measure,
            detail: &detail,
            unit: raw.unit.1,
            text: raw.text,
            number: &number,
            tonnes_per_unit: factor,
            estimated: raw.estimated,
            note: raw.note,
        };
        log.kept += 1;
        self.rows
            .push(mineral.row(material.map(|row| row.material.as_str()), self.dataset));
        self.production
            .extend(material.and_then(|material| production(&mineral, material, self.dataset)));
    }
}

/// One figure of a release before it is understood.
struct Raw<'c> {
    line: u64,
    at: usize,
    commodity: &'c str,
    country: (usize, &'c str),
    year: u16,
    measure: &'static str,
    detail: &'c str,
    unit: (usize, &'c str),
    text: &'c str,
    estimated: bool,
    note: &'c str,
}

impl Raw<'_> {
    /// What its cells mean: the country, tonnes per unit, the figure.
    fn read(&self, dataset: &Dataset) -> Result<(Resolved, Option<f64>, Number), Wrong> {
        let (at, country) = self.country;
        let resolved = dataset.resolve_name(country);
        let resolved = resolved.map_err(|error| Wrong::unknown(at, Reason::Country, "country", country, &error))?;
        let factor = tonnes(self.unit.1).map_err(|()| {
            let message = format!("`{}` is not a unit of this release", shown(self.unit.1));
            Wrong::new(self.unit.0, Reason::Unit, message)
        })?;
        Ok((
            resolved,
            factor,
            cells::number(self.text).map_err(Wrong::cell(self.at))?,
        ))
    }
}

/// The columns of figures: `PROD_2023`, `PROD_EST_ 2024`, `CAP_2023`, `RESERVES_2024`, each with the column of remarks
/// that follows.
fn figures(header: &Header) -> Vec<Figures> {
    let mut out: Vec<Figures> = Vec::new();
    for (at, name) in header.names().iter().enumerate() {
        let upper = name.to_uppercase();
        let measure = match upper.split('_').next().unwrap_or_default() {
            "PROD" => "production",
            "CAP" => "capacity",
            "RESERVES" | "RESERVE" => "reserves",
            _ => continue,
        };
        if upper.contains("NOTE") {
            let mine = out
                .iter_mut()
                .filter(|figures| figures.measure == measure && figures.note.is_none());
            mine.for_each(|figures| figures.note = Some(at));
        } else if let Ok(year) = cells::year(upper.rsplit(['_', ' ']).next().unwrap_or_default()) {
            out.push(Figures {
                at,
                year,
                measure,
                estimated: upper.contains("EST"),
                note: None,
            });
        }
    }
    out
}

/// Whether a remark stands for a figure: `Large`, `NA`, `Included in World total`.
fn says_something(note: &str) -> bool {
    let note = note.trim();
    matches!(
        note.to_lowercase().as_str(),
        "small"
            | "large"
            | "moderate"
            | "very small"
            | "moderate to large"
            | "na"
            | "xx"
            | "w for 23-24"
            | "included in world total"
    )
}

/// The material of a commodity. Clays, titanium and platinum-group metals are told apart by the detail.
fn material<'d>(commodity: &str, detail: &str, dataset: &'d Dataset) -> Option<&'d MaterialRow> {
    let commodity = commodity.trim();
    let bare = commodity.split('(').next().unwrap_or(commodity).trim();
    let detail = detail.to_lowercase();
    let special = match plain(bare).as_str() {
        "clays" if detail.contains("bentonite") => "Bentonite",
        "clays" if detail.contains("kaolin") => "Kaolin",
        "platinumgroupmetals" if detail.contains("palladium") => "Palladium",
        "platinumgroupmetals" if detail.contains("platinum") => "Platinum",
        "titaniummineralconcentrates" => "Titanium",
        "zirconiumandhafnium" | "zirconium" => "Zircon",
        "gemanium" => "Germanium",
        "ironore" if detail.contains("iron content") => "Iron",
        "ironore" => return None,
        "talcandpyrophyllite" | "talc" => "Talc, Steatite & Pyrophyllite",
        "feldsparandnephelinesyenite" => "Feldspar",
        "barite" => "Baryte",
        "gypsum" => "Gypsum and Anhydrite",
        "bauxiteandalumina" | "alumina" => "Bauxite",
        _ => bare,
    };
    dataset
        .resolve_material(special)
        .or_else(|_| dataset.resolve_material(commodity.trim_end_matches(',')))
        .ok()
}

/// The row of `production.parquet`, when the figure is the production that World Mining Data counts for the material.
fn production(mineral: &Mineral<'_>, material: &MaterialRow, dataset: &Dataset) -> Option<Vec<Value>> {
    if mineral.measure != "production" || !matches!(mineral.named, Named::Place(_) | Named::World | Named::Rest) {
        return None;
    }
    let detail = mineral.detail.to_lowercase();
    let mined = detail.contains("mine ") || detail.starts_with("mine");
    let processed = ["smelter", "refinery", "plant", "primary", "metal"]
        .iter()
        .any(|word| detail.contains(word));
    let fits = match material.production_stage {
        MaterialStage::Mine => mined || !processed,
        _ => processed || !mined,
    };
    let quantity = mineral.tonnes();
    // A bound or a word is no production; a mark for missing is, and is kept as missing.
    let known = quantity.is_some() || *mineral.number == Number::Missing;
    if !fits || !known || mineral.tonnes_per_unit.is_none() {
        return None;
    }
    let (iso3, code) = wmd::codes(mineral.named, dataset);
    let country = if *mineral.named == Named::World {
        wmd::TOTAL
    } else {
        mineral.country
    };
    Some(vec![
        Value::text(&material.production_table),
        Value::text(country),
        code,
        iso3,
        Value::from(mineral.year),
        Value::from(quantity),
        Value::text("metr. t"),
        Value::text(if mineral.estimated { "e" } else { "r" }),
        Value::text(Kind::Mcs.as_str()),
        Value::text(mineral.detail),
    ])
}

/// Puts the tables of several files together. Where a release has several figures for one material, country and year,
/// none of them is the production of the material.
pub fn finish(gathered: &mut Gathered) {
    let mut all = minerals::fresh();
    let mut production = wmd::fresh();
    for table in std::mem::take(&mut gathered.tables) {
        if table.file == PRODUCTION {
            production.rows.extend(table.rows);
        } else {
            all.rows.extend(table.rows);
        }
    }
    let key = |row: &Vec<Value>| {
        let text = |at: usize| row.get(at).map_or("", Value::as_str).to_owned();
        (text(0), text(3), row.get(4).and_then(Value::as_int))
    };
    let mut counts: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for row in &production.rows {
        let basis = row.get(9).map_or("", Value::as_str).to_owned();
        counts.entry(key(row)).or_default().insert(basis);
    }
    let several: BTreeSet<String> = counts
        .iter()
        .filter(|(_, bases)| bases.len() > 1)
        .map(|((material, _, _), _)| material.clone())
        .collect();
    production
        .rows
        .retain(|row| !row.first().is_some_and(|material| several.contains(material.as_str())));
    let mut seen = BTreeSet::new();
    production.rows.retain(|row| seen.insert(key(row)));
    if !several.is_empty() {
        let names: Vec<&str> = several.iter().map(String::as_str).collect();
        gathered.warnings.push(format!(
            "not in {PRODUCTION}, because the release has several figures for a country and year: {}; all are in {}",
            names.join(", "),
            crate::folder::MINERALS
        ));
    }
    gathered.years = by_year(&all.rows);
    gathered.products = distinct(&all.rows, 1);
    gathered.countries = distinct(&all.rows, 4);
    gathered.tables = vec![all, production];
}

fn by_year(rows: &[Vec<Value>]) -> Vec<crate::log::YearReport> {
    let mut years: BTreeMap<u16, crate::log::YearReport> = BTreeMap::new();
    for row in rows {
        let Some(year) = row
            .get(5)
            .and_then(Value::as_int)
            .and_then(|year| u16::try_from(year).ok())
        else {
            continue;
        };
        let report = years.entry(year).or_insert_with(|| crate::log::YearReport {
            year,
            ..Default::default()
        });
        report.rows += 1;
        report.missing += u64::from(row.get(10).is_none_or(|value| *value == Value::Null));
    }
    years.into_values().collect()
}

/// Leaves the years and materials of `production.parquet` that World Mining Data has to it.
pub fn give_way(into: &Path, gathered: &mut Gathered, report: &mut Report) -> Result<()> {
    let old = from_parquet(&into.join(PRODUCTION), wmd::SHAPE)?.unwrap_or_default();
    let key = |row: &Vec<Value>| {
        (
            row.first().map_or("", Value::as_str).to_owned(),
            row.get(4).and_then(Value::as_int),
        )
    };
    let theirs = old
        .iter()
        .filter(|row| row.get(8).is_some_and(|source| source.as_str() == Kind::Wmd.as_str()));
    let taken: BTreeSet<_> = theirs.map(key).collect();
    for table in gathered.tables.iter_mut().filter(|table| table.file == PRODUCTION) {
        let before = table.rows.len();
        table.rows.retain(|row| !taken.contains(&key(row)));
        let left = before - table.rows.len();
        if left > 0 {
            report.warnings.push(format!(
                "{PRODUCTION} keeps World Mining Data where it has it: {left} figures of USGS are in {} only",
                crate::folder::MINERALS
            ));
        }
    }
    Ok(())
}
