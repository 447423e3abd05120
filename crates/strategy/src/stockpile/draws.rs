//! The shortfall over the ranges of a conflict.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::{Confidence, Element};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::conflict::Conflict;
use super::ground::Ground;
use super::numbers::Numbers;
use super::shortfall::{balances, dearness};

/// How far one estimate alone moves the cost of covering everything.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Swing {
    /// The estimate.
    pub what: String,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// Cost at its low and at its high end, million USD.
    pub cost_musd: (f64, f64),
}

/// What draws say. Ranges are the 5 % quantile, the median and the 95 % quantile.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Uncertain {
    /// How many draws.
    pub draws: usize,
    /// Cost of a stock that covers everything, million USD.
    pub cost_musd: [f64; 3],
    /// Short by product, in its unit.
    pub short: BTreeMap<String, [f64; 3]>,
    /// Short by element over all forms, t REO.
    pub elements: BTreeMap<Element, [f64; 3]>,
    /// Share of draws in which an element is short at all.
    pub probability: BTreeMap<Element, f64>,
    /// Which estimates move the cost most, the widest first.
    pub swings: Vec<Swing>,
}

/// Shortfalls of `draws` draws: every estimate with a range is drawn from a triangular distribution with its peak at the
/// best guess, the years of one estimate together, the others independently. The same seed gives the same numbers.
#[must_use]
pub fn uncertain(ground: &Ground, conflict: &Conflict, draws: usize, seed: u64) -> Uncertain {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut costs = Vec::with_capacity(draws);
    let mut short: BTreeMap<Product, Vec<f64>> = BTreeMap::new();
    let mut elements: BTreeMap<Element, Vec<f64>> = BTreeMap::new();
    for _ in 0..draws {
        // An estimate without a range takes a draw too, so that giving it one leaves the others as they were.
        let numbers = conflict.numbers(&mut |_, _| Some(random.random::<f64>()));
        let (tonnes, cost) = outcome(ground, conflict, &numbers);
        costs.push(cost);
        let mut reo = [0.0; Element::COUNT];
        for (product, tonnes) in ground.products.iter().zip(tonnes) {
            short.entry(*product).or_default().push(tonnes);
            for element in Element::ALL.iter().copied() {
                if let Some(sum) = reo.get_mut(element.index()) {
                    *sum += tonnes * ground.base.catalogue.element_content(*product, element);
                }
            }
        }
        for element in Element::ALL.iter().copied() {
            let sum = reo.get(element.index()).copied().unwrap_or_default();
            elements.entry(element).or_default().push(sum);
        }
    }
    let probability = elements
        .iter()
        .map(|(element, values)| (*element, share_above(values)))
        .collect();
    Uncertain {
        draws,
        cost_musd: quantiles(costs),
        short: short
            .into_iter()
            .map(|(product, values)| (ground.base.catalogue.name(product), quantiles(values)))
            .collect(),
        elements: elements
            .into_iter()
            .map(|(element, values)| (element, quantiles(values)))
            .collect(),
        probability,
        swings: swings(ground, conflict),
    }
}

/// Shortfall by product and cost of covering it, million USD.
fn outcome(ground: &Ground, conflict: &Conflict, numbers: &Numbers) -> (Vec<f64>, f64) {
    let dear = dearness(conflict, numbers);
    let tonnes: Vec<f64> = balances(ground, conflict, numbers)
        .iter()
        .map(super::shortfall::Balance::total_short)
        .collect();
    let cost = (ground.products.iter().zip(&tonnes))
        .map(|(product, tonnes)| ground.price(*product).map_or(0.0, |price| tonnes * price * dear / 1e3))
        .sum();
    (tonnes, cost)
}

/// One estimate at a time at its ends, the others at their best guesses.
fn swings(ground: &Ground, conflict: &Conflict) -> Vec<Swing> {
    let mut names: Vec<(String, Confidence)> = Vec::new();
    conflict.numbers(&mut |what, uncertain| {
        names.extend(uncertain.map(|confidence| (what.to_owned(), confidence)));
        None
    });
    let at = |wanted: &str, u: f64| {
        let numbers = conflict.numbers(&mut |what, _| (what == wanted).then_some(u));
        outcome(ground, conflict, &numbers).1
    };
    let mut swings: Vec<Swing> = names
        .into_iter()
        .map(|(what, confidence)| Swing {
            cost_musd: (at(&what, 0.0), at(&what, 1.0)),
            what,
            confidence,
        })
        .collect();
    let width = |swing: &Swing| (swing.cost_musd.1 - swing.cost_musd.0).abs();
    swings.sort_by(|a, b| width(b).total_cmp(&width(a)));
    swings
}

#[allow(clippy::cast_precision_loss, reason = "draws stay far below 2^52")]
fn share_above(values: &[f64]) -> f64 {
    let above = values.iter().filter(|value| **value > 1e-9).count();
    above as f64 / values.len().max(1) as f64
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position within the list"
)]
fn quantiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [0.05, 0.5, 0.95].map(|share| {
        let at = (share * values.len().saturating_sub(1) as f64).round() as usize;
        values.get(at).copied().unwrap_or(f64::NAN)
    })
}
