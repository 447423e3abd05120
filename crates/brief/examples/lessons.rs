//! Writes what the second reader is taught as numbers, for `learned/learn.py`: on each line a text in JSON
//! ([`monazite_brief::learned::lessons::Numbered`]), a single sentence or an article.
//!
//! `cargo run --release --workspace --example lessons -- VOCABULARY [FOLDER OF ARTICLES]…`
#![allow(clippy::print_stdout, reason = "an example is a program")]

use std::error::Error;
use std::path::{Path, PathBuf};

use monazite_brief::entity::Lexicon;
use monazite_brief::learned::Vocabulary;
use monazite_brief::learned::lessons::{of_articles, of_tables};
use monazite_evidence::Dataset;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let vocabulary = arguments.next().ok_or("give the file of the vocabulary")?;
    let vocabulary = Vocabulary::of(&std::fs::read_to_string(vocabulary)?);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut articles: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    if articles.is_empty() {
        for lesson in of_tables(&folder.join("learned/sentences"))? {
            println!("{}", serde_json::to_string(&lesson.numbered(&vocabulary, None))?);
        }
        let ours = ["learned/invented", "learned/retold", "tests/articles/retold/mended"];
        articles = ours.iter().map(|name| folder.join(name)).collect();
    }
    let lexicon = Lexicon::new(&Dataset::bundled()?)?;
    for folder in articles {
        for lesson in of_articles(&folder)? {
            println!(
                "{}",
                serde_json::to_string(&lesson.numbered(&vocabulary, Some(&lexicon)))?
            );
        }
    }
    Ok(())
}
