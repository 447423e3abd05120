//! What the second reader is taught: sentences with the kinds of event they tell and the words that tell them.
//!
//! They are those in `learned/sentences` and of the articles in `learned/articles` and `tests/articles/retold/mended`. `learned/learn.py` gets
//! them as numbers of pieces from the example `lessons`, so that it cuts words as the reader does.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{LONGEST, Vocabulary};
use crate::error::{BriefError, Result};
use crate::event::{EventKind, Status};
use crate::score::truth;
use crate::sentence::sentences;

/// A sentence with what it tells.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The sentence.
    pub text: String,
    /// The events it tells.
    pub told: Vec<Telling>,
}

/// An event as a sentence tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Its kind.
    pub kind: EventKind,
    /// The words that tell it.
    pub words: Range<usize>,
    /// Where it stands, where the sentence says.
    pub status: Option<Status>,
}

/// Reads a table of sentences: kinds separated by commas or `-`, the words that tell them separated by ` ; `, and the
/// sentence, between tabs.
///
/// # Errors
/// When a line is malformed; the error names file and line.
pub fn lessons(file: &str, table: &str) -> Result<Vec<Lesson>> {
    let lesson = |at: usize, line: &str| {
        let bad = |why: &str| BriefError::Rules {
            file: file.to_owned(),
            why: format!("line {}: {why}", at + 1),
        };
        let parts: Vec<&str> = line.split('\t').collect();
        let [kinds, words, text] = parts.as_slice() else {
            return Err(bad("not three fields between tabs: kinds, words, sentence"));
        };
        let mut told = Vec::new();
        if *kinds != "-" {
            let mut words = words.split(" ; ");
            for kind in kinds.split(',') {
                let known = EventKind::ALL.iter().find(|known| known.as_str() == kind);
                let kind = known.ok_or_else(|| bad(&format!("`{kind}` is no kind of event")))?;
                let words = words.next().ok_or_else(|| bad("a kind without words"))?;
                let start = text
                    .find(words)
                    .ok_or_else(|| bad(&format!("`{words}` is not in the sentence")))?;
                told.push(Telling {
                    kind: *kind,
                    words: start..start + words.len(),
                    status: None,
                });
            }
        }
        Ok(Lesson {
            text: (*text).to_owned(),
            told,
        })
    };
    table.lines().enumerate().map(|(at, line)| lesson(at, line)).collect()
}

/// The sentences in the tables of a folder, in the order of their names.
///
/// # Errors
/// When a file cannot be read or is malformed.
pub fn of_tables(folder: &Path) -> Result<Vec<Lesson>> {
    let mut all = Vec::new();
    for file in files(folder, "tsv")? {
        all.extend(lessons(&file.display().to_string(), &text_of(&file)?)?);
    }
    Ok(all)
}

/// The sentences of the articles of a folder, told by the `words` of their truth.
///
/// # Errors
/// When a file cannot be read, or a truth is malformed or quotes words that its article does not have.
pub fn of_articles(folder: &Path) -> Result<Vec<Lesson>> {
    let mut all = Vec::new();
    for file in files(folder, "txt")? {
        let bad = |why: String| BriefError::Rules {
            file: file.display().to_string(),
            why,
        };
        let article = text_of(&file)?;
        let truth = truth(&text_of(&file.with_extension("toml"))?).map_err(|error| bad(error.to_string()))?;
        let mut told = Vec::new();
        for event in &truth.events {
            let kind = EventKind::ALL.iter().find(|kind| kind.as_str() == event.kind);
            let kind = kind.ok_or_else(|| bad(format!("`{}` is no kind of event", event.kind)))?;
            let words = event.words.as_deref().unwrap_or_default();
            let start = article
                .find(words)
                .ok_or_else(|| bad(format!("`{words}` is not in the article")))?;
            let status = event.status.as_deref().map(|word| {
                let known = Status::ALL.iter().find(|known| known.as_str() == word);
                known.copied().ok_or_else(|| bad(format!("`{word}` is no status")))
            });
            told.push(Telling {
                kind: *kind,
                words: start..start + words.len(),
                status: status.transpose()?,
            });
        }
        all.extend(
            sentences(&article)
                .into_iter()
                .map(|range| lesson_of(&article, &range, &told)),
        );
    }
    Ok(all)
}

/// A sentence of an article, with the events whose words begin in it.
fn lesson_of(article: &str, range: &Range<usize>, told: &[Telling]) -> Lesson {
    let here = told.iter().filter(|one| range.contains(&one.words.start));
    Lesson {
        text: article.get(range.clone()).unwrap_or_default().to_owned(),
        told: here
            .map(|one| Telling {
                words: one.words.start - range.start..one.words.end.min(range.end) - range.start,
                ..one.clone()
            })
            .collect(),
    }
}

fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let unread = |error| unread(folder, &error);
    let mut files: Vec<PathBuf> = (std::fs::read_dir(folder).map_err(unread)?)
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()
        .map_err(unread)?;
    files.retain(|file| file.extension().is_some_and(|own| own == ending));
    files.sort();
    Ok(files)
}

fn text_of(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).map_err(|error| unread(file, &error))
}

fn unread(path: &Path, error: &std::io::Error) -> BriefError {
    BriefError::Rules {
        file: path.display().to_string(),
        why: error.to_string(),
    }
}

/// A piece of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// Its number in the vocabulary.
    pub piece: u32,
    /// The kinds of event it tells, as bits in the order of [`EventKind::ALL`].
    pub kinds: u32,
    /// The status of the event it tells, counted from 1 in the order of [`Status::ALL`]; 0 where none is said.
    pub status: u32,
}

impl Lesson {
    /// Its pieces with what they tell.
    #[must_use]
    pub fn numbered(&self, vocabulary: &Vocabulary) -> Vec<Numbered> {
        let pieces = vocabulary.pieces(&self.text, &(0..self.text.len()));
        let numbered = pieces.iter().take(LONGEST - 2).map(|piece| {
            let at = &piece.range;
            let told = || (self.told.iter()).filter(|one| one.words.start < at.end && at.start < one.words.end);
            Numbered {
                piece: piece.id,
                kinds: told().fold(0, |bits, one| bits | bit(one.kind)),
                status: told().find_map(|one| one.status).map_or(0, number),
            }
        });
        numbered.collect()
    }

    /// The kinds of event it tells, as bits.
    #[must_use]
    pub fn kinds(&self) -> u32 {
        self.told.iter().fold(0, |bits, one| bits | bit(one.kind))
    }
}

fn bit(kind: EventKind) -> u32 {
    let at = EventKind::ALL.iter().position(|known| *known == kind);
    at.map_or(0, |at| 1 << at)
}

fn number(status: Status) -> u32 {
    let at = Status::ALL.iter().position(|known| *known == status);
    at.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or_default()
}
