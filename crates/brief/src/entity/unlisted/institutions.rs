//! Ministries, universities, agencies, newspapers by the words at either end of their names.

use super::form::{first_of_name, is, push};
use super::words::{DAYS, HEADLINE_VERBS, HEADS, NO_FIRM_ENDS, SURE_TAILS, TAILS};
use super::{Candidate, EntityKind, Line};
use crate::date::month;

/// Ministries, universities, agencies.
pub fn institutions(line: &Line<'_>, found: &mut Vec<Candidate>) {
    if line.is_shouted() {
        return;
    }
    let heading = line.is_heading();
    told(line, found);
    for at in 0..line.tokens.len() {
        let Some(token) = line.tokens.get(at) else { return };
        if !token.capital {
            continue;
        }
        // `the University of Birmingham's School of Metallurgy`: a part of an institution that is named.
        let part = at >= 2
            && matches!(
                &*token.lower,
                "school" | "department" | "faculty" | "institute" | "centre" | "center" | "college"
            )
            && line.is_possessed(at)
            && (at.saturating_sub(5)..at).any(|n| matches!(line.lower(n), "university" | "institute" | "academy"));
        // `Centre of Excellence`, `Centre for …`: what a site is called.
        let excellence = matches!(&*token.lower, "centre" | "center") && line.lower(at + 2) == "excellence";
        if part || excellence {
            continue;
        }
        // `the World Trade Organization on Monday` ends at the day.
        let titled = is(HEADS, &token.lower)
            && matches!(line.lower(at + 1), "of" | "for" | "on" | "to")
            && !is(DAYS, line.lower(at + 2))
            && month(line.lower(at + 2)).is_none()
            && line.gap(at) == " ";
        let to = if titled { end_of_title(line, at + 1) } else { at };
        // `Office of Gov. Abbott`
        let titled = titled && !matches!(line.lower(to), "gov" | "sen" | "rep" | "dr" | "mr");
        if titled && to > at + 1 {
            let mut from = at;
            while from > 0 && line.joined(from - 1) && line.is_name(from - 1) && at - from < 3 {
                from -= 1;
            }
            // `the Chinese Ministry of Foreign Affairs` is China's Ministry of Foreign Affairs.
            if &*token.lower == "ministry" && (from..at).all(|n| line.tokens.get(n).is_some_and(|token| token.listed)) {
                from = at;
            }
            let capital = |n: usize| line.tokens.get(n).is_some_and(|token| token.capital);
            // `News Agency of Nigeria`
            if from == at
                && at > 0
                && matches!(line.lower(at - 1), "news" | "press")
                && capital(at - 1)
                && line.joined(at - 1)
            {
                from -= 1;
            }
            // `Securities and Exchange Board of India`
            if from < at
                && from >= 2
                && line.lower(from - 1) == "and"
                && &*token.lower != "government"
                && line.is_name(from - 2)
                && line.gap(from - 2) == " "
                && line.gap(from - 1) == " "
                && !line.tokens.get(from - 2).is_some_and(|token| token.listed)
                && matches!(
                    &*token.lower,
                    "board" | "commission" | "administration" | "authority" | "council" | "agency"
                )
            {
                from -= 2;
            }
            if let Some((_, name)) = line.span(from, to)
                && token.lower != "government"
            {
                push(line, from, to, EntityKind::Institution, name, found);
            }
        } else if is(TAILS, &token.lower) && at > 0 && (!heading || is(SURE_TAILS, &token.lower)) && own_tail(line, at)
        {
            let from = first_of_name(line, at, 6);
            let from = (from..at).find(|n| line.is_name(*n)).unwrap_or(at);
            let only_listed = (from..at).all(|n| line.tokens.get(n).is_some_and(|token| token.listed));
            let from = if &*token.lower == "ministry" {
                over_a_list(line, from)
            } else {
                from
            };
            if from < at
                && !only_listed
                && let Some((_, name)) = line.span(from, at)
            {
                let any_listed = (from..at).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
                match name.strip_suffix(" Ministry").filter(|_| !any_listed) {
                    // One name for `Finance Ministry` and `Ministry of Finance`.
                    Some(of) => push(
                        line,
                        from,
                        at,
                        EntityKind::Institution,
                        &format!("Ministry of {of}"),
                        found,
                    ),
                    None => push(line, from, at, EntityKind::Institution, name, found),
                }
            }
        }
    }
}

/// `a witness told KNG`: an acronym that is told something is a news agency.
fn told(line: &Line<'_>, found: &mut Vec<Candidate>) {
    for at in 1..line.tokens.len() {
        let acronym = line.tokens.get(at).is_some_and(|token| {
            (3..=5).contains(&token.text.len()) && token.text.bytes().all(|b| b.is_ascii_uppercase()) && !token.listed
        });
        if acronym
            && line.lower(at - 1) == "told"
            && line.gap(at - 1) == " "
            && !(line.joined(at) && line.is_name(at + 1))
            && let Some((_, name)) = line.span(at, at)
        {
            push(line, at, at, EntityKind::Institution, name, found);
        }
    }
}

/// The first word of `Science, Technology and Innovation Ministry`.
fn over_a_list(line: &Line<'_>, from: usize) -> usize {
    let mut first = from;
    if first >= 2 && line.lower(first - 1) == "and" && line.is_name(first - 2) && line.gap(first - 2) == " " {
        first -= 2;
        while first >= 1 && line.gap(first - 1) == ", " && line.is_name(first - 1) {
            first -= 1;
        }
    }
    first
}

/// Whether the word before an end such as `Center` leaves it a name: `Data Center` is none, nor is a byline's `ET Bureau`.
fn own_tail(line: &Line<'_>, at: usize) -> bool {
    let before = line.lower(at.saturating_sub(1));
    let goes_on = line.gap(at) == " " && line.is_name(at + 1) && is(NO_FIRM_ENDS, line.lower(at + 1));
    match line.lower(at) {
        "center" | "centre" => {
            !goes_on
                && !matches!(
                    before,
                    "data"
                        | "shopping"
                        | "research"
                        | "conference"
                        | "convention"
                        | "recycling"
                        | "innovation"
                        | "community"
                        | "visitor"
                        | "media"
                        | "press"
                        | "news"
                )
        }
        "force" => !matches!(before, "task" | "work" | "labor" | "labour" | "driving"),
        "facility" => !matches!(
            before,
            "processing"
                | "production"
                | "separation"
                | "recycling"
                | "manufacturing"
                | "magnet"
                | "refining"
                | "metal"
        ),
        // `Overseas Investment Office`, not `Perth Office`.
        "office" => {
            at >= 2
                && line.joined(at - 2)
                && line.is_name(at - 2)
                && !matches!(
                    before,
                    "head" | "registered" | "corporate" | "field" | "sales" | "post" | "box"
                )
        }
        "bureau" => !(at == 1 && at + 1 == line.tokens.len()),
        _ => true,
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
        // `the Department of Commerce and USA Rare Earth`: a listed name after `and` is somebody else.
        let listed = |n: usize| line.tokens.get(n).is_some_and(|token| token.listed);
        if line.lower(at - 1) == "and" && listed(at) && !listed(at - 1) {
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
