//! The scenarios that come with the program.

use std::sync::OnceLock;

use include_dir::{Dir, include_dir};
use monazite_evidence::error::Unknown;

use super::fault::ScenarioErrors;
use super::vocabulary::Vocabulary;
use super::{Read, Scenario};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../scenarios");

/// A scenario file that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundled {
    /// Its name: the file's name without the ending.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// What it is about, for lists; may be empty.
    pub topic: String,
    /// Its text, comments and all.
    pub text: &'static str,
}

impl Bundled {
    /// The file's name.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.toml", self.name)
    }

    /// Whether it is put together from others.
    pub(super) fn includes(&self) -> bool {
        self.text.lines().any(|line| line.starts_with("include"))
    }

    /// Reads the scenario with the words of a dataset.
    ///
    /// # Errors
    /// When the dataset lacks something the scenario names.
    pub fn read(&self, vocabulary: &Vocabulary) -> Result<Read, ScenarioErrors> {
        Scenario::read(self.text, &self.file_name(), vocabulary)
    }
}

/// All scenarios that come with the program, by name.
#[must_use]
pub fn library() -> &'static [Bundled] {
    static LIBRARY: OnceLock<Vec<Bundled>> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let files = FOLDER.files().filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.strip_suffix(".toml")?;
            let text = file.contents_utf8()?;
            let head: Option<toml::Table> = text.parse().ok();
            let of = |key: &str| head.as_ref().and_then(|head| head.get(key)?.as_str());
            Some(Bundled {
                name,
                title: of("title").unwrap_or(name).to_owned(),
                topic: of("topic").unwrap_or_default().to_owned(),
                text,
            })
        });
        let mut library: Vec<Bundled> = files.collect();
        library.sort_by_key(|bundled| bundled.name);
        library
    })
}

/// The bundled scenario of a name.
///
/// # Errors
/// When there is none; the message names the nearest.
pub fn find(name: &str) -> Result<&'static Bundled, Unknown> {
    let wanted = name.strip_suffix(".toml").unwrap_or(name);
    let names = library().iter().map(|bundled| bundled.name);
    library()
        .iter()
        .find(|bundled| bundled.name == wanted)
        .ok_or_else(|| Unknown::new("scenario", name, names))
}

/// A file to start a new scenario from: valid as it stands, with one event to replace. Characters
/// that a name cannot hold become `-`.
#[must_use]
pub fn template(name: &str) -> String {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let lower = name.chars().take(64).flat_map(char::to_lowercase);
    let slug: String = lower.map(|c| if fits(c) { c } else { '-' }).collect();
    let slug: String = slug.chars().take(64).collect();
    let slug = if slug.is_empty() { "my-scenario" } else { &slug };
    include_str!("template.toml").replace("NAME", slug)
}
