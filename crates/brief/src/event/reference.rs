//! What refers back to what was told before: `The deal`, `The company`, `It`.

use std::ops::Range;

use super::{Context, Event, EventKind};
use crate::amount::{Amount, amounts};

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

/// `The company`, `The miner` as the subject.
pub(super) fn names_firm(words: &str) -> bool {
    words.strip_prefix("The ").is_some_and(|rest| {
        let noun = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        matches!(
            noun,
            "company" | "firm" | "group" | "miner" | "producer" | "maker" | "developer" | "manufacturer"
        )
    })
}

/// Whether an event goes on with the one before: of its kind, without another sum.
pub(super) fn goes_on(last: &Event, event: &Event) -> bool {
    let same_sum = |amount: &Amount| {
        last.amounts
            .iter()
            .all(|own| own.unit != amount.unit || (own.value - amount.value).abs() < 0.02 * own.value)
    };
    last.kind == event.kind && event.amounts.iter().filter(|amount| amount.is_money()).all(same_sum)
}

/// `The deal could value the stake at about $150 million`: an amount of the event told before.
pub(super) fn more_about(context: &Context<'_>, sentence: &Range<usize>, event: Option<&mut Event>) {
    let wanted = [
        EventKind::Acquisition,
        EventKind::Investment,
        EventKind::Offtake,
        EventKind::Agreement,
    ];
    let Some(event) = event.filter(|event| wanted.contains(&event.kind) && !event.amounts.iter().any(Amount::is_money))
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
