//! `monazite risk history`: a score as a series over years.

use monazite_risk::{Context, Score, method};

use super::{ask, scores};
use crate::args::risk::HistoryArgs;
use crate::failure::Failure;
use crate::output::number::percent;
use crate::output::words::flag;
use crate::output::{Cell, Column, Document, Printer, Table};

/// So many series stand side by side for people.
const SERIES: usize = 8;

/// What a series is of.
type Name = (
    String,
    Option<&'static str>,
    Option<String>,
    Option<String>,
    &'static str,
);

/// Shows a score over the years.
pub fn history(context: &Context<'_>, args: &HistoryArgs, printer: &Printer) -> Result<(), Failure> {
    let method = method(&args.method)?;
    let all = context.evidence_years();
    let question = ask::question_of(context, &args.slice, all)?;
    let found = (method.scores)(context, &question)?;
    let mut document = Document::new();
    document.picture(side_by_side(context, method.name, &found));
    let mut data = scores::table(context, method.name, &found, false);
    data.name = "history";
    document.data(data);
    document.further("terms", || scores::terms(&found));
    scores::notes(&mut document, &found);
    scores::cite(&mut document, context, &found);
    printer.print(&document)
}

fn name(score: &Score) -> Name {
    (
        score.material.clone(),
        score.stage,
        score.importer.clone(),
        score.holder.clone(),
        score.method,
    )
}

/// Years down, series across; years and series without any value are left out.
fn side_by_side(context: &Context<'_>, method: &str, found: &[Score]) -> Table {
    let mut series: Vec<Name> = Vec::new();
    let mut years: Vec<u16> = Vec::new();
    for score in found.iter().filter(|score| score.value.is_ok()) {
        let name = name(score);
        // A stage may change from year to year; a series of the European Union's method is one of the material.
        if !series.contains(&name) {
            series.push(name);
        }
        if !years.contains(&score.year) {
            years.push(score.year);
        }
    }
    years.sort_unstable();
    let left_out = series.len().saturating_sub(SERIES);
    let heads = series
        .iter()
        .take(SERIES)
        .map(|(material, stage, importer, holder, of)| {
            let place = |id: &Option<String>| id.as_ref().map(|id| context.place_name(id));
            let parts = [
                Some(material.clone()),
                stage.map(str::to_owned),
                place(importer),
                place(holder),
            ];
            let mut head: Vec<String> = parts.into_iter().flatten().collect();
            if *of != method {
                head.push((*of).to_owned());
            }
            Column::number("", head.join(" "))
        });
    let more = if left_out > 0 {
        format!(" (and {left_out} more series: `--csv`)")
    } else {
        String::new()
    };
    let mut table = Table::new(
        "series",
        format!("{method}, year by year{more}; ? unverified"),
        std::iter::once(Column::number("", "year")).chain(heads).collect(),
    )
    .if_empty("no value in any year");
    for year in years {
        let mut row = vec![Cell::ordinal(year)];
        for wanted in series.iter().take(SERIES) {
            let score = found.iter().find(|score| score.year == year && name(score) == *wanted);
            row.push(match score.map(|score| (&score.value, score.confidence)) {
                Some((Ok(value), confidence)) => {
                    let doubt = if flag(confidence.as_str()).is_empty() { "" } else { " ?" };
                    let text = if method == "shares" {
                        percent(*value)
                    } else {
                        scores::digits(*value)
                    };
                    Cell::shown(*value, format!("{text}{doubt}"))
                }
                _ => Cell::empty().reads("–"),
            });
        }
        table.push(row);
    }
    table
}
