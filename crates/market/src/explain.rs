//! Why a price is what it is: the constraint that sets it, the arithmetic, and what relaxing it is worth.
//!
//! Explanations are read off the tables of a run, so that a stored result explains itself.

mod error;
mod price;
mod recipes;
mod shortage;
mod source;

pub use error::ExplainError;
pub use price::{PriceExplanation, price};
pub use recipes::{RecipeRow, recipes};
pub use shortage::{ShortageExplanation, shortage};
pub use source::Tables;
