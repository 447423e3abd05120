//! Colour, where the reader wants it.

use std::fmt::Display;
use std::io::IsTerminal as _;

use crate::args::ColorChoice;

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    on: bool,
}

impl Style {
    /// Coloured or plain.
    pub const fn new(on: bool) -> Self {
        Self { on }
    }

    /// For standard output.
    pub fn of_stdout(choice: ColorChoice) -> Self {
        Self::new(wanted(choice, std::io::stdout().is_terminal()))
    }

    /// For standard error.
    pub fn of_stderr(choice: ColorChoice) -> Self {
        Self::new(wanted(choice, std::io::stderr().is_terminal()))
    }

    /// Whether text is coloured.
    pub const fn is_on(self) -> bool {
        self.on
    }

    fn paint(self, code: &str, text: impl Display) -> String {
        if self.on {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_string()
        }
    }

    /// The title of a document or table.
    pub fn title(self, text: impl Display) -> String {
        self.paint("1", text)
    }

    /// The word `error:`.
    pub fn error(self, text: impl Display) -> String {
        self.paint("1;31", text)
    }

    /// The word `warning:`.
    pub fn warning(self, text: impl Display) -> String {
        self.paint("1;33", text)
    }

    /// The word `hint:`, and commands to try.
    pub fn hint(self, text: impl Display) -> String {
        self.paint("36", text)
    }

    /// Remarks.
    pub fn faint(self, text: impl Display) -> String {
        self.paint("2", text)
    }
}

/// `NO_COLOR` and a terminal that cannot do it count under `auto`.
fn wanted(choice: ColorChoice, terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            terminal && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
        }
    }
}
