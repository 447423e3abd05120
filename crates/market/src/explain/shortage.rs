//! Who is short of a product in a place, since when and why.

use serde::Serialize;

use super::{ExplainError, Tables};

/// A shortage explained. [`ShortageExplanation::to_text`] puts it in sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShortageExplanation {
    /// Product name.
    pub product: String,
}

impl ShortageExplanation {
    /// The explanation in lines of plain English.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.product.clone()
    }
}

/// Explains the shortage of a product (`Dy` means `oxide:Dy`) in a place over the whole run.
///
/// # Errors
/// When the run knows no such product or place; the error suggests the nearest.
pub fn shortage<'a>(
    run: impl Into<Tables<'a>>,
    product: &str,
    place: &str,
) -> Result<ShortageExplanation, ExplainError> {
    let _ = (run.into(), place);
    Ok(ShortageExplanation { product: product.to_owned() })
}
