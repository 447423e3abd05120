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
        let row = format!("| `{}` | {value:.3} | {} |", fields[0], fields[2]);
        assert!(
            page.contains(&row),
            "the page is stale: no line `{row}`; write it again with `monazite backtest all --write`"
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
