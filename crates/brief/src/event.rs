//! What happened, happens or is said to be going to happen.

mod accept;
mod actor;
mod cities;
mod find;
mod focus;
mod matter;
mod merge;
mod parts;
mod pattern;
mod press;
mod reference;
mod rules;
mod sentence;
mod settle;
mod spread;
mod standing;
mod sums;
mod who;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::date::When;
use crate::entity::{Entity, EntityKind};
use crate::text::{Span, Spans};

pub use accept::Weights;
pub use find::{Context, find};
pub(crate) use focus::read_as_local;
pub use pattern::Compiled;
pub(crate) use pattern::compiled;
pub use rules::{Example, Rule, Rules};

/// Declares the words of a closed list.
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its position in [`Self::ALL`], by which the second reader numbers it.
            #[must_use]
            pub const fn number(self) -> usize {
                self as usize
            }

            /// The word in rule files and tables.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// What kind of event it is.
    pub enum EventKind {
        /// Two sides speak, or mean to.
        Talks = "talks",
        /// An agreement, memorandum, framework, partnership.
        Agreement = "agreement",
        /// Somebody is to buy what somebody makes.
        Offtake = "offtake",
        /// A loan, grant, equity or other money for a project.
        Investment = "investment",
        /// A firm, deposit or plant changes hands.
        Acquisition = "acquisition",
        /// Exports are controlled, banned, licensed, or no longer.
        ExportControl = "export_control",
        /// A quota is set.
        Quota = "quota",
        /// Sanctions, listings.
        Sanction = "sanction",
        /// A licence or permit for a project.
        Licence = "licence",
        /// A mine or plant starts, or is to.
        Opening = "opening",
        /// A mine, plant or border closes.
        Closure = "closure",
        /// An accident.
        Accident = "accident",
        /// A price changes.
        PriceMove = "price_move",
        /// A duty is set or changed.
        Tariff = "tariff",
        /// A stock is built or released.
        Stockpile = "stockpile",
    }
}

words! {
    /// Where an event stands.
    pub enum Status {
        /// Said by unnamed sources, or merely possible.
        Rumoured = "rumoured",
        /// Announced by those concerned.
        Announced = "announced",
        /// Signed.
        Signed = "signed",
        /// In force, done, under way.
        InForce = "in_force",
        /// Denied.
        Denied = "denied",
        /// Suspended.
        Suspended = "suspended",
        /// Meant to happen.
        Planned = "planned",
        /// No longer in force.
        Ended = "ended",
    }
}

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Party {
    /// The key of the entity.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
}

impl Party {
    /// An entity as one who takes part.
    pub(crate) fn of(entity: &Entity) -> Self {
        Self {
            key: entity.key.clone(),
            name: entity.name.clone(),
            kind: entity.kind,
        }
    }
}

/// One event. It rests on the words of its spans; [`crate::text::Text::span`] is the only way to get them.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Event {
    /// Its kind.
    pub kind: EventKind,
    /// `loan`, `grant`, `equity`, where the rule says so.
    pub instrument: Option<String>,
    /// Who takes part.
    pub parties: Vec<Party>,
    /// What it is about: elements, groups, deposits, plants, technologies, by key.
    pub objects: Vec<Party>,
    /// Amounts, the one nearest to the trigger first.
    pub amounts: Vec<Amount>,
    /// When.
    pub when: Option<When>,
    /// Until when, where the text gives both.
    pub until: Option<When>,
    /// The country it happens in, where the text says so.
    pub place: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Words that weaken it.
    pub hedges: Vec<Span>,
    /// The rule that found it; `learned-` and the kind where the second reader did.
    pub rule: String,
    /// The words that set it off.
    pub trigger: Span,
    /// The clauses it rests on.
    pub spans: Spans,
    /// How likely it is told like this, from 0 to 1: by the record of its rule and by the second reader, weighed on articles with hand-made
    /// truth. A measure of the reading, not of whether what the text says is so.
    pub probability: f32,
    /// What the probability is made of.
    #[serde(skip)]
    #[schemars(skip)]
    pub signs: Signs,
}

/// What speaks for and against an event having been read rightly.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Signs {
    /// The record of its rule: log-odds of being right; 0 for the second reader.
    pub record: f32,
    /// What the second reader reads in it; none where it has not read that far.
    pub read: Option<Read>,
    /// How often it is told, beyond the first time.
    pub again: f32,
    /// Which way it goes, where its words say: a price up or down, a control set or loosened.
    pub direction: Option<Direction>,
}

/// Which way something goes. What goes one way and what goes the other are two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A price rises, a control is set.
    Up,
    /// A price falls, a control is loosened.
    Down,
}

/// What the second reader says of an event: logits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Read {
    /// That its sentence tells one of the kind.
    pub sentence: f32,
    /// That its words do.
    pub words: f32,
    /// That the likeliest of its parties takes part.
    pub party: f32,
}

/// What the ids of events begin with that no rule told, but the second reader.
pub(crate) const LEARNED_ID: &str = "learned-";

impl Event {
    /// Whether no rule told it but the second reader ([`crate::learned`]): less sure.
    #[must_use]
    pub fn is_learned(&self) -> bool {
        is_learned(&self.rule)
    }
}

fn is_learned(rule: &str) -> bool {
    rule.starts_with(LEARNED_ID)
}

impl Signs {
    /// Those of an event that is told twice.
    fn join(&mut self, other: &Self) {
        self.direction = self.direction.or(other.direction);
        self.record = self.record.max(other.record);
        self.again += 1.0 + other.again;
        self.read = match (self.read, other.read) {
            (Some(own), Some(other)) => Some(Read {
                sentence: own.sentence.max(other.sentence),
                words: own.words.max(other.words),
                party: own.party.max(other.party),
            }),
            (own, other) => own.or(other),
        };
    }
}
