//! From a path's positions to tables with names.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;

use super::RunResult;
use super::policies::policies;
use super::rows::{CapacityRow, FlowRow, PriceRow, ProductionRow, QuotaRow, StockRow, UseRow};
use crate::chain::{Chain, NodeIx};
use crate::path::Path;
use crate::policy::Policy;
use crate::quarter::{Conditions, Outcome, QuotaGroup};
use crate::scenario::{Quarter, Scenario};

/// Quantities below a gram per quarter are rounding and are not written.
const NOTHING: f64 = 1e-6;

/// Turns a path into named tables.
#[must_use]
pub fn tabulate(chain: &Chain, scenario: &Scenario, view: &str, path: &Path) -> RunResult {
    let policy = Policy::new(chain, scenario);
    let mut result = RunResult {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        view: view.to_owned(),
        base_year: chain.year,
        quarters: path.steps.iter().map(|s| s.quarter.to_string()).collect(),
        prices: Vec::new(),
        flows: Vec::new(),
        uses: Vec::new(),
        stocks: Vec::new(),
        production: Vec::new(),
        capacities: Vec::new(),
        quotas: Vec::new(),
        policies: Vec::new(),
        notes: chain.notes.clone(),
        warnings: path.warnings.clone(),
        worst_kkt: path
            .steps
            .iter()
            .map(|s| s.outcome.report.kkt)
            .fold(path.base.report.kkt, f64::max),
        timings: vec![("base quarter".into(), path.seconds.0), ("path".into(), path.seconds.1)],
    };
    let groups = policy.quota_groups();
    let need = base_need(chain, &path.base);
    let base_conditions = Conditions::base(chain, path.base.quota_rent.len());
    let ones = vec![1.0; chain.segments.len()];
    let base = Slice {
        name: "base".into(),
        quarter: None,
        conditions: &base_conditions,
        outcome: &path.base,
        reference: &ones,
        average: &path.base.price,
    };
    let steps = path.steps.iter().map(|s| Slice {
        name: s.quarter.to_string(),
        quarter: Some(s.quarter),
        conditions: &s.conditions,
        outcome: &s.outcome,
        reference: &s.reference,
        average: &s.average_price,
    });
    let surplus = surpluses(chain, &path.base);
    for slice in std::iter::once(base).chain(steps) {
        prices(chain, &slice, &path.base, &need, &mut result.prices);
        flows(chain, &slice, &path.base, &policy, &mut result.flows);
        uses(chain, &slice, &surplus, &mut result.uses);
        stocks(chain, &slice, &mut result.stocks);
        production(chain, &slice, &path.base, &mut result.production);
        capacities(chain, &slice, &mut result.capacities);
        quotas(&slice, &groups, &mut result.quotas);
        if let Some(quarter) = slice.quarter {
            policies(chain, &policy, quarter, slice.outcome, &mut result.policies);
        }
    }
    result
}

struct Slice<'a> {
    name: String,
    quarter: Option<Quarter>,
    conditions: &'a Conditions,
    outcome: &'a Outcome,
    reference: &'a [f64],
    average: &'a [f64],
}

fn base_need(chain: &Chain, base: &Outcome) -> BTreeMap<NodeIx, f64> {
    let mut need: BTreeMap<NodeIx, f64> = BTreeMap::new();
    for (segment, used) in chain.segments.iter().zip(&base.used) {
        *need.entry(segment.node).or_default() += used;
    }
    for (process, level) in chain.processes.iter().zip(&base.level) {
        for (node, amount) in &process.inputs {
            *need.entry(*node).or_default() += amount * level;
        }
    }
    need
}

/// Users' surplus of each segment in an outcome, thousand USD.
fn surpluses(chain: &Chain, outcome: &Outcome) -> Vec<f64> {
    (0..chain.segments.len())
        .map(|s| outcome.users_value[s] - outcome.price[chain.segments[s].node.index()] * outcome.used[s])
        .collect()
}

fn prices(chain: &Chain, slice: &Slice<'_>, base: &Outcome, need: &BTreeMap<NodeIx, f64>, rows: &mut Vec<PriceRow>) {
    for (n, node) in chain.nodes.iter().enumerate() {
        if matches!(node.product, Product::InSolution(_)) {
            continue;
        }
        let ix = NodeIx(u32::try_from(n).unwrap_or(u32::MAX));
        rows.push(PriceRow {
            quarter: slice.name.clone(),
            place: chain.place_id(node.place).to_owned(),
            product: chain.catalogue.name(node.product),
            spot_usd_per_kg: slice.outcome.price[n],
            average_usd_per_kg: slice.average[n],
            base_usd_per_kg: base.price[n],
            base_need: need.get(&ix).copied().unwrap_or(0.0),
            confidence: chain.price_confidence(node.product, node.place).to_string(),
        });
    }
}

fn flows(chain: &Chain, slice: &Slice<'_>, base: &Outcome, policy: &Policy<'_>, rows: &mut Vec<FlowRow>) {
    for (r, route) in chain.routes.iter().enumerate() {
        let cap = slice.conditions.route_caps.get(&r).copied();
        let quantity = slice.outcome.flow[r];
        if quantity < NOTHING && base.flow[r] < NOTHING {
            continue;
        }
        let events = slice
            .quarter
            .map(|q| policy.events_on_route(r, q).join(";"))
            .unwrap_or_default();
        rows.push(FlowRow {
            quarter: slice.name.clone(),
            product: chain.catalogue.name(route.product),
            origin: chain.place_id(route.origin).to_owned(),
            destination: chain.place_id(route.destination).to_owned(),
            quantity,
            base_quantity: base.flow[r],
            cap,
            licence_rent_usd_per_kg: slice.outcome.licence_rent[r],
            duty_usd_per_kg: slice.outcome.duty[r],
            margin_usd_per_kg: slice.outcome.margin[r],
            events,
        });
    }
}

fn uses(chain: &Chain, slice: &Slice<'_>, base_surplus: &[f64], rows: &mut Vec<UseRow>) {
    let surplus = surpluses(chain, slice.outcome);
    for (s, segment) in chain.segments.iter().enumerate() {
        let node = &chain.nodes[segment.node.index()];
        let wanted = segment.base * slice.reference[s];
        let used = slice.outcome.used[s];
        let habit = slice.conditions.demand_scale[s] * segment.base;
        rows.push(UseRow {
            quarter: slice.name.clone(),
            place: chain.place_id(node.place).to_owned(),
            product: chain.catalogue.name(node.product),
            end_use: segment.end_use.to_string(),
            wanted,
            used,
            substituted: (wanted - habit).max(0.0),
            short: (habit - used).max(0.0),
            spot_usd_per_kg: slice.outcome.price[segment.node.index()],
            surplus_loss_kusd: base_surplus[s] * slice.reference[s] - surplus[s],
            confidence: segment.confidence.to_string(),
        });
    }
}

fn stocks(chain: &Chain, slice: &Slice<'_>, rows: &mut Vec<StockRow>) {
    for (i, store) in chain.stores.iter().enumerate() {
        let node = &chain.nodes[store.node.index()];
        rows.push(StockRow {
            quarter: slice.name.clone(),
            place: chain.place_id(node.place).to_owned(),
            product: chain.catalogue.name(node.product),
            stock: slice.outcome.stock[i],
            target: store.target * slice.conditions.cover_scale[i],
            expected_usd_per_kg: slice.conditions.expected_price[i],
        });
    }
}

fn production(chain: &Chain, slice: &Slice<'_>, base: &Outcome, rows: &mut Vec<ProductionRow>) {
    for (p, process) in chain.processes.iter().enumerate() {
        let level = slice.outcome.level[p];
        if level < NOTHING && base.level[p] < NOTHING {
            continue;
        }
        rows.push(ProductionRow {
            quarter: slice.name.clone(),
            place: chain.place_id(process.place).to_owned(),
            activity: process.activity.word().to_owned(),
            item: process.activity.item(&chain.catalogue),
            facility: process.facility.as_ref().map(ToString::to_string),
            level,
            base_level: base.level[p],
        });
    }
}

fn capacities(chain: &Chain, slice: &Slice<'_>, rows: &mut Vec<CapacityRow>) {
    let mut used = vec![0.0; chain.capacities.len()];
    for (process, level) in chain.processes.iter().zip(&slice.outcome.level) {
        if let Some((c, per_level)) = process.capacity {
            used[c.index()] += per_level * level;
        }
    }
    for (c, capacity) in chain.capacities.iter().enumerate() {
        rows.push(CapacityRow {
            quarter: slice.name.clone(),
            place: chain.place_id(capacity.place).to_owned(),
            stage: capacity.word().to_owned(),
            facility: capacity.facility.as_ref().map(ToString::to_string),
            limit: slice.conditions.capacity[c],
            used: used[c],
            rent_usd_per_kg: slice.outcome.capacity_rent[c],
        });
    }
}

fn quotas(slice: &Slice<'_>, groups: &[QuotaGroup], rows: &mut Vec<QuotaRow>) {
    for (g, group) in groups.iter().enumerate() {
        let limit = slice.conditions.quotas[g];
        if limit.is_finite() {
            rows.push(QuotaRow {
                quarter: slice.name.clone(),
                event: group.event.clone(),
                limit,
                used: group
                    .routes
                    .iter()
                    .map(|(route, weight)| weight * slice.outcome.flow[*route])
                    .sum(),
                rent_usd_per_kg: slice.outcome.quota_rent[g],
            });
        }
    }
}
