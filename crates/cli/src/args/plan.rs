//! What can be typed after `monazite plan`.

use std::path::PathBuf;

use clap::Args;

/// `monazite plan`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  monazite plan --for USA --budget 5e9 --by 2032 --partners AUS,BRA,RUS,VNM,KAZ,GRL
  monazite plan --for JPN --budget 2e9 --alone
  monazite plan --for USA --budget 5e9 --frontier
  monazite plan --for USA --budget 5e9 --without russia_agreement --kept-out 64
  monazite plan --study russia-us-deal          # a question, answered by several plans side by side
  monazite plan --list                          # every measure of the evidence, and the studies
  monazite plan --for USA --measures mine.toml  # with your own beside them
  monazite plan --for USA --budget 5e9 --stress # does it hang on guesses?

Tables for --csv=TABLE: plan, years, elements, disruptions, places, stages, partners, frontier,
rounds, left_out, stress, stress_measures, measures, studies; of studies: variants, places, measures.")]
pub struct PlanArgs {
    /// The country that plans
    #[arg(long = "for", value_name = "PLACE", default_value = "USA")]
    pub planner: String,
    /// The most that may be spent, USD, discounted to the first year
    #[arg(long, value_name = "USD", default_value_t = 5e9, allow_negative_numbers = true)]
    pub budget: f64,
    /// Measures must give something by this year, at their best estimate
    #[arg(long, value_name = "YEAR", default_value_t = 2032)]
    pub by: i32,
    /// Countries in which the planner may act besides its own [default: all but China]
    #[arg(long, value_name = "PLACES", value_delimiter = ',')]
    pub partners: Vec<String>,
    /// Act at home only
    #[arg(long, conflicts_with = "partners")]
    pub alone: bool,
    /// Your own measures: CSV or XLSX with the columns of `measures.csv`, or TOML with a `[[measure]]` for each; a known
    /// id takes the place of ours
    #[arg(long, value_name = "FILE")]
    pub measures: Option<PathBuf>,
    /// Look only at these measures and what they require
    #[arg(long, value_name = "MEASURES", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Leave these measures out
    #[arg(long, value_name = "MEASURES", value_delimiter = ',')]
    pub without: Vec<String>,
    /// A measure must save the market at least this share of its cost; 0 spends the budget whatever it brings
    #[arg(long, value_name = "SHARE", default_value_t = 1.0)]
    pub must_save: f64,
    /// Work out a study that comes with the program instead: several plans side by side
    #[arg(long, value_name = "NAME")]
    pub study: Option<String>,
    /// List the measures and studies instead of planning
    #[arg(long)]
    pub list: bool,
    /// How disruptions are drawn
    #[command(flatten)]
    pub risk: RiskOfPlan,
    /// What more to work out
    #[command(flatten)]
    pub more: MoreOfPlan,
}

/// How disruptions are drawn, and how much bad outcomes weigh.
#[derive(Args, Debug)]
#[command(next_help_heading = "Disruptions")]
pub struct RiskOfPlan {
    /// First year looked at, in which the first decisions fall
    #[arg(long, value_name = "YEAR", default_value_t = 2027)]
    pub from: i32,
    /// Years looked at
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub years: usize,
    /// Discount rate a year, real
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub rate: f64,
    /// Weight of the mean over the worst outcomes, beside the mean over all
    #[arg(long, value_name = "WEIGHT", default_value_t = 1.0)]
    pub aversion: f64,
    /// How bad the worst outcomes are: 0.9 is the worst tenth
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    pub level: f64,
    /// Paths of disruptions
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub paths: usize,
    /// Seed of the draws; the same seed gives the same plan
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

/// What more to work out, and how long to try.
#[derive(Args, Debug)]
#[command(next_help_heading = "Depth")]
pub struct MoreOfPlan {
    /// Solve for a quarter, a half, all and twice the budget, with and without weight on bad outcomes
    #[arg(long)]
    pub frontier: bool,
    /// Value each measure and partner over so many orders in which the plan may grow
    #[arg(long, value_name = "N")]
    pub values: Option<usize>,
    /// Judge the plan by so many paths that it was not made for
    #[arg(long, value_name = "N")]
    pub kept_out: Option<usize>,
    /// Move unverified costs, lead times and probabilities to the ends of their ranges: which measures stay?
    #[arg(long)]
    pub stress: bool,
    /// Gap between plan and bound that is good enough
    #[arg(long, value_name = "SHARE", default_value_t = 0.001)]
    pub gap: f64,
    /// Seconds after which the best plan so far is given; ctrl-C does the same at once
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub time: u64,
}
