//! Who and what an article speaks of.

mod find;
pub(crate) mod lexicon;
mod names;
mod sites;
mod sound;
mod unlisted;

use schemars::JsonSchema;
use serde::Serialize;

use crate::text::Spans;

pub use find::find;
pub use lexicon::Lexicon;
pub use names::same_name;

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A country, or the European Union.
    Country,
    /// A ministry, agency, fund, newspaper, league.
    Institution,
    /// A person.
    Person,
    /// A firm.
    Company,
    /// A deposit or mine.
    Deposit,
    /// A plant.
    Plant,
    /// An element.
    Element,
    /// A group of elements.
    Group,
    /// What rare earths are used in or made with.
    Technology,
    /// A mineral, metal or fuel that is no rare earth: gallium, graphite. The model knows nothing of it, but what is told of it must not be
    /// taken for news of rare earths.
    Mineral,
}

impl EntityKind {
    /// Every kind, in the order of reading.
    pub const ALL: &'static [Self] = &[
        Self::Country,
        Self::Institution,
        Self::Person,
        Self::Company,
        Self::Deposit,
        Self::Plant,
        Self::Element,
        Self::Group,
        Self::Technology,
        Self::Mineral,
    ];

    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Institution => "institution",
            Self::Person => "person",
            Self::Company => "company",
            Self::Deposit => "deposit",
            Self::Plant => "plant",
            Self::Element => "element",
            Self::Group => "group",
            Self::Technology => "technology",
            Self::Mineral => "mineral",
        }
    }

    /// Whether it can be a party to something.
    #[must_use]
    pub const fn acts(self) -> bool {
        matches!(self, Self::Country | Self::Institution | Self::Company)
    }

    /// Whether it is a rare earth or a group of them.
    #[must_use]
    pub const fn is_rare_earth(self) -> bool {
        matches!(self, Self::Element | Self::Group)
    }

    /// Whether it is what is mined, traded and priced.
    #[must_use]
    pub const fn is_material(self) -> bool {
        self.is_rare_earth() || matches!(self, Self::Mineral)
    }

    /// Whether it is a place where something is mined or made.
    #[must_use]
    pub const fn is_site(self) -> bool {
        matches!(self, Self::Deposit | Self::Plant)
    }
}

impl std::fmt::Display for EntityKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A row of the evidence that an entity stands for or appears in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Reference {
    /// The table.
    pub table: String,
    /// The id in it.
    pub id: String,
}

impl Reference {
    /// A row of a table.
    #[must_use]
    pub fn new(table: &str, id: &str) -> Self {
        Self {
            table: table.to_owned(),
            id: id.to_owned(),
        }
    }
}

/// Somebody or something the article names.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// The key: an ISO code, a symbol, an id of the dataset, or the name.
    pub key: String,
    /// The name for people.
    pub name: String,
    /// What the article, or the word list, says of a person.
    pub role: Option<String>,
    /// The country it belongs to, where known.
    pub place: Option<String>,
    /// Whether a word list or the dataset knows it; otherwise its form in the text told what it is.
    pub listed: bool,
    /// Rows of the evidence.
    pub evidence: Vec<Reference>,
    /// Every place in the text where it is named.
    pub mentions: Spans,
}

/// One mention: a stretch of text and the entity it names, by its position in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where.
    pub range: std::ops::Range<usize>,
    /// Which entity.
    pub entity: usize,
}

/// The entities of a text and their mentions in its order.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Who and what.
    pub entities: Vec<Entity>,
    /// Where, in the order of the text.
    pub mentions: Vec<Mention>,
}

impl Found {
    /// The mentions inside a range.
    pub fn within<'a>(
        &'a self,
        range: &std::ops::Range<usize>,
    ) -> impl Iterator<Item = (&'a Mention, &'a Entity)> + use<'a> {
        let range = range.clone();
        let first = self
            .mentions
            .partition_point(|mention| mention.range.start < range.start);
        self.mentions
            .iter()
            .skip(first)
            .take_while(move |mention| mention.range.start < range.end)
            .filter_map(|mention| Some((mention, self.entities.get(mention.entity)?)))
    }
}
