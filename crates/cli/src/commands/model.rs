//! From evidence to a calibrated market.

use std::path::Path;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{BaseYear, in_blocs, reconcile, recoveries};
use monazite_market::chain::{Chain, Settings, chain};
use monazite_market::scenario::{Read, Scenario, Vocabulary, find, library};

use crate::args::ViewArg;
use crate::failure::Failure;

/// Scenario files larger than this are a mistake.
const LARGEST: u64 = 4 * 1024 * 1024;

/// The balanced base year in a view.
pub fn base_year(dataset: &Dataset, year: u16, view: ViewArg) -> Result<BaseYear, Failure> {
    let base = reconcile(dataset, year)?;
    Ok(match view {
        ViewArg::Full => base,
        ViewArg::Bloc14 => in_blocs(dataset, &base)?,
    })
}

/// The calibrated chain of a base year.
pub fn calibrated(dataset: &Dataset, base: &BaseYear) -> Result<Chain, Failure> {
    Ok(chain(dataset, base, &recoveries(dataset, base), Settings::default())?)
}

/// The same with the projects that a scenario builds.
pub fn calibrated_for(dataset: &Dataset, base: &BaseYear, scenario: &Scenario) -> Result<Chain, Failure> {
    Ok(chain(
        dataset,
        base,
        &recoveries(dataset, base),
        Settings::of(scenario),
    )?)
}

/// A scenario's text and the name it has in messages.
#[derive(Clone, Debug)]
pub struct ScenarioText {
    /// The file as the user named it, or as it is called in the program.
    pub file: String,
    /// The text.
    pub text: String,
}

impl ScenarioText {
    /// The scenario of a name, or of a file.
    pub fn find(wanted: &str) -> Result<Self, Failure> {
        let path = Path::new(wanted);
        let is_path = path.components().count() > 1 || path.is_file();
        let unknown = match find(wanted) {
            Ok(bundled) if !is_path => {
                return Ok(Self {
                    file: bundled.file_name(),
                    text: bundled.text.to_owned(),
                });
            }
            Ok(_) => None,
            Err(unknown) => Some(unknown),
        };
        let looks_like_file = is_path
            || path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        match unknown {
            Some(unknown) if !looks_like_file => {
                let names: Vec<&str> = library().iter().map(|bundled| bundled.name).collect();
                Err(Failure::unknown(&unknown)
                    .hint(format!("scenarios that come with the program: {}", names.join(", ")))
                    .hint("or give a file, such as `./my-scenario.toml`; `monazite scenario new NAME` writes one"))
            }
            _ => Self::open(path),
        }
    }

    fn open(path: &Path) -> Result<Self, Failure> {
        let fail = |error: std::io::Error| {
            Failure::io("read the scenario", path, &error)
                .hint("`monazite scenario list` shows those that come with the program")
        };
        let meta = std::fs::metadata(path).map_err(fail)?;
        if meta.is_dir() {
            return Err(fail(std::io::ErrorKind::IsADirectory.into()));
        }
        if meta.len() > LARGEST {
            return Err(Failure::input(format!(
                "`{}` is too large to be a scenario",
                path.display()
            )));
        }
        let text = std::fs::read_to_string(path).map_err(fail)?;
        Ok(Self {
            file: path.display().to_string(),
            text,
        })
    }

    /// Reads it, with all its faults.
    pub fn read(&self, vocabulary: &Vocabulary) -> Result<Read, Failure> {
        Scenario::read(&self.text, &self.file, vocabulary).map_err(|errors| Failure::scenario(&self.file, &errors))
    }
}
