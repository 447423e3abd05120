//! Many paths on all cores, in the order of their numbers whatever thread made them.

use std::ops::Range;

use monazite_market::path::Path;
use monazite_market::scenario::Scenario;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::EnsembleError;
use crate::frame::{Frame, Record};
use crate::sample::Sampler;
use crate::world::{Draw, World};

/// Worker threads; 0 means one per core.
///
/// # Errors
/// When the system refuses to start them.
pub fn workers(threads: usize) -> Result<ThreadPool, EnsembleError> {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| EnsembleError::Threads {
            threads,
            why: e.to_string(),
        })
}

/// Simulates the paths of a range and keeps of each what `keep` takes from it. The result is in the order of the
/// numbers, and the same with any number of threads: a path depends on its number only.
///
/// # Errors
/// The first path, by number, that cannot be simulated.
pub fn paths<T: Send>(
    world: &World,
    scenario: &Scenario,
    sampler: &Sampler,
    range: Range<u32>,
    keep: impl Fn(u32, &Draw, &Path) -> T + Sync,
) -> Result<Vec<T>, EnsembleError> {
    let results: Vec<Result<T, EnsembleError>> = range
        .into_par_iter()
        .map_init(
            || world.desk(),
            |desk, i| {
                let draw = world.draw(&sampler.point(i), scenario, desk).map_err(|e| at(i, e))?;
                let path = world.simulate(&draw).map_err(|e| at(i, e))?;
                Ok(keep(i, &draw, &path))
            },
        )
        .collect();
    results.into_iter().collect()
}

/// As [`paths`], keeping what a frame asks for.
///
/// # Errors
/// As [`paths`].
pub fn records(
    world: &World,
    scenario: &Scenario,
    sampler: &Sampler,
    range: Range<u32>,
    frame: &Frame,
) -> Result<Vec<Record>, EnsembleError> {
    paths(world, scenario, sampler, range, |i, draw, path| {
        frame.record(i, &draw.chain, path, &draw.multiples)
    })
}

/// The frame of a scenario: its best estimate is simulated for it, and returned.
///
/// # Errors
/// When the best estimate cannot be simulated.
pub fn frame(world: &World, scenario: &Scenario) -> Result<(Frame, Record), EnsembleError> {
    let best = world.best(scenario)?;
    let path = world.simulate(&best)?;
    let frame = Frame::new(&best.chain, &path.base, scenario);
    let record = frame.record(0, &best.chain, &path, &best.multiples);
    Ok((frame, record))
}

fn at(path: u32, error: EnsembleError) -> EnsembleError {
    match error {
        EnsembleError::Market(source) => EnsembleError::Path { path, source },
        other => other,
    }
}
