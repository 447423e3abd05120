//! Writes what the second reader is taught as numbers, for `learned/learn.py`: on each line where a sentence is from, the kinds of event it
//! tells as bits, and its pieces with the kinds that each tells and their status, `piece:kinds:status`, between tabs and spaces.
//!
//! `cargo run --release --workspace --example lessons -- VOCABULARY [FOLDER OF ARTICLES]…`
#![allow(clippy::print_stdout, reason = "an example is a program")]

use std::error::Error;
use std::path::{Path, PathBuf};

use monazite_brief::learned::Vocabulary;
use monazite_brief::learned::lessons::{Lesson, of_articles, of_tables};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let vocabulary = arguments.next().ok_or("give the file of the vocabulary")?;
    let vocabulary = Vocabulary::of(&std::fs::read_to_string(vocabulary)?);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut articles: Vec<PathBuf> = arguments.map(PathBuf::from).collect();
    if articles.is_empty() {
        print("sentences", &of_tables(&folder.join("learned/sentences"))?, &vocabulary);
        let ours = ["learned/invented", "learned/retold", "tests/articles/retold/mended"];
        articles = ours.iter().map(|name| folder.join(name)).collect();
    }
    for folder in articles {
        print(&folder.display().to_string(), &of_articles(&folder)?, &vocabulary);
    }
    Ok(())
}

fn print(from: &str, lessons: &[Lesson], vocabulary: &Vocabulary) {
    for lesson in lessons {
        let pieces = lesson.numbered(vocabulary);
        let pieces = pieces
            .iter()
            .map(|one| format!("{}:{}:{}", one.piece, one.kinds, one.status));
        let pieces: Vec<String> = pieces.collect();
        println!("{from}\t{}\t{}", lesson.kinds(), pieces.join(" "));
    }
}
