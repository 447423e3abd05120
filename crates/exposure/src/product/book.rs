//! What a market says about prices, origins and shortages, ready to look up.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use monazite_evidence::Element;
use monazite_evidence::product::Product;
use monazite_evidence::reconcile::{BaseYear, PlaceIx};
use monazite_market::chain::Chain;
use monazite_market::result::RunResult;

use crate::industry::NOTICED;
use crate::trace::{Origins, Trace};

/// What one use gets of a product in a place, by quarter.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    pub wanted: Vec<f64>,
    pub used: Vec<f64>,
    pub substituted: Vec<f64>,
}

impl Cuts {
    fn add(&mut self, quarter: usize, quarters: usize, wanted: f64, used: f64, substituted: f64) {
        for values in [&mut self.wanted, &mut self.used, &mut self.substituted] {
            values.resize(quarters, 0.0);
        }
        if let (Some(w), Some(u), Some(s)) = (
            self.wanted.get_mut(quarter),
            self.used.get_mut(quarter),
            self.substituted.get_mut(quarter),
        ) {
            *w += wanted;
            *u += used;
            *s += substituted;
        }
    }

    /// Share of what is wanted that is not used, and the share got over for good.
    pub fn at(&self, quarter: usize) -> (f64, f64) {
        let get = |values: &[f64]| values.get(quarter).copied().unwrap_or(0.0);
        let wanted = get(&self.wanted);
        if wanted <= 0.0 {
            return (0.0, 0.0);
        }
        let cut = (1.0 - get(&self.used) / wanted).clamp(0.0, 1.0);
        (
            if cut < NOTICED { 0.0 } else { cut },
            (get(&self.substituted) / wanted).clamp(0.0, 1.0),
        )
    }
}

/// Tables of the market by place and product.
pub struct Book<'m> {
    /// The balanced base year.
    pub(super) base: &'m BaseYear,
    chain: &'m Chain,
    quarters: Vec<String>,
    cuts: HashMap<(String, String), BTreeMap<String, Cuts>>,
    prices: HashMap<(String, String), Vec<f64>>,
    flows: HashMap<(String, String, String), Vec<f64>>,
    traces: RefCell<BTreeMap<Element, Rc<Trace>>>,
}

impl<'m> Book<'m> {
    /// Reads the market: the calibrated base year, and a scenario's result where there is one.
    #[must_use]
    pub fn new(base: &'m BaseYear, chain: &'m Chain, result: Option<&RunResult>) -> Self {
        let mut book = Self {
            base,
            chain,
            quarters: result.map(|r| r.quarters.clone()).unwrap_or_default(),
            cuts: HashMap::new(),
            prices: HashMap::new(),
            flows: HashMap::new(),
            traces: RefCell::new(BTreeMap::new()),
        };
        if let Some(result) = result {
            book.read(result);
        }
        book
    }

    fn read(&mut self, result: &RunResult) {
        let n = self.quarters.len();
        let at: HashMap<&str, usize> = result
            .quarters
            .iter()
            .enumerate()
            .map(|(i, q)| (q.as_str(), i))
            .collect();
        for row in &result.uses {
            if let Some(q) = at.get(row.quarter.as_str()) {
                self.cuts
                    .entry((row.place.clone(), row.product.clone()))
                    .or_default()
                    .entry(row.end_use.clone())
                    .or_default()
                    .add(*q, n, row.wanted, row.used, row.substituted);
            }
        }
        for row in &result.prices {
            if let Some(q) = at.get(row.quarter.as_str()) {
                let series = self
                    .prices
                    .entry((row.place.clone(), row.product.clone()))
                    .or_insert_with(|| vec![0.0; n]);
                series[*q] = row.average_usd_per_kg;
            }
        }
        for row in &result.flows {
            if let Some(q) = at.get(row.quarter.as_str()).filter(|_| row.base_quantity > 0.0) {
                let key = (row.product.clone(), row.origin.clone(), row.destination.clone());
                // A quarter without a row had no flow.
                let series = self.flows.entry(key).or_insert_with(|| vec![0.0; n]);
                series[*q] = row.quantity / row.base_quantity;
            }
        }
    }

    /// Quarters of the path; none without a scenario.
    #[must_use]
    pub fn quarters(&self) -> &[String] {
        &self.quarters
    }

    pub(super) fn place(&self, id: &str) -> Option<PlaceIx> {
        self.chain.place(id)
    }

    /// Base price of a product in a place, USD per kg; where the place does not trade it, the median of the other places
    /// outside China, or of all.
    pub(super) fn base_price(&self, product: Product, place: Option<PlaceIx>) -> Option<f64> {
        if let Some(node) = place.and_then(|place| self.chain.node(product, place)) {
            return self.chain.nodes.get(node.index()).map(|node| node.base_price);
        }
        let mut prices: Vec<f64> = (self.chain.nodes.iter())
            .filter(|node| node.product == product && self.chain.place_id(node.place) != "CHN")
            .map(|node| node.base_price)
            .collect();
        prices.sort_by(f64::total_cmp);
        prices.get(prices.len() / 2).copied()
    }

    /// Volume-weighted price by quarter.
    pub(super) fn path_price(&self, product: &str, place: &str) -> Option<&[f64]> {
        let key = (place.to_owned(), product.to_owned());
        self.prices.get(&key).map(Vec::as_slice)
    }

    /// What a use in a place gets of a product: its own row, that of the small uses, or that of all uses together.
    pub(super) fn cut(&self, product: &str, place: &str, end_use: Option<&str>) -> Option<Cuts> {
        let uses = self.cuts.get(&(place.to_owned(), product.to_owned()))?;
        if let Some(end_use) = end_use
            && let Some(own) = uses.get(end_use).or_else(|| uses.get("minor_uses"))
        {
            return Some(own.clone());
        }
        let mut all = Cuts::default();
        for one in uses.values() {
            for q in 0..self.quarters.len() {
                let get = |values: &[f64]| values.get(q).copied().unwrap_or(0.0);
                all.add(
                    q,
                    self.quarters.len(),
                    get(&one.wanted),
                    get(&one.used),
                    get(&one.substituted),
                );
            }
        }
        Some(all)
    }

    /// Part of the base flow of a route that passes, by quarter.
    pub(super) fn flow(&self, product: &str, origin: &str, destination: &str) -> Option<&[f64]> {
        let key = (product.to_owned(), origin.to_owned(), destination.to_owned());
        self.flows.get(&key).map(Vec::as_slice)
    }

    /// Where an element in a product bought in a place comes from. With a supplier's place: what is made there.
    pub(super) fn origins(
        &self,
        element: Element,
        product: Product,
        place: PlaceIx,
        supplier: Option<PlaceIx>,
    ) -> Option<Origins> {
        let trace = Rc::clone(
            self.traces
                .borrow_mut()
                .entry(element)
                .or_insert_with(|| Rc::new(Trace::of(self.base, element))),
        );
        let Some(supplier) = supplier else {
            return trace.origins(product, place);
        };
        // A magnet from a supplier is made where the supplier is, of the metal that is there.
        let Product::Magnet(_) = product else {
            return trace.origins(product, supplier);
        };
        let mut origins = trace.origins(Product::Metal(element), supplier)?;
        if let Some(stage) = origins.last_mut() {
            stage.clear();
            stage.insert(self.chain.place_id(supplier).to_owned(), 1.0);
        }
        Some(origins)
    }
}
