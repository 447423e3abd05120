//! What covers a shortfall, the cheapest first, and what is left to buy.

use monazite_strategy::stockpile::{Measure, Step};

use super::{Answer, SHOWN, tonnes};
use crate::failure::counted;
use crate::output::words::Words;
use crate::output::{Cell, Column, Table};

impl Answer<'_> {
    /// The merit order for people: the same thing done for several products is one line.
    pub(super) fn merit_order_at_a_glance(&self, words: &Words) -> Table {
        let mut table = Table::new(
            "merit_order_at_a_glance",
            "What covers it, the cheapest per dollar of material first",
            vec![
                Column::number("", ""),
                Column::text("", "what is done"),
                Column::text("", "with"),
                Column::text("", "for"),
                Column::number("", "covers, M USD\nof material"),
                Column::number("", "USD per\ndollar"),
                Column::number("", "costs\nM USD"),
                Column::number("", "sum\nM USD"),
            ],
        )
        .show_at_most(2 * SHOWN)
        .if_empty("nothing is short");
        let mut groups: Vec<Vec<&Step>> = Vec::new();
        for step in self.steps {
            match groups.last_mut() {
                Some(group)
                    if group
                        .iter()
                        .all(|one| one.measure == step.measure && one.what == step.what) =>
                {
                    group.push(step);
                }
                _ => groups.push(vec![step]),
            }
        }
        let mut sum = 0.0;
        for (at, group) in groups.iter().enumerate() {
            let Some(first) = group.first() else { continue };
            let cost: f64 = group.iter().map(|step| step.cost_musd).sum();
            let material: f64 = group.iter().map(|step| self.value_of(step)).sum();
            sum += cost;
            let products = match group.as_slice() {
                [one] => words.product(&one.product),
                [one, other] => format!("{}, {}", words.product(&one.product), words.product(&other.product)),
                many => counted(many.len(), "product"),
            };
            let with = if first.measure == Measure::Stock {
                ""
            } else {
                first.what.as_str()
            };
            table.push(vec![
                Cell::count(at + 1),
                Cell::text(first.measure.as_str()),
                Cell::text(with.replace('_', " ")),
                Cell::text(products),
                Cell::number(material),
                Cell::number(first.per_dollar),
                tonnes(cost),
                tonnes(sum),
            ]);
        }
        table
    }

    /// What a step covers, at base-year prices, million USD.
    fn value_of(&self, step: &Step) -> f64 {
        let need = self.short.needs.iter().find(|need| need.product == step.product);
        step.covers * need.and_then(|need| need.price_usd_per_kg).unwrap_or_default() / 1e3
    }

    pub(super) fn merit_order(&self) -> Table {
        let mut table = Table::new(
            "merit_order",
            "What covers it, step by step",
            vec![
                Column::number("step", "step"),
                Column::text("measure", "measure"),
                Column::text("what", "with"),
                Column::text("product", "for"),
                Column::text("unit", "unit"),
                Column::number("available", "available"),
                Column::number("covers", "covers"),
                Column::number("usd_per_kg", "USD/kg"),
                Column::number("usd_per_usd", "per dollar"),
                Column::number("cost_musd", "M USD"),
                Column::number("cumulative_musd", "sum"),
            ],
        );
        let mut sum = 0.0;
        for (at, step) in self.steps.iter().enumerate() {
            sum += step.cost_musd;
            table.push(vec![
                Cell::count(at + 1),
                Cell::text(step.measure.as_str()),
                Cell::text(&step.what),
                Cell::text(&step.product),
                Cell::text(step.unit),
                Cell::number(step.available),
                Cell::number(step.covers),
                Cell::number(step.usd_per_kg),
                Cell::number(step.per_dollar),
                Cell::number(step.cost_musd),
                Cell::number(sum),
            ]);
        }
        table
    }

    /// What is left to buy as stock, by element and form.
    pub(super) fn purchases(&self, words: &Words) -> Table {
        let mut table = Table::new(
            "purchases",
            "What is left for a stock once that is done",
            vec![
                Column::text("product", "product"),
                Column::text("form", "form"),
                Column::text("element", "element").for_programs(),
                Column::number("tonnes", "tonnes"),
                Column::text("unit", "unit"),
                Column::number("oxide_t_reo", "t REO\nin it"),
                Column::number("cost_musd", "M USD"),
            ],
        )
        .if_empty("nothing: everything is covered by what is cheaper");
        for step in self.steps.iter().filter(|step| step.measure == Measure::Stock) {
            let need = self.short.needs.iter().find(|need| need.product == step.product);
            let reo: f64 = need.map_or(0.0, |need| need.content.iter().map(|(_, content)| content).sum());
            table.push(vec![
                Cell::named(&step.product, words.product(&step.product)),
                Cell::text(need.map_or("", |need| need.form)),
                need.and_then(|need| need.element)
                    .map_or_else(Cell::empty, |element| Cell::text(element.symbol())),
                Cell::number(step.covers),
                Cell::text(step.unit),
                Cell::number(step.covers * reo),
                Cell::number(step.cost_musd),
            ]);
        }
        table
    }
}
