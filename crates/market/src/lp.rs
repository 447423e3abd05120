//! Linear programmes: a small builder and a warm-started solver.
//!
//! A quarter of the market is one linear programme. The matrix is built once as a [`Problem`];
//! a [`Solver`] holds it loaded, and a scenario only changes bounds, costs and right-hand sides.
//!
//! Two simplex methods stand behind a [`Solver`]: `HiGHS`, the reference, and one of our own for columns that are steps of
//! curves ([`Method`]), which quarters and plans use.
//!
//! # Signs, in one place
//!
//! The market *maximises* welfare. Every row carries a dual, the change of the objective when the
//! row's bounds move up by one unit ([`Solution::row_duals`]). Two readings of it are used, and
//! both are zero or positive for the row they are meant for:
//!
//! | row written as | reading | meaning |
//! |---|---|---|
//! | `supply - use >= 0` (balance) | [`Solution::price`] | what one more unit arriving here is worth: the price |
//! | `in solution - finished - left = 0` (joint production) | [`Solution::price`] | value of one more unit in solution; negative when it must be disposed of |
//! | `use <= capacity`, `flow <= quota` | [`Solution::rent`] | what one more unit of capacity or licence is worth: the rent |
//!
//! `price == -rent` on any row. Both are stated as a *gain*, so they keep their meaning when a
//! problem minimises cost instead of maximising welfare; `row_duals` and `reduced_costs` are plain
//! derivatives of the objective and change sign with it.
//!
//! # Same inputs, same bytes
//!
//! An optimum may have many dual solutions, and which one a simplex solver reports depends on the
//! path it took. So [`Solver::solve_from`] always forgets the previous solve and starts from a
//! given [`Basis`]: the answer is then a function of the problem and that basis only, whatever
//! was solved before, on whichever thread. Where an optimum is degenerate, publish the
//! [`price_interval`] and not only the single number.

mod error;
mod highs;
mod interval;
mod kkt;
mod mip;
mod problem;
mod solution;
mod solver;
mod stepwise;

pub use error::LpError;
pub use interval::{IntervalOptions, PriceInterval, price_interval, price_intervals};
pub use kkt::{Residuals, residuals};
pub use mip::{MipOptions, MipSolution, solve_mip};
pub use problem::{ColId, Problem, RowId, Sense};
pub use solution::{Basis, BasisStatus, Solution};
pub use solver::{Method, Options, Presolve, Solver};
