//! Numbers as a reader wants them: rounded, with thin spaces, and never `NaN`.

/// Narrow no-break space: between thousands, and between a number and its unit.
pub const THIN: char = '\u{202f}';

/// What stands where there is no number.
const NOTHING: &str = "–";

/// Three significant digits, thousands apart: `25 100`, `8.19`, `0.042`.
pub fn figure(value: f64) -> String {
    if !value.is_finite() {
        return NOTHING.to_owned();
    }
    let size = value.abs();
    let text = if size >= 999.5 {
        grouped(round_to_three(size))
    } else if size >= 99.95 {
        format!("{size:.0}")
    } else if size >= 9.995 {
        format!("{size:.1}")
    } else if size >= 0.0995 {
        format!("{size:.2}")
    } else if size >= 0.0005 {
        format!("{size:.3}")
    } else if size >= 1e-9 {
        return "<0.001".to_owned();
    } else {
        return "0".to_owned();
    };
    if value < 0.0 { format!("\u{2212}{text}") } else { text }
}

/// A figure without trailing zeros, for values that were stated: `45`, `3.5`, `−27`.
pub fn exact(value: f64) -> String {
    let text = figure(value);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A figure with its unit.
pub fn with_unit(value: f64, unit: &str) -> String {
    format!("{}{THIN}{unit}", figure(value))
}

/// A share as a whole percentage: `37 %`.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return NOTHING.to_owned();
    }
    let hundredths = share * 100.0;
    let size = hundredths.abs();
    let sign = if hundredths < 0.0 { "\u{2212}" } else { "" };
    if size > 0.0 && size < 0.5 {
        return format!("{sign}<1{THIN}%");
    }
    if size >= 999.5 {
        return format!("{sign}{}{THIN}%", grouped(round_to_three(size)));
    }
    format!("{sign}{size:.0}{THIN}%")
}

/// How many times the base: `×8.5`, `×33`.
pub fn multiple(ratio: f64) -> String {
    if !ratio.is_finite() {
        return NOTHING.to_owned();
    }
    let digits = if ratio.abs() < 1.995 {
        format!("{ratio:.2}")
    } else if ratio.abs() < 9.95 {
        format!("{ratio:.1}")
    } else {
        figure(ratio.round())
    };
    let digits = digits.strip_suffix(".0").unwrap_or(&digits);
    format!("×{digits}")
}

/// Thousand USD as million USD, without the unit.
pub fn million_usd(thousands: f64) -> String {
    figure(thousands / 1000.0)
}

/// A number without decimals: `60`, `1 234`.
pub fn whole(value: f64) -> String {
    if !value.is_finite() {
        return NOTHING.to_owned();
    }
    let text = grouped(value.abs());
    if value <= -0.5 { format!("\u{2212}{text}") } else { text }
}

/// A count: `1 234`.
pub fn count(number: usize) -> String {
    grouped_digits(&number.to_string())
}

/// A coordinate of a drawing, to a tenth of a pixel.
pub fn coordinate(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn round_to_three(size: f64) -> f64 {
    let unit = 10f64.powi(power_of_ten(size) - 2);
    (size / unit).round() * unit
}

/// The exponent of the leading digit.
#[allow(clippy::cast_possible_truncation)] // a finite number's exponent is below 310
pub fn power_of_ten(size: f64) -> i32 {
    if size > 0.0 { size.log10().floor() as i32 } else { 0 }
}

fn grouped(size: f64) -> String {
    grouped_digits(&format!("{size:.0}"))
}

fn grouped_digits(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() + 6);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{coordinate, count, exact, figure, million_usd, multiple, percent};

    fn plain(text: &str) -> String {
        text.replace(super::THIN, " ")
    }

    #[test]
    fn figures_keep_three_digits() {
        let cases = [
            (25097.2, "25 100"),
            (8187.8, "8 190"),
            (999.7, "1 000"),
            (195.31, "195"),
            (99.96, "100"),
            (48.88, "48.9"),
            (2.16, "2.16"),
            (0.3, "0.30"),
            (0.042, "0.042"),
            (1e-5, "<0.001"),
            (0.0, "0"),
            (-1.8e-15, "0"),
            (-12.34, "\u{2212}12.3"),
        ];
        for (value, text) in cases {
            assert_eq!(plain(&figure(value)), text, "{value}");
        }
        assert_eq!(
            [exact(45.0), exact(3.5), exact(0.001), exact(100.0)],
            ["45", "3.5", "0.001", "100"]
        );
        assert_eq!(plain(&million_usd(8_187_801.9)), "8 190");
        assert_eq!(plain(&count(1_234_567)), "1 234 567");
    }

    #[test]
    fn what_is_not_a_number_is_a_dash() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(figure(bad), "–");
            assert_eq!(percent(bad), "–");
            assert_eq!(multiple(bad), "–");
            assert_eq!(coordinate(bad), "0");
        }
    }

    #[test]
    fn shares_and_multiples() {
        assert_eq!(plain(&percent(0.374)), "37 %");
        assert_eq!(plain(&percent(0.001)), "<1 %");
        assert_eq!(plain(&percent(-0.2)), "\u{2212}20 %");
        assert_eq!(plain(&percent(0.0)), "0 %");
        assert_eq!(multiple(33.24), "×33");
        assert_eq!(multiple(8.5), "×8.5");
        assert_eq!(multiple(1.0), "×1.00");
        assert_eq!(multiple(8.0), "×8");
    }
}
