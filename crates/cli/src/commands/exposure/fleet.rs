//! `monazite exposure --fleet`: what a fleet needs by year.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::{Dataset, Element};
use monazite_exposure::Range;
use monazite_exposure::fleet::{Basis, Fleet, FleetRow, fleet as fleet_of};
use monazite_exposure::technology::Technologies;

use super::one_place;
use super::ranges::{Keys, cells, columns, range};
use crate::args::exposure::ExposureArgs;
use crate::failure::Failure;
use crate::output::number::{figures, multiple, thousands};
use crate::output::words::{Words, flag};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Regions of outlooks that are no countries.
const REGIONS: [(&str, &str); 3] = [
    ("WLD", "the world"),
    ("EUR", "Europe"),
    ("ROW", "the rest of the world"),
];
/// The longest span of years that is answered.
const LONGEST: u16 = 100;

/// Shows the need of a fleet.
pub fn fleet(name: &str, args: &ExposureArgs, dataset: &Dataset, printer: &Printer) -> Result<(), Failure> {
    let years = years(&args.years)?;
    let region = region(dataset, args.place.as_deref().unwrap_or_default())?;
    let technologies = Technologies::of(dataset);
    let found = fleet_of(dataset, &technologies, name, &region, years, args.outlook.as_deref())?;
    printer.print(&document(dataset, name, &region, &found))
}

fn years(text: &str) -> Result<(u16, u16), Failure> {
    let (from, to) = text.split_once("..").unwrap_or((text, text));
    let year = |text: &str| text.trim().parse::<u16>().ok().filter(|y| (1950..=2100).contains(y));
    match (year(from), year(to)) {
        (Some(from), Some(to)) if from <= to && to - from <= LONGEST => Ok((from, to)),
        _ => Err(Failure::input(format!("`{text}` is no span of years"))
            .hint("such as `--years 2025..2035`, or `--years 2030`")),
    }
}

fn region(dataset: &Dataset, word: &str) -> Result<String, Failure> {
    let upper = word.to_uppercase();
    if let Some((code, _)) = REGIONS
        .iter()
        .find(|(code, name)| *code == upper || name.eq_ignore_ascii_case(word))
    {
        return Ok((*code).to_owned());
    }
    if word.eq_ignore_ascii_case("world") || word.eq_ignore_ascii_case("europe") {
        return Ok(if upper == "WORLD" { "WLD" } else { "EUR" }.to_owned());
    }
    // Outlooks know Europe, which is more than the Union.
    one_place(dataset, word)
        .map(|place| place.to_string())
        .map_err(|failure| {
            if dataset.resolve_place(word).is_err() && dataset.group(word).is_ok() {
                failure.hint("outlooks for electric cars are for Europe as a whole: `--for EUR`")
            } else {
                failure
            }
        })
}

fn document<'a>(dataset: &'a Dataset, name: &str, region: &str, fleet: &'a Fleet) -> Document<'a> {
    let words = Words::new(dataset);
    let place = REGIONS
        .iter()
        .find(|(code, _)| *code == region)
        .map_or_else(|| words.place(region).to_owned(), |(_, name)| (*name).to_owned());
    let mut document = Document::new();
    document.title(format!("Rare earths that the fleet {name} needs in {place}, t a year"));
    document.fact("outlook", fleet.outlook.clone());
    document.picture(picture(fleet));
    document.data(need(fleet));
    document.data(units(fleet));
    document.data(others(fleet));
    let unverified = fleet
        .rows
        .iter()
        .any(|row| !flag(&row.confidence.to_string()).is_empty());
    document.remark(format!(
        "Tonnes of element contained in what is sold or built: best estimate, and for the sum the range of published \
         contents (`--csv=need` has it by element). Losses in making magnets come on top.{}",
        if unverified { " Some of it is unverified." } else { "" }
    ));
    document.remark(used(fleet));
    if let Some(text) = others_say(fleet) {
        document.remark(text);
    }
    if !fleet.missing.is_empty() {
        document.warning(missing(fleet));
    }
    document
}

/// Which outlook is used, and why.
fn used(fleet: &Fleet) -> String {
    if fleet.vintage.is_empty() {
        return "Only what was counted is known.".to_owned();
    }
    let name = &fleet.outlook;
    let others: BTreeSet<&str> = fleet.others.iter().map(|row| row.scenario.as_str()).collect();
    let why = if others.is_empty() {
        "the only one for this fleet and region"
    } else {
        "the latest edition for these years, stated policies before pledges"
    };
    format!("Outlook: {name}, published in {} ({why}).", fleet.vintage)
}

/// The same years and technologies in other outlooks: how far apart they are.
fn others_say(fleet: &Fleet) -> Option<String> {
    let mut found = Vec::new();
    for row in &fleet.others {
        let ours = (fleet.rows.iter()).find(|own| own.technology == row.technology.as_str() && own.year == row.year);
        if let Some(ours) = ours.filter(|own| own.basis == Basis::Outlook && own.units > 0.0) {
            found.push(format!(
                "{} ({}) has {} {} of {} in {}, {} of what is used here",
                row.scenario,
                row.provenance.vintage,
                thousands(row.value),
                row.unit,
                row.technology.as_str().replace('_', " "),
                row.year,
                multiple(row.value / ours.units)
            ));
        }
    }
    found.truncate(4);
    (!found.is_empty()).then(|| format!("Other outlooks: {}. `--outlook NAME` takes another.", found.join("; ")))
}

/// Years that nothing is known for, and who has them.
fn missing(fleet: &Fleet) -> String {
    let years = match (fleet.missing.first(), fleet.missing.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    let with: BTreeSet<&str> = (fleet.others.iter())
        .filter(|row| fleet.missing.contains(&row.year))
        .map(|row| row.scenario.as_str())
        .collect();
    if with.is_empty() {
        return format!("nothing is known for {years}");
    }
    let with: Vec<&str> = with.into_iter().collect();
    format!(
        "the outlook {} has nothing for {years}; `--outlook {}` has, from an earlier edition",
        fleet.outlook,
        with.join("` or `--outlook ")
    )
}

/// By year: units, and tonnes by element.
type ByYear = BTreeMap<u16, (f64, Basis, BTreeMap<Element, Range>)>;

fn by_year(rows: &[FleetRow]) -> ByYear {
    let mut years: ByYear = BTreeMap::new();
    for row in rows {
        let entry = years.entry(row.year).or_insert((0.0, row.basis, BTreeMap::new()));
        entry.0 += row.units;
        if row.basis != Basis::Counted {
            entry.1 = row.basis;
        }
        for (element, tonnes) in &row.tonnes {
            let sum = entry.2.entry(*element).or_default();
            *sum = *sum + *tonnes;
        }
    }
    years
}

/// For people: a row per year, a column per element.
fn picture(fleet: &Fleet) -> Table {
    let years = by_year(&fleet.rows);
    let mut weight: BTreeMap<Element, f64> = BTreeMap::new();
    for (_, _, tonnes) in years.values() {
        for (element, range) in tonnes {
            *weight.entry(*element).or_default() += range.central;
        }
    }
    let mut elements: Vec<(Element, f64)> = weight.into_iter().collect();
    elements.sort_by(|a, b| b.1.total_cmp(&a.1));
    elements.truncate(5);
    let unit = fleet.rows.first().map_or("units", |row| row.unit.as_str()).to_owned();
    let mut heads = vec![
        Column::text("year", "year"),
        Column::number("units", unit),
        Column::text("basis", "basis"),
        Column::number("total", "all rare earths"),
    ];
    heads.extend(
        elements
            .iter()
            .map(|(element, _)| Column::number("element", element.symbol())),
    );
    let mut table = Table::new("need", "", heads);
    for (year, (units, basis, tonnes)) in years {
        let total: Range = tonnes.values().copied().sum();
        let mut row = vec![
            Cell::ordinal(year),
            Cell::shown(units, thousands(units)),
            Cell::text(basis.word()),
            Cell::text(range(total)),
        ];
        row.extend((elements.iter()).map(|(element, _)| {
            Cell::text(
                tonnes
                    .get(element)
                    .map_or_else(String::new, |value| figures(value.central)),
            )
        }));
        table.push(row);
    }
    table
}

/// For programs: a row per year and element.
fn need(fleet: &Fleet) -> Table {
    let mut heads = vec![Column::text("year", "year"), Column::text("element", "element")];
    heads.extend(columns("t", "tonnes", &Keys("t_low", "t", "t_high")));
    heads.push(Column::text("basis", "basis"));
    let mut table = Table::new("need", "", heads);
    for (year, (_, basis, tonnes)) in by_year(&fleet.rows) {
        for (element, value) in tonnes {
            let mut row = vec![Cell::ordinal(year), Cell::text(element.symbol())];
            row.extend(cells(value, figures(value.central)));
            row.push(Cell::text(basis.word()));
            table.push(row);
        }
    }
    table
}

fn units(fleet: &Fleet) -> Table {
    let heads = vec![
        Column::text("technology", "technology"),
        Column::text("year", "year"),
        Column::number("units", "units"),
        Column::text("unit", "unit"),
        Column::text("basis", "basis"),
        Column::text("confidence", "evidence"),
    ];
    let mut table = Table::new("units", "Units", heads);
    for row in &fleet.rows {
        table.push(vec![
            Cell::text(&row.technology),
            Cell::ordinal(row.year),
            Cell::number(row.units),
            Cell::text(&row.unit),
            Cell::text(row.basis.word()),
            Cell::text(row.confidence.to_string()),
        ]);
    }
    table
}

fn others(fleet: &Fleet) -> Table {
    let heads = vec![
        Column::text("technology", "technology"),
        Column::text("scenario", "outlook"),
        Column::text("year", "year"),
        Column::number("units", "units"),
        Column::text("unit", "unit"),
    ];
    let mut table = Table::new("other_outlooks", "Other outlooks", heads);
    for row in &fleet.others {
        table.push(vec![
            Cell::text(row.technology.as_str()),
            Cell::text(&row.scenario),
            Cell::ordinal(row.year),
            Cell::number(row.value),
            Cell::text(&row.unit),
        ]);
    }
    table
}
