//! A table that people and programs read from the same rows.

use std::borrow::Cow;

use comfy_table::{Attribute, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, TableStyle, Width};
use serde_json::Value;

use super::layout::{self, Wish};
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
    minor: bool,
}

impl Column {
    /// A column of words.
    pub fn text(key: &'static str, head: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key,
            head: head.into(),
            show: Show::All,
            right: false,
            minor: false,
        }
    }

    /// A column of numbers, lined up on the right.
    pub fn number(key: &'static str, head: impl Into<Cow<'static, str>>) -> Self {
        Self {
            key,
            head: head.into(),
            show: Show::All,
            right: true,
            minor: false,
        }
    }

    /// Left out for people where lines are short.
    pub fn minor(mut self) -> Self {
        self.minor = true;
        self
    }

    /// Whether people see it.
    pub fn is_for_people(&self) -> bool {
        self.show != Show::Programs
    }

    /// Whether it holds numbers.
    pub fn is_number(&self) -> bool {
        self.right
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
        Self {
            value: Value::String(text.clone()),
            text,
            marked: false,
        }
    }

    /// An id that people read as words.
    pub fn named(id: &str, words: impl Into<String>) -> Self {
        Self {
            value: Value::String(id.to_owned()),
            text: words.into(),
            marked: false,
        }
    }

    /// A number, shown with about three figures.
    pub fn number(value: f64) -> Self {
        Self::shown(value, number::figures(value))
    }

    /// A number with its own text for people. JSON has no NaN; it becomes null.
    pub fn shown(value: f64, text: impl Into<String>) -> Self {
        let value = serde_json::Number::from_f64(value).map_or(Value::Null, Value::Number);
        Self {
            value,
            text: text.into(),
            marked: false,
        }
    }

    /// A whole number.
    pub fn count(value: usize) -> Self {
        Self {
            value: Value::from(value),
            text: number::count(value),
            marked: false,
        }
    }

    /// A year, or the number of a line: a whole number without separators.
    pub fn ordinal(value: impl Into<Value>) -> Self {
        let value = value.into();
        Self {
            text: value.to_string(),
            value,
            marked: false,
        }
    }

    /// Yes or no.
    pub fn flag(value: bool, yes: &str, no: &str) -> Self {
        Self {
            value: Value::Bool(value),
            text: (if value { yes } else { no }).to_owned(),
            marked: false,
        }
    }

    /// Nothing known.
    pub fn empty() -> Self {
        Self {
            value: Value::Null,
            text: String::new(),
            marked: false,
        }
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

/// Spaces before each line.
const INDENT: u16 = 2;
/// Only a line under the header.
const LOOK: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─'));

impl Table {
    /// An empty table.
    pub fn new(name: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            name,
            title: title.into(),
            columns,
            rows: Vec::new(),
            shown: usize::MAX,
            if_empty: "none",
        }
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

    /// Leaves to programs the columns that people would have to read on broken lines; gives their names.
    pub fn drop_columns_beyond(&mut self, width: u16) -> Vec<&'static str> {
        let wishes = self.wishes(&(0..self.columns.len()).collect::<Vec<_>>());
        let mut used = u32::from(INDENT);
        let mut dropped = Vec::new();
        for (column, wish) in self.columns.iter_mut().zip(wishes) {
            if column.show == Show::Programs {
                continue;
            }
            used += u32::from(wish.full + 2);
            if used > u32::from(width + 2) {
                column.show = Show::Programs;
                dropped.push(column.key);
            }
        }
        dropped
    }

    /// The columns that programs read, with their positions.
    pub fn program_columns(&self) -> Vec<(usize, &'static str)> {
        let columns = self.columns.iter().enumerate();
        columns
            .filter(|(_, column)| column.show != Show::People)
            .map(|(at, column)| (at, column.key))
            .collect()
    }

    /// The table for people, at most `width` wide where that can be.
    pub fn to_text(&self, width: u16, style: Style) -> String {
        if self.rows.is_empty() {
            return format!("  {}\n", style.faint(self.if_empty));
        }
        let people = (0..self.columns.len()).filter(|at| self.columns[*at].show != Show::Programs);
        let people: Vec<usize> = people.collect();
        let plan = layout::plan(&self.wishes(&people), width - INDENT);
        let columns: Vec<(usize, u16)> = people
            .into_iter()
            .zip(&plan.widths)
            .filter_map(|(at, width)| Some((at, (*width)?)))
            .collect();
        let mut table = comfy_table::Table::new();
        table
            .load_style(LOOK)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(u16::MAX);
        if style.is_on() {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        let align = |at: usize| {
            if self.columns[at].right {
                CellAlignment::Right
            } else {
                CellAlignment::Left
            }
        };
        table.set_header(columns.iter().map(|(at, _)| {
            let head = comfy_table::Cell::new(&self.columns[*at].head);
            head.set_alignment(align(*at)).add_attribute(Attribute::Bold)
        }));
        for row in self.rows.iter().take(self.shown) {
            table.add_row(columns.iter().filter_map(|(at, _)| {
                let cell = row.get(*at)?;
                let shown = comfy_table::Cell::new(&cell.text).set_alignment(align(*at));
                Some(if cell.marked {
                    shown.fg(comfy_table::Color::DarkYellow)
                } else {
                    shown
                })
            }));
        }
        for (at, (_, width)) in columns.iter().enumerate() {
            let gap = if at + 1 < columns.len() { plan.gap } else { 0 };
            if let Some(column) = table.column_mut(at) {
                column.set_padding((0, gap));
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width + gap)));
            }
        }
        let mut lines: Vec<String> = table.lines().map(|line| format!("  {}", line.trim_end())).collect();
        let more = self.rows.len().saturating_sub(self.shown);
        if more > 0 {
            let note = format!("… and {} more (`--csv={}` has all)", number::count(more), self.name);
            lines.push(format!("  {}", style.faint(note)));
        }
        lines.join("\n") + "\n"
    }

    /// What each column would like.
    fn wishes(&self, columns: &[usize]) -> Vec<Wish> {
        let length = |text: &str| u16::try_from(text.chars().count()).unwrap_or(u16::MAX);
        let wish = |at: usize| {
            let column = &self.columns[at];
            let cells = || {
                self.rows
                    .iter()
                    .take(self.shown)
                    .filter_map(|row| row.get(at))
                    .map(|cell| cell.text.as_str())
            };
            let full = cells()
                .map(length)
                .max()
                .unwrap_or(0)
                .max(two_lines(&column.head))
                .max(1);
            let words = cells().chain([&*column.head]).flat_map(str::split_whitespace);
            let least = if column.right {
                full
            } else {
                words.map(length).max().unwrap_or(1).max(1)
            };
            Wish {
                full,
                least,
                minor: column.minor,
            }
        };
        columns.iter().map(|at| wish(*at)).collect()
    }
}

/// The width in which a heading fits on two lines.
fn two_lines(head: &str) -> u16 {
    let words: Vec<usize> = head.split_whitespace().map(|word| word.chars().count()).collect();
    let line = |words: &[usize]| words.iter().sum::<usize>() + words.len().saturating_sub(1);
    let splits = (0..words.len()).map(|at| line(&words[..=at]).max(line(&words[at + 1..])));
    u16::try_from(splits.min().unwrap_or(0)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_take_two_lines_at_most() {
        assert_eq!(two_lines("peak USD/kg"), 6);
        assert_eq!(two_lines("given up for good"), 8);
        assert_eq!(two_lines("loss"), 4);
        assert_eq!(two_lines(""), 0);
    }

    #[test]
    fn cells_stay_on_one_line_and_columns_for_programs_are_not_shown() {
        let columns = vec![
            Column::text("place", "place"),
            Column::number("loss", "loss M USD"),
            Column::text("id", "").for_programs(),
        ];
        let mut table = Table::new("losses", "Losses", columns);
        table.push(vec![
            Cell::text("United States"),
            Cell::number(1824.0),
            Cell::text("USA"),
        ]);
        assert_eq!(
            table.to_text(80, Style::new(false)),
            "  place           loss\n                 M USD\n  ────────────────────\n  United States  1,824\n"
        );
        assert_eq!(
            table.program_columns().iter().map(|(_, key)| *key).collect::<Vec<_>>(),
            ["place", "loss", "id"]
        );
    }
}
