//! The first stage with what has been learnt of the second: a programme over choices, a loss per cell, and planes.

use monazite_market::lp::{ColId, Problem, Sense};

use super::instance::Instance;
use super::oracle::Seen;

/// Where things lie in the master programme.
#[derive(Clone, Debug)]
pub(super) struct Master {
    pub problem: Problem,
    choices: usize,
}

fn col(at: usize) -> ColId {
    ColId(u32::try_from(at).unwrap_or(u32::MAX))
}

impl Master {
    /// Budget, rules and risk; losses of cells are at least `floor`.
    pub fn new(instance: &Instance, floor: &[f64]) -> Self {
        let mut problem = Problem::new(Sense::Minimise);
        for choice in &instance.choices {
            problem.add_col(instance.thrift * choice.cost, 0.0, 1.0);
        }
        for (weight, floor) in instance.weights().into_iter().zip(floor) {
            problem.add_col(weight, *floor, f64::INFINITY);
        }
        let mut master = Self {
            problem,
            choices: instance.choices.len(),
        };
        rules(instance, &mut master.problem);
        master.tail(instance);
        master
    }

    /// Column of a cell's loss.
    fn loss(&self, cell: usize) -> ColId {
        col(self.choices + cell)
    }

    /// Columns of the choices.
    pub fn choice_cols(&self) -> Vec<ColId> {
        (0..self.choices).map(col).collect()
    }

    /// `CVaR` after Rockafellar and Uryasev: `η + Σ p u / (1 − α)`, `u ≥ L − η`.
    fn tail(&mut self, instance: &Instance) {
        let aversion = instance.aversion;
        if aversion.weight <= 0.0 {
            return;
        }
        let problem = &mut self.problem;
        let eta = problem.add_col(aversion.weight, f64::NEG_INFINITY, f64::INFINITY);
        for path in &instance.paths {
            let price = aversion.weight * path.probability / (1.0 - aversion.level).max(1e-9);
            let beyond = problem.add_col(price, 0.0, f64::INFINITY);
            let mut entries = vec![(beyond, 1.0), (eta, 1.0)];
            entries.extend(merged(path.cells.iter().map(|(c, w)| (self.choices + c, -w))));
            problem.add_row_of(0.0, f64::INFINITY, &entries);
        }
    }

    /// A plane under the loss of a cell: `loss + Σ scale · rent · reach · x ≥ scale · (undisturbed − constant)`.
    pub fn cut(&self, instance: &Instance, cell: usize, seen: &Seen) -> (f64, Vec<(ColId, f64)>) {
        let of = &instance.cells[cell];
        let moved: f64 = seen.rents.iter().zip(&seen.capacity).map(|(r, k)| r * k).sum();
        let lower = of.scale * (of.undisturbed - (seen.welfare - moved));
        let mut entries = vec![(self.loss(cell), 1.0)];
        for (choice, amount) in &of.reach {
            let rent = seen.rents[instance.choices[*choice].measure];
            let coefficient = of.scale * rent * amount;
            if coefficient.abs() > 1e-9 {
                entries.push((col(*choice), coefficient));
            }
        }
        (lower, entries)
    }
}

/// Budget, one start per measure, prerequisites and exclusions. The choices are the first columns.
pub(super) fn rules(instance: &Instance, problem: &mut Problem) {
    if instance.budget.is_finite() {
        let costs: Vec<_> = (instance.choices.iter().enumerate())
            .filter(|(_, choice)| choice.cost != 0.0)
            .map(|(at, choice)| (col(at), choice.cost))
            .collect();
        problem.add_row_of(f64::NEG_INFINITY, instance.budget, &costs);
    }
    for of in instance.starts().into_iter().filter(|of| of.len() > 1) {
        let entries: Vec<_> = of.into_iter().map(|c| (col(c), 1.0)).collect();
        problem.add_row_of(f64::NEG_INFINITY, 1.0, &entries);
    }
    for rule in &instance.rules {
        let entries = merged(rule.terms.iter().copied());
        problem.add_row_of(rule.lower, rule.upper, &entries);
    }
}

/// Entries by column, each once.
pub(super) fn merged(terms: impl Iterator<Item = (usize, f64)>) -> Vec<(ColId, f64)> {
    let mut sums: std::collections::BTreeMap<usize, f64> = std::collections::BTreeMap::new();
    for (at, value) in terms {
        *sums.entry(at).or_default() += value;
    }
    sums.into_iter()
        .filter(|(_, v)| *v != 0.0)
        .map(|(at, v)| (col(at), v))
        .collect()
}
