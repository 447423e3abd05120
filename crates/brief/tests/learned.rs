//! What the second reader is taught can be read, its network holds together, and it tells what it was taught to tell.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops when its input is wrong"
)]

use std::fs;
use std::path::{Path, PathBuf};

use monazite_brief::event::{EventKind, Rules};
use monazite_brief::learned::lessons::{Lesson, Numbered, lessons, of_articles, of_tables};
use monazite_brief::learned::{FARTHEST, Learned, NET, Net, Told, Vocabulary};
use monazite_brief::{Text, read};
use safetensors::SafeTensors;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn network() -> Vec<u8> {
    fs::read(folder().join("rules").join(NET)).unwrap()
}

fn told(learned: &Learned, sentence: &str) -> Vec<Told> {
    let whole = 0..sentence.len();
    learned
        .read(&Text::new(sentence), std::slice::from_ref(&whole))
        .remove(0)
}

fn of(told: &[Told], kind: EventKind) -> &Told {
    told.iter().find(|one| one.kind == kind).unwrap()
}

#[test]
fn every_lesson_can_be_read() {
    let tables = of_tables(&folder().join("learned/sentences")).unwrap();
    assert!(tables.len() >= 11_000, "{}", tables.len());
    let articles = ["learned/invented", "learned/retold", "tests/articles/retold/mended"];
    let sentences: usize = (articles.iter())
        .map(|name| of_articles(&folder().join(name)).unwrap().len())
        .sum();
    assert!(sentences >= 22_000, "{sentences}");
}

/// No article that scores are measured on, or whose margins were chosen on, is among those that were taught.
#[test]
fn nothing_is_taught_that_is_measured() {
    let addresses = |name: &str| -> Vec<String> {
        let files = fs::read_dir(folder().join(name)).unwrap();
        let truths = files.map(|entry| entry.unwrap().path());
        let truths = truths.filter(|path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml"));
        truths
            .filter_map(|path| {
                let text = fs::read_to_string(path).unwrap();
                let line = text.lines().find(|line| line.starts_with("address"))?;
                Some(line.to_owned())
            })
            .collect()
    };
    let mut taught = addresses("learned/retold");
    taught.extend(addresses("tests/articles/retold/mended"));
    for name in ["tests/articles/retold/unseen", "tests/articles/retold/chosen"] {
        for address in addresses(name) {
            assert!(!taught.contains(&address), "{address}");
        }
    }
}

#[test]
fn a_network_is_told_by_its_parts() {
    let bytes = network();
    let net = Net::read(&bytes).unwrap();
    assert_eq!(net.kinds(), EventKind::ALL.len());
    let error = Net::read(&bytes[..1000]).unwrap_err().to_string();
    assert!(error.contains(NET), "{error}");
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let without = |name: &str| {
        let parts = file.tensors().into_iter().filter(|(own, _)| own != name);
        Net::read(&safetensors::serialize(parts, None).unwrap())
            .unwrap_err()
            .to_string()
    };
    for name in [
        "vocabulary",
        "pieces.factors",
        "3.up",
        "5.done.shift",
        "of_sentence.bias",
    ] {
        let error = without(name);
        assert!(error.contains(name) || error.contains("fit together"), "{error}");
    }
}

#[test]
fn plain_sentences_are_told() {
    let learned = Learned::bundled();
    for (sentence, kind, word) in [
        (
            "The old furnace went cold in March, and 300 people lost their jobs.",
            EventKind::Closure,
            "cold",
        ),
        (
            "Lynas has cut the ribbon on a new separation plant in Texas.",
            EventKind::Opening,
            "ribbon",
        ),
        (
            "Beijing has forbidden the shipping of gallium to America.",
            EventKind::ExportControl,
            "forbidden",
        ),
        (
            "The bank lends the miner 40 million dollars.",
            EventKind::Investment,
            "lends",
        ),
        (
            "What fetched sixty dollars a kilo in May now fetches forty.",
            EventKind::PriceMove,
            "fetches",
        ),
        (
            "Envoys of both countries will sit down in Geneva next week.",
            EventKind::Talks,
            "sit",
        ),
    ] {
        let told = told(&learned, sentence);
        let best = told.iter().max_by(|a, b| a.margin.total_cmp(&b.margin)).unwrap();
        assert_eq!(best.kind, kind, "{sentence}");
        assert!(best.margin > 0.5, "{sentence}: {best:?}");
        let said: Vec<&str> = best.words.iter().map(|words| &sentence[words.range.clone()]).collect();
        assert!(said.iter().any(|said| said.contains(word)), "{sentence}: {said:?}");
    }
    for nothing in [
        "The museum of Narva shows minerals from all over the world.",
        "Neodymium is a soft, silvery metal with the symbol Nd.",
    ] {
        let told = told(&learned, nothing);
        assert!(told.iter().all(|one| one.margin < 0.0), "{nothing}");
    }
}

#[test]
fn two_tellings_in_a_sentence_are_two_stretches() {
    let sentence = "Terbium oxide gained three percent on Tuesday while in the same week the price of cerium in Rotterdam fell by a tenth.";
    let told = told(&Learned::bundled(), sentence);
    let words = &of(&told, EventKind::PriceMove).words;
    assert!(words.len() >= 2, "{words:?}");
    assert!(words.windows(2).all(|pair| pair[0].margin >= pair[1].margin));
}

/// Sentences read together and alone say the same, but for the last digits.
#[test]
fn company_changes_nothing() {
    let net = Net::read(&network()).unwrap();
    let pieces = |text: &str| net.marked(&net.pieces_of(text, &(0..text.len())));
    let sentences = [
        pieces("The mine opened."),
        pieces("China bans exports of dysprosium to Japan."),
    ];
    let together = net.logits(&sentences);
    for (sentence, logits) in sentences.iter().zip(&together) {
        let alone = net.logits(std::slice::from_ref(sentence)).remove(0);
        for (a, b) in alone.sentence.iter().zip(&logits.sentence) {
            assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
        assert_eq!(alone.pieces.shape(), logits.pieces.shape());
    }
}

#[test]
fn what_stands_far_back_is_left_to_the_rules() {
    let text = format!("{}\n\nThe old furnace went cold in March.", "a ".repeat(FARTHEST));
    let article = read(text.as_bytes(), None).unwrap();
    let far = article.text.as_str().find("The old").unwrap();
    let sentences = [0..10, far..article.text.as_str().len()];
    let told = Learned::bundled().read(&article.text, &sentences);
    assert!(!told[0].is_empty() && told[1].is_empty());
}

#[test]
fn a_broken_network_of_ones_own_is_named() {
    let own = [(NET.to_owned(), b"no network".to_vec())].into_iter().collect();
    let error = Rules::with(&own).expect_err("it is none").to_string();
    assert!(error.contains(NET), "{error}");
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

#[test]
fn pieces_are_numbered_with_what_they_tell() {
    let vocabulary = Vocabulary::of("[UNK]\nthe\nmill\nwarm\n##ed\nup");
    let lesson = lessons("made-up.tsv", "opening\twarmed up\tThe mill warmed up")
        .unwrap()
        .remove(0);
    let opening = 1
        << EventKind::ALL
            .iter()
            .position(|kind| *kind == EventKind::Opening)
            .unwrap();
    let numbered = |piece, kinds| Numbered {
        piece,
        kinds,
        status: 0,
    };
    let wanted =
        [(1, 0), (2, 0), (3, opening), (4, opening), (5, opening)].map(|(piece, kinds)| numbered(piece, kinds));
    assert_eq!(lesson.numbered(&vocabulary), wanted);
    assert_eq!(lesson.kinds(), opening);
}
