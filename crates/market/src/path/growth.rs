//! Plants outside a restricting exporter that earn rents are restarted or enlarged, after their lead time.

use crate::chain::Chain;
use crate::quarter::Outcome;

use super::behaviour::Growth;
use super::restriction::Restriction;

/// No plant is enlarged beyond this multiple of what it could do in the base quarter.
const MOST: f64 = 1.0;

/// Orders and what has come of them.
#[derive(Clone, Debug)]
pub(super) struct Orders {
    /// Value of what one unit of each capacity made in the base quarter, at base prices, USD/kg.
    value: Vec<f64>,
    /// The world's base level of each capacity's stage.
    world: Vec<f64>,
    /// Quarters in a row that each capacity has earned more than the trigger.
    earning: Vec<u32>,
    /// Ordered and running, per capacity.
    ordered: Vec<f64>,
    running: Vec<f64>,
    /// Due quarter, capacity, amount.
    coming: Vec<(usize, usize, f64)>,
}

impl Orders {
    pub fn new(chain: &Chain) -> Self {
        let mut made = vec![(0.0_f64, 0.0_f64); chain.capacities.len()];
        for process in &chain.processes {
            if let Some((c, per_level)) = process.capacity {
                let worth: f64 = (process.outputs.iter())
                    .map(|(node, amount)| amount * chain.nodes[node.index()].base_price.max(0.0))
                    .sum();
                let at = &mut made[c.index()];
                at.0 += worth * process.base;
                at.1 += per_level * process.base;
            }
        }
        let value = (made.iter())
            .map(|(worth, level)| if *level > 0.0 { worth / level } else { 0.0 })
            .collect();
        let world = (chain.capacities.iter())
            .map(|c| {
                chain
                    .capacities
                    .iter()
                    .filter(|o| o.stage == c.stage)
                    .map(|o| o.base_level)
                    .sum()
            })
            .collect();
        let none = vec![0.0; chain.capacities.len()];
        Self {
            value,
            world,
            earning: vec![0; chain.capacities.len()],
            ordered: none.clone(),
            running: none,
            coming: Vec::new(),
        }
    }

    /// Capacity added by now, per capacity.
    pub fn arrive(&mut self, quarter: usize) -> &[f64] {
        for (_, c, amount) in self.coming.iter().filter(|(due, ..)| *due == quarter) {
            self.running[*c] += amount;
        }
        &self.running
    }

    /// Orders placed on a quarter's rents.
    pub fn place(
        &mut self,
        chain: &Chain,
        quarter: usize,
        outcome: &Outcome,
        base: &Outcome,
        growth: &Growth,
        shut: &Restriction,
    ) {
        let lead = whole(growth.lead_quarters).max(1);
        for (c, capacity) in chain.capacities.iter().enumerate() {
            let rent = outcome.capacity_rent[c] - base.capacity_rent[c];
            let earns =
                self.value[c] > 0.0 && rent > growth.trigger * self.value[c] && !shut.is_exporter(capacity.place);
            self.earning[c] = if earns { self.earning[c] + 1 } else { 0 };
        }
        let patience = u32::try_from(whole(growth.patience)).unwrap_or(1).max(1);
        let ready: Vec<usize> = (0..chain.capacities.len())
            .filter(|c| self.earning[*c] >= patience)
            .collect();
        for c in &ready {
            let capacity = &chain.capacities[*c];
            let same: f64 = (ready.iter())
                .filter(|o| chain.capacities[**o].stage == capacity.stage)
                .map(|o| chain.capacities[*o].base_limit)
                .sum();
            let share = if same > 0.0 { capacity.base_limit / same } else { 0.0 };
            let most = (MOST * capacity.base_limit - self.ordered[*c]).max(0.0);
            let amount = (growth.cap_per_year / 4.0 * self.world[*c] * share).min(most);
            if amount > 0.0 {
                self.ordered[*c] += amount;
                self.coming.push((quarter + lead, *c, amount));
            }
        }
    }
}

/// A number of quarters drawn from a range, as a count.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small, and not negative after the clamp"
)]
pub(super) fn whole(quarters: f64) -> usize {
    quarters.round().clamp(0.0, 400.0) as usize
}
