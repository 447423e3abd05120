//! The rules, read from `rules/events.toml` and `rules/status.toml`.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::cities::Cities;
use super::{EventKind, Status};
use crate::error::{BriefError, Result};

/// What a clause must contain for a rule to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Somebody who acts, or a deposit or plant.
    Party,
    /// Two who act.
    TwoParties,
    /// Two sides: two who act, or one and a person of another country.
    TwoSides,
    /// A firm or institution.
    Org,
    /// Two firms or institutions, or one and a deposit or plant.
    TwoOrgs,
    /// The same, or one firm and a site.
    TwoOrgsOrSite,
    /// A firm, an institution, a deposit or plant.
    OrgOrSite,
    /// A firm, an institution or a country.
    OrgOrState,
    /// Any of them.
    OrgOrSiteOrState,
    /// A country.
    State,
    /// Money.
    Money,
    /// Money, or a percentage.
    MoneyOrPercent,
    /// A percentage.
    Percent,
    /// A mass.
    Mass,
    /// A mass, named right after the trigger.
    MassAfter,
    /// A percentage, a price per weight, or a word such as `doubled`.
    PercentOrPriceOrMultiple,
}

/// An example that a test reads.
#[derive(Clone, Debug, Deserialize)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// Keys of the parties, or some of them.
    #[serde(default)]
    pub parties: Vec<String>,
    /// An amount.
    pub amount: Option<String>,
    /// The status.
    pub status: Option<String>,
}

/// A rule as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    kind: EventKind,
    instrument: Option<String>,
    trigger: String,
    with: Option<String>,
    unless: Option<String>,
    unless_clause: Option<String>,
    needs: Vec<Need>,
    status: Status,
    #[serde(default)]
    beats: Vec<EventKind>,
    parties: Option<String>,
    example: Example,
}

#[derive(Deserialize)]
struct EventFile {
    /// Classes of words: `{works}` in a pattern stands for any of them.
    #[serde(default)]
    words: BTreeMap<String, String>,
    rule: Vec<Written>,
}

impl EventFile {
    /// A pattern with the classes of words written out.
    fn written_out(&self, pattern: &str) -> String {
        let mut out = pattern.to_owned();
        for (name, words) in &self.words {
            out = out.replace(&format!("{{{name}}}"), &format!("(?:{words})"));
        }
        out
    }
}

#[derive(Deserialize)]
struct StatusFile {
    status: Vec<WrittenStatus>,
    hedge: Vec<WrittenHedge>,
}

#[derive(Deserialize)]
struct WrittenStatus {
    id: String,
    status: Status,
    #[serde(default)]
    kinds: Vec<EventKind>,
    pattern: String,
    unless: Option<String>,
    example: String,
}

#[derive(Deserialize)]
struct WrittenHedge {
    pattern: String,
    example: String,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The kind of event.
    pub kind: EventKind,
    /// The instrument.
    pub instrument: Option<String>,
    /// Its example.
    pub example: Example,
    pub(super) trigger: Regex,
    pub(super) with: Option<Regex>,
    pub(super) unless: Option<Regex>,
    pub(super) unless_clause: Option<Regex>,
    pub(super) needs: Vec<Need>,
    pub(super) status: Status,
    pub(super) beats: Vec<EventKind>,
    /// Whether institutions also stand for their country.
    pub(super) states: bool,
}

/// A word of status.
#[derive(Clone, Debug)]
pub struct StatusRule {
    /// Its id.
    pub id: String,
    /// What it tells.
    pub status: Status,
    /// A sentence in which it holds.
    pub example: String,
    pub(super) kinds: Vec<EventKind>,
    pub(super) pattern: Regex,
    pub(super) unless: Option<Regex>,
}

/// All rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Of events, in the order of the file.
    pub events: Vec<Rule>,
    /// Of status, the first that fits.
    pub statuses: Vec<StatusRule>,
    /// Words that weaken.
    pub hedges: Vec<Regex>,
    /// Sentences in which they do.
    pub hedge_examples: Vec<String>,
    /// Towns with their countries.
    pub(super) cities: Cities,
}

fn compiled(file: &str, pattern: &str) -> Result<Regex> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .map_err(|error| BriefError::Rules {
            file: file.to_owned(),
            why: error.to_string(),
        })
}

fn maybe(file: &str, pattern: Option<&String>) -> Result<Option<Regex>> {
    pattern.map(|pattern| compiled(file, pattern)).transpose()
}

fn parsed<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| BriefError::Rules {
        file: file.to_owned(),
        why: error.to_string(),
    })
}

impl Rules {
    /// The rules of events that come with the program.
    pub const EVENTS: &'static str = include_str!("../../rules/events.toml");
    /// The words of status that come with the program.
    pub const STATUS: &'static str = include_str!("../../rules/status.toml");

    /// A pattern of a rule file, capitals ignored.
    pub(crate) fn pattern(file: &str, pattern: &str) -> Result<Regex> {
        compiled(file, pattern)
    }

    /// Reads the rules that come with the program.
    ///
    /// # Errors
    /// When a rule file is malformed, which the tests of this crate rule out.
    pub fn new() -> Result<Self> {
        Self::parse(Self::EVENTS, Self::STATUS)
    }

    /// Reads rules of one's own: the texts of `events.toml` and `status.toml`.
    ///
    /// # Errors
    /// When one is malformed; the error names the file and the fault.
    pub fn parse(events: &str, status: &str) -> Result<Self> {
        let file: EventFile = parsed("rules/events.toml", events)?;
        let status: StatusFile = parsed("rules/status.toml", status)?;
        let events = file
            .rule
            .iter()
            .map(|written| rule(written, &|pattern| file.written_out(pattern)))
            .collect::<Result<_>>()?;
        let statuses = status.status.into_iter().map(|written| {
            Ok(StatusRule {
                id: written.id,
                status: written.status,
                example: written.example,
                kinds: written.kinds,
                pattern: compiled("rules/status.toml", &written.pattern)?,
                unless: maybe("rules/status.toml", written.unless.as_ref())?,
            })
        });
        let hedges = status
            .hedge
            .iter()
            .map(|hedge| compiled("rules/status.toml", &hedge.pattern));
        Ok(Self {
            events,
            statuses: statuses.collect::<Result<_>>()?,
            hedges: hedges.collect::<Result<_>>()?,
            hedge_examples: status.hedge.into_iter().map(|hedge| hedge.example).collect(),
            cities: Cities::new()?,
        })
    }
}

fn rule(written: &Written, out: &dyn Fn(&str) -> String) -> Result<Rule> {
    const FILE: &str = "rules/events.toml";
    Ok(Rule {
        trigger: compiled(FILE, &out(&written.trigger))?,
        with: maybe(FILE, written.with.as_deref().map(out).as_ref())?,
        unless: maybe(FILE, written.unless.as_deref().map(out).as_ref())?,
        unless_clause: maybe(FILE, written.unless_clause.as_deref().map(out).as_ref())?,
        id: written.id.clone(),
        kind: written.kind,
        instrument: written.instrument.clone(),
        example: written.example.clone(),
        needs: written.needs.clone(),
        status: written.status,
        beats: written.beats.clone(),
        states: written.parties.as_deref() == Some("states"),
    })
}

impl StatusRule {
    /// Whether it fits a sentence, whatever the event.
    #[must_use]
    pub fn holds(&self, words: &str) -> bool {
        self.pattern.is_match(words) && !self.unless.as_ref().is_some_and(|unless| unless.is_match(words))
    }

    /// Whether it fits an event of a kind in a sentence.
    pub(super) fn fits(&self, kind: EventKind, words: &str) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && self.pattern.is_match(words)
            && !self.unless.as_ref().is_some_and(|unless| unless.is_match(words))
    }
}
