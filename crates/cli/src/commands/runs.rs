//! `monazite runs`: the runs that a folder holds.

use std::path::Path;

use monazite_ensemble::store::{self, Listed};

use super::dataset;
use super::simulate::bands::{self, Shown, difference_picture, difference_table};
use super::simulate::ensemble::stored;
use crate::args::Global;
use crate::args::ensemble::RunsCommand;
use crate::failure::{Failure, counted};
use crate::output::number::count;
use crate::output::words::Words;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Does what is asked about runs.
pub fn runs(command: &RunsCommand, global: &Global, printer: &Printer) -> Result<(), Failure> {
    match command {
        RunsCommand::List { root } => list(root, printer),
        RunsCommand::Show { run } => {
            let words = Words::new(&dataset(global)?);
            let content = store::open(run).map_err(|e| stored(&e))?;
            printer.print(&bands::answer(&Shown {
                stored: &content,
                finished: None,
                words: &words,
                faults: Vec::new(),
                versus: None,
            }))
        }
        RunsCommand::Compare { first, second } => compare(first, second, global, printer),
        RunsCommand::Check { run } => {
            let content = store::open(run).map_err(|e| stored(&e))?;
            content.verify().map_err(|e| stored(&e))?;
            let mut document = Document::new();
            let parts = content.plan.parts();
            document.fact("parts", parts);
            document.fact("sound", true);
            document.text(format!(
                "As it was written: {}, {}.",
                counted(content.plan.paths as usize, "path"),
                counted(parts as usize, "part")
            ));
            printer.print(&document)
        }
        RunsCommand::Rm { run } => {
            store::remove(run).map_err(|e| stored(&e))?;
            let mut document = Document::new();
            document.fact("removed", run.display().to_string());
            document.text(format!("Removed {}.", run.display()));
            printer.print(&document)
        }
    }
}

fn list(root: &Path, printer: &Printer) -> Result<(), Failure> {
    let found = if root.exists() {
        store::list(root).map_err(|e| stored(&e))?
    } else {
        Vec::new()
    };
    let mut table = Table::new(
        "runs",
        format!("Runs in {}", root.display()),
        vec![
            Column::text("run", "run"),
            Column::text("kind", "kind"),
            Column::text("scenario", "scenario"),
            Column::text("view", "view"),
            Column::number("paths", "paths"),
            Column::number("paths_wanted", "").for_programs(),
            Column::number("seed", "seed"),
            Column::text("complete", "state"),
            Column::text("dataset_sha256", "").for_programs(),
        ],
    )
    .if_empty("none; `monazite simulate china-2025-04 --view bloc14 --paths 200` makes one");
    for run in &found {
        table.push(row(run));
    }
    let mut document = Document::new();
    document.table(table);
    printer.print(&document)
}

fn row(run: &Listed) -> Vec<Cell> {
    let name = run
        .dir
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let state = if run.complete {
        "complete".to_owned()
    } else {
        format!(
            "stopped at {} of {}",
            count(run.paths as usize),
            count(run.wanted as usize)
        )
    };
    vec![
        Cell::text(name),
        Cell::text(run.kind.as_str()),
        Cell::text(&run.scenario),
        Cell::text(&run.view),
        Cell::count(run.paths as usize),
        Cell::count(run.wanted as usize),
        run.seed.map_or_else(Cell::empty, |seed| Cell::text(seed.to_string())),
        Cell::text(state),
        Cell::text(&run.dataset_sha256),
    ]
}

fn compare(first: &Path, second: &Path, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let words = Words::new(&dataset(global)?);
    let open = |dir: &Path| store::open(dir).map_err(|e| stored(&e));
    let (a, b) = (open(first)?, open(second)?);
    let differences = a.less(&b).map_err(|e| stored(&e))?;
    let mut document = Document::new();
    document.fact("first", a.plan.scenario.clone());
    document.fact("second", b.plan.scenario.clone());
    document.fact("paths", a.plan.paths);
    document.title(format!("{} less {}", a.plan.scenario, b.plan.scenario));
    document.remark(format!(
        "{} paths, both scenarios on the same draws",
        count(a.plan.paths as usize)
    ));
    document.picture(difference_picture(&differences, &b, &words));
    document.data(difference_table(&differences));
    printer.print(&document)
}
