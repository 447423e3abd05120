//! Industries and GDP: from shortages of products to lost value added, on input-output tables.
//!
//! An [`Economy`] is one country's table of who buys how much from whom. [`Shortfall`]s of the end uses of rare earths
//! cut the output of the industries that cannot do without ([`loss()`]); what they no longer deliver and no longer
//! order goes through the table ([`Propagation`]).

mod economy;
mod loss;
mod mapping;
mod oecd;
mod propagate;
mod shock;
mod shortfall;
mod usa;

pub use economy::{Check, Economy, Industry};
pub use loss::{Case, CaseLoss, IndustryLoss, Loss, loss};
pub use mapping::{Mapping, Need};
pub use oecd::oecd;
pub use propagate::Propagation;
pub use shock::{Shock, read_shocks, shock_loss};
pub(crate) use shortfall::NOTICED;
pub use shortfall::{Shortfall, Shortfalls, shortfalls};
pub use usa::usa;
