//! No lesson tells the story of an article that scores are measured on, from another newspaper or in other words.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use regex::Regex;

/// Texts that share this much of their figures and names may tell one story. Of pairs above it that somebody read, half did.
const ALIKE: f64 = 0.5;

/// The weight of figures and names below which a text has too few to be told by them.
const LEAST: f64 = 60.0;

const TAUGHT: [&str; 3] = ["learned/retold", "learned/invented", "tests/articles/retold/mended"];
const MEASURED: [&str; 2] = ["tests/articles/retold/unseen", "tests/articles/retold/chosen"];

struct Article {
    name: String,
    marks: BTreeSet<String>,
}

/// Figures of more than a digit, and words with a capital that do not begin a sentence.
fn marks(text: &str) -> BTreeSet<String> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| Regex::new(r"\d[\d.,]*\d|\b[A-Z][a-z]{2,}\b").unwrap());
    let begins = |at: usize| {
        let before = text[..at].trim_end_matches([' ', '"', '\u{201c}']);
        before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n'])
    };
    let found = pattern.find_iter(text).filter_map(|mark| {
        let figure = mark.as_str().starts_with(|c: char| c.is_ascii_digit());
        (figure || !begins(mark.start())).then(|| mark.as_str().replace(',', ""))
    });
    found.collect()
}

fn articles(folder: &str) -> Vec<Article> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let texts = files.filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    let article = |path: std::path::PathBuf| Article {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        marks: marks(&fs::read_to_string(&path).unwrap()),
    };
    texts.map(article).collect()
}

#[test]
fn no_story_is_both_taught_and_measured() {
    let taught: Vec<Article> = TAUGHT.iter().flat_map(|folder| articles(folder)).collect();
    let measured: Vec<Article> = MEASURED.iter().flat_map(|folder| articles(folder)).collect();
    let mut held: HashMap<&str, f64> = HashMap::new();
    for mark in taught.iter().chain(&measured).flat_map(|article| &article.marks) {
        *held.entry(mark).or_default() += 1.0;
    }
    let all = f64::from(u32::try_from(taught.len() + measured.len()).unwrap());
    // What few texts have weighs more.
    let weight =
        |marks: &mut dyn Iterator<Item = &String>| marks.map(|mark| (all / held[mark.as_str()]).ln()).sum::<f64>();
    let whole = |article: &Article| weight(&mut article.marks.iter());
    let read = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("learned/other_stories.csv")).unwrap();
    let read: BTreeSet<&str> = read.lines().collect();
    let sizes: Vec<f64> = taught.iter().map(whole).collect();
    let mut found = Vec::new();
    for own in &measured {
        let size = whole(own);
        for (lesson, its) in taught.iter().zip(&sizes) {
            let alike = weight(&mut own.marks.intersection(&lesson.marks)) / size.min(*its).max(LEAST);
            let pair = format!("{},{}", lesson.name, own.name);
            if alike >= ALIKE && !read.contains(pair.as_str()) {
                found.push(format!("{pair} ({alike:.2})"));
            }
        }
    }
    assert!(
        found.is_empty(),
        "read these pairs: take lessons with the same story out, list the others in learned/other_stories.csv\n{}",
        found.join("\n")
    );
}

#[test]
fn marks_are_figures_and_names_within_sentences() {
    let marks = marks("The mine of Lynas made 1,526 tonnes. Nobody in Kuantan had 7.\nMuch changed.");
    let wanted = ["1526", "Kuantan", "Lynas"].map(str::to_owned);
    assert_eq!(marks, BTreeSet::from(wanted));
}
