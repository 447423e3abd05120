//! What the tables are and hold, as data for the faces to show.

use crate::dataset::{Dataset, TABLES, table_spec};
use crate::error::{Result, Unknown};
use crate::field::FieldSpec;
use crate::licence::Terms;
use crate::read::raw;
use crate::table::{Source, TableSpec};

/// One line of the list of tables.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableSummary {
    /// The table's name.
    pub name: &'static str,
    /// The file.
    pub file: &'static str,
    /// What one row is.
    pub description: &'static str,
    /// How many rows there are; none when the file is missing.
    pub rows: Option<usize>,
    /// How many rows have confidence A, B and C; none for tables without provenance.
    pub confidence: Option<[usize; 3]>,
    /// The earliest and the latest vintage, as text.
    pub vintages: Option<(String, String)>,
    /// How many sources the rows cite.
    pub sources: usize,
}

/// Rows of one table as text, for display and export.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableRows {
    /// The table's name.
    pub name: &'static str,
    /// The columns.
    pub columns: Vec<&'static str>,
    /// The line in the file of each row.
    pub lines: Vec<u64>,
    /// The rows, one cell per column.
    pub rows: Vec<Vec<String>>,
    /// How many rows fitted before `limit` cut them.
    pub matched: usize,
}

/// A condition on a column: the cell, or one item of a `;` list, equals the value. Case is ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: String,
    /// The value.
    pub value: String,
}

/// One source and the tables that use it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SourceUse {
    /// The source.
    pub source: Source,
    /// What its terms allow.
    pub terms: Terms,
    /// Each table that cites it, with the number of rows.
    pub cited_by: Vec<(&'static str, usize)>,
}

/// What can be learned from the provenance columns of a table.
pub(crate) struct Origins {
    pub(crate) rows: usize,
    pub(crate) confidence: Option<[usize; 3]>,
    pub(crate) vintages: Option<(String, String)>,
    /// Each source with the number of rows citing it, by id.
    pub(crate) sources: std::collections::BTreeMap<String, usize>,
}

pub(crate) fn origins(bytes: &[u8], spec: &TableSpec) -> Origins {
    let columns = spec.columns();
    let position = |name: &str| {
        let from = spec.fields.len();
        columns
            .iter()
            .skip(from)
            .position(|c| c.name == name)
            .map(|at| at + from)
    };
    let (source, confidence, vintage) = (position("source"), position("confidence"), position("vintage"));
    let mut origins = Origins {
        rows: 0,
        confidence: confidence.map(|_| [0; 3]),
        vintages: None,
        sources: std::collections::BTreeMap::new(),
    };
    for row in raw(bytes, spec).rows {
        origins.rows += 1;
        let cell = |at: Option<usize>| at.and_then(|at| row.cells.get(at)).map_or("", String::as_str);
        if let Some(counts) = &mut origins.confidence {
            match cell(confidence) {
                "A" => counts[0] += 1,
                "B" => counts[1] += 1,
                _ => counts[2] += 1,
            }
        }
        for id in cell(source).split(';').map(str::trim).filter(|id| !id.is_empty()) {
            *origins.sources.entry(id.to_owned()).or_insert(0) += 1;
        }
        let vintage = cell(vintage);
        if vintage.is_empty() {
            continue;
        }
        let (first, last) = origins
            .vintages
            .get_or_insert_with(|| (vintage.to_owned(), vintage.to_owned()));
        if vintage < first.as_str() {
            vintage.clone_into(first);
        }
        if vintage > last.as_str() {
            vintage.clone_into(last);
        }
    }
    origins
}

impl Dataset {
    /// All tables with their size and origin, for `data list`.
    #[must_use]
    pub fn summaries(&self) -> Vec<TableSummary> {
        TABLES
            .iter()
            .map(|spec| {
                let origins = self.files().get(spec.file).map(|bytes| origins(bytes, spec));
                TableSummary {
                    name: spec.name,
                    file: spec.file,
                    description: spec.description,
                    rows: origins.as_ref().map(|o| o.rows),
                    confidence: origins.as_ref().and_then(|o| o.confidence),
                    vintages: origins.as_ref().and_then(|o| o.vintages.clone()),
                    sources: origins.map_or(0, |o| o.sources.len()),
                }
            })
            .collect()
    }

    /// The rows of a table that meet all filters, at most `limit` of them, for `data show`.
    ///
    /// # Errors
    /// When the table or a filter's column does not exist; the message names the nearest one.
    pub fn show(&self, table: &str, filters: &[Filter], limit: Option<usize>) -> Result<TableRows> {
        let spec = table_spec(table)?;
        let columns = spec.columns();
        let wanted: Vec<(usize, &FieldSpec, &str)> = filters
            .iter()
            .map(|filter| {
                let at = columns.iter().position(|c| c.name == filter.column);
                at.and_then(|at| Some((at, columns.get(at)?, filter.value.as_str())))
                    .ok_or_else(|| Unknown::new("column", &filter.column, columns.iter().map(|c| c.name)))
            })
            .collect::<Result<_, _>>()?;
        let fits = |cells: &[String]| {
            wanted.iter().all(|(at, field, value)| {
                cells.get(*at).is_some_and(|cell| {
                    cell.eq_ignore_ascii_case(value)
                        || (field.list && cell.split(';').any(|item| item.trim().eq_ignore_ascii_case(value)))
                })
            })
        };
        let mut out = TableRows {
            name: spec.name,
            columns: columns.iter().map(|c| c.name).collect(),
            lines: Vec::new(),
            rows: Vec::new(),
            matched: 0,
        };
        let bytes = self.files().get(spec.file).unwrap_or_default();
        for row in raw(bytes, spec).rows {
            if !fits(&row.cells) {
                continue;
            }
            out.matched += 1;
            if limit.is_none_or(|limit| out.rows.len() < limit) {
                out.lines.push(row.line);
                out.rows.push(row.cells);
            }
        }
        Ok(out)
    }

    /// The declaration of a table, for `data describe`.
    ///
    /// # Errors
    /// When there is no such table; the message names the nearest one.
    pub fn describe(&self, table: &str) -> Result<&'static TableSpec> {
        table_spec(table)
    }

    /// All sources with the tables that cite them, for `data sources`.
    #[must_use]
    pub fn source_uses(&self) -> Vec<SourceUse> {
        let by_table: Vec<(&'static str, Origins)> = TABLES
            .iter()
            .filter_map(|spec| Some((spec.name, origins(self.files().get(spec.file)?, spec))))
            .collect();
        self.sources
            .iter()
            .map(|source| SourceUse {
                source: source.clone(),
                terms: Terms::of(&source.licence),
                cited_by: by_table
                    .iter()
                    .filter_map(|(name, o)| Some((*name, *o.sources.get(source.source.as_str())?)))
                    .collect(),
            })
            .collect()
    }
}
