//! How much there is, and how much is mined.

use std::collections::BTreeMap;

use monazite_evidence::table::{Production, Reserve, ReserveKind};

use super::find::{Said, figure};
use super::reserves::thousands;
use super::{Answer, Verdict};

/// `Rare earths are not rare`: reserves against what is mined in a year.
pub(super) fn abundance(said: &Said<'_>) -> Option<Answer> {
    let mut latest: BTreeMap<&str, &Reserve> = BTreeMap::new();
    for row in said
        .dataset
        .reserves
        .iter()
        .filter(|row| row.kind == ReserveKind::Reserves && row.place != *"WLD")
    {
        let kept = latest.entry(row.place.as_str()).or_insert(row);
        if row.edition_year > kept.edition_year {
            *kept = row;
        }
    }
    let reserves: f64 = latest.values().map(|row| row.value_t_reo.0).sum();
    let year = said
        .dataset
        .production
        .iter()
        .filter(|row| row.preferred && row.year <= 2024)
        .map(|row| row.year)
        .max()?;
    let mined: f64 = said
        .dataset
        .production
        .iter()
        .filter(|row| row.preferred && row.year == year && row.place != *"WLD")
        .map(|row| row.production_t_reo.0)
        .sum();
    if mined <= 0.0 || reserves <= 0.0 {
        return None;
    }
    let largest = latest
        .values()
        .max_by(|a, b| a.value_t_reo.0.total_cmp(&b.value_t_reo.0))?;
    Some(Answer::new(
        Verdict::Supported,
        format!(
            "Reserves of {} countries sum to {:.0} Mt REO, about {:.0} years of the {} t mined in {year}. What is scarce is separation and magnets, and the heavy elements.",
            latest.len(),
            reserves / 1e6,
            reserves / mined,
            thousands(mined)
        ),
        vec![figure(
            format!("largest: reserves of {}", largest.place),
            largest.value_t_reo.0 / 1e6,
            "Mt REO",
            largest.edition_year,
            "reserves",
            &largest.provenance,
        )],
    ))
}

/// `China mined 270,000 tonnes last year`.
pub(super) fn production(said: &Said<'_>) -> Option<Answer> {
    // The country whose output it is: that of a mine named, else the one named.
    let site = said
        .entities
        .iter()
        .find(|entity| entity.kind == crate::entity::EntityKind::Deposit && entity.place.is_some());
    let place = site
        .and_then(|site| site.place.clone())
        .or_else(|| said.country().map(|country| country.key.clone()))?;
    let claimed = said
        .amounts
        .iter()
        .find(|amount| matches!(amount.unit.as_str(), "t" | "t/yr") && amount.value >= 100.0)?
        .value;
    let year = said.year().map(|year| u16::try_from(year).unwrap_or_default());
    let rows: Vec<&Production> = said
        .dataset
        .production
        .iter()
        .filter(|row| row.place == *place)
        .collect();
    let wanted = year.filter(|year| rows.iter().any(|row| row.year == *year));
    let wanted = wanted.or_else(|| {
        rows.iter()
            .map(|row| row.year)
            .filter(|known| year.is_none_or(|year| *known <= year))
            .max()
    });
    let Some(year) = wanted else {
        return Some(Answer::unverifiable(format!(
            "The evidence has no mine production of {place}."
        )));
    };
    let rows: Vec<&Production> = rows.into_iter().filter(|row| row.year == year).collect();
    let low = rows
        .iter()
        .map(|row| row.production_t_reo.0)
        .fold(f64::INFINITY, f64::min);
    let high = rows.iter().map(|row| row.production_t_reo.0).fold(0.0, f64::max);
    let verdict = if claimed >= 0.9 * low && claimed <= 1.1 * high {
        Verdict::Supported
    } else if claimed > high && claimed < 1.5 * high {
        Verdict::Exaggerated
    } else {
        Verdict::Contradicted
    };
    let span = if high > 1.02 * low {
        format!("{} to {} t", thousands(low), thousands(high))
    } else {
        format!("{} t", thousands(high))
    };
    let figures = rows.iter().map(|row| {
        figure(
            format!("mine production of {place}, {}", row.series),
            row.production_t_reo.0,
            "t REO",
            row.year,
            "production",
            &row.provenance,
        )
    });
    Some(Answer::new(
        verdict,
        format!(
            "Mine production of {place} in {year}: {span} REO; the text says {} t.",
            thousands(claimed)
        ),
        figures.collect(),
    ))
}
