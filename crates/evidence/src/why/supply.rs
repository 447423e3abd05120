//! What is in the ground, what plants there are, and what shares are published.

use std::collections::BTreeMap;

use super::{Asked, FactGroup};
use crate::ids::DistributionId;
use crate::stage::Stage;
use crate::table::{Deposit, Distribution, Facility, Production, Recovery, Reserve, Route, StageCost, StageShare};

pub(super) fn groups(asked: &Asked<'_>) -> Vec<FactGroup> {
    let mut groups = Vec::new();
    if asked.stage == Stage::Mine {
        groups.push(production(asked));
        groups.push(compositions(asked));
        groups.extend(reserves(asked));
        groups.push(deposits(asked));
    }
    groups.push(facilities(asked));
    groups.extend(shares(asked));
    if matches!(
        asked.stage,
        Stage::Mine | Stage::Cracking | Stage::SeparationLight | Stage::SeparationHeavy
    ) {
        groups.push(routes(asked));
    }
    groups.push(recoveries(asked));
    groups.push(costs(asked));
    groups
}

fn production(asked: &Asked<'_>) -> FactGroup {
    let rows = asked.rows::<Production>();
    let here = || rows.iter().filter(|(row, _)| &row.place == asked.place);
    let year = asked.year_of(here().map(|(row, _)| row.year));
    let facts = here()
        .filter(|(row, _)| Some(row.year) == year)
        .map(|(row, line)| {
            let what = format!("mine production by the series {}", row.series);
            let mut fact = asked.fact::<Production>(line, &row.provenance, what, Some(row.production_t_reo.0), "t REO");
            fact.preferred = Some(row.preferred);
            fact
        })
        .collect();
    let year = year.map_or_else(String::new, |year| format!(" in {year}"));
    FactGroup::claims(format!("mine production{year}, all elements"), facts)
}

/// The compositions of the feeds mined in the place, and of deposits there.
fn compositions(asked: &Asked<'_>) -> FactGroup {
    let mined: Vec<&DistributionId> = asked
        .dataset
        .facilities
        .iter()
        .filter(|row| &row.place == asked.place && row.stage == Stage::Mine)
        .filter_map(|row| Some(&asked.dataset.feed(row.feed.as_ref()?)?.distribution))
        .collect();
    let facts = asked
        .rows::<Distribution>()
        .iter()
        .filter_map(|(row, line)| {
            let used = mined.contains(&&row.distribution);
            if !used && row.place.as_ref() != Some(asked.place) {
                return None;
            }
            let what = format!("{} in {}", asked.element, row.name);
            let value = row.percent(asked.element).0;
            let mut fact = asked.fact::<Distribution>(line, &row.provenance, what, Some(value), "% of TREO");
            fact.preferred = Some(used);
            Some(fact)
        })
        .collect();
    FactGroup::list("composition of what is mined".to_owned(), facts)
}

fn reserves(asked: &Asked<'_>) -> Vec<FactGroup> {
    let mut by_kind: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (row, line) in asked
        .rows::<Reserve>()
        .iter()
        .filter(|(row, _)| &row.place == asked.place)
    {
        let what = format!("{} as of {}", row.kind, row.edition_year);
        let fact = asked.fact::<Reserve>(line, &row.provenance, what, Some(row.value_t_reo.0), "t REO");
        by_kind.entry(row.kind).or_default().push(fact);
    }
    by_kind
        .into_iter()
        .map(|(kind, facts)| FactGroup::claims(format!("{kind}, all elements"), facts))
        .collect()
}

fn deposits(asked: &Asked<'_>) -> FactGroup {
    let facts = asked
        .rows::<Deposit>()
        .iter()
        .filter(|(row, _)| &row.place == asked.place)
        .map(|(row, line)| {
            let status = row.status.as_deref().unwrap_or("status not known");
            let what = format!("{} ({status}), output planned or reached", row.name);
            let value = row.planned_t_reo_per_year.map(|t| t.0);
            asked.fact::<Deposit>(line, &row.provenance, what, value, "t REO per year")
        })
        .collect();
    FactGroup::list("deposits and projects".to_owned(), facts)
}

fn facilities(asked: &Asked<'_>) -> FactGroup {
    let facts = asked
        .rows::<Facility>()
        .iter()
        .filter(|(row, _)| &row.place == asked.place && row.stage == asked.stage)
        .filter(|(row, _)| {
            // A plant whose row does not say what it makes may make this element.
            let made = row.made();
            made.is_empty() || made.contains(&asked.element)
        })
        .map(|(row, line)| {
            let what = format!("{} ({}), capacity", row.name, row.status);
            let unit = row.capacity_unit.map_or("", |unit| unit.as_str());
            asked.fact::<Facility>(line, &row.provenance, what, row.capacity, unit)
        })
        .collect();
    FactGroup::list(format!("plants at the stage {}", asked.stage), facts)
}

fn shares(asked: &Asked<'_>) -> Vec<FactGroup> {
    let Some(stage) = asked.stage.share_stage() else {
        return Vec::new();
    };
    let rows = asked.rows::<StageShare>();
    let here = || {
        rows.iter().filter(|(row, _)| {
            let elements = row.material.elements();
            row.stage == stage
                && row.place.place() == Some(asked.place)
                && (elements.is_empty() || elements.contains(&asked.element))
        })
    };
    let year = asked.year_of(here().map(|(row, _)| row.year));
    let mut by_material: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (row, line) in here().filter(|(row, _)| Some(row.year) == year) {
        let basis = row.basis.as_deref().unwrap_or("basis not stated");
        let what = format!(
            "share of the world's {} at {stage} in {} ({basis})",
            row.material, row.year
        );
        let fact = asked.fact::<StageShare>(line, &row.provenance, what, Some(row.share_pct.0), "%");
        by_material.entry(row.material.clone()).or_default().push(fact);
    }
    by_material
        .into_iter()
        .map(|(material, facts)| FactGroup::claims(format!("published share of {material} at {stage}"), facts))
        .collect()
}

fn routes(asked: &Asked<'_>) -> FactGroup {
    let rows = asked.rows::<Route>();
    let here = || {
        rows.iter()
            .filter(|(row, _)| &row.origin == asked.place || &row.destination == asked.place)
    };
    let year = asked.year_of(here().map(|(row, _)| row.year));
    let facts = here()
        .filter(|(row, _)| Some(row.year) == year)
        .map(|(row, line)| {
            let feed = row.feed.as_ref().map_or("any feed", |feed| feed.as_str());
            let what = format!(
                "{} of {feed} from {} to {} in {}",
                row.product, row.origin, row.destination, row.year
            );
            asked.fact::<Route>(line, &row.provenance, what, Some(row.quantity_t_reo.0), "t REO")
        })
        .collect();
    FactGroup::list("known flows of concentrate and carbonate".to_owned(), facts)
}

fn recoveries(asked: &Asked<'_>) -> FactGroup {
    let facts = asked
        .rows::<Recovery>()
        .iter()
        .filter(|(row, _)| row.stage == asked.stage && row.place.covers(asked.place))
        .map(|(row, line)| {
            let scope = row.scope.as_deref().unwrap_or("any plant");
            let what = format!("recovery, {scope}, between {} and {}", row.low, row.high);
            asked.fact::<Recovery>(line, &row.provenance, what, Some(row.central.0), "share")
        })
        .collect();
    FactGroup::list("recovery".to_owned(), facts)
}

fn costs(asked: &Asked<'_>) -> FactGroup {
    let facts = asked
        .rows::<StageCost>()
        .iter()
        .filter(|(row, _)| row.stage.as_str() == asked.stage.as_str() && row.place.covers(asked.place))
        .map(|(row, line)| {
            let item = row.item.as_deref().unwrap_or("cost");
            let what = format!("{item}, between {} and {}, money of {}", row.low, row.high, row.year);
            asked.fact::<StageCost>(line, &row.provenance, what, Some(row.central), row.unit.as_str())
        })
        .collect();
    FactGroup::list("cost".to_owned(), facts)
}
