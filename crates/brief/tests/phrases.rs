//! Four hundred sentences in as many turns of phrase, each with its events. They were written without a look at the rules,
//! by kind of event, with a tenth that only sound like one. What is not read yet is printed by `-- --nocapture`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops when its input is wrong, and shows what it misses"
)]

use std::path::Path;

use monazite_brief::event::Rules;
use monazite_brief::score::{Tally, TrueEvent, Truth};
use monazite_brief::{Reader, read};
use monazite_evidence::Dataset;
use serde::Deserialize;

#[derive(Deserialize)]
struct Book {
    s: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
    #[serde(default)]
    event: Vec<TrueEvent>,
}

/// By rules alone, and with the second reader, which thinks less of a sentence without its article.
fn scores(file: &str) -> (f64, f64) {
    let rules = Rules::new().unwrap();
    (score(file, rules.clone().alone()).f1(), score(file, rules).f1())
}

fn score(file: &str, rules: Rules) -> Tally {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/phrases").join(file);
    let book: Book = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::with_rules(&dataset, rules).unwrap();
    let mut all = Tally::default();
    for sentence in book.s {
        let brief = reader.brief(&read(sentence.text.as_bytes(), None).unwrap(), None);
        let truth = Truth {
            events: sentence.event,
            ..Truth::default()
        };
        let (_, events) = brief.score(&truth);
        if events.tally.wrong + events.tally.missed > 0 {
            println!(
                "{}\n   {:?}\n   missed {:?}\n   wrong {:?}",
                sentence.text, events.tally, events.missed, events.wrong
            );
        }
        all.add(events.tally);
    }
    println!("{file}: {all:?}, F1 {:.3}", all.f1());
    all
}

#[test]
fn deals_are_read_in_many_words() {
    let (alone, together) = scores("deals.toml");
    assert!(alone >= 0.891, "{alone}");
    assert!(together >= 0.85, "{together}");
}

#[test]
fn measures_and_plants_are_read_in_many_words() {
    let (alone, together) = scores("state.toml");
    assert!(alone >= 0.874, "{alone}");
    assert!(together >= 0.85, "{together}");
}
