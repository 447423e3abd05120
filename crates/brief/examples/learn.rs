//! Learns the weights of the second reader from `learned/sentences` and the retold articles, and writes them to
//! `rules/weights.tsv`:
//! `cargo run --release --workspace --example learn`.
#![allow(clippy::print_stdout, reason = "an example is a program")]

use std::error::Error;
use std::fs;
use std::path::Path;

use monazite_brief::entity::Lexicon;
use monazite_brief::event::Rules;
use monazite_brief::learned::train::{learn, of_articles, of_tables};
use monazite_evidence::Dataset;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = of_tables(&folder.join("learned/sentences"))?;
    all.extend(of_articles(&folder.join("tests/articles/retold/mended"))?);
    let dataset = Dataset::bundled()?;
    let table = learn(&all, &Lexicon::new(&dataset)?, &Rules::new()?);
    println!(
        "{} sentences, {} features with weights",
        all.len(),
        table.lines().count()
    );
    fs::write(folder.join("rules/weights.tsv"), table)?;
    Ok(())
}
