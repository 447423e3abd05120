//! What all draws of an emergency have in common.

use std::collections::BTreeMap;

use monazite_evidence::error::Unknown;
use monazite_evidence::product::Product;
use monazite_evidence::reconcile::{BaseYear, PlaceIx, reconcile, recoveries};
use monazite_evidence::{Confidence, Dataset, EndUseId};
use monazite_market::chain::{Chain, Settings, chain};

use super::conflict::Conflict;
use super::error::StockpileError;
use super::numbers::Numbers;
use super::supply::{Loss, Network};

/// Use of a product by an end use.
pub(super) struct GroundUse {
    pub product: Product,
    pub end_use: EndUseId,
    pub quantity: f64,
    pub essential: f64,
    /// Positions in the conflict's lists.
    pub defence: Option<usize>,
    pub investment: Vec<usize>,
}

/// What all draws of a conflict have in common: the balanced base year, prices, who uses what.
pub struct Ground {
    pub(super) base: BaseYear,
    pub(super) network: Network,
    pub(super) place: PlaceIx,
    /// Supplier of the conflict by place.
    pub(super) supplier: Vec<Option<usize>>,
    pub(super) uses: Vec<GroundUse>,
    /// Products used, in order.
    pub(super) products: Vec<Product>,
    /// New supply and stocks held, as products.
    pub(super) added: Vec<Option<Product>>,
    pub(super) held: Vec<Option<Product>>,
    pub(super) prices: BTreeMap<Product, (f64, Confidence)>,
    pub(super) confidence: BTreeMap<Product, Confidence>,
}

impl Ground {
    /// Balances the base year of a conflict and looks up what it needs. `place` is a place of the full view.
    ///
    /// # Errors
    /// When the base year cannot be balanced or priced, or the place is not in it.
    pub fn new(dataset: &Dataset, conflict: &Conflict, place: &str) -> Result<Self, StockpileError> {
        let base = reconcile(dataset, conflict.base_year)?;
        let market = chain(dataset, &base, &recoveries(dataset, &base), Settings::default())?;
        let ids = || base.places.iter().map(|place| place.id.as_str());
        let at = ids()
            .position(|id| id == place)
            .and_then(|at| u16::try_from(at).ok())
            .ok_or_else(|| Unknown::new("place of the base year", place, ids()))?;
        let at = PlaceIx(at);
        let rest = conflict
            .suppliers
            .iter()
            .position(|row| row.places.iter().any(|p| p == "*"));
        let supplier = ids()
            .map(|id| {
                let named = conflict
                    .suppliers
                    .iter()
                    .position(|row| row.places.iter().any(|p| p == id));
                // The country itself is only what a row says by name.
                named.or(if id == place { None } else { rest })
            })
            .collect();
        let mut confidence: BTreeMap<Product, Confidence> = BTreeMap::new();
        let mut uses = Vec::new();
        for row in base.uses.iter().filter(|row| row.place == at && row.quantity > 0.0) {
            let worst = confidence.entry(row.product).or_insert(row.confidence);
            *worst = (*worst).max(row.confidence);
            let positions = |name: &str| row.end_use.as_str() == name;
            uses.push(GroundUse {
                product: row.product,
                end_use: row.end_use.clone(),
                quantity: row.quantity,
                essential: dataset.end_use(&row.end_use).map_or(1.0, |use_| use_.essential.0),
                defence: conflict.defence.iter().position(|one| positions(&one.end_use)),
                investment: (conflict.investment.iter().enumerate())
                    .filter(|(_, one)| positions(&one.end_use))
                    .map(|(at, _)| at)
                    .collect(),
            });
        }
        let products: Vec<Product> = confidence.keys().copied().collect();
        let prices = (products.iter())
            .filter_map(|product| Some((*product, price(&market, *product, at)?)))
            .collect();
        let named = |name: &str| base.catalogue.product_by_name(name);
        Ok(Self {
            network: Network::of(&base),
            place: at,
            supplier,
            uses,
            products,
            added: conflict.added.iter().map(|row| named(&row.product)).collect(),
            held: conflict.held.iter().map(|row| named(&row.product)).collect(),
            prices,
            confidence,
            base,
        })
    }

    /// Base-year price of a product in the country, USD/kg.
    pub(super) fn price(&self, product: Product) -> Option<f64> {
        self.prices.get(&product).map(|(price, _)| *price)
    }

    /// Share of the base year's supply that is left at every node in a year of the emergency, from 0.
    pub(super) fn left(&self, conflict: &Conflict, numbers: &Numbers, year: usize) -> Vec<f64> {
        let of = |place: usize| self.supplier.get(place).copied().flatten();
        let at = |list: &[f64]| list.get(year).copied().unwrap_or_default();
        let capacity: Vec<f64> = (0..self.base.places.len())
            .map(|place| {
                let row = of(place).and_then(|row| numbers.suppliers.get(row));
                1.0 - row.map_or(0.0, |row| at(&row.damage))
            })
            .collect();
        let side = |place: usize| of(place).and_then(|row| conflict.suppliers.get(row)?.side.as_deref());
        let passes = |origin: usize, destination: usize| {
            if side(origin).is_some() && side(origin) == side(destination) {
                return 1.0;
            }
            let row = of(origin).and_then(|row| numbers.suppliers.get(row));
            row.map_or(1.0, |row| at(&row.access) * (1.0 - at(&row.shipping_loss)))
        };
        self.network.left(&Loss {
            capacity: &capacity,
            passes: &passes,
        })
    }
}

fn price(market: &Chain, product: Product, place: PlaceIx) -> Option<(f64, Confidence)> {
    let node = market.node(product, place)?;
    let price = market.nodes.get(node.index())?.base_price;
    (price > 0.0).then(|| (price, market.price_confidence(product, place)))
}
