//! What a company bought: the row that its own table gives, whatever layout it had.

use crate::ids::PlaceId;
use crate::units::{ThousandUsd, Tonnes};

/// One purchase of a company: a material, where it came from, how much of it in one year, and at what value.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Purchase {
    /// The material as the company writes it; the method that scores it finds out which it is.
    pub material: String,
    /// The country it came from.
    pub origin: PlaceId,
    /// Calendar year.
    pub year: u16,
    /// How much, in tonnes of product.
    pub quantity_t: Tonnes,
    /// What was paid, in thousand dollars; none when not stated.
    pub value_kusd: Option<ThousandUsd>,
    /// The company's remark; may be empty.
    pub note: String,
}
