//! `monazite risk`: who dominates which stage, by element, on one screen.

use monazite_evidence::ShareStage;
use monazite_risk::context::BASE_YEARS;
use monazite_risk::shares::hhi_of;
use monazite_risk::supply::{Supply, supply};
use monazite_risk::{By, Context, Subject};

use crate::failure::Failure;
use crate::output::number::percent;
use crate::output::words::flag;
use crate::output::{Cell, Column, Document, Printer, Table};

/// The overview of a year.
pub fn show(context: &Context<'_>, year: Option<u16>, printer: &Printer) -> Result<(), Failure> {
    let year = year.or(BASE_YEARS.first().copied()).unwrap_or_default();
    let mut document = Document::new();
    let mut grid = Table::new(
        "largest",
        format!("Who makes it, {year}: the largest country at each stage, and its share of the world"),
        std::iter::once(Column::text("", "element"))
            .chain(ShareStage::ALL.iter().map(|stage| Column::text("", stage.as_str())))
            .collect(),
    );
    let mut data = Table::new(
        "overview",
        "Who makes it",
        vec![
            Column::text("material", "material"),
            Column::text("stage", "stage"),
            Column::number("year", "year"),
            Column::text("holder", "largest"),
            Column::number("share", "share"),
            Column::text("second", "second"),
            Column::number("second_share", "share"),
            Column::number("hhi", "HHI"),
            Column::text("confidence", ""),
            Column::text("missing", ""),
        ],
    );
    let mut unverified = false;
    for subject in Subject::all() {
        let mut line = vec![Cell::text(subject.name())];
        for stage in ShareStage::ALL {
            let found = supply(context, &subject, *stage, year, By::Country);
            let cell = match &found {
                Ok(found) => found.parts.first().map(|part| {
                    let doubt = !flag(part.confidence.as_str()).is_empty();
                    unverified |= doubt;
                    let mark = if doubt { " ?" } else { "" };
                    Cell::text(format!("{} {}{mark}", part.name, percent(found.share(part))))
                }),
                Err(_) => None,
            };
            line.push(cell.unwrap_or_else(|| Cell::text("–")));
            data.push(entry(&subject, *stage, year, found.as_ref()));
        }
        grid.push(line);
    }
    document.picture(grid);
    let doubt = if unverified {
        "? unverified: rests on evidence without a retrieved source (confidence C). "
    } else {
        ""
    };
    document.remark(format!(
        "{doubt}– not followed that far, or not known: `monazite risk table` gives the reason."
    ));
    document.data(data);
    document.next(vec![
        "monazite risk table --method shares --element Dy".to_owned(),
        "monazite risk table --method hhi --stage separation --explain".to_owned(),
    ]);
    printer.print(&document)
}

fn entry(
    subject: &Subject,
    stage: ShareStage,
    year: u16,
    found: Result<&Supply, &monazite_risk::Missing>,
) -> Vec<Cell> {
    let head = vec![
        Cell::text(subject.name()),
        Cell::text(stage.as_str()),
        Cell::ordinal(year),
    ];
    let rest = match found {
        Err(missing) => {
            let mut cells: Vec<Cell> = (0..6).map(|_| Cell::empty()).collect();
            cells.push(Cell::text(missing.to_string()));
            cells
        }
        Ok(found) => {
            let mut cells = Vec::new();
            for at in 0..2 {
                match found.parts.get(at) {
                    Some(part) => cells.extend([Cell::text(&part.who), Cell::number(found.share(part))]),
                    None => cells.extend([Cell::empty(), Cell::empty()]),
                }
            }
            let score = hhi_of(found, subject.name(), year);
            cells.push(score.value.map_or_else(|_| Cell::empty(), Cell::number));
            cells.push(Cell::text(score.confidence.as_str()));
            cells.push(Cell::empty());
            cells
        }
    };
    head.into_iter().chain(rest).collect()
}
