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
/// Quarters of a year.
const QUARTERS: f64 = 4.0;

/// Net imports and own production of oxides and magnets, by place and year.
pub(super) fn reliance(dataset: &Dataset, result: &RunResult, focus: &Focus) -> Vec<Reliance> {
    let mut imports: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    for row in &result.flows {
        let year = if row.quarter == "base" {
            "base".to_owned()
        } else {
            year(&row.quarter)
        };
        if row.origin != row.destination && (row.product.starts_with("oxide:") || row.product.starts_with("magnet:")) {
            *imports
                .entry((row.product.clone(), row.destination.clone(), year.clone()))
                .or_default() += row.quantity;
            *imports
                .entry((row.product.clone(), row.origin.clone(), year))
                .or_default() -= row.quantity;
        }
    }
    let mut made: BTreeMap<(String, String, String), f64> = BTreeMap::new();
    for row in &result.production {
        let product = match row.activity.as_str() {
            "finish" => format!("oxide:{}", row.item),
            "make_magnet" => format!("magnet:{}", row.item),
            _ => continue,
        };
        let year = if row.quarter == "base" {
            "base".to_owned()
        } else {
            year(&row.quarter)
        };
        *made.entry((product, row.place.clone(), year)).or_default() += row.level;
    }
    let of = |key: &(String, String, String)| {
        let net = imports.get(key).copied().unwrap_or_default();
        let own = made.get(key).copied().unwrap_or_default();
        let all = net.max(0.0) + own;
        (net, (all > 1e-6).then(|| net.max(0.0) / all))
    };
    let years: BTreeSet<String> = result.quarters.iter().map(|quarter| year(quarter)).collect();
    let products: BTreeSet<&String> = imports.keys().map(|(product, _, _)| product).collect();
    let name = |id: &str| {
        dataset
            .view(ViewName::Bloc14)
            .find(|view| view.id == id)
            .map_or_else(|| id.to_owned(), |view| view.name.clone())
    };
    let mut rows = Vec::new();
    for product in products {
        for place in IMPORTERS {
            let key = (product.clone(), (*place).to_owned(), "base".to_owned());
            let (base_net, Some(base)) = of(&key) else {
                continue;
            };
            // The base is one quarter.
            let base_net = QUARTERS * base_net;
            let own = QUARTERS * made.get(&key).copied().unwrap_or_default();
            // Of a few tonnes a year, shares say nothing.
            if !focus.leads(product) || base_net.max(0.0) + own < LEAST_T {
                continue;
            }
            let mut changed: Option<Reliance> = None;
            for year in &years {
                let (net, Some(share)) = of(&(product.clone(), (*place).to_owned(), year.clone())) else {
                    continue;
                };
                let larger = changed
                    .as_ref()
                    .is_none_or(|known| (share - base).abs() > (known.reliance - base).abs());
                if (share - base).abs() >= NOTICED && larger {
                    changed = Some(Reliance {
                        product: product.clone(),
                        place: name(place),
                        year: year.clone(),
                        net_imports_t: net,
                        base_net_imports_t: base_net,
                        reliance: share,
                        base_reliance: base,
                    });
                }
            }
            rows.extend(changed);
        }
    }
    rows.sort_by(|a, b| {
        (b.net_imports_t - b.base_net_imports_t)
            .abs()
            .total_cmp(&(a.net_imports_t - a.base_net_imports_t).abs())
            .then(a.product.cmp(&b.product))
            .then(a.year.cmp(&b.year))
    });
    rows.truncate(MOST);
    rows
}
