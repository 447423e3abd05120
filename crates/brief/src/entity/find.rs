//! Finds entities: listed names first, then names told by their form, then short forms of both.

mod implied;

use std::collections::HashMap;
use std::ops::Range;

use super::lexicon::Needs;
use super::names::same_name;
use super::sound::sound;
use super::unlisted::{Candidate, Line, STARTS, alias, candidates, is_legal};
use super::{Entity, EntityKind, Found, Lexicon, Mention};
use crate::text::{Folded, Spans, Text, fold};

/// Most entities of a text; an article has a few dozen.
const MOST: usize = 2_000;

/// A mention before it has been put together with others of the same thing.
struct Raw {
    range: Range<usize>,
    what: What,
}

enum What {
    Listed(usize),
    Formed(Candidate),
}

/// Finds the entities of a text.
#[must_use]
pub fn find(text: &Text, sentences: &[Range<usize>], lexicon: &Lexicon) -> Found {
    let body = text.as_str();
    let folded = Folded::new(body);
    let mut hits = sound(lexicon, body, sentences, &lexicon.hits(body, &folded));
    hits.sort_by_key(|hit| hit.range.start);
    let (regions, hits): (Vec<_>, Vec<_>) = hits.into_iter().partition(|hit| hit.needs == Needs::Region);
    let blocked: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| hit.needs == Needs::Blocked)
        .map(|hit| hit.range.clone())
        .collect();
    // `Defense` and `Recycling` are also words of names: `Defense Daily`.
    let word_of_names = |entry: usize| {
        let entry = lexicon.entries.get(entry);
        entry.is_some_and(|entry| match entry.kind {
            EntityKind::Technology => matches!(entry.key.as_str(), "defence" | "recycling"),
            kind => kind == EntityKind::Mineral,
        })
    };
    let covered: Vec<Range<usize>> = hits
        .iter()
        .filter(|hit| !word_of_names(hit.entry))
        .map(|hit| hit.range.clone())
        .collect();
    let lines: Vec<Line<'_>> = sentences.iter().map(|range| Line::new(body, range, &covered)).collect();
    let mut raw: Vec<Raw> = hits
        .into_iter()
        .filter(|hit| hit.needs != Needs::Blocked)
        .map(|hit| Raw {
            range: hit.range,
            what: What::Listed(hit.entry),
        })
        .collect();
    for line in &lines {
        for candidate in candidates(line, &lexicon.given_names) {
            let Some(candidate) = before_listed(body, candidate, &covered) else {
                continue;
            };
            let inside_blocked = blocked
                .iter()
                .any(|b| b.start <= candidate.range.start && candidate.range.end <= b.end);
            // A name that the end of the text cuts off is not known whole.
            let cut = candidate.range.end == body.trim_end().len() && !inside_blocked;
            if !inside_blocked && !cut && raw.len() < 20 * MOST {
                raw.push(Raw {
                    range: candidate.range.clone(),
                    what: What::Formed(candidate),
                });
            }
        }
    }
    let mut book = Book::new(text, lexicon);
    for raw in without_overlaps(raw) {
        book.take(raw);
    }
    book.short_forms(&lines);
    for region in regions {
        book.implied(region.entry, &[region.range]);
    }
    book.groups();
    book.finish()
}

/// `Base Resources and Energy Fuels`, where `Energy Fuels` is listed: what its form takes for one name ends before the listed one.
fn before_listed(body: &str, mut candidate: Candidate, listed: &[Range<usize>]) -> Option<Candidate> {
    let own = candidate.range.clone();
    let crosses = |other: &&Range<usize>| own.start < other.start && other.start < own.end && own.end < other.end;
    let Some(other) = listed.iter().find(crosses) else {
        return Some(candidate);
    };
    let rest = body.get(own.start..other.start)?.trim_end();
    let rest = ["and", "&", ","]
        .iter()
        .fold(rest, |rest, joint| rest.strip_suffix(joint).unwrap_or(rest).trim_end());
    candidate.range.end = own.start + rest.len();
    rest.clone_into(&mut candidate.name);
    (!rest.is_empty()).then_some(candidate)
}

/// Where names overlap: the longer wins, and a listed one wins over an equal one told by its form.
fn without_overlaps(mut raw: Vec<Raw>) -> Vec<Raw> {
    let rank = |raw: &Raw| match &raw.what {
        What::Listed(_) => 0,
        What::Formed(candidate) => match candidate.kind {
            EntityKind::Institution => 1,
            EntityKind::Company => 2,
            EntityKind::Person => 3,
            _ => 4,
        },
    };
    raw.sort_by(|a, b| {
        let length = |raw: &Raw| raw.range.end - raw.range.start;
        length(b)
            .cmp(&length(a))
            .then(rank(a).cmp(&rank(b)))
            .then(a.range.start.cmp(&b.range.start))
    });
    let mut taken: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    let mut kept: Vec<Raw> = Vec::new();
    for raw in raw {
        let free_before = taken
            .range(..raw.range.end)
            .next_back()
            .is_none_or(|(_, end)| *end <= raw.range.start);
        if free_before {
            taken.insert(raw.range.start, raw.range.end);
            kept.push(raw);
        }
    }
    kept.sort_by_key(|raw| raw.range.start);
    kept
}

/// Entities as they are put together.
struct Book<'t> {
    text: &'t Text,
    lexicon: &'t Lexicon,
    entities: Vec<Entity>,
    by_key: HashMap<(EntityKind, String), usize>,
    mentions: Vec<Mention>,
    /// Short forms set by the text, folded, with the entity.
    aliases: HashMap<String, usize>,
}

impl<'t> Book<'t> {
    fn new(text: &'t Text, lexicon: &'t Lexicon) -> Self {
        Self {
            text,
            lexicon,
            entities: Vec::new(),
            by_key: HashMap::new(),
            mentions: Vec::new(),
            aliases: HashMap::new(),
        }
    }

    fn take(&mut self, raw: Raw) {
        match raw.what {
            What::Listed(entry) => {
                // `Greenland Minerals (GM)`: what the text itself says of a short form holds.
                if let Some(at) = self.own_alias(&raw.range) {
                    self.mention(at, raw.range);
                } else {
                    let end = raw.range.end;
                    let at = self.listed(entry, raw.range, None);
                    self.set_alias(at, end);
                }
            }
            What::Formed(candidate) => self.formed(&candidate),
        }
    }

    /// `Northern Minerals (NM)`: the short form that the text sets for a listed firm or institution.
    fn set_alias(&mut self, at: Option<usize>, end: usize) {
        let actor = at
            .and_then(|at| self.entities.get(at))
            .is_some_and(|entity| matches!(entity.kind, EntityKind::Company | EntityKind::Institution));
        let after = self.text.as_str().get(end..).unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        if let (true, Some(at), Some(short)) = (actor, at, alias(after)) {
            self.aliases.entry(short).or_insert(at);
        }
    }

    /// The entity for which the text has set these capitals as a short form.
    fn own_alias(&self, range: &Range<usize>) -> Option<usize> {
        let words = self.text.slice(range)?;
        let short = words.len() <= 5 && words.chars().all(char::is_uppercase);
        short.then(|| self.aliases.get(words).copied()).flatten()
    }

    fn listed(&mut self, entry: usize, range: Range<usize>, role: Option<String>) -> Option<usize> {
        let listed = self.lexicon.entries.get(entry)?;
        // `Eneabba` after `the Eneabba refinery` is the refinery.
        if listed.kind == EntityKind::Deposit {
            let plant = format!("{}_", listed.key);
            let known = self
                .entities
                .iter()
                .position(|known| known.kind == EntityKind::Plant && known.key.starts_with(&plant));
            if let Some(at) = known {
                self.mention(at, range);
                return Some(at);
            }
        }
        let person = listed.kind == EntityKind::Person;
        self.add(
            Entity {
                kind: listed.kind,
                key: listed.key.clone(),
                name: listed.name.clone(),
                role: if person {
                    role.or_else(|| listed.role.clone())
                } else {
                    None
                },
                place: listed.place.clone(),
                listed: true,
                evidence: listed.evidence.clone(),
                mentions: Spans::one(self.text.span(range.clone())?),
            },
            range,
        )
    }

    fn formed(&mut self, candidate: &Candidate) {
        let known = match candidate.kind {
            EntityKind::Person => self.person_like(&candidate.name),
            kind => self
                .listed_actor(candidate)
                .or_else(|| self.named_like(kind, &candidate.name))
                .or_else(|| self.by_short_form(candidate))
                .or_else(|| self.listed_firm(candidate)),
        };
        let at = match known {
            Some(Known::Entity(at)) => {
                self.mention(at, candidate.range.clone());
                Some(at)
            }
            Some(Known::Entry(entry)) => self.listed(entry, candidate.range.clone(), candidate.role.clone()),
            None => self.text.span(candidate.range.clone()).and_then(|span| {
                self.add(
                    Entity {
                        kind: candidate.kind,
                        key: candidate.name.clone(),
                        name: candidate.name.clone(),
                        role: candidate.role.clone(),
                        place: None,
                        listed: false,
                        evidence: Vec::new(),
                        mentions: Spans::one(span),
                    },
                    candidate.range.clone(),
                )
            }),
        };
        if let (Some(at), Some(alias)) = (at, &candidate.alias) {
            self.aliases.insert(alias.clone(), at);
        }
        if let (Some(at), Some(role)) = (at, &candidate.role)
            && let Some(entity) = self.entities.get_mut(at)
            && entity.kind == EntityKind::Person
            && (entity.role.is_none()
                || !entity.listed && entity.role.as_ref().is_some_and(|old| old.len() < role.len()))
        {
            entity.role = Some(role.clone());
        }
    }

    fn add(&mut self, entity: Entity, range: Range<usize>) -> Option<usize> {
        let key = (entity.kind, fold(&entity.key));
        if let Some(at) = self.by_key.get(&key).copied() {
            self.mention(at, range);
            return Some(at);
        }
        if self.entities.len() >= MOST {
            return None;
        }
        let at = self.entities.len();
        self.by_key.insert(key, at);
        self.entities.push(entity);
        self.mentions.push(Mention { range, entity: at });
        Some(at)
    }

    fn mention(&mut self, at: usize, range: Range<usize>) {
        if let (Some(entity), Some(span)) = (self.entities.get_mut(at), self.text.span(range.clone())) {
            entity.mentions.add(span);
            self.mentions.push(Mention { range, entity: at });
        }
    }

    /// A person already found, or listed, under another spelling or by the surname alone.
    fn person_like(&self, name: &str) -> Option<Known> {
        let one = name.split_whitespace().count() == 1;
        let fits = |full: &str| {
            let mut parts = full.split_whitespace();
            let first = parts.next().unwrap_or_default();
            let last = parts.next_back().unwrap_or(first);
            if one {
                fold(last) == fold(name)
                    || first.len() <= 3 && fold(first) == fold(name)
                    || name.len() > 5 && same_name(last, name)
            } else {
                same_name(full, name)
            }
        };
        let found = self
            .entities
            .iter()
            .position(|known| known.kind == EntityKind::Person && fits(&known.name));
        found.map(Known::Entity).or_else(|| {
            // A surname alone tells who is meant only where one listed person has it.
            let listed = self.lexicon.entries.iter().enumerate();
            let mut people = listed.filter(|(_, entry)| entry.kind == EntityKind::Person && fits(&entry.name));
            let first = people.next();
            first
                .filter(|_| !one || people.next().is_none())
                .map(|(at, _)| Known::Entry(at))
        })
    }

    /// `Shin-Etsu Chemical Co` is the listed Shin-Etsu Chemical.
    fn listed_actor(&self, candidate: &Candidate) -> Option<Known> {
        if !matches!(candidate.kind, EntityKind::Company | EntityKind::Institution) {
            return None;
        }
        let name = fold(&candidate.name);
        let mut bare = name.trim_end_matches(['.', ',']);
        let mut entry = self.lexicon.actor(bare);
        while entry.is_none()
            && let Some((before, last)) = bare.rsplit_once(' ')
            && is_legal(last)
        {
            bare = before.trim_end_matches(['.', ',']);
            entry = self.lexicon.actor(bare);
        }
        entry.map(Known::Entry)
    }

    /// A name that is a short form set before, or that the text itself shortens to a listed one:
    /// `Funding Authority for Studies and Projects (FINEP)`.
    fn by_short_form(&self, candidate: &Candidate) -> Option<Known> {
        if !matches!(candidate.kind, EntityKind::Company | EntityKind::Institution) {
            return None;
        }
        if let Some(at) = self.aliases.get(&candidate.name) {
            return Some(Known::Entity(*at));
        }
        // `TCS` after The Center Square.
        let capitals = candidate.name.bytes().all(|b| b.is_ascii_uppercase()) && candidate.name.len() >= 3;
        if capitals
            && let Some(at) = self
                .entities
                .iter()
                .position(|known| initials_fit(&known.name, &candidate.name))
        {
            return Some(Known::Entity(at));
        }
        let short = candidate.alias.as_ref().filter(|short| short.len() > 2)?;
        let entry = self.lexicon.actor(short)?;
        let kind = self.lexicon.entries.get(entry)?.kind;
        (kind == candidate.kind || kind == EntityKind::Institution && short.len() > 3).then_some(Known::Entry(entry))
    }

    /// `Arafura Rare Earths Limited` is the listed Arafura.
    fn listed_firm(&self, candidate: &Candidate) -> Option<Known> {
        const FILL: &[&str] = &[
            "rare",
            "earths",
            "earth",
            "resources",
            "metals",
            "technologies",
            "corporation",
            "group",
            "limited",
            "ltd",
            "inc",
            "corp",
            "holdings",
            "company",
            "international",
            "minerals",
            "mining",
            "materials",
            "co",
        ];
        // `IREL (India)` is the listed IREL.
        let name = fold(candidate.name.split(" (").next().unwrap_or_default());
        let fits = |entry: &super::lexicon::Entry| {
            let own = fold(&entry.name);
            let rest = name.strip_prefix(&own);
            entry.kind == candidate.kind
                && rest.is_some_and(|rest| {
                    (rest.is_empty() || rest.starts_with(' '))
                        && rest.split_whitespace().all(|word| FILL.contains(&word))
                })
        };
        if candidate.kind != EntityKind::Company {
            return None;
        }
        self.lexicon.entries.iter().position(fits).map(Known::Entry)
    }

    /// A firm or institution already found whose name is this one with more or fewer words at the end.
    fn named_like(&self, kind: EntityKind, name: &str) -> Option<Known> {
        let wanted = fold(name);
        let fits = |known: &Entity| {
            let own = fold(&known.name);
            known.kind == kind
                && (own == wanted
                    || own.starts_with(&format!("{wanted} "))
                    || wanted.starts_with(&format!("{own} ")) && kind == EntityKind::Company)
        };
        self.entities.iter().position(fits).map(Known::Entity)
    }

    /// Surnames of people, first words of firms and short forms set by the text, where they stand alone.
    fn short_forms(&mut self, lines: &[Line<'_>]) {
        let mut short: HashMap<String, usize> = HashMap::new();
        for (at, entity) in self.entities.iter().enumerate() {
            let words: Vec<&str> = entity.name.split_whitespace().collect();
            let form = match (entity.kind, words.as_slice()) {
                (EntityKind::Person, [.., last]) if words.len() > 1 => *last,
                (EntityKind::Company, [first, ..]) if !entity.listed && first.len() > 3 => *first,
                _ => continue,
            };
            if !STARTS.contains(&form.to_lowercase().as_str()) {
                short.entry(form.to_owned()).or_insert(at);
            }
        }
        for (alias, at) in &self.aliases {
            short.insert(alias.clone(), *at);
        }
        if short.is_empty() {
            return;
        }
        let mut taken: Vec<Range<usize>> = self.mentions.iter().map(|mention| mention.range.clone()).collect();
        taken.sort_by_key(|range| range.start);
        let mut more = Vec::new();
        for line in lines {
            for token in line.tokens.iter().filter(|token| token.capital) {
                let at = taken.partition_point(|range| range.end <= token.range.start);
                let free = taken.get(at).is_none_or(|range| range.start >= token.range.end);
                let shouted = || {
                    let mut letters = token.lower.chars();
                    letters
                        .next()
                        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
                };
                let entity = short
                    .get(token.text)
                    .copied()
                    .or_else(|| short.get(&shouted()?).copied());
                if let (true, Some(entity)) = (free, entity) {
                    more.push((entity, token.range.clone()));
                }
            }
        }
        for (entity, range) in more {
            self.mention(entity, range);
        }
    }

    fn finish(mut self) -> Found {
        self.mentions.sort_by_key(|mention| mention.range.start);
        Found {
            entities: self.entities,
            mentions: self.mentions,
        }
    }
}

/// Whether capitals are the first letters of a name's words, small words aside.
fn initials_fit(name: &str, capitals: &str) -> bool {
    let initials = |words: &mut dyn Iterator<Item = &str>| -> String {
        let firsts = words.filter_map(|word| word.chars().next());
        firsts.filter(|first| first.is_uppercase()).collect()
    };
    name.contains(' ')
        && (initials(&mut name.split_whitespace()) == capitals
            || initials(&mut name.split_whitespace().filter(|word| *word != "The")) == capitals)
}

enum Known {
    Entity(usize),
    Entry(usize),
}
