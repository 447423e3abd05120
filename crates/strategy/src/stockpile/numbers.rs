//! A conflict with every estimate fixed: at best guesses, at a draw, or at one end of one range.

use monazite_evidence::Confidence;

use super::conflict::Conflict;
use super::estimate::{Estimate, Yearly};

/// What one supplier does in each year.
#[derive(Clone, Debug)]
pub(super) struct SupplierNumbers {
    pub damage: Vec<f64>,
    pub access: Vec<f64>,
    pub shipping_loss: Vec<f64>,
}

/// A conflict as numbers only.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    pub growth: f64,
    pub surge: Vec<f64>,
    pub defence: Vec<f64>,
    pub essential: f64,
    pub austerity: Vec<f64>,
    pub investment: Vec<Vec<f64>>,
    pub suppliers: Vec<SupplierNumbers>,
    pub added: Vec<f64>,
    pub held: Vec<f64>,
    pub price: f64,
    pub storage: f64,
}

/// The quantile of an estimate, by its name in words and, where it has a range, its confidence.
pub(super) type Quantile<'a> = dyn FnMut(&str, Option<Confidence>) -> Option<f64> + 'a;

impl Conflict {
    /// The numbers at the quantile that `pick` gives each estimate by its name; none means the best guess. The order of
    /// the names is always the same. Its second argument is the worst confidence of the ranges, none where there is none.
    pub(super) fn numbers(&self, pick: &mut Quantile<'_>) -> Numbers {
        let years = self.years;
        let mut one = |what: &str, estimate: &Estimate| {
            pick(what, estimate.is_uncertain().then_some(estimate.confidence))
                .map_or(estimate.central, |u| estimate.at(u))
        };
        let growth = one("growth of use and supply", &self.growth);
        let essential = one("essential part of civilian use", &self.civilian.essential);
        let defence = (self.defence.iter())
            .map(|row| one(&format!("defence share: {}", row.end_use), &row.share))
            .collect();
        let added = (self.added.iter())
            .map(|row| one(&format!("new supply: {}, {}", row.what, row.product), &row.t_per_year))
            .collect();
        let held = (self.held.iter())
            .map(|row| one(&format!("stock held: {}", row.product), &row.tonnes))
            .collect();
        let price = one("price while buying", &self.cost.price);
        let storage = one("cost of storing", &self.cost.storage);
        let mut by_year = |what: &str, yearly: &Yearly| -> Vec<f64> {
            let ranges = yearly.0.iter().filter(|estimate| estimate.is_uncertain());
            let uncertain = ranges.map(|estimate| estimate.confidence).max();
            let u = pick(what, uncertain);
            (0..years)
                .map(|year| {
                    let estimate = yearly.year(year);
                    estimate.map_or(0.0, |e| u.map_or(e.central, |u| e.at(u)))
                })
                .collect()
        };
        let surge = by_year("surge of defence use", &self.surge);
        let austerity = by_year("austerity of civilian use", &self.civilian.austerity);
        let investment = (self.investment.iter())
            .map(|row| by_year(&format!("investment: {}", row.end_use), &row.extra))
            .collect();
        let suppliers = (self.suppliers.iter())
            .map(|row| {
                let who = row.who();
                SupplierNumbers {
                    damage: by_year(&format!("war damage: {who}"), &row.damage),
                    access: by_year(&format!("access: {who}"), &row.access),
                    shipping_loss: by_year(&format!("shipping loss: {who}"), &row.shipping_loss),
                }
            })
            .collect();
        Numbers {
            growth,
            surge,
            defence,
            essential,
            austerity,
            investment,
            suppliers,
            added,
            held,
            price,
            storage,
        }
    }

    /// The numbers at best guesses.
    pub(super) fn central(&self) -> Numbers {
        self.numbers(&mut |_, _| None)
    }
}

impl super::conflict::Supplier {
    /// Whom it stands for, in words.
    #[must_use]
    pub fn who(&self) -> String {
        if self.places.iter().any(|place| place == "*") {
            "all others".to_owned()
        } else if self.places.len() > 3 {
            format!(
                "{} and {} more",
                self.places.iter().take(2).cloned().collect::<Vec<_>>().join(", "),
                self.places.len() - 2
            )
        } else {
            self.places.join(", ")
        }
    }
}
