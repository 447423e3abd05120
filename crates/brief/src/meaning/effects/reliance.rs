//! Dependence on imports, where it changes.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::Dataset;
use monazite_evidence::table::ViewName;
use monazite_market::result::RunResult;

use super::{Focus, MOST, NOTICED, Reliance, year};

/// Places whose dependence on imports is shown.
const IMPORTERS: &[&str] = &["USA", "EUR", "JPN"];
/// Tonnes a year a place must need of a product for its share to say something.
const LEAST_T: f64 = 10.0;

/// Product, place and year.
type Key = (String, String, String);

/// Net imports and own production of oxides and magnets, by place and year.
#[derive(Default)]
struct Trade {
    imports: BTreeMap<Key, f64>,
    made: BTreeMap<Key, f64>,
}

impl Trade {
    fn of(result: &RunResult) -> Self {
        let mut trade = Self::default();
        for row in result.flows.iter().filter(|row| row.quarter != "base") {
            let traded = row.product.starts_with("oxide:") || row.product.starts_with("magnet:");
            if row.origin != row.destination && traded {
                let mut add = |place: &String, quantity: f64| {
                    let key = (row.product.clone(), place.clone(), year(&row.quarter));
                    *trade.imports.entry(key).or_default() += quantity;
                };
                add(&row.destination, row.quantity);
                add(&row.origin, -row.quantity);
            }
        }
        for row in result.production.iter().filter(|row| row.quarter != "base") {
            let product = match row.activity.as_str() {
                "finish" => format!("oxide:{}", row.item),
                "make_magnet" => format!("magnet:{}", row.item),
                _ => continue,
            };
            *trade
                .made
                .entry((product, row.place.clone(), year(&row.quarter)))
                .or_default() += row.level;
        }
        trade
    }

    /// Net imports, and their share of these and what is made; nothing where both are less than says something.
    fn share(&self, key: &Key) -> Option<(f64, f64)> {
        let net = self.imports.get(key).copied().unwrap_or_default();
        let all = net.max(0.0) + self.made.get(key).copied().unwrap_or_default();
        (all >= LEAST_T).then(|| (net, net.max(0.0) / all))
    }
}

/// Where the share of imports changes against the same without the events, with the year in which it does most.
pub(super) fn reliance(dataset: &Dataset, result: &RunResult, without: &RunResult, focus: &Focus) -> Vec<Reliance> {
    let (trade, other) = (Trade::of(result), Trade::of(without));
    let years: BTreeSet<String> = result.quarters.iter().map(|quarter| year(quarter)).collect();
    let products: BTreeSet<&String> = trade.imports.keys().map(|(product, _, _)| product).collect();
    let name = |id: &str| {
        dataset
            .view(ViewName::Bloc14)
            .find(|view| view.id == id)
            .map_or_else(|| id.to_owned(), |view| view.name.clone())
    };
    let mut rows = Vec::new();
    for product in products {
        for place in IMPORTERS {
            if !focus.leads(product) {
                continue;
            }
            let changes = years.iter().filter_map(|year| {
                let key = (product.clone(), (*place).to_owned(), year.clone());
                let ((net, share), (other_net, other_share)) = (trade.share(&key)?, other.share(&key)?);
                ((share - other_share).abs() >= NOTICED).then(|| Reliance {
                    product: product.clone(),
                    place: name(place),
                    year: year.clone(),
                    net_imports_t: net,
                    without_net_imports_t: other_net,
                    reliance: share,
                    without_reliance: other_share,
                })
            });
            let size = |row: &Reliance| (row.reliance - row.without_reliance).abs();
            rows.extend(changes.max_by(|a, b| size(a).total_cmp(&size(b)).then(b.year.cmp(&a.year))));
        }
    }
    rows.sort_by(|a, b| {
        (b.net_imports_t - b.without_net_imports_t)
            .abs()
            .total_cmp(&(a.net_imports_t - a.without_net_imports_t).abs())
            .then(a.product.cmp(&b.product))
            .then(a.year.cmp(&b.year))
    });
    rows.truncate(MOST);
    rows
}
