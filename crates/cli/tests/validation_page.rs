//! The page of the hindcast is whole and says what is held, and nothing that is kept back has slipped into the dataset.

#![allow(clippy::expect_used)] // helpers of tests

use std::path::{Path, PathBuf};

use monazite_evidence::Dataset;
use monazite_evidence::table::PriceZone;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/validation")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).expect("a file of the validation folder")
}

#[test]
fn every_held_score_stands_on_the_page() {
    let page = text("hindcast.md");
    let scores = text("scores.csv");
    let mut held = 0;
    for line in scores.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let value: f64 = fields[1].parse().expect("a number");
        // The page rounds to three decimals what the table rounds to four.
        let shown = page.lines().find_map(|row| {
            let rest = row.strip_prefix(&format!("| `{}` | ", fields[0]))?;
            rest.strip_suffix(&format!(" | {} |", fields[2]))?.parse::<f64>().ok()
        });
        assert!(
            shown.is_some_and(|shown| (shown - value).abs() <= 5.6e-4),
            "the page is stale: no line of `{}` with {value:.3}; write it again with `monazite backtest all --write`",
            fields[0]
        );
        held += 1;
    }
    assert!(held >= 10, "{held} scores are held");
}

#[test]
fn every_chart_of_the_page_is_there() {
    let page = text("hindcast.md");
    let charts: Vec<&str> = page
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|f| Path::new(f).extension().is_some_and(|e| e == "svg"))
        .collect();
    assert!(charts.len() >= 15, "{} charts", charts.len());
    for chart in charts {
        assert!(text(chart).starts_with("<svg"), "{chart}");
    }
}

#[test]
fn prices_outside_after_march_2025_are_kept_back() {
    let dataset = Dataset::bundled().expect("the bundled dataset loads");
    let late = |p: &&monazite_evidence::table::Price| {
        p.zone == PriceZone::Outside && (p.period.year(), p.period.quarter().unwrap_or(1)) > (2025, 1)
    };
    assert_eq!(dataset.prices.iter().filter(late).count(), 0);
}
