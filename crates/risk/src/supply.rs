//! Who makes how much of what: the quantities behind shares, concentration and the loss of a supplier.

pub mod companies;
pub mod countries;
pub mod mix;
mod other;

use monazite_evidence::{Confidence, ShareStage, SourceId};

use crate::context::Context;
use crate::question::{By, Subject};
use crate::score::Missing;

/// What one holder makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Code of the place, or the company.
    pub who: String,
    /// Name for people.
    pub name: String,
    /// Best estimate, in the unit of the supply.
    pub quantity: f64,
    /// Lowest quantity that a source states.
    pub low: f64,
    /// Highest quantity that a source states.
    pub high: f64,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// A share that somebody has published, beside the one computed here.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// Code of the place.
    pub who: String,
    /// Fraction of the world.
    pub share: f64,
    /// What it counts, in the words of the table.
    pub of: String,
    /// Whether it counts just what is asked, and not several elements together.
    pub exact: bool,
    /// Where it comes from.
    pub sources: Vec<SourceId>,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// Who makes what of a material at a stage in a year.
#[derive(Clone, Debug, PartialEq)]
pub struct Supply {
    /// The stage.
    pub stage: ShareStage,
    /// The year.
    pub year: u16,
    /// Holders, largest first; none has a quantity of zero.
    pub parts: Vec<Part>,
    /// Quantity whose holder is not known, in the same unit.
    pub unknown: f64,
    /// Whether what is unknown may belong to a holder that is listed.
    pub unknown_may_be_listed: bool,
    /// Unit of the quantities.
    pub unit: &'static str,
    /// What the quantities are: `mine production times composition`.
    pub basis: String,
    /// What a reader should know.
    pub remarks: Vec<String>,
    /// Published shares of the same thing.
    pub published: Vec<Published>,
}

impl Supply {
    /// All of it, known holders and unknown.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.parts.iter().map(|part| part.quantity).sum::<f64>() + self.unknown
    }

    /// The share of one holder.
    #[must_use]
    pub fn share(&self, part: &Part) -> f64 {
        part.quantity / self.total()
    }

    /// The lowest and highest share of one holder: its own range against the others at their best estimates.
    #[must_use]
    pub fn share_range(&self, part: &Part) -> (f64, f64) {
        let others = self.total() - part.quantity;
        let of = |quantity: f64| {
            let total = quantity + others;
            if total > 0.0 { quantity / total } else { 0.0 }
        };
        let mut high = of(part.high);
        if self.unknown_may_be_listed && self.total() > 0.0 {
            high = high.max((part.quantity + self.unknown) / self.total());
        }
        (of(part.low), high)
    }

    /// Sorts the holders, leaves out those of nothing, and checks that there is something.
    pub(crate) fn sorted(mut self, what: &str) -> Result<Self, Missing> {
        self.parts.retain(|part| part.quantity > 0.0);
        self.parts
            .sort_by(|a, b| b.quantity.total_cmp(&a.quantity).then_with(|| a.who.cmp(&b.who)));
        if self.parts.is_empty() {
            return Err(Missing(format!("the evidence names nobody who makes {what}")));
        }
        Ok(self)
    }
}

/// Who makes what, by country or by company.
///
/// # Errors
/// [`Missing`] where the evidence does not say, with the reason.
pub fn supply(
    context: &Context<'_>,
    subject: &Subject,
    stage: ShareStage,
    year: u16,
    by: By,
) -> Result<Supply, Missing> {
    match by {
        By::Country => countries::supply(context, subject, stage, year),
        By::Company => companies::supply(context, subject, stage, year),
    }
}
