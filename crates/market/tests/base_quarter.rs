//! The calibrated base quarter reproduces the base year before any shock is believed.

#![allow(clippy::expect_used)] // helpers of tests

mod common;

use common::{BLOCS, DATASET, FULL};
use monazite_evidence::Element;
use monazite_evidence::product::Product;
use monazite_evidence::table::{PriceProduct, PriceZone};
use monazite_market::calibrate::quote;
use monazite_market::chain::Chain;
use monazite_market::quarter::{Conditions, QuarterModel};

/// Largest miss of quoted oxide prices over the nodes that a zone's base trade touches.
fn price_misses(chain: &Chain, places: &[&str], zone: PriceZone) -> Vec<(String, f64)> {
    let model = QuarterModel::new(chain, &[]).expect("the base quarter solves");
    let mut misses = Vec::new();
    for e in Element::ALL.iter().copied() {
        let Some(quote) = quote(&DATASET, PriceProduct::Oxide, e.symbol(), zone, 2024) else {
            continue;
        };
        for id in places {
            let place = chain.place_of_member(id).expect("place of the view");
            let Some(node) = chain.node(Product::Oxide(e), place) else {
                continue;
            };
            let is_used = chain.segments.iter().any(|s| s.node == node);
            if is_used {
                let price = model.base().price[node.index()];
                misses.push((format!("{} {id}", e.symbol()), price / quote.usd_per_kg - 1.0));
            }
        }
    }
    misses
}

#[test]
fn prices_are_those_of_the_evidence_within_fifteen_per_cent() {
    for chain in [&*FULL, &*BLOCS] {
        let china = price_misses(chain, &["CHN"], PriceZone::China);
        let outside = price_misses(chain, &["JPN", "USA", "DEU", "KOR", "FRA"], PriceZone::Outside);
        assert!(
            china.len() >= 11 && outside.len() >= 60,
            "{} and {}",
            china.len(),
            outside.len()
        );
        for (what, miss) in china.into_iter().chain(outside) {
            assert!(miss.abs() <= 0.15, "{what}: {:+.1} %", 100.0 * miss);
        }
    }
}

#[test]
fn flows_and_levels_are_those_of_the_base_year() {
    for chain in [&*FULL, &*BLOCS] {
        let model = QuarterModel::new(chain, &[]).expect("the base quarter solves");
        let out = model.base();
        let gap: f64 = chain
            .routes
            .iter()
            .zip(&out.flow)
            .map(|(r, f)| (f - r.base).abs())
            .sum();
        let all: f64 = chain.routes.iter().map(|r| r.base).sum();
        assert!(gap / all < 0.01, "flows: WAPE {:.2} %", 100.0 * gap / all);
        let gap: f64 = chain
            .segments
            .iter()
            .zip(&out.used)
            .map(|(s, u)| (u - s.base).abs())
            .sum();
        let all: f64 = chain.segments.iter().map(|s| s.base).sum();
        assert!(gap / all < 0.02, "use: WAPE {:.2} %", 100.0 * gap / all);
    }
}

#[test]
fn optimality_conditions_hold() {
    for chain in [&*FULL, &*BLOCS] {
        let model = QuarterModel::new(chain, &[]).expect("the base quarter solves");
        assert!(model.base().report.kkt <= 1e-7, "{:e}", model.base().report.kkt);
    }
}

#[test]
fn solving_the_base_quarter_again_changes_nothing() {
    let mut model = QuarterModel::new(&FULL, &[]).expect("the base quarter solves");
    let first = model.base().clone();
    let again = model.solve(&Conditions::base(&FULL, 0)).expect("solves");
    let worst = |a: &[f64], b: &[f64]| {
        a.iter()
            .zip(b)
            .map(|(a, b)| (a - b).abs() / (1.0 + a.abs()))
            .fold(0.0, f64::max)
    };
    assert!(worst(&first.flow, &again.flow) < 1e-9 && worst(&first.price, &again.price) < 1e-9);
}

/// Surplus lanthanum and cerium clear at finishing less disposal; scarce dysprosium carries the rent.
#[test]
fn joint_production_puts_the_rent_on_scarce_elements() {
    let model = QuarterModel::new(&FULL, &[]).expect("the base quarter solves");
    let china = FULL.place_of_member("CHN").expect("China");
    let price = |p: Product| model.base().price[FULL.node(p, china).expect("node").index()];
    for e in [Element::La, Element::Ce] {
        let in_solution = price(Product::InSolution(e));
        assert!(
            (in_solution + 0.1).abs() < 1e-6,
            "{} in solution is worth minus its disposal: {in_solution}",
            e.symbol()
        );
    }
    assert!(price(Product::InSolution(Element::Dy)) > 150.0);
}
