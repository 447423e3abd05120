//! What can be typed after `monazite risk`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::geopolrisk::{CompanyArgs, FactorsArgs, GeopolriskArgs};

const METHODS: &str = "\
Methods:
  shares       share of each country or company in what a stage makes
  hhi          concentration of these shares, 0 to 1 (and 0 to 10,000)
  n-1          part of supply that remains without the largest supplier; of an importer with --importer
  chokepoints  countries, companies and single plants above --threshold of the world
  reliance     net import reliance of an importer
  eu           the European Union's supply risk (eu_sr) and economic importance (eu_ei)
  usgs         disruption potential, trade exposure and economic vulnerability, as far as known
  geopolrisk   concentration times the part of supply that comes from unstable partners";

/// `monazite risk …`.
#[derive(Debug, Subcommand)]
pub enum RiskCommand {
    /// Show who dominates which stage, by element, on one screen (also `monazite risk` alone)
    Show(ShowArgs),
    /// Compute methods for any materials, stages, years and importers
    Table(Box<TableArgs>),
    /// Show a score as a series over years
    History(Box<HistoryArgs>),
    /// Rank materials by several methods, with intervals under random weights and uncertain inputs
    Rank(Box<RankArgs>),
    /// Score a company's purchases beside the country it buys for
    Company(Box<CompanyArgs>),
    /// Write characterisation factors for openLCA or Brightway
    Factors(Box<FactorsArgs>),
}

/// `monazite risk show`.
#[derive(Args, Clone, Debug, Default)]
pub struct ShowArgs {
    /// The year [default: the latest balanced year]
    #[arg(long, value_name = "YEAR")]
    pub year: Option<u16>,
}

/// What is asked of a method.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Of what")]
pub struct Slice {
    /// Years: `2024`, `2018..2022`, `2009,2024` [default: the latest balanced year]
    #[arg(long, value_name = "YEARS")]
    pub years: Option<String>,
    /// An element or a group of them: `Dy`, `NdPr`, `TREO` (may be repeated) [default: all rare earths, then each]
    #[arg(long, value_name = "SYMBOL", value_delimiter = ',')]
    pub element: Vec<String>,
    /// Another material of the tables you imported: `Nickel` (may be repeated)
    #[arg(long, value_name = "NAME", value_delimiter = ',', conflicts_with = "element")]
    pub material: Vec<String>,
    /// A stage of the chain (may be repeated) [default: all]
    #[arg(long, value_enum, value_name = "STAGE", value_delimiter = ',')]
    pub stage: Vec<StageArg>,
    /// An importing country or group: `USA`, `EU` (may be repeated)
    #[arg(long, value_name = "PLACE", value_delimiter = ',')]
    pub importer: Vec<String>,
    /// A group of your own: `Quad=USA,JPN,IND,AUS` (may be repeated)
    #[arg(long, value_name = "NAME=PLACES")]
    pub group: Vec<String>,
    /// Groups of your own from a file: TOML, or CSV with the columns `group` and `place`
    #[arg(long, value_name = "FILE")]
    pub groups: Option<PathBuf>,
    /// Whose shares are counted
    #[arg(long, value_enum, value_name = "WHO", default_value_t)]
    pub by: ByArg,
    /// With `chokepoints`: the share of the world above which a holder counts [default: 0.25]
    #[arg(long, value_name = "SHARE", value_parser = share, help_heading = "Inputs")]
    pub threshold: Option<f64>,
    /// With `eu`: the printed inputs of an assessment instead of the evidence of the years: 2017, 2023
    #[arg(long, value_name = "YEAR", help_heading = "Inputs")]
    pub assessment: Option<u16>,
    /// With `eu`: your own inputs as CSV (may be repeated): a summary, shares of supply, or uses
    #[arg(long, value_name = "FILE", conflicts_with = "assessment", help_heading = "Inputs")]
    pub inputs: Vec<PathBuf>,
}

/// `monazite risk table`.
#[derive(Args, Clone, Debug)]
#[command(after_help = format!("{METHODS}\n\n\
Examples:
  monazite risk table --method shares --element Dy --stage separation
  monazite risk table --method hhi --years 2018..2022 --stage mine
  monazite risk table --method hhi --by company --stage magnet --explain
  monazite risk table --method reliance,n-1 --importer USA,JPN,EU --element Dy,Nd
  monazite risk table --method chokepoints --threshold 0.5 --csv
  monazite risk table --method eu --assessment 2023 --xlsx eu-2023.xlsx
  monazite risk table --method eu --years 2017 --inputs my-inputs.csv
  monazite risk table --method geopolrisk --element Dy --importer EU --explain
  monazite risk table --method geopolrisk --compat 2.0.1 --data imported --years 2018..2022 --out table.parquet"))]
pub struct TableArgs {
    /// What to compute (may be repeated)
    #[arg(long, value_name = "METHOD", required = true, value_delimiter = ',')]
    pub method: Vec<String>,
    /// Of what
    #[command(flatten)]
    pub slice: Slice,
    /// Take each score apart: what each country, company and input contributes, with its source
    #[arg(long)]
    pub explain: bool,
    /// For GeoPolRisk
    #[command(flatten)]
    pub geopolrisk: GeopolriskArgs,
}

/// A stage of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageArg {
    /// Mining and beneficiation
    Mine,
    /// Separated oxides
    Separation,
    /// Metals and alloys
    Metal,
    /// Permanent magnets
    Magnet,
}

/// Whose shares are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ByArg {
    /// Countries
    #[default]
    Country,
    /// Companies, by capacity
    Company,
}

/// `monazite risk history`.
#[derive(Args, Clone, Debug)]
#[command(after_help = format!("{METHODS}\n\n\
Examples:
  monazite risk history --method hhi --stage mine --element TREO,Nd,Dy
  monazite risk history --method reliance --importer EU --stage magnet --years 2010..2024"))]
pub struct HistoryArgs {
    /// What to compute
    #[arg(long, value_name = "METHOD")]
    pub method: String,
    /// Of what
    #[command(flatten)]
    pub slice: Slice,
}

/// `monazite risk rank`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
A draw takes weights of the methods that are uniform over all that sum to 1, and each score within what its
evidence allows (its range, or at least 5, 15 or 35 % for confidence A, B and C: priors of ours).

Examples:
  monazite risk rank --stage separation
  monazite risk rank --stage mine --method hhi,n-1 --draws 10000 --seed 7 --top 5
  monazite risk rank --stage separation --method hhi,reliance --importer JPN")]
pub struct RankArgs {
    /// What to rank by (may be repeated)
    #[arg(long, value_name = "METHOD", value_delimiter = ',', default_values = ["hhi", "n-1"])]
    pub method: Vec<String>,
    /// Of what
    #[command(flatten)]
    pub slice: Slice,
    /// How many draws
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub draws: u32,
    /// The same seed gives the same ranking
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,
    /// Count how often each is among so many highest
    #[arg(long, value_name = "K", default_value_t = 3)]
    pub top: usize,
}

/// A share between 0 and 1.
fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("write a share between 0 and 1, such as 0.25".to_owned()),
    }
}
