//! Tables as an Excel workbook: a sheet each, and the sources on the last.

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value;

use super::document::Document;
use super::table::Table;
use crate::failure::Failure;

/// The longest name that a sheet may have.
const LONGEST: usize = 31;

/// Writes all tables into a workbook.
pub fn write(document: &Document<'_>, path: &Path) -> Result<(), Failure> {
    let citations = document.citations();
    let tables: Vec<&Table> = document.tables().chain(&citations).collect();
    if tables.is_empty() {
        return Err(Failure::input("this answer has no table; use `--json`"));
    }
    fill(&tables, path).map_err(|error| match error {
        XlsxError::IoError(error) => Failure::io("write", path, &error),
        other => Failure::failed(format!("cannot write `{}`: {other}", path.display())),
    })
}

fn fill(tables: &[&Table], path: &Path) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let head = Format::new().set_bold();
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        let mut name: String = table.name.chars().take(LONGEST).collect();
        if names.contains(&name) {
            name = format!(
                "{}_{}",
                name.chars().take(LONGEST - 3).collect::<String>(),
                names.len() + 1
            );
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name);
        sheet_of(table, sheet, &head)?;
    }
    workbook.save(path)
}

fn sheet_of(table: &Table, sheet: &mut Worksheet, head: &Format) -> Result<(), XlsxError> {
    for (column, (at, key)) in (0_u16..).zip(table.program_columns()) {
        sheet.write_with_format(0, column, key, head)?;
        for (line, row) in (1_u32..).zip(&table.rows) {
            match row.get(at).map(|cell| &cell.value) {
                Some(Value::Number(number)) => {
                    sheet.write(line, column, number.as_f64().unwrap_or_default())?;
                }
                Some(Value::Bool(yes)) => {
                    sheet.write(line, column, *yes)?;
                }
                Some(Value::String(text)) => {
                    // Written as text, so that nothing in a table runs as a formula.
                    sheet.write_string(line, column, text)?;
                }
                _ => {}
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    Ok(())
}
