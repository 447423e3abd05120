//! Requirement against reliable supply, product by product and year by year.

use monazite_evidence::product::Product;
use monazite_evidence::{Confidence, Element};

use super::conflict::Conflict;
use super::ground::Ground;
use super::numbers::Numbers;

/// Requirements smaller than this are rounding, in the product's unit over the emergency.
const NOTHING: f64 = 1e-9;

/// Who needs it, in the order in which scarce supply is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sector {
    /// Defence.
    Defence,
    /// Investment in building up the arms industry.
    Investment,
    /// Essential civilian use.
    Civilian,
}

impl Sector {
    /// All, in the order in which they are served.
    pub const ALL: [Self; 3] = [Self::Defence, Self::Investment, Self::Civilian];

    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Defence => "defence",
            Self::Investment => "emergency investment",
            Self::Civilian => "essential civilian",
        }
    }
}

/// One product in one year, in the product's unit. Lists are by [`Sector::ALL`].
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct YearNeed {
    /// Calendar year.
    pub year: u16,
    /// Requirement.
    pub required: [f64; 3],
    /// Supply that can be relied on.
    pub reliable: f64,
    /// What is short once stocks held are used.
    pub short: [f64; 3],
}

impl YearNeed {
    /// What is short in all sectors.
    #[must_use]
    pub fn total_short(&self) -> f64 {
        self.short.iter().sum()
    }
}

/// Where a product comes from.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Origin {
    /// Place.
    pub place: String,
    /// Share of what comes in the base year.
    pub share: f64,
    /// Share of that which is left in the first year of the emergency.
    pub left: f64,
}

/// One product over the emergency.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Need {
    /// The product, such as `oxide:Y`, `metal:Nd`, `magnet:uh`.
    pub product: String,
    /// `oxide`, `metal` or `magnet`.
    pub form: &'static str,
    /// The element, of oxides and metals.
    pub element: Option<Element>,
    /// `t REO` or `t`.
    pub unit: &'static str,
    /// Use in the base year.
    pub base_use: f64,
    /// By year.
    pub years: Vec<YearNeed>,
    /// Covered by stocks held.
    pub from_stock: f64,
    /// Short over all years.
    pub short: f64,
    /// The same by sector, as [`Sector::ALL`].
    pub short_by_sector: [f64; 3],
    /// Base-year price in the country, USD/kg; none where the market has none.
    pub price_usd_per_kg: Option<f64>,
    /// What a stock of it costs: buying and storing, million USD.
    pub cost_musd: Option<f64>,
    /// Least trusted evidence on use and price.
    pub confidence: Confidence,
    /// Where it comes from, the largest first.
    pub origins: Vec<Origin>,
    /// Oxide of each element in a tonne, t REO.
    pub content: Vec<(Element, f64)>,
    #[serde(skip)]
    pub(super) of: Product,
}

/// One element over all forms, t REO.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct ElementNeed {
    /// Which.
    pub element: Element,
    /// Required, all years and sectors.
    pub required: f64,
    /// Short as oxide.
    pub oxide: f64,
    /// Short as metal.
    pub metal: f64,
    /// Short within magnets.
    pub magnet: f64,
}

impl ElementNeed {
    /// Short in all forms, t REO.
    #[must_use]
    pub fn short(&self) -> f64 {
        self.oxide + self.metal + self.magnet
    }
}

/// What is short.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Shortfall {
    /// The conflict.
    pub conflict: String,
    /// For whom.
    pub place: String,
    /// Every product used, the dearest shortfall first.
    pub needs: Vec<Need>,
    /// Every element, in order.
    pub elements: Vec<ElementNeed>,
    /// What a stock of all of it costs, million USD; products without a price are left out.
    pub cost_musd: f64,
    /// Share of base-year use, in t REO, that is defence.
    pub defence_share: f64,
}

/// Requirement and supply of one product, by year.
#[derive(Clone, Debug, Default)]
pub(super) struct Balance {
    pub required: Vec<[f64; 3]>,
    pub reliable: Vec<f64>,
    pub short: Vec<[f64; 3]>,
    pub from_stock: f64,
}

impl Balance {
    pub(super) fn total_short(&self) -> f64 {
        self.short.iter().flatten().sum()
    }
}

/// Requirement, supply and shortfall of every product of the ground, in its order.
pub(super) fn balances(ground: &Ground, conflict: &Conflict, numbers: &Numbers) -> Vec<Balance> {
    let mut balances = vec![Balance::default(); ground.products.len()];
    for year in 0..conflict.years {
        let calendar = calendar(conflict, year);
        let since = f64::from(calendar) - f64::from(conflict.base_year);
        let growth = (1.0 + numbers.growth).powf(since);
        let left = ground.left(conflict, numbers, year);
        for (product, balance) in ground.products.iter().zip(&mut balances) {
            let mut required = [0.0; 3];
            let mut used = 0.0;
            for row in ground.uses.iter().filter(|row| row.product == *product) {
                used += row.quantity;
                let at = |list: &[f64]| list.get(year).copied().unwrap_or_default();
                let defence = row
                    .defence
                    .and_then(|d| numbers.defence.get(d))
                    .copied()
                    .unwrap_or_default();
                let essential = (row.essential * numbers.essential).min(1.0);
                let extra: f64 = (row.investment.iter())
                    .filter_map(|i| numbers.investment.get(*i))
                    .map(|list| at(list))
                    .sum();
                let [d, i, c] = &mut required;
                *d += growth * row.quantity * defence * at(&numbers.surge);
                *i += growth * row.quantity * extra;
                *c += growth * row.quantity * (1.0 - defence) * essential * at(&numbers.austerity);
            }
            let node = ground.network.at(*product, ground.place);
            let share = node.and_then(|node| left.get(node)).copied().unwrap_or(1.0);
            let added: f64 = (conflict.added.iter().zip(&ground.added).zip(&numbers.added))
                .filter(|((row, of), _)| **of == Some(*product) && row.from_year <= calendar)
                .map(|(_, tonnes)| tonnes)
                .sum();
            balance.required.push(required);
            balance.reliable.push(growth * share * used + added);
        }
    }
    for (product, balance) in ground.products.iter().zip(&mut balances) {
        let held: f64 = (ground.held.iter().zip(&numbers.held))
            .filter(|(of, _)| **of == Some(*product))
            .map(|(_, tonnes)| tonnes)
            .sum();
        settle(balance, held);
    }
    balances
}

/// Gives supply out in the order of the sectors, then what stocks hold; the rest is short. A surplus of one year does not
/// help the next.
fn settle(balance: &mut Balance, held: f64) {
    let mut stock = held;
    for (required, reliable) in balance.required.iter().zip(&balance.reliable) {
        let mut supply = *reliable;
        let short = required.map(|wanted| {
            let served = wanted.min(supply.max(0.0));
            supply -= served;
            let from_stock = (wanted - served).min(stock);
            stock -= from_stock;
            wanted - served - from_stock
        });
        balance.short.push(short);
    }
    balance.from_stock = held - stock;
}

/// The calendar year of a year of the emergency, from 0.
pub(super) fn calendar(conflict: &Conflict, year: usize) -> u16 {
    conflict
        .first_year
        .saturating_add(u16::try_from(year).unwrap_or(u16::MAX))
}

/// What buying and storing a tonne costs, as a multiple of its price.
pub(super) fn dearness(conflict: &Conflict, numbers: &Numbers) -> f64 {
    numbers.price * (1.0 + numbers.storage * conflict.cost.years_held)
}

/// What is short, at the best guesses of the conflict.
#[must_use]
pub fn shortfall(ground: &Ground, conflict: &Conflict) -> Shortfall {
    let numbers = conflict.central();
    let balances = balances(ground, conflict, &numbers);
    let left = ground.left(conflict, &numbers, 0);
    let mut needs: Vec<Need> = (ground.products.iter().zip(&balances))
        .filter(|(_, balance)| balance.required.iter().flatten().sum::<f64>() > NOTHING)
        .map(|(product, balance)| need(ground, conflict, &numbers, *product, balance, &left))
        .collect();
    let dear = |need: &Need| need.cost_musd.unwrap_or_default();
    needs.sort_by(|a, b| dear(b).total_cmp(&dear(a)).then(b.short.total_cmp(&a.short)));
    let elements = Element::ALL
        .iter()
        .map(|element| of_element(&needs, *element))
        .collect();
    Shortfall {
        conflict: conflict.name.clone(),
        place: ground
            .base
            .places
            .get(ground.place.index())
            .map_or_else(String::new, |p| p.id.clone()),
        cost_musd: needs.iter().filter_map(|need| need.cost_musd).sum(),
        defence_share: defence_share(ground, &numbers),
        needs,
        elements,
    }
}

fn need(
    ground: &Ground,
    conflict: &Conflict,
    numbers: &Numbers,
    product: Product,
    balance: &Balance,
    left: &[f64],
) -> Need {
    let short = balance.total_short();
    let price = ground.price(product);
    let catalogue = &ground.base.catalogue;
    let mut by_sector = [0.0; 3];
    for year in &balance.short {
        for (sum, one) in by_sector.iter_mut().zip(year) {
            *sum += one;
        }
    }
    let years = (balance
        .required
        .iter()
        .zip(&balance.reliable)
        .zip(&balance.short)
        .enumerate())
    .map(|(year, ((required, reliable), short))| YearNeed {
        year: calendar(conflict, year),
        required: *required,
        reliable: *reliable,
        short: *short,
    })
    .collect();
    let of_price = ground
        .prices
        .get(&product)
        .map_or(Confidence::C, |(_, confidence)| *confidence);
    let of_use = ground.confidence.get(&product).copied().unwrap_or(Confidence::C);
    Need {
        product: catalogue.name(product),
        form: product.kind(),
        element: match product {
            Product::Oxide(element) | Product::Metal(element) => Some(element),
            _ => None,
        },
        unit: product.unit(),
        base_use: ground
            .uses
            .iter()
            .filter(|row| row.product == product)
            .map(|row| row.quantity)
            .sum(),
        years,
        from_stock: balance.from_stock,
        short,
        short_by_sector: by_sector,
        price_usd_per_kg: price,
        cost_musd: price.map(|price| short * price * dearness(conflict, numbers) / 1e3),
        confidence: of_use.max(of_price),
        origins: origins(ground, conflict, numbers, product, left),
        content: (Element::ALL.iter())
            .map(|element| (*element, catalogue.element_content(product, *element)))
            .filter(|(_, content)| *content > 0.0)
            .collect(),
        of: product,
    }
}

/// Where a product comes from, and how much of that is left in the first year.
fn origins(ground: &Ground, conflict: &Conflict, numbers: &Numbers, product: Product, left: &[f64]) -> Vec<Origin> {
    let network = &ground.network;
    let Some(node) = network.at(product, ground.place) else {
        return Vec::new();
    };
    let all = network.quantity(node);
    let arrives = |place: usize| {
        let row = ground.supplier.get(place).copied().flatten();
        let of = row.and_then(|row| numbers.suppliers.get(row));
        let at = |list: &[f64]| list.first().copied().unwrap_or_default();
        let same_side = {
            let side = |place: usize| {
                let row = ground.supplier.get(place).copied().flatten()?;
                conflict.suppliers.get(row)?.side.as_deref()
            };
            side(place).is_some() && side(place) == side(ground.place.index())
        };
        let passes = of
            .filter(|_| !same_side)
            .map_or(1.0, |row| at(&row.access) * (1.0 - at(&row.shipping_loss)));
        let there = network
            .node_at(product, place)
            .and_then(|node| left.get(node))
            .copied()
            .unwrap_or(1.0);
        passes * there
    };
    let from = network.origins(node);
    let abroad: f64 = (from.iter().filter(|(place, _)| *place != ground.place.index()))
        .map(|(place, quantity)| quantity * arrives(*place))
        .sum();
    let mut origins: Vec<Origin> = from
        .iter()
        .map(|(place, quantity)| Origin {
            place: ground
                .base
                .places
                .get(*place)
                .map_or_else(String::new, |p| p.id.clone()),
            share: quantity / all,
            left: if *place == ground.place.index() {
                // What is left here and did not come from abroad.
                let here = left.get(node).copied().unwrap_or(1.0) * all - abroad;
                (here / quantity).clamp(0.0, 1.0)
            } else {
                arrives(*place)
            },
        })
        .collect();
    origins.sort_by(|a, b| b.share.total_cmp(&a.share));
    origins
}

fn of_element(needs: &[Need], element: Element) -> ElementNeed {
    let mut sum = ElementNeed {
        element,
        required: 0.0,
        oxide: 0.0,
        metal: 0.0,
        magnet: 0.0,
    };
    for need in needs {
        let content = need
            .content
            .iter()
            .find(|(of, _)| *of == element)
            .map_or(0.0, |(_, content)| *content);
        let required: f64 = need.years.iter().flat_map(|year| year.required).sum();
        sum.required += content * required;
        let short = content * need.short;
        match need.form {
            "oxide" => sum.oxide += short,
            "metal" => sum.metal += short,
            _ => sum.magnet += short,
        }
    }
    sum
}

/// Share of base-year use, in t REO, that is defence.
fn defence_share(ground: &Ground, numbers: &Numbers) -> f64 {
    let mut sums = (0.0, 0.0);
    for row in &ground.uses {
        let reo: f64 = (Element::ALL.iter())
            .map(|element| ground.base.catalogue.element_content(row.product, *element))
            .sum();
        let defence = row
            .defence
            .and_then(|d| numbers.defence.get(d))
            .copied()
            .unwrap_or_default();
        sums.0 += row.quantity * reo * defence;
        sums.1 += row.quantity * reo;
    }
    if sums.1 > 0.0 { sums.0 / sums.1 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balance(required: &[[f64; 3]], reliable: &[f64]) -> Balance {
        Balance {
            required: required.to_vec(),
            reliable: reliable.to_vec(),
            ..Balance::default()
        }
    }

    #[test]
    fn defence_is_served_first_and_a_surplus_is_not_carried() {
        let mut one = balance(&[[3.0, 2.0, 5.0], [3.0, 2.0, 5.0]], &[4.0, 20.0]);
        settle(&mut one, 0.0);
        assert_eq!(one.short, vec![[0.0, 1.0, 5.0], [0.0, 0.0, 0.0]]);
        assert!((one.total_short() - 6.0).abs() < 1e-12);
    }

    #[test]
    fn stock_goes_to_the_first_who_lack() {
        let mut one = balance(&[[3.0, 0.0, 5.0], [3.0, 0.0, 5.0]], &[0.0, 0.0]);
        settle(&mut one, 9.0);
        assert_eq!(one.short, vec![[0.0, 0.0, 0.0], [2.0, 0.0, 5.0]]);
        assert!((one.from_stock - 9.0).abs() < 1e-12);
    }

    #[test]
    fn stock_that_nobody_needs_stays() {
        let mut one = balance(&[[1.0, 0.0, 0.0]], &[5.0]);
        settle(&mut one, 9.0);
        assert!(one.from_stock.abs() < 1e-12);
    }
}
