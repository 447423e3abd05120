//! People by their form: a title before the name, a role after it, a verb of speech beside it, a given name.

mod words;

use std::collections::BTreeSet;

use self::words::{FAMILY, FAMILY_HYPHENED, NO_PERSON, PARTICLES, PORTFOLIOS, ROLES, SPEECH, STRONG, TITLES};
use super::{Candidate, EntityKind, Line};
use crate::text::fold;

/// People of a sentence.
pub fn people(line: &Line<'_>, given_names: &BTreeSet<String>, found: &mut Vec<Candidate>) {
    let heading = line.is_heading();
    let mut at = 0;
    while at < line.tokens.len() {
        let Some(to) = person_at(line, at, given_names, heading) else {
            at += 1;
            continue;
        };
        if let Some((range, name)) = line.span(at, to) {
            found.push(Candidate {
                range,
                kind: EntityKind::Person,
                name: tidy(name),
                role: role_before(line, at).or_else(|| role_after(line, to)),
                alias: None,
            });
        }
        at = to + 1;
    }
}

/// The last word of a person's name that begins here.
fn person_at(line: &Line<'_>, at: usize, given_names: &BTreeSet<String>, heading: bool) -> Option<usize> {
    if !looks_personal(line, at) || is_title(line, at) {
        return None;
    }
    let last = end_of_name(line, at);
    let words = last - at + 1;
    let given = line
        .tokens
        .get(at)
        .is_some_and(|token| given_names.contains(&fold(token.text)));
    let clean = (at..=last).all(|n| !NO_PERSON.contains(&line.lower(n)));
    let titled = at > 0 && title_reaches(line, at);
    // `a resident of Mai Ja Yang said`: a place.
    let lives = at >= 2
        && matches!(line.lower(at - 1), "of" | "in" | "from" | "near")
        && matches!(
            line.lower(at - 2),
            "resident" | "residents" | "villager" | "villagers" | "town" | "village" | "people"
        );
    if !clean || lives || PORTFOLIOS.contains(&line.lower(at)) {
        return None;
    }
    if words >= 2 && given && !line.tokens.get(at).is_some_and(|token| token.listed) {
        return Some(last.min(at + 3));
    }
    if (2..=4).contains(&words) && signs(line, at) {
        return Some(last);
    }
    if heading {
        return None;
    }
    let before = if at > 0 { line.lower(at - 1) } else { "" };
    if titled && (words >= 2 || STRONG.contains(&before) && line.tokens.get(at).is_some_and(|t| t.text.len() > 1)) {
        return Some(last.min(at + 3));
    }
    let listed = (at..=last).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
    if !listed && (2..=4).contains(&words) && family_first(line, at, last) {
        return Some(last);
    }
    if !(2..=4).contains(&words) || listed {
        return None;
    }
    // `Mai Ja Yang said`: the end of a longer name.
    if at > 0 && line.joined(at - 1) && looks_personal(line, at - 1) && !title_reaches(line, at) {
        return None;
    }
    let gap_before = at.checked_sub(1).map_or("", |before| line.gap(before));
    let spoken_by = line.gap(last) == " " && SPEECH.contains(&line.lower(last + 1))
        || SPEECH.contains(&before) && gap_before == " " && before != "told";
    // `led by Dwayne Menezes`
    let led = words <= 3
        && before == "by"
        && gap_before == " "
        && at >= 2
        && matches!(line.lower(at - 2), "led" | "headed" | "chaired" | "co-founded");
    let signed = matches!(before, "analyst" | "by" | "author" | "contact" | "credit" | "photo")
        && (gap_before == ": " || begins_line(line, at - 1));
    let described =
        line.gap(last) == ", " && has_role(line, last + 1) || line.gap(last) == " (" && has_role(line, last + 1);
    // `the director of the institute, Bagdaulet Kenzhaliyev, told`
    let apposed =
        gap_before == ", " && line.gap(last).starts_with(',') && (at.saturating_sub(10)..at).any(|n| is_title(line, n));
    (apposed || led || spoken_by && before != "the" || signed || described && before != "the").then_some(last)
}

/// `Peng Bo`, `Nguyen Hong Dien`, `Bang Moon-kyu`: a family name that comes first, then one or more given names.
fn family_first(line: &Line<'_>, at: usize, last: usize) -> bool {
    let inside = at > 0 && line.joined(at - 1) && line.is_name(at - 1) && !is_title(line, at - 1);
    let hyphened = |n: usize| {
        line.tokens.get(n).is_some_and(|token| {
            token
                .text
                .split_once('-')
                .is_some_and(|(_, second)| second.starts_with(char::is_lowercase) && second.len() < 7)
        })
    };
    !inside
        && (FAMILY.contains(&line.lower(at))
            || FAMILY_HYPHENED.contains(&line.lower(at)) && last == at + 1 && hyphened(last))
}

/// `(Reporting by Geert De Clercq and …; Editing by …)`, `By Khanh Vu and Francesco Guarascio`: who wrote it.
fn signs(line: &Line<'_>, at: usize) -> bool {
    let mut by = at;
    // Back over names and `and`.
    while by > 0
        && at - by < 9
        && matches!(line.gap(by - 1), " " | ", " | ", and ")
        && (looks_personal(line, by - 1) && line.lower(by - 1) != "by" || line.lower(by - 1) == "and")
    {
        by -= 1;
    }
    let Some(by) = by.checked_sub(1) else { return false };
    let work = by.checked_sub(1).map_or("", |work| line.lower(work));
    let opens = by == 0 || line.gap(by - 1).ends_with(['(', '\n', ';', '|']);
    line.lower(by) == "by"
        && line.gap(by) == " "
        && (matches!(work, "reporting" | "writing" | "editing" | "written" | "edited")
            || opens && line.tokens.get(by).is_some_and(|token| token.capital))
}

/// Whether a word begins its line.
fn begins_line(line: &Line<'_>, at: usize) -> bool {
    line.tokens
        .get(at)
        .is_some_and(|token| token.range.start == line.range.start)
        || at.checked_sub(1).is_some_and(|before| line.gap(before).contains('\n'))
}

/// Whether a title stands right before, also over a comma-free `and CEO`.
fn title_reaches(line: &Line<'_>, at: usize) -> bool {
    is_title(line, at - 1) && matches!(line.gap(at - 1), " " | ". " | "\n" | ": ")
        || at >= 2
            && is_title(line, at - 2)
            && line.gap(at - 2) == " "
            && line.lower(at - 1) == "general"
            && line.gap(at - 1) == " "
        // `Minister of Commerce Chen Deming`, `Minister of Mines and Steel Development Dele Alake`
        || after_portfolio(line, at)
}

/// Whether a title and what it is of stand before a name.
fn after_portfolio(line: &Line<'_>, at: usize) -> bool {
    let part = |n: usize| PORTFOLIOS.contains(&line.lower(n)) || matches!(line.lower(n), "and" | "natural" | "foreign");
    let mut first = at;
    while first > 0 && at - first < 6 && part(first - 1) && matches!(line.gap(first - 1), " " | ", ") {
        first -= 1;
    }
    first < at
        && line.gap(at - 1) == " "
        && first >= 2
        && matches!(line.lower(first - 1), "of" | "for")
        && is_title(line, first - 2)
}

fn is_title(line: &Line<'_>, at: usize) -> bool {
    let lower = line.lower(at).trim_end_matches('.');
    // `General Motors` is no officer.
    (STRONG.contains(&lower) || TITLES.contains(&lower)) && !(lower == "general" && line.lower(at + 1) == "motors")
}

fn looks_personal(line: &Line<'_>, at: usize) -> bool {
    let Some(token) = line.tokens.get(at) else { return false };
    token.capital
        && !super::STARTS.contains(&token.lower.as_str())
        && token
            .text
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '\u{2019}' | '.'))
}

/// As many joined words with capitals as make a name; particles inside count.
fn end_of_name(line: &Line<'_>, at: usize) -> usize {
    let mut last = at;
    while last - at < 4 {
        let next = last + 1;
        let gap = line.gap(last);
        let initial = line
            .tokens
            .get(last)
            .is_some_and(|token| token.text.chars().count() == 1);
        if gap != " " && !(gap == ". " && initial) {
            break;
        }
        // `Madeleine King`: a title that is a surname.
        let surname = last == at
            && !is_title(line, at)
            && matches!(
                line.lower(next),
                "king" | "prince" | "lord" | "major" | "justice" | "sen" | "chancellor" | "head"
            )
            && line.tokens.get(next).is_some_and(|token| token.capital)
            && !looks_personal(line, next + 1);
        if looks_personal(line, next) && (!is_title(line, next) || surname) {
            last = next;
        } else if PARTICLES.contains(&line.lower(next)) && looks_personal(line, next + 1) && line.gap(next) == " " {
            last = next + 1;
        } else {
            break;
        }
    }
    last
}

fn has_role(line: &Line<'_>, from: usize) -> bool {
    (from..from + 6)
        .take_while(|n| *n == from || matches!(line.gap(n - 1), " " | "\n" | "-"))
        .any(|n| ROLES.contains(&line.lower(n)))
}

/// `Deputy Prime Minister` before `Tran Hong Ha`.
fn role_before(line: &Line<'_>, at: usize) -> Option<String> {
    let title = at.checked_sub(1)?;
    if !is_title(line, title) || !matches!(line.gap(title), " " | ". " | "\n") {
        return None;
    }
    let mut from = title;
    while from > 0 && title - from < 5 && line.joined(from - 1) {
        let before = from - 1;
        let part = line
            .tokens
            .get(before)
            .is_some_and(|token| token.capital && !super::STARTS[..90].contains(&token.lower.as_str()))
            || [
                "chief",
                "special",
                "deputy",
                "vice",
                "prime",
                "foreign",
                "industry",
                "former",
                "senior",
                "managing",
                "executive",
                "press",
                "general",
            ]
            .contains(&line.lower(before));
        if !part {
            break;
        }
        from = before;
    }
    line.span(from, title).map(|(_, words)| words.to_owned())
}

/// `, President and CEO of Neo` after the name, to the next comma or verb.
fn role_after(line: &Line<'_>, last: usize) -> Option<String> {
    if line.gap(last) != ", " || !has_role(line, last + 1) {
        return None;
    }
    let mut to = last + 1;
    while to + 1 < line.tokens.len()
        && to - last < 9
        && matches!(line.gap(to), " " | "-" | "\n")
        && !SPEECH.contains(&line.lower(to + 1))
    {
        to += 1;
    }
    let (_, words) = line.span(last + 1, to)?;
    (!words.starts_with("who")).then(|| words.to_owned())
}

/// `SCOTT BESSENT` is Scott Bessent.
fn tidy(name: &str) -> String {
    // Burmese `U` and `Daw` are forms of address.
    let name = ["U ", "Daw "]
        .iter()
        .find_map(|form| name.strip_prefix(form).filter(|rest| rest.contains(' ')))
        .unwrap_or(name);
    let shouting = name.chars().all(|c| !c.is_lowercase()) && name.chars().count() > 4;
    let words = name.split_whitespace().map(|word| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if shouting => first.to_string() + &letters.as_str().to_lowercase(),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
