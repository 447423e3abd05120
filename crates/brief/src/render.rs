//! A brief as Markdown and as HTML. The HTML shows the article with the words that findings rest on marked.

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

use crate::amount::Amount;
use crate::brief::Brief;
use crate::claim::Figure;
use crate::entity::EntityKind;
use crate::event::Event;
use crate::meaning::{Effect, Loss, Ran, Worth, money};

/// Period, sources and confidence of a figure: `2025; usgs_mcs2026_re, unverified`.
pub(crate) fn origin_of(figure: &Figure) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !figure.period.is_empty() {
        parts.push(figure.period.clone());
    }
    let mut sources = figure.sources.join(", ");
    // `unverified` may be among the sources themselves.
    if figure.confidence == "C" && !figure.sources.iter().any(|source| source == "unverified") {
        sources.push_str(", unverified");
    }
    parts.push(sources);
    parts.join("; ")
}

/// A worth in a plan, in words.
#[must_use]
pub fn worth(worth: &Worth) -> String {
    let with = if worth.with.is_empty() {
        String::new()
    } else {
        format!(" with {}", worth.with.join(", "))
    };
    let elements: Vec<String> = worth
        .elements
        .iter()
        .take(4)
        .map(|saved| format!("{} {}", saved.of, money(saved.musd)))
        .collect();
    let elements = if elements.is_empty() {
        String::new()
    } else {
        format!("; of users a year: {}", elements.join(", "))
    };
    format!(
        "{}{with}: from {}, costs {}, saves the market {} and users in the United States {}{elements}",
        worth.title,
        worth.output,
        money(worth.cost_musd),
        money(worth.market_musd),
        money(worth.users_musd)
    )
}

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

/// When an event is, or until when.
pub(crate) fn when(event: &Event) -> String {
    let when = event.when.as_ref().or(event.until.as_ref());
    when.map_or_else(String::new, ToString::to_string)
}

/// A whole number with separators: `−1,240`.
#[must_use]
pub(crate) fn grouped(value: f64) -> String {
    let whole = format!("{:.0}", value.abs());
    let mut text = if value <= -0.5 { "−".to_owned() } else { String::new() };
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// A number without needless decimals.
#[must_use]
pub(crate) fn trimmed(value: f64) -> String {
    if value.abs() >= 1_000.0 {
        return grouped(value);
    }
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A share in percent; nothing where there is none.
#[must_use]
pub(crate) fn share(value: f64) -> String {
    match value {
        value if value < 0.001 => String::new(),
        value if value < 0.1 => format!("{:.1} %", 100.0 * value),
        value => format!("{:.0} %", 100.0 * value),
    }
}

/// The band of a price: `1.1 to 2.3`.
#[must_use]
pub(crate) fn band(row: &Effect) -> String {
    row.band
        .map_or_else(String::new, |band| format!("{:.2} to {:.2}", band.p5, band.p95))
}

/// All amounts of an event.
#[must_use]
pub fn amounts(event: &Event) -> String {
    event.amounts.iter().map(amount).collect::<Vec<_>>().join("; ")
}

/// How a run came about, and what its numbers are.
#[must_use]
pub fn how_it_ran(ran: &Ran) -> String {
    let numbers = match ran.paths {
        Some(paths) => format!(
            "central values, and where nine of ten of {paths} paths over uncertain evidence lie. Shortages and import reliance are central values"
        ),
        None => "central values of one path; `--paths 100` adds bands".to_owned(),
    };
    format!(
        "Run in fourteen blocs, {} to {}: {numbers}.",
        ran.quarters.0, ran.quarters.1
    )
}

/// What users of a place lose: `Europe 3.6 billion USD (2.1 billion USD to 5.2 billion USD)`.
#[must_use]
pub fn loss(loss: &Loss) -> String {
    let band = loss.band.map_or_else(String::new, |band| {
        format!(" ({} to {})", money(band.p5), money(band.p95))
    });
    format!("{} {}{band}", loss.place, money(loss.musd))
}

/// A word of the tables as text.
#[must_use]
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// Where an event happens: the country by its name where the article names it, else by its code.
#[must_use]
pub fn place<'b>(event: &'b Event, brief: &'b Brief) -> &'b str {
    let code = event.place.as_deref().unwrap_or_default();
    let named = (brief.entities.iter()).find(|entity| entity.kind == EntityKind::Country && entity.key == code);
    named.map_or(code, |entity| entity.name.as_str())
}

/// Words of the article as they are shown: a clause without the comma that it begins with.
#[must_use]
pub fn said(words: &str) -> &str {
    words.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | ')' | '–' | '—' | '-'))
}

/// The kind of an event, with `~` where no rule told it but the second reader, and `?` where it is likelier misread than not.
#[must_use]
pub fn what(event: &Event) -> String {
    let mark = if event.is_learned() { " ~" } else { "" };
    let doubt = if event.probability < 0.5 { " ?" } else { "" };
    format!("{}{mark}{doubt}", plain(event.kind.as_str()))
}

/// How sure it is that an event is told like this: `87 %`.
#[must_use]
pub fn sure(event: &Event) -> String {
    format!("{:.0}\u{a0}%", 100.0 * event.probability)
}

/// What [`sure`] means, for those who read a brief.
pub const SURE: &str = "Sure: how often events with such signs were read rightly in articles checked by hand. It says nothing of whether they are so. What is marked ? is likelier misread than not.";
