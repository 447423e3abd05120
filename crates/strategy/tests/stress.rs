//! A small plan, sought again with unverified inputs at the ends of their ranges.

#![allow(clippy::unwrap_used, reason = "tests")]

use monazite_evidence::{Dataset, PlaceId};
use monazite_strategy::measure::Menu;
use monazite_strategy::plan::world::{Question, world};
use monazite_strategy::plan::{Aversion, Draws, Effort, Move, Oracle, decompose, stress};

#[test]
fn moves_of_a_small_plan() {
    let dataset = Dataset::bundled().unwrap();
    let menu = Menu::of(&dataset).unwrap();
    let question = Question {
        planner: PlaceId::from("USA"),
        partners: Some(Vec::new()),
        without: Vec::new(),
        only: vec!["stock_smco".into(), "thrift_smco".into(), "usa_heavy".into()],
        from: 2027,
        years: 3,
        by: 2032,
        budget: 200.0,
        rate: 0.05,
        aversion: Aversion {
            weight: 1.0,
            level: 0.9,
        },
        draws: Draws { paths: 4, seed: 1 },
        thrift: 1e-3,
    };
    let world = world(&dataset, &menu, &question).unwrap();
    let mut oracle = Oracle::new();
    let effort = Effort::default();
    let best = decompose(&world.instance, &mut oracle, &effort, &mut |_| true).unwrap();
    assert!(best.proven);
    let moved = stress(&world, &dataset, &mut oracle, &best, &effort, &mut |_, _| true).unwrap();
    assert_eq!(moved.iter().map(|m| m.by).collect::<Vec<_>>(), Move::ALL);
    for one in &moved {
        assert!(one.inputs > 0, "{one:?}");
        assert!(one.best.1 <= one.best.0 + 1e-9, "{one:?}");
        if let Some(kept) = one.kept {
            assert!(kept >= one.best.0 - 1e-9 && one.regret().unwrap() >= 0.0, "{one:?}");
        }
    }
    // Nothing is lost by disruptions that come less often, and nothing is gained by those that come more often.
    let of = |by| moved.iter().find(|m| m.by == by).unwrap().best.0;
    let least = |a: Move, b: Move| of(a) <= of(b) * (1.0 + 2.0 * effort.gap);
    assert!(least(Move::Rare, Move::Often) && least(Move::Cheap, Move::Dear));
}
