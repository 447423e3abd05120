//! Dates known to a year, a quarter, a month or a day.

use std::str::FromStr;

use jiff::civil::Date;

use crate::field::{Fault, Field, FieldKind};
use crate::ids::Interner;

/// A date as precise as the evidence is: `2024`, `2024-Q3`, `2024-09` or `2024-09-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A calendar year.
    Year(i16),
    /// A quarter (1 to 4) of a year.
    Quarter(i16, i8),
    /// A month (1 to 12) of a year.
    Month(i16, i8),
    /// A day.
    Day(Date),
}

impl Period {
    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) | Self::Quarter(year, _) | Self::Month(year, _) => year,
            Self::Day(day) => day.year(),
        }
    }

    /// The quarter, 1 to 4; none for a whole year.
    #[must_use]
    pub fn quarter(self) -> Option<i8> {
        match self {
            Self::Year(_) => None,
            Self::Quarter(_, quarter) => Some(quarter),
            Self::Month(_, month) => Some((month - 1) / 3 + 1),
            Self::Day(day) => Some((day.month() - 1) / 3 + 1),
        }
    }

    /// The first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        let (year, month) = match self {
            Self::Year(year) => (year, 1),
            Self::Quarter(year, quarter) => (year, (quarter - 1) * 3 + 1),
            Self::Month(year, month) => (year, month),
            Self::Day(day) => return day,
        };
        Date::new(year, month, 1).unwrap_or(Date::ZERO)
    }

    /// The last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        let (year, month) = match self {
            Self::Year(year) => (year, 12),
            Self::Quarter(year, quarter) => (year, quarter * 3),
            Self::Month(year, month) => (year, month),
            Self::Day(day) => return day,
        };
        Date::new(year, month, 1).map_or(Date::ZERO, Date::last_of_month)
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By first day, then by last day: a year comes before its own first quarter would end, and after none of it.
impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_day(), self.last_day()).cmp(&(other.first_day(), other.last_day()))
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

impl FromStr for Period {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let fault = || {
            Fault::new(format!("`{}` is not a date", crate::error::shorten(text)))
                .hint("write YYYY, YYYY-Qn, YYYY-MM or YYYY-MM-DD")
        };
        let digits = |part: &str, length: usize| -> Option<i16> {
            (part.len() == length && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        let mut parts = text.split('-');
        let year = parts.next().and_then(|p| digits(p, 4)).ok_or_else(fault)?;
        let (second, third) = (parts.next(), parts.next());
        if parts.next().is_some() || !(1700..=2200).contains(&year) {
            return Err(fault());
        }
        match (second, third) {
            (None, _) => Ok(Self::Year(year)),
            (Some(part), None) => {
                if let Some(quarter) = part.strip_prefix('Q') {
                    let quarter = digits(quarter, 1).and_then(|q| i8::try_from(q).ok());
                    return match quarter {
                        Some(quarter @ 1..=4) => Ok(Self::Quarter(year, quarter)),
                        _ => Err(fault()),
                    };
                }
                match digits(part, 2).and_then(|m| i8::try_from(m).ok()) {
                    Some(month @ 1..=12) => Ok(Self::Month(year, month)),
                    _ => Err(fault()),
                }
            }
            (Some(month), Some(day)) => {
                let month = digits(month, 2).and_then(|m| i8::try_from(m).ok());
                let day = digits(day, 2).and_then(|d| i8::try_from(d).ok());
                match (month, day) {
                    (Some(month), Some(day)) => Date::new(year, month, day).map(Self::Day).map_err(|_| fault()),
                    _ => Err(fault()),
                }
            }
        }
    }
}

impl serde::Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl Field for Period {
    const KIND: FieldKind = FieldKind::Period;
    fn parse(cell: &str, _: &mut Interner) -> Result<Self, Fault> {
        cell.parse()
    }
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn each_precision_round_trips() {
        for text in ["2024", "2024-Q3", "2024-09", "2024-09-30"] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text);
        }
        for text in [
            "24",
            "2024-Q5",
            "2024-13",
            "2024-02-30",
            "2024-1",
            "",
            "2024-01-01-01",
            "２０２４",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_of_a_quarter() {
        let quarter: Period = "2025-Q2".parse().unwrap();
        assert_eq!(quarter.first_day().to_string(), "2025-04-01");
        assert_eq!(quarter.last_day().to_string(), "2025-06-30");
        assert_eq!("2025-04-04".parse::<Period>().unwrap().quarter(), Some(2));
    }
}
