//! Runs a scenario file or a bundled scenario and prints prices of a few products by quarter.

#![allow(clippy::print_stdout)] // an example is a program

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::scenario::{Scenario, Vocabulary};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "scenarios/china-2025-04.toml".into());
    let dataset = Dataset::bundled()?;
    let text = std::fs::read_to_string(&file)?;
    let scenario = Scenario::parse(&text, &file, &Vocabulary::from_dataset(&dataset)).map_err(|e| e.to_string())?;
    let mut base = reconcile(&dataset, u16::try_from(scenario.base_year)?)?;
    if std::env::args().nth(2).as_deref() == Some("bloc14") {
        base = in_blocs(&dataset, &base)?;
    }
    let chain = chain(&dataset, &base, &recoveries(&dataset)?, Settings::default())?;
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(&dataset)?)?;
    println!("{:?} {:?}", path.seconds, path.warnings);
    for (product, place) in [("oxide:Dy", "CHN"), ("oxide:Dy", "JPN"), ("oxide:Tb", "JPN"), ("oxide:Y", "USA"), ("oxide:Sm", "JPN"), ("oxide:Gd", "JPN"), ("oxide:Lu", "USA"), ("oxide:Nd", "JPN"), ("oxide:Nd", "CHN"), ("metal:Dy", "JPN"), ("magnet:uh", "DEU"), ("magnet:uh", "USA"), ("magnet:uh", "JPN"), ("magnet:h", "USA"), ("magnet:n", "USA"), ("magnet:n", "CHN"), ("magnet:smco", "USA"), ("magnet:uh", "CHN")] {
        let Some(node) = chain.catalogue.product_by_name(product).and_then(|p| chain.node(p, chain.place_of_member(place)?)) else { continue };
        print!("{product:12} {place} {:9.2} |", path.base.price[node.index()]);
        for s in &path.steps {
            print!("{:9.2}", s.outcome.price[node.index()]);
        }
        println!();
        print!("{:>12} use {:9.2} |", "", chain.segments.iter().zip(&path.base.used).filter(|(s, _)| s.node == node).map(|(_, u)| u).sum::<f64>());
        for step in &path.steps {
            print!("{:9.2}", chain.segments.iter().zip(&step.outcome.used).filter(|(s, _)| s.node == node).map(|(_, u)| u).sum::<f64>());
        }
        println!();
        if let Some(i) = chain.stores.iter().position(|s| s.node == node) {
            print!("{:>10} stock {:9.2} |", "", chain.stores[i].target);
            for step in &path.steps { print!("{:9.2}", step.outcome.stock[i]); }
            println!();
        }
    }
    let mut model = monazite_market::quarter::QuarterModel::new(&chain, &[])?;
    for step in path.steps.iter().take(4) {
        let outcome = model.solve(&step.conditions)?;
        for (product, place) in [("oxide:Dy", "JPN"), ("oxide:Y", "USA"), ("oxide:Tb", "JPN"), ("magnet:uh", "DEU")] {
            let Some(node) = chain.catalogue.product_by_name(product).and_then(|p| chain.node(p, chain.place_of_member(place)?)) else { continue };
            println!("intervals {} {product} {place}: {:.2} in {:?}", step.quarter, outcome.price[node.index()], model.price_interval(node)?);
        }
    }
    for s in &path.steps {
        println!("{} {:?}", s.quarter, s.outcome.report);
    }
    Ok(())
}
