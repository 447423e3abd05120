//! Turns the words of a scenario file into ids, with the nearest valid word where one is unknown.

use std::collections::BTreeSet;

use monazite_evidence::error::shorten;
use monazite_evidence::nearest::nearest;
use monazite_evidence::{Element, Stage, ViewPlace};

use super::event::{Event, ProductKind, Selection};
use super::fields::Fields;
use super::page::At;
use super::vocabulary::Vocabulary;

/// Lists of a few words are shown in full when nothing is near.
const SHOWN: usize = 12;

impl Fields<'_, '_> {
    fn unknown<'a>(&self, what: &str, word: &At<String>, valid: impl Iterator<Item = &'a str> + Clone) {
        let fault = self.fault(&word.span, format!("unknown {what} `{}`", shorten(&word.value)));
        let near = nearest(&word.value, valid.clone());
        let all: Vec<&str> = valid.take(SHOWN + 1).collect();
        self.report(if near.is_none() && all.len() <= SHOWN && !all.is_empty() {
            fault.hint(format!("one of {}", all.join(", ")))
        } else {
            fault.near(near)
        });
    }

    /// A list of ids; `*` alone stands for all.
    fn selection<T>(&self, key: &str, read: impl Fn(&At<String>) -> Option<T>) -> Option<Selection<T>> {
        let Some(words) = self.texts(key) else {
            // A key that is there but was reported must not be taken for "all".
            return (!self.has(key)).then(Selection::all);
        };
        if let [only] = words.as_slice()
            && only.value == "*"
        {
            return Some(Selection::all());
        }
        let mut ids = Vec::with_capacity(words.len());
        let mut whole = true;
        for word in &words {
            if word.value == "*" {
                let fault = self.fault(&word.span, format!("`*` stands beside other ids in `{key}`"));
                self.report(fault.hint("write either \"*\" or a list of ids"));
                whole = false;
                continue;
            }
            match read(word) {
                Some(id) => ids.push(id),
                None => whole = false,
            }
        }
        whole.then(|| Selection::of(ids))
    }

    pub(super) fn elements(&self, key: &str) -> Option<Selection<Element>> {
        self.selection(key, |word| {
            let found = word.value.parse().ok();
            if found.is_none() {
                self.unknown("element", word, Element::WORDS.iter().copied());
            }
            found
        })
    }

    pub(super) fn stages(&self, key: &str) -> Option<Vec<Stage>> {
        let chosen = self.selection(key, |word| {
            let found = word.value.parse().ok();
            if found.is_none() {
                self.unknown("stage", word, Stage::WORDS.iter().copied());
            }
            found
        })?;
        Some(chosen.only.unwrap_or_else(|| Stage::ALL.to_vec()))
    }

    pub(super) fn products(&self, key: &str) -> Option<Vec<ProductKind>> {
        let chosen = self.selection(key, |word| self.product(word))?;
        Some(chosen.only.unwrap_or_else(|| ProductKind::ALL.to_vec()))
    }

    pub(super) fn product(&self, word: &At<String>) -> Option<ProductKind> {
        let kinds = ProductKind::ALL.iter();
        let found = kinds.clone().find(|kind| kind.as_str() == word.value);
        if found.is_none() {
            self.unknown("product", word, kinds.map(|kind| kind.as_str()));
        }
        found.copied()
    }

    /// Ids out of a set of the vocabulary.
    pub(super) fn ids<T: for<'a> From<&'a str>>(
        &self,
        key: &str,
        what: &str,
        valid: &BTreeSet<&str>,
    ) -> Option<Selection<T>> {
        self.selection(key, |word| self.id(word, what, valid))
    }

    pub(super) fn id<T: for<'a> From<&'a str>>(
        &self,
        word: &At<String>,
        what: &str,
        valid: &BTreeSet<&str>,
    ) -> Option<T> {
        if valid.contains(word.value.as_str()) {
            return Some(T::from(&word.value));
        }
        self.unknown(what, word, valid.iter().copied());
        None
    }

    /// A list of places, with an optional list of exceptions.
    pub(super) fn places(
        &self,
        key: &str,
        except_key: Option<&str>,
        vocabulary: &Vocabulary,
    ) -> Option<Selection<ViewPlace>> {
        let chosen = self.selection(key, |word| self.place(word, vocabulary))?;
        let except = match except_key.filter(|key| self.has(key)) {
            Some(key) => {
                let except = self.selection(key, |word| self.place(word, vocabulary))?;
                let Some(except) = except.only else {
                    let message = format!("`{key}` takes everything out again");
                    self.report(self.fault(&self.key_span(key), message));
                    return None;
                };
                except
            }
            None => Vec::new(),
        };
        Some(Selection {
            only: chosen.only,
            except,
        })
    }

    pub(super) fn place(&self, word: &At<String>, vocabulary: &Vocabulary) -> Option<ViewPlace> {
        if vocabulary.places.contains_key(&word.value) {
            return Some(ViewPlace::from(word.value.as_str()));
        }
        let stands_for = vocabulary
            .parts
            .get(&word.value)
            .or_else(|| vocabulary.parts.get(&word.value.to_lowercase()));
        if let Some(place) = stands_for {
            let message = format!("unknown place `{}`", shorten(&word.value));
            let fault = self.fault(&word.span, message);
            let name = vocabulary.places.get(place).map_or("", String::as_str);
            let hint = format!("in the market model it is `{place}` ({name})");
            self.report(fault.hint(hint));
        } else if matches!(word.value.as_str(), "WLD" | "world" | "all") {
            let fault = self.fault(&word.span, format!("unknown place `{}`", word.value));
            self.report(fault.hint("all places are written \"*\""));
        } else {
            let codes = vocabulary.places.keys().map(String::as_str);
            self.unknown("place", word, codes);
        }
        None
    }

    /// The evidence of an event, which it must have.
    pub(super) fn evidence(&self, vocabulary: &Vocabulary) -> Option<Vec<String>> {
        const KEY: &str = "evidence";
        let hint = format!(
            "name what it rests on, for instance evidence = [\"P0034\"]; a supposition of your own is [\"{}\"]",
            Event::ASSUMPTION
        );
        if !self.has(KEY) {
            self.missing(KEY, &hint);
            return None;
        }
        if let Some(value) = self.get(KEY)
            && value.get_ref().as_array().is_some_and(|list| list.is_empty())
        {
            let fault = self.fault(&value.span(), "`evidence` is an empty list");
            self.report(fault.hint(hint));
            return None;
        }
        let words = self.texts(KEY)?;
        let mut ids = Vec::with_capacity(words.len());
        let mut whole = true;
        for word in words {
            if word.value == Event::ASSUMPTION || vocabulary.evidence.contains(&word.value) {
                ids.push(word.value);
                continue;
            }
            let valid = vocabulary.evidence.iter().map(String::as_str);
            let fault = self.fault(
                &word.span,
                format!("no evidence `{}` in the dataset", shorten(&word.value)),
            );
            self.report(fault.near(nearest(&word.value, valid)));
            whole = false;
        }
        whole.then_some(ids)
    }
}
