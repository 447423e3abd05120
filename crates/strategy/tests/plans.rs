//! Plans with answers known beforehand, and random ones solved in two ways.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::too_many_lines,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a random market is one long list of draws, of small numbers"
)]

use monazite_market::lp::{ColId, Problem, RowId, Sense};
use monazite_strategy::plan::{
    Aversion, Cell, Choice, Effort, Instance, Oracle, Patch, Path, Rule, cvar, decompose, extensive, frontier, mean,
    values,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Users want 10 t and pay 100; a foreign mine gives up to `open` at 20; plant A gives concentrate at 10, plant B turns
/// concentrate into product at 5. Only both together add anything.
fn two_stages(budget: f64, requires: bool) -> Instance {
    let mut market = Problem::new(Sense::Maximise);
    let import = market.add_col(-20.0, 0.0, 10.0);
    let used = market.add_col(100.0, 0.0, 10.0);
    let mine = market.add_col(-10.0, 0.0, f64::INFINITY);
    let plant = market.add_col(-5.0, 0.0, f64::INFINITY);
    let product = market.add_row(0.0, f64::INFINITY);
    let concentrate = market.add_row(0.0, f64::INFINITY);
    let (a, b) = (
        market.add_row(f64::NEG_INFINITY, 0.0),
        market.add_row(f64::NEG_INFINITY, 0.0),
    );
    for (row, col, value) in [
        (product, import, 1.0),
        (product, plant, 1.0),
        (product, used, -1.0),
        (concentrate, mine, 1.0),
        (concentrate, plant, -1.0),
        (a, mine, 1.0),
        (b, plant, 1.0),
    ] {
        market.add_entry(row, col, value);
    }
    // Undisturbed: 10 t at 20, worth 10 × 80. Disturbed: nothing comes in.
    Instance {
        recourse: market,
        capacity: vec![a, b],
        patches: vec![
            Patch::default(),
            Patch {
                cols: vec![(import, 0.0, 0.0)],
                rows: Vec::new(),
            },
        ],
        cells: vec![
            cell(0, 800.0, &[(0, 6.0), (1, 4.0)]),
            cell(1, 800.0, &[(0, 6.0), (1, 4.0)]),
        ],
        paths: vec![Path {
            probability: 1.0,
            cells: vec![(1, 1.0)],
        }],
        choices: vec![choice(0, 30.0), choice(1, 50.0)],
        rules: if requires {
            vec![Rule {
                terms: vec![(0, 1.0), (1, -1.0)],
                lower: 0.0,
                upper: f64::INFINITY,
            }]
        } else {
            Vec::new()
        },
        budget,
        aversion: Aversion {
            weight: 0.0,
            level: 0.9,
        },
        thrift: 0.0,
    }
}

fn cell(patch: usize, undisturbed: f64, reach: &[(usize, f64)]) -> Cell {
    Cell {
        patch,
        undisturbed,
        scale: 1.0,
        reach: reach.to_vec(),
    }
}

fn choice(measure: usize, cost: f64) -> Choice {
    Choice {
        measure,
        start: 2027,
        cost,
    }
}

fn tight() -> Effort {
    Effort {
        gap: 1e-6,
        ..Effort::default()
    }
}

#[test]
fn a_mine_without_separation_adds_nothing() {
    let solve = |budget| decompose(&two_stages(budget, false), &mut Oracle::new(), &tight(), &mut |_| true).unwrap();
    // Without a plan 800 are lost. Both stages bring 4 t at 15, worth 4 × 85 = 340; either alone nothing.
    assert!((solve(0.0).objective - 800.0).abs() < 1e-6);
    assert!((solve(79.0).objective - 800.0).abs() < 1e-6);
    let both = solve(80.0);
    assert!((both.objective - 460.0).abs() < 1e-6);
    assert_eq!(both.x, vec![1.0, 1.0]);
    assert!(both.proven && both.gap() <= 1e-6);
}

#[test]
fn a_measure_must_save_what_it_costs() {
    let mut dear = two_stages(1e6, false);
    dear.thrift = 1.0;
    dear.choices[1].cost = 320.0;
    let best = decompose(&dear, &mut Oracle::new(), &tight(), &mut |_| true).unwrap();
    // 340 saved against 350 spent.
    assert_eq!(best.x, vec![0.0, 0.0]);
    dear.choices[1].cost = 300.0;
    let best = decompose(&dear, &mut Oracle::new(), &tight(), &mut |_| true).unwrap();
    assert!((best.objective - (460.0 + 330.0)).abs() < 1e-6);
}

#[test]
fn complements_share_what_they_bring_together() {
    let instance = two_stages(100.0, false);
    let v = values(&instance, &mut Oracle::new(), &[1.0, 1.0], 10, 1).unwrap();
    assert!((v.total - 340.0).abs() < 1e-6);
    // Without either, all is lost; on average over orders each brings half.
    assert!(v.left_out.iter().all(|value| (value - 340.0).abs() < 1e-6));
    assert!(v.shapley.iter().all(|value| (value - 170.0).abs() < 1e-6));
    assert_eq!(v.orders, 2);
}

/// A random market: two products in a chain and two places, `measures` plants, a few states, years and paths.
fn random(seed: u64) -> Instance {
    let mut r = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |low: f64, high: f64| low + (high - low) * r.random::<f64>();
    let mut market = Problem::new(Sense::Maximise);
    // Balances: ore and product, here and abroad.
    let balances: Vec<RowId> = (0..4).map(|_| market.add_row(0.0, f64::INFINITY)).collect();
    let mut imports = Vec::new();
    for place in 0..2 {
        let (ore, product) = (balances[2 * place], balances[2 * place + 1]);
        for step in 0..3 {
            let used = market.add_col(draw(20.0, 120.0) / f64::from(step + 1), 0.0, draw(1.0, 6.0));
            market.add_entry(product, used, -1.0);
        }
        let mine = market.add_col(-draw(1.0, 10.0), 0.0, draw(2.0, 8.0));
        market.add_entry(ore, mine, 1.0);
        let plant = market.add_col(-draw(1.0, 10.0), 0.0, draw(2.0, 8.0));
        market.add_entry(ore, plant, -1.0);
        market.add_entry(product, plant, draw(0.6, 1.0));
        for (from, to) in [(0, 2), (1, 3)] {
            let (from, to) = if place == 0 { (from, to) } else { (to, from) };
            let route = market.add_col(-draw(0.1, 2.0), 0.0, draw(1.0, 9.0));
            market.add_entry(balances[from], route, -1.0);
            market.add_entry(balances[to], route, 1.0);
            imports.push(route);
        }
    }
    let measures = 4;
    let mut capacity = Vec::new();
    for m in 0..measures {
        let row = market.add_row(f64::NEG_INFINITY, 0.0);
        let col: ColId = market.add_col(-draw(1.0, 20.0), 0.0, f64::INFINITY);
        let place = m % 2;
        if m < 2 {
            market.add_entry(balances[2 * place], col, 1.0);
        } else {
            market.add_entry(balances[2 * place], col, -1.0);
            market.add_entry(balances[2 * place + 1], col, 1.0);
        }
        market.add_entry(row, col, 1.0);
        capacity.push(row);
    }
    let patches: Vec<Patch> = (0..3)
        .map(|state| Patch {
            cols: (imports.iter())
                .filter(|_| state > 0)
                .map(|route| (*route, 0.0, draw(0.0, 3.0)))
                .collect(),
            rows: if state == 2 {
                vec![(balances[1], draw(0.0, 1.0) - 1.0, f64::INFINITY)]
            } else {
                Vec::new()
            },
        })
        .collect();
    let choices: Vec<Choice> = (0..measures)
        .flat_map(|measure| [2027, 2028].map(|start| (measure, start)))
        .map(|(measure, start)| Choice {
            measure,
            start,
            cost: draw(10.0, 60.0),
        })
        .collect();
    let cells: Vec<Cell> = (0..3)
        .flat_map(|patch| [2028, 2029].map(|year| (patch, year)))
        .map(|(patch, year)| Cell {
            patch,
            undisturbed: 400.0,
            scale: 2.0,
            reach: (choices.iter().enumerate())
                .filter(|(_, c)| c.start < year)
                .map(|(at, c)| (at, draw(1.0, 5.0) + 0.0 * f64::from(c.start)))
                .collect(),
        })
        .collect();
    let mut paths: Vec<Path> = (0..3)
        .map(|_| Path {
            probability: draw(0.1, 1.0),
            cells: [0, 1]
                .map(|year| {
                    (
                        2 * (draw(0.0, 2.999).floor() as usize) + year,
                        1.0 / (1.0 + 0.05 * year as f64),
                    )
                })
                .to_vec(),
        })
        .collect();
    let all: f64 = paths.iter().map(|p| p.probability).sum();
    for path in &mut paths {
        path.probability /= all;
    }
    Instance {
        recourse: market,
        capacity,
        patches,
        cells,
        paths,
        choices,
        rules: vec![
            // Plant 2 needs mine 0 by the same year; plants 3 and 2 exclude each other.
            Rule {
                terms: vec![(0, 1.0), (4, -1.0)],
                lower: 0.0,
                upper: f64::INFINITY,
            },
            Rule {
                terms: vec![(0, 1.0), (1, 1.0), (5, -1.0)],
                lower: 0.0,
                upper: f64::INFINITY,
            },
            Rule {
                terms: vec![(4, 1.0), (5, 1.0), (6, 1.0), (7, 1.0)],
                lower: f64::NEG_INFINITY,
                upper: 1.0,
            },
        ],
        budget: draw(30.0, 150.0),
        aversion: Aversion {
            weight: draw(0.0, 2.0),
            level: draw(0.3, 0.9),
        },
        thrift: 0.1,
    }
}

/// All plans that the rules allow, tried one by one.
fn by_hand(instance: &Instance) -> f64 {
    let n = instance.choices.len();
    let mut oracle = Oracle::new();
    let mut best = f64::INFINITY;
    for bits in 0_u32..1 << n {
        let x: Vec<f64> = (0..n).map(|c| f64::from((bits >> c) & 1)).collect();
        if instance.allows(&x) {
            let cells = oracle.losses(instance, &x).unwrap();
            best = best.min(instance.objective(&cells, &x));
        }
    }
    best
}

#[test]
fn decomposition_extensive_form_and_enumeration_agree_on_twenty_random_instances() {
    let mut screened = 0;
    for seed in 0..20 {
        let instance = random(seed);
        let mut oracle = Oracle::new();
        let split = decompose(&instance, &mut oracle, &tight(), &mut |_| true).unwrap();
        screened += oracle.screened;
        let whole = extensive(&instance, &tight()).unwrap();
        let truth = by_hand(&instance);
        let near = |value: f64| (value - truth).abs() <= 1e-5 * (1.0 + truth.abs());
        assert!(
            near(split.objective),
            "seed {seed}: decomposition {} not {truth}",
            split.objective
        );
        assert!(
            near(whole.objective),
            "seed {seed}: extensive form {} not {truth}",
            whole.objective
        );
        assert!(
            split.bound <= truth + 1e-6 * (1.0 + truth.abs()),
            "seed {seed}: the bound is above the truth"
        );
        assert!(split.proven, "seed {seed}");
        assert!(instance.allows(&split.x) && instance.allows(&whole.x));
    }
    // Some of these markets were cleared without the columns that nothing uses, and are none the worse for it.
    assert!(screened > 0);
}

#[test]
fn a_search_stopped_from_outside_gives_what_it_has() {
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let mut oracle = Oracle::new();
    oracle.stop_on(Some(std::sync::Arc::clone(&stop)));
    let instance = two_stages(80.0, true);
    // Before anything is known there is nothing to give.
    let refused = decompose(&instance, &mut oracle, &tight(), &mut |_| true);
    assert!(matches!(refused, Err(monazite_strategy::plan::PlanError::Stopped)));
    stop.store(false, std::sync::atomic::Ordering::Relaxed);
    oracle.losses(&instance, &[0.0, 0.0]).unwrap();
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let best = decompose(&instance, &mut oracle, &tight(), &mut |_| true).unwrap();
    assert_eq!(best.x, vec![0.0, 0.0]);
    assert!(!best.proven && best.gap().is_infinite());
}

#[test]
fn a_plan_never_gets_worse_with_more_money() {
    let instance = random(3);
    let budgets: Vec<f64> = (0..12).map(|i| 20.0 * f64::from(i)).collect();
    let points = frontier(
        &instance,
        &mut Oracle::new(),
        &budgets,
        &[0.0, 1.0],
        &tight(),
        &mut |_| true,
    )
    .unwrap();
    for pair in points
        .windows(2)
        .filter(|pair| pair[0].weight.to_bits() == pair[1].weight.to_bits())
    {
        assert!(pair[1].best.objective <= pair[0].best.objective + 1e-6);
        assert!(pair[1].cost <= pair[1].budget + 1e-6);
    }
}

#[test]
fn the_tail_that_is_minimised_is_the_tail_by_its_definition() {
    // With weight on the tail alone the master's objective is CVaR; the best plan's is recomputed from sorted losses.
    for seed in 20..26 {
        let mut instance = random(seed);
        instance.aversion = Aversion {
            weight: 50.0,
            level: 0.6,
        };
        let best = decompose(&instance, &mut Oracle::new(), &tight(), &mut |_| true).unwrap();
        let (losses, p) = (instance.path_losses(&best.cells), instance.probabilities());
        let stated = mean(&losses, &p) + 50.0 * cvar(&losses, &p, 0.6) + instance.thrift * instance.cost(&best.x);
        assert!(
            (stated - best.bound).abs() <= 2e-6 * stated.abs(),
            "{stated} not {}",
            best.bound
        );
    }
}

#[test]
fn shapley_values_sum_to_the_value_of_the_plan() {
    for seed in [1, 4, 9] {
        let mut instance = random(seed);
        instance.budget = 1e6;
        instance.rules.truncate(2);
        let best = decompose(&instance, &mut Oracle::new(), &tight(), &mut |_| true).unwrap();
        let v = values(&instance, &mut Oracle::new(), &best.x, 5, 11).unwrap();
        assert!((v.shapley.iter().sum::<f64>() - v.total).abs() < 1e-6 * (1.0 + v.total.abs()));
    }
}

#[test]
fn an_interrupted_search_gives_its_best_plan_and_gap() {
    let instance = random(5);
    let mut rounds = 0;
    let best = decompose(&instance, &mut Oracle::new(), &tight(), &mut |_| {
        rounds += 1;
        false
    })
    .unwrap();
    assert_eq!(rounds, 1);
    assert!(instance.allows(&best.x) && best.objective >= best.bound - 1e-9);
    assert!(best.objective.is_finite());
}
