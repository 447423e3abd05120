//! Behaviour between quarters: quiet paths stay quiet, panic and trends raise peaks, plants grow within bounds.

#![allow(clippy::expect_used)] // helpers of tests

mod common;

use common::{BASE, BLOCS, DATASET, FULL, bundled, parse};
use monazite_evidence::Element;
use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{in_blocs, recoveries};
use monazite_market::chain::{Chain, Settings, chain};
use monazite_market::path::{Behaviour, Path, simulate};
use monazite_market::policy::Policy;
use monazite_market::quarter::{Conditions, QuarterModel, solve_rebuilt};
use monazite_market::scenario::Scenario;

fn behaviour() -> Behaviour {
    Behaviour::from_dataset(&DATASET).expect("behaviour")
}

/// An export quota over everything separated, on 2024's trade.
fn quota(share: f64, quarters: u32) -> Scenario {
    let base: f64 = BLOCS
        .routes
        .iter()
        .filter(|r| BLOCS.place_id(r.origin) == "CHN")
        .filter(|r| matches!(r.product, Product::Oxide(_) | Product::Metal(_)))
        .map(|r| 4.0 * r.base)
        .sum();
    parse(&format!(
        r#"
name = "quota"
title = "An export quota"
base_year = 2024
start = "2025-Q1"
quarters = {quarters}

[[event]]
id = "quota"
kind = "quota"
evidence = ["assumption"]
from = "2025-01-01"
products = ["oxide", "metal"]
origin = ["CHN"]
tonnes_per_year = {:.0}
"#,
        share * base
    ))
}

/// Licences that let through a share of everything China exports.
fn licence(share: f64, quarters: u32) -> Scenario {
    parse(&format!(
        r#"
name = "licence"
title = "Licences on everything"
base_year = 2024
start = "2025-Q1"
quarters = {quarters}

[[event]]
id = "licence"
kind = "licence"
evidence = ["assumption"]
from = "2025-01-01"
products = ["oxide", "metal", "magnet"]
origin = ["CHN"]
approved_share = {share:.2}
"#
    ))
}

fn oxide(chain: &Chain, path: &Path, element: Element, place: &str) -> Vec<f64> {
    let place = chain.place_of_member(place).expect("place");
    let node = chain.node(Product::Oxide(element), place).expect("node").index();
    path.steps.iter().map(|s| s.outcome.price[node]).collect()
}

#[test]
fn a_quiet_path_does_not_drift() {
    let blocs = in_blocs(&DATASET, &BASE).expect("blocs");
    let settings = Settings {
        horizon: 2024,
        projects: Vec::new(),
    };
    let quiet = chain(&DATASET, &blocs, &recoveries(&DATASET, &blocs), settings).expect("the chain builds");
    let path = simulate(&quiet, &bundled("baseline"), behaviour()).expect("solves");
    for step in &path.steps {
        for (n, node) in quiet.nodes.iter().enumerate() {
            let used = quiet.segments.iter().any(|s| s.node.index() == n);
            let (now, base) = (step.outcome.price[n], path.base.price[n]);
            assert!(
                !used || (now - base).abs() <= 1e-6 * base.abs().max(1.0),
                "{}: {} in {} moved from {base} to {now}",
                step.quarter,
                quiet.catalogue.name(node.product),
                quiet.place_id(node.place),
            );
        }
        assert!(step.conditions.cover_scale.iter().all(|c| (c - 1.0).abs() < 1e-12));
        assert!(step.conditions.process_caps.values().all(|cap| *cap <= 0.0));
    }
}

#[test]
fn panic_and_trends_raise_the_peak_and_fade() {
    let scenario = licence(0.5, 8);
    let moved = simulate(&BLOCS, &scenario, behaviour()).expect("solves");
    let calm = simulate(&BLOCS, &scenario, behaviour().calm()).expect("solves");
    let year = |path: &Path, e| oxide(&BLOCS, path, e, "JPN")[1..5].iter().sum::<f64>();
    let (with, without) = (year(&moved, Element::Dy), year(&calm, Element::Dy));
    // How much is evidence's to say: 9.9 % since separation plants finish only what they say they finish.
    assert!(with > 1.05 * without, "{with} against {without}");
    let cover: Vec<f64> = (moved.steps.iter())
        .map(|s| s.conditions.cover_scale.iter().copied().fold(0.0, f64::max))
        .collect();
    assert!(cover[0] <= 1.0 + 1e-12, "nobody hoards before prices have moved");
    assert!(cover[1] > 1.2, "{cover:?}");
}

#[test]
fn inside_a_restricting_exporter_holders_watch_what_exports_fetch() {
    let scenario = licence(0.5, 6);
    let with = simulate(&BLOCS, &scenario, behaviour()).expect("solves");
    let without = Behaviour {
        outside_weight: 0.0,
        ..behaviour()
    };
    let without = simulate(&BLOCS, &scenario, without).expect("solves");
    let mean = |path: &Path| oxide(&BLOCS, path, Element::Dy, "CHN").iter().sum::<f64>() / 6.0;
    assert!(
        mean(&with) > mean(&without),
        "{} against {}",
        mean(&with),
        mean(&without)
    );
}

#[test]
fn quotes_carry_a_premium_only_outside_and_only_where_trade_is_thin() {
    let path = simulate(&BLOCS, &licence(0.5, 2), behaviour()).expect("solves");
    let step = &path.steps[1];
    let most = behaviour().thin_market_premium;
    let mut some = 0;
    for (n, node) in BLOCS.nodes.iter().enumerate() {
        let (spot, quote) = (step.outcome.price[n], step.quote[n]);
        if spot > 0.0 {
            assert!(quote >= spot - 1e-9 && quote <= spot * (1.0 + most) + 1e-9);
            some += usize::from(quote > spot * 1.001);
        }
        if BLOCS.place_id(node.place) == "CHN" {
            assert!((quote - spot).abs() < 1e-12, "no premium inside");
        }
    }
    assert!(some > 10, "{some}");
}

#[test]
fn plants_outside_grow_after_their_lead_time_and_within_the_cap() {
    let behaviour = behaviour();
    let scenario = licence(0.2, 12);
    let path = simulate(&BLOCS, &scenario, behaviour).expect("solves");
    let policy = Policy::new(&BLOCS, &scenario);
    let mut bare = Conditions::base(&BLOCS, 0);
    let mut grown = 0.0;
    for (t, step) in path.steps.iter().enumerate() {
        policy.apply(step.quarter, &mut bare);
        for (c, capacity) in BLOCS.capacities.iter().enumerate() {
            let added = step.conditions.capacity[c] - bare.capacity[c];
            assert!(added >= -1e-9);
            if BLOCS.place_id(capacity.place) == "CHN" || t < 6 {
                assert!(
                    added.abs() < 1e-9,
                    "{} in {}",
                    capacity.stage,
                    BLOCS.place_id(capacity.place)
                );
            }
            grown += added;
        }
        for stage in BLOCS.capacities.iter().map(|c| c.stage) {
            let of = |value: &dyn Fn(usize) -> f64| -> f64 {
                let at = (0..BLOCS.capacities.len()).filter(|c| BLOCS.capacities[*c].stage == stage);
                at.map(value).sum()
            };
            let added = of(&|c| step.conditions.capacity[c] - bare.capacity[c]);
            let world = of(&|c| BLOCS.capacities[c].base_level);
            #[allow(clippy::cast_precision_loss, reason = "a dozen quarters")]
            let most = behaviour.growth.cap_per_year / 4.0 * (t + 1) as f64 * world;
            assert!(added <= most + 1e-9, "{stage}: {added} of {most}");
        }
    }
    assert!(grown > 0.0, "rents where a fifth comes through call for plants");
}

#[test]
fn diffusion_comes_with_its_lead_time_and_saves_dysprosium() {
    let quick = Behaviour {
        diffusion: monazite_market::path::Diffusion {
            lead_quarters: 2.0,
            per_year: 1.0,
        },
        ..behaviour()
    };
    let scenario = bundled("china-2025-04");
    let path = simulate(&BLOCS, &scenario, quick).expect("solves");
    let level = |t: usize| -> f64 {
        (BLOCS.processes.iter().zip(&path.steps[t].outcome.level))
            .filter(|(p, _)| matches!(p.activity, Activity::Diffuse(..)))
            .map(|(_, level)| level)
            .sum()
    };
    assert!(level(0) + level(1) + level(2) < 1e-9, "nothing is qualified yet");
    assert!((3..8).any(|t| level(t) > 1.0), "it runs once it is");
    for process in BLOCS
        .processes
        .iter()
        .filter(|p| matches!(p.activity, Activity::Diffuse(..)))
    {
        let heavy = |side: &[(monazite_market::chain::NodeIx, f64)]| -> f64 {
            let dy = |n: &monazite_market::chain::NodeIx| {
                BLOCS
                    .catalogue
                    .element_content(BLOCS.nodes[n.index()].product, Element::Dy)
            };
            side.iter().map(|(n, amount)| amount * dy(n)).sum()
        };
        assert!(
            heavy(&process.inputs) < heavy(&process.outputs),
            "diffusion needs less than the grade is said to hold"
        );
    }
}

#[test]
fn patched_equals_rebuilt_with_every_behaviour_at_work() {
    let scenario = quota(0.5, 10);
    let quick = Behaviour {
        diffusion: monazite_market::path::Diffusion {
            lead_quarters: 2.0,
            per_year: 1.0,
        },
        conduct: 0.4,
        ..behaviour()
    };
    let path = simulate(&BLOCS, &scenario, quick).expect("solves");
    let groups = Policy::new(&BLOCS, &scenario).quota_groups();
    for step in [&path.steps[1], &path.steps[4], &path.steps[9]] {
        assert!(!step.conditions.markup_rate.is_empty());
        let rebuilt = solve_rebuilt(&BLOCS, &groups, &step.conditions).expect("solves");
        let off = (rebuilt.welfare / step.outcome.welfare - 1.0).abs();
        assert!(off < 1e-6, "{}: welfare differs by {off:e}", step.quarter);
    }
}

/// Flows answer gradually: a margin that moves by 1 or 5 % of the delivered price moves a large flow by a bounded share.
#[test]
fn large_flows_answer_small_price_changes_gradually() {
    let mut largest: Vec<usize> = (0..FULL.routes.len()).collect();
    let worth = |r: &usize| FULL.routes[*r].base * FULL.nodes[FULL.routes[*r].to.index()].base_price.max(0.0);
    largest.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    largest.truncate(50);
    let mut model = QuarterModel::new(&FULL, &[]).expect("the base quarter solves");
    let mut worst = [0.0_f64; 2];
    for r in largest {
        let route = &FULL.routes[r];
        let price = FULL.nodes[route.to.index()].base_price;
        for (at, share) in [0.01, 0.05].into_iter().enumerate() {
            for sign in [1.0, -1.0] {
                let mut conditions = Conditions::base(&FULL, 0);
                conditions.duty_paid.insert(r, sign * share * price);
                let moved = model.solve(&conditions).expect("solves").flow[r];
                worst[at] = worst[at].max((moved / route.base - 1.0).abs());
            }
        }
    }
    println!(
        "largest change of a top-50 flow: {:.1} % at 1 %, {:.1} % at 5 %",
        100.0 * worst[0],
        100.0 * worst[1]
    );
    assert!(worst[0] <= 0.12 && worst[1] <= 0.45, "{worst:?}");
}
