//! `monazite project`, as a user sees it.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

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

/// A workbook of sheets with a table each; numbers become numbers.
fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (line, row) in (0_u32..).zip(*rows) {
            for (column, cell) in (0_u16..).zip(*row) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(line, column, number).unwrap(),
                    Err(_) if cell.is_empty() => continue,
                    Err(_) => sheet.write(line, column, *cell).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

const KEYS: &[&[&str]] = &[
    &["key", "meaning", "value"],
    &["name", "", "Small"],
    &["currency", "", "USD"],
    &["money_year", "", "2024"],
    &["schedule.life_years", "", "20"],
    &["costs.capex_m", "", "200"],
    &["costs.opex_m_per_year", "", "40"],
    &["finance.discount_rate", "", "0.08"],
];
const PRODUCTS: &[&[&str]] = &[&["material", "t_per_year", "price_per_kg"], &["NdPr", "1000", "80"]];
const YEARS: &[&[&str]] = &[&["year", "capex_share"], &["1", "0.5"], &["2", "0.5"], &["3", ""]];

fn npv(bench: &Bench, file: &str) -> f64 {
    let text = bench.stdout(&["project", "value", file, "--draws", "10", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["value"][0]["value"].as_f64().unwrap()
}

#[test]
fn a_workbook_is_worth_what_the_file_is() {
    let bench = Bench::new();
    bench.file("small.toml", SMALL);
    bench.file(
        "small.xlsx",
        workbook(&[("project", KEYS), ("products", PRODUCTS), ("years", YEARS)]),
    );
    let (file, book) = (npv(&bench, "small.toml"), npv(&bench, "small.xlsx"));
    assert!((file - book).abs() < 1e-9, "{file} is not {book}");
    // A price path by year: nothing is sold in construction, then 80 for a year and 100 for good.
    let path: &[&[&str]] = &[
        &["year", "capex_share", "price:NdPr"],
        &["1", "0.5", ""],
        &["2", "0.5", ""],
        &["3", "", "80"],
        &["4", "", "100"],
    ];
    bench.file(
        "path.xlsx",
        workbook(&[("project", KEYS), ("products", PRODUCTS), ("years", path)]),
    );
    let annuity = |n: i32| (1.0 - 1.08_f64.powi(-n)) / 0.08;
    let more = 20.0 * (annuity(22) - annuity(3));
    let risen = npv(&bench, "path.xlsx");
    assert!((risen - file - more).abs() < 1e-6, "{risen} is not {file} and {more}");
}

#[test]
fn the_template_is_the_same_as_file_and_as_workbook() {
    let bench = Bench::new();
    bench.stdout(&["project", "new", "one.toml"]);
    bench.stdout(&["project", "new", "two.xlsx"]);
    bench.stdout(&["project", "new", "--xlsx", "three.xlsx"]);
    let one = npv(&bench, "one.toml");
    assert!((one - npv(&bench, "two.xlsx")).abs() < 1e-9);
    assert!((one - npv(&bench, "three.xlsx")).abs() < 1e-9);
    // And out again: the cash flow is a sheet.
    bench.stdout(&["project", "value", "two.xlsx", "--draws", "10", "--xlsx", "out.xlsx"]);
    assert!(bench.dir.path().join("out.xlsx").is_file());
}

#[test]
fn messages_of_workbooks() {
    let bench = Bench::new();
    let changed = |row: usize, cells: &'static [&'static str]| -> Vec<&'static [&'static str]> {
        let mut keys = KEYS.to_vec();
        keys[row] = cells;
        keys
    };
    let book =
        |keys: &[&'static [&'static str]], products: &[&'static [&'static str]], years: &[&'static [&'static str]]| {
            workbook(&[("project", keys), ("products", products), ("years", years)])
        };
    bench.file("text.xlsx", "this is no workbook");
    bench.file("sheet.xlsx", workbook(&[("data", KEYS)]));
    bench.file(
        "key.xlsx",
        book(&changed(5, &["costs.capx_m", "", "200"]), PRODUCTS, YEARS),
    );
    bench.file("missing.xlsx", book(&changed(2, &["", "", ""]), PRODUCTS, YEARS));
    bench.file(
        "rate.xlsx",
        book(&changed(7, &["finance.discount_rate", "", "8"]), PRODUCTS, YEARS),
    );
    bench.file(
        "word.xlsx",
        book(&changed(5, &["costs.capex_m", "", "200 million"]), PRODUCTS, YEARS),
    );
    bench.file(
        "cells.xlsx",
        book(
            KEYS,
            &[&["material", "t_per_year", "pric_per_kg"], &["NdPr", "1 000", "80"]],
            &[
                &["year", "capex_share", "price:Ndpr"],
                &["1", "0.5", "70"],
                &["3", "0.5", "70"],
            ],
        ),
    );
    bench.file(
        "sum.xlsx",
        book(
            KEYS,
            &[&["material", "t_per_year", "price_per_kg"], &["NdPr", "-5", "80"]],
            &[&["year", "capex_share"], &["1", "0.5"], &["2", "0.6"]],
        ),
    );
    let mut seen = Vec::new();
    for file in [
        "text", "sheet", "key", "missing", "rate", "word", "cells", "sum", "none",
    ] {
        let file = format!("{file}.xlsx");
        seen.push(format!(
            "$ monazite project value {file}\n{}",
            bench.run(&["project", "value", &file])
        ));
    }
    insta::assert_snapshot!(seen.join("\n\n"));
}
