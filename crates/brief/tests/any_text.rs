//! No text makes the reader fail: ten thousand mutated, truncated and mis-encoded articles, and five megabytes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops when its input is wrong"
)]

use std::path::Path;
use std::sync::OnceLock;

use monazite_brief::{Brief, Reader, read, render};
use monazite_evidence::Dataset;
use proptest::prelude::*;

fn reader() -> &'static Reader<'static> {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    static READER: OnceLock<Reader<'static>> = OnceLock::new();
    READER.get_or_init(|| Reader::new(DATASET.get_or_init(|| Dataset::bundled().unwrap())).unwrap())
}

/// A small generator, so that the ten thousand are the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides.max(1)
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let mut found: Vec<_> = ["tuned", "held", "fresh", "registers"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    found.sort();
    found.into_iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn mutated(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let from = dice.roll(seed.len());
    let mut bytes = seed[from..(from + 40 + dice.roll(500)).min(seed.len())].to_vec();
    match dice.roll(8) {
        0 => bytes.truncate(dice.roll(bytes.len())),
        1 => {
            for _ in 0..=dice.roll(20) {
                let at = dice.roll(bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = u8::try_from(dice.roll(256)).unwrap_or_default();
                }
            }
        }
        2 => {
            let wide: Vec<u16> = String::from_utf8_lossy(&bytes).encode_utf16().collect();
            bytes = wide.into_iter().flat_map(u16::to_le_bytes).collect();
        }
        3 => bytes.extend_from_slice(&other[..dice.roll(other.len())]),
        4 => {
            let html = format!("<html><body><p>{}</p><div><b>", String::from_utf8_lossy(&bytes));
            bytes = html.into_bytes();
        }
        5 => {
            let text: String = String::from_utf8_lossy(&bytes)
                .chars()
                .flat_map(|c| {
                    [
                        c,
                        ['\u{301}', '\u{200b}', 'é', '中', '\0'][usize::from((c as u32).is_multiple_of(5))],
                    ]
                })
                .collect();
            bytes = text.into_bytes();
        }
        6 => bytes.reverse(),
        _ => {
            let text =
                String::from_utf8_lossy(&bytes).replace([' ', '.'], ["", "\n", "$", " 2025-13-45 "][dice.roll(4)]);
            bytes = text.into_bytes();
        }
    }
    bytes
}

fn holds(brief: &Brief) {
    for span in brief.spans() {
        assert_eq!(brief.text.get(span.range()), Some(span.text()));
    }
    assert!(brief.entities.iter().all(|entity| !entity.mentions.all().is_empty()));
}

/// Of so many broken texts, how many are still articles; all are briefed.
fn brief_broken(count: usize, dice: &mut Dice) -> usize {
    let reader = reader();
    let seeds = seeds();
    let mut read_at_all = 0;
    for n in 0..count {
        let (a, b) = (dice.roll(seeds.len()), dice.roll(seeds.len()));
        let bytes = mutated(&seeds[a], &seeds[b], dice);
        let Ok(article) = read(&bytes, None) else { continue };
        let brief = reader.brief(&article, None);
        holds(&brief);
        read_at_all += usize::from(!brief.entities.is_empty());
        if n % 200 == 0 {
            assert!(!render::html(&brief).is_empty() && !render::markdown(&brief).is_empty());
        }
    }
    read_at_all
}

#[test]
fn ten_thousand_broken_texts_are_briefed() {
    let half = |seed| std::thread::spawn(move || brief_broken(5_000, &mut Dice(seed)));
    let halves = [half(2_025), half(2_026)];
    let read_at_all: usize = halves.into_iter().map(|half| half.join().unwrap()).sum();
    assert!(read_at_all > 3_000, "most are still articles: {read_at_all}");
}

#[test]
fn five_megabytes_are_briefed() {
    let reader = reader();
    let all: Vec<u8> = seeds().concat();
    let texts: [Vec<u8>; 4] = [
        all.iter().copied().cycle().take(5_000_000).collect(),
        b"Chinese Lynas, and ".iter().copied().cycle().take(5_000_000).collect(),
        b"<div><p>MP Materials "
            .iter()
            .copied()
            .cycle()
            .take(5_000_000)
            .collect(),
        vec![b'A'; 5_000_000],
    ];
    for text in &texts {
        let brief = reader.brief(&read(text, None).unwrap(), None);
        holds(&brief);
        assert!(
            brief.article.notes.iter().any(|note| note.contains("very long")) || brief.article.characters < 400_000
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_characters_are_briefed(text in "\\PC{0,300}") {
        let reader = reader();
        if let Ok(article) = read(text.as_bytes(), None) {
            holds(&reader.brief(&article, None));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(article) = read(&bytes, None) {
            prop_assert!(article.text.as_str().is_char_boundary(article.text.as_str().len()));
        }
    }
}
