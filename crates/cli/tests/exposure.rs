//! `monazite exposure`: answers and messages through the real program.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod common;

use common::{Bench, rows};
use serde_json::Value;

fn json(bench: &Bench, args: &[&str]) -> Value {
    let mut all = args.to_vec();
    all.push("--json");
    serde_json::from_str(&bench.stdout(&all)).unwrap()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key]
        .as_f64()
        .unwrap_or_else(|| panic!("no number `{key}` in {value}"))
}

/// Every line must be among what the user sees, letter for letter.
fn says(seen: &str, lines: &[&str]) {
    for line in lines {
        assert!(seen.lines().any(|l| l == *line), "not said: {line}\n--- but:\n{seen}");
    }
}

#[test]
fn nothing_named() {
    says(
        &Bench::new().run(&["exposure"]),
        &[
            "exit code 2",
            "error: what is exposed? Nothing was named",
            "hint: a country: `monazite exposure --country USA --scenario china-2025-04`",
        ],
    );
}

#[test]
fn a_country_without_a_table() {
    says(
        &Bench::new().run(&["exposure", "--country", "Germany", "--scenario", "china-2025-04"]),
        &[
            "exit code 2",
            "error: no input-output table of Germany is bundled",
            "hint: bundled: the United States (402 industries)",
        ],
    );
}

#[test]
fn a_bill_with_faults_is_not_computed() {
    let bench = Bench::new();
    bench.file(
        "bom.csv",
        "part,quantity,technology,grade,mass,mass_unit,place\nmotor,1000,ev_moter,,,,USA\nmagnet,20,,uh,80,gr,USA\n",
    );
    says(
        &bench.run(&["exposure", "bom.csv"]),
        &[
            "exit code 2",
            "bom.csv:2:3: error: column `technology`: unknown technology `ev_moter`; did you mean `ev_motor`?",
            "error: `bom.csv` has 2 faults; nothing was computed",
        ],
    );
}

#[test]
fn the_evidence_on_a_platform() {
    let shown = Bench::new().stdout(&["exposure", "technologies", "F-35"]);
    for part in ["417", "as stated", "shown only", "crs_dod", "adamas_f35", "11–20"] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    says(
        &Bench::new().run(&["exposure", "technologies", "smartfone"]),
        &["error: unknown technology `smartfone`; did you mean `smartphone`?"],
    );
}

#[test]
fn a_new_bill_is_written_once_and_can_be_used() {
    let bench = Bench::new();
    bench.stdout(&["exposure", "new", "bom.csv"]);
    says(
        &bench.run(&["exposure", "new", "bom.csv"]),
        &[
            "error: `bom.csv` is there already",
            "hint: choose another name, or remove it first",
        ],
    );
    let found = json(
        &bench,
        &["exposure", "bom.csv", "--for", "USA", "--scenario", "china-2025-04"],
    );
    let parts = found["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 6);
    for part in parts {
        for (low, central, high) in [
            ("g_per_piece_low", "g_per_piece", "g_per_piece_high"),
            ("not_built_low", "not_built", "not_built_high"),
            ("months_late_low", "months_late", "months_late_high"),
        ] {
            let (low, central, high) = (number(part, low), number(part, central), number(part, high));
            assert!(low <= central && central <= high, "{part}");
        }
        assert!(number(part, "peak_price_multiple") >= 1.0);
    }
    // Shares of origins make a whole for each element and stage.
    let mut sums = std::collections::BTreeMap::new();
    for row in found["origins"].as_array().unwrap() {
        let key = (row["element"].to_string(), row["stage"].to_string());
        *sums.entry(key).or_insert(0.0) += number(row, "share");
    }
    assert!(!sums.is_empty());
    assert!(sums.values().all(|sum| (sum - 1.0).abs() < 5e-3), "{sums:?}");
}

#[test]
fn losses_of_a_country_add_up() {
    let bench = Bench::new();
    let found = json(&bench, &["exposure", "--country", "USA", "--scenario", "china-2025-04"]);
    let cases = found["cases"].as_array().unwrap();
    let total = |name: &str| {
        let case = cases.iter().find(|case| case["case"] == name).unwrap();
        (number(case, "direct_musd"), number(case, "total_musd"))
    };
    let sum = |key: &str| -> f64 {
        let rows = found["losses"].as_array().unwrap();
        rows.iter().map(|row| number(row, key)).sum()
    };
    assert!((sum("loss_musd") - total("central").1).abs() < 1e-6 * total("central").1);
    assert!((sum("direct_musd") - total("central").0).abs() < 1e-6 * total("central").0);
    let order = ["low", "central", "high"].map(|name| total(name).1);
    assert!(
        0.0 < order[0] && order[0] < order[1] && order[1] < order[2],
        "{order:?}"
    );
    assert!(total("central").0 < total("central").1 && total("central").0 < total("direct_fixed").0);
    for check in found["checks"].as_array().unwrap() {
        assert!(number(check, "difference") < 1e-6, "{check}");
    }
    let quarters = rows(&bench.stdout(&[
        "exposure",
        "--country",
        "USA",
        "--scenario",
        "china-2025-04",
        "--csv=by_quarter",
    ]));
    assert_eq!(quarters.len(), 12);
}

#[test]
fn a_baseline_costs_nothing() {
    let found = json(
        &Bench::new(),
        &["exposure", "--country", "USA", "--scenario", "baseline"],
    );
    for case in found["cases"].as_array().unwrap() {
        assert!(number(case, "total_musd") < 1.0, "{case}");
    }
}

#[test]
fn bands_over_an_ensemble() {
    let bench = Bench::new();
    let asked = |what: &[&str]| {
        let mut args = vec!["exposure"];
        args.extend(what);
        args.extend(["--scenario", "china-2025-04", "--paths", "4"]);
        json(&bench, &args)
    };
    let found = asked(&["--country", "USA"]);
    let bands = found["bands"].as_array().unwrap();
    assert_eq!(bands.len(), 6);
    for band in bands {
        let at = ["p5", "p25", "median", "p75", "p95"].map(|key| number(band, key));
        assert!(at.is_sorted(), "{band}");
    }
    let central = bands.iter().find(|band| band["case"] == "central").unwrap();
    assert!(
        0.0 < number(central, "median") && number(central, "p5") < number(central, "p95"),
        "{central}"
    );
    assert_eq!(found["quarter_bands"].as_array().unwrap().len(), 12);
    // The same draws give the same bands, and the best estimate beside them does not move.
    assert_eq!(found, asked(&["--country", "USA", "--threads", "1"]));
    bench.stdout(&["exposure", "new", "bom.csv"]);
    let found = asked(&["bom.csv", "--for", "USA"]);
    for part in found["part_bands"].as_array().unwrap() {
        let (low, middle, high) = (
            number(part, "not_built_p5"),
            number(part, "not_built_median"),
            number(part, "not_built_p95"),
        );
        assert!(0.0 <= low && low <= middle && middle <= high && high <= 1.0, "{part}");
    }
    says(
        &bench.run(&["exposure", "bom.csv", "--for", "EU"]),
        &[
            "exit code 2",
            "error: `EU` is a group of places (European Union), and exposure is answered for one place: parts are bought in one, and tables and fleets are counted in one",
        ],
    );
}

#[test]
fn shortages_that_the_user_states() {
    let bench = Bench::new();
    bench.file(
        "shock.csv",
        "input,industry,need,need_low,need_high,shortage,essential\ngallium,334413,0.1,0.05,0.2,0.5,0.8\n",
    );
    let found = json(&bench, &["exposure", "--country", "USA", "--shock", "shock.csv"]);
    let table = json(&bench, &["exposure", "--country", "USA"]);
    let chips = table["industries"].as_array().unwrap();
    let chips = chips.iter().find(|row| row["industry"] == "334413").unwrap();
    let direct = found["cases"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["case"] == "direct")
        .unwrap();
    // A year; (0.5 - 0.2) / 0.8 of a tenth of the industry.
    let wanted = 0.1 * 0.3 / 0.8 * number(chips, "value_added_musd");
    assert!((number(direct, "total_musd") - wanted).abs() < 1e-6 * wanted);
    bench.file("shock.csv", "input,industry,need,shortage\ngallium,33441,0.1,1.5\n");
    says(
        &bench.run(&["exposure", "--country", "USA", "--shock", "shock.csv"]),
        &[
            "shock.csv:2:4: error: column `shortage`: 1.5 is not between 0 and 1",
            "error: `shock.csv` has 2 faults; nothing was computed",
        ],
    );
}

#[test]
fn a_fleet_by_year() {
    let bench = Bench::new();
    let need = rows(&bench.stdout(&[
        "exposure",
        "--fleet",
        "EV",
        "--for",
        "USA",
        "--years",
        "2025..2026",
        "--csv",
    ]));
    assert!(need.iter().any(|row| row["element"] == "Dy" && row["year"] == "2026"));
    let nowhere = bench.run(&["exposure", "--fleet", "EV", "--for", "Aruba"]);
    assert!(
        nowhere.contains("nothing is known about the fleet `EV` in `ABW`; regions with figures: "),
        "{nowhere}"
    );
    // The edition of 2025 stands before that of 2024, and says how far apart they are.
    let shown = bench.stdout(&["exposure", "--fleet", "EV", "--for", "USA", "--years", "2030"]);
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains("Outlook: STEPS-2025, published in 2025"), "{shown}");
    assert!(shown.contains("STEPS (2024) has 7,200,000 vehicles"), "{shown}");
    let union = bench.run(&["exposure", "--fleet", "EV", "--for", "EU"]);
    assert!(
        union.contains("`EU` is a group of places") && union.contains("`--for EUR`"),
        "{union}"
    );
    says(
        &bench.run(&["exposure", "--fleet", "EV", "--for", "USA", "--years", "soon"]),
        &[
            "error: `soon` is no span of years",
            "hint: such as `--years 2025..2035`, or `--years 2030`",
        ],
    );
}
