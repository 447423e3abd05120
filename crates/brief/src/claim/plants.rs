//! Who has plants, and what they make is enough for.

use monazite_evidence::table::{CapacityUnit, Facility, FacilityStatus, Intensity};
use monazite_evidence::{PlaceId, Stage};

use super::find::{Said, figure};
use super::reserves::thousands;
use super::{Answer, Figure, Verdict};

fn runs(row: &Facility) -> bool {
    matches!(
        row.status,
        FacilityStatus::Operating | FacilityStatus::RampUp | FacilityStatus::Commissioning
    )
}

fn capacity(row: &Facility) -> Option<Figure> {
    let unit = match row.capacity_unit {
        Some(CapacityUnit::TonnesPerYear) => "t/yr",
        Some(CapacityUnit::TonnesNdPrOxidePerYear) => "t NdPr oxide/yr",
        _ => "t REO/yr",
    };
    let what = format!(
        "{} ({}, {}), {}",
        row.name,
        row.operator.as_deref().unwrap_or("operator not known"),
        row.place,
        row.status.as_str().replace('_', " ")
    );
    let period = row
        .start
        .map_or_else(String::new, |start| format!("from {}", start.year()));
    Some(figure(what, row.capacity?, unit, period, "facilities", &row.provenance))
}

/// `The US is onshoring`: what runs, what is planned, what is still imported.
pub(super) fn onshoring(said: &Said<'_>) -> Option<Answer> {
    let country = said.country()?;
    let own = said.dataset.facilities.iter().filter(|row| row.place == *country.key);
    let rows: Vec<&Facility> = own
        .filter(|row| {
            matches!(
                row.stage,
                Stage::SeparationLight | Stage::SeparationHeavy | Stage::Metal | Stage::Magnet
            )
        })
        .collect();
    let running = rows.iter().filter(|row| runs(row)).count();
    let coming = rows
        .iter()
        .filter(|row| matches!(row.status, FacilityStatus::Planned | FacilityStatus::Construction))
        .count();
    let reliance = said.dataset.statements.iter().find(|row| {
        row.subject.contains("net import reliance")
            && row.place.as_ref().is_some_and(|place| place.as_str() == country.key)
    });
    let mut figures: Vec<Figure> = rows
        .iter()
        .filter(|row| runs(row))
        .filter_map(|row| capacity(row))
        .collect();
    let still = reliance.and_then(|row| {
        let value = row.value?;
        let year = row.year.unwrap_or_default();
        figures.insert(
            0,
            figure("net import reliance", value, "%", year, "statements", &row.provenance),
        );
        Some(format!("; net import reliance was still {value:.0} % in {year}"))
    });
    let verdict = if running + coming == 0 {
        Verdict::Contradicted
    } else {
        Verdict::Exaggerated
    };
    Some(Answer::new(
        verdict,
        format!(
            "{running} plants beyond the mine run or start up in {}, {coming} are planned or being built{}.",
            country.name,
            still.unwrap_or_default()
        ),
        figures,
    ))
}

/// `The only producer of separated heavy rare earths outside China`.
pub(super) fn only_producer(said: &Said<'_>) -> Answer {
    let stage = if said.says(&["heavy", "dysprosium", "terbium"]) {
        Stage::SeparationHeavy
    } else if said.says(&["magnet"]) && !said.says(&["magnet rare"]) {
        Stage::Magnet
    } else if said.says(&["mine", "miner"]) && !said.says(&["separat", "refin"]) {
        Stage::Mine
    } else {
        Stage::SeparationLight
    };
    let china = PlaceId::from("CHN");
    let year = said.year().unwrap_or(2026);
    let at_work = |row: &&Facility| {
        let started = row.start.is_none_or(|start| start.year() <= year);
        row.stage == stage && row.place != china && runs(row) && started
    };
    let rows: Vec<&Facility> = said.dataset.facilities.iter().filter(at_work).collect();
    let named = |row: &Facility| {
        let operator = row.operator.as_deref().unwrap_or_default().to_lowercase();
        let firm = operator.split([',', ' ', '(']).next().unwrap_or_default().to_owned();
        firm.len() > 2 && said.words.to_lowercase().contains(&firm)
    };
    let others: Vec<&&Facility> = rows.iter().filter(|row| !named(row)).collect();
    let figures: Vec<Figure> = rows.iter().filter_map(|row| capacity(row)).collect();
    if rows.is_empty() {
        return Answer::unverifiable(format!("The evidence has no running plant of {stage} outside China."));
    }
    if others.is_empty() {
        return Answer::new(
            Verdict::Supported,
            format!(
                "No other running plant of {} outside China is in the evidence.",
                stage.as_str().replace('_', " ")
            ),
            figures,
        );
    }
    let list: Vec<String> = others
        .iter()
        .take(5)
        .map(|row| format!("{} ({})", row.name, row.place))
        .collect();
    let large = others
        .iter()
        .any(|row| row.operator.is_some() && row.capacity.is_some_and(|capacity| capacity >= 1_000.0));
    let verdict = if large {
        Verdict::Contradicted
    } else {
        Verdict::Exaggerated
    };
    Answer::new(
        verdict,
        format!(
            "Others at the same stage: {}. Plants that only start up are counted.",
            list.join(", ")
        ),
        figures,
    )
}

/// `2,000 tonnes of magnets, enough for more than one million electric vehicles`.
pub(super) fn enough_for(said: &Said<'_>) -> Answer {
    let product = if said.says(&["electric vehicle", "electric car", "evs", " ev"]) {
        "BEV"
    } else if said.says(&["f-35"]) {
        "F-35"
    } else {
        return Answer::unverifiable("The evidence has no content per unit of what is named.");
    };
    let magnets = said.says(&["magnet"]);
    let tonnes = said
        .amounts
        .iter()
        .find(|amount| matches!(amount.unit.as_str(), "t" | "t/yr"));
    let Some(units) = units_named(said.words) else {
        return Answer::unverifiable("How many is not said.");
    };
    let Some(tonnes) = tonnes else {
        return Answer::unverifiable("How many tonnes is not said in the sentence.");
    };
    let per_unit = |row: &&Intensity| {
        let form = row.element.to_string();
        let family = row.product.starts_with(product)
            && row.unit.starts_with("kg/")
            && matches!(row.unit_of_product.as_str(), "vehicle" | "motor" | "platform");
        family && if magnets { form == "NdFeB" } else { form == "REE" }
    };
    let rows: Vec<&Intensity> = said.dataset.intensities.iter().filter(per_unit).collect();
    let low = rows
        .iter()
        .map(|row| row.low.unwrap_or(row.value))
        .fold(f64::INFINITY, f64::min);
    let high = rows.iter().map(|row| row.high.unwrap_or(row.value)).fold(0.0, f64::max);
    if rows.is_empty() || low <= 0.0 {
        return Answer::unverifiable("The evidence has no content per unit of what is named.");
    }
    let each = tonnes.value * 1e3 / units;
    let verdict = if each >= 0.9 * low {
        Verdict::Supported
    } else if each >= 0.5 * low {
        Verdict::Exaggerated
    } else {
        Verdict::Contradicted
    };
    let figures = rows.iter().map(|row| {
        figure(
            format!("{} in one {} ({})", row.element, row.unit_of_product, row.product),
            row.value,
            &row.unit,
            row.year.map_or_else(String::new, |year| year.to_string()),
            "intensities",
            &row.provenance,
        )
    });
    Answer::new(
        verdict,
        format!(
            "{} t over {} units is {each:.1} kg each; the evidence has {low:.1} to {high:.1} kg.",
            thousands(tonnes.value),
            thousands(units)
        ),
        figures.collect(),
    )
}

/// `more than one million electric vehicles`, `500,000 EVs`.
fn units_named(words: &str) -> Option<f64> {
    let lower = words.to_lowercase();
    let (_, after) = lower.split_once("enough")?;
    let mut number = None;
    for word in after.split_whitespace().take(12) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let value = match bare {
            "one" | "a" => Some(1.0),
            "two" => Some(2.0),
            "three" => Some(3.0),
            "five" => Some(5.0),
            "half" => Some(0.5),
            digits => digits.replace(',', "").parse().ok(),
        };
        match (bare, number) {
            ("million", at) => return Some(at.unwrap_or(1.0) * 1e6),
            ("thousand", at) => return Some(at.unwrap_or(1.0) * 1e3),
            _ => number = value.or(number),
        }
    }
    number.filter(|n| *n >= 10.0)
}
