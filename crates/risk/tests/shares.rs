//! Shares and concentration on the bundled evidence, and in closed form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use monazite_evidence::{Confidence, Dataset, ShareStage};
use monazite_risk::shares::{herfindahl, hhi, hhi_of, shares};
use monazite_risk::supply::{Part, Supply};
use monazite_risk::{By, Context, Question, Subject};

fn part(who: &str, quantity: f64) -> Part {
    Part {
        who: who.to_owned(),
        name: who.to_owned(),
        quantity,
        low: quantity,
        high: quantity,
        sources: Vec::new(),
        confidence: Confidence::A,
    }
}

fn supply(quantities: &[f64], unknown: f64, may_be_listed: bool) -> Supply {
    let parts = quantities.iter().enumerate();
    Supply {
        stage: ShareStage::Mine,
        year: 2024,
        parts: parts.map(|(n, quantity)| part(&n.to_string(), *quantity)).collect(),
        unknown,
        unknown_may_be_listed: may_be_listed,
        unit: "t",
        basis: String::new(),
        remarks: Vec::new(),
        published: Vec::new(),
    }
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

#[test]
fn a_monopoly_and_equal_holders() {
    close(herfindahl([1.0]), 1.0);
    close(herfindahl([0.25; 4]), 0.25);
    let two = hhi_of(&supply(&[30.0, 10.0], 0.0, false), "X", 2024);
    close(two.value.unwrap(), 0.625);
    assert_eq!(two.range, None);
}

#[test]
fn what_is_unknown_widens_the_range() {
    let apart = hhi_of(&supply(&[60.0, 20.0], 20.0, false), "X", 2024);
    close(apart.value.unwrap(), 0.40);
    let (low, high) = apart.range.unwrap();
    close(low, 0.40);
    close(high, 0.44);
    // Unknown operators may be those of the largest holder.
    let (_, high) = hhi_of(&supply(&[60.0, 20.0], 20.0, true), "X", 2024).range.unwrap();
    close(high, 0.68);
}

#[test]
fn shares_sum_to_one_everywhere_and_concentration_keeps_its_bounds() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    for by in [By::Country, By::Company] {
        let question = Question {
            subjects: Subject::all(),
            stages: ShareStage::ALL.to_vec(),
            years: vec![2009, 2018, 2020, 2022, 2023, 2024],
            by,
            ..Question::default()
        };
        let shares = shares(&context, &question).unwrap();
        let scores = hhi(&context, &question).unwrap();
        assert_eq!(scores.len(), 17 * 4 * 6);
        let mut valued = 0;
        for score in &scores {
            let of_same = || {
                shares
                    .iter()
                    .filter(|s| (&s.material, s.stage, s.year) == (&score.material, score.stage, score.year))
            };
            let Ok(value) = score.value else {
                assert!(of_same().all(|share| share.value.is_err()));
                continue;
            };
            valued += 1;
            let sum: f64 = of_same().map(|share| share.value.clone().unwrap()).sum();
            assert!(
                (sum - 1.0).abs() < 1e-9,
                "{} {:?} {}: {sum}",
                score.material,
                score.stage,
                score.year
            );
            let holders = score.terms.len();
            let known: f64 = score.terms.iter().map(|term| term.value.clone().unwrap()).sum();
            assert!(value >= known * known / f64::from(u32::try_from(holders).unwrap()) - 1e-12);
            assert!(value <= 1.0 + 1e-12);
            let explained: f64 = score.terms.iter().filter_map(|term| term.contribution).sum();
            close(explained, value);
            if let Some((low, high)) = score.range {
                assert!(low <= value && value <= high && high <= 1.0 + 1e-12);
            }
        }
        assert!(valued > 100, "{by:?}: only {valued} values");
    }
}

#[test]
fn magnet_shares_agree_with_what_is_published() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let question = Question {
        subjects: vec![Subject::total()],
        stages: vec![ShareStage::Magnet],
        years: vec![2024],
        ..Question::default()
    };
    let china = &shares(&context, &question).unwrap()[0];
    assert_eq!(china.holder.as_deref(), Some("CHN"));
    // Published: 94 %, by two reports of the International Energy Agency.
    assert!((china.value.clone().unwrap() - 0.94).abs() < 0.02);
    assert!(china.terms.iter().any(|term| term.what.starts_with("published share")));
}
