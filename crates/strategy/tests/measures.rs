//! Faults of measures: named, with file and line.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use monazite_evidence::Dataset;
use monazite_strategy::measure::Menu;

const HEAD: &str = "measure,title,kind,place,stage,feed,outputs,size,size_unit,cost_musd,cost_musd_low,cost_musd_high,yearly_musd,\
running_usd_per_kg,currency,money_year,lead_years,lead_years_low,lead_years_high,requires,excludes,evidence,source,confidence,vintage,note";

fn faults(rows: &[&str]) -> String {
    let dataset = Dataset::bundled().unwrap();
    let text = format!("{HEAD}\n{}\n", rows.join("\n"));
    let problems = Menu::with_file(&dataset, text.as_bytes(), "mine.csv").unwrap_err();
    let lines: Vec<String> = problems.problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn row(id: &str, currency: &str, year: &str, requires: &str, excludes: &str) -> String {
    format!(
        "{id},A plant,project,USA,metal,,,100,t_per_year,10,8,20,0,,{currency},{year},2,1,3,{requires},{excludes},,monazite_prior,C,2026,"
    )
}

#[test]
fn measures_that_need_each_other_in_a_circle() {
    let (a, b, c) = (
        row("a", "USD", "2025", "b", ""),
        row("b", "USD", "2025", "c", ""),
        row("c", "USD", "2025", "a", ""),
    );
    insta::assert_snapshot!(faults(&[&a, &b, &c]), @r"
    mine.csv:2:20: error: column `requires`: prerequisites run in a circle: `a` needs `b` needs `c` needs `a`
      hint: none of these could ever begin; take one of the prerequisites out
    ");
}

#[test]
fn a_measure_that_needs_what_it_rules_out() {
    let (a, b) = (row("a", "USD", "2025", "b", "b"), row("b", "USD", "2025", "", ""));
    insta::assert_snapshot!(faults(&[&a, &b]), @r"
    mine.csv:2:21: error: column `excludes`: `a` can never be taken: `a` rules out `b`, and it needs both
      hint: drop the prerequisite or the exclusion
    ");
}

#[test]
fn currency_or_year_missing() {
    let (a, b, c) = (
        row("a", "", "2025", "", ""),
        row("b", "USD", "", "", ""),
        row("c", "EUR", "2025", "", ""),
    );
    insta::assert_snapshot!(faults(&[&a, &b]), @r"
    mine.csv:2:15: error: column `currency`: the cell is empty
      hint: this value is required; see the table's description
    mine.csv:3:16: error: column `money_year`: the cell is empty
      hint: this value is required; see the table's description
    ");
    insta::assert_snapshot!(faults(&[&c]), @r"
    mine.csv:2:15: error: column `currency`: amounts in `EUR` cannot be used
      hint: convert them to US dollars of `money_year` and write `USD`; the dataset has no exchange rates
    ");
}

#[test]
fn an_unknown_prerequisite_and_a_mine_without_a_feed() {
    let a = row("a", "USD", "2025", "nolans_mien", "");
    let b = "b,A mine,project,USA,mine,,,100,t_reo_per_year,10,12,20,0,,USD,2025,2,1,3,,,,monazite_prior,C,2026,";
    insta::assert_snapshot!(faults(&[&a, b]), @r"
    mine.csv:2:20: error: column `requires`: unknown measure `nolans_mien`; did you mean `nolans_mine`?
    mine.csv:3:10: error: column `cost_musd`: `b` costs 12 at least, 10 at best estimate and 20 at most
      hint: order them: low ≤ best estimate ≤ high
    mine.csv:3:6: error: column `feed`: the mine `b` has no feed
      hint: name the feed of `feeds.csv` that is nearest in composition
    ");
}

#[test]
fn the_measures_of_the_evidence_are_sound() {
    let dataset = Dataset::bundled().unwrap();
    let menu = Menu::of(&dataset).unwrap();
    assert!(menu.entries.len() >= 60, "{} measures", menu.entries.len());
}

const TOML: &str = r#"
[[measure]]
measure = "my_metal"
title = "A metal plant"
kind = "project"
place = "KAZ"
stage = "metal"
size = 100
size_unit = "t_per_year"
cost_musd = 10
cost_musd_low = 8
cost_musd_high = 20
yearly_musd = 0.5
currency = "USD"
money_year = 2025
lead_years = 2
lead_years_low = 1
lead_years_high = 3
requires = ["kazakhstan_restart"]
source = "monazite_prior"
confidence = "C"
vintage = "2026"
"#;

#[test]
fn measures_of_a_toml_file() {
    let dataset = Dataset::bundled().unwrap();
    let before = Menu::of(&dataset).unwrap().entries.len();
    let menu = Menu::with_file(&dataset, TOML.as_bytes(), "mine.toml").unwrap();
    assert_eq!(menu.entries.len(), before + 1);
    let entry = &menu.entries[menu.position("my_metal").unwrap()];
    assert_eq!(entry.line, 2);
    assert_eq!(entry.measure.requires, ["kazakhstan_restart"]);
    assert!((entry.measure.cost_musd.0 - 10.0).abs() < 1e-12);
}

#[test]
fn faults_of_a_toml_file() {
    let dataset = Dataset::bundled().unwrap();
    let faults = |text: &str| {
        let problems = Menu::with_file(&dataset, text.as_bytes(), "mine.toml").unwrap_err();
        problems
            .problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(faults(&TOML.replace("size_unit", "size_unti")), @r"
    mine.toml:2: error: unknown key `size_unti`; did you mean `size_unit`?
    ");
    insta::assert_snapshot!(faults(&TOML.replace("\"USD\"", "\"EUR\"")), @r"
    mine.toml:2: error: column `currency`: amounts in `EUR` cannot be used
      hint: convert them to US dollars of `money_year` and write `USD`; the dataset has no exchange rates
    ");
    insta::assert_snapshot!(faults("[measures]\na = 1\n"), @r"
    mine.toml: error: `measures` is no measure
      hint: write each measure as a `[[measure]]` with the columns of `measures.csv`
    ");
    assert!(faults("[[measure]\n").starts_with("mine.toml:1: error: "));
}
