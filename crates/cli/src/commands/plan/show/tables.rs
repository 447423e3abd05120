//! The tables of a plan.

use std::collections::BTreeMap;

use monazite_strategy::plan::{Exposure, Planned};

use super::super::Answer;
use super::{size, sure, what};
use crate::output::number::{figures, percent, thousands};
use crate::output::{Cell, Column, Table};

pub(super) fn musd(value: f64) -> Cell {
    Cell::shown(value, thousands(value))
}

pub(super) fn maybe(value: Option<f64>) -> Cell {
    value.map_or_else(Cell::empty, musd)
}

pub(super) fn plan_table(answer: &Answer) -> Table {
    let valued = answer.values.is_some();
    let mut columns = vec![
        Column::number("start", "begin"),
        Column::number("first_output", "output"),
        Column::text("measure", "measure"),
        Column::text("title", "title").for_programs(),
        Column::text("place", "place"),
        Column::text("kind", "what"),
        Column::number("size", "size"),
        Column::number("cost_musd", "cost M USD"),
        Column::number("cost_low_musd", "low").for_programs(),
        Column::number("cost_high_musd", "high").for_programs(),
        Column::number("used_undisturbed", "used, calm"),
        Column::number("used_disturbed", "used, disturbed"),
        Column::text("confidence", "evidence"),
    ];
    if valued {
        columns.insert(10, Column::number("left_out_musd", "lost without it"));
        columns.insert(11, Column::number("shapley_musd", "worth"));
    }
    let mut table = Table::new("plan", "The plan", columns);
    table.if_empty = "No measure saves what it costs within this budget.";
    for p in &answer.report.planned {
        let candidate = &answer.world.candidates[p.candidate];
        let m = &candidate.measure;
        let mut row = vec![
            Cell::ordinal(p.start),
            Cell::ordinal(p.first),
            Cell::text(&m.measure),
            Cell::text(&m.title),
            Cell::text(candidate.place.as_str()),
            Cell::text(what(m)),
            size(m),
            musd(p.cost),
            musd(p.cost_range.0),
            musd(p.cost_range.1),
            used(p.used.0),
            used(p.used.1),
            sure(m),
        ];
        if valued {
            row.insert(10, maybe(p.left_out));
            row.insert(11, maybe(p.shapley));
        }
        table.push(row);
    }
    table
}

pub fn used(share: f64) -> Cell {
    if share.is_finite() {
        let share = share.clamp(0.0, 1.0);
        Cell::shown(share, percent(share))
    } else {
        Cell::empty()
    }
}

pub(super) fn risk_table(answer: &Answer, place: &str, last: i32) -> Table {
    let q = &answer.world.question;
    let mut table = Table::new(
        "risk",
        format!("Loss from {} to {last}, discounted, M USD", q.from),
        vec![
            Column::text("of", "of"),
            Column::text("outcome", "outcome"),
            Column::number("before_musd", "without the plan"),
            Column::number("after_musd", "with it"),
            Column::number("change", "change"),
        ],
    );
    let all = [
        ("market".to_owned(), "the market".to_owned(), answer.report.market),
        ("users".to_owned(), format!("users in {place}"), answer.report.users),
    ];
    for (id, name, (before, after)) in all {
        for (outcome, b, a) in [
            ("mean", before.mean, after.mean),
            ("mean of the worst", before.tail, after.tail),
            ("worst path", before.worst, after.worst),
        ] {
            table.push(vec![
                Cell::named(&id, name.clone()),
                Cell::text(outcome),
                musd(b),
                musd(a),
                change(b, a),
            ]);
        }
    }
    table
}

/// Relative change of a loss; a loss that has become a gain is told so, since its share says nothing.
fn change(before: f64, after: f64) -> Cell {
    if before > 0.0 && after < 0.0 {
        Cell::shown(after / before - 1.0, "now a gain")
    } else if before.abs() > 1e-9 {
        let share = after / before - 1.0;
        Cell::shown(share, crate::output::number::change(share))
    } else {
        Cell::empty()
    }
}

pub(super) fn exposure_table(
    name: &'static str,
    of: &'static str,
    title: String,
    rows: &[Exposure],
    shown: usize,
) -> Table {
    let mut table = Table::new(
        name,
        title,
        vec![
            Column::text(of, of),
            Column::number("before_musd", "without the plan M USD"),
            Column::number("after_musd", "with it M USD"),
            Column::number("change", "change"),
        ],
    );
    for row in rows {
        table.push(vec![
            Cell::text(&row.of),
            Cell::shown(row.before, figures(row.before)),
            Cell::shown(row.after, figures(row.after)),
            if row.before.abs() >= 0.5 {
                change(row.before, row.after)
            } else {
                Cell::empty()
            },
        ]);
    }
    table.shown = shown;
    table
}

/// What each partner brings: its measures' values together.
pub(super) fn partners(answer: &Answer) -> Option<Table> {
    answer.values.as_ref()?;
    let mut sums: BTreeMap<&str, (usize, f64, f64)> = BTreeMap::new();
    let of = |p: &Planned| answer.world.candidates[p.candidate].place.as_str();
    for p in &answer.report.planned {
        let sum = sums.entry(of(p)).or_default();
        sum.0 += 1;
        sum.1 += p.cost;
        sum.2 += p.shapley.unwrap_or(0.0);
    }
    let mut rows: Vec<_> = sums.into_iter().collect();
    rows.sort_by(|a, b| b.1.2.total_cmp(&a.1.2));
    let mut table = Table::new(
        "partners",
        "What each partner is worth in this plan",
        vec![
            Column::text("place", "place"),
            Column::number("measures", "measures"),
            Column::number("cost_musd", "cost M USD"),
            Column::number("worth_musd", "worth M USD"),
        ],
    );
    for (place, (count, cost, worth)) in rows {
        table.push(vec![Cell::text(place), Cell::count(count), musd(cost), musd(worth)]);
    }
    Some(table)
}

pub(super) fn frontier(answer: &Answer) -> Table {
    let mut table = Table::new(
        "frontier",
        "Budget and risk",
        vec![
            Column::number("weight", "weight of the worst"),
            Column::number("budget_musd", "budget M USD"),
            Column::number("cost_musd", "spent M USD"),
            Column::number("mean_musd", "mean loss M USD"),
            Column::number("tail_musd", "mean of the worst M USD"),
            Column::number("measures", "measures"),
            Column::number("gap", "gap"),
        ],
    );
    for point in &answer.points {
        let gap = point.best.gap();
        table.push(vec![
            Cell::number(point.weight),
            musd(point.budget),
            musd(point.cost),
            musd(point.mean),
            musd(point.tail),
            Cell::count(point.best.x.iter().filter(|x| **x > 0.5).count()),
            Cell::shown(gap, format!("{:.2} %", 100.0 * gap)),
        ]);
    }
    table
}

pub(super) fn years(answer: &Answer) -> Table {
    let mut table = Table::new(
        "years",
        "By year",
        vec![
            Column::number("year", "year"),
            Column::number("disturbed", "disturbed"),
            Column::number("market_before_musd", "market without"),
            Column::number("market_after_musd", "market with"),
            Column::number("users_before_musd", "users without"),
            Column::number("users_after_musd", "users with"),
        ],
    );
    for y in &answer.report.years {
        table.push(vec![
            Cell::ordinal(y.year),
            Cell::number(y.disturbed),
            musd(y.loss.0),
            musd(y.loss.1),
            musd(y.users.0),
            musd(y.users.1),
        ]);
    }
    table
}

pub(super) fn stages(answer: &Answer) -> Table {
    let mut table = Table::new(
        "stages",
        "What the plan adds by stage",
        vec![Column::text("stage", "stage"), Column::number("t_per_year", "t a year")],
    );
    for (stage, tonnes) in &answer.report.stages {
        table.push(vec![Cell::text(stage), musd(*tonnes)]);
    }
    table
}

pub(super) fn rounds(answer: &Answer) -> Table {
    let mut table = Table::new(
        "rounds",
        "Bound and best plan by round",
        vec![
            Column::number("round", "round"),
            Column::text("fractions_allowed", "fractions allowed"),
            Column::number("best_musd", "best"),
            Column::number("bound_musd", "bound"),
            Column::number("planes", "planes"),
            Column::number("markets_cleared", "markets cleared"),
        ],
    );
    for round in &answer.best.rounds {
        table.push(vec![
            Cell::count(round.number),
            Cell::flag(round.relaxed, "yes", "no"),
            Cell::number(round.best),
            Cell::number(round.bound),
            Cell::count(round.planes),
            Cell::count(round.solves),
        ]);
    }
    table
}

pub(super) fn left(answer: &Answer) -> Table {
    let mut table = Table::new(
        "left_out",
        "Measures that could not be chosen",
        vec![Column::text("measure", "measure"), Column::text("why", "why")],
    );
    for left in &answer.world.left {
        table.push(vec![Cell::text(&left.measure), Cell::text(&left.why)]);
    }
    table
}
