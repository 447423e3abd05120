//! `monazite brief --score DIR`: how well the reading agrees with hand-made truth.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use monazite_brief::event::Read;
use monazite_brief::score::{EventScore, Tally, entities as entities_compared, truth};
use monazite_brief::{Reader, read};

use super::failed;
use crate::failure::Failure;
use crate::output::{Cell, Column, Document, Printer, Table};

/// Scores every `NAME.txt` that has a `NAME.toml` beside it.
pub fn score(dir: &Path, reader: &Reader<'_>, printer: &Printer) -> Result<(), Failure> {
    let mut table = Table::new(
        "articles",
        "Articles against their truth",
        vec![
            Column::text("article", "article"),
            Column::text("register", "register").minor(),
            Column::number("entities_f1", "entities F1"),
            Column::number("events_f1", "events F1"),
        ],
    );
    let mut differences = Table::new(
        "differences",
        "What differs",
        vec![
            Column::text("article", "article"),
            Column::text("of", "of"),
            Column::text("how", "how"),
            Column::text("what", "what"),
        ],
    );
    let mut judged = judgements();
    let (mut entities, mut events) = (Tally::default(), EventScore::default());
    for path in articles(dir)? {
        let beside = path.with_extension("toml");
        let text = std::fs::read_to_string(&beside).map_err(|error| Failure::io("read the truth", &beside, &error))?;
        let truth = truth(&text).map_err(|error| Failure::input(format!("{}: {error}", beside.display())))?;
        let bytes = std::fs::read(&path).map_err(|error| Failure::io("read the article", &path, &error))?;
        let article = read(&bytes, None).map_err(|error| failed(&error))?;
        let day = truth.date.as_ref().and_then(|date| date.parse().ok());
        let brief = reader.brief(&article, day);
        let (own, theirs) = brief.score(&truth);
        let (_, wrong, missed) = entities_compared(&truth, &brief.entity_keys());
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        for (of, how, what) in [
            ("event", "wrong", &theirs.wrong),
            ("event", "missed", &theirs.missed),
            ("entity", "wrong", &wrong),
            ("entity", "missed", &missed),
        ] {
            for words in what {
                differences.push(vec![
                    Cell::text(name.clone()),
                    Cell::text(of),
                    Cell::text(how),
                    Cell::text(words.clone()),
                ]);
            }
        }
        table.push(vec![
            Cell::text(name.clone()),
            truth.register.clone().map_or_else(Cell::empty, Cell::text),
            Cell::number(own.f1()),
            Cell::number(theirs.tally.f1()),
        ]);
        entities.add(own);
        events.tally.add(theirs.tally);
        events.statuses = (
            events.statuses.0 + theirs.statuses.0,
            events.statuses.1 + theirs.statuses.1,
        );
        judge(&name, &theirs, &mut judged);
        events.judged.extend(theirs.judged);
        events.dates = (events.dates.0 + theirs.dates.0, events.dates.1 + theirs.dates.1);
    }
    let mut document = Document::new();
    document.table(table);
    document.table(together(&entities, &events));
    if !printer.is_human() {
        document.table(differences);
        document.table(judged);
        document.table(by_rule(&events));
    }
    document.text(format!(
        "Of events found, {} of {} have the right status and {} of {} the right date.",
        events.statuses.0, events.statuses.1, events.dates.0, events.dates.1
    ));
    printer.print(&document)
}

fn together(entities: &Tally, events: &EventScore) -> Table {
    let columns = vec![
        Column::text("of", "of"),
        Column::number("precision", "precision"),
        Column::number("recall", "recall"),
        Column::number("f1", "F1"),
        Column::number("right", "right"),
        Column::number("wrong", "wrong"),
        Column::number("missed", "missed"),
    ];
    let mut table = Table::new("together", "Together", columns);
    for (of, tally) in [("entities", entities), ("events", &events.tally)] {
        table.push(vec![
            Cell::text(of),
            Cell::number(tally.precision()),
            Cell::number(tally.recall()),
            Cell::number(tally.f1()),
            Cell::count(tally.right),
            Cell::count(tally.wrong),
            Cell::count(tally.missed),
        ]);
    }
    table
}

/// Every event found with what spoke for it, to weigh the signs by.
fn judgements() -> Table {
    let columns = vec![
        Column::text("article", "article"),
        Column::text("rule", "rule"),
        Column::number("right", "right"),
        Column::number("probability", "probability"),
        Column::number("record", "record"),
        Column::number("sentence", "sentence"),
        Column::number("words", "words"),
        Column::number("party", "party"),
        Column::number("again", "again"),
    ];
    Table::new("judged", "Events found", columns)
}

fn judge(article: &str, score: &EventScore, table: &mut Table) {
    for (event, right) in &score.judged {
        let read = event.signs.read;
        let of = |sign: fn(&Read) -> f32| {
            read.as_ref()
                .map_or_else(Cell::empty, |read| Cell::number(sign(read).into()))
        };
        table.push(vec![
            Cell::text(article),
            Cell::text(event.rule.clone()),
            Cell::count(usize::from(*right)),
            Cell::number(event.probability.into()),
            Cell::number(event.signs.record.into()),
            of(|read| read.sentence),
            of(|read| read.words),
            of(|read| read.party),
            Cell::number(event.signs.again.into()),
        ]);
    }
}

fn by_rule(events: &EventScore) -> Table {
    let columns = vec![
        Column::text("rule", "rule"),
        Column::number("right", "right"),
        Column::number("wrong", "wrong"),
    ];
    let mut rules: BTreeMap<&str, Tally> = BTreeMap::new();
    for (event, right) in &events.judged {
        let tally = rules.entry(&event.rule).or_default();
        tally.right += usize::from(*right);
        tally.wrong += usize::from(!*right);
    }
    let mut table = Table::new("rules", "Events by the rule that found them", columns);
    for (rule, tally) in rules {
        table.push(vec![
            Cell::text(rule),
            Cell::count(tally.right),
            Cell::count(tally.wrong),
        ]);
    }
    table
}

fn articles(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|error| Failure::io("read the folder", dir, &error))?;
    let files = entries.flatten().map(|entry| entry.path());
    let mut articles: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt") && path.with_extension("toml").is_file())
        .collect();
    articles.sort();
    if articles.is_empty() {
        return Err(
            Failure::input(format!("`{}` holds no article with its truth", dir.display()))
                .hint("each NAME.txt needs a NAME.toml beside it"),
        );
    }
    Ok(articles)
}
