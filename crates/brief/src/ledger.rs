//! The ledger of deals: filters, and sums of the money.
//!
//! A sum adds only amounts in dollars that the evidence gives. A deal without an amount is counted, not taken for zero;
//! amounts in other currencies are listed apart, because exchange rates are not in the evidence; superseded deals and
//! letters of intent are left out of what is committed.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use monazite_evidence::Dataset;
use monazite_evidence::table::Deal;

use crate::text::fold;

/// Which deals are wanted; what is not set does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Part of a party's name.
    pub party: Option<String>,
    /// Part of the instrument, such as `loan`.
    pub instrument: Option<String>,
    /// A stage.
    pub stage: Option<String>,
    /// Country code of where it takes effect.
    pub place: Option<String>,
    /// Part of the status.
    pub status: Option<String>,
    /// The year it was made.
    pub year: Option<i16>,
    /// At least so many million USD.
    pub at_least_musd: Option<f64>,
    /// At most so many million USD.
    pub at_most_musd: Option<f64>,
}

impl Filter {
    /// Whether a deal is wanted. One without an amount is not, where an amount is asked for.
    #[must_use]
    pub fn fits(&self, deal: &Deal) -> bool {
        let has = |wanted: &Option<String>, words: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| fold(&words.replace('_', " ")).contains(&fold(&wanted.replace('_', " "))))
        };
        let amount = deal.amount_musd.map(|amount| amount.0);
        let names = parties(deal);
        (has(&self.party, &deal.parties.join("; ")) || has(&self.party, &names.join("; ")))
            && has(&self.instrument, deal.instrument.as_deref().unwrap_or_default())
            && self.stage.as_ref().is_none_or(|stage| {
                deal.stage
                    .as_deref()
                    .unwrap_or_default()
                    .split(';')
                    .any(|own| own == stage)
            })
            && self
                .place
                .as_ref()
                .is_none_or(|place| deal.place.as_ref().is_some_and(|own| own == place.as_str()))
            && has(&self.status, deal.status.as_deref().unwrap_or_default())
            && self.year.is_none_or(|year| deal.date.year() == year)
            && self
                .at_least_musd
                .is_none_or(|least| amount.is_some_and(|amount| amount >= least))
            && self
                .at_most_musd
                .is_none_or(|most| amount.is_some_and(|amount| amount <= most))
    }
}

impl Filter {
    /// Deals of a party.
    #[must_use]
    pub fn of_party(party: &str) -> Self {
        Self {
            party: Some(party.to_owned()),
            ..Self::default()
        }
    }
}

/// One name for a party that the ledger writes in several ways: `US DoD (OSC)`, `US DoW` are the US Department of Defense.
#[must_use]
pub fn party_name(written: &str) -> String {
    static NAMES: OnceLock<HashMap<String, String>> = OnceLock::new();
    let names = NAMES.get_or_init(crate::entity::lexicon::names);
    let bare = written.split(" (").next().unwrap_or(written).trim();
    let bare = bare.strip_suffix(" OSC").unwrap_or(bare);
    let without = bare.strip_prefix("US ").unwrap_or(bare);
    let known = names.get(&fold(bare)).or_else(|| names.get(&fold(without)));
    known.cloned().unwrap_or_else(|| bare.to_owned())
}

/// The parties of a deal by one name each; `US + Australia`, `JPMorgan / Goldman Sachs` are two.
#[must_use]
pub fn parties(deal: &Deal) -> Vec<String> {
    let each = deal.parties.iter().flat_map(|party| party.split(" / "));
    let mut names: Vec<String> = each
        .flat_map(|party| party.split(" + "))
        .map(party_name)
        .filter(|party| !party.is_empty())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The deals that are wanted, newest first.
#[must_use]
pub fn deals<'d>(dataset: &'d Dataset, filter: &Filter) -> Vec<&'d Deal> {
    let mut found: Vec<&Deal> = dataset.deals.iter().filter(|deal| filter.fits(deal)).collect();
    found.sort_by(|a, b| b.date.first_day().cmp(&a.date.first_day()).then(a.deal.cmp(&b.deal)));
    found
}

/// How firm the money of a deal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Firmness {
    /// Signed, closed, awarded, in force.
    Committed,
    /// Announced, conditional, in progress.
    Announced,
    /// A letter of intent or interest, a memorandum, a bill.
    Intended,
    /// Superseded, stalled or withdrawn: not money any more.
    Gone,
}

impl Firmness {
    /// The word in tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Announced => "announced",
            Self::Intended => "intended",
            Self::Gone => "gone",
        }
    }
}

/// How firm a deal is, by its status and instrument.
#[must_use]
pub fn firmness(deal: &Deal) -> Firmness {
    let status = deal.status.as_deref().unwrap_or_default().to_lowercase();
    let instrument = deal.instrument.as_deref().unwrap_or_default().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| status.contains(word));
    if has(&["superseded", "stalled", "withdrawn", "cancelled", "terminated"]) {
        Firmness::Gone
    } else if has(&["loi", "mou", "introduced", "intent"]) || matches!(instrument.as_str(), "loi" | "mou" | "bill") {
        Firmness::Intended
    } else if has(&[
        "closed",
        "signed",
        "executed",
        "awarded",
        "in_force",
        "issued",
        "commissioned",
        "binding",
        "recorded",
        "approved",
        "committed",
    ]) {
        Firmness::Committed
    } else {
        Firmness::Announced
    }
}

/// Sums of one party in one year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sum {
    /// Deals.
    pub deals: usize,
    /// Deals without an amount in dollars; they add nothing to the sums, and are not zero.
    pub without_amount: usize,
    /// Signed, closed or awarded, million USD.
    pub committed_musd: f64,
    /// Announced or conditional, million USD.
    pub announced_musd: f64,
    /// Letters of intent and the like, million USD.
    pub intended_musd: f64,
    /// Whether any of it rests on confidence C.
    pub unverified: bool,
}

impl Sum {
    fn add(&mut self, deal: &Deal) {
        let firmness = firmness(deal);
        self.deals += 1;
        let Some(amount) = deal.amount_musd.map(|amount| amount.0) else {
            self.without_amount += 1;
            return;
        };
        self.unverified |= deal.provenance.confidence.as_str() == "C";
        match firmness {
            Firmness::Committed => self.committed_musd += amount,
            Firmness::Announced => self.announced_musd += amount,
            Firmness::Intended => self.intended_musd += amount,
            Firmness::Gone => {}
        }
    }
}

/// The money by party and year. A deal with several parties is counted once for each of them, so that columns of
/// parties must not be added up; [`total`] counts each deal once.
#[must_use]
pub fn by_party_and_year(deals: &[&Deal]) -> BTreeMap<(String, i16), Sum> {
    let mut sums: BTreeMap<(String, i16), Sum> = BTreeMap::new();
    for deal in deals {
        for party in parties(deal) {
            sums.entry((party, deal.date.year())).or_default().add(deal);
        }
    }
    sums
}

/// The money by year, each deal once.
#[must_use]
pub fn by_year(deals: &[&Deal]) -> BTreeMap<i16, Sum> {
    let mut sums: BTreeMap<i16, Sum> = BTreeMap::new();
    for deal in deals {
        sums.entry(deal.date.year()).or_default().add(deal);
    }
    sums
}

/// All of it, each deal once.
#[must_use]
pub fn total(deals: &[&Deal]) -> Sum {
    let mut sum = Sum::default();
    for deal in deals {
        sum.add(deal);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset() -> Dataset {
        Dataset::bundled().unwrap()
    }

    #[test]
    fn empty_is_not_zero_and_several_parties_count_once_in_the_total() {
        let dataset = dataset();
        let all = deals(&dataset, &Filter::default());
        let sum = total(&all);
        let without = dataset.deals.iter().filter(|deal| deal.amount_musd.is_none()).count();
        assert_eq!((sum.deals, sum.without_amount), (dataset.deals.len(), without));
        let in_years: f64 = by_year(&all).values().map(|sum| sum.committed_musd).sum();
        assert!((in_years - sum.committed_musd).abs() < 1e-6);
        let by_party: f64 = by_party_and_year(&all).values().map(|sum| sum.committed_musd).sum();
        assert!(by_party > sum.committed_musd, "parties are counted each");
    }

    #[test]
    fn one_party_has_one_name() {
        for written in ["US DoD", "US DoD (OSC)", "US DoW", "US DoD OSC"] {
            assert_eq!(party_name(written), "US Department of Defense", "{written}");
        }
        assert_eq!(party_name("JARE (Sojitz/JOGMEC)"), "JARE");
        assert_eq!(party_name("Vulcan Elements"), "Vulcan Elements");
        let pair = dataset();
        let pair = pair
            .deals
            .iter()
            .find(|deal| deal.parties.iter().any(|party| party.contains(" / ")));
        assert!(pair.is_some_and(|deal| parties(deal).iter().all(|party| !party.contains('/'))));
        let dataset = dataset();
        let all = deals(&dataset, &Filter::default());
        let sums = by_party_and_year(&all);
        assert!(
            !sums.keys().any(|(party, _)| party.starts_with("US Do")),
            "{:?}",
            sums.keys()
        );
    }

    #[test]
    fn filters_take_parts_of_words() {
        let dataset = dataset();
        let filter = Filter {
            party: Some("mp materials".to_owned()),
            instrument: Some("loan".to_owned()),
            year: Some(2025),
            at_least_musd: Some(100.0),
            ..Filter::default()
        };
        let found = deals(&dataset, &filter);
        assert!(!found.is_empty());
        assert!(
            found
                .iter()
                .all(|deal| deal.amount_musd.is_some_and(|amount| amount.0 >= 100.0))
        );
        let letters = Filter {
            status: Some("LOI".to_owned()),
            ..Filter::default()
        };
        assert!(
            deals(&dataset, &letters)
                .iter()
                .all(|deal| firmness(deal) == Firmness::Intended)
        );
    }
}
