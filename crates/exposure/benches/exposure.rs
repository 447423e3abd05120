//! One country's loss for a path of twelve quarters (goal: 50 ms), and a bill of 10,000 rows (goal: 1 s).

#![allow(missing_docs, clippy::expect_used)] // criterion's macros; a bench may stop

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{reconcile, recoveries};
use monazite_exposure::bom::{Sheet, Vocabulary, read_parts};
use monazite_exposure::industry::{Case, Mapping, Propagation, loss, shortfalls, usa};
use monazite_exposure::product::{Book, assess};
use monazite_exposure::technology::Technologies;
use monazite_market::chain::{Settings, chain};
use monazite_market::path::{Behaviour, simulate};
use monazite_market::result::tabulate;
use monazite_market::scenario::{Scenario, Vocabulary as Words, find};

fn exposure(c: &mut Criterion) {
    let dataset = Dataset::bundled().expect("bundled");
    let base = reconcile(&dataset, 2024).expect("balanced");
    let chain = chain(&dataset, &base, &recoveries(&dataset, &base), Settings::default()).expect("calibrated");
    let text = find("china-2025-04").expect("bundled").text;
    let scenario = Scenario::parse(text, "china-2025-04.toml", &Words::from_dataset(&dataset)).expect("valid");
    let path = simulate(&chain, &scenario, Behaviour::from_dataset(&dataset).expect("bundled")).expect("solved");
    let result = tabulate(&chain, &scenario, "full", &path);
    let economy = usa().expect("bundled");
    let mapping = Mapping::of(&dataset, &economy);
    let propagation = Propagation::new(&economy, &Case::substitutions());

    let mut group = c.benchmark_group("country");
    group.sample_size(20);
    group.bench_function("read and scale the US table", |b| b.iter(|| usa().expect("bundled")));
    group.bench_function("factor the US table", |b| {
        b.iter(|| Propagation::new(black_box(&economy), &Case::substitutions()));
    });
    group.bench_function("loss of twelve quarters, all cases", |b| {
        b.iter(|| {
            let short = shortfalls(&dataset, &base, &result, "USA").expect("users");
            loss(
                &economy,
                &propagation,
                &mapping.needs,
                &short.rows,
                short.quarters.len(),
            )
        });
    });
    group.finish();

    let technologies = Technologies::of(&dataset);
    let vocabulary = Vocabulary::new(&dataset, &technologies);
    let mut bill = String::from("part,quantity,technology,grade,mass,mass_unit,place,supplier_place,stock_days\n");
    for n in 0..10_000 {
        let place = ["USA", "DEU", "JPN", "KOR", "FRA"][n % 5];
        let _ = match n % 3 {
            0 => writeln!(bill, "part {n},{n},ev_motor,,,,{place},,{}", n % 90),
            1 => writeln!(bill, "part {n},{n},,n42sh,{}.5,g,{place},CHN,{}", n % 70, n % 90),
            _ => writeln!(bill, "part {n},{n},,uh,{}.5,g,{place},,{}", n % 7, n % 90),
        };
    }
    let mut group = c.benchmark_group("bill of materials");
    group.sample_size(10);
    group.bench_function("10,000 rows, read and assessed on a path", |b| {
        b.iter(|| {
            let sheet = Sheet::read(bill.as_bytes(), "bom.csv").expect("a sheet");
            let (parts, _) = read_parts(&sheet, &vocabulary, None).expect("parts");
            let book = Book::new(&base, &chain, Some(&result));
            assess(&dataset, &technologies, &book, parts)
        });
    });
    group.finish();
}

criterion_group!(benches, exposure);
criterion_main!(benches);
