//! Words in pieces, as the network was taught to read them.
//!
//! The vocabulary is that of BERT (uncased): a word that it lacks is read as the longest beginning that it has, then the longest continuation
//! (`##`), and so on. Letters are folded to small ones without accents; whatever is no letter and no digit is a word by itself.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A piece of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its number in the vocabulary.
    pub id: u32,
    /// Where it stands.
    pub range: Range<usize>,
    /// Whether it goes on with the word of the piece before.
    pub goes_on: bool,
}

/// Words longer than this are not known.
const LONGEST: usize = 40;

/// The pieces there are.
#[derive(Debug, Default)]
pub struct Vocabulary {
    known: HashMap<String, u32>,
    unknown: u32,
}

impl Vocabulary {
    /// The pieces of a list, one a line, numbered in its order.
    #[must_use]
    pub fn of(list: &str) -> Self {
        let known: HashMap<String, u32> = list.lines().map(str::to_owned).zip(0..).collect();
        let unknown = known.get("[UNK]").copied().unwrap_or_default();
        Self { known, unknown }
    }

    /// The pieces of a stretch of text.
    #[must_use]
    pub fn pieces(&self, text: &str, range: &Range<usize>) -> Vec<Piece> {
        let mut list = Vec::new();
        let mut word: Vec<(char, Range<usize>)> = Vec::new();
        let stretch = text.get(range.clone()).unwrap_or_default();
        for (at, written) in stretch.char_indices() {
            let own = range.start + at..range.start + at + written.len_utf8();
            if !written.is_alphanumeric() && !is_combining_mark(written) {
                self.cut(&word, &mut list);
                word.clear();
                if !written.is_whitespace() && !written.is_control() {
                    self.cut(&[(written, own)], &mut list);
                }
                continue;
            }
            let plain = written
                .nfd()
                .filter(|c| !is_combining_mark(*c))
                .flat_map(char::to_lowercase);
            word.extend(plain.map(|c| (c, own.clone())));
        }
        self.cut(&word, &mut list);
        list
    }

    /// Cuts a word into the longest pieces known, from its beginning.
    fn cut(&self, word: &[(char, Range<usize>)], pieces: &mut Vec<Piece>) {
        let (Some((_, first)), Some((_, last))) = (word.first(), word.last()) else {
            return;
        };
        let before = pieces.len();
        let mut start = 0;
        while start < word.len() && word.len() <= LONGEST {
            let longest = (start + 1..=word.len()).rev().find_map(|end| {
                let mut piece = String::from(if start > 0 { "##" } else { "" });
                piece.extend(word[start..end].iter().map(|(c, _)| c));
                self.known.get(&piece).map(|id| (end, *id))
            });
            let Some((end, id)) = longest else { break };
            let range = word[start].1.start..word[end - 1].1.end;
            pieces.push(Piece {
                id,
                range,
                goes_on: start > 0,
            });
            start = end;
        }
        if start < word.len() {
            pieces.truncate(before);
            let range = first.start..last.end;
            pieces.push(Piece {
                id: self.unknown,
                range,
                goes_on: false,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, &str)> {
        let known = Vocabulary::of("[UNK]\nlyn\n##as\nsigned\n(\n$\n400\n##m\nsefcovic\n\u{4e2d}");
        let pieces = known.pieces(text, &(0..text.len()));
        pieces.into_iter().map(|piece| (piece.id, &text[piece.range])).collect()
    }

    #[test]
    fn words_are_cut_into_the_longest_pieces() {
        assert_eq!(read("Lynas signed"), [(1, "Lyn"), (2, "as"), (3, "signed")]);
        assert_eq!(read("($400m"), [(4, "("), (5, "$"), (6, "400"), (7, "m")]);
    }

    #[test]
    fn accents_are_left_out_and_what_is_unknown_stands_for_itself() {
        assert_eq!(read("\u{160}ef\u{10d}ovi\u{10d}"), [(8, "\u{160}ef\u{10d}ovi\u{10d}")]);
        assert_eq!(read("xyz signed"), [(0, "xyz"), (3, "signed")]);
        let long = "signed".repeat(10);
        assert_eq!(read(&long), [(0, long.as_str())]);
        assert_eq!(read(" \n\u{0} "), []);
    }
}
