//! A place, the world, or the rest of the world.

use crate::field::{Fault, Field, FieldKind, Reference};
use crate::ids::{Interner, PlaceId};

/// Where a fact holds: one place, everywhere (`WLD`), or everywhere not named otherwise (`ROW`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// The whole world.
    World,
    /// The places not named by another row.
    Rest,
    /// One place.
    Place(PlaceId),
}

impl Area {
    /// `WLD`, `ROW` or the place's code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::World => "WLD",
            Self::Rest => "ROW",
            Self::Place(place) => place.as_str(),
        }
    }

    /// The place, when it is one.
    #[must_use]
    pub const fn place(&self) -> Option<&PlaceId> {
        match self {
            Self::Place(place) => Some(place),
            Self::World | Self::Rest => None,
        }
    }

    /// Whether a fact that holds here may be used for `place` where `place` has no fact of its own.
    #[must_use]
    pub fn covers(&self, place: &PlaceId) -> bool {
        self.place().is_none_or(|own| own == place)
    }
}

impl std::fmt::Display for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl serde::Serialize for Area {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl Field for Area {
    const KIND: FieldKind = FieldKind::Text;
    const REFERENCE: Option<Reference> = Some(Reference {
        table: "places",
        column: "place",
        within: None,
    });
    const BESIDES: &'static [&'static str] = &["WLD", "ROW"];
    fn parse(cell: &str, intern: &mut Interner) -> Result<Self, Fault> {
        Ok(match cell {
            "WLD" => Self::World,
            "ROW" => Self::Rest,
            _ => Self::Place(PlaceId::from(intern.share(cell))),
        })
    }
    fn write(&self, out: &mut String) {
        out.push_str(self.as_str());
    }
}
