//! What known technologies and platforms contain.
//!
//! `technologies.csv` names the rows of `intensities.csv` that count for each. A row gives an element, an oxide, a group
//! of elements or a magnet; all become kilograms of element per unit:
//!
//! * an oxide by its stoichiometric factor;
//! * a magnet by the grades the technology, or else its end use, is built with: their mix for the best estimate, the
//!   leanest and richest grade for the ends;
//! * a group by the composition of those magnets, or by the world's use of the end use where it buys no magnets.
//!
//! Where rows disagree, the most trusted and latest gives the best estimate and all of them the range. Totals of all rare
//! earths are shown beside, not added.

mod content;

use std::collections::BTreeMap;

use monazite_evidence::{Confidence, Dataset, Element, EndUseId, SourceId};

use crate::Range;

/// A published figure on a technology.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Published {
    /// Product in `intensities.csv`.
    pub product: String,
    /// Element, group or magnet.
    pub material: String,
    /// What is counted: element, oxide, magnet, or the wording of the source.
    pub form: String,
    /// The figure, in `unit`.
    pub value: Range,
    /// Its unit.
    pub unit: String,
    /// Whether the content is computed from it.
    pub used: bool,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
    /// A remark.
    pub note: String,
}

/// One technology with its content.
#[derive(Clone, Debug)]
pub struct Technology {
    /// Short id.
    pub id: String,
    /// English name.
    pub name: String,
    /// Family.
    pub family: String,
    /// What one unit is.
    pub unit: String,
    /// Its end use.
    pub end_use: EndUseId,
    /// Fleet it is counted in.
    pub fleet: Option<String>,
    /// Other words for it.
    pub aliases: Vec<String>,
    /// Kilograms of element per unit.
    pub content: BTreeMap<Element, Range>,
    /// All published figures, those used first.
    pub published: Vec<Published>,
    /// Magnet grades behind it with their part of the magnets; empty where it holds no magnets.
    pub grades: Vec<(String, f64)>,
    /// Kilograms of magnet per unit, where figures on magnets are used.
    pub magnets: Option<Range>,
    /// Least trusted figure used.
    pub confidence: Confidence,
    /// A remark.
    pub note: String,
}

impl Technology {
    /// Its id, name and aliases.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        [self.id.as_str(), self.name.as_str()]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
    }

    /// Kilograms of rare earths per unit.
    #[must_use]
    pub fn total(&self) -> Range {
        self.content.values().copied().sum()
    }
}

/// All technologies of a dataset.
#[derive(Clone, Debug)]
pub struct Technologies {
    /// In the order of the table.
    pub all: Vec<Technology>,
}

impl Technologies {
    /// Computes the content of every technology.
    #[must_use]
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            all: (dataset.technologies.iter())
                .map(|row| content::technology(dataset, row))
                .collect(),
        }
    }
}
