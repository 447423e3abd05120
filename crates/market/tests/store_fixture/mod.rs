//! A small run, written to a folder: shared by the tests of the store.

#![allow(clippy::unwrap_used, dead_code, reason = "each test binary uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use monazite_evidence::Dataset;
use monazite_market::chain::CalibrationNote;
use monazite_market::explain::RecipeRow;
use monazite_market::result::{CapacityRow, FlowRow, PriceRow, ProductionRow, RunResult, StockRow, UseRow};
use monazite_market::store::{self, Inputs, StoreError, WriteOptions, Written};
use tempfile::TempDir;

pub static DATASET: LazyLock<Dataset> = LazyLock::new(|| Dataset::bundled().unwrap());

pub const SCENARIO: &str = "name = \"cut\"\n# ä comment that must survive\n";

pub const FILES: [&str; 13] = [
    "scenario.toml",
    "dataset.lock",
    "prices.parquet",
    "flows.parquet",
    "uses.parquet",
    "stocks.parquet",
    "production.parquet",
    "capacities.parquet",
    "quotas.parquet",
    "policies.parquet",
    "shortages.parquet",
    "recipes.parquet",
    "notes.csv",
];

fn price(quarter: &str, spot: f64) -> PriceRow {
    PriceRow {
        quarter: quarter.into(),
        place: "JPN".into(),
        product: "oxide:Dy".into(),
        spot_usd_per_kg: spot,
        average_usd_per_kg: 0.1 + 0.2,
        base_usd_per_kg: 257.15,
        base_need: 26.6,
        confidence: "A".into(),
    }
}

pub fn run() -> RunResult {
    let flow = FlowRow {
        quarter: "2025Q2".into(),
        product: "oxide:Dy".into(),
        origin: "CHN".into(),
        destination: "JPN".into(),
        quantity: 1.5,
        base_quantity: 4.5,
        cap: Some(1.5),
        licence_rent_usd_per_kg: 400.0,
        duty_usd_per_kg: 0.0,
        margin_usd_per_kg: -2.5,
        events: "licences;tariff".into(),
    };
    let use_row = UseRow {
        quarter: "2025Q2".into(),
        place: "JPN".into(),
        product: "oxide:Dy".into(),
        end_use: "ceramics".into(),
        wanted: 4.0,
        used: 2.0,
        substituted: 0.5,
        short: 1.5,
        spot_usd_per_kg: 665.0,
        surplus_loss_kusd: 12.5,
        confidence: "C".into(),
    };
    RunResult {
        scenario: "cut".into(),
        title: "A \"cut\", and more".into(),
        view: "full".into(),
        base_year: 2024,
        quarters: vec!["2025Q1".into(), "2025Q2".into()],
        prices: vec![
            price("base", 257.15),
            price("2025Q1", f64::MIN_POSITIVE),
            price("2025Q2", 665.0),
        ],
        flows: vec![
            flow.clone(),
            FlowRow {
                cap: None,
                ..flow.clone()
            },
            FlowRow {
                cap: Some(f64::INFINITY),
                ..flow
            },
        ],
        uses: vec![use_row],
        stocks: vec![StockRow {
            quarter: "base".into(),
            place: "JPN".into(),
            product: "oxide:Dy".into(),
            stock: 12.0,
            target: 12.6,
            expected_usd_per_kg: 257.0,
        }],
        production: vec![
            ProductionRow {
                quarter: "2025Q1".into(),
                place: "USA".into(),
                activity: "mine".into(),
                item: "bastnaesite".into(),
                facility: Some("mountain_pass".into()),
                level: 10.0,
                base_level: 11.0,
            },
            ProductionRow {
                quarter: "2025Q1".into(),
                place: "JPN".into(),
                activity: "make_metal".into(),
                item: "Dy".into(),
                facility: None,
                level: 3.0,
                base_level: 3.0,
            },
        ],
        capacities: Vec::<CapacityRow>::new(),
        quotas: Vec::new(),
        policies: Vec::new(),
        notes: vec![CalibrationNote {
            what: "finish \"Lu\", in CHN".into(),
            prior: 1.0 / 3.0,
            calibrated: -7.5e-12,
            why: "a reason,\nover two lines",
        }],
        warnings: vec!["event `x` touches nothing".into()],
        worst_kkt: 1.8e-12,
        timings: vec![("base quarter".into(), 0.25)],
    }
}

pub fn recipes() -> Vec<RecipeRow> {
    vec![RecipeRow {
        place: "JPN".into(),
        activity: "make_metal".into(),
        item: "Dy".into(),
        facility: None,
        stage: Some("metal".into()),
        capacity_per_level: 1.0,
        product: "oxide:Dy".into(),
        amount: -1.2,
    }]
}

pub fn write_to(dir: &Path, options: &WriteOptions) -> Result<Written, StoreError> {
    store::write(
        dir,
        &run(),
        &Inputs {
            scenario: SCENARIO,
            dataset: &DATASET,
            recipes: &recipes(),
        },
        options,
    )
}

/// A folder just written. It is written once and copied: making the lock takes longest.
pub fn written() -> (TempDir, PathBuf) {
    static FIRST: LazyLock<TempDir> = LazyLock::new(|| {
        let temp = TempDir::new().unwrap();
        write_to(&temp.path().join("cut-full"), &WriteOptions::default()).unwrap();
        temp
    });
    let first = FIRST.path().join("cut-full");
    let temp = TempDir::new().unwrap();
    let dir = temp.path().join("cut-full");
    fs::create_dir(&dir).unwrap();
    for name in names(&first) {
        fs::copy(first.join(&name), dir.join(&name)).unwrap();
    }
    (temp, dir)
}

/// Names in a folder.
pub fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(path)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

pub fn message(error: &StoreError, temp: &TempDir) -> String {
    let root = temp.path().display().to_string();
    format!("{error}\n{}", error.hint().unwrap_or_default()).replace(&root, "TMP")
}
