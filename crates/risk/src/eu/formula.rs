//! The formulas of the European Union's criticality method (guidelines of 2017).

use monazite_evidence::table::SupplyUsed;

/// A value with the lowest and the highest that its printed digits allow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// The value as stated.
    pub value: f64,
    /// The lowest that rounds to it.
    pub low: f64,
    /// The highest that rounds to it.
    pub high: f64,
}

impl Band {
    /// A value that is not rounded.
    #[must_use]
    pub const fn exact(value: f64) -> Self {
        Self {
            value,
            low: value,
            high: value,
        }
    }

    /// A value rounded to `unit`, within limits that it cannot leave.
    #[must_use]
    pub fn rounded(value: f64, unit: f64, least: f64, most: f64) -> Self {
        Self {
            value,
            low: (value - unit / 2.0).max(least).min(value),
            high: (value + unit / 2.0).min(most).max(value),
        }
    }

    /// The same in other limits; a net exporter has an import reliance of 0.
    #[must_use]
    pub const fn within(self, least: f64, most: f64) -> Self {
        Self {
            value: self.value.clamp(least, most),
            low: self.low.clamp(least, most),
            high: self.high.clamp(least, most),
        }
    }
}

/// Governance on the scale of the method: 0 is good, 10 is bad; from the mean of the six estimates of the World Bank.
#[must_use]
pub fn governance(mean_of_six: f64) -> f64 {
    10.0 * (2.5 - mean_of_six) / 5.0
}

/// What a country adds to the weighted concentration of supply.
#[must_use]
pub fn weighted(share: f64, governance: f64, trade_parameter: f64) -> f64 {
    share * share * governance * trade_parameter
}

/// Weights of global supply and of the Union's sourcing, given the import reliance.
#[must_use]
pub fn weights(used: SupplyUsed, import_reliance: f64) -> (f64, f64) {
    match used {
        SupplyUsed::Global => (1.0, 0.0),
        SupplyUsed::Union => (0.0, 1.0),
        SupplyUsed::Both => (import_reliance / 2.0, 1.0 - import_reliance / 2.0),
    }
}

/// What a supply risk is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SupplyRisk {
    /// Weighted concentration of global supply; 0 where it is not used.
    pub hhi_global: Band,
    /// Weighted concentration of the Union's sourcing; 0 where it is not used.
    pub hhi_union: Band,
    /// Import reliance in [0, 1].
    pub import_reliance: Band,
    /// Recycled part of input in [0, 1].
    pub eol_rir: Band,
    /// Substitution index in [0, 1].
    pub substitution: Band,
}

impl SupplyRisk {
    /// Before recycling and substitution.
    #[must_use]
    pub fn core(&self, used: SupplyUsed) -> Band {
        let at = |global: f64, union: f64, reliance: f64| {
            let (of_global, of_union) = weights(used, reliance);
            global * of_global + union * of_union
        };
        let ends = [self.import_reliance.low, self.import_reliance.high];
        let fold = |global: f64, union: f64, pick: fn(f64, f64) -> f64| {
            pick(at(global, union, ends[0]), at(global, union, ends[1]))
        };
        Band {
            value: at(self.hhi_global.value, self.hhi_union.value, self.import_reliance.value),
            low: fold(self.hhi_global.low, self.hhi_union.low, f64::min),
            high: fold(self.hhi_global.high, self.hhi_union.high, f64::max),
        }
    }

    /// What recycling and substitution leave of it.
    #[must_use]
    pub fn left(&self) -> Band {
        Band {
            value: (1.0 - self.eol_rir.value) * self.substitution.value,
            low: (1.0 - self.eol_rir.high) * self.substitution.low,
            high: (1.0 - self.eol_rir.low) * self.substitution.high,
        }
    }

    /// The supply risk.
    #[must_use]
    pub fn score(&self, used: SupplyUsed) -> Band {
        let (core, left) = (self.core(used), self.left());
        Band {
            value: core.value * left.value,
            low: core.low * left.low,
            high: core.high * left.high,
        }
    }
}

/// What one use adds to economic importance before substitution.
#[must_use]
pub fn importance(share: f64, value_added: f64, largest: f64) -> f64 {
    10.0 * share * value_added / largest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn governance_runs_from_ten_to_zero() {
        assert!((governance(-2.5) - 10.0).abs() < 1e-12);
        assert!(governance(2.5).abs() < 1e-12);
        assert!((governance(0.0) - 5.0).abs() < 1e-12);
    }

    #[test]
    fn without_imports_only_the_unions_own_supply_counts() {
        assert_eq!(weights(SupplyUsed::Both, 0.0), (0.0, 1.0));
        assert_eq!(weights(SupplyUsed::Both, 1.0), (0.5, 0.5));
    }

    #[test]
    fn a_band_holds_its_value() {
        let band = Band::rounded(0.98, 0.1, 0.0, 1.0);
        assert!((band.low - 0.93).abs() < 1e-12 && (band.high - 1.0).abs() < 1e-12);
        assert!(Band::rounded(-0.2, 0.01, -9.0, 1.0).within(0.0, 1.0).value.abs() < 1e-12);
    }
}
