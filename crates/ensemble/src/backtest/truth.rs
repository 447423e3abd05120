//! What happened: quotes of the dataset by quarter and zone, and China's exports by year.

use std::collections::BTreeMap;

use monazite_evidence::table::{Hs, PeriodKind, Price, PriceProduct, PriceZone};
use monazite_evidence::{Dataset, Element, SourceId};
use monazite_market::scenario::Quarter;

use super::members::{Item, SeriesKey, Zone};
use crate::EnsembleError;

/// One observed price: the geometric mean of a quarter's quotes.
#[derive(Clone, Debug)]
pub struct Point {
    /// What and where.
    pub key: SeriesKey,
    /// When.
    pub quarter: Quarter,
    /// USD/kg without value-added tax.
    pub usd_per_kg: f64,
    /// How many quotes.
    pub quotes: usize,
    /// Where they come from.
    pub sources: Vec<SourceId>,
}

/// What happened in a window.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// Prices by quarter.
    pub points: Vec<Point>,
}

/// China's exports of one customs heading in one year.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exports {
    /// Gross tonnes.
    pub tonnes: f64,
    /// Thousand USD.
    pub kusd: f64,
}

impl Truth {
    /// The quotes that fall into some quarters. Annual averages are left out: a quarter is not a year.
    #[must_use]
    pub fn of(dataset: &Dataset, quarters: &[Quarter]) -> Self {
        let mut found: BTreeMap<(SeriesKey, Quarter), Vec<&Price>> = BTreeMap::new();
        for price in &dataset.prices {
            let (Some(key), Some(quarter)) = (key(price), quarter(price)) else {
                continue;
            };
            if quarters.contains(&quarter) {
                found.entry((key, quarter)).or_default().push(price);
            }
        }
        let points = found
            .into_iter()
            .map(|((key, quarter), rows)| {
                let mut sources: Vec<SourceId> = rows.iter().flat_map(|p| p.provenance.sources.clone()).collect();
                sources.sort();
                sources.dedup();
                Point {
                    key,
                    quarter,
                    usd_per_kg: geometric_mean(rows.iter().map(|p| p.price_ex_vat_usd_per_kg.0)),
                    quotes: rows.len(),
                    sources,
                }
            })
            .collect();
        Self { points }
    }
}

/// Mean of an item's annual quotes in a year, USD/kg: what was known before a window.
pub(super) fn annual(dataset: &Dataset, key: SeriesKey, year: i16) -> Option<f64> {
    let rows = dataset
        .prices
        .iter()
        .filter(|p| self::key(p) == Some(key) && p.period.year() == year);
    let annual: Vec<f64> = rows
        .filter(|p| p.period_kind == PeriodKind::Annual)
        .map(|p| p.price_ex_vat_usd_per_kg.0)
        .collect();
    (!annual.is_empty()).then(|| geometric_mean(annual.into_iter()))
}

/// China's exports of a heading in a year, all partners together.
pub(super) fn exports(dataset: &Dataset, hs: Hs, year: u16) -> Result<Exports, EnsembleError> {
    let mut sum = Exports::default();
    for row in dataset.trade_in(&[year])? {
        if let (true, true, Some(quantity)) = (row.hs == hs, row.exporter.as_str() == "CHN", row.quantity_t) {
            sum.tonnes += quantity.0;
            sum.kusd += row.value_kusd.0;
        }
    }
    Ok(sum)
}

fn key(price: &Price) -> Option<SeriesKey> {
    let basis = price.basis.as_deref().unwrap_or("");
    if ["superseded", "prior", "US price", "Chinese export unit value"]
        .iter()
        .any(|b| basis.starts_with(b))
    {
        return None;
    }
    let element = Element::ALL
        .iter()
        .copied()
        .find(|e| e.symbol() == price.element.as_str())?;
    let item = match price.product {
        PriceProduct::Oxide => Item::Oxide(element),
        PriceProduct::Metal => Item::Metal(element),
        _ => return None,
    };
    let zone = match price.zone {
        PriceZone::China => Zone::Inside,
        PriceZone::Outside => Zone::Outside,
    };
    Some(SeriesKey { item, zone })
}

fn quarter(price: &Price) -> Option<Quarter> {
    if price.period_kind == PeriodKind::Annual {
        return None;
    }
    Quarter::new(price.period.year(), u8::try_from(price.period.quarter()?).ok()?)
}

fn geometric_mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| (sum + v.ln(), count + 1.0));
    (sum / count).exp()
}
