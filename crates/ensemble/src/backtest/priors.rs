//! Draws of the priors: every row of `behaviour.csv` with a range, and what an experiment adds.

use monazite_evidence::table::Shape;
use monazite_evidence::{Dataset, Element};

use crate::distribution::{Distribution, normal_quantile};

/// Dimensions that follow those of the rows: demand of each element and of magnets, and the odds of licences.
const OWN: usize = Element::COUNT + 2;
/// Spread of the odds of licences, log.
const ODDS_SPREAD: f64 = 0.5;

/// The rows that vary, in the table's order.
#[derive(Clone, Debug)]
pub(super) struct Priors {
    rows: Vec<(usize, Distribution)>,
}

/// What an experiment draws besides rows.
#[derive(Clone, Debug)]
pub(super) struct Drift {
    /// Growth of reference demand a year, log, by element and for magnets last.
    pub demand: Vec<f64>,
    /// Share of a quota that leaves besides it.
    pub leakage: f64,
    /// Multiple of the odds of licences.
    pub odds: f64,
}

impl Priors {
    pub fn of(dataset: &Dataset) -> Self {
        let rows = dataset.behaviour.iter().enumerate();
        let varies = rows.filter(|(_, b)| b.high > b.low && b.value > 0.0);
        Self {
            rows: varies
                .map(|(at, b)| {
                    let distribution = Distribution {
                        shape: Shape::Triangular,
                        low: b.low / b.value,
                        high: b.high / b.value,
                    };
                    (at, distribution)
                })
                .collect(),
        }
    }

    pub fn dimensions(&self) -> usize {
        self.rows.len() + OWN
    }

    /// Writes a point of the cube into a copy of the dataset, and gives the rest of the draw.
    pub fn write(&self, point: &[f64], centre: &Dataset, desk: &mut Dataset, grows: bool) -> Drift {
        for ((at, distribution), u) in self.rows.iter().zip(point) {
            if let (Some(row), Some(best)) = (desk.behaviour.get_mut(*at), centre.behaviour.get(*at)) {
                row.value = best.value * distribution.quantile(*u);
            }
        }
        let value = |parameter: &str| desk.behaviour(parameter).map_or(0.0, |b| b.value);
        let own = |d: usize| normal_quantile(point.get(self.rows.len() + d).copied().unwrap_or(0.5));
        let growth = if grows {
            value("demand_growth_after_2009_per_year").ln_1p()
        } else {
            0.0
        };
        // The spread is stated for two years on.
        let spread = value("demand_element_spread_log") / 2.0;
        Drift {
            demand: (0..=Element::COUNT).map(|d| growth + spread * own(d)).collect(),
            leakage: value("export_quota_leakage"),
            odds: (ODDS_SPREAD * own(Element::COUNT + 1)).exp(),
        }
    }
}
