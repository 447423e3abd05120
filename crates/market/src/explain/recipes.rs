//! What plants take in and give out, as a table: the links along which a price travels.

use serde::Serialize;

use crate::chain::Chain;

/// One input or output of what can be done in a place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecipeRow {
    /// Place id.
    pub place: String,
    /// Activity word, such as `make_magnet`.
    pub activity: String,
    /// Item worked on: feed, element or grade.
    pub item: String,
    /// The facility, for mines.
    pub facility: Option<String>,
    /// Stage whose capacity it draws on; `None` where it needs none.
    pub stage: Option<String>,
    /// Capacity drawn per unit of level.
    pub capacity_per_level: f64,
    /// Product taken in or given out.
    pub product: String,
    /// Given out per unit of level; negative for what is taken in.
    pub amount: f64,
}

/// The recipes of a chain, for [`crate::store::Inputs`] and [`super::Tables`].
#[must_use]
pub fn recipes(chain: &Chain) -> Vec<RecipeRow> {
    let mut rows = Vec::new();
    for process in &chain.processes {
        let (stage, capacity_per_level) = process.capacity.map_or((None, 0.0), |(c, per_level)| {
            (chain.capacities.get(c.index()).map(|c| c.word().to_owned()), per_level)
        });
        let inputs = process.inputs.iter().map(|(node, amount)| (*node, -amount));
        for (node, amount) in inputs.chain(process.outputs.iter().copied()) {
            rows.push(RecipeRow {
                place: chain.place_id(process.place).to_owned(),
                activity: process.activity.word().to_owned(),
                item: process.activity.item(&chain.catalogue),
                facility: process.facility.as_ref().map(ToString::to_string),
                stage: stage.clone(),
                capacity_per_level,
                product: chain.product_name(node),
                amount,
            });
        }
    }
    rows
}
