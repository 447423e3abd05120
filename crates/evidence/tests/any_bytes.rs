//! Whatever the bytes are: rows, or problems with a place, and never a panic.

#![allow(clippy::unwrap_used)] // helpers of tests

use monazite_evidence::check::check;
use monazite_evidence::dataset::TABLES;
use monazite_evidence::table::TableSpec;
use monazite_evidence::{Dataset, EvidenceError, Files, Period};
use proptest::prelude::*;

/// Loads and checks; an error must say where it is.
fn try_all(files: Files) {
    let _ = check(&files);
    match Dataset::from_files(files) {
        Ok(dataset) => {
            if let Err(error) = dataset.trade() {
                located(&error);
            }
            let _ = (dataset.lock(), dataset.datapackage(), dataset.summaries());
        }
        Err(error) => located(&error),
    }
}

fn located(error: &EvidenceError) {
    let EvidenceError::Tables(problems) = error else {
        unreachable!("{error}")
    };
    assert!(!problems.problems.is_empty());
    for problem in &problems.problems {
        let whole_file = problem.message.contains("the file is empty");
        assert!(problem.line.is_some_and(|line| line > 0) || whole_file, "{problem}");
    }
}

fn header(spec: &TableSpec) -> String {
    spec.columns().iter().map(|c| c.name).collect::<Vec<_>>().join(",")
}

/// Cells that are nearly right, or wrong in a known way.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(vec![
            "", "CHN", "WLD", "ROW", "2024", "0.5", "1", "-1", "NaN", "inf", "-inf", "1e400", "1e-400", "true",
            "false", "Dy", "NdPr", "mine", "A", "B", "C", "unverified", "2024-Q3", "2024-13-45", "oxide", "full",
            ";", ";;a;", "\"", "\"\"", "a\nb", "０.5", "\u{feff}", "99999999999999999999",
        ]).prop_map(str::to_owned),
        1 => ".{0,12}",
        1 => any::<f64>().prop_map(|v| v.to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_in_any_table(table in 0..TABLES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        try_all(Files::default().with(TABLES[table].file, bytes));
    }

    #[test]
    fn any_bytes_after_a_right_header(table in 0..TABLES.len(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let spec = &TABLES[table];
        let mut text = header(spec).into_bytes();
        text.push(b'\n');
        text.extend(bytes);
        try_all(Files::default().with(spec.file, text));
    }

    #[test]
    fn nearly_right_cells(table in 0..TABLES.len(), cells in proptest::collection::vec(cell(), 0..90), bom in any::<bool>()) {
        let spec = &TABLES[table];
        let width = spec.columns().len();
        let mut text = if bom { "\u{feff}".to_owned() } else { String::new() };
        text.push_str(&header(spec));
        text.push('\n');
        for row in cells.chunks(width) {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        try_all(Files::default().with(spec.file, text));
    }

    #[test]
    fn any_text_as_a_place_or_a_date(text in ".{0,40}") {
        let dataset = Dataset::bundled().unwrap();
        let _ = dataset.resolve_place(&text);
        if let Ok(period) = text.parse::<Period>() {
            prop_assert_eq!(period.to_string(), text);
            prop_assert!(period.first_day() <= period.last_day());
        }
    }
}

#[test]
fn a_missing_quotation_mark_in_a_large_file() {
    let spec = TABLES.iter().find(|t| t.name == "places").unwrap();
    let mut text = format!("{}\nCHN,\"China", header(spec));
    text.push_str(&",x\n".repeat(100_000));
    try_all(Files::default().with(spec.file, text));
}

#[test]
fn an_enormous_cell_is_refused_briefly() {
    let spec = TABLES.iter().find(|t| t.name == "places").unwrap();
    let name = "x".repeat(10_000_000);
    let text = format!("{}\nCHN,{name},CN,156,156,CHN,CHN,\n", header(spec));
    let error = Dataset::from_files(Files::default().with(spec.file, text)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "places.csv:2:2: error: column `name`: the cell holds 10000000 bytes\n  \
         hint: a quotation mark is probably missing"
    );
}
