//! A cell for every year of every path, where years alike share one.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::Dataset;
use monazite_evidence::table::DisruptionKind;
use monazite_market::chain::Chain;
use monazite_market::lp::{ColId, Problem, RowId, Solver};
use monazite_market::policy::Policy;
use monazite_market::quarter::{Conditions, QuarterModel, Structure};
use monazite_market::scenario::Quarter;

use super::events::scenario;
use super::{World, only_in_need, whole};
use crate::plan::PlanError;
use crate::plan::ensemble::{Draws, Timing, draw};
use crate::plan::instance::{Cell, Patch, Path};

/// Million USD a year per thousand USD a quarter.
const SCALE: f64 = 4.0 / 1000.0;
/// From this year on the plants that stand without a plan are the same.
const SETTLED: i32 = 2030;

/// What a cell is: a year, what is disturbed in it, and how late measures come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Year {
    /// Calendar year.
    pub year: i32,
    /// Disruptions under way, by position.
    pub disturbed: BTreeSet<usize>,
    /// How late measures come.
    pub timing: Timing,
}

/// Draws paths and makes their cells.
pub(super) fn fill(world: &mut World, dataset: &Dataset, draws: Draws) -> Result<(), PlanError> {
    let ensemble = draw(&world.disruptions, world.question.years, draws);
    let chain = world.chain.clone();
    let model = QuarterModel::with(&chain, &Structure::default())?;
    let mut maker = Maker::new(world, dataset, &chain, &model)?;
    let mut known: BTreeMap<Year, usize> = BTreeMap::new();
    #[allow(clippy::cast_precision_loss, reason = "a few thousand paths")]
    let probability = 1.0 / ensemble.futures.len() as f64;
    for future in ensemble.futures {
        let mut path = Path {
            probability,
            cells: Vec::new(),
        };
        for (year, disturbed) in (maker.world.question.from..).zip(future.years) {
            let key = Year {
                year,
                disturbed: maker.told(&disturbed),
                timing: future.timing,
            };
            let discount = maker.world.discount(year);
            let cell = if let Some(cell) = known.get(&key) {
                *cell
            } else {
                let cell = maker.cell(&key)?;
                known.insert(key, cell);
                cell
            };
            path.cells.push((cell, discount));
        }
        maker.world.instance.paths.push(path);
    }
    // Every disruption by itself, in the last year: no path of its own, but a look at what remains exposed.
    let last = maker.world.question.from + i32::try_from(maker.world.question.years).unwrap_or(1) - 1;
    let market = (maker.world.disruptions.iter().enumerate()).filter(|(_, d)| d.kind != DisruptionKind::Partner);
    let alone: Vec<Option<usize>> = std::iter::once(None).chain(market.map(|(d, _)| Some(d))).collect();
    for disruption in alone {
        let key = Year {
            year: last,
            disturbed: disruption.into_iter().collect(),
            timing: Timing::Central,
        };
        let cell = match known.get(&key) {
            Some(cell) => *cell,
            None => maker.cell(&key)?,
        };
        maker.world.alone.push((disruption, cell));
    }
    Ok(())
}

struct Maker<'a> {
    world: &'a mut World,
    dataset: &'a Dataset,
    chain: &'a Chain,
    model: &'a QuarterModel<'a>,
    patches: BTreeMap<(BTreeSet<usize>, i32), usize>,
    /// Disruptions that matter here: those of the market, and of places where a measure acts.
    matter: BTreeSet<usize>,
    ramp: [f64; 2],
}

impl<'a> Maker<'a> {
    fn new(
        world: &'a mut World,
        dataset: &'a Dataset,
        chain: &'a Chain,
        model: &'a QuarterModel<'a>,
    ) -> Result<Self, PlanError> {
        let acts = |place: &monazite_evidence::PlaceId| world.candidates.iter().any(|c| c.place == *place);
        let matter = (world.disruptions.iter().enumerate())
            .filter(|(_, d)| d.kind != DisruptionKind::Partner || d.places.iter().any(acts))
            .map(|(at, _)| at)
            .collect();
        let term = |parameter: &str| {
            let row = dataset.project_terms.iter().find(|t| t.parameter == parameter);
            row.map(|t| t.central).ok_or_else(|| PlanError::Asked {
                what: format!("the dataset has no `{parameter}`"),
                hint: "add it to `project_terms.csv`".to_owned(),
            })
        };
        let patches = (world.states.iter().enumerate())
            .map(|(at, state)| (state.clone(), at))
            .collect();
        Ok(Self {
            ramp: [term("ramp_first_year")?, term("ramp_second_year")?],
            world,
            dataset,
            chain,
            model,
            patches,
            matter,
        })
    }

    /// The disruptions that make a difference here.
    fn told(&self, disturbed: &BTreeSet<usize>) -> BTreeSet<usize> {
        disturbed.intersection(&self.matter).copied().collect()
    }

    fn cell(&mut self, key: &Year) -> Result<usize, PlanError> {
        let is_partner = |d: &usize| {
            let of = self.world.disruptions.get(*d);
            of.is_some_and(|d| d.kind == DisruptionKind::Partner)
        };
        let market: BTreeSet<usize> = key.disturbed.iter().filter(|d| !is_partner(d)).copied().collect();
        let lost: BTreeSet<&str> = (key.disturbed.iter())
            .filter(|d| is_partner(d))
            .filter_map(|d| self.world.disruptions.get(*d))
            .flat_map(|d| d.places.iter().map(monazite_evidence::PlaceId::as_str))
            .collect();
        let reach = self.reach(key, !market.is_empty(), &lost);
        let patch = self.patch(&market, key.year.min(SETTLED))?;
        let undisturbed = self.undisturbed(key.year.min(SETTLED))?;
        let at = self.world.instance.cells.len();
        self.world.instance.cells.push(Cell {
            patch,
            undisturbed,
            scale: SCALE,
            reach,
        });
        self.world.cells.push(key.clone());
        Ok(at)
    }

    /// What of each choice stands.
    fn reach(&self, key: &Year, in_need: bool, lost: &BTreeSet<&str>) -> Vec<(usize, f64)> {
        let mut reach = Vec::new();
        for (at, choice) in self.world.instance.choices.iter().enumerate() {
            let candidate = &self.world.candidates[choice.measure];
            let m = &candidate.measure;
            if candidate.size <= 0.0 || lost.contains(candidate.place.as_str()) || (only_in_need(m) && !in_need) {
                continue;
            }
            let lead = whole(match key.timing {
                Timing::Early => m.lead_years_low,
                Timing::Central => m.lead_years,
                Timing::Late => m.lead_years_high,
            });
            let share = match key.year - choice.start - lead {
                ..0 => 0.0,
                _ if only_in_need(m) => 1.0,
                0 => self.ramp[0],
                1 => self.ramp[1],
                _ => 1.0,
            };
            if share > 0.0 {
                reach.push((at, share * candidate.size));
            }
        }
        reach
    }

    /// The programme of the market in a year with disruptions of the market.
    fn programme(&self, state: &BTreeSet<usize>, year: i32) -> Result<Problem, PlanError> {
        let events: Vec<_> = state.iter().filter_map(|d| self.world.disruptions.get(*d)).collect();
        let scenario = scenario(self.dataset, &self.world.question, &events)?;
        let policy = Policy::new(self.chain, &scenario);
        let quarter = i16::try_from(year).ok().and_then(|y| Quarter::new(y, 3));
        let quarter = quarter.ok_or(PlanError::Internal("a year out of range"))?;
        let mut conditions = Conditions::base(self.chain, 0);
        policy.apply(quarter, &mut conditions);
        Ok(self.model.programme_under(&conditions))
    }

    /// Position of the patch of a state in a year.
    fn patch(&mut self, state: &BTreeSet<usize>, year: i32) -> Result<usize, PlanError> {
        let key = (state.clone(), year);
        if let Some(at) = self.patches.get(&key) {
            return Ok(*at);
        }
        let wanted = self.programme(state, year)?;
        let patch = difference(&self.world.market, &wanted);
        let at = self.world.instance.patches.len();
        self.world.instance.patches.push(patch);
        self.world.states.push(key.clone());
        self.patches.insert(key, at);
        Ok(at)
    }

    /// Welfare of an undisturbed year without a plan.
    fn undisturbed(&mut self, year: i32) -> Result<f64, PlanError> {
        if let Some((_, welfare, _)) = self.world.undisturbed.iter().find(|(y, ..)| *y == year) {
            return Ok(*welfare);
        }
        let mut programme = self.programme(&BTreeSet::new(), year)?;
        let opened = self.world.opened.clone();
        opened.restrict(self.chain, self.model.layout(), &mut programme);
        let solution = Solver::new(programme.clone())?.solve_cold()?;
        let surplus = (self.world.segments.iter().zip(&self.world.chain.segments))
            .map(|(columns, segment)| {
                let price = solution.price(RowId(segment.node.0));
                columns
                    .clone()
                    .map(|c| solution.col_values[c] * (programme.costs()[c] - price))
                    .sum()
            })
            .collect();
        self.world.undisturbed.push((year, solution.objective, surplus));
        Ok(solution.objective)
    }
}

/// Bounds in which one programme of the market differs from another.
fn difference(base: &Problem, wanted: &Problem) -> Patch {
    let same = |a: f64, b: f64| a.to_bits() == b.to_bits();
    let id = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let cols = (0..base.dims().0)
        .filter(|j| {
            !same(base.col_lower()[*j], wanted.col_lower()[*j]) || !same(base.col_upper()[*j], wanted.col_upper()[*j])
        })
        .map(|j| (ColId(id(j)), wanted.col_lower()[j], wanted.col_upper()[j]))
        .collect();
    let rows = (0..base.dims().1)
        .filter(|i| {
            !same(base.row_lower()[*i], wanted.row_lower()[*i]) || !same(base.row_upper()[*i], wanted.row_upper()[*i])
        })
        .map(|i| (RowId(id(i)), wanted.row_lower()[i], wanted.row_upper()[i]))
        .collect();
    Patch { cols, rows }
}
