//! What is weighed of a sentence and of a word in it.

use super::Token;
use crate::event::EventKind;

/// A feature by its hash: words are not kept to be compared.
pub(super) type Code = u64;

/// The hash of a feature (FNV-1a, 64 bits), of its parts put together.
pub(super) fn code(parts: &[&str]) -> Code {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Names and sums this far from a word are seen from it, and words this far.
const NAMES_WITHIN: usize = 8;
const WORDS_WITHIN: usize = 6;

/// Features of a whole sentence: its words, its pairs up to two words apart, and the kinds that rules found in it.
pub(super) fn of_sentence(words: &[Token], ruled: &[EventKind], each: &mut dyn FnMut(&[&str])) {
    each(&["bias"]);
    for kind in ruled {
        each(&["rule ", kind.as_str()]);
    }
    for (at, token) in words.iter().enumerate() {
        each(&["u ", &token.word]);
        for apart in 1..=3 {
            if let Some(other) = words.get(at + apart) {
                let name = if apart == 1 { "b " } else { "s " };
                each(&[name, &token.word, " ", &other.word]);
            }
        }
    }
}

/// Features of one word: what it is, what stands beside it, which names and sums are near on which side.
pub(super) fn of_word(words: &[Token], at: usize, each: &mut dyn FnMut(&[&str])) {
    let word = |offset: isize| -> &str {
        let there = at.checked_add_signed(offset).and_then(|at| words.get(at));
        there.map_or("_end", |token| token.word.as_str())
    };
    let own = word(0);
    each(&["bias"]);
    each(&["0 ", own]);
    for (name, offset) in [("-1 ", -1), ("-2 ", -2), ("+1 ", 1), ("+2 ", 2)] {
        each(&[name, word(offset)]);
    }
    each(&["-10 ", word(-1), " ", own]);
    each(&["01 ", own, " ", word(1)]);
    each(&["-11 ", word(-1), " ", word(1)]);
    each(&["-101 ", word(-1), " ", own, " ", word(1)]);
    each(&["012 ", own, " ", word(1), " ", word(2)]);
    each(&["-210 ", word(-2), " ", word(-1), " ", own]);
    for (side, with, near) in [("R", "R0 ", 1_isize), ("L", "L0 ", -1)] {
        for step in 1..=NAMES_WITHIN.cast_signed() {
            let there = at.checked_add_signed(near * step).and_then(|at| words.get(at));
            let Some(token) = there else { break };
            if token.is_mask() {
                each(&[side, &token.word]);
                each(&[with, own, &token.word]);
            } else if step <= WORDS_WITHIN.cast_signed() {
                each(&["w", side, " ", &token.word]);
            }
        }
    }
}
