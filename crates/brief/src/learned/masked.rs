//! Words as they are weighed: names, sums and numbers by what they are, others without their endings.

use std::ops::Range;

use crate::amount::{Amount, amounts};
use crate::date::{DAYS, MONTHS};
use crate::entity::Found;
use crate::sentence::words;
use crate::text::{Text, fold};

/// A word of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// `lend`, `_company`, `_money`.
    pub word: String,
    /// Where it stands.
    pub range: Range<usize>,
}

impl Token {
    /// Whether it stands for a name, a sum or a number.
    pub(super) fn is_mask(&self) -> bool {
        self.word.starts_with('_')
    }
}

/// The words of a sentence.
#[must_use]
pub fn tokens(text: &Text, sentence: &Range<usize>, found: &Found) -> Vec<Token> {
    let mut masks: Vec<(Range<usize>, &'static str)> = (amounts(text, sentence).iter())
        .map(|amount| (amount.span.range(), mask_of(amount)))
        .collect();
    let named = found
        .within(sentence)
        .filter(|(mention, _)| mention.range.end <= sentence.end);
    masks.extend(named.map(|(mention, entity)| (mention.range.clone(), mask(entity.kind))));
    // Of two that overlap the first, and of two that begin together the longer.
    masks.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
    let mut list = Vec::new();
    let mut at = sentence.start;
    for (range, mask) in masks {
        if range.start < at {
            continue;
        }
        plain(text, at..range.start, &mut list);
        at = range.end;
        list.push(Token {
            word: mask.to_owned(),
            range,
        });
    }
    plain(text, at..sentence.end, &mut list);
    list
}

const fn mask(kind: crate::entity::EntityKind) -> &'static str {
    use crate::entity::EntityKind as Kind;
    match kind {
        Kind::Country => "_country",
        Kind::Institution => "_institution",
        Kind::Person => "_person",
        Kind::Company => "_company",
        Kind::Deposit | Kind::Plant => "_site",
        Kind::Element => "_element",
        Kind::Group => "_group",
        Kind::Technology => "_technology",
    }
}

fn mask_of(amount: &Amount) -> &'static str {
    if amount.is_money() {
        "_money"
    } else if amount.is_price() {
        "_price"
    } else if amount.is_percent() {
        "_percent"
    } else {
        "_mass"
    }
}

fn plain(text: &Text, range: Range<usize>, list: &mut Vec<Token>) {
    for word in words(text.as_str(), range) {
        let Some(written) = text.slice(&word.range) else {
            continue;
        };
        let folded = fold(written);
        let word_of = |mask: &str| mask.to_owned();
        let known = if folded.starts_with(|c: char| c.is_ascii_digit()) {
            let year = folded.len() == 4 && (folded.starts_with("19") || folded.starts_with("20"));
            word_of(if year { "_year" } else { "_number" })
        } else if MONTHS.contains(&folded.as_str()) && written.starts_with(char::is_uppercase) {
            word_of("_month")
        } else if DAYS.contains(&folded.as_str()) {
            word_of("_day")
        } else {
            stem(&folded)
        };
        list.push(Token {
            word: known,
            range: word.range,
        });
    }
}

/// A word without the endings of its forms; what stands before one keeps three letters or more.
fn stem(word: &str) -> String {
    const ENDINGS: [(&str, usize); 10] = [
        ("ations", 3),
        ("ation", 3),
        ("ments", 3),
        ("ment", 3),
        ("ings", 3),
        ("ing", 3),
        ("ies", 2),
        ("ied", 2),
        ("ed", 3),
        ("es", 3),
    ];
    let word = word
        .strip_suffix("'s")
        .or_else(|| word.strip_suffix("\u{2019}s"))
        .unwrap_or(word);
    let cut = |ending: &str, least: usize| {
        let rest = word.strip_suffix(ending)?;
        (rest.chars().count() >= least).then(|| rest.to_owned())
    };
    let shorter = ENDINGS.iter().find_map(|(ending, least)| cut(ending, *least));
    shorter.or_else(|| cut("s", 3)).unwrap_or_else(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one() {
        for word in ["lend", "lends", "lending"] {
            assert_eq!(stem(word), "lend");
        }
        assert_eq!(stem("financed"), stem("financing"));
        assert_eq!(stem("is"), "is");
    }
}
