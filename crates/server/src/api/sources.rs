//! Sources.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use monazite_evidence::describe::SourceUse;
use monazite_evidence::error::Unknown;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::asked::Named;
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;

/// All sources.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sources {
    /// A source each.
    sources: Vec<SourcePage>,
}

/// A source.
#[derive(Debug, Serialize, ToSchema)]
pub struct SourcePage {
    /// Id, title, publisher, year, address, licence, when it was retrieved, note.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    source: Map<String, Value>,
    /// What its licence allows: `open`, `facts_only`, `unsettled` or `refused`.
    terms: &'static str,
    /// Where it is cited.
    used_in: Vec<UsedIn>,
}

/// A table that cites a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct UsedIn {
    /// The table.
    table: &'static str,
    /// How many of its rows.
    rows: usize,
}

fn page(used: SourceUse) -> SourcePage {
    let source = serde_json::to_value(&used.source).ok();
    SourcePage {
        source: source.and_then(|value| value.as_object().cloned()).unwrap_or_default(),
        terms: used.terms.as_str(),
        used_in: used
            .cited_by
            .into_iter()
            .map(|(table, rows)| UsedIn { table, rows })
            .collect(),
    }
}

/// All sources, with their licences and where they are cited
#[utoipa::path(get, path = "/sources", tag = "evidence", responses((status = 200, body = Sources)))]
pub async fn sources(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    let make = |desk: &Desk| {
        Ok(Sources {
            sources: desk.dataset.source_uses().into_iter().map(page).collect(),
        })
    };
    desk.page("sources".to_owned(), make).await
}

/// One source
#[utoipa::path(get, path = "/sources/{source}", tag = "evidence",
    params(("source" = String, Path, description = "Its id: `usgs_mcs2026_re`")),
    responses((status = 200, body = SourcePage), (status = "4XX", body = Problem)))]
pub async fn source(State(desk): State<Arc<Desk>>, Named(name): Named<String>) -> Result<Page, Problem> {
    let known = || desk.dataset.sources.iter().map(|source| source.source.as_str());
    if !known().any(|id| id == name) {
        return Err(Problem::unknown(
            StatusCode::NOT_FOUND,
            &Unknown::new("source", &name, known()),
        ));
    }
    desk.page(format!("source {name}"), move |desk| {
        let found = desk
            .dataset
            .source_uses()
            .into_iter()
            .find(|used| used.source.source.as_str() == name);
        found
            .map(page)
            .ok_or_else(|| Problem::missing("there is no such source"))
    })
    .await
}
