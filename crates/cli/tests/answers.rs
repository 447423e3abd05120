//! What a user reads when all is well: lists, and one scenario from end to end.

mod common;

use common::{Bench, RIGHT, rows, scenario};
use serde_json::Value;

#[test]
fn version() {
    let text = Bench::new().stdout(&["--version"]);
    assert_eq!(text, format!("monazite {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn lists() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    insta::assert_snapshot!(bench.stdout(&["scenario", "show", "mine.toml"]), @r"
    A test
    test: 2025Q1 to 2025Q2, base year 2024

    Events
      event     kind     from        until  what     how much
                                            happens
      ──────────────────────────────────────────────────────────
      licences  licence  2025-01-01  open            30 % passes

    Resting at least partly on assumptions: 1 of 1 event; `monazite scenario show mine.toml --file` says
    which.

    Next
      monazite simulate mine.toml
    ");
    insta::assert_snapshot!(bench.stdout(&["data", "describe", "production"]), @r"
    production.csv
    Mine production of one place in one year, as one series states it. Conflicting series are kept; one
    is preferred.

    A row is identified by place, year, series.

    Columns
      column            kind       unit   needed  values          meaning
      ──────────────────────────────────────────────────────────────────────────────────────────────────
      place             text              yes     places.place    Country.
      year              integer           yes                     Calendar year.
      series            text              yes                     The series: an edition of a yearbook,
                                                                  or customs.
      production_t_reo  number     t REO  yes                     Mine production, t REO in the year.
      preferred         boolean           yes     true, false     True for the one value of the place
                                                                  and year that the model uses.
      source            text list         yes     sources.source  One or more ids of `sources.csv`,
                                                                  joined by `;`.
      confidence        text              yes     A, B, C         A official or filing, B retrieved
                                                                  secondary, C unverified background.
      vintage           text                                      Date the source speaks of or was
                                                                  published: YYYY, YYYY-MM or
                                                                  YYYY-MM-DD.
      note              text                                      Remark in our own words.
    ");
    insta::assert_snapshot!(bench.stdout(&["data", "show", "views", "--where", "view=bloc14", "--limit", "5"]), @r"
    views.csv: 14 rows
      view    id       name
      ──────────────────────────────────────────────────
      bloc14  AUS      Australia
      bloc14  BRA      Brazil
      bloc14  CAN_MEX  Canada and Mexico
      bloc14  CHN      China
      bloc14  CIS      Russia, Kazakhstan and Central A…

    … and 9 more rows; `--limit 0` shows all
    ");
    insta::assert_snapshot!(bench.stdout(&["data", "show", "views", "--where", "id=CHN"]), @r"
    views.csv: 2 rows

    bloc14
      column  value   unit
      ────────────────────
      view    bloc14
      id      CHN
      name    China

    full
      column  value  unit
      ───────────────────
      view    full
      id      CHN
      name    China
    ");
}

#[test]
fn every_scenario_and_table_is_listed() {
    let bench = Bench::new();
    let scenarios = bench.stdout(&["scenario", "list"]);
    for name in ["baseline", "china-2025-04"] {
        assert!(scenarios.contains(&format!("\n  {name} ")), "{scenarios}");
    }
    let tables = bench.stdout(&["data", "list"]);
    let listed = rows(&bench.stdout(&["data", "list", "--csv"]));
    assert!(listed.len() > 20);
    for row in &listed {
        assert!(tables.contains(&format!("\n  {} ", row["table"])), "{tables}");
        bench.stdout(&["data", "describe", &row["table"]]);
    }
    for text in [scenarios, tables] {
        assert!(
            text.lines().all(|line| line.chars().count() <= 100),
            "lines fit a narrow terminal\n{text}"
        );
    }
}

#[test]
fn the_bundled_dataset_is_sound() {
    let bench = Bench::new();
    let text = bench.stdout(&["data", "check"]);
    assert!(text.contains(" 0 errors"), "{text}");
    let lock: Value = serde_json::from_str(&bench.stdout(&["data", "lock", "--json"])).unwrap();
    assert_eq!(lock["sha256"].as_str().unwrap().len(), 64);
    let why = bench.stdout(&["data", "why", "Myanmar", "Dy", "mine", "--year", "2024"]);
    assert!(why.starts_with("Myanmar, Dy, mine (2024)"), "{why}");
}

#[test]
fn the_base_year_closes() {
    let bench = Bench::new();
    let base: Value = serde_json::from_str(&bench.stdout(&["data", "base-year", "--json"])).unwrap();
    assert!(base["largest_imbalance"].as_f64().unwrap() < 1e-6);
    assert!(base["mine_targets"].as_array().unwrap().len() > 5);
    assert!(base["adjustments"].as_array().unwrap().len() > 100);
    let text = bench.stdout(&["data", "base-year"]);
    assert!(text.contains("Missed: "), "misses are shown openly");
}

#[test]
fn calibration_is_shown_against_the_evidence() {
    let bench = Bench::new();
    let found: Value =
        serde_json::from_str(&bench.stdout(&["market", "calibrate", "--json", "--view", "bloc14"])).unwrap();
    let prices = found["prices"].as_array().unwrap();
    assert_eq!(prices.len(), 32, "sixteen elements inside and outside China");
    assert!(
        prices
            .iter()
            .all(|row| row["evidence_usd_per_kg"].as_f64().unwrap() > 0.0)
    );
}

#[test]
fn a_scenario_from_end_to_end() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    let text = bench.stdout(&["simulate", "mine.toml", "--view", "bloc14"]);
    for part in [
        "A test",
        "Who runs short of what",
        "Prices in and outside China",
        "What it costs users",
        "What still holds at the end, in 2025Q2",
        "USD of 2024; central values, bands come with `--paths`",
        "Result in results/test-bloc14",
        "monazite explain results/test-bloc14 --price",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
    assert!(
        text.lines().all(|line| line.chars().count() <= 100),
        "lines fit a narrow terminal\n{text}"
    );
    for file in [
        "run.toml",
        "scenario.toml",
        "dataset.lock",
        "report.html",
        "prices.parquet",
        "shortages.parquet",
    ] {
        assert!(
            bench.dir.path().join("results/test-bloc14").join(file).is_file(),
            "{file}"
        );
    }
    let asked = bench.stdout(&[
        "explain",
        "results/test-bloc14",
        "--price",
        "Dy",
        "--place",
        "Japan",
        "--quarter",
        "2025Q2",
    ]);
    assert!(asked.contains("2025Q2"), "{asked}");
    let asked = bench.stdout(&[
        "explain",
        "results/test-bloc14",
        "--shortage",
        "Dy",
        "--place",
        "JPN",
        "--json",
    ]);
    serde_json::from_str::<Value>(&asked).unwrap();
}

#[test]
fn programs_get_the_same_numbers_as_json_and_csv() {
    let bench = Bench::new();
    bench.file("mine.toml", scenario(RIGHT));
    let args = ["simulate", "mine.toml", "--view", "bloc14", "--no-report"];
    let json: Value = serde_json::from_str(&bench.stdout(&[&args[..], &["--json"]].concat())).unwrap();
    let csv = rows(&bench.stdout(&[&args[..], &["--csv"]].concat()));
    let list = json["shortages"].as_array().unwrap();
    assert_eq!(list.len(), csv.len());
    for (one, other) in list.iter().zip(&csv) {
        assert_eq!(one["product"].as_str().unwrap(), other["product"]);
        let peak: f64 = other["peak_usd_per_kg"].parse().unwrap();
        assert!((one["peak_usd_per_kg"].as_f64().unwrap() - peak).abs() <= 1e-12 * peak);
    }
    let prices = rows(&bench.stdout(&[&args[..], &["--csv=prices"]].concat()));
    assert!(
        prices
            .iter()
            .any(|row| row["quarter"] == "base" && row["product"] == "oxide:Dy")
    );
}

#[test]
fn colour_is_only_for_those_who_want_it() {
    let bench = Bench::new();
    let escape = '\u{1b}';
    assert!(!bench.stdout(&["scenario", "list"]).contains(escape), "no terminal");
    assert!(
        bench
            .stdout(&["scenario", "list", "--color", "always"])
            .contains(escape)
    );
    assert!(!bench.stdout(&["scenario", "list", "--color=never"]).contains(escape));
}

#[test]
fn a_reader_who_leaves_is_no_failure() {
    use std::process::Stdio;
    let bench = Bench::new();
    let mut child = bench
        .command(&["data", "show", "trade", "--csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}
