//! `monazite risk`: who controls the chain.

mod ask;
mod company;
mod factors;
mod geopolrisk;
mod history;
mod ranking;
mod scores;
mod show;

use monazite_risk::columns::Production;
use monazite_risk::{Context, RiskError, Score, method};

use super::dataset;
use crate::args::Global;
use crate::args::risk::{RiskCommand, TableArgs};
use crate::failure::Failure;
use crate::output::{Document, Printer};

/// Does what a `monazite risk` verb asks.
pub fn risk(command: Option<&RiskCommand>, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let context = Context::new(&dataset);
    match command {
        None => show::show(&context, None, printer),
        Some(RiskCommand::Show(args)) => show::show(&context, args.year, printer),
        Some(RiskCommand::Table(args)) => {
            let paths = &args.geopolrisk.tables;
            let folder = paths.data.as_ref().map(|dir| dir.join("production.parquet"));
            match paths.production.clone().or(folder) {
                Some(path) if args.method != ["geopolrisk"] => {
                    let production = Production::read(&path).map_err(RiskError::from)?;
                    table(&context.with_production(production), args, printer)
                }
                _ => table(&context, args, printer),
            }
        }
        Some(RiskCommand::History(args)) => history::history(&context, args, printer),
        Some(RiskCommand::Rank(args)) => ranking::ranking(&context, args, printer),
        Some(RiskCommand::Company(args)) => company::company(&context, args, printer),
        Some(RiskCommand::Factors(args)) => factors::factors(&context, args, printer),
    }
}

fn table(context: &Context<'_>, args: &TableArgs, printer: &Printer) -> Result<(), Failure> {
    if args.method == ["geopolrisk"] {
        return geopolrisk::table(context, args, printer);
    }
    let methods: Vec<_> = args
        .method
        .iter()
        .map(|name| method(name))
        .collect::<Result<_, RiskError>>()?;
    let question = ask::question(context, &args.slice)?;
    let mut found: Vec<Score> = Vec::new();
    for method in &methods {
        found.extend((method.scores)(context, &question)?);
    }
    let mut document = Document::new();
    let names: Vec<&str> = methods.iter().map(|method| method.name).collect();
    document.table(scores::table(context, &names.join(", "), &found, args.explain));
    scores::notes(&mut document, &found);
    if args.explain {
        scores::explain(&mut document, &found);
    } else {
        document.further("terms", || scores::terms(&found));
    }
    scores::cite(&mut document, context, &found);
    printer.print(&document)
}
