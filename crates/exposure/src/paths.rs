//! What is exposed over many paths: the same answer on every path of an ensemble, as bands.
//!
//! A path draws the market's uncertain evidence ([`monazite_ensemble`]); content of products, needs of industries and
//! input-output tables stay at their best estimates, whose ranges are cases of every answer. So a band says what the
//! market leaves open, and the cases say what the rest does.

use std::ops::Range as Span;

use monazite_ensemble::bands::Band;
use monazite_ensemble::run;
use monazite_ensemble::sample::Sampler;
use monazite_ensemble::world::World;
use monazite_evidence::reconcile::BaseYear;
use monazite_market::result::tabulate;
use monazite_market::scenario::Scenario;

use crate::ExposureError;
use crate::bom::Part;
use crate::industry::{Case, Economy, Need, Propagation, loss, shortfalls};
use crate::product::{Book, PartRisk, assess};
use crate::technology::Technologies;

/// The ensemble that paths are drawn from.
#[derive(Clone, Copy)]
pub struct Ensemble<'a> {
    /// The uncertain world; its places are those that answers are for.
    pub world: &'a World,
    /// What happens on every path.
    pub scenario: &'a Scenario,
    /// Where the draws come from.
    pub sampler: &'a Sampler,
    /// The balanced base year at best estimates: origins, and what small uses consist of.
    pub base: &'a BaseYear,
}

/// What a country loses on one path.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryPath {
    /// Lost value added by case, in the order of [`Case::ALL`], million USD.
    pub cases_musd: Vec<f64>,
    /// The central case by quarter, million USD.
    pub by_quarter_musd: Vec<f64>,
    /// The central case by industry, million USD.
    pub by_industry_musd: Vec<f64>,
}

/// Losses of a country on the paths of a range, in the order of their numbers. `place` is a place of the world's view.
///
/// # Errors
/// When a path cannot be simulated, or nobody in the place uses anything.
pub fn country_paths(
    ensemble: Ensemble<'_>,
    place: &str,
    economy: &Economy,
    propagation: &Propagation,
    needs: &[Need],
    range: Span<u32>,
) -> Result<Vec<CountryPath>, ExposureError> {
    let Ensemble {
        world,
        scenario,
        sampler,
        base,
    } = ensemble;
    run::paths(world, scenario, sampler, range, |_, draw, path| {
        let result = tabulate(&draw.chain, &draw.scenario, world.view().as_str(), path);
        let short = shortfalls(world.dataset(), base, &result, place)?;
        let found = loss(economy, propagation, needs, &short.rows, short.quarters.len());
        let central = found.cases.get(Case::CENTRAL);
        Ok(CountryPath {
            cases_musd: found.cases.iter().map(|case| case.total_musd).collect(),
            by_quarter_musd: central.map(|case| case.by_quarter_musd.clone()).unwrap_or_default(),
            by_industry_musd: central.map(|case| case.by_industry_musd.clone()).unwrap_or_default(),
        })
    })?
    .into_iter()
    .collect()
}

/// What a country loses over an ensemble.
#[derive(Clone, Debug, PartialEq)]
pub struct CountryBands {
    /// How many paths.
    pub paths: usize,
    /// Lost value added by case, in the order of [`Case::ALL`], million USD.
    pub cases_musd: Vec<Band>,
    /// The central case by quarter, million USD.
    pub by_quarter_musd: Vec<Band>,
    /// The central case by industry, million USD.
    pub by_industry_musd: Vec<Band>,
    /// Part of the paths on which the central case loses anything.
    pub loses: f64,
}

impl CountryBands {
    /// The bands of paths.
    #[must_use]
    pub fn of(paths: &[CountryPath]) -> Self {
        let central = |path: &&CountryPath| path.cases_musd.get(Case::CENTRAL).is_some_and(|loss| *loss > 0.0);
        Self {
            paths: paths.len(),
            cases_musd: bands(paths, |path| &path.cases_musd),
            by_quarter_musd: bands(paths, |path| &path.by_quarter_musd),
            by_industry_musd: bands(paths, |path| &path.by_industry_musd),
            loses: share(paths.iter().filter(central).count(), paths.len()),
        }
    }
}

/// A band for each position of a list that every path has.
fn bands<P>(paths: &[P], list: impl Fn(&P) -> &[f64]) -> Vec<Band> {
    let length = paths.iter().map(|path| list(path).len()).max().unwrap_or(0);
    (0..length)
        .map(|at| {
            let mut values: Vec<f64> = paths.iter().filter_map(|path| list(path).get(at).copied()).collect();
            Band::of(&mut values)
        })
        .collect()
}

#[allow(clippy::cast_precision_loss, reason = "counts of paths are small")]
fn share(count: usize, all: usize) -> f64 {
    if all == 0 { 0.0 } else { count as f64 / all as f64 }
}

/// What the scenario does to the parts of a bill on one path, in the order of the bill; none where nothing can be said.
pub type PartsPath = Vec<Option<PartRisk>>;

/// Risks of parts on the paths of a range, in the order of their numbers.
///
/// # Errors
/// When a path cannot be simulated.
pub fn part_paths(
    ensemble: Ensemble<'_>,
    technologies: &Technologies,
    parts: &[Part],
    range: Span<u32>,
) -> Result<Vec<PartsPath>, ExposureError> {
    let Ensemble {
        world,
        scenario,
        sampler,
        base,
    } = ensemble;
    let found = run::paths(world, scenario, sampler, range, |_, draw, path| {
        let result = tabulate(&draw.chain, &draw.scenario, world.view().as_str(), path);
        let book = Book::new(base, &draw.chain, Some(&result));
        let found = assess(world.dataset(), technologies, &book, parts.to_vec());
        found.parts.into_iter().map(|row| row.risk).collect()
    })?;
    Ok(found)
}

/// What happens to one part over an ensemble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartBands {
    /// Part of the pieces that cannot be built where users save and replace what they can.
    pub not_built_share: Band,
    /// The same where they cannot.
    pub not_built_share_fixed: Band,
    /// Months behind at the end, where users save and replace what they can.
    pub months_late: Band,
    /// Highest price of an input over its base price.
    pub peak_price: Band,
    /// Part of the paths on which pieces are not built.
    pub loses: f64,
    /// Where a stock is given: part of the paths on which it is gone, and the day on these paths.
    pub stop: Option<(f64, Option<Band>)>,
}

impl PartBands {
    /// The bands of every part of a bill, in its order; none where no path says anything.
    #[must_use]
    pub fn of(paths: &[PartsPath]) -> Vec<Option<Self>> {
        let parts = paths.iter().map(Vec::len).max().unwrap_or(0);
        (0..parts)
            .map(|at| {
                let risks: Vec<&PartRisk> = (paths.iter())
                    .filter_map(|path| path.get(at).and_then(Option::as_ref))
                    .collect();
                (!risks.is_empty()).then(|| Self::of_part(&risks))
            })
            .collect()
    }

    fn of_part(risks: &[&PartRisk]) -> Self {
        let band =
            |value: fn(&PartRisk) -> f64| Band::of(&mut risks.iter().map(|risk| value(risk)).collect::<Vec<_>>());
        let lost = risks.iter().filter(|risk| risk.not_built_share.central > 0.0);
        let has_stock = risks.iter().any(|risk| risk.stop.is_some());
        let mut days: Vec<f64> = (risks.iter())
            .filter_map(|risk| risk.stop.as_ref()?.as_ref().map(|stop| stop.day))
            .collect();
        Self {
            not_built_share: band(|risk| risk.not_built_share.central),
            not_built_share_fixed: band(|risk| risk.not_built_share.high),
            months_late: band(|risk| risk.months_late.central),
            peak_price: band(|risk| risk.peak_price),
            loses: share(lost.count(), risks.len()),
            stop: has_stock.then(|| {
                let gone = share(days.len(), risks.len());
                (gone, (!days.is_empty()).then(|| Band::of(&mut days)))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Range;
    use crate::product::Stop;

    fn risk(lost: f64, stop: Option<f64>) -> PartRisk {
        PartRisk {
            not_built: Range::exact(lost),
            not_built_share: Range::new(lost, lost, 2.0 * lost),
            months_late: Range::exact(3.0 * lost),
            worst_quarter: None,
            input: "magnet:h".into(),
            peak_price: 1.0 + lost,
            peak_quarter: String::new(),
            dearer_usd: None,
            dearer_total_usd: None,
            stop: Some(stop.map(|day| Stop {
                day,
                quarter: String::new(),
                output_then: 0.0,
            })),
            by_supplier: false,
        }
    }

    #[test]
    fn bands_of_parts_count_paths_that_stop() {
        let paths = vec![
            vec![Some(risk(0.0, None)), None],
            vec![Some(risk(0.2, Some(40.0))), None],
            vec![Some(risk(0.4, Some(60.0))), None],
            vec![Some(risk(0.0, None)), None],
        ];
        let bands = PartBands::of(&paths);
        assert_eq!(bands.len(), 2);
        assert!(bands[1].is_none());
        let Some(first) = bands[0] else { unreachable!() };
        assert!((first.loses - 0.5).abs() < 1e-12);
        assert!((first.not_built_share.median - 0.1).abs() < 1e-12);
        assert!((first.not_built_share_fixed.median - 0.2).abs() < 1e-12);
        let Some((gone, Some(day))) = first.stop else {
            unreachable!()
        };
        assert!((gone - 0.5).abs() < 1e-12 && (day.median - 50.0).abs() < 1e-12);
    }

    #[test]
    fn bands_of_a_country_keep_the_order_of_cases() {
        let path = |central: f64| CountryPath {
            cases_musd: vec![0.0, 0.0, central, 0.0, 0.0, 2.0 * central],
            by_quarter_musd: vec![central],
            by_industry_musd: vec![0.5 * central, 0.5 * central],
        };
        let bands = CountryBands::of(&[path(1.0), path(3.0), path(0.0)]);
        assert!((bands.cases_musd[Case::CENTRAL].median - 1.0).abs() < 1e-12);
        assert!((bands.cases_musd[5].median - 2.0).abs() < 1e-12);
        assert!((bands.loses - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(bands.by_industry_musd.len(), 2);
    }
}
