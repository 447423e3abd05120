//! Rows of evidence as JSON objects: numbers as numbers, lists as lists, sources by their ids.

use monazite_evidence::field::{FieldKind, FieldSpec};
use monazite_evidence::table::Row;
use serde_json::{Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// A row of a table; its column `source` becomes the list `sources`.
pub fn object<T: Row>(row: &T) -> Object {
    let columns = T::SPEC.columns();
    let cells = row.to_record();
    columns
        .iter()
        .zip(&cells)
        .map(|(column, cell)| {
            let name = if column.name == "source" {
                "sources"
            } else {
                column.name
            };
            (name.to_owned(), typed(column, cell))
        })
        .collect()
}

/// A cell as its column says.
pub fn typed(column: &FieldSpec, cell: &str) -> Value {
    if column.list {
        let items = cell.split(';').map(str::trim).filter(|item| !item.is_empty());
        return items.map(|item| single(column.kind, item)).collect();
    }
    single(column.kind, cell)
}

fn single(kind: FieldKind, cell: &str) -> Value {
    if cell.is_empty() {
        return Value::Null;
    }
    let number = || match kind {
        FieldKind::Integer => cell.parse::<i64>().ok().map(Value::from),
        FieldKind::Number => cell.parse::<f64>().ok().map(Value::from),
        FieldKind::Boolean => cell.parse::<bool>().ok().map(Value::from),
        FieldKind::Text | FieldKind::Period => None,
    };
    number().unwrap_or_else(|| Value::from(cell))
}

/// Adds the name of the place in `column`.
pub fn with_place_name(mut object: Object, column: &str, name: impl Fn(&str) -> String) -> Object {
    let named = object.get(column).and_then(Value::as_str).map(name);
    object.insert(format!("{column}_name"), named.map_or(Value::Null, Value::from));
    object
}
