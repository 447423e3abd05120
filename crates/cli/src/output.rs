//! How answers are shown: tables for people, JSON and CSV for programs.

pub mod document;
mod layout;
mod markdown;
pub mod number;
pub mod printer;
pub mod progress;
pub mod style;
pub mod table;
pub mod words;

pub use document::Document;
pub use printer::Printer;
pub use table::{Cell, Column, Table};
