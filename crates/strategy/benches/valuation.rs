//! How many valuations a second.

#![allow(clippy::expect_used, reason = "a benchmark stops when its input is wrong")]
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use monazite_evidence::Dataset;
use monazite_strategy::project::{Deck, Project, Spread, bands, template, value};

fn valuations(c: &mut Criterion) {
    let dataset = Dataset::bundled().expect("bundled tables are checked by the tests");
    let deck = Deck::spot(&dataset, monazite_evidence::table::PriceZone::Outside, 2024).expect("prices of 2024");
    let project = Project::parse(template(), "template.toml").expect("the template is valid");
    let case = project
        .case(&dataset, &deck)
        .expect("the template's composition is bundled");
    c.bench_function("one valuation", |b| b.iter(|| value(black_box(&case))));
    let mut slow = c.benchmark_group("draws");
    slow.sample_size(10);
    slow.bench_function("1,000 draws with break-even", |b| {
        b.iter(|| bands(black_box(&case), &Spread::default(), 1000, 7));
    });
}

criterion_group!(benches, valuations);
criterion_main!(benches);
