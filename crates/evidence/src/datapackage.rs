//! `datapackage.json`: the tables described for other programs, after the Frictionless Data Package standard.

use serde::Serialize;

use crate::dataset::{Dataset, TABLES};
use crate::field::{FieldKind, FieldSpec, Reference};
use crate::table::TableSpec;

/// The name of the file in a dataset folder.
pub const FILE: &str = "datapackage.json";

/// The licence of our selection, arrangement and notes. Each source keeps its own terms.
pub const LICENCE: &str = "CC-BY-4.0";

const DESCRIPTION: &str = "Sourced tables of deposits, mines, plants, trade, prices, uses, magnets and policies. \
An empty cell means not known, never zero. The licence below covers our selection, arrangement and notes; \
single facts come from the sources listed, each under its own terms, which `sources.csv` states.";

// The structs fix the order of the keys; a map would leave it to how the JSON library happens to be built.

#[derive(Serialize)]
struct Package<'a> {
    profile: &'static str,
    name: &'static str,
    title: &'static str,
    description: &'static str,
    licenses: [Licence; 1],
    resources: Vec<Resource>,
    sources: Vec<PackageSource<'a>>,
}

#[derive(Serialize)]
struct Licence {
    name: &'static str,
    title: &'static str,
    path: &'static str,
}

#[derive(Serialize)]
struct PackageSource<'a> {
    name: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    licence: &'a str,
}

#[derive(Serialize)]
struct Resource {
    name: &'static str,
    path: &'static str,
    profile: &'static str,
    description: &'static str,
    format: &'static str,
    mediatype: &'static str,
    encoding: &'static str,
    schema: Schema,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    fields: Vec<Field>,
    missing_values: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    primary_key: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    foreign_keys: Vec<ForeignKey>,
}

#[derive(Serialize)]
struct ForeignKey {
    fields: &'static str,
    reference: ForeignReference,
}

#[derive(Serialize)]
struct ForeignReference {
    resource: &'static str,
    fields: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Field {
    name: &'static str,
    r#type: &'static str,
    description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_separator: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refers_to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    true_values: Option<[&'static str; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    false_values: Option<[&'static str; 1]>,
    #[serde(skip_serializing_if = "Constraints::is_empty")]
    constraints: Constraints,
}

#[derive(Default, PartialEq, Serialize)]
struct Constraints {
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#enum: Option<&'static [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<f64>,
}

impl Constraints {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Dataset {
    /// The text of [`FILE`] for this dataset, generated from the declarations of the tables and `sources.csv`.
    #[must_use]
    pub fn datapackage(&self) -> String {
        let present = |spec: &&TableSpec| self.files().get(spec.file).is_some();
        let package = Package {
            profile: "tabular-data-package",
            name: "monazite",
            title: "Monazite: evidence on the world's rare-earth supply chain",
            description: DESCRIPTION,
            licenses: [Licence {
                name: LICENCE,
                title: "Creative Commons Attribution 4.0",
                path: "https://creativecommons.org/licenses/by/4.0/",
            }],
            resources: TABLES.iter().filter(present).map(resource).collect(),
            sources: self
                .sources
                .iter()
                .map(|row| PackageSource {
                    name: row.source.as_str(),
                    title: &row.title,
                    path: row.url.as_deref().filter(|url| url.starts_with("http")),
                    licence: &row.licence,
                })
                .collect(),
        };
        // Strings, numbers and lists always become JSON.
        let mut text = serde_json::to_string_pretty(&package).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn resource(spec: &TableSpec) -> Resource {
    let columns = spec.columns();
    // The standard's primary keys may not be empty in part, as some of ours are.
    let whole = |name: &str| columns.iter().any(|c| c.name == name && c.required);
    let key_is_whole = spec.key.iter().all(|name| whole(name));
    Resource {
        name: spec.name,
        path: spec.file,
        profile: "tabular-data-resource",
        description: spec.description,
        format: "csv",
        mediatype: "text/csv",
        encoding: "utf-8",
        schema: Schema {
            fields: columns.iter().map(|column| field(spec, column)).collect(),
            missing_values: [""],
            primary_key: if key_is_whole { spec.key.to_vec() } else { Vec::new() },
            foreign_keys: columns.iter().filter_map(|column| foreign_key(spec, column)).collect(),
        },
    }
}

/// The id column of a table has the type that other tables refer to it by, and so refers to itself.
fn is_own_key(spec: &TableSpec, column: &FieldSpec) -> bool {
    let own = |to: Reference| to.table == spec.name && to.column == column.name;
    column.references.is_some_and(own)
}

/// The standard's foreign keys know neither `;` lists nor values besides those of the table nor parts of a table, so
/// only plain references become foreign keys; the others are told in the field.
fn foreign_key(spec: &TableSpec, column: &FieldSpec) -> Option<ForeignKey> {
    let to = column.references?;
    if is_own_key(spec, column) || column.list || !column.besides.is_empty() || to.within.is_some() {
        return None;
    }
    Some(ForeignKey {
        fields: column.name,
        reference: ForeignReference {
            resource: to.table,
            fields: to.column,
        },
    })
}

fn refers_to(spec: &TableSpec, column: &FieldSpec) -> Option<String> {
    let to = column.references?;
    if is_own_key(spec, column) {
        return None;
    }
    let mut text = format!("{}.{}", to.table, to.column);
    if let Some((by, value)) = to.within {
        text = format!("{text} where {by} is {value}");
    }
    if !column.besides.is_empty() {
        text = format!("{text}, or {}", column.besides.join(", "));
    }
    Some(text)
}

fn field(spec: &TableSpec, column: &FieldSpec) -> Field {
    let boolean = column.kind == FieldKind::Boolean;
    Field {
        name: column.name,
        r#type: match column.kind {
            FieldKind::Text | FieldKind::Period => "string",
            _ if column.list => "string",
            FieldKind::Number => "number",
            FieldKind::Integer => "integer",
            FieldKind::Boolean => "boolean",
        },
        description: column.description,
        unit: column.unit,
        list_separator: column.list.then_some(";"),
        refers_to: refers_to(spec, column),
        true_values: boolean.then_some(["true"]),
        false_values: boolean.then_some(["false"]),
        constraints: Constraints {
            required: column.required.then_some(true),
            r#enum: (!column.values.is_empty() && !column.list && !boolean).then_some(column.values),
            pattern: (column.kind == FieldKind::Period).then_some("[0-9]{4}(-Q[1-4]|-[0-9]{2}(-[0-9]{2})?)?"),
            minimum: column.minimum,
            maximum: column.maximum,
        },
    }
}
