//! The rules, read from the files of `rules/`: words, deals, measures, sites and status.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Deserialize;

use super::accept::{Record, Weights};
use super::cities::Cities;
use super::pattern::{Compiled, Pattern, compiled};
use super::{EventKind, Status};
use crate::error::{BriefError, Result};
use crate::learned::{Learned, NET};

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
#[derive(Clone, Debug, Default, Deserialize)]
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

/// Classes of words: `{works}` in a pattern stands for any of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: BTreeMap<String, String>,
}

impl Words {
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
#[serde(deny_unknown_fields)]
struct EventFile {
    rule: Vec<Written>,
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
    pub(super) trigger: Compiled,
    pub(super) with: Option<Pattern>,
    pub(super) unless: Option<Pattern>,
    pub(super) unless_clause: Option<Pattern>,
    pub(super) needs: Vec<Need>,
    pub(super) status: Status,
    pub(super) beats: Vec<EventKind>,
    /// Whether institutions also stand for their country.
    pub(super) states: bool,
}

/// A kind of event as the second reader may add it.
#[derive(Clone, Debug)]
pub(super) struct LearnedRule {
    /// What the event then is like.
    pub(super) rule: Rule,
    /// The margin it takes to be added where no rule found one.
    pub(super) margin: f32,
    /// What its best word must reach by itself, so that the event rests on words.
    pub(super) word: f32,
}

/// The same as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLearned {
    kind: EventKind,
    margin: f32,
    word: f32,
    needs: Vec<Need>,
    status: Status,
    #[serde(default)]
    beats: Vec<EventKind>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LearnedFile {
    part: Parts,
    accept: Weights,
    rule: Vec<WrittenLearned>,
}

/// What it takes for who and what is named to take part, as the second reader has it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parts {
    /// The logit from which somebody is added.
    pub(super) add: f32,
    /// The logit below which somebody is left out.
    pub(super) drop: f32,
    /// The logit from which a sum of its sentence is the event's.
    pub(super) sum: f32,
    /// The same of another sentence, where its own has none.
    pub(super) far_sum: f32,
    /// How sure the second reader must be of a status to be heard before the words of status.
    pub(super) status: f32,
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
    pub(super) pattern: Compiled,
    pub(super) unless: Option<Compiled>,
}

/// All rules.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Of events, in the order of the files.
    pub events: Vec<Rule>,
    /// Of status, the first that fits.
    pub statuses: Vec<StatusRule>,
    /// Words that weaken.
    pub hedges: Vec<Compiled>,
    /// Sentences in which they do.
    pub hedge_examples: Vec<String>,
    /// Towns with their countries.
    pub(super) cities: Cities,
    /// What has been learnt from sentences, and what it may add.
    pub(super) learned: Learned,
    pub(super) may_add: Vec<LearnedRule>,
    pub(super) part: Parts,
    pub(super) weights: Weights,
    pub(super) record: Record,
    pub(super) ways: Ways,
}

/// Words that say which way something goes.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    pub(super) rises: Compiled,
    pub(super) falls: Compiled,
    pub(super) bars: Compiled,
    pub(super) loosens: Compiled,
}

impl Ways {
    fn new(words: &Words) -> Result<Self> {
        let of = |name: &str| {
            compiled(
                "words.toml",
                &format!(r"\b(?:{})", words.written_out(&format!("{{{name}}}"))),
            )
        };
        Ok(Self {
            rises: of("rises")?,
            falls: of("falls")?,
            bars: of("bars")?,
            loosens: of("loosens")?,
        })
    }
}

fn maybe(file: &str, pattern: Option<&String>) -> Result<Option<Compiled>> {
    pattern.map(|pattern| compiled(file, pattern)).transpose()
}

fn parsed<T: for<'de> Deserialize<'de>>(file: &str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| BriefError::Rules {
        file: file.to_owned(),
        why: error.to_string(),
    })
}

/// The file of what the second reader may add.
const LEARNED: &str = "learned.toml";
/// The file of how often rules were right.
const RECORD: &str = "record.csv";
/// The file of the words of status.
const STATUS: &str = "status.toml";
/// The files that hold rules of events.
const EVENTS: [&str; 3] = ["deals.toml", "measures.toml", "sites.toml"];

impl Rules {
    /// The rule files that come with the program: name and text.
    pub const FILES: [(&'static str, &'static str); 7] = [
        ("words.toml", include_str!("../../rules/words.toml")),
        ("deals.toml", include_str!("../../rules/deals.toml")),
        ("measures.toml", include_str!("../../rules/measures.toml")),
        ("sites.toml", include_str!("../../rules/sites.toml")),
        ("status.toml", include_str!("../../rules/status.toml")),
        ("learned.toml", include_str!("../../rules/learned.toml")),
        (RECORD, include_str!("../../rules/record.csv")),
    ];

    /// Reads the rules that come with the program.
    ///
    /// # Errors
    /// When a rule file is malformed, which the tests of this crate rule out.
    pub fn new() -> Result<Self> {
        Self::with(&BTreeMap::new())
    }

    /// The same without the second reader.
    #[must_use]
    pub fn alone(self) -> Self {
        Self {
            learned: Learned::default(),
            ..self
        }
    }

    /// Reads rules of one's own: files by the name of that of [`Rules::FILES`], or of the network ([`NET`]), that each stands in for.
    ///
    /// # Errors
    /// When one is malformed; the error names the file and the fault.
    pub fn with(own: &BTreeMap<String, Vec<u8>>) -> Result<Self> {
        let text = |name: &str| -> Result<&str> {
            let bundled = Self::FILES.iter().find(|file| file.0 == name).map_or("", |file| file.1);
            let own = own.get(name).map(|bytes| std::str::from_utf8(bytes));
            own.unwrap_or(Ok(bundled)).map_err(|error| BriefError::Rules {
                file: name.to_owned(),
                why: error.to_string(),
            })
        };
        let words: Words = parsed("words.toml", text("words.toml")?)?;
        let mut written = Vec::new();
        for name in EVENTS {
            let file: EventFile = parsed(name, text(name)?)?;
            written.extend(file.rule.into_iter().map(|rule| (name, rule)));
        }
        let status: StatusFile = parsed(STATUS, text(STATUS)?)?;
        let statuses = status.status.into_iter().map(|written| {
            Ok(StatusRule {
                id: written.id,
                status: written.status,
                example: written.example,
                kinds: written.kinds,
                pattern: compiled(STATUS, &written.pattern)?,
                unless: maybe(STATUS, written.unless.as_ref())?,
            })
        });
        let hedges = status.hedge.iter().map(|hedge| compiled(STATUS, &hedge.pattern));
        let events = compile(&written, &words)?;
        if !own.is_empty() {
            for (rule, (file, _)) in events.iter().zip(&written) {
                let conditions = [&rule.with, &rule.unless, &rule.unless_clause];
                conditions
                    .into_iter()
                    .flatten()
                    .try_for_each(|pattern| pattern.check(file))?;
            }
        }
        let learned: LearnedFile = parsed(LEARNED, text(LEARNED)?)?;
        let may_add = learned.rule.into_iter().map(may_add).collect::<Result<_>>()?;
        Ok(Self {
            learned: own
                .get(NET)
                .map_or_else(|| Ok(Learned::bundled()), |net| Learned::with(net))?,
            may_add,
            part: learned.part,
            ways: Ways::new(&words)?,
            weights: learned.accept,
            record: Record::new(RECORD, text(RECORD)?)?,
            events,
            statuses: statuses.collect::<Result<_>>()?,
            hedges: hedges.collect::<Result<_>>()?,
            hedge_examples: status.hedge.into_iter().map(|hedge| hedge.example).collect(),
            cities: Cities::new()?,
        })
    }
}

fn may_add(written: WrittenLearned) -> Result<LearnedRule> {
    let rule = Rule {
        id: format!("{}{}", super::LEARNED_ID, written.kind),
        kind: written.kind,
        instrument: None,
        example: Example::default(),
        // Set off by weights, never by a pattern.
        trigger: compiled(LEARNED, r"[^\s\S]")?,
        with: None,
        unless: None,
        unless_clause: None,
        needs: written.needs,
        status: written.status,
        beats: written.beats,
        states: false,
    };
    Ok(LearnedRule {
        rule,
        margin: written.margin,
        word: written.word,
    })
}

/// Compiles rules on all cores: a hundred patterns over Unicode take longer than the reading of an article.
fn compile(written: &[(&str, Written)], words: &Words) -> Result<Vec<Rule>> {
    let each = written.par_iter();
    each.map(|(file, written)| rule(file, written, &|pattern| words.written_out(pattern)))
        .collect()
}

fn rule(file: &str, written: &Written, out: &dyn Fn(&str) -> String) -> Result<Rule> {
    Ok(Rule {
        trigger: compiled(file, &out(&written.trigger))?,
        with: written.with.as_deref().map(out).map(Pattern::new),
        unless: written.unless.as_deref().map(out).map(Pattern::new),
        unless_clause: written.unless_clause.as_deref().map(out).map(Pattern::new),
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
