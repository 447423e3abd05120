//! Where a product in a place goes in a quarter, and who goes without.

use serde::Serialize;

use super::tables::{At, NOTHING};

/// Everything that draws on a product in a place in a quarter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Demand {
    /// What end users here would take at base prices.
    pub wanted: f64,
    /// What they take.
    pub used: f64,
    /// The end uses, the most cut back first.
    pub end_uses: Vec<Cut>,
    /// What is made from it here and where it is shipped, the largest first.
    pub sinks: Vec<Sink>,
    /// Commercial stock, where one is held.
    pub stock: Option<Stock>,
}

/// An end use and how far it is cut back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cut {
    /// End use id.
    pub end_use: String,
    /// What it would take at base prices.
    pub wanted: f64,
    /// What it takes.
    pub used: f64,
    /// Given up for good by substituting, so far.
    pub substituted: f64,
    /// Unserved at this price.
    pub short: f64,
}

impl Cut {
    /// Share of what was wanted that it does without.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.wanted > 0.0 {
            (1.0 - self.used / self.wanted).max(0.0)
        } else {
            0.0
        }
    }
}

/// What a sink is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SinkKind {
    /// Made into another product here.
    Made,
    /// Shipped to another place.
    Shipped,
    /// Left unsold.
    Unsold,
}

/// A use of the product that is not an end use here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sink {
    /// What it is.
    pub kind: SinkKind,
    /// The product it is made into, or the place it is shipped to.
    pub to: String,
    /// Quantity in the quarter.
    pub quantity: f64,
}

/// Commercial stock at the end of the quarter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stock {
    /// Before.
    pub opening: f64,
    /// After.
    pub closing: f64,
    /// What holders aim at.
    pub target: f64,
    /// Price that they expect, USD/kg.
    pub expected_usd_per_kg: f64,
}

impl Demand {
    pub(super) fn of<'a>(at: At<'a>, product: &'a str, place: &'a str) -> Self {
        let mut end_uses: Vec<Cut> = at
            .uses(product, place)
            .into_iter()
            .map(|u| Cut {
                end_use: u.end_use.clone(),
                wanted: u.wanted,
                used: u.used,
                substituted: u.substituted,
                short: u.short,
            })
            .collect();
        end_uses.sort_by(|a, b| (b.wanted - b.used).total_cmp(&(a.wanted - a.used)));
        let stock = at.stock(product, place).map(|s| Stock {
            opening: at.stock_before(product, place).map_or(s.stock, |b| b.stock),
            closing: s.stock,
            target: s.target,
            expected_usd_per_kg: s.expected_usd_per_kg,
        });
        Self {
            wanted: end_uses.iter().map(|c| c.wanted).sum(),
            used: end_uses.iter().map(|c| c.used).sum(),
            end_uses,
            sinks: sinks(at, product, place),
            stock,
        }
    }

    /// Everything that is used up, made into something or shipped, but not put into stock.
    #[must_use]
    pub fn taken(&self) -> f64 {
        self.used + self.sinks.iter().map(|s| s.quantity).sum::<f64>()
    }

    /// Share of what users here wanted that they do without.
    #[must_use]
    pub fn shortfall(&self) -> f64 {
        if self.wanted > 0.0 {
            (1.0 - self.used / self.wanted).max(0.0)
        } else {
            0.0
        }
    }
}

fn sinks<'a>(at: At<'a>, product: &'a str, place: &'a str) -> Vec<Sink> {
    let mut sinks: Vec<Sink> = Vec::new();
    let mut add = |kind: SinkKind, to: &str, quantity: f64| {
        if quantity <= NOTHING {
            return;
        }
        match sinks.iter_mut().find(|s| s.kind == kind && s.to == to) {
            Some(sink) => sink.quantity += quantity,
            None => sinks.push(Sink {
                kind,
                to: to.to_owned(),
                quantity,
            }),
        }
    };
    for process in at.running(place) {
        let quantity = -process.amount(product) * process.level;
        match process.output() {
            Some(output) => add(SinkKind::Made, output, quantity),
            None => add(SinkKind::Unsold, "", quantity),
        }
    }
    for flow in at.flows(product).filter(|f| f.origin == place) {
        add(SinkKind::Shipped, &flow.destination, flow.quantity);
    }
    sinks.sort_by(|a, b| b.quantity.total_cmp(&a.quantity));
    sinks
}
