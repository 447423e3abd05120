//! Who is short of what: a grid of places and products, and the list behind it.

use std::collections::{BTreeMap, BTreeSet};

use monazite_market::result::Shortage;
use serde::Serialize;

use super::names::{counted, unit};
use super::numbers::{count, figure, million_usd, multiple, percent, with_unit};
use super::run::Run;

/// Most places in the grid.
const MOST_PLACES: usize = 16;
/// Most products in the grid.
const MOST_PRODUCTS: usize = 12;
/// Shortages that cost users less than this, thousand USD, are not coloured.
const MINOR: f64 = 500.0;
/// Shortages in the open list.
const OPEN_ROWS: usize = 10;

/// The section.
#[derive(Debug, Serialize)]
pub struct Shortfalls {
    groups: Vec<Group>,
    products: Vec<Column>,
    rows: Vec<GridRow>,
    left_out: Option<String>,
    top: Vec<ListRow>,
    rest: Vec<ListRow>,
    number: usize,
    unverified: String,
}

/// Neighbouring columns of one kind.
#[derive(Debug, Serialize)]
struct Group {
    name: &'static str,
    width: usize,
}

#[derive(Debug, Serialize)]
struct Column {
    name: String,
}

#[derive(Debug, Serialize)]
struct GridRow {
    place: String,
    loss: String,
    cells: Vec<Cell>,
}

/// A place and a product.
#[derive(Debug, Serialize)]
struct Cell {
    class: &'static str,
    share: String,
    quarters: String,
    title: String,
}

/// A shortage in a row.
#[derive(Debug, Serialize)]
struct ListRow {
    place: String,
    product: String,
    span: String,
    quarters: usize,
    deepest: String,
    deepest_quarter: String,
    short: String,
    peak: String,
    multiple: String,
    loss: String,
    unverified: bool,
    /// Plain numbers to sort by.
    sort: [f64; 5],
}

/// Builds the section.
pub fn shortfalls(run: &Run<'_>) -> Shortfalls {
    let mut by_place: BTreeMap<&str, f64> = BTreeMap::new();
    let mut by_product: BTreeMap<&str, f64> = BTreeMap::new();
    for s in &run.shortages {
        *by_place.entry(&s.place).or_default() += s.surplus_loss_kusd;
        *by_product.entry(&s.product).or_default() += s.surplus_loss_kusd;
    }
    let places = dearest(&by_place, MOST_PLACES);
    let mut products = dearest(&by_product, MOST_PRODUCTS);
    // Kinds stand together; within a kind the dearest stays first.
    products.sort_by_key(|product| kind(product));
    let found: BTreeMap<(&str, &str), &Shortage> = run
        .shortages
        .iter()
        .map(|s| ((s.place.as_str(), s.product.as_str()), s))
        .collect();
    let used: BTreeSet<(&str, &str)> = run
        .result
        .uses
        .iter()
        .filter(|row| row.quarter == "base" && row.wanted > 0.0)
        .map(|row| (row.place.as_str(), row.product.as_str()))
        .collect();
    let rows = places
        .iter()
        .map(|place| GridRow {
            place: run.names.place(place).to_owned(),
            loss: million_usd(by_place[place]),
            cells: products
                .iter()
                .map(|product| {
                    cell(
                        run,
                        found.get(&(*place, *product)).copied(),
                        used.contains(&(*place, *product)),
                    )
                })
                .collect(),
        })
        .collect();
    let mut list: Vec<ListRow> = run.shortages.iter().map(|s| list_row(run, s)).collect();
    let rest = list.split_off(list.len().min(OPEN_ROWS));
    Shortfalls {
        groups: groups(&products),
        left_out: left_out(by_place.len() - places.len(), by_product.len() - products.len()),
        products: products
            .iter()
            .map(|product| Column {
                name: run.names.product_short(product),
            })
            .collect(),
        rows,
        number: run.shortages.len(),
        unverified: unverified(run),
        top: list,
        rest,
    }
}

fn unverified(run: &Run<'_>) -> String {
    let number = run.shortages.iter().filter(|s| s.confidence == "C").count();
    match number {
        0 => String::new(),
        n if n == run.shortages.len() => "All of them rest on unverified evidence of demand.".to_owned(),
        n => format!(
            "{} of {} rest on unverified evidence of demand.",
            count(n),
            counted(run.shortages.len(), "shortage")
        ),
    }
}

fn dearest<'s>(losses: &BTreeMap<&'s str, f64>, most: usize) -> Vec<&'s str> {
    let mut sorted: Vec<(&str, f64)> = losses.iter().map(|(name, loss)| (*name, *loss)).collect();
    sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
    sorted.into_iter().take(most).map(|(name, _)| name).collect()
}

fn kind(product: &str) -> usize {
    ["magnet:", "oxide:", "metal:"]
        .iter()
        .position(|start| product.starts_with(start))
        .unwrap_or(3)
}

fn groups(products: &[&str]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for product in products {
        let name = ["Magnets", "Oxides", "Metals", "Other"][kind(product)];
        match groups.last_mut() {
            Some(last) if last.name == name => last.width += 1,
            _ => groups.push(Group { name, width: 1 }),
        }
    }
    groups
}

fn left_out(places: usize, products: usize) -> Option<String> {
    let places = (places > 0).then(|| counted(places, "place"));
    let products = (products > 0).then(|| counted(products, "product"));
    let parts: Vec<String> = [places, products].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| {
        format!(
            "{} with smaller losses are in the list below only.",
            parts.join(" and ")
        )
    })
}

fn cell(run: &Run<'_>, shortage: Option<&Shortage>, used: bool) -> Cell {
    let Some(s) = shortage else {
        let (class, title) = if used {
            ("enough", "used, never short")
        } else {
            ("unused", "not used here")
        };
        return Cell {
            class,
            share: String::new(),
            quarters: String::new(),
            title: title.to_owned(),
        };
    };
    let class = match s.deepest {
        _ if s.surplus_loss_kusd < MINOR => "minor",
        d if d >= 0.6 => "h5",
        d if d >= 0.35 => "h4",
        d if d >= 0.2 => "h3",
        d if d >= 0.1 => "h2",
        _ => "h1",
    };
    let title = format!(
        "{} in {}: {} short in {}; {} short, {}",
        run.names.product_title(&s.product),
        run.names.the_place(&s.place),
        percent(s.deepest),
        s.deepest_quarter,
        counted(s.quarters, "quarter"),
        span(s),
    );
    Cell {
        class,
        share: percent(s.deepest),
        quarters: s.quarters.to_string(),
        title,
    }
}

fn span(s: &Shortage) -> String {
    if s.lasting {
        format!("{}, lasting", s.from)
    } else if s.from == s.until {
        s.from.clone()
    } else {
        format!("{}–{}", s.from, s.until)
    }
}

fn list_row(run: &Run<'_>, s: &Shortage) -> ListRow {
    let plain = |value: f64| if value.is_finite() { value } else { 0.0 };
    ListRow {
        place: run.names.place(&s.place).to_owned(),
        product: run.names.product_title(&s.product),
        span: span(s),
        quarters: s.quarters,
        deepest: percent(s.deepest),
        deepest_quarter: s.deepest_quarter.clone(),
        short: with_unit(s.tonnes_short, unit(&s.product)),
        peak: figure(s.peak_usd_per_kg),
        multiple: multiple(s.peak_multiple),
        loss: million_usd(s.surplus_loss_kusd),
        unverified: s.confidence == "C",
        sort: [
            plain(s.deepest),
            plain(s.tonnes_short),
            plain(s.peak_usd_per_kg),
            plain(s.peak_multiple),
            plain(s.surplus_loss_kusd),
        ],
    }
}
