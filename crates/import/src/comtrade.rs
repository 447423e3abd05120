//! Exports of UN Comtrade: the present and the older layout, CSV and JSON, both flows.

mod json;

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::{Dataset, Named, PlaceId};

use crate::cells;
use crate::columns::{Holds, Shape, Value};
use crate::error::{ImportError, Result};
use crate::folder::{COMTRADE, TRADE};
use crate::grid::{Grid, Header, grids};
use crate::kind::Kind;
use crate::log::{Log, Reason, Wrong, shown};
use crate::run::{Gathered, Options};
use crate::store::Fresh;
use crate::trade::{self, TradeRow};

/// The columns of `comtrade.parquet`.
pub const SHAPE: Shape = &[
    ("year", Holds::Int),
    ("flow", Holds::Text),
    ("reporter", Holds::Text),
    ("partner", Holds::Text),
    ("exporter_code", Holds::Int),
    ("importer_code", Holds::Int),
    ("k", Holds::Int),
    ("classification", Holds::Text),
    ("value_kusd", Holds::Float),
    ("valuation", Holds::Text),
    ("net_weight_t", Holds::Float),
    ("quantity", Holds::Float),
    ("quantity_unit", Holds::Text),
    ("estimated", Holds::Int),
    ("aggregate", Holds::Int),
];

fn fresh() -> Fresh {
    Fresh {
        file: COMTRADE,
        shape: SHAPE,
        scope: &[0, 1, 2, 6],
        order: &[0, 6, 1, 2, 3],
        rows: Vec::new(),
    }
}

/// The headings of both layouts and of the two JSON interfaces, by what they mean.
struct Columns {
    year: usize,
    period: Option<usize>,
    frequency: Option<usize>,
    flow: usize,
    reporter: Vec<usize>,
    partner: Vec<usize>,
    product: usize,
    classification: Option<usize>,
    value: usize,
    cif: Option<usize>,
    net_weight: Option<usize>,
    quantity: Option<usize>,
    unit: Option<usize>,
    unit_name: Option<usize>,
    /// Columns that are at their total in the usual export, with the words for the total.
    breakdowns: Vec<(usize, &'static [&'static str])>,
    estimated: Vec<usize>,
    aggregate: Option<usize>,
}

impl Columns {
    fn of(header: &Header, file: &str) -> Result<Self> {
        let hint = Kind::Comtrade.layout();
        let need = |what: &str, names: &[&str]| header.need(file, what, names, hint);
        let all = |names: &[&str]| {
            names
                .iter()
                .filter_map(|name| header.find(&[name]))
                .collect::<Vec<usize>>()
        };
        let breakdown = |names: &[&str], totals: &'static [&'static str]| header.find(names).map(|at| (at, totals));
        let reporter = all(&[
            "reporterCode",
            "Reporter Code",
            "rtCode",
            "reporterISO",
            "Reporter ISO",
            "rt3ISO",
            "reporterDesc",
            "Reporter",
        ]);
        let partner = all(&[
            "partnerCode",
            "Partner Code",
            "ptCode",
            "partnerISO",
            "Partner ISO",
            "pt3ISO",
            "partnerDesc",
            "Partner",
        ]);
        if reporter.is_empty() {
            need("the reporter", &["reporterCode", "Reporter Code", "Reporter"])?;
        }
        if partner.is_empty() {
            need("the partner", &["partnerCode", "Partner Code", "Partner"])?;
        }
        Ok(Self {
            year: need("the year", &["refYear", "Year", "yr", "period"])?,
            period: header.find(&["period", "Period"]),
            frequency: header.find(&["freqCode"]),
            flow: need(
                "the flow",
                &[
                    "flowCode",
                    "Trade Flow Code",
                    "TradeFlow Code",
                    "rgCode",
                    "flowDesc",
                    "Trade Flow",
                    "rgDesc",
                ],
            )?,
            reporter,
            partner,
            product: need("the product", &["cmdCode", "Commodity Code"])?,
            classification: header.find(&["classificationCode", "Classification", "pfCode"]),
            value: need(
                "the value",
                &["primaryValue", "Trade Value (US$)", "TradeValue", "TradeValueUS"],
            )?,
            cif: header.find(&["cifvalue", "CIF Trade Value (US$)", "CIFValue"]),
            net_weight: header.find(&["netWgt", "Netweight (kg)", "NetWeight", "Netweightkg"]),
            quantity: header.find(&["qty", "TradeQuantity"]),
            unit: header.find(&["qtyUnitCode", "Qty Unit Code", "qtCode"]),
            unit_name: header.find(&["qtyUnitAbbr", "Qty Unit", "qtDesc"]),
            breakdowns: [
                breakdown(&["partner2Code", "2nd Partner Code", "ptCode2"], &["0"]),
                breakdown(&["customsCode", "Customs Proc. Code"], &["c00", "0"]),
                breakdown(&["motCode", "Mode of Transport Code"], &["0"]),
            ]
            .into_iter()
            .flatten()
            .collect(),
            estimated: all(&[
                "isNetWgtEstimated",
                "isQtyEstimated",
                "legacyEstimationFlag",
                "Flag",
                "estCode",
            ]),
            aggregate: header.find(&["isAggregate"]),
        })
    }
}

/// Reads a file.
pub fn read(
    bytes: &[u8],
    dataset: &Dataset,
    options: &Options,
    codes: Option<&BTreeSet<u32>>,
    log: &mut Log,
    out: &mut Gathered,
) -> Result<()> {
    let grid = match json::grid(bytes, &log.file)? {
        Some(grid) => grid,
        None => grids(&log.file, bytes)?.into_iter().next().unwrap_or_default(),
    };
    log.encoding = grid.encoding;
    let Some((_, headings)) = grid.rows.first() else {
        return Err(ImportError::layout(
            &log.file,
            "the file is empty",
            Kind::Comtrade.layout(),
        ));
    };
    let header = Header::new(headings);
    let columns = Columns::of(&header, &log.file)?;
    let mut table = fresh();
    let mut reader = Reader {
        dataset,
        options,
        codes,
        header: &header,
        columns,
        seen: BTreeMap::new(),
    };
    for (line, cells) in body(&grid) {
        log.read += 1;
        match reader.row(line, cells, log) {
            Ok(Some(row)) => {
                log.kept += 1;
                table.rows.push(row);
            }
            Ok(None) => {}
            Err(wrong) => log.wrong(line, &header, cells, wrong),
        }
    }
    out.tables.push(table);
    Ok(())
}

fn body(grid: &Grid) -> impl Iterator<Item = (u64, &Vec<String>)> {
    grid.rows.iter().skip(1).map(|(line, cells)| (*line, cells))
}

struct Reader<'a> {
    dataset: &'a Dataset,
    options: &'a Options,
    codes: Option<&'a BTreeSet<u32>>,
    header: &'a Header,
    columns: Columns,
    seen: BTreeMap<(u16, bool, PlaceId, PlaceId, u32), u64>,
}

impl Reader<'_> {
    /// The row of the table; none when it is left out on purpose.
    fn row(&mut self, line: u64, cells: &[String], log: &mut Log) -> Result<Option<Vec<Value>>, Wrong> {
        let c = &self.columns;
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        if cells.len() < self.header.width() {
            let message = format!(
                "the line has {} columns instead of {}",
                cells.len(),
                self.header.width()
            );
            return Err(Wrong::row(Reason::Columns, message)
                .hint("a line that was cut off, or a text with a comma and no quotes"));
        }
        let mut leave = |why: &'static str| {
            log.leave_out(why);
            Ok(None)
        };
        if c.frequency.is_some_and(|at| cell(at).eq_ignore_ascii_case("M"))
            || c.period.is_some_and(|at| cell(at).len() > 4)
        {
            return leave("months (export annual data)");
        }
        let Some(imports) = imports(cell(c.flow)) else {
            return match cell(c.flow).to_lowercase().as_str() {
                "" => Err(Wrong::new(c.flow, Reason::Empty, "there is no flow".to_owned())),
                "3" | "4" | "rx" | "rm" | "re-export" | "re-import" | "re-exports" | "re-imports" => {
                    leave("re-exports and re-imports")
                }
                _ => leave("other flows"),
            };
        };
        if c.breakdowns
            .iter()
            .any(|(at, totals)| !cell(*at).is_empty() && !totals.contains(&cell(*at).to_lowercase().as_str()))
        {
            return leave("breakdowns by second partner, customs procedure or transport");
        }
        let product = cell(c.product);
        if product.len() != 6 || !product.bytes().all(|byte| byte.is_ascii_digit()) {
            if product.eq_ignore_ascii_case("total")
                || (product.len() < 5 && product.bytes().all(|byte| byte.is_ascii_digit()))
            {
                return leave("product groups");
            }
            let message = format!("`{}` is not a product code of six digits", shown(product));
            return Err(Wrong::new(c.product, Reason::Code, message));
        }
        let product: u32 = product.parse().unwrap_or_default();
        if self.codes.is_some_and(|codes| !codes.contains(&product)) {
            return leave("other products");
        }
        let year = cells::year(cell(c.year)).map_err(Wrong::cell(c.year))?;
        if self
            .options
            .years
            .is_some_and(|(first, last)| !(first..=last).contains(&year))
        {
            return leave("other years");
        }
        let reporter = self.named(&c.reporter, cells)?;
        let partner = self.named(&c.partner, cells)?;
        let (reporter, partner) = match (reporter, partner) {
            (Named::Place(reporter), Named::Place(partner)) => (reporter, partner),
            (Named::Place(_), Named::World) => return leave("partner World, which is the sum of the others"),
            (Named::Place(_), _) => return leave("partners that are no one country (areas not specified, free zones)"),
            _ => return leave("reporters that are no one country"),
        };
        let Some(value) = cells::amount(cell(c.value)).map_err(Wrong::cell(c.value))? else {
            return Err(Wrong::new(c.value, Reason::Empty, "there is no value".to_owned()));
        };
        let row =
            Amounts::of(c, cells, value)?.row(year, imports, &reporter, &partner, product, c, cells, self.dataset);
        let key = (year, imports, reporter, partner, product);
        if let Some(first) = self.seen.get(&key) {
            let message = format!("the same year, flow, reporter, partner and product as line {first}");
            return Err(Wrong::row(Reason::Duplicate, message).hint("export totals, without breakdowns"));
        }
        self.seen.insert(key, line);
        Ok(Some(row))
    }

    /// What a country is, by code, by ISO code, or by name: the first that is known.
    fn named(&self, columns: &[usize], cells: &[String]) -> Result<Named, Wrong> {
        let mut first = None;
        for at in columns {
            let text = cells.get(*at).map_or("", String::as_str);
            // Comtrade's own ISO codes of groups begin with a letter and have digits: `W00`, `X1`, `_X`.
            if text.is_empty() {
                continue;
            }
            match self.dataset.resolve_name(text) {
                Ok(resolved) => return Ok(resolved.named),
                Err(error) => first = first.or(Some((*at, text, error))),
            }
        }
        let Some((at, text, error)) = first else {
            let at = columns.first().copied().unwrap_or_default();
            return Err(Wrong::new(at, Reason::Empty, "there is no country".to_owned()));
        };
        Err(Wrong::unknown(at, Reason::Country, "country", text, &error))
    }
}

/// Whether a flow is imports; none for what is neither imports nor exports.
fn imports(flow: &str) -> Option<bool> {
    match flow.to_lowercase().as_str() {
        "m" | "1" | "import" | "imports" => Some(true),
        "x" | "2" | "export" | "exports" => Some(false),
        _ => None,
    }
}

/// The figures of a row in our units.
struct Amounts {
    value_kusd: f64,
    cif: bool,
    tonnes: Option<f64>,
    quantity: Option<f64>,
    unit: String,
}

impl Amounts {
    fn of(c: &Columns, cells: &[String], value: f64) -> Result<Self, Wrong> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let amount = |at: Option<usize>| match at {
            Some(at) => cells::amount(cell(at)).map_err(Wrong::cell(at)),
            None => Ok(None),
        };
        // Comtrade writes 0 where a weight or quantity was not reported.
        let known = |amount: Option<f64>| amount.filter(|amount| *amount > 0.0);
        let quantity = known(amount(c.quantity)?);
        let code = c.unit.map_or("", cell);
        let name = c.unit_name.map_or("", cell).to_lowercase();
        let kilograms = match known(amount(c.net_weight)?) {
            Some(weight) => Some(weight),
            None if code == "8" || name == "kg" || name.starts_with("weight in kilograms") => quantity,
            // Carats: a fifth of a gram.
            None if code == "13" || name == "carat" => quantity.map(|carats| carats * 2e-4),
            None => None,
        };
        let cif = amount(c.cif)?.is_some_and(|cif| cif > 0.0);
        let unit = if name.is_empty() { code.to_owned() } else { name };
        Ok(Self {
            value_kusd: value / 1000.0,
            cif,
            tonnes: kilograms.map(|kilograms| kilograms / 1000.0),
            quantity,
            unit,
        })
    }

    #[allow(clippy::too_many_arguments)] // what identifies a flow, and where it came from
    fn row(
        self,
        year: u16,
        imports: bool,
        reporter: &PlaceId,
        partner: &PlaceId,
        product: u32,
        c: &Columns,
        cells: &[String],
        dataset: &Dataset,
    ) -> Vec<Value> {
        let yes = |at: &usize| {
            let text = cells.get(*at).map_or("", String::as_str).to_lowercase();
            !matches!(text.as_str(), "" | "0" | "false" | "none")
        };
        let code = |place: &PlaceId| {
            dataset
                .place(place)
                .and_then(|place| place.baci_code)
                .map_or(Value::Null, Value::from)
        };
        let (exporter, importer) = if imports {
            (partner, reporter)
        } else {
            (reporter, partner)
        };
        // Imports are valued with insurance and freight, exports without, unless a country says otherwise.
        let valuation = if imports {
            if self.cif || c.cif.is_none() { "CIF" } else { "FOB" }
        } else {
            "FOB"
        };
        vec![
            Value::from(year),
            Value::text(if imports { "imports" } else { "exports" }),
            Value::text(reporter.as_str()),
            Value::text(partner.as_str()),
            code(exporter),
            code(importer),
            Value::Int(i32::try_from(product).unwrap_or_default()),
            Value::or_null(c.classification.and_then(|at| cells.get(at)).map_or("", String::as_str)),
            Value::Float(self.value_kusd),
            Value::text(valuation),
            Value::from(self.tonnes),
            Value::from(self.quantity),
            Value::or_null(&self.unit),
            Value::Int(i32::from(c.estimated.iter().any(yes))),
            Value::Int(i32::from(c.aggregate.is_some_and(|at| yes(&at)))),
        ]
    }
}

/// Puts the tables of several files together, and makes the rows of `trade.parquet`: what importers report, and what
/// exporters report where the importer does not.
pub fn finish(gathered: &mut Gathered) {
    let mut whole = fresh();
    whole.rows = std::mem::take(&mut gathered.tables)
        .into_iter()
        .flat_map(|table| table.rows)
        .collect();
    let mut flows: BTreeMap<(u16, u32, u16, u16), (bool, TradeRow)> = BTreeMap::new();
    let (mut uncoded, mut aggregates, mut estimated) = (0_u64, 0_u64, 0_u64);
    let mut classes: BTreeSet<String> = BTreeSet::new();
    for row in &whole.rows {
        let int = |at: usize| row.get(at).and_then(Value::as_int);
        estimated += u64::from(int(13) == Some(1));
        aggregates += u64::from(int(14) == Some(1));
        classes.insert(row.get(7).map_or("", Value::as_str).to_owned());
        let codes = int(0).zip(int(4)).zip(int(5)).zip(int(6));
        let Some((((year, exporter), importer), product)) = codes else {
            uncoded += 1;
            continue;
        };
        let short = |value: i32| u16::try_from(value).unwrap_or_default();
        let imports = row.get(1).is_some_and(|flow| flow.as_str() == "imports");
        let flow = TradeRow {
            year: short(year),
            exporter: short(exporter),
            importer: short(importer),
            file: 0,
            product: u32::try_from(product).unwrap_or_default(),
            line: 0,
            value_kusd: row.get(8).and_then(Value::as_f64).unwrap_or_default(),
            quantity_t: row.get(10).and_then(Value::as_f64).unwrap_or(f64::NAN),
        };
        let entry = flows
            .entry((flow.year, flow.product, flow.exporter, flow.importer))
            .or_insert((imports, flow));
        if imports && !entry.0 {
            *entry = (imports, flow);
        }
    }
    let mirrored = flows.values().filter(|(imports, _)| !imports).count();
    let warnings = &mut gathered.warnings;
    if mirrored > 0 && mirrored < flows.len() {
        warnings.push(format!("{mirrored} of {} flows in {TRADE} are what exporters report (FOB), because the importer's report is not in the files; the others are what importers report (mostly CIF)", flows.len()));
    } else if mirrored > 0 {
        warnings.push(format!("all flows in {TRADE} are what exporters report (FOB)"));
    }
    if uncoded > 0 {
        warnings.push(format!(
            "{uncoded} rows are of places without a BACI code; they are in {COMTRADE} only"
        ));
    }
    if estimated > 0 {
        warnings.push(format!(
            "{estimated} rows have a weight or quantity that UN Comtrade estimated"
        ));
    }
    if aggregates > 0 {
        warnings.push(format!(
            "{aggregates} rows are aggregates that UN Comtrade made from finer codes"
        ));
    }
    let other: Vec<&str> = classes
        .iter()
        .map(String::as_str)
        .filter(|class| !matches!(*class, "" | "H0" | "HS" | "HS1992"))
        .collect();
    if !other.is_empty() {
        warnings.push(format!(
            "the product codes are of {}; the headings of materials are those of HS 1992 (H0), and some differ",
            other.join(", ")
        ));
    }
    gathered.trade = flows.into_values().map(|(_, flow)| flow).collect();
    gathered.years = trade::by_year(&gathered.trade);
    (gathered.products, gathered.countries) = trade::breadth(&gathered.trade);
    gathered.warnings.extend(trade::unit_warning(&gathered.trade));
    gathered.tables = vec![whole];
}
