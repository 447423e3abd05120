//! `monazite stockpile`, as a user sees it.

mod common;

use common::Bench;

const CONFLICT: &str = r#"name = "mine"
title = "China stops delivering"
base_year = 2024
first_year = 2026
years = 2
growth = 0.02
surge = [2, { low = 1, central = 1.5, high = 2 }]

[[defence]]
end_use = "tbc"
share = { low = 0.1, central = 0.2, high = 0.4 }

[[supplier]]
places = ["CHN"]
access = { low = 0, central = 0.1, high = 0.3 }
"#;

#[test]
fn an_emergency_of_ones_own() {
    let bench = Bench::new();
    bench.file("mine.toml", CONFLICT);
    let args = [
        "stockpile",
        "--for",
        "Japan",
        "--scenario",
        "mine.toml",
        "--draws",
        "20",
        "--json",
    ];
    let text = bench.stdout(&args);
    assert_eq!(text, bench.stdout(&args));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["place"], "JPN");
    let products = json["products"].as_array().unwrap();
    let sum: f64 = products.iter().filter_map(|row| row["stock_musd"].as_f64()).sum();
    let cost = json["cost_musd"].as_f64().unwrap();
    assert!((sum - cost).abs() < 1e-6 * cost, "{sum} is not {cost}");
    for row in products {
        let by_sector: f64 = (["short_defence", "short_investment", "short_civilian"].iter())
            .map(|key| row[key].as_f64().unwrap())
            .sum();
        assert!((by_sector - row["short"].as_f64().unwrap()).abs() < 1e-6);
    }
}

#[test]
fn the_market_scenario_runs() {
    let bench = Bench::new();
    bench.stdout(&[
        "stockpile",
        "--scenario",
        "conflict-4y",
        "--draws",
        "1",
        "--scenario-out",
        "war.toml",
        "--csv=totals",
    ]);
    let text = bench.stdout(&[
        "simulate",
        "war.toml",
        "--view",
        "bloc14",
        "--no-report",
        "--csv=losses",
    ]);
    assert!(text.contains("USA"), "{text}");
}

#[test]
fn messages() {
    let bench = Bench::new();
    bench.file("mine.toml", CONFLICT);
    bench.file("misspelt.toml", CONFLICT.replace("growth", "grwth"));
    bench.file("missing.toml", CONFLICT.replace("base_year = 2024\n", ""));
    bench.file(
        "wrong.toml",
        CONFLICT
            .replace("\"tbc\"", "\"tbcs\"")
            .replace("\"CHN\"", "\"CHM\", \"*\"")
            .replace("high = 0.3", "high = 30")
            .replace("years = 2\n", "years = 0\n")
            .replace("low = 0.1, central = 0.2", "low = 0.3, central = 0.2"),
    );
    bench.file(
        "text.toml",
        CONFLICT.replace("growth = 0.02", "growth = \"two percent\""),
    );
    bench.file("year.toml", CONFLICT.replace("base_year = 2024", "base_year = 2020"));
    let mut seen = Vec::new();
    for args in [
        &["stockpile", "--scenario", "misspelt.toml"][..],
        &["stockpile", "--scenario", "missing.toml"],
        &["stockpile", "--scenario", "wrong.toml"],
        &["stockpile", "--scenario", "text.toml"],
        &["stockpile", "--scenario", "year.toml"],
        &["stockpile", "--scenario", "nowhere.toml"],
        &["stockpile", "--scenario", "conflict-4"],
        &["stockpile", "--for", "Jpaan"],
        &["stockpile", "--draws", "0"],
        &["stockpile", "new", "mine.toml"],
        &["stockpile", "list"],
    ] {
        seen.push(format!("$ monazite {}\n{}", args.join(" "), bench.run(args)));
    }
    insta::assert_snapshot!(seen.join("\n\n"));
}
