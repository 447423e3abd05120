//! National tables in the OECD's layout, read from the user's own copy: whether they may be passed on is not settled,
//! so none is bundled.
//!
//! The file is industry by industry at basic prices, domestic and imported goods together: a column `Code`, a column
//! `Description`, a column per industry, then final uses with `EXPO` and `IMPO` (imports as negative numbers). Below the
//! industries come rows of taxes, `VALU` (value added) and `OUTPUT`. Imports are spread over the users of a good in
//! proportion, as the layout does not say who uses them.

use nalgebra::DMatrix;

use super::economy::{Check, Economy, Industry};
use crate::ExposureError;

/// Reads a national table; `file` names it in messages.
///
/// # Errors
/// [`ExposureError::File`] when the layout is another one, [`ExposureError::Tables`] when it does not add up.
#[allow(clippy::too_many_lines, reason = "the parts of one layout, in the order of the file")]
pub fn oecd(bytes: &[u8], file: &str) -> Result<Economy, ExposureError> {
    let fault = |what: String| ExposureError::File {
        file: file.to_owned(),
        what,
        hint: "expected the OECD's national input-output table as CSV: columns Code, Description, one per industry, \
               then EXPO and IMPO; rows per industry, then VALU and OUTPUT"
            .to_owned(),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.headers().map_err(|error| fault(error.to_string()))?.clone();
    let records: Vec<csv::StringRecord> = reader
        .records()
        .collect::<Result<_, _>>()
        .map_err(|error| fault(error.to_string()))?;
    let column = |name: &str| {
        (header.iter().position(|cell| cell.trim() == name))
            .ok_or_else(|| fault(format!("there is no column `{name}`")))
    };
    let row = |name: &str| {
        (records
            .iter()
            .position(|r| r.get(0).is_some_and(|code| code.trim() == name)))
        .ok_or_else(|| fault(format!("there is no row `{name}`")))
    };
    column("Code")?;
    column("Description")?;
    let imports = column("IMPO")?;
    let (value_added, output) = (row("VALU")?, row("OUTPUT")?);
    // The industries are the rows whose code is also a column.
    let industries: Vec<(usize, usize)> = (records.iter().enumerate())
        .filter_map(|(at, record)| {
            let code = record.get(0)?.trim();
            header
                .iter()
                .skip(2)
                .position(|cell| cell.trim() == code)
                .map(|c| (at, c + 2))
        })
        .collect();
    if industries.is_empty() {
        return Err(fault("no row has the code of a column".into()));
    }
    let number = |at: usize, column: usize| {
        let text = records.get(at).and_then(|r| r.get(column)).unwrap_or_default().trim();
        (text.parse::<f64>().ok().filter(|v| v.is_finite())).ok_or_else(|| {
            fault(format!(
                "line {}, column `{}`: `{text}` is not a number",
                at + 2,
                header.get(column).unwrap_or_default()
            ))
        })
    };
    let n = industries.len();
    let mut total = DMatrix::zeros(n, n);
    let (mut out, mut added, mut home) = (Vec::new(), Vec::new(), Vec::new());
    for (i, (at, own)) in industries.iter().enumerate() {
        for (j, (_, column)) in industries.iter().enumerate() {
            total[(i, j)] = number(*at, *column)?;
        }
        let made = number(output, *own)?;
        let imported = -number(*at, imports)?;
        out.push(made);
        added.push(number(value_added, *own)?);
        home.push(if made + imported > 0.0 {
            made / (made + imported)
        } else {
            1.0
        });
    }
    let published = (out.iter().sum(), added.iter().sum());
    let kept: Vec<usize> = (0..n).filter(|i| out[*i] > 0.0).collect();
    let m = kept.len();
    let domestic = DMatrix::from_fn(m, m, |i, j| home[kept[i]] * total[(kept[i], kept[j])].max(0.0));
    let pick = |values: &[f64]| -> Vec<f64> { kept.iter().map(|i| values[*i]).collect() };
    let (out, added) = (pick(&out), pick(&added));
    // Imports, and taxes on products, are what the column has besides.
    let imported: Vec<f64> = (0..m).map(|j| out[j] - added[j] - domestic.column(j).sum()).collect();
    let final_use: Vec<f64> = (0..m).map(|i| out[i] - domestic.row(i).sum()).collect();
    let industries = (kept.iter())
        .map(|i| {
            let record = &records[industries[*i].0];
            Industry {
                code: record.get(0).unwrap_or_default().trim().to_owned(),
                name: record.get(1).unwrap_or_default().trim().to_owned(),
            }
        })
        .collect();
    Economy {
        tables: "oecd45",
        title: format!("national table in the OECD's layout, {file}"),
        year: year_in(file),
        industries,
        checks: vec![
            Check {
                what: "gross output, all industries".into(),
                published_musd: published.0,
                ours_musd: domestic.sum() + imported.iter().sum::<f64>() + added.iter().sum::<f64>(),
            },
            Check {
                what: "value added, all industries".into(),
                published_musd: published.1,
                ours_musd: added.iter().sum(),
            },
        ],
        output: out,
        value_added: added,
        domestic,
        imported,
        final_use,
    }
    .checked()
}

/// The last four-digit number in a file name that can be a year of such a table.
fn year_in(file: &str) -> Option<u16> {
    let digits = file.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() == 4);
    digits
        .filter_map(|part| part.parse().ok())
        .rfind(|year| (1990..2040).contains(year))
}
