//! Studies: questions with several plans set side by side, as files that come with the program.

use std::collections::BTreeSet;

use include_dir::{Dir, include_dir};
use monazite_evidence::{Dataset, PlaceId};
use serde::Deserialize;

use crate::measure::Menu;
use crate::plan::world::{Question, World, world};
use crate::plan::{Aversion, Best, Draws, Effort, Oracle, PlanError, Report, Round, decompose, report};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../studies");

/// A study: a question, and variants of a plan that answer it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Short id, the name of its file.
    pub name: String,
    /// The question.
    pub title: String,
    /// What is evidence and what is assumed.
    pub about: String,
    /// The country that plans.
    pub planner: String,
    /// First year looked at.
    pub from: i32,
    /// Years looked at.
    pub years: usize,
    /// Paths of disruptions.
    pub paths: usize,
    /// Variants, the one that others are compared with first.
    #[serde(rename = "variant")]
    pub variants: Vec<Variant>,
}

/// One plan of a study: given, or searched for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Short id.
    pub name: String,
    /// What it is.
    pub title: String,
    /// Measures that are taken as early as can be; none means that the best are searched for.
    #[serde(default)]
    pub take: Vec<String>,
    /// Partners of a search; none means all.
    pub partners: Option<Vec<String>>,
    /// Measures that a search leaves out.
    #[serde(default)]
    pub without: Vec<String>,
    /// Disruptions that do not happen.
    #[serde(default)]
    pub calm: Vec<String>,
    /// Budget of a search, million USD.
    #[serde(default)]
    pub budget_musd: f64,
    /// Measures must give something by this year.
    pub by: i32,
}

/// What a variant comes to.
#[derive(Debug)]
pub struct Outcome {
    /// The variant.
    pub variant: Variant,
    /// The evidence as a programme.
    pub world: World,
    /// What it means.
    pub report: Report,
    /// The search, where there was one.
    pub best: Option<Best>,
}

/// The studies that come with the program, by name.
///
/// # Errors
/// When a file is malformed, which a test rules out for a release.
pub fn library() -> Result<Vec<Study>, PlanError> {
    let mut studies = Vec::new();
    for file in FOLDER.files() {
        let Some(text) = file.contents_utf8() else { continue };
        let study: Study = toml::from_str(text).map_err(|error| PlanError::Asked {
            what: format!("`{}`: {}", file.path().display(), error.message()),
            hint: "look at the other studies".to_owned(),
        })?;
        studies.push(study);
    }
    studies.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(studies)
}

/// The study of a name.
///
/// # Errors
/// When there is none; the hint names the nearest.
pub fn find(name: &str) -> Result<Study, PlanError> {
    let all = library()?;
    let near = monazite_evidence::nearest::nearest(name, all.iter().map(|s| s.name.as_str()));
    let names = all
        .iter()
        .map(|s| format!("`{}`", s.name))
        .collect::<Vec<_>>()
        .join(", ");
    all.into_iter()
        .find(|s| s.name == name)
        .ok_or_else(|| PlanError::Asked {
            what: format!("unknown study `{name}`"),
            hint: near.map_or_else(
                || format!("there are {names}"),
                |near| format!("did you mean `{near}`? there are {names}"),
            ),
        })
}

/// Works out every variant of a study.
///
/// # Errors
/// When a variant names something unknown, or a market cannot be cleared.
pub fn run(
    dataset: &Dataset,
    menu: &Menu,
    study: &Study,
    effort: &Effort,
    watch: &mut dyn FnMut(&Variant, &Round) -> bool,
) -> Result<Vec<Outcome>, PlanError> {
    let mut outcomes = Vec::new();
    for variant in &study.variants {
        outcomes.push(outcome(dataset, menu, study, variant, effort, watch)?);
    }
    Ok(outcomes)
}

fn outcome(
    dataset: &Dataset,
    menu: &Menu,
    study: &Study,
    variant: &Variant,
    effort: &Effort,
    watch: &mut dyn FnMut(&Variant, &Round) -> bool,
) -> Result<Outcome, PlanError> {
    let given = !variant.take.is_empty();
    let place = |name: &String| PlaceId::from(name.as_str());
    let question = Question {
        planner: place(&study.planner),
        partners: variant.partners.as_ref().map(|list| list.iter().map(place).collect()),
        without: variant.without.clone(),
        only: variant.take.clone(),
        from: study.from,
        years: study.years,
        by: variant.by,
        budget: if given { f64::INFINITY } else { variant.budget_musd },
        rate: 0.05,
        aversion: Aversion {
            weight: 1.0,
            level: 0.9,
        },
        draws: Draws {
            paths: study.paths,
            seed: 1,
        },
        thrift: 1.0,
    };
    let calmer = calmed(dataset, variant)?;
    let world = world(&calmer, menu, &question)?;
    let mut oracle = Oracle::new();
    let (x, best) = if given {
        (taken(&world, variant)?, None)
    } else {
        let best = decompose(&world.instance, &mut oracle, effort, &mut |round| watch(variant, round))?;
        (best.x.clone(), Some(best))
    };
    let report = report(&world, &mut oracle, &x, None)?;
    Ok(Outcome {
        variant: variant.clone(),
        world,
        report,
        best,
    })
}

/// The dataset with some disruptions ruled out. They stay in the table, so that the others are drawn alike.
fn calmed(dataset: &Dataset, variant: &Variant) -> Result<Dataset, PlanError> {
    let mut calmer = dataset.clone();
    for id in &variant.calm {
        let known = dataset.disruptions.iter().map(|d| d.disruption.as_str());
        let near = monazite_evidence::nearest::nearest(id, known);
        let row = calmer.disruptions.iter_mut().find(|d| d.disruption == *id);
        let row = row.ok_or_else(|| PlanError::Asked {
            what: format!("unknown disruption `{id}`"),
            hint: near.map_or_else(String::new, |near| format!("did you mean `{near}`?")),
        })?;
        row.per_year = 0.0;
        row.per_year_low = 0.0;
        row.per_year_high = 0.0;
    }
    Ok(calmer)
}

/// The measures of a given plan, each at its earliest.
fn taken(world: &World, variant: &Variant) -> Result<Vec<f64>, PlanError> {
    let mut x = vec![0.0; world.instance.choices.len()];
    let mut done: BTreeSet<usize> = BTreeSet::new();
    for (c, choice) in world.instance.choices.iter().enumerate() {
        if done.insert(choice.measure) {
            x[c] = 1.0;
        }
    }
    let out = variant
        .take
        .iter()
        .find(|id| !world.candidates.iter().any(|c| c.measure.measure == **id));
    match out {
        Some(id) => {
            let why = world.left.iter().find(|left| left.measure == *id);
            Err(PlanError::Asked {
                what: format!("`{id}` cannot be taken"),
                hint: why.map_or_else(|| "it is no measure".to_owned(), |left| left.why.clone()),
            })
        }
        None => Ok(x),
    }
}
