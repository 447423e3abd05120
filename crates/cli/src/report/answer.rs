//! The answer in a sentence or two, and a handful of numbers.

use std::collections::BTreeMap;

use monazite_market::result::{Headline, Shortage};
use serde::Serialize;

use super::names::{counted, list};
use super::numbers::{THIN, count, figure, million_usd, multiple, percent};
use super::run::{Run, ZonePath};

/// Places that bear at least this share of the loss are named.
const NAMED: f64 = 0.05;
/// Price moves smaller than this are called none.
const FLAT: f64 = 0.01;

/// The top of the report.
#[derive(Debug, Serialize)]
pub struct Answer {
    lead: String,
    unverified: bool,
    more: Option<String>,
    tiles: Vec<Tile>,
}

/// One key number.
#[derive(Debug, Serialize)]
struct Tile {
    label: &'static str,
    value: String,
    unit: &'static str,
    note: String,
}

/// Reads the answer off a run.
pub fn answer(run: &Run<'_>) -> Answer {
    let headline = Headline::of(run.result);
    // The answer is about the product whose users lose most in all, and the place among them that loses most.
    let mut by_product: BTreeMap<&str, f64> = BTreeMap::new();
    for s in &run.shortages {
        *by_product.entry(&s.product).or_default() += s.surplus_loss_kusd;
    }
    let worst = by_product.into_iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let chosen = worst.and_then(|(product, loss)| Some((run.shortages.iter().find(|s| s.product == product)?, loss)));
    Answer {
        lead: chosen.map_or_else(|| calm(run), |(s, loss)| lead(run, s, loss)),
        unverified: chosen.is_some_and(|(s, _)| s.confidence == "C"),
        more: chosen.map(|(s, _)| more(run, s, &headline)),
        tiles: tiles(run, &headline),
    }
}

fn lead(run: &Run<'_>, s: &Shortage, loss: f64) -> String {
    let span = match (s.lasting, s.from == s.until) {
        (true, _) => format!("from {} to the end of the run", s.from),
        (false, true) => format!("in {}", s.from),
        (false, false) => format!("from {} to {}", s.from, s.until),
    };
    format!(
        "Users of {} lose most, {}{THIN}million USD in all: in {} they get up to {} less than they want {span}, and the spot price peaks at {} its base.",
        run.names.product(&s.product),
        million_usd(loss),
        run.names.the_place(&s.place),
        percent(s.deepest),
        times(s.peak_multiple),
    )
}

fn times(ratio: f64) -> String {
    let text = multiple(ratio);
    text.strip_prefix('×')
        .map_or_else(|| text.clone(), |digits| format!("{digits}{THIN}times"))
}

fn more(run: &Run<'_>, lead: &Shortage, headline: &Headline) -> String {
    let mut sentences = Vec::new();
    let hit: Vec<String> = headline
        .by_place
        .iter()
        .filter(|(_, loss)| *loss >= NAMED * headline.surplus_loss_kusd)
        .take(3)
        .map(|(place, _)| run.names.the_place(place))
        .collect();
    if headline.surplus_loss_kusd > 0.0 && !hit.is_empty() {
        sentences.push(format!(
            "Over {} users lose {}{THIN}million USD against the base quarter, most of it in {}.",
            counted(run.quarters.len(), "quarter"),
            million_usd(headline.surplus_loss_kusd),
            list(&hit),
        ));
    }
    if let Some(dearest) = run.shortages.first() {
        let same = dearest.place == lead.place && dearest.product == lead.product;
        let what = if same {
            "That shortage is also the dearest".to_owned()
        } else {
            format!(
                "The dearest single shortage is of {} in {}",
                run.names.product(&dearest.product),
                run.names.the_place(&dearest.place)
            )
        };
        sentences.push(format!(
            "{what}: {}{THIN}million USD.",
            million_usd(dearest.surplus_loss_kusd)
        ));
    }
    sentences.join(" ")
}

/// The answer when nobody runs short.
fn calm(run: &Run<'_>) -> String {
    let move_of = |product: &str| {
        let [_, outside] = run.prices(&[product]);
        let (at, _) = outside.peak()?;
        Some((product.to_owned(), at, outside.peak_multiple()?))
    };
    let mut products: Vec<&str> = run.result.uses.iter().map(|row| row.product.as_str()).collect();
    products.sort_unstable();
    products.dedup();
    let largest = products
        .into_iter()
        .filter_map(move_of)
        .max_by(|a, b| a.2.total_cmp(&b.2));
    let prices = match largest {
        Some((product, at, ratio)) if ratio > 1.0 + FLAT => format!(
            "the largest rise of a spot price outside China is that of {}, to {} its base in {}",
            run.names.product(&product),
            times(ratio),
            run.moment_name(at),
        ),
        _ => "no spot price outside China rises by more than a percent".to_owned(),
    };
    format!("Nobody runs short by 5{THIN}% or more; {prices}.")
}

fn tiles(run: &Run<'_>, headline: &Headline) -> Vec<Tile> {
    let mut tiles = vec![loss(run, headline), shortages(run)];
    tiles.extend(dysprosium(run));
    tiles.push(last_short(run));
    tiles.extend(licences(run));
    tiles
}

fn loss(run: &Run<'_>, headline: &Headline) -> Tile {
    let named: Vec<String> = headline
        .by_place
        .iter()
        .filter(|(_, loss)| *loss >= 500.0)
        .take(3)
        .map(|(place, loss)| format!("{} {}", run.names.place(place), million_usd(*loss)))
        .collect();
    let quarters = counted(run.quarters.len(), "quarter");
    Tile {
        label: "Users' loss over the run",
        value: million_usd(headline.surplus_loss_kusd),
        unit: "million USD",
        note: if headline.surplus_loss_kusd < 0.0 {
            format!("over {quarters}; a minus is a gain")
        } else if named.is_empty() {
            format!("over {quarters}")
        } else {
            format!("over {quarters}: {}", named.join(", "))
        },
    }
}

fn shortages(run: &Run<'_>) -> Tile {
    let mut pairs: Vec<(&str, &str)> = run
        .result
        .uses
        .iter()
        .filter(|row| row.quarter == "base" && row.wanted > 0.0)
        .map(|row| (row.place.as_str(), row.product.as_str()))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    Tile {
        label: "Shortages, place × product",
        value: count(run.shortages.len()),
        unit: "",
        note: format!(
            "of {} pairs in use; short means at least 5{THIN}% less than wanted",
            count(pairs.len())
        ),
    }
}

fn dysprosium(run: &Run<'_>) -> Option<Tile> {
    let [inside, outside] = run.prices(&["oxide:Dy"]);
    let (at, peak) = outside.peak()?;
    let tell = |zone: &ZonePath| Some((figure(zone.base()?), figure(zone.peak()?.1)));
    let outside_base = figure(outside.base()?);
    let inside = tell(&inside).map_or_else(String::new, |(base, peak)| format!("; in China {peak} (base {base})"));
    Some(Tile {
        label: "Peak price of dysprosium oxide outside China",
        value: figure(peak),
        unit: "USD/kg",
        note: format!("in {} (base {outside_base}){inside}", run.moment_name(at)),
    })
}

fn last_short(run: &Run<'_>) -> Tile {
    let last = run
        .shortages
        .iter()
        .filter_map(|s| Some((run.moment(&s.until)?, s)))
        .max_by_key(|(at, _)| *at);
    let lasting = run.shortages.iter().filter(|s| s.lasting).count();
    let Some((at, _)) = last else {
        return Tile {
            label: "Last quarter short",
            value: "never".to_owned(),
            unit: "",
            note: "no shortage in the run".to_owned(),
        };
    };
    Tile {
        label: "Last quarter short",
        value: run.moment_name(at).to_owned(),
        unit: "",
        note: if lasting > 0 {
            format!(
                "{} of {} still last when the run ends",
                count(lasting),
                counted(run.shortages.len(), "shortage")
            )
        } else {
            "all are over before the run ends".to_owned()
        },
    }
}

fn licences(run: &Run<'_>) -> Option<Tile> {
    let mut by_product: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
    for row in run.result.flows.iter().filter(|row| row.quarter != "base") {
        let rent = row.licence_rent_usd_per_kg * row.quantity;
        if rent > 0.0 {
            *by_product.entry(&row.product).or_default() += rent;
        }
    }
    let total: f64 = by_product.values().sum();
    let (product, largest) = by_product.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (total > 0.0).then(|| Tile {
        label: "Rent on licensed shipments",
        value: million_usd(total),
        unit: "million USD",
        note: format!(
            "to whoever holds the licences; most on {} ({})",
            run.names.product(product),
            million_usd(largest)
        ),
    })
}
