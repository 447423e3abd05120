//! Prices that an optimum leaves open: where demand or supply has a step, a range of prices clears the market.

use monazite_evidence::product::Product;
use monazite_market::chain::{Chain, NodeIx};
use monazite_market::lp::PriceInterval;
use monazite_market::path::{Behaviour, simulate_watching};
use monazite_market::result::shortages;

use super::Run;
use super::zones::Zones;
use crate::failure::Failure;
use crate::output::words::Words;
use crate::output::{Cell, Column, Table};

/// Ranges narrower than this, as a share of the price, are of no interest.
const WIDE: f64 = 0.01;
/// Rows that people are shown.
const ROWS: usize = 15;

/// The range of a price in a quarter.
pub struct Range {
    product: String,
    place: String,
    quarter: String,
    price: f64,
    interval: PriceInterval,
}

impl Range {
    fn width(&self) -> f64 {
        self.interval.width() / self.price.abs().max(1e-9)
    }
}

/// Asks for the prices of the products that the answer shows, where most of them is needed inside and outside.
pub fn ranges(run: &Run) -> Result<Vec<Range>, Failure> {
    let zones = Zones::of(&run.chain, &run.scenario, &shortages(&run.result));
    let nodes: Vec<NodeIx> = (zones.products.iter())
        .flat_map(|product| [true, false].map(|inside| largest(run, &zones, product, inside)))
        .flatten()
        .collect();
    let behaviour = Behaviour::from_dataset(&run.dataset)?;
    let path = simulate_watching(&run.chain, &run.scenario, behaviour, &nodes)?;
    let mut found = Vec::new();
    for (step, intervals) in path.steps.iter().zip(path.intervals) {
        for (node, interval) in nodes.iter().zip(intervals) {
            let at = &run.chain.nodes[node.index()];
            found.push(Range {
                product: run.chain.catalogue.name(at.product),
                place: run.chain.place_id(at.place).to_owned(),
                quarter: step.quarter.to_string(),
                price: step.outcome.price[node.index()],
                interval,
            });
        }
    }
    Ok(found)
}

/// Where most of a product was needed in the base quarter, inside or outside.
fn largest(run: &Run, zones: &Zones, product: &str, inside: bool) -> Option<NodeIx> {
    let rows = (run.result.prices.iter())
        .filter(|row| row.product == product && row.base_need > 0.0)
        .filter(|row| zones.inside.contains(&row.place) == inside);
    let row = rows.max_by(|a, b| a.base_need.total_cmp(&b.base_need))?;
    let at = |chain: &Chain, product: Product| chain.node(product, chain.place(&row.place)?);
    let node = (run.chain.nodes.iter()).find(|node| run.chain.catalogue.name(node.product) == product)?;
    at(&run.chain, node.product)
}

/// The ranges, widest first for people.
pub fn table(ranges: &[Range], words: &Words) -> Table {
    let columns = vec![
        Column::text("product", "product"),
        Column::text("place", "place"),
        Column::text("quarter", "quarter"),
        Column::number("low_usd_per_kg", "low"),
        Column::number("spot_usd_per_kg", "shown"),
        Column::number("high_usd_per_kg", "high"),
    ];
    let mut table = Table::new(
        "intervals",
        "Prices that are not unique, USD/kg: any between low and high would clear the market",
        columns,
    )
    .show_at_most(ROWS)
    .if_empty("none: every price of the products above holds within 1 %");
    let mut wide: Vec<&Range> = ranges.iter().filter(|range| range.width() > WIDE).collect();
    wide.sort_by(|a, b| b.width().total_cmp(&a.width()));
    for range in wide {
        table.push(vec![
            Cell::named(&range.product, words.product(&range.product)),
            Cell::named(&range.place, words.place(&range.place)),
            Cell::text(&range.quarter),
            Cell::number(range.interval.low),
            Cell::number(range.price),
            Cell::number(range.interval.high),
        ]);
    }
    table
}
