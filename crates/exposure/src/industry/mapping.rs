//! Which industries need the products of which end use.

use monazite_evidence::Dataset;

use super::economy::Economy;
use crate::Range;

/// An industry's need of an end use's products.
#[derive(Clone, Debug, PartialEq)]
pub struct Need {
    /// End use, or the name of an input given by the user.
    pub input: String,
    /// Position of the industry in the economy.
    pub industry: usize,
    /// Part of its output that cannot be made without.
    pub share: Range,
}

/// All needs in one economy.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The needs.
    pub needs: Vec<Need>,
    /// Industries named in the evidence that the economy lacks, as `code (end use)`.
    pub missing: Vec<String>,
}

impl Mapping {
    /// The needs that the dataset has for the economy's tables.
    #[must_use]
    pub fn of(dataset: &Dataset, economy: &Economy) -> Self {
        let mut mapping = Self::default();
        for row in dataset.industry_uses.iter().filter(|row| row.tables == economy.tables) {
            match economy.position(&row.industry) {
                Some(industry) => mapping.needs.push(Need {
                    input: row.end_use.to_string(),
                    industry,
                    share: Range::new(row.low.0, row.share.0, row.high.0),
                }),
                None => mapping.missing.push(format!("{} ({})", row.industry, row.end_use)),
            }
        }
        mapping
    }

    /// Whether any industry needs an input.
    #[must_use]
    pub fn has(&self, input: &str) -> bool {
        self.needs.iter().any(|need| need.input == input)
    }
}
