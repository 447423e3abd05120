//! Paths of quarters: optimality, conservation, monotonicity, and patched against rebuilt.

#![allow(clippy::expect_used)] // helpers of tests

mod common;

use common::{BLOCS, DATASET, FULL, bundled, parse};
use monazite_evidence::Element;
use monazite_evidence::recipe::{Activity, recipe};
use monazite_market::chain::Chain;
use monazite_market::path::{Behaviour, Path, Step, simulate};
use monazite_market::policy::Policy;
use monazite_market::quarter::{Conditions, QuarterModel, solve_rebuilt};

fn run(chain: &Chain, name: &str) -> Path {
    let behaviour = Behaviour::from_dataset(&DATASET).expect("behaviour");
    simulate(chain, &bundled(name), behaviour).expect("the path solves")
}

#[test]
fn nothing_happens_on_the_baseline_before_new_plants_start() {
    let path = run(&FULL, "baseline");
    let first = &path.steps[0].outcome;
    for (segment, (used, base)) in FULL.segments.iter().zip(first.used.iter().zip(&path.base.used)) {
        assert!(
            (used - base).abs() <= 0.03 * segment.base,
            "{} moved on a quiet path",
            segment.end_use
        );
    }
}

#[test]
fn patched_equals_rebuilt() {
    for name in ["china-2025-04", "myanmar-closure"] {
        let path = run(&FULL, name);
        for step in [&path.steps[1], &path.steps[4]] {
            let rebuilt = solve_rebuilt(&FULL, &[], &step.conditions).expect("solves");
            let off = (rebuilt.welfare / step.outcome.welfare - 1.0).abs();
            assert!(off < 1e-9, "{name} {}: welfare differs by {off:e}", step.quarter);
            let gap: f64 = rebuilt
                .used
                .iter()
                .zip(&step.outcome.used)
                .map(|(a, b)| (a - b).abs())
                .sum();
            let all: f64 = step.outcome.used.iter().sum();
            assert!(
                gap / all < 1e-6,
                "{name} {}: use differs by {:e}",
                step.quarter,
                gap / all
            );
        }
    }
}

#[test]
fn the_same_run_gives_the_same_bits() {
    let (a, b) = (run(&FULL, "china-2025-04"), run(&FULL, "china-2025-04"));
    for (x, y) in a.steps.iter().zip(&b.steps) {
        let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits());
        assert!(
            same(&x.outcome.price, &y.outcome.price) && same(&x.outcome.flow, &y.outcome.flow),
            "{}",
            x.quarter
        );
    }
}

/// Ground, plants, stocks and users: what goes in of an element comes out, quarter by quarter.
#[test]
fn every_element_is_conserved_on_the_path() {
    let path = run(&FULL, "china-2025-04");
    let mut opening: Vec<f64> = FULL.stores.iter().map(|s| s.target).collect();
    for step in &path.steps {
        for element in [
            Element::La,
            Element::Nd,
            Element::Dy,
            Element::Tb,
            Element::Y,
            Element::Sm,
        ] {
            let (supplied, gone) = balance(&FULL, step, &opening, element);
            assert!(
                (supplied - gone).abs() <= 1e-6 * supplied.max(1.0),
                "{} in {}: {supplied} against {gone}",
                element.symbol(),
                step.quarter
            );
        }
        opening.clone_from(&step.outcome.stock);
    }
}

fn balance(chain: &Chain, step: &Step, opening: &[f64], element: Element) -> (f64, f64) {
    let content = |node: monazite_market::chain::NodeIx| {
        chain
            .catalogue
            .element_content(chain.nodes[node.index()].product, element)
    };
    let mut supplied: f64 = chain.stores.iter().zip(opening).map(|(s, t)| t * content(s.node)).sum();
    let mut gone: f64 = chain
        .stores
        .iter()
        .zip(&step.outcome.stock)
        .map(|(s, t)| t * content(s.node))
        .sum();
    gone += chain
        .segments
        .iter()
        .zip(&step.outcome.used)
        .map(|(s, u)| u * content(s.node))
        .sum::<f64>();
    for (process, level) in chain.processes.iter().zip(&step.outcome.level) {
        let given: f64 = process.outputs.iter().map(|(n, a)| a * content(*n)).sum();
        let taken: f64 = process.inputs.iter().map(|(n, a)| a * content(*n)).sum();
        match process.activity {
            Activity::Mine(_) | Activity::Scandium => supplied += given * level,
            // Losses, leftovers, and the dysprosium that a lower grade makes do without.
            _ => gone += (taken - given) * level,
        }
    }
    // Products that nobody takes may be wasted: whatever a balance leaves over.
    let mut left = vec![0.0; chain.nodes.len()];
    for (process, level) in chain.processes.iter().zip(&step.outcome.level) {
        process.outputs.iter().for_each(|(n, a)| left[n.index()] += a * level);
        process.inputs.iter().for_each(|(n, a)| left[n.index()] -= a * level);
    }
    for (route, flow) in chain.routes.iter().zip(&step.outcome.flow) {
        left[route.from.index()] -= flow;
        left[route.to.index()] += flow;
    }
    for (segment, used) in chain.segments.iter().zip(&step.outcome.used) {
        left[segment.node.index()] -= used;
    }
    for ((store, before), after) in chain.stores.iter().zip(opening).zip(&step.outcome.stock) {
        left[store.node.index()] += before - after;
    }
    for (n, node) in chain.nodes.iter().enumerate() {
        assert!(
            left[n] >= -1e-6,
            "more was taken than there was of {}",
            chain.catalogue.name(node.product)
        );
        gone += left[n] * chain.catalogue.element_content(node.product, element);
    }
    (supplied, gone)
}

fn licence(share: f64) -> String {
    format!(
        r#"
name = "tighter"
title = "One quarter of licences on dysprosium and terbium"
base_year = 2024
start = "2025-Q1"
quarters = 1

[[event]]
id = "licence"
kind = "licence"
evidence = ["assumption"]
from = "2025-01-01"
products = ["oxide", "metal", "magnet"]
elements = ["Dy", "Tb"]
origin = ["CHN"]
approved_share = {share:.2}
"#
    )
}

#[test]
fn a_tighter_licence_never_lowers_the_loss() {
    let behaviour = Behaviour::from_dataset(&DATASET).expect("behaviour");
    let mut before = f64::INFINITY;
    for share in [0.9, 0.7, 0.5, 0.3, 0.1, 0.0] {
        let scenario = parse(&licence(share));
        let path = simulate(&BLOCS, &scenario, behaviour).expect("solves");
        let welfare = path.steps[0].outcome.welfare;
        assert!(
            welfare <= before * (1.0 + 1e-12),
            "share {share}: {welfare} after {before}"
        );
        before = welfare;
    }
}

#[test]
fn a_tighter_quota_never_lowers_the_loss_and_its_rent_never_falls() {
    let text = |tonnes: f64| {
        licence(0.5)
            .replace("kind = \"licence\"", "kind = \"quota\"")
            .replace("id = \"licence\"", "id = \"quota\"")
            .replace("approved_share = 0.50", &format!("tonnes_per_year = {tonnes:.1}"))
    };
    let behaviour = Behaviour::from_dataset(&DATASET).expect("behaviour");
    let (mut welfare, mut rent) = (f64::INFINITY, -1.0);
    for tonnes in [60_000.0, 30_000.0, 15_000.0, 6_000.0, 1_000.0] {
        let path = simulate(&BLOCS, &parse(&text(tonnes)), behaviour).expect("solves");
        let out = &path.steps[0].outcome;
        assert!(out.welfare <= welfare * (1.0 + 1e-12), "{tonnes} t");
        assert!(
            out.quota_rent[0] >= rent - 1e-9,
            "{tonnes} t: rent {} after {rent}",
            out.quota_rent[0]
        );
        (welfare, rent) = (out.welfare, out.quota_rent[0]);
    }
    assert!(rent > 0.0, "the tightest quota binds");
}

#[test]
fn a_ban_opens_two_price_zones_and_lowers_the_price_inside() {
    let text = licence(0.0);
    let behaviour = Behaviour::from_dataset(&DATASET).expect("behaviour");
    let path = simulate(&FULL, &parse(&text), behaviour).expect("solves");
    let at = |product: &str, place: &str| {
        let product = FULL.catalogue.product_by_name(product).expect("product");
        FULL.node(product, FULL.place_of_member(place).expect("place"))
            .expect("node")
            .index()
    };
    let out = &path.steps[0].outcome;
    let (inside, outside) = (at("oxide:Dy", "CHN"), at("oxide:Dy", "JPN"));
    assert!(
        out.price[outside] > 1.3 * path.base.price[outside],
        "outside {}",
        out.price[outside]
    );
    assert!(
        out.price[inside] <= 1.01 * path.base.price[inside],
        "inside {}",
        out.price[inside]
    );
}

#[test]
fn a_tariff_settles_on_the_price_it_makes() {
    let text = licence(0.0)
        .replace("kind = \"licence\"", "kind = \"tariff\"")
        .replace("approved_share = 0.00", "rate = 0.25");
    let scenario = parse(&text);
    let policy = Policy::new(&FULL, &scenario);
    let mut model = QuarterModel::new(&FULL, &policy.quota_groups()).expect("base");
    let mut conditions = Conditions::base(&FULL, 0);
    policy.apply(scenario.start, &mut conditions);
    let out = model.solve(&conditions).expect("solves");
    assert!(out.report.duty_rounds <= 8);
    for (route, rate) in &conditions.duty_rate {
        let price = out.price[FULL.routes[*route].from.index()].max(0.0);
        assert!(
            (out.duty[*route] - rate * price).abs() <= 1e-3 * (rate * price).max(1e-3),
            "{} against {}",
            out.duty[*route],
            rate * price
        );
    }
}

#[test]
fn an_outage_of_a_mine_is_felt_downstream() {
    let path = run(&FULL, "myanmar-closure");
    let dy = FULL
        .node(
            FULL.catalogue.product_by_name("oxide:Dy").expect("Dy"),
            FULL.place_of_member("CHN").expect("China"),
        )
        .expect("node");
    let peak = path
        .steps
        .iter()
        .map(|s| s.outcome.price[dy.index()])
        .fold(0.0, f64::max);
    assert!(peak > 1.05 * path.base.price[dy.index()], "peak {peak}");
}

#[test]
fn a_fallback_needs_less_dysprosium() {
    let (h, uh) = (
        FULL.catalogue.grade_by_id("h").expect("h"),
        FULL.catalogue.grade_by_id("uh").expect("uh"),
    );
    let made = recipe(&FULL.catalogue, Activity::FallBack(h, uh), 1.0 / 1.15);
    assert!(
        made.loss(&FULL.catalogue, Element::Dy) < 0.0,
        "serves a Dy-rich use with less Dy"
    );
}
