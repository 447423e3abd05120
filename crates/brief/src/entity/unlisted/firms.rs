//! Firms by their form: legal suffixes, words of the trade, offices, tickers, what they are called before their name.

use super::form::{EXCHANGES, first_of_name, is, push};
use super::words::{
    BODIES, BRANCHES, CAUSES, HEADS, KINDS, LEGAL, NO_CAMEL, NO_FIRM, NO_FIRM_ENDS, OFFICERS, PUBLIC, TAILS, TRADES,
};
use super::{Candidate, EntityKind, Line};

/// Firms; in a heading, whose capitals say nothing, only those with a legal suffix.
pub fn companies(line: &Line<'_>, heading: bool, found: &mut Vec<Candidate>) {
    if line.is_shouted() {
        return;
    }
    if !heading {
        inner_capital(line, found);
        grouped(line, found);
        apposed(line, found);
        officered(line, found);
        ticked(line, found);
    }
    for at in 0..line.tokens.len() {
        let word = line.lower(at);
        let capital = line.tokens.get(at).is_some_and(|token| token.capital) && !is_a_syllable(line, at);
        if !heading && (is(KINDS, word) || is(BODIES, word)) && !capital {
            after_kind(line, at, found);
        }
        let earth = word == "earth" && line.lower(at.saturating_sub(1)) == "rare" && own_earth(line, at);
        if !capital || !(is(LEGAL, word) || (is(TRADES, word) || earth) && !heading) || at == 0 {
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
        let mut from = past_shouting(line, first_of_name_before(line, at), at);
        // `City of London Corporation`
        if from >= 2
            && line.lower(from - 1) == "of"
            && line.is_name(from - 2)
            && matches!(line.lower(from - 2), "city" | "state" | "port" | "bank")
        {
            from -= 2;
        }
        let mut end = at;
        while end > from && is(LEGAL, line.lower(end)) && line.lower(end) != "holdings" {
            end -= 1;
        }
        // `Promotion of Capital Investments`: an act or a programme.
        let act = at > 0 && word == "investments" && line.lower(from) == "capital";
        let nothing =
            act || from == at || from == end && (is(NO_FIRM, line.lower(from)) || is(TRADES, line.lower(from)));
        // `Group Co`, `Earth Co`: what is left of a name that began in small letters.
        let only_kinds = (from..=end).all(|n| {
            is(LEGAL, line.lower(n)) || is(TRADES, line.lower(n)) || matches!(line.lower(n), "earth" | "rare")
        });
        let nothing = nothing || only_kinds;
        // `Australian Mining`: an adjective and a trade.
        let national = !is(LEGAL, word)
            && !matches!(word, "bank" | "group")
            && from + 1 == end
            && (from..end).all(|n| line.tokens.get(n).is_some_and(|token| token.listed));
        let nothing = nothing || national;
        let generic = from + 1 == end && is(NO_FIRM, line.lower(from)) && !is(LEGAL, word);
        if nothing || generic || !is(LEGAL, word) && goes_on_as_something_else(line, from, at) {
            continue;
        }
        // `Toyota Rare Earths India`: the branch of a country.
        let branch = at == end
            && line.gap(at) == " "
            && is(BRANCHES, line.lower(at + 1))
            && line.tokens.get(at + 1).is_some_and(|token| token.capital);
        let (end, at) = if branch { (end + 1, at + 1) } else { (end, at) };
        // `Aluminum Corporation of China`
        let of_a_place = matches!(word, "corporation" | "corp" | "company" | "bank")
            && line.gap(at) == " "
            && line.lower(at + 1) == "of"
            && line.is_name(at + 2)
            && line.gap(at + 1) == " ";
        let (end, at) = if of_a_place { (at + 2, at + 2) } else { (end, at) };
        if let Some((_, name)) = line.span(from, end) {
            let name = name.trim_end_matches(" Company").trim_end_matches(" Joint Stock");
            // `Perak State Development Corporation`, `Asian Development Bank`: bodies of states.
            let public =
                matches!(word, "bank" | "corporation" | "corp") && (from..at).any(|n| is(PUBLIC, line.lower(n)));
            let kind = if public {
                EntityKind::Institution
            } else {
                EntityKind::Company
            };
            push(line, from, at, kind, name, found);
        }
    }
}

/// `Dong Pao`: short suffixes of firms that are also parts of names are written in capitals, `PAO`.
fn is_a_syllable(line: &Line<'_>, at: usize) -> bool {
    matches!(line.lower(at), "pao" | "ooo" | "spa" | "ag" | "kk" | "nv" | "asa")
        && !line
            .tokens
            .get(at)
            .is_some_and(|token| token.text.chars().skip(1).any(char::is_uppercase))
}

/// `Tyseley Energy Park`, `Critical Minerals Summit`: the word of a trade is not the last of the name.
fn goes_on_as_something_else(line: &Line<'_>, from: usize, at: usize) -> bool {
    // `the University's Magnetic Materials Group`: a part of an institution.
    let part = from > 0
        && line.is_possessed(from)
        && (from.saturating_sub(5)..from)
            .any(|n| matches!(line.lower(n), "university" | "institute" | "ministry" | "department"));
    part || line.gap(at) == " "
        && is(NO_FIRM_ENDS, line.lower(at + 1))
        && line.tokens.get(at + 1).is_some_and(|token| token.capital)
}

/// `Asian Rare Earth`, not `Chinese Rare Earth` nor `China Rare Earth Exports`.
fn own_earth(line: &Line<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(2) else { return false };
    line.joined(before)
        && line.is_name(before)
        && !line.tokens.get(before).is_some_and(|token| token.listed)
        && !is(NO_FIRM, line.lower(before))
        && !(line.gap(at) == " " && line.tokens.get(at + 1).is_some_and(|token| token.capital))
}

/// `HyProMag`, `EcoGraf`: a capital inside a word is a firm's; `NdFeB` and `MacDonald` are none.
fn inner_capital(line: &Line<'_>, found: &mut Vec<Candidate>) {
    for (at, token) in line.tokens.iter().enumerate() {
        let letters: Vec<char> = token.text.chars().collect();
        let inner = letters
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase()));
        let small = letters.iter().filter(|c| c.is_lowercase()).count();
        let plain = letters.iter().all(char::is_ascii_alphabetic);
        let family = ["Mc", "Mac", "De", "Di", "Le", "La", "Fitz", "Van", "O"]
            .iter()
            .any(|start| {
                token
                    .text
                    .strip_prefix(start)
                    .is_some_and(|rest| rest.starts_with(char::is_uppercase))
            });
        // `RESourceEU` is a programme.
        let programme = token.text.ends_with("EU");
        let firm =
            token.capital && !programme && inner && plain && !family && small >= 4 && (5..=14).contains(&letters.len());
        if !firm || token.listed || is(NO_CAMEL, &token.lower) {
            continue;
        }
        // A person's name, a hyphened compound, or a part of a longer name.
        let in_a_name =
            at > 0 && line.joined(at - 1) && line.is_name(at - 1) || line.joined(at) && line.is_name(at + 1);
        let in_a_word =
            line.gap(at).starts_with(['-', '.']) || at > 0 && line.gap(at - 1).ends_with(['-', '@', '.', '/', '#']);
        if !in_a_name && !in_a_word {
            push(line, at, at, EntityKind::Company, token.text, found);
        }
    }
}

/// `MAIN VEIN Rainbow Rare Earths`: two words in capitals before others are a caption, no part of the name.
fn past_shouting(line: &Line<'_>, from: usize, at: usize) -> usize {
    let shouts = |n: usize| {
        line.tokens
            .get(n)
            .is_some_and(|token| token.text.len() > 3 && !token.text.chars().any(char::is_lowercase))
    };
    let first = (from..at).find(|n| !shouts(*n)).unwrap_or(from);
    if first >= from + 2 { first } else { from }
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

/// `through his IST group`: a name before `group` in small letters.
fn grouped(line: &Line<'_>, found: &mut Vec<Candidate>) {
    for at in 1..line.tokens.len() {
        let named = line.is_name(at)
            && line.gap(at) == " "
            && line.lower(at + 1) == "group"
            && line.tokens.get(at + 1).is_some_and(|token| !token.capital)
            && !line.tokens.get(at).is_some_and(|token| token.listed)
            && matches!(line.lower(at - 1), "the" | "his" | "her" | "its" | "of" | "by" | "with");
        if named && let Some((_, name)) = line.span(at, at + 1) {
            push(line, at, at, EntityKind::Company, name, found);
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
            .any(|n| {
                is(KINDS, line.lower(n))
                    && !line.gap(n).starts_with(['\'', '\u{2019}'])
                    && !matches!(line.lower(n), "group" | "house" | "partner" | "operator")
            }),
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
    // `Steenkampskraal Monazite Mine (Pty) Ltd`
    if at >= 2 && gap == ") " && is(LEGAL, line.lower(at - 1)) && line.is_name(at - 2) {
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
    // `companies such as Iluka and Arafura`, `miners, including …`
    let plural = line.lower(at).ends_with('s') || line.lower(at) == "companies";
    let named = match (line.lower(at + 1), line.lower(at + 2)) {
        ("such", "as") => 3,
        ("like" | "including", _) => 2,
        _ => 1,
    };
    let mut from = at + if plural { named } else { 1 };
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
        let last_of_list = line.lower(from - 1) == "and";
        let in_list = plural && named > 1;
        let ends = line.gap(to).starts_with(',') || to + 1 == line.tokens.len();
        if apposed && !in_list && !ends {
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
        from = if plural && line.lower(to + 1) == "and" && !last_of_list {
            to + 2
        } else if in_list && line.gap(to) == ", " {
            to + 1
        } else {
            return;
        };
        if line.lower(from) == "and" {
            from += 1;
        }
    }
}
