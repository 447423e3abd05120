//! How much of every product in every place is left in an emergency.
//!
//! The balanced base year is followed from the mine to the magnet. A plant runs at the smallest share of what it has left
//! and what its inputs have left, since no input can be done without; what is in a place is mixed of what is made there and
//! what arrives. So a loss far up the chain shows in every product that is made of it, wherever that is.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{BaseYear, PlaceIx};

/// Rounds after which a loss has gone from the mine to the magnet, through trade in circles.
const ROUNDS: usize = 100;
/// Shares that move less than this have settled.
const SETTLED: f64 = 1e-9;

struct Plant {
    place: usize,
    inputs: Vec<usize>,
    outputs: Vec<(usize, f64)>,
}

struct Flow {
    from: usize,
    to: usize,
    origin: usize,
    destination: usize,
    quantity: f64,
}

/// The base year as a network of products in places.
pub(super) struct Network {
    index: BTreeMap<(Product, PlaceIx), usize>,
    plants: Vec<Plant>,
    flows: Vec<Flow>,
    /// What comes to each node in the base year, in the product's unit.
    total: Vec<f64>,
}

/// What an emergency does to places and to trade in one year.
pub(super) struct Loss<'a> {
    /// Share of mines and plants left, by place.
    pub capacity: &'a [f64],
    /// Share of what is sent that arrives, from a place to another.
    pub passes: &'a dyn Fn(usize, usize) -> f64,
}

impl Network {
    pub(super) fn of(base: &BaseYear) -> Self {
        let mut network = Self {
            index: BTreeMap::new(),
            plants: Vec::new(),
            flows: Vec::new(),
            total: Vec::new(),
        };
        for activity in &base.activities {
            // What is thrown away, or does with another grade what is not there, supplies nothing.
            if activity.level <= 0.0 || matches!(activity.activity, Activity::Discard(_) | Activity::FallBack(..)) {
                continue;
            }
            let recipe = base.recipe_of(activity);
            let inputs = (recipe.inputs.iter())
                .filter(|(_, amount)| *amount > 0.0)
                .map(|(product, _)| network.node(*product, activity.place))
                .collect();
            let outputs: Vec<(usize, f64)> = (recipe.outputs.iter())
                .map(|(product, amount)| (network.node(*product, activity.place), amount * activity.level))
                .collect();
            for (node, quantity) in &outputs {
                if let Some(total) = network.total.get_mut(*node) {
                    *total += quantity;
                }
            }
            network.plants.push(Plant {
                place: activity.place.index(),
                inputs,
                outputs,
            });
        }
        for flow in &base.flows {
            let (from, to) = (
                network.node(flow.product, flow.origin),
                network.node(flow.product, flow.destination),
            );
            if let Some(total) = network.total.get_mut(to) {
                *total += flow.quantity;
            }
            network.flows.push(Flow {
                from,
                to,
                origin: flow.origin.index(),
                destination: flow.destination.index(),
                quantity: flow.quantity,
            });
        }
        network
    }

    fn node(&mut self, product: Product, place: PlaceIx) -> usize {
        let next = self.total.len();
        let at = *self.index.entry((product, place)).or_insert(next);
        if at == next {
            self.total.push(0.0);
        }
        at
    }

    /// The node of a product in a place.
    pub(super) fn at(&self, product: Product, place: PlaceIx) -> Option<usize> {
        self.index.get(&(product, place)).copied()
    }

    /// Share of the base year's supply that is left at every node.
    pub(super) fn left(&self, loss: &Loss<'_>) -> Vec<f64> {
        let mut left = vec![1.0; self.total.len()];
        for _ in 0..ROUNDS {
            let mut sums = vec![0.0; left.len()];
            let mut add = |node: usize, quantity: f64| {
                if let Some(sum) = sums.get_mut(node) {
                    *sum += quantity;
                }
            };
            for plant in &self.plants {
                let capacity = loss.capacity.get(plant.place).copied().unwrap_or(1.0);
                let inputs = plant.inputs.iter().map(|node| share(&left, *node));
                let runs = inputs.fold(capacity, f64::min);
                for (node, quantity) in &plant.outputs {
                    add(*node, quantity * runs);
                }
            }
            for flow in &self.flows {
                let passes = (loss.passes)(flow.origin, flow.destination);
                add(flow.to, flow.quantity * passes * share(&left, flow.from));
            }
            let mut moved: f64 = 0.0;
            for ((node, sum), total) in left.iter_mut().zip(&sums).zip(&self.total) {
                let now = if *total > 0.0 { (sum / total).min(1.0) } else { 1.0 };
                moved = moved.max((*node - now).abs());
                *node = now;
            }
            if moved < SETTLED {
                break;
            }
        }
        left
    }

    /// What of a product leaves a place, and the share of it that is left, in the product's unit.
    pub(super) fn exports(&self, product: Product, place: PlaceIx, left: &[f64]) -> f64 {
        let Some(node) = self.at(product, place) else {
            return 0.0;
        };
        let sent = self.flows.iter().filter(|flow| flow.from == node);
        sent.map(|flow| flow.quantity * share(left, node)).sum()
    }

    /// Where what comes to a node comes from: place and quantity in the base year.
    pub(super) fn origins(&self, node: usize) -> Vec<(usize, f64)> {
        let made = self.plants.iter().flat_map(|plant| {
            let outputs = plant.outputs.iter().filter(move |(to, _)| *to == node);
            outputs.map(|(_, quantity)| (plant.place, *quantity))
        });
        let arrived = self.flows.iter().filter(|flow| flow.to == node);
        let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
        for (place, quantity) in made.chain(arrived.map(|flow| (flow.origin, flow.quantity))) {
            *sums.entry(place).or_default() += quantity;
        }
        sums.into_iter().collect()
    }

    /// What comes to a node in the base year.
    pub(super) fn quantity(&self, node: usize) -> f64 {
        self.total.get(node).copied().unwrap_or_default()
    }

    /// The node of a product in a place, by the place's position.
    pub(super) fn node_at(&self, product: Product, place: usize) -> Option<usize> {
        self.at(product, PlaceIx(u16::try_from(place).ok()?))
    }
}

fn share(left: &[f64], node: usize) -> f64 {
    left.get(node).copied().unwrap_or(1.0)
}
