//! `monazite sensitivity`: which evidence drives an outcome.

use monazite_ensemble::run::{frame, workers};
use monazite_ensemble::sensitivity::{Budget, Driver, Outcome, Ranking, Screened, rank};
use monazite_market::scenario::Vocabulary;

use super::dataset;
use super::model::ScenarioText;
use super::simulate::ensemble::{failed, world};
use crate::args::Global;
use crate::args::ensemble::SensitivityArgs;
use crate::failure::Failure;
use crate::output::number::{count, figures, percent};
use crate::output::progress::{Bar, Progress};
use crate::output::words::flag;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Parameters and rows of the screening that people are shown.
const SHOWN: usize = 10;

/// Ranks what drives an outcome.
pub fn sensitivity(args: &SensitivityArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let progress = Progress::start("balancing the base year");
    let text = ScenarioText::find(&args.scenario)?;
    let dataset = dataset(global)?;
    let read = text.read(&Vocabulary::from_dataset(&dataset))?;
    let pool = workers(args.threads).map_err(failed)?;
    let world = world(&dataset, &read, args.view, args.seed, 0, &pool)?;
    let (frame, _) = pool.install(|| frame(&world, &read.scenario)).map_err(failed)?;
    let outcome = Outcome::parse(&args.outcome, &frame)
        .map_err(|unknown| Failure::unknown(&unknown).hint(format!("outcomes: {}", Outcome::FORMS)))?;
    let budget = Budget {
        trajectories: args.trajectories as usize,
        drivers: args.drivers as usize,
        rows: args.points,
        seed: args.seed,
        ..Budget::default()
    };
    drop(progress);
    let mut bar: Option<(&'static str, Bar)> = None;
    let mut tell = |done: usize, step: &'static str| {
        if bar.as_ref().is_none_or(|(known, _)| *known != step) {
            bar = Some((step, Bar::start(0, step)));
        }
        if let Some((_, bar)) = &bar {
            bar.at(done as u64, 0);
        }
    };
    let ranking = pool
        .install(|| rank(&world, &read.scenario, &frame, &outcome, budget, &mut tell))
        .map_err(failed)?;
    drop(bar);
    printer.print(&answer(args, &ranking, outcome.unit()))
}

fn answer<'a>(args: &SensitivityArgs, ranking: &Ranking, unit: &str) -> Document<'a> {
    let mut document = Document::new();
    document.fact("scenario", args.scenario.clone());
    document.fact("outcome", args.outcome.clone());
    document.fact("unit", unit.to_owned());
    document.fact("best", ranking.best);
    document.fact("mean", ranking.mean);
    document.fact("deviation", ranking.deviation);
    document.fact("evaluations", ranking.evaluations);
    document.title(format!("What drives {} in {}", args.outcome, args.scenario));
    document.remark(format!(
        "{} at best estimates; {} ± {} over the uncertain evidence ({unit}); {} paths",
        figures(ranking.best),
        figures(ranking.mean),
        figures(ranking.deviation),
        count(ranking.evaluations)
    ));
    document.table(driver_table(ranking));
    document.text(advice(&ranking.drivers));
    document.table(screened_table(
        "parameters",
        "Whole parameters, all their rows high or low together: change of the outcome over the range",
        &ranking.parameters,
    ));
    document.table(screened_table(
        "rows",
        "Rows of the strongest parameters, one by one",
        &ranking.rows,
    ));
    document.remark(
        "Own: share of the variance that would go if this row were known. Total: with what it does together with \
         others. Intervals hold 90 % of bootstrap resamples. Rows are drawn independently here.",
    );
    document
}

fn driver_table(ranking: &Ranking) -> Table {
    let mut table = Table::new(
        "drivers",
        "Rows of evidence by the share of the outcome's variance they explain",
        vec![
            Column::text("input", "row"),
            Column::text("meaning", "").for_programs(),
            Column::number("total", "total"),
            Column::number("total_low", "").for_programs(),
            Column::number("total_high", "").for_programs(),
            Column::text("", "90 %").for_people(),
            Column::number("first", "own"),
            Column::number("first_low", "").for_programs(),
            Column::number("first_high", "").for_programs(),
            Column::text("direction", "when higher"),
            Column::text("confidence", "evidence"),
            Column::text("source", "").for_programs(),
        ],
    );
    for d in &ranking.drivers {
        let sources: Vec<String> = d.sources.iter().map(ToString::to_string).collect();
        let mut row = index_cells(&d.id, &d.meaning, &d.index);
        row.push(Cell::text(if d.direction < 0.0 { "falls" } else { "rises" }));
        let letter = d.confidence.as_str();
        row.push(Cell::named(letter, flag(letter)).marked(true));
        row.push(Cell::text(sources.join(";")));
        table.push(row);
    }
    let mut rest = index_cells("(everything else)", "all other inputs together", &ranking.rest);
    rest.extend([Cell::text(""), Cell::text(""), Cell::text("")]);
    table.push(rest);
    table
}

fn index_cells(id: &str, meaning: &str, index: &monazite_ensemble::sensitivity::Index) -> Vec<Cell> {
    let share = |value: f64| Cell::shown(value, percent(value));
    vec![
        Cell::text(id),
        Cell::text(meaning),
        share(index.total),
        share(index.total_interval.low),
        share(index.total_interval.high),
        Cell::text(format!(
            "{}–{}",
            percent(index.total_interval.low.max(0.0)),
            percent(index.total_interval.high)
        )),
        share(index.first.max(0.0)),
        share(index.first_interval.low),
        share(index.first_interval.high),
    ]
}

fn advice(drivers: &[Driver]) -> String {
    let unverified = drivers
        .iter()
        .find(|d| d.confidence.as_str() == "C" && d.index.total > 0.02);
    match unverified {
        Some(d) => format!(
            "A source for `{}` ({}) is worth most: it is unverified and explains up to {} of the variance.",
            d.id,
            d.meaning,
            percent(d.index.total)
        ),
        None => "No unverified row explains more than 2 % of the variance.".to_owned(),
    }
}

fn screened_table(name: &'static str, title: &str, rows: &[Screened]) -> Table {
    let mut table = Table::new(
        name,
        title.to_owned(),
        vec![
            Column::text("id", "what"),
            Column::text("meaning", "meaning").minor(),
            Column::number("strength", "strength"),
            Column::number("mean", "mean"),
            Column::number("spread", "spread"),
            Column::text("confidence", "evidence"),
        ],
    )
    .show_at_most(SHOWN);
    for row in rows {
        let letter = row.confidence.as_str();
        table.push(vec![
            Cell::text(&row.id),
            Cell::text(&row.meaning),
            Cell::number(row.effect.strength),
            Cell::number(row.effect.mean),
            Cell::number(row.effect.spread),
            Cell::named(letter, flag(letter)).marked(true),
        ]);
    }
    table
}
