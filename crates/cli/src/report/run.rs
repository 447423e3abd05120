//! What every section of the report looks at: the run, its scenario, names and time.

use std::collections::BTreeMap;

use monazite_market::result::{PriceRow, RunResult, Shortage, shortages};
use monazite_market::scenario::{Event, Quarter};

use super::ReportInputs;
use super::names::Names;

/// The place whose prices are told apart from those of all others.
pub const INSIDE: &str = "CHN";

/// A run and what is needed to tell it in words.
pub struct Run<'a> {
    /// The tables.
    pub result: &'a RunResult,
    /// The dataset, the scenario and the version.
    pub inputs: &'a ReportInputs<'a>,
    /// Words for ids.
    pub names: Names<'a>,
    /// The simulated quarters, parallel to `result.quarters`.
    pub quarters: Vec<Quarter>,
    /// All shortages, the dearest for users first.
    pub shortages: Vec<Shortage>,
    moments: BTreeMap<&'a str, usize>,
}

impl<'a> Run<'a> {
    /// Prepares a run for telling.
    pub fn new(result: &'a RunResult, inputs: &'a ReportInputs<'a>) -> Self {
        let moments = std::iter::once("base").chain(result.quarters.iter().map(String::as_str));
        Self {
            result,
            inputs,
            names: Names::new(inputs.dataset, &result.view),
            quarters: inputs.scenario.timeline().take(result.quarters.len()).collect(),
            shortages: shortages(result)
                .into_iter()
                .filter(|s| s.surplus_loss_kusd.is_finite())
                .collect(),
            moments: moments.enumerate().map(|(n, name)| (name, n)).collect(),
        }
    }

    /// Position of a quarter of the tables: 0 for the base quarter, then 1, 2, ….
    pub fn moment(&self, quarter: &str) -> Option<usize> {
        self.moments.get(quarter).copied()
    }

    /// How many positions there are.
    pub fn moments(&self) -> usize {
        self.result.quarters.len() + 1
    }

    /// The name of a position: `base quarter` or `2025Q2`.
    pub fn moment_name(&self, moment: usize) -> &str {
        match moment.checked_sub(1) {
            None => "base quarter",
            Some(q) => self.result.quarters.get(q).map_or("", String::as_str),
        }
    }

    /// The events with their numbers in the report, from 1.
    pub fn events(&self) -> impl Iterator<Item = (usize, &'a Event)> + use<'a> {
        self.inputs
            .scenario
            .events
            .iter()
            .enumerate()
            .map(|(n, event)| (n + 1, event))
    }

    /// The number of an event.
    pub fn event_number(&self, id: &str) -> Option<usize> {
        self.events().find(|(_, event)| event.id == id).map(|(n, _)| n)
    }

    /// Prices of products, added up inside and outside China.
    pub fn prices(&self, products: &[&str]) -> [ZonePath; 2] {
        let mut zones = [ZonePath::new(self.moments()), ZonePath::new(self.moments())];
        for row in self
            .result
            .prices
            .iter()
            .filter(|row| products.contains(&row.product.as_str()))
        {
            if let Some(moment) = self.moment(&row.quarter) {
                zones[usize::from(row.place != INSIDE)].add(moment, row);
            }
        }
        zones
    }
}

/// Prices of one or more products over time in a zone, each place weighted by its need in the base quarter.
pub struct ZonePath {
    weight: Vec<f64>,
    /// Sums of need times price.
    spot: Vec<f64>,
    average: Vec<f64>,
    /// Whether any price behind it rests on unverified evidence.
    pub unverified: bool,
}

impl ZonePath {
    fn new(moments: usize) -> Self {
        Self {
            weight: vec![0.0; moments],
            spot: vec![0.0; moments],
            average: vec![0.0; moments],
            unverified: false,
        }
    }

    fn add(&mut self, moment: usize, row: &PriceRow) {
        let finite = row.spot_usd_per_kg.is_finite() && row.average_usd_per_kg.is_finite();
        if row.base_need <= 0.0 || !finite {
            return;
        }
        self.weight[moment] += row.base_need;
        self.spot[moment] += row.base_need * row.spot_usd_per_kg;
        self.average[moment] += row.base_need * row.average_usd_per_kg;
        self.unverified |= row.confidence == "C";
    }

    fn mean(&self, sums: &[f64]) -> Vec<Option<f64>> {
        sums.iter()
            .zip(&self.weight)
            .map(|(sum, weight)| (*weight > 0.0).then(|| sum / weight))
            .collect()
    }

    /// Spot price at each position, USD/kg.
    pub fn spot(&self) -> Vec<Option<f64>> {
        self.mean(&self.spot)
    }

    /// Volume-weighted price at each position, USD/kg.
    pub fn average(&self) -> Vec<Option<f64>> {
        self.mean(&self.average)
    }

    /// What the need of the base quarter costs, thousand USD.
    pub fn base_bill(&self) -> f64 {
        self.spot.first().copied().unwrap_or(0.0)
    }

    /// Spot price of the base quarter.
    pub fn base(&self) -> Option<f64> {
        self.spot().first().copied().flatten()
    }

    /// Highest spot price of the simulated quarters, with its position.
    pub fn peak(&self) -> Option<(usize, f64)> {
        let simulated = self
            .spot()
            .into_iter()
            .enumerate()
            .skip(1)
            .filter_map(|(n, price)| Some((n, price?)));
        simulated.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    }

    /// Lowest spot price of the simulated quarters, with its position.
    pub fn low(&self) -> Option<(usize, f64)> {
        let simulated = self
            .spot()
            .into_iter()
            .enumerate()
            .skip(1)
            .filter_map(|(n, price)| Some((n, price?)));
        simulated.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
    }

    /// Highest spot price over that of the base quarter.
    pub fn peak_multiple(&self) -> Option<f64> {
        let base = self.base().filter(|base| *base > 0.0)?;
        Some(self.peak()?.1 / base)
    }
}
