//! How fast a year of BACI is read: a million made-up rows, products of the dataset kept.
//!
//! The figure of a whole year, from process start, is measured with the example `baci_year`.

#![allow(missing_docs)] // what the macros of criterion make
#![allow(clippy::expect_used)] // a benchmark stops where it cannot go on

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use monazite_evidence::Dataset;
use monazite_import::{Kind, Options, import};

#[path = "../examples/baci_year/made_up.rs"]
mod made_up;

const ROWS: u64 = 1_000_000;

fn baci(criterion: &mut Criterion) {
    let dir = tempfile::tempdir().expect("a folder");
    let files = [dir.path().join("BACI_HS92_Y2022_V202401b.csv")];
    made_up::write(&files[0], ROWS).expect("a file");
    let dataset = Dataset::bundled().expect("the dataset");
    let options = Options {
        dry_run: true,
        ..Options::default()
    };
    let mut group = criterion.benchmark_group("baci");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10);
    group.bench_function("a million rows", |bench| {
        bench.iter(|| {
            let report = import(Kind::Baci, &files, dir.path(), &dataset, &options).expect("an import");
            assert_eq!(report.rows.read, ROWS);
            black_box(report)
        });
    });
    group.finish();
}

criterion_group!(benches, baci);
criterion_main!(benches);
