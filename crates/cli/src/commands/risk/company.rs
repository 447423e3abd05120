//! `monazite risk company`: a company's purchases beside the country it buys for.

use std::collections::BTreeMap;

use monazite_evidence::Purchase;
use monazite_risk::Context;
use monazite_risk::columns::{Tables, Wanted};
use monazite_risk::company::{CompanyScore, compat, read, scores as company_scores, targets_of};
use monazite_risk::geopolrisk::compat::{CompatScore, Instability, concentration};
use monazite_risk::geopolrisk::corrected::Model;
use monazite_risk::geopolrisk::headings;

use super::geopolrisk::ask;
use super::scores;
use crate::args::geopolrisk::CompanyArgs;
use crate::failure::Failure;
use crate::output::number::figures;
use crate::output::words::flag;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Scores a table of purchases.
pub fn company(context: &Context<'_>, args: &CompanyArgs, printer: &Printer) -> Result<(), Failure> {
    let purchases = read(&args.file, context.dataset)?;
    if purchases.is_empty() {
        return Err(Failure::input(format!("`{}` has no purchases", args.file.display())));
    }
    let paths = ask::paths(&args.geopolrisk.tables)?;
    let mut years: Vec<u16> = purchases.iter().map(|purchase| purchase.year).collect();
    years.sort_unstable();
    years.dedup();
    if args.geopolrisk.compat.is_some() {
        return as_the_library(context, &purchases, args, printer);
    }
    let targets = targets_of(context.dataset, &purchases, ask::stage(args.stage))?;
    let list: Vec<_> = targets.values().cloned().collect();
    let wanted = Wanted::new(&years, headings(context, &list));
    let tables = Tables::read(context.dataset, &paths, &wanted)?;
    let model = Model::new(context, &tables, ask::options(&args.geopolrisk, args.explain));
    let country = ask::importer(context.dataset, &args.importer, &years)?;
    let found = company_scores(&model, &purchases, &targets, &country);
    let mut document = Document::new();
    document.table(rows(&found, &country.name));
    let all: Vec<_> = found
        .iter()
        .flat_map(|f| [f.score.clone(), f.benchmark.score.clone()])
        .collect();
    scores::notes(&mut document, &all);
    if args.explain {
        let own: Vec<_> = found.into_iter().map(|found| found.score).collect();
        scores::explain(&mut document, &own);
    }
    printer.print(&document)
}

fn rows(found: &[CompanyScore], country: &str) -> Table {
    let mut table = Table::new(
        "company",
        format!("The company's purchases beside {country}"),
        vec![
            Column::text("material", "material"),
            Column::text("stage", "stage"),
            Column::number("year", "year"),
            Column::number("quantity_t", "bought t"),
            Column::number("score", "score"),
            Column::number("benchmark", country.to_owned()),
            Column::number("ratio", "company / country"),
            Column::text("confidence", ""),
            Column::number("import_risk", "at risk"),
            Column::number("benchmark_import_risk", "of the country").minor(),
            Column::number("hhi", "HHI").minor(),
            Column::number("price_usd_per_kg", "paid USD/kg"),
            Column::number("world_price_usd_per_kg", "world USD/kg").minor(),
            Column::text("missing", "").for_programs(),
            Column::text("benchmark_missing", "").for_programs(),
        ],
    );
    let number = |value: Option<f64>| {
        value.map_or_else(
            || Cell::empty().reads("–"),
            |v| Cell::shown(v, if v.abs() < 10.0 { format!("{v:.3}") } else { figures(v) }),
        )
    };
    for row in found {
        let (own, country) = (&row.score.value, &row.benchmark.score.value);
        let ratio = own.as_ref().ok().zip(country.as_ref().ok()).filter(|(_, b)| **b > 0.0);
        let letter = row.score.confidence.as_str();
        let why = |value: &Result<f64, monazite_risk::Missing>| {
            Cell::text(value.as_ref().err().map(ToString::to_string).unwrap_or_default())
        };
        table.push(vec![
            Cell::text(&row.score.material),
            Cell::text(row.score.stage.unwrap_or_default()),
            Cell::ordinal(row.score.year),
            number(Some(row.quantity_t)),
            number(own.clone().ok()),
            number(country.clone().ok()),
            number(ratio.map(|(own, country)| own / country)),
            Cell::named(letter, flag(letter)).marked(!flag(letter).is_empty()),
            number(row.import_risk),
            number(row.benchmark.import_risk),
            number(row.benchmark.hhi),
            number(row.price),
            number(row.benchmark.price),
            why(own),
            why(country),
        ]);
    }
    table
}

/// The library's numbers for its template.
fn as_the_library(
    context: &Context<'_>,
    purchases: &[Purchase],
    args: &CompanyArgs,
    printer: &Printer,
) -> Result<(), Failure> {
    let dataset = context.dataset;
    let paths = ask::paths(&args.geopolrisk.tables)?;
    let tables = Tables::read(dataset, &paths, &Wanted::default())?;
    let Some(production) = &tables.production else {
        return Err(Failure::input("concentration needs a production table").hint("give --production or --data"));
    };
    let instability = Instability::new(&tables.governance);
    let mut groups: BTreeMap<(&str, u16), Vec<&Purchase>> = BTreeMap::new();
    for purchase in purchases {
        groups
            .entry((purchase.material.as_str(), purchase.year))
            .or_default()
            .push(purchase);
    }
    let columns = vec![
        Column::text("material", "material"),
        Column::number("year", "year"),
        Column::number("numerator", "quantity × risk"),
        Column::number("total", "quantity"),
        Column::number("price", "price"),
        Column::number("hhi", "HHI"),
        Column::number("import_risk", "import risk"),
        Column::number("score", "score"),
        Column::number("factor_kg_cu_eq_per_kg", "factor kg Cu-eq/kg"),
    ];
    let mut table = Table::new(
        "company",
        "The company as release 2.0.1 of geopolrisk-py means to score it",
        columns,
    );
    for ((name, year), bought) in groups {
        let material = dataset.resolve_material(name)?;
        let hhi = concentration(production.rows(&material.production_table, year));
        let code = |purchase: &Purchase| tables.codes.code(&purchase.origin);
        let score: Option<CompatScore> = compat(&bought, &instability, code, hhi);
        let number = |of: fn(&CompatScore) -> f64| {
            score.as_ref().map_or_else(Cell::empty, |score| {
                let value = of(score);
                Cell::shown(
                    value,
                    if value.abs() < 10.0 {
                        format!("{value:.3}")
                    } else {
                        figures(value)
                    },
                )
            })
        };
        table.push(vec![
            Cell::text(material.material.as_str()),
            Cell::ordinal(year),
            number(|s| s.imports.numerator),
            number(|s| s.imports.quantity),
            number(|s| s.price),
            number(|s| s.hhi),
            number(|s| s.import_risk),
            number(|s| s.score),
            number(|s| s.factor),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    document.remark("Quantities and values a thousandfold, as the library loads them; no domestic output. The country is not asked.");
    printer.print(&document)
}
