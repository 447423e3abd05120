//! JSON of UN Comtrade as a table: a list of objects, alone or under `data` (now) or `dataset` (before).

use serde_json::Value;

use crate::error::{ImportError, Result};
use crate::grid::Grid;
use crate::kind::Kind;
use crate::text::decode;

/// The table of a JSON file; none when the file is not JSON at all. Rows are counted from 2, as if the names were line 1.
pub fn grid(bytes: &[u8], file: &str) -> Result<Option<Grid>> {
    let (text, encoding) = decode(bytes);
    if !text.trim_start().starts_with(['{', '[']) {
        return Ok(None);
    }
    let damaged = |why: String| ImportError::layout(file, why, Kind::Comtrade.layout());
    let whole: Value = serde_json::from_str(&text)
        .map_err(|error| damaged(format!("line {}: this is no JSON: {}", error.line(), plain(&error))))?;
    let list = match &whole {
        Value::Array(list) => Some(list),
        Value::Object(object) => ["data", "dataset", "Data"]
            .iter()
            .find_map(|key| object.get(*key)?.as_array()),
        _ => None,
    };
    let Some(list) = list else {
        return Err(damaged(
            "the JSON has no list of rows under `data` or `dataset`".to_owned(),
        ));
    };
    let mut names: Vec<String> = Vec::new();
    for row in list.iter().filter_map(Value::as_object) {
        // Every row has the same names; a few rows are enough to find those that are left out when empty.
        for name in row
            .keys()
            .filter(|name| !names.contains(name))
            .cloned()
            .collect::<Vec<_>>()
        {
            names.push(name);
        }
        if names.len() > 200 {
            return Err(damaged("the rows have hundreds of different names".to_owned()));
        }
    }
    let mut grid = Grid {
        encoding: Some(encoding),
        rows: vec![(1, names.clone())],
        ..Grid::default()
    };
    for (at, row) in list.iter().enumerate() {
        let cells = names
            .iter()
            .map(|name| row.get(name).map_or_else(String::new, cell))
            .collect();
        grid.rows.push((at as u64 + 2, cells));
    }
    Ok(Some(grid))
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

/// The error without its position, which is said already.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}
