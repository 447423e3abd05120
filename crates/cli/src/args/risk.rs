//! What can be typed after `monazite risk`.

use clap::{Args, Subcommand, ValueEnum};

use super::geopolrisk::{CompanyArgs, FactorsArgs, GeopolriskArgs};

const METHODS: &str = "\
Methods:
  shares       share of each country or company in what a stage makes
  hhi          concentration of these shares, 0 to 1 (and 0 to 10,000)
  geopolrisk   concentration times the part of supply that comes from unstable partners";

/// `monazite risk …`.
#[derive(Debug, Subcommand)]
pub enum RiskCommand {
    /// Show who dominates which stage, by element, on one screen (also `monazite risk` alone)
    Show(ShowArgs),
    /// Compute a method for any materials, stages, years and importers
    Table(Box<TableArgs>),
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
    /// Whose shares are counted
    #[arg(long, value_enum, value_name = "WHO", default_value_t)]
    pub by: ByArg,
}

/// `monazite risk table`.
#[derive(Args, Clone, Debug)]
#[command(after_help = format!("{METHODS}\n\n\
Examples:
  monazite risk table --method shares --element Dy --stage separation
  monazite risk table --method hhi --years 2018..2022 --stage mine
  monazite risk table --method hhi --by company --stage magnet --explain
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
