//! A company's own table: what it bought, where it came from, how much, when and at what value.

use std::collections::HashMap;

use monazite_evidence::{Dataset, Named, PlaceId};

use crate::cells;
use crate::columns::{Holds, Shape, Value};
use crate::error::Result;
use crate::folder::COMPANY;
use crate::grid::{Grid, Header};
use crate::kind::Kind;
use crate::log::{Log, Reason, Wrong, YearReport, shown};
use crate::run::{Gathered, distinct};
use crate::store::Fresh;

/// The columns of `company.parquet`.
pub const SHAPE: Shape = &[
    ("material", Holds::Text),
    ("origin", Holds::Text),
    ("baci_code", Holds::Int),
    ("year", Holds::Int),
    ("quantity_t", Holds::Float),
    ("value_kusd", Holds::Float),
    ("note", Holds::Text),
];

const MATERIAL: &[&str] = &["material", "metal", "raw material", "commodity", "element", "product"];
const ORIGIN: &[&str] = &[
    "origin",
    "country of origin",
    "country",
    "supplier country",
    "source country",
];
const QUANTITY: &[&str] = &["quantity", "amount", "mass", "weight", "volume"];
const VALUE: &[&str] = &["value", "cost", "spend", "price paid", "total value"];
const YEAR: &[&str] = &["year", "calendar year", "reference year"];
const NOTE: &[&str] = &["note", "notes", "remark", "comment"];

/// Tonnes in one of a unit of mass.
fn tonnes(unit: &str) -> Option<f64> {
    Some(match crate::grid::plain(unit).as_str() {
        "t" | "tonne" | "tonnes" | "mt" | "metricton" | "metrictons" | "metrt" | "tons" | "ton" => 1.0,
        "kg" | "kilogram" | "kilograms" | "kilo" | "kgs" => 1e-3,
        "g" | "gram" | "grams" => 1e-6,
        "kt" | "thousandtonnes" | "thousandmetrictons" | "1000t" => 1e3,
        "lb" | "lbs" | "pound" | "pounds" => 4.535_923_7e-4,
        _ => return None,
    })
}

/// Thousand dollars in one of a unit of money. Other currencies are not converted: which rate of which day is the
/// company's to say.
fn thousand_usd(unit: &str) -> Option<f64> {
    Some(match crate::grid::plain(unit).as_str() {
        "usd" | "us" | "dollar" | "dollars" | "usdollars" | "" => 1e-3,
        "kusd" | "thousandusd" | "1000usd" | "usdthousand" => 1.0,
        "musd" | "millionusd" | "usdmillion" => 1e3,
        _ => return None,
    })
}

/// A column of numbers, with its unit when the heading has it: `Quantity (kg)`, `value_usd`.
struct Measure {
    at: usize,
    unit: Option<String>,
    unit_column: Option<usize>,
}

impl Measure {
    fn find(header: &Header, names: &[&str]) -> Option<Self> {
        for name in names {
            for (at, heading) in header.names().iter().enumerate() {
                let lower = heading.to_lowercase();
                let Some(rest) = lower.trim().strip_prefix(name) else {
                    continue;
                };
                let unit: String = rest.trim_matches(|c: char| !c.is_alphanumeric() && c != '$').to_owned();
                // `quantity unit` is the column of the unit.
                if unit.starts_with("unit") || (!rest.is_empty() && rest.starts_with(char::is_alphanumeric)) {
                    continue;
                }
                let unit = if unit.contains('$') { "usd".to_owned() } else { unit };
                let unit_column = header.find(&[
                    &format!("{name} unit"),
                    &format!("unit of {name}"),
                    &format!("{name} currency"),
                ]);
                return Some(Self {
                    at,
                    unit: Some(unit).filter(|unit| !unit.is_empty()),
                    unit_column,
                });
            }
        }
        None
    }
}

/// Reads a table.
pub fn read(grids: &[Grid], dataset: &Dataset, years: Option<(u16, u16)>, log: &mut Log) -> Result<Fresh> {
    let mut fresh = Fresh {
        file: COMPANY,
        shape: SHAPE,
        scope: &[],
        order: &[0, 3, 1],
        rows: Vec::new(),
    };
    let hint = Kind::Company.layout();
    // A workbook may have sheets of explanations; the table is where its headings are.
    let found = grids.iter().find_map(|grid| {
        let at = grid.rows.iter().take(20).position(|(_, cells)| {
            let header = Header::new(cells);
            header.find(MATERIAL).is_some() && header.find(ORIGIN).is_some()
        })?;
        Some((grid, at))
    });
    let first = grids
        .first()
        .and_then(|grid| grid.rows.first())
        .map_or_else(|| Header::new(&[]), |(_, cells)| Header::new(cells));
    let Some((grid, at)) = found else {
        first.need(&log.file, "the material", MATERIAL, hint)?;
        first.need(&log.file, "the country of origin", ORIGIN, hint)?;
        return Ok(fresh);
    };
    log.encoding = grid.encoding;
    let header = grid
        .rows
        .get(at)
        .map_or_else(|| Header::new(&[]), |(_, cells)| Header::new(cells));
    let columns = Columns::of(&header, &log.file)?;
    if columns.value.is_none() {
        log.warn("the table has no values: scores need none, prices and characterisation factors do");
    }
    if columns
        .value
        .as_ref()
        .is_some_and(|value| value.unit.is_none() && value.unit_column.or(columns.currency).is_none())
    {
        log.warn("the values have no currency; they are taken for US dollars");
    }
    let mut seen: HashMap<&[String], u64> = HashMap::new();
    for (line, cells) in grid.rows.iter().skip(at + 1) {
        log.read += 1;
        if let Some(first) = seen.get(cells.as_slice()) {
            let problem = log
                .at(*line, format!("the same as line {first}"))
                .hint("tell them apart by a note when both are meant");
            log.bad(Reason::Duplicate, problem, cells.join(","));
            continue;
        }
        seen.insert(cells, *line);
        let year = cells.get(columns.year).and_then(|cell| cells::year(cell).ok());
        if let (Some((first, last)), Some(year)) = (years, year)
            && !(first..=last).contains(&year)
        {
            log.leave_out("other years");
            continue;
        }
        match columns.row(cells, dataset) {
            Ok(row) => {
                log.kept += 1;
                if is_rare_earth(cells.get(columns.material).map_or("", String::as_str), dataset) {
                    log.warn(
                        "single rare earths are counted as `Rare earths`: customs headings do not tell them apart",
                    );
                }
                fresh.rows.push(row);
            }
            Err(wrong) => log.wrong(*line, &header, cells, wrong),
        }
    }
    Ok(fresh)
}

struct Columns {
    material: usize,
    origin: usize,
    year: usize,
    quantity: Measure,
    value: Option<Measure>,
    unit: Option<usize>,
    currency: Option<usize>,
    note: Option<usize>,
}

impl Columns {
    fn of(header: &Header, file: &str) -> Result<Self> {
        let hint = Kind::Company.layout();
        let need = |what: &str, names: &[&str]| header.need(file, what, names, hint);
        let quantity = match Measure::find(header, QUANTITY) {
            Some(quantity) => quantity,
            None => Measure {
                at: need("the quantity", QUANTITY)?,
                unit: None,
                unit_column: None,
            },
        };
        Ok(Self {
            material: need("the material", MATERIAL)?,
            origin: need("the country of origin", ORIGIN)?,
            year: need("the year", YEAR)?,
            quantity,
            value: Measure::find(header, VALUE),
            unit: header.find(&["unit", "quantity unit", "unit of quantity"]),
            currency: header.find(&["currency", "value unit", "value currency"]),
            note: header.find(NOTE),
        })
    }

    fn row(&self, cells: &[String], dataset: &Dataset) -> Result<Vec<Value>, Wrong> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let origin = self.origin(cell(self.origin), dataset)?;
        Ok(vec![
            Value::text(self.material(cell(self.material), dataset)?),
            Value::text(origin.as_str()),
            dataset
                .place(&origin)
                .and_then(|place| place.baci_code)
                .map_or(Value::Null, Value::from),
            Value::from(cells::year(cell(self.year)).map_err(Wrong::cell(self.year))?),
            Value::Float(self.tonnes(cells)?),
            Value::from(self.thousand_usd(cells)?),
            Value::or_null(self.note.map_or("", cell)),
        ])
    }

    fn material(&self, text: &str, dataset: &Dataset) -> Result<String, Wrong> {
        if text.is_empty() {
            return Err(Wrong::new(
                self.material,
                Reason::Empty,
                "no material is named".to_owned(),
            ));
        }
        let found = dataset.resolve_material(text);
        let found = found.or_else(|error| {
            if is_rare_earth(text, dataset) {
                dataset.resolve_material(RARE_EARTHS)
            } else {
                Err(error)
            }
        });
        found.map(|row| row.material.as_str().to_owned()).map_err(|error| {
            Wrong::unknown(self.material, Reason::Material, "material", text, &error)
                .hint("`monazite data show materials --limit 0` lists them")
        })
    }

    fn origin(&self, text: &str, dataset: &Dataset) -> Result<PlaceId, Wrong> {
        match dataset.resolve_name(text).map(|resolved| resolved.named) {
            Ok(Named::Place(place)) => Ok(place),
            Ok(_) => {
                let message = format!("`{}` is not one country", shown(text));
                Err(Wrong::new(self.origin, Reason::Country, message).hint("a row has one country of origin"))
            }
            Err(error) => Err(Wrong::unknown(self.origin, Reason::Country, "country", text, &error)),
        }
    }

    fn tonnes(&self, cells: &[String]) -> Result<f64, Wrong> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let (at, unit_cell) = (self.quantity.at, self.quantity.unit_column.or(self.unit));
        let unit = unit_cell
            .map(cell)
            .filter(|unit| !unit.is_empty())
            .or(self.quantity.unit.as_deref());
        let Some(unit) = unit else {
            return Err(Wrong::new(at, Reason::Unit, "the quantity has no unit".to_owned())
                .hint("write it in the heading, `Quantity (kg)`, or in a column `unit`"));
        };
        let Some(factor) = tonnes(unit) else {
            let message = format!("`{}` is not a unit of mass that is known", shown(unit));
            return Err(Wrong::new(unit_cell.unwrap_or(at), Reason::Unit, message).hint("use t, kg, g, kt or lb"));
        };
        match cells::amount(cell(at)).map_err(Wrong::cell(at))? {
            Some(quantity) => Ok(quantity * factor),
            None => Err(Wrong::new(at, Reason::Empty, "there is no quantity".to_owned())),
        }
    }

    fn thousand_usd(&self, cells: &[String]) -> Result<Option<f64>, Wrong> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let Some(measure) = &self.value else { return Ok(None) };
        let unit_cell = measure.unit_column.or(self.currency);
        let unit = unit_cell.map(cell).filter(|unit| !unit.is_empty());
        let unit = unit.or(measure.unit.as_deref()).unwrap_or_default();
        let amount = cells::amount(cell(measure.at)).map_err(Wrong::cell(measure.at))?;
        let Some(factor) = thousand_usd(unit) else {
            let message = format!("`{}` is not a currency that is known", shown(unit));
            return Err(Wrong::new(unit_cell.unwrap_or(measure.at), Reason::Unit, message)
                .hint("use USD; other currencies are yours to convert"));
        };
        Ok(amount.map(|amount| amount * factor))
    }
}

/// The material that single rare earths belong to: customs headings do not tell them apart.
const RARE_EARTHS: &str = "Rare earths";

/// Whether a name is that of one rare earth, or of its oxide or metal: `Nd`, `neodymium oxide`, `NdPr oxide`.
fn is_rare_earth(text: &str, dataset: &Dataset) -> bool {
    let lower = text.trim().to_lowercase();
    let bare = ["oxide", "metal", "carbonate", "chloride", "compounds"]
        .iter()
        .find_map(|form| lower.strip_suffix(form));
    let bare = bare.unwrap_or(&lower).trim();
    let known = |name: &str, symbol: &str| name.eq_ignore_ascii_case(bare) || symbol.eq_ignore_ascii_case(bare);
    matches!(bare, "ndpr" | "didymium" | "treo" | "reo")
        || dataset
            .elements
            .iter()
            .any(|row| known(&row.name, row.element.symbol()) || row.oxide.eq_ignore_ascii_case(bare))
}

/// Puts the rows of several files into one table.
pub fn finish(gathered: &mut Gathered) {
    let mut tables = std::mem::take(&mut gathered.tables).into_iter();
    let Some(mut whole) = tables.next() else { return };
    whole.rows.extend(tables.flat_map(|table| table.rows));
    gathered.years = by_year(&whole.rows);
    gathered.products = distinct(&whole.rows, 0);
    gathered.countries = distinct(&whole.rows, 1);
    gathered.tables = vec![whole];
}

/// What was kept, by year.
fn by_year(rows: &[Vec<Value>]) -> Vec<YearReport> {
    let mut years: std::collections::BTreeMap<u16, YearReport> = std::collections::BTreeMap::new();
    for row in rows {
        let Some(year) = row
            .get(3)
            .and_then(Value::as_int)
            .and_then(|year| u16::try_from(year).ok())
        else {
            continue;
        };
        let report = years.entry(year).or_insert_with(|| YearReport {
            year,
            value_kusd: Some(0.0),
            quantity_t: Some(0.0),
            ..YearReport::default()
        });
        report.rows += 1;
        let add = |sum: &mut Option<f64>, at: usize| {
            *sum = sum.map(|sum| sum + row.get(at).and_then(Value::as_f64).unwrap_or(0.0));
        };
        add(&mut report.quantity_t, 4);
        add(&mut report.value_kusd, 5);
        report.missing += u64::from(row.get(5).is_none_or(|value| *value == Value::Null));
    }
    years.into_values().collect()
}
