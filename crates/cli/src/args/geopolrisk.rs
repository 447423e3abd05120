//! What can be typed about tables of one's own, and for GeoPolRisk.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Tables of the user's.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Your tables (Parquet or CSV)")]
pub struct TablesArgs {
    /// A folder that `monazite data import` wrote: trade, production and governance
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Trade in BACI's columns `t,i,j,k,v,q` [default: the bundled headings of rare earths]
    #[arg(long, value_name = "FILE")]
    pub trade: Option<PathBuf>,
    /// World Mining Data: `material,country,baci_code,iso3,year,production,unit`
    #[arg(long, value_name = "FILE")]
    pub production: Option<PathBuf>,
    /// Political stability: `place,year,indicator,estimate` [default: the bundled table]
    #[arg(long, value_name = "FILE")]
    pub governance: Option<PathBuf>,
}

/// Options of GeoPolRisk.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "GeoPolRisk")]
pub struct GeopolriskArgs {
    /// Tables of the user's
    #[command(flatten)]
    pub tables: TablesArgs,
    /// Give the numbers of that release of geopolrisk-py, defects included
    #[arg(long, value_enum, value_name = "RELEASE")]
    pub compat: Option<Release>,
    /// Count flows that are flagged as outliers
    #[arg(long, conflicts_with = "compat")]
    pub keep_outliers: bool,
    /// Concentration of the stage that is traded, or of the one that the production table counts
    #[arg(long, value_enum, value_name = "STAGE", default_value_t, conflicts_with = "compat")]
    pub concentration: ConcentrationArg,
    /// Write the whole table to a file: Parquet, or CSV by its ending
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A release of geopolrisk-py.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Release {
    /// Of 2025
    #[value(name = "2.0.1")]
    V201,
}

/// Which stage's concentration counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ConcentrationArg {
    /// Of what is traded; no score where nobody knows who makes it
    #[default]
    Traded,
    /// Of what the production table counts, even if it is mines
    Reported,
}

/// `monazite risk company`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
The table has the columns material, origin, year, quantity_t (or quantity_kg, or quantity and unit),
and value_usd if known. The template of geopolrisk-py is read too.

Examples:
  monazite risk company purchases.csv --importer DEU
  monazite risk company purchases.csv --importer EU --stage magnet --explain")]
pub struct CompanyArgs {
    /// The company's purchases, CSV, XLSX or Parquet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The country or group that the company buys for
    #[arg(long, value_name = "PLACE")]
    pub importer: String,
    /// The stage at which rare earths are bought
    #[arg(long, value_enum, value_name = "STAGE", default_value = "separation")]
    pub stage: super::risk::StageArg,
    /// Take each score apart
    #[arg(long)]
    pub explain: bool,
    /// How to score
    #[command(flatten)]
    pub geopolrisk: GeopolriskArgs,
}

/// `monazite risk factors`.
#[derive(Args, Clone, Debug)]
#[command(after_help = "\
A factor is score times world unit value over that of copper in the same year (kg of copper
equivalent per kg); without copper in your tables it stays in USD per kg.

Examples:
  monazite risk factors --layout brightway --importer DEU --years 2024 --out factors
  monazite risk factors --layout openlca --data imported --years 2022 --out factors
  monazite risk factors --layout openlca --compat 2.0.1 --data imported --years 2022 --out factors")]
pub struct FactorsArgs {
    /// For which program
    #[arg(long, value_enum, value_name = "PROGRAM")]
    pub layout: Layout,
    /// Of what
    #[command(flatten)]
    pub slice: super::risk::Slice,
    /// How to score
    #[command(flatten)]
    pub geopolrisk: GeopolriskArgs,
}

/// A program that loads characterisation factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Layout {
    /// A folder of reference data for openLCA
    Openlca,
    /// CSV files for the generic importer of Brightway
    Brightway,
}
