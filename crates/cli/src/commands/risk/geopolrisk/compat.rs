//! The table of geopolrisk-py 2.0.1.

use std::path::Path;
use std::time::Instant;

use monazite_risk::Context;
use monazite_risk::columns::{Tables, Wanted};
use monazite_risk::geopolrisk::compat::{CompatEconomy, CompatMaterial, CompatTable, table as compat_table};
use monazite_risk::geopolrisk::{NUMBERS, write_parquet};

use super::ask;
use crate::args::geopolrisk::GeopolriskArgs;
use crate::args::risk::{Slice, TableArgs};
use crate::failure::Failure;
use crate::output::number::{count, figures};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Rows that people are shown.
const ROWS: usize = 20;

/// What the library is asked, in its own words.
struct Asked {
    /// Materials.
    materials: Vec<CompatMaterial>,
    /// Codes of importers; none for all.
    economies: Option<Vec<CompatEconomy>>,
    /// Years.
    years: Vec<u16>,
}

/// What was read.
pub struct Read {
    /// Flows of the years and headings asked for.
    pub flows: usize,
    /// Whether governance is the user's own.
    pub own_governance: bool,
}

/// The bundled table is no copy of the library's.
const ROUNDED: &str = "bundled estimates of political stability are rounded to six decimals and have one series of Guyana \
                       where the library has another; --governance gives the library's numbers to the last digit";

/// What a slice means in the library's words.
fn asked(
    context: &Context<'_>,
    slice: &Slice,
    tables_of: impl Fn(&[u16]) -> Result<Tables, Failure>,
) -> Result<(Asked, Tables), Failure> {
    let dataset = context.dataset;
    let years = ask::years_of(slice)?;
    let materials = if slice.material.is_empty() {
        CompatMaterial::all(dataset)
    } else {
        let of = |name: &String| {
            let row = dataset.resolve_material(name)?;
            CompatMaterial::of(dataset, row).ok_or_else(|| {
                Failure::input(format!("geopolrisk-py has no customs heading for {}", row.material))
                    .hint("leave out --compat to learn why")
            })
        };
        slice.material.iter().map(of).collect::<Result<_, Failure>>()?
    };
    let tables = tables_of(&years)?;
    let mut economies = Vec::new();
    for text in &slice.importer {
        if ["EU", "EU27"].iter().any(|eu| text.eq_ignore_ascii_case(eu)) {
            economies.push(CompatEconomy::eu());
            continue;
        }
        let latest = years.last().copied().into_iter().collect::<Vec<_>>();
        let importer = ask::importer(dataset, text, &latest)?;
        let members = importer.members.values().flatten();
        let members: Vec<u16> = members.filter_map(|place| tables.codes.code(place)).collect();
        economies.push(match members.as_slice() {
            [code] => CompatEconomy::country(*code, importer.name),
            _ => CompatEconomy {
                code: importer.id,
                name: importer.name,
                members,
            },
        });
    }
    let asked = Asked {
        materials,
        economies: (!economies.is_empty()).then_some(economies),
        years,
    };
    Ok((asked, tables))
}

/// Refuses what the library does not know.
fn known(slice: &Slice) -> Result<(), Failure> {
    if let Some(element) = slice.element.first() {
        return Err(Failure::input(format!(
            "geopolrisk-py knows rare earths only together, not `{element}`"
        ))
        .hint("ask for `--material \"Rare earths\"`, or leave out --compat"));
    }
    if !slice.stage.is_empty() {
        return Err(Failure::input("geopolrisk-py does not tell stages apart").hint("leave out --stage or --compat"));
    }
    Ok(())
}

/// Reads the tables and scores.
pub fn scored(context: &Context<'_>, slice: &Slice, args: &GeopolriskArgs) -> Result<(CompatTable, Read), Failure> {
    known(slice)?;
    let paths = ask::paths(&args.tables)?;
    if paths.production.is_none() || paths.trade.is_none() {
        return Err(Failure::input("the library's numbers need its kind of tables: trade and production").hint(
            "give --trade and --production, or the folder of `monazite data import` by --data; governance is bundled",
        ));
    }
    let dataset = context.dataset;
    let (asked, tables) = asked(context, slice, |years| {
        let all = CompatMaterial::all(dataset);
        let wanted = Wanted::new(years, all.iter().flat_map(|material| material.headings.iter().copied()));
        Ok(Tables::read(dataset, &paths, &wanted)?)
    })?;
    let economies = asked.economies.unwrap_or_else(|| CompatEconomy::all(&tables));
    let Some(production) = &tables.production else {
        return Err(Failure::input("no production table was given"));
    };
    let scored = compat_table(&tables, production, asked.materials, economies, asked.years);
    let read = Read {
        flows: tables.trade.len(),
        own_governance: tables.governance.own,
    };
    Ok((scored, read))
}

/// The table as asked for.
pub fn table(context: &Context<'_>, args: &TableArgs, printer: &Printer) -> Result<(), Failure> {
    let start = Instant::now();
    let (scored, read) = scored(context, &args.slice, &args.geopolrisk)?;
    let mut document = Document::new();
    if !read.own_governance {
        document.warning(ROUNDED);
    }
    if let Some(path) = &args.geopolrisk.out {
        write(&scored, path)?;
        document.title(format!(
            "geopolrisk, as release 2.0.1 of geopolrisk-py, in {}",
            path.display()
        ));
        document.text(format!(
            "{} scores: {} materials, {} economies, {} years; from {} flows in {:.2} s.",
            count(scored.scores.len()),
            scored.materials.len(),
            scored.economies.len(),
            scored.years.len(),
            count(read.flows),
            start.elapsed().as_secs_f64()
        ));
        document.remark("Defects of the library are in these numbers on purpose; without --compat they are mended.");
        return printer.print(&document);
    }
    document.table(rows(&scored, printer));
    document.remark(
        "Numbers of geopolrisk-py 2.0.1, defects included: a score of 0 may mean no data. Without --compat they are mended.",
    );
    printer.print(&document)
}

fn rows(scored: &CompatTable, printer: &Printer) -> Table {
    let heads = [
        "imports × risk t",
        "imports t",
        "price USD/kg",
        "domestic t",
        "HHI",
        "import risk",
        "score",
        "factor kg Cu-eq/kg",
    ];
    let mut columns = vec![
        Column::number("year", "year"),
        Column::text("raw_material", "material"),
        Column::text("economy_code", "").for_programs(),
        Column::text("economy", "importer"),
    ];
    columns.extend(NUMBERS.iter().zip(heads).map(|(key, head)| {
        let column = Column::number(key, head);
        if matches!(*key, "numerator_t_x_wgi") {
            column.for_programs()
        } else {
            column
        }
    }));
    let mut table =
        Table::new("geopolrisk", "geopolrisk, as release 2.0.1 of geopolrisk-py", columns).show_at_most(ROWS);
    // People see the first rows; the others are made only for programs.
    let most = if printer.is_human() { ROWS } else { usize::MAX };
    for (year, material, economy, score) in scored.rows().take(most) {
        let mut cells = vec![
            Cell::ordinal(year),
            Cell::text(&material.name),
            Cell::text(&economy.code),
            Cell::text(&economy.name),
        ];
        cells.extend((0..NUMBERS.len()).map(|at| {
            let number = score.and_then(|score| score.numbers().get(at).copied());
            number.map_or_else(Cell::empty, |number| match number {
                n if n.abs() < 10.0 => Cell::shown(n, format!("{n:.3}")),
                n => Cell::shown(n, figures(n)),
            })
        }));
        table.push(cells);
    }
    let left = scored.scores.len().saturating_sub(table.rows.len());
    if left > 0 {
        table.title = format!(
            "{}: the first {} of {} rows",
            table.title,
            table.rows.len(),
            count(scored.scores.len())
        );
    }
    table
}

/// Writes the table: Parquet, or CSV by the ending of the path.
fn write(scored: &CompatTable, path: &Path) -> Result<(), Failure> {
    if !ask::is_csv(path) {
        return Ok(write_parquet(scored, path)?);
    }
    let failed = |error: csv::Error| Failure::failed(format!("cannot write `{}`: {error}", path.display()));
    let mut writer = csv::Writer::from_path(path).map_err(failed)?;
    let head = ["year", "raw_material", "economy_code", "economy"];
    writer.write_record(head.iter().chain(&NUMBERS)).map_err(failed)?;
    for (year, material, economy, score) in scored.rows() {
        let numbers = (0..NUMBERS.len()).map(|at| {
            let number = score.and_then(|score| score.numbers().get(at).copied());
            number.map_or_else(String::new, |number| number.to_string())
        });
        let words = [
            year.to_string(),
            material.name.clone(),
            economy.code.clone(),
            economy.name.clone(),
        ];
        writer.write_record(words.into_iter().chain(numbers)).map_err(failed)?;
    }
    writer
        .flush()
        .map_err(|error| Failure::failed(format!("cannot write `{}`: {error}", path.display())))
}
