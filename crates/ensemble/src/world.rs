//! From a point of the cube to a calibrated market.
//!
//! Balancing a base year takes some eighty milliseconds, a path of the bloc view far less. So inputs are of two kinds.
//! Those of the *chain* (elasticities, costs, stocks, behaviour, licences, plants to come) are drawn for every path and
//! the chain is calibrated anew on them. Those of the *base year* (demand, compositions, recoveries, yields, mine
//! output) are drawn for a number of **variants**, a Latin hypercube of their own; each variant is balanced once, and
//! every path belongs to one of them. [`World::exact`] balances for every point: sensitivity uses it.

use std::sync::Arc;

use monazite_evidence::Dataset;
use monazite_evidence::reconcile::{BaseYear, Recoveries, in_blocs, reconcile, recoveries};
use monazite_market::chain::{Chain, Settings, chain};
use monazite_market::path::{Behaviour, Path, simulate_from};
use monazite_market::policy::Policy;
use monazite_market::quarter::{QuarterModel, Start, Structure};
use monazite_market::scenario::{EventKind, Scenario, Schedule};
use rayon::prelude::*;

use crate::EnsembleError;
use crate::inputs::{Effect, Inputs};
use crate::sample::{Method, Sampler, mix};

/// Base years that are balanced for an ensemble unless asked otherwise.
pub const VARIANTS: usize = 24;

/// How finely the world is divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Some forty countries.
    #[default]
    Full,
    /// Fourteen blocs.
    Bloc14,
}

impl View {
    /// The word in tables and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Bloc14 => "bloc14",
        }
    }
}

/// A balanced base year, and the multiples of the inputs it was balanced with.
#[derive(Clone, Debug)]
struct Variant {
    base: BaseYear,
    recoveries: Recoveries,
    multiples: Vec<f64>,
    /// Where the base quarter of its paths starts: its own at best estimates of everything else.
    start: Arc<Start>,
}

/// A balanced base year of some point.
#[derive(Clone, Debug)]
pub struct Balanced(Variant);

/// The uncertain world that paths are drawn from.
#[derive(Debug)]
pub struct World {
    dataset: Dataset,
    view: View,
    settings: Settings,
    inputs: Inputs,
    central: Variant,
    variants: Vec<Variant>,
    chain: Chain,
}

/// A market as one path sees it.
#[derive(Clone, Debug)]
pub struct Draw {
    /// The calibrated chain.
    pub chain: Chain,
    /// The scenario.
    pub scenario: Scenario,
    /// Behaviour between quarters.
    pub behaviour: Behaviour,
    /// The multiple (quarters, for delays) of every input, in the order of [`Inputs::list`].
    pub multiples: Vec<f64>,
    start: Arc<Start>,
}

/// A thread's own copy of the evidence, to write draws into.
#[derive(Debug)]
pub struct Desk {
    dataset: Dataset,
}

impl World {
    /// Balances the best estimate and `variants` draws of the base year. With no variants every path stands on the
    /// best estimate of the base year.
    ///
    /// # Errors
    /// When the table of uncertainty is wrong or a base year cannot be balanced.
    pub fn new(
        dataset: Dataset,
        base_year: u16,
        view: View,
        seed: u64,
        variants: usize,
    ) -> Result<Self, EnsembleError> {
        let inputs = Inputs::from_dataset(&dataset, base_year)?;
        let settings = Settings::default();
        let ones = vec![1.0; inputs.list.len()];
        let mut central = balance(&dataset, base_year, view, ones, Arc::default())?;
        let chain = chain(&dataset, &central.base, &central.recoveries, settings.clone())?;
        central.start = Arc::new(QuarterModel::new(&chain, &[])?.start());
        let mut world = Self {
            dataset,
            view,
            settings,
            inputs,
            central,
            variants: Vec::new(),
            chain,
        };
        // Their own seed: points of the paths must not depend on how many variants there are.
        let sampler = Sampler::new(
            Method::Lhs,
            mix(seed ^ 0x7661_7269),
            variants,
            world.inputs.dimensions(),
        )?;
        let count = u32::try_from(variants).unwrap_or(u32::MAX);
        world.variants = (0..count)
            .into_par_iter()
            .map_init(
                || world.desk(),
                |desk, v| {
                    let quantiles = world.inputs.quantiles(&sampler.point(v)).into_iter().map(Some);
                    world.started(world.balance_at(&quantiles.collect::<Vec<_>>(), desk)?)
                },
            )
            .collect::<Result<_, _>>()?;
        Ok(world)
    }

    /// The uncertain inputs.
    #[must_use]
    pub const fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// The evidence at its best estimates.
    #[must_use]
    pub const fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The chain at best estimates.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// The view.
    #[must_use]
    pub const fn view(&self) -> View {
        self.view
    }

    /// How many base years paths stand on.
    #[must_use]
    pub fn variants(&self) -> usize {
        self.variants.len()
    }

    /// Dimensions of a point: those of the inputs, and one that chooses the base year.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.inputs.dimensions() + 1
    }

    /// A copy of the evidence for one thread.
    #[must_use]
    pub fn desk(&self) -> Desk {
        Desk {
            dataset: self.dataset.clone(),
        }
    }

    /// The market at best estimates.
    ///
    /// # Errors
    /// When a parameter of behaviour is missing.
    pub fn best(&self, scenario: &Scenario) -> Result<Draw, EnsembleError> {
        Ok(Draw {
            chain: self.chain.clone(),
            scenario: scenario.clone(),
            behaviour: Behaviour::from_dataset(&self.dataset)?,
            multiples: self.multiples(&[]),
            start: Arc::clone(&self.central.start),
        })
    }

    /// The market of a point of the cube, on one of the variants of the base year.
    ///
    /// # Errors
    /// When the drawn chain cannot be calibrated.
    pub fn draw(&self, point: &[f64], scenario: &Scenario, desk: &mut Desk) -> Result<Draw, EnsembleError> {
        let quantiles: Vec<Option<f64>> = self.inputs.quantiles(point).into_iter().map(Some).collect();
        let mut multiples = self.multiples(&quantiles);
        let choice = point.get(self.inputs.dimensions()).copied().unwrap_or(0.5);
        let variant = self
            .variants
            .get(slot(choice, self.variants.len()))
            .unwrap_or(&self.central);
        for (multiple, (input, fixed)) in multiples
            .iter_mut()
            .zip(self.inputs.list.iter().zip(&variant.multiples))
        {
            if input.effect == Effect::BaseYear {
                *multiple = *fixed;
            }
        }
        self.calibrate(variant, &quantiles, multiples, scenario, desk)
    }

    /// The market of given quantiles of the inputs, with a base year balanced for them. An input without a quantile
    /// stays at its best estimate.
    ///
    /// # Errors
    /// When the base year cannot be balanced or the chain not be calibrated.
    pub fn exact(
        &self,
        quantiles: &[Option<f64>],
        scenario: &Scenario,
        desk: &mut Desk,
    ) -> Result<Draw, EnsembleError> {
        let base = self.balanced_for(quantiles, desk)?;
        self.on(&base, quantiles, scenario, desk)
    }

    /// What of a point decides its base year: points with equal keys share one.
    #[must_use]
    pub fn base_key(&self, quantiles: &[Option<f64>]) -> Vec<u64> {
        let moves = |d: usize| quantiles.get(d).copied().flatten();
        let own = self
            .inputs
            .list
            .iter()
            .enumerate()
            .filter(|(_, input)| input.effect == Effect::BaseYear);
        own.map(|(d, _)| moves(d).map_or(u64::MAX, f64::to_bits)).collect()
    }

    /// The base year of a point.
    ///
    /// # Errors
    /// When it cannot be balanced.
    pub fn balanced_for(&self, quantiles: &[Option<f64>], desk: &mut Desk) -> Result<Balanced, EnsembleError> {
        if self.base_key(quantiles).iter().all(|bits| *bits == u64::MAX) {
            return Ok(Balanced(self.central.clone()));
        }
        self.balance_at(quantiles, desk).map(Balanced)
    }

    /// The market of a point on its base year, from [`World::balanced_for`].
    ///
    /// # Errors
    /// When the chain cannot be calibrated.
    pub fn on(
        &self,
        base: &Balanced,
        quantiles: &[Option<f64>],
        scenario: &Scenario,
        desk: &mut Desk,
    ) -> Result<Draw, EnsembleError> {
        self.calibrate(&base.0, quantiles, self.multiples(quantiles), scenario, desk)
    }

    /// Simulates a draw, from the basis of its base year at best estimates of the rest.
    ///
    /// # Errors
    /// When a quarter cannot be solved.
    pub fn simulate(&self, draw: &Draw) -> Result<Path, EnsembleError> {
        Ok(simulate_from(
            &draw.chain,
            &draw.scenario,
            draw.behaviour,
            // A scenario that builds plants has a larger chain than the basis is of.
            draw.scenario.projects().is_empty().then_some(&*draw.start),
        )?)
    }

    /// Events of a scenario that touch nothing here, in words.
    #[must_use]
    pub fn idle_events(&self, scenario: &Scenario) -> Vec<String> {
        Policy::new(&self.chain, scenario).idle_events()
    }

    fn multiples(&self, quantiles: &[Option<f64>]) -> Vec<f64> {
        let central = |effect| if effect == Effect::StartDelay { 0.0 } else { 1.0 };
        self.inputs
            .list
            .iter()
            .enumerate()
            .map(|(d, input)| {
                let quantile = quantiles.get(d).copied().flatten();
                quantile.map_or_else(|| central(input.effect), |u| input.distribution.quantile(u))
            })
            .collect()
    }

    /// A variant with the basis of its own base quarter: that of the best estimate lies hundreds of pivots away, and
    /// every path on the variant would make them again.
    fn started(&self, variant: Variant) -> Result<Variant, EnsembleError> {
        let chain = chain(&self.dataset, &variant.base, &variant.recoveries, self.settings.clone())?;
        let start = QuarterModel::from_start(&chain, &Structure::default(), &variant.start)?.start();
        Ok(Variant {
            start: Arc::new(start),
            ..variant
        })
    }

    fn balance_at(&self, quantiles: &[Option<f64>], desk: &mut Desk) -> Result<Variant, EnsembleError> {
        self.write(quantiles, Effect::BaseYear, desk);
        let variant = balance(
            &desk.dataset,
            self.central.base.year,
            self.view,
            self.multiples(quantiles),
            Arc::clone(&self.central.start),
        );
        self.restore(desk);
        variant
    }

    fn calibrate(
        &self,
        variant: &Variant,
        quantiles: &[Option<f64>],
        multiples: Vec<f64>,
        scenario: &Scenario,
        desk: &mut Desk,
    ) -> Result<Draw, EnsembleError> {
        self.write(quantiles, Effect::Chain, desk);
        let settings = Settings {
            projects: scenario.projects(),
            ..self.settings.clone()
        };
        let made = chain(&desk.dataset, &variant.base, &variant.recoveries, settings)
            .and_then(|chain| Ok((chain, Behaviour::from_dataset(&desk.dataset)?)));
        self.restore(desk);
        let (mut chain, behaviour) = made?;
        let mut scenario = scenario.clone();
        for (input, multiple) in self.inputs.list.iter().zip(&multiples) {
            match input.effect {
                Effect::LicenceShare => licence_odds(&mut scenario, *multiple),
                Effect::LicenceDelay => licence_delay(&mut scenario, *multiple),
                Effect::StartDelay => start_delay(&mut chain, *multiple),
                Effect::Chain | Effect::BaseYear => {}
            }
        }
        Ok(Draw {
            chain,
            scenario,
            behaviour,
            multiples,
            start: Arc::clone(&variant.start),
        })
    }

    /// Multiplies the cells of one kind of input into the thread's evidence.
    fn write(&self, quantiles: &[Option<f64>], effect: Effect, desk: &mut Desk) {
        let inputs = self.inputs.list.iter().zip(quantiles);
        for (input, quantile) in inputs.filter(|(input, _)| input.effect == effect) {
            let Some(u) = *quantile else { continue };
            for target in &input.targets {
                let column = target.cell.column;
                let (least, most) = column.limits();
                if let Some(number) = column.number(&mut desk.dataset, target.cell.row) {
                    *number = (*number * target.distribution.quantile(u)).clamp(least, most);
                }
            }
        }
    }

    /// Puts every cell back to its best estimate.
    fn restore(&self, desk: &mut Desk) {
        for target in self.inputs.list.iter().flat_map(|input| &input.targets) {
            if let Some(number) = target.cell.column.number(&mut desk.dataset, target.cell.row) {
                *number = target.central;
            }
        }
    }
}

fn balance(
    dataset: &Dataset,
    year: u16,
    view: View,
    multiples: Vec<f64>,
    start: Arc<Start>,
) -> Result<Variant, EnsembleError> {
    let full = reconcile(dataset, year)?;
    let base = match view {
        View::Full => full,
        View::Bloc14 => in_blocs(dataset, &full)?,
    };
    let recoveries = recoveries(dataset, &base);
    Ok(Variant {
        base,
        recoveries,
        multiples,
        start,
    })
}

/// Which of `count` equal slices a number between 0 and 1 falls into.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 0 and a small count"
)]
fn slot(u: f64, count: usize) -> usize {
    ((u * count as f64) as usize).min(count.saturating_sub(1))
}

/// Multiplies the odds of every licence: a share of 0 or 1 stays what it is.
pub(crate) fn licence_odds(scenario: &mut Scenario, multiple: f64) {
    let moved = |share: f64| share * multiple / (1.0 - share + share * multiple);
    for event in &mut scenario.events {
        if let EventKind::Licence { approved_share, .. } = &mut event.kind {
            let steps: Vec<_> = approved_share
                .as_steps()
                .iter()
                .map(|(q, share)| (*q, moved(*share)))
                .collect();
            let constant = approved_share
                .as_constant()
                .map(|share| Schedule::constant(moved(share)));
            if let Some(changed) = constant.or_else(|| Schedule::steps(steps)) {
                *approved_share = changed;
            }
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "days within a few years"
)]
fn licence_delay(scenario: &mut Scenario, multiple: f64) {
    for event in &mut scenario.events {
        if let EventKind::Licence {
            processing_delay_days, ..
        } = &mut event.kind
        {
            *processing_delay_days = (f64::from(*processing_delay_days) * multiple).round() as u32;
        }
    }
}

/// Plants to come outside China start so many quarters later.
#[allow(clippy::cast_possible_truncation, reason = "a few quarters")]
fn start_delay(chain: &mut Chain, quarters: f64) {
    let late = quarters.round() as i16;
    let china = chain.place("CHN");
    for capacity in chain.capacities.iter_mut().filter(|c| Some(c.place) != china) {
        for (_, (year, quarter), _) in &mut capacity.additions {
            let index = *year * 4 + i16::from(*quarter) - 1 + late;
            *year = index.div_euclid(4);
            *quarter = i8::try_from(index.rem_euclid(4) + 1).unwrap_or(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_keep_closed_and_open_and_the_middle_moves() {
        let share = |multiple: f64, s: f64| s * multiple / (1.0 - s + s * multiple);
        assert!((share(2.0, 0.5) - 2.0 / 3.0).abs() < 1e-12);
        assert!(share(2.0, 0.0).abs() < 1e-12 && (share(0.5, 1.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn slots_share_the_line_evenly() {
        assert_eq!(
            (slot(0.0, 4), slot(0.49, 4), slot(0.999, 4), slot(0.5, 0)),
            (0, 1, 3, 0)
        );
    }
}
