//! Writes `dataset.lock` and `datapackage.json` into a dataset folder.
#![allow(clippy::print_stdout)] // an example is a program

use std::path::PathBuf;

use monazite_evidence::Dataset;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("dataset"), PathBuf::from);
    let written = Dataset::from_dir(&dir)?.write_generated(&dir)?;
    for path in written {
        println!("{}", path.display());
    }
    Ok(())
}
