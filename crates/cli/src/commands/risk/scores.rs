//! Scores as tables.

use monazite_evidence::SourceId;
use monazite_risk::{Context, Score};

use crate::output::number::{figures, percent, thousands};
use crate::output::words::flag;
use crate::output::{Cell, Column, Document, Table};

/// Rows that people are shown; programs get all.
const ROWS: usize = 40;

/// All scores, a row each.
pub fn table(context: &Context<'_>, name: &str, scores: &[Score], explain: bool) -> Table {
    let several = |of: fn(&Score) -> Option<String>| {
        let mut seen: Vec<Option<String>> = scores.iter().map(of).collect();
        seen.sort();
        seen.dedup();
        seen.len() > 1 || seen.iter().any(Option::is_some)
    };
    let methods = {
        let mut methods: Vec<&str> = scores.iter().map(|score| score.method).collect();
        methods.dedup();
        methods
    };
    let hide = |column: Column, shown: bool| if shown { column } else { column.for_programs() };
    let concentration = methods.contains(&"hhi");
    let shares = methods == ["shares"];
    let mut table = Table::new(
        "scores",
        title(name, scores),
        vec![
            hide(Column::text("method", "method"), methods.len() > 1),
            Column::text("material", "material"),
            hide(
                Column::text("stage", "stage"),
                several(|score| score.stage.map(str::to_owned)),
            ),
            hide(
                Column::text("importer", "importer"),
                several(|score| score.importer.clone()),
            ),
            hide(Column::text("holder", "who"), several(|score| score.holder.clone())),
            Column::number("year", "year"),
            Column::number("value", if shares { "share" } else { "score" }),
            Column::number("low", "low").minor(),
            Column::number("high", "high").minor(),
            hide(Column::number("value_10000", "0 to 10,000"), concentration),
            Column::text("unit", "unit").for_programs(),
            Column::text("confidence", ""),
            Column::text("missing", "").for_programs(),
            Column::text("sources", "").for_programs(),
            Column::text("remarks", "").for_programs(),
        ],
    )
    .if_empty("no score")
    .show_at_most(if explain { 10 } else { ROWS });
    for score in scores {
        table.push(row(context, score));
    }
    table
}

fn title(name: &str, scores: &[Score]) -> String {
    let years = || scores.iter().map(|score| score.year);
    match (years().min(), years().max()) {
        (Some(first), Some(last)) if first < last => format!("{name}, {first} to {last}"),
        (Some(year), _) => format!("{name}, {year}"),
        _ => name.to_owned(),
    }
}

/// A value as people read it: shares as percentages.
fn shown(score: &Score, value: f64) -> Cell {
    if score.method == "shares" {
        Cell::shown(value, percent(value))
    } else {
        Cell::shown(value, digits(value))
    }
}

/// Three decimals below ten.
pub fn digits(value: f64) -> String {
    if value.abs() < 9.9995 {
        let text = format!("{:.3}", value.abs());
        return if value < 0.0 && text != "0.000" {
            format!("−{text}")
        } else {
            text
        };
    }
    figures(value)
}

fn row(context: &Context<'_>, score: &Score) -> Vec<Cell> {
    let text = |text: Option<&str>| text.map_or_else(Cell::empty, Cell::text);
    let place = |id: Option<&String>| id.map_or_else(Cell::empty, |id| Cell::named(id, context.place_name(id)));
    let (low, high) = score.range.unzip();
    let bound = |bound: Option<f64>| bound.map_or_else(Cell::empty, |bound| shown(score, bound));
    let value = match &score.value {
        Ok(value) => shown(score, *value),
        Err(_) => Cell::empty().reads("–"),
    };
    let missing = score.value.as_ref().err().map(ToString::to_string);
    let points = match &score.value {
        Ok(value) if score.method == "hhi" => Cell::shown(value * 1e4, thousands(value * 1e4)),
        _ => Cell::empty(),
    };
    let letter = score.confidence.as_str();
    let unverified = if score.value.is_ok() { flag(letter) } else { "" };
    let remarks = score.remarks.join("; ");
    vec![
        Cell::text(score.method),
        Cell::text(&score.material),
        text(score.stage),
        place(score.importer.as_ref()),
        place(score.holder.as_ref()),
        Cell::ordinal(score.year),
        value,
        bound(low),
        bound(high),
        points,
        Cell::text(score.unit),
        Cell::named(letter, unverified).marked(!unverified.is_empty()),
        text(missing.as_deref()),
        Cell::text(ids(&score.sources())),
        Cell::text(remarks),
    ]
}

fn ids(sources: &[SourceId]) -> String {
    let ids: Vec<&str> = sources.iter().map(SourceId::as_str).collect();
    ids.join(";")
}

/// So many different remarks are shown to people; programs get all, with their scores.
const REMARKS: usize = 8;

/// What a reader should know about all of it: each reason and each remark once, the most frequent first.
pub fn notes(document: &mut Document<'_>, scores: &[Score]) {
    let reasons = tally(
        scores
            .iter()
            .filter_map(|score| Some(score.value.as_ref().err()?.to_string())),
    );
    if !reasons.is_empty() {
        let without: usize = reasons.iter().map(|(_, count)| count).sum();
        document.warning(format!(
            "{without} of {} have no value, and never a zero instead: {}",
            scores.len(),
            listed(&reasons)
        ));
    }
    if scores.iter().any(|score| score.range.is_some()) {
        document.remark("low, high: what the evidence allows, from conflicting figures and from what is unknown.");
    }
    let remarks = tally(scores.iter().flat_map(|score| score.remarks.iter().cloned()));
    if !remarks.is_empty() {
        document.remark(format!("Remarks: {}.", listed(&remarks)));
    }
}

/// Each text once, with how often it occurs, the most frequent first.
fn tally(texts: impl Iterator<Item = String>) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for text in texts {
        match counts.iter_mut().find(|(known, _)| *known == text) {
            Some((_, count)) => *count += 1,
            None => counts.push((text, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

fn listed(tally: &[(String, usize)]) -> String {
    let mut parts: Vec<String> = tally
        .iter()
        .take(REMARKS)
        .map(|(text, count)| {
            if *count > 1 {
                format!("{text} ({count} scores)")
            } else {
                text.clone()
            }
        })
        .collect();
    if tally.len() > REMARKS {
        parts.push(format!("and {} more in the column of `--csv`", tally.len() - REMARKS));
    }
    parts.join("; ")
}

/// What the scores are made of, a row per term.
pub fn terms(scores: &[Score]) -> Table {
    let has = |what: fn(&Score) -> bool| scores.iter().any(what);
    let mut table = Table::new(
        "terms",
        "What each score is made of",
        vec![
            Column::text("method", "").for_programs(),
            Column::text("material", "material"),
            if has(|score| score.stage.is_some()) {
                Column::text("stage", "stage")
            } else {
                Column::text("stage", "").for_programs()
            },
            if has(|score| score.importer.is_some()) {
                Column::text("importer", "importer")
            } else {
                Column::text("importer", "").for_programs()
            },
            Column::text("holder", "").for_programs(),
            Column::number("year", "year"),
            Column::text("what", "what"),
            Column::number("value", "value"),
            Column::text("unit", "unit"),
            Column::number("contribution", "gives to score"),
            Column::text("confidence", ""),
            Column::text("missing", "").for_programs(),
            Column::text("sources", "sources").minor(),
        ],
    )
    .show_at_most(ROWS);
    for score in scores {
        for term in &score.terms {
            let text = |text: Option<&str>| text.map_or_else(Cell::empty, Cell::text);
            let letter = term.confidence.as_str();
            table.push(vec![
                Cell::text(score.method),
                Cell::text(&score.material),
                text(score.stage),
                text(score.importer.as_deref()),
                text(score.holder.as_deref()),
                Cell::ordinal(score.year),
                Cell::text(&term.what),
                match &term.value {
                    Ok(value) => Cell::shown(*value, digits(*value)),
                    Err(missing) => Cell::empty().reads(format!("– {missing}")),
                },
                Cell::text(term.unit),
                term.contribution
                    .map_or_else(Cell::empty, |value| Cell::shown(value, digits(value))),
                Cell::named(letter, flag(letter)).marked(!flag(letter).is_empty()),
                text(term.value.as_ref().err().map(ToString::to_string).as_deref()),
                Cell::text(ids(&term.sources)),
            ]);
        }
    }
    table
}

/// Adds the sources of all scores, for files that carry citations.
pub fn cite(document: &mut Document<'_>, context: &Context<'_>, scores: &[Score]) {
    let mut ids: Vec<SourceId> = scores.iter().flat_map(Score::sources).collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        if let Some(source) = context.dataset.source(&id) {
            document.cite(source);
        }
    }
}

/// Adds the terms of all scores.
pub fn explain(document: &mut Document<'_>, scores: &[Score]) {
    document.table(terms(scores));
    document.remark("gives to score: contributions add up to the score; inputs without one act on the whole of it.");
}
