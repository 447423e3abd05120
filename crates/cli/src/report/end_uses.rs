//! Shortage over time by end use, for the products whose shortages are dearest.

use std::collections::BTreeMap;

use serde::Serialize;

use super::chart::{Chart, Layer, columns};
use super::names::unit;
use super::numbers::with_unit;
use super::run::Run;

/// Most charts.
const MOST: usize = 6;
/// Classes of the style sheet for end uses, largest first; the rest is added up.
const CLASSES: [&str; 5] = ["c1", "c2", "c3", "c4", "c5"];

/// The id under which the model adds up small end uses.
const MINOR: &str = "minor_uses";

/// One chart with its key.
#[derive(Debug, Serialize)]
pub struct EndUses {
    product: String,
    chart: Chart,
    key: Vec<Key>,
    unverified: bool,
}

/// What a colour stands for, and how much of it there is in the run.
#[derive(Debug, Serialize)]
struct Key {
    class: &'static str,
    name: String,
    total: String,
}

/// Charts for the products with the dearest shortages.
pub fn end_uses(run: &Run<'_>) -> Vec<EndUses> {
    let mut losses: BTreeMap<&str, f64> = BTreeMap::new();
    for s in &run.shortages {
        *losses.entry(&s.product).or_default() += s.surplus_loss_kusd;
    }
    let mut products: Vec<(&str, f64)> = losses.into_iter().collect();
    products.sort_by(|a, b| b.1.total_cmp(&a.1));
    products
        .into_iter()
        .take(MOST)
        .map(|(product, _)| chart(run, product))
        .collect()
}

fn chart(run: &Run<'_>, product: &str) -> EndUses {
    let mut by_use: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut given_up = vec![0.0; run.moments()];
    let mut unverified = false;
    for row in run
        .result
        .uses
        .iter()
        .filter(|row| row.product == product && row.quarter != "base")
    {
        let (Some(moment), true) = (
            run.moment(&row.quarter),
            row.short.is_finite() && row.substituted.is_finite(),
        ) else {
            continue;
        };
        by_use.entry(&row.end_use).or_insert_with(|| vec![0.0; run.moments()])[moment] += row.short;
        given_up[moment] += row.substituted;
        unverified |= row.confidence == "C";
    }
    let mut uses: Vec<(&str, Vec<f64>)> = by_use
        .into_iter()
        .filter(|(_, v)| v.iter().sum::<f64>() > 1e-9)
        .collect();
    uses.sort_by(|a, b| b.1.iter().sum::<f64>().total_cmp(&a.1.iter().sum::<f64>()));
    // What the model itself has merged goes with what is merged here.
    let (mut others, mut uses): (Vec<_>, Vec<_>) = uses.into_iter().partition(|(id, _)| *id == MINOR);
    others.extend(uses.split_off(uses.len().min(CLASSES.len())));
    let mut layers: Vec<Layer> = uses
        .into_iter()
        .zip(CLASSES)
        .map(|((id, values), class)| Layer {
            class,
            name: run.names.end_use(id),
            values,
        })
        .collect();
    if !others.is_empty() {
        let values = (0..run.moments())
            .map(|n| others.iter().map(|(_, v)| v[n]).sum())
            .collect();
        layers.push(Layer {
            class: "c6",
            name: "Other end uses".to_owned(),
            values,
        });
    }
    layers.push(Layer {
        class: "given-up",
        name: "Given up by substitution, all end uses".to_owned(),
        values: given_up,
    });
    let unit = unit(product);
    let key: Vec<Key> = layers
        .iter()
        .map(|layer| Key {
            class: layer.class,
            name: layer.name.clone(),
            total: with_unit(layer.values.iter().sum(), unit),
        })
        .collect();
    let sums: Vec<String> = key.iter().map(|one| format!("{} {}", one.name, one.total)).collect();
    let label = format!(
        "{} short in the run: {}.",
        run.names.product_title(product),
        sums.join(", ")
    );
    EndUses {
        product: run.names.product_title(product),
        chart: columns(run, label, unit, &layers),
        key,
        unverified,
    }
}
