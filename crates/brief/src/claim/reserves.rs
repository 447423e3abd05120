//! Reserves: what a country has in the ground, with the conflicts.

use std::collections::BTreeMap;

use monazite_evidence::table::{Reserve, ReserveKind};

use super::find::{Said, figure};
use super::{Answer, Figure, Verdict};

fn figures(rows: &[&Reserve]) -> Vec<Figure> {
    let one = |row: &&Reserve| {
        let kind = row.kind.as_str().replace('_', " ");
        figure(
            format!("{kind} of {}", row.place),
            row.value_t_reo.0 / 1e6,
            "Mt REO",
            row.edition_year,
            "reserves",
            &row.provenance,
        )
    };
    rows.iter().map(one).collect()
}

/// The latest row of each kind, of a country; of reserves also the edition before where it differs by half.
fn of_country<'d>(said: &Said<'d>, place: &str) -> Vec<&'d Reserve> {
    let mut rows: Vec<&Reserve> = said.dataset.reserves.iter().filter(|row| row.place == *place).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.edition_year));
    let mut kept: Vec<&Reserve> = Vec::new();
    for row in rows {
        let known = kept.iter().filter(|known| known.kind == row.kind).any(|known| {
            let ratio = row.value_t_reo.0 / known.value_t_reo.0.max(1.0);
            (0.67..1.5).contains(&ratio)
        });
        if !known && kept.len() < 6 {
            kept.push(row);
        }
    }
    kept
}

fn conflict(rows: &[&Reserve]) -> String {
    let values = rows.iter().map(|row| row.value_t_reo.0 / 1e6);
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(0.0, f64::max);
    if high > 1.5 * low {
        format!(" The sources differ: {low:.1} to {high:.1} Mt, by what is counted and when.")
    } else {
        String::new()
    }
}

/// `Russia has them`.
pub(super) fn has(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let rows = of_country(said, &country.key);
    let latest = rows.iter().find(|row| row.kind == ReserveKind::Reserves)?;
    let output = said
        .dataset
        .production
        .iter()
        .filter(|row| row.place == *country.key && row.preferred)
        .max_by_key(|row| row.year);
    let mut all = figures(&rows);
    let mined = output.map_or_else(
        || " No mine production is recorded.".to_owned(),
        |row| {
            all.push(figure(
                format!("mine production of {}", row.place),
                row.production_t_reo.0,
                "t REO",
                row.year,
                "production",
                &row.provenance,
            ));
            format!(" It mined {} t in {}.", thousands(row.production_t_reo.0), row.year)
        },
    );
    Some(Answer::new(
        Verdict::Supported,
        format!(
            "{} has reserves of {:.1} Mt REO ({} edition); reserves in the ground are not supply.{mined}{}",
            country.name,
            latest.value_t_reo.0 / 1e6,
            latest.edition_year,
            conflict(&rows)
        ),
        all,
    ))
}

/// `The reserves amount to 28.7 million tonnes`.
pub(super) fn quantity(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let claimed = said
        .amounts
        .iter()
        .find(|amount| amount.unit == "t" && amount.value > 1e4)?
        .value;
    let rows = of_country(said, &country.key);
    if rows.is_empty() {
        return Some(Answer::unverifiable(format!(
            "The evidence has no reserves of {}.",
            country.name
        )));
    }
    let near = |row: &&&Reserve| (row.value_t_reo.0 / claimed - 1.0).abs() < 0.1;
    let verdict = match rows.iter().find(near) {
        Some(_) => Verdict::Supported,
        None if rows.iter().all(|row| claimed > row.value_t_reo.0) => Verdict::Exaggerated,
        None => Verdict::Contradicted,
    };
    let matched = rows.iter().find(near).map_or_else(
        || "No figure of the evidence is within a tenth of it.".to_owned(),
        |row| {
            format!(
                "It agrees with {} of the {} edition.",
                row.kind.as_str().replace('_', " "),
                row.edition_year
            )
        },
    );
    Some(Answer::new(
        verdict,
        format!("{matched}{}", conflict(&rows)),
        figures(&rows),
    ))
}

/// `The world's fifth largest reserves`.
pub(super) fn rank(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"];
    let lower = said.words.to_lowercase();
    let claimed = words
        .iter()
        .position(|word| lower.contains(word))
        .map_or(1, |at| at + 1);
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
    let mut order: Vec<&Reserve> = latest.into_values().collect();
    order.sort_by(|a, b| b.value_t_reo.0.total_cmp(&a.value_t_reo.0));
    let rank = order.iter().position(|row| row.place == *country.key).map(|at| at + 1);
    let Some(rank) = rank else {
        return Some(Answer::unverifiable(format!(
            "The evidence has no reserves of {}.",
            country.name
        )));
    };
    let shown: Vec<&Reserve> = order.iter().take(rank.max(5)).copied().collect();
    let verdict = match rank.abs_diff(claimed) {
        0 => Verdict::Supported,
        _ if rank < claimed => Verdict::Supported,
        1 => Verdict::Exaggerated,
        _ => Verdict::Contradicted,
    };
    let own = of_country(said, &country.key);
    Some(Answer::new(
        verdict,
        format!(
            "By the latest edition {} ranks {rank} of {}; the text says {claimed}.{}",
            country.name,
            order.len(),
            conflict(&own)
        ),
        figures(&shown),
    ))
}

/// A whole number with thousands set apart.
pub(super) fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (n, c) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    text
}
