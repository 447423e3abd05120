//! Firms, institutions, deposits and plants by their form.

mod words;

use self::words::{
    BODIES, BRANCHES, CAUSES, DAYS, HEADLINE_VERBS, HEADS, KINDS, LEGAL, MADE, NO_FIRM, OFFICERS, TAILS, TRADES,
};
use super::{Candidate, EntityKind, Line};
use crate::date::month;

fn is(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

fn push(line: &Line<'_>, from: usize, to: usize, kind: EntityKind, name: &str, found: &mut Vec<Candidate>) {
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
const EXCHANGES: &[&str] = &[
    "ASX", "NYSE", "NASDAQ", "Nasdaq", "TSX", "TSXV", "TSX-V", "LSE", "AIM", "OTC", "OTCPK", "OTCQX", "OTCQB", "HKEX",
    "HKG", "SSE", "SHA", "SHSE", "SHE", "SZSE", "CSE", "KOSDAQ", "KRX", "TSE", "TYO", "FRA", "ETR", "JSE", "MOEX",
];

/// `(RDIF)`, `("Arafura" or …)`, `(ASX: KRE)`, `(BRM AU)` after a name.
fn alias(after: &str) -> Option<String> {
    let inside = after.trim_start_matches('.').strip_prefix(" (")?.split_once(')')?.0;
    let inside = inside
        .trim_start_matches("the ")
        .trim_start_matches(['"', '\u{201c}', '\'']);
    let first: String = inside
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '&' | '-'))
        .collect();
    if EXCHANGES.contains(&first.as_str()) {
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
fn first_of_name(line: &Line<'_>, at: usize, most: usize) -> usize {
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

/// Firms; in a heading, whose capitals say nothing, only those with a legal suffix.
pub fn companies(line: &Line<'_>, heading: bool, found: &mut Vec<Candidate>) {
    if line.is_shouted() {
        return;
    }
    if !heading {
        apposed(line, found);
        officered(line, found);
        ticked(line, found);
    }
    for at in 0..line.tokens.len() {
        let word = line.lower(at);
        let capital = line.tokens.get(at).is_some_and(|token| token.capital);
        if !heading && (is(KINDS, word) || is(BODIES, word)) && !capital {
            after_kind(line, at, found);
        }
        if !capital || !(is(LEGAL, word) || is(TRADES, word) && !heading) || at == 0 {
            continue;
        }
        // The last suffix of the name speaks for it.
        let goes_on = matches!(line.gap(at), " " | ". ")
            && (is(LEGAL, line.lower(at + 1)) || is(TRADES, line.lower(at + 1)))
            && line.is_name(at + 1)
            || line.gap(at) == " "
                && line.lower(at + 1) == "and"
                && is(TRADES, line.lower(at + 2))
                && line.is_name(at + 2);
        if goes_on && line.tokens.get(at + 1).is_some() {
            continue;
        }
        let from = first_of_name_before(line, at);
        let mut end = at;
        while end > from && is(LEGAL, line.lower(end)) {
            end -= 1;
        }
        // `Promotion of Capital Investments`: an act or a programme.
        let act = at > 0 && word == "investments" && line.lower(from) == "capital";
        let nothing =
            act || from == at || from == end && (is(NO_FIRM, line.lower(from)) || is(TRADES, line.lower(from)));
        let generic = from + 1 == end && is(NO_FIRM, line.lower(from)) && !is(LEGAL, word);
        if nothing || generic {
            continue;
        }
        // `Toyota Rare Earths India`: the branch of a country.
        let branch = at == end
            && line.gap(at) == " "
            && is(BRANCHES, line.lower(at + 1))
            && line.tokens.get(at + 1).is_some_and(|token| token.capital);
        let (end, at) = if branch { (end + 1, at + 1) } else { (end, at) };
        if let Some((_, name)) = line.span(from, end) {
            push(
                line,
                from,
                at,
                EntityKind::Company,
                name.trim_end_matches(" Company").trim_end_matches(" Joint Stock"),
                found,
            );
        }
    }
}

/// `Rimbal, a company controlled by …`, `Amaroq, which is listed in …`, `a subsidiary of Toyota Tsusho`.
fn apposed(line: &Line<'_>, found: &mut Vec<Candidate>) {
    for at in 0..line.tokens.len() {
        if !line.is_name(at) || line.tokens.get(at).is_some_and(|token| token.listed) {
            continue;
        }
        let from = first_of_name(line, at, 3);
        let owned = from >= 2
            && line.lower(from - 1) == "of"
            && matches!(line.lower(from - 2), "subsidiary" | "unit" | "arm" | "affiliate");
        if owned && !line.joined(at) || line.gap(at) == ", " && says_firm(line, at + 1) {
            let listed = (from..=at).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
            let other = (from..=at).any(|n| is(HEADS, line.lower(n)) || is(TAILS, line.lower(n)));
            if let (false, false, Some((_, name))) = (listed, other, line.span(from, at)) {
                push(line, from, at, EntityKind::Company, name, found);
            }
        }
    }
}

/// `Wesfarmers (OTCPK:WFAFF)`: a ticker follows a firm.
fn ticked(line: &Line<'_>, found: &mut Vec<Candidate>) {
    for at in 0..line.tokens.len() {
        let after = line.after(at);
        let ticker = after.strip_prefix(" (").and_then(|rest| rest.split_once(':'));
        if !line.is_name(at) || !ticker.is_some_and(|(exchange, _)| EXCHANGES.contains(&exchange.trim())) {
            continue;
        }
        let from = first_of_name(line, at, 5);
        let listed = (from..=at).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
        if !listed && let Some((_, name)) = line.span(from, at) {
            push(line, from, at, EntityKind::Company, name, found);
        }
    }
}

/// `Vital managing director Geoff Atkins`, `Harena MD Joe Belladonna`: a name before an office before a name is a firm's.
fn officered(line: &Line<'_>, found: &mut Vec<Candidate>) {
    for at in 0..line.tokens.len() {
        let name = line.is_name(at) && line.gap(at) == " " && !line.tokens.get(at).is_some_and(|token| token.listed);
        if !name || is(OFFICERS, line.lower(at)) {
            continue;
        }
        let mut office = at + 1;
        while office < at + 4 && is(OFFICERS, line.lower(office)) && line.gap(office) == " " {
            office += 1;
        }
        let from = first_of_name(line, at, 3);
        // `Imanes del Norte`: a part of a name.
        if from > 0
            && line.gap(from - 1) == " "
            && matches!(line.lower(from - 1), "of" | "de" | "del" | "da" | "do" | "and")
        {
            continue;
        }
        let listed = (from..=at).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
        let formed = is(TRADES, line.lower(at)) || is(LEGAL, line.lower(at));
        let other = formed
            || (from..=at).any(|n| is(HEADS, line.lower(n)) || is(TAILS, line.lower(n)) || is(OFFICERS, line.lower(n)));
        let person = line.is_name(office) && line.gap(office) == " " && line.is_name(office + 1);
        if office > at + 1
            && person
            && !listed
            && !other
            && let Some((_, name)) = line.span(from, at)
        {
            push(line, from, at, EntityKind::Company, name, found);
        }
    }
}

/// Whether what follows a comma says that the name before it is a firm's.
fn says_firm(line: &Line<'_>, from: usize) -> bool {
    match line.lower(from) {
        "a" | "an" | "the" => (from + 1..from + 7)
            .take_while(|n| {
                matches!(line.gap(n - 1), " " | "-") && !matches!(line.lower(*n), "of" | "who" | "at" | "for")
            })
            .any(|n| is(KINDS, line.lower(n)) && !matches!(line.lower(n), "group" | "house" | "partner" | "operator")),
        "which" => matches!(
            (line.lower(from + 1), line.lower(from + 2)),
            ("is", "listed" | "based" | "owned" | "developing" | "building")
                | ("owns" | "operates" | "mines" | "develops", _)
        ),
        _ => false,
    }
}

fn first_of_name_before(line: &Line<'_>, at: usize) -> usize {
    // `IREL (India) Limited`, `Securities Co., Ltd.`
    let gap = line.gap(at.saturating_sub(1));
    if at >= 2 && gap == ") " && line.gap(at - 2) == " (" && line.is_name(at - 2) {
        return first_of_name(line, at - 2, 6);
    }
    if at >= 1 && matches!(gap, "., " | ", " | ". ") && is(LEGAL, line.lower(at)) && line.is_name(at - 1) {
        return first_of_name(line, at - 1, 6);
    }
    let from = first_of_name(line, at, 7);
    // Small words that begin the sentence are no part of it.
    (from..at).find(|n| line.is_name(*n)).unwrap_or(at)
}

/// `trader Traxys`, `carmakers Volkswagen and Stellantis`, `the German company Realloys`.
fn after_kind(line: &Line<'_>, at: usize, found: &mut Vec<Candidate>) {
    let mut from = at + 1;
    loop {
        // `the national mining company, Tau-Ken Samruk, is preparing`
        let apposed = line.gap(from - 1) == ", ";
        if !line.is_name(from) || line.gap(from - 1) != " " && !apposed {
            return;
        }
        let mut to = from;
        while to - from < 3 && line.joined(to) && line.is_name(to + 1) {
            to += 1;
        }
        if apposed && !line.gap(to).starts_with(',') {
            return;
        }
        let listed = (from..=to).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
        let cause = line.lower(at) == "group" && at > 0 && is(CAUSES, line.lower(at - 1));
        let kind = if cause || is(BODIES, line.lower(at)) {
            EntityKind::Institution
        } else {
            EntityKind::Company
        };
        if !listed && let Some((_, name)) = line.span(from, to) {
            push(line, from, to, kind, name, found);
        }
        let plural = line.lower(at).ends_with('s') || line.lower(at) == "companies";
        if !plural || line.lower(to + 1) != "and" {
            return;
        }
        from = to + 2;
    }
}

/// Ministries, universities, agencies.
pub fn institutions(line: &Line<'_>, found: &mut Vec<Candidate>) {
    if line.is_shouted() {
        return;
    }
    for at in 0..line.tokens.len() {
        let Some(token) = line.tokens.get(at) else { return };
        if !token.capital {
            continue;
        }
        // `the World Trade Organization on Monday` ends at the day.
        let titled = is(HEADS, &token.lower)
            && matches!(line.lower(at + 1), "of" | "for" | "on" | "to")
            && !is(DAYS, line.lower(at + 2))
            && month(line.lower(at + 2)).is_none()
            && line.gap(at) == " ";
        let to = if titled { end_of_title(line, at + 1) } else { at };
        if titled && to > at + 1 {
            {
                let mut from = at;
                while from > 0 && line.joined(from - 1) && line.is_name(from - 1) && at - from < 3 {
                    from -= 1;
                }
                if let Some((_, name)) = line.span(from, to)
                    && token.lower != "government"
                {
                    push(line, from, to, EntityKind::Institution, name, found);
                }
            }
        } else if is(TAILS, &token.lower) && at > 0 {
            let from = first_of_name(line, at, 6);
            let from = (from..at).find(|n| line.is_name(*n)).unwrap_or(at);
            let only_listed = (from..at).all(|n| line.tokens.get(n).is_some_and(|token| token.listed));
            if from < at
                && !only_listed
                && let Some((_, name)) = line.span(from, at)
            {
                push(line, from, at, EntityKind::Institution, name, found);
            }
        }
    }
}

/// The last word of `of Industry and Information Technology` after a head.
fn end_of_title(line: &Line<'_>, of: usize) -> usize {
    let mut last = of;
    let mut at = of + 1;
    while at < line.tokens.len() && at - of < 10 {
        let gap = line.gap(at - 1);
        if gap != " " && gap != ", " && gap != " & " && gap != "-" {
            break;
        }
        let lower = line.lower(at);
        let head = is(HEADS, lower);
        // `Ministry of Commerce and General Administration of Customs` are two.
        if line.lower(at - 1) == "and" && is(HEADS, line.lower(at + 1)) && gap == " " {
            break;
        }
        // `Ministry of Commerce Responds to`: the verb of a headline.
        if is(HEADLINE_VERBS, lower) && gap == " " {
            break;
        }
        if line.tokens.get(at).is_some_and(|token| token.capital) && !head {
            // After a comma a name goes on only as a list that ends in `and`.
            let goes_on = gap != ", "
                || (at..at + 3)
                    .any(|n| line.lower(n + 1) == "and" && line.tokens.get(n + 2).is_some_and(|t| t.capital));
            if !goes_on {
                break;
            }
            last = at;
        } else if !matches!(lower, "of" | "and" | "the" | "for")
            || head
            || lower == "the" && (line.lower(at - 1) == "and" || line.lower(at - 1) == "of" && at > of + 2)
        {
            break;
        }
        at += 1;
    }
    last
}

/// `Wandarrie Project`, `Kuirektykol deposit`, `the Lost Creek mine`.
pub fn sites(line: &Line<'_>, found: &mut Vec<Candidate>) {
    if line.is_shouted() {
        return;
    }
    for at in 1..line.tokens.len() {
        let kind = match line.lower(at) {
            "deposit" | "mine" | "project" | "prospect" | "deposits" => EntityKind::Deposit,
            "refinery" | "smelter" | "factory" | "plant" => EntityKind::Plant,
            _ => continue,
        };
        let mut before = at;
        // `the Stillwater magnet plant`, `clay project`: the name stands before what is made.
        if !line.is_name(before - 1)
            && before >= 2
            && line.gap(before - 1) == " "
            && MADE.contains(&line.lower(before - 1))
        {
            before -= 1;
            if before >= 2 && line.lower(before - 1) == "earth" {
                before -= 2;
            }
        }
        let adjective = matches!(
            line.lower(before.saturating_sub(1)),
            "european" | "american" | "asian" | "african" | "western"
        );
        if before == 0 || !line.joined(before - 1) || !line.is_name(before - 1) || adjective {
            continue;
        }
        let from = first_of_name(line, before - 1, 2);
        let any_listed = (from..before).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
        let firm = (from..before).any(|n| is(TRADES, line.lower(n)) || is(LEGAL, line.lower(n)));
        if !any_listed
            && !firm
            && let Some((_, name)) = line.span(from, before - 1)
        {
            push(line, from, before - 1, kind, name, found);
        }
    }
}
