//! Every table is there and readable, and every id it mentions exists.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Checker;
use super::origin::Cited;
use crate::dataset::{TABLES, TableVisitor, visit_tables};
use crate::error::shorten;
use crate::field::{FieldSpec, Reference};
use crate::files::Files;
use crate::nearest::nearest;
use crate::problem::{Problem, Problems};
use crate::read::{raw, read};
use crate::table::{Row, TableSpec};

/// Reads every table, follows every reference, looks at every row's provenance, and returns the number of rows by
/// table and where each source is cited.
pub(super) fn check(checker: &mut Checker<'_>) -> (BTreeMap<&'static str, usize>, Cited) {
    let mut visitor = Visitor {
        checker,
        known: Known::default(),
        counts: BTreeMap::new(),
        cited: Cited::default(),
    };
    visit_tables(&mut visitor);
    (visitor.counts, visitor.cited)
}

struct Visitor<'c, 'f> {
    checker: &'c mut Checker<'f>,
    known: Known,
    counts: BTreeMap<&'static str, usize>,
    cited: Cited,
}

impl TableVisitor for Visitor<'_, '_> {
    fn visit<T: Row>(&mut self) {
        let spec = T::SPEC;
        let files = self.checker.files;
        let Some(bytes) = files.get(spec.file) else {
            let problem = Problem::error(spec.file, "the file is missing")
                .hint("a dataset has all tables; one without rows still has its header");
            self.checker.problems.push(problem);
            return;
        };
        let mut problems = Problems::default();
        let rows = read::<T>(bytes, &mut self.checker.interner, &mut problems);
        self.counts.insert(spec.name, rows.rows.len());
        self.checker.note(problems);
        let problems = self.cited.look(&rows);
        self.checker.note(problems);

        let mut problems = Problems::default();
        follow(bytes, &spec, files, &mut self.known, &mut problems);
        self.checker.note(problems);
    }
}

/// The ids of the tables already looked into.
#[derive(Default)]
struct Known(HashMap<&'static str, HashSet<String>>);

impl Known {
    fn of(&mut self, files: &Files, reference: Reference) -> &HashSet<String> {
        // `views` is read in two parts, each known by the name of its view.
        let name = reference.within.map_or(reference.table, |(_, value)| value);
        self.0.entry(name).or_insert_with(|| ids(files, reference))
    }
}

fn ids(files: &Files, reference: Reference) -> HashSet<String> {
    let spec = TABLES.iter().find(|table| table.name == reference.table);
    let Some((spec, bytes)) = spec.and_then(|spec| Some((spec, files.get(spec.file)?))) else {
        return HashSet::new();
    };
    let columns = spec.columns();
    let position = |name: &str| columns.iter().position(|column| column.name == name);
    let wanted = position(reference.column);
    let within = reference.within.and_then(|(by, value)| Some((position(by)?, value)));
    let fits = |cells: &[String]| within.is_none_or(|(at, value)| cells.get(at).is_some_and(|c| c == value));
    raw(bytes, spec)
        .rows
        .into_iter()
        .filter(|row| fits(&row.cells))
        .filter_map(|row| row.cells.into_iter().nth(wanted?))
        .collect()
}

fn follow(bytes: &[u8], spec: &TableSpec, files: &Files, known: &mut Known, problems: &mut Problems) {
    let columns = spec.columns();
    let referring: Vec<(usize, &FieldSpec, Reference)> = columns
        .iter()
        .enumerate()
        .filter_map(|(at, field)| Some((at, field, field.references?)))
        // The id column of a table refers to itself.
        .filter(|(_, field, to)| !(to.table == spec.name && to.column == field.name))
        .collect();
    let table = raw(bytes, spec);
    let mut empty: HashSet<&str> = HashSet::new();
    for row in &table.rows {
        for (at, field, reference) in &referring {
            let Some(cell) = row.cells.get(*at).filter(|cell| !cell.is_empty()) else {
                continue;
            };
            let items: Vec<&str> = if field.list {
                cell.split(';').map(str::trim).filter(|item| !item.is_empty()).collect()
            } else {
                vec![cell]
            };
            let ids = known.of(files, *reference);
            // A whole table that is not there is one problem, not one for each row that refers to it.
            if ids.is_empty() {
                if empty.insert(field.name) {
                    let message = format!("nothing to refer to: {}.csv has no rows", reference.table);
                    problems.push(Problem::error(spec.file, message).column(field.name, 0));
                }
                continue;
            }
            for item in items {
                if ids.contains(item) || field.besides.contains(&item) {
                    continue;
                }
                let valid = ids.iter().map(String::as_str).chain(field.besides.iter().copied());
                let message = format!("`{}` is not in {}.csv", shorten(item), reference.table);
                let mut problem = Problem::error(spec.file, message)
                    .line(row.line)
                    .column(field.name, table.numbers.get(*at).copied().unwrap_or_default())
                    .nearest(nearest(item, valid));
                if let Some((by, value)) = reference.within {
                    problem.hint = Some(format!("it must be there with {by} `{value}`"));
                }
                problems.push(problem);
            }
        }
    }
}
