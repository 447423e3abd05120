//! Deposits and plants by the noun that follows their name.

use super::form::{first_of_name, is, push};
use super::words::{LEGAL, MADE, METALS, REGIONS, TRADES};
use super::{Candidate, EntityKind, Line};

/// `Wandarrie Project`, `Kuirektykol deposit`, `the Lost Creek mine`.
pub fn sites(line: &Line<'_>, found: &mut Vec<Candidate>) {
    if line.is_shouted() {
        return;
    }
    for at in 1..line.tokens.len() {
        let kind = match line.lower(at) {
            "deposit" | "mine" | "project" | "prospect" | "deposits" | "property" => EntityKind::Deposit,
            "refinery" | "smelter" | "factory" | "plant" | "facility" => EntityKind::Plant,
            // `the Kingston Centre of Excellence`
            "centre" | "center" if line.lower(at + 2) == "excellence" => EntityKind::Plant,
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
            // `the Kwale mineral sands mine`, `rare earth clay project`
            while before >= 2
                && line.gap(before - 1) == " "
                && matches!(
                    line.lower(before - 1),
                    "earth"
                        | "earths"
                        | "rare"
                        | "mineral"
                        | "heavy"
                        | "light"
                        | "ionic"
                        | "and"
                        | "sands"
                        | "element"
                        | "elements"
                )
                && !line.is_name(before - 1)
            {
                before -= 1;
            }
        }
        // `the Wicheeda Rare Earth Element Deposit`
        let mut named = before;
        while named >= 2 && line.joined(named - 1) && is(METALS, line.lower(named - 1)) {
            named -= 1;
        }
        if named < before && line.joined(named - 1) && line.is_name(named - 1) {
            before = named;
        }
        let adjective = matches!(
            line.lower(before.saturating_sub(1)),
            "european" | "american" | "asian" | "african" | "western"
        ) || is(REGIONS, line.lower(before.saturating_sub(1)));
        if before == 0 || !line.joined(before - 1) || !line.is_name(before - 1) || adjective {
            continue;
        }
        let from = first_of_name(line, before - 1, 2);
        let any_listed = (from..before).any(|n| line.tokens.get(n).is_some_and(|token| token.listed));
        let firm = (from..before).any(|n| is(TRADES, line.lower(n)) || is(LEGAL, line.lower(n)));
        // `the pilot plant`, `the demonstration facility`: what kind of site it is.
        let kind_of_site = from + 1 == before
            && matches!(
                line.lower(from),
                "pilot" | "demonstration" | "demo" | "commercial" | "that" | "flagship" | "phase"
            );
        if !any_listed && !firm && !kind_of_site {
            let excellence = line.lower(at + 2) == "excellence" && matches!(line.lower(at), "centre" | "center");
            let to = if excellence { at + 2 } else { before - 1 };
            if let Some((_, name)) = line.span(from, to) {
                push(line, from, to, kind, name, found);
            }
        }
    }
}
