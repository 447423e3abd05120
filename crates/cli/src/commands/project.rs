//! `monazite project`: the economics of deposits and projects.

mod list;
mod subject;
mod template;
mod value;

use std::io::Write as _;
use std::path::Path;

use monazite_evidence::table::PriceZone;
use monazite_evidence::{Dataset, Element};
use monazite_market::store::read;
use monazite_strategy::project::{Deck, studies, template as starter};

use super::dataset;
use super::explain::unreadable;
use crate::args::{Global, PriceArgs, ProjectCommand};
use crate::failure::Failure;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Does what `monazite project …` asks.
pub fn project(command: &ProjectCommand, global: &Global, printer: &Printer) -> Result<(), Failure> {
    match command {
        ProjectCommand::List { place, prices, draws } => {
            let dataset = dataset(global)?;
            list::list(&dataset, place.as_deref(), &deck(prices, &dataset)?, draws, printer)
        }
        ProjectCommand::Show { deposit, prices, draws } => {
            let dataset = dataset(global)?;
            list::show(&dataset, deposit, &deck(prices, &dataset)?, draws, printer)
        }
        ProjectCommand::Value {
            project,
            rate,
            prices,
            draws,
        } => {
            let dataset = dataset(global)?;
            value::value(&dataset, project, *rate, &deck(prices, &dataset)?, draws, printer)
        }
        ProjectCommand::Compare {
            projects,
            prices,
            draws,
        } => {
            let dataset = dataset(global)?;
            value::compare(&dataset, projects, &deck(prices, &dataset)?, draws, printer)
        }
        ProjectCommand::Floor {
            project,
            irr,
            under,
            prices,
        } => {
            let dataset = dataset(global)?;
            value::floor(&dataset, project, *irr, under, &deck(prices, &dataset)?, printer)
        }
        ProjectCommand::Studies => printer.print(&study_list()),
        ProjectCommand::New { out } => new(global.xlsx.as_deref().unwrap_or(out), &printer.without_files()),
    }
}

/// The prices asked for.
fn deck(args: &PriceArgs, dataset: &Dataset) -> Result<Deck, Failure> {
    let positive = |name: &str, value: f64| {
        if value.is_finite() && value > 0.0 {
            Ok(value)
        } else {
            Err(Failure::input(format!("`--{name}` is {value}; it must be above 0")))
        }
    };
    let mut deck = if let Ok(year) = args.prices.parse::<u16>() {
        Deck::spot(dataset, PriceZone::Outside, year)?
    } else {
        let path = Path::new(&args.prices);
        let run =
            read(path).map_err(|error| unreadable(path, &error).hint("or give a year, such as `--prices 2024`"))?;
        Deck::of_run(&run.result, &args.at)?
    };
    if (args.times - 1.0).abs() > f64::EPSILON {
        deck = deck.scaled(positive("times", args.times)?);
    }
    if let Some(floor) = args.floor {
        deck = deck.floored(&[Element::Nd, Element::Pr], positive("floor", floor)?);
    }
    Ok(deck)
}

fn study_list<'a>() -> Document<'a> {
    let mut table = Table::new(
        "studies",
        "Published studies",
        vec![Column::text("study", "study"), Column::text("title", "what")],
    );
    for (name, text) in studies() {
        let title = text.lines().find_map(|line| line.strip_prefix("name = "));
        table.push(vec![
            Cell::text(name),
            Cell::text(title.unwrap_or_default().trim_matches('"')),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    document.next(vec!["monazite project value nolans-2022".to_owned()]);
    document
}

fn new(out: &Path, printer: &Printer) -> Result<(), Failure> {
    let is_workbook = out
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx"));
    if is_workbook {
        template::write(out)?;
    } else {
        create(out, starter().as_bytes())?;
    }
    let mut document = Document::new();
    document.fact("written", out.display().to_string());
    document.text(format!("Wrote `{}`, with every key explained.", out.display()));
    document.next(vec![format!("monazite project value {}", out.display())]);
    printer.print(&document)
}

/// Writes a file that must not be there yet.
fn create(out: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let created = std::fs::File::create_new(out);
    created.and_then(|mut file| file.write_all(bytes)).map_err(|error| {
        if error.kind() == std::io::ErrorKind::AlreadyExists {
            Failure::input(format!("`{}` is there already", out.display()))
                .hint("choose another name; files are never overwritten")
        } else {
            Failure::io("write", out, &error)
        }
    })
}
