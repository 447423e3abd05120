//! The workbook to start a project from.

use std::path::Path;

use monazite_strategy::project::template_rows;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::failure::Failure;

/// Keys of the template that stand on the sheet of years instead.
const BY_YEAR: [&str; 2] = ["schedule.capex_shares", "schedule.ramp"];
/// Years with a row of their own on the sheet of years.
const YEARS: u32 = 28;

/// Writes it; a file that is there is left alone.
pub fn write(path: &Path) -> Result<(), Failure> {
    let bytes = workbook().map_err(|error| Failure::failed(format!("cannot make the workbook: {error}")))?;
    super::create(path, &bytes)
}

fn workbook() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let head = Format::new().set_bold();
    let rows = template_rows();
    let sheet = book.add_worksheet();
    sheet.set_name("project")?;
    for (column, name) in (0_u16..).zip(["key", "meaning", "value", "more values, where a key takes several"]) {
        sheet.write_with_format(0, column, name, &head)?;
    }
    for (line, row) in (1_u32..).zip(rows.iter().filter(|row| !BY_YEAR.contains(&row.key.as_str()))) {
        sheet.write(line, 0, &row.key)?;
        sheet.write(line, 1, &row.meaning)?;
        for (column, value) in (2_u16..).zip(&row.values) {
            put(sheet, line, column, value)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();

    let sheet = book.add_worksheet();
    sheet.set_name("products")?;
    for (column, name) in (0_u16..).zip(["material", "t_per_year", "price_per_kg", "payability"]) {
        sheet.write_with_format(0, column, name, &head)?;
    }
    sheet.autofit();

    let sheet = book.add_worksheet();
    sheet.set_name("composition")?;
    for (column, name) in (0_u16..).zip(["element", "percent"]) {
        sheet.write_with_format(0, column, name, &head)?;
    }
    sheet.autofit();

    let sheet = book.add_worksheet();
    sheet.set_name("years")?;
    let columns = ["year", "capex_share", "output", "opex", "sustaining_m", "by_product_m"];
    for (column, name) in (0_u16..).zip(columns) {
        sheet.write_with_format(0, column, name, &head)?;
    }
    for year in 1..=YEARS {
        sheet.write(year, 0, year)?;
    }
    let values = |key: &str| {
        rows.iter()
            .find(|row| row.key == key)
            .map(|row| row.values.clone())
            .unwrap_or_default()
    };
    let capex = values("schedule.capex_shares");
    let built = u32::try_from(capex.len()).unwrap_or_default();
    for (line, share) in (1_u32..).zip(&capex) {
        put(sheet, line, 1, share)?;
    }
    for (line, share) in (built + 1..).zip(&values("schedule.ramp")) {
        put(sheet, line, 2, share)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.autofit();
    book.save_to_buffer()
}

fn put(sheet: &mut rust_xlsxwriter::Worksheet, line: u32, column: u16, value: &str) -> Result<(), XlsxError> {
    if let Ok(number) = value.parse::<f64>() {
        sheet.write(line, column, number)?;
    } else if let Ok(yes) = value.parse::<bool>() {
        sheet.write(line, column, yes)?;
    } else {
        sheet.write(line, column, value)?;
    }
    Ok(())
}
