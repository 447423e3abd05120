//! How well the model does on years that are past.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use include_dir::{Dir, include_dir};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::asked::Named;
use crate::content::Page;
use crate::desk::Desk;
use crate::problem::Problem;

/// The published pages of the book, written by `monazite backtest`.
static PUBLISHED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../book/src/validation");

/// Scores, bands and charts, as they are published.
#[derive(Debug, Serialize, ToSchema)]
pub struct Validation {
    /// Scores that are held: `figure`, `value`, `tolerance`.
    #[schema(value_type = Vec<Object>)]
    scores: Vec<Map<String, Value>>,
    /// Fit of the base years: `year`, `view`, `figure`, `value`, `tolerance`.
    #[schema(value_type = Vec<Object>)]
    calibration: Vec<Map<String, Value>>,
    /// Published figures against what the program computes: `part`, `what`, `unit`, `published`, `computed`, `off`, `wanted`,
    /// `met`, `confidence`, `source`.
    #[schema(value_type = Vec<Object>)]
    oracles: Vec<Map<String, Value>>,
    /// What calibration had to move: `what`, `prior_usd_per_kg`, `calibrated_usd_per_kg`, `why`.
    #[schema(value_type = Vec<Object>)]
    residuals: Vec<Map<String, Value>>,
    /// Predicted prices, USD/kg: `experiment`, `item`, `zone`, `quarter` and quantiles.
    #[schema(value_type = Vec<Object>)]
    bands: Vec<Map<String, Value>>,
    /// Charts of predicted bands with observed prices.
    charts: Vec<Chart>,
    /// The page in the book, Markdown.
    page: &'static str,
}

/// A chart.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chart {
    /// Its name at `/validation/charts/{name}`.
    name: String,
    /// Experiment A (2010 to 2013), B (2025 and after), or D (A with the mining quota kept to).
    experiment: String,
    /// What is predicted: `Dy oxide`.
    item: String,
}

/// Scores, calibration, predicted bands, charts, and the page of the hindcast
#[utoipa::path(get, path = "/validation", tag = "chain",
    responses((status = 200, body = Validation), (status = "5XX", body = Problem)))]
pub async fn validation(State(desk): State<Arc<Desk>>) -> Result<Page, Problem> {
    desk.page("validation".to_owned(), |_| Ok(published())).await
}

/// A chart: SVG
#[utoipa::path(get, path = "/validation/charts/{name}", tag = "chain",
    params(("name" = String, Path, description = "`a-dy-oxide.svg`")),
    responses((status = 200, body = String, content_type = "image/svg+xml"), (status = "4XX", body = Problem)))]
pub async fn chart(Named(name): Named<String>) -> Result<Response, Problem> {
    let file = PUBLISHED
        .files()
        .find(|file| is_chart(&name) && file.path().to_str() == Some(&name));
    let file = file
        .ok_or_else(|| Problem::missing(format!("there is no chart `{name}`")).hint("/api/v1/validation lists them"))?;
    // A picture opened by itself may use its own style, and nothing else.
    let kind = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    Ok((kind, file.contents()).into_response())
}

fn is_chart(name: &str) -> bool {
    std::path::Path::new(name)
        .extension()
        .is_some_and(|ending| ending == "svg")
}

fn published() -> Validation {
    let charts = PUBLISHED
        .files()
        .filter_map(|file| file.path().to_str())
        .filter(|name| is_chart(name));
    let mut charts: Vec<Chart> = charts.filter_map(chart_of).collect();
    charts.sort_by(|a, b| a.name.cmp(&b.name));
    Validation {
        scores: table("scores.csv"),
        calibration: table("calibration.csv"),
        oracles: table("oracles.csv"),
        residuals: table("residuals.csv"),
        bands: ["bands-a.csv", "bands-b.csv", "bands-d.csv"]
            .into_iter()
            .flat_map(table)
            .collect(),
        charts,
        page: text("hindcast.md"),
    }
}

/// `a-dy-oxide.svg` is experiment A, Dy oxide.
fn chart_of(name: &str) -> Option<Chart> {
    let (experiment, item) = name.strip_suffix(".svg")?.split_once('-')?;
    let mut letters = item.chars();
    let item: String = letters.next()?.to_uppercase().chain(letters).collect();
    Some(Chart {
        name: name.to_owned(),
        experiment: experiment.to_uppercase(),
        item: item.replace('-', " "),
    })
}

fn text(name: &str) -> &'static str {
    PUBLISHED
        .get_file(name)
        .and_then(include_dir::File::contents_utf8)
        .unwrap_or_default()
}

fn table(name: &str) -> Vec<Map<String, Value>> {
    let mut reader = csv::Reader::from_reader(text(name).as_bytes());
    let heads: Vec<String> = reader
        .headers()
        .map(|heads| heads.iter().map(str::to_owned).collect())
        .unwrap_or_default();
    let value = |cell: &str| cell.parse::<f64>().map_or_else(|_| Value::from(cell), Value::from);
    let records = reader.records().filter_map(Result::ok);
    records
        .map(|record| heads.iter().cloned().zip(record.iter().map(value)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_is_whole() {
        let found = published();
        assert!(found.scores.len() >= 10 && found.calibration.len() >= 10 && found.bands.len() > 200);
        assert!(
            found
                .charts
                .iter()
                .any(|c| c.name == "a-dy-oxide.svg" && c.experiment == "A" && c.item == "Dy oxide")
        );
        assert!(found.page.starts_with("# Hindcast"));
        assert!(found.oracles.len() > 100 && found.residuals.len() > 20);
        assert!(
            found
                .oracles
                .iter()
                .all(|row| row.get("off").is_some_and(Value::is_f64))
        );
        assert!(
            found
                .scores
                .iter()
                .all(|row| row.get("value").is_some_and(Value::is_f64))
        );
    }
}
