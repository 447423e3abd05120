//! Random combinations of policies: every quarter solves, conserves every element, is optimal and explains itself.
//!
//! A combination is a scenario made from a seed with the kinds, words and magnitudes that files may hold. When one fails,
//! events are taken out as long as it still fails, and the smallest scenario is printed as a file to run.
//!
//! `MONAZITE_POLICIES=N` sets how many single quarters are tried: 400 unless told otherwise, 10,000 where `scripts/test`
//! runs everything. A fiftieth as many paths are run in blocs, and a thousandth in full.

#![allow(clippy::expect_used, clippy::panic)] // helpers of tests

mod common;
mod random_policies;

use std::collections::BTreeSet;

use common::{BLOCS, DATASET, FULL};
use monazite_evidence::Element;
use monazite_evidence::recipe::Activity;
use monazite_market::chain::Chain;
use monazite_market::explain;
use monazite_market::path::{Behaviour, Path, simulate};
use monazite_market::policy::Policy;
use monazite_market::quarter::{Conditions, DealKind, Outcome, QuarterModel, Structure};
use monazite_market::result::{shortages, tabulate};
use monazite_market::scenario::{EventKind, Scenario, Vocabulary};
use random_policies::{Dice, each_quarter, scenario};

/// Worst scaled violation of the optimality conditions.
const KKT: f64 = 1e-7;
/// Largest imbalance of an element, as a share of what is supplied of it.
const IMBALANCE: f64 = 1e-6;

fn count() -> u64 {
    let told = std::env::var("MONAZITE_POLICIES").ok();
    told.and_then(|n| n.parse().ok()).unwrap_or(400)
}

/// Tonnes of every element that come and go in a quarter.
fn balance(chain: &Chain, structure: &Structure, conditions: &Conditions, outcome: &Outcome) -> Result<(), String> {
    let mut left = vec![0.0; chain.nodes.len()];
    let mut ground = vec![0.0; chain.nodes.len()];
    for (process, level) in chain.processes.iter().zip(&outcome.level) {
        let from_ground = matches!(process.activity, Activity::Mine(_) | Activity::Scandium);
        for (node, amount) in &process.outputs {
            left[node.index()] += amount * level;
            if from_ground {
                ground[node.index()] += amount * level;
            }
        }
        for (node, amount) in &process.inputs {
            left[node.index()] -= amount * level;
        }
    }
    for (route, flow) in chain.routes.iter().zip(&outcome.flow) {
        left[route.from.index()] -= flow;
        left[route.to.index()] += flow;
    }
    for (segment, used) in chain.segments.iter().zip(&outcome.used) {
        left[segment.node.index()] -= used;
    }
    for ((store, before), after) in chain.stores.iter().zip(&conditions.opening_stock).zip(&outcome.stock) {
        left[store.node.index()] += before - after;
    }
    for (node, tonnes) in &conditions.released {
        left[node.index()] += tonnes;
    }
    for (deal, tonnes) in structure.deals.iter().zip(&outcome.dealt) {
        if let DealKind::Purchase(node) = deal.kind {
            left[node.index()] -= tonnes;
        }
    }
    // No product is taken that is not there; streams and solutions are used up or left over on purpose.
    for (n, node) in chain.nodes.iter().enumerate() {
        let scale = 1.0 + chain.capacities.iter().map(|c| c.base_limit).fold(0.0, f64::max);
        if left[n] < -1e-9 * scale || (node.exact && left[n] > 1e-9 * scale) {
            return Err(format!(
                "{} of {} is left over in {}",
                left[n],
                chain.catalogue.name(node.product),
                chain.place_id(node.place)
            ));
        }
    }
    elements(chain, structure, conditions, outcome, &left)
}

/// From mine to use, stocks included, element by element. What recipes lose, discard or make do without is counted as
/// gone; the rest has to be somewhere.
fn elements(
    chain: &Chain,
    structure: &Structure,
    conditions: &Conditions,
    outcome: &Outcome,
    left: &[f64],
) -> Result<(), String> {
    for element in Element::ALL {
        let content = |node: monazite_market::chain::NodeIx| {
            chain
                .catalogue
                .element_content(chain.nodes[node.index()].product, *element)
        };
        let (mut supplied, mut gone) = (0.0, 0.0);
        for ((store, before), after) in chain.stores.iter().zip(&conditions.opening_stock).zip(&outcome.stock) {
            supplied += before * content(store.node);
            gone += after * content(store.node);
        }
        for (node, tonnes) in &conditions.released {
            supplied += tonnes * content(*node);
        }
        for (segment, used) in chain.segments.iter().zip(&outcome.used) {
            gone += used * content(segment.node);
        }
        for (deal, tonnes) in structure.deals.iter().zip(&outcome.dealt) {
            if let DealKind::Purchase(node) = deal.kind {
                gone += tonnes * content(node);
            }
        }
        for (process, level) in chain.processes.iter().zip(&outcome.level) {
            let given: f64 = process.outputs.iter().map(|(n, a)| a * content(*n)).sum();
            let taken: f64 = process.inputs.iter().map(|(n, a)| a * content(*n)).sum();
            match process.activity {
                Activity::Mine(_) | Activity::Scandium => supplied += given * level,
                // A plant never gives out more of an element than it takes in, but for a lower grade that makes do, and
                // for diffusion, which makes a higher grade with less of the heavy metal.
                Activity::FallBack(..) | Activity::Diffuse(..) => gone += (taken - given) * level,
                _ if given > taken * (1.0 + 1e-9) + 1e-12 => {
                    return Err(format!("{} makes {element} out of nothing", process.activity.word()));
                }
                _ => gone += (taken - given) * level,
            }
        }
        for (n, node) in chain.nodes.iter().enumerate() {
            gone += left[n] * chain.catalogue.element_content(node.product, *element);
        }
        if (supplied - gone).abs() > IMBALANCE * supplied.max(1.0) {
            return Err(format!("{element}: {supplied} t supplied, {gone} t accounted for"));
        }
    }
    Ok(())
}

fn check(chain: &Chain, structure: &Structure, conditions: &Conditions, outcome: &Outcome) -> Result<(), String> {
    if outcome.report.kkt > KKT || outcome.report.kkt.is_nan() {
        return Err(format!("optimality is off by {:e}", outcome.report.kkt));
    }
    if let Some(odd) = outcome.price.iter().chain(&outcome.flow).find(|x| !x.is_finite()) {
        return Err(format!("a price or flow is {odd}"));
    }
    for (route, cap) in &conditions.route_caps {
        if outcome.flow[*route] > cap * (1.0 + 1e-6) + 1e-6 {
            return Err(format!("{} t pass a cap of {cap} t", outcome.flow[*route]));
        }
    }
    for (group, limit) in structure.quotas.iter().zip(&conditions.quotas) {
        let used: f64 = group.routes.iter().map(|(r, w)| w * outcome.flow[*r]).sum();
        if used > limit * (1.0 + 1e-6) + 1e-6 {
            return Err(format!("{used} t pass the quota `{}` of {limit} t", group.event));
        }
    }
    balance(chain, structure, conditions, outcome)
}

/// One quarter under a scenario's policies as they stand in it, from stocks at target.
fn one_quarter(chain: &Chain, scenario: &Scenario) -> Result<Outcome, String> {
    let policy = Policy::new(chain, scenario);
    let structure = policy.structure();
    let mut model = QuarterModel::with(chain, &structure).map_err(|e| format!("the base quarter: {e}"))?;
    let mut conditions = Conditions::base(chain, structure.quotas.len());
    policy.apply(scenario.start, &mut conditions);
    conditions.demand_scale = policy.demand(scenario.start);
    let outcome = model.solve(&conditions).map_err(|e| e.to_string())?;
    check(chain, &structure, &conditions, &outcome)?;
    Ok(outcome)
}

/// A path, every quarter of it, and what is said about it.
fn path(chain: &Chain, scenario: &Scenario, dice: &mut Dice) -> Result<Path, String> {
    let behaviour = Behaviour::from_dataset(&DATASET).expect("behaviour");
    let path = simulate(chain, scenario, behaviour).map_err(|e| e.to_string())?;
    let structure = Policy::new(chain, scenario).structure();
    for step in &path.steps {
        check(chain, &structure, &step.conditions, &step.outcome).map_err(|e| format!("{}: {e}", step.quarter))?;
    }
    explains_itself(chain, scenario, &path, dice)?;
    Ok(path)
}

fn explains_itself(chain: &Chain, scenario: &Scenario, path: &Path, dice: &mut Dice) -> Result<(), String> {
    let result = tabulate(chain, scenario, "test", path);
    let recipes = explain::recipes(chain);
    let text = scenario.to_toml();
    let tables = explain::Tables {
        run: &result,
        recipes: &recipes,
        scenario: &text,
    };
    for _ in 0..3 {
        let row = &result.prices[dice.below(result.prices.len())];
        let said = explain::price(tables, &row.product, &row.place, &row.quarter)
            .map_err(|e| format!("{} in {}, {}: {e}", row.product, row.place, row.quarter))?;
        let lines = said.lines();
        if lines.len() < 2 || lines.iter().any(|line| line.contains("NaN") || line.trim().is_empty()) {
            return Err(format!("{} in {}: it says {lines:?}", row.product, row.place));
        }
    }
    if let Some(short) = dice.one_of(&shortages(&result)) {
        let said = explain::shortage(tables, &short.product, &short.place)
            .map_err(|e| format!("shortage of {} in {}: {e}", short.product, short.place))?;
        if said.to_text().lines().count() < 2 || said.to_text().contains("NaN") {
            return Err(format!(
                "shortage of {} in {}: too little is said",
                short.product, short.place
            ));
        }
    }
    Ok(())
}

/// Takes events out as long as the scenario still fails, and shows what is left.
fn fail(seed: u64, scenario: &Scenario, why: &str, fails: impl Fn(&Scenario) -> Option<String>) -> ! {
    let (mut smallest, mut why) = (scenario.clone(), why.to_owned());
    let mut at = 0;
    while at < smallest.events.len() {
        let mut without = smallest.clone();
        without.events.remove(at);
        match fails(&without) {
            Some(still) => (smallest, why) = (without, still),
            None => at += 1,
        }
    }
    panic!(
        "seed {seed}: {why}\nThe smallest scenario that does it:\n\n{}",
        smallest.to_toml()
    );
}

/// Scenarios that share a programme: the rows and columns of all of them, those of the others switched off.
const TOGETHER: usize = 25;

/// Quarters of seeds `first` to `last` less one, in batches. Each starts from where the one before it ended, as on a path.
fn quarters(first: u64, last: u64) {
    let chain = &*BLOCS;
    let (mut seen, mut moved) = (BTreeSet::new(), 0);
    each_quarter(chain, &DATASET, first..last, (TOGETHER, 0), |model, drawn| {
        seen.extend(drawn.scenario.events.iter().map(|event| event.kind.word()));
        let (all, conditions) = (drawn.structure, &drawn.conditions);
        let solved = model.solve(conditions).map_err(|e| e.to_string());
        let checked = solved.and_then(|outcome| check(chain, all, conditions, &outcome).map(|()| outcome));
        match checked {
            Ok(outcome) => moved += u64::from((outcome.welfare / model.base().welfare - 1.0).abs() > 1e-9),
            Err(why) => fail(drawn.seed, drawn.scenario, &why, |s| one_quarter(chain, s).err()),
        }
    });
    let tried = last - first;
    assert!(
        tried < 200 || seen.len() == EventKind::WORDS.len(),
        "only {seen:?} were tried"
    );
    assert!(2 * moved > tried, "{moved} of {tried} combinations moved anything");
}

// In four parts, which the runner gives to as many processors.

#[test]
fn random_policies_first_quarter_of_them() {
    quarters(0, count() / 4);
}

#[test]
fn random_policies_second_quarter_of_them() {
    quarters(count() / 4, count() / 2);
}

#[test]
fn random_policies_third_quarter_of_them() {
    quarters(count() / 2, count() / 4 * 3);
}

#[test]
fn random_policies_last_quarter_of_them() {
    quarters(count() / 4 * 3, count());
}

fn paths(chain: &Chain, first: u64, how_many: u64, length: u32) {
    let words = Vocabulary::from_dataset(&DATASET);
    for seed in first..first + how_many {
        let scenario = scenario(seed, length, &DATASET, &words);
        let run = |s: &Scenario| path(chain, s, &mut Dice::new(seed)).err();
        if let Some(why) = run(&scenario) {
            fail(seed, &scenario, &why, run);
        }
    }
}

#[test]
fn paths_under_random_policies_in_blocs() {
    paths(&BLOCS, 1_000_000, count() / 50, 5);
}

#[test]
fn paths_under_random_policies_in_full() {
    paths(&FULL, 2_000_000, count().div_ceil(1000), 3);
}

/// What is printed when something fails is a scenario file that reads back.
#[test]
fn a_random_scenario_is_a_readable_file() {
    let words = Vocabulary::from_dataset(&DATASET);
    for seed in 0..200 {
        let made = scenario(seed, 1, &DATASET, &words);
        let again = Scenario::parse(&made.to_toml(), "again.toml", &words).expect("it reads back");
        assert_eq!(again, made);
    }
}
