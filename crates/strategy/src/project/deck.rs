//! Price decks: what elements sell for.

use std::collections::BTreeMap;

use monazite_evidence::error::Unknown;
use monazite_evidence::table::PriceZone;
use monazite_evidence::{Confidence, Dataset, Element, SourceId};
use monazite_market::calibrate::zone_prices;
use monazite_market::result::RunResult;

use super::error::ProjectError;

/// One price of a deck.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct DeckPrice {
    /// USD/kg of oxide by calendar year from the deck's first year; the last one holds for good.
    pub usd_per_kg: Vec<f64>,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// How it was formed, in words.
    pub basis: String,
}

/// Prices of separated oxides by element.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Deck {
    /// What the deck is, in words.
    pub name: String,
    /// The calendar year of the first price of each path.
    pub first_year: u16,
    /// By element.
    pub prices: BTreeMap<Element, DeckPrice>,
}

impl Deck {
    /// No prices: every product must bring its own.
    #[must_use]
    pub fn none() -> Self {
        Self {
            name: "no price deck".to_owned(),
            ..Self::default()
        }
    }

    /// Prices of the evidence in one zone and year, held for good.
    ///
    /// # Errors
    /// When the evidence has no price of some element in either zone.
    pub fn spot(dataset: &Dataset, zone: PriceZone, year: u16) -> Result<Self, ProjectError> {
        let zones = zone_prices(dataset, year).map_err(|missing| {
            let symbols: Vec<&str> = missing.iter().map(|element| element.symbol()).collect();
            ProjectError::Evidence(format!("no price of {} around {year}", symbols.join(", ")))
        })?;
        let quotes = match zone {
            PriceZone::China => zones.china,
            PriceZone::Outside => zones.outside,
        };
        let prices = Element::ALL.iter().copied().zip(quotes).map(|(element, quote)| {
            let price = DeckPrice {
                usd_per_kg: vec![quote.usd_per_kg],
                sources: quote.sources,
                confidence: quote.confidence,
                basis: quote.basis,
            };
            (element, price)
        });
        let place = match zone {
            PriceZone::China => "in China",
            PriceZone::Outside => "outside China",
        };
        Ok(Self {
            name: format!("oxide prices {place}, {year}"),
            first_year: year,
            prices: prices.collect(),
        })
    }

    /// Yearly means of the spot prices that a simulated path has at a place, as its view names it; the last year holds for good.
    ///
    /// # Errors
    /// When the run has no oxide prices at the place.
    pub fn of_run(run: &RunResult, place: &str) -> Result<Self, ProjectError> {
        let mut sums: BTreeMap<Element, BTreeMap<u16, (f64, f64, Confidence)>> = BTreeMap::new();
        for row in run.prices.iter().filter(|row| row.place == place) {
            let element = row
                .product
                .strip_prefix("oxide:")
                .and_then(|symbol| symbol.parse().ok());
            let year = row.quarter.get(..4).and_then(|year| year.parse().ok());
            let (Some(element), Some(year)) = (element, year) else {
                continue;
            };
            let confidence = row.confidence.parse().unwrap_or(Confidence::C);
            let slot = sums
                .entry(element)
                .or_default()
                .entry(year)
                .or_insert((0.0, 0.0, confidence));
            *slot = (slot.0 + row.spot_usd_per_kg, slot.1 + 1.0, slot.2.max(confidence));
        }
        let first_year = sums.values().filter_map(|years| years.keys().next().copied()).min();
        let Some(first_year) = first_year else {
            let mut places: Vec<&str> = run.prices.iter().map(|row| row.place.as_str()).collect();
            places.sort_unstable();
            places.dedup();
            let unknown = Unknown::new("place", place, places);
            return Err(ProjectError::Evidence(format!(
                "{unknown}; the run has no oxide prices there"
            )));
        };
        let price = |years: BTreeMap<u16, (f64, f64, Confidence)>| DeckPrice {
            usd_per_kg: years.values().map(|(sum, quarters, _)| sum / quarters).collect(),
            sources: Vec::new(),
            confidence: years
                .values()
                .map(|(_, _, confidence)| *confidence)
                .max()
                .unwrap_or(Confidence::C),
            basis: format!("spot in `{}`", run.scenario),
        };
        Ok(Self {
            name: format!(
                "simulated oxide prices of `{}` at {place}, from {first_year}",
                run.scenario
            ),
            first_year,
            prices: sums
                .into_iter()
                .map(|(element, years)| (element, price(years)))
                .collect(),
        })
    }

    /// The same deck with a floor under the price of some elements, USD/kg of oxide.
    #[must_use]
    pub fn floored(mut self, elements: &[Element], usd_per_kg: f64) -> Self {
        for element in elements {
            if let Some(price) = self.prices.get_mut(element) {
                for own in &mut price.usd_per_kg {
                    *own = own.max(usd_per_kg);
                }
            }
        }
        let symbols: Vec<&str> = elements.iter().map(|element| element.symbol()).collect();
        self.name = format!(
            "{}, with a floor of {usd_per_kg} USD/kg under {}",
            self.name,
            symbols.join(" and ")
        );
        self
    }

    /// The same deck with every price multiplied.
    #[must_use]
    pub fn scaled(mut self, factor: f64) -> Self {
        for price in self.prices.values_mut() {
            for usd_per_kg in &mut price.usd_per_kg {
                *usd_per_kg *= factor;
            }
        }
        self.name = format!("{}, times {factor}", self.name);
        self
    }

    /// The price path of an element, USD/kg of oxide from `first_year` on.
    #[must_use]
    pub fn path(&self, element: Element, first_year: u16) -> Option<Vec<f64>> {
        let price = self.prices.get(&element)?;
        let skipped = usize::from(first_year.saturating_sub(self.first_year));
        let last = price.usd_per_kg.last().copied()?;
        let rest = price.usd_per_kg.get(skipped..).unwrap_or_default();
        Some(if rest.is_empty() { vec![last] } else { rest.to_vec() })
    }
}
