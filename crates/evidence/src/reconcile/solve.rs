//! The weighted least-squares problem: observations pulled together under exact mass balances.
//!
//! ```text
//! minimise  ½ Σ_i ((a_i·x − o_i) / σ_i)²   subject to   B x = 0,  x ≥ 0
//! ```
//!
//! solved as a quadratic programme by an interior-point method in variables scaled by their priors,
//! then projected once onto the balances in the same metric, so that they close to rounding.

use clarabel::algebra::CscMatrix;
use clarabel::solver::{
    DefaultSettingsBuilder, DefaultSolver, IPSolver, NonnegativeConeT, SolverStatus, SupportedConeT, ZeroConeT,
};

use super::ReconcileError;

/// A sparse linear form over the variables.
pub(super) type Form = Vec<(usize, f64)>;

/// One weighted equation `form · x ≈ value ± sigma`.
pub(super) struct Equation {
    pub form: Form,
    pub value: f64,
    pub sigma: f64,
}

/// Solves the programme; `scale` holds a typical size of each variable, in its unit.
pub(super) fn solve(scale: &[f64], equations: &[Equation], balances: &[Form]) -> Result<Vec<f64>, ReconcileError> {
    let unknowns = scale.len();
    let (quadratic, linear) = normal_form(scale, equations, unknowns);
    let (matrix, rhs, cones) = constraints(scale, balances, unknowns);
    let settings = DefaultSettingsBuilder::default()
        .verbose(false)
        .tol_gap_abs(1e-9)
        .tol_gap_rel(1e-9)
        .tol_feas(1e-10)
        .max_iter(200)
        .build()
        .map_err(|e| ReconcileError::Solver(e.to_string()))?;
    let mut solver = DefaultSolver::new(&quadratic, &linear, &matrix, &rhs, &cones, settings)
        .map_err(|e| ReconcileError::Solver(e.to_string()))?;
    solver.solve();
    match solver.solution.status {
        SolverStatus::Solved | SolverStatus::AlmostSolved => {}
        status => return Err(ReconcileError::Solver(format!("{status:?}"))),
    }
    let mut x: Vec<f64> = solver
        .solution
        .x
        .iter()
        .zip(scale)
        .map(|(z, s)| if *z < 1e-7 { 0.0 } else { z * s })
        .collect();
    close_balances(&mut x, scale, balances);
    Ok(x)
}

/// `P` (upper triangle) and `q` of the quadratic objective in scaled variables.
fn normal_form(scale: &[f64], equations: &[Equation], n: usize) -> (CscMatrix<f64>, Vec<f64>) {
    let mut q = vec![0.0; n];
    let (mut rows, mut cols, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for eq in equations {
        let weight = 1.0 / (eq.sigma * eq.sigma);
        for (k, (i, ai)) in eq.form.iter().enumerate() {
            q[*i] -= weight * eq.value * ai * scale[*i];
            for (j, aj) in &eq.form[k..] {
                let value = weight * ai * aj * scale[*i] * scale[*j];
                rows.push(*i.min(j));
                cols.push(*i.max(j));
                values.push(value);
            }
        }
    }
    // A trace of curvature everywhere keeps unobserved variables at their smallest consistent value.
    for i in 0..n {
        rows.push(i);
        cols.push(i);
        values.push(1e-6);
    }
    (CscMatrix::new_from_triplets(n, n, rows, cols, values), q)
}

fn constraints(scale: &[f64], balances: &[Form], n: usize) -> (CscMatrix<f64>, Vec<f64>, Vec<SupportedConeT<f64>>) {
    let m = balances.len();
    let (mut rows, mut cols, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (r, form) in balances.iter().enumerate() {
        let size = balance_size(scale, form);
        for (i, a) in form {
            rows.push(r);
            cols.push(*i);
            values.push(a * scale[*i] / size);
        }
    }
    for i in 0..n {
        rows.push(m + i);
        cols.push(i);
        values.push(-1.0);
    }
    let matrix = CscMatrix::new_from_triplets(m + n, n, rows, cols, values);
    (matrix, vec![0.0; m + n], vec![ZeroConeT(m), NonnegativeConeT(n)])
}

fn balance_size(scale: &[f64], form: &Form) -> f64 {
    form.iter().map(|(i, a)| (a * scale[*i]).abs()).fold(1e-9, f64::max)
}

/// Conjugate-gradient projection onto `B x = 0`, moving each variable in proportion to its own size.
fn close_balances(x: &mut [f64], scale: &[f64], balances: &[Form]) {
    let sizes: Vec<f64> = balances.iter().map(|form| balance_size(scale, form)).collect();
    let metric: Vec<f64> = x.iter().map(|v| v * v).collect();
    let apply = |lambda: &[f64]| -> Vec<f64> {
        let mut moved = vec![0.0; metric.len()];
        for ((form, size), l) in balances.iter().zip(&sizes).zip(lambda) {
            for (i, a) in form {
                moved[*i] += a / size * l * metric[*i];
            }
        }
        moved
    };
    let residual = |v: &[f64]| -> Vec<f64> {
        balances
            .iter()
            .zip(&sizes)
            .map(|(form, size)| form.iter().map(|(i, a)| a * v[*i]).sum::<f64>() / size)
            .collect()
    };
    let mut r = residual(x);
    let mut direction = r.clone();
    let mut energy: f64 = r.iter().map(|v| v * v).sum();
    for _ in 0..2_000 {
        if energy < 1e-26 {
            break;
        }
        let step_x = apply(&direction);
        let image = residual(&step_x);
        let curvature: f64 = direction.iter().zip(&image).map(|(d, i)| d * i).sum();
        if curvature <= 0.0 {
            break;
        }
        let alpha = energy / curvature;
        for (xi, s) in x.iter_mut().zip(&step_x) {
            *xi -= alpha * s;
        }
        for (ri, i) in r.iter_mut().zip(&image) {
            *ri -= alpha * i;
        }
        let next: f64 = r.iter().map(|v| v * v).sum();
        let beta = next / energy;
        energy = next;
        for (d, ri) in direction.iter_mut().zip(&r) {
            *d = ri + beta * *d;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_conflicting_values_meet_at_the_weighted_mean() {
        // x observed as 10 ± 1 and as 20 ± 2: (10/1 + 20/4) / (1 + 1/4) = 12.
        let equations = [(10.0, 1.0), (20.0, 2.0)].map(|(value, sigma)| Equation {
            form: vec![(0, 1.0)],
            value,
            sigma,
        });
        let x = solve(&[10.0], &equations, &[]).expect("solves");
        assert!((x[0] - 12.0).abs() < 1e-3, "{x:?}");
    }

    #[test]
    fn a_balance_spreads_its_gap_by_variance() {
        // supply 100 ± 1, use 130 ± 3 and supply = use: the gap of 30 closes 1 : 9.
        let equations = [
            Equation {
                form: vec![(0, 1.0)],
                value: 100.0,
                sigma: 1.0,
            },
            Equation {
                form: vec![(1, 1.0)],
                value: 130.0,
                sigma: 3.0,
            },
        ];
        let x = solve(&[100.0, 130.0], &equations, &[vec![(0, 1.0), (1, -1.0)]]).expect("solves");
        assert!((x[0] - 103.0).abs() < 1e-2, "{x:?}");
        assert!((x[0] - x[1]).abs() < 1e-9);
    }
}
