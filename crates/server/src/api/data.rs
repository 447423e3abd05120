//! The evidence itself: browse, filter, download.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use monazite_evidence::describe::Filter;
use monazite_evidence::field::FieldSpec;
use monazite_evidence::{Dataset, EvidenceError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::answer::Envelope;
use crate::asked::Named;
use crate::atlas::conflicts::{self, Conflicts};
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;
use crate::question::Question;
use crate::rows::typed;

/// Rows of a page at most.
const MOST: usize = 1000;
/// Rows of a page unless asked otherwise.
const USUAL: usize = 100;

/// The tables of the evidence, with rows by confidence
#[utoipa::path(get, path = "/data", tag = "evidence", responses((status = 200, body = Envelope)))]
pub async fn tables(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.ask(Question::of(&["data", "list"])).await
}

/// Which rows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(
    dead_code,
    reason = "for the description; a key that may be repeated is read by hand"
)]
pub struct Which {
    /// `column=value`; may be repeated, then all must hold.
    filter: Vec<String>,
    /// The page, from 1.
    page: Option<usize>,
    /// Rows a page, at most 1000.
    per_page: Option<usize>,
    /// `json`, or `csv` for all matching rows as a file.
    format: Option<String>,
}

/// A page of a table.
#[derive(Debug, Serialize, ToSchema)]
pub struct TablePage {
    /// The table.
    table: &'static str,
    /// What one row is.
    description: &'static str,
    /// The columns.
    #[schema(value_type = Vec<Object>)]
    columns: Vec<FieldSpec>,
    /// Rows that meet all filters.
    total: usize,
    /// This page, from 1.
    page: usize,
    /// Rows a page.
    per_page: usize,
    /// Rows: numbers as numbers, lists as the file has them.
    #[schema(value_type = Vec<Object>)]
    rows: Vec<Map<String, Value>>,
}

/// Rows of a table, by page; or all that match, as CSV
#[utoipa::path(get, path = "/data/{table}", tag = "evidence",
    params(("table" = String, Path, description = "`prices`"), Which),
    responses((status = 200, content((TablePage = "application/json"), (String = "text/csv"))), (status = "4XX", body = Problem)))]
pub async fn table(
    State(desk): State<Arc<Desk>>,
    Named(name): Named<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let asked = Asked::read(query.as_deref().unwrap_or_default())?;
    if desk.dataset.describe(&name).is_err() {
        let unknown = desk.dataset.describe(&name).err();
        return Err(match unknown {
            Some(EvidenceError::Unknown(unknown)) => Problem::unknown(StatusCode::NOT_FOUND, &unknown),
            _ => Problem::missing("there is no such table"),
        });
    }
    if asked.csv {
        let _turn = desk.turn().await?;
        let shown = Arc::clone(&desk);
        let table = name.clone();
        let made = tokio::task::spawn_blocking(move || csv(&shown.dataset, &table, &asked.filters)).await;
        let text = made.map_err(|_| Problem::failed("the server made a mistake of its own"))??;
        let disposition = format!("attachment; filename=\"{}.csv\"", name.trim_end_matches(".csv"));
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ];
        return Ok((headers, text).into_response());
    }
    let key = format!("data {name} {asked:?}");
    let page = desk.page(key, move |desk| page(&desk.dataset, &name, &asked)).await?;
    Ok(page.into_response())
}

/// What is asked of a table.
#[derive(Debug)]
struct Asked {
    filters: Vec<Filter>,
    page: usize,
    per_page: usize,
    csv: bool,
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(query).map_err(|_| Problem::input("the query cannot be read"))?;
        let mut asked = Self {
            filters: Vec::new(),
            page: 1,
            per_page: USUAL,
            csv: false,
        };
        let number = |name: &str, value: &str| {
            let number = value.parse::<usize>().ok().filter(|number| *number > 0);
            number.ok_or_else(|| Problem::input(format!("`{name}` must be a whole number from 1")))
        };
        for (name, value) in pairs {
            match name.as_str() {
                "filter" => {
                    let (column, value) = value
                        .split_once('=')
                        .ok_or_else(|| Problem::input("a filter is written `column=value`"))?;
                    asked.filters.push(Filter {
                        column: column.to_owned(),
                        value: value.to_owned(),
                    });
                }
                "page" => asked.page = number("page", &value)?,
                "per_page" => asked.per_page = number("per_page", &value)?.min(MOST),
                "format" => match value.as_str() {
                    "csv" => asked.csv = true,
                    "json" => asked.csv = false,
                    _ => return Err(Problem::input("`format` is `json` or `csv`")),
                },
                _ => {
                    return Err(
                        Problem::input(format!("unknown parameter `{name}`")).hint("filter, page, per_page, format")
                    );
                }
            }
        }
        Ok(asked)
    }
}

fn page(dataset: &Dataset, name: &str, asked: &Asked) -> Result<TablePage, Problem> {
    let spec = dataset.describe(name)?;
    let columns = spec.columns();
    let skipped = (asked.page - 1).saturating_mul(asked.per_page);
    let found = dataset.show(name, &asked.filters, Some(skipped.saturating_add(asked.per_page)))?;
    let rows = found.rows.iter().skip(skipped).map(|cells| {
        let cells = columns.iter().zip(cells).map(|(column, cell)| {
            let value = if column.list {
                Value::from(cell.as_str())
            } else {
                typed(column, cell)
            };
            (column.name.to_owned(), value)
        });
        cells.collect()
    });
    Ok(TablePage {
        table: spec.name,
        description: spec.description,
        total: found.matched,
        page: asked.page,
        per_page: asked.per_page,
        rows: rows.collect(),
        columns,
    })
}

fn csv(dataset: &Dataset, name: &str, filters: &[Filter]) -> Result<Vec<u8>, Problem> {
    let found = dataset.show(name, filters, None)?;
    let failed = |_| Problem::failed("the table cannot be written");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&found.columns).map_err(failed)?;
    for row in &found.rows {
        writer.write_record(row).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|_| Problem::failed("the table cannot be written"))
}

/// Where the evidence contradicts itself
#[utoipa::path(get, path = "/data/conflicts", tag = "evidence", responses((status = 200, body = Conflicts)))]
pub async fn conflicts(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.page("conflicts".to_owned(), |desk| Ok(conflicts::all(desk))).await
}

/// What each source allows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Licences {
    /// By terms, the most open first.
    terms: BTreeMap<String, usize>,
    /// A source each.
    licences: Vec<SourceLicence>,
}

/// The licence of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourceLicence {
    /// The source.
    source: String,
    /// Its title.
    title: String,
    /// Its licence, as it says.
    licence: String,
    /// `open`, `facts_only`, `unsettled` or `refused`.
    terms: &'static str,
    /// Tables that cite it.
    tables: Vec<&'static str>,
}

/// What each source allows
#[utoipa::path(get, path = "/data/licences", tag = "evidence", responses((status = 200, body = Licences)))]
pub async fn licences(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    let make = |desk: &Desk| {
        let licences: Vec<SourceLicence> = desk
            .dataset
            .source_uses()
            .into_iter()
            .map(|used| SourceLicence {
                source: used.source.source.to_string(),
                title: used.source.title,
                licence: used.source.licence,
                terms: used.terms.as_str(),
                tables: used.cited_by.iter().map(|(table, _)| *table).collect(),
            })
            .collect();
        let mut terms = BTreeMap::new();
        for licence in &licences {
            *terms.entry(licence.terms.to_owned()).or_insert(0) += 1;
        }
        Ok(Licences { terms, licences })
    };
    desk.page("licences".to_owned(), make).await
}
