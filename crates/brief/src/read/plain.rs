//! Plain text, Markdown, and text taken from a PDF: line ends, hyphenation and marks tidied.

use super::Format;

/// The text to analyse.
pub fn tidy(text: &str, format: Format) -> String {
    let text = text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace(['\r', '\u{c}'], "\n");
    let text = join_hyphenated(&text);
    if format == Format::Markdown {
        unmark(&text)
    } else {
        text
    }
}

/// `explo-` at the end of a line and `ration` on the next are one word, as text from a PDF has them.
fn join_hyphenated(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("-\n") {
        let (before, after) = rest.split_at(at);
        let tail = after.get(2..).unwrap_or_default();
        out.push_str(before);
        let joins = before.ends_with(|c: char| c.is_lowercase()) && tail.starts_with(|c: char| c.is_lowercase());
        out.push_str(if joins { "" } else { "-\n" });
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Markdown without its marks: headings, emphasis, quotes, links and images.
fn unmark(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.trim_start_matches(['#', '>']).trim_start();
        let line = line.replace("**", "").replace("__", "").replace('`', "");
        out.push_str(&without_links(&line));
        out.push('\n');
    }
    out
}

/// `[words](address)` is `words`; an image is nothing.
fn without_links(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((words, tail)) = after.split_once("](") else {
            break;
        };
        let Some((_, tail)) = tail.split_once(')') else {
            break;
        };
        if let Some(before) = before.strip_suffix('!') {
            out.push_str(before);
        } else {
            out.push_str(before);
            out.push_str(words);
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_at_line_ends_go_and_others_stay() {
        assert_eq!(
            tidy("explo-\nration of NdPr-\nDy", Format::Plain),
            "exploration of NdPr-\nDy"
        );
    }

    #[test]
    fn marks_go_and_words_stay() {
        let text = "# A **deal**\n\n> see [Lynas](https://x.y) ![logo](a.png)";
        assert_eq!(tidy(text, Format::Markdown), "A deal\n\nsee Lynas \n");
    }
}
