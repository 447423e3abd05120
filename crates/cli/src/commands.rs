//! The verbs: each reads what it needs, asks a library, and hands the answer to the printer.

pub mod backtest;
mod base_year;
mod brief;
mod calibrate;
mod data;
mod deals;
mod evidence;
mod explain;
mod exposure;
mod groups;
mod import;
mod model;
mod plan;
mod project;
mod risk;
mod runs;
mod scenario;
mod sensitivity;
mod serve;
mod simulate;
mod stockpile;
mod targets;
mod validate;

use std::process::ExitCode;

use clap::{ColorChoice as ClapColor, CommandFactory as _, FromArgMatches as _};
use monazite_evidence::Dataset;

use crate::args::{Cli, ColorChoice, Command, DataCommand, Global, MarketCommand};
use crate::failure::Failure;
use crate::output::Printer;
use crate::output::style::Style;

/// Reads the arguments and does what they ask.
pub fn run() -> ExitCode {
    let color = color_of(std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()));
    let clap_color = match color {
        ColorChoice::Auto => ClapColor::Auto,
        ColorChoice::Always => ClapColor::Always,
        ColorChoice::Never => ClapColor::Never,
    };
    let parsed = Cli::command()
        .color(clap_color)
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to a reader who may have left already.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if cli.global.answer {
                failure.report_for_programs();
            } else {
                failure.report(Style::of_stderr(cli.global.color));
            }
            failure.exit_code()
        }
    }
}

fn dispatch(cli: &Cli) -> Result<(), Failure> {
    let global = &cli.global;
    let printer = Printer::new(global);
    match &cli.command {
        Command::Simulate(args) => simulate::simulate(args, global, &printer),
        Command::Scenario(command) => scenario::scenario(command, global, &printer),
        Command::Explain(args) => explain::explain(args, global, &printer),
        Command::Runs(command) => runs::runs(command, global, &printer),
        Command::Sensitivity(args) => sensitivity::sensitivity(args, global, &printer),
        Command::Exposure(args) => exposure::exposure(args, global, &printer),
        Command::Risk { command } => risk::risk(command.as_ref(), global, &printer),
        Command::Backtest(args) => backtest::backtest(args, global, &printer),
        Command::Validate(args) => validate::validate(args, global, &printer),
        Command::Brief(args) => brief::brief(args, global, &printer),
        Command::Deals(args) => deals::deals(args, global, &printer),
        Command::Data(DataCommand::BaseYear {
            year,
            adjustments,
            view,
        }) => base_year::base_year(*year, *adjustments, *view, global, &printer),
        Command::Data(DataCommand::Sources { id }) => evidence::sources(id.as_deref(), global, &printer),
        Command::Data(DataCommand::Why {
            place,
            element,
            stage,
            year,
        }) => evidence::why(place, element, stage, *year, global, &printer),
        Command::Data(DataCommand::Groups { name, year, own, files }) => {
            groups::groups(name.as_deref(), *year, own, files, global, &printer)
        }
        Command::Data(DataCommand::Import(args)) => import::import(args, global, &printer),
        Command::Data(DataCommand::Place { names }) => groups::places(names, global, &printer),
        Command::Data(command) => data::data(command, global, &printer),
        Command::Project(command) => project::project(command, global, &printer),
        Command::Plan(args) => plan::plan(args, global, &printer),
        Command::Stockpile(args) => stockpile::stockpile(args, global, &printer),
        Command::Market(MarketCommand::Calibrate { base_year, view }) => {
            calibrate::calibrate(*base_year, *view, global, &printer)
        }
        Command::Serve(args) => serve::serve(args, global),
    }
}

/// The evidence that the arguments ask for.
fn dataset(global: &Global) -> Result<Dataset, Failure> {
    Ok(match &global.dataset {
        Some(dir) => Dataset::from_dir(dir)?,
        None => Dataset::bundled()?,
    })
}

/// `--color` is needed before the arguments are read, for the messages of reading them.
fn color_of(args: impl Iterator<Item = String>) -> ColorChoice {
    let mut args = args.skip(1).take_while(|arg| arg != "--");
    while let Some(arg) = args.next() {
        let value = if arg == "--color" {
            args.next()
        } else {
            arg.strip_prefix("--color=").map(str::to_owned)
        };
        match value.as_deref() {
            Some("never") => return ColorChoice::Never,
            Some("always") => return ColorChoice::Always,
            _ => {}
        }
    }
    ColorChoice::Auto
}
