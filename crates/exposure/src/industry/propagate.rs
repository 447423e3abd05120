//! How a loss of output goes through the table.
//!
//! Forward, to customers: an industry that lacks a domestic input loses output in proportion to that input's share of
//! its cost, less the part it can replace (`substitution`: other suppliers, imports, stocks). With `a` the domestic
//! input coefficients and `d` the direct losses as shares of output, the losses `f` solve
//! `f = d + (1 - substitution) aᵀ f`. This is the supply-driven (Ghosh) table in relative form. It is factored once.
//!
//! Backward, to suppliers: lost output `f x` orders less. Each industry loses what it cannot make or what nobody
//! orders any more, whichever is more: `b = max(f x, a b)`. With one industry at zero output this is its hypothetical
//! extraction from the table.

use nalgebra::{DMatrix, Dyn, LU};

use super::economy::Economy;

/// Iteration stops when nothing moves by more than this share of the largest loss.
const SETTLED: f64 = 1e-7;
/// Rounds of orders before stopping; each shrinks what is left by about half.
const ROUNDS: usize = 200;

/// A table ready to carry losses.
pub struct Propagation {
    coefficients: DMatrix<f64>,
    output: Vec<f64>,
    /// Factored forward systems by the substitution they hold for.
    forward: Vec<(f64, LU<f64, Dyn, Dyn>)>,
}

impl Propagation {
    /// Factors the table for the given parts of substitution.
    #[must_use]
    pub fn new(economy: &Economy, substitutions: &[f64]) -> Self {
        let coefficients = economy.coefficients();
        let n = economy.output.len();
        let forward = substitutions
            .iter()
            .map(|s| {
                let system = DMatrix::identity(n, n) - coefficients.transpose() * (1.0 - s);
                (*s, system.lu())
            })
            .collect();
        Self {
            coefficients,
            output: economy.output.clone(),
            forward,
        }
    }

    /// Losses with customers' and suppliers' losses added, as shares of output; a column per quarter.
    ///
    /// `direct` holds direct losses, shares of output. `substitution` must be one the table was factored for; direct
    /// losses come back unchanged otherwise.
    #[must_use]
    pub fn losses(&self, direct: &DMatrix<f64>, substitution: f64) -> DMatrix<f64> {
        let factored = self.forward.iter().find(|(s, _)| (s - substitution).abs() < 1e-12);
        let Some(forward) = factored.and_then(|(_, lu)| lu.solve(direct)) else {
            return direct.clone();
        };
        self.backward(&forward.map(|share| share.clamp(0.0, 1.0)))
    }

    /// Adds suppliers' losses.
    #[must_use]
    pub fn backward(&self, forward: &DMatrix<f64>) -> DMatrix<f64> {
        let mut floor = forward.clone();
        for (mut row, output) in floor.row_iter_mut().zip(&self.output) {
            row *= *output;
        }
        let largest = floor.max();
        let mut lost = floor.clone();
        if largest <= 0.0 {
            return lost;
        }
        for _ in 0..ROUNDS {
            let orders = &self.coefficients * &lost;
            let next = orders.zip_map(&floor, f64::max);
            let moved = (&next - &lost).amax();
            lost = next;
            if moved <= SETTLED * largest {
                break;
            }
        }
        for (mut row, output) in lost.row_iter_mut().zip(&self.output) {
            row /= *output;
        }
        lost.map(|share| share.min(1.0))
    }
}
