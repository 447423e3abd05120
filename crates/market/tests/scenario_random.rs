//! Whatever is in a file, reading it ends in a scenario or in messages.

use monazite_market::scenario::{Scenario, Vocabulary, library, template};
use proptest::prelude::*;

/// Reads a text, and writes and reads again what was accepted.
fn try_text(text: &str, vocabulary: &Vocabulary) -> Result<(), TestCaseError> {
    match Scenario::read(text, "random.toml", vocabulary) {
        Err(errors) => {
            prop_assert!(!errors.faults.is_empty());
            for fault in &errors.faults {
                prop_assert!(fault.line >= 1 && fault.column >= 1);
                prop_assert!(fault.line <= text.matches('\n').count() + 1);
            }
            let _ = errors.to_string();
        }
        Ok(read) => {
            let again = Scenario::parse(&read.scenario.to_toml(), "again.toml", vocabulary);
            prop_assert_eq!(again.ok(), Some(read.scenario.clone()));
            for event in &read.scenario.events {
                for quarter in read.scenario.timeline() {
                    prop_assert!((0.0..=1.0).contains(&event.open_share(quarter)));
                    prop_assert!((0.0..=1.0).contains(&event.available_share(quarter)));
                    prop_assert!(event.demand_factor(quarter) >= 0.0);
                    prop_assert!(event.extra_tonnes(quarter) >= 0.0);
                    prop_assert!(event.released_tonnes(quarter) >= 0.0);
                }
            }
        }
    }
    Ok(())
}

fn bundled() -> Vocabulary {
    monazite_evidence::Dataset::bundled()
        .map(|dataset| Vocabulary::from_dataset(&dataset))
        .unwrap_or_default()
}

/// Values of every type, right in some places and wrong in most.
const VALUES: &[&str] = &[
    "\"x\"",
    "2024",
    "\"2025-Q1\"",
    "12",
    "\"ban\"",
    "\"licence\"",
    "\"outage\"",
    "\"quota\"",
    "\"stock_release\"",
    "\"demand\"",
    "\"capacity\"",
    "[\"assumption\"]",
    "\"2025-04-04\"",
    "2025-04-04",
    "[\"oxide\"]",
    "\"*\"",
    "[\"CHN\"]",
    "[\"kachin\"]",
    "\"Dy\"",
    "0.5",
    "-1",
    "1e300",
    "inf",
    "[]",
    "{}",
    "[{ quarter = \"2025-Q2\", share = 0.1 }]",
    "true",
    "9223372036854775807",
];

/// Pieces of scenario files, so that random texts get past the syntax.
fn piece() -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "name",
        "title",
        "base_year",
        "start",
        "quarters",
        "event",
        "id",
        "kind",
        "evidence",
        "from",
        "until",
        "products",
        "elements",
        "grades",
        "origin",
        "destination",
        "approved_share",
        "rate",
        "tonnes",
        "tonnes_per_year",
        "facilities",
        "places",
        "stages",
        "available_share",
        "factor",
        "end_uses",
        "place",
        "product",
        "element",
        "processing_delay_days",
        "ramp_quarters",
    ]);
    let value = prop::sample::select(VALUES);
    prop_oneof![
        4 => (key, value).prop_map(|(key, value)| format!("{key} = {value}\n")),
        1 => Just("[[event]]\n".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text(text in any::<String>()) {
        try_text(&text, &Vocabulary::default())?;
    }

    #[test]
    fn any_pieces(pieces in prop::collection::vec(piece(), 0..40)) {
        try_text(&pieces.concat(), &Vocabulary::default())?;
    }
}

#[test]
fn damaged_scenarios() -> Result<(), TestCaseError> {
    let vocabulary = bundled();
    let every_kind = include_str!("scenario_every_kind.toml");
    let texts = library().iter().map(|bundled| bundled.text).chain([every_kind]);
    for text in texts {
        let lines: Vec<&str> = text.lines().collect();
        for n in 0..lines.len() {
            // Without a line; with it twice; and cut short within it.
            let mut without = lines.clone();
            without.remove(n);
            try_text(&without.join("\n"), &vocabulary)?;
            let mut twice = lines.clone();
            twice.insert(n, lines[n]);
            try_text(&twice.join("\n"), &vocabulary)?;
            let half: String = lines[n].chars().take(lines[n].chars().count() / 2).collect();
            let mut cut = lines.clone();
            cut[n] = &half;
            try_text(&cut.join("\n"), &vocabulary)?;
            // With every other value in place of its own.
            let Some((key, _)) = lines[n].split_once(" = ") else {
                continue;
            };
            for value in VALUES {
                let other = format!("{key} = {value}");
                let mut changed = lines.clone();
                changed[n] = &other;
                try_text(&changed.join("\n"), &vocabulary)?;
            }
        }
    }
    Ok(())
}

#[test]
fn deep_nesting_is_an_error() {
    for open in ["[", "{a=", "[["] {
        let text = format!("name = {}", open.repeat(20_000));
        assert!(Scenario::parse(&text, "deep.toml", &Vocabulary::default()).is_err());
    }
    assert!(!template("deep").is_empty());
}
