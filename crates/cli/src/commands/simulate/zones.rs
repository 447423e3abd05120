//! Prices inside and outside the places that restrict, by product and quarter.

use std::collections::BTreeMap;

use monazite_evidence::product::Product;
use monazite_evidence::{Element, GradeId};
use monazite_market::chain::Chain;
use monazite_market::result::{RunResult, Shortage};
use monazite_market::scenario::{Flows, ProductKind, Scenario};

/// When a scenario restricts no trade, prices are shown inside and outside this place, as quotes are.
const QUOTED_ZONE: &str = "CHN";
/// How many products that run short are shown when a scenario does not name its own.
const PRODUCTS: usize = 6;
/// Oxides that are shown then in any case.
const ASKED: [&str; 4] = ["Nd", "Pr", "Dy", "Tb"];

/// Where a price holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// In the places that restrict.
    Inside,
    /// Everywhere else, weighted by what users there needed in the base quarter.
    Outside,
}

impl Zone {
    /// The word in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Outside => "outside",
        }
    }
}

/// Price of a product in a zone in a quarter, USD/kg.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ZonePrice {
    /// At the margin.
    pub spot: f64,
    /// Volume-weighted with contracts.
    pub average: f64,
}

/// The prices of a product in a zone over the run.
#[derive(Clone, Debug, PartialEq)]
pub struct ZonePath {
    /// Product name.
    pub product: String,
    /// Where.
    pub zone: Zone,
    /// Price of the base quarter.
    pub base: f64,
    /// Price by quarter, in order.
    pub quarters: Vec<(String, ZonePrice)>,
    /// Worst confidence behind the base price.
    pub confidence: String,
}

impl ZonePath {
    /// The quarter with the highest price.
    pub fn peak(&self, price: fn(&ZonePrice) -> f64) -> Option<(&str, f64)> {
        let values = self.quarters.iter().map(|(quarter, p)| (quarter.as_str(), price(p)));
        values.fold(None, |best, next| match best {
            Some((_, high)) if next.1 <= high => best,
            _ => Some(next),
        })
    }

    /// Mean spot price of the quarters of a year.
    pub fn year_mean(&self, year: &str) -> Option<f64> {
        let spots: Vec<f64> = self
            .quarters
            .iter()
            .filter(|(q, _)| q.starts_with(year))
            .map(|(_, p)| p.spot)
            .collect();
        let count = f64::from(u32::try_from(spots.len()).ok()?);
        (count > 0.0).then(|| spots.iter().sum::<f64>() / count)
    }
}

/// Two price zones and the products to show in them.
pub struct Zones {
    /// Ids of the places inside.
    pub inside: Vec<String>,
    /// Product names.
    pub products: Vec<String>,
}

impl Zones {
    /// The zones and products that a scenario is about.
    pub fn of(chain: &Chain, scenario: &Scenario, shortages: &[Shortage]) -> Self {
        let flows: Vec<&Flows> = scenario.events.iter().filter_map(|event| event.kind.flows()).collect();
        let mut inside: Vec<String> = Vec::new();
        for place in flows.iter().filter_map(|flows| flows.origin.only.as_ref()).flatten() {
            let id = chain
                .place_of_member(place.as_str())
                .map(|at| chain.place_id(at).to_owned());
            inside.extend(id.filter(|id| !inside.contains(id)));
        }
        if inside.is_empty() {
            inside.push(QUOTED_ZONE.to_owned());
        }
        let mut products = named_products(chain, &flows);
        if products.is_empty() {
            products = unnamed_products(shortages);
        }
        Self { inside, products }
    }

    /// The price paths, product by product, inside first.
    pub fn paths(&self, result: &RunResult) -> Vec<ZonePath> {
        let mut sums: BTreeMap<(usize, Zone, &str), Sum> = BTreeMap::new();
        for row in &result.prices {
            let Some(product) = self.products.iter().position(|product| *product == row.product) else {
                continue;
            };
            if row.base_need <= 0.0 {
                continue;
            }
            let zone = if self.inside.contains(&row.place) {
                Zone::Inside
            } else {
                Zone::Outside
            };
            let sum = sums.entry((product, zone, row.quarter.as_str())).or_default();
            sum.need += row.base_need;
            sum.base += row.base_need * row.base_usd_per_kg;
            sum.spot += row.base_need * row.spot_usd_per_kg;
            sum.average += row.base_need * row.average_usd_per_kg;
            if row.confidence > sum.confidence {
                sum.confidence.clone_from(&row.confidence);
            }
        }
        let mut paths: Vec<ZonePath> = Vec::new();
        for (at, product) in self.products.iter().enumerate() {
            for zone in [Zone::Inside, Zone::Outside] {
                let quarters: Vec<(String, &Sum)> = (result.quarters.iter())
                    .filter_map(|quarter| Some((quarter.clone(), sums.get(&(at, zone, quarter.as_str()))?)))
                    .collect();
                let Some((_, first)) = quarters.first() else { continue };
                paths.push(ZonePath {
                    product: product.clone(),
                    zone,
                    base: first.base / first.need,
                    confidence: first.confidence.clone(),
                    quarters: quarters
                        .into_iter()
                        .map(|(quarter, sum)| (quarter, sum.price()))
                        .collect(),
                });
            }
        }
        paths
    }
}

#[derive(Default)]
struct Sum {
    need: f64,
    base: f64,
    spot: f64,
    average: f64,
    confidence: String,
}

impl Sum {
    fn price(&self) -> ZonePrice {
        ZonePrice {
            spot: self.spot / self.need,
            average: self.average / self.need,
        }
    }
}

/// What runs short, dearest first, and the oxides that everybody asks about.
fn unnamed_products(shortages: &[Shortage]) -> Vec<String> {
    let mut products: Vec<String> = Vec::new();
    let asked = ASKED.map(|element| format!("oxide:{element}"));
    for product in shortages.iter().map(|short| &short.product) {
        if products.len() < PRODUCTS && !products.contains(product) {
            products.push(product.clone());
        }
    }
    let rest: Vec<String> = asked
        .into_iter()
        .filter(|product| !products.contains(product))
        .collect();
    products.extend(rest);
    products
}

/// Oxides and magnet grades that events on trade name; a restriction of metal shows in the price of its oxide, too.
fn named_products(chain: &Chain, flows: &[&Flows]) -> Vec<String> {
    let named = |flows: &&Flows| flows.elements.only.is_some() || flows.grades.only.is_some();
    let flows: Vec<&&Flows> = flows.iter().filter(|flows| named(flows)).collect();
    let mut products = Vec::new();
    for element in Element::ALL.iter().copied() {
        let kinds = [ProductKind::Oxide, ProductKind::Metal];
        if flows
            .iter()
            .any(|flows| kinds.iter().any(|kind| flows.has_element(*kind, element)))
        {
            products.push(chain.catalogue.name(Product::Oxide(element)));
        }
    }
    for grade in chain.catalogue.grade_indices() {
        let recipe = chain.catalogue.grade(grade);
        let id = GradeId::from(recipe.id.as_str());
        if flows.iter().any(|flows| flows.has_grade(&id, &recipe.content)) {
            products.push(chain.catalogue.name(Product::Magnet(grade)));
        }
    }
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path() -> ZonePath {
        let price = |spot, average| ZonePrice { spot, average };
        let quarters = [
            ("2025Q3", price(4.0, 2.0)),
            ("2025Q4", price(6.0, 5.0)),
            ("2026Q1", price(6.0, 6.0)),
        ];
        ZonePath {
            product: "oxide:Dy".to_owned(),
            zone: Zone::Outside,
            base: 2.0,
            quarters: quarters.map(|(quarter, price)| (quarter.to_owned(), price)).to_vec(),
            confidence: "B".to_owned(),
        }
    }

    #[test]
    fn the_peak_is_the_first_quarter_with_the_highest_price() {
        assert_eq!(path().peak(|p| p.spot), Some(("2025Q4", 6.0)));
        assert_eq!(path().peak(|p| p.average), Some(("2026Q1", 6.0)));
    }

    #[test]
    fn a_year_is_the_mean_of_its_quarters() {
        assert_eq!(path().year_mean("2025"), Some(5.0));
        assert_eq!(path().year_mean("2027"), None);
    }
}
