//! The tables of a run in full, for `--csv=TABLE`.

use monazite_market::result::RunResult;

use crate::output::{Cell, Column, Table};

fn of_names(name: &'static str, text: &[&'static str], numbers: &[&'static str]) -> Table {
    let text = text.iter().map(|key| Column::text(key, *key));
    let numbers = numbers.iter().map(|key| Column::number(key, *key));
    Table::new(name, name, text.chain(numbers).collect())
}

fn texts<const N: usize>(values: [&str; N]) -> impl Iterator<Item = Cell> {
    values.map(|value| Cell::named(value, "")).into_iter()
}

fn numbers<const N: usize>(values: [f64; N]) -> impl Iterator<Item = Cell> {
    values.map(|value| Cell::shown(value, "")).into_iter()
}

fn optional(value: Option<&str>) -> Cell {
    value.map_or_else(Cell::empty, |value| Cell::named(value, ""))
}

/// Prices at every product and place.
pub fn prices(result: &RunResult) -> Table {
    let mut table = of_names(
        "prices",
        &["quarter", "place", "product", "confidence"],
        &["spot_usd_per_kg", "average_usd_per_kg", "base_usd_per_kg", "base_need"],
    );
    for row in &result.prices {
        let values = [
            row.spot_usd_per_kg,
            row.average_usd_per_kg,
            row.base_usd_per_kg,
            row.base_need,
        ];
        let words = [row.quarter.as_str(), &row.place, &row.product, &row.confidence];
        table.push(texts(words).chain(numbers(values)).collect());
    }
    table
}

/// Shipments.
pub fn flows(result: &RunResult) -> Table {
    let mut table = of_names(
        "flows",
        &["quarter", "product", "origin", "destination", "events", "cap"],
        &[
            "quantity",
            "base_quantity",
            "licence_rent_usd_per_kg",
            "duty_usd_per_kg",
            "margin_usd_per_kg",
        ],
    );
    for row in &result.flows {
        let words = [
            row.quarter.as_str(),
            &row.product,
            &row.origin,
            &row.destination,
            &row.events,
        ];
        let cap = row.cap.map_or_else(Cell::empty, |cap| Cell::shown(cap, ""));
        let values = [
            row.quantity,
            row.base_quantity,
            row.licence_rent_usd_per_kg,
            row.duty_usd_per_kg,
            row.margin_usd_per_kg,
        ];
        table.push(texts(words).chain([cap]).chain(numbers(values)).collect());
    }
    table
}

/// Use and shortage by end use.
pub fn uses(result: &RunResult) -> Table {
    let mut table = of_names(
        "uses",
        &["quarter", "place", "product", "end_use", "confidence"],
        &[
            "wanted",
            "used",
            "substituted",
            "short",
            "spot_usd_per_kg",
            "surplus_loss_thousand_usd",
        ],
    );
    for row in &result.uses {
        let words = [
            row.quarter.as_str(),
            &row.place,
            &row.product,
            &row.end_use,
            &row.confidence,
        ];
        let values = [
            row.wanted,
            row.used,
            row.substituted,
            row.short,
            row.spot_usd_per_kg,
            row.surplus_loss_kusd,
        ];
        table.push(texts(words).chain(numbers(values)).collect());
    }
    table
}

/// Commercial stocks.
pub fn stocks(result: &RunResult) -> Table {
    let mut table = of_names(
        "stocks",
        &["quarter", "place", "product"],
        &["stock", "target", "expected_usd_per_kg"],
    );
    for row in &result.stocks {
        let words = [row.quarter.as_str(), &row.place, &row.product];
        table.push(
            texts(words)
                .chain(numbers([row.stock, row.target, row.expected_usd_per_kg]))
                .collect(),
        );
    }
    table
}

/// What plants and mines did.
pub fn production(result: &RunResult) -> Table {
    let mut table = of_names(
        "production",
        &["quarter", "place", "activity", "item", "facility"],
        &["level", "base_level"],
    );
    for row in &result.production {
        let words = [row.quarter.as_str(), &row.place, &row.activity, &row.item];
        let facility = optional(row.facility.as_deref());
        table.push(
            texts(words)
                .chain([facility])
                .chain(numbers([row.level, row.base_level]))
                .collect(),
        );
    }
    table
}

/// Capacities and their rents.
pub fn capacities(result: &RunResult) -> Table {
    let mut table = of_names(
        "capacities",
        &["quarter", "place", "stage", "facility"],
        &["limit", "used", "rent_usd_per_kg"],
    );
    for row in &result.capacities {
        let words = [row.quarter.as_str(), &row.place, &row.stage];
        let facility = optional(row.facility.as_deref());
        table.push(
            texts(words)
                .chain([facility])
                .chain(numbers([row.limit, row.used, row.rent_usd_per_kg]))
                .collect(),
        );
    }
    table
}

/// Quotas and what one more kilogram under each would be worth.
pub fn quotas(result: &RunResult) -> Table {
    let mut table = of_names("quotas", &["quarter", "event"], &["limit", "used", "rent_usd_per_kg"]);
    for row in &result.quotas {
        let words = [row.quarter.as_str(), &row.event];
        table.push(
            texts(words)
                .chain(numbers([row.limit, row.used, row.rent_usd_per_kg]))
                .collect(),
        );
    }
    table
}

/// What policies do in money.
pub fn policies(result: &RunResult) -> Table {
    let mut table = of_names(
        "policies",
        &["quarter", "event", "what", "place", "product"],
        &["quantity", "usd_per_kg", "treasury_kusd"],
    );
    for row in &result.policies {
        let words = [row.quarter.as_str(), &row.event, &row.what, &row.place, &row.product];
        table.push(
            texts(words)
                .chain(numbers([row.quantity, row.usd_per_kg, row.treasury_kusd]))
                .collect(),
        );
    }
    table
}
