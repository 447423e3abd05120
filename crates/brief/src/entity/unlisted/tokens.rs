//! A sentence as words with what their form says.

use std::ops::Range;

use crate::sentence::words;

/// A word.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// As written.
    pub text: &'t str,
    /// In small letters.
    pub lower: String,
    /// It begins with a capital.
    pub capital: bool,
    /// A listed name covers it.
    pub listed: bool,
}

/// A sentence as words.
#[derive(Clone, Debug)]
pub struct Line<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Where the sentence stands.
    pub range: Range<usize>,
    /// Its words.
    pub tokens: Vec<Token<'t>>,
}

/// Words that begin sentences with a capital without being names.
pub const STARTS: &[&str] = &[
    "the",
    "a",
    "an",
    "this",
    "that",
    "these",
    "those",
    "it",
    "its",
    "he",
    "she",
    "they",
    "we",
    "i",
    "you",
    "his",
    "her",
    "their",
    "our",
    "my",
    "in",
    "on",
    "at",
    "by",
    "for",
    "from",
    "with",
    "under",
    "after",
    "before",
    "since",
    "until",
    "as",
    "and",
    "but",
    "or",
    "if",
    "when",
    "while",
    "where",
    "what",
    "who",
    "why",
    "how",
    "no",
    "not",
    "so",
    "yet",
    "earlier",
    "later",
    "meanwhile",
    "separately",
    "however",
    "also",
    "still",
    "now",
    "then",
    "today",
    "yesterday",
    "last",
    "next",
    "therefore",
    "thus",
    "hence",
    "moreover",
    "furthermore",
    "additionally",
    "consequently",
    "nevertheless",
    "nonetheless",
    "instead",
    "currently",
    "previously",
    "recently",
    "subsequently",
    "finally",
    "remember",
    "only",
    "even",
    "according",
    "asked",
    "despite",
    "during",
    "about",
    "around",
    "both",
    "all",
    "some",
    "many",
    "most",
    "more",
    "one",
    "two",
    "three",
    "other",
    "another",
    "such",
    "there",
    "here",
    "to",
    "of",
    "because",
    "although",
    "though",
    "once",
    "analyst",
    "analysts",
    "shares",
    "prices",
    "sources",
    "officials",
    "former",
    "new",
    "first",
    "second",
    "third",
    "deputy",
    "news",
    "report",
    "reports",
    "commentary",
    "opinion",
    "editor",
    "posted",
    "host",
    "question",
    "answer",
    "transcript",
    "risks",
    "rare",
    "critical",
    "strategic",
    "heavy",
    "light",
    "global",
    "world",
    "western",
    "eastern",
    "northern",
    "southern",
    "central",
    "north",
    "south",
    "east",
    "west",
    "every",
    "each",
    "will",
    "would",
    "could",
    "should",
    "may",
    "can",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "do",
    "does",
    "did",
    "let",
    "get",
    "buy",
    "sell",
    "hold",
    "pricing",
    "production",
    "customers",
    "mines",
    "exports",
    "imports",
    "announcement",
    "notice",
    "press",
    "secretary",
    "minister",
    "president",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "per",
    "up",
    "over",
    "than",
    "next",
    "neither",
    "either",
    "regarding",
    "wow",
    "huge",
    "yes",
    "thank",
    "dear",
    "grade",
    "capex",
    "financing",
    "dy",
    "tb",
    "spot",
    "based",
    "within",
    "without",
    "through",
    "between",
    "against",
    "among",
    "across",
    "like",
    "just",
    "very",
    "much",
    "well",
    "out",
    "besides",
    "alongside",
    "whether",
    "unlike",
    "along",
];

/// Those of [`STARTS`] that may be part of a name where they do not begin the sentence.
pub const ADJECTIVES: &[&str] = &[
    "new",
    "first",
    "global",
    "world",
    "western",
    "eastern",
    "northern",
    "southern",
    "central",
    "north",
    "south",
    "east",
    "west",
    "heavy",
    "light",
    "rare",
    "critical",
    "strategic",
    "american",
    "great",
];

/// Ends of words that say where somebody comes from, or whose he is.
const ORIGINS: &[&str] = &[
    "based",
    "listed",
    "owned",
    "led",
    "backed",
    "headquartered",
    "run",
    "born",
    "controlled",
    "made",
    "quoted",
    "traded",
    "funded",
    "educated",
    "style",
];

impl<'t> Line<'t> {
    /// The words of a sentence; `listed` says which bytes listed names cover, in order.
    pub fn new(text: &'t str, range: &Range<usize>, listed: &[Range<usize>]) -> Self {
        let tokens = words(text, range.clone()).into_iter().filter_map(|word| {
            let written = text.get(word.range.clone())?;
            let next = listed.partition_point(|known| known.end <= word.range.start);
            Some(Token {
                lower: written.to_lowercase(),
                capital: written.starts_with(char::is_uppercase),
                listed: listed.get(next).is_some_and(|known| known.start < word.range.end),
                range: word.range,
                text: written,
            })
        });
        Self {
            text,
            range: range.clone(),
            tokens: tokens.collect(),
        }
    }

    /// What stands between a word and the next.
    pub fn gap(&self, at: usize) -> &'t str {
        match (self.tokens.get(at), self.tokens.get(at + 1)) {
            (Some(a), Some(b)) => self.text.get(a.range.end..b.range.start).unwrap_or_default(),
            _ => "",
        }
    }

    /// Whether a possessive stands before a word: `the University's School`, `the miners' Council`.
    pub fn is_possessed(&self, at: usize) -> bool {
        let apostrophe = |gap: &str| gap.starts_with(['\'', '\u{2019}']);
        at >= 1 && apostrophe(self.gap(at - 1)) || at >= 2 && self.lower(at - 1) == "s" && apostrophe(self.gap(at - 2))
    }

    /// What follows a word, to the end of the sentence.
    pub fn after(&self, at: usize) -> &'t str {
        let from = self.tokens.get(at).map_or(self.range.end, |token| token.range.end);
        self.text.get(from..self.range.end).unwrap_or_default()
    }

    /// Whether two neighbours belong to one name: only a space, or `&`, between them.
    pub fn joined(&self, at: usize) -> bool {
        let gap = self.gap(at);
        matches!(gap, " " | "\n" | " & " | ". ")
            && (gap != ". " || self.tokens.get(at).is_some_and(|token| token.text.chars().count() <= 2))
    }

    /// A word in small letters, or nothing.
    pub fn lower(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.lower)
    }

    /// Whether a word is a name by its look: a capital, and not merely the first of its sentence.
    pub fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            let word = token.lower.as_str();
            let adjective = ADJECTIVES.contains(&word);
            let start = STARTS.contains(&word) && !(adjective && at > 0);
            // `Perth-based Iluka`: where a name comes from is no part of it.
            let origin = word.rsplit_once('-').is_some_and(|(_, end)| ORIGINS.contains(&end));
            token.capital && !start && !origin && token.text.chars().any(char::is_alphabetic)
        })
    }

    /// A line about the page, not of the article: rights and subscriptions.
    pub fn is_boilerplate(&self) -> bool {
        let lower = self.text.get(self.range.clone()).unwrap_or_default().to_lowercase();
        lower.contains("all rights reserved")
            || ["copyright", "\u{a9}", "subscribe to", "sign up for", "follow us"]
                .iter()
                .any(|start| lower.starts_with(start))
    }

    /// A line in CAPITALS: its capitals say nothing at all.
    pub fn is_shouted(&self) -> bool {
        self.tokens.len() >= 4
            && self
                .text
                .get(self.range.clone())
                .is_some_and(|words| !words.chars().any(char::is_lowercase))
    }

    /// A headline in Title Case or CAPITALS: its capitals say nothing.
    pub fn is_heading(&self) -> bool {
        let long: Vec<_> = self.tokens.iter().filter(|token| token.text.len() > 3).collect();
        let capitals = long.iter().filter(|token| token.capital).count();
        if self
            .text
            .get(self.range.clone())
            .is_some_and(|words| words.contains('|'))
        {
            return false;
        }
        let ended = self
            .text
            .get(self.range.clone())
            .is_some_and(|words| words.ends_with(['.', '"', '\u{201d}']));
        long.len() >= 5 && capitals * 10 >= long.len() * 8 && !ended
    }

    /// The text from one word to another.
    pub fn span(&self, from: usize, to: usize) -> Option<(Range<usize>, &'t str)> {
        let range = self.tokens.get(from)?.range.start..self.tokens.get(to)?.range.end;
        Some((range.clone(), self.text.get(range)?))
    }
}
