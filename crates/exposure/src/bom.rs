//! Bills of materials: parts with quantity and content, read from CSV or XLSX.
//!
//! Nothing is guessed silently: an unknown word, unit or number is a [`Fault`] with its row, column and the nearest
//! valid word. A mass that is not given stays unknown, and the totals say so.

mod fault;
mod parts;
mod sheet;

pub use fault::{Fault, Faults};
pub use parts::{Content, Part, Vocabulary, read_parts};
pub use sheet::{Columns, RowView, Sheet};

/// A bill of materials to start from, with every kind of row.
pub const TEMPLATE: &str = include_str!("bom/template.csv");
