//! GeoPolRisk: concentration of production times what part of an economy's supply comes from unstable partners.
//!
//! Two modes. [`compat`] gives the numbers of geopolrisk-py 2.0.1, defects included, so that published results can be
//! reproduced. The default mode ([`corrected`]) mends them: it answers every question or says why it cannot.

use crate::columns::{Paths, Tables, Wanted};
use crate::context::Context;
use crate::error::RiskError;
use crate::question::Question;
use crate::score::Score;

pub mod compat;
mod compat_table;
pub mod corrected;
pub mod makers;
pub mod outliers;
pub mod stability;
pub mod target;

/// Headings that targets are traded under, with those of the reference.
#[must_use]
pub fn headings(context: &Context<'_>, targets: &[target::Target]) -> Vec<u32> {
    let copper = target::of_material(context.dataset, &corrected::REFERENCE.into());
    let all = targets.iter().chain([&copper]).flat_map(|target| &target.headings);
    all.map(|traded| traded.heading).collect()
}

/// The corrected scores that a question asks for, from the bundled evidence alone.
///
/// # Errors
/// When a material is not known.
pub fn scores(context: &Context<'_>, question: &Question) -> Result<Vec<Score>, RiskError> {
    let targets = target::targets(context.dataset, &question.subjects, &question.stages)?;
    let wanted = Wanted::new(&question.years, headings(context, &targets));
    let tables = Tables::read(context.dataset, &Paths::default(), &wanted)?;
    let options = corrected::Options {
        // What each of two hundred importers is made of would fill the memory.
        explain: !question.importers.is_empty(),
        ..corrected::Options::default()
    };
    let model = corrected::Model::new(context, &tables, options);
    let everybody = model.places(&question.years);
    let importers = if question.importers.is_empty() {
        &everybody
    } else {
        &question.importers
    };
    let answers = model.answers(&targets, importers, &question.years);
    Ok(answers.into_iter().map(|answer| answer.score).collect())
}

pub use compat_table::{NUMBERS, write_parquet};
