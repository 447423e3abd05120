//! Bands: the scenario on many paths over uncertain evidence.

use std::collections::BTreeMap;

use monazite_ensemble::bands::Band;
use monazite_ensemble::run::paths as simulated;
use monazite_ensemble::sample::{Method, Sampler};
use monazite_ensemble::world::{VARIANTS, View, World};
use monazite_evidence::Dataset;
use monazite_market::result::tabulate;
use monazite_market::scenario::Scenario;
use schemars::JsonSchema;
use serde::Serialize;

use super::effects::{Effects, Key, of_path};
use super::uneventful;
use crate::error::Result;

/// The paths are the same in every run.
const SEED: u64 = 1;

/// Where nine of ten paths lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Spread {
    /// 5 % of paths lie below.
    pub p5: f64,
    /// Half of them.
    pub median: f64,
    /// 95 % of paths lie below.
    pub p95: f64,
}

impl Spread {
    fn of(values: &mut [f64]) -> Self {
        let band = Band::of(values);
        Self {
            p5: band.p5,
            median: band.median,
            p95: band.p95,
        }
    }
}

/// Adds the bands of so many paths to the effects of the central one.
pub(super) fn add(dataset: &Dataset, scenario: &Scenario, paths: u32, effects: &mut Effects) -> Result<()> {
    let base_year = u16::try_from(scenario.base_year).unwrap_or_default();
    let variants = VARIANTS.min(paths as usize);
    let world = World::new(dataset.clone(), base_year, View::Bloc14, SEED, variants)?;
    let sampler = Sampler::new(Method::Sobol, SEED, paths as usize, world.dimensions())?;
    let run = |scenario: &Scenario| {
        simulated(&world, scenario, &sampler, 0..paths, |_, draw, path| {
            of_path(&tabulate(&draw.chain, &draw.scenario, View::Bloc14.as_str(), path))
        })
    };
    // The same draws without the events: what differs is their effect.
    let (all, without) = (run(scenario)?, run(&uneventful(scenario))?);
    let mut multiples: BTreeMap<&Key, Vec<f64>> = BTreeMap::new();
    let mut losses: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for ((rows, lost), (other_rows, other_lost)) in all.iter().zip(&without) {
        for (key, price) in rows {
            if let Some(other) = other_rows.get(key) {
                multiples.entry(key).or_default().push(price / other);
            }
        }
        for (place, musd) in lost {
            let other = other_lost.get(place).copied().unwrap_or_default();
            losses.entry(place).or_default().push(musd - other);
        }
    }
    for row in &mut effects.prices_and_shortages {
        let key = (row.product.clone(), row.place.clone(), row.year.clone());
        row.band = multiples.get_mut(&key).map(|values| Spread::of(values));
    }
    for row in &mut effects.losses {
        row.band = losses.get_mut(row.bloc.as_str()).map(|values| Spread::of(values));
    }
    Ok(())
}
