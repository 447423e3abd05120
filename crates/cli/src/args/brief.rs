//! What can be typed after `monazite brief` and `monazite deals`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `monazite brief`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite brief article.txt
  curl -s https://example.org/news.html | monazite brief -
  monazite brief article.txt --format html --out brief.html
  monazite brief article.txt --paths 100
  monazite brief article.txt --scenario-out mine.toml && monazite simulate mine.toml
  monazite brief --watch inbox --format markdown

Tables for --csv=TABLE: events, entities, claims, plan, main_effects, effects, losses, reliance, earlier, watch, questions;
with --score: articles, together, differences, judged, rules.
Only English is read; nothing leaves this machine.")]
#[command(group(clap::ArgGroup::new("input").required(true).args(["article", "watch", "score", "schema"])))]
pub struct BriefArgs {
    /// A file with the article (text, Markdown, saved HTML, text of a PDF), or `-` for standard input
    #[arg(value_name = "FILE")]
    pub article: Option<PathBuf>,
    /// The day it was published [default: the date found in it]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<String>,
    /// Its encoding, such as `windows-1251` [default: told from the bytes]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Do not run the scenario
    #[arg(long)]
    pub no_run: bool,
    /// Add bands from so many paths over uncertain evidence: seconds instead of a fraction of one
    #[arg(long, value_name = "N", conflicts_with = "no_run", value_parser = clap::value_parser!(u32).range(10..=10_000))]
    pub paths: Option<u32>,
    /// Write the scenario, from the library or drafted, into a file to edit
    #[arg(long, value_name = "FILE")]
    pub scenario_out: Option<PathBuf>,
    /// How to write the brief
    #[arg(long, value_enum, default_value_t)]
    pub format: BriefFormat,
    /// Write it into a file instead of printing it
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Brief each new file in a folder, beside it, until stopped
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "scenario_out"])]
    pub watch: Option<PathBuf>,
    /// With --watch: brief what is there and stop
    #[arg(long, requires = "watch")]
    pub once: bool,
    /// Compare with hand-made truth: a folder of NAME.txt beside NAME.toml
    #[arg(long, value_name = "DIR")]
    pub score: Option<PathBuf>,
    /// Read events with your own rule files of this folder in place of the bundled ones
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// Print the JSON schema of a brief
    #[arg(long)]
    pub schema: bool,
}

/// How to write a brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum BriefFormat {
    /// Tables for a terminal
    #[default]
    Terminal,
    /// Markdown
    Markdown,
    /// One HTML page with the words marked
    Html,
    /// JSON; the same as --json
    Json,
}

impl BriefFormat {
    /// The ending of files in this format.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Terminal | Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
        }
    }
}

/// `monazite deals`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite deals --party Lynas
  monazite deals --instrument loan --year 2025 --min 100
  monazite deals --place AUS --csv=money

Tables for --csv=TABLE: deals, money, years. Sums count only amounts in dollars that the evidence gives;
a deal without one is counted and adds nothing. A deal with several parties counts once for each of
them in `money`, and once in `years`.")]
pub struct DealsArgs {
    /// Part of a party's name
    #[arg(long, value_name = "NAME")]
    pub party: Option<String>,
    /// Part of the instrument: `loan`, `equity`, `grant`, `offtake`
    #[arg(long, value_name = "WORD")]
    pub instrument: Option<String>,
    /// A stage: `mine`, `separation`, `metal`, `magnet`, `recycling`
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Where it takes effect: `AUS`, `Australia`
    #[arg(long, value_name = "PLACE", visible_alias = "country")]
    pub place: Option<String>,
    /// Part of the status: `signed`, `announced`, `LOI`
    #[arg(long, value_name = "WORD")]
    pub status: Option<String>,
    /// The year it was made
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
    /// At least so many million USD
    #[arg(long, value_name = "MUSD")]
    pub min: Option<f64>,
    /// At most so many million USD
    #[arg(long, value_name = "MUSD")]
    pub max: Option<f64>,
    /// Show at most so many deals; 0 means all [default: 25]
    #[arg(long, value_name = "N", default_value_t = 25)]
    pub limit: usize,
}
