//! What can be typed.

pub mod backtest;
pub mod brief;
pub mod ensemble;
pub mod exposure;
pub mod geopolrisk;
pub mod plan;
mod project;
pub mod risk;
pub mod serve;
pub mod stockpile;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use project::{DrawArgs, PriceArgs, ProjectCommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  something failed that should work
  2  wrong usage or wrong input: a word, file or folder
  3  a check found problems";

const EXAMPLES: &str = "\
Examples:
  monazite simulate china-2025-04
  monazite risk
  monazite exposure --country USA --scenario china-2025-04
  monazite explain results/china-2025-04 --price Dy --place JPN --quarter 2025Q3
  monazite data why MMR Dy mine";

/// The rare-earth supply chain from ore to motor: who controls it, what happens when it breaks.
#[derive(Debug, Parser)]
#[command(
    name = "monazite",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"), max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// How to show it.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every verb.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub struct Global {
    /// Print JSON instead of tables for people
    #[arg(long, global = true, conflicts_with = "csv")]
    pub json: bool,
    /// Print one table as CSV: the main one, or the one named
    #[arg(long, global = true, value_name = "TABLE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub csv: Option<String>,
    /// Also write the main table as Parquet; all tables where FILE is a folder
    #[arg(long, global = true, value_name = "FILE")]
    pub parquet: Option<PathBuf>,
    /// Also write all tables as an Excel workbook, a sheet each, sources last
    #[arg(long, global = true, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// Colour the output; `NO_COLOR` is respected
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = false
    )]
    pub color: ColorChoice,
    /// Print an answer with its titles and remarks as JSON, and failures too: for the atlas
    #[arg(long, global = true, hide = true, conflicts_with_all = ["json", "csv"])]
    pub answer: bool,
    /// Read the evidence from a folder instead of the one inside the program
    #[arg(long, global = true, value_name = "DIR", help_heading = "Evidence")]
    pub dataset: Option<PathBuf>,
}

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Even into a file.
    Always,
    /// Not at all.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario and show who runs short of what, at which price, for how long
    Simulate(SimulateArgs),
    /// List, show, check and begin scenarios
    #[command(subcommand, disable_help_subcommand = true)]
    Scenario(ScenarioCommand),
    /// Say why a price is what it is, or why somebody runs short
    Explain(ExplainArgs),
    /// List, show, compare, check and remove ensembles
    #[command(subcommand, disable_help_subcommand = true)]
    Runs(ensemble::RunsCommand),
    /// Rank which evidence drives a price, a shortage or a loss
    Sensitivity(ensemble::SensitivityArgs),
    /// Say who controls the chain: shares, concentration, import reliance, criticality
    #[command(disable_help_subcommand = true, args_conflicts_with_subcommands = true)]
    Risk {
        /// What to show; without it, the overview
        #[command(subcommand)]
        command: Option<risk::RiskCommand>,
    },
    /// Simulate quarters that are past, and score what comes out against what happened
    Backtest(backtest::BacktestArgs),
    /// Hold every published figure that comes with the program against what it computes
    Validate(backtest::ValidateArgs),
    /// Say what is exposed: products, platforms, fleets, industries, GDP
    Exposure(exposure::ExposureArgs),
    /// Turn an article into events, checked claims, a scenario and numbers
    Brief(brief::BriefArgs),
    /// List and filter the ledger of deals, and sum the money
    Deals(brief::DealsArgs),
    /// Look into the evidence and check it
    #[command(subcommand, disable_help_subcommand = true)]
    Data(DataCommand),
    /// Value deposits and projects: is it viable, at which price, with which floor
    #[command(subcommand, disable_help_subcommand = true)]
    Project(ProjectCommand),
    /// Find the measures that most reduce what disruptions cost, within a budget
    Plan(plan::PlanArgs),
    /// Say what runs short in an emergency, what covers it, and which stock is left to buy
    Stockpile(stockpile::StockpileArgs),
    /// Look into the calibrated market
    #[command(subcommand, disable_help_subcommand = true)]
    Market(MarketCommand),
    /// Open the atlas: a local web application, with a documented HTTP API
    Serve(serve::ServeArgs),
}

/// How finely the world is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ViewArg {
    /// Some forty countries and the rest of each continent
    #[default]
    Full,
    /// Fourteen blocs
    Bloc14,
}

impl ViewArg {
    /// The word in tables and files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Bloc14 => "bloc14",
        }
    }
}

/// `monazite simulate`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite simulate china-2025-04
  monazite simulate my-scenario.toml --view bloc14 --out results/mine
  monazite simulate china-2025-04 --csv=prices > prices.csv
  monazite simulate china-2025-10 --view bloc14 --paths 1000 --seed 7

Tables for --csv=TABLE: shortages, price_path, losses, still_short, events; and in full: prices,
flows, uses, stocks, production, capacities, quotas, policies. The result folder holds them as Parquet.")]
#[allow(
    clippy::struct_excessive_bools,
    reason = "switches of a command line are independent"
)]
pub struct SimulateArgs {
    /// A scenario that comes with the program, or a file
    #[arg(value_name = "NAME|FILE")]
    pub scenario: String,
    /// How finely the world is divided
    #[arg(long, value_enum, default_value_t)]
    pub view: ViewArg,
    /// Folder for the result [default: results/NAME]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace a result, or what a stopped run left behind
    #[arg(long)]
    pub force: bool,
    /// Leave out the HTML report
    #[arg(long)]
    pub no_report: bool,
    /// Show how long each phase took
    #[arg(long)]
    pub timings: bool,
    /// Say which prices are not unique, and between which bounds they may lie
    #[arg(long, conflicts_with = "paths")]
    pub intervals: bool,
    /// Many paths over uncertain evidence.
    #[command(flatten)]
    pub ensemble: ensemble::EnsembleArgs,
}

/// `monazite scenario …`.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// List the scenarios that come with the program
    List,
    /// Show a scenario: what happens when, and on which evidence
    #[command(
        after_help = "Examples:\n  monazite scenario show china-2025-04\n  monazite scenario show china-2025-04 --file > mine.toml"
    )]
    Show {
        /// A scenario that comes with the program, or a file
        #[arg(value_name = "NAME|FILE")]
        scenario: String,
        /// Print the file itself, comments and all
        #[arg(long)]
        file: bool,
    },
    /// Check scenario files without running them
    #[command(
        after_help = "Examples:\n  monazite scenario check my-scenario.toml\n\nExit code 3 when a file has errors."
    )]
    Check {
        /// Files, or names of scenarios that come with the program
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
    },
    /// Write a file to start a new scenario from
    #[command(
        after_help = "Examples:\n  monazite scenario new my-scenario\n  monazite scenario new my-scenario --out scenarios/mine.toml"
    )]
    New {
        /// Its name: small letters, digits, `-` and `_`
        name: String,
        /// Where to write it [default: NAME.toml]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// `monazite explain`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite explain results/china-2025-04 --price Dy --place JPN --quarter 2025Q3
  monazite explain results/china-2025-04 --shortage magnet:uh --place DEU")]
#[command(group(clap::ArgGroup::new("question").required(true).args(["price", "shortage"])))]
pub struct ExplainArgs {
    /// A result folder
    #[arg(value_name = "RESULT")]
    pub result: PathBuf,
    /// Why this product costs what it does: `Dy`, `oxide:Dy`, `metal:Nd`, `magnet:uh`
    #[arg(long, value_name = "PRODUCT")]
    pub price: Option<String>,
    /// Why users run short of this product
    #[arg(long, value_name = "PRODUCT", conflicts_with = "quarter")]
    pub shortage: Option<String>,
    /// Where: `JPN`, `Japan`
    #[arg(long, value_name = "PLACE")]
    pub place: String,
    /// When: `2025Q3`, or `base` [default: the quarter with the highest price]
    #[arg(long, value_name = "QUARTER", requires = "price")]
    pub quarter: Option<String>,
}

/// `monazite data …`.
#[derive(Debug, Subcommand)]
pub enum DataCommand {
    /// List the tables
    List,
    /// Show rows of a table
    #[command(
        after_help = "Examples:\n  monazite data show prices --where element=Dy --where zone=outside\n  monazite data show facilities --csv"
    )]
    Show {
        /// The table
        table: String,
        /// Only rows in which a column has a value
        #[arg(long = "where", value_name = "COLUMN=VALUE")]
        filters: Vec<String>,
        /// Show at most so many rows; 0 means all [default: 20 for people, all for programs]
        #[arg(long, value_name = "N")]
        limit: Option<usize>,
    },
    /// Say what the columns of a table mean
    Describe {
        /// The table
        table: String,
    },
    /// Check a dataset
    #[command(after_help = "Exit code 3 when there are errors; warnings alone are fine.")]
    Check {
        /// Its folder [default: the dataset inside the program]
        dir: Option<PathBuf>,
    },
    /// List the sources, or show one
    Sources {
        /// The source
        id: Option<String>,
    },
    /// Show the evidence on a place, element and stage, conflicts side by side
    #[command(
        after_help = "Examples:\n  monazite data why MMR Dy mine --year 2024\n  monazite data why China Nd magnet"
    )]
    Why {
        /// Where: `MMR`, `Myanmar`
        place: String,
        /// Which element: `Dy`
        element: String,
        /// Which stage: `mine`, `cracking`, `separation_light`, `separation_heavy`, `metal`, `magnet`, `recycling`, `scandium`
        stage: String,
        /// Only this year [default: the latest of each table]
        #[arg(long)]
        year: Option<u16>,
    },
    /// List the groups of countries, or show one: who belonged to it when
    #[command(
        after_help = "Examples:\n  monazite data groups\n  monazite data groups EU\n  monazite data groups EU --year 2019\n  monazite data groups Friends --group Friends=EU,JPN,AUS --year 2024\n\n\
        A place counts for a year when it belonged to the group on more than half of its days."
    )]
    Groups {
        /// The group: `EU`, `G7`, `NATO`
        name: Option<String>,
        /// Only its members in this year
        #[arg(long)]
        year: Option<u16>,
        /// A group of your own: `NAME=DEU,FRA,…`; its members may be groups
        #[arg(long = "group", value_name = "NAME=PLACE,…")]
        own: Vec<String>,
        /// Groups of your own from a file: TOML (`NAME = ["DEU", "FRA"]`) or CSV (`group,place`)
        #[arg(long = "groups", value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Say which place a name or code means
    #[command(
        after_help = "Examples:\n  monazite data place \"Korea, Rep.\" 490 Türkiye\n  monazite data place \"World total (rounded)\""
    )]
    Place {
        /// Names or codes: ISO 3166, M49, BACI, or as a statistic writes them
        #[arg(value_name = "NAME|CODE", required = true)]
        names: Vec<String>,
    },
    /// Import your own copy of a data set, in its original layout, into a folder of tables
    Import(ImportArgs),
    /// Show the content hashes and vintages of the dataset
    Lock {
        /// Write dataset.lock and datapackage.json into a dataset folder
        #[arg(long, value_name = "DIR")]
        write: Option<PathBuf>,
    },
    /// Show the balanced base year: totals by stage and place, targets, and what had to be adjusted
    #[command(after_help = "Examples:\n  monazite data base-year\n  monazite data base-year 2009 --adjustments 40")]
    BaseYear {
        /// The year
        #[arg(default_value_t = 2024)]
        year: u16,
        /// How many adjustments to show
        #[arg(long, value_name = "N", default_value_t = 15)]
        adjustments: usize,
        /// How finely the world is divided
        #[arg(long, value_enum, default_value_t)]
        view: ViewArg,
    },
}

/// `monazite data import`.
#[derive(Args, Debug)]
#[command(after_help = "\
Kinds:
  baci      CEPII BACI: the CSV files of a release, their folder, or the zip; all HS products in, ours out
  comtrade  an export of UN Comtrade, CSV or JSON, both flows
  mcs       a data release of USGS Mineral Commodity Summaries, CSV
  wmd       World Mining Data: production of individual countries by minerals, XLSX
  wgi       Worldwide Governance Indicators, XLSX or CSV
  company   your own purchases, CSV or XLSX: material, origin, quantity with unit, value, year

Examples:
  monazite data import baci BACI_HS92_Y2022_V202401b.csv --into mine
  monazite data import baci BACI_HS92_V202401b/ --into mine --years 2018..2022
  monazite data import wmd world-mining-data.xlsx --into mine
  monazite data import company purchases.xlsx --into mine --dry-run

Nothing is written when a row cannot be used, unless --lenient: then such rows go to quarantine/KIND.csv.
The folder keeps imports.lock: source, licence and content hash of everything that is in its tables.")]
pub struct ImportArgs {
    /// What the files are: baci, comtrade, mcs, wmd, wgi or company
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// The files as they were downloaded, or a folder of them
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The folder for the tables; it is made when it is not there
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// Set rows that cannot be used aside, instead of refusing the import
    #[arg(long)]
    pub lenient: bool,
    /// Keep only these years: `2022` or `2018..2022`
    #[arg(long, value_name = "A..B")]
    pub years: Option<String>,
    /// Keep all products of a trade table, not only those of the dataset's materials
    #[arg(long, conflicts_with = "codes")]
    pub all_codes: bool,
    /// Keep these products: `280530,284690`
    #[arg(long, value_name = "CODE,…", value_delimiter = ',')]
    pub codes: Vec<String>,
    /// Read and report, but write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `monazite market …`.
#[derive(Debug, Subcommand)]
pub enum MarketCommand {
    /// Show how well the base quarter reproduces the evidence
    Calibrate {
        /// The base year
        #[arg(long, value_name = "YEAR", default_value_t = 2024)]
        base_year: u16,
        /// How finely the world is divided
        #[arg(long, value_enum, default_value_t)]
        view: ViewArg,
    },
}
