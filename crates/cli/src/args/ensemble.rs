//! What can be typed about ensembles.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::ViewArg;

/// How points are spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SamplerArg {
    /// Scrambled Sobol sequence
    #[default]
    Sobol,
    /// Latin hypercube
    Lhs,
}

/// Options of `monazite simulate` that make it an ensemble.
#[derive(Args, Debug)]
#[command(next_help_heading = "Ensemble")]
pub struct EnsembleArgs {
    /// Run so many paths over the uncertain evidence, and show bands
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65_536))]
    pub paths: Option<u32>,
    /// Seed of the draws; the same seed gives two scenarios the same draws
    #[arg(long, value_name = "N", default_value_t = 1, requires = "paths")]
    pub seed: u64,
    /// How draws are spread
    #[arg(long, value_enum, default_value_t, requires = "paths")]
    pub sampler: SamplerArg,
    /// Worker threads; 0 means one per core. The result does not depend on it
    #[arg(long, value_name = "N", default_value_t = 0, requires = "paths")]
    pub threads: usize,
    /// Draws of the base year that are balanced; every path stands on one of them
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=1000), requires = "paths")]
    pub variants: u32,
    /// Paths that are written together: the most that a stopped run loses
    #[arg(long, value_name = "N", default_value_t = 250, value_parser = clap::value_parser!(u32).range(1..=65_536), requires = "paths")]
    pub part_paths: u32,
    /// Run this scenario on the same draws too, and show the differences path by path
    #[arg(long, value_name = "NAME|FILE", requires = "paths")]
    pub versus: Option<String>,
}

/// `monazite runs …`.
#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the runs in a folder, and renew its index runs.csv
    List {
        /// The folder
        #[arg(value_name = "DIR", default_value = "results")]
        root: PathBuf,
    },
    /// Show an ensemble: bands, probabilities of shortage, losses
    #[command(
        after_help = "Examples:\n  monazite runs show results/china-2025-04-bloc14-1000-seed7\n  monazite runs show RUN --csv=bands"
    )]
    Show {
        /// Its folder
        #[arg(value_name = "RUN")]
        run: PathBuf,
    },
    /// Show what differs between two ensembles of the same draws, path by path
    Compare {
        /// The first
        #[arg(value_name = "RUN")]
        first: PathBuf,
        /// What it is compared with
        #[arg(value_name = "OTHER")]
        second: PathBuf,
    },
    /// Check every part of an ensemble against its hashes
    #[command(after_help = "Exit code 3 when a part is damaged; running the ensemble again repairs it.")]
    Check {
        /// Its folder
        #[arg(value_name = "RUN")]
        run: PathBuf,
    },
    /// Remove an ensemble; a folder with other files in it is left alone
    Rm {
        /// Its folder
        #[arg(value_name = "RUN")]
        run: PathBuf,
    },
}

/// `monazite sensitivity`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite sensitivity china-2025-04 --outcome price:oxide:Dy@outside:peak --view bloc14
  monazite sensitivity china-2025-04 --outcome loss@all
  monazite sensitivity myanmar-closure --outcome shortage:magnet:uh@EUR:2026Q1 --view bloc14

An outcome is price:PRODUCT@inside|outside:WHEN, shortage:PRODUCT@PLACE:WHEN or loss@PLACE; WHEN is
peak, mean or a quarter. Three steps: whole parameters, rows of the strongest, Sobol indices.")]
pub struct SensitivityArgs {
    /// A scenario that comes with the program, or a file
    #[arg(value_name = "NAME|FILE")]
    pub scenario: String,
    /// The number to explain
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: String,
    /// How finely the world is divided
    #[arg(long, value_enum, default_value_t = ViewArg::Bloc14)]
    pub view: ViewArg,
    /// Walks of the screening
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub trajectories: u32,
    /// Rows that get Sobol indices
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=50))]
    pub drivers: u32,
    /// Base points of the Sobol indices; each costs as many paths as there are drivers, and three
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(8..=65_536))]
    pub points: u32,
    /// Seed of the design
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Worker threads; 0 means one per core
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}
