//! The weights of the second reader are those of its sentences, and it learns what there is to learn.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use monazite_brief::Text;
use monazite_brief::entity::{Lexicon, find};
use monazite_brief::event::{EventKind, Rules};
use monazite_brief::learned::train::{Lesson, learn, lessons, of_articles, of_tables};
use monazite_brief::learned::{Learned, tokens};
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
    let mut lessons = of_tables(&folder.join("learned/sentences")).unwrap();
    lessons.extend(of_articles(&folder.join("tests/articles/retold/mended")).unwrap());
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
    let things = ["mill", "kiln", "line", "pit", "furnace", "shop"].into_iter();
    let table: Vec<String> = things
        .flat_map(|thing| {
            [
                format!("opening\twarmed up\tThe new {thing} warmed up."),
                format!("closure\twent cold\tThe old {thing} went cold."),
                format!("-\t\tThe {thing} was described."),
            ]
        })
        .collect();
    let table = table.join("\n");
    let lexicon = Lexicon::new(&dataset).unwrap();
    let lessons = lessons("made up", &table).unwrap();
    let learned = Learned::read(&learn(&lessons, &lexicon, &Rules::new().unwrap())).unwrap();
    let margins = |words: &str| {
        let text = Text::new(words);
        let whole = 0..words.len();
        let found = find(&text, std::slice::from_ref(&whole), &lexicon);
        let told = learned.told(&tokens(&text, &whole, &found), &[]);
        let of = |kind| told.iter().find(|one| one.kind == kind).unwrap().clone();
        (of(EventKind::Opening), of(EventKind::Closure))
    };
    // Of words that no sentence had, but for those that tell it.
    let (opening, closure) = margins("A vast boiler warmed up.");
    assert!(opening.margin > closure.margin + 0.3, "{opening:?} {closure:?}");
    assert_eq!(&"A vast boiler warmed up."[opening.trigger], "warmed up");
    let (opening, closure) = margins("A vast boiler went cold.");
    assert!(closure.margin > opening.margin + 0.3, "{opening:?} {closure:?}");
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
