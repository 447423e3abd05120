//! Numbers as people write them: enough digits to compare, no more.

/// A price or quantity: three significant digits below a hundred, whole above, thousands parted by commas.
pub(super) fn amount(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return "unlimited".to_owned();
    }
    // A thousandth is less than any price or tonnage that matters here.
    if size < 0.0005 {
        return "0".to_owned();
    }
    let digits = if size >= 99.95 {
        0
    } else if size >= 9.995 {
        1
    } else if size >= 0.0995 {
        2
    } else {
        3
    };
    let text = format!("{value:.digits$}");
    let (sign, plain) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("−", rest));
    let (whole, decimals) = plain.split_once('.').map_or((plain, None), |(w, d)| (w, Some(d)));
    let mut parted = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    match decimals.map(|d| d.trim_end_matches('0')) {
        Some(decimals) if !decimals.is_empty() => format!("{sign}{parted}.{decimals}"),
        _ => format!("{sign}{parted}"),
    }
}

/// A share as a percentage without decimals, one decimal below a tenth.
pub(super) fn percent(share: f64) -> String {
    let value = share * 100.0;
    if value.abs() >= 9.95 || value.abs() < 0.05 {
        format!("{value:.0} %")
    } else {
        format!("{value:.1} %")
    }
}

/// Money given in thousand USD.
pub(super) fn money(thousand: f64) -> String {
    let size = thousand.abs();
    if size >= 999_500.0 {
        format!("{} billion USD", amount(thousand / 1e6))
    } else if size >= 999.5 {
        format!("{} million USD", amount(thousand / 1e3))
    } else {
        format!("{} thousand USD", amount(thousand))
    }
}

/// A price against the base: `2.6 times the base price of 257`, or how near it is.
pub(super) fn against_base(price: f64, base: f64) -> String {
    if base <= 0.0 {
        return format!("the base price was {}", amount(base));
    }
    let ratio = price / base;
    if ratio >= 1.5 {
        format!("{ratio:.1} times the base price of {}", amount(base))
    } else if (ratio - 1.0).abs() < 0.005 {
        format!("the base price of {}", amount(base))
    } else {
        let word = if ratio > 1.0 { "above" } else { "below" };
        format!(
            "{} {word} the base price of {}",
            percent((ratio - 1.0).abs()),
            amount(base)
        )
    }
}

/// A count with its noun.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

/// Words in a row: `a, b and c`.
pub(super) fn list(words: &[String]) -> String {
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{against_base, amount, list, money, percent};

    #[test]
    fn digits_follow_size() {
        let all: Vec<String> = [
            0.0,
            0.0421,
            0.1,
            7.0,
            7.25,
            58.88,
            99.97,
            665.34,
            4987.7,
            1_234_567.0,
            -2.8,
        ]
        .map(amount)
        .to_vec();
        assert_eq!(all.join(" "), "0 0.042 0.1 7 7.25 58.9 100 665 4,988 1,234,567 −2.8");
        assert_eq!(amount(f64::INFINITY), "unlimited");
        assert_eq!([0.0, 0.004, 0.035, 0.27].map(percent).join(" "), "0 % 0.4 % 3.5 % 27 %");
    }

    #[test]
    fn money_and_multiples_in_words() {
        assert_eq!(money(12.4), "12.4 thousand USD");
        assert_eq!(money(5300.0), "5.3 million USD");
        assert_eq!(money(2_000_000.0), "2 billion USD");
        assert_eq!(against_base(665.0, 257.0), "2.6 times the base price of 257");
        assert_eq!(against_base(90.0, 100.0), "10 % below the base price of 100");
        assert_eq!(against_base(100.0, 100.0), "the base price of 100");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}
