//! Plans: which measures to take, and when, so that disruptions cost least.
//!
//! A two-stage stochastic programme. First come the choices, a measure begun in a year, within a budget. Then comes one
//! of many paths of disruptions; in each year of a path the market of [`monazite_market`] clears with what was built.
//!
//! ```text
//! minimise    Σ p[s] L[s](x)  +  λ · CVaR_α( L(x) )  +  ε · cost(x)
//! subject to  cost(x) ≤ budget,  prerequisites,  one start per measure,  x ∈ {0, 1}
//!
//! L[s](x) = Σ over years t of  d[t] · ( V⁰[t] − V[s,t]( capacity of x that stands in t ) )
//! ```
//!
//! `V` is the welfare of the market in a year: a linear programme, so concave in the capacity that a plan adds; every
//! solve gives a plane above it from the rents of that capacity. [`decompose`] collects such planes (Benders, also
//! called L-shaped) until bound and best plan meet; [`extensive`] writes all years of all paths into one programme, for
//! small cases and as a check.
//!
//! The programme itself ([`Instance`]) knows nothing of rare earths; [`world`] makes one from evidence.

mod decompose;
mod ensemble;
mod error;
mod extensive;
mod frontier;
mod instance;
mod master;
mod oracle;
mod report;
mod stress;
mod tail;
mod value;
pub mod world;

pub use decompose::{Best, Effort, Round, decompose};
pub use ensemble::{Draws, Ensemble, Future, draw};
pub use error::PlanError;
pub use extensive::extensive;
pub use frontier::{Point, frontier};
pub use instance::{Aversion, Cell, Choice, Instance, Patch, Path, Rule};
pub use oracle::{Oracle, Seen};
pub use report::{Exposure, Planned, Report, Risk, YearOf, report};
pub use stress::{Move, Stressed, chosen, stress};
pub use tail::{cvar, mean};
pub use value::{Values, values};
