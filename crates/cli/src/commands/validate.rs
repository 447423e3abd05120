//! `monazite validate`: every published figure that the program ships, against what the program makes of it.

mod checks;
mod committed;
mod page;

use monazite_evidence::Dataset;

use super::dataset;
use crate::args::Global;
use crate::args::backtest::ValidateArgs;
use crate::failure::{Code, Failure, counted};
use crate::output::number::{change, figures};
use crate::output::progress::Progress;
use crate::output::words::confidence;
use crate::output::{Cell, Column, Document, Printer, Table};

pub use checks::{Check, Measure};

/// Works everything out, shows, checks and writes it.
pub fn validate(args: &ValidateArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let progress = Progress::start("balancing and calibrating the base year");
    let found = checks::run(&dataset, &progress)?;
    drop(progress);
    if let Some(dir) = &args.write {
        page::write(dir, &dataset, &found)?;
    }
    let worse = if args.check {
        committed::worse(&found.checks)?
    } else {
        Vec::new()
    };
    let mut document = answer(&dataset, &found.checks);
    for line in &worse {
        document.warning(line.clone());
    }
    let residuals = &found.residuals;
    document.further("residuals", || residuals.clone());
    printer.print(&document)?;
    if worse.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(
            Code::Found,
            format!(
                "{} further from what was published than committed, by more than the tolerance",
                counted(worse.len(), "figure")
            ),
        )
        .hint("book/src/validation/oracles.csv holds the committed figures; `--write` shows what changed"))
    }
}

fn answer<'a>(dataset: &Dataset, checks: &[Check]) -> Document<'a> {
    let mut document = Document::new();
    document.title("What was published, and what the program makes of it");
    document.fact("dataset", dataset.lock().short());
    document.table(table(checks));
    document.table(summary(checks));
    document.remark(
        "Off: a share of what was published, or the unit that stands beside it. Most of these figures were looked at while the \
         model was built; those that were not are in the hindcast: `monazite backtest`.",
    );
    document
}

/// One line a check.
fn table(checks: &[Check]) -> Table {
    let mut table = Table::new(
        "oracles",
        "Checks, the missed ones first",
        vec![
            Column::text("id", "").for_programs(),
            Column::text("measure", "").for_programs(),
            Column::text("part", "part"),
            Column::text("what", "what"),
            Column::text("unit", "unit").minor(),
            Column::number("published", "published"),
            Column::number("computed", "computed"),
            Column::number("off", "off"),
            Column::number("wanted", "wanted"),
            Column::text("met", ""),
            Column::text("confidence", "published is").minor(),
            Column::text("source", "source").minor(),
        ],
    )
    .show_at_most(30);
    let mut sorted: Vec<&Check> = checks.iter().collect();
    sorted.sort_by(|a, b| (a.met()).cmp(&b.met()).then(b.strain().total_cmp(&a.strain())));
    for check in sorted {
        table.push(row(check));
    }
    table
}

/// A check as a row of [`table`].
fn row(check: &Check) -> Vec<Cell> {
    vec![
        Cell::text(&check.id),
        Cell::text(match check.measure {
            Measure::Share => "share",
            Measure::Points => "points",
            Measure::Absolute => "absolute",
        }),
        Cell::text(check.part),
        Cell::text(&check.what),
        Cell::text(check.unit),
        check
            .published
            .map_or_else(|| Cell::empty().reads("–"), |p| Cell::shown(p, figures(p))),
        Cell::shown(check.computed, shown(check, check.computed)),
        Cell::shown(check.off(), off(check, check.off())),
        Cell::shown(
            check.wanted,
            format!("±{}", off(check, check.wanted).trim_start_matches('+')),
        ),
        Cell::flag(check.met(), "", "missed").marked(!check.met()),
        match check.confidence.as_str() {
            "" => Cell::empty(),
            letter => Cell::named(letter, confidence(letter)).marked(letter == "C"),
        },
        Cell::text(&check.source),
    ]
}

fn shown(check: &Check, value: f64) -> String {
    if check.published.is_none() && value.abs() < 1e-3 {
        format!("{value:.1e}").replace('-', "−")
    } else {
        figures(value)
    }
}

fn off(check: &Check, value: f64) -> String {
    match check.measure {
        _ if value != 0.0 && value.abs() < 1e-4 => format!("{value:.1e}").replace('-', "−"),
        Measure::Share => change(value),
        Measure::Points if value > 0.0 => format!("+{} points", figures(value)),
        Measure::Points => format!("{} points", figures(value)),
        Measure::Absolute => figures(value),
    }
}

fn summary(checks: &[Check]) -> Table {
    let mut table = Table::new(
        "parts",
        "By part",
        vec![
            Column::text("part", "part"),
            Column::number("checks", "checks"),
            Column::number("met", "met"),
            Column::text("worst", "furthest from what is wanted"),
        ],
    );
    let mut parts: Vec<&str> = checks.iter().map(|c| c.part).collect();
    parts.dedup();
    for part in parts {
        let of = || checks.iter().filter(|c| c.part == part);
        let worst = of().max_by(|a, b| a.strain().total_cmp(&b.strain()));
        table.push(vec![
            Cell::text(part),
            Cell::count(of().count()),
            Cell::count(of().filter(|c| c.met()).count()),
            Cell::text(worst.map_or_else(String::new, |c| format!("{}: {}", c.what, off(c, c.off())))),
        ]);
    }
    table
}
