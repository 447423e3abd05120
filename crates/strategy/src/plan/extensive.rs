//! Everything in one programme: every market of every path beside the choices. For small cases, and as a check.

use monazite_market::lp::{ColId, LpError, MipOptions, Problem, RowId, Sense, solve_mip};

use super::decompose::{Best, Effort};
use super::error::PlanError;
use super::instance::Instance;
use super::master::{merged, rules};
use super::oracle::Oracle;

/// Solves a programme in its extensive form.
///
/// # Errors
/// When the rules allow no choice, or the solver ends without any answer.
pub fn extensive(instance: &Instance, effort: &Effort) -> Result<Best, PlanError> {
    let mut problem = Problem::new(Sense::Minimise);
    let col = |at: usize| ColId(u32::try_from(at).unwrap_or(u32::MAX));
    let choices: Vec<ColId> = (instance.choices.iter())
        .map(|choice| problem.add_col(instance.thrift * choice.cost, 0.0, 1.0))
        .collect();
    rules(instance, &mut problem);
    let weights = instance.weights();
    let (cols, rows) = instance.recourse.dims();
    // Loss of a cell: constant + Σ coefficient × column.
    let mut losses: Vec<Loss> = Vec::new();
    let mut offset = 0.0;
    for (cell, weight) in instance.cells.iter().zip(&weights) {
        let patch = instance
            .patches
            .get(cell.patch)
            .ok_or(PlanError::Internal("a cell without a patch"))?;
        let first = problem.dims().0;
        let mut terms = Vec::new();
        for j in 0..cols {
            let cost = -cell.scale * instance.recourse.costs()[j];
            let patched = patch.cols.iter().find(|(patched, ..)| *patched == col(j));
            let usual = (instance.recourse.col_lower()[j], instance.recourse.col_upper()[j]);
            let (lower, upper) = patched.map_or(usual, |(_, lower, upper)| (*lower, *upper));
            problem.add_col(weight * cost, lower, upper);
            terms.push((first + j, cost));
        }
        let mut entries: Vec<Vec<(ColId, f64)>> = vec![Vec::new(); rows];
        for j in 0..cols {
            for (row, value) in instance.recourse.column(col(j)) {
                entries[row.index()].push((col(first + j), value));
            }
        }
        for (choice, amount) in &cell.reach {
            let row = instance.capacity[instance.choices[*choice].measure];
            entries[row.index()].push((choices[*choice], -amount));
        }
        for (r, entries) in entries.into_iter().enumerate() {
            let id = RowId(u32::try_from(r).unwrap_or(u32::MAX));
            let patched = patch.rows.iter().find(|(row, ..)| *row == id);
            let (lower, upper) = if instance.capacity.contains(&id) {
                (f64::NEG_INFINITY, 0.0)
            } else {
                patched.map_or(
                    (instance.recourse.row_lower()[r], instance.recourse.row_upper()[r]),
                    |(_, l, u)| (*l, *u),
                )
            };
            problem.add_row_of(lower, upper, &entries);
        }
        let constant = cell.scale * (cell.undisturbed - instance.recourse.offset());
        offset += weight * constant;
        losses.push((constant, terms));
    }
    tail(instance, &mut problem, &losses);
    problem.set_offset(offset);
    let options = MipOptions {
        relative_gap: effort.gap,
        seconds: effort.time.as_secs_f64(),
        start: Vec::new(),
    };
    let answer = match solve_mip(&problem, &choices, &options) {
        Err(LpError::Infeasible) => {
            return Err(PlanError::Asked {
                what: "no choice of measures keeps budget and rules".to_owned(),
                hint: "raise the budget, or look at what the measures require".to_owned(),
            });
        }
        other => other?,
    };
    let x: Vec<f64> = answer.col_values[..choices.len()].iter().map(|x| x.round()).collect();
    let mut oracle = Oracle::new();
    let cells = oracle.losses(instance, &x)?;
    let objective = instance.objective(&cells, &x);
    let mut best = Best {
        objective,
        bound: answer.bound,
        x,
        cells,
        rounds: Vec::new(),
        proven: false,
    };
    best.proven = best.gap() <= effort.gap.max(1e-6);
    Ok(best)
}

/// Loss of a cell: a constant, and columns with coefficients.
type Loss = (f64, Vec<(usize, f64)>);

/// `CVaR` after Rockafellar and Uryasev, on the losses of the paths.
fn tail(instance: &Instance, problem: &mut Problem, losses: &[Loss]) {
    let aversion = instance.aversion;
    if aversion.weight <= 0.0 {
        return;
    }
    let eta = problem.add_col(aversion.weight, f64::NEG_INFINITY, f64::INFINITY);
    for path in &instance.paths {
        let price = aversion.weight * path.probability / (1.0 - aversion.level).max(1e-9);
        let beyond = problem.add_col(price, 0.0, f64::INFINITY);
        let mut constant = 0.0;
        let mut terms = Vec::new();
        for (cell, discount) in &path.cells {
            constant += discount * losses[*cell].0;
            terms.extend(losses[*cell].1.iter().map(|(at, c)| (*at, -discount * c)));
        }
        let mut entries = merged(terms.into_iter());
        entries.push((beyond, 1.0));
        entries.push((eta, 1.0));
        problem.add_row_of(constant, f64::INFINITY, &entries);
    }
}
