//! Where an explanation is read from.

use crate::result::RunResult;
use crate::store::StoredRun;

use super::RecipeRow;

/// The tables of a run. Made from a [`StoredRun`], from a [`RunResult`] with recipes, or from a
/// [`RunResult`] alone: then a price is not followed to what a product is made from or into.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    /// The run.
    pub run: &'a RunResult,
    /// What plants take in and give out; may be empty.
    pub recipes: &'a [RecipeRow],
    /// The scenario file, for the kinds of events; may be empty.
    pub scenario: &'a str,
}

impl<'a> From<&'a RunResult> for Tables<'a> {
    fn from(run: &'a RunResult) -> Self {
        Self {
            run,
            recipes: &[],
            scenario: "",
        }
    }
}

impl<'a> From<&'a StoredRun> for Tables<'a> {
    fn from(stored: &'a StoredRun) -> Self {
        Self {
            run: &stored.result,
            recipes: &stored.recipes,
            scenario: &stored.scenario,
        }
    }
}
