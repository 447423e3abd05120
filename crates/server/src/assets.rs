//! The front end, inside the program.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::content::{Content, Page};

/// What `npm run build` makes of `web/`. It is in the repository, so that the program can be built without Node.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// Stands in where the program was built without the front end.
const NO_FRONT_END: &str = include_str!("assets/no-front-end.html");
/// The page that holds the application.
const INDEX: &str = "index.html";
/// Files in here have names that change with their content.
const HASHED: &str = "assets/";

/// The files of the front end.
#[derive(Clone)]
pub struct Assets {
    files: Arc<HashMap<String, Page>>,
}

impl Assets {
    /// All of them.
    pub fn new() -> Self {
        let mut files: HashMap<String, Page> = Files::iter()
            .filter_map(|name| {
                let file = Files::get(&name)?;
                let kind = kind(&name);
                let content = Content::new(kind, file.data.into_owned()).lasting(name.starts_with(HASHED));
                Some((name.into_owned(), Page(Arc::new(content))))
            })
            .collect();
        files
            .entry(INDEX.to_owned())
            .or_insert_with(|| Page(Arc::new(Content::new("text/html; charset=utf-8", NO_FRONT_END))));
        Self { files: Arc::new(files) }
    }

    /// Compresses them before the first browser asks.
    pub fn prepare(&self) {
        for page in self.files.values() {
            page.0.prepare();
        }
    }

    /// The file at an address. Addresses of the application's own pages all give the one page that holds it.
    pub fn at(&self, address: &Uri) -> Response {
        let path = address.path().trim_start_matches('/');
        if let Some(page) = self.files.get(path) {
            return page.clone().into_response();
        }
        let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
        match self.files.get(INDEX) {
            Some(page) if !is_file && !path.starts_with(HASHED) => page.clone().into_response(),
            _ => (StatusCode::NOT_FOUND, "there is no such file").into_response(),
        }
    }
}

fn kind(name: &str) -> String {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    if kind.type_() == mime_guess::mime::TEXT {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    }
}
