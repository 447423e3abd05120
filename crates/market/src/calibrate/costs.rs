//! Cost priors by stage and place, and behaviour parameters, from the tables.

use monazite_evidence::table::StageCost;
use monazite_evidence::{Area, CostStage, Dataset};

use crate::MarketError;

/// Central cost of a stage in a place, in the stage's unit: the row for the place, else the rest of the world, else the world.
///
/// # Errors
/// When no row covers the place.
pub fn stage_cost(dataset: &Dataset, stage: CostStage, place: &str) -> Result<f64, MarketError> {
    let rank = |row: &StageCost| match &row.place {
        Area::Place(p) if p.as_str() == place => Some(2),
        Area::Rest if place != "CHN" => Some(1),
        Area::World => Some(0),
        _ => None,
    };
    // Rows of one project or of capital cost carry a longer item; generic operating cost is plain `opex`.
    dataset
        .stage_costs
        .iter()
        .filter(|row| row.stage == stage && row.item.as_deref() == Some("opex"))
        .filter_map(|row| rank(row).map(|r| (r, row)))
        .max_by_key(|(r, _)| *r)
        .map(|(_, row)| row.central)
        .ok_or_else(|| MarketError::MissingEvidence(format!("a cost of stage `{}` in {place}", stage.as_str())))
}

/// A parameter of behaviour.
///
/// # Errors
/// When the table lacks it.
pub fn behaviour(dataset: &Dataset, parameter: &str) -> Result<f64, MarketError> {
    dataset
        .behaviour(parameter)
        .map(|b| b.value)
        .map_err(|e| MarketError::MissingEvidence(e.to_string()))
}
