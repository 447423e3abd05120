//! What can be typed after `monazite exposure`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  monazite exposure new bom.csv
  monazite exposure bom.csv --for USA --scenario china-2025-04
  monazite exposure --country USA --scenario china-2025-04
  monazite exposure --country USA --scenario china-2025-04 --paths 64
  monazite exposure --country JPN --scenario china-2025-04 --tables my-oecd-japan-2018.csv
  monazite exposure --fleet EV --for USA --years 2025..2035
  monazite exposure technologies f35

Tables for --csv=TABLE
  of a bill of materials: parts, elements, origins, chokepoints, substitutes; with --paths part_bands
  of a country: losses, industries, cases, by_quarter, shortfalls, needs, checks;
    with --paths bands, industry_bands, quarter_bands
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
    /// Which outlook [default: the latest edition that has figures for these years, stated policies first]
    #[arg(long, value_name = "NAME", requires = "fleet", help_heading = "A fleet")]
    pub outlook: Option<String>,
    /// Bands
    #[command(flatten)]
    pub ensemble: PathArgs,
}

/// Options that make an answer a band.
#[derive(Args, Debug)]
#[command(next_help_heading = "Ensemble")]
pub struct PathArgs {
    /// Answer on so many paths over the uncertain evidence too, and show bands
    #[arg(long, value_name = "N", requires = "scenario", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub paths: Option<u32>,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1, requires = "paths")]
    pub seed: u64,
    /// Worker threads; 0 means one per core. The result does not depend on it
    #[arg(long, value_name = "N", default_value_t = 0, requires = "paths")]
    pub threads: usize,
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
