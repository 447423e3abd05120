//! Runs a bundled scenario and writes its report to `target/report.html`.
//!
//! `cargo run --release -p monazite-cli --example report [SCENARIO] [VIEW] [FILE]`

use std::path::Path;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::tabulate;
use monazite_market::scenario::{Vocabulary, find};

#[path = "../src/report/mod.rs"]
mod report;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "china-2025-04".to_owned());
    let view = arguments.next().unwrap_or_else(|| "full".to_owned());
    let file = arguments.next().unwrap_or_else(|| "target/report.html".to_owned());

    let dataset = Dataset::bundled()?;
    let scenario = find(&name)?.read(&Vocabulary::from_dataset(&dataset))?.scenario;
    let mut base = reconcile(&dataset, u16::try_from(scenario.base_year)?)?;
    if view == "bloc14" {
        base = in_blocs(&dataset, &base)?;
    }
    let chain = chain(&dataset, &base, &recoveries(&dataset, &base), Settings::default())?;
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(&dataset)?)?;
    let result = tabulate(&chain, &scenario, &view, &path);

    let inputs = report::ReportInputs {
        dataset: &dataset,
        scenario: &scenario,
        version: env!("CARGO_PKG_VERSION"),
        command: None,
    };
    std::fs::write(Path::new(&file), report::html(&result, &inputs)?)?;
    Ok(())
}
