//! Many random quarters on one programme: it has the rows and columns of all of them, those of the others switched off.

#![allow(clippy::expect_used, dead_code, reason = "not every test binary runs batches")]

use std::ops::Range;

use monazite_evidence::Dataset;
use monazite_market::chain::Chain;
use monazite_market::policy::Policy;
use monazite_market::quarter::{Conditions, QuarterModel, Structure, Terms};
use monazite_market::scenario::{Scenario, Vocabulary};

use super::scenario;

/// One random quarter, ready to be solved by the model of its batch.
pub struct Drawn<'a> {
    pub seed: u64,
    pub scenario: &'a Scenario,
    pub structure: &'a Structure,
    pub conditions: Conditions,
}

/// Calls `each` for the quarter of every seed, `together` to a programme, each started from where the one before ended, as
/// on a path. Scenarios are those of `offset + seed`.
pub fn each_quarter(
    chain: &Chain,
    dataset: &Dataset,
    seeds: Range<u64>,
    (together, offset): (usize, u64),
    mut each: impl FnMut(&mut QuarterModel<'_>, &Drawn<'_>),
) {
    let words = Vocabulary::from_dataset(dataset);
    let end = seeds.end;
    for begin in seeds.step_by(together) {
        let last = (begin + u64::try_from(together).unwrap_or(1)).min(end);
        let batch: Vec<(u64, Scenario)> = (begin..last)
            .map(|seed| (seed, scenario(offset + seed, 1, dataset, &words)))
            .collect();
        let policies: Vec<Policy<'_>> = batch.iter().map(|(_, s)| Policy::new(chain, s)).collect();
        let own: Vec<Structure> = policies.iter().map(Policy::structure).collect();
        let all = Structure {
            quotas: own.iter().flat_map(|s| s.quotas.clone()).collect(),
            deals: own.iter().flat_map(|s| s.deals.clone()).collect(),
        };
        let mut model = QuarterModel::with(chain, &all).expect("the base quarter solves");
        let (mut quotas, mut deals) = (0, 0);
        for (((seed, scenario), policy), own) in batch.iter().zip(&policies).zip(&own) {
            let mut conditions = Conditions::base(chain, 0);
            policy.apply(scenario.start, &mut conditions);
            conditions.demand_scale = policy.demand(scenario.start);
            conditions.quotas = padded(&conditions.quotas, quotas, all.quotas.len(), f64::INFINITY);
            conditions.deals = padded(&conditions.deals, deals, all.deals.len(), Terms::default());
            quotas += own.quotas.len();
            deals += own.deals.len();
            let drawn = Drawn {
                seed: *seed,
                scenario,
                structure: &all,
                conditions,
            };
            each(&mut model, &drawn);
        }
    }
}

fn padded<T: Copy>(own: &[T], at: usize, all: usize, off: T) -> Vec<T> {
    let mut padded = vec![off; all];
    padded[at..at + own.len()].copy_from_slice(own);
    padded
}
