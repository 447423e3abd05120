//! Why something could not be explained.

/// A question that the run cannot answer. [`ExplainError::hint`] says what to ask instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// The product is not in the run.
    #[error("there is no product `{wanted}` in this result")]
    Product {
        /// What was asked for.
        wanted: String,
        /// Products most like it.
        near: Vec<String>,
    },
    /// The place is not in the run.
    #[error("there is no place `{wanted}` in this result")]
    Place {
        /// What was asked for.
        wanted: String,
        /// Places most like it.
        near: Vec<String>,
    },
    /// The quarter is not in the run.
    #[error("there is no quarter `{wanted}` in this result")]
    Quarter {
        /// What was asked for.
        wanted: String,
        /// The quarters that there are.
        near: Vec<String>,
    },
    /// The product is nowhere near the place.
    #[error("`{product}` has no market in {place} in this result")]
    NoMarket {
        /// The product.
        product: String,
        /// The place.
        place: String,
        /// Places where it has one.
        near: Vec<String>,
    },
}

impl ExplainError {
    /// What to ask instead.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Product { near, .. } if near.is_empty() => {
                "a product is a kind and an item, such as `oxide:Dy`, `metal:Nd` or `magnet:uh`; `Dy` alone means `oxide:Dy`".to_owned()
            }
            Self::Product { near, .. } | Self::Place { near, .. } if !near.is_empty() => {
                format!("did you mean {}?", or(near))
            }
            Self::Place { .. } => "places have the ids of this result's view, such as `JPN` or `USA`".to_owned(),
            Self::Quarter { near, .. } => match (near.first(), near.last()) {
                (Some(first), Some(last)) if near.len() > 1 => format!("it has {first} to {last}, and `base`"),
                (Some(only), _) => format!("it has {only}, and `base`"),
                _ => "it has only `base`".to_owned(),
            },
            Self::Product { near, .. } | Self::NoMarket { near, .. } => format!("it has one in {}", or(near)),
        }
    }
}

fn or(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|w| format!("`{w}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
