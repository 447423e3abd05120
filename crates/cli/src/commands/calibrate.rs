//! `monazite market calibrate`: how well the base quarter reproduces the evidence it was calibrated to.

pub mod fit;

use monazite_evidence::product::Product;
use monazite_evidence::reconcile::BaseYear;
use monazite_evidence::{Dataset, Element};
use monazite_market::calibrate::{Quote, ZonePrices, zone_prices};
use monazite_market::chain::{Chain, NodeIx};
use monazite_market::quarter::{Outcome, QuarterModel};

use super::base_year::points;
use super::dataset;
use super::model::{base_year, calibrated};
use super::targets::{Target, shares};
use crate::args::{Global, ViewArg};
use crate::failure::{Code, Failure, counted};
use crate::output::number::{change, figures, percent};
use crate::output::progress::Progress;
use crate::output::words::{Words, confidence};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Base prices should lie this close to the evidence, as a share.
pub const PRICE_TOLERANCE: f64 = 0.15;
/// The place whose quotes are inside China.
const CHINA: &str = "CHN";
/// Calibration notes that people are shown.
const NOTES: usize = 12;

/// Shows the calibrated base quarter against the evidence.
pub fn calibrate(year: u16, view: ViewArg, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let progress = Progress::start("balancing the base year");
    let dataset = dataset(global)?;
    let base = base_year(&dataset, year, view)?;
    progress.now("calibrating");
    let chain = calibrated(&dataset, &base)?;
    let model = QuarterModel::new(&chain, &[])?;
    let quotes = zone_prices(&dataset, year).map_err(|elements| {
        let names: Vec<&str> = elements.iter().map(|element| element.symbol()).collect();
        Failure::input(format!(
            "the dataset has no oxide prices of {} for {year}",
            names.join(", ")
        ))
    })?;
    drop(progress);
    let shares = shares(&dataset, &base);
    let misses = [true, false].map(|inside| worst_price(&chain, model.base(), &quotes, inside));
    let fits = fit::figures(view.as_str(), &base, &chain, model.base(), misses, &shares)?;
    let mut document = answer(&dataset, &base, &chain, model.base(), &quotes, &shares);
    document.table(held_table(&fits));
    let worse: Vec<&fit::Fit> = fits.iter().filter(|f| f.is_worse()).collect();
    for fit in &worse {
        document.warning(format!(
            "{} has become worse: {} against a committed {}",
            fit.words,
            shown(fit.what, fit.value),
            shown(fit.what, fit.committed.map_or(0.0, |c| c.0)),
        ));
    }
    printer.print(&document)?;
    if worse.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(
            Code::Found,
            format!(
                "{} of the calibration worse than committed, by more than the tolerance",
                counted(worse.len(), "figure")
            ),
        )
        .hint("`book/src/validation/calibration.csv` holds the committed figures and tolerances"))
    }
}

/// Worst deviation of a zone's oxide prices from the evidence, as a share.
fn worst_price(chain: &Chain, outcome: &Outcome, quotes: &ZonePrices, inside: bool) -> f64 {
    let list = if inside { &quotes.china } else { &quotes.outside };
    let off = |e: &Element| Some((price(chain, outcome, *e, inside)? / list.get(e.index())?.usd_per_kg - 1.0).abs());
    Element::ALL.iter().filter_map(off).fold(0.0, f64::max)
}

/// A figure of the fit in words: points for shares of stages, else per cent.
fn shown(what: &str, value: f64) -> String {
    if what.starts_with("stage_share") {
        points(value)
    } else if value < 5e-5 {
        "0 %".to_owned()
    } else {
        percent(value)
    }
}

fn held_table(fits: &[fit::Fit]) -> Table {
    let mut table = Table::new(
        "held",
        "The fit against what is committed",
        vec![
            Column::text("figure", "").for_programs(),
            Column::text("what", "what"),
            Column::number("value", "now"),
            Column::number("committed", "committed"),
            Column::number("tolerance", "tolerance"),
            Column::text("worse", ""),
        ],
    );
    for fit in fits {
        let of = |value: Option<f64>| value.map_or_else(Cell::empty, |v| Cell::shown(v, shown(fit.what, v)));
        table.push(vec![
            Cell::text(fit.what),
            Cell::text(fit.words),
            of(Some(fit.value)),
            of(fit.committed.map(|c| c.0)),
            of(fit.committed.map(|c| c.1)),
            Cell::flag(fit.is_worse(), "worse", "").marked(fit.is_worse()),
        ]);
    }
    table
}

fn answer<'a>(
    dataset: &Dataset,
    base: &BaseYear,
    chain: &Chain,
    outcome: &Outcome,
    quotes: &ZonePrices,
    shares: &[Target],
) -> Document<'a> {
    let words = Words::new(dataset);
    let mut document = Document::new();
    document.title(format!(
        "The calibrated base quarter of {} against the evidence",
        base.year
    ));
    document.fact("base_year", base.year);
    document.fact("money", format!("USD of {}", base.year));
    let (prices, off) = price_table(chain, outcome, quotes);
    document.table(prices);
    document.remark(format!(
        "Wanted: within ±{} %; missed by {}. Outside: mean over places, weighted by what their users need.",
        100.0 * PRICE_TOLERANCE,
        counted(off, "price")
    ));
    document.table(fit_table(chain, outcome));
    if !shares.is_empty() {
        document.table(share_table(shares, &words));
    }
    document.table(note_table(chain));
    document.remark("Prior: the cost or price that the evidence alone suggests. Calibrated: the one under which the base quarter is an equilibrium.");
    document
}

/// What users of a product need in the base quarter, by node.
fn need(chain: &Chain, outcome: &Outcome, node: NodeIx) -> f64 {
    let used = chain
        .segments
        .iter()
        .zip(&outcome.used)
        .filter(|(segment, _)| segment.node == node);
    let inputs = chain.processes.iter().zip(&outcome.level).flat_map(|(process, level)| {
        process
            .inputs
            .iter()
            .filter(move |(taken, _)| *taken == node)
            .map(move |(_, amount)| amount * level)
    });
    used.map(|(_, used)| used).sum::<f64>() + inputs.sum::<f64>()
}

/// Mean price of an oxide inside or outside China.
pub fn price(chain: &Chain, outcome: &Outcome, element: Element, inside: bool) -> Option<f64> {
    let (mut value, mut weight) = (0.0, 0.0);
    for (at, node) in chain.nodes.iter().enumerate() {
        let here = (chain.place_id(node.place) == CHINA) == inside;
        if node.product != Product::Oxide(element) || !here {
            continue;
        }
        let need = need(chain, outcome, NodeIx(u32::try_from(at).ok()?));
        value += need * outcome.price.get(at)?;
        weight += need;
    }
    (weight > 0.0).then(|| value / weight)
}

fn price_table(chain: &Chain, outcome: &Outcome, quotes: &ZonePrices) -> (Table, usize) {
    let mut table = Table::new(
        "prices",
        "Oxide prices, USD/kg",
        vec![
            Column::text("element", "oxide"),
            Column::text("zone", "where"),
            Column::number("evidence_usd_per_kg", "evidence"),
            Column::number("base_usd_per_kg", "base quarter"),
            Column::number("off_share", "off"),
            Column::text("within", ""),
            Column::text("confidence", "evidence is"),
            Column::text("basis", "basis"),
            Column::text("sources", "").for_programs(),
        ],
    );
    let mut missed = 0;
    for element in Element::ALL.iter().copied() {
        for (zone, list, inside) in [("China", &quotes.china, true), ("outside", &quotes.outside, false)] {
            let Some(quote): Option<&Quote> = list.get(element.index()) else {
                continue;
            };
            let found = price(chain, outcome, element, inside);
            let off = found.map(|found| found / quote.usd_per_kg - 1.0);
            let within = off.is_none_or(|off| off.abs() <= PRICE_TOLERANCE);
            missed += usize::from(!within);
            let sources: Vec<&str> = quote.sources.iter().map(monazite_evidence::SourceId::as_str).collect();
            let letter = quote.confidence.as_str();
            table.push(vec![
                Cell::named(element.symbol(), if inside { element.symbol() } else { "" }),
                Cell::text(zone),
                Cell::number(quote.usd_per_kg),
                found.map_or_else(|| Cell::empty().reads("not used"), Cell::number),
                off.map_or_else(Cell::empty, |off| Cell::shown(off, change(off))),
                Cell::flag(within, "", "missed").marked(!within),
                Cell::named(letter, confidence(letter)).marked(letter == "C"),
                Cell::text(&quote.basis),
                Cell::text(sources.join(";")),
            ]);
        }
    }
    (table, missed)
}

/// Weighted absolute error of a set of quantities: the sum of differences over the sum of the base.
fn wape(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (gap, all) = pairs.fold((0.0, 0.0), |(gap, all), (base, found)| {
        (gap + (found - base).abs(), all + base)
    });
    if all > 0.0 { gap / all } else { 0.0 }
}

fn fit_table(chain: &Chain, outcome: &Outcome) -> Table {
    let mut table = Table::new(
        "fit",
        "Quantities of the solved base quarter against the balanced base year",
        vec![
            Column::text("what", "what"),
            Column::number("items", "items"),
            Column::number("weighted_error_share", "weighted error"),
        ],
    );
    let prices = (chain.nodes.iter().zip(&outcome.price))
        .map(|(node, price)| (node.base_price.abs(), node.base_price.abs() + (price - node.base_price)));
    let rows = [
        (
            "shipments",
            chain.routes.len(),
            wape(chain.routes.iter().map(|r| r.base).zip(outcome.flow.iter().copied())),
        ),
        (
            "plants and mines",
            chain.processes.len(),
            wape(
                chain
                    .processes
                    .iter()
                    .map(|p| p.base)
                    .zip(outcome.level.iter().copied()),
            ),
        ),
        (
            "use",
            chain.segments.len(),
            wape(chain.segments.iter().map(|s| s.base).zip(outcome.used.iter().copied())),
        ),
        ("prices of all products in all places", chain.nodes.len(), wape(prices)),
    ];
    for (what, items, error) in rows {
        let shown = if error < 5e-5 { "0 %".to_owned() } else { percent(error) };
        table.push(vec![Cell::text(what), Cell::count(items), Cell::shown(error, shown)]);
    }
    table
}

fn share_table(shares: &[Target], words: &Words) -> Table {
    let mut table = Table::new(
        "stage_shares",
        "Stage shares against published ones, % (wanted: ±2 points)",
        vec![
            Column::text("what", "stage"),
            Column::text("place", "place"),
            Column::number("evidence", "published"),
            Column::number("base_year", "base year"),
            Column::number("off_points", "off"),
            Column::text("met", ""),
            Column::text("source", "source"),
        ],
    );
    for target in shares {
        table.push(vec![
            Cell::named(&target.what, &target.short),
            Cell::named(&target.place, words.place(&target.place)),
            Cell::number(target.evidence),
            Cell::number(target.reconciled),
            Cell::shown(target.off, points(target.off)),
            Cell::flag(target.met, "", "missed").marked(!target.met),
            Cell::text(&target.source),
        ]);
    }
    table
}

/// Costs and prices that calibration had to move, largest first.
pub fn note_table(chain: &Chain) -> Table {
    let mut notes: Vec<_> = chain.notes.iter().collect();
    notes.sort_by(|a, b| {
        (b.calibrated - b.prior)
            .abs()
            .total_cmp(&(a.calibrated - a.prior).abs())
    });
    let mut table = Table::new(
        "notes",
        format!(
            "What calibration had to bend, largest first ({})",
            counted(notes.len(), "note")
        ),
        vec![
            Column::text("what", "what"),
            Column::number("prior_usd_per_kg", "prior USD/kg"),
            Column::number("calibrated_usd_per_kg", "calibrated"),
            Column::text("why", "why"),
        ],
    )
    .show_at_most(NOTES)
    .if_empty("nothing");
    for note in notes {
        table.push(vec![
            Cell::text(&note.what),
            Cell::shown(note.prior, figures(note.prior)),
            Cell::shown(note.calibrated, figures(note.calibrated)),
            Cell::text(note.why),
        ]);
    }
    table
}
