//! How strongly an event is felt in each quarter.

use super::event::{Allowed, Event, EventKind};
use super::quarter::{Quarter, days_between};

impl Event {
    /// The word that stands for "no source, the author's own assumption" among the evidence.
    pub const ASSUMPTION: &'static str = "assumption";

    /// Whether any of it rests on an assumption instead of evidence.
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        self.evidence.iter().any(|id| id == Self::ASSUMPTION)
    }

    /// Share of a quarter's days on which the event is in force.
    #[must_use]
    pub fn covered(&self, quarter: Quarter) -> f64 {
        quarter.share_covered(self.from, self.until)
    }

    /// Share of the base flow that a ban, licence or content rule leaves open in a quarter, days before and
    /// after it included; 1 for other kinds.
    #[must_use]
    pub fn open_share(&self, quarter: Quarter) -> f64 {
        let covered = self.covered(quarter);
        match &self.kind {
            EventKind::Ban(_) => 1.0 - covered,
            EventKind::Licence {
                approved_share,
                processing_delay_days,
                ..
            }
            | EventKind::ContentRule {
                approved_share,
                processing_delay_days,
                ..
            } => {
                let granted = self.covered_after(quarter, *processing_delay_days);
                1.0 - covered + granted * approved_share.at(quarter)
            }
            _ => 1.0,
        }
    }

    /// Share of a quarter that is in force and at least so many days after the start.
    fn covered_after(&self, quarter: Quarter, days: u32) -> f64 {
        use jiff::ToSpan;
        match self.from.checked_add(i64::from(days).days()) {
            Ok(later) => quarter.share_covered(later, self.until),
            Err(_) => 0.0,
        }
    }

    /// Ad valorem rate of a tariff or export tax averaged over a quarter; 0 for other kinds.
    #[must_use]
    pub fn rate(&self, quarter: Quarter) -> f64 {
        match self.kind {
            EventKind::Tariff { rate, .. } | EventKind::ExportTax { rate, .. } => rate * self.covered(quarter),
            _ => 0.0,
        }
    }

    /// Tonnes that a quota allows on the days of a quarter that it covers; none for other kinds, for quarters
    /// outside it, and for quarters that no batch was announced for.
    #[must_use]
    pub fn quota_tonnes(&self, quarter: Quarter) -> Option<f64> {
        let covered = self.covered(quarter);
        if covered <= 0.0 {
            return None;
        }
        match &self.kind {
            EventKind::Quota { allowed, .. } => match allowed {
                Allowed::PerYear(tonnes) => Some(tonnes / 4.0 * covered),
                Allowed::Batches(batches) => {
                    let batch = batches.iter().find(|b| b.from <= quarter && quarter <= b.until)?;
                    let days = days_between(batch.from.first_day(), batch.until.last_day()).max(1);
                    Some(batch.tonnes * f64::from(quarter.days()) / f64::from(days) * covered)
                }
            },
            _ => None,
        }
    }

    /// Share of capacity that an outage leaves in a quarter; 1 for other kinds.
    #[must_use]
    pub fn available_share(&self, quarter: Quarter) -> f64 {
        match &self.kind {
            EventKind::Outage { available_share, .. } => {
                1.0 - self.covered(quarter) * (1.0 - available_share.at(quarter))
            }
            _ => 1.0,
        }
    }

    /// Multiple of demand in a quarter; 1 for other kinds.
    #[must_use]
    pub fn demand_factor(&self, quarter: Quarter) -> f64 {
        match &self.kind {
            EventKind::Demand { factor, .. } => 1.0 + self.covered(quarter) * (factor.at(quarter) - 1.0),
            _ => 1.0,
        }
    }

    /// Tonnes that new capacity adds in a quarter; 0 for other kinds.
    #[must_use]
    pub fn extra_tonnes(&self, quarter: Quarter) -> f64 {
        match self.kind {
            EventKind::Capacity {
                extra_tonnes_per_year,
                ramp_quarters,
                slip,
                ..
            } => {
                let slip = i32::try_from(slip.central).unwrap_or(0);
                let age = quarter.since(Quarter::of(self.from)) - slip;
                if age < 0 {
                    return 0.0;
                }
                let ramp = f64::from(ramp_quarters.max(1));
                // A project that slips starts as far into a quarter as it was meant to.
                let covered = if age == 0 && slip > 0 {
                    self.covered(quarter - slip)
                } else {
                    self.covered(quarter)
                };
                extra_tonnes_per_year / 4.0 * ((f64::from(age) + 1.0) / ramp).min(1.0) * covered
            }
            _ => 0.0,
        }
    }

    /// Tonnes that a stock release brings in a quarter; 0 for other kinds. Without a last day the
    /// release ends with the quarter in which it begins.
    #[must_use]
    pub fn released_tonnes(&self, quarter: Quarter) -> f64 {
        match self.kind {
            EventKind::StockRelease { tonnes, .. } => self.spread_evenly(tonnes, quarter),
            _ => 0.0,
        }
    }

    /// Most that a state buys for its stock, or that a seller has promised, in a quarter; 0 for other kinds.
    #[must_use]
    pub fn committed_tonnes(&self, quarter: Quarter) -> f64 {
        match self.kind {
            EventKind::StockPurchase { tonnes, .. } => self.spread_evenly(tonnes, quarter),
            EventKind::Offtake { tonnes_per_year, .. } => tonnes_per_year / 4.0 * self.covered(quarter),
            _ => 0.0,
        }
    }

    /// Quarters by which plants to come are late once the event is in force; 0 for other kinds.
    #[must_use]
    pub fn delay_quarters(&self) -> u32 {
        match self.kind {
            EventKind::Delay { quarters, .. } => quarters,
            _ => 0,
        }
    }

    /// A tonnage spread over the event's days, or to the end of the quarter where no end is given.
    fn spread_evenly(&self, tonnes: f64, quarter: Quarter) -> f64 {
        let until = self.until.unwrap_or(Quarter::of(self.from).last_day());
        let days = days_between(self.from, until).max(1);
        let covered = quarter.days_covered(self.from, Some(until));
        tonnes * f64::from(covered) / f64::from(days)
    }
}
