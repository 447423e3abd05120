//! Cells of statistics as numbers: thousands separators, marks for missing, bounds and ranges.

use crate::log::Reason;

/// What a cell of a number says.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// A number.
    Is(f64),
    /// Nothing, or a mark for not available, not applicable or withheld.
    Missing,
    /// Only that it is more than this.
    MoreThan(f64),
    /// Only that it is less than this.
    LessThan(f64),
    /// Between two numbers.
    Between(f64, f64),
    /// A word that means a size without a number, such as `Large`.
    Word(String),
}

/// Words of statistics for "there is no figure".
const MISSING: &[&str] = &[
    "", "na", "n.a.", "n/a", "#n/a", "..", "...", ":", "w", "xx", "e", "-9999", "null", "none", "nil", "n.d.",
];

/// A plain number: digits, a point, thousands separators in groups of three.
///
/// # Errors
/// The reason and what to say of the cell.
pub fn plain_number(cell: &str) -> Result<f64, (Reason, String)> {
    let text = without_spaces(cell);
    let shown = crate::log::shown(cell);
    let fault = |message: String| Err((Reason::Number, message));
    let digits = match grouped(&text) {
        Some(digits) => digits,
        None if text.contains(',') => {
            return fault(format!(
                "`{shown}` is not a number; write 1234.5, or 1,234.5 with groups of three"
            ));
        }
        None => text,
    };
    match digits.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => fault(format!("`{shown}` is not a finite number")),
        Err(_) => fault(format!("`{shown}` is not a number")),
    }
}

/// A quantity or value: a plain number that is not negative; none when the cell has a mark for missing.
///
/// # Errors
/// The reason and what to say of the cell.
pub fn amount(cell: &str) -> Result<Option<f64>, (Reason, String)> {
    if is_missing(cell) {
        return Ok(None);
    }
    let value = plain_number(cell)?;
    if value < 0.0 {
        return Err((Reason::Negative, format!("`{}` is negative", crate::log::shown(cell))));
    }
    Ok(Some(value))
}

/// Whether a cell has a mark for missing. `nan` is not one: nobody writes it on purpose.
pub fn is_missing(cell: &str) -> bool {
    let text = cell.trim().to_lowercase();
    MISSING.contains(&text.as_str()) || text.chars().all(|c| matches!(c, '-' | '–' | '—' | ' '))
}

/// A cell of a statistic for people.
///
/// # Errors
/// The reason and what to say of the cell, when it is negative or not finite.
pub fn number(cell: &str) -> Result<Number, (Reason, String)> {
    if is_missing(cell) {
        return Ok(Number::Missing);
    }
    let text = cell.trim();
    if let Some(rest) = text.strip_prefix(['>', '≥']) {
        return Ok(plain_number(rest).map_or_else(|_| Number::Word(text.to_owned()), Number::MoreThan));
    }
    if let Some(rest) = text.strip_prefix(['<', '≤']) {
        return Ok(plain_number(rest).map_or_else(|_| Number::Word(text.to_owned()), Number::LessThan));
    }
    match plain_number(text) {
        Ok(value) if value < 0.0 => {
            return Err((Reason::Negative, format!("`{}` is negative", crate::log::shown(cell))));
        }
        Ok(value) => return Ok(Number::Is(value)),
        Err(_) => {}
    }
    if let Some((low, high)) = text.split_once(['–', '—']).or_else(|| text.split_once(" - "))
        && let (Ok(low), Ok(high)) = (plain_number(low), plain_number(high))
        && low >= 0.0
        && low <= high
    {
        return Ok(Number::Between(low, high));
    }
    let starts_a_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    if starts_a_number || matches!(text.to_lowercase().as_str(), "nan" | "inf" | "infinity") {
        return Err((Reason::Number, format!("`{}` is not a number", crate::log::shown(cell))));
    }
    Ok(Number::Word(text.to_owned()))
}

fn without_spaces(cell: &str) -> String {
    cell.chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'))
        .collect()
}

/// `1,234,567.8` without its commas; none when the commas do not stand between groups of three.
fn grouped(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next()?;
    let fits = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3) && !fraction.contains(',');
    fits.then(|| text.replace(',', ""))
}

/// A calendar year.
///
/// # Errors
/// The reason and what to say of the cell.
pub fn year(cell: &str) -> Result<u16, (Reason, String)> {
    let text = cell.trim();
    // Spreadsheets write 2022 as a number, some as 2022.0.
    let text = text.strip_suffix(".0").unwrap_or(text);
    match text.parse::<u16>() {
        Ok(year) if (1900..=2100).contains(&year) => Ok(year),
        _ => Err((
            Reason::Year,
            format!("`{}` is not a year between 1900 and 2100", crate::log::shown(cell)),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, amount, number, plain_number, year};

    #[test]
    fn cells_of_statistics() {
        for (cell, expected) in [
            ("10,000", Number::Is(10000.0)),
            ("1\u{a0}234.5", Number::Is(1234.5)),
            ("W", Number::Missing),
            ("—", Number::Missing),
            ("", Number::Missing),
            (">2,000,000", Number::MoreThan(2e6)),
            ("<1", Number::LessThan(1.0)),
            ("500–16,000", Number::Between(500.0, 16000.0)),
            ("330 - 390", Number::Between(330.0, 390.0)),
            ("Large", Number::Word("Large".to_owned())),
            ("s", Number::Word("s".to_owned())),
        ] {
            assert_eq!(number(cell).unwrap(), expected, "{cell}");
        }
        assert!(number("-5").is_err());
        assert!(number("12x").is_err());
        assert!(number("nan").is_err());
    }

    #[test]
    fn amounts_and_years() {
        assert_eq!(amount("NA").unwrap(), None);
        assert_eq!(amount("0").unwrap(), Some(0.0));
        assert!(amount("-1").unwrap_err().1.contains("negative"));
        assert!(amount("nan").is_err());
        assert!(plain_number("1,5").unwrap_err().1.contains("1234.5"));
        assert!(plain_number("1e400").is_err());
        assert_eq!(year("2022.0").unwrap(), 2022);
        assert!(year("22").is_err());
    }
}
