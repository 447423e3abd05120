//! Learns the weights of the second reader from `learned/sentences` and writes them to `rules/weights.tsv`:
//! `cargo run --release --workspace --example learn`.
#![allow(clippy::print_stdout, reason = "an example is a program")]

use std::error::Error;
use std::fs;
use std::path::Path;

use monazite_brief::entity::Lexicon;
use monazite_brief::event::Rules;
use monazite_brief::learned::train::{learn, lessons};
use monazite_evidence::Dataset;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = fs::read_dir(folder.join("learned/sentences"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let mut all = Vec::new();
    for file in files {
        let mut some = lessons(&file.display().to_string(), &fs::read_to_string(&file)?)?;
        let of_articles = file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("articles"));
        some.iter_mut().for_each(|lesson| lesson.known_to_rules = of_articles);
        all.extend(some);
    }
    let dataset = Dataset::bundled()?;
    let table = learn(&all, &Lexicon::new(&dataset)?, &Rules::new()?);
    println!("{} sentences, {} features with weights", all.len(), table.lines().count());
    fs::write(folder.join("rules/weights.tsv"), table)?;
    Ok(())
}
