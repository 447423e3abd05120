//! Rows of `trade.parquet`, in the columns of BACI: `t, i, j, k, v, q`.

use std::collections::BTreeMap;

use rayon::slice::ParallelSliceMut as _;

use crate::log::{Log, Reason, YearReport};

/// A flow of one product between two countries in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeRow {
    /// Calendar year.
    pub year: u16,
    /// BACI code of the exporter.
    pub exporter: u16,
    /// BACI code of the importer.
    pub importer: u16,
    /// The file it comes from, by position.
    pub(crate) file: u16,
    /// Product, six digits of the Harmonised System.
    pub product: u32,
    /// Its line in the file.
    pub(crate) line: u32,
    /// Value, kUSD.
    pub value_kusd: f64,
    /// Quantity, t; NaN when not known.
    pub quantity_t: f64,
}

impl TradeRow {
    fn key(&self) -> (u16, u32, u16, u16) {
        (self.year, self.product, self.exporter, self.importer)
    }
}

/// Sorts by year, product, exporter and importer, and takes out second rows of the same flow, which go to the log of
/// their file.
pub fn sort_and_part(rows: &mut Vec<TradeRow>, logs: &mut [Log]) {
    rows.par_sort_unstable_by_key(|row| (row.key(), row.file, row.line));
    let mut first: Option<TradeRow> = None;
    rows.retain(|row| {
        if let Some(known) = first.filter(|known| known.key() == row.key()) {
            let name = logs
                .get(usize::from(known.file))
                .map_or_else(String::new, |log| log.file.clone());
            if let Some(log) = logs.get_mut(usize::from(row.file)) {
                let place = if known.file == row.file {
                    String::new()
                } else {
                    format!(" of {name}")
                };
                let message = format!(
                    "the same year, exporter, importer and product as line {}{place}",
                    known.line
                );
                let problem = log
                    .at(u64::from(row.line), message)
                    .hint("keep one of them; BACI has one row per flow");
                log.bad(Reason::Duplicate, problem, raw(row));
                log.kept = log.kept.saturating_sub(1);
            }
            return false;
        }
        first = Some(*row);
        true
    });
}

fn raw(row: &TradeRow) -> String {
    let quantity = if row.quantity_t.is_nan() {
        "NA".to_owned()
    } else {
        row.quantity_t.to_string()
    };
    format!(
        "{},{},{},{:06},{},{quantity}",
        row.year, row.exporter, row.importer, row.product, row.value_kusd
    )
}

/// Rows, values and quantities by year.
pub fn by_year(rows: &[TradeRow]) -> Vec<YearReport> {
    let mut years: BTreeMap<u16, (u64, f64, f64, u64)> = BTreeMap::new();
    for row in rows {
        let (count, value, quantity, missing) = years.entry(row.year).or_default();
        *count += 1;
        *value += row.value_kusd;
        if row.quantity_t.is_nan() {
            *missing += 1;
        } else {
            *quantity += row.quantity_t;
        }
    }
    let report = |(year, (rows, value, quantity, missing))| YearReport {
        year,
        rows,
        value_kusd: Some(value),
        quantity_t: Some(quantity),
        missing,
    };
    years.into_iter().map(report).collect()
}

/// How many distinct products and countries there are.
pub fn breadth(rows: &[TradeRow]) -> (usize, usize) {
    let mut products = vec![false; 1_000_000];
    let mut countries = vec![false; 65_536];
    let mark = |list: &mut [bool], at: usize| {
        if let Some(seen) = list.get_mut(at) {
            *seen = true;
        }
    };
    for row in rows {
        mark(&mut products, row.product as usize);
        mark(&mut countries, usize::from(row.exporter));
        mark(&mut countries, usize::from(row.importer));
    }
    let count = |list: &[bool]| list.iter().filter(|seen| **seen).count();
    (count(&products), count(&countries))
}

/// A warning when the values and quantities cannot be in the units that they should be: the middle unit value of traded
/// minerals and metals is some dollars a kilogram.
pub fn unit_warning(rows: &[TradeRow]) -> Option<String> {
    let quantities = rows.iter().filter(|row| row.quantity_t > 0.0);
    let mut values: Vec<f64> = quantities.map(|row| row.value_kusd / row.quantity_t).collect();
    if values.len() < 100 {
        return None;
    }
    let middle = values.len() / 2;
    let (_, median, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let odd = !(0.005..=5_000.0).contains(median);
    odd.then(|| {
        format!("half of the flows cost more than {median:.4} USD/kg: are the values in thousand dollars and the quantities in tonnes?")
    })
}
