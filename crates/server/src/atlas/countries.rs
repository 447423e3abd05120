//! Everything about a country on one page.

use monazite_evidence::table::Trade;
use monazite_evidence::{PlaceId, ShareStage};
use monazite_risk::context::BASE_YEARS;
use monazite_risk::{By, Context, Importer, Question, Score, Subject, method};
use serde::Serialize;
use utoipa::ToSchema;

use super::{events, holders, ids};
use crate::desk::Desk;
use crate::problem::Problem;
use crate::rows::{Object, object};

/// Partners that are listed for each year, heading and direction; the rest is one row.
const PARTNERS: usize = 12;

/// Everything about a country.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountryPage {
    /// Its row of `places`.
    #[schema(value_type = Object)]
    place: Object,
    /// Rows of `production`, conflicting series side by side.
    #[schema(value_type = Vec<Object>)]
    production: Vec<Object>,
    /// Rows of `reserves`, conflicting editions side by side.
    #[schema(value_type = Vec<Object>)]
    reserves: Vec<Object>,
    /// Its part of each stage of each element, by balanced year.
    shares: Vec<Share>,
    /// Net import reliance by element and stage.
    reliance: Vec<Reliance>,
    /// Rows of `facilities`.
    #[schema(value_type = Vec<Object>)]
    facilities: Vec<Object>,
    /// Rows of `deposits`.
    #[schema(value_type = Vec<Object>)]
    deposits: Vec<Object>,
    /// Trade by customs heading and year, the largest partners one by one.
    trade: Vec<TradeRow>,
    /// Its part of the world's use, by end use: rows of `demand_shares` of the place of the view it belongs to.
    #[schema(value_type = Vec<Object>)]
    demand_shares: Vec<Object>,
    /// Rows of `deployment`: units built and sold, outlooks among them.
    #[schema(value_type = Vec<Object>)]
    outlook: Vec<Object>,
    /// Rows of `governance`.
    #[schema(value_type = Vec<Object>)]
    governance: Vec<Object>,
    /// Rows of `policy_events` in which it acts or is meant, oldest first.
    #[schema(value_type = Vec<Object>)]
    events: Vec<Object>,
    /// Rows of `deals` that take effect there, newest first.
    #[schema(value_type = Vec<Object>)]
    deals: Vec<Object>,
}

/// A part of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct Share {
    /// The material.
    material: String,
    /// The stage.
    stage: &'static str,
    /// The year.
    year: u16,
    /// Part of the world, best, lowest, highest.
    share: f64,
    /// Lowest part that sources state.
    low: f64,
    /// Highest part that sources state.
    high: f64,
    /// Quantity.
    quantity: f64,
    /// Its unit.
    unit: Option<&'static str>,
    /// Its rank among the holders, from 1.
    rank: usize,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// Reliance on imports.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reliance {
    /// The material.
    material: String,
    /// The stage.
    stage: Option<&'static str>,
    /// The year.
    year: u16,
    /// Imports less exports, over use; below 0 for a net exporter.
    value: Option<f64>,
    /// Why there is none though something is made or traded.
    missing: Option<String>,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// Trade with a partner.
#[derive(Debug, Serialize, ToSchema)]
pub struct TradeRow {
    /// The year.
    year: u16,
    /// The customs heading.
    hs: &'static str,
    /// `export` or `import`.
    direction: &'static str,
    /// Code of the partner; empty for all the smaller ones together.
    partner: String,
    /// Its name.
    name: String,
    /// Value free on board, thousand USD.
    value_kusd: f64,
    /// Gross weight, t; not known where one of the rows gives none.
    quantity_t: Option<f64>,
    /// How far it can be trusted.
    confidence: &'static str,
    /// Where it comes from.
    sources: Vec<String>,
}

/// Everything about a country.
pub fn page(desk: &Desk, id: &PlaceId) -> Result<CountryPage, Problem> {
    let dataset = &desk.dataset;
    let place = dataset
        .place(id)
        .ok_or_else(|| Problem::missing("there is no such place"))?;
    let context = Context::new(dataset);
    let view = place.view_place.as_str();
    let mut acts: Vec<_> = dataset
        .policy_events
        .iter()
        .filter(|row| row.actors.iter().chain(&row.targets).any(|code| code == id.as_str()))
        .collect();
    acts.sort_by_key(|row| row.start.to_string());
    let mut deals: Vec<_> = dataset
        .deals
        .iter()
        .filter(|row| row.place.as_ref() == Some(id))
        .collect();
    deals.sort_by_key(|row| std::cmp::Reverse(row.date.to_string()));
    Ok(CountryPage {
        place: object(place),
        production: dataset
            .production
            .iter()
            .filter(|row| row.place == *id)
            .map(object)
            .collect(),
        reserves: dataset
            .reserves
            .iter()
            .filter(|row| row.place == *id)
            .map(object)
            .collect(),
        shares: shares(&context, id),
        reliance: reliance(&context, id, &place.name)?,
        facilities: dataset
            .facilities
            .iter()
            .filter(|row| row.place == *id)
            .map(object)
            .collect(),
        deposits: dataset
            .deposits
            .iter()
            .filter(|row| row.place == *id)
            .map(object)
            .collect(),
        trade: trade(desk, id)?,
        demand_shares: dataset
            .demand_shares
            .iter()
            .filter(|row| row.place.as_str() == view)
            .map(object)
            .collect(),
        outlook: dataset
            .deployment
            .iter()
            .filter(|row| row.region == id.as_str())
            .map(object)
            .collect(),
        governance: dataset
            .governance
            .iter()
            .filter(|row| row.place == *id)
            .map(object)
            .collect(),
        events: acts.into_iter().map(|row| events::event(desk, row)).collect(),
        deals: deals.into_iter().map(object).collect(),
    })
}

fn shares(context: &Context<'_>, id: &PlaceId) -> Vec<Share> {
    let mut found = Vec::new();
    for year in BASE_YEARS {
        for subject in Subject::all() {
            for stage in ShareStage::ALL {
                let stage = holders::stage(context, &subject, *stage, year);
                let own = stage
                    .holders
                    .into_iter()
                    .enumerate()
                    .find(|(_, holder)| holder.holder == id.as_str());
                found.extend(own.map(|(at, holder)| Share {
                    material: stage.material,
                    stage: stage.stage,
                    year,
                    share: holder.share,
                    low: holder.low,
                    high: holder.high,
                    quantity: holder.quantity,
                    unit: stage.unit,
                    rank: at + 1,
                    confidence: holder.confidence,
                    sources: holder.sources,
                }));
            }
        }
    }
    found
}

fn reliance(context: &Context<'_>, id: &PlaceId, name: &str) -> Result<Vec<Reliance>, Problem> {
    let failed = |_| Problem::failed("the reliance on imports cannot be computed");
    let years = BASE_YEARS.to_vec();
    let importer = Importer {
        id: id.to_string(),
        name: name.to_owned(),
        members: years.iter().map(|year| (*year, vec![id.clone()])).collect(),
    };
    let question = Question {
        subjects: Subject::all(),
        stages: ShareStage::ALL.to_vec(),
        years,
        importers: vec![importer],
        by: By::Country,
        threshold: None,
        assessment: None,
        inputs: None,
    };
    let method = method("reliance").map_err(failed)?;
    let scores = (method.scores)(context, &question).map_err(failed)?;
    let row = |score: Score| {
        // Without terms nothing is made, used or traded there: nothing to be said.
        if score.value.is_err() && score.terms.is_empty() {
            return None;
        }
        let reasons = score.value.as_ref().err().map(ToString::to_string);
        let remarks = score.remarks.iter().map(String::as_str);
        let missing = reasons.map(|reason| {
            std::iter::once(reason.as_str())
                .chain(remarks)
                .collect::<Vec<_>>()
                .join("; ")
        });
        Some(Reliance {
            value: score.value.as_ref().ok().copied(),
            missing,
            sources: ids(&score.sources()),
            material: score.material,
            stage: score.stage,
            year: score.year,
            confidence: score.confidence.as_str(),
        })
    };
    Ok(scores.into_iter().filter_map(row).collect())
}

fn trade(desk: &Desk, id: &PlaceId) -> Result<Vec<TradeRow>, Problem> {
    let all = desk.dataset.trade()?;
    let mut groups: std::collections::BTreeMap<(std::cmp::Reverse<u16>, &'static str, &'static str), Vec<&Trade>> =
        std::collections::BTreeMap::new();
    for row in all {
        for (direction, own) in [("export", &row.exporter), ("import", &row.importer)] {
            if own == id {
                let key = (std::cmp::Reverse(row.year), row.hs.as_str(), direction);
                groups.entry(key).or_default().push(row);
            }
        }
    }
    let mut found = Vec::new();
    for ((std::cmp::Reverse(year), hs, direction), mut rows) in groups {
        rows.sort_by(|a, b| b.value_kusd.0.total_cmp(&a.value_kusd.0));
        let rest = rows.split_off(rows.len().min(PARTNERS));
        let partner = |row: &Trade| {
            if direction == "export" {
                &row.importer
            } else {
                &row.exporter
            }
            .to_string()
        };
        let one = |rows: &[&Trade], partner: String, name: String| TradeRow {
            year,
            hs,
            direction,
            partner,
            name,
            value_kusd: rows.iter().map(|row| row.value_kusd.0).sum(),
            quantity_t: rows.iter().map(|row| row.quantity_t.map(|quantity| quantity.0)).sum(),
            confidence: rows
                .iter()
                .map(|row| row.provenance.confidence.as_str())
                .max()
                .unwrap_or("C"),
            sources: rows.first().map(|row| ids(&row.provenance.sources)).unwrap_or_default(),
        };
        for row in &rows {
            let partner = partner(row);
            let name = desk.place_name(&partner);
            found.push(one(&[*row], partner, name));
        }
        if !rest.is_empty() {
            found.push(one(&rest, String::new(), format!("{} others", rest.len())));
        }
    }
    Ok(found)
}
