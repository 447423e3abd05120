//! Parameters of behaviour between quarters, from the dataset.

use monazite_evidence::Dataset;

use crate::MarketError;
use crate::calibrate::behaviour;

/// How the market behaves between quarters; each from a row of `behaviour.csv`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behaviour {
    /// Weight of the latest price in the expected price, per quarter.
    pub expectation_weight: f64,
    /// Weight of the latest trend of prices in the expected price: 0 none, 1 as much again next quarter.
    pub extrapolation: f64,
    /// Weight of the outside price in what holders inside a restricting exporter expect.
    pub outside_weight: f64,
    /// Price change, in logs, that alters neither expectations nor habits.
    pub noticed: f64,
    /// Part of the gap to long-run demand closed in a quarter.
    pub demand_adjustment: f64,
    /// Most that substitution can remove of demand in a year.
    pub substitution_cap_per_year: f64,
    /// Share of volume at contract prices.
    pub contract_share: f64,
    /// Quarters by which contract prices follow spot, between one and two.
    pub contract_lag: f64,
    /// Cover against panic.
    pub hoarding: Hoarding,
    /// Mark-up of a restricting exporter on its exports where it supplies everything, as a share of its price at home.
    pub conduct: f64,
    /// Premium of quotes outside a restricting exporter when none of its goods arrive.
    pub thin_market_premium: f64,
    /// Spread of grain-boundary diffusion.
    pub diffusion: Diffusion,
    /// Growth of plants outside a restricting exporter.
    pub growth: Growth,
    /// Tonnes that leave besides a quota, as a share of it: none unless set, since a scenario may speak of them itself.
    pub quota_leakage: f64,
}

/// Stocks bought ahead because prices rise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hoarding {
    /// Most that target cover rises, days.
    pub most_days: f64,
    /// The same inside a restricting exporter, as a multiple.
    pub inside_multiple: f64,
    /// Rise of the price over half a year below which nobody hoards, log.
    pub start: f64,
    /// Rise at which all of the cover is sought, log.
    pub full: f64,
    /// Part of the cover given back each quarter.
    pub decay: f64,
}

/// How fast diffusion replaces alloyed dysprosium and terbium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diffusion {
    /// Quarters from decision to production.
    pub lead_quarters: f64,
    /// Most of the part it can serve that moves in a year.
    pub per_year: f64,
}

/// How plants that stand are restarted or enlarged when they earn rents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Growth {
    /// Rent above that of the base quarter, as a share of the value of what is made, at which it starts.
    pub trigger: f64,
    /// Quarters a rent must last.
    pub patience: f64,
    /// Quarters from decision to production.
    pub lead_quarters: f64,
    /// Most that is added in a year, as a share of the world's level of the stage.
    pub cap_per_year: f64,
}

impl Behaviour {
    /// Central values of the dataset.
    ///
    /// # Errors
    /// When a parameter is missing.
    pub fn from_dataset(dataset: &Dataset) -> Result<Self, MarketError> {
        let of = |parameter| behaviour(dataset, parameter);
        let serves = of("diffusion_share_max")?.max(0.01);
        Ok(Self {
            expectation_weight: of("expectation_adaptive_weight")?,
            extrapolation: of("expectation_extrapolation")?,
            outside_weight: of("expectation_outside_weight")?,
            noticed: of("noticed_price_change_log")?,
            demand_adjustment: of("demand_adjustment_lambda")?,
            substitution_cap_per_year: of("substitution_cap_per_year")?,
            contract_share: of("contract_share")?,
            contract_lag: of("contract_lag_quarters")?,
            hoarding: Hoarding {
                most_days: of("hoarding_max_cover_shift_days")?,
                inside_multiple: of("hoarding_china_multiple")?,
                start: of("hoarding_start_rise_log")?,
                full: of("hoarding_full_rise_log")?,
                decay: of("hoarding_decay_per_quarter")?,
            },
            conduct: of("conduct_markup_china")?,
            thin_market_premium: of("thin_market_premium")?,
            diffusion: Diffusion {
                lead_quarters: 4.0 * of("diffusion_switch_years")?,
                per_year: of("diffusion_adoption_per_year")? / serves,
            },
            growth: Growth {
                trigger: of("expansion_trigger_rent_share")?,
                patience: of("expansion_patience_quarters")?,
                lead_quarters: of("lead_time_restart_quarters")?,
                cap_per_year: of("supply_ramp_cap_row_per_year")?,
            },
            quota_leakage: 0.0,
        })
    }

    /// The same market without what people do about rising prices: no panic cover, no trend-following, no mark-up,
    /// no premium, no growth. What a price owes to these is the difference.
    #[must_use]
    pub fn calm(mut self) -> Self {
        self.extrapolation = 0.0;
        self.outside_weight = 0.0;
        self.hoarding.most_days = 0.0;
        self.conduct = 0.0;
        self.thin_market_premium = 0.0;
        self.diffusion.per_year = 0.0;
        self.growth.cap_per_year = 0.0;
        self
    }
}
