//! What states pay and buy in a market, in sentences.

use super::numbers::{amount, money};
use super::price::PriceExplanation;

/// A sentence for each floor, purchase and promise at work here. Duties are among the costs of what arrives.
pub(super) fn lines(e: &PriceExplanation) -> Vec<String> {
    e.state
        .iter()
        .filter_map(|hand| {
            let (event, quantity) = (&hand.event, amount(hand.quantity));
            Some(match hand.what.as_str() {
                "top_up" => format!(
                    "Makers here get {} USD/kg, {} of it from the state under the floor `{event}`: {} for {quantity} {}.",
                    amount(e.spot_usd_per_kg.max(0.0) + hand.usd_per_kg),
                    amount(hand.usd_per_kg),
                    money(-hand.treasury_kusd),
                    e.unit
                ),
                "purchase" => format!(
                    "A state buys {quantity} {} for its stock under `{event}`, for {}.",
                    e.unit,
                    money(-hand.treasury_kusd)
                ),
                "promise" => format!("{quantity} {} arrive under the promise `{event}`.", e.unit),
                _ => return None,
            })
        })
        .collect()
}
