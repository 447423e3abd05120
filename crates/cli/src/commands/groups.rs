//! `monazite data groups` and `monazite data place`: which places a word stands for.

use std::path::PathBuf;

use monazite_evidence::table::{Group, GroupMember};
use monazite_evidence::{Confidence, Dataset, Named, PlaceId, Regions, SourceId};

use super::dataset;
use crate::args::Global;
use crate::failure::{Failure, counted};
use crate::output::{Cell, Column, Document, Printer, Table};

/// Said wherever members of a year are shown.
const RULE: &str = "A place counts for a year when it belonged to the group on more than half of its days.";

/// All groups, one group, or the members of one in a year.
pub fn groups(
    name: Option<&str>,
    year: Option<u16>,
    own: &[String],
    files: &[PathBuf],
    global: &Global,
    printer: &Printer,
) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let mut regions = Regions::new(&dataset);
    for file in files {
        regions = regions.with_file(file)?;
    }
    for group in own {
        regions = regions.with(group)?;
    }
    match (name, year) {
        (None, _) => printer.print(&list(&dataset, year)),
        (Some(name), Some(year)) => printer.print(&members(&dataset, &regions, name, year)?),
        (Some(name), None) => printer.print(&spells(&dataset, dataset.group(name)?)),
    }
}

fn list<'a>(dataset: &Dataset, year: Option<u16>) -> Document<'a> {
    // The last full year is of little use when a table ends before it: a group is shown as it is now.
    let today = year.unwrap_or_else(|| latest(dataset));
    let mut table = Table::new(
        "groups",
        counted(dataset.groups.len(), "group"),
        vec![
            Column::text("group", "group"),
            Column::text("name", "name"),
            Column::number("members", format!("members {today}")),
            Column::text("meaning", "who is counted"),
            Column::text("aliases", "").for_programs(),
        ],
    );
    for group in &dataset.groups {
        table.push(vec![
            Cell::text(group.group.as_str()),
            Cell::text(&group.name),
            Cell::count(dataset.members(&group.group, today).len()),
            Cell::text(&group.meaning),
            Cell::text(group.aliases.join(";")),
        ]);
    }
    let mut document = Document::new();
    document.fact("year", today);
    document.table(table);
    document.remark(RULE);
    document.next(vec![
        "monazite data groups EU".to_owned(),
        "monazite data groups Friends --group Friends=EU,JPN,AUS --year 2024".to_owned(),
    ]);
    document
}

/// The latest year in which a membership began or ended.
fn latest(dataset: &Dataset) -> u16 {
    let spells = dataset.group_members.iter();
    let years = spells
        .flat_map(|row| [row.from, row.until])
        .flatten()
        .map(monazite_evidence::Period::year);
    years.max().and_then(|year| u16::try_from(year).ok()).unwrap_or(2025)
}

fn members<'a>(dataset: &Dataset, regions: &Regions<'_>, name: &str, year: u16) -> Result<Document<'a>, Failure> {
    let region = regions.resolve(name, year)?;
    let mut table = Table::new(
        "members",
        format!("{} in {year}: {}", region.name, counted(region.members.len(), "place")),
        vec![
            Column::text("place", "place"),
            Column::text("name", "name"),
            Column::number("m49", "M49").minor(),
            Column::number("baci_code", "BACI").minor(),
        ],
    );
    for id in &region.members {
        let place = dataset.place(id);
        let code = |code: Option<u16>| code.map_or_else(Cell::empty, Cell::ordinal);
        table.push(vec![
            Cell::text(id.as_str()),
            Cell::text(name_of(dataset, id)),
            code(place.and_then(|place| place.m49)),
            code(place.and_then(|place| place.baci_code)),
        ]);
    }
    let mut document = Document::new();
    document.fact("region", region.name.as_str());
    document.fact("year", year);
    document.table(table);
    document.remark(RULE);
    Ok(document)
}

fn spells<'a>(dataset: &Dataset, group: &Group) -> Document<'a> {
    let rows: Vec<&GroupMember> = dataset
        .group_members
        .iter()
        .filter(|row| row.group == group.group)
        .collect();
    let mut table = Table::new(
        "spells",
        format!("{}: {}", group.name, group.meaning),
        vec![
            Column::text("place", "place"),
            Column::text("name", "name"),
            Column::text("from", "from"),
            Column::text("until", "until"),
            Column::text("source", "source"),
            Column::text("confidence", "").for_programs(),
            Column::text("note", "").for_programs(),
        ],
    );
    let period = |period: Option<monazite_evidence::Period>| {
        period.map_or_else(Cell::empty, |period| Cell::text(period.to_string()))
    };
    for row in rows {
        let sources: Vec<&str> = row.provenance.sources.iter().map(SourceId::as_str).collect();
        let sources = sources.join(";");
        let unverified = row.provenance.confidence == Confidence::C;
        let shown = if unverified {
            format!("{sources} unverified")
        } else {
            sources.clone()
        };
        table.push(vec![
            Cell::text(row.place.as_str()),
            Cell::text(name_of(dataset, &row.place)),
            period(row.from),
            period(row.until),
            Cell::named(&sources, shown),
            Cell::text(row.provenance.confidence.as_str()),
            Cell::text(&row.provenance.note),
        ]);
    }
    let mut document = Document::new();
    document.fact("group", group.group.as_str());
    document.table(table);
    document.remark(RULE);
    document.next(vec![format!("monazite data groups {} --year 2019", group.group)]);
    document
}

fn name_of(dataset: &Dataset, id: &PlaceId) -> String {
    dataset.place(id).map_or_else(String::new, |place| place.name.clone())
}

/// What each of some names means.
pub fn places(names: &[String], global: &Global, printer: &Printer) -> Result<(), Failure> {
    let dataset = dataset(global)?;
    let mut table = Table::new(
        "places",
        "Places",
        vec![
            Column::text("text", "you wrote"),
            Column::text("kind", "means"),
            Column::text("place", "place"),
            Column::text("name", "name"),
            Column::text("iso2", "ISO2"),
            Column::number("m49", "M49"),
            Column::number("baci_code", "BACI"),
            Column::text("qualifier", "remark").minor(),
        ],
    );
    for name in names {
        let resolved = dataset.resolve_name(name)?;
        let (kind, ids): (&str, Vec<PlaceId>) = match resolved.named {
            Named::Place(id) => ("place", vec![id]),
            Named::Several(ids) => ("several places", ids),
            Named::World => ("the world", Vec::new()),
            Named::Rest => ("places not named", Vec::new()),
            Named::Group(group) => ("group", vec![PlaceId::from(group.as_str())]),
        };
        let one = match ids.as_slice() {
            [id] => dataset.place(id),
            _ => None,
        };
        let code = |code: Option<u16>| code.map_or_else(Cell::empty, Cell::ordinal);
        let codes: Vec<&str> = ids.iter().map(PlaceId::as_str).collect();
        let full: Vec<String> = ids.iter().map(|id| name_of(&dataset, id)).collect();
        table.push(vec![
            Cell::text(name),
            Cell::text(kind),
            Cell::text(codes.join("+")),
            Cell::text(full.join(", ")),
            one.and_then(|place| place.iso2.as_ref())
                .map_or_else(Cell::empty, Cell::text),
            code(one.and_then(|place| place.m49)),
            code(one.and_then(|place| place.baci_code)),
            resolved.qualifier.map_or_else(Cell::empty, Cell::text),
        ]);
    }
    let mut document = Document::new();
    document.table(table);
    printer.print(&document)
}
