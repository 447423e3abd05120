//! From evidence to a programme: the market of [`monazite_market`] with a plant of its own for every measure, and a cell
//! for every year of every path.

mod cells;
mod events;
mod market;

use std::collections::BTreeSet;

use monazite_evidence::reconcile::PlaceIx;
use monazite_evidence::table::{Disruption, Measure, MeasureKind};
use monazite_evidence::{Dataset, PlaceId};
use monazite_market::chain::Chain;
use monazite_market::lp::{Problem, RowId};

use super::ensemble::Draws;
use super::error::PlanError;
use super::instance::{Aversion, Choice, Instance};
use crate::measure::Menu;

pub use cells::Year;

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The country that plans.
    pub planner: PlaceId,
    /// Countries in which it may act besides; none means all but China.
    pub partners: Option<Vec<PlaceId>>,
    /// Measures to leave out.
    pub without: Vec<String>,
    /// The only measures to look at, with what they require; empty for all.
    pub only: Vec<String>,
    /// First year looked at, in which the first decisions fall.
    pub from: i32,
    /// Years looked at.
    pub years: usize,
    /// Measures must give something by this year, at their best estimate.
    pub by: i32,
    /// The most that may be spent, discounted to the first year, million USD.
    pub budget: f64,
    /// Discount rate a year, real.
    pub rate: f64,
    /// Weight of bad outcomes.
    pub aversion: Aversion,
    /// Paths of disruptions.
    pub draws: Draws,
    /// Weight of cost in the objective.
    pub thrift: f64,
}

impl Question {
    /// Checks the numbers.
    ///
    /// # Errors
    /// The first that makes no sense, with what to write instead.
    pub fn check(&self, dataset: &Dataset) -> Result<(), PlanError> {
        let asked = |what: String, hint: &str| PlanError::Asked {
            what,
            hint: hint.to_owned(),
        };
        for place in std::iter::once(&self.planner).chain(self.partners.iter().flatten()) {
            if dataset.place(place).is_none() {
                let known = dataset.places.iter().map(|p| p.place.as_str());
                let near = monazite_evidence::nearest::nearest(place.as_str(), known);
                let hint = near.map_or_else(
                    || "places are three letters, such as `USA`; `monazite data place NAME` finds one".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(PlanError::Asked {
                    what: format!("unknown place `{place}`"),
                    hint,
                });
            }
        }
        if self.budget.is_nan() || self.budget < 0.0 {
            return Err(asked(
                format!("a budget of {} USD", self.budget * 1e6),
                "a budget is 0 or more, in US dollars: `--budget 5e9`",
            ));
        }
        if self.thrift.is_nan() || self.thrift < 0.0 {
            return Err(asked(
                format!("measures that must save {} of their cost", self.thrift),
                "a share of 0 or more: 1 asks them to save what they cost",
            ));
        }
        if !(0.0..1.0).contains(&self.rate) {
            return Err(asked(
                format!("a discount rate of {}", self.rate),
                "a share a year from 0 to 1: 5 % is 0.05",
            ));
        }
        if !(0.0..1.0).contains(&self.aversion.level) || !(0.0..=1e6).contains(&self.aversion.weight) {
            return Err(asked(
                format!(
                    "a level of {} with weight {}",
                    self.aversion.level, self.aversion.weight
                ),
                "the level is from 0 to below 1 (0.9 looks at the worst tenth), the weight 0 or more",
            ));
        }
        if self.years == 0 || self.years > 40 || self.from < 2025 || self.from > 2080 {
            return Err(asked(
                format!("{} years from {}", self.years, self.from),
                "look at 1 to 40 years, from 2025 on",
            ));
        }
        if self.draws.paths == 0 {
            return Err(asked(
                "no paths of disruptions".to_owned(),
                "draw one or more: `--paths 64`",
            ));
        }
        if self.by < self.from {
            return Err(asked(
                format!(
                    "measures that give something by {}, decided from {} on",
                    self.by, self.from
                ),
                "let `--by` be later than `--from`",
            ));
        }
        Ok(())
    }

    fn in_reach(&self, measure: &Measure) -> bool {
        match (&measure.place, &self.partners) {
            (None, _) => true,
            (Some(place), _) if *place == self.planner => true,
            (Some(place), Some(partners)) => partners.contains(place),
            (Some(place), None) => place.as_str() != "CHN",
        }
    }
}

/// A measure that can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The measure.
    pub measure: Measure,
    /// Where it acts.
    pub place: PlaceId,
    /// Its size in the programme's unit.
    pub size: f64,
    /// First and one past the last of its columns in the programme.
    pub columns: (usize, usize),
}

/// A measure that cannot be chosen, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The measure.
    pub measure: String,
    /// Why.
    pub why: String,
}

/// Evidence turned into a programme.
#[derive(Debug)]
pub struct World {
    /// The question.
    pub question: Question,
    /// The chain the market runs on, with what the measures would make possible, in blocs, without commercial stocks.
    pub chain: Chain,
    /// Place of the chain that the planner belongs to.
    pub home: PlaceIx,
    /// Measures that can be chosen.
    pub candidates: Vec<Candidate>,
    /// Measures that cannot.
    pub left: Vec<Left>,
    /// Disruptions.
    pub disruptions: Vec<Disruption>,
    /// Columns of every segment of the market.
    pub segments: Vec<std::ops::Range<usize>>,
    /// Surplus of every segment in the undisturbed base programme of each year, thousand USD per quarter.
    pub undisturbed: Vec<(i32, f64, Vec<f64>)>,
    /// What each cell of the programme is.
    pub cells: Vec<Year>,
    /// The last year with nothing disturbed, and with each disruption of the market by itself: its cell.
    pub alone: Vec<(Option<usize>, usize)>,
    /// Disruptions and year behind each patch.
    pub states: Vec<(BTreeSet<usize>, i32)>,
    /// The programme.
    pub instance: Instance,
    market: Problem,
    rows: Vec<RowId>,
    opened: market::Opened,
}

/// Builds the programme that answers a question.
///
/// # Errors
/// When the question makes no sense, or the market cannot be built.
pub fn world(dataset: &Dataset, menu: &Menu, question: &Question) -> Result<World, PlanError> {
    question.check(dataset)?;
    let (wanted, mut left) = selection(menu, question)?;
    let market = market::build(dataset, &wanted, question)?;
    left.extend(market.left.iter().cloned());
    let (choices, rules, late) = decisions(&market.candidates, question);
    left.extend(late);
    let instance = Instance {
        recourse: market.problem.clone(),
        capacity: market.rows.clone(),
        patches: Vec::new(),
        cells: Vec::new(),
        paths: Vec::new(),
        choices,
        rules,
        budget: question.budget,
        aversion: question.aversion,
        thrift: question.thrift,
    };
    let mut world = World {
        question: question.clone(),
        chain: market.chain,
        home: market.home,
        candidates: market.candidates,
        left,
        disruptions: dataset.disruptions.clone(),
        segments: market.segments,
        undisturbed: Vec::new(),
        cells: Vec::new(),
        alone: Vec::new(),
        states: Vec::new(),
        instance,
        market: market.bare,
        rows: market.rows,
        opened: market.opened,
    };
    world.left.sort_by(|a, b| a.measure.cmp(&b.measure));
    cells::fill(&mut world, dataset, question.draws)?;
    Ok(world)
}

impl World {
    /// The same choices over other paths: what a plan is judged by that it was not made for.
    ///
    /// # Errors
    /// When a market cannot be cleared.
    pub fn over(&self, dataset: &Dataset, draws: Draws) -> Result<Self, PlanError> {
        let mut other = self.empty();
        other.question.draws = draws;
        cells::fill(&mut other, dataset, draws)?;
        Ok(other)
    }

    /// The same question with other numbers for the same measures and disruptions, over the same draws.
    ///
    /// # Errors
    /// When a market cannot be cleared.
    pub(super) fn with(
        &self,
        dataset: &Dataset,
        candidates: Vec<Candidate>,
        disruptions: Vec<Disruption>,
    ) -> Result<Self, PlanError> {
        let mut other = self.empty();
        let (choices, rules, _) = decisions(&candidates, &self.question);
        (other.instance.choices, other.instance.rules) = (choices, rules);
        (other.candidates, other.disruptions) = (candidates, disruptions);
        cells::fill(&mut other, dataset, self.question.draws)?;
        Ok(other)
    }

    /// The same market without cells and paths.
    fn empty(&self) -> Self {
        Self {
            question: self.question.clone(),
            chain: self.chain.clone(),
            home: self.home,
            candidates: self.candidates.clone(),
            left: self.left.clone(),
            disruptions: self.disruptions.clone(),
            segments: self.segments.clone(),
            undisturbed: self.undisturbed.clone(),
            cells: Vec::new(),
            alone: Vec::new(),
            // Patches keep their positions, and with them what was learnt of them.
            states: self.states.clone(),
            instance: Instance {
                cells: Vec::new(),
                paths: Vec::new(),
                ..self.instance.clone()
            },
            market: self.market.clone(),
            rows: self.rows.clone(),
            opened: self.opened.clone(),
        }
    }

    /// Factor from year `year` to the first.
    #[must_use]
    pub fn discount(&self, year: i32) -> f64 {
        (1.0 + self.question.rate).powi(self.question.from - year)
    }
}

/// Measures in reach, with reasons for those that are not.
fn selection(menu: &Menu, question: &Question) -> Result<(Vec<Measure>, Vec<Left>), PlanError> {
    for id in question.without.iter().chain(&question.only) {
        if menu.position(id).is_none() {
            let known = menu.entries.iter().map(|e| e.measure.measure.as_str());
            let near = monazite_evidence::nearest::nearest(id, known);
            return Err(PlanError::Asked {
                what: format!("unknown measure `{id}`"),
                hint: near.map_or_else(
                    || "`monazite plan --list` names all".to_owned(),
                    |near| format!("did you mean `{near}`? `monazite plan --list` names all"),
                ),
            });
        }
    }
    let mut only: BTreeSet<&str> = question.only.iter().map(String::as_str).collect();
    loop {
        let more: Vec<&str> = (menu.entries.iter())
            .filter(|e| only.contains(e.measure.measure.as_str()))
            .flat_map(|e| e.measure.requires.iter().map(String::as_str))
            .filter(|id| !only.contains(id))
            .collect();
        if more.is_empty() {
            break;
        }
        only.extend(more);
    }
    let mut wanted: Vec<Measure> = Vec::new();
    let mut left = Vec::new();
    for entry in &menu.entries {
        let m = &entry.measure;
        if (!only.is_empty() && !only.contains(m.measure.as_str())) || question.without.contains(&m.measure) {
            continue;
        }
        if question.in_reach(m) {
            wanted.push(m.clone());
        } else if let Some(place) = &m.place {
            left.push(Left {
                measure: m.measure.clone(),
                why: format!("{place} is no partner"),
            });
        }
    }
    // What needs a measure out of reach is out of reach.
    loop {
        let here: BTreeSet<&str> = wanted.iter().map(|m| m.measure.as_str()).collect();
        let lost = wanted
            .iter()
            .position(|m| m.requires.iter().any(|r| !here.contains(r.as_str())));
        let Some(at) = lost else { break };
        let m = wanted.remove(at);
        left.push(Left {
            why: format!("it needs {}", m.requires.join(" and ")),
            measure: m.measure,
        });
    }
    Ok((wanted, left))
}

/// Choices, with rules between them, and measures that come too late.
fn decisions(candidates: &[Candidate], question: &Question) -> (Vec<Choice>, Vec<super::instance::Rule>, Vec<Left>) {
    use super::instance::Rule;
    let last = question.from + i32::try_from(question.years).unwrap_or(0) - 1;
    let factor = |year: i32| (1.0 + question.rate).powi(question.from - year);
    let mut choices: Vec<Choice> = Vec::new();
    let mut late = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let m = &candidate.measure;
        let lead = whole(m.lead_years);
        let starts = question.from..=(question.by - lead).min(last);
        if starts.is_empty() {
            late.push(Left {
                measure: m.measure.clone(),
                why: format!("takes {lead} years, so it cannot be there by {}", question.by),
            });
        }
        for start in starts {
            let yearly: f64 = (start + lead..=last).map(|year| m.yearly_musd.0 * factor(year)).sum();
            choices.push(Choice {
                measure: at,
                start,
                cost: m.cost_musd.0 * factor(start) + yearly,
            });
        }
    }
    let of = |id: &str| candidates.iter().position(|c| c.measure.measure == id);
    let mut rules = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        for needed in candidate.measure.requires.iter().filter_map(|id| of(id)) {
            for (c, choice) in choices.iter().enumerate().filter(|(_, c)| c.measure == at) {
                let before = choices.iter().enumerate();
                let mut terms: Vec<(usize, f64)> = before
                    .filter(|(_, other)| other.measure == needed && other.start <= choice.start)
                    .map(|(o, _)| (o, 1.0))
                    .collect();
                terms.push((c, -1.0));
                rules.push(Rule {
                    terms,
                    lower: 0.0,
                    upper: f64::INFINITY,
                });
            }
        }
        let excluded = candidate.measure.excludes.iter().filter_map(|id| of(id));
        for other in excluded.filter(|other| *other != at) {
            let terms = (choices.iter().enumerate())
                .filter(|(_, c)| c.measure == at || c.measure == other)
                .map(|(c, _)| (c, 1.0))
                .collect();
            rules.push(Rule {
                terms,
                lower: f64::NEG_INFINITY,
                upper: 1.0,
            });
        }
    }
    (choices, rules, late)
}

/// Years as the programme counts them.
#[allow(clippy::cast_possible_truncation, reason = "at most 40, by the table")]
pub(super) fn whole(years: f64) -> i32 {
    years.round().clamp(0.0, 100.0) as i32
}

/// Whether a measure gives something only while a disruption is under way.
pub(super) fn only_in_need(measure: &Measure) -> bool {
    measure.kind == MeasureKind::Stockpile
}
