//! What can be typed after `monazite stockpile`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  monazite stockpile --for USA --scenario conflict-4y
  monazite stockpile --for JPN --scenario my-conflict.toml --draws 2000
  monazite stockpile --for USA --scenario conflict-4y --rule     # and what the market model would stock
  monazite stockpile --for USA --scenario conflict-4y --csv=merit_order
  monazite stockpile new my-conflict.toml
  monazite stockpile list

Tables for --csv=TABLE: elements, products, years, merit_order, purchases, origins, assumptions, rule.";

/// `monazite stockpile`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, disable_help_subcommand = true, args_conflicts_with_subcommands = true)]
pub struct StockpileArgs {
    /// Other questions
    #[command(subcommand)]
    pub command: Option<StockpileCommand>,
    /// For whom: `USA`, `Japan`
    #[arg(long = "for", value_name = "PLACE", default_value = "USA")]
    pub place: String,
    /// The emergency: one that comes with the program, or a file
    #[arg(long, value_name = "NAME|FILE", default_value = "conflict-4y")]
    pub scenario: String,
    /// Seek the stock that minimises expected loss in the market model too
    #[arg(long, help_heading = "The market model")]
    pub rule: bool,
    /// Write the emergency as a scenario of the market model, for `monazite simulate`
    #[arg(long, value_name = "FILE", help_heading = "The market model")]
    pub scenario_out: Option<PathBuf>,
    /// How many draws of uncertain assumptions
    #[arg(long, value_name = "N", default_value_t = 1000, help_heading = "Uncertainty")]
    pub draws: usize,
    /// Seed of the draws; the same seed gives the same numbers
    #[arg(long, value_name = "N", default_value_t = 7, help_heading = "Uncertainty")]
    pub seed: u64,
}

/// `monazite stockpile …`.
#[derive(Debug, Subcommand)]
pub enum StockpileCommand {
    /// List the emergencies that come with the program
    List,
    /// Write a file to start an emergency of your own from
    New {
        /// Where to write it
        #[arg(value_name = "FILE", default_value = "conflict.toml")]
        out: PathBuf,
    },
}
