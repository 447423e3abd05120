//! `monazite scenario`: list, show, check and begin scenarios.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use monazite_market::scenario::{
    Allowed, Bundled, Event, EventKind, Scenario, ScenarioErrors, ScenarioFault, Schedule, Severity, Vocabulary,
    library, template,
};

use super::dataset;
use super::model::ScenarioText;
use crate::args::{Global, ScenarioCommand};
use crate::failure::{Failure, counted};
use crate::output::number::{multiple, percent, thousands};
use crate::output::words::plain;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Does what a `monazite scenario` verb asks.
pub fn scenario(command: &ScenarioCommand, global: &Global, printer: &Printer) -> Result<(), Failure> {
    match command {
        ScenarioCommand::List => list(global, printer),
        ScenarioCommand::Show { scenario, file } => show(scenario, *file, global, printer),
        ScenarioCommand::Check { files } => check(files, global, printer),
        ScenarioCommand::New { name, out } => new(name, out.as_deref(), printer),
    }
}

/// Topics in the order people read them; others follow.
const TOPICS: [&str; 7] = [
    "Reference",
    "China's quotas of 2010",
    "China's controls since 2023",
    "Mines and borders",
    "Measures of buyers",
    "Deals and projects",
    "Russia",
];

fn list(global: &Global, printer: &Printer) -> Result<(), Failure> {
    let vocabulary = Vocabulary::from_dataset(&dataset(global)?);
    let mut topics: Vec<&str> = TOPICS.to_vec();
    for bundled in library() {
        if !topics.contains(&bundled.topic.as_str()) {
            topics.push(&bundled.topic);
        }
    }
    let mut document = Document::new();
    let mut all = list_table("Scenarios that come with the program");
    for topic in topics {
        let mut table = list_table(topic);
        for bundled in library().iter().filter(|bundled| bundled.topic == topic) {
            let row = list_row(bundled, &vocabulary);
            all.push(row.clone());
            table.push(row);
        }
        if !table.rows.is_empty() {
            document.picture(table);
        }
    }
    document.data(all);
    document.next(vec![
        "monazite scenario show china-2025-04".to_owned(),
        "monazite simulate china-2025-04".to_owned(),
        "monazite scenario new my-scenario".to_owned(),
    ]);
    printer.print(&document)
}

fn list_table(title: &str) -> Table {
    Table::new(
        "scenarios",
        title,
        vec![
            Column::text("scenario", "scenario"),
            Column::text("topic", "").for_programs(),
            Column::text("title", "what happens"),
            Column::number("base_year", "base"),
            Column::text("start", "from"),
            Column::text("last", "to"),
            Column::number("events", "events"),
        ],
    )
}

fn list_row(bundled: &Bundled, vocabulary: &Vocabulary) -> Vec<Cell> {
    // With a dataset of the user's own, a scenario may name what that dataset lacks.
    let read = bundled.read(vocabulary).ok().map(|read| read.scenario);
    let of = |text: fn(&Scenario) -> Cell| read.as_ref().map_or_else(Cell::empty, text);
    vec![
        Cell::text(bundled.name),
        Cell::text(&bundled.topic),
        Cell::text(&bundled.title),
        of(|s| Cell::ordinal(s.base_year)),
        of(|s| Cell::text(s.start.to_string())),
        of(|s| Cell::text(s.last().to_string())),
        of(|s| Cell::count(s.events.len())),
    ]
}

fn show(wanted: &str, file: bool, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let found = ScenarioText::find(wanted)?;
    if file {
        let mut document = Document::new();
        document.verbatim(found.text);
        return printer.print(&document);
    }
    let scenario = found.read(&Vocabulary::from_dataset(&dataset(global)?))?.scenario;
    let mut document = Document::new();
    document.title(&scenario.title);
    document.fact("scenario", scenario.name.clone());
    document.fact("title", scenario.title.clone());
    document.fact("description", scenario.description.trim());
    document.fact("base_year", scenario.base_year);
    document.fact("start", scenario.start.to_string());
    document.fact("quarters", scenario.quarters);
    if !scenario.description.trim().is_empty() {
        document.text(scenario.description.trim().replace('\n', " "));
    }
    document.remark(format!(
        "{}: {} to {}, base year {}",
        scenario.name,
        scenario.start,
        scenario.last(),
        scenario.base_year
    ));
    document.table(events(&scenario));
    let assumed = scenario.events.iter().filter(|event| event.is_assumed()).count();
    if assumed > 0 {
        document.remark(format!(
            "Resting at least partly on assumptions: {} of {}; `monazite scenario show {wanted} --file` says which.",
            assumed,
            counted(scenario.events.len(), "event")
        ));
    }
    document.next(vec![format!("monazite simulate {wanted}")]);
    printer.print(&document)
}

/// What happens in a scenario, an event a row.
pub fn events(scenario: &Scenario) -> Table {
    let mut table = Table::new(
        "events",
        "Events",
        vec![
            Column::text("event", "event"),
            Column::text("kind", "kind"),
            Column::text("from", "from"),
            Column::text("until", "until"),
            Column::text("title", "what happens"),
            Column::text("strength", "how much"),
            Column::text("evidence", "").for_programs(),
            Column::text("note", "").for_programs(),
        ],
    )
    .if_empty("nothing happens in this scenario");
    for event in &scenario.events {
        table.push(event_row(event));
    }
    table
}

fn event_row(event: &Event) -> Vec<Cell> {
    let text = |text: &Option<String>| text.clone().map_or_else(Cell::empty, Cell::text);
    vec![
        Cell::text(&event.id),
        Cell::named(event.kind.word(), plain(event.kind.word())),
        Cell::text(event.from.to_string()),
        event
            .until
            .map_or_else(|| Cell::empty().reads("open"), |until| Cell::text(until.to_string())),
        text(&event.title),
        Cell::text(strength(event)),
        Cell::text(event.evidence.join(";")),
        text(&event.note),
    ]
}

/// How strong an event is, in a few words.
fn strength(event: &Event) -> String {
    let tonnes = |t: f64| format!("{} t", thousands(t));
    let steps = |schedule: &Schedule, word: fn(f64) -> String| {
        let mut values: Vec<f64> = schedule.as_steps().iter().map(|step| step.1).collect();
        values.extend(schedule.as_constant());
        match (values.first(), values.last()) {
            (Some(first), Some(last)) if values.len() > 1 => format!("{} to {}", word(*first), word(*last)),
            (Some(only), _) => word(*only),
            _ => String::new(),
        }
    };
    match &event.kind {
        EventKind::Ban(_) => "nothing passes".to_owned(),
        EventKind::Licence { approved_share, .. } | EventKind::ContentRule { approved_share, .. } => {
            format!("{} passes", steps(approved_share, percent))
        }
        EventKind::Quota { allowed, .. } => match allowed {
            Allowed::PerYear(t) => format!("{} a year", tonnes(*t)),
            Allowed::Batches(batches) => format!(
                "{} in {} batches",
                tonnes(batches.iter().map(|b| b.tonnes).sum()),
                batches.len()
            ),
        },
        EventKind::Tariff { rate, .. } | EventKind::ExportTax { rate, .. } => percent(*rate),
        EventKind::Outage { available_share, .. } => format!("{} left", steps(available_share, percent)),
        EventKind::Demand { factor, .. } => steps(factor, multiple),
        EventKind::Capacity {
            extra_tonnes_per_year,
            slip,
            ..
        } => {
            let late = match slip.central {
                0 => String::new(),
                n => format!(", {n} quarters late"),
            };
            format!("+{} a year{late}", tonnes(*extra_tonnes_per_year))
        }
        EventKind::StockRelease { tonnes: t, .. } => tonnes(*t),
        EventKind::StockPurchase {
            tonnes: t,
            most_usd_per_kg,
            ..
        } => format!("{} up to {} USD/kg", tonnes(*t), thousands(*most_usd_per_kg)),
        EventKind::PriceFloor { usd_per_kg, .. } => format!("{} USD/kg", thousands(*usd_per_kg)),
        EventKind::Offtake { tonnes_per_year, .. } => format!("{} a year", tonnes(*tonnes_per_year)),
        EventKind::Delay { quarters, .. } => format!("{quarters} quarters"),
    }
}

fn check(files: &[String], global: &Global, printer: &Printer) -> Result<(), Failure> {
    let vocabulary = Vocabulary::from_dataset(&dataset(global)?);
    let mut document = Document::new();
    let mut faults = fault_table();
    let mut wrong = 0;
    let mut lines: Vec<String> = Vec::new();
    for wanted in files {
        let file = ScenarioText::find(wanted)?;
        let (found, more, sound) = match Scenario::read(&file.text, &file.file, &vocabulary) {
            Ok(read) => (read.warnings, 0, Some(read.scenario)),
            Err(ScenarioErrors { faults, more }) => (faults, more, None),
        };
        for fault in &found {
            lines.push(fault.to_string());
            faults.push(fault_row(fault));
        }
        if more > 0 {
            lines.push(format!("… and {more} more in {}", file.file));
        }
        let errors = found.iter().filter(|fault| fault.severity == Severity::Error).count() + more;
        wrong += errors;
        lines.push(match sound {
            Some(scenario) => format!(
                "{}: fine; {} from {} to {}",
                file.file,
                counted(scenario.events.len(), "event"),
                scenario.start,
                scenario.last()
            ),
            None => format!("{}: {}", file.file, counted(errors, "error")),
        });
    }
    document.fact("errors", wrong);
    document.verbatim(lines.join("\n") + "\n");
    document.data(faults);
    printer.print(&document)?;
    if wrong > 0 { Err(Failure::found()) } else { Ok(()) }
}

fn fault_table() -> Table {
    let names = [
        "severity", "file", "line", "column", "event", "message", "nearest", "hint",
    ];
    Table::new("faults", "Faults", names.map(|name| Column::text(name, name)).to_vec())
}

fn fault_row(fault: &ScenarioFault) -> Vec<Cell> {
    let text = |text: &Option<String>| text.clone().map_or_else(Cell::empty, Cell::text);
    vec![
        Cell::text(format!("{:?}", fault.severity).to_lowercase()),
        Cell::text(&fault.file),
        Cell::ordinal(fault.line),
        Cell::ordinal(fault.column),
        text(&fault.event),
        Cell::text(&fault.message),
        text(&fault.nearest),
        text(&fault.hint),
    ]
}

fn new(name: &str, out: Option<&Path>, printer: &Printer) -> Result<(), Failure> {
    let path = out.map_or_else(|| PathBuf::from(format!("{name}.toml")), Path::to_path_buf);
    if out.is_none() && (name.is_empty() || name.contains(['/', '\\'])) {
        return Err(Failure::input(format!("a scenario cannot be called `{name}`"))
            .hint("use small letters, digits, `-` and `_`; `--out FILE` says where to write it"));
    }
    let created = std::fs::File::create_new(&path);
    let written = created.and_then(|mut file| file.write_all(template(name).as_bytes()));
    if let Err(error) = written {
        return Err(if error.kind() == std::io::ErrorKind::AlreadyExists {
            Failure::input(format!("`{}` is there already", path.display()))
                .hint("choose another name, or write elsewhere with `--out FILE`; files are never overwritten")
        } else {
            Failure::io("write", &path, &error)
        });
    }
    let shown = path.display();
    let mut document = Document::new();
    document.fact("written", shown.to_string());
    document.text(format!("Wrote `{shown}`, with one event to replace."));
    document.next(vec![
        format!("monazite scenario check {shown}"),
        format!("monazite simulate {shown}"),
    ]);
    printer.print(&document)
}
