//! A table that people and programs read from the same rows.

use std::borrow::Cow;

use comfy_table::{Attribute, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width};
use serde_json::Value;

use super::number;
use super::style::Style;

/// Who sees a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// People and programs.
    All,
    /// People only: several values in one cell.
    People,
    /// Programs only: the values behind it.
    Programs,
}

/// One column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in JSON and CSV, with the unit.
    pub key: &'static str,
    /// Its heading for people.
    pub head: Cow<'static, str>,
    show: Show,
    right: bool,
}

impl Column {
    /// A column of words.
    pub fn text(key: &'static str, head: impl Into<Cow<'static, str>>) -> Self {
        Self { key, head: head.into(), show: Show::All, right: false }
    }

    /// A column of numbers, lined up on the right.
    pub fn number(key: &'static str, head: impl Into<Cow<'static, str>>) -> Self {
        Self { key, head: head.into(), show: Show::All, right: true }
    }

    /// Only in tables for people.
    pub fn for_people(mut self) -> Self {
        self.show = Show::People;
        self
    }

    /// Only in JSON and CSV.
    pub fn for_programs(mut self) -> Self {
        self.show = Show::Programs;
        self
    }
}

/// One value: as programs read it and as people do.
#[derive(Clone, Debug)]
pub struct Cell {
    /// For JSON and CSV, in full.
    pub value: Value,
    /// For people.
    pub text: String,
    marked: bool,
}

impl Cell {
    /// Text, the same for all.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { value: Value::String(text.clone()), text, marked: false }
    }

    /// An id that people read as words.
    pub fn named(id: &str, words: impl Into<String>) -> Self {
        Self { value: Value::String(id.to_owned()), text: words.into(), marked: false }
    }

    /// A number, shown with about three figures.
    pub fn number(value: f64) -> Self {
        Self::shown(value, number::figures(value))
    }

    /// A number with its own text for people. JSON has no NaN; it becomes null.
    pub fn shown(value: f64, text: impl Into<String>) -> Self {
        let value = serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number);
        Self { value, text: text.into(), marked: false }
    }

    /// A whole number.
    pub fn count(value: usize) -> Self {
        let text = if value < 10_000 { value.to_string() } else { number::thousands(f64::from(u32::try_from(value).unwrap_or(u32::MAX))) };
        Self { value: Value::from(value), text, marked: false }
    }

    /// Yes or no.
    pub fn flag(value: bool, yes: &str, no: &str) -> Self {
        Self { value: Value::Bool(value), text: (if value { yes } else { no }).to_owned(), marked: false }
    }

    /// Nothing known.
    pub fn empty() -> Self {
        Self { value: Value::Null, text: String::new(), marked: false }
    }

    /// The same value, with other words for people.
    pub fn reads(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Set off by colour when `marked`.
    pub fn marked(mut self, marked: bool) -> Self {
        self.marked = marked;
        self
    }

    /// The value as CSV holds it.
    pub fn csv(&self) -> String {
        match &self.value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

/// Rows with named columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// The name by which `--csv=NAME` and JSON know it.
    pub name: &'static str,
    /// The heading for people.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, a cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows people are shown; programs get all.
    pub shown: usize,
    /// What stands instead of a table without rows.
    pub if_empty: &'static str,
}

/// Only a line under the header.
const LOOK: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

impl Table {
    /// An empty table.
    pub fn new(name: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { name, title: title.into(), columns, rows: Vec::new(), shown: usize::MAX, if_empty: "none" }
    }

    /// Shows people at most so many rows.
    pub fn show_at_most(mut self, rows: usize) -> Self {
        self.shown = rows;
        self
    }

    /// Says in words that there are no rows.
    pub fn if_empty(mut self, words: &'static str) -> Self {
        self.if_empty = words;
        self
    }

    /// Adds a row, a cell per column.
    pub fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "a cell per column of `{}`", self.name);
        self.rows.push(row);
    }

    /// The columns that programs read, with their positions.
    pub fn program_columns(&self) -> Vec<(usize, &'static str)> {
        let columns = self.columns.iter().enumerate();
        columns.filter(|(_, column)| column.show != Show::People).map(|(at, column)| (at, column.key)).collect()
    }

    /// The table for people, at most `width` wide.
    pub fn to_text(&self, width: u16, style: Style) -> String {
        if self.rows.is_empty() {
            return format!("  {}\n", style.faint(self.if_empty));
        }
        let columns: Vec<(usize, &Column)> =
            self.columns.iter().enumerate().filter(|(_, column)| column.show != Show::Programs).collect();
        let mut table = comfy_table::Table::new();
        table.load_style(LOOK).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
        if style.is_on() {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        let align = |column: &Column| if column.right { CellAlignment::Right } else { CellAlignment::Left };
        table.set_header(columns.iter().map(|(_, column)| {
            comfy_table::Cell::new(&column.head).set_alignment(align(column)).add_attribute(Attribute::Bold)
        }));
        for row in self.rows.iter().take(self.shown) {
            table.add_row(columns.iter().filter_map(|(at, column)| {
                let cell = row.get(*at)?;
                let shown = comfy_table::Cell::new(&cell.text).set_alignment(align(column));
                Some(if cell.marked { shown.fg(comfy_table::Color::Yellow) } else { shown })
            }));
        }
        // Numbers are never broken over two lines; words give way.
        let widths = table.column_max_content_widths();
        for ((at, (_, column)), width) in columns.iter().enumerate().zip(widths) {
            if let (true, Some(shown)) = (column.right, table.column_mut(at)) {
                shown.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width + 2)));
            }
        }
        let mut text: String = table.lines().map(|line| format!(" {}\n", line.trim_end())).collect();
        let more = self.rows.len().saturating_sub(self.shown);
        if more > 0 {
            text.push_str(&format!("  {}\n", style.faint(format!("… and {more} more (`--csv={}` has all)", self.name))));
        }
        text
    }
}
