//! The answer of `monazite backtest`, for people and programs.

use monazite_ensemble::backtest::{Card, Experiment, LeftOut, Peak, Score, Zone};

use super::Results;
use crate::output::number::{figures, percent};
use crate::output::{Cell, Column, Document, Table};

/// Puts everything that was run into a document.
pub fn fill(document: &mut Document<'_>, results: &Results) {
    document.title("The market simulated over quarters that are past, and scored");
    for card in &results.cards {
        document.fact(draws_key(card.experiment), card.draws);
    }
    if !results.cards.is_empty() {
        document.table(summary(&results.cards));
        document.remark(
            "CRPS: continuous ranked probability score of log prices, lower is better; 0.1 is about 10 % of the price. Skill: one less \
             the score over that of a random walk. Coverage: share of quotes in the middle 80 % of predictions, wanted 70 to 90 %.",
        );
        document.table(series(&results.cards));
        document.table(peaks(&results.cards));
        document.table(gaps(&results.cards));
        document.table(volumes(&results.cards));
        document.data(bands(&results.cards));
        document.data(points(&results.cards));
    }
    if !results.left_out.is_empty() {
        document.table(left_out(&results.left_out));
    }
}

const fn draws_key(experiment: Experiment) -> &'static str {
    match experiment {
        Experiment::A => "draws_a",
        Experiment::B => "draws_b",
    }
}

fn maybe(value: Option<f64>, show: impl Fn(f64) -> String) -> Cell {
    value.map_or_else(Cell::empty, |v| Cell::shown(v, show(v)))
}

fn fixed(value: f64) -> String {
    format!("{value:.3}")
}

/// Zones of the summary; `None` is both together.
const ZONES: [(Option<Zone>, &str); 3] = [
    (Some(Zone::Outside), "outside"),
    (Some(Zone::Inside), "inside"),
    (None, "both"),
];

/// The table `summary`.
pub fn summary(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "summary",
        "Scores by zone, all oxides and metals with quotes",
        vec![
            Column::text("experiment", ""),
            Column::text("zone", "where"),
            Column::number("points", "quotes"),
            Column::number("crps_model", "CRPS"),
            Column::number("crps_last_price", "last price"),
            Column::number("crps_random_walk", "random walk"),
            Column::number("crps_one_market", "one market"),
            Column::number("skill_share", "skill"),
            Column::number("coverage_share", "coverage"),
            Column::number("peak_factor", "peak off by"),
            Column::number("peaks_in_time_share", "in time"),
            Column::number("rank_of_peaks", "rank"),
        ],
    );
    for card in cards {
        for (zone, word) in ZONES {
            let n = card.points(zone).count();
            if n == 0 {
                continue;
            }
            let (model, walk) = (card.crps(zone, 0), card.crps(zone, 2));
            table.push(vec![
                Cell::text(card.experiment.letter()),
                Cell::text(word),
                Cell::count(n),
                maybe(model, fixed),
                maybe(card.crps(zone, 1), fixed),
                maybe(walk, fixed),
                maybe(card.crps(zone, 3), fixed),
                maybe(model.zip(walk).map(|(m, w)| 1.0 - m / w), percent),
                maybe(card.coverage(zone), percent),
                maybe(zone.and_then(|z| card.peak_factor(z)), |f| format!("×{f:.2}")),
                maybe(zone.and_then(|z| card.peaks_in_time(z)), percent),
                maybe(card.rank_of_peaks.filter(|_| zone == Some(Zone::Outside)), |r| {
                    format!("{r:.2}")
                }),
            ]);
        }
    }
    table
}

fn scored(card: &Card) -> impl Iterator<Item = &Score> {
    card.scores.iter().filter(|s| !s.points.is_empty())
}

#[allow(clippy::cast_precision_loss, reason = "a few dozen points")]
/// The table `series`.
pub fn series(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "series",
        "Scores series by series",
        vec![
            Column::text("experiment", ""),
            Column::text("item", "what"),
            Column::text("zone", "where"),
            Column::number("points", "quotes"),
            Column::number("crps_model", "CRPS"),
            Column::number("crps_last_price", "last price"),
            Column::number("crps_random_walk", "random walk"),
            Column::number("crps_one_market", "one market"),
            Column::number("coverage_share", "coverage"),
        ],
    );
    for card in cards {
        for score in scored(card) {
            let n = score.points.len() as f64;
            let mean = |which: usize| score.points.iter().filter_map(|p| p.crps.get(which)).sum::<f64>() / n;
            let covered = score.points.iter().filter(|p| p.covered).count() as f64 / n;
            table.push(vec![
                Cell::text(card.experiment.letter()),
                Cell::text(score.key.item.name()),
                Cell::text(score.key.zone.word()),
                Cell::count(score.points.len()),
                Cell::shown(mean(0), fixed(mean(0))),
                Cell::shown(mean(1), fixed(mean(1))),
                Cell::shown(mean(2), fixed(mean(2))),
                Cell::shown(mean(3), fixed(mean(3))),
                Cell::shown(covered, percent(covered)),
            ]);
        }
    }
    table
}

/// The table `peaks`.
pub fn peaks(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "peaks",
        "Peaks, where quotes show a rise and a fall; predicted: median over draws",
        vec![
            Column::text("experiment", ""),
            Column::text("item", "what"),
            Column::text("zone", "where"),
            Column::number("observed_usd_per_kg", "observed"),
            Column::text("observed_quarter", "when"),
            Column::number("predicted_usd_per_kg", "predicted"),
            Column::text("predicted_quarter", "when"),
            Column::number("factor", "off by"),
            Column::number("late_quarters", "late, quarters"),
            Column::number("half_life_observed_quarters", "halved after, quarters"),
            Column::number("half_life_predicted_quarters", "predicted"),
        ],
    )
    .if_empty("no series has quotes enough before and after its highest one");
    for card in cards {
        for score in scored(card) {
            let Some(peak) = &score.peak else { continue };
            let Peak {
                observed,
                predicted,
                half_life,
                predicted_half_life,
            } = *peak;
            table.push(vec![
                Cell::text(card.experiment.letter()),
                Cell::text(score.key.item.name()),
                Cell::text(score.key.zone.word()),
                Cell::shown(observed.0, figures(observed.0)),
                Cell::text(observed.1.to_string()),
                Cell::shown(predicted.0, figures(predicted.0)),
                Cell::text(predicted.1.to_string()),
                Cell::shown(peak.factor(), format!("×{:.1}", peak.factor())),
                Cell::shown(f64::from(peak.late()), format!("{:+}", peak.late())),
                maybe(half_life, |h| format!("{h:.1}")),
                maybe(predicted_half_life, |h| format!("{h:.1}")),
            ]);
        }
    }
    table
}

/// The table `gaps`.
pub fn gaps(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "gaps",
        "Price outside over price inside, where both are quoted in one quarter",
        vec![
            Column::text("experiment", ""),
            Column::text("item", "what"),
            Column::text("quarter", "when"),
            Column::number("outside_usd_per_kg", "outside"),
            Column::number("inside_usd_per_kg", "inside"),
            Column::number("observed_ratio", "ratio"),
            Column::number("predicted_low", "80 % of predictions").for_programs(),
            Column::number("predicted_median", "predicted"),
            Column::number("predicted_high", "").for_programs(),
            Column::text("predicted_range", "80 %").for_people(),
        ],
    )
    .show_at_most(30)
    .if_empty("no quarter has quotes of both zones");
    for card in cards {
        for gap in &card.gaps {
            let [low, middle, high] = gap.predicted;
            let ratio = gap.observed.0 / gap.observed.1;
            table.push(vec![
                Cell::text(card.experiment.letter()),
                Cell::text(gap.item.name()),
                Cell::text(gap.quarter.to_string()),
                Cell::shown(gap.observed.0, figures(gap.observed.0)),
                Cell::shown(gap.observed.1, figures(gap.observed.1)),
                Cell::shown(ratio, format!("×{ratio:.1}")),
                Cell::number(low),
                Cell::shown(middle, format!("×{middle:.1}")),
                Cell::number(high),
                Cell::text(format!("{low:.1} to {high:.1}")),
            ]);
        }
    }
    table
}

/// The table `volumes`.
pub fn volumes(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "volumes",
        "China's exports by customs class, as multiples of the base year: quantities, and values per tonne (volume-weighted)",
        vec![
            Column::text("experiment", ""),
            Column::text("what", "goods"),
            Column::text("year", "year"),
            Column::text("measure", "measure"),
            Column::number("observed", "observed"),
            Column::number("predicted_low", "").for_programs(),
            Column::number("predicted_median", "predicted"),
            Column::number("predicted_high", "").for_programs(),
            Column::text("predicted_range", "80 %").for_people(),
        ],
    )
    .if_empty("the dataset has no trade of these years");
    for card in cards {
        for volume in &card.volumes {
            let [low, middle, high] = volume.predicted;
            table.push(vec![
                Cell::text(card.experiment.letter()),
                Cell::text(volume.what),
                Cell::text(volume.year.to_string()),
                Cell::text(if volume.is_price { "value per tonne" } else { "tonnes" }),
                Cell::shown(volume.observed, format!("×{:.2}", volume.observed)),
                Cell::number(low),
                Cell::shown(middle, format!("×{middle:.2}")),
                Cell::number(high),
                Cell::text(format!("{low:.2} to {high:.2}")),
            ]);
        }
    }
    table
}

/// Every predicted band: what is scored later where prices are kept back.
pub fn bands(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "bands",
        "Predicted bands, USD/kg",
        vec![
            Column::text("experiment", "experiment"),
            Column::text("item", "item"),
            Column::text("zone", "zone"),
            Column::text("quarter", "quarter"),
            Column::number("p10_usd_per_kg", "p10"),
            Column::number("p25_usd_per_kg", "p25"),
            Column::number("p50_usd_per_kg", "p50"),
            Column::number("p75_usd_per_kg", "p75"),
            Column::number("p90_usd_per_kg", "p90"),
        ],
    );
    for card in cards {
        for score in &card.scores {
            for band in &score.bands {
                let mut row = vec![
                    Cell::text(card.experiment.letter()),
                    Cell::text(score.key.item.name()),
                    Cell::text(score.key.zone.word()),
                    Cell::text(band.quarter.to_string()),
                ];
                row.extend(band.quantiles.iter().map(|q| Cell::number(four_figures(*q))));
                table.push(row);
            }
        }
    }
    table
}

/// Four figures are more than any of these numbers deserves, and keep files small.
fn four_figures(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let scale = 10_f64.powf(3.0 - value.abs().log10().floor());
    (value * scale).round() / scale
}

fn points(cards: &[Card]) -> Table {
    let mut table = Table::new(
        "points",
        "Every observed quarter",
        vec![
            Column::text("experiment", "experiment"),
            Column::text("item", "item"),
            Column::text("zone", "zone"),
            Column::text("quarter", "quarter"),
            Column::number("observed_usd_per_kg", "observed"),
            Column::number("median_usd_per_kg", "median"),
            Column::number("crps_model", "CRPS"),
            Column::text("covered", "covered"),
            Column::text("sources", "sources"),
        ],
    );
    for card in cards {
        for score in scored(card) {
            for p in &score.points {
                let sources: Vec<&str> = p.sources.iter().map(monazite_evidence::SourceId::as_str).collect();
                table.push(vec![
                    Cell::text(card.experiment.letter()),
                    Cell::text(score.key.item.name()),
                    Cell::text(score.key.zone.word()),
                    Cell::text(p.quarter.to_string()),
                    Cell::number(p.observed),
                    Cell::number(p.median),
                    Cell::number(p.crps[0]),
                    Cell::flag(p.covered, "yes", "no"),
                    Cell::text(sources.join(";")),
                ]);
            }
        }
    }
    table
}

/// The table `left_out`.
pub fn left_out(list: &[LeftOut]) -> Table {
    let mut table = Table::new(
        "left_out",
        "Experiment C: scores of an element with what is known of its own users, and with the mean over all others' in its place",
        vec![
            Column::text("element", "oxide"),
            Column::number("points", "quotes"),
            Column::number("crps_known", "CRPS known"),
            Column::number("crps_left_out", "left out"),
            Column::number("peak_known_usd_per_kg", "peak outside, known"),
            Column::number("peak_left_out_usd_per_kg", "left out"),
        ],
    );
    for row in list {
        table.push(vec![
            Cell::text(row.element.symbol()),
            Cell::count(row.points),
            Cell::shown(row.crps_known, fixed(row.crps_known)),
            Cell::shown(row.crps_left_out, fixed(row.crps_left_out)),
            maybe(row.peak.map(|p| p.0), figures),
            maybe(row.peak.map(|p| p.1), figures),
        ]);
    }
    table
}
