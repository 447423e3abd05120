//! The bundled scenario through the program, against numbers kept in the repository.
//!
//! After a change that is meant to move results: `MONAZITE_BLESS=1 cargo test --release -p monazite-cli --test golden`.

#![allow(clippy::panic, clippy::unwrap_used)] // helpers of tests

mod common;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use common::{Bench, rows};

/// Numbers may differ by this share: other processors round differently.
const TOLERANCE: f64 = 1e-6;
/// Numbers smaller than this are rounding.
const NOTHING: f64 = 1e-6;
/// Differences shown in full.
const SHOWN: usize = 40;

const SCENARIO: &str = "china-2025-04";
const PLACES: [&str; 5] = ["CHN", "JPN", "USA", "DEU", "KOR"];
const OXIDES: [&str; 7] = ["Sm", "Gd", "Tb", "Dy", "Lu", "Sc", "Y"];

/// A table: key columns first, numbers after.
struct Golden {
    file: &'static str,
    keys: &'static [&'static str],
    numbers: &'static [&'static str],
}

const PRICES: Golden = Golden {
    file: "china-2025-04-prices.csv",
    keys: &["product", "place", "quarter"],
    numbers: &["spot_usd_per_kg", "average_usd_per_kg", "base_usd_per_kg"],
};
const SHORTAGES: Golden = Golden {
    file: "china-2025-04-shortages.csv",
    keys: &["product", "place", "from", "until", "deepest_quarter", "peak_quarter"],
    numbers: &[
        "deepest_share",
        "short_tonnes",
        "peak_usd_per_kg",
        "peak_multiple",
        "loss_thousand_usd",
    ],
};

const STOCKPILE: Golden = Golden {
    file: "stockpile-products.csv",
    keys: &["product", "unit", "confidence"],
    numbers: &[
        "base_use",
        "required",
        "reliable",
        "short",
        "short_5",
        "short_95",
        "short_defence",
        "stock_musd",
    ],
};
const MERIT_ORDER: Golden = Golden {
    file: "stockpile-merit-order.csv",
    keys: &["step", "measure", "product"],
    numbers: &["available", "covers", "usd_per_kg", "cost_musd"],
};

#[test]
fn prices_of_the_bundled_scenario() {
    let wanted = |row: &BTreeMap<String, String>| {
        let product = row["product"].as_str();
        let oxide = product
            .strip_prefix("oxide:")
            .is_some_and(|element| OXIDES.contains(&element));
        PLACES.contains(&row["place"].as_str()) && (oxide || product.starts_with("magnet:"))
    };
    PRICES.check("prices", wanted);
}

#[test]
fn shortages_of_the_bundled_scenario() {
    SHORTAGES.check("shortages", |row| PLACES.contains(&row["place"].as_str()));
}

#[test]
fn the_stockpile_of_the_bundled_conflict() {
    STOCKPILE.check_of(
        &[
            "stockpile",
            "--for",
            "USA",
            "--scenario",
            "conflict-4y",
            "--draws",
            "200",
            "--csv=products",
        ],
        |_| true,
    );
}

#[test]
fn its_merit_order() {
    MERIT_ORDER.check_of(
        &[
            "stockpile",
            "--for",
            "USA",
            "--scenario",
            "conflict-4y",
            "--draws",
            "1",
            "--csv=merit_order",
        ],
        |_| true,
    );
}

type Keyed = BTreeMap<Vec<String>, Vec<f64>>;

impl Golden {
    fn check(&self, table: &str, wanted: impl Fn(&BTreeMap<String, String>) -> bool) {
        self.check_of(
            &["simulate", SCENARIO, "--no-report", &format!("--csv={table}")],
            wanted,
        );
    }

    fn check_of(&self, args: &[&str], wanted: impl Fn(&BTreeMap<String, String>) -> bool) {
        let text = Bench::new().stdout(args);
        let rows: Vec<_> = rows(&text).into_iter().filter(|row| wanted(row)).collect();
        assert!(!rows.is_empty(), "the run gives no row to compare");
        let found = self.keyed(&rows);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(self.file);
        if std::env::var_os("MONAZITE_BLESS").is_some() {
            std::fs::write(&path, self.write(&found)).unwrap();
            return;
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!(
                "cannot read {}: {error}; write it with MONAZITE_BLESS=1",
                path.display()
            )
        });
        let kept = self.keyed(&common::rows(&kept));
        let differences = self.differences(&kept, &found);
        assert!(differences.is_empty(), "{}", report(self.file, &differences));
    }

    fn keyed(&self, rows: &[BTreeMap<String, String>]) -> Keyed {
        rows.iter()
            .map(|row| {
                let key = self.keys.iter().map(|column| row[*column].clone()).collect();
                (
                    key,
                    self.numbers
                        .iter()
                        .map(|column| row[*column].parse().unwrap_or(f64::NAN))
                        .collect(),
                )
            })
            .collect()
    }

    fn write(&self, rows: &Keyed) -> String {
        let mut text = format!("{},{}\n", self.keys.join(","), self.numbers.join(","));
        for (key, values) in rows {
            let values: Vec<String> = values.iter().map(|value| format!("{value:.9e}")).collect();
            let _ = writeln!(text, "{},{}", key.join(","), values.join(","));
        }
        text
    }

    fn differences(&self, kept: &Keyed, found: &Keyed) -> Vec<String> {
        let mut all = Vec::new();
        for (key, expected) in kept {
            let Some(got) = found.get(key) else {
                all.push(format!("{:<44} row is gone", key.join(" ")));
                continue;
            };
            for ((column, expected), got) in self.numbers.iter().zip(expected).zip(got) {
                let gap = (got - expected).abs();
                let size = expected.abs().max(got.abs());
                if !(gap <= TOLERANCE * size || gap <= NOTHING) {
                    let share = 100.0 * (got - expected) / expected;
                    all.push(format!(
                        "{:<44} {column:<20} expected {expected:>14.6}  got {got:>14.6}  ({share:+.4} %)",
                        key.join(" ")
                    ));
                }
            }
        }
        all.extend(
            found
                .keys()
                .filter(|key| !kept.contains_key(*key))
                .map(|key| format!("{:<44} row is new", key.join(" "))),
        );
        all
    }
}

fn report(file: &str, differences: &[String]) -> String {
    let mut text = format!("{} differences from tests/golden/{file}\n", differences.len());
    for difference in differences.iter().take(SHOWN) {
        let _ = writeln!(text, "  {difference}");
    }
    if differences.len() > SHOWN {
        let _ = writeln!(text, "  … and {} more", differences.len() - SHOWN);
    }
    text.push_str("if they are meant: MONAZITE_BLESS=1 cargo test --release -p monazite-cli --test golden");
    text
}
