//! The user's own inputs of the method, from CSV files of three layouts, told apart by their columns.
//!
//! *Summary*: a row per material (`material`, `hhi_global`, `hhi_union`, `import_reliance`, `eol_rir`,
//! `substitution_sr`, `substitution_ei`, `supply_used`, `stage`). *Supply*: a row per country (`material`, `scope`,
//! `country`, `share`, `t`, `stage`, `governance`). *Uses*: a row per use (`material`, `application`, `share`,
//! `value_added`). The column heads of the published tables are understood as well, and so are percentages, where the
//! head says so.

use std::collections::BTreeMap;
use std::path::Path;

use monazite_evidence::table::{AssessmentStage, SupplyScope, SupplyUsed};
use monazite_evidence::{EvidenceError, Problem, Problems};

use super::formula::Band;

/// One figure as written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// With the lowest and highest that its digits allow.
    pub band: Band,
}

/// Summary inputs of one material.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// The stage, where the table has it.
    pub stage: Option<AssessmentStage>,
    /// Which supply counts.
    pub used: Option<SupplyUsed>,
    /// By the name of the input: `hhi_global`, `eol_rir`.
    pub figures: BTreeMap<&'static str, Figure>,
}

/// One country's share of supply.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The stage; processing where the table has none.
    pub stage: AssessmentStage,
    /// Of the world, or of the Union.
    pub scope: SupplyScope,
    /// The country as written.
    pub country: String,
    /// Fraction of supply.
    pub share: f64,
    /// Trade parameter; none where the table has none.
    pub trade_parameter: Option<f64>,
    /// Governance from 0 to 10; none where the table has none.
    pub governance: Option<f64>,
}

/// One use.
#[derive(Clone, Debug, PartialEq)]
pub struct UseRow {
    /// Application and sector.
    pub what: String,
    /// Fraction of use.
    pub share: f64,
    /// Value added, million EUR.
    pub value_added: Option<f64>,
}

/// Inputs by material, in the order of first mention.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Materials as written.
    pub materials: Vec<String>,
    /// Summary inputs.
    pub summaries: BTreeMap<String, Vec<Summary>>,
    /// Shares of supply.
    pub shares: BTreeMap<String, Vec<Share>>,
    /// Uses.
    pub uses: BTreeMap<String, Vec<UseRow>>,
    /// Value added of the largest sector, where a table has it, million EUR.
    pub largest_sector: Option<f64>,
}

/// Inputs with their other heads, and whether the head means percent.
const FIGURES: [(&str, &[&str]); 6] = [
    (
        "hhi_global",
        &["hhiwgitgs", "hhiwgits", "hhigs", "hhiglobal", "hhiwgitglobal"],
    ),
    ("hhi_union", &["hhiwgiteu", "hhiwgiteus", "hhieu", "hhieus", "hhiunion"]),
    (
        "import_reliance",
        &["ir", "irpct", "importreliance", "importreliancepct", "nir"],
    ),
    ("eol_rir", &["eolrir", "eolrirpct", "recyclinginputrate"]),
    ("substitution_sr", &["sisr", "substitutionsr"]),
    ("substitution_ei", &["siei", "substitutionei"]),
];

/// Letters and digits of a head, small.
fn fold(head: &str) -> String {
    head.chars()
        .filter(char::is_ascii_alphanumeric)
        .flat_map(char::to_lowercase)
        .collect()
}

/// A file with its columns by folded head.
struct Sheet {
    file: String,
    heads: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    problems: Problems,
}

impl Sheet {
    fn read(path: &Path) -> Result<Self, EvidenceError> {
        let io = |source| EvidenceError::Io {
            path: path.to_owned(),
            source,
        };
        let bytes = std::fs::read(path).map_err(io)?;
        let file = path.display().to_string();
        let mut problems = Problems::default();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
        let heads = match reader.headers() {
            Ok(heads) => heads.iter().map(fold).collect(),
            Err(error) => {
                problems.push(Problem::error(&file, format!("cannot be read: {error}")));
                Vec::new()
            }
        };
        let mut rows = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = record.position().map_or(0, csv::Position::line);
                    rows.push((line, record.iter().map(str::to_owned).collect()));
                }
                Err(error) => problems.push(Problem::error(&file, format!("cannot be read: {error}"))),
            }
        }
        Ok(Self {
            file,
            heads,
            rows,
            problems,
        })
    }

    fn column(&self, heads: &[&str]) -> Option<usize> {
        heads
            .iter()
            .find_map(|head| self.heads.iter().position(|own| own == head))
    }

    fn cell(row: &[String], column: Option<usize>) -> &str {
        let cell = column.and_then(|at| row.get(at)).map_or("", String::as_str);
        if matches!(cell, "N/A" | "n/a" | "NA" | "-" | "–") {
            ""
        } else {
            cell
        }
    }

    fn fault(&mut self, line: u64, column: &str, message: &str, hint: &str) {
        let problem = Problem::error(&self.file, format!("column `{column}`: {message}"));
        self.problems.push(problem.line(line).hint(hint));
    }

    /// A number within limits; none for an empty cell or a wrong one, which is noted.
    fn number(&mut self, line: u64, name: &str, cell: &str, least: f64, most: f64) -> Option<f64> {
        if cell.is_empty() {
            return None;
        }
        match cell.parse::<f64>() {
            Ok(value) if value.is_finite() && (least..=most).contains(&value) => Some(value),
            Ok(value) if value.is_finite() => {
                self.fault(
                    line,
                    name,
                    &format!("{value} is not between {least} and {most}"),
                    "percentages need a head that ends in `pct`",
                );
                None
            }
            _ => {
                let shown = monazite_evidence::error::shorten(cell);
                self.fault(
                    line,
                    name,
                    &format!("`{shown}` is not a number"),
                    "leave the cell empty when the value is not known",
                );
                None
            }
        }
    }
}

impl Inputs {
    /// Reads a file of any of the three layouts and adds what it holds.
    ///
    /// # Errors
    /// When the file cannot be read, is of no known layout, or holds a wrong cell; each is named with its line.
    pub fn add(&mut self, path: &Path) -> Result<(), EvidenceError> {
        let mut sheet = Sheet::read(path)?;
        let material = sheet.column(&["material", "element", "rawmaterial"]);
        let Some(material) = material else {
            sheet
                .problems
                .push(Problem::error(&sheet.file, "no column `material` or `element`".to_owned()).line(1));
            return sheet.problems.into_result().map_err(Into::into);
        };
        if sheet.column(&["scope"]).is_some() {
            self.supply(&mut sheet, material);
        } else if sheet.column(&["application", "use"]).is_some() {
            self.uses(&mut sheet, material);
        } else if FIGURES.iter().any(|(_, heads)| sheet.column(heads).is_some()) {
            self.summary(&mut sheet, material);
        } else {
            let problem = Problem::error(&sheet.file, "its columns are of no known layout".to_owned());
            sheet.problems.push(problem.line(1).hint(
                "a summary has `hhi_global`, supply has `scope` and `share`, uses have `application` and `share`",
            ));
        }
        sheet.problems.into_result().map_err(Into::into)
    }

    fn name(&mut self, cell: &str) -> Option<String> {
        if cell.is_empty() {
            return None;
        }
        if !self.materials.iter().any(|known| known == cell) {
            self.materials.push(cell.to_owned());
        }
        Some(cell.to_owned())
    }

    fn summary(&mut self, sheet: &mut Sheet, material: usize) {
        let columns: Vec<(&'static str, usize, bool, f64)> = FIGURES
            .iter()
            .filter_map(|(name, heads)| {
                let at = sheet.column(heads)?;
                let percent = sheet.heads.get(at).is_some_and(|head| head.ends_with("pct"));
                // A column is printed to the digits of its longest cell; figures of this method to one at least.
                let digits = |cell: &str| cell.split_once('.').map_or(0, |(_, after)| after.len());
                let cells = sheet.rows.iter().filter_map(|(_, row)| row.get(at));
                let most = cells.map(|cell| digits(cell)).max().unwrap_or(0);
                let least = usize::from(name.starts_with("hhi") || name.starts_with("subst"));
                let power = i32::try_from(most.max(least)).unwrap_or(0);
                let scale = if percent { 0.01 } else { 1.0 };
                // Fractions without a digit after the point are whole by nature, not rounded.
                let unit = if power == 0 && !percent {
                    0.0
                } else {
                    scale * 0.1_f64.powi(power)
                };
                Some((*name, at, percent, unit))
            })
            .collect();
        let stage = sheet.column(&["stage"]);
        let used = sheet.column(&["supplyused"]);
        for (line, row) in std::mem::take(&mut sheet.rows) {
            let Some(name) = self.name(Sheet::cell(&row, Some(material))) else {
                continue;
            };
            let mut summary = Summary {
                stage: stage_of(Sheet::cell(&row, stage)),
                ..Summary::default()
            };
            let word = Sheet::cell(&row, used);
            summary.used = used_of(word);
            if summary.used.is_none() && !word.is_empty() {
                let message = format!("unknown supply `{}`", monazite_evidence::error::shorten(word));
                sheet.fault(line, "supply_used", &message, "write both, global or union");
            }
            for (figure, at, percent, unit) in &columns {
                let (least, most) = match *figure {
                    "hhi_global" | "hhi_union" => (0.0, 30.0),
                    "import_reliance" if *percent => (-1e6, 100.0),
                    "import_reliance" => (-1e4, 1.0),
                    _ if *percent => (0.0, 100.0),
                    _ => (0.0, 1.0),
                };
                if let Some(value) = sheet.number(line, figure, Sheet::cell(&row, Some(*at)), least, most) {
                    let value = if *percent { value / 100.0 } else { value };
                    let top = if figure.starts_with("hhi") { f64::INFINITY } else { 1.0 };
                    let bottom = if *figure == "import_reliance" {
                        f64::NEG_INFINITY
                    } else {
                        0.0
                    };
                    let band = Band::rounded(value, *unit, bottom, top);
                    summary.figures.insert(figure, Figure { band });
                }
            }
            self.summaries.entry(name).or_default().push(summary);
        }
    }

    fn supply(&mut self, sheet: &mut Sheet, material: usize) {
        let stage = sheet.column(&["stage"]);
        let scope = sheet.column(&["scope"]);
        let country = sheet.column(&["country", "place"]);
        let share = sheet.column(&["share"]);
        let t = sheet.column(&["t", "tradeparameter"]);
        let governance = sheet.column(&["governance", "wgi", "wgiscaled"]);
        for (line, row) in std::mem::take(&mut sheet.rows) {
            let Some(name) = self.name(Sheet::cell(&row, Some(material))) else {
                continue;
            };
            let word = Sheet::cell(&row, scope);
            let of = match fold(word).as_str() {
                "gs" | "global" | "world" => SupplyScope::Global,
                "eus" | "eu" | "union" => SupplyScope::Union,
                _ => {
                    let message = format!("unknown scope `{}`", monazite_evidence::error::shorten(word));
                    sheet.fault(line, "scope", &message, "write global (GS) or union (EUS)");
                    continue;
                }
            };
            let Some(fraction) = sheet.number(line, "share", Sheet::cell(&row, share), 0.0, 1.0) else {
                continue;
            };
            let trade_parameter = sheet.number(line, "t", Sheet::cell(&row, t), 0.0, 5.0);
            let scaled = sheet.number(line, "governance", Sheet::cell(&row, governance), 0.0, 10.0);
            self.shares.entry(name).or_default().push(Share {
                stage: stage_of(Sheet::cell(&row, stage)).unwrap_or(AssessmentStage::Processing),
                scope: of,
                country: Sheet::cell(&row, country).to_owned(),
                share: fraction,
                trade_parameter,
                governance: scaled,
            });
        }
    }

    fn uses(&mut self, sheet: &mut Sheet, material: usize) {
        let application = sheet.column(&["application", "use"]);
        let sector = sheet.column(&["sector", "nace2", "nace"]);
        let share = sheet.column(&["share"]);
        let value_added = sheet.column(&["valueadded", "vameur", "va", "valueaddedmeur"]);
        let largest = sheet.column(&["largestsector", "maxvameur", "maxva"]);
        for (line, row) in std::mem::take(&mut sheet.rows) {
            let Some(name) = self.name(Sheet::cell(&row, Some(material))) else {
                continue;
            };
            let Some(fraction) = sheet.number(line, "share", Sheet::cell(&row, share), 0.0, 1.0) else {
                continue;
            };
            let value_added = sheet.number(line, "value_added", Sheet::cell(&row, value_added), 0.0, 1e9);
            let top = sheet.number(line, "largest_sector", Sheet::cell(&row, largest), 1e-9, 1e9);
            self.largest_sector = match (self.largest_sector, top) {
                (Some(a), Some(b)) => Some(f64::max(a, b)),
                (a, b) => a.or(b),
            };
            let what = match (Sheet::cell(&row, application), Sheet::cell(&row, sector)) {
                (use_, "") => use_.to_owned(),
                (use_, sector) => format!("{use_} ({sector})"),
            };
            self.uses.entry(name).or_default().push(UseRow {
                what,
                share: fraction,
                value_added,
            });
        }
    }
}

fn stage_of(cell: &str) -> Option<AssessmentStage> {
    match fold(cell).as_str() {
        "e" | "extraction" | "mine" | "mining" => Some(AssessmentStage::Extraction),
        "p" | "processing" | "refining" | "separation" => Some(AssessmentStage::Processing),
        _ => None,
    }
}

fn used_of(cell: &str) -> Option<SupplyUsed> {
    match fold(cell).as_str() {
        "gseus" | "both" | "gseu" | "gsandeus" => Some(SupplyUsed::Both),
        "gs" | "gsonly" | "global" | "globalonly" => Some(SupplyUsed::Global),
        "eus" | "eusonly" | "eu" | "euonly" | "union" => Some(SupplyUsed::Union),
        _ => None,
    }
}
