//! What policies bring in and cost, event by event.

use monazite_market::result::RunResult;

use crate::output::number::millions;
use crate::output::{Cell, Column, Table};

/// Totals over the run, in the order events first pay or are paid; none when no money moves.
pub fn treasury(result: &RunResult) -> Option<Table> {
    let mut totals: Vec<(&str, &str, f64, f64, usize)> = Vec::new();
    let mut last = None;
    for row in &result.policies {
        let key = (row.event.as_str(), row.what.as_str());
        let at = totals.iter().position(|t| (t.0, t.1) == key).unwrap_or_else(|| {
            totals.push((key.0, key.1, 0.0, 0.0, 0));
            totals.len() - 1
        });
        totals[at].2 += row.quantity;
        totals[at].3 += row.treasury_kusd;
        let now = (key, row.quarter.as_str());
        if last != Some(now) {
            totals[at].4 += 1;
        }
        last = Some(now);
    }
    if totals.is_empty() {
        return None;
    }
    let mut table = Table::new(
        "treasury",
        "What policies bring a treasury, and cost it, over the run",
        vec![
            Column::text("event", "event"),
            Column::text("what", "what"),
            Column::number("quarters", "quarters"),
            Column::number("quantity_t", "t"),
            Column::number("treasury_thousand_usd", "M USD"),
        ],
    );
    for (event, what, quantity, kusd, quarters) in totals {
        table.push(vec![
            Cell::text(event),
            Cell::named(what, words(what)),
            Cell::count(quarters),
            Cell::number(quantity),
            if what == "promise" {
                Cell::empty()
            } else {
                Cell::shown(kusd, millions(kusd))
            },
        ]);
    }
    Some(table)
}

fn words(what: &str) -> String {
    match what {
        "duty" => "duty raised",
        "top_up" => "paid up to the floor",
        "purchase" => "bought for stock",
        "promise" => "promised flow",
        other => other,
    }
    .to_owned()
}
