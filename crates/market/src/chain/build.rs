//! Evidence → network: nodes, processes, routes, segments and stores of one base year.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::product::{Product, is_light};
use monazite_evidence::recipe::{Activity, mined_product, recipe};
use monazite_evidence::reconcile::{BaseYear, PlaceIx, Recoveries};
use monazite_evidence::{CostStage, Dataset, Element, EndUseId, FacilityId, Stage};

use super::capacity::{Plants, capacities};
use super::segments::{demand_steps, supply_steps};
use super::{CalibrationNote, CapacityIx, Chain, Node, NodeIx, Process, Route, Segment, Step, Store};
use crate::MarketError;
use crate::calibrate::{Values, behaviour, stage_cost, values};

/// Quarters in a year.
pub(super) const QUARTERS: f64 = 4.0;
/// Half-width of the dead band of routes and plants, as a share of the product's price.
const GRAIN: f64 = 0.01;
/// What a route nobody used must earn beyond freight before it opens, as a share of the price.
const ENTRY_PREMIUM: f64 = 0.05;
/// Uses below this share of a product's world use are merged per place.
const MINOR_USE: f64 = 0.01;
/// Demand above this share of world use gets the fine curve.
const FINE_USE: f64 = 0.02;
/// Places that can supply less than this share of the world open no new routes for a product.
const SMALLEST_SUPPLIER: f64 = 0.003;
/// Nor do routes open to places that need less than this share of the world: they keep those they have.
const SMALLEST_OPENING: f64 = 0.002;
/// Stocks are modelled where a place holds at least this share of the world's need.
const SMALLEST_STORE: f64 = 0.002;
/// Heat-resistant grades and the next lower one, which users can fall back on.
const FALLBACKS: [(&str, &str); 2] = [("uh", "h"), ("h", "n")];
/// Largest relative spread that breaks ties between users.
const TIE_SPREAD: f64 = 1e-3;
/// Fractional parts of its multiples are spread evenly and never repeat.
const GOLDEN: f64 = 0.618_033_988_749_895;
/// Days per quarter.
const QUARTER_DAYS: f64 = 91.25;

/// What a chain is built for.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Plants that start up to this year are part of the chain.
    pub horizon: i16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { horizon: 2029 }
    }
}

/// Builds the calibrated chain of a base year.
///
/// # Errors
/// When a price, cost or behaviour parameter is missing from the evidence.
pub fn chain(dataset: &Dataset, base: &BaseYear, recoveries: &Recoveries, settings: Settings) -> Result<Chain, MarketError> {
    let plants = Plants::new(dataset, base, settings);
    let values = values(dataset, base)?;
    let confidence = |zone: &[crate::calibrate::Quote]| zone.iter().map(|q| q.confidence).collect();
    let price_confidence = [confidence(&values.zones.china), confidence(&values.zones.outside)];
    let mut builder = Builder {
        dataset,
        base,
        recoveries,
        values,
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
    builder.chain.capacities = capacities(&plants, base);
    builder.used_processes()?;
    builder.new_processes(&plants)?;
    builder.leftovers();
    builder.used_routes();
    builder.segments()?;
    builder.fallbacks()?;
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

struct Builder<'a> {
    dataset: &'a Dataset,
    base: &'a BaseYear,
    recoveries: &'a Recoveries,
    values: Values,
    china: Option<PlaceIx>,
    chain: Chain,
}

impl Builder<'_> {
    fn id(&self, place: PlaceIx) -> &str {
        &self.base.places[place.index()].id
    }

    fn price(&self, product: Product, place: PlaceIx) -> f64 {
        if let Some(price) = self.values.price.get(&(product, place)) {
            return *price;
        }
        // A stream nobody had there yet: what it is worth at the nearest place that had it, delivered.
        let elsewhere = self
            .values
            .price
            .iter()
            .filter(|((p, _), _)| *p == product)
            .map(|(_, v)| *v)
            .fold(f64::INFINITY, f64::min);
        match product {
            Product::InSolution(e) => self.values.price.get(&(Product::Oxide(e), place)).map_or(0.0, |p| p - 0.5),
            _ if elsewhere.is_finite() => elsewhere + self.values.freight_stream,
            _ => 0.0,
        }
    }

    fn node(&mut self, product: Product, place: PlaceIx) -> NodeIx {
        if let Some(ix) = self.chain.node(product, place) {
            return ix;
        }
        let ix = NodeIx(u32::try_from(self.chain.nodes.len()).unwrap_or(u32::MAX));
        let exact = !matches!(product, Product::Oxide(_) | Product::Metal(_) | Product::Magnet(_));
        let base_price = self.price(product, place);
        self.chain.nodes.push(Node { product, place, base_price, exact });
        self.chain.index.insert((product, place), ix);
        ix
    }

    fn grain(price: f64) -> f64 {
        GRAIN * price.abs() + 0.005
    }

    fn used_processes(&mut self) -> Result<(), MarketError> {
        let base = self.base;
        for a in &base.activities {
            if matches!(a.activity, Activity::Discard(_)) {
                continue;
            }
            let level = a.level / QUARTERS;
            let made = self.base.recipe_of(a);
            let main = made.outputs.first().map_or(0.0, |(p, amount)| amount * self.price(*p, a.place));
            let residual = self.residual(&made, a.place);
            let steps = match a.activity {
                Activity::Mine(f) => self.mine_steps(f, a.place, level)?,
                Activity::Finish(_) => vec![Step { width: f64::INFINITY, value: residual }],
                _ => supply_steps(level, residual, Self::grain(main)),
            };
            self.note_residual(a.activity, a.place, residual);
            self.add_process(a.activity, a.place, a.facility.clone(), &made, level, steps);
        }
        Ok(())
    }

    /// What prices leave for the cost of an activity, USD/kg of level.
    fn residual(&self, made: &monazite_evidence::recipe::Recipe, place: PlaceIx) -> f64 {
        let value = |side: &[(Product, f64)]| side.iter().map(|(p, a)| a * self.price(*p, place)).sum::<f64>();
        value(&made.outputs) - value(&made.inputs)
    }

    fn note_residual(&mut self, activity: Activity, place: PlaceIx, residual: f64) {
        let Some(stage) = cost_stage(activity) else { return };
        let id = self.id(place).to_owned();
        let Ok(prior) = stage_cost(self.dataset, stage, &id) else { return };
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
    fn mine_steps(&self, feed: monazite_evidence::product::FeedIx, place: PlaceIx, level: f64) -> Result<Vec<Step>, MarketError> {
        let price = self.price(mined_product(&self.base.catalogue, feed), place);
        let prior = stage_cost(self.dataset, CostStage::Mine, self.id(place))?;
        let grain = Self::grain(price);
        let low = prior.min(price - 6.0 * grain);
        if level <= 0.0 {
            return Ok(vec![Step { width: f64::INFINITY, value: prior }]);
        }
        Ok(vec![
            Step { width: 0.6 * level, value: low },
            Step { width: 0.3 * level, value: f64::midpoint(low, price - grain) },
            Step { width: 0.1 * level, value: price - grain },
            Step { width: 0.1 * level, value: price + 5.0 * grain },
            Step { width: 0.4 * level, value: price + 0.5 * price.abs() },
            Step { width: f64::INFINITY, value: price + 1.5 * price.abs() },
        ])
    }

    fn add_process(
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
        let capacity = activity.stage().and_then(|stage| self.capacity_of(stage, place, facility.as_ref())).map(|c| (c, 1.0));
        self.chain.processes.push(Process { activity, place, facility, inputs, outputs, base, steps, capacity });
    }

    fn capacity_of(&self, stage: Stage, place: PlaceIx, facility: Option<&FacilityId>) -> Option<CapacityIx> {
        let at = self.chain.capacities.iter().position(|c| {
            c.stage == stage && c.place == place && (stage != Stage::Mine || c.facility.as_ref() == facility)
        })?;
        u32::try_from(at).ok().map(CapacityIx)
    }

    /// What plants could do but did not do in the base year, and what future plants will be able to do.
    fn new_processes(&mut self, plants: &Plants) -> Result<(), MarketError> {
        for (facility, place, feed) in &plants.new_mines {
            let made = recipe(&self.base.catalogue, Activity::Mine(*feed), 1.0);
            let steps = vec![Step { width: f64::INFINITY, value: stage_cost(self.dataset, CostStage::Mine, self.id(*place))? }];
            self.add_process(Activity::Mine(*feed), *place, Some(facility.clone()), &made, 0.0, steps);
        }
        let streams: BTreeSet<_> = self
            .chain
            .processes
            .iter()
            .filter_map(|p| match p.activity {
                Activity::Mine(f) => Some(f),
                _ => None,
            })
            .collect();
        for (stage, place, is_new, elements) in &plants.stages {
            let wanted: Vec<Activity> = match stage {
                Stage::Cracking => streams.iter().filter(|f| self.base.catalogue.feed(**f).concentrate).map(|f| Activity::Crack(*f)).collect(),
                Stage::SeparationLight => streams.iter().map(|f| Activity::SeparateLight(*f)).collect(),
                Stage::SeparationHeavy => streams.iter().map(|f| Activity::SeparateHeavy(*f)).collect(),
                Stage::Metal => Element::ALL
                    .iter()
                    .filter(|e| elements.is_empty() || elements.contains(e))
                    .filter(|e| self.chain.nodes.iter().any(|n| n.product == Product::Metal(**e)))
                    .map(|e| Activity::MakeMetal(*e))
                    .collect(),
                Stage::Magnet => self.base.catalogue.grade_indices().map(Activity::MakeMagnet).collect(),
                _ => continue,
            };
            for activity in wanted {
                self.new_process(activity, *place, *is_new)?;
            }
        }
        Ok(())
    }

    fn new_process(&mut self, activity: Activity, place: PlaceIx, is_new: bool) -> Result<(), MarketError> {
        if self.chain.processes.iter().any(|p| p.activity == activity && p.place == place) {
            return Ok(());
        }
        let Some(stage) = cost_stage(activity) else { return Ok(()) };
        let made = recipe(&self.base.catalogue, activity, self.recoveries.share(activity, place));
        let prior = stage_cost(self.dataset, stage, self.id(place))?;
        // A plant that stood by and did not do this shows that it did not pay.
        let residual = self.residual(&made, place);
        let main = made.outputs.first().map_or(0.0, |(p, amount)| amount * self.price(*p, place));
        let cost = if is_new { prior } else { prior.max(residual + Self::grain(main)) };
        self.add_process(activity, place, None, &made, 0.0, vec![Step { width: f64::INFINITY, value: cost }]);
        for (product, _) in &made.outputs {
            if let Product::InSolution(e) = product
                && !self.chain.processes.iter().any(|p| p.activity == Activity::Finish(*e) && p.place == place)
            {
                let finish = recipe(&self.base.catalogue, Activity::Finish(*e), 1.0);
                let prior = stage_cost(self.dataset, CostStage::Finishing, self.id(place))?;
                let value = prior.max(self.residual(&finish, place));
                self.add_process(Activity::Finish(*e), place, None, &finish, 0.0, vec![Step { width: f64::INFINITY, value }]);
            }
        }
        Ok(())
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
            let Node { product, place, base_price, exact } = self.chain.nodes[i].clone();
            if !exact {
                continue;
            }
            let base = left.get(&(product, place)).copied().unwrap_or(0.0);
            let disposal = Step { width: f64::INFINITY, value: self.values.disposal };
            // Streams of value that the base year left over went into stock: somebody paid their price.
            let steps = if base > 0.0 && base_price > 0.0 {
                vec![Step { width: base, value: -(base_price - Self::grain(base_price)) }, disposal]
            } else {
                vec![disposal]
            };
            let made = recipe(&self.base.catalogue, Activity::Discard(product), 1.0);
            self.add_process(Activity::Discard(product), place, None, &made, base, steps);
        }
    }

    fn used_routes(&mut self) {
        let base = self.base;
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
                steps: supply_steps(level, at_destination - at_origin, Self::grain(at_destination)),
            });
        }
    }

    /// Users of heat-resistant grades can make do with more of the next lower one, for part of their use.
    fn fallbacks(&mut self) -> Result<(), MarketError> {
        let share = behaviour(self.dataset, "grade_fallback_share")?;
        let mass = behaviour(self.dataset, "grade_fallback_mass")?;
        let cost = behaviour(self.dataset, "grade_fallback_cost_usd_per_kg")?;
        for (higher, lower) in FALLBACKS {
            let grades = (self.base.catalogue.grade_by_id(lower), self.base.catalogue.grade_by_id(higher));
            let (Some(lower), Some(higher)) = grades else { continue };
            let mut used: BTreeMap<PlaceIx, f64> = BTreeMap::new();
            for u in self.base.uses.iter().filter(|u| u.product == Product::Magnet(higher)) {
                *used.entry(u.place).or_default() += u.quantity / QUARTERS;
            }
            let activity = Activity::FallBack(lower, higher);
            let made = recipe(&self.base.catalogue, activity, 1.0 / mass);
            for (place, quantity) in used {
                // At base prices nobody does it, whatever it saves: redesign is paid out of what the gap grows by.
                let value = self.residual(&made, place).max(0.0) + cost;
                self.add_process(activity, place, None, &made, 0.0, vec![Step { width: share * quantity, value }]);
            }
        }
        Ok(())
    }

    /// Routes that may open: from every place that makes a product to every place that takes it.
    fn new_routes(&mut self) {
        let makers = self.ends(|p| &p.outputs);
        let mut takers = self.ends(|p| if matches!(p.activity, Activity::Discard(_)) { &[] } else { &p.inputs });
        for s in &self.chain.segments {
            let node = &self.chain.nodes[s.node.index()];
            takers.entry(node.product).or_default().insert(node.place);
        }
        let known: BTreeSet<_> = self.chain.routes.iter().map(|r| (r.product, r.origin, r.destination)).collect();
        let supply = self.outputs();
        let need = self.needs();
        for (product, origins) in makers {
            let world: f64 = supply.iter().filter(|((p, _), _)| *p == product).map(|(_, s)| s).sum();
            if matches!(product, Product::InSolution(_) | Product::Swarf(_)) {
                continue;
            }
            let stream = matches!(product, Product::Concentrate(_) | Product::Carbonate(_) | Product::HeavyConcentrate(_));
            let freight = if stream { self.values.freight_stream } else { self.values.freight };
            for origin in origins {
                for destination in takers.get(&product).into_iter().flatten().copied() {
                    // China does not import what it exports at lower prices; streams may flow to it.
                    let to_china = Some(destination) == self.china && !stream;
                    // Nor does it let ores and mixed streams out: only separated products leave.
                    let raw_from_china = Some(origin) == self.china && stream;
                    let able = supply.get(&(product, origin)).copied().unwrap_or(0.0);
                    let wanted = need.get(&(product, destination)).copied().unwrap_or(0.0);
                    if !stream && (able < SMALLEST_SUPPLIER * world || wanted < SMALLEST_OPENING * world || Some(origin) == self.china) {
                        continue;
                    }
                    if origin == destination || to_china || raw_from_china || known.contains(&(product, origin, destination)) {
                        continue;
                    }
                    let (from, to) = (self.node(product, origin), self.node(product, destination));
                    let (at_origin, at_destination) = (self.price(product, origin), self.price(product, destination));
                    let cost = freight.max(at_destination - at_origin) + ENTRY_PREMIUM * at_destination.abs() + 0.02;
                    self.chain.routes.push(Route {
                        product,
                        origin,
                        destination,
                        from,
                        to,
                        base: 0.0,
                        steps: vec![Step { width: f64::INFINITY, value: cost }],
                    });
                }
            }
        }
    }

    /// What each place can give of each product in a quarter: base output, or what capacity allows a new maker.
    fn outputs(&self) -> BTreeMap<(Product, PlaceIx), f64> {
        let mut found: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
        for p in &self.chain.processes {
            let coming: f64 = p.capacity.map_or(0.0, |(c, _)| self.chain.capacities[c.index()].additions.iter().map(|a| a.2).sum());
            for (node, amount) in &p.outputs {
                let node = &self.chain.nodes[node.index()];
                let product = if let Product::InSolution(e) = node.product { Product::Oxide(e) } else { node.product };
                *found.entry((product, p.place)).or_default() += amount * (p.base + coming);
            }
        }
        found
    }

    /// What each place takes of each product in the base quarter.
    fn needs(&self) -> BTreeMap<(Product, PlaceIx), f64> {
        let mut found: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
        for s in &self.chain.segments {
            let node = &self.chain.nodes[s.node.index()];
            *found.entry((node.product, node.place)).or_default() += s.base;
        }
        for p in &self.chain.processes {
            for (node, amount) in &p.inputs {
                let node = &self.chain.nodes[node.index()];
                *found.entry((node.product, node.place)).or_default() += amount * p.base;
            }
        }
        found
    }

    fn ends(&self, side: impl Fn(&Process) -> &[(NodeIx, f64)]) -> BTreeMap<Product, BTreeSet<PlaceIx>> {
        let mut found: BTreeMap<Product, BTreeSet<PlaceIx>> = BTreeMap::new();
        for process in &self.chain.processes {
            for (node, _) in side(process) {
                let node = &self.chain.nodes[node.index()];
                found.entry(node.product).or_default().insert(node.place);
            }
        }
        found
    }

    fn segments(&mut self) -> Result<(), MarketError> {
        let mut world: BTreeMap<Product, f64> = BTreeMap::new();
        for u in &self.base.uses {
            *world.entry(u.product).or_default() += u.quantity;
        }
        let mut minor: BTreeMap<(Product, PlaceIx), Minor> = BTreeMap::new();
        let base = self.base;
        for u in &base.uses {
            let row = self.dataset.end_use(&u.end_use).ok_or_else(|| MarketError::MissingEvidence(format!("end use `{}`", u.end_use)))?;
            let shape = Shape {
                elasticity: row.elasticity,
                essential: row.essential.0,
                ceiling: row.ceiling_multiple,
                long_run: row.long_run_elasticity,
            };
            if u.quantity < MINOR_USE * world[&u.product] {
                minor.entry((u.product, u.place)).or_insert_with(|| Minor::new(u.confidence)).add(u.quantity, &shape, u.confidence);
            } else {
                let fine = u.quantity > FINE_USE * world[&u.product];
                self.segment(u.product, u.place, u.end_use.clone(), u.quantity, &shape, fine, u.confidence);
            }
        }
        for ((product, place), m) in minor {
            self.segment(product, place, EndUseId::from("minor_uses"), m.quantity, &m.shape(), false, m.confidence);
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
        confidence: monazite_evidence::Confidence,
    ) {
        let node = self.node(product, place);
        let base = quantity / QUARTERS;
        let price = self.chain.nodes[node.index()].base_price;
        let mut steps = demand_steps(base, price, shape.elasticity, shape.essential, shape.ceiling, fine);
        // Users with the same willingness to pay would leave it open who is served. A spread far below any quote's
        // precision settles it, the same way in every run.
        #[allow(clippy::cast_precision_loss, reason = "a few thousand segments")]
        let spread = 1.0 + TIE_SPREAD * (self.chain.segments.len() as f64 * GOLDEN).fract();
        steps.iter_mut().for_each(|s| s.value *= spread);
        self.chain.segments.push(Segment { end_use, node, base, steps, long_run_elasticity: shape.long_run, confidence });
    }

    /// Commercial stocks at the places that use oxides, metals and magnets.
    fn stores(&mut self) -> Result<(), MarketError> {
        let china_days = behaviour(self.dataset, "cover_days_china")?;
        let plant_days = behaviour(self.dataset, "cover_days_row_magnets")?;
        let convenience = behaviour(self.dataset, "convenience_yield_at_zero_cover")?;
        let mut need: BTreeMap<NodeIx, (f64, f64)> = BTreeMap::new();
        for s in &self.chain.segments {
            let days = self.dataset.end_use(&s.end_use).map_or(plant_days, |u| u.stock_days);
            let entry = need.entry(s.node).or_default();
            entry.0 += s.base;
            entry.1 += s.base * days;
        }
        for p in self.chain.processes.iter().filter(|p| matches!(p.activity, Activity::MakeMetal(_) | Activity::MakeMagnet(_))) {
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
            if quantity <= SMALLEST_STORE * world[&product] {
                continue;
            }
            let days = if Some(place) == self.china { china_days } else { tonne_days / quantity };
            self.chain.stores.push(Store { node, target: quantity * days / QUARTER_DAYS, convenience });
        }
        Ok(())
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
    confidence: monazite_evidence::Confidence,
}

impl Minor {
    fn new(confidence: monazite_evidence::Confidence) -> Self {
        Self { quantity: 0.0, sums: [0.0; 4], confidence }
    }

    fn add(&mut self, quantity: f64, shape: &Shape, confidence: monazite_evidence::Confidence) {
        self.quantity += quantity;
        for (sum, value) in self.sums.iter_mut().zip([shape.elasticity, shape.essential, shape.ceiling, shape.long_run]) {
            *sum += quantity * value;
        }
        self.confidence = self.confidence.max(confidence);
    }

    fn shape(&self) -> Shape {
        let [elasticity, essential, ceiling, long_run] = self.sums.map(|s| s / self.quantity);
        Shape { elasticity, essential, ceiling, long_run }
    }
}

/// The stage under which the tables keep an activity's cost.
fn cost_stage(activity: Activity) -> Option<CostStage> {
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
