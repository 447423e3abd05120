//! Expressions of time, absolute and relative.

use std::ops::Range;
use std::sync::OnceLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use regex::{Captures, Regex};

use super::published::{day_of, full_date};
use super::{Bearing, Precision, When, days_later, month, month_of};
use crate::text::Text;

const MONTHS: &str = r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)";

struct Patterns {
    part_of_month: Regex,
    month: Regex,
    quarter: Regex,
    half: Regex,
    part_of_year: Regex,
    year: Regex,
    weekday: Regex,
    relative: Regex,
    named: Regex,
    bearing: Regex,
    compared: Regex,
    ahead: Regex,
}

fn patterns() -> Option<&'static Patterns> {
    static PATTERNS: OnceLock<Option<Patterns>> = OnceLock::new();
    PATTERNS.get_or_init(Patterns::new).as_ref()
}

impl Patterns {
    fn new() -> Option<Self> {
        let new = |pattern: &str| Regex::new(pattern).ok();
        Some(Self {
            part_of_month: new(&format!(
                r"\b(?P<part>(?i:mid|early|late|end of|the end of|beginning of|start of))[\s-](?P<m>{MONTHS})(?:,?\s(?P<y>20\d\d))?\b"
            ))?,
            month: new(&format!(
                r"\b(?P<m>{MONTHS})(?:\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b)?(?:,?\s(?:of\s)?(?P<y>(?:19|20)\d\d))?|\b(?P<d2>\d{{1,2}})\s(?P<m2>{MONTHS})\b"
            ))?,
            quarter: new(
                r"(?i)\b(?:(?P<n>first|second|third|fourth|last|march|june|september|december)\squarter(?:\s(?:of\s)?(?P<y>20\d\d|this year|next year|last year|the year))?|q(?P<q>[1-4])(?:\s?(?:of\s)?(?P<y2>20\d\d))?|(?P<q3>[1-4])q\s?(?P<y3>\d\d)\b|(?P<y4>20\d\d)[- ]?q(?P<q4>[1-4]))\b",
            )?,
            half: new(
                r"(?i)\b(?:(?P<n>first|second)\shalf(?:\s(?:of\s)?(?P<y>20\d\d|this year|next year|last year|the year))?|h(?P<h>[12])\s?(?P<y2>20\d\d)|(?P<h3>[12])h\s?(?P<y3>\d\d))\b",
            )?,
            part_of_year: new(
                r"(?i)\b(?P<part>mid|early|late|the end of|end of|year-end|beginning of|start of)[\s-](?P<y>20\d\d|the year|this year|next year|last year)\b",
            )?,
            year: new(r"\b(?P<y>(?:19|20)\d\d)\b")?,
            weekday: new(
                r"\b(?P<which>(?i:last|next|this|on|of)\s)?(?P<d>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
            )?,
            relative: new(
                r"(?i)\b(?:(?P<which>last|this|next|the past|the coming)\s(?P<unit>week|month|quarter|year|decade|summer|spring|autumn|winter)|(?P<n>\d+|a|one|two|three|four|five|six|ten)\s(?P<unit2>days?|weeks?|months?|years?)\s(?P<dir>ago|earlier|later|from now)|within\s(?:the\snext\s)?(?P<n3>\d+|a|one|two|three|four|five|six|ten)\s(?P<unit3>days?|weeks?|months?|years?))\b",
            )?,
            named: new(r"(?i)\b(yesterday|today|tomorrow|tonight)\b")?,
            // `plant`, `claimed`, `due to a fire` and the month are not what is to come.
            ahead: new(
                r"\b(?:(?i:will|expect\w*|plans?|planned|planning|could|target\w*|next|schedul\w+|to begin|to start|until|aims?|aimed|would|intends?|intended|shall|upcoming|deadline)|may)\b|['\x{2019}]ll\b|(?i:\bdue (?:in|by|on|for|at|to (?:be|begin|start|open|take|come|expire|enter))\b|\bby (?:the (?:end|middle|start)|mid|early|late|year|then|January|February|March|April|May|June|July|August|September|October|November|December|Q[1-4]|20\d\d)\b)",
            )?,
            compared: new(
                r"(?i)\b(?:than|compared (?:with|to)|versus|against|above|below|that of|those of|as in)(?: (?:in|at|that of|those of|the end of))?\s(?:the\s)?$",
            )?,
            bearing: new(
                r"(?i)\b(?:(?P<by>by|before|no later than|at the latest in)|(?P<from>since|from|starting|as of|with effect from|beginning|effective)|(?P<until>until|till|through|up to|extended to|extension to))\s(?:the\s)?$",
            )?,
        })
    }
}

/// The expressions of time in a range of the text, in its order. Without a publication date only absolute ones are.
#[must_use]
pub fn expressions(text: &Text, range: &Range<usize>, published: Option<Date>) -> Vec<When> {
    let (Some(part), Some(patterns), Some(full)) = (text.slice(range), patterns(), full_date()) else {
        return Vec::new();
    };
    let mut finder = Finder {
        text,
        base: range.start,
        part,
        published,
        future: patterns.ahead.is_match(part),
        found: Vec::new(),
    };
    for captures in full.captures_iter(part) {
        let day = day_of(&captures);
        finder.add(&captures, day.map(|day| (day, day, Precision::Day)), false);
    }
    finder.all(&patterns.part_of_month, Finder::part_of_month);
    finder.all(&patterns.quarter, Finder::quarter);
    finder.all(&patterns.half, Finder::half);
    finder.all(&patterns.part_of_year, Finder::part_of_year);
    finder.all(&patterns.month, Finder::month);
    finder.all(&patterns.weekday, Finder::weekday);
    finder.all(&patterns.relative, Finder::relative);
    finder.all(&patterns.named, Finder::named);
    finder.all(&patterns.year, Finder::year);
    let mut found = finder.found;
    // `More than in the first half of 2023`: a time compared with is not when it happens.
    found.retain(|when| {
        let before = part.get(..when.span.start().saturating_sub(range.start));
        !before.is_some_and(|before| patterns.compared.is_match(before))
    });
    found.sort_by_key(|when| when.span.start());
    for when in &mut found {
        let before = part
            .get(..when.span.start().saturating_sub(range.start))
            .unwrap_or_default();
        if let Some(captures) = patterns.bearing.captures(before) {
            when.bearing = if captures.name("by").is_some() {
                Bearing::By
            } else if captures.name("from").is_some() {
                Bearing::From
            } else {
                Bearing::Until
            };
        }
    }
    found
}

type Period = (Date, Date, Precision);

struct Finder<'t> {
    text: &'t Text,
    base: usize,
    part: &'t str,
    published: Option<Date>,
    future: bool,
    found: Vec<When>,
}

fn name<'c>(captures: &'c Captures<'_>, key: &str) -> Option<&'c str> {
    captures.name(key).map(|found| found.as_str())
}

impl<'t> Finder<'t> {
    fn all(&mut self, pattern: &Regex, resolve: impl Fn(&Self, &Captures<'_>) -> Option<(Period, bool)>) {
        let part: &'t str = self.part;
        for captures in pattern.captures_iter(part) {
            let (period, relative) = resolve(self, &captures).map_or((None, false), |(p, r)| (Some(p), r));
            self.add(&captures, period, relative);
        }
    }

    fn add(&mut self, captures: &Captures<'_>, period: Option<Period>, relative: bool) {
        let (Some(whole), Some((from, until, precision))) = (captures.get(0), period) else {
            return;
        };
        let words = whole.as_str().trim_end_matches([',', ' ']);
        let at = self.base + whole.start()..self.base + whole.start() + words.len();
        if from > until || self.found.iter().any(|known| known.span.touches(&at)) {
            return;
        }
        if let Some(span) = self.text.span(at) {
            self.found.push(When {
                from,
                until,
                precision,
                bearing: Bearing::On,
                relative,
                span,
            });
        }
    }

    /// The year of a month named without one: the nearest that fits the tense.
    fn year_for(&self, month: i8, day: i8) -> Option<i16> {
        let today = self.published?;
        let this = Date::new(today.year(), month, day.max(1)).ok()?;
        let days = (this - today).get_days();
        Some(if self.future {
            // A month just past is last month even in a sentence about the future.
            if days < -62 { today.year() + 1 } else { today.year() }
        } else if days > 45 {
            today.year() - 1
        } else {
            today.year()
        })
    }

    fn year_word(&self, word: Option<&str>) -> Option<(i16, bool)> {
        match word.map(str::to_lowercase).as_deref() {
            Some("last year") => Some((self.published?.year() - 1, true)),
            Some("next year") => Some((self.published?.year() + 1, true)),
            Some("this year" | "the year") | None => Some((self.published?.year(), true)),
            Some(digits) if digits.len() == 2 => Some((2000 + digits.parse::<i16>().ok()?, false)),
            Some(digits) => Some((digits.parse().ok()?, false)),
        }
    }

    fn part_of_month(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let month = month(name(captures, "m")?)?;
        let (year, relative) = match name(captures, "y") {
            Some(year) => (year.parse().ok()?, false),
            None => (self.year_for(month, 15)?, true),
        };
        let (first, last) = month_of(year, month)?;
        let (from, until) = match name(captures, "part")?.to_lowercase().as_str() {
            "mid" => (days_later(first, 9)?, days_later(first, 19)?),
            "early" | "beginning of" | "start of" => (first, days_later(first, 9)?),
            _ => (days_later(first, 19)?, last),
        };
        Some(((from, until, Precision::Month), relative))
    }

    fn month(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let word = name(captures, "m").or(name(captures, "m2"))?;
        let day: Option<i8> = name(captures, "d")
            .or(name(captures, "d2"))
            .and_then(|day| day.parse().ok());
        // `May` alone at the start of a sentence, or as a verb, is no month.
        let preceded = captures.get(0).and_then(|whole| self.part.get(..whole.start()))?;
        let lead = preceded
            .trim_end()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let leads = [
            "in", "since", "by", "from", "until", "of", "to", "for", "during", "last", "next", "this", "and",
            "between", "before", "after", "through", "till",
        ];
        if matches!(word, "May" | "March")
            && day.is_none()
            && name(captures, "y").is_none()
            && !leads.contains(&lead.as_str())
        {
            return None;
        }
        let month = month(word)?;
        let (year, relative) = match name(captures, "y") {
            Some(year) => (year.parse().ok()?, false),
            None => (self.year_for(month, day.unwrap_or(15))?, true),
        };
        if let Some(day) = day {
            let date = Date::new(year, month, day).ok()?;
            return Some(((date, date, Precision::Day), relative));
        }
        let (first, last) = month_of(year, month)?;
        Some(((first, last, Precision::Month), relative))
    }

    fn quarter(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let word = name(captures, "n").map(str::to_lowercase);
        let n: i8 = match word.as_deref() {
            Some("first" | "march") => 1,
            Some("second" | "june") => 2,
            Some("third" | "september") => 3,
            Some(_) => 4,
            None => ["q", "q3", "q4"]
                .iter()
                .find_map(|key| name(captures, key))?
                .parse()
                .ok()?,
        };
        let year = ["y", "y2", "y3", "y4"].iter().find_map(|key| name(captures, key));
        let (year, relative) = self.year_word(year)?;
        let (first, _) = month_of(year, n * 3 - 2)?;
        let (_, last) = month_of(year, n * 3)?;
        Some(((first, last, Precision::Quarter), relative))
    }

    fn half(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let second = match name(captures, "n").map(str::to_lowercase).as_deref() {
            Some(word) => word == "second",
            None => name(captures, "h").or(name(captures, "h3"))? == "2",
        };
        let year = ["y", "y2", "y3"].iter().find_map(|key| name(captures, key));
        let (year, relative) = self.year_word(year)?;
        let start = if second { 7 } else { 1 };
        Some((
            (month_of(year, start)?.0, month_of(year, start + 5)?.1, Precision::Half),
            relative,
        ))
    }

    fn part_of_year(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let (year, relative) = self.year_word(name(captures, "y"))?;
        let (from, until) = match name(captures, "part")?.to_lowercase().as_str() {
            "mid" => (5, 8),
            "early" | "beginning of" | "start of" => (1, 4),
            "late" => (9, 12),
            _ => (12, 12),
        };
        let precision = if from == until {
            Precision::Month
        } else {
            Precision::Year
        };
        Some(((month_of(year, from)?.0, month_of(year, until)?.1, precision), relative))
    }

    fn year(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let whole = captures.get(0)?;
        // A year is no part of a number, an amount or a range of prices.
        let before = self.part.get(..whole.start())?;
        let after = self.part.get(whole.end()..)?;
        let number = before.ends_with(['$', '€', '£', '¥', ',', '.', '-', '/', '#']) && !before.ends_with(", ")
            || after.starts_with(['%', '-', '/'])
            || after.starts_with([',', '.']) && after.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
            || [" tonnes", " tons", " t ", " kg", " percent", " million", " yuan", "t/"]
                .iter()
                .any(|unit| after.starts_with(unit));
        if number {
            return None;
        }
        let year: i16 = name(captures, "y")?.parse().ok()?;
        Some(((month_of(year, 1)?.0, month_of(year, 12)?.1, Precision::Year), false))
    }

    fn weekday(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let today = self.published?;
        let wanted = match name(captures, "d")? {
            "Monday" => Weekday::Monday,
            "Tuesday" => Weekday::Tuesday,
            "Wednesday" => Weekday::Wednesday,
            "Thursday" => Weekday::Thursday,
            "Friday" => Weekday::Friday,
            "Saturday" => Weekday::Saturday,
            _ => Weekday::Sunday,
        };
        let back = i32::from(today.weekday().since(wanted));
        let which = name(captures, "which").map(|word| word.trim().to_lowercase());
        let days = match which.as_deref() {
            Some("next") => 7 - back,
            Some("last") if back == 0 => -7,
            _ if self.future && back > 0 && !self.part.contains(" said ") && !self.part.contains(" told ") => 7 - back,
            _ => -back,
        };
        let date = days_later(today, days)?;
        Some(((date, date, Precision::Day), true))
    }

    fn relative(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let today = self.published?;
        if let Some(which) = name(captures, "which") {
            let step = match which.to_lowercase().as_str() {
                "last" | "the past" => -1,
                "this" => 0,
                _ => 1,
            };
            return Some((
                Self::calendar(today, step, &name(captures, "unit")?.to_lowercase())?,
                true,
            ));
        }
        let (n, unit) = match name(captures, "n") {
            Some(n) => (n, name(captures, "unit2")?),
            None => (name(captures, "n3")?, name(captures, "unit3")?),
        };
        let n: i32 = match n.to_lowercase().as_str() {
            "a" | "one" => 1,
            "two" => 2,
            "three" => 3,
            "four" => 4,
            "five" => 5,
            "six" => 6,
            "ten" => 10,
            digits => digits.parse().ok().filter(|n| *n < 2_000)?,
        };
        let back = matches!(
            name(captures, "dir").map(str::to_lowercase).as_deref(),
            Some("ago" | "earlier")
        );
        let n = if back { -n } else { n };
        let unit = unit.to_lowercase();
        let (span, precision) = match unit.trim_end_matches('s') {
            "day" => (n.days(), Precision::Day),
            "week" => (n.weeks(), Precision::Week),
            "month" => (n.months(), Precision::Month),
            _ => (n.years(), Precision::Year),
        };
        let there = today.checked_add(span).ok()?;
        if name(captures, "n3").is_some() {
            return Some(((today, there, precision), true));
        }
        Some((
            match precision {
                Precision::Day => (there, there, precision),
                Precision::Week => (days_later(there, -3)?, days_later(there, 3)?, precision),
                Precision::Month => (there.first_of_month(), there.last_of_month(), precision),
                _ => (there.first_of_year(), there.last_of_year(), precision),
            },
            true,
        ))
    }

    fn calendar(today: Date, step: i32, unit: &str) -> Option<Period> {
        Some(match unit {
            "week" => {
                let monday = days_later(today, -i32::from(today.weekday().to_monday_zero_offset()) + 7 * step)?;
                (monday, days_later(monday, 6)?, Precision::Week)
            }
            "month" => {
                let there = today.first_of_month().checked_add(step.months()).ok()?;
                (there, there.last_of_month(), Precision::Month)
            }
            "quarter" => {
                let start = month_of(today.year(), (today.month() - 1) / 3 * 3 + 1)?.0;
                let there = start.checked_add((3 * step).months()).ok()?;
                let end = there.checked_add(2.months()).ok()?.last_of_month();
                (there, end, Precision::Quarter)
            }
            "year" => {
                let there = today.first_of_year().checked_add(step.years()).ok()?;
                (there, there.last_of_year(), Precision::Year)
            }
            season => {
                let first = match season {
                    "spring" => 3,
                    "summer" => 6,
                    "autumn" => 9,
                    _ => return None,
                };
                let year = today.year() + i16::try_from(step).ok()?;
                (
                    month_of(year, first)?.0,
                    month_of(year, first + 2)?.1,
                    Precision::Quarter,
                )
            }
        })
    }

    fn named(&self, captures: &Captures<'_>) -> Option<(Period, bool)> {
        let today = self.published?;
        let days = match captures.get(0)?.as_str().to_lowercase().as_str() {
            "yesterday" => -1,
            "tomorrow" => 1,
            _ => 0,
        };
        let date = days_later(today, days)?;
        Some(((date, date, Precision::Day), true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday, 31 March 2025.
    fn read(words: &str) -> Vec<String> {
        let text = Text::new(words);
        let today = Date::new(2025, 3, 31).ok();
        expressions(&text, &(0..words.len()), today)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn relative_words_are_resolved_against_the_publication_date() {
        for (words, date) in [
            ("met yesterday", "2025-03-30"),
            ("said on Monday", "2025-03-31"),
            ("said on Friday", "2025-03-28"),
            ("will meet on Friday", "2025-04-04"),
            ("next Tuesday", "2025-04-01"),
            ("next week", "week of 2025-04-07"),
            ("last week", "week of 2025-03-24"),
            ("could take place in mid-April", "2025-04-10 to 2025-04-20"),
            ("in April", "2025-04"),
            ("in October, exports fell", "2024-10"),
            ("will start in February", "2025-02"),
            ("last month", "2025-02"),
            ("next year", "2026"),
            ("three months ago", "2024-12"),
            ("in the second quarter", "2025-Q2"),
            ("in the September quarter of 2011", "2011-Q3"),
            ("by 2028", "by 2028"),
            ("since April 2", "from 2025-04-02"),
            ("until November 10, 2026", "until 2026-11-10"),
            ("in the second half of 2028", "2028-H2"),
            ("due in 2Q26", "2026-Q2"),
            ("Q4 2025", "2025-Q4"),
            ("by the end of the year", "by 2025-12"),
            ("in early 2027", "2027"),
        ] {
            assert_eq!(read(words), [date], "{words}");
        }
    }

    #[test]
    fn numbers_and_verbs_are_no_dates() {
        for words in [
            "2,025 tonnes",
            "2000 tonnes",
            "$2020",
            "it may rain",
            "March to victory",
        ] {
            assert_eq!(read(words), Vec::<String>::new(), "{words}");
        }
    }
}
