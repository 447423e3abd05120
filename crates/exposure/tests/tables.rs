//! The tables as used against what is published, and the layout that users bring.

#![allow(clippy::panic, clippy::float_cmp)] // helpers of tests

use std::path::Path;

use monazite_evidence::Dataset;
use monazite_exposure::ExposureError;
use monazite_exposure::industry::{Case, Mapping, Propagation, oecd, usa};
use nalgebra::DMatrix;

/// The tolerance for identities after scaling.
const CLOSES: f64 = 1e-6;

#[test]
fn the_us_table_meets_published_totals_after_scaling() {
    let economy = usa().expect("bundled");
    assert_eq!(economy.industries.len(), 402);
    for check in &economy.checks {
        assert!(check.difference() < CLOSES, "{check:?}");
    }
    // Published for 2023: gross output of all industries and GDP, million USD.
    assert!((economy.output.iter().sum::<f64>() - 48_386_808.0).abs() < 1.0);
    assert!((economy.gdp() - 27_720_708.0).abs() < 1.0, "{}", economy.gdp());
    for (j, industry) in economy.industries.iter().enumerate() {
        let inputs = economy.domestic.column(j).sum() + economy.imported[j] + economy.value_added[j];
        let deliveries = economy.domestic.row(j).sum() + economy.final_use[j];
        let output = economy.output[j];
        assert!((inputs / output - 1.0).abs() < CLOSES, "{}", industry.name);
        assert!((deliveries / output - 1.0).abs() < CLOSES, "{}", industry.name);
        assert!(
            economy.final_use[j] >= 0.0 && economy.imported[j] >= -CLOSES * output,
            "{}",
            industry.name
        );
    }
    assert!(economy.domestic.iter().all(|value| *value >= 0.0));
}

#[test]
fn every_industry_of_the_mapping_is_in_the_us_table() {
    let dataset = Dataset::bundled().expect("bundled");
    let economy = usa().expect("bundled");
    let mapping = Mapping::of(&dataset, &economy);
    assert!(mapping.missing.is_empty(), "{:?}", mapping.missing);
    for row in &dataset.end_uses {
        assert!(mapping.has(row.end_use.as_str()), "no industry needs `{}`", row.end_use);
    }
}

#[test]
fn losses_on_the_us_table_stay_shares() {
    let economy = usa().expect("bundled");
    let carried = Propagation::new(&economy, &Case::substitutions());
    let n = economy.industries.len();
    let everything = DMatrix::from_element(n, 2, 0.7);
    let lost = carried.losses(&everything, 0.0);
    assert!(lost.iter().all(|share| (0.7 - 1e-9..=1.0).contains(share)));
    let nothing = carried.losses(&DMatrix::zeros(n, 2), 0.5);
    assert!(nothing.iter().all(|share| share.abs() < 1e-12));
}

/// Two industries: A makes 10, B makes 20; a fifth of what the country has of A is imported.
const SMALL: &str = "\
Code,Description,A,B,HFCE,EXPO,IMPO
A,Mining,1,5,5.5,1,-2.5
B,Cars,2,4,12,4,-2
VALU,Value added,7,11,,,
OUTPUT,Output,10,20,,,
";

#[test]
fn the_oecd_layout_spreads_imports_over_users() {
    let economy = oecd(SMALL.as_bytes(), "small_2018.csv").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(economy.year, Some(2018));
    // 10 of 12.5 of A is made at home.
    assert!((economy.domestic[(0, 1)] - 0.8 * 5.0).abs() < 1e-12);
    assert!((economy.domestic[(1, 0)] - 2.0 * 20.0 / 22.0).abs() < 1e-12);
    assert!((economy.imported[1] - (20.0 - 11.0 - economy.domestic.column(1).sum())).abs() < 1e-12);
    assert!((economy.gdp() - 18.0).abs() < 1e-12);
}

#[test]
fn another_layout_is_refused_with_what_is_missing() {
    let what = |text: &str| match oecd(text.as_bytes(), "mine.csv") {
        Err(ExposureError::File { what, .. }) => what,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("accepted"),
    };
    assert_eq!(what("a,b\n1,2\n"), "there is no column `Code`");
    assert_eq!(what(&SMALL.replace("VALU", "VADD")), "there is no row `VALU`");
    assert_eq!(
        what(&SMALL.replace("Cars,2,4", "Cars,2,x")),
        "line 3, column `B`: `x` is not a number"
    );
}

#[test]
fn national_tables_of_japan_and_china_close() {
    for (file, industries) in [("oecd2021_jpn_2018.csv", 45), ("oecd2021_chn_2018.csv", 45)] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../../shared/evidence/input_output")
            .join(file);
        let Ok(bytes) = std::fs::read(&path) else {
            println!("skipped: {file} is not here; its terms are not settled, so it is not bundled");
            continue;
        };
        let economy = oecd(&bytes, file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(
            economy.industries.len() >= industries - 3,
            "{}",
            economy.industries.len()
        );
        for check in &economy.checks {
            assert!(check.difference() < CLOSES, "{file}: {check:?}");
        }
    }
}
