//! Why a product costs what it does in a place in a quarter.

use serde::Serialize;

use super::binding::{Binding, bindings};
use super::supply::Supply;
use super::tables::{At, kinds, unit};
use super::use_side::Demand;
use super::walk::{Down, Up, down, up};
use super::{ExplainError, Tables, ask, sentences};

/// A price explained. [`PriceExplanation::to_text`] puts it in sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceExplanation {
    /// Product name.
    pub product: String,
    /// Unit of its quantities, per quarter: `t REO` or `t`.
    pub unit: &'static str,
    /// Place id.
    pub place: String,
    /// Quarter.
    pub quarter: String,
    /// Year whose money prices are in.
    pub base_year: u16,
    /// What one more kilogram is worth, USD/kg.
    pub spot_usd_per_kg: f64,
    /// Volume-weighted price with contracts, USD/kg.
    pub average_usd_per_kg: f64,
    /// Price of the base quarter, USD/kg.
    pub base_usd_per_kg: f64,
    /// Worst confidence of the evidence behind the base price.
    pub confidence: String,
    /// Where it comes from.
    pub supply: Supply,
    /// Where it goes.
    pub demand: Demand,
    /// What states pay and buy here.
    pub state: Vec<StateHand>,
    /// What binds here.
    pub bindings: Vec<Binding>,
    /// What stands behind the price, step by step towards the mine.
    pub upstream: Vec<Up>,
    /// What binds at the end of [`PriceExplanation::upstream`].
    pub bindings_upstream: Vec<Binding>,
    /// Where most of it goes, step by step towards the user.
    pub downstream: Vec<Down>,
    /// Who draws on the end of [`PriceExplanation::downstream`].
    pub demand_downstream: Option<Demand>,
    /// Kinds of the events named in bindings, by id.
    #[serde(skip)]
    pub(super) kinds: std::collections::BTreeMap<String, String>,
}

/// A state's hand in a market: a floor it pays, a stock it buys, a promised flow it stands behind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateHand {
    /// `duty`, `top_up`, `purchase` or `promise`.
    pub what: String,
    /// The event.
    pub event: String,
    /// Quantity concerned in the quarter.
    pub quantity: f64,
    /// Duty or top-up per kilogram; spot price for purchases and promises, USD/kg.
    pub usd_per_kg: f64,
    /// What the treasury takes in; negative for what it pays, thousand USD.
    pub treasury_kusd: f64,
}

impl StateHand {
    fn of(row: &crate::result::PolicyRow) -> Self {
        Self {
            what: row.what.clone(),
            event: row.event.clone(),
            quantity: row.quantity,
            usd_per_kg: row.usd_per_kg,
            treasury_kusd: row.treasury_kusd,
        }
    }
}

impl PriceExplanation {
    /// The explanation in lines of plain English, without a line break at the end.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.lines().join("\n")
    }

    /// The lines of [`PriceExplanation::to_text`].
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        sentences::price(self)
    }

    /// What one more tonne here would be worth, thousand USD: a price in USD/kg is the same number.
    #[must_use]
    pub fn worth_of_a_tonne_kusd(&self) -> f64 {
        self.spot_usd_per_kg
    }

    /// The constraint here whose relaxing by a tonne would be worth most.
    #[must_use]
    pub fn dearest_binding(&self) -> Option<&Binding> {
        self.bindings
            .iter()
            .max_by(|a, b| a.rent_usd_per_kg.total_cmp(&b.rent_usd_per_kg))
    }
}

/// Explains the price of a product in a place in a quarter.
///
/// `product` is a name such as `magnet:uh`, or an item alone: `Dy` means `oxide:Dy`. `quarter` is
/// `2025Q3`, `2025-Q3` or `base`.
///
/// # Errors
/// When the run knows no such product, place or quarter; the error suggests the nearest.
pub fn price<'a>(
    run: impl Into<Tables<'a>>,
    product: &str,
    place: &str,
    quarter: &str,
) -> Result<PriceExplanation, ExplainError> {
    let tables = run.into();
    let product = ask::product(&tables, product)?;
    let place = ask::place(&tables, place)?;
    let quarter = ask::quarter(&tables, quarter)?;
    let kinds = kinds(tables.scenario);
    let at = At {
        tables,
        kinds: &kinds,
        quarter,
    };
    let row = at
        .price(product, place)
        .ok_or_else(|| ask::no_market(&tables, product, place))?;
    let mut supply = Supply::of(at, product, place);
    let demand = Demand::of(at, product, place);
    if !tables.recipes.is_empty() {
        // What is taken beyond what came to market was let go from strategic stocks.
        let gap = demand.taken() - supply.fresh() - supply.drawn;
        supply.released = if gap > 0.005 * demand.taken() { gap } else { 0.0 };
    }
    let upstream = up(at, product, place, &supply);
    let downstream = down(at, product, place, &demand);
    let far = upstream.last().and_then(|s| at.price(&s.product, &s.place));
    let near_user = downstream.last().and_then(|s| at.price(&s.product, &s.place));
    Ok(PriceExplanation {
        product: product.to_owned(),
        unit: unit(product),
        place: place.to_owned(),
        quarter: quarter.to_owned(),
        base_year: tables.run.base_year,
        spot_usd_per_kg: row.spot_usd_per_kg,
        average_usd_per_kg: row.average_usd_per_kg,
        base_usd_per_kg: row.base_usd_per_kg,
        confidence: row.confidence.clone(),
        bindings: bindings(at, product, place, &supply),
        bindings_upstream: far
            .map(|p| bindings(at, &p.product, &p.place, &Supply::of(at, &p.product, &p.place)))
            .unwrap_or_default(),
        demand_downstream: near_user.map(|p| Demand::of(at, &p.product, &p.place)),
        state: at.policies(product, place).into_iter().map(StateHand::of).collect(),
        supply,
        demand,
        upstream,
        downstream,
        kinds: kinds.clone(),
    })
}
