//! Everything about an element on one page.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::contained::{Contained, contained};
use monazite_evidence::material::Material;
use monazite_evidence::table::{Deployment, Reserve, ReserveKind};
use monazite_evidence::{Dataset, Element, ShareStage};
use monazite_exposure::fleet::{fleet, fleets};
use monazite_exposure::technology::Technologies;
use monazite_risk::context::BASE_YEARS;
use monazite_risk::{By, Context, Question, Score, Subject, method};
use serde::Serialize;
use utoipa::ToSchema;

use super::{events, holders, ids};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::rows::{Object, object, with_place_name};

/// The world in `deployment`.
const WORLD: &str = "WLD";
/// What was counted, in `deployment`.
const COUNTED: &str = "historical";
/// Indicators that need no importer.
const METHODS: [&str; 2] = ["hhi", "n-1"];

/// Everything about an element.
#[derive(Debug, Serialize, ToSchema)]
pub struct ElementPage {
    /// Its row of `elements`: symbol, name, atomic number, class, oxide.
    #[schema(value_type = Object)]
    element: Object,
    /// Who holds each stage, by balanced year.
    stages: Vec<holders::Stage>,
    /// Rows of `prices`, inside China (`zone` china) and outside, without value-added tax in `price_ex_vat_usd_per_kg`.
    #[schema(value_type = Vec<Object>)]
    prices: Vec<Object>,
    /// Rows of `demand`.
    #[schema(value_type = Vec<Object>)]
    demand: Vec<Object>,
    /// Indicators by stage and balanced year.
    indicators: Vec<Indicator>,
    /// Rows of `policy_events` that name it, oldest first.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Object>,
    /// What fleets will need of it, by outlook and year, world.
    outlook: Vec<Need>,
    /// What deposits hold of it, the most first.
    deposits: Vec<Held>,
    /// Rows of `reserves` of all rare earths together, by country, latest edition of each: no source splits them by element.
    #[schema(value_type = Vec<Object>)]
    reserves: Vec<Object>,
    /// Rows of `stage_shares` that others have published.
    #[schema(value_type = Vec<Object>)]
    published_shares: Vec<Object>,
}

/// What a fleet needs in a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct Need {
    /// The fleet: `EV`, `wind`.
    fleet: String,
    /// Whose outlook, or `historical` for what was counted.
    outlook: String,
    /// The year.
    year: u16,
    /// Least plausible, best and highest plausible need, t of the element.
    low_t: f64,
    /// Best estimate.
    need_t: f64,
    /// Highest plausible.
    high_t: f64,
    /// `counted`, `outlook`, or `between` two years that are known.
    basis: &'static str,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where the numbers of units come from; what a unit contains is in `intensities`.
    sources: Vec<String>,
}

/// What a deposit holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct Held {
    /// The deposit.
    deposit: String,
    /// Its name.
    name: String,
    /// Country code.
    place: String,
    /// Name of the country.
    place_name: String,
    /// Where the project stands.
    status: Option<String>,
    /// Resource times grade times part of the element, t of its oxide.
    element_t_reo: f64,
    /// All rare earths of the resource, t REO.
    treo_t: f64,
    /// The composition used.
    composition: String,
    /// Whether another deposit's composition stands in.
    stands_in: bool,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// An indicator.
#[derive(Debug, Serialize, ToSchema)]
pub struct Indicator {
    /// Which.
    method: &'static str,
    /// Of which stage.
    stage: Option<&'static str>,
    /// Of which year.
    year: u16,
    /// The value.
    value: Option<f64>,
    /// Lowest that the evidence allows.
    low: Option<f64>,
    /// Highest that the evidence allows.
    high: Option<f64>,
    /// Why there is none.
    missing: Option<String>,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// Everything about an element.
pub fn page(desk: &Desk, element: Element) -> Result<ElementPage, Problem> {
    let dataset = &desk.dataset;
    let row = dataset.elements.iter().find(|row| row.element == element);
    let row = row.ok_or_else(|| Problem::missing(format!("the evidence has no row for {element}")))?;
    let context = Context::new(dataset);
    let subject = Subject::element(element);
    let concerns = |material: &Material| material.elements().contains(&element);
    let mut rows: Vec<_> = dataset
        .policy_events
        .iter()
        .filter(|row| names(&row.elements, element))
        .collect();
    rows.sort_by_key(|row| row.start.to_string());
    let stages = BASE_YEARS
        .iter()
        .flat_map(|year| ShareStage::ALL.iter().map(|stage| (*year, *stage)))
        .map(|(year, stage)| holders::stage(&context, &subject, stage, year));
    Ok(ElementPage {
        element: object(row),
        stages: stages.collect(),
        prices: dataset
            .prices
            .iter()
            .filter(|row| concerns(&row.element))
            .map(object)
            .collect(),
        demand: dataset
            .demand
            .iter()
            .filter(|row| row.element.as_ref().is_some_and(concerns))
            .map(object)
            .collect(),
        indicators: indicators(&context, &subject)?,
        events: rows.into_iter().map(|row| events::event(desk, row)).collect(),
        outlook: outlook(dataset, element),
        deposits: contained(dataset, element).iter().map(|one| held(desk, one)).collect(),
        reserves: latest_reserves(desk),
        published_shares: dataset
            .stage_shares
            .iter()
            .filter(|row| concerns(&row.material))
            .map(|row| with_place_name(object(row), "place", |id| desk.place_name(id)))
            .collect(),
    })
}

/// What the fleets of the world need, each outlook apart.
fn outlook(dataset: &Dataset, element: Element) -> Vec<Need> {
    let technologies = Technologies::of(dataset);
    let mut found = Vec::new();
    for (name, members) in fleets(&technologies) {
        let rows = || {
            let of =
                |row: &&Deployment| row.region == WORLD && members.iter().any(|one| one.id == row.technology.as_str());
            dataset.deployment.iter().filter(of)
        };
        let outlooks: BTreeSet<&str> = rows()
            .map(|row| row.scenario.as_str())
            .filter(|one| *one != COUNTED)
            .collect();
        let Some((first, last)) = rows().map(|row| row.year).min().zip(rows().map(|row| row.year).max()) else {
            continue;
        };
        for outlook in outlooks {
            // A fleet without figures for these years has no need to show.
            let Ok(fleet) = fleet(dataset, &technologies, &name, WORLD, (first, last), Some(outlook)) else {
                continue;
            };
            let sources = || {
                rows()
                    .filter(|row| row.scenario == outlook)
                    .flat_map(|row| &row.provenance.sources)
            };
            let sources: BTreeSet<String> = sources().map(ToString::to_string).collect();
            let mut years: BTreeMap<u16, Need> = BTreeMap::new();
            for row in &fleet.rows {
                let Some(tonnes) = row.tonnes.get(&element) else {
                    continue;
                };
                let need = years.entry(row.year).or_insert_with(|| Need {
                    fleet: name.clone(),
                    outlook: outlook.to_owned(),
                    year: row.year,
                    low_t: 0.0,
                    need_t: 0.0,
                    high_t: 0.0,
                    basis: row.basis.word(),
                    confidence: row.confidence.as_str(),
                    sources: sources.iter().cloned().collect(),
                });
                need.low_t += tonnes.low;
                need.need_t += tonnes.central;
                need.high_t += tonnes.high;
                need.confidence = need.confidence.max(row.confidence.as_str());
            }
            found.extend(years.into_values());
        }
    }
    found
}

fn held(desk: &Desk, one: &Contained<'_>) -> Held {
    Held {
        deposit: one.deposit.deposit.to_string(),
        name: one.deposit.name.clone(),
        place: one.deposit.place.to_string(),
        place_name: desk.place_name(one.deposit.place.as_str()),
        status: one.deposit.status.clone(),
        element_t_reo: one.element_t_reo,
        treo_t: one.treo_t,
        composition: one.distribution.clone(),
        stands_in: one.stands_in,
        confidence: one.confidence.as_str(),
        sources: ids(&one.sources),
    }
}

/// The latest edition of each country's reserves, the largest first.
fn latest_reserves(desk: &Desk) -> Vec<Object> {
    let mut latest: BTreeMap<&str, &Reserve> = BTreeMap::new();
    for row in desk
        .dataset
        .reserves
        .iter()
        .filter(|row| row.kind == ReserveKind::Reserves)
    {
        let known = latest.entry(row.place.as_str()).or_insert(row);
        if row.edition_year > known.edition_year {
            *known = row;
        }
    }
    let mut rows: Vec<&Reserve> = latest.into_values().collect();
    rows.sort_by(|a, b| b.value_t_reo.0.total_cmp(&a.value_t_reo.0));
    rows.into_iter()
        .map(|row| with_place_name(object(row), "place", |id| desk.place_name(id)))
        .collect()
}

fn names(elements: &[String], element: Element) -> bool {
    elements.iter().any(|named| named == element.symbol())
}

fn indicators(context: &Context<'_>, subject: &Subject) -> Result<Vec<Indicator>, Problem> {
    let failed = |_| Problem::failed("the indicators cannot be computed");
    let question = Question {
        subjects: vec![subject.clone()],
        stages: ShareStage::ALL.to_vec(),
        years: BASE_YEARS.to_vec(),
        importers: Vec::new(),
        by: By::Country,
        threshold: None,
        assessment: None,
        inputs: None,
    };
    let mut found = Vec::new();
    for name in METHODS {
        let method = method(name).map_err(failed)?;
        let scores = (method.scores)(context, &question).map_err(failed)?;
        found.extend(scores.iter().map(indicator));
    }
    Ok(found)
}

/// A score as a row.
pub fn indicator(score: &Score) -> Indicator {
    let (low, high) = score.range.unzip();
    Indicator {
        method: score.method,
        stage: score.stage,
        year: score.year,
        value: score.value.as_ref().ok().copied(),
        low,
        high,
        missing: score.value.as_ref().err().map(ToString::to_string),
        confidence: score.confidence.as_str(),
        sources: ids(&score.sources()),
    }
}
