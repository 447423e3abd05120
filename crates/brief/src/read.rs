//! From bytes to the text that is analysed: encodings, saved web pages, Markdown, text taken from a PDF.

mod encoding;
mod html;
mod plain;

use schemars::JsonSchema;
use serde::Serialize;

use crate::error::{BriefError, Result};
use crate::text::Text;

/// Characters beyond this are left out, and the brief says so: an article is shorter.
pub const LONGEST: usize = 400_000;
/// Bytes beyond this are not looked at.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// What the bytes were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Plain text, also text taken from a PDF.
    Plain,
    /// Markdown.
    Markdown,
    /// A saved web page.
    Html,
}

/// An article ready to be analysed.
#[derive(Clone, Debug)]
pub struct Article {
    /// What it was.
    pub format: Format,
    /// Its encoding, by its usual name.
    pub encoding: &'static str,
    /// The text that spans count in.
    pub text: Text,
    /// The title a web page gives itself.
    pub title: Option<String>,
    /// The publication date a web page gives itself, as written there.
    pub stated_date: Option<String>,
    /// What the reader should know about the reading, in sentences.
    pub notes: Vec<String>,
}

/// Reads an article. `encoding` overrides what the bytes suggest.
///
/// # Errors
/// When the bytes are a PDF, an archive or an image and no text, or the encoding is unknown.
pub fn read(bytes: &[u8], encoding: Option<&str>) -> Result<Article> {
    refuse_files_that_are_no_text(bytes)?;
    let mut notes = Vec::new();
    let looked_at = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    let decoded = encoding::decode(looked_at, encoding)?;
    if decoded.damaged {
        notes.push(format!(
            "Some bytes are no {} and were replaced by \u{fffd}; `--encoding` names another encoding.",
            decoded.name
        ));
    }
    refuse_noise(&decoded.text)?;
    let mut article = match format_of(&decoded.text) {
        Format::Html => {
            let page = html::page(&decoded.text);
            Article {
                format: Format::Html,
                encoding: decoded.name,
                text: Text::default(),
                title: page.title,
                stated_date: page.date,
                notes,
            }
            .with_body(page.text)
        }
        format => Article {
            format,
            encoding: decoded.name,
            text: Text::default(),
            title: None,
            stated_date: None,
            notes,
        }
        .with_body(plain::tidy(&decoded.text, format)),
    };
    if article.format != Format::Html && several(&decoded.text) {
        article.notes.push(
            "It looks like several articles in one file: who is named in one may be taken for who is meant in the next. Brief each by itself."
                .to_owned(),
        );
    }
    if article.text.as_str().trim().is_empty() {
        article.notes.push("There is no text in it.".to_owned());
    }
    Ok(article)
}

impl Article {
    fn with_body(mut self, mut body: String) -> Self {
        if let Some((at, _)) = body.char_indices().nth(LONGEST) {
            body.truncate(at);
            self.notes.push(format!(
                "The text is very long; only its first {LONGEST} characters were read."
            ));
        }
        self.text = Text::new(body);
        self
    }
}

fn refuse_files_that_are_no_text(bytes: &[u8]) -> Result<()> {
    let kinds: [(&[u8], &str, &str); 6] = [
        (
            b"%PDF",
            "a PDF file",
            "take its text out first: `pdftotext article.pdf - | monazite brief -`",
        ),
        (
            b"PK\x03\x04",
            "an archive or office document",
            "save it as text or HTML first",
        ),
        (b"\x89PNG", "an image", "only text can be read"),
        (b"\xff\xd8\xff", "an image", "only text can be read"),
        (b"\x1f\x8b", "a compressed file", "unpack it first"),
        (b"\x7fELF", "a program", "only text can be read"),
    ];
    match kinds.iter().find(|(magic, _, _)| bytes.starts_with(magic)) {
        Some((_, what, hint)) => Err(BriefError::NotText {
            what: format!("this is {what}, not text"),
            hint: (*hint).to_owned(),
        }),
        None => Ok(()),
    }
}

/// Text has hardly any control characters; what has many is a program, an image, or in an encoding that was not recognised.
fn refuse_noise(text: &str) -> Result<()> {
    let (mut all, mut control) = (0_usize, 0_usize);
    for c in text.chars().take(4_000) {
        all += 1;
        control += usize::from(c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    }
    if control > 4 && control * 20 > all {
        return Err(BriefError::NotText {
            what: "this is no text, or in an encoding that was not recognised".to_owned(),
            hint: "name the encoding: `--encoding gbk`, `--encoding utf-16le`".to_owned(),
        });
    }
    Ok(())
}

/// Whether lines of signs set parts of a text apart that have each a body of their own.
fn several(body: &str) -> bool {
    let rule = |line: &str| line.len() >= 3 && line.chars().all(|c| matches!(c, '*' | '=' | '-' | '_' | '#' | ' '));
    let parts = body.split('\n').fold(vec![0], |mut parts, line| {
        if rule(line.trim()) && !line.trim().is_empty() {
            parts.push(0);
        } else if let Some(last) = parts.last_mut() {
            *last += line.len();
        }
        parts
    });
    parts.iter().filter(|size| **size > 300).count() > 1
}

fn format_of(text: &str) -> Format {
    let head: String = text.chars().take(4_000).collect::<String>().to_ascii_lowercase();
    let marks = [
        "<!doctype html",
        "<html",
        "<head",
        "<body",
        "<article",
        "<div",
        "</p>",
        "<br",
    ];
    if marks.iter().any(|mark| head.contains(mark)) {
        return Format::Html;
    }
    let looks_marked = |line: &str| line.starts_with("# ") || line.starts_with("## ") || line.starts_with("---\n");
    if head.lines().any(looks_marked) || head.contains("](http") || head.contains("**") {
        Format::Markdown
    } else {
        Format::Plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused_with_what_to_do() {
        let error = read(b"%PDF-1.7 ...", None).unwrap_err();
        assert_eq!(error.to_string(), "this is a PDF file, not text");
    }

    #[test]
    fn a_very_long_text_is_cut_and_says_so() {
        let article = read("a ".repeat(LONGEST).as_bytes(), None).unwrap();
        assert_eq!(article.text.as_str().chars().count(), LONGEST);
        assert_eq!(article.notes.len(), 1);
    }
}
