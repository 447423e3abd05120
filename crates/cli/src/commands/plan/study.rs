//! `monazite plan --study`: several plans side by side.

use std::time::{Duration, Instant};

use monazite_evidence::Dataset;
use monazite_strategy::measure::Menu;
use monazite_strategy::plan::{Effort, Exposure};
use monazite_strategy::study::{Outcome, Study, run};

use super::show::money;
use super::{stop_on_interrupt, tell};
use crate::failure::Failure;
use crate::output::number::thousands;
use crate::output::{Cell, Column, Document, Table};

/// Works a study out.
pub fn study<'a>(dataset: &Dataset, menu: &Menu, study: &Study, gap: f64, time: u64) -> Result<Document<'a>, Failure> {
    let began = Instant::now();
    let stopped = stop_on_interrupt();
    let effort = Effort {
        gap,
        time: Duration::from_secs(time),
        ..Effort::default()
    };
    let outcomes = run(dataset, menu, study, &effort, &mut |variant, round| {
        tell(round, began, &variant.name);
        !stopped.load(std::sync::atomic::Ordering::Relaxed)
    })?;
    let mut document = Document::new();
    document.title(study.title.clone());
    document.text(study.about.trim());
    document.table(variants(&outcomes, study));
    document.table(places(&outcomes));
    document.table(measures(&outcomes));
    for outcome in &outcomes {
        document.text(sentence(outcome, study));
    }
    document.remark(
        "Loss of the market: value that users do without, and dearer supply. Saved: mean over paths, discounted over the years \
         looked at. Costs and probabilities are unverified in large part.",
    );
    Ok(document)
}

fn saved(outcome: &Outcome) -> (f64, f64) {
    let r = &outcome.report;
    (r.market.0.mean - r.market.1.mean, r.users.0.mean - r.users.1.mean)
}

fn of(list: &[Exposure], place: &str) -> f64 {
    list.iter().find(|e| e.of == place).map_or(0.0, |e| e.before - e.after)
}

fn sentence(outcome: &Outcome, study: &Study) -> String {
    let (market, users) = saved(outcome);
    let r = &outcome.report;
    let first = r.planned.iter().map(|p| p.first).min();
    let last = r.planned.iter().map(|p| p.first).max();
    let when = match (first, last) {
        (Some(first), Some(last)) => format!(", with first output from {first} to {last}"),
        _ => String::new(),
    };
    format!(
        "{}: {} spent{when} save the market {} of {} and users in {} {}; in the worst tenth of paths {} of {}.",
        outcome.variant.title,
        money(r.cost),
        money(market),
        money(r.market.0.mean),
        study.planner,
        money(users),
        money(r.market.0.tail - r.market.1.tail),
        money(r.market.0.tail),
    )
}

fn musd(value: f64) -> Cell {
    Cell::shown(value, thousands(value))
}

fn variants(outcomes: &[Outcome], study: &Study) -> Table {
    let mut table = Table::new(
        "variants",
        format!("M USD over {} years from {}, discounted", study.years, study.from),
        vec![
            Column::text("variant", "variant"),
            Column::text("title", "what"),
            Column::number("measures", "measures").minor(),
            Column::number("cost_musd", "cost"),
            Column::number("market_saved_musd", "market saves"),
            Column::number("users_saved_musd", "users at home"),
            Column::number("tail_saved_musd", "worst tenth"),
            Column::number("per_dollar", "saved per dollar"),
        ],
    );
    for outcome in outcomes {
        let (market, users) = saved(outcome);
        let r = &outcome.report;
        let ratio = if r.cost > 0.0 { market / r.cost } else { f64::NAN };
        table.push(vec![
            Cell::text(&outcome.variant.name),
            Cell::text(&outcome.variant.title),
            Cell::count(r.planned.len()),
            musd(r.cost),
            musd(market),
            musd(users),
            musd(r.market.0.tail - r.market.1.tail),
            if ratio.is_finite() {
                Cell::shown(ratio, format!("{ratio:.2}"))
            } else {
                Cell::empty()
            },
        ]);
    }
    table
}

/// What users of each place gain a year, by variant.
fn places(outcomes: &[Outcome]) -> Table {
    let columns = vec![
        Column::text("variant", "variant"),
        Column::text("place", "place"),
        Column::number("gain_musd_per_year", "gain of users, M USD a year"),
    ];
    let mut table = Table::new("places", "Who gains, on average a year", columns);
    for outcome in outcomes {
        let mut rows: Vec<(&str, f64)> = (outcome.report.places.iter())
            .map(|e| (e.of.as_str(), of(&outcome.report.places, &e.of)))
            .collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1));
        for (place, gain) in rows {
            table.push(vec![
                Cell::text(&outcome.variant.name),
                Cell::text(place),
                Cell::shown(gain, crate::output::number::figures(gain)),
            ]);
        }
    }
    table.shown = 28;
    table
}

fn measures(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new(
        "measures",
        "Measures",
        vec![
            Column::text("variant", "variant"),
            Column::number("start", "begin"),
            Column::number("first_output", "output"),
            Column::text("measure", "measure"),
            Column::text("place", "place"),
            Column::number("cost_musd", "cost M USD"),
            Column::number("used_undisturbed", "used, calm"),
            Column::number("used_disturbed", "used, disturbed"),
        ],
    );
    for outcome in outcomes {
        for p in &outcome.report.planned {
            let candidate = &outcome.world.candidates[p.candidate];
            table.push(vec![
                Cell::text(&outcome.variant.name),
                Cell::ordinal(p.start),
                Cell::ordinal(p.first),
                Cell::text(&candidate.measure.measure),
                Cell::text(candidate.place.as_str()),
                musd(p.cost),
                super::show::used(p.used.0),
                super::show::used(p.used.1),
            ]);
        }
    }
    table
}
