//! The article inside a saved web page.
//!
//! One pass over the tags, without building a tree, so that no nesting can exhaust the stack and five megabytes take
//! a fraction of a second. Text inside `article` or `main` is preferred when there is enough of it.

use html5gum::{Token, Tokenizer};

/// What a page says.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The words, a blank line between blocks.
    pub text: String,
    /// Its title.
    pub title: Option<String>,
    /// Its date, as written.
    pub date: Option<String>,
}

/// Elements whose words are not the article's.
const SKIPPED: &[&str] = &[
    "script",
    "style",
    "nav",
    "footer",
    "aside",
    "form",
    "noscript",
    "template",
    "svg",
    "button",
    "select",
    "iframe",
    "figcaption",
    "menu",
    "dialog",
];
/// Elements that begin and end a paragraph.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "tr",
    "table",
    "ul",
    "ol",
    "section",
    "article",
    "main",
    "header",
    "blockquote",
    "pre",
    "td",
    "th",
    "dd",
    "dt",
    "figure",
    "hr",
    "title",
    "body",
];
/// Where pages state their date.
const DATES: &[&str] = &[
    "article:published_time",
    "date",
    "pubdate",
    "publishdate",
    "dc.date",
    "dc.date.issued",
    "datepublished",
    "og:published_time",
    "sailthru.date",
    "parsely-pub-date",
    "citation_publication_date",
];
/// Words in `article` below this many characters are not the article.
const ENOUGH: usize = 300;

#[derive(Default)]
struct Walk {
    page: Page,
    whole: String,
    inner: String,
    skipped: usize,
    skipping: Option<String>,
    inside: usize,
    in_title: bool,
}

/// Takes the article out of a page.
pub fn page(html: &str) -> Page {
    let mut walk = Walk::default();
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::StartTag(tag) => {
                let name = String::from_utf8_lossy(&tag.name).to_ascii_lowercase();
                let attribute = |wanted: &str| {
                    let found = tag
                        .attributes
                        .iter()
                        .find(|(key, _)| key.as_slice() == wanted.as_bytes());
                    found.map(|(_, value)| String::from_utf8_lossy(value).trim().to_owned())
                };
                walk.meta(&name, attribute);
                walk.open(&name, tag.self_closing);
            }
            Token::EndTag(tag) => walk.close(&String::from_utf8_lossy(&tag.name).to_ascii_lowercase()),
            Token::String(words) => walk.words(&String::from_utf8_lossy(&words)),
            _ => {}
        }
    }
    let mut page = walk.page;
    let body = if walk.inner.chars().count() >= ENOUGH {
        walk.inner
    } else {
        walk.whole
    };
    page.text = squeeze(&body);
    page.title = page
        .title
        .map(|title| squeeze(&title))
        .filter(|title| !title.is_empty());
    page
}

impl Walk {
    fn meta(&mut self, name: &str, attribute: impl Fn(&str) -> Option<String>) {
        if name == "meta" {
            let what = ["property", "name", "itemprop"].iter().find_map(|key| attribute(key));
            let what = what.unwrap_or_default().to_ascii_lowercase();
            if self.page.date.is_none() && DATES.contains(&what.as_str()) {
                self.page.date = attribute("content");
            }
        } else if name == "time" && self.page.date.is_none() {
            self.page.date = attribute("datetime");
        }
    }

    fn open(&mut self, name: &str, self_closing: bool) {
        if let Some(skipping) = &self.skipping {
            self.skipped += usize::from(skipping == name && !self_closing);
            return;
        }
        if SKIPPED.contains(&name) && !self_closing {
            self.skipping = Some(name.to_owned());
            self.skipped = 1;
            return;
        }
        match name {
            "article" | "main" => self.inside += 1,
            "title" => self.in_title = true,
            "br" => self.put("\n"),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.put("\n\n");
        }
    }

    fn close(&mut self, name: &str) {
        if let Some(skipping) = &self.skipping {
            if skipping == name {
                self.skipped -= 1;
                if self.skipped == 0 {
                    self.skipping = None;
                }
            }
            return;
        }
        if BLOCKS.contains(&name) {
            self.put("\n\n");
        }
        match name {
            "article" | "main" => self.inside = self.inside.saturating_sub(1),
            "title" => self.in_title = false,
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if self.skipping.is_some() {
            return;
        }
        if self.in_title {
            self.page.title.get_or_insert_default().push_str(words);
            return;
        }
        // Line ends inside a block are spaces.
        self.put(&words.replace(['\n', '\r', '\t'], " "));
    }

    fn put(&mut self, words: &str) {
        self.whole.push_str(words);
        if self.inside > 0 {
            self.inner.push_str(words);
        }
    }
}

/// One space between words, at most one blank line between blocks.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = String::new();
    for c in text.chars() {
        if c.is_whitespace() {
            gap.push(c);
            continue;
        }
        if !out.is_empty() && !gap.is_empty() {
            let lines = gap.matches('\n').count();
            out.push_str(match lines {
                0 => " ",
                1 => "\n",
                _ => "\n\n",
            });
        }
        gap.clear();
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_article_is_taken_out_of_the_page() {
        let html = r#"<html><head><title>Lynas &amp; co</title>
            <meta property="article:published_time" content="2025-05-16T08:00:00Z"></head>
            <body><nav><a href=x>Home</a></nav><script>var a = "<p>no</p>";</script>
            <p>Lynas has made
            dysprosium.</p><p>It is a first.</p><footer>All rights</footer></body></html>"#;
        let page = page(html);
        assert_eq!(page.text, "Lynas has made dysprosium.\n\nIt is a first.");
        assert_eq!(page.title.as_deref(), Some("Lynas & co"));
        assert_eq!(page.date.as_deref(), Some("2025-05-16T08:00:00Z"));
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let html = format!("{}words", "<div><nav><b>".repeat(100_000));
        assert!(page(&html).text.len() < 10);
    }
}
