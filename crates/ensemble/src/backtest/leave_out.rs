//! Experiment C: what is known of one element's own users is replaced by what is known of all others'.
//!
//! Left out are, for the element's oxide and metal: short- and long-run elasticity, essential share, price ceiling and
//! days of stock. In their place stand the means over the users of all other elements, weighted by value. Its price and
//! use in the base year stay: they are facts of before the window.

use monazite_evidence::{Dataset, Element};
use monazite_market::scenario::Scenario;

use super::Experiment;
use super::members::{Ensemble, Item, Zone};
use super::score::{Card, card};
use super::truth::Truth;
use crate::EnsembleError;

/// Fewest observed quarters of an element for it to be left out.
const POINTS: usize = 4;

/// Scores of one element with and without what is known of its own users.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// The element.
    pub element: Element,
    /// Observed quarters, both zones.
    pub points: usize,
    /// Mean score of log prices with everything known, same draws.
    pub crps_known: f64,
    /// The same with the element left out.
    pub crps_left_out: f64,
    /// Peak outside, median, with and without, where there is one.
    pub peak: Option<(f64, f64)>,
}

pub(super) fn run(dataset: &Dataset, scenario: &Scenario, draws: usize) -> Result<Vec<LeftOut>, EnsembleError> {
    let ensemble = Ensemble::simulate(dataset, Experiment::A, scenario, draws, None)?;
    let truth = Truth::of(dataset, &ensemble.quarters);
    let known = card(dataset, Experiment::A, scenario, &ensemble, &truth)?;
    let mut found = Vec::new();
    for element in Element::ALL.iter().copied() {
        let (points, crps_known, peak_known) = own(&known, element);
        if points < POINTS {
            continue;
        }
        let without = Ensemble::simulate(dataset, Experiment::A, scenario, draws, Some(element))?;
        let (_, crps_left_out, peak) = own(&card(dataset, Experiment::A, scenario, &without, &truth)?, element);
        found.push(LeftOut {
            element,
            points,
            crps_known,
            crps_left_out,
            peak: peak_known.zip(peak),
        });
    }
    Ok(found)
}

/// Points, mean score and peak outside of an element's oxide.
fn own(card: &Card, element: Element) -> (usize, f64, Option<f64>) {
    let mine = || card.scores.iter().filter(|s| s.key.item == Item::Oxide(element));
    let scores: Vec<f64> = mine().flat_map(|s| &s.points).map(|p| p.crps[0]).collect();
    #[allow(clippy::cast_precision_loss, reason = "a few dozen points")]
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    let peak = mine()
        .find(|s| s.key.zone == Zone::Outside)
        .and_then(|s| s.peak)
        .map(|p| p.predicted.0);
    (scores.len(), mean, peak)
}
