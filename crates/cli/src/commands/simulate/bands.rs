//! What an ensemble says: bands of prices, probabilities of shortage, bands of losses, paired differences.

use std::collections::BTreeMap;

use monazite_ensemble::bands::Band;
use monazite_ensemble::store::{Difference, Finished, PriceBand, SCENARIO_FILE, ShortageRow, Stored, sha256};
use monazite_market::scenario::find;

use super::ensemble::found;
use crate::output::number::{count, figures, millions, percent};
use crate::output::words::Words;
use crate::output::{Cell, Column, Document, Table};

/// Prices that people are shown.
const PRICES: usize = 20;
/// Shortages and places that people are shown.
const ROWS: usize = 12;
/// The quarter that stands for the highest of each path.
const PEAK: &str = "peak";

/// An ensemble to be shown.
pub struct Shown<'a> {
    /// Its content.
    pub stored: &'a Stored,
    /// How it was completed just now, if it was.
    pub finished: Option<&'a Finished>,
    /// Names.
    pub words: &'a Words,
    /// What the scenario's author should look at.
    pub faults: Vec<String>,
    /// Differences from another ensemble of the same draws.
    pub versus: Option<(&'a [Difference], &'a Stored)>,
}

/// The whole answer.
pub fn answer<'a>(shown: &Shown<'a>) -> Document<'a> {
    let stored = shown.stored;
    let plan = &stored.plan;
    let mut document = Document::new();
    document.fact("scenario", plan.scenario.clone());
    document.fact("title", plan.title.clone());
    document.fact("view", plan.view.clone());
    document.fact("base_year", plan.base_year);
    document.fact("money", format!("USD of {}", plan.base_year));
    document.fact("paths", plan.paths);
    document.fact("seed", plan.seed);
    document.fact("sampler", plan.sampler.clone());
    document.fact("variants", plan.variants);
    document.fact("dataset_sha256", plan.dataset_sha256.clone());
    document.fact("folder", stored.dir.display().to_string());
    document.fact("result_sha256", stored.sha256.clone());
    if let Some(finished) = shown.finished {
        document.fact("seconds", finished.seconds);
        document.fact("paths_found", finished.found);
        document.fact(
            "repaired",
            finished.repairs.iter().map(|r| r.why.clone()).collect::<Vec<_>>(),
        );
    }
    document.title(&plan.title);
    document.remark(format!(
        "{}: {} to {}, {} paths over uncertain evidence ({} draws, seed {}, {} base years), view {}",
        plan.scenario,
        plan.quarters.first().map_or("", String::as_str),
        plan.quarters.last().map_or("", String::as_str),
        count(plan.paths as usize),
        if plan.sampler == "sobol" {
            "Sobol"
        } else {
            "Latin hypercube"
        },
        plan.seed,
        plan.variants,
        plan.view
    ));
    document.picture(price_picture(stored, shown.words));
    document.data(price_table(stored));
    document.picture(shortage_picture(stored, shown.words));
    document.data(shortage_table(stored));
    document.table(loss_table(stored, shown.words));
    if let Some((differences, other)) = shown.versus {
        document.picture(difference_picture(differences, other, shown.words));
        document.data(difference_table(differences));
    }
    document.remark(format!(
        "Bands hold 90 % of the paths: 5 % lie below and 5 % above. Prices in USD of {}. What is uncertain, and how \
         wide, is the table `uncertainty` of the evidence; most of it is confidence C, our own judgement, and the \
         bands are no better than it.",
        plan.base_year
    ));
    for fault in &shown.faults {
        document.warning(fault.clone());
    }
    document.extend_found(shown.finished);
    let folder = stored.dir.display().to_string();
    document.text(match shown.finished {
        Some(finished) => format!("Ensemble in {folder}, {:.1} s.", finished.seconds),
        None => format!("Ensemble in {folder}."),
    });
    // A scenario of one's own is found again in the run's folder.
    let scenario = if find(&plan.scenario).is_ok_and(|known| sha256(known.text.as_bytes()) == plan.scenario_sha256) {
        plan.scenario.clone()
    } else {
        format!("{folder}/{SCENARIO_FILE}")
    };
    document.next(vec![
        format!("monazite runs show {folder} --csv=shortages"),
        format!(
            "monazite sensitivity {scenario} --outcome loss@all --view {}",
            plan.view
        ),
    ]);
    document
}

trait Found {
    fn extend_found(&mut self, finished: Option<&Finished>);
}

impl Found for Document<'_> {
    fn extend_found(&mut self, finished: Option<&Finished>) {
        if let Some(words) = finished.and_then(found) {
            self.text(words);
        }
    }
}

/// Prices whose band moves most against the base, both zones together.
pub fn telling(stored: &Stored) -> Vec<&PriceBand> {
    let peaks = stored
        .prices
        .iter()
        .filter(|band| band.quarter == PEAK && band.base > 0.0);
    let mut by_product: BTreeMap<&str, Vec<&PriceBand>> = BTreeMap::new();
    for band in peaks {
        by_product.entry(&band.product).or_default().push(band);
    }
    let moved = |bands: &Vec<&PriceBand>| bands.iter().map(|b| b.band.median / b.base).fold(0.0, f64::max);
    let mut products: Vec<Vec<&PriceBand>> = by_product.into_values().collect();
    products.sort_by(|a, b| moved(b).total_cmp(&moved(a)));
    products.into_iter().flatten().collect()
}

fn price_picture(stored: &Stored, words: &Words) -> Table {
    let columns = vec![
        Column::text("", "product"),
        Column::text("", "where"),
        Column::number("", "base"),
        Column::number("", "best estimate"),
        Column::number("", "5 %"),
        Column::number("", "median"),
        Column::number("", "95 %"),
        Column::number("", "median × base"),
    ];
    let title = "Peak prices, USD/kg, largest rise first: the band over paths".to_owned();
    let mut table = Table::new("bands", title, columns).show_at_most(PRICES);
    let mut before = "";
    for band in telling(stored) {
        let again = before == band.product;
        before = &band.product;
        table.push(vec![
            Cell::text(if again {
                String::new()
            } else {
                words.product(&band.product)
            }),
            Cell::text(&band.zone),
            Cell::number(band.base),
            Cell::number(band.best),
            Cell::number(band.band.p5),
            Cell::number(band.band.median),
            Cell::number(band.band.p95),
            Cell::text(format!("×{}", figures(band.band.median / band.base))),
        ]);
    }
    table
}

fn band_cells(band: &Band) -> [Cell; 6] {
    [band.p5, band.p25, band.median, band.p75, band.p95, band.mean].map(Cell::number)
}

fn price_table(stored: &Stored) -> Table {
    let names = ["product", "zone", "quarter"].map(|key| Column::text(key, ""));
    let numbers = [
        "base_usd_per_kg",
        "best_usd_per_kg",
        "p5_usd_per_kg",
        "p25_usd_per_kg",
        "median_usd_per_kg",
        "p75_usd_per_kg",
        "p95_usd_per_kg",
        "mean_usd_per_kg",
    ]
    .map(|key| Column::number(key, ""));
    let mut table = Table::new("bands", "", names.into_iter().chain(numbers).collect());
    for band in &stored.prices {
        let mut row = vec![
            Cell::text(&band.product),
            Cell::text(&band.zone),
            Cell::text(&band.quarter),
            Cell::number(band.base),
            Cell::number(band.best),
        ];
        row.extend(band_cells(&band.band));
        table.push(row);
    }
    table
}

/// Every quarter, for programs.
fn shortage_table(stored: &Stored) -> Table {
    let columns = vec![
        Column::text("product", ""),
        Column::text("place", ""),
        Column::text("quarter", ""),
        Column::number("probability", ""),
        Column::number("mean_shortfall", ""),
        Column::number("largest_shortfall", ""),
    ];
    let mut table = Table::new("shortages", "", columns);
    for row in stored.shortages.iter().filter(|row| row.probability > 0.0) {
        table.push(vec![
            Cell::text(&row.product),
            Cell::text(&row.place),
            Cell::text(&row.quarter),
            Cell::number(row.probability),
            Cell::number(row.mean),
            Cell::number(row.largest),
        ]);
    }
    table
}

fn shortage_picture(stored: &Stored, words: &Words) -> Table {
    let mut table = Table::new(
        "shortages",
        "Who may run short, in the quarter of the highest probability: likeliest and deepest first",
        vec![
            Column::text("", "product"),
            Column::text("", "place"),
            Column::text("", "quarter"),
            Column::number("", "probability"),
            Column::number("", "mean shortfall"),
            Column::number("", "largest"),
        ],
    )
    .show_at_most(ROWS)
    .if_empty("nobody, on any path");
    let mut worst: BTreeMap<(&str, &str), &ShortageRow> = BTreeMap::new();
    for row in &stored.shortages {
        let entry = worst.entry((&row.product, &row.place)).or_insert(row);
        if (row.probability, row.mean) > (entry.probability, entry.mean) {
            *entry = row;
        }
    }
    let mut rows: Vec<&ShortageRow> = worst.into_values().filter(|row| row.probability > 0.0).collect();
    rows.sort_by(|a, b| b.probability.total_cmp(&a.probability).then(b.mean.total_cmp(&a.mean)));
    for row in rows {
        table.push(vec![
            Cell::text(words.product(&row.product)),
            Cell::text(words.place(&row.place)),
            Cell::text(&row.quarter),
            Cell::shown(row.probability, percent(row.probability)),
            Cell::shown(row.mean, percent(row.mean)),
            Cell::shown(row.largest, percent(row.largest)),
        ]);
    }
    table
}

fn loss_table(stored: &Stored, words: &Words) -> Table {
    let mut table = Table::new(
        "losses",
        "What it costs users over the run, million USD, by place",
        vec![
            Column::text("place", "place"),
            Column::number("best_kusd", "best estimate"),
            Column::number("p5_kusd", "5 %"),
            Column::number("p25_kusd", "").for_programs(),
            Column::number("median_kusd", "median"),
            Column::number("p75_kusd", "").for_programs(),
            Column::number("p95_kusd", "95 %"),
            Column::number("mean_kusd", "").for_programs(),
        ],
    )
    .show_at_most(ROWS);
    let mut rows: Vec<_> = stored.losses.iter().collect();
    rows.sort_by(|a, b| b.band.median.abs().total_cmp(&a.band.median.abs()));
    // All places first.
    rows.sort_by_key(|row| row.place != "all");
    for row in rows {
        let name = if row.place == "all" {
            "all places"
        } else {
            words.place(&row.place)
        };
        let band = &row.band;
        let mut cells = vec![Cell::named(&row.place, name)];
        cells.extend(
            [row.best, band.p5, band.p25, band.median, band.p75, band.p95, band.mean]
                .map(|kusd| Cell::shown(kusd, millions(kusd))),
        );
        table.push(cells);
    }
    table
}

/// Differences at the peak and over the run, for people.
pub fn difference_picture(differences: &[Difference], other: &Stored, words: &Words) -> Table {
    let columns = vec![
        Column::text("", "what"),
        Column::text("", "where"),
        Column::number("", "5 %"),
        Column::number("", "median"),
        Column::number("", "95 %"),
        Column::number("", "higher on"),
    ];
    let title = format!(
        "Against {}, path by path on the same draws: peak prices in USD/kg, losses in million USD",
        other.plan.scenario
    );
    let mut table = Table::new("differences", title, columns).show_at_most(PRICES);
    let mut rows: Vec<&Difference> = differences
        .iter()
        .filter(|d| matches!(d.when.as_str(), PEAK | "run"))
        .collect();
    rows.retain(|d| d.what != "loss" || d.at == "all");
    let base = |d: &Difference| {
        let found = other
            .prices
            .iter()
            .find(|b| b.product == d.what && b.zone == d.at && b.quarter == PEAK);
        found.map_or(f64::INFINITY, |b| b.band.median.max(1e-9))
    };
    let size = |d: &Difference| {
        if d.what == "loss" {
            f64::INFINITY
        } else {
            d.band.median.abs() / base(d)
        }
    };
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)));
    for d in rows {
        let loss = d.what == "loss";
        let show = |value: f64| Cell::text(if loss { millions(value) } else { figures(value) });
        table.push(vec![
            Cell::text(if loss {
                "users' loss".to_owned()
            } else {
                words.product(&d.what)
            }),
            Cell::text(&d.at),
            show(d.band.p5),
            show(d.band.median),
            show(d.band.p95),
            Cell::text(percent(d.higher)),
        ]);
    }
    table
}

/// All differences, for programs.
pub fn difference_table(differences: &[Difference]) -> Table {
    let names = ["what", "at", "when"].map(|key| Column::text(key, ""));
    let numbers = ["p5", "p25", "median", "p75", "p95", "mean", "share_higher"].map(|key| Column::number(key, ""));
    let mut table = Table::new("differences", "", names.into_iter().chain(numbers).collect());
    for d in differences {
        let mut row = vec![Cell::text(&d.what), Cell::text(&d.at), Cell::text(&d.when)];
        row.extend(band_cells(&d.band));
        row.push(Cell::number(d.higher));
        table.push(row);
    }
    table
}
