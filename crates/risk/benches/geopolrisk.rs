//! The full compatible table from Parquet, and the corrected one from the bundled evidence.
//!
//! The large tables are not part of the project; without them only the second is measured.

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use monazite_evidence::{Dataset, ShareStage};
use monazite_risk::columns::{Paths, Tables, Wanted};
use monazite_risk::geopolrisk::compat::{CompatEconomy, CompatMaterial, table};
use monazite_risk::geopolrisk::corrected::{Model, Options};
use monazite_risk::geopolrisk::headings;
use monazite_risk::geopolrisk::target::targets;
use monazite_risk::{Context, Subject};

fn compat(c: &mut Criterion) {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let paths = Paths {
        trade: Some(shared.join("evidence/trade/baci_hs92_74_codes_1995_2024.parquet")),
        production: Some(shared.join("oracles/world_mining_data_2018_2024_all_materials.parquet")),
        governance: Some(shared.join("evidence/trade/wgi_political_stability_1996_2024.csv")),
    };
    if !paths.trade.as_deref().is_some_and(Path::is_file) {
        return;
    }
    let Ok(dataset) = Dataset::bundled() else { return };
    let years: Vec<u16> = (2018..=2022).collect();
    let materials = CompatMaterial::all(&dataset);
    let wanted = Wanted::new(&years, materials.iter().flat_map(|m| m.headings.iter().copied()));
    let mut group = c.benchmark_group("geopolrisk");
    group.sample_size(20);
    group.bench_function("compatible table, 53 × 239 × 5, read and scored", |b| {
        b.iter(|| {
            let tables = Tables::read(&dataset, &paths, &wanted).ok()?;
            let economies = CompatEconomy::all(&tables);
            let production = tables.production.as_ref()?;
            Some(table(&tables, production, materials.clone(), economies, years.clone()))
        });
    });
    group.finish();
}

fn corrected(c: &mut Criterion) {
    let Ok(dataset) = Dataset::bundled() else { return };
    let context = Context::new(&dataset);
    let Ok(asked) = targets(&dataset, &Subject::all(), ShareStage::ALL) else {
        return;
    };
    let wanted = Wanted::new(&[2024], headings(&context, &asked));
    let Ok(tables) = Tables::read(&dataset, &Paths::default(), &wanted) else {
        return;
    };
    let mut group = c.benchmark_group("geopolrisk");
    group.sample_size(20);
    group.bench_function("corrected, 17 × 4 × 238 of 2024, scored", |b| {
        b.iter(|| {
            let model = Model::new(&context, &tables, Options::default());
            model.answers(&asked, &model.places(&[2024]), &[2024])
        });
    });
    group.finish();
}

criterion_group!(benches, compat, corrected);
criterion_main!(benches);
