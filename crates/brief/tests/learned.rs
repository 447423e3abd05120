//! The weights of the second reader are those of its sentences, and it learns what there is to learn.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use monazite_brief::entity::Lexicon;
use monazite_brief::event::Rules;
use monazite_brief::learned::train::{Lesson, bundled, learn, lessons};
use monazite_evidence::Dataset;

/// Weights by feature and kind.
fn parsed(table: &str) -> BTreeMap<(String, String), f32> {
    let line = |line: &str| {
        let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let name = parts[..2].join("\t");
        let weight = |part: &String| {
            let (kind, weight) = part.split_once(':').unwrap();
            ((name.clone(), kind.to_owned()), weight.parse().unwrap())
        };
        parts[2..].iter().map(weight).collect::<Vec<_>>()
    };
    table.lines().flat_map(line).collect()
}

#[test]
fn the_weights_are_those_of_the_sentences() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dataset = Dataset::bundled().unwrap();
    let lessons = bundled(&folder.join("learned/sentences")).unwrap();
    let learnt = parsed(&learn(
        &lessons,
        &Lexicon::new(&dataset).unwrap(),
        &Rules::new().unwrap(),
    ));
    let known = parsed(&fs::read_to_string(folder.join("rules/weights.tsv")).unwrap());
    // Rounding may differ between machines by a digit, at the edge of what is left out too.
    let apart = |name: &(String, String)| {
        let of = |table: &BTreeMap<_, f32>| table.get(name).copied();
        match (of(&learnt), of(&known)) {
            (Some(a), Some(b)) => (a - b).abs() > 0.021,
            (Some(a), None) | (None, Some(a)) => a.abs() > 0.1,
            (None, None) => false,
        }
    };
    let apart: Vec<_> = learnt.keys().chain(known.keys()).filter(|name| apart(name)).collect();
    assert!(
        apart.is_empty(),
        "{} of {} weights differ, such as {:?}: `cargo run --release --workspace --example learn` writes them anew",
        apart.len(),
        known.len(),
        apart.first()
    );
}

#[test]
fn what_sets_kinds_apart_is_learnt() {
    let dataset = Dataset::bundled().unwrap();
    let mut table = String::new();
    for thing in ["mill", "kiln", "line", "pit", "furnace", "shop"] {
        table.push_str(&format!("opening\twarmed up\tThe new {thing} warmed up.\n"));
        table.push_str(&format!("closure\twent cold\tThe old {thing} went cold.\n"));
        table.push_str(&format!("-\t\tThe {thing} was described.\n"));
    }
    let lessons = lessons("made up", &table).unwrap();
    let weights = parsed(&learn(
        &lessons,
        &Lexicon::new(&dataset).unwrap(),
        &Rules::new().unwrap(),
    ));
    let of = |feature: &str, kind: &str| {
        weights
            .get(&(feature.to_owned(), kind.to_owned()))
            .copied()
            .unwrap_or(0.0)
    };
    assert!(of("w\t0 warm", "opening") > 0.2);
    assert!(of("w\t0 cold", "closure") > 0.2);
    assert!(of("s\tu warm", "opening") > 0.0 && of("s\tu warm", "closure") < 0.0);
}

#[test]
fn a_malformed_sentence_is_named() {
    for (table, what) in [
        ("opening\tThe mill warmed up.", "three fields"),
        ("party\twarmed\tThe mill warmed up.", "`party` is no kind"),
        (
            "opening\tcooled\tThe mill warmed up.",
            "`cooled` is not in the sentence",
        ),
        ("opening,closure\twarmed\tThe mill warmed up.", "a kind without words"),
    ] {
        let error = lessons("made-up.tsv", table).unwrap_err().to_string();
        assert!(
            error.contains("line 1") && error.contains("made-up.tsv") && error.contains(what),
            "{error}"
        );
    }
    let read: Vec<Lesson> = lessons("made-up.tsv", "-\t\tNothing happened.").unwrap();
    assert!(read[0].told.is_empty());
}
