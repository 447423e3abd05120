//! A brief as tables.

use monazite_brief::meaning::Origin;
use monazite_brief::{Brief, Span, render};
use monazite_evidence::Dataset;

use super::country;
use crate::output::words::{flag, plain};
use crate::output::{Cell, Column, Document, Table, number};

/// The whole answer.
pub fn answer(brief: &Brief, dataset: &Dataset, written: Option<&str>, human: bool) -> Document<'static> {
    let mut document = Document::new();
    document.title(brief.article.title.clone().unwrap_or_else(|| "Article".to_owned()));
    let published = brief.article.published.as_ref().map_or_else(
        || "date not found".to_owned(),
        |found| format!("{} ({})", found.date, found.known_from),
    );
    document.remark(format!(
        "{published}; {} characters, {}, {}",
        number::count(brief.article.characters),
        brief.article.encoding,
        brief.article.language.name
    ));
    for note in &brief.article.notes {
        document.warning(note.clone());
    }
    if human && brief.is_empty() {
        return document;
    }
    document.table(events(brief, dataset));
    if human && !brief.events.is_empty() {
        document.text(render::SURE);
    }
    document.table(claims(brief));
    document.data(figures(brief));
    super::means::meaning(brief, &mut document);
    document.table(earlier(brief));
    document.table(watch(brief));
    document.table(questions(brief));
    document.table(entities(brief));
    let mut next = Vec::new();
    match (written, &brief.meaning.scenario) {
        (Some(path), _) => next.push(format!("monazite simulate {path}")),
        (None, Some(chosen)) if chosen.origin == Origin::Library => {
            next.push(format!("monazite simulate {}", chosen.name));
        }
        (None, Some(_)) => next.push("monazite brief ARTICLE --scenario-out my-scenario.toml".to_owned()),
        (None, None) => {}
    }
    if let Some(plan) = &brief.meaning.plan {
        next.push(plan.command.clone());
    }
    next.push("monazite brief ARTICLE --format html --out brief.html".to_owned());
    document.next(next);
    document
}

/// `[12–30]`: characters of the text.
fn at(span: &Span) -> String {
    let (start, end) = span.chars();
    format!("{start}–{end}")
}

fn short(words: &str, most: usize) -> String {
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= most {
        return flat;
    }
    let cut: String = flat.chars().take(most).collect();
    format!("{}…", cut.trim_end())
}

fn place_columns() -> [Column; 4] {
    [
        Column::text("words", "words"),
        Column::text("at", "at").for_people(),
        Column::number("start_char", "").for_programs(),
        Column::number("end_char", "").for_programs(),
    ]
}

fn place_cells(span: &Span, most: usize) -> [Cell; 4] {
    let (start, end) = span.chars();
    [
        Cell::text(span.text()).reads(short(render::said(span.text()), most)),
        Cell::text(at(span)),
        Cell::ordinal(start),
        Cell::ordinal(end),
    ]
}

fn events(brief: &Brief, dataset: &Dataset) -> Table {
    let mut columns = vec![
        Column::text("kind", "event"),
        Column::text("instrument", "").for_programs(),
        Column::text("parties", "parties"),
        Column::text("amounts", "amount"),
        Column::text("when", "when"),
        Column::text("until", "").for_programs(),
        Column::text("place", "where").minor(),
        Column::text("status", "status"),
        Column::text("hedged", ""),
        Column::number("probability", "sure"),
        Column::text("rule", "").for_programs(),
    ];
    columns.extend(place_columns());
    let mut table = Table::new("events", "What it says", columns).if_empty("no event was found");
    for event in &brief.events {
        let when = |when: &Option<monazite_brief::date::When>| {
            when.as_ref()
                .map_or_else(Cell::empty, |when| Cell::text(when.to_string()))
        };
        let keys: Vec<&str> = event.parties.iter().map(|party| party.key.as_str()).collect();
        let mut row = vec![
            Cell::named(event.kind.as_str(), render::what(event)),
            event.instrument.clone().map_or_else(Cell::empty, Cell::text),
            Cell::text(keys.join(";")).reads(render::parties(event)),
            Cell::text(render::amounts(event)),
            if event.when.is_some() {
                when(&event.when)
            } else {
                when(&event.until)
            },
            when(&event.until),
            event
                .place
                .as_ref()
                .map_or_else(Cell::empty, |place| Cell::named(place, country(dataset, place))),
            Cell::named(event.status.as_str(), plain(event.status.as_str())),
            Cell::flag(!event.hedges.is_empty(), "hedged", ""),
            Cell::number(f64::from(event.probability)).reads(render::sure(event)),
            Cell::text(&event.rule),
        ];
        row.extend(place_cells(&event.trigger, 40));
        table.push(row);
    }
    table
}

fn entities(brief: &Brief) -> Table {
    let mut columns = vec![
        Column::text("kind", "kind"),
        Column::text("key", "").for_programs(),
        Column::text("name", "name"),
        Column::text("role", "role").minor(),
        Column::text("evidence", "evidence"),
        Column::number("mentions", "named"),
    ];
    columns.extend(place_columns());
    let mut table = Table::new("entities", "Whom and what it names", columns)
        .if_empty("nothing was found")
        .show_at_most(30);
    for entity in &brief.entities {
        let rows: Vec<String> = entity
            .evidence
            .iter()
            .map(|row| format!("{}/{}", row.table, row.id))
            .collect();
        let shown = match rows.len() {
            0 => String::new(),
            1 | 2 => rows.join(", "),
            n => format!("{}, … {n} rows", rows[0]),
        };
        let mut row = vec![
            Cell::text(entity.kind.as_str()),
            Cell::text(&entity.key),
            Cell::text(&entity.name),
            entity
                .role
                .clone()
                .map_or_else(Cell::empty, |role| Cell::text(&role).reads(short(&role, 40))),
            Cell::text(rows.join(";")).reads(shown),
            Cell::count(entity.mentions.all().len()),
        ];
        if let Some(first) = entity.mentions.first() {
            row.extend(place_cells(first, 30));
            table.push(row);
        }
    }
    table
}

fn claims(brief: &Brief) -> Table {
    let mut columns = vec![
        Column::text("rule", "").for_programs(),
        Column::text("verdict", "verdict"),
        Column::text("why", "why"),
    ];
    columns.extend(place_columns());
    columns.push(Column::text("sources", "sources").minor());
    let mut table =
        Table::new("claims", "What holds", columns).if_empty("no claim that the evidence can check was found");
    for claim in &brief.claims {
        let mut sources: Vec<&str> = claim
            .figures
            .iter()
            .flat_map(|figure| &figure.sources)
            .map(String::as_str)
            .collect();
        sources.sort_unstable();
        sources.dedup();
        let mut row = vec![
            Cell::text(&claim.rule),
            Cell::text(claim.verdict.as_str()).marked(claim.verdict != monazite_brief::claim::Verdict::Supported),
            Cell::text(&claim.why),
        ];
        row.extend(place_cells(&claim.span, 70));
        row.push(Cell::text(sources.join(";")).reads(short(&sources.join(", "), 40)));
        table.push(row);
    }
    table
}

fn figures(brief: &Brief) -> Table {
    let columns = [
        "claim",
        "what",
        "value",
        "unit",
        "period",
        "table",
        "sources",
        "confidence",
    ];
    let mut table = Table::new(
        "figures",
        "Numbers behind the verdicts",
        columns.map(|name| Column::text(name, name)).to_vec(),
    );
    for claim in &brief.claims {
        for figure in &claim.figures {
            table.push(vec![
                Cell::text(&claim.rule),
                Cell::text(&figure.what),
                Cell::number(figure.value),
                Cell::text(&figure.unit),
                Cell::text(&figure.period),
                Cell::text(&figure.table),
                Cell::text(figure.sources.join(";")),
                Cell::text(&figure.confidence),
            ]);
        }
    }
    table
}

fn earlier(brief: &Brief) -> Table {
    let mut table = Table::new(
        "earlier",
        "Earlier, with the same parties",
        vec![
            Column::text("date", "date"),
            Column::text("id", "id"),
            Column::text("title", "what"),
            Column::number("amount_musd", "M USD"),
            Column::text("status", "status").minor(),
            Column::text("shared", "shared").minor(),
            Column::text("confidence", ""),
        ],
    )
    .if_empty("nothing in the evidence");
    for row in &brief.context.earlier {
        table.push(vec![
            Cell::text(&row.date),
            Cell::text(&row.id),
            Cell::text(&row.title),
            row.amount_musd.map_or_else(Cell::empty, Cell::number),
            row.status
                .as_ref()
                .map_or_else(Cell::empty, |status| Cell::named(status, plain(status))),
            Cell::text(row.shared.join(", ")),
            Cell::named(&row.confidence, flag(&row.confidence)),
        ]);
    }
    table
}

fn watch(brief: &Brief) -> Table {
    let columns = vec![
        Column::text("date", "date"),
        Column::text("what", "what"),
        Column::text("evidence", "evidence"),
    ];
    let mut table = Table::new("watch", "To watch", columns).if_empty("nothing dated after the article");
    for row in &brief.context.watch {
        table.push(vec![
            Cell::text(&row.date),
            Cell::text(&row.what),
            row.evidence.as_ref().map_or_else(
                || {
                    row.span
                        .as_ref()
                        .map_or_else(Cell::empty, |span| Cell::text(format!("text {}", at(span))))
                },
                Cell::text,
            ),
        ]);
    }
    table
}

fn questions(brief: &Brief) -> Table {
    let mut columns = vec![Column::text("question", "question")];
    columns.extend(place_columns());
    let mut table = Table::new("questions", "Open questions", columns).if_empty("none");
    for row in &brief.context.questions {
        let mut cells = vec![Cell::text(&row.question)];
        cells.extend(place_cells(&row.span, 40));
        table.push(cells);
    }
    table
}
