//! `monazite`: the rare-earth supply chain from ore to motor, on the command line.
//!
//! A thin face: it reads arguments, calls the libraries and shows what they answer.

mod args;
mod commands;
mod failure;
mod output;
mod report;
mod validation;

use std::process::ExitCode;

fn main() -> ExitCode {
    failure::install_panic_hook();
    std::panic::catch_unwind(commands::run).unwrap_or(ExitCode::FAILURE)
}
