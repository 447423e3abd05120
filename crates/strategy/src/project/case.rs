//! A project as numbers: everything looked up, ready to be valued thousands of times.

use monazite_evidence::error::Unknown;
use monazite_evidence::{Confidence, Dataset, Element, Material};

use super::deck::Deck;
use super::definition::{Costs, Finance, Fiscal, Form, Ore, Project, Schedule};
use super::error::ProjectError;

/// One thing sold.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What.
    pub material: String,
    /// Sold in a full year, kg.
    pub kg_per_year: f64,
    /// Price per kilogram by year of construction and production, from year 1; the last one holds for good.
    pub price_per_kg: Vec<f64>,
    /// Share of the price that the buyer pays.
    pub payability: f64,
    /// How far the price can be trusted; none when the user gave it.
    pub confidence: Option<Confidence>,
}

impl Line {
    /// The price in a year, from 1.
    #[must_use]
    pub fn price(&self, year: usize) -> f64 {
        let last = self.price_per_kg.last().copied().unwrap_or_default();
        self.price_per_kg.get(year.saturating_sub(1)).copied().unwrap_or(last)
    }

    /// Revenue of a full year at the price of a year, in millions.
    #[must_use]
    pub fn revenue_m(&self, year: usize) -> f64 {
        self.kg_per_year * self.price(year) * self.payability / 1e6
    }
}

/// A project ready to be valued. Money in millions of the project's currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What the project is called.
    pub name: String,
    /// Its currency and the year of its money.
    pub money: (String, u16),
    /// What is sold.
    pub lines: Vec<Line>,
    /// When.
    pub schedule: Schedule,
    /// At which cost.
    pub costs: Costs,
    /// Royalties and taxes.
    pub fiscal: Fiscal,
    /// Discounting, inflation, debt.
    pub finance: Finance,
    /// Paid by somebody else towards capital cost, millions.
    pub grant_m: f64,
    /// What a reader should know about how the case was made.
    pub remarks: Vec<String>,
}

impl Case {
    /// Sold in a full year, kg.
    #[must_use]
    pub fn kg_per_year(&self) -> f64 {
        self.lines.iter().map(|line| line.kg_per_year).sum()
    }

    /// Average price per kilogram sold, at first-year prices and before payability.
    #[must_use]
    pub fn basket_price(&self) -> f64 {
        let value: f64 = self.lines.iter().map(|line| line.kg_per_year * line.price(1)).sum();
        value / self.kg_per_year()
    }

    /// The same case with every price multiplied.
    #[must_use]
    pub fn with_prices(&self, factor: f64) -> Self {
        let mut case = self.clone();
        for line in &mut case.lines {
            for price in &mut line.price_per_kg {
                *price *= factor;
            }
        }
        case
    }
}

impl Project {
    /// Looks up composition and prices, and makes the numbers.
    ///
    /// # Errors
    /// When a composition, an element or a price is not known, or the deck's dollars cannot be converted.
    pub fn case(&self, dataset: &Dataset, deck: &Deck) -> Result<Case, ProjectError> {
        let mut remarks = Vec::new();
        let mut lines = Vec::new();
        let prices = Prices { project: self, deck };
        for product in &self.products {
            let (mut price_per_kg, confidence) = match &product.price_per_kg {
                Some(path) => (path.clone(), None),
                None => prices.of(&product.material)?,
            };
            if let Some(fixed) = product.contract_price_per_kg {
                for price in &mut price_per_kg {
                    *price += product.contract_share * (fixed - *price);
                }
            }
            lines.push(Line {
                material: product.material.clone(),
                kg_per_year: product.t_per_year * 1e3,
                price_per_kg,
                payability: product.payability,
                confidence,
            });
        }
        if let Some(ore) = &self.ore {
            lines.extend(from_ore(ore, dataset, &prices, &mut remarks)?);
        }
        Ok(Case {
            name: self.name.clone(),
            money: (self.currency.clone(), self.money_year),
            lines,
            schedule: self.schedule.clone(),
            costs: self.costs.clone(),
            fiscal: self.fiscal.clone(),
            finance: self.finance.clone(),
            grant_m: 0.0,
            remarks,
        })
    }
}

/// Deck prices in the project's currency.
struct Prices<'a> {
    project: &'a Project,
    deck: &'a Deck,
}

impl Prices<'_> {
    /// The price of an element or of a group, which takes its members in the proportions of world feed.
    fn of(&self, material: &str) -> Result<(Vec<f64>, Option<Confidence>), ProjectError> {
        let elements = Material::from(material).elements();
        let first_year = self.project.first_year.unwrap_or(self.deck.first_year);
        let rate = self.usd_per_unit()?;
        let mut paths: Vec<Vec<f64>> = Vec::new();
        let mut confidence = None;
        for element in elements {
            let path = self
                .deck
                .path(*element, first_year)
                .ok_or_else(|| self.unknown(material))?;
            confidence = confidence.max(self.deck.prices.get(element).map(|price| price.confidence));
            paths.push(path);
        }
        // Pr is near a quarter of NdPr; other groups have no agreed mixture, so their price must be given.
        let weights: &[f64] = match (elements.len(), material) {
            (1, _) => &[1.0],
            (2, "NdPr" | "PrNd") => &[0.25, 0.75],
            _ => return Err(self.unknown(material)),
        };
        let years = paths.iter().map(Vec::len).max().unwrap_or_default();
        let mixed = (0..years).map(|year| {
            let parts = paths.iter().zip(weights).map(|(path, weight)| {
                let last = path.last().copied().unwrap_or_default();
                weight * path.get(year).copied().unwrap_or(last)
            });
            parts.sum::<f64>() / rate
        });
        Ok((mixed.collect(), confidence))
    }

    fn usd_per_unit(&self) -> Result<f64, ProjectError> {
        if self.project.currency == "USD" {
            return Ok(1.0);
        }
        self.project.usd_per_unit.ok_or_else(|| {
            ProjectError::Evidence(format!(
                "prices of the deck are in USD and the project is in {currency}; give `usd_per_unit`, the dollars that one {currency} buys",
                currency = self.project.currency
            ))
        })
    }

    fn unknown(&self, material: &str) -> ProjectError {
        let known = self.deck.prices.keys().map(|element| element.symbol()).chain(["NdPr"]);
        let unknown = Unknown::new("material", material, known);
        ProjectError::Evidence(format!(
            "{unknown}; the deck ({}) has no price for it: give `price_per_kg`",
            self.deck.name
        ))
    }
}

fn from_ore(
    ore: &Ore,
    dataset: &Dataset,
    prices: &Prices<'_>,
    remarks: &mut Vec<String>,
) -> Result<Vec<Line>, ProjectError> {
    let mut shares: Vec<(Element, f64)> = Vec::new();
    if let Some(id) = &ore.distribution {
        let distribution = dataset
            .distributions
            .iter()
            .find(|row| row.distribution == id.as_str())
            .ok_or_else(|| {
                let known = dataset.distributions.iter().map(|row| row.distribution.as_str());
                ProjectError::Evidence(Unknown::new("distribution", id, known).to_string())
            })?;
        if distribution.provenance.confidence == Confidence::C {
            remarks.push(format!("the composition `{id}` is unverified"));
        }
        shares.extend(Element::ALL.iter().map(|e| (*e, distribution.share(*e).0)));
    }
    for (symbol, percent) in &ore.composition_pct {
        let element: Element = symbol
            .parse()
            .map_err(|unknown: Unknown| ProjectError::Evidence(unknown.to_string()))?;
        shares.push((element, percent / 100.0));
    }
    for symbol in &ore.unsold {
        symbol
            .parse::<Element>()
            .map_err(|unknown: Unknown| ProjectError::Evidence(unknown.to_string()))?;
    }
    for symbol in ore.payability_by_element.keys().chain(ore.recovery_by_element.keys()) {
        symbol
            .parse::<Element>()
            .map_err(|unknown: Unknown| ProjectError::Evidence(unknown.to_string()))?;
    }
    let mined_kg = ore.t_per_year * 1e3 * ore.grade_treo_pct / 100.0;
    let of = |single: &std::collections::BTreeMap<String, f64>, element: Element, usual: f64| {
        single.get(element.symbol()).copied().unwrap_or(usual)
    };
    let mut lines = Vec::new();
    for (element, share) in shares {
        let unsold = ore.unsold.iter().any(|symbol| symbol == element.symbol());
        // A buyer of carbonate takes all of it and pays nothing for what nobody wants.
        if share <= 0.0 || unsold && ore.form == Form::Oxide {
            continue;
        }
        let (price_per_kg, confidence) = if unsold {
            (vec![0.0], None)
        } else {
            prices.of(element.symbol())?
        };
        lines.push(Line {
            material: element.symbol().to_owned(),
            kg_per_year: mined_kg * share * of(&ore.recovery_by_element, element, ore.recovery),
            price_per_kg,
            payability: of(&ore.payability_by_element, element, ore.payability),
            confidence,
        });
    }
    Ok(lines)
}
