//! The corrected scores as a table.

use std::collections::HashMap;

use monazite_risk::columns::{Tables, Wanted};
use monazite_risk::geopolrisk::corrected::{Answer, Model};
use monazite_risk::geopolrisk::headings;
use monazite_risk::{Context, Missing, Score};

use super::super::scores;
use super::ask;
use crate::args::risk::TableArgs;
use crate::failure::Failure;
use crate::output::number::{count, figures};
use crate::output::words::flag;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Rows that people are shown; programs get all.
const ROWS: usize = 40;

/// Scores, with what they are made of.
pub fn table(context: &Context<'_>, args: &TableArgs, printer: &Printer) -> Result<(), Failure> {
    if args.geopolrisk.out.is_some() {
        return Err(Failure::input("--out is for --compat")
            .hint("without --compat, `--csv` and `--json` print the whole table"));
    }
    let paths = ask::paths(&args.geopolrisk.tables)?;
    let years = ask::years_of(&args.slice)?;
    let targets = ask::targets_of(context, &args.slice, paths.production.is_some())?;
    let wanted = Wanted::new(&years, headings(context, &targets));
    let tables = Tables::read(context.dataset, &paths, &wanted)?;
    let model = Model::new(context, &tables, ask::options(&args.geopolrisk, args.explain));
    let mut importers = ask::importers(context.dataset, &args.slice, &years)?;
    let everybody = importers.is_empty();
    if everybody {
        importers = model.places(&years);
        importers.push(ask::importer(context.dataset, "EU", &years)?);
    }
    let mut answers = model.answers(&targets, &importers, &years);
    if everybody && printer.is_human() {
        // Nobody reads two hundred countries: the highest come first.
        let value = |answer: &Answer| answer.score.value.clone().unwrap_or(-1.0);
        answers.sort_by(|a, b| value(b).total_cmp(&value(a)));
    }
    let reference = model.reference(&years);
    let mut document = Document::new();
    let mut table = rows(&answers, &reference, args.explain);
    let dropped = if printer.is_human() {
        table.drop_columns_beyond(printer.width())
    } else {
        Vec::new()
    };
    document.table(table);
    if !dropped.is_empty() {
        document.remark(format!(
            "Not shown for want of room: {}; `--csv` and `--json` have all columns.",
            dropped.join(", ")
        ));
    }
    if model.outliers() > 0 {
        document.remark(format!(
            "{} of {} flows are flagged as outliers and {}.",
            count(model.outliers()),
            count(tables.trade.len()),
            if args.geopolrisk.keep_outliers {
                "counted"
            } else {
                "left out; --keep-outliers counts them"
            }
        ));
    }
    let found: Vec<Score> = answers.into_iter().map(|answer| answer.score).collect();
    scores::notes(&mut document, &found);
    if args.explain {
        scores::explain(&mut document, &found);
    }
    printer.print(&document)
}

/// The factor of an answer in kg of copper equivalent, or why there is none.
pub fn factor(answer: &Answer, reference: &HashMap<u16, Result<f64, Missing>>) -> Result<f64, Missing> {
    let midpoint = match (&answer.score.value, answer.midpoint) {
        (Err(missing), _) => return Err(missing.clone()),
        (Ok(_), None) => {
            let why = "no price: the heading holds other rare earths too, or its trade has no quantities";
            return Err(Missing(why.to_owned()));
        }
        (Ok(_), Some(midpoint)) => midpoint,
    };
    match reference.get(&answer.score.year) {
        Some(Ok(reference)) => Ok(midpoint / reference),
        Some(Err(missing)) => Err(missing.clone()),
        None => Err(Missing("no reference".to_owned())),
    }
}

fn rows(answers: &[Answer], reference: &HashMap<u16, Result<f64, Missing>>, explain: bool) -> Table {
    let mut table = Table::new(
        "scores",
        "geopolrisk, corrected",
        vec![
            Column::text("material", "material"),
            Column::text("stage", "stage"),
            Column::text("importer", "importer"),
            Column::number("year", "year"),
            Column::number("score", "score"),
            Column::text("confidence", ""),
            Column::number("hhi", "HHI"),
            Column::number("import_risk", "import risk"),
            Column::number("imports_t", "imports t"),
            Column::number("exports_t", "exports t"),
            Column::number("domestic_t", "made t"),
            Column::number("price_usd_per_kg", "price USD/kg"),
            Column::number("own_price_usd_per_kg", "").for_programs(),
            Column::number("midpoint_usd_per_kg", "").for_programs(),
            Column::number("factor_kg_cu_eq_per_kg", "factor kg Cu-eq/kg"),
            Column::number("outliers", "").for_programs(),
            Column::number("imports_without_quantity", "").for_programs(),
            Column::text("missing", "").for_programs(),
            Column::text("factor_missing", "").for_programs(),
            Column::text("remarks", "").for_programs(),
        ],
    )
    .if_empty("no score")
    .show_at_most(if explain { 10 } else { ROWS });
    let number = |value: Option<f64>| value.map_or_else(|| Cell::empty().reads("–"), |v| Cell::shown(v, digits(v)));
    for answer in answers {
        let score = &answer.score;
        let factor = factor(answer, reference);
        let letter = score.confidence.as_str();
        let doubt = if score.value.is_ok() { flag(letter) } else { "" };
        let importer = score.importer.as_deref().unwrap_or_default();
        table.push(vec![
            Cell::text(&score.material),
            Cell::text(score.stage.unwrap_or_default()),
            Cell::named(importer, answer.importer_name.as_str()),
            Cell::ordinal(score.year),
            number(score.value.clone().ok()),
            Cell::named(letter, doubt).marked(!doubt.is_empty()),
            number(answer.hhi),
            number(answer.import_risk),
            number(answer.imports),
            number(answer.exports),
            number(answer.production),
            number(answer.price),
            number(answer.own_price),
            number(answer.midpoint),
            number(factor.clone().ok()),
            Cell::count(answer.outliers),
            Cell::count(answer.without_quantity),
            Cell::text(score.value.as_ref().err().map(ToString::to_string).unwrap_or_default()),
            Cell::text(factor.err().map(|missing| missing.0).unwrap_or_default()),
            Cell::text(score.remarks.join("; ")),
        ]);
    }
    table
}

/// Three decimals below ten.
fn digits(value: f64) -> String {
    if value.abs() < 9.9995 {
        format!("{value:.3}")
    } else {
        figures(value)
    }
}
