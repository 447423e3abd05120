//! Evidence → network: nodes, processes, routes, segments and stores of one base year.

use std::collections::BTreeMap;

use monazite_evidence::product::{Product, is_light};
use monazite_evidence::recipe::{Activity, mined_product, recipe};
use monazite_evidence::reconcile::{BaseYear, PlaceIx, Recoveries};
use monazite_evidence::{CostStage, Dataset, FacilityId, Stage};

use super::capacity::{Plants, capacities, line_of};
use super::priors::Priors;
use super::segments::{route_steps, supply_steps};
use super::{CalibrationNote, CapacityIx, Chain, Line, Node, NodeIx, Process, Route, Step};
use crate::MarketError;
use crate::calibrate::{Values, behaviour, stage_cost, values};
use crate::scenario::Scenario;

/// Quarters in a year.
pub(super) const QUARTERS: f64 = 4.0;
/// Shipments above this share of a product's trade get the fine curve.
const FINE_ROUTE: f64 = 0.02;

/// What a chain is built for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Plants that start up to this year are part of the chain.
    pub horizon: i16,
    /// Plants that are only planned, or halted, and that a scenario may build: part of the chain without any capacity.
    pub projects: Vec<FacilityId>,
}

impl Settings {
    /// For a scenario: with the projects that its events build.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Self {
        Self {
            projects: scenario.projects(),
            ..Self::default()
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            horizon: 2029,
            projects: Vec::new(),
        }
    }
}

/// Builds the calibrated chain of a base year.
///
/// # Errors
/// When a price, cost or behaviour parameter is missing from the evidence.
#[allow(clippy::needless_pass_by_value, reason = "settings are made for one call")]
pub fn chain(
    dataset: &Dataset,
    base: &BaseYear,
    recoveries: &Recoveries,
    settings: Settings,
) -> Result<Chain, MarketError> {
    let plants = Plants::new(dataset, base, &settings);
    let values = values(dataset, base)?;
    let priors = Priors::from_dataset(dataset)?;
    let spare = behaviour(dataset, "capacity_spare_share")?;
    let cheapest = cheapest(&values);
    let confidence = |zone: &[crate::calibrate::Quote]| zone.iter().map(|q| q.confidence).collect();
    let price_confidence = [confidence(&values.zones.china), confidence(&values.zones.outside)];
    let mut builder = Builder {
        dataset,
        base,
        recoveries,
        values,
        cheapest,
        priors,
        china: place_of(base, "CHN"),
        chain: Chain {
            year: base.year,
            places: base.places.clone(),
            catalogue: base.catalogue.clone(),
            nodes: Vec::new(),
            processes: Vec::new(),
            routes: Vec::new(),
            segments: Vec::new(),
            stores: Vec::new(),
            capacities: Vec::new(),
            notes: Vec::new(),
            price_confidence,
            index: BTreeMap::new(),
        },
    };
    builder.chain.capacities = capacities(&plants, base, spare);
    builder.used_processes(&plants, spare)?;
    builder.new_processes(&plants)?;
    builder.leftovers();
    builder.used_routes();
    builder.segments()?;
    builder.fallbacks()?;
    builder.diffusions()?;
    builder.new_routes();
    builder.stores()?;
    let notes = std::mem::take(&mut builder.values.notes);
    builder.chain.notes.extend(notes);
    Ok(builder.chain)
}

pub(super) fn place_of(base: &BaseYear, id: &str) -> Option<PlaceIx> {
    let at = base.places.iter().position(|p| p.id == id)?;
    u16::try_from(at).ok().map(PlaceIx)
}

fn cheapest(values: &Values) -> BTreeMap<Product, f64> {
    let mut least = BTreeMap::new();
    for ((product, _), value) in &values.price {
        let slot = least.entry(*product).or_insert(*value);
        *slot = value.min(*slot);
    }
    least
}

pub(super) struct Builder<'a> {
    pub(super) dataset: &'a Dataset,
    pub(super) base: &'a BaseYear,
    pub(super) recoveries: &'a Recoveries,
    pub(super) values: Values,
    /// Least value of each product in any place.
    cheapest: BTreeMap<Product, f64>,
    pub(super) priors: Priors,
    pub(super) china: Option<PlaceIx>,
    pub(super) chain: Chain,
}

impl Builder<'_> {
    pub(super) fn id(&self, place: PlaceIx) -> &str {
        &self.base.places[place.index()].id
    }

    pub(super) fn price(&self, product: Product, place: PlaceIx) -> f64 {
        if let Some(price) = self.values.price.get(&(product, place)) {
            return *price;
        }
        match product {
            Product::InSolution(e) => self
                .values
                .price
                .get(&(Product::Oxide(e), place))
                .map_or(0.0, |p| p - 0.5),
            // A stream nobody had there yet: what it is worth at the nearest place that had it, delivered.
            _ => (self.cheapest.get(&product)).map_or(0.0, |elsewhere| elsewhere + self.values.freight_stream),
        }
    }

    pub(super) fn node(&mut self, product: Product, place: PlaceIx) -> NodeIx {
        if let Some(ix) = self.chain.node(product, place) {
            return ix;
        }
        let ix = NodeIx(u32::try_from(self.chain.nodes.len()).unwrap_or(u32::MAX));
        let exact = !matches!(product, Product::Oxide(_) | Product::Metal(_) | Product::Magnet(_));
        let base_price = self.price(product, place);
        self.chain.nodes.push(Node {
            product,
            place,
            base_price,
            exact,
        });
        self.chain.index.insert((product, place), ix);
        ix
    }

    pub(super) fn grain(&self, price: f64) -> f64 {
        self.priors.plant_band * price.abs() + 0.005
    }

    fn used_processes(&mut self, plants: &Plants, spare: f64) -> Result<(), MarketError> {
        let base = self.base;
        for a in &base.activities {
            if matches!(a.activity, Activity::Discard(_)) {
                continue;
            }
            let level = a.level / QUARTERS;
            let made = self.base.recipe_of(a);
            let main = made
                .outputs
                .first()
                .map_or(0.0, |(p, amount)| amount * self.price(*p, a.place));
            let residual = self.residual(&made, a.place);
            let steps = match a.activity {
                Activity::Mine(f) => self.mine_steps(f, a.place, level)?,
                // Where no plant says that it finishes the element, no more is finished than the base year shows.
                Activity::Finish(e) => vec![Step {
                    width: if plants.finish(a.place, e) {
                        f64::INFINITY
                    } else {
                        level * (1.0 + spare)
                    },
                    value: residual,
                }],
                _ => supply_steps(level, residual, self.grain(main)),
            };
            // Finishing is noted where its price was set.
            if !matches!(a.activity, Activity::Finish(_)) {
                self.note_residual(a.activity, a.place, residual);
            }
            self.add_process(a.activity, a.place, a.facility.clone(), &made, level, steps);
        }
        Ok(())
    }

    /// What prices leave for the cost of an activity, USD/kg of level.
    pub(super) fn residual(&self, made: &monazite_evidence::recipe::Recipe, place: PlaceIx) -> f64 {
        let value = |side: &[(Product, f64)]| side.iter().map(|(p, a)| a * self.price(*p, place)).sum::<f64>();
        value(&made.outputs) - value(&made.inputs)
    }

    fn note_residual(&mut self, activity: Activity, place: PlaceIx, residual: f64) {
        let Some(stage) = cost_stage(activity) else { return };
        let id = self.id(place).to_owned();
        let Ok(prior) = stage_cost(self.dataset, stage, &id) else {
            return;
        };
        if (residual - prior).abs() > 0.5 * prior.abs() {
            self.chain.notes.push(CalibrationNote {
                what: format!("{} {} in {id}", activity.word(), activity.item(&self.base.catalogue)),
                prior,
                calibrated: residual,
                why: "the margin that base prices leave; the prior is far from it",
            });
        }
    }

    /// Ascending costs up to the base level, then much dearer tonnes up to capacity: a mine that did not run full
    /// has reasons that a small change of price does not remove.
    fn mine_steps(
        &self,
        feed: monazite_evidence::product::FeedIx,
        place: PlaceIx,
        level: f64,
    ) -> Result<Vec<Step>, MarketError> {
        let price = self.price(mined_product(&self.base.catalogue, feed), place);
        let prior = stage_cost(self.dataset, CostStage::Mine, self.id(place))?;
        let grain = self.grain(price);
        let low = prior.min(price - 6.0 * grain);
        if level <= 0.0 {
            return Ok(vec![Step {
                width: f64::INFINITY,
                value: prior,
            }]);
        }
        Ok(vec![
            Step {
                width: 0.6 * level,
                value: low,
            },
            Step {
                width: 0.3 * level,
                value: f64::midpoint(low, price - grain),
            },
            Step {
                width: 0.1 * level,
                value: price - grain,
            },
            Step {
                width: 0.1 * level,
                value: price + 5.0 * grain,
            },
            Step {
                width: 0.4 * level,
                value: price + self.priors.mine_rise * price.abs(),
            },
            Step {
                width: f64::INFINITY,
                value: price + 3.0 * self.priors.mine_rise * price.abs(),
            },
        ])
    }

    pub(super) fn add_process(
        &mut self,
        activity: Activity,
        place: PlaceIx,
        facility: Option<FacilityId>,
        made: &monazite_evidence::recipe::Recipe,
        base: f64,
        steps: Vec<Step>,
    ) {
        let side = |this: &mut Self, list: &[(Product, f64)]| -> Vec<(NodeIx, f64)> {
            list.iter().map(|(p, a)| (this.node(*p, place), *a)).collect()
        };
        let inputs = side(self, &made.inputs);
        let outputs = side(self, &made.outputs);
        let capacity = activity
            .stage()
            .and_then(|stage| {
                self.capacity_of(stage, place, facility.as_ref(), line_of(&self.base.catalogue, activity))
            })
            .map(|c| (c, 1.0));
        self.chain.processes.push(Process {
            activity,
            place,
            facility,
            inputs,
            outputs,
            base,
            steps,
            capacity,
        });
    }

    fn capacity_of(
        &self,
        stage: Stage,
        place: PlaceIx,
        facility: Option<&FacilityId>,
        line: Line,
    ) -> Option<CapacityIx> {
        let at = self.chain.capacities.iter().position(|c| {
            c.stage == stage
                && c.place == place
                && c.line == line
                && (stage != Stage::Mine || c.facility.as_ref() == facility)
        })?;
        u32::try_from(at).ok().map(CapacityIx)
    }

    /// Every exact node needs a way to leave something over.
    fn leftovers(&mut self) {
        let left: BTreeMap<(Product, PlaceIx), f64> = self
            .base
            .activities
            .iter()
            .filter_map(|a| match a.activity {
                Activity::Discard(p) => Some(((p, a.place), a.level / QUARTERS)),
                _ => None,
            })
            .collect();
        for i in 0..self.chain.nodes.len() {
            let Node {
                product,
                place,
                base_price,
                exact,
            } = self.chain.nodes[i].clone();
            if !exact {
                continue;
            }
            let base = left.get(&(product, place)).copied().unwrap_or(0.0);
            let disposal = Step {
                width: f64::INFINITY,
                value: self.values.disposal,
            };
            // Streams of value that the base year left over went into stock: somebody paid their price.
            let steps = if base > 0.0 && base_price > 0.0 {
                vec![
                    Step {
                        width: base,
                        value: -(base_price - self.grain(base_price)),
                    },
                    disposal,
                ]
            } else {
                vec![disposal]
            };
            let made = recipe(&self.base.catalogue, Activity::Discard(product), 1.0);
            self.add_process(Activity::Discard(product), place, None, &made, base, steps);
        }
    }

    fn used_routes(&mut self) {
        let base = self.base;
        let mut traded: BTreeMap<Product, f64> = BTreeMap::new();
        for f in &base.flows {
            *traded.entry(f.product).or_default() += f.quantity;
        }
        for f in &base.flows {
            let (from, to) = (self.node(f.product, f.origin), self.node(f.product, f.destination));
            let (at_origin, at_destination) = (self.price(f.product, f.origin), self.price(f.product, f.destination));
            let level = f.quantity / QUARTERS;
            self.chain.routes.push(Route {
                product: f.product,
                origin: f.origin,
                destination: f.destination,
                from,
                to,
                base: level,
                steps: route_steps(
                    level,
                    at_destination - at_origin,
                    at_destination.abs(),
                    self.priors.route_response,
                    f.quantity > FINE_ROUTE * traded[&f.product],
                ),
            });
        }
    }
}

/// The stage under which the tables keep an activity's cost.
pub(super) fn cost_stage(activity: Activity) -> Option<CostStage> {
    Some(match activity {
        Activity::Crack(_) => CostStage::Cracking,
        Activity::SeparateLight(_) => CostStage::SeparationLight,
        Activity::SeparateHeavy(_) => CostStage::SeparationHeavy,
        Activity::Finish(e) if !is_light(e) => CostStage::Finishing,
        Activity::MakeMetal(_) => CostStage::Metal,
        Activity::MakeMagnet(_) => CostStage::Magnet,
        _ => return None,
    })
}
