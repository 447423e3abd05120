//! The routes of the API, each with its description: `/api/openapi.json` is made from them.

mod chain;
mod countries;
mod data;
mod elements;
mod exposure;
mod jobs;
mod map;
mod meta;
mod news;
mod projects;
mod results;
mod risk;
mod scenarios;
mod sources;
mod today;
mod validation;

use std::sync::Arc;

use axum::Router;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::content::{Content, Page};
use crate::desk::Desk;

/// Where the API begins.
const BASE: &str = "/api/v1";
/// Where its description is.
const DESCRIPTION: &str = "/api/openapi.json";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Monazite",
        description = "The rare-earth supply chain from ore to motor, on this machine. Reading is by GET; long work is a job. \
            Evidence carries source ids, confidence (A official or filing, B retrieved secondary, C unverified) and vintage. \
            Errors are problem+json with a hint.",
        license(name = "MIT OR Apache-2.0; evidence CC BY 4.0", url = "https://creativecommons.org/licenses/by/4.0/")
    ),
    tags(
        (name = "evidence", description = "Tables, sources, conflicts, licences"),
        (name = "chain", description = "Who makes what, where it goes, who could stop it"),
        (name = "scenarios", description = "What could happen"),
        (name = "jobs", description = "Long work: runs, ensembles, sensitivity"),
        (name = "money", description = "Projects, exposure, deals, articles"),
    )
)]
struct Description;

/// Works out ahead what takes seconds and what somebody is sure to ask.
pub async fn prepare(desk: &Desk) {
    projects::prepare(desk).await;
}

/// A list in an address: `Dy,Nd`.
fn list(text: Option<&str>) -> Vec<String> {
    let items = text.unwrap_or_default().split(',').map(str::trim);
    items.filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The routes with their description.
fn described() -> OpenApiRouter<Arc<Desk>> {
    OpenApiRouter::with_openapi(Description::openapi()).nest(
        BASE,
        OpenApiRouter::new()
            .routes(routes!(meta::meta))
            .routes(routes!(today::today))
            .routes(routes!(risk::risk))
            .routes(routes!(risk::base_year))
            .routes(routes!(risk::why))
            .routes(routes!(map::deposits))
            .routes(routes!(map::facilities))
            .routes(routes!(map::flows))
            .routes(routes!(chain::chain))
            .routes(routes!(elements::element))
            .routes(routes!(countries::country))
            .routes(routes!(scenarios::list))
            .routes(routes!(scenarios::template))
            .routes(routes!(scenarios::check))
            .routes(routes!(scenarios::show))
            .routes(routes!(jobs::submit, jobs::list))
            .routes(routes!(jobs::show, jobs::cancel))
            .routes(routes!(jobs::events))
            .routes(routes!(jobs::again))
            .routes(routes!(results::result))
            .routes(routes!(results::table))
            .routes(routes!(results::explain))
            .routes(routes!(results::report))
            .routes(routes!(results::scenario))
            .routes(routes!(projects::list))
            .routes(routes!(projects::studies))
            .routes(routes!(projects::template))
            .routes(routes!(projects::value))
            .routes(routes!(projects::floor))
            .routes(routes!(exposure::bill))
            .routes(routes!(exposure::template))
            .routes(routes!(exposure::country))
            .routes(routes!(exposure::fleet))
            .routes(routes!(exposure::technologies))
            .routes(routes!(exposure::technology))
            .routes(routes!(news::brief))
            .routes(routes!(news::deals))
            .routes(routes!(validation::validation))
            .routes(routes!(validation::chart))
            .routes(routes!(data::tables))
            .routes(routes!(data::conflicts))
            .routes(routes!(data::licences))
            .routes(routes!(data::table))
            .routes(routes!(sources::sources))
            .routes(routes!(sources::source)),
    )
}

/// Names every operation, says of every answer what it is, and that problems are problem+json: what holds of all is not written at each.
fn complete(description: &mut utoipa::openapi::OpenApi) {
    for (address, path) in &mut description.paths.paths {
        let operations = [
            ("get", &mut path.get),
            ("post", &mut path.post),
            ("delete", &mut path.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation else { continue };
            let name = address
                .trim_start_matches(BASE)
                .replace(['{', '}'], "")
                .replace(['/', '-'], "_");
            operation.operation_id = Some(format!("{method}{name}"));
            for (status, response) in &mut operation.responses.responses {
                let RefOr::T(response) = response else { continue };
                let failed = status.starts_with(['4', '5']);
                if response.description.is_empty() {
                    let words = if failed {
                        "What is wrong, and what to do"
                    } else {
                        "The answer"
                    };
                    words.clone_into(&mut response.description);
                }
                if failed && let Some(content) = response.content.shift_remove("application/json") {
                    response.content.insert("application/problem+json".to_owned(), content);
                }
            }
        }
    }
}

/// The routes, their description, and pages to browse it.
pub fn routes(desk: Arc<Desk>) -> Router {
    let (router, mut description) = described().split_for_parts();
    env!("CARGO_PKG_VERSION").clone_into(&mut description.info.version);
    complete(&mut description);
    let text = description.to_pretty_json().unwrap_or_default();
    let page = Page(Arc::new(Content::json(text)));
    let pages = SwaggerUi::new("/api/docs").config(Config::from(DESCRIPTION).validator_url("none"));
    router
        .with_state(desk)
        .route(DESCRIPTION, axum::routing::get(move || async move { page }))
        .merge(pages)
}
