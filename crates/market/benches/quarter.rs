//! Time per phase: dataset, reconciliation, chain, base quarter cold, next quarter warm, whole path.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{in_blocs, reconcile, recoveries};
use monazite_market::chain::{Chain, Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::policy::Policy;
use monazite_market::quarter::QuarterModel;
use monazite_market::scenario::{Scenario, Vocabulary, find};

fn phases(c: &mut Criterion) {
    let Ok(dataset) = Dataset::bundled() else { return };
    let Ok(base) = reconcile(&dataset, 2024) else { return };
    let Ok(blocs) = in_blocs(&dataset, &base) else { return };
    let build = |base| chain(&dataset, base, &recoveries(&dataset, base), Settings::default());
    let (Ok(full), Ok(bloc14)) = (build(&base), build(&blocs)) else {
        return;
    };
    let Ok(bundled) = find("china-2025-04") else { return };
    let Ok(scenario) = Scenario::parse(bundled.text, bundled.name, &Vocabulary::from_dataset(&dataset)) else {
        return;
    };
    let Ok(behaviour) = Behaviour::from_dataset(&dataset) else {
        return;
    };

    let mut group = c.benchmark_group("phases");
    group.sample_size(10).measurement_time(Duration::from_secs(4));
    group.bench_function("read the dataset", |b| b.iter(|| black_box(Dataset::bundled())));
    group.bench_function("reconcile 2024", |b| b.iter(|| black_box(reconcile(&dataset, 2024))));
    group.bench_function("build the chain", |b| b.iter(|| black_box(build(&base))));
    for (name, chain) in [("full", &full), ("bloc14", &bloc14)] {
        group.bench_function(format!("base quarter cold, {name}"), |b| {
            b.iter(|| black_box(QuarterModel::new(chain, &[]).is_ok()));
        });
        next_quarters(&mut group, name, chain, &scenario, behaviour);
        group.bench_function(format!("whole path of 12 quarters, {name}"), |b| {
            b.iter(|| black_box(simulate(chain, &scenario, behaviour).is_ok()));
        });
    }
    group.finish();
}

/// The mean warm quarter of the path: all twelve solved in order from the live model, divided by twelve.
fn next_quarters(
    group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>,
    name: &str,
    chain: &Chain,
    scenario: &Scenario,
    behaviour: Behaviour,
) {
    let Ok(path) = simulate(chain, scenario, behaviour) else {
        return;
    };
    let policy = Policy::new(chain, scenario);
    let Ok(mut model) = QuarterModel::new(chain, &policy.quota_groups()) else {
        return;
    };
    group.bench_function(format!("warm quarter, mean of 12, {name}"), |b| {
        b.iter_custom(|rounds| {
            let started = std::time::Instant::now();
            for _ in 0..rounds {
                for step in &path.steps {
                    black_box(model.solve(&step.conditions).is_ok());
                }
            }
            started.elapsed() / u32::try_from(path.steps.len()).unwrap_or(1)
        });
    });
}

criterion_group!(benches, phases);
criterion_main!(benches);
