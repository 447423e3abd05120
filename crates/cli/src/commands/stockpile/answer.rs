//! The answer of `monazite stockpile`.

mod merit;

use std::collections::BTreeMap;

use monazite_evidence::Dataset;
use monazite_strategy::stockpile::{Conflict, Measure, Need, Rule, Sector, Shortfall, Step, Uncertain, YearNeed};

use super::rule;
use crate::args::stockpile::StockpileArgs;
use crate::failure::counted;
use crate::output::number::{figures, percent, thousands};
use crate::output::words::{Words, confidence};
use crate::output::{Cell, Column, Document, Table};

/// Tonnes below this are not worth a line.
const NOTHING: f64 = 1e-3;
/// Lines of a long table that people are shown.
const SHOWN: usize = 14;

/// All that was computed.
pub struct Answer<'a> {
    pub dataset: &'a Dataset,
    pub conflict: &'a Conflict,
    pub short: &'a Shortfall,
    pub range: &'a Uncertain,
    pub steps: &'a [Step],
    pub rule: Option<&'a Rule>,
    pub args: &'a StockpileArgs,
}

/// `12.3`, or `1.25 billion`.
pub fn millions(musd: f64) -> String {
    if musd.abs() >= 1e3 {
        format!("{} billion USD", figures(musd / 1e3))
    } else {
        format!("{} million USD", figures(musd))
    }
}

impl<'a> Answer<'a> {
    /// The whole answer.
    pub fn document(&self) -> Document<'a> {
        let words = Words::new(self.dataset);
        let mut document = Document::new();
        let last = self.conflict.first_year + u16::try_from(self.conflict.years).unwrap_or(1) - 1;
        document.title(format!(
            "{}, {} to {last}: what runs short, and what covers it",
            words.place(&self.short.place),
            self.conflict.first_year,
        ));
        document.text(format!("{}.", self.conflict.title.trim_end_matches('.')));
        document.fact("place", self.short.place.as_str());
        document.fact("conflict", self.conflict.name.as_str());
        document.fact("draws", self.range.draws);
        document.fact("seed", self.args.seed);
        document.fact("cost_musd", self.short.cost_musd);
        document.fact("cost_musd_range", serde_json::json!(self.range.cost_musd));
        document.fact("defence_share", self.short.defence_share);
        document.text(self.headline());
        document.table(self.elements());
        document.table(self.products(&words));
        document.table(self.years());
        document.picture(self.merit_order_at_a_glance(&words));
        document.data(self.merit_order());
        document.table(self.purchases(&words));
        document.table(self.assumptions());
        if let Some(found) = self.rule {
            rule::show(found, self.short, &words, &mut document);
        }
        document.data(self.by_product_and_year());
        document.data(self.origins());
        self.remarks(&mut document);
        let name = &self.args.scenario;
        let place = &self.short.place;
        let mut next = Vec::new();
        if self.rule.is_none() {
            next.push(format!("monazite stockpile --for {place} --scenario {name} --rule"));
        }
        next.push(format!(
            "monazite stockpile --for {place} --scenario {name} --csv=merit_order"
        ));
        next.push("monazite stockpile new my-conflict.toml".to_owned());
        document.next(next);
        document
    }

    fn sector(&self, at: usize) -> f64 {
        let musd = |need: &Need| {
            let share = need.short_by_sector.get(at).copied().unwrap_or_default() / need.short.max(f64::MIN_POSITIVE);
            need.cost_musd.unwrap_or_default() * share
        };
        self.short.needs.iter().map(musd).sum()
    }

    fn headline(&self) -> String {
        let short: Vec<&Need> = self.short.needs.iter().filter(|need| need.short > NOTHING).collect();
        if short.is_empty() {
            return format!(
                "At best guesses nothing is short. In {} a stock of up to {} would have been needed.",
                counted(self.range.draws, "draw"),
                millions(self.range.cost_musd[2])
            );
        }
        let reo: f64 = self
            .short
            .elements
            .iter()
            .map(monazite_strategy::stockpile::ElementNeed::short)
            .sum();
        let [low, _, high] = self.range.cost_musd;
        let shares: Vec<String> = (Sector::ALL.iter().enumerate())
            .map(|(at, sector)| {
                format!(
                    "{} {}",
                    percent(self.sector(at) / self.short.cost_musd.max(1e-12)),
                    sector.as_str()
                )
            })
            .collect();
        let instead: f64 = self.steps.iter().map(|step| step.cost_musd).sum();
        let bought: f64 = self
            .steps
            .iter()
            .filter(|step| step.measure == Measure::Stock)
            .map(|step| step.cost_musd)
            .sum();
        format!(
            "At best guesses {} are short, {} t REO in all. A stock of all of it would cost {}; over the ranges of the \
             assumptions {} to {} (5 to 95 %). By value of the shortfall: {}. With what is cheaper than a stock done first, \
             the bill is {}, of which {} is stock.",
            counted(short.len(), "product"),
            thousands(reo),
            millions(self.short.cost_musd),
            millions(low),
            millions(high),
            shares.join(", "),
            millions(instead),
            millions(bought),
        )
    }

    fn elements(&self) -> Table {
        let mut table = Table::new(
            "elements",
            "By element and form, t REO over the emergency",
            vec![
                Column::text("element", "element"),
                Column::number("oxide_t_reo", "as\noxide"),
                Column::number("metal_t_reo", "as\nmetal"),
                Column::number("magnet_t_reo", "in\nmagnets"),
                Column::number("short_t_reo", "short"),
                Column::text("", "5–95 %").for_people(),
                Column::number("short_5_t_reo", "").for_programs(),
                Column::number("short_95_t_reo", "").for_programs(),
                Column::number("required_t_reo", "required"),
                Column::number("short_share", "share\nshort"),
                Column::number("probability", "short in\ndraws"),
            ],
        );
        let mut rows: Vec<_> = self
            .short
            .elements
            .iter()
            .filter(|row| row.required > NOTHING)
            .collect();
        let share = |row: &monazite_strategy::stockpile::ElementNeed| row.short() / row.required;
        rows.sort_by(|a, b| share(b).total_cmp(&share(a)));
        for row in rows {
            let [low, _, high] = self.range.elements.get(&row.element).copied().unwrap_or_default();
            let probability = self.range.probability.get(&row.element).copied().unwrap_or_default();
            table.push(vec![
                Cell::text(row.element.symbol()),
                tonnes(row.oxide),
                tonnes(row.metal),
                tonnes(row.magnet),
                Cell::number(row.short()),
                Cell::text(format!("{}–{}", figures(low), figures(high))),
                Cell::number(low),
                Cell::number(high),
                Cell::number(row.required),
                Cell::shown(share(row), percent(share(row))),
                Cell::shown(probability, percent(probability)),
            ]);
        }
        table
    }

    fn products(&self, words: &Words) -> Table {
        let mut table = Table::new(
            "products",
            "By product, in t REO of oxide, t of metal or magnet",
            vec![
                Column::text("product", "product"),
                Column::text("unit", "").for_programs(),
                Column::number("base_use", "use a\nyear"),
                Column::number("required", "required"),
                Column::number("reliable", "reliable\nsupply"),
                Column::number("short", "short"),
                Column::text("", "5–95 %").for_people(),
                Column::number("short_5", "").for_programs(),
                Column::number("short_95", "").for_programs(),
                Column::number("short_defence", "of it\ndefence"),
                Column::number("short_investment", "").for_programs(),
                Column::number("short_civilian", "").for_programs(),
                Column::number("price_usd_per_kg", "price\nUSD/kg"),
                Column::number("stock_musd", "as stock\nM USD"),
                Column::text("confidence", "evidence").minor(),
            ],
        )
        .show_at_most(SHOWN);
        for need in &self.short.needs {
            let sum = |of: &dyn Fn(&YearNeed) -> f64| -> f64 { need.years.iter().map(of).sum() };
            let [low, _, high] = self.range.short.get(&need.product).copied().unwrap_or_default();
            let [defence, investment, civilian] = need.short_by_sector;
            let trust = confidence(need.confidence.as_str());
            table.push(vec![
                Cell::named(&need.product, words.product(&need.product)),
                Cell::text(need.unit),
                Cell::number(need.base_use),
                Cell::number(sum(&|year| year.required.iter().sum())),
                Cell::number(sum(&|year| year.reliable)),
                Cell::number(need.short),
                Cell::text(format!("{}–{}", figures(low), figures(high))),
                Cell::number(low),
                Cell::number(high),
                tonnes(defence),
                Cell::number(investment),
                Cell::number(civilian),
                need.price_usd_per_kg.map_or_else(Cell::empty, Cell::number),
                need.cost_musd.map_or_else(Cell::empty, tonnes),
                Cell::named(need.confidence.as_str(), trust).marked(trust == "unverified"),
            ]);
        }
        table
    }

    /// All products together, by year.
    fn years(&self) -> Table {
        let mut table = Table::new(
            "totals",
            "By year, t REO of all products; scarce supply goes to defence first, then to investment",
            vec![
                Column::number("year", "year"),
                Column::number("required_t_reo", "required"),
                Column::number("short_t_reo", "short"),
                Column::number("short_defence_t_reo", "defence"),
                Column::number("short_investment_t_reo", "emergency\ninvestment"),
                Column::number("short_civilian_t_reo", "essential\ncivilian"),
            ],
        );
        let mut years: BTreeMap<u16, [f64; 4]> = BTreeMap::new();
        for need in &self.short.needs {
            let reo: f64 = need.content.iter().map(|(_, content)| content).sum();
            for year in &need.years {
                let [required, defence, investment, civilian] = years.entry(year.year).or_default();
                *required += reo * year.required.iter().sum::<f64>();
                *defence += reo * year.short[0];
                *investment += reo * year.short[1];
                *civilian += reo * year.short[2];
            }
        }
        for (year, [required, defence, investment, civilian]) in years {
            table.push(vec![
                Cell::ordinal(year),
                Cell::number(required),
                Cell::number(defence + investment + civilian),
                tonnes(defence),
                tonnes(investment),
                tonnes(civilian),
            ]);
        }
        table
    }

    fn assumptions(&self) -> Table {
        let mut table = Table::new(
            "assumptions",
            "Which assumption moves the cost of a full stock most, M USD, one at a time",
            vec![
                Column::text("assumption", "assumption"),
                Column::number("cost_at_low_musd", "at its\nlow end"),
                Column::number("cost_at_high_musd", "at its\nhigh end"),
                Column::text("confidence", "evidence"),
            ],
        )
        .show_at_most(8);
        for swing in &self.range.swings {
            let trust = confidence(swing.confidence.as_str());
            table.push(vec![
                Cell::text(&swing.what),
                Cell::number(swing.cost_musd.0),
                Cell::number(swing.cost_musd.1),
                Cell::named(swing.confidence.as_str(), trust).marked(trust == "unverified"),
            ]);
        }
        table
    }

    fn by_product_and_year(&self) -> Table {
        let keys = [
            "required_defence",
            "required_investment",
            "required_civilian",
            "reliable",
            "short_defence",
            "short_investment",
            "short_civilian",
        ];
        let mut columns = vec![
            Column::text("product", "product"),
            Column::text("unit", "unit"),
            Column::number("year", "year"),
        ];
        columns.extend(keys.map(|key| Column::number(key, key)));
        let mut table = Table::new("years", "By product and year", columns);
        for need in &self.short.needs {
            for year in &need.years {
                let mut row = vec![
                    Cell::text(&need.product),
                    Cell::text(need.unit),
                    Cell::ordinal(year.year),
                ];
                row.extend(year.required.map(Cell::number));
                row.push(Cell::number(year.reliable));
                row.extend(year.short.map(Cell::number));
                table.push(row);
            }
        }
        table
    }

    fn origins(&self) -> Table {
        let mut table = Table::new(
            "origins",
            "Where it comes from in the base year, and what is left of that in the first year",
            vec![
                Column::text("product", "product"),
                Column::text("place", "place"),
                Column::number("share", "share"),
                Column::number("left_first_year", "left"),
            ],
        );
        for need in &self.short.needs {
            for origin in &need.origins {
                table.push(vec![
                    Cell::text(&need.product),
                    Cell::text(&origin.place),
                    Cell::number(origin.share),
                    Cell::number(origin.left),
                ]);
            }
        }
        table
    }

    fn remarks(&self, document: &mut Document<'_>) {
        document.remark(format!(
            "Supply is the base year {}, followed from mine to magnet less what the emergency takes away at each step; a surplus of \
             one year does not help the next. Prices are those of the base year in the country; a stock costs more while it is \
             bought, and storage over {} years. What it fetches when released is not taken off.",
            self.conflict.base_year, self.conflict.cost.years_held
        ));
        document.remark(format!(
            "Defence is {} of use in the base year as assumed here, in t REO; published: below 5 % (2012). Requirements by \
             element are not published since 2013.",
            percent(self.short.defence_share)
        ));
        document.warning(
            "Shares of defence, essential use, access and damage are assumptions without a retrieved source (confidence C): read \
             the ranges, and replace what you know better.",
        );
    }
}

/// Tonnes, with nothing where there are none.
fn tonnes(value: f64) -> Cell {
    if value.abs() < NOTHING {
        Cell::shown(value, "")
    } else {
        Cell::number(value)
    }
}
