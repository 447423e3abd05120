//! What is asked of a method: which materials, stages, years and importers.

use std::collections::BTreeMap;
use std::sync::Arc;

use monazite_evidence::element::ElementClass;
use monazite_evidence::error::{Unknown, shorten};
use monazite_evidence::{Dataset, Element, Material, PlaceId, ShareStage};

use crate::error::RiskError;

/// What a score is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Rare earths: one element, several together, or all of them.
    RareEarths {
        /// How it is called: `Dy`, `NdPr`, `TREO`.
        name: String,
        /// The elements counted together; empty for all rare earths as reported.
        elements: Vec<Element>,
    },
    /// Any other material, by its name in the user's own tables.
    Other(String),
}

/// Symbol for all rare earths together.
pub const ALL_RARE_EARTHS: &str = "TREO";

impl Subject {
    /// All rare earths together, as production is reported.
    #[must_use]
    pub fn total() -> Self {
        Self::RareEarths {
            name: ALL_RARE_EARTHS.to_owned(),
            elements: Vec::new(),
        }
    }

    /// One element.
    #[must_use]
    pub fn element(element: Element) -> Self {
        Self::RareEarths {
            name: element.symbol().to_owned(),
            elements: vec![element],
        }
    }

    /// All rare earths together, then each element.
    #[must_use]
    pub fn all() -> Vec<Self> {
        std::iter::once(Self::total())
            .chain(Element::ALL.iter().map(|element| Self::element(*element)))
            .collect()
    }

    /// From a symbol, a name or a group: `Dy`, `dysprosium`, `NdPr`, `TREO`.
    ///
    /// # Errors
    /// When it is no rare earth and no known group of them; names the nearest.
    pub fn rare_earths(dataset: &Dataset, text: &str) -> Result<Self, RiskError> {
        let trimmed = text.trim();
        if ["TREO", "REO", "REE", "rare earths", "all"]
            .iter()
            .any(|w| w.eq_ignore_ascii_case(trimmed))
        {
            return Ok(Self::total());
        }
        let known = Element::ALL
            .iter()
            .find(|element| element.symbol().eq_ignore_ascii_case(trimmed))
            .copied()
            .or_else(|| {
                let row = dataset
                    .elements
                    .iter()
                    .find(|row| row.name.eq_ignore_ascii_case(trimmed));
                row.map(|row| row.element)
            });
        if let Some(element) = known {
            return Ok(Self::element(element));
        }
        let group = GROUPS.iter().find(|group| group.eq_ignore_ascii_case(trimmed));
        if let Some(group) = group {
            // Light and heavy as the European Union's assessments split them.
            let class = match *group {
                "LREE" => Some(ElementClass::Light),
                "HREE" => Some(ElementClass::Heavy),
                _ => None,
            };
            let of_class = |class| {
                let rows = dataset.elements.iter().filter(move |row| row.class == class);
                let mut elements: Vec<Element> = rows.map(|row| row.element).collect();
                elements.sort_unstable();
                elements
            };
            return Ok(Self::RareEarths {
                name: (*group).to_owned(),
                elements: class.map_or_else(|| Material::from(*group).elements().to_vec(), of_class),
            });
        }
        let words = Element::ALL
            .iter()
            .map(|e| e.symbol())
            .chain(dataset.elements.iter().map(|row| row.name.as_str()))
            .chain(GROUPS)
            .chain([ALL_RARE_EARTHS]);
        Err(Unknown::new("element", trimmed, words)
            .hint(format!(
                "give a symbol such as Dy, or one of {}, {ALL_RARE_EARTHS}; other minerals go by `--material`",
                GROUPS.join(", ")
            ))
            .into())
    }

    /// How it is called in tables.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::RareEarths { name, .. } | Self::Other(name) => name,
        }
    }
}

/// Groups of elements that can be asked for together.
const GROUPS: [&str; 6] = ["NdPr", "LaCe", "LREE", "HREE", "SEG", "DyTb"];

/// Whose shares are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Countries.
    #[default]
    Country,
    /// Companies, by capacity.
    Company,
}

/// First year that can be asked for.
const FIRST_YEAR: u16 = 1900;
/// Last year that can be asked for.
const LAST_YEAR: u16 = 2100;

/// Years from text: `2024`, `2018..2022`, `2009,2024`, or several of these joined by commas; sorted, each once.
///
/// # Errors
/// When a part is no year or no range of years.
pub fn years(text: &str) -> Result<Vec<u16>, RiskError> {
    const HINT: &str = "write `--years 2018..2022` or `--years 2009,2024`";
    let year = |part: &str| {
        let parsed = part.trim().parse::<u16>().ok();
        let known = parsed.filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year));
        known.ok_or_else(|| {
            RiskError::question(
                format!(
                    "`{}` is no year between {FIRST_YEAR} and {LAST_YEAR}",
                    shorten(part.trim())
                ),
                HINT,
            )
        })
    };
    let mut years = Vec::new();
    for part in text.split(',') {
        match part.split_once("..").or_else(|| part.split_once('-')) {
            None => years.push(year(part)?),
            Some((first, last)) => {
                let (first, last) = (year(first)?, year(last.trim_start_matches(['.', '=']))?);
                if first > last {
                    return Err(RiskError::question(format!("the years `{part}` run backwards"), HINT));
                }
                years.extend(first..=last);
            }
        }
    }
    years.sort_unstable();
    years.dedup();
    Ok(years)
}

/// An importer: one place, or a group whose inner trade does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Importer {
    /// Its code: `USA`, `EU`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The places it stands for, by year: groups change. Years not asked for are not there.
    pub members: BTreeMap<u16, Vec<PlaceId>>,
}

impl Importer {
    /// The places it stands for in a year.
    #[must_use]
    pub fn members(&self, year: u16) -> &[PlaceId] {
        self.members.get(&year).map_or(&[], Vec::as_slice)
    }

    /// Whether a place belongs to it in a year.
    #[must_use]
    pub fn contains(&self, year: u16, place: &PlaceId) -> bool {
        self.members(year).contains(place)
    }
}

/// What is asked. A method leaves out what it has no use for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// What the scores are of.
    pub subjects: Vec<Subject>,
    /// Stages of the chain.
    pub stages: Vec<ShareStage>,
    /// Calendar years.
    pub years: Vec<u16>,
    /// Importing places and groups; empty for the world, or for all of them where a method needs one.
    pub importers: Vec<Importer>,
    /// Whose shares are counted.
    pub by: By,
    /// Share above which a holder is a choke point.
    pub threshold: Option<f64>,
    /// The assessment of the European Union whose printed inputs count, instead of the evidence of the years.
    pub assessment: Option<u16>,
    /// The user's own inputs of the European Union's method.
    pub inputs: Option<Arc<crate::eu::inputs::Inputs>>,
}
