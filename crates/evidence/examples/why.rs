//! Shows the evidence on one place, element and stage: `why MMR Dy mine 2023`.
#![allow(clippy::print_stdout)] // an example is a program

use monazite_evidence::why::why;
use monazite_evidence::{Dataset, Element, Stage};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, default: &'static str| words.get(at).map_or(default, String::as_str);
    let dataset = Dataset::bundled()?;
    let place = &dataset.resolve_place(word(0, "MMR"))?.place;
    let element: Element = word(1, "Dy").parse()?;
    let stage: Stage = word(2, "mine").parse()?;
    let year = words.get(3).map(|year| year.parse()).transpose()?;
    let report = why(&dataset, place, element, stage, year)?;
    println!("{} {element} {stage}", report.place_name);
    for group in &report.groups {
        println!("{}", group.subject);
        if let Some((low, high)) = group.conflict {
            println!("  conflict: {low} to {high}");
        }
        for fact in &group.facts {
            let value = fact.value.map_or_else(|| "–".to_owned(), |v| v.to_string());
            let sources: Vec<&str> = fact.sources.iter().map(|s| s.title.as_str()).collect();
            let chosen = if fact.preferred == Some(true) { "*" } else { " " };
            println!(
                " {chosen}{value} {}: {} [{} {}; {}] {}:{}",
                fact.unit,
                fact.what,
                fact.confidence,
                fact.vintage,
                sources.join("; "),
                fact.file,
                fact.line
            );
        }
        if group.more > 0 {
            println!("  and {} smaller ones", group.more);
        }
    }
    Ok(())
}
