//! What the terms of a source allow.

use crate::words::words;

words! {
    /// What may be done with data from a source, read from its terms.
    "terms"
    pub enum Terms {
        /// An open licence, public domain, or our own work: data may be passed on with attribution.
        Open = "open",
        /// All rights reserved: single facts are cited, nothing is copied.
        FactsOnly = "facts_only",
        /// No licence stated, or terms not yet read.
        Unsettled = "unsettled",
        /// The terms forbid passing the data on.
        Refused = "refused",
    }
}

impl Terms {
    /// Reads the terms from a licence text. Anything not recognised is [`Terms::Unsettled`], never open.
    #[must_use]
    pub fn of(licence: &str) -> Self {
        let text = licence.to_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| text.contains(word));
        // Single facts, and means derived from a series, are not the series.
        let facts = any(&["facts only", "facts cited only", "cite only", "derived", "bulk"]);
        let refusal = any(&[
            "not be redistributed",
            "not redistribut",
            "no redistribution",
            "redistribution prohibited",
            "redistribution forbidden",
            "confidential",
        ]);
        if refusal && !facts {
            return Self::Refused;
        }
        if facts {
            return Self::FactsOnly;
        }
        let open = any(&[
            "cc by",
            "cc-by",
            "cc0",
            "public domain",
            "open licence",
            "open government licence",
            "ogl",
            "etalab",
            "us gov",
            "reuse",
            "as the dataset",
            "same as the project",
            "none needed",
        ]);
        let limited = any(&["by-nc", "by nc", "non-commercial", "noncommercial", "by-nd", "check"]);
        if open && !limited {
            return Self::Open;
        }
        if any(&["all rights reserved", "(c)", "©", "copyright", "press", "filing"]) {
            return Self::FactsOnly;
        }
        Self::Unsettled
    }
}

#[cfg(test)]
mod tests {
    use super::Terms;

    #[test]
    fn terms_are_read_with_care() {
        for (licence, terms) in [
            ("CC BY 4.0", Terms::Open),
            ("US Government work, public domain", Terms::Open),
            ("Etalab Open Licence 2.0 (CEPII)", Terms::Open),
            ("all rights reserved / cite only", Terms::FactsOnly),
            (
                "(c) Energy Institute; attribution; no bulk redistribution",
                Terms::FactsOnly,
            ),
            ("may not be redistributed", Terms::Refused),
            ("no licence stated; facts cited only", Terms::FactsOnly),
            ("as the dataset", Terms::Open),
            ("CC BY 4.0 (check)", Terms::Unsettled),
            ("CC BY-NC 4.0", Terms::Unsettled),
            ("to be checked", Terms::Unsettled),
            ("", Terms::Unsettled),
        ] {
            assert_eq!(Terms::of(licence), terms, "{licence}");
        }
    }
}
