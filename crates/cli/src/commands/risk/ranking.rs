//! `monazite risk rank`: materials in order, and how sure the order is.

use monazite_risk::rank::{Draws, Ranking, rank};
use monazite_risk::{Context, Method, RiskError, method};

use super::{ask, scores};
use crate::args::risk::RankArgs;
use crate::failure::Failure;
use crate::output::number::{count, percent};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Shows a ranking.
pub fn ranking(context: &Context<'_>, args: &RankArgs, printer: &Printer) -> Result<(), Failure> {
    let methods: Vec<&'static Method> = args
        .method
        .iter()
        .map(|name| method(name))
        .collect::<Result<_, RiskError>>()?;
    let question = ask::question(context, &args.slice)?;
    let draws = Draws {
        count: usize::try_from(args.draws).unwrap_or(usize::MAX),
        seed: args.seed,
        top: args.top,
    };
    let found = rank(context, &question, &methods, draws)?;
    let year = question.years.first().copied().unwrap_or_default();
    let mut document = Document::new();
    document.fact("year", year);
    document.fact("draws", args.draws);
    document.fact("seed", args.seed);
    document.table(table(context, &found, args, year));
    document.remark(format!(
        "1 is the riskiest. 5–95 %: where the rank lies in nine of ten of {} draws (seed {}) with random weights and \
         uncertain inputs; overlapping intervals are not an order.",
        count(draws.count),
        args.seed
    ));
    if !found.without.is_empty() {
        let mut reasons: Vec<&str> = found.without.iter().map(|(_, why)| why.as_str()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let names: Vec<String> = found
            .without
            .iter()
            .map(|((material, stage, _), _)| match stage {
                Some(stage) => format!("{material} {stage}"),
                None => material.clone(),
            })
            .collect();
        document.warning(format!("not ranked: {} ({})", names.join(", "), reasons.join("; ")));
    }
    document.data(without(&found));
    printer.print(&document)
}

fn table(context: &Context<'_>, found: &Ranking, args: &RankArgs, year: u16) -> Table {
    let has = |what: fn(&monazite_risk::rank::Key) -> bool| found.rows.iter().any(|row| what(&row.key));
    let hide = |column: Column, shown: bool| if shown { column } else { column.for_programs() };
    let criteria = found.criteria.iter().map(|name| Column::number(name, *name).minor());
    let mut columns = vec![
        Column::number("rank", "rank"),
        Column::text("material", "material"),
        hide(Column::text("stage", "stage"), has(|key| key.1.is_some())),
        hide(Column::text("importer", "importer"), has(|key| key.2.is_some())),
        Column::number("median_rank", "median"),
        Column::number("rank_5", "").for_programs(),
        Column::number("rank_95", "").for_programs(),
        Column::text("", "5–95 %").for_people(),
        Column::number("in_top", format!("in top {}", args.top)),
    ];
    columns.extend(criteria);
    let title = format!("Risk in {year} by {}", found.criteria.join(", "));
    let mut table = Table::new("ranking", title, columns).if_empty("nothing could be ranked");
    for (at, row) in found.rows.iter().enumerate() {
        let (material, stage, importer) = &row.key;
        let text = |text: Option<String>| text.map_or_else(Cell::empty, Cell::text);
        let mut cells = vec![
            Cell::count(at + 1),
            Cell::text(material),
            text(stage.map(str::to_owned)),
            importer
                .as_ref()
                .map_or_else(Cell::empty, |id| Cell::named(id, context.place_name(id))),
            Cell::count(row.median),
            Cell::count(row.low),
            Cell::count(row.high),
            Cell::text(format!("{}–{}", row.low, row.high)),
            Cell::shown(row.in_top, percent(row.in_top)),
        ];
        cells.extend(
            row.criteria
                .iter()
                .map(|value| Cell::shown(*value, scores::digits(*value))),
        );
        table.push(cells);
    }
    table
}

fn without(found: &Ranking) -> Table {
    let columns = ["material", "stage", "importer", "missing"];
    let mut table = Table::new(
        "not_ranked",
        "",
        columns.iter().map(|key| Column::text(key, *key)).collect(),
    );
    for ((material, stage, importer), why) in &found.without {
        let text = |text: Option<String>| text.map_or_else(Cell::empty, Cell::text);
        table.push(vec![
            Cell::text(material),
            text(stage.map(str::to_owned)),
            text(importer.clone()),
            Cell::text(why),
        ]);
    }
    table
}
