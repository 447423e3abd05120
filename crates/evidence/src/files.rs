//! The bytes of a dataset: bundled in the program, from a folder, or given as text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::error::{EvidenceError, Result};

static BUNDLED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../dataset");

/// No table of a dataset comes near this size; a larger file is a mistake.
const LARGEST: u64 = 512 * 1024 * 1024;

/// The files of a dataset by name, such as `places.csv`. Immutable once loaded.
#[derive(Clone, Default)]
pub struct Files {
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Files {
    /// The files compiled into the program.
    #[must_use]
    pub fn bundled() -> Self {
        Self {
            files: BUNDLED
                .files()
                .filter_map(|file| {
                    let name = file.path().file_name()?.to_str()?;
                    Some((name.to_owned(), Cow::Borrowed(file.contents())))
                })
                .collect(),
        }
    }

    /// The CSV, JSON and lock files of a folder.
    ///
    /// # Errors
    /// When the folder or one of its files cannot be read, or a file is larger than 512 MiB.
    pub fn from_dir(dir: &Path) -> Result<Self> {
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| EvidenceError::Io { path, source }
        };
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(dir).map_err(io(dir))? {
            let path = entry.map_err(io(dir))?.path();
            let known = path
                .extension()
                .is_some_and(|e| e == "csv" || e == "json" || e == "lock");
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(name) = name.filter(|_| known && path.is_file()) else {
                continue;
            };
            let size = path.metadata().map_err(io(&path))?.len();
            if size > LARGEST {
                let source = std::io::Error::other("the file is larger than 512 MiB");
                return Err(EvidenceError::Io { path, source });
            }
            let bytes = std::fs::read(&path).map_err(io(&path))?;
            files.insert(name.to_owned(), Cow::Owned(bytes));
        }
        Ok(Self { files })
    }

    /// Files given as text, for tests and variants.
    #[must_use]
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self {
            files: texts
                .into_iter()
                .map(|(name, text)| (name.to_owned(), Cow::Owned(text.as_bytes().to_vec())))
                .collect(),
        }
    }

    /// The same files with one replaced or added.
    #[must_use]
    pub fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.to_owned(), Cow::Owned(bytes.into()));
        self
    }

    /// The same files with those of `other` in place of theirs: a user's own tables over the bundled ones.
    #[must_use]
    pub fn overlay(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Cow::as_ref)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map()
            .entries(self.files.iter().map(|(name, bytes)| (name, bytes.len())))
            .finish()
    }
}
