//! Sentences and words, as byte ranges of the text.

use std::ops::Range;

/// A word: letters and digits, with what joins them inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands.
    pub range: Range<usize>,
}

/// Words before a full stop that do not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "col", "lt", "st", "no", "nos", "inc", "ltd", "co",
    "corp", "vs", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "approx", "fig",
    "eq", "e.g", "i.e", "u.s", "u.k", "e.u", "u.n", "ind", "calif", "tex", "wash", "mass", "jr", "sr", "rs", "bros",
    "plc", "est", "dept", "min", "pres", "sec",
];
/// A sentence longer than this is cut: a text without full stops is no reason to compare everything with everything.
const LONGEST: usize = 1_500;

/// The sentences of a text. A blank line always ends one; a line end does where lines are not wrapped by a machine.
#[must_use]
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let wrapped = is_wrapped(text);
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let rest = text.get(end..).unwrap_or_default();
        let ends = match c {
            '\n' => {
                rest.trim_start_matches([' ', '\t']).starts_with('\n') || (!wrapped && line_ends(text, start, at, rest))
            }
            '!' | '?' | '。' | '…' => !rest.starts_with(['!', '?', '"', '\u{201d}', ')', '.', '…']),
            '.' => stop_ends(text.get(start..at).unwrap_or_default(), rest),
            '"' | '\u{201d}' | ')' => {
                let before = text.get(start..at).unwrap_or_default();
                before.ends_with(['.', '!', '?']) && begins_sentence(rest)
            }
            _ => end - start > LONGEST && c.is_whitespace(),
        };
        if ends {
            push_trimmed(text, start..end, &mut found);
            start = end;
        }
    }
    push_trimmed(text, start..text.len(), &mut found);
    found
}

/// Whether most lines are about as long as each other: then line ends mean nothing.
fn is_wrapped(text: &str) -> bool {
    let mut lines = 0_usize;
    let mut full = 0_usize;
    for line in text.lines().take(400).filter(|line| !line.trim().is_empty()) {
        let length = line.chars().count();
        lines += 1;
        full += usize::from((50..=110).contains(&length) && !line.trim_end().ends_with(['.', '!', '?', ':']));
    }
    lines >= 6 && full * 10 > lines * 6
}

/// A line without a full stop ends a sentence when the next begins like one: headings, bylines, datelines.
fn line_ends(text: &str, start: usize, at: usize, rest: &str) -> bool {
    let line = text.get(start..at).unwrap_or_default().trim_end();
    let next = rest.trim_start().chars().next();
    let begins = next.is_none_or(|c| c.is_uppercase() || c.is_numeric() || !c.is_alphanumeric());
    begins && !line.ends_with([',', ';', '-'])
}

fn begins_sentence(rest: &str) -> bool {
    let after = rest.trim_start();
    after.len() < rest.len()
        && after
            .trim_start_matches(['"', '\u{201c}', '(', '\''])
            .starts_with(|c: char| c.is_uppercase() || c.is_numeric())
        || after.is_empty()
}

fn stop_ends(before: &str, rest: &str) -> bool {
    if rest.starts_with(['"', '\u{201d}', ')', '.', '!', '?']) || !begins_sentence(rest) {
        return false;
    }
    let last = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"'))
        .next()
        .unwrap_or_default();
    let lower = last.to_lowercase();
    let initial = last.chars().count() == 1 && last.chars().all(char::is_uppercase);
    let new_line = rest.starts_with('\n') && rest.trim_start_matches([' ', '\t', '\n']).len() + 1 < rest.len();
    new_line || !(initial || ABBREVIATIONS.contains(&lower.as_str()))
}

fn push_trimmed(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let Some(part) = text.get(range.clone()) else { return };
    let start = range.start + (part.len() - part.trim_start().len());
    let end = range.end - (part.len() - part.trim_end().len());
    if start < end {
        found.push(start..end);
    }
}

/// The words of a range.
#[must_use]
pub fn words(text: &str, range: Range<usize>) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut start: Option<usize> = None;
    let Some(part) = text.get(range.clone()) else {
        return found;
    };
    let mut chars = part.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let at = range.start + at;
        let next = chars.peek().map(|(_, c)| *c);
        let joins = matches!(c, '-' | '\'' | '\u{2019}' | '.' | '&' | '\u{2010}' | '\u{2011}')
            && start.is_some()
            && next.is_some_and(char::is_alphanumeric);
        // `Smith's` is `Smith`.
        let possessive = matches!(c, '\'' | '\u{2019}') && next == Some('s');
        if c.is_alphanumeric() || (joins && !possessive) {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            found.push(Word { range: from..at });
        }
    }
    if let Some(from) = start {
        found.push(Word {
            range: from..range.start + part.len(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text)
            .into_iter()
            .filter_map(|range| text.get(range))
            .collect()
    }

    #[test]
    fn full_stops_inside_sentences_do_not_end_them() {
        assert_eq!(
            split("The U.S. and Mr. Xi met at 3.5 p.m. on Monday. Prices rose 2.5%. Good!!! Yes?"),
            [
                "The U.S. and Mr. Xi met at 3.5 p.m. on Monday.",
                "Prices rose 2.5%.",
                "Good!!!",
                "Yes?"
            ]
        );
    }

    #[test]
    fn headings_and_quotes_end_where_they_do() {
        assert_eq!(
            split("Lynas opens plant\n16 May 2025\n\n\"It works.\" She smiled."),
            ["Lynas opens plant", "16 May 2025", "\"It works.\"", "She smiled."]
        );
    }

    #[test]
    fn words_lose_the_possessive_and_keep_hyphens() {
        let text = "Mkango's F-35 AT&T";
        let found: Vec<&str> = words(text, 0..text.len())
            .into_iter()
            .filter_map(|w| text.get(w.range))
            .collect();
        assert_eq!(found, ["Mkango", "s", "F-35", "AT&T"]);
    }
}
