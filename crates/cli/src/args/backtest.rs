//! Arguments of `monazite backtest`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  monazite backtest A
  monazite backtest A --csv=series
  monazite backtest all --check
  monazite backtest all --write book/src/validation";

/// Options of the hindcast.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct BacktestArgs {
    /// Which experiment
    #[arg(value_enum, default_value_t, ignore_case = true)]
    pub experiment: ExperimentArg,
    /// Draws of the priors; the published scores have the usual number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=4096))]
    pub draws: Option<u32>,
    /// Fail with exit code 3 when a score is worse than the published one by more than its tolerance
    #[arg(long)]
    pub check: bool,
    /// Write the pages of the book, with charts, scores and predicted bands
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// Experiments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ExperimentArg {
    /// 2010 to 2013 under the export quotas, frozen on 2009
    #[value(name = "A")]
    A,
    /// 2025 and 2026 under the licences, frozen in March 2025
    #[value(name = "B")]
    B,
    /// A, with what is known of one element's users left out at a time
    #[value(name = "C")]
    C,
    /// A, with the mining quota of 2011 kept to as well
    #[value(name = "D")]
    D,
    /// All of them
    #[default]
    #[value(name = "all")]
    All,
}

const VALIDATE_EXAMPLES: &str = "\
Examples:
  monazite validate
  monazite validate --csv=oracles
  monazite validate --csv=residuals
  monazite validate --check
  monazite validate --write book/src/validation";

/// Options of the checks against published figures.
#[derive(Args, Debug)]
#[command(after_help = VALIDATE_EXAMPLES)]
pub struct ValidateArgs {
    /// Fail with exit code 3 when a figure is further off than committed by more than its tolerance
    #[arg(long)]
    pub check: bool,
    /// Write the page of the book, with its tables as CSV
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}
