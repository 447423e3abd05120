//! What may open beyond the base year: plants' other uses, future plants, fallbacks between grades, new routes.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::product::Product;
use monazite_evidence::recipe::{Activity, recipe};
use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::{CostStage, Element, Stage};

use super::build::{Builder, QUARTERS, cost_stage};
use super::capacity::Plants;
use super::{NodeIx, Process, Route, Step};
use crate::MarketError;
use crate::calibrate::{behaviour, stage_cost};

/// Places that supply less than this share of what is made outside China open no new routes for a product.
const SMALLEST_SUPPLIER: f64 = 0.05;
/// Heat-resistant grades and the next lower one, which users can fall back on.
const FALLBACKS: [(&str, &str); 2] = [("uh", "h"), ("h", "n")];

impl Builder<'_> {
    /// What plants could do but did not do in the base year, and what future plants will be able to do.
    pub(super) fn new_processes(&mut self, plants: &Plants) -> Result<(), MarketError> {
        for (facility, place, feed) in &plants.new_mines {
            let made = recipe(&self.base.catalogue, Activity::Mine(*feed), 1.0);
            let steps = vec![Step {
                width: f64::INFINITY,
                value: stage_cost(self.dataset, CostStage::Mine, self.id(*place))?,
            }];
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
                Stage::Cracking => streams
                    .iter()
                    .filter(|f| self.base.catalogue.feed(**f).concentrate)
                    .map(|f| Activity::Crack(*f))
                    .collect(),
                Stage::SeparationLight => streams.iter().map(|f| Activity::SeparateLight(*f)).collect(),
                Stage::SeparationHeavy => streams.iter().map(|f| Activity::SeparateHeavy(*f)).collect(),
                Stage::Metal => Element::ALL
                    .iter()
                    .filter(|e| elements.is_empty() || elements.contains(e))
                    .filter(|e| self.chain.nodes.iter().any(|n| n.product == Product::Metal(**e)))
                    .map(|e| Activity::MakeMetal(*e))
                    .collect(),
                // Lines for NdFeB and for SmCo are not the same plants: a place that has one does not make the other.
                Stage::Magnet => (self.base.catalogue.grade_indices())
                    .filter(|grade| {
                        let holds =
                            |e: &Element| self.base.catalogue.element_content(Product::Magnet(*grade), *e) > 0.0;
                        elements.iter().any(holds)
                    })
                    .map(Activity::MakeMagnet)
                    .collect(),
                _ => continue,
            };
            for activity in wanted {
                self.new_process(activity, *place, *is_new, plants)?;
            }
        }
        Ok(())
    }

    fn new_process(
        &mut self,
        activity: Activity,
        place: PlaceIx,
        is_new: bool,
        plants: &Plants,
    ) -> Result<(), MarketError> {
        if self
            .chain
            .processes
            .iter()
            .any(|p| p.activity == activity && p.place == place)
        {
            return Ok(());
        }
        let Some(stage) = cost_stage(activity) else {
            return Ok(());
        };
        let made = recipe(&self.base.catalogue, activity, self.recoveries.share(activity, place));
        let prior = stage_cost(self.dataset, stage, self.id(place))?;
        // A plant that stood by and did not do this shows that it did not pay.
        let residual = self.residual(&made, place);
        let main = made
            .outputs
            .first()
            .map_or(0.0, |(p, amount)| amount * self.price(*p, place));
        let cost = if is_new {
            prior
        } else {
            prior.max(residual + self.grain(main))
        };
        self.add_process(
            activity,
            place,
            None,
            &made,
            0.0,
            vec![Step {
                width: f64::INFINITY,
                value: cost,
            }],
        );
        for (product, _) in &made.outputs {
            if let Product::InSolution(e) = product
                && plants.finish(place, *e)
                && !self
                    .chain
                    .processes
                    .iter()
                    .any(|p| p.activity == Activity::Finish(*e) && p.place == place)
            {
                let finish = recipe(&self.base.catalogue, Activity::Finish(*e), 1.0);
                let prior = stage_cost(self.dataset, CostStage::Finishing, self.id(place))?;
                let value = prior.max(self.residual(&finish, place));
                self.add_process(
                    Activity::Finish(*e),
                    place,
                    None,
                    &finish,
                    0.0,
                    vec![Step {
                        width: f64::INFINITY,
                        value,
                    }],
                );
            }
        }
        Ok(())
    }

    /// Users of heat-resistant grades can make do with more of the next lower one, for part of their use.
    pub(super) fn fallbacks(&mut self) -> Result<(), MarketError> {
        let share = behaviour(self.dataset, "grade_fallback_share")?;
        let mass = behaviour(self.dataset, "grade_fallback_mass")?;
        let cost = behaviour(self.dataset, "grade_fallback_cost_usd_per_kg")?;
        for (higher, lower) in FALLBACKS {
            let grades = (
                self.base.catalogue.grade_by_id(lower),
                self.base.catalogue.grade_by_id(higher),
            );
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
                self.add_process(
                    activity,
                    place,
                    None,
                    &made,
                    0.0,
                    vec![Step {
                        width: share * quantity,
                        value,
                    }],
                );
            }
        }
        Ok(())
    }

    /// Places that make a heat-resistant grade can come to make part of it from the next lower one by diffusion,
    /// which needs less dysprosium and terbium. How much is a state of the path: none in the base year beyond what
    /// the grades' compositions already hold.
    pub(super) fn diffusions(&mut self) -> Result<(), MarketError> {
        let most = behaviour(self.dataset, "diffusion_share_max")?;
        let needed = 1.0 - behaviour(self.dataset, "heavy_loading_cut_by_diffusion")?;
        let cost = behaviour(self.dataset, "diffusion_cost_usd_per_kg")?;
        for (higher, lower) in FALLBACKS {
            let grades = (
                self.base.catalogue.grade_by_id(lower),
                self.base.catalogue.grade_by_id(higher),
            );
            let (Some(lower), Some(higher)) = grades else { continue };
            let activity = Activity::Diffuse(lower, higher);
            let made = recipe(&self.base.catalogue, activity, needed);
            let makers: Vec<(PlaceIx, f64)> = (self.chain.processes.iter())
                .filter(|p| p.activity == Activity::MakeMagnet(higher) && p.base > 0.0)
                .filter(|p| self.chain.node(Product::Magnet(lower), p.place).is_some())
                .map(|p| (p.place, p.base))
                .collect();
            for (place, quantity) in makers {
                // As with fallbacks: what it saves at base prices is what it took not to have been done yet.
                let value = self.residual(&made, place).max(0.0) + cost;
                let width = most * quantity;
                self.add_process(activity, place, None, &made, 0.0, vec![Step { width, value }]);
            }
        }
        Ok(())
    }

    /// Routes that may open: from every place that makes a product to every place that takes it.
    pub(super) fn new_routes(&mut self) {
        let makers = self.ends(|p| &p.outputs);
        let mut takers = self.ends(|p| {
            if matches!(p.activity, Activity::Discard(_)) {
                &[]
            } else {
                &p.inputs
            }
        });
        for s in &self.chain.segments {
            let node = &self.chain.nodes[s.node.index()];
            takers.entry(node.product).or_default().insert(node.place);
        }
        let known: BTreeSet<_> = self
            .chain
            .routes
            .iter()
            .map(|r| (r.product, r.origin, r.destination))
            .collect();
        let supply = self.outputs();
        let mut outside: BTreeMap<Product, f64> = BTreeMap::new();
        for ((product, place), (base, _)) in &supply {
            if Some(*place) != self.china {
                *outside.entry(*product).or_default() += base;
            }
        }
        for (product, origins) in makers {
            if matches!(product, Product::InSolution(_) | Product::Swarf(_)) {
                continue;
            }
            let all = outside.get(&product).copied().unwrap_or_default();
            for origin in origins {
                let (base, coming) = supply.get(&(product, origin)).copied().unwrap_or_default();
                if self.ships(product, origin, base + coming < SMALLEST_SUPPLIER * all) {
                    for destination in takers.get(&product).into_iter().flatten().copied() {
                        if origin != destination
                            && self.takes(product, destination)
                            && !known.contains(&(product, origin, destination))
                        {
                            self.new_route(product, origin, destination);
                        }
                    }
                }
            }
        }
    }

    /// Whether a place may open new routes for a product: China lets no ores and mixed streams out, and what separated
    /// products it would ship it ships already; nor do places that make next to nothing.
    fn ships(&self, product: Product, origin: PlaceIx, is_small: bool) -> bool {
        Some(origin) != self.china && (is_stream(product) || !is_small)
    }

    /// Whether a place may take a product by a new route: China does not import what it exports at lower prices; streams
    /// may flow to it.
    fn takes(&self, product: Product, destination: PlaceIx) -> bool {
        Some(destination) != self.china || is_stream(product)
    }

    fn new_route(&mut self, product: Product, origin: PlaceIx, destination: PlaceIx) {
        let freight = if is_stream(product) {
            self.values.freight_stream
        } else {
            self.values.freight
        };
        let (from, to) = (self.node(product, origin), self.node(product, destination));
        let (at_origin, at_destination) = (self.price(product, origin), self.price(product, destination));
        let value = freight.max(at_destination - at_origin) + self.priors.entry_premium * at_destination.abs() + 0.02;
        self.chain.routes.push(Route {
            product,
            origin,
            destination,
            from,
            to,
            base: 0.0,
            steps: vec![Step {
                width: f64::INFINITY,
                value,
            }],
        });
    }

    /// What each place gives of each product in the base quarter, and the most that a plant to come will add.
    fn outputs(&self) -> BTreeMap<(Product, PlaceIx), (f64, f64)> {
        let mut found: BTreeMap<(Product, PlaceIx), (f64, f64)> = BTreeMap::new();
        for p in &self.chain.processes {
            let coming: f64 = p.capacity.map_or(0.0, |(c, _)| {
                self.chain.capacities[c.index()].additions.iter().map(|a| a.2).sum()
            });
            for (node, amount) in &p.outputs {
                let node = &self.chain.nodes[node.index()];
                // An element in solution becomes its oxide: it is counted once, when it is finished.
                let (product, base) = match node.product {
                    Product::InSolution(e) => (Product::Oxide(e), 0.0),
                    other => (other, amount * p.base),
                };
                let entry = found.entry((product, p.place)).or_default();
                entry.0 += base;
                entry.1 = entry.1.max(amount * coming);
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
}

/// Ores and mixed streams, before their elements are separated.
fn is_stream(product: Product) -> bool {
    matches!(
        product,
        Product::Concentrate(_) | Product::Carbonate(_) | Product::HeavyConcentrate(_)
    )
}
