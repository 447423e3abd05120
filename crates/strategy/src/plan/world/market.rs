//! The market with a plant of its own for every measure.

use std::collections::{BTreeMap, BTreeSet};

use monazite_evidence::reconcile::{PlaceIx, in_blocs, reconcile, recoveries};
use monazite_evidence::table::{CapacityUnit, Facility, FacilityStatus, Level, Measure, MeasureUnit};
use monazite_evidence::{CostStage, Dataset, FacilityId, Period, Stage};
use monazite_market::calibrate::stage_cost;
use monazite_market::chain::{Chain, NodeIx, Process, Route, Settings, chain};
use monazite_market::lp::{ColId, Problem, RowId};
use monazite_market::quarter::{Conditions, Layout, QuarterModel, Structure};

use super::{Candidate, Left, Question};
use crate::measure::output;
use crate::plan::PlanError;

/// The year the market is calibrated to.
const BASE_YEAR: u16 = 2024;
/// Plants that start up to this year stand in the market without any plan.
const HORIZON: i16 = 2029;
/// Quarters in a year.
const QUARTERS: f64 = 4.0;
/// Years over which a stock is released in a disruption.
pub(super) const STOCK_YEARS: f64 = 2.0;

pub(super) struct Market {
    pub chain: Chain,
    pub home: PlaceIx,
    pub candidates: Vec<Candidate>,
    pub left: Vec<Left>,
    pub segments: Vec<std::ops::Range<usize>>,
    /// With the plants of measures.
    pub problem: Problem,
    /// Without them: the base quarter of the market.
    pub bare: Problem,
    pub rows: Vec<RowId>,
    /// What others must not use.
    pub opened: Opened,
}

pub(super) fn build(dataset: &Dataset, measures: &[Measure], question: &Question) -> Result<Market, PlanError> {
    let base = reconcile(dataset, BASE_YEAR)?;
    let blocs = in_blocs(dataset, &base)?;
    let shares = recoveries(dataset, &blocs);
    // Measures enter as plants being built, so that recipes, streams and routes that they would open exist; their
    // capacity is taken out again and comes from the plan.
    let mut planned = dataset.clone();
    for m in measures {
        if let (Some(stage), Some(place)) = (m.stage, &m.place) {
            planned.facilities.push(Facility {
                facility: FacilityId::from(m.measure.as_str()),
                name: m.title.clone(),
                operator: None,
                place: place.clone(),
                lat: None,
                lon: None,
                stage,
                feed: m.feed.clone(),
                elements: Vec::new(),
                capacity: m.size,
                capacity_unit: Some(CapacityUnit::TonnesReoPerYear),
                output_2024: None,
                start: Some(Period::Year(HORIZON)),
                end: None,
                status: FacilityStatus::Construction,
                level: Level::Plant,
                provenance: m.provenance.clone(),
            });
        }
    }
    let settings = || Settings {
        horizon: HORIZON,
        ..Settings::default()
    };
    let chain_without = chain(dataset, &blocs, &shares, settings())?;
    let mut chain = chain(&planned, &blocs, &shares, settings())?;
    let ours = |id: &FacilityId| measures.iter().any(|m| m.measure == id.as_str());
    for capacity in &mut chain.capacities {
        capacity.additions.retain(|(id, ..)| !ours(id));
    }
    // A year is too long for the weeks that commercial stocks last.
    chain.stores.clear();
    let home = home(dataset, &chain, question)?;
    let model = QuarterModel::with(&chain, &Structure::default())?;
    let bare_market = model.programme_under(&Conditions::base(&chain, 0));
    let segments = (0..chain.segments.len())
        .map(|s| model.layout().segment_columns(s))
        .collect();
    let mut problem = bare_market.clone();
    let opened = Opened::of(&chain, &chain_without);
    let made = opened.restrict(&chain, model.layout(), &mut problem);
    drop(model);
    let mut builder = Builder {
        dataset,
        chain: &chain,
        question,
        home,
        problem,
        made,
        rows: Vec::new(),
    };
    let (mut candidates, mut left) = (Vec::new(), Vec::new());
    for m in measures {
        match builder.add(m)? {
            Ok(candidate) => candidates.push(candidate),
            Err(why) => left.push(Left {
                measure: m.measure.clone(),
                why,
            }),
        }
    }
    let (problem, rows) = (builder.problem, builder.rows);
    Ok(Market {
        chain,
        home,
        candidates,
        left,
        segments,
        problem,
        bare: bare_market,
        rows,
        opened,
    })
}

/// What only stands in the chain because measures are on offer: their recipes and the routes from their places.
///
/// Others must not use it, or a market without any plan would depend on what was on offer: existing plants would run
/// the recipes of plants that nobody built, and goods of others pass around a ban through their places.
#[derive(Clone, Debug, Default)]
pub(super) struct Opened {
    processes: Vec<usize>,
    routes: Vec<usize>,
}

impl Opened {
    /// What a chain with measures has and the one without them has not.
    fn of(chain: &Chain, without: &Chain) -> Self {
        let known: BTreeSet<_> = (without.processes.iter())
            .map(|p| (p.activity, p.place, p.facility.clone()))
            .collect();
        let roads: BTreeSet<_> = (without.routes.iter())
            .map(|r| (r.product, r.origin, r.destination))
            .collect();
        // A stream that nobody else mines is the measure's own: whoever can may work it and ship it.
        let outputs = without.processes.iter().flat_map(|p| &p.outputs);
        let made: BTreeSet<_> = outputs.map(|(node, _)| without.nodes[node.index()].product).collect();
        let is_own = |node: &NodeIx| !made.contains(&chain.nodes[node.index()].product);
        let opened = |p: &Process| {
            !known.contains(&(p.activity, p.place, p.facility.clone()))
                && !p.inputs.iter().any(|(node, _)| is_own(node))
        };
        let led = |r: &Route| !roads.contains(&(r.product, r.origin, r.destination)) && made.contains(&r.product);
        let at = |(at, wanted): (usize, bool)| wanted.then_some(at);
        Self {
            processes: chain.processes.iter().map(opened).enumerate().filter_map(at).collect(),
            routes: chain.routes.iter().map(led).enumerate().filter_map(at).collect(),
        }
    }

    /// Closes the recipes, and lets a route carry no more than what measures make where it begins: its row by node.
    pub(super) fn restrict(&self, chain: &Chain, layout: &Layout, problem: &mut Problem) -> BTreeMap<NodeIx, RowId> {
        let col = |at: usize| ColId(u32::try_from(at).unwrap_or(u32::MAX));
        let closed = problem.add_row(f64::NEG_INFINITY, 0.0);
        for at in self.processes.iter().flat_map(|p| layout.process_columns(*p)) {
            problem.add_entry(closed, col(at), 1.0);
        }
        let mut rows = BTreeMap::new();
        for r in &self.routes {
            let Some(route) = chain.routes.get(*r) else { continue };
            let row = *rows
                .entry(route.from)
                .or_insert_with(|| problem.add_row(f64::NEG_INFINITY, 0.0));
            for at in layout.route_columns(*r) {
                problem.add_entry(row, col(at), 1.0);
            }
        }
        rows
    }
}

/// The place of the chain that a country belongs to.
fn place_of(dataset: &Dataset, chain: &Chain, country: &monazite_evidence::PlaceId) -> Option<PlaceIx> {
    let view = dataset.view_place(country)?;
    chain
        .place_of_member(view.as_str())
        .or_else(|| chain.place(dataset.bloc(country)?.as_str()))
}

fn home(dataset: &Dataset, chain: &Chain, question: &Question) -> Result<PlaceIx, PlanError> {
    place_of(dataset, chain, &question.planner).ok_or_else(|| PlanError::Asked {
        what: format!("`{}` is not in the market", question.planner),
        hint: "plan for a country of the dataset's blocs, such as `USA`, `JPN` or `DEU`".to_owned(),
    })
}

struct Builder<'a> {
    dataset: &'a Dataset,
    chain: &'a Chain,
    question: &'a Question,
    home: PlaceIx,
    problem: Problem,
    /// Where measures open routes, the row of what they make there.
    made: BTreeMap<NodeIx, RowId>,
    rows: Vec<RowId>,
}

impl Builder<'_> {
    /// A column gives so much to a node.
    fn give(&mut self, col: ColId, node: NodeIx, amount: f64) {
        self.problem.add_entry(Layout::balance_row(node), col, amount);
        if let Some(row) = self.made.get(&node) {
            self.problem.add_entry(*row, col, -amount);
        }
    }

    /// Adds the columns of a measure and the row that bounds them; the reason where it cannot act.
    fn add(&mut self, m: &Measure) -> Result<Result<Candidate, String>, PlanError> {
        let country = m.place.clone().unwrap_or_else(|| self.question.planner.clone());
        let Some(place) = place_of(self.dataset, self.chain, &country) else {
            return Ok(Err(format!("{country} is not in the market")));
        };
        let first = self.problem.dims().0;
        let mut size = m.size.unwrap_or(0.0) / QUARTERS;
        let row = if let Some(stage) = m.stage {
            let row = self.problem.add_row(f64::NEG_INFINITY, 0.0);
            if self.plant(m, stage, place, country.as_str(), row)? == 0 {
                return Ok(Err("the market has nothing that such a plant could do there".to_owned()));
            }
            row
        } else if m.outputs.is_empty() {
            self.problem.add_row(f64::NEG_INFINITY, 0.0)
        } else {
            match self.supply(m, place) {
                Ok((row, of)) => {
                    size = of;
                    row
                }
                Err(why) => return Ok(Err(why)),
            }
        };
        self.rows.push(row);
        Ok(Ok(Candidate {
            measure: m.clone(),
            place: country,
            size,
            columns: (first, self.problem.dims().0),
        }))
    }

    /// A copy of every process of the stage in the place, at the measure's own cost; how many.
    fn plant(
        &mut self,
        m: &Measure,
        stage: Stage,
        place: PlaceIx,
        country: &str,
        row: RowId,
    ) -> Result<usize, PlanError> {
        let running = match m.running_usd_per_kg {
            Some(cost) => cost,
            None => stage_cost(self.dataset, cost_stage(stage), country)?,
        };
        let id = FacilityId::from(m.measure.as_str());
        let mut count = 0;
        for process in &self.chain.processes {
            let is_it = process.activity.stage() == Some(stage)
                && process.place == place
                && (stage != Stage::Mine || process.facility.as_ref() == Some(&id));
            if !is_it {
                continue;
            }
            let col = self.problem.add_col(-running, 0.0, f64::INFINITY);
            for (node, amount) in &process.outputs {
                self.give(col, *node, *amount);
            }
            for (node, amount) in &process.inputs {
                self.problem.add_entry(Layout::balance_row(*node), col, -amount);
            }
            let per_level = process.capacity.map_or(1.0, |(_, per_level)| per_level);
            self.problem.add_entry(row, col, per_level);
            count += 1;
        }
        Ok(count)
    }

    /// Supply of products where they are used: recycling, thrifting, stocks.
    fn supply(&mut self, m: &Measure, place: PlaceIx) -> Result<(RowId, f64), String> {
        let mut nodes: Vec<(NodeIx, f64)> = Vec::new();
        let by_use = m.size_unit == Some(MeasureUnit::ShareOfUse);
        for text in &m.outputs {
            let Some(wanted) = output(text) else { continue };
            let product = self.chain.catalogue.product_by_name(&wanted.product);
            let node = product.and_then(|p| self.chain.node(p, place));
            let Some(node) = node else {
                return Err(format!("nobody makes or uses {} there", wanted.product));
            };
            let amount = if by_use {
                let here = self.chain.segments.iter().filter(|s| s.node == node);
                wanted.share * here.map(|s| s.base).sum::<f64>()
            } else {
                wanted.share
            };
            if amount > 0.0 {
                nodes.push((node, amount));
            }
        }
        if nodes.is_empty() {
            return Err(format!(
                "nobody in {} uses what it saves",
                self.chain.place_id(self.home)
            ));
        }
        let row = self.problem.add_row(f64::NEG_INFINITY, 0.0);
        let all: f64 = nodes.iter().map(|(_, amount)| amount).sum();
        // The running cost is per kilogram supplied; a unit of a share of use supplies all of it.
        let per_unit = if by_use { all } else { 1.0 };
        let cost = m.running_usd_per_kg.unwrap_or(0.0) * per_unit;
        let col: ColId = self.problem.add_col(-cost, 0.0, f64::INFINITY);
        for (node, amount) in nodes {
            self.give(col, node, amount);
        }
        self.problem.add_entry(row, col, 1.0);
        let size = m.size.unwrap_or(0.0);
        let size = match m.size_unit {
            Some(MeasureUnit::ShareOfUse) => size,
            Some(MeasureUnit::Tonnes) => size / STOCK_YEARS / QUARTERS,
            _ => size / QUARTERS,
        };
        Ok((row, size))
    }
}

fn cost_stage(stage: Stage) -> CostStage {
    match stage {
        Stage::Mine => CostStage::Mine,
        Stage::Cracking => CostStage::Cracking,
        Stage::SeparationLight => CostStage::SeparationLight,
        Stage::SeparationHeavy => CostStage::SeparationHeavy,
        Stage::Metal => CostStage::Metal,
        Stage::Magnet => CostStage::Magnet,
        Stage::Recycling => CostStage::Recycling,
        Stage::Scandium => CostStage::Scandium,
    }
}
