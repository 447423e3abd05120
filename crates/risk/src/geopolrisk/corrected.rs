//! The default mode: what geopolrisk-py means to compute, without its defects.
//!
//! Score = concentration of the stage that makes what is traded, times the part of an economy's supply that comes from
//! unstable partners. Supply is imports from outside the economy plus domestic output that is not exported. What is
//! missing is missing with its reason; nothing is a zero that is not one.

mod answer;
mod cell;

use std::collections::HashMap;

use monazite_evidence::table::MaterialStage;
use monazite_evidence::{MaterialId, PlaceId};
use rayon::prelude::*;

pub use answer::Answer;
use cell::Cell;

use super::makers::{Concentration, Makers, of_material, of_rare_earths};
use super::outliers::Flows;
use super::stability::Stability;
use super::target::{Target, share_stage};
use crate::columns::Tables;
use crate::context::Context;
use crate::question::Importer;
use crate::score::Missing;

/// The material to which factors refer.
pub const REFERENCE: &str = "Copper";

/// How to score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Say what each exporter and input gives to a score.
    pub explain: bool,
    /// Count flows that are flagged as outliers.
    pub keep_outliers: bool,
    /// Which stage's concentration counts.
    pub concentration: Concentration,
}

/// Everything that scores are computed from.
#[derive(Debug)]
pub struct Model<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) tables: &'a Tables,
    pub(super) flows: Flows,
    pub(super) stability: Stability,
    pub(super) options: Options,
}

impl<'a> Model<'a> {
    /// Over the evidence and the tables of the user.
    #[must_use]
    pub fn new(context: &'a Context<'a>, tables: &'a Tables, options: Options) -> Self {
        Self {
            flows: Flows::new(&tables.trade),
            stability: Stability::new(&tables.governance, context.dataset, &tables.codes),
            context,
            tables,
            options,
        }
    }

    /// How many flows of the table are flagged as outliers.
    #[must_use]
    pub fn outliers(&self) -> usize {
        self.flows.outliers()
    }

    /// Every place as an importer, in the order of BACI's codes.
    #[must_use]
    pub fn places(&self, years: &[u16]) -> Vec<Importer> {
        let economies = self.tables.codes.economies().iter().filter(|economy| !economy.former);
        let importers = economies.map(|economy| Importer {
            id: economy.place.to_string(),
            name: economy.name.clone(),
            members: years.iter().map(|year| (*year, vec![economy.place.clone()])).collect(),
        });
        importers.collect()
    }

    /// Scores targets, importers and years: in this order, years within importers, none left out.
    #[must_use]
    pub fn answers(&self, targets: &[Target], importers: &[Importer], years: &[u16]) -> Vec<Answer> {
        let cells: Vec<(&Target, u16)> = targets
            .iter()
            .flat_map(|target| years.iter().map(move |year| (target, *year)))
            .collect();
        let by_cell: Vec<Vec<Answer>> = cells
            .par_iter()
            .map(|(target, year)| {
                let makers = self.makers(target, *year);
                let cell = Cell::new(self, target, *year);
                importers
                    .iter()
                    .map(|importer| self.answer(&cell, makers.as_ref(), importer))
                    .collect()
            })
            .collect();
        // From years within targets to years within importers.
        let mut by_cell: Vec<std::vec::IntoIter<Answer>> = by_cell.into_iter().map(Vec::into_iter).collect();
        let mut out = Vec::new();
        for of_target in by_cell.chunks_mut(years.len().max(1)) {
            for _ in importers {
                out.extend(of_target.iter_mut().filter_map(Iterator::next));
            }
        }
        out
    }

    /// Instability of a place in a year, where there is an estimate.
    #[must_use]
    pub fn instability(&self, place: &str, year: u16) -> Option<f64> {
        let code = self.tables.codes.code(&PlaceId::from(place))?;
        self.stability.of(code, year).map(|(instability, _)| instability)
    }

    /// The name of a place.
    #[must_use]
    pub fn place_name(&self, place: &str) -> String {
        self.context.place_name(place)
    }

    /// Who makes what is traded.
    fn makers(&self, target: &Target, year: u16) -> Result<Makers, Missing> {
        if let Some(subject) = &target.rare_earths {
            let stage = share_stage(target.stage).ok_or_else(|| Missing(format!("no stage {}", target.stage)))?;
            return of_rare_earths(self.context, subject, stage, year);
        }
        let dataset = self.context.dataset;
        let row = dataset.materials.iter().find(|row| row.material == target.material);
        let row = row.ok_or_else(|| Missing(format!("{} is not in the table of materials", target.name)))?;
        let production = self.tables.production.as_ref();
        of_material(
            self.context,
            production,
            row,
            target.stage,
            year,
            self.options.concentration,
        )
    }

    /// The midpoint of the reference in each year, USD/kg: its score times its price, mean over all importers weighted
    /// by what they import.
    #[must_use]
    pub fn reference(&self, years: &[u16]) -> HashMap<u16, Result<f64, Missing>> {
        let copper = MaterialId::from(REFERENCE);
        let target = super::target::of_material(self.context.dataset, &copper);
        let answers = self.answers(std::slice::from_ref(&target), &self.places(years), years);
        let mut sums: HashMap<u16, (f64, f64)> = years.iter().map(|year| (*year, (0.0, 0.0))).collect();
        let mut why: HashMap<u16, Missing> = HashMap::new();
        for answer in &answers {
            let year = answer.score.year;
            match (answer.midpoint, answer.imports) {
                (Some(midpoint), Some(imports)) => {
                    let (sum, weight) = sums.entry(year).or_default();
                    *sum += midpoint * imports;
                    *weight += imports;
                }
                _ => {
                    if let Err(missing) = &answer.score.value {
                        why.entry(year).or_insert_with(|| missing.clone());
                    }
                }
            }
        }
        sums.into_iter()
            .map(|(year, (sum, weight))| {
                let mean = sum / weight;
                let reason = why
                    .remove(&year)
                    .map_or_else(|| "it has no score".to_owned(), |missing| missing.0);
                let known = (weight > 0.0 && mean > 0.0).then_some(mean);
                (
                    year,
                    known.ok_or_else(|| Missing(format!("no reference: {REFERENCE}: {reason}"))),
                )
            })
            .collect()
    }

    /// BACI codes of places, former ones among them.
    pub(super) fn codes_of(&self, members: &[PlaceId]) -> Vec<u16> {
        let codes = &self.tables.codes;
        let mut out: Vec<u16> = members.iter().filter_map(|place| codes.code(place)).collect();
        let former = codes.economies().iter().filter(|economy| economy.former);
        out.extend(
            former
                .filter(|economy| members.contains(&economy.place))
                .map(|economy| economy.code),
        );
        out
    }
}

/// The stage as scores write it.
pub(super) const fn stage_word(stage: MaterialStage) -> &'static str {
    stage.as_str()
}
