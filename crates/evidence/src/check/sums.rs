//! Parts that must make a whole.

use std::collections::BTreeMap;

use super::Checker;
use crate::ids::SourceId;
use crate::problem::{Problem, Problems};
use crate::table::{DemandShare, Distribution, GradeMix, MagnetGrade, Row, StageShare};

/// Published distributions are rounded to two decimals over fifteen elements.
const PERCENT_TOLERANCE: f64 = 0.1;
/// Shares are written with six decimals or so over forty places.
const SHARE_TOLERANCE: f64 = 0.001;

pub(super) fn check(checker: &mut Checker<'_>) {
    distributions(checker);
    shares(checker);
    magnets(checker);
    stage_shares(checker);
}

fn distributions(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<Distribution>().iter() {
        let sum: f64 = row.percents().iter().map(|p| p.0).sum();
        if (sum - 100.0).abs() > PERCENT_TOLERANCE {
            problems.push(
                Problem::error(
                    Distribution::SPEC.file,
                    format!("the parts of `{}` sum to {sum:.3}, not 100", row.distribution),
                )
                .line(line)
                .hint("scale the parts to 100 and say so in `normalisation`"),
            );
        }
    }
    checker.note(problems);
}

/// Sums by group, with the line of the group's first row.
#[derive(Default)]
struct Sums(BTreeMap<String, (f64, u64)>);

impl Sums {
    fn add(&mut self, group: String, value: f64, line: u64) {
        self.0.entry(group).or_insert((0.0, line)).0 += value;
    }

    fn must_be_one(&self, file: &str, problems: &mut Problems) {
        for (group, &(sum, line)) in &self.0 {
            if (sum - 1.0).abs() > SHARE_TOLERANCE {
                problems.push(
                    Problem::error(file, format!("the shares of {group} sum to {sum:.5}, not 1"))
                        .line(line)
                        .hint("the group begins on this line"),
                );
            }
        }
    }
}

fn shares(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    let mut by_use = Sums::default();
    for (row, line) in checker.rows::<DemandShare>().iter() {
        by_use.add(format!("`{}` in {}", row.end_use, row.year), row.share.0, line);
    }
    by_use.must_be_one(DemandShare::SPEC.file, &mut problems);
    let mut by_use = Sums::default();
    for (row, line) in checker.rows::<GradeMix>().iter() {
        by_use.add(format!("`{}`", row.end_use), row.share.0, line);
    }
    by_use.must_be_one(GradeMix::SPEC.file, &mut problems);
    checker.note(problems);
}

fn magnets(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<MagnetGrade>().iter() {
        let sum: f64 = row.contents().map(|(_, content)| content.0).sum();
        // Sintered neodymium magnets hold 28 to 33 percent rare earths, samarium-cobalt up to 36, bonded less.
        if !(0.1..=0.45).contains(&sum) {
            problems.push(
                Problem::warning(
                    MagnetGrade::SPEC.file,
                    format!("`{}` holds {sum:.3} kg rare earths per kg", row.grade),
                )
                .line(line)
                .hint("most grades hold 0.2 to 0.36"),
            );
        }
    }
    checker.note(problems);
}

fn stage_shares(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    let mut sums = Sums::default();
    for (row, line) in checker.rows::<StageShare>().iter() {
        let basis = row.basis.as_deref().unwrap_or_default();
        let sources: Vec<&str> = row.provenance.sources.iter().map(SourceId::as_str).collect();
        let group = format!(
            "{} of {} in {} ({basis}; {})",
            row.stage,
            row.material,
            row.year,
            sources.join(";")
        );
        sums.add(group, row.share_pct.0, line);
    }
    for (group, (sum, line)) in sums.0 {
        if sum > 101.0 {
            problems.push(
                Problem::warning(
                    StageShare::SPEC.file,
                    format!("the shares of {group} sum to {sum:.1} %"),
                )
                .line(line)
                .hint("tell conflicting statements apart by `basis`"),
            );
        }
    }
    checker.note(problems);
}
