//! Published scores, and how far a new one may fall behind.

use std::fmt::Write as _;

use monazite_ensemble::backtest::{Card, Experiment, Zone};

use super::Results;
use crate::failure::Failure;

/// The scores as published, with their tolerances.
const PUBLISHED: &str = include_str!("../../../../../book/src/validation/scores.csv");

/// Which way a figure is better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Better {
    /// Lower is better.
    Lower,
    /// Higher is better.
    Higher,
    /// Nearer to a value is better.
    Near(f64),
}

/// A figure that is published and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Its id, such as `A.outside.crps`.
    pub id: String,
    /// Its value.
    pub value: f64,
    /// How much worse it may become.
    pub tolerance: f64,
    /// Which way is better.
    pub better: Better,
}

impl Figure {
    /// How much worse it is than a published value; negative when better.
    #[must_use]
    pub fn worse_than(&self, published: f64) -> f64 {
        match self.better {
            Better::Lower => self.value - published,
            Better::Higher => published - self.value,
            Better::Near(goal) => (self.value - goal).abs() - (published - goal).abs(),
        }
    }
}

/// The figures of what was run.
pub fn figures(results: &Results) -> Vec<Figure> {
    let mut found = Vec::new();
    for card in &results.cards {
        for zone in [Zone::Outside, Zone::Inside] {
            of_zone(card, zone, &mut found);
        }
        if let Some(rank) = card.rank_of_peaks {
            found.push(figure(
                card.experiment,
                "outside.rank_of_peaks",
                rank,
                0.15,
                Better::Higher,
            ));
        }
    }
    if !results.left_out.is_empty() {
        #[allow(clippy::cast_precision_loss, reason = "a dozen elements")]
        let n = results.left_out.len() as f64;
        let value = results.left_out.iter().map(|l| l.crps_left_out).sum::<f64>() / n;
        found.push(Figure {
            id: "C.crps_left_out".to_owned(),
            value,
            tolerance: 0.03,
            better: Better::Lower,
        });
    }
    found
}

fn of_zone(card: &Card, zone: Zone, found: &mut Vec<Figure>) {
    let mut push = |what: &str, value: Option<f64>, tolerance: f64, better: Better| {
        if let Some(value) = value {
            found.push(figure(
                card.experiment,
                &format!("{}.{what}", zone.word()),
                value,
                tolerance,
                better,
            ));
        }
    };
    push("crps", card.crps(Some(zone), 0), 0.02, Better::Lower);
    push("coverage", card.coverage(Some(zone)), 0.06, Better::Near(0.8));
    push("peak_factor", card.peak_factor(zone), 0.3, Better::Lower);
    push("peaks_in_time", card.peaks_in_time(zone), 0.15, Better::Higher);
}

fn figure(experiment: Experiment, what: &str, value: f64, tolerance: f64, better: Better) -> Figure {
    Figure {
        id: format!("{}.{what}", experiment.letter()),
        value,
        tolerance,
        better,
    }
}

/// Published value and tolerance of a figure.
///
/// # Errors
/// When the published table cannot be read.
pub fn published(id: &str) -> Result<Option<(f64, f64)>, Failure> {
    let broken = |line: &str| {
        Failure::failed(format!(
            "the published scores inside the program cannot be read: `{line}`"
        ))
    };
    for line in PUBLISHED.lines().skip(1) {
        let mut fields = line.split(',');
        if fields.next() != Some(id) {
            continue;
        }
        let mut number = || {
            fields
                .next()
                .and_then(|f| f.parse::<f64>().ok())
                .ok_or_else(|| broken(line))
        };
        return Ok(Some((number()?, number()?)));
    }
    Ok(None)
}

/// Sentences about figures that fell behind the published ones by more than their tolerance.
///
/// # Errors
/// As [`published`].
pub fn worse(figures: &[Figure]) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for figure in figures {
        let Some((value, tolerance)) = published(&figure.id)? else {
            found.push(format!("`{}` has no published value", figure.id));
            continue;
        };
        let worse = figure.worse_than(value);
        if worse > tolerance {
            found.push(format!(
                "`{}` is {:.3}, published {value:.3}: worse by {worse:.3}, tolerance {tolerance:.3}",
                figure.id, figure.value
            ));
        }
    }
    Ok(found)
}

/// The table of scores as it is published.
#[must_use]
pub fn table(figures: &[Figure]) -> String {
    let mut text = "figure,value,tolerance\n".to_owned();
    for f in figures {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{},{:.4},{}", f.id, f.value, f.tolerance);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(value: f64, better: Better) -> Figure {
        Figure {
            id: "x".to_owned(),
            value,
            tolerance: 0.1,
            better,
        }
    }

    #[test]
    fn worse_is_measured_in_the_direction_of_each_figure() {
        assert!((one(0.5, Better::Lower).worse_than(0.4) - 0.1).abs() < 1e-12);
        assert!((one(0.5, Better::Higher).worse_than(0.4) + 0.1).abs() < 1e-12);
        assert!((one(0.95, Better::Near(0.8)).worse_than(0.7) - 0.05).abs() < 1e-12);
    }

    #[test]
    fn every_published_line_can_be_read() {
        for line in PUBLISHED.lines().skip(1) {
            let id = line.split(',').next().unwrap_or_default();
            assert!(published(id).is_ok_and(|p| p.is_some()), "{line}");
        }
    }
}
