//! What the second reader is taught: texts with the events they tell, the words that tell them, and who and what takes part.
//!
//! They are the sentences in `learned/sentences` and the articles in `learned/invented`, `learned/retold` and `tests/articles/retold/mended`.
//! `learned/learn.py` gets them as numbers of pieces from the example `lessons`, so that it cuts words and finds names as the reader
//! does.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{LONGEST_SENTENCE, Piece, Role, Vocabulary};
use crate::amount::amounts;
use crate::entity::{self, Lexicon};
use crate::error::{BriefError, Result};
use crate::event::{EventKind, Status};
use crate::score::{is_amount, is_party, truth};
use crate::sentence::sentences;
use crate::text::Text;

/// A text with what it tells: an article, or one sentence.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The text.
    pub text: Text,
    /// Its sentences.
    pub sentences: Vec<Range<usize>>,
    /// The events it tells.
    pub told: Vec<Telling>,
}

/// An event as a text tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Its kind.
    pub kind: EventKind,
    /// The words that tell it.
    pub words: Range<usize>,
    /// Where it stands, where the text says.
    pub status: Option<Status>,
    /// Keys of those who take part.
    pub parties: Vec<String>,
    /// The sum.
    pub amount: Option<String>,
    /// Whether annotators differ on it: then the sentence teaches nothing about its kind.
    pub disputed: bool,
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
                    parties: Vec::new(),
                    amount: None,
                    disputed: false,
                });
            }
        }
        Ok(Lesson {
            sentences: std::iter::once(0..text.len()).collect(),
            text: Text::new(*text),
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

/// The articles of a folder, with what their truth says.
///
/// # Errors
/// When a file cannot be read, or a truth is malformed or quotes words that its article does not have.
pub fn of_articles(folder: &Path) -> Result<Vec<Lesson>> {
    files(folder, "txt")?.iter().map(|file| of_article(file)).collect()
}

fn of_article(file: &Path) -> Result<Lesson> {
    let bad = |why: String| BriefError::Rules {
        file: file.display().to_string(),
        why,
    };
    let article = text_of(file)?;
    let truth = truth(&text_of(&file.with_extension("toml"))?).map_err(|error| bad(error.to_string()))?;
    let mut told = Vec::new();
    for event in truth.events {
        let kind = EventKind::ALL.iter().find(|kind| kind.as_str() == event.kind);
        let kind = kind.ok_or_else(|| bad(format!("`{}` is no kind of event", event.kind)))?;
        let status = event.status.as_deref().map(|word| {
            let known = Status::ALL.iter().find(|known| known.as_str() == word);
            known.copied().ok_or_else(|| bad(format!("`{word}` is no status")))
        });
        let status = status.transpose()?;
        for words in event.words.iter().chain(&event.again) {
            let start = article
                .find(words)
                .ok_or_else(|| bad(format!("`{words}` is not in the article")))?;
            told.push(Telling {
                kind: *kind,
                words: start..start + words.len(),
                status,
                parties: event.parties.clone(),
                amount: event.amount.clone(),
                disputed: event.disputed,
            });
        }
    }
    Ok(Lesson {
        sentences: sentences(&article),
        text: Text::new(article),
        told,
    })
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

/// A lesson in numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Numbered {
    /// Of each sentence its pieces: number in the vocabulary; kinds of event it tells, as bits in the order of
    /// [`EventKind::ALL`]; status of the event it tells, counted from 1 in the order of [`Status::ALL`], 0 where none is said.
    pub sentences: Vec<Vec<[u32; 3]>>,
    /// Of each sentence the kinds of event, as bits, that annotators differ on.
    pub open: Vec<u32>,
    /// Names and sums: sentence, first and last piece in it, number of the [`Role`], and a number that names of the same share.
    pub named: Vec<[usize; 5]>,
    /// Events of articles: sentence, first and last piece of the words that tell it, number of the kind, and the positions in `named` of
    /// who and what takes part.
    pub told: Vec<(usize, usize, usize, usize, Vec<usize>)>,
}

impl Lesson {
    /// The lesson in numbers; with names where there is a lexicon to find them with.
    #[must_use]
    pub fn numbered(&self, vocabulary: &Vocabulary, lexicon: Option<&Lexicon>) -> Numbered {
        let pieces: Vec<Vec<Piece>> = (self.sentences.iter())
            .map(|range| {
                let mut pieces = vocabulary.pieces(self.text.as_str(), range);
                pieces.truncate(LONGEST_SENTENCE);
                pieces
            })
            .collect();
        let mut numbered = Numbered {
            sentences: pieces.iter().map(|own| self.sentence(own)).collect(),
            open: self.sentences.iter().map(|range| self.open(range)).collect(),
            named: Vec::new(),
            told: Vec::new(),
        };
        if let Some(lexicon) = lexicon {
            self.add_parts(&pieces, lexicon, &mut numbered);
        }
        numbered
    }

    fn open(&self, sentence: &Range<usize>) -> u32 {
        let open = (self.told.iter()).filter(|one| one.disputed && sentence.contains(&one.words.start));
        open.fold(0, |bits, one| bits | bit(one.kind))
    }

    fn sentence(&self, pieces: &[Piece]) -> Vec<[u32; 3]> {
        let numbered = pieces.iter().map(|piece| {
            let at = &piece.range;
            let told = || {
                let sure = self.told.iter().filter(|one| !one.disputed);
                sure.filter(|one| one.words.start < at.end && at.start < one.words.end)
            };
            let kinds = told().fold(0, |bits, one| bits | bit(one.kind));
            [piece.id, kinds, told().find_map(|one| one.status).map_or(0, number)]
        });
        numbered.collect()
    }

    fn add_parts(&self, pieces: &[Vec<Piece>], lexicon: &Lexicon, numbered: &mut Numbered) {
        let place = |range: &Range<usize>| {
            let sentence = self.sentences.iter().position(|own| own.contains(&range.start))?;
            let touches = |piece: &Piece| piece.range.start < range.end && range.start < piece.range.end;
            let own = pieces.get(sentence)?;
            Some((sentence, own.iter().position(touches)?, own.iter().rposition(touches)?))
        };
        let found = entity::find(&self.text, &self.sentences, lexicon);
        let mut keys: Vec<Option<&str>> = Vec::new();
        for mention in &found.mentions {
            let Some(entity) = found.entities.get(mention.entity) else {
                continue;
            };
            if let Some((sentence, first, last)) = place(&mention.range) {
                let role = Role::of_entity(entity.kind).number();
                numbered.named.push([sentence, first, last, role, mention.entity]);
                keys.push(Some(&entity.key));
            }
        }
        let sums: Vec<_> = (self.sentences.iter())
            .flat_map(|range| amounts(&self.text, range))
            .collect();
        let mut whose = vec![None; keys.len()];
        for (at, sum) in sums.iter().enumerate() {
            if let Some((sentence, first, last)) = place(&sum.span.range()) {
                let role = Role::of_amount(sum).number();
                numbered
                    .named
                    .push([sentence, first, last, role, found.entities.len() + at]);
                whose.push(Some(sum));
            }
        }
        for event in self.told.iter().filter(|one| !one.disputed) {
            let Some((sentence, first, last)) = place(&event.words) else {
                continue;
            };
            let takes_part = (0..numbered.named.len()).filter(|at| {
                let key = keys.get(*at).copied().flatten();
                let sum = whose.get(*at).copied().flatten();
                key.is_some_and(|key| event.parties.iter().any(|party| is_party(party, key)))
                    || sum.is_some_and(|sum| event.amount.as_deref().is_some_and(|own| is_amount(own, sum)))
            });
            let takes_part = takes_part.collect();
            numbered
                .told
                .push((sentence, first, last, event.kind.number(), takes_part));
        }
    }
}

const fn bit(kind: EventKind) -> u32 {
    1 << kind.number()
}

fn number(status: Status) -> u32 {
    u32::try_from(status.number() + 1).unwrap_or_default()
}
