//! The compatible table from the user's files to Parquet: TRADE PRODUCTION GOVERNANCE OUT FIRST LAST.

use std::path::Path;

use monazite_evidence::Dataset;
use monazite_risk::columns::{Paths, Tables, Wanted};
use monazite_risk::geopolrisk::compat::{CompatEconomy, CompatMaterial, table};
use monazite_risk::geopolrisk::write_parquet;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [trade, production, governance, out, first, last] = args.as_slice() else {
        return Err("six arguments".into());
    };
    let start = std::time::Instant::now();
    let years: Vec<u16> = (first.parse()?..=last.parse()?).collect();
    let dataset = Dataset::bundled()?;
    let at_dataset = start.elapsed();
    let materials = CompatMaterial::all(&dataset);
    let wanted = Wanted::new(&years, materials.iter().flat_map(|m| m.headings.iter().copied()));
    let path = |text: &String| Some(Path::new(text).to_owned());
    let paths = Paths {
        trade: path(trade),
        production: path(production),
        governance: path(governance),
    };
    let tables = Tables::read(&dataset, &paths, &wanted)?;
    let at_read = start.elapsed();
    let production = tables.production.as_ref().ok_or("no production")?;
    let result = table(&tables, production, materials, CompatEconomy::all(&tables), years);
    let at_scored = start.elapsed();
    write_parquet(&result, Path::new(out))?;
    #[expect(clippy::print_stdout, reason = "an example speaks to its reader")]
    {
        println!(
            "{} flows, {} rows; evidence {at_dataset:?}, read {at_read:?}, scored {at_scored:?}, written {:?}",
            tables.trade.len(),
            result.scores.len(),
            start.elapsed()
        );
    }
    Ok(())
}
