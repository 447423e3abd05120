//! The hindcast runs, is the same every time, and leaves out what it says it leaves out.

#![allow(clippy::expect_used)] // helpers of tests

use std::sync::LazyLock;

use monazite_ensemble::backtest::{Experiment, run};
use monazite_evidence::product::Product;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_evidence::{Dataset, Element};
use monazite_market::chain::{Settings, chain};
use monazite_market::scenario::{Scenario, Vocabulary, find};

static DATASET: LazyLock<Dataset> = LazyLock::new(|| Dataset::bundled().expect("the bundled dataset loads"));

fn scenario(experiment: Experiment) -> Scenario {
    let text = find(experiment.scenario()).expect("bundled scenario").text;
    Scenario::parse(text, "hindcast.toml", &Vocabulary::from_dataset(&DATASET)).expect("the scenario is sound")
}

#[test]
fn a_small_hindcast_is_sound_and_the_same_again() {
    let once = run(&DATASET, Experiment::A, &scenario(Experiment::A), 3).expect("runs");
    let again = run(&DATASET, Experiment::A, &scenario(Experiment::A), 3).expect("runs");
    assert!(once.points(None).count() >= 60);
    for (a, b) in once.points(None).zip(again.points(None)) {
        assert_eq!(a, b);
        assert!(a.crps.iter().all(|c| c.is_finite() && *c >= 0.0));
    }
    for score in &once.scores {
        for band in &score.bands {
            assert!(band.quantiles.windows(2).all(|w| w[0] <= w[1]));
        }
    }
    assert!(!once.volumes.is_empty() && !once.gaps.is_empty());
}

#[test]
fn experiment_b_scores_nothing_from_before_its_freeze() {
    let card = run(&DATASET, Experiment::B, &scenario(Experiment::B), 2).expect("runs");
    assert!(card.points(None).all(|p| (p.quarter.year(), p.quarter.q()) > (2025, 1)));
    assert!(card.points(Some(monazite_ensemble::backtest::Zone::Outside)).count() == 0);
}

#[test]
fn leaving_an_element_out_touches_its_own_users_only() {
    let base = in_blocs(&DATASET, &reconcile(&DATASET, 2009).expect("2009")).expect("blocs");
    let known = chain(
        &DATASET,
        &base,
        &recoveries(&DATASET, &base),
        Settings {
            horizon: 2009,
            projects: Vec::new(),
        },
    )
    .expect("chain");
    let mut pooled = known.clone();
    pooled.pool_demand(&DATASET, Element::Dy).expect("pools");
    let mut changed = 0;
    for (a, b) in known.segments.iter().zip(&pooled.segments) {
        let own = matches!(
            known.nodes[a.node.index()].product,
            Product::Oxide(Element::Dy) | Product::Metal(Element::Dy)
        );
        assert!(own || a.steps == b.steps);
        changed += usize::from(a.steps != b.steps);
        assert!((a.base - b.base).abs() < 1e-12);
    }
    assert!(changed > 0);
}
