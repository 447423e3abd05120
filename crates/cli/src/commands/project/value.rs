//! `monazite project value`, `compare` and `floor`.

use monazite_evidence::Dataset;
use monazite_strategy::project::{
    Bands, Case, Deck, Spread, Valuation, bands, break_even_multiple, break_even_price, floor_for_irr, grant_for_irr,
    spectrum, tornado, value as worth_of,
};

use super::list::multiple;
use super::subject::{Subject, find};
use crate::args::DrawArgs;
use crate::failure::Failure;
use crate::output::number::{change, figures, percent};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Values one project.
pub fn value(
    dataset: &Dataset,
    wanted: &str,
    rate: Option<f64>,
    deck: &Deck,
    draws: &DrawArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    let mut subject = find(wanted, dataset, deck)?;
    if let Some(rate) = rate {
        subject.case.finance.discount_rate = share("rate", rate)?;
    }
    let case = &subject.case;
    let worth = worth_of(case);
    let range = bands(case, &subject.spread, draws.draws.max(1), draws.seed);
    let unit = format!("M {}", case.money.0);
    let mut document = Document::new();
    document.title(&case.name);
    document.fact("project", case.name.as_str());
    document.fact("currency", case.money.0.as_str());
    document.fact("money_year", case.money.1);
    document.fact("seed", draws.seed);
    document.table(headline(case, &worth, &range));
    if let Some(published) = &subject.published {
        let computed = if published.after_tax {
            worth.npv_m
        } else {
            worth.npv_before_tax_m
        };
        document.text(format!(
            "Published: NPV {} {unit}{}, {} ({}). Computed is {} from it.",
            figures(published.npv_m),
            published
                .irr
                .map_or_else(String::new, |irr| format!(" and IRR {}", tenth(irr))),
            if published.after_tax { "after tax" } else { "before tax" },
            published.source,
            change(computed / published.npv_m - 1.0),
        ));
    }
    document.table(prices(case));
    document.table(swings(case, &subject.spread, &unit));
    document.data(cash_flow(&worth));
    for table in distribution(&subject, draws, &unit) {
        document.data(table);
    }
    remarks(&mut document, &subject);
    document.next(vec![
        format!("monazite project floor {wanted} --irr 0.12"),
        format!("monazite project value {wanted} --csv=cash_flow"),
    ]);
    printer.print(&document)
}

fn share(name: &str, value: f64) -> Result<f64, Failure> {
    if value.is_finite() && (0.0..1.0).contains(&value) {
        return Ok(value);
    }
    let failure = Failure::input(format!("`--{name}` is {value}; it must be a share from 0 to below 1"));
    Err(if (1.0..=100.0).contains(&value) {
        failure.hint(format!("{value} % is `--{name} {}`", value / 100.0))
    } else {
        failure
    })
}

/// A rate with one decimal: `19.3 %`.
fn tenth(share: f64) -> String {
    let text = format!("{:.1} %", 100.0 * share);
    text.replacen('-', "−", 1)
}

fn rate(value: Option<f64>) -> Cell {
    value.map_or_else(|| Cell::empty().reads("none"), |share| Cell::shown(share, tenth(share)))
}

fn headline(case: &Case, worth: &Valuation, range: &Bands) -> Table {
    let currency = &case.money.0;
    let mut table = Table::new(
        "value",
        format!(
            "Value at {} a year, money of {}",
            percent(case.finance.discount_rate),
            case.money.1
        ),
        vec![
            Column::text("what", ""),
            Column::number("value", "central"),
            Column::text("unit", ""),
            Column::text("", "5–95 %").for_people(),
            Column::number("low", "").for_programs(),
            Column::number("high", "").for_programs(),
        ],
    );
    let million = format!("M {currency}");
    let per_kg = format!("{currency}/kg");
    let mut row = |what: &str, value: Cell, unit: &str, range: Option<(f64, f64)>| {
        let text = range.map_or_else(String::new, |(low, high)| {
            format!("{} to {}", figures(low), figures(high))
        });
        table.push(vec![
            Cell::text(what),
            value,
            Cell::text(unit),
            Cell::text(text),
            range.map_or_else(Cell::empty, |(low, _)| Cell::number(low)),
            range.map_or_else(Cell::empty, |(_, high)| Cell::number(high)),
        ]);
    };
    row(
        "NPV after tax",
        Cell::number(worth.npv_m),
        &million,
        Some((range.npv_m[0], range.npv_m[2])),
    );
    row("NPV before tax", Cell::number(worth.npv_before_tax_m), &million, None);
    if case.finance.debt_share > 0.0 {
        row(
            "NPV to owners, after debt",
            Cell::number(worth.npv_equity_m),
            &million,
            None,
        );
    }
    row("IRR after tax", rate(worth.irr), "a year", None);
    row(
        "payback from first production",
        worth
            .payback_years
            .map_or_else(|| Cell::empty().reads("never"), Cell::number),
        "years",
        None,
    );
    row("basket price", Cell::number(worth.basket_price_per_kg), &per_kg, None);
    row("running cost", Cell::number(worth.opex_per_kg), &per_kg, None);
    row(
        "cost with capital, over the life",
        Cell::number(worth.unit_cost_per_kg),
        &per_kg,
        None,
    );
    row("EBITDA, first full year", Cell::number(worth.ebitda_m), &million, None);
    row(
        "break-even, multiple of prices",
        multiple(break_even_multiple(case)),
        "",
        Some((range.break_even_multiple[0], range.break_even_multiple[2])),
    );
    row(
        "probability that it pays",
        Cell::shown(range.probability_positive, percent(range.probability_positive)),
        "of draws",
        None,
    );
    table
}

/// What is sold, at which price, and the price that alone would do.
fn prices(case: &Case) -> Table {
    let currency = &case.money.0;
    let mut table = Table::new(
        "break_even",
        format!("What is sold, {currency}/kg"),
        vec![
            Column::text("material", "material"),
            Column::number("t_per_year", "t/year"),
            Column::number("price_per_kg", "price"),
            Column::number("revenue_m", "revenue, M/year"),
            Column::number("break_even_price_per_kg", "breaks even at"),
            Column::text("evidence", "price from"),
        ],
    );
    let mut lines: Vec<_> = case.lines.iter().filter(|line| line.price(1) > 0.0).collect();
    lines.sort_by(|a, b| b.revenue_m(1).total_cmp(&a.revenue_m(1)));
    for line in lines {
        let from = match line.confidence {
            None => "the project",
            Some(monazite_evidence::Confidence::C) => "unverified",
            Some(_) => "the deck",
        };
        table.push(vec![
            Cell::text(&line.material),
            Cell::number(line.kg_per_year / 1e3),
            Cell::number(line.price(1)),
            Cell::number(line.revenue_m(1)),
            break_even_price(case, &line.material).map_or_else(Cell::empty, Cell::number),
            Cell::text(from).marked(from == "unverified"),
        ]);
    }
    table
}

fn swings(case: &Case, spread: &Spread, unit: &str) -> Table {
    let mut table = Table::new(
        "tornado",
        format!("What moves the value most, {unit}"),
        vec![
            Column::text("input", "input"),
            Column::text("", "range").for_people(),
            Column::number("low_factor", "").for_programs(),
            Column::number("high_factor", "").for_programs(),
            Column::number("npv_at_low_m", "NPV at low end"),
            Column::number("npv_at_high_m", "NPV at high end"),
        ],
    );
    for swing in tornado(case, spread) {
        table.push(vec![
            Cell::text(swing.input),
            Cell::text(format!("×{:.2} to ×{:.2}", swing.range.0, swing.range.1)),
            Cell::number(swing.range.0),
            Cell::number(swing.range.1),
            Cell::number(swing.npv_m.0),
            Cell::number(swing.npv_m.1),
        ]);
    }
    table
}

/// How the values of the draws are spread: for drawings, and for those who cannot see them.
fn distribution(subject: &Subject, draws: &DrawArgs, unit: &str) -> [Table; 2] {
    let spread = spectrum(&subject.case, &subject.spread, draws.draws.max(1), draws.seed);
    let mut bins = Table::new(
        "npv_distribution",
        format!("NPV after tax of the draws, {unit}"),
        vec![
            Column::number("npv_from_m", "from"),
            Column::number("npv_to_m", "to"),
            Column::number("draws", "draws"),
        ],
    );
    for bin in &spread.bins {
        bins.push(vec![
            Cell::number(bin.from_m),
            Cell::number(bin.to_m),
            Cell::count(bin.draws),
        ]);
    }
    let mut percentiles = Table::new(
        "npv_percentiles",
        format!("NPV after tax, percentiles, {unit}"),
        vec![
            Column::number("share_below", "share of draws"),
            Column::number("npv_m", "lies below"),
        ],
    );
    for (share, npv) in &spread.percentiles {
        percentiles.push(vec![Cell::shown(*share, percent(*share)), Cell::number(*npv)]);
    }
    [bins, percentiles]
}

fn cash_flow(worth: &Valuation) -> Table {
    let names = [
        "output_share",
        "revenue_m",
        "royalty_m",
        "opex_m",
        "capex_m",
        "working_capital_m",
        "depreciation_m",
        "tax_m",
        "before_tax_m",
        "after_tax_m",
        "debt_m",
        "equity_m",
    ];
    let mut columns = vec![Column::number("year", "year")];
    columns.extend(names.map(|name| Column::number(name, name)));
    let mut table = Table::new("cash_flow", "Cash flow, millions", columns);
    for year in &worth.cash_flow.years {
        let values = [
            year.output_share,
            year.revenue_m,
            year.royalty_m,
            year.opex_m,
            year.capex_m,
            year.working_capital_m,
            year.depreciation_m,
            year.tax_m,
            year.before_tax_m,
            year.after_tax_m,
            year.debt_m,
            year.equity_m,
        ];
        let mut row = vec![Cell::ordinal(year.year)];
        row.extend(values.map(Cell::number));
        table.push(row);
    }
    table
}

fn remarks(document: &mut Document<'_>, subject: &Subject) {
    for remark in &subject.remarks {
        document.remark(format!("Note: {remark}."));
    }
    if subject.unverified {
        document.warning("It rests on unverified inputs (confidence C).");
    }
}

/// Projects side by side.
pub fn compare(
    dataset: &Dataset,
    wanted: &[String],
    deck: &Deck,
    draws: &DrawArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    let mut table = Table::new(
        "comparison",
        "Projects side by side",
        vec![
            Column::text("project", "project"),
            Column::text("currency", "money"),
            Column::number("npv_m", "NPV, M"),
            Column::text("", "5–95 %").for_people(),
            Column::number("npv_5_m", "").for_programs(),
            Column::number("npv_95_m", "").for_programs(),
            Column::number("irr", "IRR"),
            Column::number("payback_years", "payback\nyears"),
            Column::number("basket_per_kg", "basket\nper kg"),
            Column::number("unit_cost_per_kg", "cost\nper kg"),
            Column::number("break_even_multiple", "breaks\neven at"),
            Column::number("probability_positive", "pays\nin"),
        ],
    );
    for name in wanted {
        let subject = find(name, dataset, deck)?;
        let worth = worth_of(&subject.case);
        let range = bands(&subject.case, &subject.spread, draws.draws.max(1), draws.seed);
        table.push(vec![
            Cell::text(name),
            Cell::text(format!("{} {}", subject.case.money.0, subject.case.money.1)),
            Cell::number(worth.npv_m),
            Cell::text(format!("{} to {}", figures(range.npv_m[0]), figures(range.npv_m[2]))),
            Cell::number(range.npv_m[0]),
            Cell::number(range.npv_m[2]),
            rate(worth.irr),
            worth
                .payback_years
                .map_or_else(|| Cell::empty().reads("never"), Cell::number),
            Cell::number(worth.basket_price_per_kg),
            Cell::number(worth.unit_cost_per_kg),
            multiple(break_even_multiple(&subject.case)),
            Cell::shown(range.probability_positive, percent(range.probability_positive)),
        ]);
    }
    let mut document = Document::new();
    document.title(format!("Projects at {}", deck.name));
    document.table(table);
    document
        .remark("Projects with their own prices keep them. Money of different currencies and years is not converted.");
    printer.print(&document)
}

/// The floor or grant that carries a project.
pub fn floor(
    dataset: &Dataset,
    wanted: &str,
    irr: f64,
    under: &[String],
    deck: &Deck,
    printer: &Printer,
) -> Result<(), Failure> {
    let target = share("irr", irr)?;
    let subject = find(wanted, dataset, deck)?;
    let case = &subject.case;
    let materials: Vec<&str> = under.iter().map(String::as_str).collect();
    let sold: Vec<&str> = case.lines.iter().map(|line| line.material.as_str()).collect();
    let (floored, _): (Vec<&str>, Vec<&str>) = materials.iter().partition(|material| sold.contains(*material));
    if floored.is_empty() {
        return Err(
            Failure::input(format!("`{wanted}` sells none of {}", materials.join(", ")))
                .hint(format!("it sells {}", sold.join(", "))),
        );
    }
    let worth = worth_of(case);
    let (currency, unit) = (&case.money.0, format!("M {}", case.money.0));
    let found = floor_for_irr(case, &floored, target);
    let grant = grant_for_irr(case, target);
    let mut document = Document::new();
    document.title(format!("What gives {} a return of {}", case.name, percent(target)));
    document.fact("irr", worth.irr);
    document.fact("target_irr", target);
    document.fact("floor", serde_json::json!(found));
    document.fact("grant_m", grant);
    let today = worth.irr.map_or_else(
        || "earns nothing back".to_owned(),
        |irr| format!("returns {}", tenth(irr)),
    );
    document.text(format!("At {} it {today} a year after tax.", deck.name));
    match found {
        Some(floor) if floor.cost_m > 0.0 => document.text(format!(
            "A floor of {} {currency}/kg under {} would do. If prices stay as they are, whoever guarantees it pays up to {} \
             {unit} a year, {} {unit} in present value over the life.",
            figures(floor.per_kg),
            floored.join(" and "),
            figures(floor.cost_m_per_year),
            figures(floor.cost_m),
        )),
        Some(_) => document.text("It needs no floor."),
        None => document.text(format!("No floor under {} is enough.", floored.join(" and "))),
    }
    match grant {
        Some(grant) if grant > 0.0 => document.text(format!(
            "So would a grant of {} {unit} towards capital cost of {} {unit}.",
            figures(grant),
            figures(case.costs.capex_m)
        )),
        Some(_) => {}
        None => document.text(format!(
            "No grant towards capital cost is enough: the running cost of {} {currency}/kg is too close to the basket of {}.",
            figures(worth.opex_per_kg),
            figures(worth.basket_price_per_kg)
        )),
    }
    remarks(&mut document, &subject);
    printer.print(&document)
}
