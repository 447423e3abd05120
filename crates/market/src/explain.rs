//! Why a price is what it is: the constraint that sets it, the arithmetic, and what relaxing it is worth.
//!
//! Explanations are read off the tables of a run, so that a stored result explains itself:
//!
//! * what arrives, with the price at its origin, freight and margin, duty and licence rent, which add
//!   up to the price here; what is made here, with the cost of what it is made from;
//! * which licences, quotas and plants bind, and what one more tonne through them would be worth;
//! * who is cut back, here or at the end of the chain that needs the product;
//! * what stands behind the price: the source that nothing caps, and the input that drives its cost.

mod ask;
mod binding;
mod error;
mod numbers;
mod price;
mod recipes;
mod sentences;
mod shortage;
mod source;
mod state;
mod supply;
mod tables;
mod use_side;
mod walk;

pub use binding::{Binding, Limit};
pub use error::ExplainError;
pub use price::{PriceExplanation, StateHand, price};
pub use recipes::{RecipeRow, recipes};
pub use shortage::{EndUseShortage, QuarterShort, ShortageExplanation, ThroughProduct, shortage};
pub use source::Tables;
pub use supply::{Arrival, Input, Made, Supply};
pub use use_side::{Cut, Demand, Sink, SinkKind, Stock};
pub use walk::{Down, Relation, Up};
