//! Dates: when the article appeared, and what "yesterday", "mid-April" or "by 2028" then mean.

mod expression;
mod published;

use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::text::Span;

pub use expression::expressions;
pub use published::{Published, published};

/// How closely a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the day.
    Day,
    /// To the week.
    Week,
    /// To a part of a month or the month.
    Month,
    /// To the quarter.
    Quarter,
    /// To the half-year.
    Half,
    /// To the year.
    Year,
}

/// How a date bears on what it dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// It happens then.
    On,
    /// No later than then.
    By,
    /// From then on.
    From,
    /// Until then.
    Until,
}

/// A period that words of the article stand for.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct When {
    /// First day.
    #[schemars(with = "String")]
    pub from: Date,
    /// Last day.
    #[schemars(with = "String")]
    pub until: Date,
    /// How closely it is known.
    pub precision: Precision,
    /// How it bears on what it dates.
    pub bearing: Bearing,
    /// Whether it was resolved against the publication date.
    pub relative: bool,
    /// The words.
    pub span: Span,
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month) = (self.from.year(), self.from.month());
        let words = match self.precision {
            Precision::Day => self.from.to_string(),
            Precision::Week => format!("week of {}", self.from),
            Precision::Month if self.from.day() > 1 || self.until.day() < 27 => {
                format!("{} to {}", self.from, self.until)
            }
            Precision::Month => format!("{year}-{month:02}"),
            Precision::Quarter => format!("{year}-Q{}", (month + 2) / 3),
            Precision::Half => format!("{year}-H{}", if month < 7 { 1 } else { 2 }),
            Precision::Year if self.until.year() > year => format!("{year} to {}", self.until.year()),
            Precision::Year => year.to_string(),
        };
        let bearing = match self.bearing {
            Bearing::On => "",
            Bearing::By => "by ",
            Bearing::From => "from ",
            Bearing::Until => "until ",
        };
        f.pad(&format!("{bearing}{words}"))
    }
}

/// Months by their English names, folded.
pub(crate) const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Days of the week by theirs.
pub(crate) const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The number of a month by its English name or abbreviation.
pub(crate) fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.').to_lowercase();
    let fits = |name: &&str| {
        word.len() >= 3 && (**name == *word || name.get(..3) == Some(&word) || word == "sept" && **name == *"september")
    };
    let at = MONTHS.iter().position(fits)?;
    i8::try_from(at + 1).ok()
}

/// The first and last day of a month.
pub(crate) fn month_of(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

/// So many days later.
pub(crate) fn days_later(date: Date, days: i32) -> Option<Date> {
    date.checked_add(days.days()).ok()
}
