//! Calendar quarters, the time step of the market.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A quarter of a calendar year.
///
/// ```
/// use monazite_market::scenario::Quarter;
///
/// let spring: Quarter = "2025-Q2".parse()?;
/// assert_eq!(spring.to_string(), "2025Q2");
/// assert_eq!((spring + 3).to_string(), "2026Q1");
///
/// // China's licences began on 4 April: 88 of the 91 days.
/// let covered = spring.share_covered("2025-04-04".parse()?, None);
/// assert_eq!(covered, 88.0 / 91.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// Quarters since the start of year zero; within [`FIRST`] to [`LAST`].
    index: i32,
}

const FIRST: i32 = 4; // 0001Q1
const LAST: i32 = 9998 * 4 + 3; // 9998Q4: leaves room for the calendar at both ends

impl Quarter {
    /// Quarter `q` (1 to 4) of a year (1 to 9998).
    #[must_use]
    pub const fn new(year: i16, q: u8) -> Option<Self> {
        if year < 1 || year > 9998 || q < 1 || q > 4 {
            return None;
        }
        Some(Self {
            index: year as i32 * 4 + q as i32 - 1,
        })
    }

    /// The quarter that a day falls in.
    #[must_use]
    pub fn of(day: Date) -> Self {
        let index = i32::from(day.year()) * 4 + (i32::from(day.month()) - 1) / 3;
        Self::clamped(index)
    }

    const fn clamped(index: i32) -> Self {
        let index = if index < FIRST {
            FIRST
        } else if index > LAST {
            LAST
        } else {
            index
        };
        Self { index }
    }

    /// The year.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // at most 9998
    pub const fn year(self) -> i16 {
        (self.index / 4) as i16
    }

    /// The quarter of the year, 1 to 4.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 4
    pub const fn q(self) -> u8 {
        (self.index % 4 + 1) as u8
    }

    /// The quarter after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::clamped(self.index + 1)
    }

    /// The quarter before this one.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self::clamped(self.index - 1)
    }

    /// Quarters from `earlier` to this one; negative when it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.index - earlier.index
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        let month = i8::try_from(self.index % 4).unwrap_or(0) * 3 + 1;
        Date::new(self.year(), month, 1).unwrap_or(Date::ZERO)
    }

    /// The last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        // The range of quarters leaves the day before the next one inside the calendar.
        let next = Self { index: self.index + 1 };
        next.first_day().yesterday().unwrap_or(Date::ZERO)
    }

    /// Number of days: 90 to 92.
    #[must_use]
    pub fn days(self) -> u32 {
        days_between(self.first_day(), self.last_day())
    }

    /// Days of this quarter that fall between two days, both counted; no end means for good.
    #[must_use]
    pub fn days_covered(self, from: Date, until: Option<Date>) -> u32 {
        let last = until.map_or(self.last_day(), |until| until.min(self.last_day()));
        days_between(from.max(self.first_day()), last)
    }

    /// Share of this quarter's days that fall between two days, both counted.
    #[must_use]
    pub fn share_covered(self, from: Date, until: Option<Date>) -> f64 {
        f64::from(self.days_covered(from, until)) / f64::from(self.days())
    }
}

/// Days from one day to another, both counted; zero when they are the wrong way round.
pub(super) fn days_between(first: Date, last: Date) -> u32 {
    let span = last.since(first).map_or(-1, |span| span.get_days());
    u32::try_from(span + 1).unwrap_or(0)
}

impl std::ops::Add<i32> for Quarter {
    type Output = Self;
    /// So many quarters later; stops at the ends of the calendar.
    fn add(self, quarters: i32) -> Self {
        Self::clamped(self.index.saturating_add(quarters))
    }
}

impl std::ops::Sub<i32> for Quarter {
    type Output = Self;
    /// So many quarters earlier; stops at the ends of the calendar.
    fn sub(self, quarters: i32) -> Self {
        Self::clamped(self.index.saturating_sub(quarters))
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}Q{}", self.year(), self.q()))
    }
}

/// A text that is not a quarter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a quarter; write it as 2025-Q2")]
pub struct NotAQuarter {
    /// The text, shortened when very long.
    pub text: String,
}

impl FromStr for Quarter {
    type Err = NotAQuarter;
    /// Reads `2025Q2` and `2025-Q2`.
    fn from_str(text: &str) -> Result<Self, NotAQuarter> {
        read(text).ok_or_else(|| NotAQuarter {
            text: monazite_evidence::error::shorten(text),
        })
    }
}

fn read(text: &str) -> Option<Quarter> {
    let (year, q) = text.split_once('Q')?;
    let year = year.strip_suffix('-').unwrap_or(year);
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(q, 1) {
        return None;
    }
    Quarter::new(year.parse().ok()?, q.parse().ok()?)
}

impl serde::Serialize for Quarter {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Quarter {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
