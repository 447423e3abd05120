//! A scenario file in hand: positions in its text and the faults found so far.

use std::cell::RefCell;
use std::ops::Range;

use super::fault::{ScenarioErrors, ScenarioFault, Severity};

/// Bytes of the text that something was read from.
pub(super) type Span = Range<usize>;

/// A value with where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub value: T,
    pub span: Span,
}

/// The text of a file and the faults found in it.
#[derive(Debug)]
pub(super) struct Page<'t> {
    file: &'t str,
    text: &'t str,
    /// Byte at which each line starts.
    lines: Vec<usize>,
    faults: RefCell<Vec<ScenarioFault>>,
}

impl<'t> Page<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1));
        Self {
            file,
            text,
            lines: lines.collect(),
            faults: RefCell::default(),
        }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Line and column, both from 1, of a byte. Columns count characters.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let at = at.min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.lines.get(line))
            .copied()
            .unwrap_or(0);
        let before = self.text.as_bytes().get(start..at).unwrap_or_default();
        // Continuation bytes of UTF-8 do not start a character.
        let characters = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        (line, characters + 1)
    }

    pub(super) fn error(&self, span: &Span, message: impl Into<String>) -> ScenarioFault {
        let (line, column) = self.position(span.start);
        ScenarioFault {
            severity: Severity::Error,
            file: self.file.to_owned(),
            line,
            column,
            event: None,
            message: message.into(),
            nearest: None,
            hint: None,
        }
    }

    pub(super) fn warning(&self, span: &Span, message: impl Into<String>) -> ScenarioFault {
        ScenarioFault {
            severity: Severity::Warning,
            ..self.error(span, message)
        }
    }

    pub(super) fn report(&self, fault: ScenarioFault) {
        self.faults.borrow_mut().push(fault);
    }

    pub(super) fn has_errors(&self) -> bool {
        let faults = self.faults.borrow();
        faults.iter().any(|fault| fault.severity == Severity::Error)
    }

    /// All faults in the order of the file.
    pub(super) fn into_faults(self) -> ScenarioErrors {
        ScenarioErrors::new(self.faults.into_inner())
    }
}

impl ScenarioFault {
    pub(super) fn near(mut self, nearest: Option<String>) -> Self {
        self.nearest = nearest;
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn event(mut self, event: Option<&str>) -> Self {
        self.event = event.map(str::to_owned);
        self
    }
}
