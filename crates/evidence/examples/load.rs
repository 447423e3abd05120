//! Reads a dataset folder (or the bundled one) and says how long it took and what is wrong.
#![allow(clippy::print_stdout)] // an example is a program

use std::time::Instant;

use monazite_evidence::Dataset;

fn main() {
    let dir = std::env::args().nth(1);
    let begin = Instant::now();
    let dataset = match dir {
        Some(dir) => Dataset::from_dir(dir.as_ref()),
        None => Dataset::bundled(),
    };
    let small = begin.elapsed();
    match dataset {
        Ok(dataset) => {
            let one = Instant::now();
            let year = dataset.trade_in(&[2024]).map(|rows| rows.len());
            let one = one.elapsed();
            let all = Instant::now();
            let trade = dataset.trade().map(<[_]>::len);
            let all = all.elapsed();
            println!("tables {small:?}, one year of trade {one:?} ({year:?}), all trade {all:?} ({trade:?})");
            let begin = Instant::now();
            let report = dataset.check();
            println!("check {:?} ({} problems)", begin.elapsed(), report.problems.len());
            let begin = Instant::now();
            println!("lock {} {:?}", dataset.lock().short(), begin.elapsed());
        }
        Err(error) => println!("{error}"),
    }
}
