//! `monazite stockpile`: what runs short in an emergency, and which stock covers it.

mod answer;
mod rule;

use std::io::Write as _;
use std::path::Path;

use monazite_evidence::Dataset;
use monazite_evidence::error::Unknown;
use monazite_strategy::stockpile::{
    Conflict, Ground, StockpileError, bundled, market_scenario, merit_order, rule as seek, shortfall, template,
    uncertain,
};

use super::dataset;
use crate::args::Global;
use crate::args::stockpile::{StockpileArgs, StockpileCommand};
use crate::failure::{Failure, counted};
use crate::output::progress::Progress;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Does what a `monazite stockpile` verb asks.
pub fn stockpile(args: &StockpileArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    match &args.command {
        Some(StockpileCommand::List) => printer.print(&list()),
        Some(StockpileCommand::New { out }) => new(out, printer),
        None => assess(args, global, printer),
    }
}

fn assess(args: &StockpileArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    if !(1..=1_000_000).contains(&args.draws) {
        return Err(Failure::input(format!("`--draws` is {}", args.draws)).hint("from 1 to 1,000,000; 1000 is plenty"));
    }
    let progress = Progress::start("balancing the base year");
    let dataset = dataset(global)?;
    let conflict = find(&args.scenario, &dataset)?;
    let place = dataset.resolve_place(&args.place)?.view_place.to_string();
    let ground = Ground::new(&dataset, &conflict, &place)?;
    let short = shortfall(&ground, &conflict);
    progress.now("drawing assumptions");
    let range = uncertain(&ground, &conflict, args.draws, args.seed);
    let steps = merit_order(&dataset, &ground, &conflict, &short);
    if let Some(out) = &args.scenario_out {
        create(out, &market_scenario(&ground, &conflict))?;
    }
    let rule = if args.rule {
        progress.now("simulating stocks in the market model");
        Some(seek(&dataset, &ground, &conflict, &short, &|_| {})?)
    } else {
        None
    };
    drop(progress);
    let answer = answer::Answer {
        dataset: &dataset,
        conflict: &conflict,
        short: &short,
        range: &range,
        steps: &steps,
        rule: rule.as_ref(),
        args,
    };
    printer.print(&answer.document())
}

/// A conflict by its name, or from a file.
fn find(wanted: &str, dataset: &Dataset) -> Result<Conflict, Failure> {
    let path = Path::new(wanted);
    let is_file = path.components().count() > 1
        || path
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
        || path.is_file();
    if is_file {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io("read", path, &error))?;
        return Ok(Conflict::parse(&text, wanted, dataset)?);
    }
    let all = bundled();
    let Some((name, text)) = all.iter().find(|(name, _)| *name == wanted) else {
        let unknown = Unknown::new("emergency", wanted, all.iter().map(|(name, _)| *name));
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        return Err(Failure::unknown(&unknown)
            .hint(format!("emergencies that come with the program: {}", names.join(", ")))
            .hint("or give a file; `monazite stockpile new my-conflict.toml` writes one"));
    };
    Ok(Conflict::parse(text, name, dataset)?)
}

fn list<'a>() -> Document<'a> {
    let mut table = Table::new(
        "emergencies",
        "Emergencies that come with the program",
        vec![Column::text("name", "name"), Column::text("title", "what")],
    );
    for (name, text) in bundled() {
        let title = text.lines().find_map(|line| line.strip_prefix("title = "));
        table.push(vec![
            Cell::text(name),
            Cell::text(title.unwrap_or_default().trim_matches('"')),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    document.next(vec![
        "monazite stockpile --for USA --scenario conflict-4y".to_owned(),
        "monazite stockpile new my-conflict.toml".to_owned(),
    ]);
    document
}

fn new(out: &Path, printer: &Printer) -> Result<(), Failure> {
    create(out, template())?;
    let mut document = Document::new();
    document.fact("written", out.display().to_string());
    document.text(format!("Wrote `{}`, with every key explained.", out.display()));
    document.next(vec![format!(
        "monazite stockpile --for USA --scenario {}",
        out.display()
    )]);
    printer.print(&document)
}

/// Writes a file that must not be there yet.
fn create(out: &Path, text: &str) -> Result<(), Failure> {
    let created = std::fs::File::create_new(out);
    created
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| {
            if error.kind() == std::io::ErrorKind::AlreadyExists {
                Failure::input(format!("`{}` is there already", out.display()))
                    .hint("choose another name; files are never overwritten")
            } else {
                Failure::io("write", out, &error)
            }
        })
}

impl From<StockpileError> for Failure {
    fn from(error: StockpileError) -> Self {
        match error {
            StockpileError::File(faults) => {
                let mut failure = Self::input(format!(
                    "the emergency has {}; nothing was computed",
                    counted(faults.len(), "error")
                ));
                failure.places = faults.iter().map(ToString::to_string).collect();
                failure
            }
            StockpileError::Unknown(unknown) => unknown.into(),
            StockpileError::Base(error) => error.into(),
            StockpileError::Market(error) => error.into(),
            StockpileError::Scenario(_) => Self::failed(error.to_string()),
        }
    }
}
