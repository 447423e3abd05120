//! What a name or a sum may be to an event, as the network is told of it.

use crate::amount::Amount;
use crate::entity::EntityKind;

/// What is named: an entity of a kind, or a sum of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An entity.
    Entity(EntityKind),
    /// A sum of money.
    Money,
    /// A mass.
    Mass,
    /// A percentage.
    Percent,
    /// A price, or another sum.
    Other,
}

impl Role {
    /// How many there are: other minerals stand as elements do.
    pub const COUNT: usize = EntityKind::ALL.len() + 3;

    /// That of an entity.
    #[must_use]
    pub const fn of_entity(kind: EntityKind) -> Self {
        Self::Entity(match kind {
            EntityKind::Mineral => EntityKind::Element,
            other => other,
        })
    }

    /// That of a sum.
    #[must_use]
    pub fn of_amount(amount: &Amount) -> Self {
        if amount.is_money() {
            Self::Money
        } else if amount.is_mass() {
            Self::Mass
        } else if amount.is_percent() {
            Self::Percent
        } else {
            Self::Other
        }
    }

    /// Its number, below [`Self::COUNT`].
    #[must_use]
    pub fn number(self) -> usize {
        let kinds = EntityKind::ALL.len() - 1;
        match self {
            Self::Entity(kind) => EntityKind::ALL
                .iter()
                .position(|known| *known == kind)
                .unwrap_or_default(),
            Self::Money => kinds,
            Self::Mass => kinds + 1,
            Self::Percent => kinds + 2,
            Self::Other => kinds + 3,
        }
    }
}

/// How far apart an event and a name stand: in sentences, or which is first of one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// The name stands in an earlier sentence, by so many.
    Before(usize),
    /// In the same, before the words that tell the event.
    Ahead,
    /// In the same, in or after those words.
    Behind,
    /// In a later sentence, by so many.
    After(usize),
}

impl Apart {
    /// How many are told apart.
    pub const COUNT: usize = 7;

    /// Its number, below [`Self::COUNT`].
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::Before(1) => 2,
            Self::Before(2) => 1,
            Self::Before(_) => 0,
            Self::Ahead => 3,
            Self::Behind => 4,
            Self::After(1) => 5,
            Self::After(_) => 6,
        }
    }
}
