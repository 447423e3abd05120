//! How well the reading agrees with hand-made truth: precision, recall and F1 of entities and events.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::entity::{lexicon, same_name};
use crate::event::Signs;
use crate::text::fold;

/// The truth of one article.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Truth {
    /// Publication date.
    pub date: Option<String>,
    /// What kind of text it is.
    pub register: Option<String>,
    /// `kind:key`.
    #[serde(default)]
    pub entities: Vec<String>,
    /// Events.
    #[serde(default, rename = "event")]
    pub events: Vec<TrueEvent>,
}

/// An event as the truth has it.
#[derive(Clone, Debug, Deserialize)]
pub struct TrueEvent {
    /// Its kind.
    pub kind: String,
    /// Keys of its parties.
    #[serde(default)]
    pub parties: Vec<String>,
    /// `400 million USD`, `6.2 %`.
    pub amount: Option<String>,
    /// `2025-04`, `2026-Q2`.
    pub date: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// The words that tell it, for those who learn from it.
    pub words: Option<String>,
    /// Other words that tell it again.
    pub again: Option<String>,
    /// Whether annotators differ on it: then it counts neither as missed nor, where it is found, as right or wrong.
    #[serde(default)]
    pub disputed: bool,
}

/// Right, wrong and missed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Found and true.
    pub right: usize,
    /// Found and not true.
    pub wrong: usize,
    /// True and not found.
    pub missed: usize,
}

impl Tally {
    /// Adds another.
    pub fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }

    /// Share of what was found that is true.
    #[must_use]
    pub fn precision(&self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    /// Share of what is true that was found.
    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    /// Harmonic mean of the two; 1 where nothing was there to find and nothing was found.
    #[must_use]
    pub fn f1(&self) -> f64 {
        share(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    if whole == 0 { 1.0 } else { number(part) / number(whole) }
}

/// Reads the truth beside an article.
///
/// # Errors
/// When it is no valid TOML of this form.
pub fn truth(text: &str) -> Result<Truth, toml::de::Error> {
    toml::from_str(text)
}

/// Compares entities, as `kind:key`, with the truth.
#[must_use]
pub fn entities(truth: &Truth, found: &[String]) -> (Tally, Vec<String>, Vec<String>) {
    let normal = |words: &String| {
        let (kind, key) = words.split_once(':').unwrap_or(("", words));
        let kind = if kind == "element" && lexicon::is_mineral(key) {
            "mineral"
        } else {
            kind
        };
        format!("{kind}:{}", key_of(key))
    };
    let want: Vec<String> = truth.entities.iter().map(normal).collect();
    let want_minerals: BTreeSet<&str> = want.iter().filter_map(|words| words.strip_prefix("mineral:")).collect();
    // Most truths count no element but rare earths: other minerals count where a truth has them.
    let counted = |words: &String| {
        words
            .strip_prefix("mineral:")
            .is_none_or(|key| want_minerals.contains(key))
    };
    let have: BTreeSet<String> = found.iter().map(normal).filter(counted).collect();
    // `Madeline King` and `Madeleine King` are one person.
    let as_found = |words: String| {
        let spelt = words.strip_prefix("person:").and_then(|name| {
            let same = |other: &&String| {
                other
                    .strip_prefix("person:")
                    .is_some_and(|other| same_name(name, other))
            };
            have.iter().find(same).cloned()
        });
        let firm = words.strip_prefix("company:").and_then(|name| {
            let same = |other: &&String| {
                let other = other.strip_prefix("company:");
                other.is_some_and(|other| same_firm(name, other))
            };
            have.iter().find(same).cloned()
        });
        spelt.or(firm).unwrap_or(words)
    };
    let want: BTreeSet<String> = want.iter().cloned().map(as_found).collect();
    let wrong: Vec<String> = have.difference(&want).cloned().collect();
    let missed: Vec<String> = want.difference(&have).cloned().collect();
    let tally = Tally {
        right: want.intersection(&have).count(),
        wrong: wrong.len(),
        missed: missed.len(),
    };
    (tally, wrong, missed)
}

/// A key as it is compared: folded, without the dataset's underscores and without suffixes of firms; a listed name by
/// whichever variant, `VTRE` or `Jim Litinsky`, is the name it is a variant of.
#[must_use]
pub fn key_of(key: &str) -> String {
    let bare = bare(key);
    match bare.as_str() {
        "ree" => "rare earths".to_owned(),
        "hree" => "heavy rare earths".to_owned(),
        "lree" => "light rare earths".to_owned(),
        other => match listed_name(other) {
            Some(name) => name,
            // `Finance Ministry` and `Ministry of Finance` are one.
            None => other
                .strip_suffix(" ministry")
                .map_or(bare.clone(), |of| format!("ministry of {of}")),
        },
    }
}

/// Folded, letters and figures only, without suffixes of firms.
fn bare(key: &str) -> String {
    const SUFFIXES: &[&str] = &[
        "inc",
        "ltd",
        "limited",
        "corp",
        "corporation",
        "plc",
        "llc",
        "gmbh",
        "co",
        "company",
        "ag",
    ];
    let folded = fold(&key.replace('_', " "));
    let bare: String = folded.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    let mut words: Vec<&str> = bare.split_whitespace().filter(|word| *word != "the").collect();
    while let [_, .., last] = words.as_slice()
        && SUFFIXES.contains(last)
    {
        words.pop();
    }
    words.join(" ")
}

/// Whether two keys, as they are compared, name one firm: with and without words that say what trade it is in (`mkango` and `mkango
/// resources`).
#[must_use]
pub fn same_firm(a: &str, b: &str) -> bool {
    const TRADE: &[&str] = &[
        "resources",
        "group",
        "holdings",
        "metals",
        "metal",
        "minerals",
        "mineral",
        "mining",
        "materials",
        "rare",
        "earths",
        "earth",
        "elements",
        "technologies",
        "technology",
        "capital",
        "management",
        "industries",
        "industrial",
        "international",
        "global",
        "advanced",
        "specialty",
        "magnetics",
        "magnets",
        "energy",
        "oxides",
    ];
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let rest = long.strip_prefix(short).unwrap_or("x");
    short == long
        || short.len() > 3 && rest.starts_with(' ') && rest.split_whitespace().all(|word| TRADE.contains(&word))
}

/// The listed name that a bare key is a variant of.
fn listed_name(key: &str) -> Option<String> {
    static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let names = lexicon::names().into_iter().chain(lexicon::people_names());
        names.map(|(variant, name)| (bare(&variant), bare(&name))).collect()
    });
    names.get(key).cloned()
}

/// Whether a party of a truth is the entity of a key.
pub(crate) fn is_party(party: &str, key: &str) -> bool {
    same_firm(&key_of(key), &key_of(party))
}

/// Whether an amount of a truth is one that was found.
pub(crate) fn is_amount(wanted: &str, found: &Amount) -> bool {
    let ends = [Some(found.value), found.low, found.high];
    amount(wanted).is_some_and(|(value, unit)| {
        let near = |own: f64| (own - value).abs() <= 0.01 * value.abs();
        same_unit(&found.unit, &unit) && ends.into_iter().flatten().any(near)
    })
}

/// An event that was found, as it is compared.
#[derive(Clone, Debug)]
pub struct FoundEvent {
    /// Its kind.
    pub kind: String,
    /// Keys of its parties.
    pub parties: Vec<String>,
    /// Amounts with units.
    pub amounts: Vec<(f64, String)>,
    /// Its date.
    pub date: Option<String>,
    /// Its status.
    pub status: String,
    /// What speaks for it.
    pub signs: Signs,
    /// How likely it is right.
    pub probability: f32,
    /// The rule that found it.
    pub rule: String,
    /// The words that set the rule off, for reports.
    pub words: String,
}

/// Compares events with the truth; also how many of the right ones have the right status and date.
#[must_use]
pub fn events(truth: &Truth, found: &[FoundEvent]) -> EventScore {
    let mut free: Vec<Option<&FoundEvent>> = found.iter().map(Some).collect();
    let mut score = EventScore::default();
    let (disputed, settled): (Vec<_>, Vec<_>) = truth.events.iter().partition(|event| event.disputed);
    for want in settled {
        let best = free
            .iter()
            .enumerate()
            .filter_map(|(at, have)| Some((at, closeness(want, (*have)?)?)))
            .max_by_key(|(at, close)| (*close, std::cmp::Reverse(*at)));
        let Some((at, _)) = best else {
            score.tally.missed += 1;
            score.missed.push(format!(
                "{} {:?} {}",
                want.kind,
                want.parties,
                want.amount.as_deref().unwrap_or("")
            ));
            continue;
        };
        score.tally.right += 1;
        if let Some(have) = free.get_mut(at).and_then(Option::take) {
            score.judged.push((have.clone(), true));
            if let Some(status) = &want.status {
                score.statuses.1 += 1;
                score.statuses.0 += usize::from(*status == have.status);
            }
            if let Some(date) = &want.date {
                score.dates.1 += 1;
                score.dates.0 += usize::from(have.date.as_ref().is_some_and(|own| own.contains(date.as_str())));
            }
        }
    }
    for want in disputed {
        let known = |have: Option<&FoundEvent>| have.is_some_and(|have| closeness(want, have).is_some());
        if let Some(have) = free.iter_mut().find(|have| known(**have)) {
            *have = None;
        }
    }
    for extra in free.into_iter().flatten() {
        score.tally.wrong += 1;
        score.judged.push((extra.clone(), false));
        let found = format!("{} {:?} <{}: {}>", extra.kind, extra.parties, extra.rule, extra.words);
        score.wrong.push(found);
    }
    score
}

/// The comparison of events.
#[derive(Clone, Debug, Default)]
pub struct EventScore {
    /// Right, wrong, missed.
    pub tally: Tally,
    /// What was found, and whether it was right.
    pub judged: Vec<(FoundEvent, bool)>,
    /// Right statuses, of those the truth states.
    pub statuses: (usize, usize),
    /// Right dates, of those the truth states.
    pub dates: (usize, usize),
    /// What was wrong.
    pub wrong: Vec<String>,
    /// What was missed.
    pub missed: Vec<String>,
}

/// How closely an event fits; none when it is another one.
fn closeness(want: &TrueEvent, have: &FoundEvent) -> Option<usize> {
    if want.kind != have.kind {
        return None;
    }
    let keys: Vec<String> = have.parties.iter().map(|party| key_of(party)).collect();
    let shared = want
        .parties
        .iter()
        .filter(|party| {
            let own = key_of(party);
            keys.iter().any(|key| same_firm(key, &own))
        })
        .count();
    if shared == 0 && !want.parties.is_empty() {
        return None;
    }
    if let Some((value, unit)) = want.amount.as_deref().and_then(amount) {
        let same = |(own, its): &(f64, String)| same_unit(its, &unit) && (own - value).abs() <= 0.01 * value.abs();
        if !have.amounts.iter().any(same) {
            return None;
        }
    }
    let dated = want
        .date
        .as_ref()
        .is_some_and(|date| have.date.as_ref().is_some_and(|own| own.contains(date.as_str())));
    Some(1 + 2 * shared + usize::from(dated) + usize::from(want.status.as_deref() == Some(&have.status)))
}

/// Whether a unit found is that of the truth. Which dollar a bare `$` is the text often leaves open, and so does this.
fn same_unit(found: &str, wanted: &str) -> bool {
    let dollar = |unit: &str| matches!(unit, "USD" | "AUD" | "CAD");
    found == wanted || dollar(found) && dollar(wanted)
}

/// `400 million USD`, `1200 t/yr`, `6.2 %`.
fn amount(text: &str) -> Option<(f64, String)> {
    let mut words = text.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    let second = words.next()?;
    Some(match second {
        "million" => (number * 1e6, words.next()?.to_owned()),
        "billion" => (number * 1e9, words.next()?.to_owned()),
        unit => (number, unit.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

    use super::*;

    #[test]
    fn f1_by_hand() {
        let tally = Tally {
            right: 3,
            wrong: 1,
            missed: 2,
        };
        assert!((tally.precision() - 0.75).abs() < 1e-12);
        assert!((tally.recall() - 0.6).abs() < 1e-12);
        assert!((tally.f1() - 6.0 / 9.0).abs() < 1e-12);
        assert!((Tally::default().f1() - 1.0).abs() < 1e-12);
    }

    fn found(kind: &str, party: &str) -> FoundEvent {
        FoundEvent {
            kind: kind.to_owned(),
            parties: vec![party.to_owned()],
            amounts: Vec::new(),
            date: None,
            status: "announced".to_owned(),
            signs: Signs::default(),
            probability: 0.5,
            rule: "made-up".to_owned(),
            words: String::new(),
        }
    }

    #[test]
    fn what_annotators_differ_on_counts_neither_way() {
        let truth = truth(
            r#"event = [
              { kind = "talks", parties = ["USA"], disputed = true },
              { kind = "talks", parties = ["CHN"] },
              { kind = "closure", parties = ["Lynas"], disputed = true },
            ]"#,
        )
        .unwrap();
        let score = events(
            &truth,
            &[found("talks", "USA"), found("talks", "CHN"), found("quota", "CHN")],
        );
        let tally = Tally {
            right: 1,
            wrong: 1,
            missed: 0,
        };
        assert_eq!(score.tally, tally);
        assert_eq!(score.judged.len(), 2);
    }

    #[test]
    fn sums_of_truths_are_read_in_millions_and_billions() {
        assert_eq!(amount("400 million USD"), Some((4e8, "USD".to_owned())));
        assert_eq!(amount("1.7 billion USD"), Some((1.7e9, "USD".to_owned())));
        assert_eq!(amount("1200 t/yr"), Some((1200.0, "t/yr".to_owned())));
        assert_eq!(amount("much"), None);
    }

    #[test]
    fn keys_are_compared_without_suffixes() {
        assert_eq!(key_of("Kestrel Rare Earths Ltd"), key_of("kestrel rare earths"));
        assert_eq!(key_of("permanent_magnets"), "permanent magnets");
        let truth = Truth {
            entities: vec!["group:rare earths".to_owned(), "country:RUS".to_owned()],
            ..Truth::default()
        };
        let (tally, _, missed) = entities(&truth, &["group:REE".to_owned(), "country:USA".to_owned()]);
        assert_eq!(
            (tally, missed),
            (
                Tally {
                    right: 1,
                    wrong: 1,
                    missed: 1
                },
                vec!["country:rus".to_owned()]
            )
        );
    }
}
