//! The variables of the base year and the mass balances that bind them.

use std::collections::{BTreeMap, BTreeSet};

use super::PlaceIx;
use super::lookup::Lookup;
use super::priors::Priors;
use super::solve::Form;
use crate::product::{Catalogue, Product};
use crate::recipe::{Activity, recipe};

/// One unknown quantity of the base year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Variable {
    /// Output of one mine, by its position in the priors.
    Mine(usize),
    /// Level of a stage in a place.
    Activity(Activity, PlaceIx),
    /// Trade.
    Flow(Product, PlaceIx, PlaceIx),
    /// Use of a product in a place, all end uses together.
    Use(Product, PlaceIx),
}

pub(super) struct Network {
    pub variables: Vec<Variable>,
    pub prior: Vec<f64>,
    pub recovery: Vec<f64>,
    index: BTreeMap<Variable, usize>,
    /// Feed of each mine variable, by its position in the priors.
    mines: Vec<(Activity, PlaceIx)>,
}

impl Network {
    pub fn find(&self, variable: Variable) -> Option<usize> {
        self.index.get(&variable).copied()
    }

    fn push(&mut self, variable: Variable, prior: f64, recovery: f64) {
        if !self.index.contains_key(&variable) {
            self.index.insert(variable, self.variables.len());
            self.variables.push(variable);
            self.prior.push(prior);
            self.recovery.push(recovery);
        }
    }

    /// What one unit of a variable adds to (+) or takes from (−) each product at each place.
    pub fn effects(&self, catalogue: &Catalogue, v: usize) -> Vec<(Product, PlaceIx, f64)> {
        let of_activity = |activity: Activity, place: PlaceIx| {
            let made = recipe(catalogue, activity, self.recovery[v]);
            let outputs = made.outputs.into_iter().map(move |(p, a)| (p, place, a));
            outputs
                .chain(made.inputs.into_iter().map(move |(p, a)| (p, place, -a)))
                .collect::<Vec<_>>()
        };
        match self.variables[v] {
            Variable::Mine(m) => of_activity(self.mines[m].0, self.mines[m].1),
            Variable::Activity(activity, place) => of_activity(activity, place),
            Variable::Flow(p, o, d) => vec![(p, o, -1.0), (p, d, 1.0)],
            Variable::Use(p, place) => vec![(p, place, -1.0)],
        }
    }

    /// Supply equals use for every product at every place.
    pub fn balances(&self, catalogue: &Catalogue) -> Vec<Form> {
        let mut nodes: BTreeMap<(Product, PlaceIx), Form> = BTreeMap::new();
        for v in 0..self.variables.len() {
            for (product, place, amount) in self.effects(catalogue, v) {
                nodes.entry((product, place)).or_default().push((v, amount));
            }
        }
        nodes.into_values().collect()
    }

    /// Supply, and supply less use, of what may be left over at each place, in the first estimates.
    ///
    /// An element's use is its oxide's: what the place uses, ships and turns into metal.
    pub fn excess(&self, catalogue: &Catalogue) -> BTreeMap<(Product, PlaceIx), (f64, f64)> {
        let mut found: BTreeMap<(Product, PlaceIx), (f64, f64)> = BTreeMap::new();
        for v in 0..self.variables.len() {
            if matches!(
                self.variables[v],
                Variable::Activity(Activity::Finish(_) | Activity::Discard(_), _)
            ) {
                continue;
            }
            for (product, place, amount) in self.effects(catalogue, v) {
                let product = if let Product::Oxide(e) = product {
                    Product::InSolution(e)
                } else {
                    product
                };
                let entry = found.entry((product, place)).or_default();
                entry.0 += (amount * self.prior[v]).max(0.0);
                entry.1 += amount * self.prior[v];
            }
        }
        found
    }

    /// A typical size of each variable: its prior, or a small part of the product's largest prior.
    pub fn scales(&self) -> Vec<f64> {
        let mut largest: BTreeMap<Option<Product>, f64> = BTreeMap::new();
        let key = |v: &Variable| match v {
            Variable::Flow(p, ..) | Variable::Use(p, _) | Variable::Activity(Activity::Discard(p), _) => Some(*p),
            _ => None,
        };
        for (v, prior) in self.variables.iter().zip(&self.prior) {
            let entry = largest.entry(key(v)).or_insert(1e-3);
            *entry = entry.max(*prior);
        }
        self.variables
            .iter()
            .zip(&self.prior)
            .map(|(v, prior)| prior.max(1e-2 * largest[&key(v)]).max(1e-4))
            .collect()
    }
}

pub(super) fn network(lookup: &Lookup<'_>, priors: &Priors) -> Network {
    let mut net = Network {
        variables: Vec::new(),
        prior: Vec::new(),
        recovery: Vec::new(),
        index: BTreeMap::new(),
        mines: priors.mines.iter().map(|m| (Activity::Mine(m.feed), m.place)).collect(),
    };
    for (m, mine) in priors.mines.iter().enumerate() {
        net.push(Variable::Mine(m), mine.t_reo, 1.0);
    }
    for ((activity, place), level) in &priors.activities {
        net.push(
            Variable::Activity(*activity, *place),
            *level,
            lookup.recovery(*activity, *place),
        );
    }
    for ((product, origin, destination), flow) in &priors.flows {
        net.push(Variable::Flow(*product, *origin, *destination), flow.quantity, 1.0);
    }
    let mut uses: BTreeMap<(Product, PlaceIx), f64> = BTreeMap::new();
    for u in &priors.uses {
        *uses.entry((u.product, u.place)).or_default() += u.quantity;
    }
    for ((product, place), quantity) in uses {
        net.push(Variable::Use(product, place), quantity, 1.0);
    }
    let excess = net.excess(&lookup.catalogue);
    for (product, place) in leftovers(lookup, priors) {
        let (here, left) = excess.get(&(product, place)).copied().unwrap_or_default();
        net.push(
            Variable::Activity(Activity::Discard(product), place),
            left.max(0.01 * here),
            1.0,
        );
    }
    net
}

/// Places and products where something may stay unsold: streams, elements in solution and swarf.
fn leftovers(lookup: &Lookup<'_>, priors: &Priors) -> BTreeSet<(Product, PlaceIx)> {
    let mut found = BTreeSet::new();
    let mut add = |product: Product, place: PlaceIx| {
        if !matches!(product, Product::Oxide(_) | Product::Metal(_) | Product::Magnet(_)) {
            found.insert((product, place));
        }
    };
    for mine in &priors.mines {
        add(crate::recipe::mined_product(&lookup.catalogue, mine.feed), mine.place);
    }
    for (activity, place) in priors.activities.keys() {
        let made = recipe(&lookup.catalogue, *activity, 1.0);
        for (product, _) in made.outputs.iter().chain(&made.inputs) {
            add(*product, *place);
        }
    }
    for (product, _, destination) in priors.flows.keys() {
        add(*product, *destination);
    }
    found
}
