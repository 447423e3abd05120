//! Names of things, one type per kind, so that a feed is never taken for a place.

use std::collections::HashSet;
use std::sync::Arc;

/// Hands out one shared copy of each text, so that a table of sixty thousand rows holds each code once.
#[derive(Debug, Default)]
pub struct Interner {
    known: HashSet<Arc<str>>,
    sources: Vec<(String, Vec<SourceId>)>,
}

impl Interner {
    /// The shared copy of `text`.
    pub fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.known.get(text) {
            return Arc::clone(known);
        }
        let fresh: Arc<str> = Arc::from(text);
        self.known.insert(Arc::clone(&fresh));
        fresh
    }

    /// The ids in a `;` list of sources. Neighbouring rows mostly cite the same ones, so the last few are kept.
    pub(crate) fn sources(&mut self, cell: &str) -> Vec<SourceId> {
        if let Some((_, ids)) = self.sources.iter().find(|(text, _)| text == cell) {
            return ids.clone();
        }
        let ids: Vec<SourceId> = cell
            .split(';')
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(|id| SourceId(self.share(id)))
            .collect();
        if self.sources.len() >= 8 {
            self.sources.remove(0);
        }
        self.sources.push((cell.to_owned(), ids.clone()));
        ids
    }
}

/// Declares an id type; with a reference, its column is a foreign key.
macro_rules! id {
    ( $(#[$meta:meta])* $name:ident $(=> $table:literal . $column:literal $([$by:literal = $value:literal])?)? ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(Arc::from(text))
            }
        }
        impl From<Arc<str>> for $name {
            fn from(text: Arc<str>) -> Self {
                Self(text)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                &*self.0 == text
            }
        }
        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                &*self.0 == *text
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&*self.0, f)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(d)?;
                Ok(Self::from(&*text))
            }
        }
        impl $crate::field::Field for $name {
            const KIND: $crate::field::FieldKind = $crate::field::FieldKind::Text;
            $(
                const REFERENCE: Option<$crate::field::Reference> =
                    Some($crate::field::Reference {
                        table: $table,
                        column: $column,
                        within: id!(@within $($by, $value)?),
                    });
            )?
            fn parse(cell: &str, intern: &mut Interner) -> Result<Self, $crate::field::Fault> {
                Ok(Self(intern.share(cell)))
            }
            fn write(&self, out: &mut String) {
                out.push_str(&self.0);
            }
        }
    };
    (@within) => { None };
    (@within $by:literal, $value:literal) => { Some(($by, $value)) };
}

pub(crate) use id;

id! {
    /// A country or territory, by its ISO 3166 alpha-3 code.
    PlaceId => "places"."place"
}
id! {
    /// A country or block of the `full` view: the places the market model knows.
    ViewPlace => "views"."id" ["view" = "full"]
}
id! {
    /// One of the fourteen blocs of the `bloc14` view.
    Bloc => "views"."id" ["view" = "bloc14"]
}
id! {
    /// A material of World Mining Data, such as `Nickel` or `Rare earths`.
    MaterialId => "materials"."material"
}
id! {
    /// A mixed rare-earth stream of fixed composition.
    FeedId => "feeds"."feed"
}
id! {
    /// The composition of a feed by element.
    DistributionId => "distributions"."distribution"
}
id! {
    /// A deposit, whether or not it is mined.
    DepositId => "deposits"."deposit"
}
id! {
    /// A mine or plant.
    FacilityId => "facilities"."facility"
}
id! {
    /// A use of rare earths, such as traction motors or catalysts.
    EndUseId => "end_uses"."end_use"
}
id! {
    /// A magnet grade.
    GradeId => "magnet_grades"."grade"
}
id! {
    /// A product or platform that contains rare earths.
    TechnologyId => "technologies"."technology"
}
id! {
    /// A source of evidence.
    SourceId => "sources"."source"
}
id! {
    /// A policy event.
    EventId => "policy_events"."event"
}
id! {
    /// A deal between states or firms.
    DealId => "deals"."deal"
}
id! {
    /// A parameter of behaviour.
    BehaviourId => "behaviour"."parameter"
}
id! {
    /// A published statement kept as a check.
    StatementId => "statements"."id"
}
id! {
    /// An uncertain parameter.
    UncertaintyId => "uncertainty"."parameter"
}
id! {
    /// A dated group of places, such as the European Union.
    GroupId => "groups"."group"
}
