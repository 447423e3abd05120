//! Looking things up in the tables of a run.

use std::collections::BTreeMap;

use crate::result::{CapacityRow, FlowRow, PolicyRow, PriceRow, ProductionRow, StockRow, UseRow};

use super::{RecipeRow, Tables};

/// Quantities below a gram per quarter are rounding.
pub(super) const NOTHING: f64 = 1e-6;

/// One recipe of the run with what it did in a quarter.
pub(super) struct Running<'a> {
    pub activity: &'a str,
    pub item: &'a str,
    pub facility: Option<&'a str>,
    pub stage: Option<&'a str>,
    pub capacity_per_level: f64,
    pub level: f64,
    pub base_level: f64,
    /// What is taken in (negative) and given out, per unit of level.
    pub amounts: Vec<(&'a str, f64)>,
}

impl Running<'_> {
    /// Given out, or taken in where negative, per unit of level.
    pub fn amount(&self, product: &str) -> f64 {
        self.amounts.iter().filter(|(p, _)| *p == product).map(|(_, a)| a).sum()
    }

    /// What it is run for: the first thing it gives out.
    pub fn output(&self) -> Option<&str> {
        self.amounts.iter().find(|(_, a)| *a > 0.0).map(|(p, _)| *p)
    }
}

/// The tables at one quarter.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub tables: Tables<'a>,
    /// Kinds of the scenario's events by id.
    pub kinds: &'a BTreeMap<String, String>,
    pub quarter: &'a str,
}

/// Kinds of a scenario's events by id, such as `licence`. A text that is no scenario has none: then messages say `event`.
pub(super) fn kinds(scenario: &str) -> BTreeMap<String, String> {
    let table: toml::Table = scenario.parse().unwrap_or_default();
    let mut kinds = of_events(&table);
    // Scenarios that come with the program may be included.
    let included = match table.get("include") {
        Some(toml::Value::Array(names)) => names.iter().filter_map(toml::Value::as_str).collect(),
        Some(toml::Value::String(name)) => vec![name.as_str()],
        _ => Vec::new(),
    };
    for bundled in included.into_iter().filter_map(|name| crate::scenario::find(name).ok()) {
        kinds.extend(of_events(&bundled.text.parse().unwrap_or_default()));
    }
    kinds
}

fn of_events(table: &toml::Table) -> BTreeMap<String, String> {
    let events = table
        .get("event")
        .and_then(toml::Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let text = |event: &toml::Value, key: &str| event.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    events
        .iter()
        .filter_map(|e| Some((text(e, "id")?, text(e, "kind")?)))
        .collect()
}

impl<'a> At<'a> {
    pub fn price(&self, product: &str, place: &str) -> Option<&'a PriceRow> {
        let same = |p: &&PriceRow| p.quarter == self.quarter && p.place == place && p.product == product;
        self.tables.run.prices.iter().find(same)
    }

    pub fn spot(&self, product: &str, place: &str) -> Option<f64> {
        self.price(product, place).map(|p| p.spot_usd_per_kg)
    }

    /// Shipments of a product in the quarter.
    pub fn flows(&self, product: &'a str) -> impl Iterator<Item = &'a FlowRow> {
        let quarter = self.quarter;
        self.tables
            .run
            .flows
            .iter()
            .filter(move |f| f.quarter == quarter && f.product == product)
    }

    pub fn uses(&self, product: &str, place: &str) -> Vec<&'a UseRow> {
        let same = |u: &&UseRow| u.quarter == self.quarter && u.place == place && u.product == product;
        self.tables.run.uses.iter().filter(same).collect()
    }

    pub fn stock(&self, product: &str, place: &str) -> Option<&'a StockRow> {
        self.stock_in(self.quarter, product, place)
    }

    /// Stock at the end of the quarter before; that of the base quarter for the first.
    pub fn stock_before(&self, product: &str, place: &str) -> Option<&'a StockRow> {
        let quarters = &self.tables.run.quarters;
        let at = quarters.iter().position(|q| q == self.quarter)?;
        let before = at.checked_sub(1).map_or("base", |b| quarters[b].as_str());
        self.stock_in(before, product, place)
    }

    fn stock_in(&self, quarter: &str, product: &str, place: &str) -> Option<&'a StockRow> {
        let same = |s: &&StockRow| s.quarter == quarter && s.place == place && s.product == product;
        self.tables.run.stocks.iter().find(same)
    }

    /// What policies do in money to a product in a place.
    pub fn policies(&self, product: &str, place: &str) -> Vec<&'a PolicyRow> {
        let same = |p: &&PolicyRow| p.quarter == self.quarter && p.place == place && p.product == product;
        self.tables.run.policies.iter().filter(same).collect()
    }

    /// Capacities of a stage in a place.
    pub fn capacities(&self, stage: &str, place: &str) -> Vec<&'a CapacityRow> {
        let same = |c: &&CapacityRow| c.quarter == self.quarter && c.place == place && c.stage == stage;
        self.tables.run.capacities.iter().filter(same).collect()
    }

    /// Everything that can be done in a place, with what was done of it in the quarter.
    pub fn running(&self, place: &str) -> Vec<Running<'a>> {
        type Key<'a> = (&'a str, &'a str, Option<&'a str>);
        let mut order: Vec<Key<'a>> = Vec::new();
        let mut recipes: BTreeMap<Key<'a>, Vec<&'a RecipeRow>> = BTreeMap::new();
        for row in self.tables.recipes.iter().filter(|r| r.place == place) {
            let key = (row.activity.as_str(), row.item.as_str(), row.facility.as_deref());
            recipes.entry(key).or_insert_with(|| {
                order.push(key);
                Vec::new()
            });
            if let Some(rows) = recipes.get_mut(&key) {
                rows.push(row);
            }
        }
        let here = |p: &&ProductionRow| p.quarter == self.quarter && p.place == place;
        let levels: BTreeMap<Key<'a>, &ProductionRow> = self
            .tables
            .run
            .production
            .iter()
            .filter(here)
            .map(|p| ((p.activity.as_str(), p.item.as_str(), p.facility.as_deref()), p))
            .collect();
        order
            .into_iter()
            .filter_map(|key| {
                let rows = recipes.remove(&key)?;
                let first = *rows.first()?;
                let level = levels.get(&key);
                Some(Running {
                    activity: key.0,
                    item: key.1,
                    facility: key.2,
                    stage: first.stage.as_deref(),
                    capacity_per_level: first.capacity_per_level,
                    level: level.map_or(0.0, |l| l.level),
                    base_level: level.map_or(0.0, |l| l.base_level),
                    amounts: rows.iter().map(|r| (r.product.as_str(), r.amount)).collect(),
                })
            })
            .collect()
    }
}

/// Unit of a product's quantities.
pub(super) fn unit(product: &str) -> &'static str {
    if product.starts_with("metal:") || product.starts_with("magnet:") {
        "t"
    } else {
        "t REO"
    }
}
