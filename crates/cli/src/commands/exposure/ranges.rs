//! Ranges and masses as people read them.

use monazite_exposure::Range;

use crate::output::number::{figures, thousands};
use crate::output::{Cell, Column};

/// `3.1 (2.2–4)`, or one number where there is no range.
pub fn range(range: Range) -> String {
    let (low, central, high) = (short(range.low), short(range.central), short(range.high));
    if low == high {
        central
    } else {
        format!("{central} ({low}–{high})")
    }
}

/// The unit in which a mass of so many grams reads well, and grams per unit.
pub fn mass_unit(grams: f64) -> (&'static str, f64) {
    match grams.abs() {
        g if g >= 1e6 => ("t", 1e6),
        g if g >= 1e3 => ("kg", 1e3),
        g if g >= 0.1 || g == 0.0 => ("g", 1.0),
        _ => ("mg", 1e-3),
    }
}

/// A mass in grams: `8.9 kg (6.1–12.0)`.
pub fn mass(grams: Range) -> String {
    let (unit, size) = mass_unit(if grams.central > 0.0 { grams.central } else { grams.high });
    let part = grams * (1.0 / size);
    let (low, central, high) = (figures(part.low), figures(part.central), figures(part.high));
    if low == high {
        format!("{central} {unit}")
    } else {
        format!("{central} {unit} ({low}–{high})")
    }
}

/// A share as percent with its range: `7.1 % (0–24)`.
pub fn share(value: Range) -> String {
    let part = value * 100.0;
    let (low, central, high) = (short(part.low), short(part.central), short(part.high));
    if low == high {
        format!("{central} %")
    } else {
        format!("{central} % ({low}–{high})")
    }
}

/// Two or three figures, without zeros that say nothing: `60`, `4.6`, `0.03`.
pub fn short(value: f64) -> String {
    if value.abs() >= 9.95 {
        return thousands(value);
    }
    let text = figures(value);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Money in USD: `2.2 million USD (1.0–3.6)`.
pub fn usd(value: Range) -> String {
    let (unit, size) = match value.central.abs() {
        v if v >= 1e9 => ("billion USD", 1e9),
        v if v >= 1e6 => ("million USD", 1e6),
        v if v >= 1e4 => ("thousand USD", 1e3),
        _ => ("USD", 1.0),
    };
    let part = value * (1.0 / size);
    let (low, central, high) = (figures(part.low), figures(part.central), figures(part.high));
    if low == high {
        format!("{central} {unit}")
    } else {
        format!("{central} {unit} ({low}–{high})")
    }
}

/// The keys of a range in tables for programs.
pub struct Keys(pub &'static str, pub &'static str, pub &'static str);

/// A column of ranges for people, and three of numbers for programs.
pub fn columns(head: &'static str, people: &'static str, keys: &Keys) -> Vec<Column> {
    vec![
        Column::number(people, head).for_people(),
        Column::number(keys.0, "").for_programs(),
        Column::number(keys.1, "").for_programs(),
        Column::number(keys.2, "").for_programs(),
    ]
}

/// The cells of such columns: low, best and high.
pub fn cells(value: Range, text: String) -> Vec<Cell> {
    vec![
        Cell::text(text),
        Cell::number(value.low),
        Cell::number(value.central),
        Cell::number(value.high),
    ]
}

/// The same, with nothing known.
pub fn unknown(text: &str) -> Vec<Cell> {
    vec![Cell::text(text), Cell::empty(), Cell::empty(), Cell::empty()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_well() {
        let range = Range::new(6_100.0, 8_900.0, 12_000.0);
        assert_eq!(mass(range), "8.90 kg (6.10–12.0)");
        assert_eq!(mass(Range::exact(0.02)), "20.0 mg");
        assert_eq!(usd(Range::exact(2_215_467.0)), "2.22 million USD");
        assert_eq!(share(Range::new(0.5, 0.6, 0.7)), "60 % (50–70)");
        assert_eq!(share(Range::exact(0.046)), "4.6 %");
        assert_eq!(short(0.0), "0");
        assert_eq!(short(100.0), "100");
    }
}
