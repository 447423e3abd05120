//! Every deposit of the evidence gets an answer, or the reason why it has none.

#![allow(clippy::unwrap_used, reason = "a test stops when its input is wrong")]

use monazite_evidence::table::PriceZone;
use monazite_evidence::{Confidence, Dataset};
use monazite_strategy::project::{Assessment, Deck, Verdict, assess};

fn assessments() -> Vec<Assessment> {
    let dataset = Dataset::bundled().unwrap();
    let deck = Deck::spot(&dataset, PriceZone::Outside, 2024).unwrap();
    (dataset.deposits.iter())
        .map(|deposit| assess(&dataset, deposit, &deck, 200, 7))
        .collect()
}

#[test]
fn every_deposit_has_an_answer_or_a_reason() {
    let all = assessments();
    assert_eq!(all.len(), Dataset::bundled().unwrap().deposits.len());
    for one in &all {
        assert_eq!(
            one.valuation.is_none(),
            one.verdict == Verdict::Unknown,
            "{}",
            one.deposit
        );
        assert_eq!(
            one.valuation.is_none(),
            !one.missing.is_empty(),
            "{}: {:?}",
            one.deposit,
            one.missing
        );
        if let Some(worth) = &one.valuation {
            assert!(
                worth.npv_m.is_finite() && worth.unit_cost_per_kg > 0.0,
                "{}",
                one.deposit
            );
            let sign = one.break_even_multiple.is_some_and(|multiple| multiple <= 1.0);
            assert_eq!(sign, worth.npv_m >= -1e-6, "{}", one.deposit);
        }
        eprintln!(
            "{:22} {:4} {:?} be {:5.2?} basket {:6.1?} unit {:6.1?} opex {:5.1?} npv {:7.0?} p+ {:4.2?}",
            one.deposit,
            one.place,
            one.verdict,
            one.break_even_multiple,
            one.valuation.as_ref().map(|w| w.basket_price_per_kg),
            one.valuation.as_ref().map(|w| w.unit_cost_per_kg),
            one.valuation.as_ref().map(|w| w.opex_per_kg),
            one.valuation.as_ref().map(|w| w.npv_m),
            one.bands.as_ref().map(|b| b.probability_positive),
        );
    }
}

#[test]
fn priors_make_an_assessment_unverified() {
    for one in assessments().iter().filter(|one| one.valuation.is_some()) {
        assert_eq!(one.confidence, Confidence::C, "{}", one.deposit);
    }
}
