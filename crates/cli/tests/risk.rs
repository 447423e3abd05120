//! `monazite risk` through the real program: answers, files and messages.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Bench, rows};

/// Runs the program and compares what a user sees.
macro_rules! seen {
    ($bench:expr, $args:expr, @$text:literal) => {
        insta::assert_snapshot!($bench.run(&$args), @$text);
    };
}

#[test]
fn the_overview_names_the_largest_at_every_stage() {
    let bench = Bench::new();
    let text = bench.stdout(&["risk"]);
    assert_eq!(text, bench.stdout(&["risk", "show"]));
    assert!(text.contains("Dy       China") && text.contains("magnet"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&bench.stdout(&["risk", "--json"])).unwrap();
    assert_eq!(json["overview"].as_array().unwrap().len(), 17 * 4);
}

#[test]
fn shares_of_a_stage_sum_to_one_and_missing_is_empty() {
    let bench = Bench::new();
    let found = rows(&bench.stdout(&[
        "risk",
        "table",
        "--method",
        "shares",
        "--stage",
        "magnet",
        "--element",
        "TREO",
        "--csv",
    ]));
    let sum: f64 = found.iter().map(|row| row["value"].parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-9);
    assert_eq!(found[0]["holder"], "CHN");
    let found = rows(&bench.stdout(&[
        "risk", "table", "--method", "hhi", "--stage", "metal", "--years", "2018", "--csv",
    ]));
    for row in found {
        assert!(row["value"].is_empty() && !row["missing"].is_empty(), "{row:?}");
    }
}

#[test]
fn explain_adds_up() {
    let bench = Bench::new();
    let ask = |table: &str| {
        let csv = format!("--csv={table}");
        let args = [
            "risk",
            "table",
            "--method",
            "hhi",
            "--stage",
            "mine",
            "--element",
            "Dy",
            "--explain",
        ];
        rows(&bench.stdout(&[&args[..], &[csv.as_str()]].concat()))
    };
    let value: f64 = ask("scores")[0]["value"].parse().unwrap();
    let parts = ask("terms");
    let sum: f64 = parts
        .iter()
        .filter_map(|row| row["contribution"].parse::<f64>().ok())
        .sum();
    assert!((sum - value).abs() < 1e-12);
    assert!(parts.iter().all(|row| !row["sources"].is_empty()));
}

#[test]
fn a_ranking_is_the_same_for_a_seed() {
    let bench = Bench::new();
    let ask = |seed: &str| {
        bench.stdout(&[
            "risk",
            "rank",
            "--stage",
            "separation",
            "--draws",
            "300",
            "--seed",
            seed,
            "--csv",
        ])
    };
    assert_eq!(ask("7"), ask("7"));
    let found = rows(&ask("7"));
    assert!(found.len() > 10);
    for row in &found {
        let rank = |key: &str| row[key].parse::<usize>().unwrap();
        assert!(rank("rank_5") <= rank("median_rank") && rank("median_rank") <= rank("rank_95"));
    }
}

#[test]
fn files_hold_the_tables_and_their_sources() {
    let bench = Bench::new();
    bench.stdout(&[
        "risk",
        "table",
        "--method",
        "hhi",
        "--stage",
        "mine",
        "--xlsx",
        "hhi.xlsx",
        "--parquet",
        "hhi.parquet",
    ]);
    let read = |name: &str| std::fs::read(bench.dir.path().join(name)).unwrap();
    // A workbook is a zip archive; a Parquet file begins and ends with its mark.
    assert!(read("hhi.xlsx").starts_with(b"PK"));
    assert!(read("hhi.parquet").starts_with(b"PAR1") && read("hhi.parquet").ends_with(b"PAR1"));
    bench.stdout(&[
        "risk",
        "table",
        "--method",
        "hhi",
        "--stage",
        "mine",
        "--parquet",
        "tables",
    ]);
    for name in ["tables/scores.parquet", "tables/sources.parquet"] {
        assert!(read(name).starts_with(b"PAR1"));
    }
    // Other verbs write files too.
    bench.stdout(&["data", "list", "--xlsx", "list.xlsx"]);
    assert!(read("list.xlsx").starts_with(b"PK"));
}

#[test]
fn history_keeps_to_years_of_the_evidence() {
    let bench = Bench::new();
    let found = rows(&bench.stdout(&[
        "risk",
        "history",
        "--method",
        "hhi",
        "--stage",
        "mine",
        "--element",
        "TREO",
        "--csv",
    ]));
    let years: Vec<u16> = found.iter().map(|row| row["year"].parse().unwrap()).collect();
    assert!(years.contains(&1995) && years.contains(&2025) && !years.contains(&2030));
}

#[test]
fn inputs_of_ones_own() {
    let bench = Bench::new();
    bench.file(
        "mine.csv",
        "material,hhi_global,hhi_union,import_reliance,eol_rir,substitution_sr,supply_used\nUnobtainium,4.0,2.0,0.5,0.1,0.9,both\n",
    );
    let found = rows(&bench.stdout(&[
        "risk", "table", "--method", "eu", "--years", "2024", "--inputs", "mine.csv", "--csv",
    ]));
    let value: f64 = found[0]["value"].parse().unwrap();
    // (4 × 0.25 + 2 × 0.75) × 0.9 × 0.9
    assert!((value - 2.025).abs() < 1e-9);
}

#[test]
fn wrong_words_and_wrong_files() {
    let bench = Bench::new();
    seen!(bench, ["risk", "table", "--method", "hh"], @r"
    exit code 2
    ----- errors
    error: unknown method `hh`; did you mean `hhi`?
    hint: methods: shares, hhi, eu, reliance, n-1, chokepoints, usgs, geopolrisk
    ");
    seen!(bench, ["risk", "table", "--method", "hhi", "--material", "Nikel"], @r"
    exit code 2
    ----- errors
    error: unknown material `Nikel`; did you mean `Nickel`?
    hint: `monazite data show materials --limit 0` lists them
    ");
    seen!(bench, ["risk", "table", "--method", "hhi", "--element", "Dx"], @r"
    exit code 2
    ----- errors
    error: unknown element `Dx`; did you mean `Dy`?
    hint: give a symbol such as Dy, or one of NdPr, LaCe, LREE, HREE, SEG, DyTb, TREO; other minerals go by `--material`
    ");
    seen!(bench, ["risk", "table", "--method", "hhi", "--years", "2022..2018"], @r"
    exit code 2
    ----- errors
    error: the years `2022..2018` run backwards
    hint: write `--years 2018..2022` or `--years 2009,2024`
    ");
    seen!(bench, ["risk", "table", "--method", "reliance"], @r"
    exit code 2
    ----- errors
    error: `reliance` is of an importer
    hint: name one or more: `--importer USA,JPN,EU`
    ");
    bench.file("wrong.csv", "material,hhi_global,eol_rir\nNickel,abc,1.2\n");
    seen!(bench, ["risk", "table", "--method", "eu", "--inputs", "wrong.csv"], @r"
    exit code 2
    ----- errors
    wrong.csv:2: error: column `hhi_global`: `abc` is not a number
      hint: leave the cell empty when the value is not known
    wrong.csv:2: error: column `eol_rir`: 1.2 is not between 0 and 1
      hint: percentages need a head that ends in `pct`

    error: the table has 2 problems; nothing was computed from it
    ");
    seen!(bench, ["risk", "rank", "--years", "2009,2024"], @r"
    exit code 2
    ----- errors
    error: a ranking is of one year
    hint: give one, such as `--years 2024`, or use `monazite risk history`
    ");
}
