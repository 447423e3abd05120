//! The text of an article, and the places in it that findings rest on.
//!
//! A [`Span`] can only be made by [`Text::span`], which takes the words from the text itself. So whatever carries a
//! span quotes the article, and nothing can be reported without the words it rests on.

use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;

/// Bytes between two remembered character counts.
const STEP: usize = 512;

/// The text as it is analysed and shown.
#[derive(Clone, Debug, Default)]
pub struct Text {
    body: String,
    /// How many characters stand before each multiple of [`STEP`] bytes (at the next character boundary).
    marks: Vec<(usize, usize)>,
}

/// Words of the article, with where they stand. Offsets count from 0; ends are exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Span {
    /// First byte.
    start: usize,
    /// Byte after the last.
    end: usize,
    /// First character.
    char_start: usize,
    /// Character after the last.
    char_end: usize,
    /// The words.
    text: String,
}

impl Span {
    /// First byte in the text.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.start
    }

    /// The byte after the last.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.end
    }

    /// First character and the one after the last.
    #[must_use]
    pub const fn chars(&self) -> (usize, usize) {
        (self.char_start, self.char_end)
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// First byte and the one after the last.
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Whether two spans share a byte.
    #[must_use]
    pub const fn touches(&self, other: &Range<usize>) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// One span or more, in the order of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// The one span that something rests on.
    #[must_use]
    pub fn one(span: Span) -> Self {
        Self(vec![span])
    }

    /// Adds another; a span that is there already is not repeated.
    pub fn add(&mut self, span: Span) {
        if let Err(at) = self.0.binary_search(&span) {
            self.0.insert(at, span);
        }
    }

    /// Adds all of another.
    pub fn join(&mut self, other: &Self) {
        for span in &other.0 {
            self.add(span.clone());
        }
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Span] {
        &self.0
    }

    /// The first in the text.
    #[must_use]
    pub fn first(&self) -> Option<&Span> {
        self.0.first()
    }
}

impl Text {
    /// Takes a text.
    #[must_use]
    pub fn new(body: impl Into<String>) -> Self {
        let body = body.into();
        let mut marks = Vec::with_capacity(body.len() / STEP + 1);
        for (n, (at, _)) in body.char_indices().enumerate() {
            if at >= marks.len() * STEP {
                marks.push((at, n));
            }
        }
        Self { body, marks }
    }

    /// The whole text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.body
    }

    /// The words of a byte range; none when the range is empty or cuts a character.
    #[must_use]
    pub fn slice(&self, range: &Range<usize>) -> Option<&str> {
        self.body.get(range.clone()).filter(|words| !words.is_empty())
    }

    /// A span, with its words; none when the range is empty, beyond the text, or cuts a character.
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let text = self.slice(&range)?.to_owned();
        let char_start = self.chars_before(range.start);
        let char_end = char_start + text.chars().count();
        Some(Span {
            start: range.start,
            end: range.end,
            char_start,
            char_end,
            text,
        })
    }

    /// Whether a span quotes this text exactly.
    #[must_use]
    pub fn holds(&self, span: &Span) -> bool {
        self.span(span.range()).is_some_and(|own| own == *span)
    }

    fn chars_before(&self, at: usize) -> usize {
        let mark = self.marks.partition_point(|(byte, _)| *byte <= at).checked_sub(1);
        let (byte, chars) = mark.and_then(|mark| self.marks.get(mark)).copied().unwrap_or_default();
        chars + self.body.get(byte..at).map_or(0, |words| words.chars().count())
    }
}

/// A text without accents and capitals, with the way back to the original.
#[derive(Clone, Debug, Default)]
pub struct Folded {
    /// The folded text: lower case, no accents, one space for any run of white space, hyphens and dashes.
    pub text: String,
    /// For each byte of the folded text, the byte of the original it comes from.
    starts: Vec<u32>,
    ends: Vec<u32>,
}

impl Folded {
    /// Folds a text. A blank line stays a boundary: nothing is found across it.
    #[must_use]
    pub fn new(original: &str) -> Self {
        let mut folded = Self::default();
        let mut gap: Option<(usize, usize, usize)> = None;
        for (at, c) in original.char_indices() {
            let end = at + c.len_utf8();
            if c.is_whitespace() || is_dash(c) {
                let newlines = usize::from(c == '\n');
                gap = Some(gap.map_or((at, end, newlines), |(from, _, n)| (from, end, n + newlines)));
                continue;
            }
            if let Some((from, until, newlines)) = gap.take() {
                folded.push(if newlines > 1 { "\n" } else { " " }, from, until);
            }
            folded.push(&fold_char(c), at, end);
        }
        folded
    }

    fn push(&mut self, text: &str, from: usize, until: usize) {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.text.push_str(text);
        self.starts.resize(self.text.len(), small(from));
        self.ends.resize(self.text.len(), small(until));
    }

    /// The bytes of the original behind a range of the folded text.
    #[must_use]
    pub fn original(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let last = range.end.checked_sub(1)?;
        let start = *self.starts.get(range.start)? as usize;
        let end = *self.ends.get(last)? as usize;
        (start < end).then_some(start..end)
    }
}

/// Hyphens and dashes that join words.
const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// Words without accents and capitals; hyphens and white space are one space.
#[must_use]
pub fn fold(text: &str) -> String {
    Folded::new(text).text.trim().to_owned()
}

fn fold_char(c: char) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    if c.is_ascii() {
        return c.to_ascii_lowercase().to_string();
    }
    match c {
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => return "'".to_owned(),
        '\u{201c}' | '\u{201d}' => return "\"".to_owned(),
        'ß' => return "ss".to_owned(),
        'ø' | 'Ø' => return "o".to_owned(),
        'ł' | 'Ł' => return "l".to_owned(),
        'đ' | 'Đ' | 'ð' | 'Ð' => return "d".to_owned(),
        'æ' | 'Æ' => return "ae".to_owned(),
        'œ' | 'Œ' => return "oe".to_owned(),
        'ı' => return "i".to_owned(),
        _ => {}
    }
    let bare: String = c
        .nfd()
        .filter(|part| !unicode_normalization::char::is_combining_mark(*part))
        .flat_map(char::to_lowercase)
        .collect();
    if bare.is_empty() { "\u{fffd}".to_owned() } else { bare }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_quotes_the_text_and_counts_bytes_and_characters() {
        let text = Text::new("Türkiye and Çin");
        let span = text.span(13..17).unwrap();
        assert_eq!(span.text(), "Çin");
        assert_eq!(span.chars(), (12, 15));
        assert!(text.holds(&span));
        assert!(!Text::new("something else").holds(&span));
        assert!(text.span(1..2).is_none(), "half a character");
        assert!(text.span(3..3).is_none(), "no words");
        assert!(text.span(3..99).is_none(), "beyond the end");
    }

    #[test]
    fn characters_are_counted_beyond_the_first_mark() {
        let text = Text::new("é".repeat(4_000));
        assert_eq!(text.span(6_000..6_004).unwrap().chars(), (3_000, 3_002));
    }

    #[test]
    fn folding_leads_back_to_the_original() {
        let original = "São  Tomé–Príncipe\n\nRare-Earths";
        let folded = Folded::new(original);
        assert_eq!(folded.text, "sao tome principe\nrare earths");
        let at = folded.text.find("tome").unwrap();
        assert_eq!(&original[folded.original(&(at..at + 4)).unwrap()], "Tomé");
    }
}
