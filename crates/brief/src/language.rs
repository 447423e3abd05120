//! Which language a text is in. Only English is read; anything else is said, not guessed at.

use schemars::JsonSchema;
use serde::Serialize;

/// The language of a text.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Language {
    /// ISO 639-3 code; none where the text is too short to tell.
    pub code: Option<String>,
    /// Its English name.
    pub name: String,
    /// Whether it is read.
    pub read: bool,
}

/// Common English words: a text in English has them in every line.
const COMMON: &[&str] = &[
    "the", "of", "and", "to", "in", "a", "for", "on", "is", "that", "with", "by", "from", "said", "will", "has", "at",
    "as", "its", "an", "be", "it", "are", "was", "have", "this",
];
/// Words below which no language is told.
const FEW: usize = 8;

/// Tells the language.
#[must_use]
pub fn language(text: &str) -> Language {
    let sample: String = text.chars().take(8_000).collect();
    let words: Vec<String> = sample
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let common = words.iter().filter(|word| COMMON.contains(&word.as_str())).count();
    let english = |name: &str, code: Option<&str>| Language {
        code: code.map(str::to_owned),
        name: name.to_owned(),
        read: true,
    };
    if common * 100 >= words.len() * 12 && common > 0 {
        return english("English", Some("eng"));
    }
    let ascii = sample.chars().filter(char::is_ascii).count() * 10 >= sample.chars().count() * 9;
    if words.len() < FEW && ascii {
        return english("too short to tell, read as English", None);
    }
    match whatlang::detect(&sample) {
        Some(info) if info.lang() == whatlang::Lang::Eng => english("English", Some("eng")),
        Some(info) if info.confidence() > 0.5 || !ascii => Language {
            code: Some(info.lang().code().to_owned()),
            name: match info.lang() {
                whatlang::Lang::Cmn => "Chinese".to_owned(),
                other => other.eng_name().to_owned(),
            },
            read: false,
        },
        // Letters without a language: tables, headlines, noise.
        _ => english("unclear, read as English", None),
    }
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn english_is_read_and_others_are_named() {
        assert!(language("The talks on rare earths have begun in Moscow and will go on.").read);
        let russian = language("Россия и США начали переговоры о редкоземельных металлах, сообщил глава фонда.");
        assert_eq!((russian.name.as_str(), russian.read), ("Russian", false));
        let german =
            language("Die Gespräche über seltene Erden haben begonnen, sagte der Minister am Montag in Berlin.");
        assert_eq!((german.name.as_str(), german.read), ("German", false));
        assert!(!language("中国商务部宣布对中重稀土实施出口管制。").read);
        assert!(language("Dy 240").read);
        assert!(language("").read);
    }
}
