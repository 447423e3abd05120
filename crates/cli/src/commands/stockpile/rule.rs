//! The stock of the market model, beside that of the shortfall.

use monazite_strategy::stockpile::{Rule, Shortfall};

use super::answer::millions;
use crate::output::number::percent;
use crate::output::words::Words;
use crate::output::{Cell, Column, Document, Table};

/// Adds the comparison.
pub fn show(found: &Rule, short: &Shortfall, words: &Words, document: &mut Document<'_>) {
    document.fact("rule_loss_without_musd", found.loss_without_musd);
    document.fact("rule_loss_with_musd", found.loss_with_musd);
    document.fact("rule_cost_without_musd", found.cost_without_musd);
    document.fact("rule_cost_with_musd", found.cost_with_musd);
    document.fact("rule_cost_whole_musd", found.cost_whole_musd);
    document.fact("rule_paths", found.paths);
    document.text(format!(
        "In the market model the same emergency, should it come, costs users {}; with the stock below {}. At a probability of {} \
         while the stock is held, expected cost is {} without a stock, {} with it, and {} with a stock of the whole shortfall \
         of these products ({} paths of fourteen blocs).",
        millions(found.loss_without_musd),
        millions(found.loss_with_musd),
        percent(found.probability),
        millions(found.cost_without_musd),
        millions(found.cost_with_musd),
        millions(found.cost_whole_musd),
        found.paths,
    ));
    let mut table = Table::new(
        "rule",
        "The stock that minimises expected loss in the market model",
        vec![
            Column::text("product", "product"),
            Column::text("unit", "").for_programs(),
            Column::number("shortfall", "shortfall"),
            Column::number("stock", "stock"),
            Column::number("multiple", "of the\nshortfall"),
            Column::number("outlay_musd", "to buy\nM USD"),
            Column::number("worth_musd", "saves in\nexpectation, M USD"),
        ],
    )
    .if_empty("no product that is short is traded in the market model");
    for row in &found.rows {
        let multiple = row.stock / row.shortfall;
        table.push(vec![
            Cell::named(&row.product, words.product(&row.product)),
            Cell::text(row.unit),
            Cell::number(row.shortfall),
            Cell::number(row.stock),
            Cell::shown(multiple, percent(multiple)),
            Cell::number(row.outlay_musd),
            Cell::number(row.worth_musd),
        ]);
    }
    document.table(table);
    let left = short
        .needs
        .iter()
        .filter(|need| need.short > 0.0)
        .count()
        .saturating_sub(found.rows.len());
    let at_edge = found
        .rows
        .iter()
        .any(|row| row.stock >= found.largest * row.shortfall * (1.0 - 1e-9));
    document.remark(format!(
        "The market counts what all users lose, with prices, substitution and commercial stocks answering; the shortfall counts what \
         defence and essential users lack. Where every user counts, more is worth stocking. Tried were 0, 25, 50, 100, 200, 300 and \
         400 % of the shortfall{}; the {left} other products that are short were not tried.",
        if at_edge { ", and more may be better still where the most was best" } else { "" },
    ));
}
