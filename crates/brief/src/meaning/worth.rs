//! What the measures an article is about are worth in a plan: worked out beforehand with `monazite plan`, one measure and
//! what it requires at a time, and kept in `worths.toml` with the dataset it was made from. Nothing is estimated here:
//! what the file lacks has no number, only the command that gives it.

use monazite_evidence::Dataset;
use monazite_evidence::table::Measure;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::{Entity, EntityKind};
use crate::error::{BriefError, Result};
use crate::event::{Event, EventKind};

const FILE: &str = "worths.toml";
const TEXT: &str = include_str!("../../worths.toml");
/// Measures shown.
const MOST: usize = 6;
/// Million USD a year below which an element or year is not named.
const NOTICED_MUSD: f64 = 0.05;

/// What is saved of an element or in a year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Saved {
    /// Element or year.
    pub of: String,
    /// Million USD a year; negative where it costs more.
    pub musd: f64,
}

/// What a measure by itself, with what it requires, takes off the expected loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worth {
    /// Id of the measure.
    pub measure: String,
    /// What it is.
    pub title: String,
    /// Measures it requires, taken with it.
    #[serde(default)]
    pub with: Vec<String>,
    /// Year of first output where the decision falls in the first year.
    pub output: i16,
    /// All payments, discounted, million USD.
    pub cost_musd: f64,
    /// Expected loss of the market it saves over all years, discounted, million USD.
    pub market_musd: f64,
    /// Expected loss of the planner's users it saves, million USD.
    pub users_musd: f64,
    /// Of the planner's users, a year on average, by element.
    #[serde(default)]
    pub elements: Vec<Saved>,
    /// Of the market, by year.
    #[serde(default)]
    pub years: Vec<Saved>,
}

/// The worths of measures, and how they came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Worths {
    /// Version of the program that worked them out.
    pub version: String,
    /// Fingerprint of the dataset they were worked out from.
    pub dataset: String,
    /// The country that plans.
    pub planner: String,
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
    /// Paths of disruptions.
    pub paths: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Measures that the plan leaves out even where they need not save their cost: by themselves they save nothing.
    #[serde(default)]
    pub nothing: Vec<String>,
    /// The measures.
    #[serde(default, rename = "worth")]
    pub worths: Vec<Worth>,
}

impl Worths {
    /// Reads the file that comes with the program.
    ///
    /// # Errors
    /// When it is malformed, which the tests rule out.
    pub fn new() -> Result<Self> {
        toml::from_str(TEXT).map_err(|error| BriefError::Rules {
            file: FILE.to_owned(),
            why: error.to_string(),
        })
    }
}

/// What the measures concerned are worth in a plan, and the command that works it out anew.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PlanValue {
    /// In sentences: what was found, or why there is no number.
    pub says: String,
    /// The measures concerned, what saves most first.
    pub worths: Vec<Worth>,
    /// The country that plans in them.
    pub planner: String,
    /// First and last year.
    pub years: (i16, i16),
    /// Paths of disruptions behind them.
    pub paths: u32,
    /// Fingerprint of the dataset they were worked out from.
    pub dataset: String,
    /// Whether that is the dataset in use.
    pub current: bool,
    /// The command that values what the article is about.
    pub command: String,
}

/// The plan value of what the news is about.
#[must_use]
pub(super) fn plan_value(dataset: &Dataset, worths: &Worths, entities: &[Entity], news: &[Event]) -> PlanValue {
    let concerned = measures(dataset, entities, news);
    let current = worths.dataset == dataset.fingerprint();
    let mut known: Vec<Worth> = concerned
        .iter()
        .filter_map(|measure| {
            let mut worth = worths
                .worths
                .iter()
                .find(|worth| worth.measure == measure.measure)?
                .clone();
            worth.elements.retain(|saved| saved.musd.abs() >= NOTICED_MUSD);
            Some(worth)
        })
        .collect();
    known.sort_by(|a, b| {
        b.market_musd
            .total_cmp(&a.market_musd)
            .then_with(|| a.measure.cmp(&b.measure))
    });
    known.truncate(MOST);
    let planner = planner(news).unwrap_or_else(|| worths.planner.clone());
    let command = if concerned.is_empty() {
        format!("monazite plan --for {planner}")
    } else {
        let mut only: Vec<&str> = concerned
            .iter()
            .take(MOST)
            .map(|measure| measure.measure.as_str())
            .collect();
        for measure in concerned.iter().take(MOST) {
            let more: Vec<&str> = measure
                .requires
                .iter()
                .map(String::as_str)
                .filter(|id| !only.contains(id))
                .collect();
            only.extend(more);
        }
        format!(
            "monazite plan --for {planner} --only {} --must-save 0 --by 2040",
            only.join(",")
        )
    };
    PlanValue {
        says: says(&concerned, &known, worths, current, news),
        worths: known,
        planner: worths.planner.clone(),
        years: (worths.from, worths.to),
        paths: worths.paths,
        dataset: worths.dataset.clone(),
        current,
        command,
    }
}

fn says(concerned: &[&Measure], known: &[Worth], worths: &Worths, current: bool, news: &[Event]) -> String {
    let nothing: Vec<&str> = concerned
        .iter()
        .filter(|measure| worths.nothing.contains(&measure.measure))
        .map(|measure| measure.title.as_str())
        .collect();
    let left = if nothing.is_empty() {
        String::new()
    } else {
        format!(
            " Worth nothing by themselves, left out even where they need not save their cost: {}.",
            nothing.join("; ")
        )
    };
    if known.is_empty() && nothing.is_empty() {
        let why = if concerned.is_empty() {
            let restricts = news.iter().filter(|event| !super::news::eases(event)).any(|event| {
                matches!(
                    event.kind,
                    EventKind::ExportControl
                        | EventKind::Tariff
                        | EventKind::Quota
                        | EventKind::Sanction
                        | EventKind::Closure
                        | EventKind::Accident
                )
            });
            if restricts {
                "what the article reports is a disruption, not something a planner can choose; which measures help against \
                 disruptions is a plan of its own"
            } else {
                "the article is about none of the measures of the evidence"
            }
        } else {
            "the measures it is about were not valued beforehand"
        };
        return format!(
            "No plan value: {why}. `monazite plan` works one out, in half a minute to two minutes; the command is given."
        );
    }
    let stale = if current {
        ""
    } else {
        ", from an earlier dataset than the one in use"
    };
    format!(
        "In a plan of the United States from {} to {}, each measure by itself with what it requires; worths of several do not \
         add up. Worked out beforehand over {} paths of disruptions{stale}; most costs and all probabilities behind it are \
         unverified judgements.{left}",
        worths.from, worths.to, worths.paths
    )
}

/// The country for whom a plan would be made: a party that is no producer of what it speaks about; none for the default.
fn planner(news: &[Event]) -> Option<String> {
    const PLANNERS: &[&str] = &["USA", "JPN", "KOR", "IND", "GBR", "CAN", "AUS", "DEU", "FRA"];
    let parties = news.iter().flat_map(|event| &event.parties);
    let mut states: Vec<&str> = parties
        .filter(|party| party.kind == EntityKind::Country)
        .map(|party| party.key.as_str())
        .collect();
    states.dedup();
    let first = states.iter().find(|state| PLANNERS.contains(state));
    first
        .filter(|_| !states.contains(&"USA"))
        .map(|state| (*state).to_owned())
}

/// Measures the news is about: those whose evidence holds a site it names, and where it names none but states talk or
/// agree, those in their countries that an agreement opens.
fn measures<'d>(dataset: &'d Dataset, entities: &[Entity], news: &[Event]) -> Vec<&'d Measure> {
    let slow: Vec<&Event> = news
        .iter()
        .filter(|event| super::sites::SLOW.contains(&event.kind))
        .collect();
    let things = || slow.iter().flat_map(|event| event.parties.iter().chain(&event.objects));
    let ids: Vec<&str> = entities
        .iter()
        .filter(|entity| matches!(entity.kind, EntityKind::Deposit | EntityKind::Plant))
        .filter(|entity| things().any(|thing| thing.kind == entity.kind && thing.key == entity.key))
        .flat_map(|entity| {
            let rows = entity.evidence.iter().filter(|row| row.table != "deals");
            rows.map(|row| row.id.as_str())
                .chain(std::iter::once(entity.key.as_str()))
        })
        .collect();
    let named: Vec<&Measure> = dataset
        .measures
        .iter()
        .filter(|measure| {
            measure
                .evidence
                .iter()
                .any(|id| ids.iter().any(|site| super::sites::is_of(id, site)))
        })
        .collect();
    if !named.is_empty() {
        return named;
    }
    let opened = |place: &str| -> Vec<&Measure> {
        let agreement = format!("{}_agreement", name_of(dataset, place));
        dataset
            .measures
            .iter()
            .filter(|measure| measure.requires.contains(&agreement))
            .collect()
    };
    slow.iter()
        .filter(|event| matches!(event.kind, EventKind::Talks | EventKind::Agreement))
        .flat_map(|event| event.parties.iter())
        .filter(|party| party.kind == EntityKind::Country)
        .map(|party| opened(&party.key))
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn name_of(dataset: &Dataset, place: &str) -> String {
    let id = monazite_evidence::PlaceId::from(place);
    dataset.place(&id).map_or_else(String::new, |place| {
        place.name.split([' ', ',']).next().unwrap_or_default().to_lowercase()
    })
}
