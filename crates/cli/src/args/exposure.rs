//! What can be typed after `monazite exposure`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  monazite exposure new bom.csv
  monazite exposure bom.csv --for USA --scenario china-2025-04
  monazite exposure --country USA --scenario china-2025-04
  monazite exposure --country JPN --scenario china-2025-04 --tables my-oecd-japan-2018.csv
  monazite exposure --fleet EV --for USA --years 2025..2035
  monazite exposure technologies f35

Tables for --csv=TABLE
  of a bill of materials: parts, elements, origins, chokepoints, substitutes
  of a country: losses, industries, cases, by_quarter, shortfalls, needs, checks
  of a fleet: need, units, other_outlooks";

/// `monazite exposure`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, disable_help_subcommand = true, args_conflicts_with_subcommands = true)]
pub struct ExposureArgs {
    /// Other questions
    #[command(subcommand)]
    pub command: Option<ExposureCommand>,
    /// A bill of materials: CSV, or XLSX (its first sheet)
    #[arg(value_name = "BOM", conflicts_with_all = ["country", "fleet"])]
    pub bom: Option<PathBuf>,
    /// What a scenario does: one that comes with the program, or a file
    #[arg(long, value_name = "NAME|FILE", conflicts_with = "fleet")]
    pub scenario: Option<String>,
    /// Where parts are bought whose row does not say, or where the fleet is: `USA`, `Germany`
    #[arg(long = "for", value_name = "PLACE")]
    pub place: Option<String>,
    /// A country's industries and GDP
    #[arg(long, value_name = "COUNTRY", conflicts_with = "fleet", help_heading = "A country")]
    pub country: Option<String>,
    /// Its input-output table, your own copy in the OECD's layout (CSV)
    #[arg(long, value_name = "FILE", requires = "country", help_heading = "A country")]
    pub tables: Option<PathBuf>,
    /// Shortages that you state (CSV or XLSX), instead of a scenario
    #[arg(
        long,
        value_name = "FILE",
        requires = "country",
        conflicts_with = "scenario",
        help_heading = "A country"
    )]
    pub shock: Option<PathBuf>,
    /// A fleet: `EV`, `wind`
    #[arg(long, value_name = "FLEET", requires = "place", help_heading = "A fleet")]
    pub fleet: Option<String>,
    /// Its years
    #[arg(
        long,
        value_name = "FROM..TO",
        requires = "fleet",
        default_value = "2025..2035",
        help_heading = "A fleet"
    )]
    pub years: String,
    /// Which outlook [default: the one that reaches furthest, STEPS first]
    #[arg(long, value_name = "NAME", requires = "fleet", help_heading = "A fleet")]
    pub outlook: Option<String>,
}

/// `monazite exposure …`.
#[derive(Debug, Subcommand)]
pub enum ExposureCommand {
    /// List technologies and platforms with what they contain, or show the evidence on one
    Technologies {
        /// Its id, name or another word for it: `f35`, `EV`, `smartphone`
        name: Option<String>,
    },
    /// Write a bill of materials to start from
    New {
        /// Where to write it
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
