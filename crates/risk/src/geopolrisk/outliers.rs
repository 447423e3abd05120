//! Flows that cannot be what they say: a quantity or a value lost on the way, or another product under the heading.
//!
//! A flow is flagged when its unit value is far from the heading's median of the year *and* it is large enough to
//! matter: thirty times off and at least a hundredth of the world's trade, or ten times off and at least a third of it.
//! The median is weighted by value: half of the trade's worth is dearer, half cheaper, so that a crowd of small parcels
//! cannot move it. Too cheap flows are measured by their part of the quantity, too dear ones by their part of the value.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::columns::Trade;

/// Far off: a factor, and the part of world trade from which on it counts.
const FAR: (f64, f64) = (30.0, 0.01);
/// Off, but so large a part of the trade that it is likely another product.
const LARGE: (f64, f64) = (10.0, 1.0 / 3.0);

/// The flows of one heading in one year.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    /// Rows of the trade table.
    pub rows: Vec<usize>,
    /// Unit value in the middle of the trade's worth, kUSD/t; none without quantities.
    pub median: Option<f64>,
}

/// Flows by year and heading, with the flagged ones.
#[derive(Debug, Clone, Default)]
pub struct Flows {
    headings: HashMap<(u16, u32), Heading>,
    flagged: Vec<bool>,
}

impl Flows {
    /// Sorts the flows of a table and looks for outliers.
    #[must_use]
    pub fn new(trade: &Trade) -> Self {
        let mut headings: HashMap<(u16, u32), Heading> = HashMap::new();
        for (row, key) in trade
            .year
            .iter()
            .copied()
            .zip(trade.heading.iter().copied())
            .enumerate()
        {
            headings.entry(key).or_default().rows.push(row);
        }
        let found: Vec<(_, Option<f64>, Vec<usize>)> = headings
            .par_iter()
            .map(|(key, heading)| {
                let (median, outliers) = examine(trade, &heading.rows);
                (*key, median, outliers)
            })
            .collect();
        let mut flagged = vec![false; trade.len()];
        for (key, median, outliers) in found {
            if let Some(heading) = headings.get_mut(&key) {
                heading.median = median;
            }
            for row in outliers {
                if let Some(flag) = flagged.get_mut(row) {
                    *flag = true;
                }
            }
        }
        Self { headings, flagged }
    }

    /// The flows of a heading in a year.
    #[must_use]
    pub fn of(&self, year: u16, heading: u32) -> Option<&Heading> {
        self.headings.get(&(year, heading))
    }

    /// Whether a flow is flagged.
    #[must_use]
    pub fn is_outlier(&self, row: usize) -> bool {
        self.flagged.get(row).copied().unwrap_or(false)
    }

    /// How many flows are flagged.
    #[must_use]
    pub fn outliers(&self) -> usize {
        self.flagged.iter().filter(|flagged| **flagged).count()
    }
}

/// The median unit value of some flows, and those that are outliers.
fn examine(trade: &Trade, rows: &[usize]) -> (Option<f64>, Vec<usize>) {
    let flow = |row: usize| Some((*trade.value.get(row)?, *trade.quantity.get(row)?));
    let mut sized: Vec<(f64, f64, f64, usize)> = rows
        .iter()
        .filter_map(|row| {
            let (value, quantity) = flow(*row)?;
            (quantity > 0.0 && value > 0.0).then(|| (value / quantity, value, quantity, *row))
        })
        .collect();
    sized.sort_by(|a, b| a.0.total_cmp(&b.0));
    let world_value: f64 = sized.iter().map(|flow| flow.1).sum();
    let world_quantity: f64 = sized.iter().map(|flow| flow.2).sum();
    let mut below = 0.0;
    let median = sized.iter().find_map(|(unit_value, value, _, _)| {
        below += value;
        (2.0 * below >= world_value).then_some(*unit_value)
    });
    let Some(median) = median else {
        return (None, Vec::new());
    };
    let outliers = sized.iter().filter(|(unit_value, value, quantity, _)| {
        let cheap = *unit_value < median;
        let factor = if cheap {
            median / unit_value
        } else {
            unit_value / median
        };
        let part = if cheap {
            quantity / world_quantity
        } else {
            value / world_value
        };
        [FAR, LARGE].iter().any(|(off, from)| factor >= *off && part >= *from)
    });
    (Some(median), outliers.map(|flow| flow.3).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trade(flows: &[(f64, f64)]) -> Trade {
        Trade {
            year: vec![2024; flows.len()],
            exporter: vec![156; flows.len()],
            importer: vec![842; flows.len()],
            heading: vec![284_690; flows.len()],
            value: flows.iter().map(|flow| flow.0).collect(),
            quantity: flows.iter().map(|flow| flow.1).collect(),
            ..Trade::default()
        }
    }

    #[test]
    fn a_flow_must_be_both_far_off_and_large() {
        // The median is 10 kUSD/t.
        let trade = trade(&[
            (100_000.0, 10_000.0),
            (1.0, 3_000.0),     // nearly free, and a large part of the tonnes
            (0.01, 30.0),       // nearly free, too small to matter
            (5_000.0, 5.0),     // a hundred times too dear, and a large part of the worth
            (5.0, 0.01),        // as dear, too small to matter
            (9_000.0, 4_500.0), // five times cheaper: another mix of elements
            (4.0, f64::NAN),
        ]);
        let flows = Flows::new(&trade);
        let flagged: Vec<usize> = (0..trade.len()).filter(|row| flows.is_outlier(*row)).collect();
        assert_eq!(flagged, [1, 3]);
        assert_eq!(flows.of(2024, 284_690).unwrap().median, Some(10.0));
        assert!(flows.of(2023, 284_690).is_none());
    }

    #[test]
    fn a_third_of_the_trade_is_another_product_when_ten_times_off() {
        let flows = Flows::new(&trade(&[(1_000.0, 10.0), (600.0, 60.0), (5.0, 0.05)]));
        assert_eq!(flows.outliers(), 1);
        assert!(flows.is_outlier(1));
    }

    #[test]
    fn flows_without_quantity_give_no_median() {
        let flows = Flows::new(&trade(&[(1.0, f64::NAN), (2.0, 0.0)]));
        assert_eq!(flows.of(2024, 284_690).unwrap().median, None);
        assert_eq!(flows.outliers(), 0);
    }
}
