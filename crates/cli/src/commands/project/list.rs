//! `monazite project list` and `show`: deposits by one rule.

use monazite_evidence::Dataset;
use monazite_strategy::project::{Assessment, Deck, Verdict};

use super::subject::{assessment, deposit};
use crate::args::DrawArgs;
use crate::failure::{Failure, counted};
use crate::output::number::{figures, percent};
use crate::output::progress::Progress;
use crate::output::words::confidence;
use crate::output::{Cell, Column, Document, Printer, Table};

/// A verdict in words.
pub fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Viable => "viable",
        Verdict::Likely => "more likely than not",
        Verdict::UpToTwice => "at up to twice these prices",
        Verdict::BeyondTwice => "beyond twice these prices",
        Verdict::Unknown => "not known",
    }
}

/// A multiple of prices, or that none is enough.
pub fn multiple(value: Option<f64>) -> Cell {
    match value {
        Some(value) if value.is_finite() => Cell::shown(value, format!("×{value:.1}")),
        _ => Cell::empty(),
    }
}

/// All deposits.
pub fn list(
    dataset: &Dataset,
    place: Option<&str>,
    deck: &Deck,
    draws: &DrawArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    let only = place.map(|place| dataset.resolve_place(place)).transpose()?;
    let progress = Progress::start("valuing deposits");
    let mut all: Vec<Assessment> = (dataset.deposits.iter())
        .filter(|row| only.is_none_or(|place| row.place == place.place))
        .map(|row| assessment(row, dataset, deck, draws))
        .collect();
    drop(progress);
    let order = |one: &Assessment| one.break_even_multiple.unwrap_or(f64::INFINITY);
    all.sort_by(|a, b| order(a).total_cmp(&order(b)).then_with(|| a.deposit.cmp(&b.deposit)));
    let (known, unknown): (Vec<&Assessment>, Vec<&Assessment>) =
        all.iter().partition(|one| one.verdict != Verdict::Unknown);
    let mut document = Document::new();
    document.title(format!("Which deposits are viable, at {}", deck.name));
    document.text(summary(&known));
    document.table(known_table(&known, draws));
    document.table(unknown_table(&unknown));
    document.remark(
        "new: multiple of these prices at which building it anew breaks even after tax; in brackets 5 to 95 % of draws. \
         running: at which it covers its running cost. Everything is taken through to separated oxides; by-products (niobium, \
         titanium, phosphate, uranium) are not counted; all values rest on priors in part and are unverified.",
    );
    document.next(vec![
        "monazite project show nolans".to_owned(),
        "monazite project list --floor 110".to_owned(),
    ]);
    printer.print(&document)
}

fn summary(known: &[&Assessment]) -> String {
    let of = |verdict: Verdict| known.iter().filter(|one| one.verdict == verdict).count();
    let names = |verdict: Verdict| {
        let names: Vec<&str> = known
            .iter()
            .filter(|one| one.verdict == verdict)
            .map(|one| one.name.as_str())
            .collect();
        match names.len() {
            0 => String::new(),
            1..=4 => format!(" ({})", names.join(", ")),
            _ => format!(" ({} …)", names.iter().take(3).copied().collect::<Vec<_>>().join(", ")),
        }
    };
    format!(
        "Of {} that can be valued, {} would pay in nine draws of ten{}, {} more often than not{}, {} at up to twice these \
         prices{}, and {} only beyond that.",
        counted(known.len(), "deposit"),
        of(Verdict::Viable),
        names(Verdict::Viable),
        of(Verdict::Likely),
        names(Verdict::Likely),
        of(Verdict::UpToTwice),
        names(Verdict::UpToTwice),
        of(Verdict::BeyondTwice),
    )
}

fn known_table(known: &[&Assessment], draws: &DrawArgs) -> Table {
    let mut table = Table::new(
        "deposits",
        format!("Deposits by break-even price, {}", counted(draws.draws, "draw")),
        vec![
            Column::text("deposit", "deposit"),
            Column::text("name", "").for_programs(),
            Column::text("place", "place"),
            Column::text("status", "status").minor(),
            Column::number("break_even_multiple", "new"),
            Column::text("", "5–95 %").for_people(),
            Column::number("break_even_multiple_5", "").for_programs(),
            Column::number("break_even_multiple_95", "").for_programs(),
            Column::number("running_multiple", "running"),
            Column::number("basket_usd_per_kg", "basket\nUSD/kg"),
            Column::number("unit_cost_usd_per_kg", "cost\nUSD/kg"),
            Column::number("npv_musd", "NPV\nM USD"),
            Column::number("probability_positive", "pays\nin"),
            Column::text("verdict", "").for_programs(),
            Column::text("confidence", "").for_programs(),
        ],
    );
    for one in known {
        let (Some(worth), Some(bands)) = (&one.valuation, &one.bands) else {
            continue;
        };
        let [low, _, high] = bands.break_even_multiple;
        table.push(vec![
            Cell::text(&one.deposit),
            Cell::text(&one.name),
            Cell::text(&one.place),
            Cell::text(&one.status).reads(one.status.chars().take(24).collect::<String>()),
            multiple(one.break_even_multiple),
            Cell::text(format!("{low:.1}–{high:.1}")),
            Cell::number(low),
            Cell::number(high),
            multiple(one.running_multiple),
            Cell::number(worth.basket_price_per_kg),
            Cell::number(worth.unit_cost_per_kg),
            Cell::number(worth.npv_m),
            Cell::shown(bands.probability_positive, percent(bands.probability_positive)),
            Cell::text(words(one.verdict)),
            Cell::text(one.confidence.as_str()),
        ]);
    }
    table
}

fn unknown_table(unknown: &[&Assessment]) -> Table {
    let mut table = Table::new(
        "not_known",
        format!("{} cannot be valued", counted(unknown.len(), "deposit")),
        vec![
            Column::text("deposit", "deposit"),
            Column::text("place", "place"),
            Column::text("status", "status"),
            Column::text("missing", "the evidence lacks its"),
        ],
    )
    .if_empty("none");
    for one in unknown {
        table.push(vec![
            Cell::text(&one.deposit),
            Cell::text(&one.place),
            Cell::text(&one.status),
            Cell::text(one.missing.join("; ")),
        ]);
    }
    table
}

/// One deposit.
pub fn show(dataset: &Dataset, wanted: &str, deck: &Deck, draws: &DrawArgs, printer: &Printer) -> Result<(), Failure> {
    let row = deposit(wanted, dataset, &[])?;
    let one = assessment(row, dataset, deck, draws);
    let place = dataset
        .resolve_place(&one.place)
        .map_or_else(|_| one.place.clone(), |place| place.name.clone());
    let mut document = Document::new();
    document.title(format!("{}, {place}", one.name));
    if !one.status.is_empty() {
        document.text(format!("Status in the evidence: {}.", one.status));
    }
    match (&one.valuation, &one.bands) {
        (Some(worth), Some(bands)) => {
            let [low, middle, high] = bands.break_even_multiple;
            document.text(format!(
                "At {} it would be worth {} million USD after tax ({} to {} in 5 to 95 % of draws) and pays in {} of \
                 draws: {}. It breaks even at ×{:.2} of these prices (draws: ×{low:.2} to ×{high:.2}, middle ×{middle:.2}), \
                 a basket of {} USD/kg against {} today, and covers its running cost at ×{:.2}.",
                deck.name,
                figures(worth.npv_m),
                figures(bands.npv_m[0]),
                figures(bands.npv_m[2]),
                percent(bands.probability_positive),
                words(one.verdict),
                one.break_even_multiple.unwrap_or(f64::NAN),
                figures(worth.basket_price_per_kg * one.break_even_multiple.unwrap_or(f64::NAN)),
                figures(worth.basket_price_per_kg),
                one.running_multiple.unwrap_or(f64::NAN),
            ));
        }
        _ => document.warning(format!(
            "It cannot be valued: the evidence lacks its {}.",
            one.missing.join(" and ")
        )),
    }
    for remark in &one.remarks {
        document.remark(format!("Note: {remark}."));
    }
    document.table(inputs(&one));
    let json = serde_json::to_value(&one);
    document.whole = Some(json.map_err(|error| Failure::failed(format!("cannot write JSON: {error}")))?);
    document.next(if one.valuation.is_some() {
        vec![
            format!("monazite project value {}", one.deposit),
            format!("monazite project floor {} --irr 0.12", one.deposit),
        ]
    } else {
        vec!["monazite project new".to_owned()]
    });
    printer.print(&document)
}

/// What an assessment rests on.
fn inputs(one: &Assessment) -> Table {
    let mut table = Table::new(
        "inputs",
        "What the numbers rest on",
        vec![
            Column::text("what", "input"),
            Column::number("value", "value"),
            Column::text("unit", "unit"),
            Column::text("basis", "from"),
            Column::text("confidence", "evidence"),
        ],
    );
    for input in &one.inputs {
        let trust = confidence(input.confidence.as_str());
        table.push(vec![
            Cell::text(input.what),
            Cell::number(input.value),
            Cell::text(input.unit),
            Cell::text(&input.basis),
            Cell::named(input.confidence.as_str(), trust).marked(trust == "unverified"),
        ]);
    }
    table
}
