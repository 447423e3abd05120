//! What can be wrong with measures.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::nearest::nearest;
use monazite_evidence::table::{Measure, MeasureKind, MeasureUnit};
use monazite_evidence::{Dataset, Problem, Problems, Stage};

use super::{Entry, output};

/// Every fault, in the order of the entries.
pub(super) fn faults(entries: &[Entry], dataset: &Dataset) -> Problems {
    let mut problems = Problems::default();
    let by_id: BTreeMap<&str, &Entry> = entries.iter().map(|e| (e.measure.measure.as_str(), e)).collect();
    for entry in entries {
        numbers(entry, &mut problems);
        works(entry, dataset, &mut problems);
        links(entry, &by_id, &mut problems);
    }
    circles(entries, &by_id, &mut problems);
    contradictions(entries, &by_id, &mut problems);
    problems
}

fn fault(entry: &Entry, column: &str, message: String) -> Problem {
    let columns = <Measure as monazite_evidence::table::Row>::SPEC.columns();
    let number = match columns.iter().position(|c| c.name == column) {
        Some(at) if !super::file::is_toml(&entry.file) => at + 1,
        _ => 0,
    };
    Problem::error(&entry.file, message)
        .line(entry.line)
        .column(column, number)
}

fn numbers(entry: &Entry, problems: &mut Problems) {
    let m = &entry.measure;
    let ordered = |low: f64, central: f64, high: f64| low <= central && central <= high;
    if !ordered(m.cost_musd_low.0, m.cost_musd.0, m.cost_musd_high.0) {
        let message = format!(
            "`{}` costs {} at least, {} at best estimate and {} at most",
            m.measure, m.cost_musd_low.0, m.cost_musd.0, m.cost_musd_high.0
        );
        problems.push(fault(entry, "cost_musd", message).hint("order them: low ≤ best estimate ≤ high"));
    }
    if !ordered(m.lead_years_low, m.lead_years, m.lead_years_high) {
        let message = format!(
            "`{}` takes {} years at least, {} at best estimate and {} at most",
            m.measure, m.lead_years_low, m.lead_years, m.lead_years_high
        );
        problems.push(fault(entry, "lead_years", message).hint("order them: low ≤ best estimate ≤ high"));
    }
    if m.currency != "USD" {
        problems.push(
            fault(entry, "currency", format!("amounts in `{}` cannot be used", m.currency))
                .hint("convert them to US dollars of `money_year` and write `USD`; the dataset has no exchange rates"),
        );
    }
}

/// That it does something the model knows.
fn works(entry: &Entry, dataset: &Dataset, problems: &mut Problems) {
    let m = &entry.measure;
    let acts = m.stage.is_some() || !m.outputs.is_empty();
    if !acts {
        if m.kind != MeasureKind::Agreement {
            let message = format!("`{}` has neither a stage nor outputs, so it does nothing", m.measure);
            problems.push(fault(entry, "stage", message).hint("only an agreement may do nothing by itself"));
        }
        return;
    }
    let Some(unit) = m.size_unit.filter(|_| m.size.is_some_and(|size| size > 0.0)) else {
        let message = format!("`{}` has no size, or none above 0", m.measure);
        problems.push(fault(entry, "size", message).hint("give `size` and `size_unit`"));
        return;
    };
    if let Some(stage) = m.stage {
        let wanted = match stage {
            Stage::Metal | Stage::Magnet => MeasureUnit::TonnesPerYear,
            _ => MeasureUnit::TonnesReoPerYear,
        };
        if unit != wanted {
            let message = format!(
                "a plant of stage `{}` is counted in `{}`",
                stage.as_str(),
                wanted.as_str()
            );
            problems.push(fault(entry, "size_unit", message));
        }
        match (&m.feed, stage) {
            (None, Stage::Mine) => problems.push(
                fault(entry, "feed", format!("the mine `{}` has no feed", m.measure))
                    .hint("name the feed of `feeds.csv` that is nearest in composition"),
            ),
            (Some(feed), _) if dataset.feed(feed).is_none() => {
                let near = nearest(feed.as_str(), dataset.feeds.iter().map(|f| f.feed.as_str()));
                problems.push(fault(entry, "feed", format!("unknown feed `{feed}`")).nearest(near));
            }
            _ => {}
        }
        if m.place.is_none() {
            problems.push(fault(
                entry,
                "place",
                format!("the plant `{}` stands nowhere", m.measure),
            ));
        }
    }
    for text in &m.outputs {
        if output(text).is_none() {
            problems.push(
                fault(entry, "outputs", format!("`{text}` is no product with a share"))
                    .hint("write such as `oxide:Dy=1` or `magnet:uh`; several are joined by `;`"),
            );
        }
    }
    if let Some(place) = &m.place
        && dataset.place(place).is_none()
    {
        let near = nearest(place.as_str(), dataset.places.iter().map(|p| p.place.as_str()));
        problems.push(fault(entry, "place", format!("unknown place `{place}`")).nearest(near));
    }
}

fn links(entry: &Entry, by_id: &BTreeMap<&str, &Entry>, problems: &mut Problems) {
    let m = &entry.measure;
    for (column, list) in [("requires", &m.requires), ("excludes", &m.excludes)] {
        for id in list {
            if *id == m.measure {
                problems
                    .push(fault(entry, column, format!("`{id}` {column} itself")).hint("take it out of its own list"));
            } else if !by_id.contains_key(id.as_str()) {
                let near = nearest(id, by_id.keys().copied());
                problems.push(fault(entry, column, format!("unknown measure `{id}`")).nearest(near));
            }
        }
    }
}

/// Everything a measure needs, directly or not.
fn needs<'a>(id: &'a str, by_id: &BTreeMap<&str, &'a Entry>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        for needed in by_id.get(next).map_or(&[][..], |e| &e.measure.requires) {
            if found.insert(needed.as_str()) {
                open.push(needed);
            }
        }
    }
    found
}

/// Prerequisites that run in a circle, each circle once, at its first measure.
fn circles(entries: &[Entry], by_id: &BTreeMap<&str, &Entry>, problems: &mut Problems) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for entry in entries {
        let id = entry.measure.measure.as_str();
        if told.contains(id) || entry.measure.requires.iter().any(|r| r == id) || !needs(id, by_id).contains(id) {
            continue;
        }
        let mut path = vec![id];
        while let Some(last) = path.last().copied() {
            let next = by_id
                .get(last)
                .into_iter()
                .flat_map(|e| &e.measure.requires)
                .find(|n| n.as_str() == id || needs(n, by_id).contains(id));
            match next {
                Some(next) if next == id || path.contains(&next.as_str()) => break,
                Some(next) => path.push(next),
                None => break,
            }
        }
        told.extend(path.iter().copied());
        let circle = path
            .iter()
            .map(|p| format!("`{p}`"))
            .collect::<Vec<_>>()
            .join(" needs ");
        problems.push(
            fault(
                entry,
                "requires",
                format!("prerequisites run in a circle: {circle} needs `{id}`"),
            )
            .hint("none of these could ever begin; take one of the prerequisites out"),
        );
    }
}

/// Measures that need two things of which one rules the other out.
fn contradictions(entries: &[Entry], by_id: &BTreeMap<&str, &Entry>, problems: &mut Problems) {
    for entry in entries {
        let mut all = needs(&entry.measure.measure, by_id);
        all.insert(&entry.measure.measure);
        let clash = all.iter().find_map(|id| {
            let excludes = by_id.get(id).map_or(&[][..], |e| &e.measure.excludes);
            excludes
                .iter()
                .find(|other| all.contains(other.as_str()) && other != id)
                .map(|other| (*id, other))
        });
        if let Some((one, other)) = clash {
            problems.push(
                fault(
                    entry,
                    "excludes",
                    format!(
                        "`{}` can never be taken: `{one}` rules out `{other}`, and it needs both",
                        entry.measure.measure
                    ),
                )
                .hint("drop the prerequisite or the exclusion"),
            );
        }
    }
}
