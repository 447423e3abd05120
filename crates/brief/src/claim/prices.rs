//! Prices: levels and multiples against the quotes of the dataset.

use jiff::civil::Date;
use monazite_evidence::table::{Price, PriceProduct, PriceZone};

use super::find::{Said, figure};
use super::{Answer, Figure, Verdict};
use crate::date::Bearing;
use crate::entity::EntityKind;

/// Months within which a quote speaks for a day.
const NEAR_DAYS: i32 = 120;

/// The material a sentence prices: an element, or neodymium-praseodymium.
fn material(said: &Said<'_>) -> Option<String> {
    let group = said
        .entities
        .iter()
        .any(|entity| entity.kind == EntityKind::Group && entity.key == "NdPr");
    if group {
        return Some("NdPr".to_owned());
    }
    match said.elements().as_slice() {
        [one] => Some(one.symbol().to_owned()),
        _ => None,
    }
}

fn product(said: &Said<'_>) -> PriceProduct {
    if said.says(&[" metal price", "metal costs"]) {
        PriceProduct::Metal
    } else {
        PriceProduct::Oxide
    }
}

/// Quotes of a material around a day, the nearest first.
fn around<'d>(said: &Said<'d>, material: &str, day: Date) -> Vec<&'d Price> {
    let wanted = product(said);
    let zone = if said.says(&["in china", "chinese", "shanghai", "yuan"]) {
        Some("china")
    } else if said.says(&["europe", "rotterdam", "outside china"]) {
        Some("outside")
    } else {
        None
    };
    let distance = |row: &Price| {
        let (first, last) = (row.period.first_day(), row.period.last_day());
        if day < first {
            (first - day).get_days()
        } else if day > last {
            (day - last).get_days()
        } else {
            0
        }
    };
    let mut rows: Vec<&Price> = said
        .dataset
        .prices
        .iter()
        .filter(|row| row.product == wanted && format!("{}", row.element) == material)
        .filter(|row| zone.is_none_or(|zone| row.zone.as_str() == zone) && distance(row) <= NEAR_DAYS)
        // A mean over a year says little about a day.
        .filter(|row| row.period.quarter().is_some())
        .collect();
    rows.sort_by_key(|row| distance(row));
    rows.truncate(6);
    rows
}

fn figures(rows: &[&Price]) -> Vec<Figure> {
    let one = |row: &&Price| {
        let what = format!(
            "{} {}, {}",
            row.element,
            row.product,
            if row.zone.as_str() == "china" {
                "in China"
            } else {
                "outside China"
            }
        );
        figure(
            what,
            row.price_usd_per_kg.0,
            "USD/kg",
            row.period,
            "prices",
            &row.provenance,
        )
    };
    rows.iter().map(one).collect()
}

/// `Dysprosium oxide has risen to $850/kg`.
pub(super) fn level(said: &Said<'_>) -> Option<Answer> {
    let claimed = said.amounts.iter().find(|amount| amount.unit == "USD/kg");
    let material = material(said)?;
    let Some(claimed) = claimed else {
        return Some(Answer::unverifiable(
            "The price is not in dollars, and exchange rates are not in the evidence.",
        ));
    };
    let day = said.dates.first().map(|when| when.until).or(said.published)?;
    let rows = around(said, &material, day);
    if rows.is_empty() {
        return Some(Answer::unverifiable(format!(
            "The evidence has no quote of {material} within four months of {day}."
        )));
    }
    let low = rows
        .iter()
        .map(|row| row.price_usd_per_kg.0)
        .fold(f64::INFINITY, f64::min);
    let high = rows.iter().map(|row| row.price_usd_per_kg.0).fold(0.0, f64::max);
    let verdict = if claimed.value >= 0.85 * low && claimed.value <= 1.15 * high {
        Verdict::Supported
    } else if claimed.value > high && claimed.value <= 1.5 * high {
        Verdict::Exaggerated
    } else {
        Verdict::Contradicted
    };
    Some(Answer::new(
        verdict,
        format!(
            "Quotes around {day} are {low:.0} to {high:.0} USD/kg; the text says {:.0}.",
            claimed.value
        ),
        figures(&rows),
    ))
}

/// `Prices have doubled since April`.
pub(super) fn multiple(said: &Said<'_>) -> Answer {
    let factor = if said.says(&["quadrupled"]) {
        4.0
    } else if said.says(&["tripled", "trebled"]) {
        3.0
    } else {
        2.0
    };
    let Some(material) = material(said) else {
        return Answer::unverifiable("Which price is not said.");
    };
    let since = said
        .dates
        .iter()
        .find(|when| when.bearing == Bearing::From)
        .or(said.dates.first());
    let (Some(since), Some(published)) = (since, said.published) else {
        return Answer::unverifiable("Since when is not said, or the day of publication is not known.");
    };
    // Prices in China and outside it have parted since 2010 and again since 2025: one says nothing of the other.
    let chinese = said.says(&["in china", "chinese", "shanghai", "yuan"]);
    let zone = if chinese { PriceZone::China } else { PriceZone::Outside };
    let (before, after) = (around(said, &material, since.from), around(said, &material, published));
    let (Some(old), Some(new)) = (
        before.iter().find(|row| row.zone == zone),
        (after.iter().filter(|row| row.zone == zone)).find(|row| row.period.first_day() > since.from),
    ) else {
        return Answer::unverifiable(format!(
            "The evidence has no quotes of {material} for both {} and {published}.",
            since.from
        ));
    };
    let ratio = new.price_usd_per_kg.0 / old.price_usd_per_kg.0;
    let verdict = if ratio >= 0.9 * factor {
        Verdict::Supported
    } else if ratio >= 1.2 {
        Verdict::Exaggerated
    } else {
        Verdict::Contradicted
    };
    Answer::new(
        verdict,
        format!(
            "Between the nearest quotes {material} went from {:.0} to {:.0} USD/kg, by {ratio:.1} times.",
            old.price_usd_per_kg.0, new.price_usd_per_kg.0
        ),
        figures(&[old, new]),
    )
}
