//! The page of the checks in the book, with its tables as files.

use std::fmt::Write as _;
use std::path::Path;

use monazite_evidence::Dataset;

use super::checks::{Check, Found};
use super::{row, summary, table};
use crate::failure::Failure;
use crate::output::write_csv;

/// What a reader must know before the numbers.
const BEFORE: &str = "\
Every published figure that comes with the program, set against what the program computes, and what calibration had to move. The same
checks run in every test: one that falls behind what is committed here by more than a fifth of what is wanted stops it.

Most of these were known while the model was built, so they show that it reproduces, not that it foresees. What it foresees is scored in
the [hindcast](hindcast.md). Further checks need files that are not ours to ship (trade of the whole world, scores of other programs); they
are tests that run where those files lie beside the project, and their results stand in [validation](../validation.md).
";
/// Residuals that the page shows.
const SHOWN: usize = 40;

/// Writes the page, the checks and the residuals.
pub fn write(dir: &Path, dataset: &Dataset, found: &Found) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|e| Failure::io("write the pages", dir, &e))?;
    let put = |name: &str, text: &[u8]| {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(|e| Failure::io("write the pages", &path, &e))
    };
    let mut all = table(&[]);
    for check in &found.checks {
        all.push(row(check));
    }
    put("oracles.csv", &write_csv(&all)?)?;
    put("residuals.csv", &write_csv(&found.residuals)?)?;
    put("oracles.md", page(dataset, found).as_bytes())
}

fn page(dataset: &Dataset, found: &Found) -> String {
    let mut text = String::new();
    let date = jiff::Zoned::now().date();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "# Published figures and residuals\n\n*Written by `monazite validate --write book/src/validation`, version {}, on {date}, \
         dataset `{}`. Do not edit.*\n\n{BEFORE}",
        env!("CARGO_PKG_VERSION"),
        dataset.lock().short()
    );
    let _ = writeln!(text, "{}", summary(&found.checks).to_markdown());
    let mut parts: Vec<&str> = found.checks.iter().map(|c| c.part).collect();
    parts.dedup();
    for part in parts {
        let of: Vec<Check> = found.checks.iter().filter(|c| c.part == part).cloned().collect();
        let _ = writeln!(
            text,
            "\n## {}{}\n\n{}",
            part[..1].to_uppercase(),
            &part[1..],
            table(&of).to_markdown()
        );
    }
    let mut largest = found.residuals.clone();
    let all = largest.rows.len();
    largest.rows.truncate(SHOWN);
    let _ = writeln!(
        text,
        "\n## What calibration had to move\n\nThe {} largest of {all}; all are in [residuals.csv](residuals.csv). Prior: the cost or \
         price that the evidence alone suggests. Calibrated: the one under which the base quarter is an equilibrium.\n\n{}",
        largest.rows.len(),
        largest.to_markdown()
    );
    text
}
