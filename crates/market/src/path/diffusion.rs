//! Grain-boundary diffusion spreads where it pays, after the time it takes to develop and qualify it.

use std::collections::BTreeMap;

use monazite_evidence::recipe::Activity;

use crate::chain::{Chain, Process};
use crate::quarter::Outcome;

use super::behaviour::Diffusion;
use super::growth::whole;

/// What each diffusion process may run at, as a share of the most it could ever serve.
#[derive(Clone, Debug)]
pub(super) struct Adoption {
    processes: Vec<usize>,
    decided: Vec<f64>,
    running: Vec<f64>,
    /// Due quarter, position in `processes`, share.
    coming: Vec<(usize, usize, f64)>,
}

impl Adoption {
    pub fn new(chain: &Chain) -> Self {
        let processes: Vec<usize> = (0..chain.processes.len())
            .filter(|p| matches!(chain.processes[*p].activity, Activity::Diffuse(..)))
            .collect();
        let none = vec![0.0; processes.len()];
        Self {
            processes,
            decided: none.clone(),
            running: none,
            coming: Vec::new(),
        }
    }

    /// Largest level of each process by now.
    pub fn arrive(&mut self, chain: &Chain, quarter: usize) -> BTreeMap<usize, f64> {
        for (_, at, share) in self.coming.iter().filter(|(due, ..)| *due == quarter) {
            self.running[*at] += share;
        }
        (self.processes.iter().zip(&self.running))
            .map(|(p, share)| {
                (
                    *p,
                    share * chain.processes[*p].steps.iter().map(|s| s.width).sum::<f64>(),
                )
            })
            .collect()
    }

    /// Makers for whom diffusion pays at a quarter's prices start on it.
    pub fn decide(&mut self, chain: &Chain, quarter: usize, outcome: &Outcome, diffusion: &Diffusion) {
        let lead = whole(diffusion.lead_quarters).max(1);
        for (at, p) in self.processes.iter().enumerate() {
            let share = (diffusion.per_year / 4.0).min(1.0 - self.decided[at]);
            if share > 0.0 && profit(&chain.processes[*p], outcome) > 0.0 {
                self.decided[at] += share;
                self.coming.push((quarter + lead, at, share));
            }
        }
    }
}

/// What a unit would earn at the quarter's prices, USD/kg.
fn profit(process: &Process, outcome: &Outcome) -> f64 {
    let worth = |side: &[(crate::chain::NodeIx, f64)]| -> f64 {
        side.iter()
            .map(|(node, amount)| amount * outcome.price[node.index()])
            .sum()
    };
    let cost = process.steps.first().map_or(0.0, |s| s.value);
    worth(&process.outputs) - worth(&process.inputs) - cost
}
