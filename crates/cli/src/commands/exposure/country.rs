//! `monazite exposure --country`: industries and GDP.

use std::collections::BTreeMap;

use monazite_evidence::{Dataset, PlaceId};
use monazite_exposure::industry::{
    Case, Economy, Loss, Mapping, Propagation, Shortfall, Shortfalls, loss, oecd, read_shocks, shock_loss, shortfalls,
    usa,
};
use monazite_exposure::paths::CountryBands;
use monazite_exposure::{ExposureError, Range};

use super::paths::{Paths, case_bands, country_text, industry_bands, quarter_bands};
use super::ranges::{Keys, cells, columns, range, share};
use super::{Market, dataset, one_place, read, sheet, span};
use crate::args::Global;
use crate::args::exposure::ExposureArgs;
use crate::failure::Failure;
use crate::output::number::{figures, money, percent, thousands};
use crate::output::progress::Progress;
use crate::output::words::Words;
use crate::output::{Cell, Column, Document, Printer, Table};

/// How many industries people are shown.
const SHOWN: usize = 15;

/// Shows what a country's industries lose.
pub fn country(name: &str, args: &ExposureArgs, global: &Global, printer: &Printer) -> Result<(), Failure> {
    let progress = Progress::start("reading the evidence");
    let dataset = dataset(global)?;
    let place = one_place(&dataset, name)?;
    let economy = economy(&dataset, &place, args)?;
    let mapping = Mapping::of(&dataset, &economy);
    let answer = Answer {
        words: Words::new(&dataset),
        place: place.to_string(),
        economy: &economy,
        mapping: &mapping,
    };
    if let Some(file) = &args.shock {
        let shocks = read_shocks(&sheet(file, "read the shortages")?, &economy)?;
        let propagation = Propagation::new(&economy, &Case::substitutions());
        let found = shock_loss(&economy, &propagation, &shocks);
        let title = format!("What the shortages of `{}` cost {}", file.display(), answer.country());
        drop(progress);
        return printer.print(&answer.document(&title, &found, None, None));
    }
    let Some(scenario) = &args.scenario else {
        drop(progress);
        return printer.print(&answer.needs_only());
    };
    let market = Market::of(&dataset, Some(scenario), &progress)?;
    let (Some((scenario, result)), Some(view)) = (&market.run, dataset.view_place(&place)) else {
        return Err(Failure::failed("the scenario gave no result"));
    };
    progress.now("following the losses through the table");
    let short = shortfalls(&dataset, &market.base, result, view.as_str())?;
    let propagation = Propagation::new(&economy, &Case::substitutions());
    let found = loss(
        &economy,
        &propagation,
        &mapping.needs,
        &short.rows,
        short.quarters.len(),
    );
    let title = format!("{}: what it costs {}", scenario.title, answer.country());
    let paths = Paths::of(&dataset, &market, &args.ensemble, &progress)?;
    drop(progress);
    let bands = match &paths {
        Some(paths) => Some(paths.country(&market, view.as_str(), &economy, &propagation, &mapping)?),
        None => None,
    };
    let mut document = answer.document(&title, &found, Some(&short), bands.as_ref());
    match &paths {
        Some(paths) => document.remark(paths.remark()),
        None => document.next(vec![format!(
            "monazite exposure --country {place} --scenario {} --paths 64",
            scenario.name
        )]),
    }
    printer.print(&document)
}

fn economy(dataset: &Dataset, place: &PlaceId, args: &ExposureArgs) -> Result<Economy, Failure> {
    if let Some(file) = &args.tables {
        let bytes = read(file, "read the table")?;
        let name = file
            .file_name()
            .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        return Ok(oecd(&bytes, &name)?);
    }
    if *place == "USA" {
        return Ok(usa()?);
    }
    let country = dataset
        .place(place)
        .map_or_else(|| place.to_string(), |row| row.name.clone());
    Err(ExposureError::NoTable {
        country,
        bundled: "the United States (402 industries)",
    }
    .into())
}

struct Answer<'a> {
    words: Words,
    place: String,
    economy: &'a Economy,
    mapping: &'a Mapping,
}

impl Answer<'_> {
    fn country(&self) -> &str {
        let name = self.words.place(&self.place);
        if name == "United States" {
            "the United States"
        } else {
            name
        }
    }

    fn document(
        &self,
        title: &str,
        found: &Loss,
        short: Option<&Shortfalls>,
        bands: Option<&CountryBands>,
    ) -> Document<'_> {
        let mut document = Document::new();
        document.title(title);
        document.text(self.headline(found, short));
        if let Some(bands) = bands {
            document.text(country_text(bands));
            document.fact("paths", bands.paths);
        }
        document.fact("country", self.place.clone());
        document.fact("tables", self.economy.title.clone());
        document.fact("gdp_musd", self.economy.gdp());
        document.table(self.losses(found));
        document.table(cases(found, self.economy));
        if let Some(bands) = bands {
            document.table(case_bands(bands));
            document.data(industry_bands(bands, found, self.economy));
            document.data(quarter_bands(bands, short.map_or(&[], |s| &s.quarters)));
        }
        match short {
            Some(short) => {
                document.table(uses(&self.words, short));
                document.data(Self::shortfalls(short));
                document.data(by_quarter(found, &short.quarters));
                if short.dearer_kusd > 0.0 {
                    document.text(format!(
                        "Besides, users pay {} more for what they still get. It is lost to them and earned by others; it \
                         is not in the losses above.",
                        money(short.dearer_kusd)
                    ));
                }
            }
            None => document.data(by_quarter(found, &[])),
        }
        document.data(self.needs());
        document.data(self.industries());
        document.data(self.checks());
        for remark in self.remarks(found) {
            document.remark(remark);
        }
        document
    }

    fn headline(&self, found: &Loss, short: Option<&Shortfalls>) -> String {
        let total = found.total();
        let quarters = short.map_or(0, |s| s.quarters.len());
        let years = if quarters > 0 { quarters } else { by_quarter_len(found) };
        let gdp = self.economy.gdp() * as_number(years) / 4.0;
        let when = short.map_or_else(String::new, |s| format!(" over {}", span(&s.quarters)));
        format!(
            "Lost value added{when}: {} (lowest {}, highest {}), {} of GDP over these quarters (up to {}). {}",
            money(1e3 * total.central),
            money(1e3 * total.low),
            money(1e3 * total.high),
            tiny_percent(total.central / gdp),
            tiny_percent(total.high / gdp),
            "Its ends are assumptions, not a band of probability."
        )
    }

    fn losses(&self, found: &Loss) -> Table {
        let mut heads = vec![
            Column::text("industry", "code").minor(),
            Column::text("name", "industry"),
        ];
        heads.extend(columns(
            "lost value added M USD",
            "loss",
            &Keys("loss_musd_low", "loss_musd", "loss_musd_high"),
        ));
        heads.push(Column::number("direct_musd", "direct"));
        heads.push(Column::number("share_of_value_added", "of its value added").minor());
        heads.push(Column::number("deepest_share", "deepest quarter"));
        heads.push(Column::text("input", "for want of"));
        let title = format!("Industries, million USD of {}", self.money_year());
        let mut table = Table::new("losses", title, heads)
            .show_at_most(SHOWN)
            .if_empty("no industry loses anything");
        let quarters = as_number(by_quarter_len(found));
        for row in &found.industries {
            let industry = &self.economy.industries[row.industry];
            let value = self.economy.value_added[row.industry] * quarters / 4.0;
            let mut line = vec![Cell::text(&industry.code), Cell::text(&industry.name)];
            line.extend(cells(row.loss_musd, range(row.loss_musd)));
            line.push(Cell::number(row.direct_musd));
            let part = row.loss_musd.central / value;
            line.push(Cell::shown(part, tiny_percent(part)));
            line.push(Cell::shown(row.deepest, tiny_percent(row.deepest)));
            let input = row.input.clone().unwrap_or_else(|| "orders or inputs".to_owned());
            line.push(Cell::named(&input, self.words.end_use(&input)));
            table.push(line);
        }
        table
    }

    fn money_year(&self) -> String {
        self.economy
            .year
            .map_or_else(|| "the table's year".to_owned(), |year| year.to_string())
    }

    /// Every use and product, for programs.
    fn shortfalls(short: &Shortfalls) -> Table {
        let heads = vec![
            Column::text("end_use", "end use"),
            Column::text("product", "product"),
            Column::text("quarter", "quarter"),
            Column::number("cut_share", "cut"),
            Column::number("substituted_share", "substituted"),
            Column::number("output_loss_share", "output lost"),
            Column::number("value_kusd", "base value"),
        ];
        let mut table = Table::new("shortfalls", "Shortfalls by use, product and quarter", heads);
        for row in &short.rows {
            for (q, quarter) in short.quarters.iter().enumerate() {
                let at = |values: &[f64]| values.get(q).copied().unwrap_or(0.0);
                table.push(vec![
                    Cell::text(&row.input),
                    Cell::text(&row.product),
                    Cell::text(quarter),
                    Cell::number(at(&row.cut)),
                    Cell::number(at(&row.substituted)),
                    Cell::number(row.output_loss(q, true)),
                    Cell::number(row.value_kusd),
                ]);
            }
        }
        table
    }

    fn needs(&self) -> Table {
        let mut heads = vec![
            Column::text("end_use", "end use"),
            Column::text("industry", "code"),
            Column::text("name", "industry"),
        ];
        heads.extend(columns(
            "part of output",
            "share",
            &Keys("low", "share_of_output", "high"),
        ));
        let mut table = Table::new(
            "needs",
            "Part of output that cannot be made without an end use's products",
            heads,
        );
        for need in &self.mapping.needs {
            let industry = &self.economy.industries[need.industry];
            let mut row = vec![
                Cell::named(&need.input, self.words.end_use(&need.input)),
                Cell::text(&industry.code),
                Cell::text(&industry.name),
            ];
            row.extend(cells(need.share, share(need.share)));
            table.push(row);
        }
        table
    }

    fn industries(&self) -> Table {
        let heads = vec![
            Column::text("industry", "code"),
            Column::text("name", "industry"),
            Column::number("output_musd", "output"),
            Column::number("value_added_musd", "value added"),
        ];
        let mut table = Table::new("industries", "Industries of the table, M USD a year", heads);
        for (j, industry) in self.economy.industries.iter().enumerate() {
            table.push(vec![
                Cell::text(&industry.code),
                Cell::text(&industry.name),
                Cell::number(self.economy.output[j]),
                Cell::number(self.economy.value_added[j]),
            ]);
        }
        table
    }

    fn checks(&self) -> Table {
        let heads = vec![
            Column::text("what", "published total"),
            Column::number("published_musd", "published"),
            Column::number("ours_musd", "ours"),
            Column::number("difference", "difference"),
        ];
        let mut table = Table::new("checks", "Totals of the table against published ones, M USD", heads);
        for check in &self.economy.checks {
            table.push(vec![
                Cell::text(&check.what),
                Cell::shown(check.published_musd, thousands(check.published_musd)),
                Cell::shown(check.ours_musd, thousands(check.ours_musd)),
                Cell::shown(check.difference(), format!("{:.0e}", check.difference())),
            ]);
        }
        table
    }

    fn remarks(&self, found: &Loss) -> Vec<String> {
        let mut remarks = vec![format!(
            "Table: {}. Which industries need which use is our prior, unverified: `--csv=needs` lists it, \
             `industry_uses.csv` holds it. Products that arrive finished, with magnets inside, are not counted.",
            self.economy.title
        )];
        if !found.unmapped.is_empty() {
            remarks.push(format!(
                "No industry is known for: {}.",
                found.unmapped.join(", ").replace('_', " ")
            ));
        }
        if !self.mapping.missing.is_empty() {
            remarks.push(format!("Not in this table: {}.", self.mapping.missing.join(", ")));
        }
        remarks
    }

    /// Without a scenario: which industries need rare earths.
    fn needs_only(&self) -> Document<'_> {
        let mut document = Document::new();
        document.title(format!("Industries of {} that need rare earths", self.country()));
        let mut table = self.needs();
        table.shown = 40;
        document.table(table);
        document.data(self.industries());
        document.table(self.checks());
        document.remark(format!(
            "Table: {}. The parts are our priors, unverified.",
            self.economy.title
        ));
        document.next(vec![format!(
            "monazite exposure --country {} --scenario china-2025-04",
            self.place
        )]);
        document
    }
}

fn by_quarter_len(found: &Loss) -> usize {
    found.cases.first().map_or(0, |case| case.by_quarter_musd.len())
}

fn cases(found: &Loss, economy: &Economy) -> Table {
    let heads = vec![
        Column::text("case", "case"),
        Column::text("meaning", "what it assumes"),
        Column::number("direct_musd", "direct"),
        Column::number("total_musd", "with chain"),
        Column::number("share_of_gdp", "of GDP"),
    ];
    let mut table = Table::new("cases", "The same under other assumptions, million USD", heads);
    let gdp = economy.gdp() * as_number(by_quarter_len(found)) / 4.0;
    for case in &found.cases {
        let part = case.total_musd / gdp;
        table.push(vec![
            Cell::named(case.case.name, case.case.name.replace('_', " ")),
            Cell::text(case.case.meaning),
            Cell::number(case.direct_musd),
            Cell::number(case.total_musd),
            Cell::shown(part, tiny_percent(part)),
        ]);
    }
    table
}

fn by_quarter(found: &Loss, quarters: &[String]) -> Table {
    let mut heads = vec![Column::text("quarter", "quarter")];
    heads.extend(columns(
        "M USD",
        "loss",
        &Keys("loss_musd_low", "loss_musd", "loss_musd_high"),
    ));
    let mut table = Table::new("by_quarter", "Lost value added by quarter, million USD", heads);
    for q in 0..by_quarter_len(found) {
        let at = |case: usize| {
            let row = found.cases.get(case).and_then(|c| c.by_quarter_musd.get(q));
            row.copied().unwrap_or(0.0)
        };
        let value = Range::new(at(0), at(Case::CENTRAL), at(Case::ALL.len() - 1));
        let name = quarters.get(q).cloned().unwrap_or_else(|| format!("{}", q + 1));
        let mut row = vec![Cell::text(name)];
        row.extend(cells(value, range(value)));
        table.push(row);
    }
    table
}

/// The uses that go without most, over the path.
fn uses(words: &Words, short: &Shortfalls) -> Table {
    let heads = vec![
        Column::text("end_use", "end use"),
        Column::text("worst_product", "scarcest product"),
        Column::number("deepest_cut", "deepest cut"),
        Column::text("quarter", "in"),
        Column::number("essential", "essential"),
        Column::number("output_loss", "output lost, at most"),
    ];
    let mut table = Table::new("shortages", "Uses that go without", heads)
        .show_at_most(8)
        .if_empty("none goes without");
    let mut worst: BTreeMap<&str, (f64, usize, &Shortfall)> = BTreeMap::new();
    for row in &short.rows {
        for (q, cut) in row.cut.iter().enumerate().filter(|(_, cut)| **cut > 0.02) {
            let entry = worst.entry(&row.input).or_insert((*cut, q, row));
            if *cut > entry.0 {
                *entry = (*cut, q, row);
            }
        }
    }
    let mut worst: Vec<_> = worst.into_iter().collect();
    let lost = |row: &Shortfall| {
        (0..short.quarters.len())
            .map(|q| row.output_loss(q, true))
            .fold(0.0, f64::max)
    };
    worst.sort_by(|a, b| lost(b.1.2).total_cmp(&lost(a.1.2)).then(b.1.0.total_cmp(&a.1.0)));
    for (input, (cut, q, row)) in worst {
        table.push(vec![
            Cell::named(input, words.end_use(input)),
            Cell::named(&row.product, words.product(&row.product)),
            Cell::shown(cut, percent(cut)),
            Cell::text(short.quarters.get(q).cloned().unwrap_or_default()),
            Cell::shown(row.essential, percent(row.essential)),
            Cell::shown(lost(row), percent(lost(row))),
        ]);
    }
    table
}

/// A share of GDP is often far below a percent.
fn tiny_percent(share: f64) -> String {
    format!("{} %", figures(100.0 * share))
}

#[allow(clippy::cast_precision_loss, reason = "a count of quarters")]
fn as_number(count: usize) -> f64 {
    count as f64
}
