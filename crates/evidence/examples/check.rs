//! Checks a dataset folder (or the bundled one) and lists its problems.
#![allow(clippy::print_stdout)] // an example is a program

use monazite_evidence::Files;
use monazite_evidence::check::check;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = match std::env::args().nth(1) {
        Some(dir) => Files::from_dir(dir.as_ref())?,
        None => Files::bundled(),
    };
    let report = check(&files);
    for problem in &report.problems {
        println!("{problem}");
    }
    for table in &report.tables {
        let rows = table
            .rows
            .map_or_else(|| "missing".to_owned(), |rows| format!("{rows} rows"));
        println!(
            "{}: {rows}, {} errors, {} warnings",
            table.file, table.errors, table.warnings
        );
    }
    println!(
        "{} errors, {} warnings",
        report.errors().count(),
        report.warnings().count()
    );
    Ok(())
}
