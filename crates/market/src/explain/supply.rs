//! Where a product in a place comes from in a quarter, and how each source's cost adds up to the price.

use serde::Serialize;

use super::tables::{At, NOTHING};

/// Everything that came to market in a place in a quarter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Supply {
    /// From elsewhere, the largest first; also sources of the base quarter that are closed now.
    pub arrivals: Vec<Arrival>,
    /// Made here, the largest first.
    pub made: Vec<Made>,
    /// Drawn from commercial stock; negative where stock was built.
    pub drawn: f64,
    /// The rest that use and shipments show: releases from strategic stocks.
    pub released: f64,
}

/// A shipment into the place. Origin price, margin, duty, licence and quota rent add up to the price here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arrival {
    /// Origin place id.
    pub origin: String,
    /// Quantity in the quarter.
    pub quantity: f64,
    /// Quantity in the base quarter.
    pub base_quantity: f64,
    /// Price at the origin, USD/kg.
    pub origin_usd_per_kg: f64,
    /// Freight and trade margin, USD/kg. At the edge of a step of the margin's curve it includes the part of the way to the
    /// next step that the price has gone.
    pub margin_usd_per_kg: f64,
    /// Duty, USD/kg.
    pub duty_usd_per_kg: f64,
    /// What a licence for one more kilogram would be worth, USD/kg.
    pub licence_rent_usd_per_kg: f64,
    /// The same for a quota over several routes, USD/kg.
    pub quota_rent_usd_per_kg: f64,
    /// Most that may pass, where something caps it.
    pub cap: Option<f64>,
    /// Events that cap or tax it.
    pub events: Vec<String>,
}

/// Production in the place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// Activity word, such as `make_magnet`.
    pub activity: String,
    /// Item worked on.
    pub item: String,
    /// Quantity of the product in the quarter.
    pub quantity: f64,
    /// Quantity in the base quarter.
    pub base_quantity: f64,
    /// What it is made from.
    pub inputs: Vec<Input>,
    /// Worth of what comes out beside it, USD/kg of the product.
    pub by_products_usd_per_kg: f64,
    /// Rent of the plants it needs, USD/kg of the product.
    pub plant_rent_usd_per_kg: f64,
    /// What is left of the price for processing, USD/kg; `None` where an input has no price of its own.
    pub processing_usd_per_kg: Option<f64>,
}

/// Something that a product is made from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// Product name.
    pub product: String,
    /// Amount per unit of what is made.
    pub amount: f64,
    /// Its cost, USD/kg of what is made; `None` where it has no price of its own.
    pub cost_usd_per_kg: Option<f64>,
    /// Its cost in the base quarter.
    pub base_cost_usd_per_kg: Option<f64>,
}

impl Arrival {
    /// Whether nothing but price limits it.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.quantity > NOTHING && self.licence_rent_usd_per_kg <= 0.0 && self.quota_rent_usd_per_kg <= 0.0
    }

    /// The terms added up: the price here.
    #[must_use]
    pub fn landed_usd_per_kg(&self) -> f64 {
        self.origin_usd_per_kg
            + self.margin_usd_per_kg
            + self.duty_usd_per_kg
            + self.licence_rent_usd_per_kg
            + self.quota_rent_usd_per_kg
    }
}

impl Made {
    /// The terms added up, where all inputs have prices: the price here.
    #[must_use]
    pub fn cost_usd_per_kg(&self) -> Option<f64> {
        let inputs: Option<f64> = self.inputs.iter().map(|i| i.cost_usd_per_kg).sum();
        Some(inputs? - self.by_products_usd_per_kg + self.plant_rent_usd_per_kg + self.processing_usd_per_kg?)
    }

    /// Whether it is a process whose inputs all have prices.
    pub(super) fn is_priced(&self) -> bool {
        !self.inputs.is_empty() && self.processing_usd_per_kg.is_some()
    }
}

impl Supply {
    pub(super) fn of<'a>(at: At<'a>, product: &'a str, place: &'a str) -> Self {
        let spot = at.spot(product, place).unwrap_or_default();
        let mut arrivals: Vec<Arrival> = at
            .flows(product)
            .filter(|f| f.destination == place)
            .map(|f| arrival(at, f, spot))
            .collect();
        arrivals.sort_by(|a, b| b.quantity.total_cmp(&a.quantity));
        let mut made: Vec<Made> = made(at, product, place, spot);
        made.sort_by(|a, b| b.quantity.total_cmp(&a.quantity));
        let stock = |s: Option<&crate::result::StockRow>| s.map(|s| s.stock);
        let drawn = stock(at.stock_before(product, place))
            .zip(stock(at.stock(product, place)))
            .map_or(0.0, |(before, after)| before - after);
        Self {
            arrivals,
            made,
            drawn,
            released: 0.0,
        }
    }

    /// All that came to market, apart from stock.
    #[must_use]
    pub fn fresh(&self) -> f64 {
        self.arrivals.iter().map(|a| a.quantity).sum::<f64>() + self.made.iter().map(|m| m.quantity).sum::<f64>()
    }
}

fn arrival(at: At<'_>, flow: &crate::result::FlowRow, spot: f64) -> Arrival {
    let origin = at.spot(&flow.product, &flow.origin).unwrap_or_default();
    let events: Vec<String> = flow
        .events
        .split(';')
        .filter(|e| !e.is_empty())
        .map(str::to_owned)
        .collect();
    let known = origin + flow.margin_usd_per_kg + flow.duty_usd_per_kg + flow.licence_rent_usd_per_kg;
    let rest = if flow.quantity > NOTHING { spot - known } else { 0.0 };
    let in_quota = events.iter().any(|id| at.kinds.get(id).is_some_and(|k| k == "quota"));
    let (quota_rent, step) = if in_quota {
        (rest.max(0.0), rest.min(0.0))
    } else {
        (0.0, rest)
    };
    Arrival {
        origin: flow.origin.clone(),
        quantity: flow.quantity,
        base_quantity: flow.base_quantity,
        origin_usd_per_kg: origin,
        margin_usd_per_kg: flow.margin_usd_per_kg + step,
        duty_usd_per_kg: flow.duty_usd_per_kg,
        licence_rent_usd_per_kg: flow.licence_rent_usd_per_kg,
        quota_rent_usd_per_kg: if quota_rent > 0.001 * spot.abs() {
            quota_rent
        } else {
            0.0
        },
        cap: flow.cap,
        events,
    }
}

fn made(at: At<'_>, product: &str, place: &str, spot: f64) -> Vec<Made> {
    let base = At { quarter: "base", ..at };
    at.running(place)
        .into_iter()
        .filter(|r| r.amount(product) > 0.0 && (r.level > NOTHING || r.base_level > NOTHING))
        .map(|r| {
            let given = r.amount(product);
            let inputs: Vec<Input> = r
                .amounts
                .iter()
                .filter(|(_, amount)| *amount < 0.0)
                .map(|(input, amount)| {
                    let amount = -amount / given;
                    let cost = |at: At<'_>| at.spot(input, place).map(|p| p * amount);
                    Input {
                        product: (*input).to_owned(),
                        amount,
                        cost_usd_per_kg: cost(at),
                        base_cost_usd_per_kg: cost(base),
                    }
                })
                .collect();
            let beside: Option<f64> = r
                .amounts
                .iter()
                .filter(|(p, amount)| *amount > 0.0 && *p != product)
                .map(|(p, amount)| at.spot(p, place).map(|price| price * amount / given))
                .sum();
            let rent = r.stage.map_or(0.0, |stage| {
                let own = |c: &&&crate::result::CapacityRow| c.facility.as_deref() == r.facility;
                at.capacities(stage, place)
                    .iter()
                    .find(own)
                    .map_or(0.0, |c| c.rent_usd_per_kg)
            }) * r.capacity_per_level
                / given;
            let spent: Option<f64> = inputs.iter().map(|i| i.cost_usd_per_kg).sum();
            Made {
                activity: r.activity.to_owned(),
                item: r.item.to_owned(),
                quantity: r.level * given,
                base_quantity: r.base_level * given,
                inputs,
                by_products_usd_per_kg: beside.unwrap_or_default(),
                plant_rent_usd_per_kg: rent,
                processing_usd_per_kg: spent.zip(beside).map(|(spent, beside)| spot - spent + beside - rent),
            }
        })
        .collect()
}
