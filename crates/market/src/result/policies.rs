//! What policies do in money: duties raised, floors paid, stocks bought, promises kept.

use std::collections::BTreeMap;

use super::rows::PolicyRow;
use crate::chain::{Chain, NodeIx};
use crate::policy::Policy;
use crate::quarter::{DealKind, Outcome};
use crate::scenario::Quarter;

/// Quantities below a gram per quarter are rounding and are not written.
const NOTHING: f64 = 1e-6;

/// The rows of one quarter, by event in the order of the scenario.
pub(super) fn policies(
    chain: &Chain,
    policy: &Policy<'_>,
    quarter: Quarter,
    outcome: &Outcome,
    rows: &mut Vec<PolicyRow>,
) {
    let row = |event: &str, what: &str, node: NodeIx| PolicyRow {
        quarter: quarter.to_string(),
        event: event.to_owned(),
        what: what.to_owned(),
        place: chain.place_id(chain.nodes[node.index()].place).to_owned(),
        product: chain.product_name(node),
        quantity: 0.0,
        usd_per_kg: 0.0,
        treasury_kusd: 0.0,
    };
    for (event, rate, routes) in policy.taxes(quarter) {
        let mut raised: BTreeMap<NodeIx, (f64, f64)> = BTreeMap::new();
        for (r, _) in routes {
            let route = &chain.routes[*r];
            let sum = raised.entry(route.to).or_default();
            sum.0 += outcome.flow[*r];
            sum.1 += rate * outcome.price[route.from.index()].max(0.0) * outcome.flow[*r];
        }
        rows.extend(raised.into_iter().filter(|(_, (flow, _))| *flow > NOTHING).map(
            |(node, (quantity, treasury_kusd))| PolicyRow {
                quantity,
                usd_per_kg: treasury_kusd / quantity,
                treasury_kusd,
                ..row(event, "duty", node)
            },
        ));
    }
    for (event, process) in policy.floors(quarter) {
        let Some(paid) = outcome.top_up.get(&process).filter(|paid| **paid > 0.0) else {
            continue;
        };
        let made = &chain.processes[process];
        let Some((node, amount)) = made.outputs.first().filter(|_| outcome.level[process] > NOTHING) else {
            continue;
        };
        rows.push(PolicyRow {
            quantity: amount * outcome.level[process],
            usd_per_kg: paid / amount,
            treasury_kusd: -paid * outcome.level[process],
            ..row(event, "top_up", *node)
        });
    }
    for (deal, tonnes) in policy.structure().deals.iter().zip(&outcome.dealt) {
        if *tonnes <= NOTHING {
            continue;
        }
        let (what, node) = match deal.kind {
            DealKind::Purchase(node) => ("purchase", node),
            DealKind::Promise(route) => ("promise", chain.routes[route].to),
        };
        let price = outcome.price[node.index()];
        rows.push(PolicyRow {
            quantity: *tonnes,
            usd_per_kg: price,
            treasury_kusd: if what == "purchase" { -price * tonnes } else { 0.0 },
            ..row(&deal.event, what, node)
        });
    }
}
