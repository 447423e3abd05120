//! Finds claims by the rules of `rules/claims.toml` and sends each to its check.

use std::ops::Range;

use jiff::civil::Date;
use monazite_evidence::provenance::Provenance;
use monazite_evidence::{Dataset, Element};
use serde::Deserialize;

use super::{Answer, Claim, Figure, abundance, plants, prices, reserves, shares};
use crate::amount::{Amount, amounts};
use crate::date::{When, expressions};
use crate::entity::{Entity, EntityKind, Found};
use crate::error::{BriefError, Result};
use crate::event::{Compiled, compiled};
use crate::text::Text;

const FILE: &str = "rules/claims.toml";
const TEXT: &str = include_str!("../../rules/claims.toml");
/// Most claims of a text.
const MOST: usize = 60;

#[derive(Deserialize)]
struct File {
    claim: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    check: Check,
    trigger: String,
    with: Option<String>,
    unless: Option<String>,
    example: String,
    verdict: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Check {
    Abundance,
    Share,
    Dominance,
    ReservesRank,
    Reserves,
    HasReserves,
    Onshoring,
    PriceMultiple,
    PriceLevel,
    OnlyProducer,
    EnoughFor,
    Production,
}

/// A rule.
#[derive(Clone, Debug)]
pub struct ClaimRule {
    /// Its id.
    pub id: String,
    /// A sentence it finds.
    pub example: String,
    /// The verdict on it with the bundled dataset.
    pub verdict: String,
    check: Check,
    trigger: Compiled,
    with: Option<Compiled>,
    unless: Option<Compiled>,
}

/// The rules of claims.
#[derive(Clone, Debug)]
pub struct ClaimRules {
    /// In the order of the file.
    pub rules: Vec<ClaimRule>,
}

impl ClaimRules {
    /// Reads them.
    ///
    /// # Errors
    /// When the file is malformed, which the tests rule out.
    pub fn new() -> Result<Self> {
        let file: File = toml::from_str(TEXT).map_err(|error| BriefError::Rules {
            file: FILE.to_owned(),
            why: error.to_string(),
        })?;
        let regex = |pattern: &String| compiled(FILE, pattern);
        let rules = file.claim.into_iter().map(|written| {
            Ok(ClaimRule {
                trigger: regex(&written.trigger)?,
                with: written.with.as_ref().map(regex).transpose()?,
                unless: written.unless.as_ref().map(regex).transpose()?,
                id: written.id,
                check: written.check,
                example: written.example,
                verdict: written.verdict,
            })
        });
        Ok(Self {
            rules: rules.collect::<Result<_>>()?,
        })
    }
}

/// What claims are looked for in.
pub struct Context<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its sentences.
    pub sentences: &'a [Range<usize>],
    /// Its entities.
    pub found: &'a Found,
    /// When it appeared.
    pub published: Option<Date>,
    /// The evidence.
    pub dataset: &'a Dataset,
}

/// A sentence with a claim, as the checks see it.
pub(crate) struct Said<'a> {
    pub dataset: &'a Dataset,
    pub words: &'a str,
    /// Where they stand.
    pub range: Range<usize>,
    pub entities: Vec<&'a Entity>,
    pub amounts: Vec<Amount>,
    pub dates: Vec<When>,
    pub published: Option<Date>,
}

impl Said<'_> {
    /// The first country named.
    pub fn country(&self) -> Option<&Entity> {
        self.entities
            .iter()
            .find(|entity| entity.kind == EntityKind::Country)
            .copied()
    }

    /// The country a figure is about: one named right behind it (`70 % from China`), else the last named before it, else the first.
    pub fn country_of(&self, figure: &Amount) -> Option<&Entity> {
        let countries = self.entities.iter().filter(|entity| entity.kind == EntityKind::Country);
        let at: Vec<(Range<usize>, &Entity)> = countries
            .flat_map(|entity| entity.mentions.all().iter().map(|span| (span.range(), *entity)))
            .filter(|(range, _)| self.range.start <= range.start && range.end <= self.range.end)
            .collect();
        let between = |range: &Range<usize>| {
            let (from, to) = (figure.span.end() - self.range.start, range.start - self.range.start);
            self.words.get(from..to).unwrap_or_default().to_lowercase()
        };
        let behind = at.iter().filter(|(range, _)| range.start >= figure.span.end());
        let behind = behind.min_by_key(|(range, _)| range.start).filter(|(range, _)| {
            let words = between(range);
            let near = words.len() < 40 && !words.contains([',', ';']);
            near && [" from ", " in ", " by "].iter().any(|word| words.ends_with(word))
        });
        let before = || {
            let before = at.iter().filter(|(range, _)| range.end <= figure.span.start());
            before.max_by_key(|(range, _)| range.start)
        };
        behind
            .or_else(before)
            .map(|(_, entity)| *entity)
            .or_else(|| self.country())
    }

    /// Elements named.
    pub fn elements(&self) -> Vec<Element> {
        let named = self.entities.iter().filter(|entity| entity.kind == EntityKind::Element);
        named.filter_map(|entity| entity.key.parse().ok()).collect()
    }

    /// Whether the sentence holds one of these words, in small letters.
    pub fn says(&self, words: &[&str]) -> bool {
        let lower = self.words.to_lowercase();
        words.iter().any(|word| lower.contains(word))
    }

    /// The year the claim is about: one named, else the one it was published in.
    pub fn year(&self) -> Option<i16> {
        self.dates
            .first()
            .map(|when| when.from.year())
            .or(self.published.map(Date::year))
    }
}

/// A figure of a row.
pub(crate) fn figure(
    what: impl Into<String>,
    value: f64,
    unit: &str,
    period: impl std::fmt::Display,
    table: &str,
    from: &Provenance,
) -> Figure {
    Figure {
        what: what.into(),
        value,
        unit: unit.to_owned(),
        period: period.to_string(),
        table: table.to_owned(),
        sources: from.sources.iter().map(|source| source.as_str().to_owned()).collect(),
        confidence: from.confidence.as_str().to_owned(),
    }
}

/// Finds the claims of a text and checks them.
#[must_use]
pub fn find(context: &Context<'_>, rules: &ClaimRules) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    let mut subject: Option<&Entity> = None;
    for sentence in context.sentences {
        let Some(words) = context.text.slice(sentence) else {
            continue;
        };
        let mut entities: Vec<&Entity> = context.found.within(sentence).map(|(_, entity)| entity).collect();
        let here = entities
            .iter()
            .find(|entity| entity.kind == EntityKind::Country)
            .copied();
        for rule in &rules.rules {
            let fits = rule.trigger.is_match(words)
                && rule.with.as_ref().is_none_or(|with| with.is_match(words))
                && !rule.unless.as_ref().is_some_and(|unless| unless.is_match(words));
            if !fits || claims.len() >= MOST {
                continue;
            }
            if here.is_none()
                && let Some(subject) = subject
            {
                entities.push(subject);
            }
            let said = Said {
                dataset: context.dataset,
                words,
                range: sentence.clone(),
                entities: entities.clone(),
                amounts: amounts(context.text, sentence),
                dates: expressions(context.text, sentence, context.published),
                published: context.published,
            };
            let Some(answer) = checked(rule.check, &said) else {
                continue;
            };
            if let Some(span) = context.text.span(sentence.clone()) {
                claims.push(Claim {
                    rule: rule.id.clone(),
                    span,
                    verdict: answer.verdict,
                    why: answer.why,
                    figures: answer.figures,
                });
            }
        }
        subject = here.or(subject);
    }
    claims
}

fn checked(check: Check, said: &Said<'_>) -> Option<Answer> {
    match check {
        Check::Abundance => abundance::abundance(said),
        Check::Share => shares::share(said),
        Check::Dominance => shares::dominance(said),
        Check::ReservesRank => reserves::rank(said),
        Check::Reserves => reserves::quantity(said),
        Check::HasReserves => reserves::has(said),
        Check::Onshoring => plants::onshoring(said),
        Check::OnlyProducer => Some(plants::only_producer(said)),
        Check::PriceMultiple => Some(prices::multiple(said)),
        Check::PriceLevel => prices::level(said),
        Check::EnoughFor => Some(plants::enough_for(said)),
        Check::Production => abundance::production(said),
    }
}
