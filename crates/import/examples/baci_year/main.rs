//! Writes a made-up year of BACI in its original layout, for measuring the importer.
//!
//! `cargo run --release -p monazite-import --example baci_year -- FILE [ROWS]`
//!
//! The rows have the form, padding and spread of codes of a release; the figures mean nothing. Then, from process start:
//! `time monazite data import baci FILE --into DIR`.

#![allow(clippy::print_stderr)] // an example talks to people

mod made_up;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let Some(path) = args.next() else {
        eprintln!("usage: baci_year FILE [ROWS]");
        return Ok(());
    };
    let rows: u64 = args.next().map_or(Ok(10_000_000), |text| text.parse())?;
    let written = made_up::write(path.as_ref(), rows)?;
    eprintln!("{written} rows");
    Ok(())
}
