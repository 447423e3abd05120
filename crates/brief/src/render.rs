//! A brief as Markdown and as HTML. The HTML shows the article with the words that findings rest on marked.

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

use crate::amount::Amount;
use crate::event::Event;

/// Parties of an event, in words.
#[must_use]
pub fn parties(event: &Event) -> String {
    event
        .parties
        .iter()
        .map(|party| party.name.as_str())
        .collect::<Vec<_>>()
        .join(", ")
}

/// An amount in words: `up to 400 million USD`, `1,200 t/yr`.
#[must_use]
pub fn amount(amount: &Amount) -> String {
    let (value, scale) = match amount.value {
        value if amount.is_money() && value >= 1e9 => (value / 1e9, " billion"),
        value if value >= 1e6 => (value / 1e6, " million"),
        value => (value, ""),
    };
    let digits = if value >= 1_000.0 {
        let whole = format!("{value:.0}");
        let mut text = String::new();
        for (n, c) in whole.chars().enumerate() {
            if n > 0 && (whole.len() - n) % 3 == 0 {
                text.push(',');
            }
            text.push(c);
        }
        text
    } else {
        let text = format!("{value:.2}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let qualifier = amount
        .qualifier
        .as_ref()
        .map_or_else(String::new, |words| format!("{words} "));
    format!("{qualifier}{digits}{scale} {}", amount.unit)
}

/// All amounts of an event.
#[must_use]
pub fn amounts(event: &Event) -> String {
    event.amounts.iter().map(amount).collect::<Vec<_>>().join("; ")
}

/// A word of the tables as text.
#[must_use]
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}
