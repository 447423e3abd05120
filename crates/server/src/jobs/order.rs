//! What can be asked as a job, and the question to the program that it becomes.

use monazite_market::scenario::{Scenario, Vocabulary, find};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::{RESULT, SCENARIO};
use crate::problem::Problem;
use crate::question::Question;

/// Most paths of an ensemble.
const MOST_PATHS: u32 = 10_000;
/// Most base points of a sensitivity.
const MOST_POINTS: u32 = 4096;

/// How finely the world is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Resolution {
    /// Some forty countries and the rest of each continent.
    #[default]
    Full,
    /// Fourteen blocs.
    Bloc14,
}

impl Resolution {
    /// The word that the program takes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Bloc14 => "bloc14",
        }
    }
}

/// Which scenario: one that comes with the program, or the text of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Subject {
    /// Name of a scenario that comes with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Text of a scenario, TOML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario_toml: Option<String>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Order {
    /// One path at best estimates.
    Simulate {
        /// Which scenario.
        #[serde(flatten)]
        subject: Subject,
        /// How finely the world is divided.
        #[serde(default)]
        view: Resolution,
    },
    /// Many paths over uncertain evidence.
    Ensemble {
        /// Which scenario.
        #[serde(flatten)]
        subject: Subject,
        /// How finely the world is divided.
        #[serde(default)]
        view: Resolution,
        /// How many paths.
        #[schema(minimum = 2, maximum = 10_000)]
        paths: u32,
        /// Seed of the draws; two scenarios with the same seed have the same draws.
        #[serde(default = "one")]
        seed: u64,
        /// Draws of the base year that are balanced.
        #[serde(default = "variants")]
        #[schema(maximum = 1000)]
        variants: u32,
    },
    /// What evidence drives an outcome.
    Sensitivity {
        /// Which scenario.
        #[serde(flatten)]
        subject: Subject,
        /// How finely the world is divided.
        #[serde(default)]
        view: Resolution,
        /// The number to explain: `price:oxide:Dy@outside:peak`, `shortage:magnet:uh@EUR:2026Q1`, `loss@all`.
        outcome: String,
        /// Walks of the screening.
        #[serde(default = "trajectories")]
        #[schema(minimum = 2, maximum = 1000)]
        trajectories: u32,
        /// Rows that get Sobol indices.
        #[serde(default = "drivers")]
        #[schema(minimum = 1, maximum = 50)]
        drivers: u32,
        /// Base points of the Sobol indices.
        #[serde(default = "points")]
        #[schema(minimum = 8, maximum = 4096)]
        points: u32,
        /// Seed of the design.
        #[serde(default = "one")]
        seed: u64,
    },
    /// The measures that most reduce what disruptions cost, within a budget.
    Plan {
        /// Who plans: a country.
        #[serde(rename = "for")]
        planner: String,
        /// The most that may be spent, million USD, discounted to the first year.
        #[schema(maximum = 1_000_000)]
        budget_musd: u32,
        /// Measures must give something by this year.
        #[schema(minimum = 2027, maximum = 2060)]
        by: u32,
        /// Countries in which the planner may act besides its own; none for acting at home only.
        #[serde(default)]
        partners: Vec<String>,
        /// Whether to solve for other budgets too.
        #[serde(default)]
        frontier: bool,
        /// Orders over which measures and partners are valued; 0 leaves their worth out.
        #[serde(default)]
        #[schema(maximum = 500)]
        values: u32,
        /// Paths of disruptions.
        #[serde(default = "paths_of_plan")]
        #[schema(minimum = 8, maximum = 256)]
        paths: u32,
        /// Seed of the draws.
        #[serde(default = "one")]
        seed: u64,
    },
}

const fn one() -> u64 {
    1
}
const fn variants() -> u32 {
    24
}
const fn trajectories() -> u32 {
    6
}
const fn drivers() -> u32 {
    8
}
const fn points() -> u32 {
    128
}
const fn paths_of_plan() -> u32 {
    64
}

/// What a job needs besides its order.
#[derive(Clone, Debug)]
pub struct Ordered {
    /// What it is about.
    pub title: String,
    /// Text of the scenario; empty for what has none.
    pub scenario: String,
}

/// The kinds of jobs.
pub const KINDS: &[&str] = &["simulate", "ensemble", "sensitivity", "plan"];

impl Order {
    /// The word for its kind.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Simulate { .. } => "simulate",
            Self::Ensemble { .. } => "ensemble",
            Self::Sensitivity { .. } => "sensitivity",
            Self::Plan { .. } => "plan",
        }
    }

    /// Its scenario; a plan has none.
    const fn subject(&self) -> Option<&Subject> {
        match self {
            Self::Simulate { subject, .. } | Self::Ensemble { subject, .. } | Self::Sensitivity { subject, .. } => {
                Some(subject)
            }
            Self::Plan { .. } => None,
        }
    }

    /// Refuses what cannot be done, before it waits in the queue.
    pub fn check(&self, vocabulary: &Vocabulary) -> Result<Ordered, Problem> {
        let within = |name: &str, value: u32, least: u32, most: u32| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(Problem::input(format!(
                    "`{name}` is {value}; it must be {least} to {most}"
                )))
            }
        };
        match self {
            Self::Simulate { .. } => {}
            Self::Ensemble { paths, variants, .. } => {
                within("paths", *paths, 2, MOST_PATHS)?;
                within("variants", *variants, 0, 1000)?;
            }
            Self::Sensitivity {
                trajectories,
                drivers,
                points,
                ..
            } => {
                within("trajectories", *trajectories, 2, 1000)?;
                within("drivers", *drivers, 1, 50)?;
                within("points", *points, 8, MOST_POINTS)?;
            }
            Self::Plan {
                budget_musd,
                by,
                paths,
                values,
                ..
            } => {
                within("values", *values, 0, 500)?;
                within("budget_musd", *budget_musd, 0, 1_000_000)?;
                within("by", *by, 2027, 2060)?;
                within("paths", *paths, 8, 256)?;
            }
        }
        self.question()?;
        match (self, self.subject()) {
            (_, Some(subject)) => subject.read(vocabulary),
            (Self::Plan { planner, by, .. }, None) => Ok(Ordered {
                title: format!("Plan for {planner} by {by}"),
                scenario: String::new(),
            }),
            (_, None) => Err(Problem::input("the request names no scenario")),
        }
    }

    /// The question to the program, asked in the job's folder.
    pub fn question(&self) -> Result<Question, Problem> {
        let scenario = self.subject().map(Subject::named).unwrap_or_default();
        match self {
            Self::Simulate { view, .. } => Question::of(&["simulate"])
                .option("view", Some(view.word()))?
                .option("out", Some(RESULT))?
                .flag("force", true)
                .value("scenario", scenario),
            Self::Ensemble {
                view,
                paths,
                seed,
                variants,
                ..
            } => Question::of(&["simulate"])
                .option("view", Some(view.word()))?
                .option("paths", Some(paths))?
                .option("seed", Some(seed))?
                .option("variants", Some(variants))?
                .option("out", Some(RESULT))?
                .flag("force", true)
                .value("scenario", scenario),
            Self::Sensitivity {
                view,
                outcome,
                trajectories,
                drivers,
                points,
                seed,
                ..
            } => Question::of(&["sensitivity"])
                .option("view", Some(view.word()))?
                .option("outcome", Some(outcome))?
                .option("trajectories", Some(trajectories))?
                .option("drivers", Some(drivers))?
                .option("points", Some(points))?
                .option("seed", Some(seed))?
                .value("scenario", scenario),
            Self::Plan {
                planner,
                budget_musd,
                by,
                partners,
                frontier,
                values,
                paths,
                seed,
            } => {
                let allies = (!partners.is_empty()).then(|| partners.join(","));
                Ok(Question::of(&["plan"])
                    .option("for", Some(planner))?
                    .option("budget", Some(u64::from(*budget_musd) * 1_000_000))?
                    .option("by", Some(by))?
                    .option("partners", allies)?
                    .flag("alone", partners.is_empty())
                    .flag("frontier", *frontier)
                    .option("values", (*values > 0).then_some(values))?
                    .option("paths", Some(paths))?
                    .option("seed", Some(seed))?)
            }
        }
    }
}

impl Subject {
    /// As the program is told: by its name, or by the file in the job's folder.
    fn named(&self) -> String {
        match &self.scenario {
            Some(name) if self.scenario_toml.is_none() => name.clone(),
            _ => SCENARIO.to_owned(),
        }
    }

    fn read(&self, vocabulary: &Vocabulary) -> Result<Ordered, Problem> {
        let text = match (&self.scenario, &self.scenario_toml) {
            (_, Some(text)) => text.clone(),
            (Some(name), None) => bundled(name)?.to_owned(),
            (None, None) => {
                return Err(Problem::input("the request names no scenario").hint("`scenario`, or `scenario_toml`"));
            }
        };
        match Scenario::read(&text, SCENARIO, vocabulary) {
            Ok(read) => Ok(Ordered {
                title: read.scenario.title,
                scenario: text,
            }),
            Err(errors) => {
                let mut problem = Problem::input("the scenario has errors; nothing was run");
                problem.places = errors.faults.iter().map(ToString::to_string).collect();
                Err(problem)
            }
        }
    }
}

/// The text of a scenario that comes with the program.
pub fn bundled(name: &str) -> Result<&'static str, Problem> {
    let found = find(name).map_err(|unknown| {
        Problem::unknown(axum::http::StatusCode::BAD_REQUEST, &unknown).hint("/api/v1/scenarios lists them")
    })?;
    if found.name == name {
        Ok(found.text)
    } else {
        Err(Problem::input(format!("the scenario is called `{}`", found.name)))
    }
}
