//! The market's programme without the columns that nothing has used yet, and the check that none of them would pay.
//!
//! Most routes of the market are open to every plan and used by none. A programme without them is solved faster, and its
//! prices say exactly whether one of them would pay: when none does, the answer is that of the whole programme. When
//! one does, the whole programme is solved after all, and its columns are kept from then on.

use monazite_market::lp::{Basis, BasisStatus, ColId, Problem, Solution};

use super::super::instance::Patch;

/// A column left out pays when one more unit of it would gain more than this, in the programme's unit per unit of column:
/// as exact as the solver itself.
const PAYS: f64 = 1e-9;

/// The programme with the columns that have been of use.
#[derive(Clone, Debug)]
pub(super) struct Screen {
    /// Without the others.
    pub problem: Problem,
    /// Where each of its columns stands in the whole programme.
    kept: Vec<usize>,
    /// Where each column of the whole programme stands here; none for those left out.
    here: Vec<Option<u32>>,
}

impl Screen {
    /// Keeps columns of use, and those that cannot rest at 0.
    pub fn new(whole: &Problem, patches: &[Patch], used: &[bool]) -> Self {
        let mut keep: Vec<bool> = (0..whole.dims().0)
            .map(|j| used.get(j).copied().unwrap_or(true) || !rests_at_zero(whole.col_lower()[j], whole.col_upper()[j]))
            .collect();
        for (col, lower, upper) in patches.iter().flat_map(|patch| &patch.cols) {
            if !rests_at_zero(*lower, *upper)
                && let Some(keep) = keep.get_mut(col.index())
            {
                *keep = true;
            }
        }
        let mut problem = Problem::new(whole.sense());
        problem.set_offset(whole.offset());
        for (lower, upper) in whole.row_lower().iter().zip(whole.row_upper()) {
            problem.add_row(*lower, *upper);
        }
        let (mut kept, mut here) = (Vec::new(), vec![None; keep.len()]);
        for j in (0..keep.len()).filter(|j| keep[*j]) {
            let col = problem.add_col(whole.costs()[j], whole.col_lower()[j], whole.col_upper()[j]);
            for (row, value) in whole.column(id(j)) {
                problem.add_entry(row, col, value);
            }
            here[j] = Some(col.0);
            kept.push(j);
        }
        Self { problem, kept, here }
    }

    /// Bounds of columns that a patch changes here; none when it moves a column that was left out away from 0, as a patch may
    /// that was not known when columns were chosen.
    pub fn cols(&self, patch: &Patch) -> Option<Vec<(ColId, f64, f64)>> {
        let mut own = Vec::with_capacity(patch.cols.len());
        for (col, lower, upper) in &patch.cols {
            match self.here.get(col.index()).copied().flatten() {
                Some(here) => own.push((ColId(here), *lower, *upper)),
                None if rests_at_zero(*lower, *upper) => {}
                None => return None,
            }
        }
        Some(own)
    }

    /// A basis of the whole programme as one of this; none when a column left out is in it.
    pub fn narrow(&self, basis: &Basis) -> Option<Basis> {
        let left_out = |(j, status): (usize, &BasisStatus)| {
            *status == BasisStatus::Basic && self.here.get(j).is_none_or(Option::is_none)
        };
        if basis.cols.iter().enumerate().any(left_out) {
            return None;
        }
        let status = |j: &usize| basis.cols.get(*j).copied();
        Some(Basis {
            cols: self.kept.iter().map(status).collect::<Option<_>>()?,
            rows: basis.rows.clone(),
        })
    }

    /// A basis of this programme as one of the whole: what is left out rests at 0.
    pub fn widen(&self, basis: &Basis) -> Basis {
        let mut cols = vec![BasisStatus::Lower; self.here.len()];
        for (j, status) in self.kept.iter().zip(&basis.cols) {
            cols[*j] = *status;
        }
        Basis {
            cols,
            rows: basis.rows.clone(),
        }
    }

    /// A solution with every column of the whole programme in its place.
    pub fn whole(&self, whole: &Problem, mut solution: Solution) -> Solution {
        let mut values = vec![0.0; self.here.len()];
        for (j, value) in self.kept.iter().zip(&solution.col_values) {
            values[*j] = *value;
        }
        solution.reduced_costs = (0..self.here.len()).map(|j| reduced(whole, &solution, j)).collect();
        solution.col_values = values;
        solution
    }

    /// Whether no column that was left out would pay at the prices of a solution under a patch.
    pub fn holds(&self, whole: &Problem, patch: &Patch, solution: &Solution) -> bool {
        let to_gain = match whole.sense() {
            monazite_market::lp::Sense::Maximise => 1.0,
            monazite_market::lp::Sense::Minimise => -1.0,
        };
        let pays = |j: usize| self.here[j].is_none() && to_gain * reduced(whole, solution, j) > PAYS;
        let shut = |j: usize| {
            let own = patch.cols.iter().find(|(col, ..)| col.index() == j);
            own.map_or(whole.col_upper()[j], |(.., upper)| *upper) <= 0.0
        };
        (0..self.here.len()).all(|j| !pays(j) || shut(j))
    }
}

/// What one more unit of a column changes the objective by at the prices of a solution.
fn reduced(whole: &Problem, solution: &Solution, j: usize) -> f64 {
    let rows = whole.column(id(j));
    let paid: f64 = rows.map(|(row, value)| value * solution.row_duals[row.index()]).sum();
    whole.costs()[j] - paid
}

/// Whether a column may be left out: it can be 0, and from there only grow.
fn rests_at_zero(lower: f64, upper: f64) -> bool {
    lower == 0.0 && upper >= 0.0
}

/// Marks the columns that a solution uses, in its values or its basis; whether one is new.
pub(super) fn mark(used: &mut [bool], values: &[f64], basis: &Basis) -> bool {
    let mut new = false;
    for (j, used) in used.iter_mut().enumerate() {
        let rests = values.get(j).is_none_or(|value| *value == 0.0);
        let inside = basis.cols.get(j) == Some(&BasisStatus::Basic);
        if !*used && (!rests || inside) {
            *used = true;
            new = true;
        }
    }
    new
}

fn id(j: usize) -> ColId {
    ColId(u32::try_from(j).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use monazite_market::lp::{Sense, Solver};

    use super::*;

    /// Users want 10 t and pay 100; imports cost 20, a route that nothing has used 30.
    fn market() -> Problem {
        let mut market = Problem::new(Sense::Maximise);
        let import = market.add_col(-20.0, 0.0, 20.0);
        let route = market.add_col(-30.0, 0.0, f64::INFINITY);
        let used = market.add_col(100.0, 0.0, 10.0);
        let balance = market.add_row(0.0, f64::INFINITY);
        for (col, value) in [(import, 1.0), (route, 1.0), (used, -1.0)] {
            market.add_entry(balance, col, value);
        }
        market
    }

    fn solved(screen: &Screen, patch: &Patch) -> (Solution, Basis) {
        let mut solver = Solver::new(screen.problem.clone()).unwrap();
        solver.change_cols_bounds(&screen.cols(patch).unwrap()).unwrap();
        let solution = solver.solve_cold().unwrap();
        (solution, solver.basis().unwrap())
    }

    #[test]
    fn a_column_left_out_is_missed_when_it_would_pay() {
        let whole = market();
        let screen = Screen::new(&whole, &[], &[true, false, true]);
        assert_eq!(screen.problem.dims(), (2, 1));
        let calm = Patch::default();
        let (solution, basis) = solved(&screen, &calm);
        assert!((solution.objective - 800.0).abs() < 1e-9);
        assert!(screen.holds(&whole, &calm, &solution));
        // Without imports the price is what users pay, and the route would gain 70 a tonne.
        let banned = Patch {
            cols: vec![(ColId(0), 0.0, 0.0)],
            rows: Vec::new(),
        };
        let (starved, _) = solved(&screen, &banned);
        assert!(!screen.holds(&whole, &banned, &starved));
        // A route that is shut pays nobody.
        let shut = Patch {
            cols: vec![(ColId(0), 0.0, 0.0), (ColId(1), 0.0, 0.0)],
            rows: Vec::new(),
        };
        assert!(screen.holds(&whole, &shut, &solved(&screen, &shut).0));
        // What a later patch moves away from 0 is not left out.
        let moved = Patch {
            cols: vec![(ColId(1), 1.0, 2.0)],
            rows: Vec::new(),
        };
        assert!(screen.cols(&moved).is_none());
        // There and back again.
        let wide = screen.widen(&basis);
        assert_eq!(wide.cols[1], BasisStatus::Lower);
        assert_eq!(screen.narrow(&wide).unwrap(), basis);
        let full = screen.whole(&whole, solution);
        assert_eq!(full.col_values.len(), 3);
        assert!((full.reduced_costs[1] + 10.0).abs() < 1e-9, "{:?}", full.reduced_costs);
        let mut inside = wide;
        inside.cols[1] = BasisStatus::Basic;
        assert!(screen.narrow(&inside).is_none());
    }

    #[test]
    fn what_cannot_rest_at_zero_is_kept() {
        let mut whole = market();
        whole.add_col(1.0, 2.0, 3.0);
        let forced = Patch {
            cols: vec![(ColId(1), 1.0, 1.0)],
            rows: Vec::new(),
        };
        let screen = Screen::new(&whole, &[forced], &[true, false, true, false]);
        assert_eq!(screen.problem.dims().0, 4);
    }
}
