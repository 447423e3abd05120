//! One ensemble on one page: bands, not lines.

use std::collections::BTreeMap;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use monazite_ensemble::store::{PriceBand, ShortageRow, Stored};
use serde::Serialize;

use crate::output::number::{count, figures, millions, percent};
use crate::output::words::Words;

const TEMPLATE: &str = include_str!("templates/bands.html.jinja");
/// Prices that are drawn.
const CHARTS: usize = 12;
/// Rows of each table.
const ROWS: usize = 25;
/// Places of one product among the shortages.
const PLACES: usize = 3;
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 170.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;

/// Writes an ensemble as one self-contained HTML page.
///
/// # Errors
/// When the template does not fit, which no ensemble should cause.
pub fn page(stored: &Stored, words: &Words) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("bands.html", TEMPLATE)?;
    let plan = &stored.plan;
    let page = Page {
        title: &plan.title,
        scenario: &plan.scenario,
        view: &plan.view,
        paths: count(plan.paths as usize),
        seed: plan.seed,
        sampler: &plan.sampler,
        variants: plan.variants,
        first: plan.quarters.first(),
        last: plan.quarters.last(),
        base_year: plan.base_year,
        program: &plan.program,
        dataset: &plan.dataset_sha256,
        charts: charts(stored, words),
        quarters: &plan.quarters,
        shortages: shortages(stored, words),
        losses: losses(stored, words),
    };
    environment.get_template("bands.html")?.render(Serde(&page))
}

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    scenario: &'a str,
    view: &'a str,
    paths: String,
    seed: u64,
    sampler: &'a str,
    variants: u32,
    first: Option<&'a String>,
    last: Option<&'a String>,
    base_year: i16,
    program: &'a str,
    dataset: &'a str,
    charts: Vec<Chart>,
    quarters: &'a [String],
    shortages: Vec<Short>,
    losses: Vec<Row>,
}

/// Users of a product in a place: how likely they are short in each quarter.
#[derive(Serialize)]
struct Short {
    product: String,
    place: String,
    /// Probability, and the same in words; nothing where no path is short.
    quarters: Vec<(f64, String)>,
}

#[derive(Serialize)]
struct Row {
    cells: Vec<String>,
}

#[derive(Serialize)]
struct Chart {
    title: String,
    wide: String,
    narrow: String,
    median: String,
    best: String,
    base_y: String,
    left: f64,
    right: f64,
    ticks: Vec<(String, String)>,
    quarters: Vec<(String, String)>,
}

/// The prices outside whose median peak rises most, as fans.
fn charts(stored: &Stored, words: &Words) -> Vec<Chart> {
    let mut peaks: Vec<&PriceBand> = stored
        .prices
        .iter()
        .filter(|b| b.quarter == "peak" && b.zone == "outside" && b.base > 0.0)
        .collect();
    peaks.sort_by(|a, b| (b.band.median / b.base).total_cmp(&(a.band.median / a.base)));
    peaks
        .iter()
        .take(CHARTS)
        .map(|peak| {
            let own: Vec<&PriceBand> = stored
                .prices
                .iter()
                .filter(|b| b.product == peak.product && b.zone == peak.zone && b.quarter != "peak")
                .collect();
            chart(&words.product(&peak.product), peak.base, &own)
        })
        .collect()
}

#[allow(clippy::cast_precision_loss, reason = "a few dozen quarters")]
fn chart(title: &str, base: f64, own: &[&PriceBand]) -> Chart {
    let top = own.iter().map(|b| b.band.p95.max(b.best)).fold(base, f64::max);
    let tick = round_step(top);
    let high = top.max(2.0 * tick) * 1.05;
    let step = (WIDTH - LEFT - RIGHT) / (own.len().max(2) - 1) as f64;
    let x = |n: usize| LEFT + step * n as f64;
    let y = |value: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value.max(0.0) / high.max(1e-9);
    let line = |value: &dyn Fn(&PriceBand) -> f64| {
        let points = own
            .iter()
            .enumerate()
            .map(|(n, b)| format!("{:.1},{:.1}", x(n), y(value(b))));
        points.collect::<Vec<_>>().join(" ")
    };
    let fan = |low: &dyn Fn(&PriceBand) -> f64, top: &dyn Fn(&PriceBand) -> f64| {
        let back = own
            .iter()
            .enumerate()
            .rev()
            .map(|(n, b)| format!("{:.1},{:.1}", x(n), y(low(b))));
        format!("{} {}", line(top), back.collect::<Vec<_>>().join(" "))
    };
    let ticks = [0.0, tick, 2.0 * tick].map(|value| (format!("{:.1}", y(value)), figures(value)));
    let starts = own.iter().enumerate().filter(|(_, b)| b.quarter.ends_with("Q1"));
    Chart {
        title: title.to_owned(),
        wide: fan(&|b| b.band.p5, &|b| b.band.p95),
        narrow: fan(&|b| b.band.p25, &|b| b.band.p75),
        median: line(&|b| b.band.median),
        best: line(&|b| b.best),
        base_y: format!("{:.1}", y(base)),
        left: LEFT,
        right: WIDTH - RIGHT,
        ticks: ticks.to_vec(),
        quarters: starts
            .map(|(n, b)| (format!("{:.1}", x(n)), b.quarter.clone()))
            .collect(),
    }
}

/// The largest of 1, 2 and 5 times a power of ten of which two fit below a number.
fn round_step(top: f64) -> f64 {
    let power = 10_f64.powf((top.max(1e-9) / 2.0).log10().floor());
    [5.0, 2.0]
        .into_iter()
        .map(|digit| digit * power)
        .find(|step| 2.0 * step <= top)
        .unwrap_or(power)
}

/// Likeliest at their worst first; those short on at least a twentieth of the paths.
fn shortages(stored: &Stored, words: &Words) -> Vec<Short> {
    let mut users: BTreeMap<(&str, &str), Vec<&ShortageRow>> = BTreeMap::new();
    for row in &stored.shortages {
        users.entry((&row.product, &row.place)).or_default().push(row);
    }
    let worst = |rows: &[&ShortageRow]| rows.iter().map(|row| row.probability).fold(0.0, f64::max);
    let lasting = |rows: &[&ShortageRow]| rows.iter().map(|row| row.probability).sum::<f64>();
    let mut users: Vec<_> = users.into_iter().filter(|(_, rows)| worst(rows) >= 0.05).collect();
    users.sort_by(|(_, a), (_, b)| worst(b).total_cmp(&worst(a)).then(lasting(b).total_cmp(&lasting(a))));
    let in_quarter = |rows: &[&ShortageRow], quarter: &String| {
        let row = rows.iter().find(|row| row.quarter == *quarter && row.probability > 0.0);
        row.map_or((0.0, String::new()), |row| {
            (
                row.probability,
                percent(row.probability).replace(['\u{a0}', ' ', '%'], ""),
            )
        })
    };
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    users
        .iter()
        .filter(|((product, _), _)| {
            let places = shown.entry(product).or_default();
            *places += 1;
            *places <= PLACES
        })
        .take(ROWS)
        .map(|((product, place), rows)| Short {
            product: words.product(product),
            place: words.place(place).to_owned(),
            quarters: stored.plan.quarters.iter().map(|q| in_quarter(rows, q)).collect(),
        })
        .collect()
}

fn losses(stored: &Stored, words: &Words) -> Vec<Row> {
    let mut rows: Vec<_> = stored.losses.iter().collect();
    rows.sort_by(|a, b| b.band.median.abs().total_cmp(&a.band.median.abs()));
    rows.sort_by_key(|row| row.place != "all");
    rows.iter()
        .take(ROWS)
        .map(|row| {
            let place = if row.place == "all" {
                "all places"
            } else {
                words.place(&row.place)
            };
            let mut cells = vec![place.to_owned()];
            cells.extend([row.best, row.band.p5, row.band.median, row.band.p95].map(millions));
            Row { cells }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::round_step;

    #[test]
    fn ticks_are_round_and_two_of_them_fit() {
        for (top, step) in [
            (9.9, 2.0),
            (10.0, 5.0),
            (56_317.0, 20_000.0),
            (149.0, 50.0),
            (3.0, 1.0),
            (0.35, 0.1),
        ] {
            assert!(
                (round_step(top) / step - 1.0).abs() < 1e-9,
                "{top}: {}",
                round_step(top)
            );
        }
    }
}
