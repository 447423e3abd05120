//! Where the time of an ensemble's paths goes: pivots, solves and CPU milliseconds of each step.
//!
//! `cargo run --release -p monazite-ensemble --example paths -- SCENARIO [bloc14|full] [paths] [quarters]`, on one thread.
#![allow(clippy::print_stdout, reason = "an example is a program")]

use std::error::Error;
use std::time::Instant;

use monazite_ensemble::sample::{Method, Sampler};
use monazite_ensemble::world::{View, World};
use monazite_evidence::Dataset;
use monazite_market::policy::Policy;
use monazite_market::quarter::QuarterModel;
use monazite_market::scenario::{Scenario, Vocabulary, find};

/// CPU seconds of this process so far.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let words = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .skip(11)
        .take(2);
    words.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_else(|| "china-2025-10".to_owned());
    let view = match args.next().as_deref() {
        Some("full") => View::Full,
        _ => View::Bloc14,
    };
    let paths: u32 = args.next().map_or(Ok(24), |n| n.parse())?;
    let dataset = Dataset::bundled()?;
    let bundled = find(&name).map_err(|unknown| unknown.to_string())?;
    let mut scenario = Scenario::parse(bundled.text, bundled.name, &Vocabulary::from_dataset(&dataset))?;
    if let Some(quarters) = args.next() {
        scenario.quarters = quarters.parse()?;
    }
    let busy = cpu();
    let world = World::new(dataset, 2024, view, 7, 2)?;
    println!("world with 2 variants: {:.2} s CPU", cpu() - busy);
    {
        let policy = Policy::new(world.chain(), &scenario);
        let model = QuarterModel::with(world.chain(), &policy.structure())?;
        let (cols, rows) = model.dims();
        let chain = world.chain();
        let (processes, routes) = (chain.processes.len(), chain.routes.len());
        println!("{cols} columns, {rows} rows; {processes} processes, {routes} routes");
    }
    let sampler = Sampler::new(Method::Sobol, 7, paths as usize, world.dimensions())?;
    let mut desk = world.desk();
    let (mut drawn, mut simulated) = (0.0, 0.0);
    let (mut base, mut pivots, mut rounds, mut solver) = (0_u64, 0_u64, 0_usize, 0.0);
    let busy = cpu();
    for i in 0..paths {
        let from = Instant::now();
        let draw = world.draw(&sampler.point(i), &scenario, &mut desk)?;
        drawn += from.elapsed().as_secs_f64();
        let from = Instant::now();
        let path = world.simulate(&draw)?;
        simulated += from.elapsed().as_secs_f64();
        base += u64::from(path.base.report.iterations);
        for step in &path.steps {
            let report = step.outcome.report;
            pivots += u64::from(report.iterations);
            rounds += report.duty_rounds + 1;
            solver += report.seconds;
            if i == 0 {
                println!(
                    "  {}: {} pivots, {} solves, {:.2} ms",
                    step.quarter,
                    report.iterations,
                    report.duty_rounds + 1,
                    report.seconds * 1e3
                );
            }
        }
    }
    let per = |x: f64| x / f64::from(paths);
    #[allow(clippy::cast_precision_loss, reason = "counts are small")]
    let count = |n: u64| per(n as f64);
    println!(
        "per path of {} quarters: {:.1} ms CPU ({:.1} draw, {:.1} simulate wall, {:.1} last solves); \
         {:.0} + {:.0} pivots, {:.1} solves",
        scenario.quarters,
        per(cpu() - busy) * 1e3,
        per(drawn) * 1e3,
        per(simulated) * 1e3,
        per(solver) * 1e3,
        count(base),
        count(pivots),
        count(rounds as u64),
    );
    Ok(())
}
