//! What firms, institutions and sites have in common: where a name begins, and the short form that follows it.

use super::words::{KINDS, TRADES};
use super::{Candidate, EntityKind, Line};

pub(super) fn is(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

pub(super) fn push(line: &Line<'_>, from: usize, to: usize, kind: EntityKind, name: &str, found: &mut Vec<Candidate>) {
    if let Some((range, _)) = line.span(from, to) {
        let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.contains('(') && !name.contains(')') {
            name.push(')');
        }
        found.push(Candidate {
            range,
            kind,
            name,
            role: None,
            alias: alias(line.after(to)),
        });
    }
}

/// Exchanges before a ticker.
pub(super) const EXCHANGES: &[&str] = &[
    "ASX", "NYSE", "NASDAQ", "Nasdaq", "TSX", "TSXV", "TSX-V", "LSE", "AIM", "OTC", "OTCPK", "OTCQX", "OTCQB", "HKEX",
    "HKG", "SSE", "SHA", "SHSE", "SHE", "SZSE", "CSE", "KOSDAQ", "KRX", "TSE", "TYO", "FRA", "ETR", "JSE", "MOEX",
];

/// `(RDIF)`, `("Arafura" or …)`, `(ASX: KRE)`, `(BRM AU)` after a name.
pub(in crate::entity) fn alias(after: &str) -> Option<String> {
    let after = after.trim_start_matches('.');
    // `the State-owned Assets Supervision and Administration Commission of the State Council, or SASAC,`
    if let Some(rest) = after.strip_prefix(", or ") {
        let short: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
        let closed = rest
            .get(short.len()..)
            .is_some_and(|rest| rest.starts_with([',', '.', ' ', '\'', '\u{2019}']));
        return (closed && (3..=7).contains(&short.len())).then_some(short);
    }
    let inside = after.strip_prefix(" (")?.split_once(')')?.0;
    let inside = inside.trim_start_matches("the ");
    // `(“Neo Materials” or “Neo”)`
    if let Some(quoted) = inside.strip_prefix(['"', '\u{201c}'])
        && let Some((short, _)) = quoted.split_once(['"', '\u{201d}'])
        && (2..=3).contains(&short.split(' ').count())
        && short.split(' ').all(|word| word.starts_with(char::is_uppercase))
    {
        return Some(short.to_owned());
    }
    let inside = inside.trim_start_matches(['"', '\u{201c}', '\'']);
    let first: String = inside
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '&' | '-'))
        .collect();
    if EXCHANGES.contains(&first.as_str()) {
        // `(TSX:NEM) (“Neo Materials”)`: the name it goes by says more than the ticker.
        let more = after
            .strip_prefix(" (")
            .and_then(|rest| rest.split_once(')'))
            .map(|(_, more)| more);
        if let Some(more) = more.filter(|more| more.starts_with(" (")) {
            return alias(more);
        }
        let ticker = inside.split(':').nth(1)?.trim();
        let ticker: String = ticker.chars().take_while(char::is_ascii_alphanumeric).collect();
        return (ticker.len() >= 2).then_some(ticker);
    }
    let capitals = first.chars().filter(|c| c.is_uppercase()).count();
    let quoted = inside.len() > first.len()
        && inside
            .get(first.len()..)
            .is_some_and(|rest| rest.starts_with(['"', '\u{201d}']));
    (first.len() >= 2 && (capitals >= 2 && first.len() <= 9 || quoted && capitals >= 1)).then_some(first)
}

/// The first word of the name that ends at `at`: as many words with capitals as are joined.
pub(super) fn first_of_name(line: &Line<'_>, at: usize, most: usize) -> usize {
    let mut from = at;
    while from > 0 && at - from < most {
        let before = from - 1;
        let connects = line.lower(before) == "and"
            && from >= 2
            && line.is_name(from - 2)
            && line.gap(before) == " "
            && is(TRADES, line.lower(from - 2))
            && is(TRADES, line.lower(from));
        if line.joined(before) && line.is_name(before) && !is(KINDS, line.lower(before)) {
            from = before;
        } else if connects {
            from -= 2;
        } else if from >= 2
            && matches!(
                line.lower(before),
                "del" | "de" | "da" | "do" | "dos" | "di" | "van" | "von"
            )
            && line.gap(before) == " "
            && line.gap(from - 2) == " "
            && line.is_name(from - 2)
        {
            // `Imanes del Norte`
            from -= 2;
        } else {
            break;
        }
    }
    from
}
