//! `monazite project`, as a user sees it.

mod common;

use common::Bench;

const SMALL: &str = r#"name = "Small"
currency = "USD"
money_year = 2024

[[product]]
material = "NdPr"
t_per_year = 1000
price_per_kg = 80

[schedule]
capex_shares = [0.5, 0.5]
life_years = 20

[costs]
capex_m = 200
opex_m_per_year = 40

[finance]
discount_rate = 0.08
"#;

#[test]
fn a_project_of_ones_own() {
    let bench = Bench::new();
    bench.file("small.toml", SMALL);
    let json: serde_json::Value =
        serde_json::from_str(&bench.stdout(&["project", "value", "small.toml", "--draws", "50", "--json"])).unwrap();
    let npv = json["value"][0]["value"].as_f64().unwrap();
    // 40 million a year in years 3 to 22, 100 million in years 1 and 2.
    let annuity = |n: i32| (1.0 - 1.08_f64.powi(-n)) / 0.08;
    let by_hand = 40.0 * (annuity(22) - annuity(2)) - 100.0 * annuity(2);
    assert!((npv - by_hand).abs() < 1e-6, "{npv} is not {by_hand}");
    assert_eq!(json["cash_flow"].as_array().unwrap().len(), 23);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let bench = Bench::new();
    let args = [
        "project", "list", "--place", "BRA", "--draws", "40", "--seed", "3", "--csv",
    ];
    assert_eq!(bench.stdout(&args), bench.stdout(&args));
}

#[test]
fn a_floor_makes_more_deposits_viable() {
    let bench = Bench::new();
    let multiples = |floor: &[&str]| -> Vec<(String, f64)> {
        let mut args = vec!["project", "list", "--draws", "10", "--json"];
        args.extend(floor);
        let json: serde_json::Value = serde_json::from_str(&bench.stdout(&args)).unwrap();
        let rows = json["deposits"].as_array().unwrap();
        let mut rows: Vec<(String, f64)> = rows
            .iter()
            .map(|row| {
                let npv = row["npv_musd"].as_f64().unwrap();
                (row["deposit"].as_str().unwrap().to_owned(), npv)
            })
            .collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows
    };
    let (without, with) = (multiples(&[]), multiples(&["--floor", "110"]));
    assert_eq!(without.len(), with.len());
    assert!(without.iter().zip(&with).all(|(a, b)| b.1 > a.1));
}

#[test]
fn messages() {
    let bench = Bench::new();
    bench.file("small.toml", SMALL);
    bench.file("misspelt.toml", SMALL.replace("capex_m", "capx_m"));
    bench.file("no-money.toml", SMALL.replace("currency = \"USD\"\n", ""));
    bench.file(
        "wrong.toml",
        SMALL
            .replace("discount_rate = 0.08", "discount_rate = 8")
            .replace("[0.5, 0.5]", "[0.5, 0.6]")
            .replace("t_per_year = 1000", "t_per_year = -1000"),
    );
    bench.file(
        "no-price.toml",
        SMALL.replace("NdPr", "Ndpr").replace("price_per_kg = 80\n", ""),
    );
    bench.file(
        "aud.toml",
        SMALL.replace("\"USD\"", "\"AUD\"").replace("price_per_kg = 80\n", ""),
    );
    let mut seen = Vec::new();
    for args in [
        &["project", "value", "misspelt.toml"][..],
        &["project", "value", "no-money.toml"],
        &["project", "value", "wrong.toml"],
        &["project", "value", "no-price.toml"],
        &["project", "value", "aud.toml"],
        &["project", "value", "missing.toml"],
        &["project", "value", "nolanz"],
        &["project", "show", "per_geijer"],
        &["project", "value", "per_geijer"],
        &["project", "floor", "small.toml", "--irr", "12"],
        &["project", "floor", "small.toml", "--irr", "0.12", "--under", "Dy"],
        &["project", "list", "--times", "0"],
        &["project", "list", "--prices", "nowhere"],
    ] {
        seen.push(format!("$ monazite {}\n{}", args.join(" "), bench.run(args)));
    }
    insta::assert_snapshot!(seen.join("\n\n"));
}
