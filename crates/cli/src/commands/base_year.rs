//! `monazite data base-year`: the balanced year behind every run, and how far it had to leave the evidence.

use std::collections::BTreeMap;

use monazite_evidence::recipe::Activity;
use monazite_evidence::reconcile::{BaseYear, PlaceIx};
use monazite_evidence::{Confidence, Dataset};

use super::dataset;
use super::model::base_year as balanced;
use super::targets::{MINE_TOLERANCE, SHARE_TOLERANCE, Target, mines, shares};
use crate::args::{Global, ViewArg};
use crate::failure::{Failure, counted};
use crate::output::number::{change, figures};
use crate::output::words::{Words, confidence, plain};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Supply and use must meet to this share.
const CLOSURE: f64 = 1e-6;

/// The stages whose totals are shown, with the unit of their level.
const STAGES: [(&str, &str); 7] = [
    ("mine_t_reo", "mined"),
    ("crack_t_reo", "cracked"),
    ("separate_light_t_reo", "light separation"),
    ("separate_heavy_t_reo", "heavy separation"),
    ("finish_t_reo", "oxides finished"),
    ("make_metal_t", "metal, t"),
    ("make_magnet_t", "magnets, t"),
];

/// Shows the balanced base year.
pub fn base_year(year: u16, shown: usize, view: ViewArg, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let base = balanced(&dataset, year, view)?;
    printer.print(&answer(&dataset, &base, shown))
}

fn answer<'a>(dataset: &Dataset, base: &BaseYear, shown: usize) -> Document<'a> {
    let words = Words::new(dataset);
    let imbalance = base.max_imbalance();
    let mut document = Document::new();
    document.title(format!(
        "Base year {}: one balanced year out of the evidence",
        base.year
    ));
    document.fact("year", base.year);
    document.fact("largest_imbalance", imbalance);
    document.table(totals(base, &words));
    let closes = if imbalance <= CLOSURE {
        "closes"
    } else {
        "DOES NOT close"
    };
    let most = format!("{imbalance:.1e}").replace('-', "−");
    document.text(format!(
        "The mass balance {closes}: supply less use of every product in every place is at most {most} of supply \
         (wanted: 1e−6)."
    ));
    let mines = mines(dataset, base);
    if !mines.is_empty() {
        document.table(target_table(
            "mine_targets",
            "Mine tonnage against official figures, t REO (wanted: ±1 %)",
            &mines,
            &words,
        ));
    }
    let shares = shares(dataset, base);
    if !shares.is_empty() {
        document.table(target_table(
            "share_targets",
            "Stage shares against published ones, % (wanted: ±2 points)",
            &shares,
            &words,
        ));
    }
    document.remark(misses(&mines, &shares));
    document.remark(unverified_demand(dataset, base.year));
    document.table(adjustments(base, shown, &words));
    document.remark(
        "moved: the change in standard deviations that the evidence was given by its confidence and spread. \
         Every other piece of evidence moved less.",
    );
    for warning in &base.warnings {
        document.warning(warning.clone());
    }
    document
}

/// Demand by element and end use is the weakest evidence: say how much of it is unverified.
fn unverified_demand(dataset: &Dataset, year: u16) -> String {
    let rows = || dataset.demand.iter().filter(|row| row.year == year);
    let weak = rows().filter(|row| row.provenance.confidence == Confidence::C).count();
    format!(
        "Demand by element and end use: {weak} of {} are unverified (confidence C).",
        counted(rows().count(), "row")
    )
}

fn misses(mines: &[Target], shares: &[Target]) -> String {
    let count = |targets: &[Target]| targets.iter().filter(|target| !target.met).count();
    format!(
        "Missed: {} of {} mine tonnages (±{} %), {} of {} stage shares (±{} points).",
        count(mines),
        mines.len(),
        100.0 * MINE_TOLERANCE,
        count(shares),
        shares.len(),
        SHARE_TOLERANCE
    )
}

/// Position of an activity among [`STAGES`].
fn stage_of(activity: Activity) -> Option<usize> {
    let word = activity.word();
    STAGES
        .iter()
        .position(|(key, _)| key.starts_with(word) && key[word.len()..].starts_with("_t"))
}

fn totals(base: &BaseYear, words: &Words) -> Table {
    let mut columns = vec![Column::text("place", "place")];
    columns.extend(STAGES.iter().map(|(key, head)| Column::number(key, *head)));
    let title = format!("What each stage did in {}, t REO unless said otherwise", base.year);
    let mut table = Table::new("stages", title, columns);
    let mut sums: BTreeMap<PlaceIx, [f64; 7]> = BTreeMap::new();
    let mut world = [0.0; 7];
    for activity in &base.activities {
        let Some(stage) = stage_of(activity.activity) else {
            continue;
        };
        sums.entry(activity.place).or_default()[stage] += activity.level;
        world[stage] += activity.level;
    }
    let mut rows: Vec<(&str, [f64; 7])> = sums
        .iter()
        .map(|(place, sum)| (base.places[place.index()].id.as_str(), *sum))
        .collect();
    rows.sort_by(|a, b| b.1.iter().sum::<f64>().total_cmp(&a.1.iter().sum::<f64>()));
    for (place, sum) in rows {
        table.push(total_row(Cell::named(place, words.place(place)), &sum));
    }
    table.push(total_row(Cell::named("WLD", "World"), &world));
    table
}

fn total_row(place: Cell, sum: &[f64; 7]) -> Vec<Cell> {
    let cell = |value: &f64| {
        if *value > 0.0 {
            Cell::number(*value)
        } else {
            Cell::number(0.0).reads("")
        }
    };
    std::iter::once(place).chain(sum.iter().map(cell)).collect()
}

fn target_table(name: &'static str, title: &str, targets: &[Target], words: &Words) -> Table {
    let relative = name == "mine_targets";
    let mut table = Table::new(
        name,
        title,
        vec![
            Column::text("what", "what"),
            Column::text("place", "place"),
            Column::number("evidence", "published"),
            Column::number("base_year", "base year"),
            Column::number("off", "off"),
            Column::text("met", ""),
            Column::text("confidence", "evidence"),
            Column::text("source", "source"),
        ],
    );
    for target in targets {
        let off = if relative {
            change(target.off)
        } else {
            points(target.off)
        };
        table.push(vec![
            Cell::named(&target.what, &target.short),
            Cell::named(&target.place, words.place(&target.place)),
            Cell::number(target.evidence),
            Cell::number(target.reconciled),
            Cell::shown(target.off, off),
            Cell::flag(target.met, "", "missed").marked(!target.met),
            Cell::named(&target.confidence, confidence(&target.confidence)),
            Cell::text(&target.source),
        ]);
    }
    table
}

/// A difference in percentage points with its sign.
pub fn points(value: f64) -> String {
    let text = format!("{:.1}", value.abs());
    let sign = if text == "0.0" {
        ""
    } else if value < 0.0 {
        "−"
    } else {
        "+"
    };
    format!("{sign}{text}")
}

fn adjustments(base: &BaseYear, shown: usize, words: &Words) -> Table {
    let mut table = Table::new(
        "adjustments",
        format!(
            "What reconciliation had to move most ({} pieces of evidence in all)",
            base.adjustments.len()
        ),
        vec![
            Column::text("what", "what"),
            Column::text("stage", "").for_programs(),
            Column::text("place", "place"),
            Column::number("evidence", "says"),
            Column::number("reconciled", "base year"),
            Column::text("unit", "unit"),
            Column::number("change_share", "change"),
            Column::number("standard_deviations", "moved"),
            Column::text("confidence", "evidence"),
            Column::text("sources", "").for_programs(),
        ],
    )
    .show_at_most(shown);
    for adjustment in &base.adjustments {
        let relative = adjustment.change() / adjustment.evidence.abs();
        // A share is stated as its distance from the published one.
        let of_share = adjustment.evidence == 0.0;
        let sources: Vec<String> = adjustment.sources.iter().map(ToString::to_string).collect();
        let letter = adjustment.confidence.as_str();
        let z = adjustment.z();
        table.push(vec![
            Cell::named(&adjustment.what, plain(&adjustment.what)),
            Cell::text(adjustment.stage),
            Cell::named(&adjustment.place, words.place(&adjustment.place)),
            if of_share {
                Cell::number(0.0).reads("")
            } else {
                Cell::number(adjustment.evidence)
            },
            if of_share {
                Cell::shown(adjustment.reconciled, points(adjustment.reconciled))
            } else {
                Cell::number(adjustment.reconciled)
            },
            if of_share {
                Cell::named(adjustment.unit, "points")
            } else {
                Cell::text(adjustment.unit)
            },
            if of_share {
                Cell::empty()
            } else {
                Cell::shown(relative, change(relative))
            },
            Cell::shown(z, format!("{}{} σ", if z < 0.0 { "−" } else { "+" }, figures(z.abs()))),
            Cell::named(letter, confidence(letter)),
            Cell::text(sources.join(";")),
        ]);
    }
    table
}
