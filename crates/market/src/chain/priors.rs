//! Shapes of curves that no evidence settles: rows of `behaviour.csv`, read once per chain.

use monazite_evidence::Dataset;

use crate::MarketError;
use crate::calibrate::behaviour;

/// Priors on the shapes of supply, route and demand curves.
#[derive(Clone, Copy, Debug)]
pub(super) struct Priors {
    /// Half-width of the band within which plants keep their level, as a share of the main product's price.
    pub plant_band: f64,
    /// Per cent change of a shipment per per cent of the delivered price.
    pub route_response: f64,
    /// What an unused route must earn beyond freight, as a share of the price.
    pub entry_premium: f64,
    /// Rise of the price at which a mine that did not run full brings more, as a share of it.
    pub mine_rise: f64,
    /// Part of essential use that stays to the ceiling.
    pub essential_to_ceiling: f64,
    /// Common factor on short-run elasticities.
    pub elasticity_spread: f64,
    /// Common factor on price ceilings.
    pub ceiling_spread: f64,
}

impl Priors {
    pub fn from_dataset(dataset: &Dataset) -> Result<Self, MarketError> {
        let of = |parameter| behaviour(dataset, parameter);
        Ok(Self {
            plant_band: of("plant_response_band")?,
            route_response: of("route_price_response")?,
            entry_premium: of("route_entry_premium")?,
            mine_rise: of("mine_inertia_rise_share")?,
            essential_to_ceiling: of("essential_to_ceiling_share")?,
            elasticity_spread: of("demand_elasticity_spread")?,
            ceiling_spread: of("ceiling_spread")?,
        })
    }
}
