//! Every rule is read on its example.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops when its input is wrong"
)]

use std::collections::BTreeMap;

use jiff::civil::Date;
use monazite_brief::event::Rules;
use monazite_brief::score::{TrueEvent, Truth, events};
use monazite_brief::{Brief, Reader, read};
use monazite_evidence::Dataset;

fn brief_of(reader: &Reader<'_>, words: &str) -> Brief {
    let article = read(words.as_bytes(), None).unwrap();
    reader.brief(&article, Date::new(2025, 11, 5).ok())
}

#[test]
fn every_rule_of_events_finds_its_example() {
    let dataset = Dataset::bundled().unwrap();
    // Alone: the second reader may think little of a short sentence without its article.
    let reader = Reader::with_rules(&dataset, Rules::new().unwrap().alone()).unwrap();
    let mut wrong = Vec::new();
    for rule in &reader.rules().events {
        let brief = brief_of(&reader, &rule.example.text);
        let truth = Truth {
            events: vec![TrueEvent {
                kind: rule.kind.to_string(),
                parties: rule.example.parties.clone(),
                amount: rule.example.amount.clone(),
                date: None,
                status: rule.example.status.clone(),
                words: None,
                again: None,
                disputed: false,
            }],
            ..Truth::default()
        };
        let found = brief.scored_events();
        let score = events(&truth, &found);
        let status = rule.example.status.is_none() || score.statuses.0 == 1;
        let parties = rule.example.parties.iter().all(|party| {
            found
                .iter()
                .any(|event| event.kind == rule.kind.as_str() && event.parties.iter().any(|own| own == party))
        });
        if score.tally.right != 1 || !status || !parties {
            wrong.push(format!("{}: {:?}", rule.id, found));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rules miss their example:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_pattern_compiles_and_a_broken_one_is_told_with_its_file() {
    let mut own: BTreeMap<String, Vec<u8>> = (Rules::FILES.iter())
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect();
    let rules = Rules::with(&own).unwrap();
    assert!(rules.events.len() > 90);
    let broken = Rules::FILES.iter().find(|(name, _)| *name == "sites.toml").unwrap().1;
    let broken = broken.replacen("unless = '", "unless = '(", 1);
    own.insert("sites.toml".to_owned(), broken.into_bytes());
    let error = Rules::with(&own).expect_err("a bracket is open").to_string();
    assert!(
        error.contains("sites.toml") && error.contains("unclosed group"),
        "{error}"
    );
}

#[test]
fn every_word_of_status_fits_its_example() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    for rule in &reader.rules().statuses {
        assert!(rule.holds(&rule.example), "{}: {}", rule.id, rule.example);
    }
    for (pattern, example) in reader.rules().hedges.iter().zip(&reader.rules().hedge_examples) {
        assert!(pattern.is_match(example), "{example}");
    }
}

#[test]
fn every_rule_of_claims_gives_its_verdict() {
    let dataset = Dataset::bundled().unwrap();
    let reader = Reader::new(&dataset).unwrap();
    let mut wrong = Vec::new();
    for rule in &reader.claim_rules().rules {
        let brief = brief_of(&reader, &rule.example);
        let found = brief.claims.iter().find(|claim| claim.rule == rule.id);
        if found.is_none_or(|claim| claim.verdict.as_str() != rule.verdict || claim.why.is_empty()) {
            wrong.push(format!(
                "{} wants {}: {:?}",
                rule.id,
                rule.verdict,
                brief
                    .claims
                    .iter()
                    .map(|claim| (&claim.rule, claim.verdict, &claim.why))
                    .collect::<Vec<_>>()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} rules of claims:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The record of rules names rules that there are, and those that found much are in it.
#[test]
fn the_record_is_of_rules_that_there_are() {
    let rules = Rules::new().unwrap();
    let record = Rules::FILES.iter().find(|(name, _)| *name == "record.csv").unwrap().1;
    let named: Vec<&str> = (record.lines().skip(1))
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert!(named.len() > 150);
    for name in &named {
        assert!(rules.events.iter().any(|rule| rule.id == *name), "{name}");
    }
}

#[test]
fn a_malformed_record_is_named() {
    let own = BTreeMap::from([("record.csv".to_owned(), b"rule,right,wrong\ntalks,many,few\n".to_vec())]);
    let error = Rules::with(&own).expect_err("many is no number").to_string();
    assert!(error.contains("record.csv") && error.contains("line: 2"), "{error}");
}
