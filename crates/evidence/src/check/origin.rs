//! Every fact says where it comes from, and may be passed on.

use std::collections::BTreeMap;

use super::Checker;
use crate::ids::SourceId;
use crate::licence::Terms;
use crate::period::Period;
use crate::problem::{Problem, Problems};
use crate::provenance::Confidence;
use crate::read::Rows;
use crate::table::{Row, Source};

/// Sources that stand for the lack of one: background knowledge, and what we derived or assumed.
const NOT_RETRIEVED: [&str; 2] = ["unverified", "monazite_prior"];

/// Where each source is first cited.
#[derive(Default)]
pub(super) struct Cited(BTreeMap<SourceId, (&'static str, u64)>);

impl Cited {
    /// Looks at the provenance of each row of a table, and remembers the sources.
    pub(super) fn look<T: Row>(&mut self, rows: &Rows<T>) -> Problems {
        let file = T::SPEC.file;
        // A large table has no room for remarks; there the C itself is the mark.
        let can_explain = T::SPEC.provenance.iter().any(|column| column.name == "note");
        let mut problems = Problems::default();
        for (row, line) in rows.iter() {
            let Some(provenance) = row.provenance() else {
                break;
            };
            for source in &provenance.sources {
                if !self.0.contains_key(source) {
                    self.0.insert(source.clone(), (file, line));
                }
            }
            let not_retrieved = |source: &SourceId| NOT_RETRIEVED.contains(&source.as_str());
            if provenance.confidence == Confidence::C {
                let said = provenance.sources.iter().any(not_retrieved) || !provenance.note.is_empty();
                if can_explain && !said {
                    problems.push(
                        Problem::warning(file, "confidence C, but nothing says what is unverified")
                            .line(line)
                            .hint("cite `unverified` or `monazite_prior` as well, or explain in `note`"),
                    );
                }
            } else if provenance.sources.iter().all(not_retrieved) {
                problems.push(
                    Problem::error(
                        file,
                        format!("confidence {} without a retrieved source", provenance.confidence),
                    )
                    .line(line)
                    .hint("cite what was read, or set confidence to C"),
                );
            }
            if !provenance.vintage.is_empty() && provenance.vintage.parse::<Period>().is_err() {
                problems.push(
                    Problem::error(file, format!("the vintage `{}` is not a date", provenance.vintage))
                        .line(line)
                        .hint("write YYYY, YYYY-MM or YYYY-MM-DD"),
                );
            }
        }
        problems
    }
}

/// May what the tables hold be passed on?
pub(super) fn licences(checker: &mut Checker<'_>, cited: &Cited) {
    let file = Source::SPEC.file;
    let mut problems = Problems::default();
    let rows = checker.rows::<Source>();
    let mut unused = Vec::new();
    for (row, line) in rows.iter() {
        let Some((citing, at)) = cited.0.get(&row.source) else {
            unused.push(row.source.as_str());
            continue;
        };
        match Terms::of(&row.licence) {
            Terms::Refused => problems.push(
                Problem::error(
                    file,
                    format!(
                        "`{}` may not be redistributed (`{}`), yet {citing}:{at} holds data from it",
                        row.source, row.licence
                    ),
                )
                .line(line)
                .hint("leave these rows out of the bundled tables; an importer can read the user's own copy"),
            ),
            Terms::Unsettled => problems.push(
                Problem::warning(
                    file,
                    format!("the terms of `{}` are not settled: `{}`", row.source, row.licence),
                )
                .line(line),
            ),
            Terms::Open | Terms::FactsOnly => {}
        }
    }
    if !unused.is_empty() && rows.rows.len() > unused.len() {
        let shown: Vec<&str> = unused.iter().take(5).copied().collect();
        problems.push(Problem::warning(
            file,
            format!("{} sources are cited by no row: {}, …", unused.len(), shown.join(", ")),
        ));
    }
    checker.note(problems);
}
