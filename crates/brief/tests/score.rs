//! The reading against hand-made truth. Bounds leave room for two events: sums of floats differ in the last digits from processor to processor.
//! `held/` was never tuned on; its score is held at what it reached, above the goals
//! of 0.9 for entities and 0.8 for events.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops when its input is wrong"
)]

use std::path::Path;

use monazite_brief::event::Rules;
use monazite_brief::score::{EventScore, FoundEvent, Tally, truth};
use monazite_brief::{Brief, Reader, read};
use monazite_evidence::Dataset;

fn articles(folder: &str) -> Vec<(String, Vec<u8>, String)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/articles")
        .join(folder);
    let mut found: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (
                name,
                std::fs::read(&path).unwrap(),
                std::fs::read_to_string(path.with_extension("toml")).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

fn score(folder: &str) -> (usize, Tally, EventScore) {
    score_of(folder, |_| true)
}

fn score_of(folder: &str, wanted: impl Fn(&str) -> bool) -> (usize, Tally, EventScore) {
    score_by(Rules::new().unwrap(), folder, wanted)
}

fn score_by(rules: Rules, folder: &str, wanted: impl Fn(&str) -> bool) -> (usize, Tally, EventScore) {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::with_rules(&dataset, rules).unwrap();
    let (mut entities, mut events) = (Tally::default(), EventScore::default());
    let mut all = articles(folder);
    all.retain(|(name, _, _)| wanted(name));
    for (name, bytes, text) in &all {
        let truth = truth(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let brief = reader.brief(&read(bytes, None).unwrap(), None);
        let date = brief
            .article
            .published
            .as_ref()
            .map(|published| published.date.to_string());
        // Retold articles state theirs only where the real one did, and none was retold for its date.
        if !folder.starts_with("retold") {
            assert_eq!(date, truth.date, "publication date of {name}");
        }
        spans_hold(name, &brief);
        let (own, theirs) = brief.score(&truth);
        entities.add(own);
        events.tally.add(theirs.tally);
        events.judged.extend(theirs.judged);
    }
    (all.len(), entities, events)
}

fn spans_hold(name: &str, brief: &Brief) {
    for entity in &brief.entities {
        assert!(
            !entity.mentions.all().is_empty(),
            "{name}: {} without a mention",
            entity.name
        );
    }
    for span in brief.spans() {
        assert_eq!(brief.text.get(span.range()), Some(span.text()), "{name}");
        let by_chars: String = brief
            .text
            .chars()
            .skip(span.chars().0)
            .take(span.chars().1 - span.chars().0)
            .collect();
        assert_eq!(by_chars, span.text(), "{name}");
    }
}

#[test]
fn articles_never_tuned_on_keep_their_score() {
    let (articles, entities, events) = score("held");
    assert!(articles >= 12);
    assert!(entities.f1() >= 0.98, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.92,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// Written after the rules and word lists they are read with: names no list holds, and difficulties of real articles.
#[test]
fn fresh_articles_keep_their_score() {
    let (articles, entities, events) = score("fresh");
    assert!(articles >= 14);
    assert!(entities.f1() >= 0.90, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.88,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// Written in the registers in which real articles were misread; rules were mended on the real ones.
#[test]
fn articles_in_difficult_registers_keep_their_score() {
    let (articles, entities, events) = score("registers");
    assert!(articles >= 14);
    assert!(entities.f1() >= 0.90, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.82,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// Real articles in words of our own. Rules were mended and the network taught on these.
#[test]
fn retold_articles_keep_their_score() {
    let (articles, entities, events) = score("retold/mended");
    assert!(articles >= 280);
    assert!(entities.f1() >= 0.90, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.80,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// The same, by which only margins of the second reader and how parties are put together were chosen.
#[test]
fn chosen_articles_keep_their_score() {
    let (articles, entities, events) = score("retold/chosen");
    assert!(articles >= 62);
    assert!(entities.f1() >= 0.86, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.69,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// The same, seen by nobody who writes rules and taught to nothing: how well articles are read that nobody has seen. The goals are 0.9
/// and 0.8; the bounds hold what is reached today.
#[test]
fn unseen_articles_keep_their_score() {
    let (articles, entities, events) = score("retold/unseen");
    assert!(articles >= 85);
    assert!(entities.f1() >= 0.88, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.66,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// Of events nobody has seen, as many are right as their probabilities say, the sure ones and the unsure.
#[test]
fn probabilities_hold_on_unseen_articles() {
    let (_, _, events) = score("retold/unseen");
    let number = |n: usize| f64::from(u32::try_from(n).unwrap());
    for (low, high) in [(0.0, 0.6), (0.6, 0.8), (0.8, 1.0)] {
        let inside = |event: &&(FoundEvent, bool)| (low..high).contains(&f64::from(event.0.probability));
        let own: Vec<_> = events.judged.iter().filter(inside).collect();
        let expected: f64 = own.iter().map(|(event, _)| f64::from(event.probability)).sum();
        let right = number(own.iter().filter(|(_, right)| *right).count());
        let count = number(own.len());
        assert!(count >= 30.0, "{low} to {high}: {count}");
        let (expected, right) = (expected / count, right / count);
        assert!(
            (expected - right).abs() < 0.15,
            "{low} to {high}: {expected:.2} expected, {right:.2} right"
        );
    }
}

/// Those of the unseen that the first annotators retold, `s01` to `s36`: the later ones are harder, and should hide no loss on these.
#[test]
fn unseen_articles_of_the_first_annotators_keep_their_score() {
    let (articles, entities, events) = score_of("retold/unseen", |name| !name.contains('-'));
    assert!(articles >= 26);
    assert!(entities.f1() >= 0.92, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.70,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

#[test]
fn tuned_articles_keep_their_score() {
    let (articles, entities, events) = score("tuned");
    assert!(articles >= 22);
    assert!(entities.f1() >= 0.98, "entities {entities:?} {:.3}", entities.f1());
    assert!(
        events.tally.f1() >= 0.88,
        "events {:?} {:.3}",
        events.tally,
        events.tally.f1()
    );
}

/// What rules read in articles they were written for they read still, alone: the second reader adds background that these truths leave out.
#[test]
fn rules_alone_keep_their_score() {
    for (folder, least) in [("tuned", 0.93), ("registers", 0.85), ("held", 0.92)] {
        let (_, _, events) = score_by(Rules::new().unwrap().alone(), folder, |_| true);
        assert!(
            events.tally.f1() >= least,
            "{folder}: events {:?} {:.3}",
            events.tally,
            events.tally.f1()
        );
    }
}
