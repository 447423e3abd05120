//! Solves the calibrated base quarter and prints how well it reproduces the base year.

#![allow(clippy::print_stdout)] // an example is a program

use std::time::Instant;

use monazite_evidence::Dataset;
use monazite_evidence::product::Product;
use monazite_evidence::reconcile::{reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::quarter::{Conditions, QuarterModel};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let started = Instant::now();
    let dataset = Dataset::bundled()?;
    println!("dataset     {:.3} s", started.elapsed().as_secs_f64());
    let base = reconcile(&dataset, 2024)?;
    println!("reconciled  {:.3} s", started.elapsed().as_secs_f64());
    let chain = chain(&dataset, &base, &recoveries(&dataset)?, Settings::default())?;
    println!("chain       {:.3} s", started.elapsed().as_secs_f64());
    println!(
        "{} nodes, {} processes, {} routes, {} segments, {} stores, {} capacities",
        chain.nodes.len(), chain.processes.len(), chain.routes.len(), chain.segments.len(), chain.stores.len(), chain.capacities.len()
    );
    let mut model = QuarterModel::new(&chain, &[])?;
    let (columns, rows) = model.dims();
    println!("base solved {:.3} s: {columns} columns, {rows} rows, {:?}", started.elapsed().as_secs_f64(), model.base().report);
    let base_again = model.solve(&Conditions::base(&chain, 0))?;
    println!("warm        {:?}", base_again.report);
    let out = model.base().clone();
    let mut worst: Vec<(f64, String)> = chain
        .nodes
        .iter()
        .zip(&out.price)
        .filter(|(n, _)| matches!(n.product, Product::Oxide(_) | Product::Metal(_) | Product::Magnet(_)))
        .map(|(n, p)| ((p / n.base_price - 1.0), format!("{} {} {:.3} -> {:.3}", chain.catalogue.name(n.product), chain.place_id(n.place), n.base_price, p)))
        .collect();
    worst.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    println!("prices off by more than 1 %: {} of {}", worst.iter().filter(|w| w.0.abs() > 0.01).count(), worst.len());
    for (off, what) in worst.iter().take(25) {
        println!("{:+7.1} % {what}", off * 100.0);
    }
    let gap: f64 = chain.routes.iter().zip(&out.flow).map(|(r, f)| (f - r.base).abs()).sum();
    let all: f64 = chain.routes.iter().map(|r| r.base).sum();
    println!("flows: WAPE {:.3} %", 100.0 * gap / all);
    let mut levels: Vec<(f64, String)> = chain.processes.iter().zip(&out.level).map(|(p, l)| ((l - p.base) / p.base.max(1.0), format!("{} {} {} {:.2} -> {l:.2}", p.activity.word(), p.activity.item(&chain.catalogue), chain.place_id(p.place), p.base))).collect();
    levels.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    for (_, what) in levels.iter().take(25) {
        println!("{what}");
    }
    let mut uses: Vec<(f64, String)> = chain.segments.iter().zip(&out.used).map(|(s, u)| (u / s.base - 1.0, format!("{} {} {} {:.3} -> {u:.3}", s.end_use, chain.product_name(s.node), chain.place_id(chain.nodes[s.node.index()].place), s.base))).collect();
    uses.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    for (off, what) in uses.iter().take(20) {
        println!("{:+6.2} % {what}", off * 100.0);
    }
    for n in &chain.notes {
        println!("note: {} prior {:.2} calibrated {:.2}: {}", n.what, n.prior, n.calibrated, n.why);
    }
    Ok(())
}
