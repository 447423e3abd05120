//! What went wrong, as the user reads it: the places in files first, then what, then what to do.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use monazite_ensemble::EnsembleError;
use monazite_evidence::error::Unknown;
use monazite_evidence::reconcile::ReconcileError;
use monazite_evidence::{EvidenceError, Problems};
use monazite_exposure::ExposureError;
use monazite_market::MarketError;
use monazite_market::scenario::ScenarioErrors;
use monazite_risk::RiskError;
use monazite_risk::columns::ColumnsError;
use monazite_strategy::plan::PlanError;
use monazite_strategy::project::ProjectError;

use crate::output::number;
use crate::output::style::Style;

/// How the program ends when it does not end well. The numbers are documented in `--help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// Something that should work did not.
    Failed = 1,
    /// What was asked for cannot be done: a wrong word, file or folder.
    Input = 2,
    /// A check found problems.
    Found = 3,
}

/// A failure, with everything the user is told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How the program ends.
    pub code: Code,
    /// Faults with file, line and column, printed before the rest.
    pub places: Vec<String>,
    /// What is wrong, in one line; empty when everything has been said already.
    pub what: String,
    /// What to do.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure of the given kind.
    pub fn new(code: Code, what: impl Into<String>) -> Self {
        Self {
            code,
            places: Vec::new(),
            what: what.into(),
            hints: Vec::new(),
        }
    }

    /// Wrong usage or input.
    pub fn input(what: impl Into<String>) -> Self {
        Self::new(Code::Input, what)
    }

    /// Something failed that should work.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::new(Code::Failed, what)
    }

    /// A check found problems and has printed them.
    pub fn found() -> Self {
        Self::new(Code::Found, "")
    }

    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// An unknown word, with the nearest.
    pub fn unknown(unknown: &Unknown) -> Self {
        let near = unknown
            .nearest
            .as_ref()
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        let failure = Self::input(format!("unknown {} `{}`{near}", unknown.what, unknown.value));
        unknown
            .hint
            .iter()
            .fold(failure, |failure, hint| failure.hint(hint.clone()))
    }

    /// A file or folder that could not be used. One that is not there is wrong input.
    pub fn io(what: &str, path: &std::path::Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let why = match error.kind() {
            ErrorKind::NotFound => "there is no such file or folder".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            ErrorKind::IsADirectory => "it is a folder".to_owned(),
            ErrorKind::NotADirectory => "a part of the path is a file, not a folder".to_owned(),
            ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
            _ => error.to_string(),
        };
        let wrong = matches!(
            error.kind(),
            ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory | ErrorKind::InvalidData
        );
        let code = if wrong { Code::Input } else { Code::Failed };
        Self::new(code, format!("cannot {what} `{}`: {why}", path.display()))
    }

    /// Faults of a scenario file.
    pub fn scenario(file: &str, errors: &ScenarioErrors) -> Self {
        use monazite_market::scenario::Severity;
        let wrong = errors
            .faults
            .iter()
            .filter(|fault| fault.severity == Severity::Error)
            .count()
            + errors.more;
        let mut failure = Self::input(format!("`{file}` has {}; nothing was run", counted(wrong, "error")));
        failure.places = errors.faults.iter().map(ToString::to_string).collect();
        if errors.more > 0 {
            failure.places.push(format!("… and {} more", errors.more));
        }
        failure
    }

    /// Faults of a table that the user gave.
    pub fn of_file(problems: &Problems) -> Self {
        let n = problems.problems.len() + problems.more;
        let mut failure = Self::input(format!(
            "the table has {}; nothing was computed from it",
            counted(n, "problem")
        ));
        failure.places = problems.problems.iter().map(ToString::to_string).collect();
        if problems.more > 0 {
            failure.places.push(format!("… and {} more", problems.more));
        }
        failure
    }

    /// Tells the user, on standard error.
    pub fn report(&self, style: Style) {
        let mut lines: Vec<String> = self.places.iter().map(|place| paint_place(place, style)).collect();
        if !self.what.is_empty() {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(format!("{} {}", style.error("error:"), self.what));
        }
        lines.extend(self.hints.iter().map(|hint| format!("{} {hint}", style.hint("hint:"))));
        if lines.is_empty() {
            return;
        }
        // Nobody is left to tell when standard error is gone.
        let _ = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
    }

    /// Tells the program that runs this one, as one line of JSON on standard error.
    pub fn report_for_programs(&self) {
        let said = serde_json::json!({
            "failure": {
                "code": self.code as u8,
                "places": self.places,
                "what": self.what,
                "hints": self.hints,
            }
        });
        let _ = writeln!(std::io::stderr().lock(), "{said}");
    }

    /// How the program ends.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.code as u8)
    }
}

/// Colours the words that matter in a fault with its place.
fn paint_place(place: &str, style: Style) -> String {
    place
        .replacen(": error: ", &format!(": {} ", style.error("error:")), 1)
        .replacen(": warning: ", &format!(": {} ", style.warning("warning:")), 1)
        .replace("\n  hint: ", &format!("\n  {} ", style.hint("hint:")))
}

/// `1 error`, `2 errors`, `34,676 rows`.
pub fn counted(n: usize, word: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {word}{plural}", number::count(n))
}

impl From<Problems> for Failure {
    fn from(problems: Problems) -> Self {
        let n = problems.problems.len() + problems.more;
        let mut failure = Self::input(format!(
            "the dataset has {}; nothing was computed from it",
            counted(n, "problem")
        ))
        .hint("`monazite data check DIR` lists all problems of a dataset");
        failure.places = problems.problems.iter().map(ToString::to_string).collect();
        if problems.more > 0 {
            failure.places.push(format!("… and {} more", problems.more));
        }
        failure
    }
}

impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Tables(problems) => problems.into(),
            EvidenceError::Io { path, source } => Self::io("use", &path, &source),
            EvidenceError::Unknown(unknown) => Self::unknown(&unknown),
            EvidenceError::Unusable { message, hint } => Self::input(message).hint(hint),
            EvidenceError::Lock(_) => {
                Self::input(error.to_string()).hint("`monazite data lock --write DIR` writes a new one")
            }
        }
    }
}

impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        Self::unknown(&unknown)
    }
}

impl From<ReconcileError> for Failure {
    fn from(error: ReconcileError) -> Self {
        match error {
            ReconcileError::NoEvidence { what, year, available } => {
                Self::input(format!("the dataset has no {what} evidence for base year {year}"))
                    .hint(format!("years with a base: {available}"))
            }
            ReconcileError::Missing(what) => Self::input(format!("the dataset lacks {what}")),
            ReconcileError::Solver(_) => Self::failed(error.to_string()),
        }
    }
}

impl From<EnsembleError> for Failure {
    fn from(error: EnsembleError) -> Self {
        match error {
            EnsembleError::Market(error) => error.into(),
            EnsembleError::Reconcile(error) => error.into(),
            EnsembleError::Evidence(error) => error.into(),
            other => Self::failed(other.to_string()),
        }
    }
}

impl From<MarketError> for Failure {
    fn from(error: MarketError) -> Self {
        match error {
            MarketError::Reconcile(error) => error.into(),
            MarketError::MissingEvidence(_) => Self::input(error.to_string()),
            _ => Self::failed(error.to_string()),
        }
    }
}

impl From<ColumnsError> for Failure {
    fn from(error: ColumnsError) -> Self {
        match error {
            ColumnsError::Io { path, source } => Self::io("use", &path, &source),
            ColumnsError::Cells(problems) => Self::of_file(&problems),
            ColumnsError::Evidence(error) => error.into(),
            damaged @ ColumnsError::Damaged { .. } => Self::input(damaged.to_string()),
        }
    }
}

impl From<ProjectError> for Failure {
    fn from(error: ProjectError) -> Self {
        match error {
            ProjectError::File(faults) => {
                let mut failure = Self::input(format!(
                    "the project has {}; nothing was computed",
                    counted(faults.len(), "error")
                ));
                failure.places = faults.iter().map(ToString::to_string).collect();
                failure
            }
            ProjectError::Evidence(what) => Self::input(what),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Asked { what, hint } => Self::input(what).hint(hint),
            PlanError::Data(problems) => Self::of_file(&problems),
            PlanError::Market(error) => error.into(),
            PlanError::Base(error) => error.into(),
            PlanError::Solver(_) | PlanError::Stopped | PlanError::Internal(_) => Self::failed(error.to_string()),
        }
    }
}

impl From<RiskError> for Failure {
    fn from(error: RiskError) -> Self {
        match error {
            RiskError::Evidence(error) => error.into(),
            RiskError::Unknown(unknown) => unknown.into(),
            RiskError::Reconcile(error) => error.into(),
            RiskError::Table(problems) => Self::of_file(&problems),
            RiskError::Question { what, hint } => hint.into_iter().fold(Self::input(what), Self::hint),
        }
    }
}

impl From<ExposureError> for Failure {
    fn from(error: ExposureError) -> Self {
        match error {
            ExposureError::Parts(faults) => {
                let n = faults.count();
                let mut failure = Self::input(format!(
                    "`{}` has {}; nothing was computed",
                    faults.file,
                    counted(n, "fault")
                ));
                failure.places = faults.lines();
                failure
            }
            ExposureError::Unknown(unknown) => Self::unknown(&unknown),
            ExposureError::File { file, what, hint } => Self::input(format!("cannot use `{file}`: {what}")).hint(hint),
            ExposureError::NoTable { bundled, .. } => Self::input(error.to_string())
                .hint(format!("bundled: {bundled}"))
                .hint(
                    "needed: an input-output table with domestic deliveries, imports, value added and output by industry; \
                     any national table in the OECD's layout (45 industries) can be given with `--tables FILE`",
                ),
            ExposureError::Evidence(error) => error.into(),
            ExposureError::Ensemble(error) => error.into(),
            ExposureError::NoOutlook(_) | ExposureError::NoUsers(_) => Self::input(error.to_string()),
            ExposureError::Tables(_) => Self::failed(error.to_string()),
        }
    }
}

/// Instead of a trace of the program's insides, the user gets an apology and what to do.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        let style = Style::new(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
        let place = info
            .location()
            .map_or_else(String::new, |at| format!(" ({}, line {})", room(at.file()), at.line()));
        Failure::failed(format!(
            "monazite has stopped over a mistake of its own{place}. We are sorry; nothing you did should cause this"
        ))
        .hint(format!(
            "please report it, with the command you ran, at {}/issues",
            env!("CARGO_PKG_REPOSITORY")
        ))
        .report(style);
    }));
}

/// The part of a source path that readers of the project know.
fn room(path: &str) -> &str {
    path.find("crates/").map_or(path, |at| &path[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counting_words() {
        assert_eq!(counted(1, "error"), "1 error");
        assert_eq!(counted(34_676, "row"), "34,676 rows");
    }

    #[test]
    fn a_source_path_is_shortened_to_the_room() {
        assert_eq!(room("/somewhere/crates/cli/src/main.rs"), "crates/cli/src/main.rs");
        assert_eq!(room("src/lib.rs"), "src/lib.rs");
    }
}
