//! One answer: headings, text and tables for people; facts and tables for programs.

use monazite_evidence::table::Source;
use serde::ser::{Serialize, SerializeMap as _, SerializeSeq as _, Serializer};
use serde_json::Value;

use super::table::{Cell, Column, Table};

/// A part of an answer, in order of reading.
#[derive(Clone, Debug)]
pub enum Block {
    /// The heading of the whole.
    Title(String),
    /// A paragraph, wrapped.
    Text(String),
    /// Sentences, a line each; a line that is broken goes on indented.
    Lines(String),
    /// A remark, wrapped and faint.
    Remark(String),
    /// Lines kept as they are, such as a file.
    Verbatim(String),
    /// Something the reader should look at.
    Warning(String),
    /// A table.
    Table(Table),
    /// A table for people, whose content programs get otherwise.
    Picture(Table),
    /// A table for programs only.
    Data(Table),
    /// Commands to try next.
    Next(Vec<String>),
}

/// A table that is made only when a program asks for it by name.
pub type Maker<'a> = Box<dyn Fn() -> Table + 'a>;

/// One answer.
#[derive(Default)]
pub struct Document<'a> {
    /// For people, in order.
    pub blocks: Vec<Block>,
    /// For JSON, besides the tables.
    pub facts: Vec<(&'static str, Value)>,
    /// More tables for `--csv=NAME`.
    pub further: Vec<(&'static str, Maker<'a>)>,
    /// A report that JSON prints instead of facts and tables.
    pub whole: Option<Value>,
    /// The sources of the answer, for files that carry them.
    pub sources: Vec<Source>,
}

impl<'a> Document<'a> {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the heading of the whole.
    pub fn title(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Title(text.into()));
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Text(text.into()));
    }

    /// Adds sentences, a line each.
    pub fn lines(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Lines(text.into()));
    }

    /// Adds a remark.
    pub fn remark(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Remark(text.into()));
    }

    /// Adds lines as they are.
    pub fn verbatim(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Verbatim(text.into()));
    }

    /// Adds a warning.
    pub fn warning(&mut self, text: impl Into<String>) {
        self.blocks.push(Block::Warning(text.into()));
    }

    /// Adds a table.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }

    /// Adds a table for people, whose content programs get by [`Self::data`].
    pub fn picture(&mut self, table: Table) {
        self.blocks.push(Block::Picture(table));
    }

    /// Adds a table for programs only.
    pub fn data(&mut self, table: Table) {
        self.blocks.push(Block::Data(table));
    }

    /// Adds commands to try next.
    pub fn next(&mut self, commands: Vec<String>) {
        self.blocks.push(Block::Next(commands));
    }

    /// Adds a fact for JSON.
    pub fn fact(&mut self, key: &'static str, value: impl Into<Value>) {
        self.facts.push((key, value.into()));
    }

    /// Adds a table for `--csv=NAME` only.
    pub fn further(&mut self, name: &'static str, make: impl Fn() -> Table + 'a) {
        self.further.push((name, Box::new(make)));
    }

    /// Adds a source of the answer.
    pub fn cite(&mut self, source: &Source) {
        if self.sources.iter().all(|known| known.source != source.source) {
            self.sources.push(source.clone());
        }
    }

    /// The sources as a table: what a workbook carries on a sheet of its own.
    pub fn citations(&self) -> Option<Table> {
        if self.sources.is_empty() {
            return None;
        }
        let columns = ["source", "title", "publisher", "year", "url", "licence", "retrieved"];
        let columns = columns.iter().map(|key| Column::text(key, *key)).collect();
        let mut table = Table::new("sources", "Sources", columns);
        let text = |text: &Option<String>| text.clone().map_or_else(Cell::empty, Cell::text);
        for source in &self.sources {
            table.push(vec![
                Cell::text(source.source.as_str()),
                Cell::text(&source.title),
                text(&source.publisher),
                text(&source.year),
                text(&source.url),
                Cell::text(&source.licence),
                text(&source.retrieved),
            ]);
        }
        Some(table)
    }

    /// The tables that programs get, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Table(table) | Block::Data(table) => Some(table),
            _ => None,
        })
    }

    /// The names of all tables.
    pub fn table_names(&self) -> Vec<&'static str> {
        self.tables()
            .map(|table| table.name)
            .chain(self.further.iter().map(|(name, _)| *name))
            .collect()
    }
}

/// JSON: the facts, then each table as a list of objects, in the order they were added.
impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(whole) = &self.whole {
            return whole.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in &self.facts {
            map.serialize_entry(key, value)?;
        }
        for table in self.tables() {
            map.serialize_entry(table.name, &Rows(table))?;
        }
        map.end()
    }
}

struct Rows<'t>(&'t Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = self.0.program_columns();
        let mut list = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            list.serialize_element(&Row { columns: &columns, row })?;
        }
        list.end()
    }
}

struct Row<'t> {
    columns: &'t [(usize, &'static str)],
    row: &'t [super::table::Cell],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (at, key) in self.columns {
            map.serialize_entry(key, &self.row.get(*at).map(|cell| &cell.value))?;
        }
        map.end()
    }
}
