//! The programme as data: choices, cells, paths.

use monazite_market::lp::{ColId, Problem, RowId};

use super::tail::{cvar, mean};

/// One thing that can be decided: a measure, begun in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The measure, by its position.
    pub measure: usize,
    /// Year in which it is decided and paid.
    pub start: i32,
    /// What it costs over the years looked at, discounted, million USD.
    pub cost: f64,
}

/// What differs from the programme of the market: bounds of columns and rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// Column, lower, upper.
    pub cols: Vec<(ColId, f64, f64)>,
    /// Row, lower, upper.
    pub rows: Vec<(RowId, f64, f64)>,
}

/// One market to be cleared: a year with what is disturbed in it and what of each choice stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Position of its patch. Cells that differ only in what stands share one, and with it all planes found.
    pub patch: usize,
    /// Welfare of the same year undisturbed and without a plan, in the programme's unit.
    pub undisturbed: f64,
    /// Million USD a year per unit of the programme's objective.
    pub scale: f64,
    /// Choices that give something here, with the capacity they add in the programme's unit.
    pub reach: Vec<(usize, f64)>,
}

/// One path of disruptions.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Its probability.
    pub probability: f64,
    /// Its cells, with the discount factor of their year.
    pub cells: Vec<(usize, f64)>,
}

/// A linear rule on choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Choices and coefficients.
    pub terms: Vec<(usize, f64)>,
    /// At least.
    pub lower: f64,
    /// At most.
    pub upper: f64,
}

/// How much bad outcomes weigh.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aversion {
    /// Weight λ of the mean over the worst outcomes, beside the mean over all.
    pub weight: f64,
    /// Level α: the worst `1 − α` of probability.
    pub level: f64,
}

/// A whole programme.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The market of one cell without any choice; it maximises.
    pub recourse: Problem,
    /// Row that bounds what each measure can do, `use ≤ capacity`, written with capacity 0.
    pub capacity: Vec<RowId>,
    /// What differs between cells.
    pub patches: Vec<Patch>,
    /// Cells.
    pub cells: Vec<Cell>,
    /// Paths; probabilities sum to 1.
    pub paths: Vec<Path>,
    /// Choices.
    pub choices: Vec<Choice>,
    /// Prerequisites and exclusions. That a measure begins once is always a rule.
    pub rules: Vec<Rule>,
    /// The most that choices may cost together, million USD; infinite for no limit.
    pub budget: f64,
    /// Weight of bad outcomes.
    pub aversion: Aversion,
    /// Weight ε of cost in the objective: a measure must save at least this share of what it costs.
    pub thrift: f64,
}

impl Instance {
    /// Capacity of each measure in a cell under (possibly fractional) choices.
    #[must_use]
    pub fn capacity_in(&self, cell: &Cell, x: &[f64]) -> Vec<f64> {
        let mut capacity = vec![0.0; self.capacity.len()];
        for (choice, amount) in &cell.reach {
            let taken = x.get(*choice).copied().unwrap_or(0.0);
            if taken != 0.0
                && let Some(slot) = self.choices.get(*choice).and_then(|c| capacity.get_mut(c.measure))
            {
                *slot += amount * taken;
            }
        }
        capacity
    }

    /// Loss of every path from the losses of cells, million USD.
    #[must_use]
    pub fn path_losses(&self, cells: &[f64]) -> Vec<f64> {
        let of = |path: &Path| path.cells.iter().map(|(c, weight)| weight * cells[*c]).sum();
        self.paths.iter().map(of).collect()
    }

    /// Probabilities of the paths.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        self.paths.iter().map(|path| path.probability).collect()
    }

    /// What choices cost, million USD.
    #[must_use]
    pub fn cost(&self, x: &[f64]) -> f64 {
        self.choices
            .iter()
            .zip(x)
            .map(|(choice, taken)| choice.cost * taken)
            .sum()
    }

    /// The objective from the losses of cells.
    #[must_use]
    pub fn objective(&self, cells: &[f64], x: &[f64]) -> f64 {
        let (losses, p) = (self.path_losses(cells), self.probabilities());
        mean(&losses, &p) + self.aversion.weight * cvar(&losses, &p, self.aversion.level) + self.thrift * self.cost(x)
    }

    /// Whether choices keep budget and rules.
    #[must_use]
    pub fn allows(&self, x: &[f64]) -> bool {
        let kept = |rule: &Rule| {
            let sum: f64 = rule.terms.iter().map(|(c, a)| a * x[*c]).sum();
            sum >= rule.lower - 1e-6 && sum <= rule.upper + 1e-6
        };
        self.cost(x) <= self.budget * (1.0 + 1e-9) + 1e-9
            && self.rules.iter().all(kept)
            && self
                .starts()
                .iter()
                .all(|of| of.iter().map(|c| x[*c]).sum::<f64>() <= 1.0 + 1e-6)
    }

    /// Choices of each measure.
    #[must_use]
    pub fn starts(&self) -> Vec<Vec<usize>> {
        let mut starts = vec![Vec::new(); self.capacity.len()];
        for (at, choice) in self.choices.iter().enumerate() {
            if let Some(of) = starts.get_mut(choice.measure) {
                of.push(at);
            }
        }
        starts
    }

    /// Discounted weight of each cell in the mean loss.
    #[must_use]
    pub(super) fn weights(&self) -> Vec<f64> {
        let mut weights = vec![0.0; self.cells.len()];
        for path in &self.paths {
            for (cell, discount) in &path.cells {
                weights[*cell] += path.probability * discount;
            }
        }
        weights
    }
}
