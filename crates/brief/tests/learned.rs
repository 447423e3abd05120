//! What the second reader is taught can be read, its network holds together, and it tells what it was taught to tell.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops when its input is wrong"
)]

use std::fs;
use std::path::{Path, PathBuf};

use monazite_brief::entity::{EntityKind, Lexicon};
use monazite_brief::event::{EventKind, Rules};
use monazite_brief::learned::lessons::{Lesson, lessons, of_articles, of_tables};
use monazite_brief::learned::{FARTHEST, Learned, NET, Net, Role, Told, Vocabulary};
use monazite_brief::{Text, read};
use monazite_evidence::Dataset;
use safetensors::SafeTensors;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn network() -> Vec<u8> {
    fs::read(folder().join("rules").join(NET)).unwrap()
}

fn told(learned: &Learned, sentence: &str) -> Vec<Told> {
    let whole = 0..sentence.len();
    let text = Text::new(sentence);
    learned.read(&text, std::slice::from_ref(&whole)).told(0).to_vec()
}

fn of(told: &[Told], kind: EventKind) -> &Told {
    told.iter().find(|one| one.kind == kind).unwrap()
}

#[test]
fn every_lesson_can_be_read() {
    let tables = of_tables(&folder().join("learned/sentences")).unwrap();
    assert!(tables.len() >= 11_000, "{}", tables.len());
    let articles = ["learned/invented", "learned/retold", "tests/articles/retold/mended"];
    let lessons = articles
        .iter()
        .flat_map(|name| of_articles(&folder().join(name)).unwrap());
    let sentences: usize = lessons.map(|lesson| lesson.sentences.len()).sum();
    assert!(sentences >= 26_000, "{sentences}");
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
            "fetche",
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
    let sentence = "Prices of terbium oxide climbed three percent on Tuesday, while in Rotterdam cerium lost a tenth of its value within the week.";
    let told = told(&Learned::bundled(), sentence);
    let words = &of(&told, EventKind::PriceMove).words;
    assert!(words.len() >= 2, "{words:?}");
    assert!(words.windows(2).all(|pair| pair[0].margin >= pair[1].margin));
}

/// Who buys and who sells take part; who comments does not, nor does another sum.
#[test]
fn who_takes_part_is_told_by_the_words() {
    let words = "Analysts at Argus were surprised. Toyota will buy 500 tonnes of oxide a year from Lynas, whose shares cost 9 dollars.";
    let text = Text::new(words);
    let at = |part: &str| {
        let start = words.find(part).unwrap();
        start..start + part.len()
    };
    let sentences = [
        0..words.find(" Toyota").unwrap(),
        words.find("Toyota").unwrap()..words.len(),
    ];
    let learned = Learned::bundled();
    let reading = learned.read(&text, &sentences);
    let firm = Role::of_entity(EntityKind::Company);
    let named = [
        (at("Toyota"), firm),
        (at("Lynas"), firm),
        (at("500 tonnes"), Role::Mass),
        (at("Argus"), firm),
        (at("9 dollars"), Role::Money),
    ];
    let parts = reading.parts(&at("will buy"), EventKind::Offtake, &named);
    let parts: Vec<f32> = parts.into_iter().map(Option::unwrap).collect();
    let (yes, no) = parts.split_at(3);
    assert!(yes.iter().all(|logit| *logit > 0.0), "{parts:?}");
    assert!(no.iter().all(|logit| *logit < 0.0), "{parts:?}");
}

/// Sentences are read in stretches that fit; each is told once, wherever it falls.
#[test]
fn every_sentence_of_a_long_text_is_told_once() {
    let words = "The mine opened in May, and nobody in the village had expected it. ".repeat(60);
    let text = Text::new(words.as_str());
    let sentences = monazite_brief::sentence::sentences(&words);
    assert!(sentences.len() >= 60);
    let learned = Learned::bundled();
    let reading = learned.read(&text, &sentences);
    for at in 0..sentences.len() {
        assert_eq!(reading.told(at).len(), EventKind::ALL.len(), "{at}");
    }
    assert!(reading.told(sentences.len()).is_empty());
}

#[test]
fn what_stands_far_back_is_left_to_the_rules() {
    let text = format!("{}\n\nThe old furnace went cold in March.", "a ".repeat(FARTHEST));
    let article = read(text.as_bytes(), None).unwrap();
    let far = article.text.as_str().find("The old").unwrap();
    let sentences = [0..10, far..article.text.as_str().len()];
    let learned = Learned::bundled();
    let reading = learned.read(&article.text, &sentences);
    assert!(!reading.told(0).is_empty() && reading.told(1).is_empty());
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
    let opening = 1 << EventKind::Opening.number();
    let wanted = [[1, 0, 0], [2, 0, 0], [3, opening, 0], [4, opening, 0], [5, opening, 0]];
    let numbered = lesson.numbered(&vocabulary, None);
    assert_eq!(numbered.sentences, [wanted]);
    assert!(numbered.named.is_empty() && numbered.told.is_empty());
}

#[test]
fn who_takes_part_is_numbered() {
    let folder = tempfile();
    let (text, truth) = (
        "Quiet week.\n\nToyota will buy 500 tonnes from Lynas.",
        r#"event = [{ kind = "offtake", parties = ["Lynas"], amount = "500 t", words = "will buy" }]"#,
    );
    fs::write(folder.join("a.txt"), text).unwrap();
    fs::write(folder.join("a.toml"), truth).unwrap();
    let lesson = of_articles(&folder).unwrap().remove(0);
    let vocabulary = Vocabulary::of("[UNK]\nquiet\nweek\n.\ntoyota\nwill\nbuy\n500\ntonnes\nfrom\nlynas");
    let lexicon = Lexicon::new(&Dataset::bundled().unwrap()).unwrap();
    let numbered = lesson.numbered(&vocabulary, Some(&lexicon));
    let (sentence, first, last, _, parts) = numbered.told[0].clone();
    assert_eq!((sentence, first, last), (1, 1, 2));
    let words: Vec<usize> = parts.iter().map(|at| numbered.named[*at][1]).collect();
    assert_eq!(words, [6, 3], "Lynas and the mass: {numbered:?}");
    fs::remove_dir_all(folder).unwrap();
}

fn tempfile() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("monazite-lesson-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}
