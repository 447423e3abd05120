//! The program's answer with what a page needs besides: the command that gives it, and every source it rests on.

use std::collections::BTreeMap;

use monazite_evidence::table::Source;
use monazite_evidence::{Dataset, SourceId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::problem::Problem;

/// An answer of the program.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Envelope {
    /// The command that gives the same answer in a terminal.
    pub command: String,
    /// What it says.
    #[serde(flatten)]
    pub answer: Answer,
    /// Every source that the answer names, by id.
    #[schema(value_type = BTreeMap<String, Object>)]
    pub sources: BTreeMap<String, Source>,
    /// Content hash of the evidence.
    pub dataset_sha256: String,
    /// Version of the program.
    pub version: &'static str,
}

/// What the program prints for the atlas.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Answer {
    /// Heading of the whole.
    pub title: Option<String>,
    /// What `--json` prints: facts, and tables as lists of objects.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Titles and labels of the tables in `data`.
    pub tables: Vec<Labels>,
    /// Paragraphs for people.
    pub notes: Vec<String>,
    /// What the reader should look at.
    pub warnings: Vec<String>,
}

/// Title and labels of a table.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Labels {
    /// Its key in `data`.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// Its columns.
    pub columns: Vec<Heading>,
}

/// Label of a column.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Heading {
    /// Its key in rows.
    pub key: String,
    /// Its heading, with the unit where the key has none.
    pub label: String,
    /// Whether it holds numbers.
    pub number: bool,
    /// Whether they are parts of 1, to be read as per cent.
    #[serde(default)]
    pub share: bool,
}

impl Envelope {
    /// Around what the program printed.
    pub fn of(dataset: &Dataset, fingerprint: &str, command: String, printed: &[u8]) -> Result<Self, Problem> {
        let answer: Answer =
            serde_json::from_slice(printed).map_err(|_| Problem::failed("the program's answer cannot be read"))?;
        let mut sources = BTreeMap::new();
        collect(&answer.data, dataset, &mut sources);
        Ok(Self {
            command,
            answer,
            sources,
            dataset_sha256: fingerprint.to_owned(),
            version: env!("CARGO_PKG_VERSION"),
        })
    }
}

/// Finds the ids of sources among the values that may hold some.
fn collect(value: &Value, dataset: &Dataset, found: &mut BTreeMap<String, Source>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if matches!(key.as_str(), "source" | "sources" | "evidence") {
                    cite(value, dataset, found);
                }
                collect(value, dataset, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, dataset, found)),
        _ => {}
    }
}

fn cite(value: &Value, dataset: &Dataset, found: &mut BTreeMap<String, Source>) {
    match value {
        Value::String(ids) => {
            for id in ids.split(';').map(str::trim).filter(|id| !id.is_empty()) {
                if !found.contains_key(id)
                    && let Some(source) = dataset.source(&SourceId::from(id))
                {
                    found.insert(id.to_owned(), source.clone());
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| cite(item, dataset, found)),
        _ => {}
    }
}
