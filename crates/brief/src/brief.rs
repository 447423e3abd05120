//! The brief of an article.

use jiff::civil::Date;
use monazite_evidence::Dataset;
use schemars::JsonSchema;
use serde::Serialize;

use crate::claim::{self, Claim, ClaimRules};
use crate::context::{Around, around};
use crate::date::{Published, published};
use crate::entity::{self, Entity, EntityKind, Lexicon};
use crate::error::Result;
use crate::event::{self, Event, Rules};
use crate::language::{Language, language};
use crate::learned::FARTHEST;
use crate::meaning::{self, Library, Meaning};
use crate::read::{Article, Format};
use crate::score::{self, FoundEvent};
use crate::sentence::sentences;
use crate::text::Span;

/// What is known of the article itself.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct About {
    /// The title a page gives itself, or the first line.
    pub title: Option<String>,
    /// What the file was.
    pub format: Format,
    /// Its encoding.
    pub encoding: String,
    /// Characters of the text.
    pub characters: usize,
    /// Its language.
    pub language: Language,
    /// When it appeared.
    pub published: Option<Published>,
    /// What the reader should know about the reading.
    pub notes: Vec<String>,
}

/// An article turned into entities, events, claims, a scenario and numbers. Everything that is read out of the article
/// carries the words it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Brief {
    /// The article.
    pub article: About,
    /// The text that spans count in.
    pub text: String,
    /// Who and what it speaks of.
    pub entities: Vec<Entity>,
    /// What it says happens.
    pub events: Vec<Event>,
    /// What holds of what it claims.
    pub claims: Vec<Claim>,
    /// What it would mean.
    pub meaning: Meaning,
    /// What went before, what is to come, what it leaves open.
    pub context: Around,
}

/// Reads articles with the words of one dataset.
#[derive(Debug)]
pub struct Reader<'d> {
    dataset: &'d Dataset,
    lexicon: Lexicon,
    rules: Rules,
    claims: ClaimRules,
    library: Library,
}

impl<'d> Reader<'d> {
    /// Prepares the word lists and rules.
    ///
    /// # Errors
    /// When one that comes with the program is malformed, which the tests rule out.
    pub fn new(dataset: &'d Dataset) -> Result<Self> {
        // Rules take as long to compile as names to list.
        std::thread::scope(|scope| {
            let lexicon = scope.spawn(|| Lexicon::new(dataset));
            let rules = Rules::new()?;
            let lexicon = lexicon
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Self::of(dataset, rules, lexicon)
        })
    }

    /// Prepares the word lists, with other rules of events.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_rules(dataset: &'d Dataset, rules: Rules) -> Result<Self> {
        Self::of(dataset, rules, Lexicon::new(dataset)?)
    }

    fn of(dataset: &'d Dataset, rules: Rules, lexicon: Lexicon) -> Result<Self> {
        Ok(Self {
            dataset,
            lexicon,
            rules,
            claims: ClaimRules::new()?,
            library: Library::new(dataset)?,
        })
    }

    /// The rules of events.
    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The rules of claims.
    #[must_use]
    pub const fn claim_rules(&self) -> &ClaimRules {
        &self.claims
    }

    /// Briefs an article; `date` overrides the publication date found in it. Nothing is simulated: [`Self::run`] does.
    #[must_use]
    pub fn brief(&self, article: &Article, date: Option<Date>) -> Brief {
        let text = &article.text;
        let body = text.as_str();
        let language = language(body);
        let published = published(text, date, article.stated_date.as_deref());
        let day = published.as_ref().map(|published| published.date);
        let sentences = if language.read { sentences(body) } else { Vec::new() };
        let found = entity::find(text, &sentences, &self.lexicon);
        let found = if language.read { found } else { entity::Found::default() };
        let events = event::find(
            &event::Context {
                text,
                sentences: &sentences,
                found: &found,
                published: day,
            },
            &self.rules,
        );
        let claims = claim::find(
            &claim::Context {
                text,
                sentences: &sentences,
                found: &found,
                published: day,
                dataset: self.dataset,
            },
            &self.claims,
        );
        let mut notes = article.notes.clone();
        if !language.read {
            notes.push(format!(
                "The text is in {}, which is not supported yet: only English is read, and nothing was guessed. A translation \
                 into English can be briefed.",
                language.name
            ));
        } else if !body.trim().is_empty() && !concerns(body, &found) {
            notes.push("Nothing about rare earths was found in it, so there is nothing to brief.".to_owned());
        }
        if published.is_none() && language.read && concerns(body, &found) {
            notes.push(
                "No publication date was found; words such as \"yesterday\" stay open. `--date` gives one.".to_owned(),
            );
        }
        if let Some(day) = day.filter(|day| !(1950..2100).contains(&day.year())) {
            notes.push(format!(
                "Its date, {day}, is hardly one of a news article: look at `--date`."
            ));
        }
        if let Some(currency) = event::read_as_local(&events) {
            notes.push(format!(
                "A bare `$` is read as {currency}: that is where most of what the text names is from. Nothing in it says so."
            ));
        }
        if events.iter().any(Event::is_learned) && concerns(body, &found) {
            notes.push(
                "Events marked ~ are told by a small network taught on sentences, not by a rule: look at the words."
                    .to_owned(),
            );
        }
        if language.read && body.len() > FARTHEST {
            notes.push(format!(
                "The text is long: beyond its first {FARTHEST} bytes events are found by rules alone."
            ));
        }
        let mut entities = found.entities;
        entities.sort_by_key(|entity| (entity.kind, entity.mentions.first().map(Span::start)));
        let mut meaning = meaning::choose(self.dataset, &self.library, &entities, &events, day);
        if !language.read {
            meaning.says = vec!["Not read, so nothing can be said of what it would mean.".to_owned()];
        }
        let context = around(self.dataset, &entities, &events, day);
        let first_line = body
            .lines()
            .find(|line| !line.trim().is_empty())
            .map(|line| headline(line.trim()));
        Brief {
            article: About {
                title: article.title.clone().or(first_line),
                format: article.format,
                encoding: article.encoding.to_owned(),
                characters: body.chars().count(),
                language,
                published,
                notes,
            },
            text: body.to_owned(),
            entities,
            events,
            claims,
            meaning,
            context,
        }
    }

    /// Runs the scenario of a brief, in fourteen blocs: one path of central values, and so many of an ensemble for bands.
    ///
    /// # Errors
    /// When the market cannot be solved or the evidence lacks the base year.
    pub fn run(&self, brief: &mut Brief, paths: Option<u32>) -> Result<()> {
        meaning::run(self.dataset, &mut brief.meaning, &brief.events, paths)
    }
}

/// The first line as a title, cut between words where it is long.
fn headline(line: &str) -> String {
    const MOST: usize = 120;
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MOST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole.trim_end_matches([',', ';', ':']))
}

/// Whether a text is about rare earths: it names an element, a group, a deposit, a plant or magnets, or speaks of
/// critical minerals.
fn concerns(body: &str, found: &entity::Found) -> bool {
    let named = found.entities.iter().any(|entity| {
        matches!(
            entity.kind,
            EntityKind::Element | EntityKind::Group | EntityKind::Deposit | EntityKind::Plant
        ) || entity.kind == EntityKind::Technology && entity.key == "permanent_magnets"
    });
    let body = body.to_lowercase();
    named
        || [
            "critical mineral",
            "critical raw material",
            "rare metal",
            "rare-earth",
            "rare earth",
        ]
        .iter()
        .any(|words| body.contains(words))
}

impl Brief {
    /// Whether there is nothing to brief: another language, no text, nothing about rare earths. The notes say which.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let found = entity::Found {
            entities: self.entities.clone(),
            mentions: Vec::new(),
        };
        !self.article.language.read || self.text.trim().is_empty() || !concerns(&self.text, &found)
    }

    /// Every span of the brief: what each finding rests on.
    #[must_use]
    pub fn spans(&self) -> Vec<&Span> {
        let mentions = self.entities.iter().flat_map(|entity| entity.mentions.all());
        let events = self.events.iter().flat_map(|event| {
            let parts = std::iter::once(&event.trigger)
                .chain(event.spans.all())
                .chain(&event.hedges);
            let dates = event.when.iter().chain(&event.until).map(|when| &when.span);
            parts
                .chain(dates)
                .chain(event.amounts.iter().map(|amount| &amount.span))
        });
        let claims = self.claims.iter().map(|claim| &claim.span);
        let questions = self.context.questions.iter().map(|question| &question.span);
        let others = self.meaning.alternatives.iter().flat_map(|other| other.spans.all());
        let scenario = self
            .meaning
            .scenario
            .iter()
            .flat_map(|chosen| chosen.spans.all())
            .chain(others);
        let published = self
            .article
            .published
            .iter()
            .filter_map(|published| published.span.as_ref());
        let watch = self.context.watch.iter().filter_map(|watch| watch.span.as_ref());
        mentions
            .chain(events)
            .chain(claims)
            .chain(questions)
            .chain(scenario)
            .chain(published)
            .chain(watch)
            .collect()
    }

    /// The entities as `kind:key`, to be scored.
    #[must_use]
    pub fn entity_keys(&self) -> Vec<String> {
        self.entities
            .iter()
            .map(|entity| format!("{}:{}", entity.kind, entity.key))
            .collect()
    }

    /// The events, to be scored.
    #[must_use]
    pub fn scored_events(&self) -> Vec<FoundEvent> {
        let one = |event: &Event| FoundEvent {
            kind: event.kind.to_string(),
            parties: event.parties.iter().map(|party| party.key.clone()).collect(),
            // Of a range, the middle or either end is right.
            amounts: event
                .amounts
                .iter()
                .flat_map(|amount| {
                    let values = [Some(amount.value), amount.low, amount.high];
                    values.into_iter().flatten().map(|value| (value, amount.unit.clone()))
                })
                .collect(),
            date: event.when.as_ref().map(ToString::to_string),
            status: event.status.to_string(),
            signs: event.signs,
            probability: event.probability,
            rule: event.rule.clone(),
            words: event.trigger.text().to_owned(),
        };
        self.events.iter().map(one).collect()
    }

    /// Compares the brief with hand-made truth.
    #[must_use]
    pub fn score(&self, truth: &score::Truth) -> (score::Tally, score::EventScore) {
        let (entities, _, _) = score::entities(truth, &self.entity_keys());
        (entities, score::events(truth, &self.scored_events()))
    }
}

/// The JSON schema of [`Brief`].
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Brief).to_value()
}
