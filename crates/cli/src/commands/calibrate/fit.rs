//! The fit of the calibrated base quarter in figures, against the committed ones.

use monazite_evidence::reconcile::BaseYear;
use monazite_market::chain::Chain;
use monazite_market::quarter::Outcome;

use crate::commands::targets::Target;
use crate::failure::Failure;

/// Figures as committed, with their tolerances.
const COMMITTED: &str = include_str!("../../../../../book/src/validation/calibration.csv");
/// Flows that are looked at one by one.
const LARGEST: usize = 50;

/// One figure of the fit; lower is better.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Its name.
    pub what: &'static str,
    /// In words.
    pub words: &'static str,
    /// Its value: a share, or points of shares for stage shares.
    pub value: f64,
    /// Committed value and tolerance, where there are any.
    pub committed: Option<(f64, f64)>,
}

impl Fit {
    /// Whether it is worse than committed, by more than its tolerance.
    pub fn is_worse(&self) -> bool {
        self.committed
            .is_some_and(|(value, tolerance)| self.value > value + tolerance)
    }
}

/// Weighted error of the fifty largest flows of customs, base year against evidence.
pub fn customs(base: &BaseYear) -> f64 {
    let mut customs: Vec<(f64, f64)> = (base.adjustments.iter())
        .filter(|a| a.stage == "trade")
        .map(|a| (a.evidence, a.reconciled))
        .collect();
    customs.sort_by(|a, b| b.0.total_cmp(&a.0));
    customs.truncate(LARGEST);
    super::wape(customs.into_iter())
}

/// Weighted error of all flows, solved base quarter against the base year.
pub fn flows(chain: &Chain, outcome: &Outcome) -> f64 {
    super::wape(chain.routes.iter().map(|r| r.base).zip(outcome.flow.iter().copied()))
}

/// The figures of a base quarter. `misses` are the deviations of oxide prices from the evidence, inside and outside China.
///
/// # Errors
/// When the committed figures cannot be read.
pub fn figures(
    view: &str,
    base: &BaseYear,
    chain: &Chain,
    outcome: &Outcome,
    misses: [f64; 2],
    shares: &[Target],
) -> Result<Vec<Fit>, Failure> {
    let routes = || chain.routes.iter().map(|r| r.base).zip(outcome.flow.iter().copied());
    let mut largest: Vec<(f64, f64)> = routes().collect();
    largest.sort_by(|a, b| b.0.total_cmp(&a.0));
    largest.truncate(LARGEST);
    let plants = chain
        .processes
        .iter()
        .map(|p| p.base)
        .zip(outcome.level.iter().copied());
    let uses = chain.segments.iter().map(|s| s.base).zip(outcome.used.iter().copied());
    let off = shares.iter().map(|t| t.off.abs()).fold(0.0, f64::max);
    let list = [
        (
            "flows_top50",
            "fifty largest flows, solved against the base year",
            super::wape(largest.into_iter()),
        ),
        (
            "flows",
            "all flows, solved against the base year",
            flows(chain, outcome),
        ),
        (
            "customs_top50",
            "fifty largest flows of customs, base year against evidence",
            customs(base),
        ),
        (
            "production",
            "plants and mines, solved against the base year",
            super::wape(plants),
        ),
        ("use", "use, solved against the base year", super::wape(uses)),
        (
            "price_inside_worst",
            "oxide prices in China, worst against evidence",
            misses[0],
        ),
        (
            "price_outside_worst",
            "oxide prices outside, worst against evidence",
            misses[1],
        ),
        (
            "stage_share_worst",
            "stage shares, worst against published, points",
            off,
        ),
    ];
    list.into_iter()
        .map(|(what, words, value)| {
            Ok(Fit {
                what,
                words,
                value,
                committed: committed(base.year, view, what)?,
            })
        })
        .collect()
}

fn committed(year: u16, view: &str, what: &str) -> Result<Option<(f64, f64)>, Failure> {
    let key = [year.to_string(), view.to_owned(), what.to_owned()];
    for line in COMMITTED.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        if let [y, v, w, value, tolerance] = fields[..]
            && [y, v, w] == [&key[0], &key[1], &key[2]]
        {
            let number = |text: &str| {
                text.parse::<f64>().map_err(|_| {
                    Failure::failed(format!("the committed fit inside the program cannot be read: `{line}`"))
                })
            };
            return Ok(Some((number(value)?, number(tolerance)?)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_is_worse_only_beyond_its_tolerance() {
        let fit = |value| Fit {
            what: "flows",
            words: "",
            value,
            committed: Some((0.02, 0.01)),
        };
        assert!(!fit(0.03).is_worse() && fit(0.031).is_worse() && !fit(0.0).is_worse());
    }

    #[test]
    fn every_committed_line_can_be_read() {
        for line in COMMITTED.lines().skip(1) {
            let f: Vec<&str> = line.split(',').collect();
            let year = f[0].parse().expect("a year");
            assert!(committed(year, f[1], f[2]).is_ok_and(|c| c.is_some()), "{line}");
        }
    }
}
