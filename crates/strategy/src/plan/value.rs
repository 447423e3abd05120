//! What each measure of a plan is worth: left out alone, and on average over the orders in which a plan may grow.

use std::collections::BTreeMap;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use super::error::PlanError;
use super::instance::Instance;
use super::oracle::Oracle;

/// Value of the choices of a plan, in the order asked about, million USD of the objective without cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The choices.
    pub choices: Vec<usize>,
    /// What the plan loses without each.
    pub left_out: Vec<f64>,
    /// Shapley value: what each adds on average over orders. Sums to the value of the plan.
    pub shapley: Vec<f64>,
    /// Value of the whole plan.
    pub total: f64,
    /// Orders looked at; all of them where there are few.
    pub orders: usize,
}

/// Values the choices of a plan over `orders` random orders from `seed`. A choice whose prerequisites are missing gives
/// nothing: stages that need each other share what they bring together.
///
/// # Errors
/// When a market cannot be cleared.
pub fn values(
    instance: &Instance,
    oracle: &mut Oracle,
    plan: &[f64],
    orders: usize,
    seed: u64,
) -> Result<Values, PlanError> {
    let choices: Vec<usize> = (0..plan.len()).filter(|c| plan[*c] > 0.5).collect();
    let mut game = Game {
        instance,
        oracle,
        choices: &choices,
        known: BTreeMap::new(),
    };
    let n = choices.len();
    let whole: Vec<bool> = vec![true; n];
    let nothing = game.objective(&vec![false; n])?;
    let total = nothing - game.objective(&whole)?;
    let mut left_out = Vec::with_capacity(n);
    for at in 0..n {
        let mut without = whole.clone();
        without[at] = false;
        left_out.push(total - (nothing - game.objective(&without)?));
    }
    let lists = orders_of(n, orders, seed);
    let mut shapley = vec![0.0; n];
    for order in &lists {
        let mut present = vec![false; n];
        let mut before = nothing;
        for at in order {
            present[*at] = true;
            let after = game.objective(&present)?;
            shapley[*at] += before - after;
            before = after;
        }
    }
    let count = lists.len().max(1);
    #[allow(clippy::cast_precision_loss, reason = "a few hundred orders")]
    let share = 1.0 / count as f64;
    for value in &mut shapley {
        *value *= share;
    }
    Ok(Values {
        choices,
        left_out,
        shapley,
        total,
        orders: count,
    })
}

struct Game<'a> {
    instance: &'a Instance,
    oracle: &'a mut Oracle,
    choices: &'a [usize],
    known: BTreeMap<Vec<bool>, f64>,
}

impl Game<'_> {
    /// Objective without cost when only some choices of the plan are taken.
    fn objective(&mut self, present: &[bool]) -> Result<f64, PlanError> {
        let present = self.effective(present);
        if let Some(known) = self.known.get(&present) {
            return Ok(*known);
        }
        let mut x = vec![0.0; self.instance.choices.len()];
        for (choice, _) in self.choices.iter().zip(&present).filter(|(_, p)| **p) {
            x[*choice] = 1.0;
        }
        let cells = self.oracle.losses(self.instance, &x)?;
        let objective = self.instance.objective(&cells, &x) - self.instance.thrift * self.instance.cost(&x);
        self.known.insert(present, objective);
        Ok(objective)
    }

    /// Without the choices that a rule on prerequisites forbids for want of another.
    fn effective(&self, present: &[bool]) -> Vec<bool> {
        let mut present = present.to_vec();
        loop {
            let taken = |c: usize| {
                let at = self.choices.iter().position(|choice| *choice == c);
                at.is_some_and(|at| present[at])
            };
            // A prerequisite is a rule `Σ needed − this ≥ 0`.
            let broken = self.instance.rules.iter().find_map(|rule| {
                let sum: f64 = rule.terms.iter().filter(|(c, _)| taken(*c)).map(|(_, a)| a).sum();
                let holds = sum >= rule.lower - 1e-6;
                let wanting = rule.terms.iter().find(|(c, a)| *a < 0.0 && taken(*c));
                (!holds).then_some(wanting).flatten().map(|(c, _)| *c)
            });
            let at = broken.and_then(|c| self.choices.iter().position(|choice| *choice == c));
            match at {
                Some(at) => present[at] = false,
                None => return present,
            }
        }
    }
}

/// All orders where there are no more than asked for, else random ones, each with its reverse.
fn orders_of(n: usize, wanted: usize, seed: u64) -> Vec<Vec<usize>> {
    let all: usize = (1..=n).try_fold(1_usize, usize::checked_mul).unwrap_or(usize::MAX);
    let mut first: Vec<usize> = (0..n).collect();
    if all <= wanted {
        let mut lists = Vec::new();
        permute(&mut first, 0, &mut lists);
        return lists;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut lists = Vec::new();
    while lists.len() < wanted {
        first.shuffle(&mut random);
        lists.push(first.clone());
        lists.push(first.iter().rev().copied().collect());
    }
    lists.truncate(wanted.max(1));
    lists
}

fn permute(list: &mut Vec<usize>, from: usize, lists: &mut Vec<Vec<usize>>) {
    if from >= list.len() {
        lists.push(list.clone());
        return;
    }
    for at in from..list.len() {
        list.swap(from, at);
        permute(list, from + 1, lists);
        list.swap(from, at);
    }
}
