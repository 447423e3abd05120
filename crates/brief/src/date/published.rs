//! When an article appeared: what the user says, what the page says, or a date in its head or foot.

use std::sync::OnceLock;

use jiff::civil::{Date, Weekday};
use regex::{Captures, Regex};
use schemars::JsonSchema;
use serde::Serialize;

use super::month;
use crate::text::{Span, Text};

/// The publication date and how it is known.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Published {
    /// The day.
    #[schemars(with = "String")]
    pub date: Date,
    /// `given`, `stated by the page` or `read in the text`.
    pub known_from: &'static str,
    /// The words it was read from, where it was.
    pub span: Option<Span>,
}

/// Bytes of the head in which a dateline or byline is looked for, and of the foot.
const HEAD: usize = 900;
const FOOT: usize = 300;
/// Bytes of a line that is a headline, dateline or byline, and of the start of another in which a dateline stands.
const SHORT: usize = 80;
const START: usize = 60;

/// Full dates in the ways newspapers write them.
pub(super) fn full_date() -> Option<&'static Regex> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    const MONTH: &str = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?|JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)\.?";
    PATTERN
        .get_or_init(|| {
            Regex::new(&format!(
                r"\b(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d{{1,2}})[-/.](?P<d1>\d{{1,2}})\b|\b(?P<n2>{MONTH})\s(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*\([^()\d]{{0,30}}|,)?\s*(?P<y2>(?:19|20)\d\d)\b|\b(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<n3>{MONTH}),?\s(?P<y3>(?:19|20)\d\d)\b|\b(?P<d4>\d{{1,2}})[./](?P<m4>\d{{1,2}})[./](?P<y4>(?:19|20)\d\d)\b"
            ))
            .ok()
        })
        .as_ref()
}

/// The day a match of [`full_date`] names. `5/9/2025` is taken as day before month.
pub(super) fn day_of(captures: &Captures<'_>) -> Option<Date> {
    let text = |name: &str| captures.name(name).map(|found| found.as_str());
    let (year, month, day) = if let Some(year) = text("y1") {
        (year, text("m1")?.parse().ok()?, text("d1")?)
    } else if let Some(year) = text("y2") {
        (year, month(text("n2")?)?, text("d2")?)
    } else if let Some(year) = text("y3") {
        (year, month(text("n3")?)?, text("d3")?)
    } else {
        let (first, second): (i8, i8) = (text("d4")?.parse().ok()?, text("m4")?.parse().ok()?);
        let (day, month) = if second > 12 { (second, first) } else { (first, second) };
        return Date::new(text("y4")?.parse().ok()?, month, day).ok();
    };
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// Finds the publication date.
#[must_use]
pub fn published(text: &Text, given: Option<Date>, stated: Option<&str>) -> Option<Published> {
    if let Some(date) = given {
        return Some(Published {
            date,
            known_from: "given",
            span: None,
        });
    }
    if let Some(date) = stated.and_then(|stated| stated.get(..10)?.parse().ok()) {
        return Some(Published {
            date,
            known_from: "stated by the page",
            span: None,
        });
    }
    read_in(text)
}

fn read_in(text: &Text) -> Option<Published> {
    let body = text.as_str();
    let pattern = full_date()?;
    let head = floor(body, HEAD);
    let foot = floor(body, body.len().saturating_sub(FOOT));
    // `until 10 November 2026` is no day of publication.
    let stands = |captures: &Captures<'_>, base: usize| {
        let start = base + captures.get(0).map_or(0, |whole| whole.start());
        !ahead(body.get(..start).unwrap_or_default())
    };
    let in_head = || {
        let mut all = pattern.captures_iter(body.get(..head)?);
        all.find(|captures| {
            let at = captures.get(0).map_or(0..0, |whole| whole.range());
            stands(captures, 0) && is_of_the_page(body, &at)
        })
        .map(|captures| (0, captures))
    };
    let in_foot = || {
        pattern
            .captures_iter(body.get(foot..)?)
            .filter(|captures| {
                let at = captures.get(0).map_or(0..0, |whole| whole.range());
                stands(captures, foot) && is_of_the_page(body, &(foot + at.start..foot + at.end))
            })
            .last()
            .map(|captures| (foot, captures))
    };
    if let Some(published) = dateline(text) {
        return Some(published);
    }
    let (base, captures) = in_head().or_else(in_foot).or_else(|| year_apart(body))?;
    let whole = captures.get(0)?;
    let date = day_of(&captures).or_else(|| day_with_year_apart(&captures))?;
    Some(Published {
        date,
        known_from: "read in the text",
        span: text.span(base + whole.start()..base + whole.end()),
    })
}

/// Whether a date stands where a page says when it appeared: in a short line, near the start of a line, or in the first paragraph, which may
/// say when the news was. A date in the midst of a later one is what the text tells of: `the coup of Feb. 1, 2021`.
fn is_of_the_page(body: &str, at: &std::ops::Range<usize>) -> bool {
    let line = body
        .get(..at.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |end| end + 1);
    let end = body.get(at.end..).and_then(|after| after.find('\n'));
    let end = end.map_or(body.len(), |end| at.end + end);
    let long = |line: &str| line.len() > SHORT;
    let before = body.get(line..at.start).unwrap_or_default().to_lowercase();
    let said = ["published", "updated", "posted", "modified", "issued"]
        .iter()
        .any(|word| {
            before
                .trim_end_matches([' ', ':', ','])
                .trim_end_matches(" on")
                .ends_with(word)
        });
    let first = body.get(..line).is_some_and(|before| !before.lines().any(long));
    end - line <= SHORT || at.start - line < START || said || first
}

/// Whether the words before a date make it a limit, not a day something was written.
fn ahead(before: &str) -> bool {
    let lower = floor_back(before, 24).to_lowercase();
    [
        "until ",
        "until the ",
        "by ",
        "before ",
        "after ",
        "starting ",
        "beginning ",
        "as of ",
        "to ",
        "from ",
        "effective ",
        "since ",
        "through ",
        "till ",
        "deadline of ",
        "expires on ",
        "expire on ",
    ]
    .iter()
    .any(|word| lower.ends_with(word))
}

/// The last so many bytes, at a character boundary.
fn floor_back(body: &str, most: usize) -> &str {
    let mut at = body.len().saturating_sub(most);
    while !body.is_char_boundary(at) {
        at += 1;
    }
    body.get(at..).unwrap_or_default()
}

/// `MOSCOW, Nov 20 (Agency) -`, `Oct 29 (Reuters) -`: a dateline without a year. The year is the latest one the text
/// speaks of as past, the next one where the weekday named fits only that.
fn dateline(text: &Text) -> Option<Published> {
    static LINE: OnceLock<Option<Regex>> = OnceLock::new();
    static YEARS: OnceLock<Option<Regex>> = OnceLock::new();
    let line = LINE
        .get_or_init(|| {
            Regex::new(r"(?m)^(?:\p{Lu}[\p{Lu} .'/-]{2,30}[,.] )?(?P<n>[A-Z][a-z]{2,8})\.? (?P<d>\d{1,2})(?: ?\([^()\d\n]{2,40}\)|\. /[^/\n]{2,20}/\.?) ?(?:-|–|—|\p{Lu})").ok()
        })
        .as_ref()?;
    let years = YEARS
        .get_or_init(|| {
            Regex::new(r"\b(?P<w>[A-Za-z]+ )(?:\d{1,2} )?(?P<m>[A-Z][a-z]+ (?:\d{1,2},? )?)?(?P<y>20\d\d)\b").ok()
        })
        .as_ref()?;
    let body = text.as_str();
    let head = body.get(..floor(body, HEAD))?;
    let captures = line.captures(head)?;
    let (month, day): (i8, i8) = (
        month(captures.name("n")?.as_str())?,
        captures.name("d")?.as_str().parse().ok()?,
    );
    let past = years.captures_iter(body).take(200).filter_map(|captures| {
        let word = captures.name("w")?.as_str().trim().to_lowercase();
        let limit = ["by", "until", "before", "through", "from", "till", "to"].contains(&word.as_str());
        (!limit).then_some(())?;
        captures.name("y")?.as_str().parse::<i16>().ok()
    });
    let mut year = past.max()?;
    let first = head.get(captures.get(0)?.end()..).unwrap_or_default();
    if let Some(wanted) = weekday(first.get(..floor(first, 500))?) {
        let fits = |year: i16| {
            Date::new(year, month, day).is_ok_and(|date| {
                let back = date.weekday().since(wanted);
                (0..=1).contains(&back)
            })
        };
        if !fits(year) && fits(year + 1) {
            year += 1;
        }
    }
    let at = captures.name("n")?.start()..captures.name("d")?.end();
    Some(Published {
        date: Date::new(year, month, day).ok()?,
        known_from: "read in the dateline, its year in the text",
        span: text.span(at),
    })
}

/// The first weekday after `on`.
fn weekday(words: &str) -> Option<Weekday> {
    const DAYS: [(&str, Weekday); 7] = [
        ("on Monday", Weekday::Monday),
        ("on Tuesday", Weekday::Tuesday),
        ("on Wednesday", Weekday::Wednesday),
        ("on Thursday", Weekday::Thursday),
        ("on Friday", Weekday::Friday),
        ("on Saturday", Weekday::Saturday),
        ("on Sunday", Weekday::Sunday),
    ];
    DAYS.iter()
        .filter_map(|(name, day)| Some((words.find(name)?, *day)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, day)| day)
}

/// `January 22 (Ribao Finance, 2026)`: the year stands a few words on.
fn year_apart(body: &str) -> Option<(usize, Captures<'_>)> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = PATTERN
        .get_or_init(|| {
            Regex::new(r"\b(?P<n>[A-Z][a-z]{2,8})\.?\s(?P<d>\d{1,2})\s*\([^()\n]{0,40}?(?P<y>(?:19|20)\d\d)\)").ok()
        })
        .as_ref()?;
    pattern
        .captures(body.get(..floor(body, HEAD))?)
        .map(|captures| (0, captures))
}

fn day_with_year_apart(captures: &Captures<'_>) -> Option<Date> {
    let text = |name: &str| captures.name(name).map(|found| found.as_str());
    Date::new(text("y")?.parse().ok()?, month(text("n")?)?, text("d")?.parse().ok()?).ok()
}

/// The character boundary at or before a byte.
fn floor(body: &str, at: usize) -> usize {
    let mut at = at.min(body.len());
    while !body.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Option<String> {
        published(&Text::new(words), None, None).map(|found| found.date.to_string())
    }

    #[test]
    fn datelines_and_bylines() {
        for (words, date) in [
            ("MOSCOW, March 31, 2025 (World Wire) - Talks", "2025-03-31"),
            ("16 May 2025 | Rare Metals Weekly", "2025-05-16"),
            ("(VNA) Hanoi, 5/9/2025 - The Government", "2025-09-05"),
            ("Baotou, January 22 (Ribao Finance, 2026) -- Price", "2026-01-22"),
            ("WASHINGTON, Oct. 20, 2025 (Wire)", "2025-10-20"),
            ("Notice of 2025-04-04", "2025-04-04"),
            ("No date here. Published 26 February 2026.", "2026-02-26"),
        ] {
            assert_eq!(read(words).as_deref(), Some(date), "{words}");
        }
        assert_eq!(read("It happened in 2025."), None);
        assert_eq!(read("31 February 2025"), None);
        let coup = "Rebels overrun a base.\n\nA coalition of insurgents in Kachin has taken a base of the junta's border guards, and a town of mines may \
                    be next, people living nearby think.\n\nThe generals are short of money as it is, by sanctions imposed over the coup of Feb. 1, 2021.";
        assert_eq!(read(coup), None);
        assert_eq!(read("It may treat no concentrate after January 1, 2024."), None);
    }

    #[test]
    fn what_is_given_comes_first() {
        let text = Text::new("31 March 2025");
        let day = Date::new(2024, 1, 2).unwrap();
        assert_eq!(published(&text, Some(day), Some("2023-01-01")).unwrap().date, day);
        let page = published(&text, None, Some("2023-05-06T10:00:00+02:00")).unwrap();
        assert_eq!(
            (page.date.to_string().as_str(), page.known_from),
            ("2023-05-06", "stated by the page")
        );
    }
}
