//! The United States: the detail tables of 2017, carried to the latest published output and value added.
//!
//! 1. Make and use tables become an industry-by-industry table of domestic deliveries: a commodity is delivered by the
//!    industries that make it, in proportion (industry-technology assumption).
//! 2. Output of each industry is the latest published. Value added of each is its share of output in 2017, scaled so
//!    that every summary industry has its latest published value added.
//! 3. What is left of output is inputs, of which the imported part is that of 2017. The table of domestic deliveries is
//!    scaled by rows and columns (RAS) until deliveries and inputs fit.

use std::collections::HashMap;
use std::io::Read;

use flate2::read::GzDecoder;
use nalgebra::DMatrix;

use super::economy::{Check, Economy, Industry};
use crate::ExposureError;

const INDUSTRIES: &[u8] = include_bytes!("../../tables/usa_industries.csv");
const GROUPS: &[u8] = include_bytes!("../../tables/usa_groups.csv");
const MAKE: &[u8] = include_bytes!("../../tables/usa_make_2017.csv.gz");
const USE: &[u8] = include_bytes!("../../tables/usa_use_2017.csv.gz");
/// The year the table is carried to.
const LATEST: u16 = 2023;
/// The user of the use table that stands for all final use.
const FINAL: &str = "final";

/// Scaling stops when no row is off by more than this share of output.
const FITS: f64 = 1e-10;
/// Scaling rounds before giving up.
const ROUNDS: usize = 2_000;
/// Where the tables of 2017 leave an industry nothing for final use, this share of output starts the scaling.
const LEAST_FINAL: f64 = 1e-3;

struct Detail {
    industries: Vec<Industry>,
    group: Vec<usize>,
    output_2017: Vec<f64>,
    value_added_2017: Vec<f64>,
    output: Vec<f64>,
}

/// The economy of the United States in the latest year with published output and value added.
///
/// # Errors
/// [`ExposureError::Tables`] when the bundled tables are damaged, which tests rule out for a release.
pub fn usa() -> Result<Economy, ExposureError> {
    let mut group_codes = HashMap::new();
    let mut group_totals = Vec::new();
    for row in rows(GROUPS)? {
        group_codes.insert(cell(&row, 0)?.to_owned(), group_totals.len());
        group_totals.push(number(&row, 1)?);
    }
    let detail = detail(&group_codes)?;
    let value_added = value_added(&detail, &group_totals);
    let (domestic, final_use, used) = deliveries_2017(&detail)?;
    let (domestic, imported, final_use) = carried(&detail, &value_added, domestic, &final_use, &used)?;
    let checks = vec![
        Check {
            what: format!("gross output, all industries, {LATEST}"),
            published_musd: detail.output.iter().sum(),
            ours_musd: domestic.sum() + imported.iter().sum::<f64>() + value_added.iter().sum::<f64>(),
        },
        Check {
            what: format!("value added, all industries (GDP), {LATEST}"),
            published_musd: group_totals.iter().sum(),
            ours_musd: value_added.iter().sum(),
        },
        Check {
            what: format!("deliveries to industries and final use, {LATEST}"),
            published_musd: detail.output.iter().sum(),
            ours_musd: domestic.sum() + final_use.iter().sum::<f64>(),
        },
    ];
    Economy {
        tables: "bea402",
        title: format!("US detail tables of 2017, carried to {LATEST} (Bureau of Economic Analysis)"),
        year: Some(LATEST),
        industries: detail.industries,
        output: detail.output,
        value_added,
        domestic,
        imported,
        final_use,
        checks,
    }
    .checked()
}

fn detail(groups: &HashMap<String, usize>) -> Result<Detail, ExposureError> {
    let mut detail = Detail {
        industries: Vec::new(),
        group: Vec::new(),
        output_2017: Vec::new(),
        value_added_2017: Vec::new(),
        output: Vec::new(),
    };
    for row in rows(INDUSTRIES)? {
        let group = cell(&row, 2)?;
        let group = groups.get(group).ok_or_else(|| damaged(&format!("group {group}")))?;
        detail.industries.push(Industry {
            code: cell(&row, 0)?.to_owned(),
            name: cell(&row, 1)?.to_owned(),
        });
        detail.group.push(*group);
        detail.output_2017.push(number(&row, 3)?);
        detail.value_added_2017.push(number(&row, 4)?);
        detail.output.push(number(&row, 5)?);
    }
    Ok(detail)
}

/// Value added by industry whose sums by summary industry are the published ones.
fn value_added(detail: &Detail, totals: &[f64]) -> Vec<f64> {
    let n = detail.output.len();
    let mut value: Vec<f64> = (0..n)
        .map(|j| detail.value_added_2017[j] / detail.output_2017[j] * detail.output[j])
        .collect();
    // An industry at its output has no inputs left to give; the others of its group carry the rest.
    let mut full = vec![false; n];
    for _ in 0..4 {
        let mut free = vec![0.0; totals.len()];
        let mut fixed = vec![0.0; totals.len()];
        for j in 0..n {
            let sum = if full[j] { &mut fixed } else { &mut free };
            sum[detail.group[j]] += value[j];
        }
        for j in (0..n).filter(|j| !full[*j]) {
            let g = detail.group[j];
            value[j] *= (totals[g] - fixed[g]) / free[g];
        }
        let over: Vec<usize> = (0..n).filter(|j| !full[*j] && value[*j] > detail.output[*j]).collect();
        if over.is_empty() {
            break;
        }
        for j in over {
            value[j] = detail.output[j];
            full[j] = true;
        }
    }
    value
}

type Deliveries = (DMatrix<f64>, Vec<f64>, Vec<f64>);

/// Domestic deliveries between industries and to final use in 2017, and all inputs used by each, imported ones too.
fn deliveries_2017(detail: &Detail) -> Result<Deliveries, ExposureError> {
    let n = detail.industries.len();
    let at: HashMap<&str, usize> = (detail.industries.iter().enumerate())
        .map(|(j, industry)| (industry.code.as_str(), j))
        .collect();
    // Who makes a commodity, in shares.
    let mut makers: HashMap<String, (f64, Vec<(usize, f64)>)> = HashMap::new();
    for row in rows(&unzipped(MAKE)?)? {
        let maker = *at.get(cell(&row, 0)?).ok_or_else(|| damaged("make"))?;
        let made = number(&row, 2)?;
        let entry = makers.entry(cell(&row, 1)?.to_owned()).or_default();
        entry.0 += made;
        entry.1.push((maker, made));
    }
    let mut domestic = DMatrix::zeros(n, n);
    let mut final_use = vec![0.0; n];
    let mut used = vec![0.0; n];
    for row in rows(&unzipped(USE)?)? {
        let code = cell(&row, 1)?;
        let (total, imported) = (number(&row, 2)?, number(&row, 3)?);
        let home = if code == FINAL {
            total - imported
        } else {
            (total - imported).max(0.0)
        };
        let industry = if code == FINAL {
            None
        } else {
            Some(*at.get(code).ok_or_else(|| damaged("use"))?)
        };
        if let Some(industry) = industry {
            used[industry] += total;
        }
        // What nobody in the country makes comes from abroad.
        let Some((all, makers)) = makers.get(cell(&row, 0)?) else {
            continue;
        };
        for (maker, made) in makers {
            let part = home * made / all;
            match industry {
                Some(industry) => domestic[(*maker, industry)] += part,
                None => final_use[*maker] += part,
            }
        }
    }
    Ok((domestic, final_use, used))
}

/// Scales deliveries of 2017 to the outputs and value added of the latest year.
fn carried(
    detail: &Detail,
    value_added: &[f64],
    mut domestic: DMatrix<f64>,
    final_2017: &[f64],
    used: &[f64],
) -> Result<Deliveries, ExposureError> {
    let n = detail.output.len();
    let inputs: Vec<f64> = (0..n).map(|j| detail.output[j] - value_added[j]).collect();
    let home: Vec<f64> = (0..n)
        .map(|j| {
            let share = if used[j] > 0.0 {
                (domestic.column(j).sum() / used[j]).clamp(0.0, 1.0)
            } else {
                0.0
            };
            inputs[j] * share
        })
        .collect();
    let final_start: Vec<f64> = (0..n)
        .map(|i| final_2017[i].max(LEAST_FINAL * detail.output_2017[i]))
        .collect();
    let final_total = detail.output.iter().sum::<f64>() - home.iter().sum::<f64>();
    let (mut rows, mut columns, mut last) = (vec![1.0; n], vec![1.0; n], 1.0);
    let mut fits = false;
    for _ in 0..ROUNDS {
        let mut sums: Vec<f64> = (0..n).map(|i| final_start[i] * last).collect();
        for (j, column) in domestic.column_iter().enumerate() {
            for (sum, value) in sums.iter_mut().zip(column.iter()) {
                *sum += value * columns[j];
            }
        }
        let worst = (0..n)
            .map(|i| (rows[i] * sums[i] / detail.output[i] - 1.0).abs())
            .fold(0.0, f64::max);
        fits = worst < FITS;
        if fits {
            break;
        }
        for i in 0..n {
            rows[i] = detail.output[i] / sums[i];
        }
        for (j, column) in domestic.column_iter().enumerate() {
            let sum: f64 = column.iter().zip(&rows).map(|(value, row)| value * row).sum();
            columns[j] = if sum > 0.0 { home[j] / sum } else { 0.0 };
        }
        let sum: f64 = final_start.iter().zip(&rows).map(|(value, row)| value * row).sum();
        last = final_total / sum;
    }
    if !fits {
        return Err(ExposureError::Tables(
            "the scaling of the US table does not settle".into(),
        ));
    }
    for (j, mut column) in domestic.column_iter_mut().enumerate() {
        for (value, row) in column.iter_mut().zip(&rows) {
            *value *= row * columns[j];
        }
    }
    let final_use = (0..n).map(|i| final_start[i] * rows[i] * last).collect();
    let imported = (0..n).map(|j| inputs[j] - domestic.column(j).sum()).collect();
    Ok((domestic, imported, final_use))
}

fn damaged(what: &str) -> ExposureError {
    ExposureError::Tables(format!("the bundled US tables are damaged ({what})"))
}

fn unzipped(bytes: &[u8]) -> Result<Vec<u8>, ExposureError> {
    let mut out = Vec::new();
    GzDecoder::new(bytes)
        .read_to_end(&mut out)
        .map_err(|error| damaged(&error.to_string()))?;
    Ok(out)
}

fn rows(bytes: &[u8]) -> Result<Vec<csv::StringRecord>, ExposureError> {
    csv::Reader::from_reader(bytes)
        .records()
        .collect::<Result<_, _>>()
        .map_err(|error| damaged(&error.to_string()))
}

fn cell(row: &csv::StringRecord, at: usize) -> Result<&str, ExposureError> {
    row.get(at).ok_or_else(|| damaged("a cell is missing"))
}

fn number(row: &csv::StringRecord, at: usize) -> Result<f64, ExposureError> {
    let text = cell(row, at)?;
    text.parse().map_err(|_| damaged(&format!("`{text}` is not a number")))
}
