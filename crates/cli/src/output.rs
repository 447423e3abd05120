//! How answers are shown: tables for people, JSON, CSV, Parquet and XLSX for programs.

mod answer;
pub mod document;
mod layout;
mod markdown;
pub mod number;
mod parquet;
pub mod printer;
pub mod progress;
pub mod style;
pub mod table;
pub mod words;
mod workbook;

pub use document::Document;
pub use printer::{Printer, write_csv};
pub use table::{Cell, Column, Table};
