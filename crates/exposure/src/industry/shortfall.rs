//! From the market's result to what the end uses of one place go without.

use std::collections::BTreeMap;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::BaseYear;
use monazite_market::result::RunResult;

use crate::ExposureError;

/// Small uses of a product that the market keeps together.
const MINOR: &str = "minor_uses";
/// Cuts below this share are within the steps of the market's demand curves and count as none.
pub(crate) const NOTICED: f64 = 0.02;

/// What one end use gets of one product, quarter by quarter.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortfall {
    /// End use, or the name of an input given by the user.
    pub input: String,
    /// Product, such as `oxide:Dy`.
    pub product: String,
    /// What the end use paid for it in the base year, thousand USD a year: its weight among the products of the use.
    pub value_kusd: f64,
    /// Part of demand that cannot be cut within a year without cutting output.
    pub essential: f64,
    /// Part of what is wanted that is not used, by quarter.
    pub cut: Vec<f64>,
    /// The part of the cut that users have got over for good by substituting, by quarter.
    pub substituted: Vec<f64>,
}

impl Shortfall {
    /// Output lost in a quarter, as a share: none until more is missing than can be saved or replaced.
    ///
    /// Without substitution every part that is missing counts.
    #[must_use]
    pub fn output_loss(&self, quarter: usize, substitution: bool) -> f64 {
        let at = |values: &[f64]| values.get(quarter).copied().unwrap_or(0.0).clamp(0.0, 1.0);
        let cut = at(&self.cut);
        if !substitution {
            return cut;
        }
        let spared = (1.0 - self.essential).max(at(&self.substituted));
        if spared >= 1.0 {
            return 0.0;
        }
        ((cut - spared) / (1.0 - spared)).max(0.0)
    }
}

/// What the end uses of one place go without on a path.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shortfalls {
    /// The quarters.
    pub quarters: Vec<String>,
    /// A row per end use and product.
    pub rows: Vec<Shortfall>,
    /// What users pay more for what they still get, thousand USD over the path: lost to them, earned by others.
    pub dearer_kusd: f64,
}

/// The shortfalls of a place on a simulated path. `base` must be the base year the path started from.
///
/// The market has given scarce products to those who pay most; this only reads who goes without. Small uses that the
/// market keeps together share their cut.
///
/// # Errors
/// [`ExposureError::NoUsers`] when nobody in the place uses anything.
pub fn shortfalls(
    dataset: &Dataset,
    base: &BaseYear,
    result: &RunResult,
    place: &str,
) -> Result<Shortfalls, ExposureError> {
    let quarters = result.quarters.clone();
    let mut rows: BTreeMap<(&str, &str), Shortfall> = BTreeMap::new();
    for row in result.uses.iter().filter(|row| row.place == place) {
        let key = (row.product.as_str(), row.end_use.as_str());
        let shortfall = rows.entry(key).or_insert_with(|| Shortfall {
            input: row.end_use.clone(),
            product: row.product.clone(),
            value_kusd: 0.0,
            essential: (dataset.end_uses.iter())
                .find(|use_| use_.end_use.as_str() == row.end_use)
                .map_or(1.0, |use_| use_.essential.0),
            cut: vec![0.0; quarters.len()],
            substituted: vec![0.0; quarters.len()],
        });
        match quarters.iter().position(|q| *q == row.quarter) {
            Some(q) if row.wanted > 0.0 => {
                let cut = 1.0 - row.used / row.wanted;
                shortfall.cut[q] = if cut < NOTICED { 0.0 } else { cut };
                shortfall.substituted[q] = (row.substituted / row.wanted).clamp(0.0, 1.0);
            }
            Some(_) => {}
            // Tonnes a quarter times USD/kg are thousand USD a quarter.
            None => shortfall.value_kusd = 4.0 * row.wanted * row.spot_usd_per_kg,
        }
    }
    if rows.is_empty() {
        return Err(ExposureError::NoUsers(place.to_owned()));
    }
    let minor = minor_uses(dataset, base, place, rows.keys().copied());
    let rows = rows
        .into_values()
        .flat_map(|row| {
            if row.input == MINOR {
                split(&row, minor.get(&row.product))
            } else {
                vec![row]
            }
        })
        .collect();
    Ok(Shortfalls {
        quarters,
        rows,
        dearer_kusd: dearer(result, place),
    })
}

type Parts = Vec<(String, f64, f64)>;

/// The end uses behind each product's small uses, with their part of the quantity and what is essential to them.
fn minor_uses<'a>(
    dataset: &Dataset,
    base: &BaseYear,
    place: &str,
    known: impl Iterator<Item = (&'a str, &'a str)>,
) -> BTreeMap<String, Parts> {
    let known: std::collections::BTreeSet<(&str, &str)> = known.collect();
    let mut parts: BTreeMap<String, Parts> = BTreeMap::new();
    for row in &base.uses {
        let product = base.catalogue.name(row.product);
        let here = base.places.get(row.place.index()).is_some_and(|p| p.id == place);
        if !here || known.contains(&(product.as_str(), row.end_use.as_str())) {
            continue;
        }
        let essential = dataset.end_use(&row.end_use).map_or(1.0, |use_| use_.essential.0);
        parts
            .entry(product)
            .or_default()
            .push((row.end_use.to_string(), row.quantity, essential));
    }
    for uses in parts.values_mut() {
        let total: f64 = uses.iter().map(|(_, quantity, _)| quantity).sum();
        for (_, quantity, _) in uses.iter_mut() {
            *quantity /= total.max(f64::MIN_POSITIVE);
        }
    }
    parts
}

fn split(row: &Shortfall, parts: Option<&Parts>) -> Vec<Shortfall> {
    let Some(parts) = parts else {
        return vec![row.clone()];
    };
    parts
        .iter()
        .map(|(input, part, essential)| Shortfall {
            input: input.clone(),
            value_kusd: row.value_kusd * part,
            essential: *essential,
            ..row.clone()
        })
        .collect()
}

/// What the place's users pay above base prices, volume-weighted, thousand USD.
fn dearer(result: &RunResult, place: &str) -> f64 {
    let prices: BTreeMap<(&str, &str), (f64, f64)> = (result.prices.iter().filter(|row| row.place == place))
        .map(|row| {
            let key = (row.quarter.as_str(), row.product.as_str());
            (key, (row.average_usd_per_kg, row.base_usd_per_kg))
        })
        .collect();
    (result.uses.iter())
        .filter(|row| row.place == place && row.quarter != "base")
        .filter_map(|row| {
            let (average, base) = prices.get(&(row.quarter.as_str(), row.product.as_str()))?;
            Some(row.used * (average - base))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "zeros that are exact by construction")]

    use super::Shortfall;

    fn of(essential: f64, cut: f64, substituted: f64) -> Shortfall {
        Shortfall {
            input: "x".into(),
            product: "oxide:Dy".into(),
            value_kusd: 1.0,
            essential,
            cut: vec![cut],
            substituted: vec![substituted],
        }
    }

    #[test]
    fn nothing_is_lost_until_more_is_missing_than_can_be_spared() {
        assert_eq!(of(0.75, 0.2, 0.0).output_loss(0, true), 0.0);
        assert!((of(0.75, 0.4, 0.0).output_loss(0, true) - 0.2).abs() < 1e-12);
        assert!((of(0.75, 1.0, 0.0).output_loss(0, true) - 1.0).abs() < 1e-12);
        assert!((of(0.75, 0.2, 0.0).output_loss(0, false) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn what_was_substituted_for_good_is_spared() {
        assert!((of(0.75, 0.6, 0.5).output_loss(0, true) - 0.2).abs() < 1e-12);
        assert_eq!(of(1.0, 1.0, 1.0).output_loss(0, true), 0.0);
    }

    #[test]
    fn a_quarter_beyond_the_path_loses_nothing() {
        assert_eq!(of(1.0, 1.0, 0.0).output_loss(7, true), 0.0);
    }
}
