//! Numbers as people read them: three or four figures, thousands set apart.

/// A quantity or price with about three figures: `25,870`, `194`, `56.2`, `2.16`, `0.043`.
pub fn figures(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let size = value.abs();
    let text = match size {
        s if s >= 99.95 => return thousands(value),
        s if s >= 9.995 => format!("{size:.1}"),
        s if s >= 0.0995 || s == 0.0 => format!("{size:.2}"),
        s if s >= 0.0005 => format!("{size:.3}"),
        _ => "0.00".to_owned(),
    };
    let zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    if zero {
        return "0".to_owned();
    }
    signed(value, text)
}

/// A whole number with thousands set apart by commas.
pub fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (n, c) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    if digits == "0" { text } else { signed(value, text) }
}

/// How many, with thousands set apart.
pub fn count(value: usize) -> String {
    thousands(f64::from(u32::try_from(value).unwrap_or(u32::MAX)))
}

/// A true minus sign, so that columns line up with plus signs.
fn signed(value: f64, text: String) -> String {
    if value < 0.0 { format!("−{text}") } else { text }
}

/// A share as a percentage: `54 %`, `0.3 %`.
pub fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value.abs() >= 0.05 && value.abs() < 0.95 {
        format!("{} %", signed(value, format!("{:.1}", value.abs())))
    } else {
        format!("{} %", thousands(value))
    }
}

/// A relative change with its sign: `+12.3 %`.
pub fn change(share: f64) -> String {
    let value = 100.0 * share;
    let text = if value.abs() >= 99.95 {
        thousands(value.abs())
    } else {
        format!("{:.1}", value.abs())
    };
    if text == "0.0" {
        return "0 %".to_owned();
    }
    format!("{}{text} %", if value < 0.0 { '−' } else { '+' })
}

/// A multiple: `×2.8`, `×33`.
pub fn multiple(factor: f64) -> String {
    if !factor.is_finite() {
        "–".to_owned()
    } else if factor.abs() < 9.95 {
        format!("×{factor:.1}")
    } else {
        format!("×{}", thousands(factor))
    }
}

/// Thousand USD as millions: `12.3`.
pub fn millions(kusd: f64) -> String {
    figures(kusd / 1e3)
}

/// Thousand USD in words: `12.3 million USD`, `1.25 billion USD`.
pub fn money(kusd: f64) -> String {
    match kusd.abs() {
        s if s >= 1e6 => format!("{} billion USD", figures(kusd / 1e6)),
        s if s >= 1e3 => format!("{} million USD", figures(kusd / 1e3)),
        _ => format!("{} thousand USD", figures(kusd)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_digits() {
        for (value, text) in [
            (25_869.55, "25,870"),
            (193.73, "194"),
            (99.99, "100"),
            (56.15, "56.1"),
            (2.16, "2.16"),
            (0.0432, "0.043"),
            (0.0, "0"),
            (-0.000_001, "0"),
            (-1_234.5, "−1,234"),
            (f64::NAN, "–"),
        ] {
            assert_eq!(figures(value), text, "{value}");
        }
    }

    #[test]
    fn shares_and_changes() {
        assert_eq!(percent(0.544), "54 %");
        assert_eq!(percent(0.003), "0.3 %");
        assert_eq!(percent(-0.0001), "0 %");
        assert_eq!(change(0.123), "+12.3 %");
        assert_eq!(change(-0.5), "−50.0 %");
        assert_eq!(change(0.0), "0 %");
        assert_eq!(multiple(2.84), "×2.8");
        assert_eq!(multiple(33.2), "×33");
        assert_eq!(money(12_300.0), "12.3 million USD");
        assert_eq!(money(1_250_000.0), "1.25 billion USD");
    }
}
