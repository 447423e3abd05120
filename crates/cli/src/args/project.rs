//! What can be typed after `monazite project`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `monazite project …`.
#[derive(Debug, Subcommand)]
pub enum ProjectCommand {
    /// List every deposit of the evidence: is it viable, and at which price?
    #[command(after_help = "\
Examples:
  monazite project list
  monazite project list --floor 110              # with 110 USD/kg under NdPr
  monazite project list --prices results/china-2025-04 --at USA
  monazite project list --place BRA --csv

Every deposit is taken through to separated oxides by one rule, so that they can be compared. Most
costs are priors (confidence C). Operating mines are valued as if they were built anew; the column
`running` says at which multiple of today's prices they cover their running cost.")]
    List {
        /// Only deposits of this country
        #[arg(long, value_name = "PLACE")]
        place: Option<String>,
        /// Prices
        #[command(flatten)]
        prices: PriceArgs,
        /// Draws
        #[command(flatten)]
        draws: DrawArgs,
    },
    /// Show one deposit: its inputs, its value, its price of break-even
    #[command(after_help = "Examples:\n  monazite project show nolans\n  monazite project show tomtor --floor 110")]
    Show {
        /// A deposit of the evidence
        #[arg(value_name = "DEPOSIT")]
        deposit: String,
        /// Prices
        #[command(flatten)]
        prices: PriceArgs,
        /// Draws
        #[command(flatten)]
        draws: DrawArgs,
    },
    /// Value a project file, a published study or a deposit: NPV, IRR, payback, break-even, tornado, cash flow
    #[command(after_help = "\
Examples:
  monazite project value my-project.toml
  monazite project value my-project.xlsx --xlsx value.xlsx   # a workbook in, a workbook out
  monazite project value nolans-2022             # a published study, beside what its owner says
  monazite project value my-project.toml --csv=cash_flow > cash_flow.csv

Tables for --csv=TABLE: value, break_even, tornado, cash_flow, inputs.")]
    Value {
        /// A file, a study (`monazite project studies`) or a deposit
        #[arg(value_name = "FILE|STUDY|DEPOSIT")]
        project: String,
        /// Discount rate a year instead of the project's: 0.08
        #[arg(long, value_name = "SHARE")]
        rate: Option<f64>,
        /// Prices
        #[command(flatten)]
        prices: PriceArgs,
        /// Draws
        #[command(flatten)]
        draws: DrawArgs,
    },
    /// Set projects side by side
    #[command(
        after_help = "Examples:\n  monazite project compare nolans ngualla phalaborwa\n  monazite project compare mine.toml nolans-2022"
    )]
    Compare {
        /// Files, studies or deposits
        #[arg(value_name = "FILE|STUDY|DEPOSIT", required = true, num_args = 2..)]
        projects: Vec<String>,
        /// Prices
        #[command(flatten)]
        prices: PriceArgs,
        /// Draws
        #[command(flatten)]
        draws: DrawArgs,
    },
    /// Find the price floor, or the grant, that gives a project a rate of return
    #[command(
        after_help = "Examples:\n  monazite project floor nolans --irr 0.12\n  monazite project floor my-project.toml --irr 0.15 --under Dy,Tb"
    )]
    Floor {
        /// A file, a study or a deposit
        #[arg(value_name = "FILE|STUDY|DEPOSIT")]
        project: String,
        /// Rate of return after tax to reach: 0.12
        #[arg(long, value_name = "SHARE")]
        irr: f64,
        /// What the floor is under
        #[arg(long, value_name = "MATERIALS", value_delimiter = ',', default_values = ["Nd", "Pr", "NdPr"], hide_default_value = true)]
        under: Vec<String>,
        /// Prices
        #[command(flatten)]
        prices: PriceArgs,
    },
    /// List the published studies that come with the program
    Studies,
    /// Write a file, or a workbook, to start a project from
    #[command(after_help = "Examples:\n  monazite project new my-project.toml\n  monazite project new my-project.xlsx")]
    New {
        /// Where to write it; `.xlsx` gives a workbook
        #[arg(value_name = "FILE", default_value = "project.toml")]
        out: PathBuf,
    },
}

/// Which prices.
#[derive(Args, Debug)]
#[command(next_help_heading = "Prices")]
pub struct PriceArgs {
    /// Prices outside China of a year of the evidence, or the simulated prices of a result folder
    #[arg(long, value_name = "YEAR|RESULT", default_value = "2024")]
    pub prices: String,
    /// Where, for the prices of a result
    #[arg(long, value_name = "PLACE", default_value = "USA")]
    pub at: String,
    /// Multiply all prices
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub times: f64,
    /// Put a floor under the prices of Nd and Pr, USD/kg of oxide
    #[arg(long, value_name = "USD")]
    pub floor: Option<f64>,
}

/// How much drawing.
#[derive(Args, Debug)]
#[command(next_help_heading = "Uncertainty")]
pub struct DrawArgs {
    /// How many draws of uncertain inputs
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub draws: usize,
    /// Seed of the draws; the same seed gives the same numbers
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub seed: u64,
}
