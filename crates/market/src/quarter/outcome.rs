//! What a solved quarter says: prices, flows, levels, use, stocks and rents.

use std::collections::BTreeMap;

use super::SolveReport;
use super::conditions::Conditions;
use super::layout::Layout;
use super::structure::DealKind;
use crate::chain::Chain;
use crate::lp::{ColId, Solution};

/// Flows closer to their cap than this share are at it.
const AT_LIMIT: f64 = 1e-6;

/// The market of one quarter. Vectors are parallel to the chain's.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Welfare, thousand USD: users' value less all costs.
    pub welfare: f64,
    /// Spot price at each node, USD/kg.
    pub price: Vec<f64>,
    /// Level of each process.
    pub level: Vec<f64>,
    /// Flow of each route.
    pub flow: Vec<f64>,
    /// Use of each segment.
    pub used: Vec<f64>,
    /// Closing stock of each store.
    pub stock: Vec<f64>,
    /// Rent of each capacity, USD/kg of level.
    pub capacity_rent: Vec<f64>,
    /// Rent of each capped route, USD/kg: what one more licensed kilogram would be worth; zero where the cap does not bind.
    pub licence_rent: Vec<f64>,
    /// Duty paid on each route, USD/kg.
    pub duty: Vec<f64>,
    /// What a price floor pays on top, by process, USD/kg of level.
    pub top_up: BTreeMap<usize, f64>,
    /// What was done under each deal, in the order of the structure; promised flows are in `flow` too.
    pub dealt: Vec<f64>,
    /// Marginal freight and trade margin on each used route, USD/kg.
    pub margin: Vec<f64>,
    /// Rent of each quota group, USD/kg.
    pub quota_rent: Vec<f64>,
    /// Value that users lost against being served at their reference quantity, thousand USD.
    pub users_value: Vec<f64>,
    /// Work and quality of the solve.
    pub report: SolveReport,
}

impl Outcome {
    pub(super) fn new(
        chain: &Chain,
        layout: &Layout,
        conditions: &Conditions,
        solution: &Solution,
        report: SolveReport,
    ) -> Self {
        let total =
            |range: &std::ops::Range<usize>| -> f64 { range.clone().map(|c| solution.col_values[c].max(0.0)).sum() };
        let price: Vec<f64> = (0..chain.nodes.len())
            .map(|n| solution.price(crate::lp::RowId(narrow(n))))
            .collect();
        let dealt: Vec<f64> = layout.deals.clone().map(|c| solution.col_values[c].max(0.0)).collect();
        let mut flow: Vec<f64> = layout.routes.iter().map(total).collect();
        for (deal, tonnes) in layout.deals().iter().zip(&dealt) {
            if let DealKind::Promise(route) = deal.kind {
                flow[route] += tonnes;
            }
        }
        let mut licence_rent = vec![0.0; chain.routes.len()];
        let mut margin = vec![0.0; chain.routes.len()];
        for (r, route) in chain.routes.iter().enumerate() {
            let columns = layout.routes[r].clone();
            let marginal = columns
                .clone()
                .rev()
                .find(|c| solution.col_values[*c] > 0.0)
                .map_or(0, |c| c - columns.start);
            margin[r] = route.steps[marginal].value;
            if let Some(cap) = conditions.route_caps.get(&r) {
                let at_cap = flow[r] >= cap * (1.0 - AT_LIMIT) - 1e-9;
                let gain = columns
                    .clone()
                    .map(|c| solution.gain(ColId(narrow(c))))
                    .fold(f64::INFINITY, f64::min);
                let wedge = price[route.to.index()]
                    - price[route.from.index()]
                    - margin[r]
                    - conditions.duty_paid.get(&r).copied().unwrap_or(0.0);
                licence_rent[r] = if at_cap {
                    wedge.max(gain.min(wedge)).max(0.0)
                } else {
                    0.0
                };
            }
        }
        Self {
            welfare: solution.objective,
            level: layout.processes.iter().map(total).collect(),
            used: layout.segments.iter().map(total).collect(),
            stock: layout.stores.iter().map(total).collect(),
            capacity_rent: (0..chain.capacities.len())
                .map(|c| solution.rent(Layout::capacity_row(chain, c)))
                .collect(),
            quota_rent: (0..conditions.quotas.len())
                .map(|g| solution.rent(Layout::quota_row(chain, g)))
                .collect(),
            duty: (0..chain.routes.len())
                .map(|r| conditions.duty_paid.get(&r).copied().unwrap_or(0.0))
                .collect(),
            users_value: layout
                .segments
                .iter()
                .zip(&chain.segments)
                .map(|(columns, segment)| {
                    columns
                        .clone()
                        .zip(&segment.steps)
                        .map(|(c, step)| solution.col_values[c] * step.value)
                        .sum()
                })
                .collect(),
            top_up: conditions.top_up.clone(),
            dealt,
            price,
            flow,
            licence_rent,
            margin,
            report,
        }
    }
}

fn narrow(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}
