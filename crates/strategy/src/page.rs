//! A TOML file that a person wrote: where things stand in it, and checks that name file, line and column.

use std::ops::Range;

use monazite_evidence::nearest::nearest;
use toml::de::{DeTable, DeValue};

use crate::project::Fault;

/// The text, for positions.
pub(crate) struct Page<'a> {
    pub(crate) text: &'a str,
    pub(crate) file: &'a str,
}

impl Page<'_> {
    pub(crate) fn fault(&self, span: Option<&Range<usize>>, message: String, hint: Option<String>) -> Fault {
        let at = span.map_or(0, |span| span.start.min(self.text.len()));
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Fault {
            file: self.file.to_owned(),
            line,
            column,
            cell: None,
            message,
            hint,
        }
    }

    /// A message of the TOML reader, with the nearest key where a key is unknown.
    pub(crate) fn of_toml(&self, error: &toml::de::Error, missing: impl Fn(&str) -> Option<&'static str>) -> Fault {
        let message = (error.message().replace('\n', ", "))
            .replace("expected f64", "expected a number")
            .replace("expected u16", "expected a whole number");
        let hint = message.strip_prefix("unknown field `").and_then(|rest| {
            let (key, expected) = rest.split_once('`')?;
            let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
            Some(nearest(key, known.iter().copied()).map_or_else(
                || format!("known keys here: {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            ))
        });
        let message = match message.split_once(", expected") {
            Some((head, _)) if head.starts_with("unknown field") => head.replace("unknown field", "unknown key"),
            _ => message.replace("missing field", "missing key"),
        };
        let key = message
            .strip_prefix("missing key `")
            .and_then(|rest| rest.split('`').next());
        let hint = hint.or_else(|| key.and_then(&missing).map(str::to_owned));
        self.fault(error.span().as_ref(), message, hint)
    }
}

/// Faults found so far, with the file they are in.
pub(crate) struct Checks<'a> {
    pub(crate) page: &'a Page<'a>,
    pub(crate) table: &'a DeTable<'a>,
    pub(crate) faults: Vec<Fault>,
}

impl Checks<'_> {
    /// Where the value of a key stands: `["finance", "discount_rate"]`, or `["product", "1", "payability"]`.
    fn span(&self, path: &[&str]) -> Option<Range<usize>> {
        let (first, rest) = path.split_first()?;
        let mut value = self.table.get(*first)?;
        for key in rest {
            let inner = match value.get_ref() {
                DeValue::Table(table) => table.get(*key),
                DeValue::Array(array) => key.parse::<usize>().ok().and_then(|at| array.get(at)),
                _ => None,
            };
            // A missing key is shown at its section.
            let Some(inner) = inner else { break };
            value = inner;
        }
        Some(value.span())
    }

    pub(crate) fn fault(&mut self, path: &[&str], message: String, hint: Option<&str>) {
        let span = self.span(path);
        let fault = self.page.fault(span.as_ref(), message, hint.map(str::to_owned));
        self.faults.push(fault);
    }

    /// A number that must lie in a range.
    pub(crate) fn range(&mut self, path: &[&str], value: f64, low: f64, high: f64, unit: &str) {
        if value.is_finite() && (low..=high).contains(&value) {
            return;
        }
        let key = path.last().copied().unwrap_or_default();
        let bounds = if high.is_finite() {
            format!("from {low} to {high}")
        } else {
            format!("at least {low}")
        };
        let share = (high <= 1.0 && value > 1.0 && value <= 100.0)
            .then(|| format!("a share, not a percentage: {value} % is {}", value / 100.0));
        self.fault(
            path,
            format!("`{key}` is {value}; it must be {bounds} {unit}")
                .trim_end()
                .to_owned(),
            share.as_deref(),
        );
    }
}
