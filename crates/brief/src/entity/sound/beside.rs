//! What stands beside a listed name and says what it is there: a ticker, a road, a firm, the head of a report.

use std::ops::Range;

/// `(ASX: KRE)`, `(USAR US)`: exchanges, not countries or institutions.
pub(super) fn in_ticker(body: &str, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    let before = back(body, range.start, 8);
    let after = forth(body, range.end, 3);
    let bracket = before.rfind('(').map(|at| before.get(at + 1..).unwrap_or_default());
    bracket.is_some_and(|inside| {
        let ticker = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ' ')
        };
        (after.starts_with(':') && inside.is_empty() || after.starts_with(')') && words.len() == 2 && inside.len() > 2)
            && ticker(inside)
    })
}

/// `Hastings' shares`, `Peak chairman`, `Meteoric (ASX:MEI)`: what only a firm has.
pub(super) fn speaks_as_a_firm(body: &str, range: &Range<usize>) -> bool {
    const HAS: &[&str] = &[
        " shares",
        " chief executive",
        " CEO",
        " managing director",
        " chairman",
        " executive chairman",
        " shareholders",
        " (ASX",
        " (LSE",
        " (AIM",
        " (TSX",
        " (NYSE",
        " (NASDAQ",
        " (Nasdaq",
    ];
    let after = forth(body, range.end, 22);
    let after = after.strip_prefix(['\'', '\u{2019}']).unwrap_or(after);
    let after = after
        .strip_prefix("s ")
        .map_or(after, |_| after.get(1..).unwrap_or(after));
    HAS.iter().any(|word| after.starts_with(word))
}

/// `ASX-listed`, `NYSE-traded`: where a firm's shares are traded, not somebody who acts.
pub(super) fn says_where_listed(body: &str, range: &Range<usize>) -> bool {
    let after = forth(body, range.end, 8);
    let after = after.strip_prefix(['-', ' ', '\u{2011}']).unwrap_or_default();
    ["listed", "quoted", "traded"]
        .iter()
        .any(|word| after.starts_with(word))
}

/// `Serra Verde, the Brazilian rare earths producer`, `stake in Serra Verde`.
pub(super) fn is_called_a_firm(body: &str, range: &Range<usize>) -> bool {
    let after = forth(body, range.end, 60);
    let apposed = after.strip_prefix(", ").is_some_and(|rest| {
        let rest = rest.split([',', '.', ';']).next().unwrap_or_default();
        ["the ", "a ", "an ", "which owns", "owner of"]
            .iter()
            .any(|start| rest.starts_with(start))
            && ["developer", "producer", "miner", "company", "owns", "owner"]
                .iter()
                .any(|word| rest.contains(word))
    });
    let does = [
        " said",
        " says",
        " announced",
        " declared",
        " declares",
        " agreed",
        " signed",
        " expects",
    ]
    .iter()
    .any(|verb| after.starts_with(verb));
    let before = back(body, range.start, 22);
    let bought = [
        "acquire ",
        "acquiring ",
        "buy ",
        "buying ",
        "bought ",
        "stake in ",
        "bet on ",
        "loan to ",
        "acquisition of ",
        "takeover of ",
        "purchase of ",
        "company ",
        "producer ",
        "miner ",
    ]
    .iter()
    .any(|word| before.ends_with(word));
    apposed || does || bought
}

/// `Labor MP Ed Husic`: a member of a parliament, not the firm.
pub(super) fn is_member(body: &str, range: &Range<usize>) -> bool {
    let mut after = forth(body, range.end, 3).chars();
    body.get(range.clone()) == Some("MP")
        && after.next() == Some(' ')
        && after.next().is_some_and(char::is_uppercase)
        && after.next().is_some_and(char::is_lowercase)
}

/// `U.S. 70`, `US 1`: a road.
pub(super) fn is_road(body: &str, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    if !matches!(words, "US" | "U.S" | "U.S.") {
        return false;
    }
    let after = forth(body, range.end, 6);
    let after = after.trim_start_matches('.').strip_prefix(' ').unwrap_or_default();
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    (1..=3).contains(&digits)
        && after.get(digits..).is_some_and(|rest| {
            rest.starts_with([',', '.', ';', ')'])
                && !rest
                    .get(1..2)
                    .is_some_and(|c| c.starts_with(|c: char| c.is_ascii_digit()))
        })
}

/// `HONG KONG (AP) —`, `SINGAPORE, Nov 4`: where a report was written, not what it is about.
pub(super) fn heads_report(body: &str, sentence: &Range<usize>, range: &Range<usize>) -> bool {
    let words = body.get(range.clone()).unwrap_or_default();
    let after = forth(body, range.end, 3);
    range.start == sentence.start
        && words.len() > 4
        && !words.chars().any(char::is_lowercase)
        && [", ", " (", " -", " –", " —", ". "]
            .iter()
            .any(|mark| after.starts_with(mark))
}

/// Up to so many characters before a byte.
pub(super) fn back(body: &str, at: usize, chars: usize) -> &str {
    let before = body.get(..at).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .take(chars)
        .last()
        .map_or(at, |(start, _)| start);
    before.get(start..).unwrap_or_default()
}

/// Up to so many characters after a byte.
pub(super) fn forth(body: &str, at: usize, chars: usize) -> &str {
    let after = body.get(at..).unwrap_or_default();
    let end = after.char_indices().nth(chars).map_or(after.len(), |(end, _)| end);
    after.get(..end).unwrap_or_default()
}
