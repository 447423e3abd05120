//! Users of the chain: demand segments and the stocks they hold.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::{Confidence, Dataset, Element, EndUseId};

use super::build::{Builder, QUARTERS};
use super::priors::Priors;
use super::segments::{Curve, demand_steps};
use super::{Chain, Node, NodeIx, Segment, Store};
use crate::MarketError;
use crate::calibrate::behaviour;

/// Uses below this share of a product's world use are merged per place.
const MINOR_USE: f64 = 0.01;
/// Demand above this share of world use gets the fine curve.
const FINE_USE: f64 = 0.02;
/// Largest relative spread that breaks ties between users.
const TIE_SPREAD: f64 = 1e-3;
/// Fractional parts of its multiples are spread evenly and never repeat.
const GOLDEN: f64 = 0.618_033_988_749_895;
/// Stocks are modelled in fine steps where a place has at least this share of the world's need.
const FINE_STORE: f64 = 0.002;
/// No use gives up below this multiple of the base price, however the ceilings are drawn.
const LOWEST_CEILING: f64 = 2.0;
/// Coarse demand curves have at most this many steps.
const COARSE_STEPS: usize = 8;
/// Days per quarter.
const QUARTER_DAYS: f64 = 91.25;

impl Builder<'_> {
    pub(super) fn segments(&mut self) -> Result<(), MarketError> {
        let mut world: BTreeMap<Product, f64> = BTreeMap::new();
        for u in &self.base.uses {
            *world.entry(u.product).or_default() += u.quantity;
        }
        let mut minor: BTreeMap<(Product, PlaceIx), Minor> = BTreeMap::new();
        let base = self.base;
        for u in &base.uses {
            let row = self
                .dataset
                .end_use(&u.end_use)
                .ok_or_else(|| MarketError::MissingEvidence(format!("end use `{}`", u.end_use)))?;
            let shape = Shape {
                elasticity: row.elasticity,
                essential: row.essential.0,
                ceiling: row.ceiling_multiple,
                long_run: row.long_run_elasticity,
            };
            if u.quantity < MINOR_USE * world[&u.product] {
                minor
                    .entry((u.product, u.place))
                    .or_insert_with(|| Minor::new(u.confidence))
                    .add(u.quantity, &shape, u.confidence);
            } else {
                let fine = u.quantity > FINE_USE * world[&u.product];
                self.segment(
                    u.product,
                    u.place,
                    u.end_use.clone(),
                    u.quantity,
                    &shape,
                    fine,
                    u.confidence,
                );
            }
        }
        for ((product, place), m) in minor {
            self.segment(
                product,
                place,
                EndUseId::from("minor_uses"),
                m.quantity,
                &m.shape(),
                false,
                m.confidence,
            );
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "one row of the demand table, spelled out")]
    fn segment(
        &mut self,
        product: Product,
        place: PlaceIx,
        end_use: EndUseId,
        quantity: f64,
        shape: &Shape,
        fine: bool,
        confidence: Confidence,
    ) {
        let node = self.node(product, place);
        let base = quantity / QUARTERS;
        let price = self.chain.nodes[node.index()].base_price;
        let mut steps = demand_steps(base, price, &self.priors.curve(shape), fine);
        // Users with the same willingness to pay would leave it open who is served. A spread far below any quote's
        // precision settles it, the same way in every run.
        #[allow(clippy::cast_precision_loss, reason = "a few thousand segments")]
        let spread = 1.0 + TIE_SPREAD * (self.chain.segments.len() as f64 * GOLDEN).fract();
        for step in &mut steps {
            step.value *= spread;
        }
        self.chain.segments.push(Segment {
            end_use,
            node,
            base,
            steps,
            long_run_elasticity: shape.long_run,
            trend: 0.0,
            confidence,
        });
    }

    /// Commercial stocks at the places that use oxides, metals and magnets.
    pub(super) fn stores(&mut self) -> Result<(), MarketError> {
        let china_days = behaviour(self.dataset, "cover_days_china")?;
        let plant_days = behaviour(self.dataset, "cover_days_row_magnets")?;
        let convenience = behaviour(self.dataset, "convenience_yield_at_zero_cover")?;
        let beyond = [
            behaviour(self.dataset, "stock_value_beyond_target")?,
            behaviour(self.dataset, "stock_value_far_beyond_target")?,
            behaviour(self.dataset, "stock_value_speculative")?,
        ];
        let mut need: BTreeMap<NodeIx, (f64, f64)> = BTreeMap::new();
        for s in &self.chain.segments {
            let days = self.dataset.end_use(&s.end_use).map_or(plant_days, |u| u.stock_days);
            let entry = need.entry(s.node).or_default();
            entry.0 += s.base;
            entry.1 += s.base * days;
        }
        for p in self
            .chain
            .processes
            .iter()
            .filter(|p| matches!(p.activity, Activity::MakeMetal(_) | Activity::MakeMagnet(_)))
        {
            for (node, amount) in &p.inputs {
                let entry = need.entry(*node).or_default();
                entry.0 += amount * p.base;
                entry.1 += amount * p.base * plant_days;
            }
        }
        let mut world: BTreeMap<Product, f64> = BTreeMap::new();
        for (node, (quantity, _)) in &need {
            *world.entry(self.chain.nodes[node.index()].product).or_default() += quantity;
        }
        for (node, (quantity, tonne_days)) in need {
            let Node { product, place, .. } = self.chain.nodes[node.index()];
            // Nodes that only future plants will draw on hold nothing yet.
            if quantity <= 0.0 {
                continue;
            }
            let fine = quantity > FINE_STORE * world[&product];
            let days = if Some(place) == self.china {
                china_days
            } else {
                tonne_days / quantity
            };
            self.chain.stores.push(Store {
                node,
                target: quantity * days / QUARTER_DAYS,
                fine,
                convenience,
                days,
                beyond,
            });
        }
        Ok(())
    }
}

impl Chain {
    /// Replaces what is known of the users of one element's oxide and metal by the mean over those of all other
    /// elements, weighted by value: demand curves, long-run elasticity, days of stock. Base use and price stay.
    ///
    /// # Errors
    /// When a prior of the shape of demand is missing from the dataset.
    pub fn pool_demand(&mut self, dataset: &Dataset, element: Element) -> Result<(), MarketError> {
        let priors = Priors::from_dataset(dataset)?;
        let of = |product: Product| match product {
            Product::Oxide(e) | Product::Metal(e) => Some(e),
            _ => None,
        };
        let owner: Vec<Option<Element>> = self.nodes.iter().map(|n| of(n.product)).collect();
        let mut others = Minor::new(Confidence::C);
        for segment in &self.segments {
            let n = segment.node.index();
            let (Some(e), Some(row)) = (owner[n], dataset.end_use(&segment.end_use)) else {
                continue;
            };
            if e != element {
                let shape = Shape {
                    elasticity: row.elasticity,
                    essential: row.essential.0,
                    ceiling: row.ceiling_multiple,
                    long_run: row.long_run_elasticity,
                };
                others.add(segment.base * self.nodes[n].base_price.max(0.0), &shape, Confidence::C);
            }
        }
        let pooled = others.shape();
        for segment in self
            .segments
            .iter_mut()
            .filter(|s| owner[s.node.index()] == Some(element))
        {
            let price = self.nodes[segment.node.index()].base_price;
            let fine = segment.steps.len() > COARSE_STEPS;
            segment.steps = demand_steps(segment.base, price, &priors.curve(&pooled), fine);
            segment.long_run_elasticity = pooled.long_run;
        }
        let (mut days, mut weight) = (0.0, 0.0);
        for store in &self.stores {
            if owner[store.node.index()].is_some_and(|e| e != element) {
                let value = store.target / store.days.max(1e-9) * self.nodes[store.node.index()].base_price.max(0.0);
                days += value * store.days;
                weight += value;
            }
        }
        let mean = if weight > 0.0 { days / weight } else { 0.0 };
        for store in self
            .stores
            .iter_mut()
            .filter(|s| owner[s.node.index()] == Some(element))
        {
            if store.days > 0.0 && mean > 0.0 {
                store.target *= mean / store.days;
                store.days = mean;
            }
        }
        Ok(())
    }
}

impl Priors {
    /// The curve of a shape, with the common factors of these priors.
    fn curve(&self, shape: &Shape) -> Curve {
        Curve {
            elasticity: shape.elasticity * self.elasticity_spread,
            essential: shape.essential,
            ceiling: (shape.ceiling * self.ceiling_spread).max(LOWEST_CEILING),
            to_ceiling: self.essential_to_ceiling,
        }
    }
}

struct Shape {
    elasticity: f64,
    essential: f64,
    ceiling: f64,
    long_run: f64,
}

/// Small uses of one product in one place, averaged by tonnage.
struct Minor {
    quantity: f64,
    sums: [f64; 4],
    confidence: Confidence,
}

impl Minor {
    fn new(confidence: Confidence) -> Self {
        Self {
            quantity: 0.0,
            sums: [0.0; 4],
            confidence,
        }
    }

    fn add(&mut self, quantity: f64, shape: &Shape, confidence: Confidence) {
        self.quantity += quantity;
        for (sum, value) in self
            .sums
            .iter_mut()
            .zip([shape.elasticity, shape.essential, shape.ceiling, shape.long_run])
        {
            *sum += quantity * value;
        }
        self.confidence = self.confidence.max(confidence);
    }

    fn shape(&self) -> Shape {
        let [elasticity, essential, ceiling, long_run] = self.sums.map(|s| s / self.quantity);
        Shape {
            elasticity,
            essential,
            ceiling,
            long_run,
        }
    }
}
