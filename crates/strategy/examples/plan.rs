//! How long a plan takes: ten years, 64 paths, the measures of the evidence, to 0.1 %.
//!
//! ```sh
//! cargo run --release --workspace --example plan -- 64 5000
//! ```

#![allow(clippy::print_stdout, reason = "an example shows what it finds")]

use std::time::{Duration, Instant};

use monazite_evidence::{Dataset, PlaceId};
use monazite_strategy::measure::Menu;
use monazite_strategy::plan::world::{Question, world};
use monazite_strategy::plan::{Aversion, Draws, Effort, Oracle, decompose, report};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut given = std::env::args().skip(1);
    let paths = given.next().and_then(|a| a.parse().ok()).unwrap_or(64);
    let budget = given.next().and_then(|a| a.parse().ok()).unwrap_or(5000.0);
    let began = Instant::now();
    let dataset = Dataset::bundled()?;
    let menu = Menu::of(&dataset)?;
    let question = Question {
        planner: PlaceId::from("USA"),
        partners: None,
        without: Vec::new(),
        only: Vec::new(),
        from: 2027,
        years: 10,
        by: 2032,
        budget,
        rate: 0.05,
        aversion: Aversion {
            weight: 1.0,
            level: 0.9,
        },
        draws: Draws { paths, seed: 1 },
        thrift: 1e-3,
    };
    let world = world(&dataset, &menu, &question)?;
    println!(
        "{:.1} s: {} measures, {} choices, {} cells of {}, {} patches, programme {:?}",
        began.elapsed().as_secs_f64(),
        world.candidates.len(),
        world.instance.choices.len(),
        world.instance.cells.len(),
        10 * paths,
        world.instance.patches.len(),
        world.instance.recourse.dims(),
    );
    let mut oracle = Oracle::new();
    let effort = Effort {
        time: Duration::from_secs(280),
        ..Effort::default()
    };
    let best = decompose(&world.instance, &mut oracle, &effort, &mut |round| {
        println!(
            "{:.1} s: round {}{} best {:.1} bound {:.1} gap {:.3} % planes {} solves {}",
            began.elapsed().as_secs_f64(),
            round.number,
            if round.relaxed { " relaxed" } else { "" },
            round.best,
            round.bound,
            100.0 * round.gap(),
            round.planes,
            round.solves
        );
        true
    })?;
    println!("{:.1} s: proven {}", began.elapsed().as_secs_f64(), best.proven);
    let said = report(&world, &mut oracle, &best.x, None)?;
    for p in &said.planned {
        let m = &world.candidates[p.candidate].measure;
        println!(
            "{} {} first {} cost {:.0} used {:.2} {:.2}",
            p.start, m.measure, p.first, p.cost, p.used.0, p.used.1
        );
    }
    println!("{:?}\n{:?}", said.market, said.users);
    for e in said.elements.iter().chain(&said.disruptions).chain(&said.places) {
        println!("{:24} {:9.1} {:9.1}", e.of, e.before, e.after);
    }
    for y in &said.years {
        println!("{y:?}");
    }
    println!("{:?}", world.left);
    Ok(())
}
