//! Loss of the largest supplier, choke points and import reliance.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

use std::collections::BTreeMap;

use monazite_evidence::{Dataset, PlaceId, ShareStage};
use monazite_risk::reliance::net_reliance;
use monazite_risk::{Context, Importer, METHODS, Question, Subject, method};

fn importer(dataset: &Dataset, text: &str, years: &[u16]) -> Importer {
    let of = |year: u16| dataset.resolve_region(text, year).unwrap().members;
    Importer {
        id: text.to_owned(),
        name: text.to_owned(),
        members: years.iter().map(|year| (*year, of(*year))).collect(),
    }
}

#[test]
fn reliance_in_closed_form() {
    assert!((net_reliance(0.0, 10.0, 0.0).unwrap() - 1.0).abs() < 1e-12);
    assert!((net_reliance(50.0, 50.0, 0.0).unwrap() - 0.5).abs() < 1e-12);
    assert!((net_reliance(100.0, 0.0, 50.0).unwrap() + 1.0).abs() < 1e-12);
    assert!(net_reliance(10.0, 0.0, 10.0).is_err());
    // A mine that exports all but a rounding error: not a reliance of minus two million per cent.
    assert!(net_reliance(27_000.0, 0.0, 26_998.85).is_err());
    assert!((net_reliance(27_000.0, 0.0, 26_000.0).unwrap() + 26.0).abs() < 1e-12);
}

#[test]
fn every_score_explains_itself() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let years = vec![2009, 2018, 2024];
    let question = Question {
        subjects: Subject::all(),
        stages: ShareStage::ALL.to_vec(),
        importers: ["USA", "JPN", "EU", "G7", "CHN"]
            .iter()
            .map(|text| importer(&dataset, text, &years))
            .collect(),
        years,
        ..Question::default()
    };
    for name in ["reliance", "n-1", "usgs"] {
        let scores = (method(name).unwrap().scores)(&context, &question).unwrap();
        assert_eq!(scores.len(), 17 * 4 * 5 * 3, "{name}");
        let valued = scores.iter().filter(|score| score.value.is_ok()).count();
        assert!(name == "usgs" || valued > 200, "{name}: only {valued} values");
        for score in &scores {
            match &score.value {
                Ok(value) => {
                    let explained: f64 = score.terms.iter().filter_map(|term| term.contribution).sum();
                    assert!((explained - value).abs() < 1e-9, "{name}: {explained} and {value}");
                    assert!(*value <= 1.0 + 1e-9);
                }
                Err(missing) => assert!(!missing.to_string().is_empty()),
            }
        }
    }
}

#[test]
fn without_the_largest_supplier_the_rest_remains() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let question = Question {
        subjects: vec![Subject::total()],
        stages: ShareStage::ALL.to_vec(),
        years: vec![2024],
        ..Question::default()
    };
    let left = (method("n-1").unwrap().scores)(&context, &question).unwrap();
    let shares = (method("shares").unwrap().scores)(&context, &question).unwrap();
    for score in &left {
        let largest = shares.iter().find(|share| share.stage == score.stage).unwrap();
        let value = score.value.clone().unwrap();
        assert!((value + largest.value.clone().unwrap() - 1.0).abs() < 1e-12);
        if let Some((low, high)) = score.range {
            assert!(low <= value && value <= high);
        }
    }
}

#[test]
fn a_group_counts_only_what_crosses_its_border() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let world: Vec<PlaceId> = dataset.places.iter().map(|place| place.place.clone()).collect();
    let all = Importer {
        id: "all".to_owned(),
        name: "all".to_owned(),
        members: BTreeMap::from([(2018, world)]),
    };
    let question = Question {
        subjects: vec![Subject::total()],
        stages: vec![ShareStage::Magnet],
        years: vec![2018],
        importers: vec![all, importer(&dataset, "EU", &[2018])],
        ..Question::default()
    };
    let scores = (method("reliance").unwrap().scores)(&context, &question).unwrap();
    let why = scores[0].value.clone().unwrap_err().to_string();
    assert!(why.contains("no trade"), "the world trades with nobody: {why}");
    let partners = scores[1].terms.iter().filter(|term| term.what.ends_with(" France"));
    assert_eq!(partners.count(), 0, "trade inside the Union does not count");
}

#[test]
fn choke_points_lie_above_their_threshold() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    let mut question = Question {
        subjects: Subject::all(),
        stages: ShareStage::ALL.to_vec(),
        years: vec![2024],
        threshold: Some(0.5),
        ..Question::default()
    };
    let count = |question: &Question| {
        let scores = (method("chokepoints").unwrap().scores)(&context, question).unwrap();
        let valued = scores.iter().filter(|score| score.value.is_ok());
        let threshold = question.threshold.unwrap();
        valued
            .inspect(|score| assert!(score.value.clone().unwrap() > threshold))
            .count()
    };
    let half = count(&question);
    question.threshold = Some(0.1);
    assert!(half > 20 && count(&question) > half);
}

#[test]
fn methods_that_need_an_importer_say_so() {
    let dataset = Dataset::bundled().unwrap();
    let context = Context::new(&dataset);
    for method in METHODS.iter().filter(|method| method.needs_importer) {
        let question = Question {
            subjects: vec![Subject::total()],
            stages: vec![ShareStage::Mine],
            years: vec![2024],
            ..Question::default()
        };
        if let Err(error) = (method.scores)(&context, &question) {
            assert!(error.to_string().contains("importer"), "{error}");
        }
    }
}
