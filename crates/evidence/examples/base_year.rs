//! Prints the balanced base year: stage totals by place, the largest adjustments, and how it closes.

#![allow(clippy::print_stdout)] // an example is a program

use std::collections::BTreeMap;

use monazite_evidence::Dataset;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::reconcile;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let year = std::env::args().nth(1).map_or(Ok(2024), |y| y.parse())?;
    let dataset = Dataset::bundled()?;
    let started = std::time::Instant::now();
    let base = reconcile(&dataset, year)?;
    println!(
        "reconciled in {:.3} s, imbalance {:.1e}",
        started.elapsed().as_secs_f64(),
        base.max_imbalance()
    );
    println!(
        "{} activities, {} flows, {} uses",
        base.activities.len(),
        base.flows.len(),
        base.uses.len()
    );
    let mut totals: BTreeMap<(String, String), f64> = BTreeMap::new();
    for a in &base.activities {
        let key = match a.activity {
            Activity::Finish(_)
            | Activity::MakeMetal(_)
            | Activity::MakeMagnet(_)
            | Activity::Discard(_) => {
                format!("{} {}", a.activity.word(), a.activity.item(&base.catalogue))
            }
            _ => a.activity.word().to_owned(),
        };
        *totals
            .entry((key, base.places[a.place.index()].id.clone()))
            .or_default() += a.level;
    }
    for ((what, place), level) in &totals {
        println!("{what:32} {place:6} {level:12.1}");
    }
    for a in base.adjustments.iter().take(60) {
        println!(
            "{:6.2}σ {:40} {:8} {:12.2} -> {:12.2} {}",
            a.z(),
            a.what,
            a.place,
            a.evidence,
            a.reconciled,
            a.unit
        );
    }
    Ok(())
}
