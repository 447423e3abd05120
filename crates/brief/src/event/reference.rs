//! What refers back to what was told before: `The deal`, `The company`, `It`.

use std::ops::Range;

use super::merge::conflict;
use super::{Context, Event, EventKind, Party};
use crate::amount::{Amount, amounts};
use crate::entity::EntityKind;

/// `The acquisition has received consent`: what was told before.
pub(super) fn is_definite(words: &str, kind: EventKind) -> bool {
    // `Production is to begin`, `The plant will come up in Orissa`: of the plant told of before.
    let steps = [
        "Production ",
        "Construction ",
        "Commissioning ",
        "The plant ",
        "The facility ",
        "The factory ",
        "The refinery ",
        "The mine ",
        "The line ",
        "The new ",
        "Its capacity ",
        "Its annual ",
    ];
    if kind == EventKind::Opening && steps.iter().any(|start| words.starts_with(start)) {
        return true;
    }
    words.strip_prefix("The ").is_some_and(|rest| {
        [
            "deal ",
            "transaction ",
            "agreement ",
            "acquisition ",
            "takeover ",
            "offer ",
            "bid ",
            "merger ",
            "loan ",
            "investment ",
            "funding ",
            "financing ",
        ]
        .iter()
        .any(|noun| rest.starts_with(noun))
    })
}

/// `the Perth-based miner`, `the company`, `we` of a release: a firm that is not named.
pub(super) fn speaks_of_itself(words: &str) -> bool {
    const NOUNS: &[&str] = &[
        "company",
        "firm",
        "group",
        "miner",
        "developer",
        "explorer",
        "startup",
        "start-up",
        "recycler",
    ];
    let lower = words.to_lowercase();
    let mut list = lower
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty());
    let mut since = usize::MAX;
    list.any(|word| {
        // `the largest company`, `the only firm`: anybody.
        let superlative = word.ends_with("est") || matches!(word, "only" | "first" | "second" | "most");
        since = match word {
            "the" => 0,
            _ if superlative => usize::MAX,
            _ => since.saturating_add(1),
        };
        matches!(word, "we" | "our") || NOUNS.contains(&word) && since <= 3
    })
}

/// `The company`, `The Australian-listed miner` as the subject.
pub(super) fn names_firm(words: &str) -> bool {
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
        "recycler",
        "startup",
        "start-up",
    ];
    words.strip_prefix("The ").is_some_and(|rest| {
        // Not `The group's`: something of the firm, which the next words name.
        let mut near = rest.split(' ').take(3).map(|word| word.trim_end_matches([',', '.']));
        near.find(|word| NOUNS.contains(word) || is_joint(word))
            .is_some_and(|word| NOUNS.contains(&word))
    })
}

/// Words at which a subject has ended.
fn is_joint(word: &str) -> bool {
    matches!(
        word,
        "of" | "and" | "is" | "has" | "will" | "was" | "that" | "which" | "in" | "to" | "from" | "with" | "between"
    )
}

/// `It has taken over`, `In April it committed`: the subject of before. `It is clear that` has none.
pub(super) fn begins_with_it(words: &str) -> bool {
    let head: String = words.chars().take(70).collect();
    let empty = ["It is ", "It was ", "It remains ", "It would be ", "It will be "];
    let that = empty.iter().any(|start| head.starts_with(start)) && (head.contains(" that ") || head.contains(" to "));
    let starts = [
        "In ", "Last ", "On ", "This ", "By ", "Earlier", "Since ", "At ", "Later", "Then ", "Under ",
    ];
    let late = starts.iter().any(|start| head.starts_with(start)) && head.find(" it ").is_some_and(|at| at < 28);
    head.starts_with("It ") && !that || late
}

/// The firm that is the subject of a sentence: the only one at its beginning. A list of firms is no `it`.
pub(super) fn subject(context: &Context<'_>, sentence: &Range<usize>) -> Option<Party> {
    let text = context.text.as_str();
    let mut firms = context
        .found
        .within(sentence)
        .filter(|(_, entity)| entity.kind == EntityKind::Company);
    let (mention, entity) = firms.next()?;
    let before = text.get(sentence.start..mention.range.start)?;
    let oblique = [
        " with ", " by ", " from ", " of ", " to ", " for ", " told ", " at ", " said ",
    ];
    let padded = format!(" {before}");
    if before.len() > 50 || oblique.iter().any(|word| padded.contains(word)) {
        return None;
    }
    let listed = firms.next().is_some_and(|(next, _)| {
        let gap = text.get(mention.range.end..next.range.start).unwrap_or_default();
        matches!(gap.trim(), "," | "and" | "&" | ", and" | "or")
    });
    (!listed).then(|| Party {
        key: entity.key.clone(),
        name: entity.name.clone(),
        kind: entity.kind,
    })
}

/// Whether an event goes on with the one before: of its kind, without another sum.
pub(super) fn goes_on(last: &Event, event: &Event) -> bool {
    let same_sum = |amount: &Amount| last.amounts.iter().all(|own| !own.is_money() || !conflict(own, amount));
    last.kind == event.kind && event.amounts.iter().filter(|amount| amount.is_money()).all(same_sum)
}

/// `The deal could value the stake at about $150 million`, `A$1.2 billion to get the reserve going`: an amount of the event
/// told before.
pub(super) fn more_about(context: &Context<'_>, sentence: &Range<usize>, events: &mut [Event]) {
    let Some(words) = context.text.slice(sentence) else {
        return;
    };
    let last = events.last().map(|event| event.kind);
    let kinds: &[EventKind] = if is_definite(words, EventKind::Agreement) {
        &[
            EventKind::Acquisition,
            EventKind::Investment,
            EventKind::Offtake,
            EventKind::Agreement,
        ]
    } else if words.contains("the reserve") || words.contains("the stockpile") {
        &[EventKind::Stockpile]
    } else {
        return;
    };
    let reserve = kinds.contains(&EventKind::Stockpile);
    let told = events.iter_mut().rev().find(|event| kinds.contains(&event.kind));
    let Some(event) =
        told.filter(|event| (reserve || last == Some(event.kind)) && !event.amounts.iter().any(Amount::is_money))
    else {
        return;
    };
    let money = amounts(context.text, sentence).into_iter().find(Amount::is_money);
    if let (Some(money), Some(span)) = (money, context.text.span(sentence.clone())) {
        event.amounts.insert(0, money);
        event.spans.add(span);
    }
}

/// Whether a sentence speaks of somebody named before.
pub(super) fn refers_back(words: &str) -> bool {
    [
        "It ",
        "The company",
        "The firm",
        "The group",
        "The deal",
        "The agreement",
        "The two",
        "The acquisition",
        "The transaction",
        "The takeover",
        "The project",
        "The plant",
        "The mine",
        "Both ",
        "They ",
        "The letter",
        "He ",
        "She ",
    ]
    .iter()
    .any(|start| words.starts_with(start))
        || [" it ", " its ", " they ", " the company", " the two sides"]
            .iter()
            .any(|word| words.contains(word))
}
