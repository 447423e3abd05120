//! The bundled dataset, base year and chain, built once per test binary.

#![allow(clippy::expect_used, dead_code, reason = "each test binary uses its own part")]

use std::sync::LazyLock;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{BaseYear, in_blocs, reconcile, recoveries};
use monazite_market::chain::{Chain, Settings, chain};
use monazite_market::scenario::{Scenario, Vocabulary, find};

pub static DATASET: LazyLock<Dataset> = LazyLock::new(|| Dataset::bundled().expect("the bundled dataset loads"));
pub static BASE: LazyLock<BaseYear> = LazyLock::new(|| reconcile(&DATASET, 2024).expect("2024 reconciles"));
pub static FULL: LazyLock<Chain> = LazyLock::new(|| build(&BASE));
pub static BLOCS: LazyLock<Chain> = LazyLock::new(|| build(&in_blocs(&DATASET, &BASE).expect("blocs")));

fn build(base: &BaseYear) -> Chain {
    let recoveries = recoveries(&DATASET, base);
    chain(&DATASET, base, &recoveries, Settings::default()).expect("the chain builds")
}

pub fn bundled(name: &str) -> Scenario {
    let bundled = find(name).expect("bundled scenario");
    parse(bundled.text)
}

pub fn parse(text: &str) -> Scenario {
    Scenario::parse(text, "test.toml", &Vocabulary::from_dataset(&DATASET)).expect("the scenario is sound")
}

/// The chain a scenario runs on: of its base year, with the projects it builds.
pub fn chain_for(scenario: &Scenario, in_full: bool) -> Chain {
    let year = u16::try_from(scenario.base_year).expect("a year");
    let base = if year == BASE.year {
        BASE.clone()
    } else {
        reconcile(&DATASET, year).expect("it reconciles")
    };
    let base = if in_full {
        base
    } else {
        in_blocs(&DATASET, &base).expect("blocs")
    };
    let recoveries = recoveries(&DATASET, &base);
    chain(&DATASET, &base, &recoveries, Settings::of(scenario)).expect("the chain builds")
}
