//! Parts of sentences: clauses, and who in them takes part.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::cities::Cities;
use super::press::is_source;
use super::{EventKind, Party};
use crate::amount::Amount;
use crate::entity::{Entity, EntityKind, Found, Mention};

/// Where a sentence may be cut without tearing an event apart.
fn cuts() -> Option<&'static Regex> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    PATTERN
        .get_or_init(|| {
            Regex::new(r"(?:; |, and (?:the |it |he |she |its |they |we |[A-Z])|, (?:while|but|whereas|which|when|adding|becoming|although|though|where) |\s(?:—|–|--)\s| after | because | (?:said|told reporters|added) that | and (?:signed|agreed|announced) |, and (?:expanded|extended|widened|added|suspended|paused|lifted|raised|signed|agreed|plans?|will|has|have) | before (?:suspending|pausing|lifting|delaying|postponing) |, (?:is|was|has) |, (?:and )?(?:the )?(?:\w+ )?prices? (?:of|for) |, and an? (?:increase|decrease|rise|fall|drop) |,? (?:amid|despite|bearing in mind|citing|in response to|reacting to) |\. (?:[A-Z])|, (?:and |while )?\p{L}+um(?: oxide| metal)? (?:rose|fell|gained|lost|dipped|slid|climbed|dropped|eased|firmed|jumped|added|shed|surged|slipped|declined|rallied) )").ok()
        })
        .as_ref()
}

/// The clauses of a sentence.
pub(super) fn clauses(text: &str, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let words = text.get(sentence.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut start = sentence.start;
    if let Some(cuts) = cuts() {
        for cut in cuts.find_iter(words) {
            let at = sentence.start + cut.start();
            if at > start + 20 && sentence.end > at + 20 {
                found.push(start..at);
                start = at;
            }
        }
    }
    found.push(start..sentence.end);
    found
}

/// Those who act in a range, in the order of the text, without the same one twice.
pub(super) fn parties(text: &str, found: &Found, range: &Range<usize>, kind: EventKind, states: bool) -> Vec<Party> {
    let mut all: Vec<Party> = Vec::new();
    let mentions: Vec<(&Mention, &Entity)> = found.within(range).collect();
    for (at, (mention, entity)) in mentions.iter().enumerate() {
        if !entity.kind.acts() || is_source(text, mention, entity, kind) {
            continue;
        }
        // Firms pay duties; none sets them.
        if kind == EventKind::Tariff && entity.kind == EntityKind::Company {
            continue;
        }
        if entity.kind == EntityKind::Country
            && !country_acts(text, (mention, entity), mentions.get(at + 1).copied(), kind)
        {
            continue;
        }
        add(&mut all, entity.key.clone(), entity.name.clone(), entity.kind);
        // What a ministry limits or taxes its state does.
        let governs = matches!(kind, EventKind::Quota | EventKind::Tariff | EventKind::ExportControl);
        if (states || governs)
            && entity.kind == EntityKind::Institution
            && let Some(place) = &entity.place
        {
            add(&mut all, place.clone(), name_of(found, place), EntityKind::Country);
        }
    }
    // People speak for their countries where nobody else does.
    if matches!(
        kind,
        EventKind::Talks | EventKind::Agreement | EventKind::Stockpile | EventKind::Tariff | EventKind::Sanction
    ) {
        for (_, entity) in &mentions {
            if entity.kind == EntityKind::Person
                && all.iter().filter(|party| party.kind == EntityKind::Country).count() < 2
                && let Some(place) = &entity.place
            {
                add(&mut all, place.clone(), name_of(found, place), EntityKind::Country);
            }
        }
    }
    all
}

/// The name of a country, where the text names it; else its code.
fn name_of(found: &Found, place: &str) -> String {
    let known = found
        .entities
        .iter()
        .find(|entity| entity.kind == EntityKind::Country && entity.key == place);
    known.map_or_else(|| place.to_owned(), |entity| entity.name.clone())
}

fn add(all: &mut Vec<Party>, key: String, name: String, kind: EntityKind) {
    if !all.iter().any(|party| party.key == key) {
        all.push(Party { key, name, kind });
    }
}

/// Whether a country takes part: not as the place of something, nor as the origin of a firm named next.
fn country_acts(text: &str, own: (&Mention, &Entity), next: Option<(&Mention, &Entity)>, kind: EventKind) -> bool {
    let mention = own.0;
    let before = text.get(..mention.range.start).unwrap_or_default();
    let words = text.get(mention.range.clone()).unwrap_or_default();
    let after = text.get(mention.range.end..).unwrap_or_default();
    let placed = [
        " in ",
        " in the ",
        " at ",
        "In ",
        " near ",
        " outside ",
        " across ",
        " northern ",
        " southern ",
        " western ",
        " eastern ",
        " outside of ",
    ];
    // Capitals or not: ` IN MALAYSIA`.
    let mut from = before.len().saturating_sub(14);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let near = before.get(from..).unwrap_or_default().to_lowercase();
    let near = near.as_str();
    let is_place = placed.iter().any(|place| near.ends_with(&place.to_lowercase()))
        || ["eastern ", "western "].iter().any(|part| near.ends_with(part));
    if is_place && !(matches!(kind, EventKind::ExportControl | EventKind::Licence) && before.ends_with(" in ")) {
        return false;
    }
    if COMPARED.iter().any(|words| near.ends_with(words)) {
        return false;
    }
    // `US-based United Rare Earths`: where a firm comes from.
    if ["-based", "-listed", "-headquartered", "-backed"]
        .iter()
        .any(|end| after.starts_with(end))
    {
        return false;
    }
    // `SYDNEY, Australia`, `Narva, Estonia,`: where, not who.
    if before.ends_with(", ")
        && (after.starts_with(',') || after.starts_with(" -"))
        && before.trim_end_matches(", ").ends_with(char::is_alphabetic)
        && kind != EventKind::Talks
    {
        return false;
    }
    let adjective = *words != *own.1.name
        && ["ese", "an", "sh", "ch", "U.S."].iter().any(|end| words.ends_with(end))
        && !words.ends_with("stan")
        && !is_noun(words, after);
    // `The Canadian company`, `the German engineering house`: a firm acts, whose name stands elsewhere.
    if adjective && is_of_firm(after) && matches!(kind, EventKind::Talks | EventKind::Agreement) {
        return false;
    }
    // `Japanese trading house Sojitz`: the firm acts, not Japan.
    let firm_next = next.is_some_and(|(mention_next, entity)| {
        let gap = text
            .get(mention.range.end..mention_next.range.start)
            .unwrap_or_default();
        matches!(
            entity.kind,
            EntityKind::Company | EntityKind::Institution | EntityKind::Person
        ) && gap.len() < 36
            && !gap.contains([',', '.', ';'])
            && !gap.contains(" and ")
    });
    // `Chinese workers`, `the Malaysian kilns`, `China's grip`: people, plants and things of a country are not the country.
    let buys = kind == EventKind::Offtake && of_buyers(after);
    if !is_of_states(kind) && (adjective || is_possessive(after)) && !of_a_state(after) && !buys {
        return false;
    }
    let state_kind = matches!(
        kind,
        EventKind::Talks
            | EventKind::Agreement
            | EventKind::ExportControl
            | EventKind::Tariff
            | EventKind::Sanction
            | EventKind::Quota
    );
    !(adjective && firm_next && !state_kind)
}

/// What states do rather than firms.
pub(super) fn is_of_states(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Talks
            | EventKind::Agreement
            | EventKind::ExportControl
            | EventKind::Tariff
            | EventKind::Sanction
            | EventKind::Quota
            | EventKind::Stockpile
    )
}

/// Words after which a country is what something is compared with or kept from; it does not act.
const COMPARED: &[&str] = &[
    "reliance on ",
    "dependence on ",
    "dependency on ",
    "dependent on ",
    "rely on ",
    "relies on ",
    "depend on ",
    "depends on ",
    "competitor to ",
    "alternative to ",
    "alternatives to ",
    "rivals such as ",
    "such as ",
    "away from ",
    "beyond ",
    "unlike ",
    "independent of ",
    "without ",
    "lean on ",
    "leans on ",
    "leaning on ",
    "lean less on ",
    "rely less on ",
    "depend less on ",
    "reliant on ",
    "relying on ",
    "depending on ",
    "dominated by ",
    "compete with ",
    "competing with ",
    "catch up with ",
];

/// `the U.S. has committed`, `together with the U.S. to`: the state, where `the U.S. miner` is none.
fn is_noun(words: &str, after: &str) -> bool {
    const NEXT: &[&str] = &[
        "has", "had", "have", "is", "was", "will", "would", "may", "could", "can", "and", "or", "to", "in", "on", "as",
        "said", "agreed", "signed", "which", "with", "by", "for", "from", "that", "after",
    ];
    let next = after
        .trim_start()
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    words.ends_with("U.S.") && (after.starts_with([',', ';', ':', ')', '\n']) || NEXT.contains(&next))
}

/// `Canadian company`, `German engineering house`: up to two words and the noun of one firm.
fn is_of_firm(after: &str) -> bool {
    const NOUNS: &[&str] = &[
        "company",
        "firm",
        "group",
        "miner",
        "producer",
        "maker",
        "developer",
        "manufacturer",
        "explorer",
        "giant",
        "house",
        "concern",
        "conglomerate",
        "startup",
        "start-up",
    ];
    let words = after.split([' ', '\n']).filter(|word| !word.is_empty());
    let mut near = words
        .take(3)
        .take_while(|word| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
    after.starts_with([' ', '\n']) && near.any(|word| NOUNS.contains(&word))
}

/// `a factory in Vietnam`, `the Vietnamese works`: the country whose plant opens or closes, where no firm is named.
pub(super) fn country_of_works(text: &str, found: &Found, range: &Range<usize>) -> Option<Party> {
    const WORKS: &[&str] = &[
        "plant",
        "plants",
        "works",
        "factory",
        "factories",
        "mine",
        "mines",
        "refinery",
        "refineries",
        "smelter",
        "smelters",
        "facility",
        "facilities",
    ];
    let is_works = |word: &str| WORKS.contains(&word);
    let country = found.within(range).find(|(mention, entity)| {
        let before = text.get(range.start..mention.range.start).unwrap_or_default();
        let after = text.get(mention.range.end..range.end).unwrap_or_default();
        let inside = before
            .strip_suffix(" in ")
            .and_then(|rest| rest.rsplit(' ').next())
            .is_some_and(is_works);
        let adjective = text.get(mention.range.clone()) != Some(entity.name.as_str());
        let own = adjective && after.starts_with(' ') && after.split_whitespace().take(2).any(is_works);
        entity.kind == EntityKind::Country && (inside || own)
    });
    country.map(|(_, entity)| Party {
        key: entity.key.clone(),
        name: entity.name.clone(),
        kind: EntityKind::Country,
    })
}

fn is_possessive(after: &str) -> bool {
    ["'s ", "\u{2019}s ", "' ", "\u{2019} "]
        .iter()
        .any(|end| after.starts_with(end))
}

/// `to the Japanese market`: who buys.
fn of_buyers(after: &str) -> bool {
    [
        " market",
        " customers",
        " manufacturers",
        " buyers",
        " industry",
        " makers",
    ]
    .iter()
    .any(|noun| after.starts_with(noun))
}

/// Whether what follows an adjective or possessive of a country is its state: `Malaysian authorities`, `Russia's Federal …`.
fn of_a_state(after: &str) -> bool {
    const OFFICES: &[&str] = &[
        "government",
        "authorities",
        "authority",
        "ministry",
        "minister",
        "ministers",
        "officials",
        "official",
        "president",
        "premier",
        "regulator",
        "regulators",
        "state",
        "parliament",
        "court",
        "courts",
        "cabinet",
        "customs",
        "army",
        "military",
        "junta",
        "police",
        "council",
        "administration",
        "prime",
        "side",
        "leaders",
        "leader",
        "commerce",
        "foreign",
        "federal",
        "central",
        "national",
        "development",
        "export",
    ];
    let words = after.trim_start_matches(['\'', '\u{2019}']);
    let words = words.strip_prefix("s ").unwrap_or(words).trim_start();
    words
        .split(|c: char| !c.is_alphanumeric())
        .take(3)
        .any(|word| OFFICES.contains(&word.to_lowercase().as_str()))
}

/// Elements, groups, deposits, plants and technologies of a range.
pub(super) fn objects(found: &Found, range: &Range<usize>) -> Vec<Party> {
    let mut all = Vec::new();
    for (_, entity) in found.within(range) {
        if !entity.kind.acts() && entity.kind != EntityKind::Person {
            add(&mut all, entity.key.clone(), entity.name.clone(), entity.kind);
        }
    }
    all
}

/// The country something happens in: that of a town named after `in`, one named so itself, or that of a deposit or
/// plant. Where two sides talk or sign about a plant, the plant is not where they do so.
pub(super) fn place(
    text: &str,
    found: &Found,
    range: &Range<usize>,
    cities: &Cities,
    kind: EventKind,
) -> Option<String> {
    let before = |mention: &Mention| text.get(range.start..mention.range.start).unwrap_or_default();
    let named = found
        .within(range)
        .filter(|(mention, entity)| {
            entity.kind == EntityKind::Country
                && ([" in ", " in the ", "In ", " across "]
                    .iter()
                    .any(|words| before(mention).ends_with(words))
                    || [" northern ", " southern ", " western ", " eastern ", " central "]
                        .iter()
                        .any(|part| before(mention).ends_with(&format!(" in{part}")))
                    || after_town(before(mention)))
        })
        .map(|(mention, entity)| {
            (
                mention.range.start,
                entity.place.clone().unwrap_or_else(|| entity.key.clone()),
            )
        })
        .next();
    let town = cities.first_in(text, range);
    let first = match (named, town) {
        (Some(named), Some(town)) => Some(if town.0 <= named.0 { town.1 } else { named.1 }),
        (named, town) => named.or(town).map(|(_, place)| place),
    };
    let speaks = matches!(kind, EventKind::Talks | EventKind::Agreement);
    if first.is_some() || speaks {
        return first;
    }
    let site = {
        found.within(range).find(|(_, entity)| {
            matches!(entity.kind, EntityKind::Deposit | EntityKind::Plant) && entity.place.is_some()
        })
    };
    site.and_then(|(_, entity)| entity.place.clone())
}

/// A country as a party, by its code; by its name where the text names it.
pub(super) fn country(found: &Found, place: &str) -> Party {
    Party {
        key: place.to_owned(),
        name: name_of(found, place),
        kind: EntityKind::Country,
    }
}

/// `in Narva, ` before a country.
fn after_town(before: &str) -> bool {
    before.strip_suffix(", ").is_some_and(|town| {
        let mut words = town.rsplit(' ');
        let name = words.next().is_some_and(|word| word.starts_with(char::is_uppercase));
        name && words.take(3).any(|word| matches!(word, "in" | "at" | "near"))
    })
}

/// `Kazakhstan and Japan to open talks`: in a headline the infinitive is the future.
pub(super) fn is_headline_ahead(words: &str) -> bool {
    const VERBS: &[&str] = &[
        "open", "hold", "build", "buy", "start", "launch", "resume", "meet", "impose", "sign", "invest", "supply",
        "restart", "cut", "raise", "close", "sell", "expand", "suspend", "halt", "lift", "develop", "acquire", "begin",
        "discuss", "lend", "fund", "ban", "curb", "ease", "take", "form", "produce", "process",
    ];
    let short = words.len() < 140 && !words.trim_end().ends_with(['.', '"', '\u{201d}']);
    short
        && words
            .to_lowercase()
            .split(" to ")
            .skip(1)
            .any(|rest| rest.split_whitespace().next().is_some_and(|verb| VERBS.contains(&verb)))
}

/// `A$91.5 million, or about US$59m`: what stands between a sum and the same in another currency.
fn is_same_sum(gap: &str) -> bool {
    matches!(
        gap.trim_start_matches([',', ' ']),
        "(" | "(or" | "or" | "(equivalent to" | "equivalent to" | "equal to" | "(equal to" | "\u{2248}" | "(\u{2248}"
    )
}

/// `A$400 million ($257 million)`: the same sum in another currency is no second one.
pub(super) fn without_conversions(text: &str, mut all: Vec<Amount>) -> Vec<Amount> {
    let converted = |amount: &Amount, before: Option<&Amount>| {
        before.is_some_and(|before| {
            let gap = text.get(before.span.end()..amount.span.start()).unwrap_or_default();
            before.is_money() && amount.is_money() && before.unit != amount.unit && is_same_sum(gap.trim())
        })
    };
    let drop: Vec<bool> = all
        .iter()
        .enumerate()
        .map(|(at, amount)| converted(amount, at.checked_sub(1).and_then(|before| all.get(before))))
        .collect();
    let mut drop = drop.into_iter();
    all.retain(|_| !drop.next().unwrap_or_default());
    all
}
