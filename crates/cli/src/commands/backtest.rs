//! `monazite backtest`: the market simulated over quarters that are past, and scored.

pub mod tables;
mod tolerance;

use monazite_ensemble::backtest::{self, Card, DRAWS, DRAWS_LEFT_OUT, Experiment, LeftOut};
use monazite_evidence::Dataset;
use monazite_market::scenario::{Scenario, Vocabulary};

use super::dataset;
use super::model::ScenarioText;
use crate::args::Global;
use crate::args::backtest::{BacktestArgs, ExperimentArg};
use crate::failure::{Code, Failure, counted};
use crate::output::progress::Progress;
use crate::output::{Document, Printer, write_csv};
use crate::validation;

pub use tolerance::{Figure, table as scores};

/// What was run.
pub struct Results {
    /// Experiments A, B and D, as far as asked for.
    pub cards: Vec<Card>,
    /// Experiment C.
    pub left_out: Vec<LeftOut>,
}

/// Runs, shows, checks and writes.
pub fn backtest(args: &BacktestArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let results = run(args, &dataset)?;
    let figures = tolerance::figures(&results);
    if let Some(dir) = &args.write {
        validation::write(dir, &dataset, &results, &figures)?;
    }
    let mut document = Document::new();
    tables::fill(&mut document, &results);
    let worse = if args.check {
        tolerance::worse(&figures)?
    } else {
        Vec::new()
    };
    for line in &worse {
        document.warning(line.clone());
    }
    printer.print(&document)?;
    if worse.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(
            Code::Found,
            format!(
                "{} worse than published, by more than the tolerance",
                counted(worse.len(), "score")
            ),
        )
        .hint("book/src/validation/scores.csv holds the published scores; `--write` shows what changed"))
    }
}

fn run(args: &BacktestArgs, dataset: &Dataset) -> Result<Results, Failure> {
    let wants = |e: ExperimentArg| args.experiment == e || args.experiment == ExperimentArg::All;
    let draws = |usual: usize| args.draws.map_or(usual, |n| usize::try_from(n).unwrap_or(usual));
    let mut results = Results {
        cards: Vec::new(),
        left_out: Vec::new(),
    };
    for (asked, experiment, named) in [
        (ExperimentArg::A, Experiment::A, "experiment A"),
        (ExperimentArg::B, Experiment::B, "experiment B"),
        (ExperimentArg::D, Experiment::D, "experiment D"),
    ] {
        if wants(asked) {
            let _progress = Progress::start(named);
            let scenario = scenario(dataset, experiment)?;
            results
                .cards
                .push(backtest::run(dataset, experiment, &scenario, draws(DRAWS))?);
        }
    }
    if wants(ExperimentArg::C) {
        let _progress = Progress::start("experiment C, element by element");
        let scenario = scenario(dataset, Experiment::A)?;
        results.left_out = backtest::leave_one_out(dataset, &scenario, draws(DRAWS_LEFT_OUT))?;
    }
    Ok(results)
}

fn scenario(dataset: &Dataset, experiment: Experiment) -> Result<Scenario, Failure> {
    let text = ScenarioText::find(experiment.scenario())?;
    Ok(text.read(&Vocabulary::from_dataset(dataset))?.scenario)
}

/// Predicted bands as a file.
///
/// # Errors
/// When a row cannot be written.
pub fn bands(cards: &[Card]) -> Result<Vec<u8>, Failure> {
    write_csv(&tables::bands(cards))
}
