//! A project in a workbook: the keys of the file on one sheet, products and years as tables.
//!
//! | sheet | holds |
//! |---|---|
//! | `project` | a key a row, such as `finance.discount_rate`; its values from the third column on |
//! | `products` | `material`, `t_per_year`, `price_per_kg`, `payability` |
//! | `composition` | `element`, `percent` of total rare-earth oxide |
//! | `years` | `year` from the first of construction, with `capex_share`, `output`, `opex`, `sustaining_m`, `by_product_m`, and `price:MATERIAL` |
//!
//! The sheets are turned into the text of a project file, so that one reader checks both; faults are told with sheet and cell.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use monazite_evidence::nearest::nearest;

use super::definition::Project;
use super::error::{Fault, ProjectError};

/// Sheets that a project may have.
const SHEETS: [&str; 4] = ["project", "products", "composition", "years"];
/// Columns of the sheet of products.
const PRODUCT: [&str; 4] = ["material", "t_per_year", "price_per_kg", "payability"];
/// Columns of the sheet of years, besides prices.
const YEAR: [&str; 6] = ["year", "capex_share", "output", "opex", "sustaining_m", "by_product_m"];
/// Keys whose value is a list even where it is one cell.
const LISTS: [&str; 3] = ["schedule.capex_shares", "schedule.ramp", "ore.unsold"];
/// Where a key of the sheet `project` has its first value.
const VALUE: usize = 2;

/// Cells of one sheet, with where its first cell stands.
struct Sheet {
    name: &'static str,
    rows: Vec<Vec<Data>>,
    top: usize,
    left: usize,
}

/// The text under construction, and the cell behind each of its lines.
struct Draft<'a> {
    file: &'a str,
    text: String,
    /// Sheet and cell of each line.
    from: Vec<(&'static str, String)>,
    faults: Vec<Fault>,
}

impl Project {
    /// Reads a project from the bytes of a workbook (XLSX). `file` names it in messages.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with sheet and cell.
    pub fn from_workbook(bytes: &[u8], file: &str) -> Result<Self, ProjectError> {
        let sheets = sheets(bytes, file)?;
        let mut text = Draft {
            file,
            text: String::new(),
            from: Vec::new(),
            faults: Vec::new(),
        };
        let of = |name: &str| sheets.iter().find(|sheet| sheet.name == name);
        if let Some(sheet) = of("project") {
            text.keys(sheet);
        }
        let prices = of("years").map(|sheet| text.years(sheet)).unwrap_or_default();
        if let Some(sheet) = of("composition") {
            text.composition(sheet);
        }
        if let Some(sheet) = of("products") {
            text.products(sheet, &prices);
        }
        if !text.faults.is_empty() {
            return Err(ProjectError::File(text.faults));
        }
        Self::parse(&text.text, file).map_err(|error| match error {
            ProjectError::File(faults) => {
                ProjectError::File(faults.into_iter().map(|fault| text.in_cell(fault)).collect())
            }
            evidence @ ProjectError::Evidence(_) => evidence,
        })
    }
}

fn sheets(bytes: &[u8], file: &str) -> Result<Vec<Sheet>, ProjectError> {
    let refuse = |what: String| ProjectError::File(vec![fault_at(file, None, what, Some(HINT))]);
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes.to_vec())).map_err(|error| refuse(format!("it is not a workbook: {error}")))?;
    let names = book.sheet_names();
    if !names.iter().any(|name| name.trim().eq_ignore_ascii_case("project")) {
        return Err(refuse(format!(
            "there is no sheet `project` (there are {})",
            names.join(", ")
        )));
    }
    let mut sheets = Vec::new();
    for name in &names {
        let Some(known) = SHEETS.iter().find(|known| name.trim().eq_ignore_ascii_case(known)) else {
            continue;
        };
        let range = book
            .worksheet_range(name)
            .map_err(|error| refuse(format!("the sheet `{name}` cannot be read: {error}")))?;
        let (top, left) = range.start().unwrap_or_default();
        sheets.push(Sheet {
            name: known,
            rows: range.rows().map(<[Data]>::to_vec).collect(),
            top: usize::try_from(top).unwrap_or_default(),
            left: usize::try_from(left).unwrap_or_default(),
        });
    }
    Ok(sheets)
}

const HINT: &str = "`monazite project new my.xlsx` writes a workbook with every sheet";

impl Sheet {
    /// Name of a cell, `B7`, from its position within the used range.
    fn cell(&self, row: usize, column: usize) -> String {
        let mut letters = String::new();
        let mut at = column + self.left + 1;
        while at > 0 {
            let letter = u8::try_from((at - 1) % 26).unwrap_or_default();
            letters.insert(0, char::from(b'A' + letter));
            at = (at - 1) / 26;
        }
        format!("{letters}{}", row + self.top + 1)
    }

    fn get(&self, row: usize, column: usize) -> &Data {
        // Columns count from the sheet's own first one, whatever the used range begins with.
        let at = column.checked_sub(self.left);
        at.and_then(|at| self.rows.get(row)?.get(at)).unwrap_or(&Data::Empty)
    }

    fn text(&self, row: usize, column: usize) -> String {
        plain(self.get(row, column))
    }

    /// Name of a cell by its column of the sheet.
    fn place(&self, row: usize, column: usize) -> String {
        self.cell(row, column.saturating_sub(self.left))
    }

    fn width(&self) -> usize {
        self.left + self.rows.iter().map(Vec::len).max().unwrap_or_default()
    }
}

fn plain(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        other => other.to_string().trim().to_owned(),
    }
}

/// A cell as a value of the file; none where it is empty.
fn value(cell: &Data) -> Option<Result<String, String>> {
    match cell {
        Data::Empty => None,
        Data::Float(number) if number.is_finite() => Some(Ok(number_text(*number))),
        Data::Int(number) => Some(Ok(number.to_string())),
        Data::Bool(yes) => Some(Ok(yes.to_string())),
        Data::Error(error) => Some(Err(format!("the cell holds the error {error}"))),
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => {
            Some(Err("the cell is formatted as a date".to_owned()))
        }
        other => {
            let text = plain(other);
            match text.as_str() {
                "" => None,
                "true" | "TRUE" => Some(Ok("true".to_owned())),
                "false" | "FALSE" => Some(Ok("false".to_owned())),
                _ => Some(Ok(format!("{text:?}"))),
            }
        }
    }
}

/// Whole numbers without a point, so that years and counts read as such.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        format!("{number:?}")
    }
}

fn fault_at(file: &str, place: Option<(&str, &str)>, message: String, hint: Option<&str>) -> Fault {
    Fault {
        file: file.to_owned(),
        line: 0,
        column: 0,
        cell: Some(place.map_or_else(String::new, |(sheet, cell)| format!("sheet {sheet}, cell {cell}"))),
        message,
        hint: hint.map(str::to_owned),
    }
}

impl Draft<'_> {
    fn line(&mut self, sheet: &Sheet, cell: String, line: &str) {
        let _ = writeln!(self.text, "{line}");
        self.from.push((sheet.name, cell));
    }

    fn fault(&mut self, sheet: &Sheet, cell: &str, message: String, hint: Option<&str>) {
        let fault = fault_at(self.file, Some((sheet.name, cell)), message, hint);
        self.faults.push(fault);
    }

    /// A fault of the file's reader, in terms of the workbook.
    fn in_cell(&self, fault: Fault) -> Fault {
        let from = fault.line.checked_sub(1).and_then(|at| self.from.get(at));
        let whole = fault.message.starts_with("missing key") || fault.message.starts_with("nothing is sold");
        Fault {
            cell: Some(match from.filter(|_| !whole) {
                Some((sheet, cell)) => format!("sheet {sheet}, cell {cell}"),
                None => "sheet project".to_owned(),
            }),
            ..fault
        }
    }

    /// The sheet of keys.
    fn keys(&mut self, sheet: &Sheet) {
        for row in 0..sheet.rows.len() {
            let key = sheet.text(row, 0);
            if key.is_empty() || key == "key" || key.starts_with('#') {
                continue;
            }
            if !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
                || key.starts_with('.')
                || key.ends_with('.')
            {
                let message = format!("`{key}` is not a key");
                self.fault(
                    sheet,
                    &sheet.place(row, 0),
                    message,
                    Some("keys are such as `finance.discount_rate`"),
                );
                continue;
            }
            let mut values = Vec::new();
            for column in VALUE..sheet.width().max(VALUE + 1) {
                match value(sheet.get(row, column)) {
                    None => {}
                    Some(Ok(text)) => values.push(text),
                    Some(Err(message)) => {
                        self.fault(
                            sheet,
                            &sheet.place(row, column),
                            message,
                            Some("write a number, or a word"),
                        );
                    }
                }
            }
            let list = LISTS.contains(&key.as_str()) || values.len() > 1;
            // A key without a value is one that does not apply.
            if values.is_empty() {
                continue;
            }
            let written = if list {
                format!("[{}]", values.join(", "))
            } else {
                values.concat()
            };
            self.line(sheet, sheet.place(row, VALUE), &format!("{key} = {written}"));
        }
    }

    /// Columns of a table by their heads in its first row that holds anything.
    fn heads(&mut self, sheet: &Sheet, known: &[&str]) -> (usize, BTreeMap<String, usize>) {
        let top =
            (0..sheet.rows.len()).find(|row| (0..sheet.width()).any(|column| !sheet.text(*row, column).is_empty()));
        let top = top.unwrap_or_default();
        let mut heads = BTreeMap::new();
        for column in 0..sheet.width() {
            let head = sheet.text(top, column);
            if head.is_empty() {
                continue;
            }
            let is_known = known.contains(&head.as_str()) || (sheet.name == "years" && head.starts_with("price:"));
            if !is_known {
                let hint = nearest(&head, known.iter().copied()).map_or_else(
                    || format!("known columns: {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.fault(
                    sheet,
                    &sheet.place(top, column),
                    format!("unknown column `{head}`"),
                    Some(&hint),
                );
            }
            heads.insert(head, column);
        }
        (top, heads)
    }

    /// A number of a table; none where the cell is empty.
    fn number(&mut self, sheet: &Sheet, row: usize, column: usize) -> Option<f64> {
        let number = match sheet.get(row, column) {
            Data::Empty => return None,
            Data::Float(number) => *number,
            #[allow(clippy::cast_precision_loss, reason = "numbers of a project are small")]
            Data::Int(number) => *number as f64,
            other => {
                let text = plain(other);
                if text.is_empty() {
                    return None;
                }
                let hint = if text.contains(',') || text.contains(' ') {
                    "the cell is text; write the number alone, without separators or unit"
                } else {
                    "write a number, or leave the cell empty"
                };
                self.fault(
                    sheet,
                    &sheet.place(row, column),
                    format!("`{text}` is not a number"),
                    Some(hint),
                );
                return None;
            }
        };
        number.is_finite().then_some(number)
    }

    fn products(&mut self, sheet: &Sheet, prices: &BTreeMap<String, (String, Vec<f64>)>) {
        let (top, heads) = self.heads(sheet, &PRODUCT);
        let mut sold: Vec<String> = Vec::new();
        for row in top + 1..sheet.rows.len() {
            let material = heads
                .get("material")
                .map_or_else(String::new, |column| sheet.text(row, *column));
            if material.is_empty() {
                continue;
            }
            self.line(sheet, sheet.place(row, 0), "[[product]]");
            let at = heads.get("material").copied().unwrap_or_default();
            self.line(sheet, sheet.place(row, at), &format!("material = {material:?}"));
            for key in PRODUCT.iter().skip(1) {
                let Some(column) = heads.get(*key).copied() else {
                    continue;
                };
                if *key == "price_per_kg" && prices.contains_key(&material) {
                    continue;
                }
                if let Some(number) = self.number(sheet, row, column) {
                    self.line(
                        sheet,
                        sheet.place(row, column),
                        &format!("{key} = {}", number_text(number)),
                    );
                }
            }
            if let Some((_, path)) = prices.get(&material) {
                let path: Vec<String> = path.iter().map(|price| number_text(*price)).collect();
                self.line(
                    sheet,
                    sheet.place(row, at),
                    &format!("price_per_kg = [{}]", path.join(", ")),
                );
            }
            sold.push(material);
        }
        for (material, (cell, _)) in prices {
            if !sold.contains(material) {
                let known: Vec<&str> = sold.iter().map(String::as_str).collect();
                let hint = nearest(material, known.iter().copied()).map_or_else(
                    || format!("the sheet `products` has {}", known.join(", ")),
                    |near| format!("did you mean `price:{near}`?"),
                );
                let fault = fault_at(
                    self.file,
                    Some(("years", cell)),
                    format!("`{material}` is not among the products"),
                    Some(&hint),
                );
                self.faults.push(fault);
            }
        }
    }

    fn composition(&mut self, sheet: &Sheet) {
        let (top, heads) = self.heads(sheet, &["element", "percent"]);
        let (Some(element), Some(percent)) = (heads.get("element").copied(), heads.get("percent").copied()) else {
            let message = "a column is missing".to_owned();
            self.fault(
                sheet,
                &sheet.place(top, 0),
                message,
                Some("the sheet has the columns `element` and `percent`"),
            );
            return;
        };
        for row in top + 1..sheet.rows.len() {
            let symbol = sheet.text(row, element);
            if symbol.is_empty() {
                continue;
            }
            if let Some(number) = self.number(sheet, row, percent) {
                let line = format!("ore.composition_pct.{symbol:?} = {}", number_text(number));
                self.line(sheet, sheet.place(row, percent), &line);
            }
        }
    }

    /// The sheet of years; gives back price paths by material, with the cell of their head.
    fn years(&mut self, sheet: &Sheet) -> BTreeMap<String, (String, Vec<f64>)> {
        let (top, heads) = self.heads(sheet, &YEAR);
        let Some(year_column) = heads.get("year").copied() else {
            let message = "the column `year` is missing".to_owned();
            self.fault(
                sheet,
                &sheet.place(top, 0),
                message,
                Some("years count from the first of construction, which is 1"),
            );
            return BTreeMap::new();
        };
        let mut rows = Vec::new();
        for row in top + 1..sheet.rows.len() {
            if let Some(year) = self.number(sheet, row, year_column) {
                let expected = rows.len() + 1;
                #[allow(clippy::cast_precision_loss, reason = "a handful of years")]
                let is_next = (year - expected as f64).abs() < 1e-9;
                if !is_next {
                    let message = format!("the year is {year}, and {expected} comes next");
                    self.fault(
                        sheet,
                        &sheet.place(row, year_column),
                        message,
                        Some("a row per year: 1, 2, 3 …"),
                    );
                }
                rows.push(row);
            }
        }
        // Construction lasts as long as capital is spent.
        let mut capex = Vec::new();
        if let Some(column) = heads.get("capex_share").copied() {
            for row in &rows {
                capex.push(self.number(sheet, *row, column));
            }
        }
        let built = capex
            .iter()
            .rposition(|share| share.is_some_and(|share| share > 0.0))
            .map_or(0, |last| last + 1);
        if built > 0 {
            let shares: Vec<String> = capex
                .iter()
                .take(built)
                .map(|share| number_text(share.unwrap_or_default()))
                .collect();
            let column = heads.get("capex_share").copied().unwrap_or_default();
            let line = format!("schedule.capex_shares = [{}]", shares.join(", "));
            self.line(sheet, sheet.place(top, column), &line);
        }
        for (key, written) in [
            ("output", "schedule.ramp"),
            ("opex", "schedule.opex_by_year"),
            ("sustaining_m", "schedule.sustaining_m_by_year"),
            ("by_product_m", "schedule.by_product_m_by_year"),
        ] {
            let Some(column) = heads.get(key).copied() else {
                continue;
            };
            let mut numbers = Vec::new();
            for row in rows.iter().skip(built) {
                numbers.push(self.number(sheet, *row, column));
            }
            while numbers.last().is_some_and(Option::is_none) {
                numbers.pop();
            }
            if !numbers.is_empty() {
                let numbers: Vec<String> = numbers
                    .into_iter()
                    .map(|n| number_text(n.unwrap_or_default()))
                    .collect();
                self.line(
                    sheet,
                    sheet.place(top, column),
                    &format!("{written} = [{}]", numbers.join(", ")),
                );
            }
        }
        let mut prices = BTreeMap::new();
        for (head, column) in &heads {
            let Some(material) = head.strip_prefix("price:") else {
                continue;
            };
            let mut path: Vec<Option<f64>> = Vec::new();
            for row in &rows {
                // An empty cell keeps the price of the year before.
                let price = self.number(sheet, *row, *column).or(path.last().copied().flatten());
                path.push(price);
            }
            // Years before the first price have it too: nothing is sold in construction.
            let first = path.iter().flatten().next().copied().unwrap_or_default();
            let path = path.into_iter().map(|price| price.unwrap_or(first)).collect();
            prices.insert(material.trim().to_owned(), (sheet.place(top, *column), path));
        }
        prices
    }
}
