//! Tables as Markdown, for pages that the program writes.

use std::fmt::Write as _;

use super::table::Table;

impl Table {
    /// The columns and rows that people read, as a Markdown table; its words instead where it is empty.
    pub fn to_markdown(&self) -> String {
        let columns: Vec<usize> = (0..self.columns.len())
            .filter(|c| self.columns[*c].is_for_people())
            .collect();
        if self.rows.is_empty() {
            return format!("*{}*\n", self.if_empty);
        }
        let mut text = String::new();
        let cells = |text: &mut String, cells: &mut dyn Iterator<Item = String>| {
            let _ = writeln!(text, "| {} |", cells.collect::<Vec<_>>().join(" | "));
        };
        cells(
            &mut text,
            &mut columns.iter().map(|c| self.columns[*c].head.to_string()),
        );
        let rule = |c: &usize| if self.columns[*c].is_number() { "---:" } else { "---" }.to_owned();
        cells(&mut text, &mut columns.iter().map(rule));
        for row in &self.rows {
            cells(&mut text, &mut columns.iter().map(|c| row[*c].text.replace('|', "\\|")));
        }
        text
    }
}
