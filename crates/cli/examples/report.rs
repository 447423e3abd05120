use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_market::chain::{Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::{tabulate, shortages, Headline};
use monazite_market::scenario::{Vocabulary, find};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "china-2025-04".into());
    let view = std::env::args().nth(2).unwrap_or_else(|| "full".into());
    let dataset = Dataset::bundled()?;
    let scenario = find(&name)?.read(&Vocabulary::from_dataset(&dataset))?.scenario;
    let mut base = reconcile(&dataset, u16::try_from(scenario.base_year)?)?;
    if view == "bloc14" { base = in_blocs(&dataset, &base)?; }
    let chain = chain(&dataset, &base, &recoveries(&dataset)?, Settings::default())?;
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(&dataset)?)?;
    let r = tabulate(&chain, &scenario, &view, &path);
    println!("prices {} flows {} uses {} stocks {} prod {} cap {} notes {} warn {}", r.prices.len(), r.flows.len(), r.uses.len(), r.stocks.len(), r.production.len(), r.capacities.len(), r.notes.len(), r.warnings.len());
    let s = shortages(&r);
    println!("{}", s.len());
    for x in s.iter().take(40) { println!("{:8} {:12} {}-{} {}q lasting {} deepest {:.2} {} t {:.2} peak {:.1} x{:.1} loss {:.1} {}", x.place, x.product, x.from, x.until, x.quarters, x.lasting, x.deepest, x.deepest_quarter, x.tonnes_short, x.peak_usd_per_kg, x.peak_multiple, x.surplus_loss_kusd, x.confidence); }
    let mut d = s.clone(); d.sort_by(|a,b| b.deepest.total_cmp(&a.deepest));
    for x in d.iter().take(30) { println!("deep {:8} {:12} {}-{} {}q deepest {:.2} t {:.4} peak {:.1} x{:.1} loss {:.1}", x.place, x.product, x.from, x.until, x.quarters, x.deepest, x.tonnes_short, x.peak_usd_per_kg, x.peak_multiple, x.surplus_loss_kusd); }
    println!("{:?}", Headline::of(&r));
    let products: std::collections::BTreeSet<_> = s.iter().map(|x| x.product.clone()).collect(); println!("{products:?}");
    let mut f: Vec<_> = r.flows.iter().filter(|f| f.licence_rent_usd_per_kg > 0.01).collect();
    println!("binding {}", f.len());
    f.sort_by(|a,b| (b.licence_rent_usd_per_kg*b.quantity).total_cmp(&(a.licence_rent_usd_per_kg*a.quantity)));
    for x in f.iter().take(25) { println!("{x:?}"); }
    for n in r.notes.iter().take(10) { println!("{n:?}"); }
    println!("{:?} {:?} {}", r.warnings, r.timings, r.worst_kkt);
    Ok(())
}
