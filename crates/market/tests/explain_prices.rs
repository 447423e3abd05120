//! scratch
use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::explain;
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::tabulate;
use monazite_market::scenario::{Scenario, Vocabulary};
use monazite_market::store;

#[test]
fn dump() {
    let dataset = Dataset::bundled().unwrap();
    let file = "../../scenarios/china-2025-04.toml";
    let text = std::fs::read_to_string(file).unwrap();
    let scenario = Scenario::parse(&text, file, &Vocabulary::from_dataset(&dataset)).unwrap();
    let base = reconcile(&dataset, 2024).unwrap();
    let chain = chain(&dataset, &base, &recoveries(&dataset).unwrap(), Settings::default()).unwrap();
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(&dataset).unwrap()).unwrap();
    let result = tabulate(&chain, &scenario, "full", &path);
    let recipes = explain::recipes(&chain);
    let dir = std::path::Path::new("/tmp/x/run");
    let t = std::time::Instant::now();
    store::write(dir, &result, &store::Inputs { scenario: &text, dataset: &dataset, recipes: &recipes }, &store::WriteOptions { force: true, ..Default::default() }).unwrap();
    println!("write {:?}", t.elapsed());
    let t = std::time::Instant::now();
    let s = store::read(dir).unwrap();
    for (p, l, q) in [("Dy","JPN","2025Q3"),("metal:Dy","JPN","2025Q3"),("uh","USA","2025Q3"),("magnet:uh","JPN","2025Q3"),("Lu","USA","2025Q4"),("Nd","CHN","2025Q3"),("magnet:n","USA","2025Q3"),("Dy","JPN","base"),("Dy","JPN","2026Q3"),("Dy","CHN","2025Q3"),("concentrate:bastnaesite_us","USA","2025Q3"),("smco","USA","2025Q2")] {
        println!("{}\n", explain::price(&s, p, l, q).map(|e| e.to_text()).unwrap_or_else(|e| format!("{e} {}", e.hint())));
    }
    for (p, l) in [("Dy","JPN"),("uh","USA"),("metal:Dy","JPN"),("Lu","USA"),("Nd","CHN")] { println!("{}\n", explain::shortage(&s, p, l).unwrap().to_text()); }
    println!("read {:?} {}", t.elapsed(), s.recipes.len());
}
