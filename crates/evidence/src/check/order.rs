//! Ranges, dates and choices that must be in order.

use std::collections::{BTreeMap, HashSet};

use super::Checker;
use crate::problem::{Problem, Problems};
use crate::stage::Stage;
use crate::table::{
    Behaviour, Demand, DemandUnit, ElementRow, EndUse, Facility, Intensity, MagnetGrade, PeriodKind, Place,
    PolicyEvent, Position, Price, Production, Recovery, Row, StageCost, Statement, Trade, View, ViewName,
};
use crate::{Element, Period};

pub(super) fn check(checker: &mut Checker<'_>) {
    ranges(checker);
    preferred(checker);
    dates(checker);
    facilities(checker);
    demand(checker);
    prices(checker);
    world(checker);
    trade(checker);
}

fn ordered(file: &str, line: u64, what: &str, range: (Option<f64>, Option<f64>, Option<f64>), problems: &mut Problems) {
    let (low, central, high) = range;
    let wrong = |a: Option<f64>, b: Option<f64>| a.zip(b).is_some_and(|(a, b)| a > b);
    if wrong(low, central) || wrong(central, high) || wrong(low, high) {
        let text = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| v.to_string());
        problems.push(
            Problem::error(
                file,
                format!(
                    "{what}: low {}, central {}, high {} are not in order",
                    text(low),
                    text(central),
                    text(high)
                ),
            )
            .line(line),
        );
    }
}

/// `low ≤ central ≤ high` for one row type.
macro_rules! ranges_of {
    ($checker:ident, $problems:ident, $row:ident, |$r:ident| $what:expr, ($low:expr, $central:expr, $high:expr)) => {
        for ($r, line) in $checker.rows::<$row>().iter() {
            ordered(
                $row::SPEC.file,
                line,
                &$what.to_string(),
                ($low, $central, $high),
                &mut $problems,
            );
        }
    };
}

fn ranges(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    ranges_of!(
        checker,
        problems,
        Recovery,
        |r| r.stage,
        (Some(r.low.0), Some(r.central.0), Some(r.high.0))
    );
    ranges_of!(
        checker,
        problems,
        StageCost,
        |r| r.stage,
        (Some(r.low), Some(r.central), Some(r.high))
    );
    ranges_of!(
        checker,
        problems,
        EndUse,
        |r| r.end_use,
        (Some(r.elasticity_low), Some(r.elasticity), Some(r.elasticity_high))
    );
    ranges_of!(
        checker,
        problems,
        MagnetGrade,
        |r| r.grade,
        (Some(r.yield_low.0), Some(r.material_yield.0), Some(r.yield_high.0))
    );
    ranges_of!(
        checker,
        problems,
        Behaviour,
        |r| r.parameter,
        (Some(r.low), Some(r.value), Some(r.high))
    );
    ranges_of!(
        checker,
        problems,
        Intensity,
        |r| r.product,
        (r.low, Some(r.value), r.high)
    );
    ranges_of!(checker, problems, Statement, |r| r.id, (r.low, r.value, r.high));
    checker.note(problems);
}

fn preferred(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    let mut chosen: BTreeMap<_, (u64, Vec<u64>)> = BTreeMap::new();
    let rows = checker.rows::<Production>();
    for (row, line) in rows.iter() {
        let entry = chosen.entry((&row.place, row.year)).or_insert((line, Vec::new()));
        if row.preferred {
            entry.1.push(line);
        }
    }
    for ((place, year), (first, lines)) in chosen {
        let problem = match lines.as_slice() {
            [_] => continue,
            [] => Problem::error(
                Production::SPEC.file,
                format!("no series of {place} {year} is preferred"),
            )
            .line(first)
            .hint("set `preferred` to true for the one value to use"),
            [earlier, later, ..] => Problem::error(
                Production::SPEC.file,
                format!(
                    "{place} {year} has {} preferred series; the first is on line {earlier}",
                    lines.len()
                ),
            )
            .line(*later)
            .hint("leave `preferred` true for one of them"),
        };
        problems.push(problem);
    }
    checker.note(problems);
}

fn backwards(file: &str, line: u64, start: Option<Period>, end: Option<Period>, problems: &mut Problems) {
    if let Some((start, end)) = start.zip(end).filter(|(start, end)| start.first_day() > end.last_day()) {
        problems.push(Problem::error(file, format!("it ends ({end}) before it starts ({start})")).line(line));
    }
}

fn dates(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<PolicyEvent>().iter() {
        backwards(PolicyEvent::SPEC.file, line, Some(row.start), row.end, &mut problems);
    }
    for (row, line) in checker.rows::<Facility>().iter() {
        backwards(Facility::SPEC.file, line, row.start, row.end, &mut problems);
    }
    checker.note(problems);
}

fn facilities(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<Facility>().iter() {
        let file = Facility::SPEC.file;
        if row.stage == Stage::Mine && row.feed.is_none() {
            problems.push(
                Problem::error(file, format!("the mine `{}` has no feed", row.facility))
                    .line(line)
                    .hint("name the feed it mines; feeds.csv lists them"),
            );
        }
        let quantity = row.capacity.is_some() || row.output_2024.is_some();
        if quantity && row.capacity_unit.is_none() {
            problems.push(Problem::error(file, format!("`{}` has a capacity without a unit", row.facility)).line(line));
        }
        if let Some((output, capacity)) = row.output_2024.zip(row.capacity).filter(|(o, c)| *o > c * 1.1) {
            problems.push(
                Problem::warning(
                    file,
                    format!("`{}` made {output} in 2024 with a capacity of {capacity}", row.facility),
                )
                .line(line),
            );
        }
    }
    for (row, line) in checker.rows::<Position>().iter() {
        let plants = checker.rows::<Facility>();
        let placed = plants
            .iter()
            .any(|(plant, _)| plant.facility == row.facility && plant.lat.is_some());
        if placed {
            problems.push(
                Problem::error(
                    Position::SPEC.file,
                    format!("`{}` has coordinates in facilities.csv already", row.facility),
                )
                .line(line)
                .hint("keep one of them"),
            );
        }
    }
    checker.note(problems);
}

fn demand(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<Demand>().iter() {
        let elements = row.element.as_ref().is_some_and(|m| m.element().is_some());
        let problem = match row.unit {
            DemandUnit::TonnesReo if !elements => Problem::error(
                Demand::SPEC.file,
                format!("`{}` in t_reo names no element", row.end_use),
            )
            .hint("write one row per element; magnets are counted in t_magnet"),
            DemandUnit::TonnesMagnet if elements => Problem::error(
                Demand::SPEC.file,
                format!("`{}` in t_magnet names an element", row.end_use),
            )
            .hint("leave `element` empty: the grades say what is in the magnets"),
            _ => continue,
        };
        problems.push(problem.line(line));
    }
    checker.note(problems);
}

fn prices(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<Price>().iter() {
        let file = Price::SPEC.file;
        let without = row.price_usd_per_kg.0 / (1.0 + row.vat_included_pct / 100.0);
        let given = row.price_ex_vat_usd_per_kg.0;
        if (without - given).abs() > 0.02 * without.max(0.05) {
            problems.push(
                Problem::error(
                    file,
                    format!(
                        "without {} % tax the price is {without:.3}, not {given}",
                        row.vat_included_pct
                    ),
                )
                .line(line),
            );
        }
        let fits = match row.period_kind {
            PeriodKind::Annual => matches!(row.period, Period::Year(_)),
            PeriodKind::Quarter => matches!(row.period, Period::Quarter(..)),
            PeriodKind::Month => matches!(row.period, Period::Month(..)),
            PeriodKind::Spot => !matches!(row.period, Period::Year(_) | Period::Quarter(..)),
        };
        if !fits {
            problems.push(
                Problem::error(
                    file,
                    format!("the period {} is not of the kind `{}`", row.period, row.period_kind),
                )
                .line(line)
                .hint("annual YYYY, quarter YYYY-Qn, month YYYY-MM, spot YYYY-MM-DD or YYYY-MM"),
            );
        }
    }
    checker.note(problems);
}

fn world(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    let elements = checker.rows::<ElementRow>();
    if checker.files.get(ElementRow::SPEC.file).is_some() {
        for element in Element::ALL {
            if !elements.rows.iter().any(|row| row.element == *element) {
                problems.push(Problem::error(ElementRow::SPEC.file, format!("{element} is missing")));
            }
        }
    }
    let views = checker.rows::<View>();
    if checker.files.get(View::SPEC.file).is_some() {
        let blocs = views.rows.iter().filter(|row| row.view == ViewName::Bloc14).count();
        if blocs != 14 {
            problems.push(Problem::error(
                View::SPEC.file,
                format!("the view `bloc14` has {blocs} blocs"),
            ));
        }
    }
    // A place of the full view that is a country must stand for itself, or its own trade would go elsewhere.
    let full: HashSet<&str> = views
        .rows
        .iter()
        .filter(|row| row.view == ViewName::Full)
        .map(|row| row.id.as_str())
        .collect();
    let mut names: BTreeMap<String, u64> = BTreeMap::new();
    for (row, line) in checker.rows::<Place>().iter() {
        if full.contains(row.place.as_str()) && row.view_place.as_str() != row.place.as_str() {
            problems.push(
                Problem::error(
                    Place::SPEC.file,
                    format!(
                        "{} is in the full view but is counted under {}",
                        row.place, row.view_place
                    ),
                )
                .line(line),
            );
        }
        for alias in row.aliases.iter().chain([&row.name]) {
            let first = names.entry(alias.to_lowercase()).or_insert(line);
            if *first != line {
                problems.push(
                    Problem::warning(Place::SPEC.file, format!("the name `{alias}` is also on line {first}"))
                        .line(line)
                        .hint("a name that fits two places finds only the first"),
                );
            }
        }
    }
    checker.note(problems);
}

fn trade(checker: &mut Checker<'_>) {
    let mut problems = Problems::default();
    for (row, line) in checker.rows::<Trade>().iter() {
        if row.exporter == row.importer {
            problems.push(
                Problem::warning(
                    Trade::SPEC.file,
                    format!("{} exports to itself in {}", row.exporter, row.year),
                )
                .line(line)
                .hint("a re-import; leave it out of flows between places"),
            );
        }
    }
    checker.note(problems);
}
