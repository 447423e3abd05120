//! Paths of a bundled scenario: the same with any number of threads and in any order; spread around the best estimate.

#![allow(clippy::unwrap_used, reason = "a test fails where it cannot go on")]

use monazite_ensemble::run::{frame, records, workers};
use monazite_ensemble::sample::{Method, Sampler};
use monazite_ensemble::world::{View, World};
use monazite_evidence::Dataset;
use monazite_market::scenario::{Scenario, Vocabulary, find};

fn scenario(dataset: &Dataset, quarters: u32) -> Scenario {
    let bundled = find("china-2025-04").unwrap();
    let mut scenario = Scenario::parse(bundled.text, bundled.name, &Vocabulary::from_dataset(dataset)).unwrap();
    scenario.quarters = quarters;
    scenario
}

#[test]
fn threads_and_order_change_nothing() {
    let dataset = Dataset::bundled().unwrap();
    let scenario = scenario(&dataset, 4);
    let world = World::new(dataset, 2024, View::Bloc14, 7, 2).unwrap();
    let sampler = Sampler::new(Method::Sobol, 7, 8, world.dimensions()).unwrap();
    let (frame, _) = frame(&world, &scenario).unwrap();
    let run = |threads: usize, ranges: &[(u32, u32)]| {
        let pool = workers(threads).unwrap();
        let mut all = Vec::new();
        for (from, to) in ranges {
            all.extend(
                pool.install(|| records(&world, &scenario, &sampler, *from..*to, &frame))
                    .unwrap(),
            );
        }
        all.sort_by_key(|r| r.path);
        all
    };
    let one = run(1, &[(0, 8)]);
    assert_eq!(one.len(), 8);
    assert_eq!(one, run(2, &[(0, 8)]));
    assert_eq!(one, run(8, &[(4, 8), (0, 4)]));
    assert!(
        one.iter().all(|r| r.worst_kkt < 1e-6),
        "{:?}",
        one.iter().map(|r| r.worst_kkt).collect::<Vec<_>>()
    );
    // Draws differ, and so do their paths.
    assert!(
        one.windows(2)
            .all(|w| w[0].multiples != w[1].multiples && w[0].spot != w[1].spot)
    );
}

#[test]
fn a_draw_without_uncertainty_is_the_best_estimate() {
    let dataset = Dataset::bundled().unwrap();
    let scenario = scenario(&dataset, 2);
    let world = World::new(dataset, 2024, View::Bloc14, 7, 0).unwrap();
    let mut desk = world.desk();
    let draw = world.exact(&[], &scenario, &mut desk).unwrap();
    let best = world.best(&scenario).unwrap();
    let frame = frame(&world, &scenario).unwrap().0;
    let record = |draw: &monazite_ensemble::world::Draw| {
        frame.record(0, &draw.chain, &world.simulate(draw).unwrap(), &draw.multiples)
    };
    assert_eq!(record(&draw), record(&best));
    // And a desk that was written to is clean again.
    let ups = vec![Some(0.9); world.inputs().list.len()];
    world.exact(&ups, &scenario, &mut desk).unwrap();
    assert_eq!(record(&world.exact(&[], &scenario, &mut desk).unwrap()), record(&best));
}
