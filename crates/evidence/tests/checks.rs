//! Each check finds its mistake: the bundled dataset with one line changed.

#![allow(clippy::unwrap_used, clippy::expect_used)] // helpers of tests

use monazite_evidence::check::check;
use monazite_evidence::describe::Filter;
use monazite_evidence::{Dataset, Files, Severity};

/// The bundled dataset with one column of one row changed. The row is the first for which `choose` is true.
fn patched(file: &str, column: &str, choose: impl Fn(&csv::StringRecord) -> bool, value: &str) -> Files {
    let files = Files::bundled();
    let mut reader = csv::Reader::from_reader(files.get(file).unwrap());
    let header = reader.headers().unwrap().clone();
    let at = header
        .iter()
        .position(|name| name == column)
        .expect("the column exists");
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&header).unwrap();
    let mut done = false;
    for record in reader.records() {
        let record = record.unwrap();
        let change = !done && choose(&record);
        done |= change;
        let cells = record.iter().enumerate();
        out.write_record(cells.map(|(n, cell)| if change && n == at { value } else { cell }))
            .unwrap();
    }
    assert!(done, "no row of {file} was chosen");
    files.with(file, out.into_inner().unwrap())
}

/// The new errors and warnings that a change brings.
fn found(files: &Files) -> Vec<String> {
    let before: Vec<String> = check(&Files::bundled())
        .problems
        .iter()
        .map(ToString::to_string)
        .collect();
    let after = check(files);
    let fresh = after.problems.iter().map(ToString::to_string);
    fresh.filter(|problem| !before.contains(problem)).collect()
}

fn finds(files: &Files, what: &str) {
    let found = found(files);
    assert!(
        found.iter().any(|problem| problem.contains(what)),
        "expected `{what}` in {found:#?}"
    );
}

fn any(_: &csv::StringRecord) -> bool {
    true
}

#[test]
fn parts_that_do_not_make_a_whole() {
    finds(&patched("distributions.csv", "nd", any, "99"), "not 100");
    finds(&patched("demand_shares.csv", "share", any, "0.9"), "not 1");
    finds(&patched("grade_mix.csv", "share", any, "0.001"), "not 1");
}

#[test]
fn ranges_and_dates_out_of_order() {
    finds(&patched("recoveries.csv", "low", any, "1"), "are not in order");
    finds(&patched("behaviour.csv", "low", any, "1e9"), "are not in order");
    finds(&patched("policy_events.csv", "end", any, "1950"), "before it starts");
    finds(
        &patched("prices.csv", "period_kind", any, "month"),
        "is not of the kind",
    );
    finds(
        &patched("prices.csv", "vat_included_pct", any, "25"),
        "tax the price is",
    );
}

#[test]
fn a_choice_not_made_or_made_twice() {
    let chosen = |row: &csv::StringRecord| row.iter().nth(4) == Some("true");
    finds(&patched("production.csv", "preferred", chosen, "false"), "is preferred");
    let other = |row: &csv::StringRecord| row.iter().nth(4) == Some("false");
    finds(
        &patched("production.csv", "preferred", other, "true"),
        "preferred series",
    );
}

#[test]
fn a_mine_without_a_feed_and_a_place_without_a_view() {
    let mine = |row: &csv::StringRecord| row.iter().any(|cell| cell == "mine");
    finds(&patched("facilities.csv", "feed", mine, ""), "has no feed");
    finds(
        &patched("places.csv", "view_place", any, "CHM"),
        "is not in views.csv; did you mean",
    );
    let china = |row: &csv::StringRecord| row.iter().next() == Some("CHN");
    finds(
        &patched("places.csv", "view_place", china, "JPN"),
        "is counted under JPN",
    );
}

#[test]
fn an_unsourced_or_refused_fact() {
    let sourced = |row: &csv::StringRecord| row.iter().any(|cell| cell == "A");
    finds(
        &patched("production.csv", "source", sourced, "unverified"),
        "without a retrieved source",
    );
    let baci = |row: &csv::StringRecord| row.iter().next() == Some("monazite_prior");
    finds(
        &patched("sources.csv", "licence", baci, "confidential"),
        "may not be redistributed",
    );
}

#[test]
fn nothing_is_an_error_in_the_bundled_tables_and_a_warning_is_not_one() {
    let report = check(&Files::bundled());
    assert!(report.is_sound());
    assert!(report.warnings().all(|problem| problem.severity == Severity::Warning));
    assert_eq!(report.tables.iter().map(|t| t.errors).sum::<usize>(), 0);
}

#[test]
fn a_users_table_lies_over_the_bundled_one() {
    let own = Files::from_texts([("grade_mix.csv", "end_use,grade,share,source,confidence\n")]);
    let dataset = Dataset::from_files(Files::bundled().overlay(own)).unwrap();
    assert!(dataset.grade_mix.is_empty() && !dataset.places.is_empty());
    assert_ne!(dataset.fingerprint(), Dataset::bundled().unwrap().fingerprint());
}

#[test]
fn tables_can_be_listed_shown_and_traced_to_sources() {
    let dataset = Dataset::bundled().unwrap();
    let summaries = dataset.summaries();
    assert!(summaries.iter().all(|table| table.rows.is_some_and(|rows| rows > 0)));
    let filter = Filter {
        column: "place".to_owned(),
        value: "mmr".to_owned(),
    };
    let shown = dataset.show("production", &[filter], Some(2)).unwrap();
    assert!(shown.matched > 2 && shown.rows.len() == 2 && shown.lines.len() == 2);
    assert!(shown.rows.iter().all(|row| row[0] == "MMR"));
    let elements = Filter {
        column: "elements".to_owned(),
        value: "NdPr".to_owned(),
    };
    assert!(dataset.show("facilities.csv", &[elements], None).unwrap().matched > 0);
    let uses = dataset.source_uses();
    assert!(uses.iter().all(|used| !used.cited_by.is_empty()));
    assert_eq!(
        dataset.describe("trade").unwrap().key,
        ["year", "hs", "exporter", "importer"]
    );
}
