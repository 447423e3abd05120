//! `monazite simulate`: runs a scenario, writes the result folder and shows what came of it.

mod answer;
pub mod bands;
pub mod ensemble;
mod intervals;
mod page;
mod rows;
mod treasury;
mod zones;

use std::path::{Path, PathBuf};
use std::time::Instant;

use monazite_evidence::Dataset;
use monazite_market::chain::Chain;
use monazite_market::explain::recipes;
use monazite_market::path::{Behaviour, simulate as simulate_path};
use monazite_market::result::{RunResult, tabulate};
use monazite_market::scenario::{Scenario, ScenarioFault, Vocabulary};
use monazite_market::store::{self, ExtraFile, Inputs, StoreError, WriteOptions, Written};

use super::dataset;
use super::explain::stored;
use super::model::{ScenarioText, base_year, calibrated_for};
use crate::args::{Global, SimulateArgs, ViewArg};
use crate::failure::Failure;
use crate::output::Printer;
use crate::output::progress::Progress;
use crate::report::{self, ReportInputs};

/// Name of the report in the result folder.
const REPORT_FILE: &str = "report.html";

/// A scenario that was run.
pub struct Run {
    /// The evidence.
    pub dataset: Dataset,
    /// The calibrated market.
    pub chain: Chain,
    /// The scenario.
    pub scenario: Scenario,
    /// What its author should look at.
    pub faults: Vec<ScenarioFault>,
    /// What came of it.
    pub result: RunResult,
}

/// Runs a scenario.
pub fn simulate(args: &SimulateArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    if let Some(paths) = args.ensemble.paths {
        return ensemble::ensemble(args, paths, global, printer);
    }
    let progress = Progress::start("reading the evidence");
    let text = ScenarioText::find(&args.scenario)?;
    let mut run = run(&text, args.view, global, &progress)?;
    let ranges = if args.intervals {
        progress.now("asking which prices are unique");
        Some(intervals::ranges(&run)?)
    } else {
        None
    };
    progress.now("writing the result");
    let started = Instant::now();
    let folder = args.out.clone().unwrap_or_else(|| default_folder(&run));
    let written = write(&folder, &run, &text, args)?;
    run.result
        .timings
        .push(("report and folder".into(), started.elapsed().as_secs_f64()));
    drop(progress);
    printer.print(&answer::answer(&run, &written, args.timings, ranges.as_deref()))
}

fn run(text: &ScenarioText, view: ViewArg, global: &Global, progress: &Progress) -> Result<Run, Failure> {
    let mut clock = Clock::start();
    let dataset = dataset(global)?;
    clock.lap("evidence");
    let read = text.read(&Vocabulary::from_dataset(&dataset))?;
    let year = u16::try_from(read.scenario.base_year)
        .map_err(|_| Failure::input(format!("there is no base year {}", read.scenario.base_year)))?;
    clock.lap("scenario");
    progress.now("balancing the base year");
    let base = base_year(&dataset, year, view)?;
    clock.lap("base year");
    let chain = calibrated_for(&dataset, &base, &read.scenario)?;
    clock.lap("chain");
    progress.now("solving quarter after quarter");
    let path = simulate_path(&chain, &read.scenario, Behaviour::from_dataset(&dataset)?)?;
    clock.skip();
    let mut result = tabulate(&chain, &read.scenario, view.as_str(), &path);
    clock.lap("tables");
    let tables = clock.laps.pop();
    result.timings = clock
        .laps
        .into_iter()
        .chain(std::mem::take(&mut result.timings))
        .chain(tables)
        .collect();
    Ok(Run {
        dataset,
        chain,
        scenario: read.scenario,
        faults: read.warnings,
        result,
    })
}

/// Seconds by phase.
struct Clock {
    last: Instant,
    laps: Vec<(String, f64)>,
}

impl Clock {
    fn start() -> Self {
        Self {
            last: Instant::now(),
            laps: Vec::new(),
        }
    }

    fn lap(&mut self, phase: &str) {
        self.laps.push((phase.to_owned(), self.last.elapsed().as_secs_f64()));
        self.skip();
    }

    fn skip(&mut self) {
        self.last = Instant::now();
    }
}

fn default_folder(run: &Run) -> PathBuf {
    let view = if run.result.view == "full" {
        String::new()
    } else {
        format!("-{}", run.result.view)
    };
    Path::new("results").join(format!("{}{view}", run.result.scenario))
}

fn write(folder: &Path, run: &Run, text: &ScenarioText, args: &SimulateArgs) -> Result<Written, Failure> {
    let recipes = recipes(&run.chain);
    let inputs = Inputs {
        scenario: &text.text,
        dataset: &run.dataset,
        recipes: &recipes,
    };
    let options = WriteOptions {
        force: args.force || is_same_run(folder, run, text),
        create_parents: args.out.is_none(),
        extras: extras(run, args)?,
        made_at: None,
    };
    store::write(folder, &run.result, &inputs, &options).map_err(|error| {
        let failure = stored(&error);
        match error {
            StoreError::Exists { .. } => failure.hint("the same run may replace its own result; this is another one"),
            _ => failure,
        }
    })
}

/// The HTML report, unless it is not wanted.
fn extras(run: &Run, args: &SimulateArgs) -> Result<Vec<ExtraFile>, Failure> {
    if args.no_report {
        return Ok(Vec::new());
    }
    let command = command(args);
    let inputs = ReportInputs {
        dataset: &run.dataset,
        scenario: &run.scenario,
        version: env!("CARGO_PKG_VERSION"),
        command: Some(&command),
    };
    let page = report::html(&run.result, &inputs).map_err(|error| Failure::failed(error.to_string()))?;
    Ok(vec![ExtraFile {
        name: REPORT_FILE.to_owned(),
        bytes: page.into_bytes(),
    }])
}

/// The command that makes this run again.
fn command(args: &SimulateArgs) -> String {
    let view = if args.view == ViewArg::Full {
        String::new()
    } else {
        format!(" --view {}", args.view.as_str())
    };
    format!("monazite simulate {}{view}", args.scenario)
}

/// Whether a folder holds the result of this very scenario, evidence and view: then writing it again loses nothing.
fn is_same_run(folder: &Path, run: &Run, text: &ScenarioText) -> bool {
    let Ok(manifest) = store::manifest(folder) else {
        return false;
    };
    manifest.view == run.result.view
        && manifest.scenario == run.result.scenario
        && manifest.dataset_sha256 == run.dataset.fingerprint()
        && std::fs::read_to_string(folder.join(store::SCENARIO_FILE)).is_ok_and(|kept| kept == text.text)
}
