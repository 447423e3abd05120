//! Commercial stocks running down where shortages are dearest.

use serde::Serialize;

use super::chart::{Chart, Series, lines};
use super::names::unit;
use super::numbers::{THIN, whole};
use super::run::Run;
use super::scale::Axis;

/// Most charts.
const MOST: usize = 6;
/// Days of a quarter.
const DAYS: f64 = 365.25 / 4.0;
/// A stock below this share of its base level is called empty.
const EMPTY: f64 = 0.02;

/// One chart with its words.
#[derive(Debug, Serialize)]
pub struct Stock {
    product: String,
    place: String,
    words: String,
    chart: Chart,
}

/// Charts for the dearest shortages, one per product.
pub fn stocks(run: &Run<'_>) -> Vec<Stock> {
    let mut shown: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for s in &run.shortages {
        if found.len() == MOST {
            break;
        }
        if shown.contains(&s.product.as_str()) {
            continue;
        }
        if let Some(stock) = stock(run, &s.place, &s.product) {
            shown.push(&s.product);
            found.push(stock);
        }
    }
    found
}

fn stock(run: &Run<'_>, place: &str, product: &str) -> Option<Stock> {
    let mut closing = vec![None; run.moments()];
    let mut target = vec![None; run.moments()];
    for row in run
        .result
        .stocks
        .iter()
        .filter(|row| row.place == place && row.product == product)
    {
        let moment = run.moment(&row.quarter)?;
        closing[moment] = Some(row.stock).filter(|stock| stock.is_finite());
        target[moment] = Some(row.target).filter(|target| target.is_finite());
    }
    let base = closing.first().copied().flatten().filter(|stock| *stock > 0.0)?;
    let need = run
        .result
        .prices
        .iter()
        .find(|row| row.quarter == "base" && row.place == place && row.product == product)
        .map(|row| row.base_need)
        .filter(|need| *need > 0.0)?;
    let words = words(run, &closing, base, need);
    let unit = unit(product);
    let title = run.names.product_title(product);
    let label = format!(
        "Stock of {} in {}: {words}",
        run.names.product(product),
        run.names.the_place(place)
    );
    let axis = Axis::of_quantities(closing.iter().chain(&target).flatten().copied());
    let series = [
        Series {
            class: "target",
            name: "target",
            values: target,
            dots: false,
        },
        Series {
            class: "stock",
            name: "stock at end of quarter",
            values: closing,
            dots: true,
        },
    ];
    Some(Stock {
        product: title,
        place: run.names.place(place).to_owned(),
        chart: lines(run, label, unit, axis, &series, &[]),
        words,
    })
}

fn words(run: &Run<'_>, closing: &[Option<f64>], base: f64, need: f64) -> String {
    let start = format!("{} days of base need at first", whole(base / need * DAYS));
    let simulated = closing
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(n, stock)| Some((n, (*stock)?)));
    let Some((at, lowest)) = simulated.clone().min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0))) else {
        return format!("{start}.");
    };
    if lowest >= base {
        return format!("{start}, never drawn down.");
    }
    let low = if lowest <= EMPTY * base {
        format!("empty at the end of {}", run.moment_name(at))
    } else {
        format!(
            "lowest at the end of {} with {}",
            run.moment_name(at),
            days(lowest / need * DAYS)
        )
    };
    let back = simulated
        .skip_while(|(n, _)| *n <= at)
        .find(|(_, stock)| *stock >= base * 0.999);
    let back = back.map_or_else(
        || "not rebuilt in the run".to_owned(),
        |(n, _)| format!("rebuilt by {}", run.moment_name(n)),
    );
    format!("{start}, {low}, {back}.")
}

fn days(number: f64) -> String {
    format!(
        "{}{THIN}{}",
        whole(number),
        if number.round() <= 1.0 { "day" } else { "days" }
    )
}
